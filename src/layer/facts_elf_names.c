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
	/* .dynstr stands behind .dynsym, at the start of what is mapped first. */
	MAX_SCANNED = 16 << 20,
};

static bool is_printable(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

/* A library or a search path; no symbol, nor what a table of numbers holds by chance. */
static bool may_be_named(struct imp_slice text)
{
	enum { SHORTEST = 4 }; /* "/lib" */
	if (text.len < SHORTEST || text.len >= MAX_NAME_BYTES)
		return false;
	bool path = text.data[0] == '/' || imp_slice_starts(text, IMP_SLICE("$ORIGIN"));
	return (path && is_printable(text)) ||
	       memmem(text.data, text.len, ".so", 3) != NULL;
}

static void note(struct imp_elf_reader *reader, uint64_t offset, struct imp_slice text)
{
	struct imp_elf_names *names = reader->names;

	if (!may_be_named(text) || names->count == IMP_ELF_NAMES ||
	    names->text.len + text.len >= MAX_NAMES_BYTES)
		return;
	names->list[names->count++] = (struct imp_elf_name){
		.offset = offset,
		.start = (uint32_t)names->text.len,
		.len = (uint32_t)text.len,
	};
	imp_strbuf_add_slice(&names->text, text);
}

static bool may_hold_names(const struct imp_elf_reader *reader)
{
	return reader->has_dynamic && reader->at >= IMP_ELF_HEAD_BYTES &&
	       reader->at < MAX_SCANNED && reader->at < reader->dynamic_at;
}

/* PART, which starts at OFFSET, ends a text. */
static void end_text(struct imp_elf_reader *reader, uint64_t offset,
		     struct imp_slice part)
{
	struct imp_strbuf *open = &reader->names->open;

	if (open->len == 0) {
		note(reader, offset, part);
		return;
	}
	offset -= open->len;
	if (open->len + part.len < MAX_NAME_BYTES) {
		imp_strbuf_add_slice(open, part);
		note(reader, offset, imp_strbuf_slice(open));
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

void imp_elf_scan_names(struct imp_elf_reader *reader, struct imp_slice data)
{
	uint64_t at = reader->at;

	if (!may_hold_names(reader))
		return;
	if (!reader->names)
		reader->names = imp_xcalloc(1, sizeof(*reader->names));
	while (data.len > 0) {
		const char *end = memchr(data.data, '\0', data.len);
		size_t len = end ? (size_t)(end - data.data) : data.len;

		if (!end) {
			leave_open(reader, data);
			return;
		}
		end_text(reader, at, imp_slice(data.data, len));
		at += len + 1;
		data = imp_slice_skip(data, len + 1);
	}
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
