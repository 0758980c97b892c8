#include "stack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/layer.h"
#include "imgprof/stream.h"

#include "tar_writer.h"

/* One line, cut into words. */
struct line {
	struct imp_slice text;
	struct imp_slice rest;
};

_Noreturn static void misuse(const struct line *line, const char *what)
{
	fprintf(stderr, "stack: %s: %.*s\n", what, (int)line->text.len, line->text.data);
	abort();
}

static struct imp_slice next_word(struct line *line)
{
	struct imp_slice word;

	do
		word = imp_slice_cut(&line->rest, ' ');
	while (word.len == 0 && line->rest.len > 0);
	return word;
}

static unsigned hex_digit(const struct line *line, char digit)
{
	const char *digits = "0123456789abcdef";
	const char *at = digit ? strchr(digits, digit) : NULL;

	if (!at)
		misuse(line, "expected two lower-case hex digits");
	return (unsigned)(at - digits);
}

/* TEXT without its escapes. */
static void add_unescaped(struct imp_strbuf *out, const struct line *line,
			  struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '\\' && text.len - i >= 2) {
			c = text.data[++i];
			if (c == 's') {
				c = ' ';
			} else if (c == 'n') {
				c = '\n';
			} else if (c == 't') {
				c = '\t';
			} else if (c == 'x' && text.len - i >= 3) {
				c = (char)(hex_digit(line, text.data[i + 1]) * 16 +
					   hex_digit(line, text.data[i + 2]));
				i += 2;
			}
		}
		imp_strbuf_add_char(out, c);
	}
}

/* The next word without its escapes; freed by the caller. */
static char *next_name(struct line *line)
{
	struct imp_slice word = next_word(line);
	struct imp_strbuf name = {0};

	if (word.len == 0)
		misuse(line, "expected a name");
	add_unescaped(&name, line, word);
	return imp_strbuf_steal(&name);
}

static uint64_t parse_number(const struct line *line, struct imp_slice text, int base)
{
	char digits[32];
	char *end;

	if (text.len == 0 || text.len >= sizeof(digits))
		misuse(line, "expected a number");
	memcpy(digits, text.data, text.len);
	digits[text.len] = '\0';
	uint64_t value = strtoull(digits, &end, base);
	if (*end)
		misuse(line, "expected a number");
	return value;
}

/* SIZE bytes that follow from SEED: a linear congruence, so that no two seeds look alike. */
static void fill(struct imp_strbuf *data, uint64_t size, uint64_t seed)
{
	uint64_t state = seed;

	for (uint64_t i = 0; i < size; i++) {
		state = state * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407);
		imp_strbuf_add_char(data, (char)(state >> 56));
	}
}

static void add_xattr(struct imp_strbuf *tar, struct line *line, struct imp_slice value)
{
	struct imp_slice name = imp_slice_cut(&value, '=');
	char key[64];

	if (name.len > 40)
		misuse(line, "attribute name too long");
	snprintf(key, sizeof(key), "SCHILY.xattr.%.*s", (int)name.len, name.data);
	tar_pax(tar, 'x', &(struct tar_record){key, value}, 1);
}

/* The words that are left: KEY=VALUE. */
static void parse_options(struct imp_strbuf *tar, struct line *line,
			  struct tar_entry *entry, uint64_t *seed)
{
	while (line->rest.len > 0) {
		struct imp_slice value = next_word(line);
		if (value.len == 0)
			break;
		struct imp_slice key = imp_slice_cut(&value, '=');
		if (imp_slice_is(key, "seed") && seed)
			*seed = parse_number(line, value, 10);
		else if (imp_slice_is(key, "mode"))
			entry->mode = (unsigned)parse_number(line, value, 8);
		else if (imp_slice_is(key, "uid"))
			entry->uid = parse_number(line, value, 10);
		else if (imp_slice_is(key, "gid"))
			entry->gid = parse_number(line, value, 10);
		else if (imp_slice_is(key, "mtime"))
			entry->mtime_s = (int64_t)parse_number(line, value, 10);
		else if (imp_slice_is(key, "xattr"))
			add_xattr(tar, line, value);
		else
			misuse(line, "no such option");
	}
}

static void add_file(struct imp_strbuf *tar, struct line *line)
{
	imp_auto_free char *name = next_name(line);
	uint64_t size = parse_number(line, next_word(line), 10);
	uint64_t seed = 0;
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	struct tar_entry entry = {.name = name, .long_names = TAR_LONG_PAX};

	parse_options(tar, line, &entry, &seed);
	fill(&data, size, seed);
	entry.data = imp_strbuf_slice(&data);
	tar_add(tar, &entry);
}

