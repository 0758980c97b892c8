/*
 * Gemfile is a Ruby program; what is read of it is what people write: lines `group :test do`, `gem
 * 'name'` and its option `group: :test`, and the blocks around them. A gem that stands in
 * anything else, or anywhere outside of development and test, is of run time; and all are when
 * blocks and their ends do not match.
 */
#include "gem.h"

#include "imgprof/map.h"

enum { MAX_LINES = 100000, MAX_BLOCKS = 64 };

enum block {
	BLOCK_PLAIN, /* says nothing of groups: source, if, platforms ... */
	BLOCK_DEVELOPMENT,
	BLOCK_OTHER, /* a group that is none of development, or that cannot be read */
};

struct gemfile {
	struct imp_map *groups;
	enum block blocks[MAX_BLOCKS];
	size_t depth;
	bool broken;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static struct imp_slice take_word(struct imp_slice *text)
{
	size_t len = 0;

	while (len < text->len && is_word(text->data[len]))
		len++;
	struct imp_slice word = imp_slice(text->data, len);
	*text = imp_slice_skip(*text, len);
	return word;
}

static void skip_any(struct imp_slice *text, const char *bytes)
{
	while (text->len > 0 && strchr(bytes, text->data[0]) && text->data[0])
		*text = imp_slice_skip(*text, 1);
}

/* Up to a '#' that is in no quotes. */
static struct imp_slice without_comment(struct imp_slice line)
{
	char quote = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.data[i];
		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == '#')
			return imp_slice(line.data, i);
	}
	return line;
}

/* ":test", "'test'", "\"test\"": false for anything else. */
static bool take_name(struct imp_slice *text, struct imp_slice *name)
{
	char open = text->len > 0 ? text->data[0] : 0;

	if (open != ':' && open != '\'' && open != '"')
		return false;
	*text = imp_slice_skip(*text, 1);
	*name = take_word(text);
	if (open == ':')
		return name->len > 0;
	bool closed = text->len > 0 && text->data[0] == open;
	*text = imp_slice_skip(*text, 1);
	return closed && name->len > 0;
}

static enum block block_of(struct imp_slice group)
{
	return imp_slice_is(group, "development") || imp_slice_is(group, "test")
		       ? BLOCK_DEVELOPMENT
		       : BLOCK_OTHER;
}

/* Names with commas between, TEXT behind the last one. */
static enum block read_names(struct imp_slice *text)
{
	enum block block = BLOCK_DEVELOPMENT;
	struct imp_slice name;

	do {
		skip_any(text, " \t,");
		if (!take_name(text, &name) || block_of(name) == BLOCK_OTHER)
			block = BLOCK_OTHER;
		skip_any(text, " \t");
	} while (block == BLOCK_DEVELOPMENT && imp_slice_starts(*text, IMP_SLICE(",")));
	return block;
}

/* Whatever follows "group": symbols and strings, then options of no matter to us, then "do". */
static enum block read_group(struct imp_slice line)
{
	enum block block = BLOCK_DEVELOPMENT;
	struct imp_slice name;

	skip_any(&line, " \t(");
	for (int names = 0; line.len > 0; names++) {
		struct imp_slice option = line;
		struct imp_slice word = take_word(&option);
		if (names > 0 && imp_slice_is(word, "optional"))
			return block;
		if (!take_name(&line, &name))
			return BLOCK_OTHER;
		if (block_of(name) == BLOCK_OTHER)
			block = BLOCK_OTHER;
		skip_any(&line, " \t)");
		if (!imp_slice_starts(line, IMP_SLICE(",")))
			return imp_slice_starts(line, IMP_SLICE("do")) ? block
								       : BLOCK_OTHER;
		skip_any(&line, " \t,");
	}
	return BLOCK_OTHER;
}

/* Of `group: :test`, `:group => "test"`, `groups: [:test, :development]`; PLAIN without one. */
static enum block read_option(struct imp_slice rest)
{
	struct imp_slice key = IMP_SLICE("group");

