/*
 * Names that the dynamic section may turn out to mean. Linkers put .dynstr in front of
 * what tells where it is, and that of large programs passes behind the head that is held:
 * megabytes of symbols with a handful of libraries among them.
 */
#include "imgprof/arena.h"

#include "facts_elf_priv.h"

enum {
	MAX_NAME_BYTES = 4096,
	MAX_NAMES_BYTES = 64 << 10,
	MAX_SCANNED = 16 << 20,
};

static bool is_printable(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

static bool is_library(struct imp_slice text)
{
	return memmem(text.data, text.len, ".so", 3) != NULL;
}

static bool is_search_path(struct imp_slice text)
{
	return (text.data[0] == '/' || imp_slice_starts(text, IMP_SLICE("$ORIGIN"))) &&
	       is_printable(text) && !is_library(text);
}

static void note(struct imp_elf_reader *reader, uint64_t offset, struct imp_slice text)
{
	enum { SHORTEST = 4 }; /* "/lib" */
	struct imp_elf_names *names = reader->names;

	if (text.len < SHORTEST || text.len >= MAX_NAME_BYTES ||
	    names->count == IMP_ELF_NAMES ||
	    names->text.len + text.len >= MAX_NAMES_BYTES)
		return;
	names->list[names->count++] = (struct imp_elf_name){
		.offset = offset,
		.start = (uint32_t)names->text.len,
		.len = (uint32_t)text.len,
	};
	imp_strbuf_add_slice(&names->text, text);
}

/* A text that was cut by the border of two pieces: a symbol, or what a table of numbers holds by
 * chance, is none. */
static void note_if_named(struct imp_elf_reader *reader, uint64_t offset,
			  struct imp_slice text)
{
	if (text.len > 0 && (is_library(text) || is_search_path(text)))
		note(reader, offset, text);
}

/* .dynstr stands behind .dynsym, at the start of what is mapped first. */
static bool may_hold_names(const struct imp_elf_reader *reader)
{
	return reader->has_dynamic && reader->at >= IMP_ELF_HEAD_BYTES &&
	       reader->at < MAX_SCANNED && reader->at < reader->dynamic_at &&
	       (reader->first_load_end == 0 || reader->at < reader->first_load_end);
}

/* PART, which starts at OFFSET, ends a text. */
static void end_text(struct imp_elf_reader *reader, uint64_t offset,
		     struct imp_slice part)
{
	struct imp_strbuf *open = &reader->names->open;

	if (open->len == 0) {
		note_if_named(reader, offset, part);
		return;
	}
	offset -= open->len;
	if (open->len + part.len < MAX_NAME_BYTES) {
		imp_strbuf_add_slice(open, part);
		note_if_named(reader, offset, imp_strbuf_slice(open));
	}
	imp_strbuf_reset(open);
}

/* What is too long already is dropped: what is left of it then looks like a text of its own,
 * at a place that no name is looked for at. */
static void leave_open(struct imp_elf_reader *reader, struct imp_slice part)
{
	struct imp_strbuf *open = &reader->names->open;

	if (open->len + part.len < MAX_NAME_BYTES)
		imp_strbuf_add_slice(open, part);
	else
		imp_strbuf_reset(open);
}

/* The text around AT; BODY begins behind a NUL and ends with one. */
static struct imp_slice text_around(struct imp_slice body, const char *at)
{
	size_t before = (size_t)(at - body.data);
	const char *start = before ? memrchr(body.data, '\0', before) : NULL;
	const char *end = memchr(at, '\0', body.len - before);

	start = start ? start + 1 : body.data;
	return imp_slice(start, (size_t)(end - start));
}

/* Searched for by a byte that is rare in code and tables, where every third one is a NUL. */
static void scan_for(struct imp_elf_reader *reader, uint64_t offset,
		     struct imp_slice body, char byte,
		     bool (*is_wanted)(struct imp_slice))
{
	struct imp_slice rest = body;
	const char *at;

	while (rest.len > 0 && (at = memchr(rest.data, byte, rest.len))) {
		struct imp_slice from = imp_slice_skip(rest, (size_t)(at - rest.data));
		bool starts = at == body.data || at[-1] == '\0';
		bool library = imp_slice_starts(from, IMP_SLICE(".so"));

		rest = imp_slice_skip(from, 1);
		if (!(byte == '.' ? library : starts))
			continue;
		struct imp_slice text = text_around(body, at);
		if (is_wanted(text))
			note(reader, offset + (uint64_t)(text.data - body.data), text);
		rest = imp_slice_skip(from, (size_t)(text.data + text.len - at));
	}
}

void imp_elf_scan_names(struct imp_elf_reader *reader, struct imp_slice data)
{
	if (!may_hold_names(reader))
		return;
	if (!reader->names)
		reader->names = imp_xcalloc(1, sizeof(*reader->names));
	const char *first = data.len ? memchr(data.data, '\0', data.len) : NULL;
	if (!first) {
		leave_open(reader, data);
		return;
	}
	size_t head = (size_t)(first - data.data);
	const char *last = memrchr(data.data, '\0', data.len);
	struct imp_slice body = imp_slice(first + 1, (size_t)(last - first));
	uint64_t offset = reader->at + head + 1;

	end_text(reader, reader->at, imp_slice(data.data, head));
	scan_for(reader, offset, body, '.', is_library);
	scan_for(reader, offset, body, '/', is_search_path);
	scan_for(reader, offset, body, '$', is_search_path);
	leave_open(reader, imp_slice_skip(data, (size_t)(last - data.data) + 1));
}

bool imp_elf_find_name(const struct imp_elf_reader *reader, uint64_t offset,
		       struct imp_slice *out)
{
	const struct imp_elf_names *names = reader->names;

	for (size_t i = 0; names && i < names->count; i++) {
		const struct imp_elf_name *name = &names->list[i];
		if (offset < name->offset || offset - name->offset >= name->len)
			continue;
		/* Linkers share the ends of names. */
		size_t skip = (size_t)(offset - name->offset);
		*out = imp_slice(names->text.data + name->start + skip, name->len - skip);
		return true;
	}
	return false;
}
