#include "words_priv.h"

#include "imgprof/units.h"

enum { INSTRUCTION_BYTES = 160 };

static const char *const names[IMP_WORDS] = {
	[IMP_WORD_FILES] = "files",
	[IMP_WORD_WRITER] = "writer",
	[IMP_WORD_HIDER] = "hider",
	[IMP_WORD_PLACE] = "place",
	[IMP_WORD_SUBJECT] = "subject",
	[IMP_WORD_IN] = "in",
	[IMP_WORD_PATH] = "path",
	[IMP_WORD_PATHS] = "paths",
	[IMP_WORD_IGNORE] = "ignore",
	[IMP_WORD_COPYFLAGS] = "copyflags",
	[IMP_WORD_METACOMMAND] = "metacommand",
	[IMP_WORD_FINDTESTS] = "findtests",
	[IMP_WORD_KEPT] = "kept",
	[IMP_WORD_INSTRUCTION] = "instruction",
	[IMP_WORD_INSTALL] = "install",
	[IMP_WORD_PROJECT] = "project",
	[IMP_WORD_BYTES] = "bytes",
	[IMP_WORD_PACKAGE] = "package",
	[IMP_WORD_PACKAGES] = "packages",
	[IMP_WORD_MORE] = "more",
	[IMP_WORD_OF] = "of",
	[IMP_WORD_SEEDS] = "seeds",
	[IMP_WORD_TWIN] = "twin",
	[IMP_WORD_PRUNE] = "prune",
	[IMP_WORD_ENVIRONMENT] = "environment",
};

static int find_word(struct imp_slice name)
{
	for (int i = 0; i < IMP_WORDS; i++)
		if (imp_slice_is(name, names[i]))
			return i;
	return -1;
}

/* Cuts *REST behind the next placeholder: returns the text before it, *NAME is the placeholder
 * (data NULL: there is none). */
static struct imp_slice next_placeholder(struct imp_slice *rest, struct imp_slice *name)
{
	struct imp_slice behind = *rest;
	struct imp_slice before = imp_slice_cut(&behind, '{');

	*name = (struct imp_slice){0};
	if (behind.data)
		*name = imp_slice_cut(&behind, '}');
	*rest = behind;
	return before;
}

void imp_words_fill(struct imp_strbuf *out, const char *text,
		    const struct imp_words *words)
{
	struct imp_slice rest = imp_slice_of(text);

	while (rest.data) {
		struct imp_slice name;
		imp_strbuf_add_slice(out, next_placeholder(&rest, &name));
		int word = name.data ? find_word(name) : -1;
		if (word >= 0 && words->values[word])
			imp_strbuf_add_text(out, words->values[word]);
	}
}

struct imp_slice imp_placeholder_unknown(struct imp_slice text)
{
	while (text.data) {
		struct imp_slice name;
		next_placeholder(&text, &name);
		if (name.data && find_word(name) < 0)
			return name;
	}
	return (struct imp_slice){0};
}

bool imp_placeholder_in(const char *text, enum imp_word word)
{
	struct imp_slice rest = imp_slice_of(text);

	while (rest.data) {
		struct imp_slice name;
		next_placeholder(&rest, &name);
		if (name.data && imp_slice_is(name, names[word]))
			return true;
	}
	return false;
}

const char *imp_package_text(struct imp_arena *arena, const struct imp_packages *packages,
			     uint32_t package)
{
	enum { NAME_BYTES = 128 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_slice name = packages->list[package].name;

	if (name.len > NAME_BYTES)
		name.len = NAME_BYTES;
	imp_escape_terminal(&text, name);
	return imp_arena_copy(arena, imp_strbuf_slice(&text)).data;
}

void imp_word_path(struct imp_strbuf *out, struct imp_slice path)
{
	imp_strbuf_add_char(out, '/');
	imp_escape_terminal(out, path);
}

static bool is_plain(struct imp_slice path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./@+=:,-";

	for (size_t i = 0; i < path.len; i++)
		if (!memchr(plain, path.data[i], sizeof(plain) - 1))
			return false;
	return true;
}

void imp_word_shell_path(struct imp_strbuf *out, struct imp_slice path)
{
	if (is_plain(path)) {
		imp_word_path(out, path);
		return;
	}
	imp_strbuf_add_text(out, "'/");
	while (path.data) {
		imp_escape_terminal(out, imp_slice_cut(&path, '\''));
		imp_strbuf_add_text(out, path.data ? "'\\''" : "'");
	}
}

void imp_word_files(struct imp_strbuf *out, uint64_t files)
{
	char count[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "%s %s", imp_count_text(files, count),
			  files == 1 ? "file" : "files");
}

static struct imp_slice instruction_of(const struct imp_image *image, uint16_t layer)
{
	return layer < image->layer_count ? image->layers[layer].instruction
					  : (struct imp_slice){0};
}

/* At most so many bytes of TEXT, and no part of a character. */
static void add_cut(struct imp_strbuf *out, struct imp_slice text)
{
	size_t len = text.len;

	if (len > INSTRUCTION_BYTES) {
		len = INSTRUCTION_BYTES;
		while (len > 0 && ((uint8_t)text.data[len] & 0xc0) == 0x80)
			len--;
	}
	imp_escape_terminal(out, imp_slice(text.data, len));
	if (len < text.len)
		imp_strbuf_add_text(out, "...");
}

/* "RUN", "COPY"; of what a builder of another kind wrote "step". */
static struct imp_slice keyword_of(struct imp_slice instruction)
{
	struct imp_slice word = imp_slice_cut(&instruction, ' ');

	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] < 'A' || word.data[i] > 'Z')
			return IMP_SLICE("step");
	return word.len > 0 ? word : IMP_SLICE("step");
}

void imp_word_quoted_instruction(struct imp_strbuf *out, const struct imp_image *image,
				 uint16_t layer)
{
	struct imp_slice text = instruction_of(image, layer);

	if (text.len == 0) {
		imp_strbuf_printf(out, "the step behind layer %u", layer);
		return;
	}
	if (text.len > INSTRUCTION_BYTES) {
		imp_strbuf_add_text(out, "the ");
		imp_strbuf_add_slice(out, keyword_of(text));
		imp_strbuf_printf(out, " of layer %u", layer);
		return;
	}
	imp_strbuf_add_char(out, '`');
	imp_escape_terminal(out, text);
	imp_strbuf_printf(out, "` (layer %u)", layer);
}

void imp_word_instruction(struct imp_strbuf *out, const struct imp_image *image,
			  uint16_t layer)
{
	struct imp_slice text = instruction_of(image, layer);

	imp_strbuf_printf(out, "layer %u (", layer);
	if (text.len == 0)
		imp_strbuf_add_text(out, "no history");
	else
		add_cut(out, text);
	imp_strbuf_add_char(out, ')');
}
