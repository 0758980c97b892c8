#include <elf.h>

#include "imgprof/checked.h"

#include "facts_elf_priv.h"

enum {
	MAX_NAME_BYTES = 4096, /* of a library or search path */
	MAX_NEEDED_BYTES = 64 << 10,
	MAX_SECTION_NAME = 64,
	MAX_MODULES_BYTES = 1 << 20,
	MAX_DEPS_BYTES = 1 << 20,
	GO_HEADER_BYTES = 32,
	GO_ALIGN = 16,
};

#define GO_MAGIC "\xff Go buildinf:"

bool imp_elf_string(const struct imp_elf_reader *reader, uint64_t index,
		    struct imp_slice *out)
{
	uint64_t at;

	if (index >= reader->strings_bytes ||
	    imp_add_overflows(reader->strings_at, index, &at))
		return false;
	uint64_t most = reader->strings_bytes - index;
	struct imp_slice text = imp_elf_bytes_from(
		reader, at, most < MAX_NAME_BYTES ? most : MAX_NAME_BYTES);
	const char *end = text.len ? memchr(text.data, '\0', text.len) : NULL;
	if (!end)
		return imp_elf_find_name(reader, at, out);
	*out = imp_slice(text.data, (size_t)(end - text.data));
	return true;
}

void imp_elf_need(struct imp_elf_reader *reader, struct imp_slice library)
{
	if (library.len == 0 || reader->needed.len + library.len >= MAX_NEEDED_BYTES)
		return;
	imp_strbuf_add_slice(&reader->needed, library);
	imp_strbuf_add_char(&reader->needed, '\0');
}

static struct imp_slice section_name(const struct imp_elf_reader *reader,
				     const struct imp_elf_section *section)
{
	if (reader->names_index >= reader->section_count)
		return imp_slice("", 0);
	const struct imp_elf_section *names = &reader->sections[reader->names_index];
	uint64_t at;
	if (section->name >= names->size ||
	    imp_add_overflows(names->offset, section->name, &at))
		return imp_slice("", 0);
	uint64_t most = names->size - section->name;
	struct imp_slice text = imp_elf_bytes_from(
		reader, at, most < MAX_SECTION_NAME ? most : MAX_SECTION_NAME);
	return imp_slice_cut(&text, '\0');
}

static const struct imp_elf_section *find_section(const struct imp_elf_reader *reader,
						  const char *name)
{
	for (unsigned i = 0; reader->sections_read && i < reader->section_count; i++)
		if (imp_slice_is(section_name(reader, &reader->sections[i]), name))
			return &reader->sections[i];
	return NULL;
}

static void extend(uint64_t *end, uint64_t offset, uint64_t len)
{
	uint64_t behind;
	if (!imp_add_overflows(offset, len, &behind) && behind > *end)
		*end = behind;
}

/* Behind all that the file's own tables tell of: where something else may be appended. */
static uint64_t end_of_known(const struct imp_elf_reader *reader)
{
	uint64_t end = 0;

	extend(&end, reader->sections_at,
	       (uint64_t)reader->section_size * reader->section_count);
	for (unsigned i = 0; i < reader->section_count; i++)
		if (reader->sections[i].type != SHT_NOBITS)
			extend(&end, reader->sections[i].offset,
			       reader->sections[i].size);
	for (unsigned i = 0; reader->segments_read && i < reader->segment_count; i++)
		extend(&end, reader->segments[i].offset, reader->segments[i].size);
	return end;
}

/* Debuggers and valgrind need the symbols of these. */
static bool needs_symbols(struct imp_slice path)
{
	struct imp_slice name = imp_slice_basename(path);
	return imp_slice_starts(name, IMP_SLICE("libthread_db")) ||
	       imp_slice_starts(name, IMP_SLICE("ld.so")) ||
	       (imp_slice_starts(name, IMP_SLICE("ld-")) &&
		memmem(name.data, name.len, ".so", 3));
}

static bool may_strip(const struct imp_elf_reader *reader, struct imp_slice path)
{
	bool linked = reader->file_type == ET_EXEC || reader->file_type == ET_DYN;
	return linked && !needs_symbols(path) &&
	       end_of_known(reader) >= reader->disk_bytes;
}

void imp_elf_count_sections(const struct imp_elf_reader *reader, struct imp_slice path,
			    struct imp_elf *out)
{
	uint64_t strip_bytes = 0, fatbin_bytes = 0;

	if (!reader->sections_read)
		return;
	for (unsigned i = 0; i < reader->section_count; i++) {
		const struct imp_elf_section *section = &reader->sections[i];
		if (section->type == SHT_NULL || section->type == SHT_NOBITS)
			continue;
		if (section->size > reader->disk_bytes)
			return;
		if (!(section->flags & SHF_ALLOC) && i != reader->names_index)
			strip_bytes += section->size;
		struct imp_slice name = section_name(reader, section);
		if (imp_slice_is(name, ".nv_fatbin") ||
		    imp_slice_is(name, "__nv_relfatbin"))
			fatbin_bytes += section->size;
	}
	/* Sections that overlap: a lie. */
	if (strip_bytes > reader->disk_bytes ||
	    fatbin_bytes > reader->disk_bytes - strip_bytes)
		return;
	out->fatbin_bytes = fatbin_bytes;
	if (may_strip(reader, path))
		out->strip_bytes = strip_bytes;
}

/* A string with its length in front (LEB128), as Go writes since 1.18. */
static bool read_go_string(struct imp_slice *in, uint64_t *len)
{
	*len = 0;
	for (unsigned i = 0; i < 5 && i < in->len; i++) {
		uint8_t byte = (uint8_t)in->data[i];
		*len |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		*in = imp_slice_skip(*in, i + 1);
		return true;
	}
	return false;
}

