#include "case.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_CASES = 400 };

static struct CMUnitTest cases[MAX_CASES];
static size_t count;

void imp_case_register(const char *name, imp_case *run)
{
	if (count == MAX_CASES)
		abort();
	cases[count++] = (struct CMUnitTest){.name = name, .test_func = run};
}

static const struct CMUnitTest *find(const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(cases[i].name, name) == 0)
			return &cases[i];
	return NULL;
}

int main(int argc, char **argv)
{
#ifdef NDEBUG
	fprintf(stderr, "tests are built with NDEBUG: assertions are off\n");
	return 1;
#endif
	if (argc > 1 && strcmp(argv[1], "--list") == 0) {
		for (size_t i = 0; i < count; i++)
			printf("%s\n", cases[i].name);
		return 0;
	}
	if (argc == 1)
		return _cmocka_run_group_tests("all", cases, count, NULL, NULL);

	struct CMUnitTest chosen[MAX_CASES];
	size_t n = 0;
	for (int i = 1; i < argc && n < MAX_CASES; i++) {
		const struct CMUnitTest *found = find(argv[i]);
		if (!found) {
			fprintf(stderr, "no case %s\n", argv[i]);
			return 2;
		}
		chosen[n++] = *found;
	}
	return _cmocka_run_group_tests("chosen", chosen, n, NULL, NULL);
}