	for (; rest.len > key.len; rest = imp_slice_skip(rest, 1)) {
		if (!imp_slice_starts(rest, key))
			continue;
		rest = imp_slice_skip(rest, key.len);
		skip_any(&rest, "s");
		skip_any(&rest, " \t");
		bool arrow = imp_slice_starts(rest, IMP_SLICE("=>"));
		if (!arrow && !imp_slice_starts(rest, IMP_SLICE(":")))
			return BLOCK_OTHER;
		rest = imp_slice_skip(rest, arrow ? 2 : 1);
		skip_any(&rest, " \t");
		bool list = imp_slice_starts(rest, IMP_SLICE("["));
		skip_any(&rest, "[");
		enum block block = BLOCK_OTHER;
		struct imp_slice name;
		if (list)
			block = read_names(&rest);
		else if (take_name(&rest, &name))
			block = block_of(name);
		return list && !imp_slice_starts(rest, IMP_SLICE("]")) ? BLOCK_OTHER
								       : block;
	}
	return BLOCK_PLAIN;
}

/* The statement goes on in the next line, or another stands in this one. */
static bool is_more_than_one_line(struct imp_slice line)
{
	return memchr(line.data, ';', line.len) || imp_slice_ends(line, IMP_SLICE(",")) ||
	       imp_slice_ends(line, IMP_SLICE("\\"));
}

static void read_gem(struct gemfile *gemfile, struct imp_slice line)
{
	struct imp_slice rest = line, name;
	uint64_t before = GEM_DEVELOPMENT;
	bool development = false, other = is_more_than_one_line(line);

	skip_any(&rest, " \t(");
	if (!take_name(&rest, &name))
		return;
	enum block option = read_option(rest);
	development = option == BLOCK_DEVELOPMENT;
	other = other || option == BLOCK_OTHER;
	for (size_t i = 0; i < gemfile->depth; i++) {
		development = development || gemfile->blocks[i] == BLOCK_DEVELOPMENT;
		other = other || gemfile->blocks[i] == BLOCK_OTHER;
	}
	imp_map_get(gemfile->groups, name, &before);
	imp_map_set(gemfile->groups, name,
		    before == GEM_DEVELOPMENT && development && !other ? GEM_DEVELOPMENT
								       : GEM_RUNTIME);
}

static void open_block(struct gemfile *gemfile, enum block block)
{
	if (gemfile->depth == MAX_BLOCKS)
		gemfile->broken = true;
	else
		gemfile->blocks[gemfile->depth++] = block;
}

static bool opens_block(struct imp_slice word, struct imp_slice line)
{
	static const char *const words[] = {"if",  "unless", "case", "begin", "while",
					    "def", "until",  "for",  "class", "module"};

	if (imp_slice_ends(line, IMP_SLICE(" end")))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (imp_slice_is(word, words[i]))
			return true;
	return imp_slice_ends(line, IMP_SLICE(" do")) ||
	       (imp_slice_ends(line, IMP_SLICE("|")) &&
		memmem(line.data, line.len, " do |", 5));
}

static void read_line(struct gemfile *gemfile, struct imp_slice line)
{
	struct imp_slice rest = line;
	struct imp_slice word = take_word(&rest);

	if (imp_slice_is(word, "end")) {
		gemfile->broken = gemfile->broken || gemfile->depth == 0;
		gemfile->depth -= gemfile->depth > 0;
	} else if (imp_slice_is(word, "gem")) {
		read_gem(gemfile, rest);
	}
	if (opens_block(word, line))
		open_block(gemfile,
			   imp_slice_is(word, "group") ? read_group(rest) : BLOCK_PLAIN);
}

bool imp_gem_groups_read(struct imp_slice text, struct imp_map *groups)
{
	struct gemfile gemfile = {.groups = groups};
	int lines = 0;

	for (; text.len > 0 && lines < MAX_LINES && !gemfile.broken; lines++) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		/* A text over several lines may hold anything. */
		gemfile.broken = imp_slice_starts(line, IMP_SLICE("=begin")) ||
				 imp_slice_starts(line, IMP_SLICE("__END__")) ||
				 memmem(line.data, line.len, "<<", 2);
		read_line(&gemfile, imp_slice_trim(without_comment(line), " \t\r"));
	}
	return !gemfile.broken && gemfile.depth == 0 && text.len == 0;
}