/* The module text lies between two marks of 16 bytes. */
static void keep_modules(struct imp_elf_reader *reader, struct imp_slice text)
{
	enum { MARK_BYTES = 16 };
	if (text.len < 2 * MARK_BYTES + 1)
		return;
	text = imp_slice_skip(text, MARK_BYTES);
	text.len -= MARK_BYTES;
	imp_strbuf_add_slice(&reader->go_modules, text);
}

/* INFO starts behind the header: the version, then the modules. */
static void read_go_strings(struct imp_elf_reader *reader, uint64_t at)
{
	struct imp_slice info =
		imp_elf_bytes_from(reader, at, MAX_MODULES_BYTES + MAX_NAME_BYTES);
	struct imp_slice rest = info;
	uint64_t version, modules;

	if (!read_go_string(&rest, &version) || version > rest.len)
		return;
	rest = imp_slice_skip(rest, (size_t)version);
	if (!read_go_string(&rest, &modules) || modules > MAX_MODULES_BYTES)
		return;
	if (modules <= rest.len) {
		rest.len = (size_t)modules;
		keep_modules(reader, rest);
		return;
	}
	/* More than was held: the rest follows when this comes early. */
	imp_elf_extend(reader, at, (uint64_t)(rest.data - info.data) + modules);
}

static bool find_go(const struct imp_elf_reader *reader, uint64_t *at)
{
	struct imp_slice data =
		imp_elf_bytes_from(reader, reader->data_at, reader->data_bytes);
	for (size_t i = 0; i + GO_HEADER_BYTES <= data.len; i += GO_ALIGN)
		if (memcmp(data.data + i, GO_MAGIC, sizeof(GO_MAGIC) - 1) == 0) {
			*at = reader->data_at + i;
			return true;
		}
	return false;
}

void imp_elf_read_go(struct imp_elf_reader *reader)
{
	struct imp_slice header;
	uint64_t at;

	if (reader->data_bytes == 0 ||
	    !imp_elf_bytes(reader, reader->data_at, reader->data_bytes, &header))
		return;
	reader->go_read = true;
	if (!find_go(reader, &at))
		return;
	reader->go = true;
	reader->go_at = at;
	/* Bit 1: strings stand here; before Go 1.18 there were pointers to them. */
	if (imp_elf_bytes(reader, at, GO_HEADER_BYTES, &header) && header.data[15] & 2)
		read_go_strings(reader, at + GO_HEADER_BYTES);
}

static bool needs_rust(struct imp_slice needed)
{
	while (needed.len > 0) {
		struct imp_slice name = imp_slice_cut(&needed, '\0');
		if (imp_slice_starts(name, IMP_SLICE("libstd-")))
			return true;
	}
	return false;
}

static struct imp_slice section_bytes(const struct imp_elf_reader *reader,
				      const struct imp_elf_section *section)
{
	return imp_elf_bytes_from(reader, section->offset, section->size);
}

/* lld puts .strtab behind the names of sections, which then passed unseen: such a section is
 * known by its flags and content. */
static bool is_unnamed(const struct imp_elf_reader *reader,
		       const struct imp_elf_section *section, uint64_t flags)
{
	return section->type == SHT_PROGBITS && section->flags == flags &&
	       section->size <= MAX_DEPS_BYTES && section_name(reader, section).len == 0;
}

static bool is_signed(struct imp_slice text)
{
	return text.len > 0 && memmem(text.data, text.len, "rustc version", 13) != NULL;
}

/* The compilers sign in .comment. */
static bool rust_signed(const struct imp_elf_reader *reader)
{
	const struct imp_elf_section *comment = find_section(reader, ".comment");

	if (comment)
		return is_signed(section_bytes(reader, comment));
	for (unsigned i = 0; reader->sections_read && i < reader->section_count; i++) {
		const struct imp_elf_section *section = &reader->sections[i];
		if (is_unnamed(reader, section, SHF_MERGE | SHF_STRINGS) &&
		    is_signed(section_bytes(reader, section)))
			return true;
	}
	return false;
}

/* RFC 1950, 2.2: deflate with a window of 32 KiB, and a check over both bytes. */
static bool is_zlib(struct imp_slice bytes)
{
	return bytes.len > 2 && bytes.data[0] == 0x78 &&
	       ((uint8_t)bytes.data[0] << 8 | (uint8_t)bytes.data[1]) % 31 == 0;
}

/* What cargo-auditable wrote. */
static const struct imp_elf_section *find_deps(const struct imp_elf_reader *reader)
{
	const struct imp_elf_section *deps = find_section(reader, ".dep-v0");

	if (deps || !rust_signed(reader))
		return deps;
	for (unsigned i = 0; i < reader->section_count; i++) {
		const struct imp_elf_section *section = &reader->sections[i];
		if (is_unnamed(reader, section, 0) &&
		    is_zlib(section_bytes(reader, section)))
			return section;
	}
	return NULL;
}

void imp_elf_find_marks(struct imp_elf_reader *reader, struct imp_elf *out)
{
	const struct imp_elf_section *deps = find_deps(reader);

	if (reader->go && reader->go_modules.len == 0)
		read_go_strings(reader, reader->go_at + GO_HEADER_BYTES);
	out->go = reader->go || find_section(reader, ".go.buildinfo");
	out->go_modules = imp_strbuf_slice(&reader->go_modules);
	out->rust = deps || find_section(reader, ".rustc") || rust_signed(reader) ||
		    needs_rust(out->needed);
	if (deps && deps->size <= MAX_DEPS_BYTES)
		imp_elf_bytes(reader, deps->offset, deps->size, &out->rust_deps);
}
