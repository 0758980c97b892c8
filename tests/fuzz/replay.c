/*
 * A main for fuzz targets without a fuzzer.
 *
 *	fuzz-NAME             the seeds of the build, and MUTATIONS inputs made of them
 *	fuzz-NAME PATH...     these files, and the files of these folders, as they are
 *
 * Every input stands in a heap block of exactly its size, so that a sanitizer sees one byte
 * too far. Mutations are the same in every run. An input that ends the program or takes too
 * long is kept in the working directory.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

enum { INPUT_TIMEOUT_S = 20, MAX_INPUT_BYTES = 64 << 20 };

static struct imp_strbuf *seeds;
static size_t seed_count, seed_capacity;
/* What the target was given last. */
static uint8_t *current;
static size_t current_len;

static void keep_current(void)
{
	static const char name[] = "fuzz-crash";
	static const char told[] = "replay: the input is kept in fuzz-crash\n";
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, current, current_len) != (ssize_t)current_len ||
	    write(STDERR_FILENO, told, sizeof(told) - 1) < 0)
		return;
	close(fd);
}

static void die(int number)
{
	keep_current();
	signal(number, SIG_DFL);
	raise(number);
}

static void run_one(const struct imp_strbuf *input)
{
	/* Of an empty input not even the first byte may be read. */
	uint8_t *block = imp_xmalloc(input->len ? input->len : 1);

	current = input->len ? block : block + 1;
	current_len = input->len;
	if (input->len)
		memcpy(block, input->data, input->len);
	alarm(INPUT_TIMEOUT_S);
	LLVMFuzzerTestOneInput(current, current_len);
	alarm(0);
	free(block);
}

static void add_file(const char *path)
{
	struct imp_strbuf text = {0};
	FILE *file = fopen(path, "rbe");
	char block[16 << 10];
	size_t n;

	if (!file) {
		perror(path);
		exit(2);
	}
	while ((n = fread(block, 1, sizeof(block), file)) > 0 &&
	       text.len < MAX_INPUT_BYTES)
		imp_strbuf_add(&text, block, n);
	fclose(file);
	seeds = imp_xgrow(seeds, &seed_capacity, seed_count + 1, sizeof(*seeds));
	seeds[seed_count++] = text;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The files of a folder, by name: mutations must not depend on the file system. */
static void add_path(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, alphasort);

	if (count < 0) {
		add_file(path);
		return;
	}
	for (int i = 0; i < count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		imp_strbuf_printf(&name, "%s/%s", path, entries[i]->d_name);
		add_file(name.data);
		free(entries[i]);
	}
	free(entries);
}

static uint64_t random_state = 0x9e3779b97f4a7c15;

static size_t below(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return limit ? (size_t)(random_state >> 11) % limit : 0;
}

static void flip_bytes(struct imp_strbuf *input)
{
	for (size_t n = 1 + below(6); n && input->len; n--)
		input->data[below(input->len)] = (char)below(256);
}

static void put_edge_value(struct imp_strbuf *input)
{
	static const char edges[][9] = {
		"\0\0\0\0\0\0\0",
		"\xff\xff\xff\xff\xff\xff\xff\xff",
		"\x7f\xff\xff\xff\xff\xff\xff\xff",
		"\xff\xff\xff\x7f",
		"77777777",
		"-1",
		"1e400",
		"..",
	};
	const char *edge = edges[below(sizeof(edges) / sizeof(*edges))];
	size_t len = 1 + below(8);

	if (input->len < len)
		return;
	memcpy(input->data + below(input->len - len + 1), edge, len);
}

static void cut_end(struct imp_strbuf *input)
{
	imp_strbuf_truncate(input, below(input->len + 1));
}

static void drop_range(struct imp_strbuf *input)
{
	size_t from = below(input->len + 1), len = below(input->len - from + 1);

	if (!len)
		return;
	memmove(input->data + from, input->data + from + len, input->len - from - len);
	imp_strbuf_truncate(input, input->len - len);
}

static void repeat_range(struct imp_strbuf *input)
{
	size_t from = below(input->len + 1), len = below(input->len - from + 1);
	imp_auto(imp_strbuf_finish) struct imp_strbuf copy = {0};

	if (!len)
		return;
	imp_strbuf_add(&copy, input->data + from, input->len - from);
	imp_strbuf_truncate(input, from + len);
	imp_strbuf_add(input, copy.data, copy.len);
}

/* Our beginning, the end of another seed. */
static void join_seeds(struct imp_strbuf *input)
{
	const struct imp_strbuf *other = &seeds[below(seed_count)];
	size_t from = below(other->len + 1);

	cut_end(input);
	imp_strbuf_add_slice(input, imp_slice_skip(imp_strbuf_slice(other), from));
}

static void run_mutation(void)
{
	static void (*const mutations[])(struct imp_strbuf *) = {
		flip_bytes, flip_bytes, put_edge_value, cut_end,
		drop_range, join_seeds, repeat_range,
	};
	imp_auto(imp_strbuf_finish) struct imp_strbuf input = {0};

	imp_strbuf_add_slice(&input, imp_strbuf_slice(&seeds[below(seed_count)]));
	for (size_t n = 1 + below(3); n; n--)
		mutations[below(sizeof(mutations) / sizeof(*mutations))](&input);
	run_one(&input);
}

int main(int argc, char **argv)
{
	size_t mutations = argc > 1 ? 0 : FUZZ_MUTATIONS;

	signal(SIGABRT, die);
	signal(SIGALRM, die);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_current);
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	if (argc == 1)
		add_path(FUZZ_SEEDS);
	for (int i = 1; i < argc; i++)
		add_path(argv[i]);
	if (!seed_count) {
		fprintf(stderr, "replay: no input\n");
		return 2;
	}
	for (size_t i = 0; i < seed_count; i++)
		run_one(&seeds[i]);
	for (size_t i = 0; i < mutations; i++)
		run_mutation();
	printf("%zu inputs, %zu mutations\n", seed_count, mutations);
	for (size_t i = 0; i < seed_count; i++)
		imp_strbuf_finish(&seeds[i]);
	free(seeds);
	return 0;
}
