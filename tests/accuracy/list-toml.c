/* list-toml FILE: every value of a TOML file with its path, for comparison with other readers. */
#include <stdio.h>

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

#include "../../src/package/toml.h"

static void print_value(void *user, const struct imp_toml_event *event)
{
	(void)user;
	if (!event->is_value)
		return;
	for (size_t i = 0; i < event->path_count; i++)
		printf("%.*s\t", (int)event->path[i].len, event->path[i].data);
	for (size_t i = 0; i < event->value.len; i++)
		printf("%02x", (unsigned char)event->value.data[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	size_t n;

	if (!file)
		return 2;
	while ((n = fread(imp_strbuf_reserve(&text, 65536), 1, 65536, file)) > 0)
		text.len += n;
	fclose(file);
	if (imp_toml_read(imp_strbuf_slice(&text), print_value, NULL, &err) == 0)
		return 0;
	fprintf(stderr, "list-toml: %s\n", err.message);
	return 1;
}