/* The rest of the line is the content. */
static void add_text(struct imp_strbuf *tar, struct line *line)
{
	imp_auto_free char *name = next_name(line);
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	struct tar_entry entry = {.name = name, .long_names = TAR_LONG_PAX};

	add_unescaped(&data, line, line->rest);
	entry.data = imp_strbuf_slice(&data);
	tar_add(tar, &entry);
}

/* A file of this machine. */
static void add_copy(struct imp_strbuf *tar, struct line *line)
{
	imp_auto_free char *name = next_name(line);
	imp_auto_free char *source = next_name(line);
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	struct tar_entry entry = {.name = name, .long_names = TAR_LONG_PAX};
	char chunk[4096];
	size_t n;
	FILE *file = fopen(source, "rb");

	if (!file)
		misuse(line, "cannot open the file to copy");
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		imp_strbuf_add(&data, chunk, n);
	fclose(file);
	parse_options(tar, line, &entry, NULL);
	entry.data = imp_strbuf_slice(&data);
	tar_add(tar, &entry);
}

static void add_link(struct imp_strbuf *tar, struct line *line, char type)
{
	imp_auto_free char *name = next_name(line);
	if (!imp_slice_is(next_word(line), "->"))
		misuse(line, "expected ->");
	imp_auto_free char *target = next_name(line);
	struct tar_entry entry = {
		.name = name, .link = target, .type = type, .long_names = TAR_LONG_PAX};

	parse_options(tar, line, &entry, NULL);
	tar_add(tar, &entry);
}

/* Directories and special files. */
static void add_bare(struct imp_strbuf *tar, struct line *line, char type)
{
	imp_auto_free char *name = next_name(line);
	struct tar_entry entry = {.name = name, .type = type, .long_names = TAR_LONG_PAX};

	parse_options(tar, line, &entry, NULL);
	tar_add(tar, &entry);
}

static void add_whiteout(struct imp_strbuf *tar, struct line *line)
{
	imp_auto_free char *path = next_name(line);
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
	tar_whiteout(tar, slash ? path : "", slash ? slash + 1 : path);
}

static void add_opaque(struct imp_strbuf *tar, struct line *line)
{
	imp_auto_free char *path = next_name(line);

	tar_whiteout(tar, strcmp(path, ".") == 0 ? "" : path, ".wh..opq");
}

static void add_entry(struct imp_strbuf *tar, struct line *line)
{
	struct imp_slice verb = next_word(line);

	if (imp_slice_is(verb, "dir"))
		add_bare(tar, line, '5');
	else if (imp_slice_is(verb, "file"))
		add_file(tar, line);
	else if (imp_slice_is(verb, "text"))
		add_text(tar, line);
	else if (imp_slice_is(verb, "copy"))
		add_copy(tar, line);
	else if (imp_slice_is(verb, "link"))
		add_link(tar, line, '1');
	else if (imp_slice_is(verb, "symlink"))
		add_link(tar, line, '2');
	else if (imp_slice_is(verb, "char"))
		add_bare(tar, line, '3');
	else if (imp_slice_is(verb, "block"))
		add_bare(tar, line, '4');
	else if (imp_slice_is(verb, "fifo"))
		add_bare(tar, line, '6');
	else if (imp_slice_is(verb, "whiteout"))
		add_whiteout(tar, line);
	else if (imp_slice_is(verb, "opaque"))
		add_opaque(tar, line);
	else
		misuse(line, "no such entry");
}

static void end_layer(struct stack *stack, struct imp_strbuf *tar)
{
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .facts = true,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	tar_end(tar);
	if (imp_layer_read(imp_stream_memory(imp_strbuf_slice(tar), 0), &request, &result,
			   &err) < 0) {
		fprintf(stderr, "stack: layer %zu: %s\n", stack->count - 1, err.message);
		abort();
	}
	stack->owned[stack->count - 1] = result.profile;
	stack->profiles[stack->count - 1] = result.profile;
	imp_strbuf_reset(tar);
}

void stack_read(struct stack *stack, const char *text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_slice rest = imp_slice_of(text);
	bool open = false;

	*stack = (struct stack){0};
	while (rest.len > 0) {
		struct line line = {.text = imp_slice_cut(&rest, '\n')};
		line.rest = line.text;
		bool layer = imp_slice_is(line.text, "layer");
		if (line.text.len == 0 || line.text.data[0] == '#')
			continue;
		if (!layer && !imp_slice_is(line.text, "missing")) {
			if (!open)
				misuse(&line, "expected layer");
			add_entry(&tar, &line);
			continue;
		}
		if (open)
			end_layer(stack, &tar);
		if (stack->count == STACK_LAYERS)
			misuse(&line, "too many layers");
		stack->count++;
		open = layer;
	}
	if (open)
		end_layer(stack, &tar);
}

void stack_finish(struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		imp_profile_destroy(stack->owned[i]);
	*stack = (struct stack){0};
}
