#include "facts_elf.h"

#include <elf.h>
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"

#include "facts_elf_priv.h"

enum {
	WINDOW_BYTES = 64 << 10, /* in front of the section headers: their names */
	MAX_INTERPRETER = 4096,
	MAX_SEGMENTS = 1024,
	MAX_SECTIONS = 8192,
	MAX_DYNAMIC_BYTES = 64 << 10,
	MAX_STRINGS_BYTES = 1 << 20,
	DATA_BYTES = 64 << 10,  /* of the data segment, where Go's marks are */
	MARKS_BYTES = 64 << 10, /* behind the segments: .comment, .dep-v0 */
};

void imp_elf_finish(struct imp_elf_reader *reader)
{
	for (size_t i = 0; i < IMP_ELF_RANGES; i++)
		imp_strbuf_finish(&reader->ranges[i].bytes);
	imp_strbuf_finish(&reader->needed);
	imp_strbuf_finish(&reader->go_modules);
	if (reader->names) {
		imp_strbuf_finish(&reader->names->text);
		imp_strbuf_finish(&reader->names->open);
	}
	free(reader->names);
	free(reader->segments);
	free(reader->sections);
}

static void reset(struct imp_elf_reader *reader)
{
	struct imp_elf_reader fresh = {
		.segments = reader->segments,
		.sections = reader->sections,
		.segments_capacity = reader->segments_capacity,
		.sections_capacity = reader->sections_capacity,
		.needed = reader->needed,
		.go_modules = reader->go_modules,
		.names = reader->names,
	};
	for (size_t i = 0; i < IMP_ELF_RANGES; i++) {
		fresh.ranges[i].bytes = reader->ranges[i].bytes;
		imp_strbuf_reset(&fresh.ranges[i].bytes);
	}
	imp_strbuf_reset(&fresh.needed);
	imp_strbuf_reset(&fresh.go_modules);
	if (fresh.names) {
		imp_strbuf_reset(&fresh.names->text);
		imp_strbuf_reset(&fresh.names->open);
		fresh.names->count = 0;
	}
	*reader = fresh;
}

void imp_elf_begin(struct imp_elf_reader *reader, uint64_t disk_bytes)
{
	reset(reader);
	reader->disk_bytes = disk_bytes;
	reader->ranges[0].len =
		disk_bytes < IMP_ELF_HEAD_BYTES ? disk_bytes : IMP_ELF_HEAD_BYTES;
	reader->range_count = 1;
}

uint64_t imp_elf_number(const struct imp_elf_reader *reader, const char *at,
			unsigned bytes)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < bytes; i++) {
		unsigned place = reader->big ? bytes - 1 - i : i;
		value |= (uint64_t)(uint8_t)at[i] << (8 * place);
	}
	return value;
}

/* An Elf_Addr, Elf_Off or Elf_Xword: 4 or 8 bytes. */
static uint64_t word(const struct imp_elf_reader *reader, const char *at)
{
	return imp_elf_number(reader, at, reader->wide ? 8 : 4);
}

static unsigned half(const struct imp_elf_reader *reader, const char *at)
{
	return (unsigned)imp_elf_number(reader, at, 2);
}

/* The first bytes tell how wide the header is; false while it is not read or is none. */
static bool identify(struct imp_elf_reader *reader, struct imp_slice *head)
{
	size_t size = sizeof(Elf32_Ehdr);

	if (!imp_elf_bytes(reader, 0, EI_NIDENT, head))
		return false;
	reader->wide = head->data[EI_CLASS] == ELFCLASS64;
	reader->big = head->data[EI_DATA] == ELFDATA2MSB;
	if (reader->wide)
		size = sizeof(Elf64_Ehdr);
	if (!imp_elf_bytes(reader, 0, size, head))
		return false;
	reader->header_read = true;
	reader->broken = head->data[EI_CLASS] < 1 || head->data[EI_CLASS] > 2 ||
			 head->data[EI_DATA] < 1 || head->data[EI_DATA] > 2;
	return !reader->broken;
}

/* All that stands behind e_entry moves with the width. */
static void parse_header(struct imp_elf_reader *reader, struct imp_slice head)
{
	unsigned width = reader->wide ? 8 : 4;
	const char *at = head.data + EI_NIDENT;

	reader->file_type = half(reader, at);
	reader->machine = half(reader, at + 2);
	at += 8 + width;
	reader->segments_at = word(reader, at);
	reader->sections_at = word(reader, at + width);
	at += 2 * width + 6;
	reader->segment_size = half(reader, at);
	reader->segment_count = half(reader, at + 2);
	reader->section_size = half(reader, at + 4);
	reader->section_count = half(reader, at + 6);
	reader->names_index = half(reader, at + 8);
	if (reader->segment_size <
		    (reader->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) ||
	    reader->segment_count > MAX_SEGMENTS)
		reader->segment_count = 0;
	if (reader->section_size <
		    (reader->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) ||
	    reader->section_count > MAX_SECTIONS)
		reader->section_count = 0;
}

/* The tables, and of the sections also what stands before them: often their names. */
static void want_tables(struct imp_elf_reader *reader)
{
	uint64_t table = (uint64_t)reader->section_size * reader->section_count;
	uint64_t window =
		reader->sections_at < WINDOW_BYTES ? reader->sections_at : WINDOW_BYTES;

	imp_elf_want(reader, reader->segments_at,
		     (uint64_t)reader->segment_size * reader->segment_count);
	if (reader->sections_at - window < IMP_ELF_HEAD_BYTES)
		window = 0;
	if (table > 0)
		imp_elf_want(reader, reader->sections_at - window, table + window);
}

static void read_header(struct imp_elf_reader *reader)
{
	struct imp_slice head;

	if (!identify(reader, &head))
		return;
	parse_header(reader, head);
	want_tables(reader);
}

static struct imp_elf_segment parse_segment(const struct imp_elf_reader *reader,
					    const char *at)
{
	struct imp_elf_segment segment = {
		.type = (uint32_t)imp_elf_number(reader, at, 4)};
	if (reader->wide) {
		segment.flags = (uint32_t)imp_elf_number(reader, at + 4, 4);
		segment.offset = word(reader, at + 8);
		segment.address = word(reader, at + 16);
		segment.size = word(reader, at + 32);
	} else {
		segment.offset = word(reader, at + 4);
		segment.address = word(reader, at + 8);
		segment.size = word(reader, at + 16);
		segment.flags = (uint32_t)imp_elf_number(reader, at + 24, 4);
	}
	return segment;
}

static void note_segment(struct imp_elf_reader *reader,
			 const struct imp_elf_segment *segment)
{
	if (segment->type == PT_INTERP && segment->size <= MAX_INTERPRETER)
		imp_elf_want(reader, segment->offset, segment->size);
	if (segment->type == PT_DYNAMIC && !reader->has_dynamic) {
		reader->has_dynamic = true;
		reader->dynamic_at = segment->offset;
		reader->dynamic_bytes = segment->size < MAX_DYNAMIC_BYTES
						? segment->size
						: MAX_DYNAMIC_BYTES;
		imp_elf_want(reader, reader->dynamic_at, reader->dynamic_bytes);
	}
	if (segment->type == PT_LOAD && segment->offset == 0)
		reader->first_load_end = segment->size;
	if (segment->type == PT_LOAD && segment->flags == (PF_R | PF_W) &&
	    reader->data_bytes == 0) {
		reader->data_at = segment->offset;
		reader->data_bytes =
			segment->size < DATA_BYTES ? segment->size : DATA_BYTES;
		imp_elf_want(reader, reader->data_at, reader->data_bytes);
	}
}

/* What is not loaded stands behind what is: first the few bytes that compilers sign with, then
 * megabytes of symbols. */
static void want_marks(struct imp_elf_reader *reader)
{
	uint64_t end = 0;

	for (unsigned i = 0; i < reader->segment_count; i++) {
		const struct imp_elf_segment *segment = &reader->segments[i];
		uint64_t behind;
		if (segment->type == PT_LOAD && segment->size > 0 &&
		    !imp_add_overflows(segment->offset, segment->size, &behind) &&
		    behind > end)
			end = behind;
	}
	if (end == 0 || end >= reader->disk_bytes)
		return;
	uint64_t rest = reader->disk_bytes - end;
	imp_elf_want(reader, end, rest < MARKS_BYTES ? rest : MARKS_BYTES);
}

static void read_segments(struct imp_elf_reader *reader)
{
	uint64_t bytes = (uint64_t)reader->segment_size * reader->segment_count;
	struct imp_slice table;

	if (reader->segment_count == 0 ||
	    !imp_elf_bytes(reader, reader->segments_at, bytes, &table))
		return;
	reader->segments_read = true;
	reader->segments = imp_xgrow(reader->segments, &reader->segments_capacity,
				     reader->segment_count, sizeof(*reader->segments));
	for (unsigned i = 0; i < reader->segment_count; i++) {
		const char *at = table.data + (size_t)i * reader->segment_size;
		reader->segments[i] = parse_segment(reader, at);
		note_segment(reader, &reader->segments[i]);
	}
	want_marks(reader);
}

/* Where in the file ADDRESS is; false when in no segment. */
static bool find_address(const struct imp_elf_reader *reader, uint64_t address,
			 uint64_t *offset)
{
	for (unsigned i = 0; i < reader->segment_count; i++) {
		const struct imp_elf_segment *segment = &reader->segments[i];
		if (segment->type != PT_LOAD || address < segment->address ||
		    address - segment->address >= segment->size)
			continue;
		return !imp_add_overflows(segment->offset, address - segment->address,
					  offset);
	}
	return false;
}

/* Entries of the dynamic section: tag and value. *I counts; false behind the last. */
static bool next_dynamic(const struct imp_elf_reader *reader, struct imp_slice table,
			 size_t *i, uint64_t *tag, uint64_t *value)
{
	unsigned width = reader->wide ? 8 : 4;
	if ((*i + 1) * 2 * width > table.len)
		return false;
	const char *at = table.data + *i * 2 * width;
	*tag = word(reader, at);
	*value = word(reader, at + width);
	++*i;
	return *tag != DT_NULL;
}

static void read_dynamic(struct imp_elf_reader *reader)
{
	struct imp_slice table;
	uint64_t tag, value, address = 0;

	if (!reader->has_dynamic || reader->dynamic_bytes == 0 ||
	    !imp_elf_bytes(reader, reader->dynamic_at, reader->dynamic_bytes, &table))
		return;
	reader->dynamic_read = true;
	for (size_t i = 0; next_dynamic(reader, table, &i, &tag, &value);) {
		if (tag == DT_STRTAB)
			address = value;
		if (tag == DT_STRSZ)
			reader->strings_bytes = value;
	}
	if (!find_address(reader, address, &reader->strings_at)) {
		reader->strings_bytes = 0;
		return;
	}
	uint64_t most = reader->strings_bytes < MAX_STRINGS_BYTES ? reader->strings_bytes
								  : MAX_STRINGS_BYTES;
	imp_elf_want(reader, reader->strings_at, most);
}

static struct imp_elf_section parse_section(const struct imp_elf_reader *reader,
					    const char *at)
{
	unsigned width = reader->wide ? 8 : 4;
	return (struct imp_elf_section){
		.name = (uint32_t)imp_elf_number(reader, at, 4),
		.type = (uint32_t)imp_elf_number(reader, at + 4, 4),
		.flags = word(reader, at + 8),
		.offset = word(reader, at + 8 + (size_t)2 * width),
		.size = word(reader, at + 8 + (size_t)3 * width),
	};
}

static void read_sections(struct imp_elf_reader *reader)
{
	uint64_t bytes = (uint64_t)reader->section_size * reader->section_count;
	struct imp_slice table;

	if (reader->section_count == 0 ||
	    !imp_elf_bytes(reader, reader->sections_at, bytes, &table))
		return;
	reader->sections_read = true;
	reader->sections = imp_xgrow(reader->sections, &reader->sections_capacity,
				     reader->section_count, sizeof(*reader->sections));
	for (unsigned i = 0; i < reader->section_count; i++)
		reader->sections[i] = parse_section(
			reader, table.data + (size_t)i * reader->section_size);
	if (reader->names_index < reader->section_count) {
		/* Go puts the table of sections first. */
		const struct imp_elf_section *names =
			&reader->sections[reader->names_index];
		if (names->size <= WINDOW_BYTES)
			imp_elf_want(reader, names->offset, names->size);
	}
}

/* Whatever the bytes so far allow to read. */
static void advance(struct imp_elf_reader *reader)
{
	if (!reader->header_read)
		read_header(reader);
	if (!reader->header_read || reader->broken)
		return;
	if (!reader->segments_read)
		read_segments(reader);
	if (reader->segments_read && !reader->dynamic_read)
		read_dynamic(reader);
	if (!reader->sections_read)
		read_sections(reader);
	if (!reader->go_read && reader->segments_read)
		imp_elf_read_go(reader);
}

void imp_elf_add(struct imp_elf_reader *reader, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		size_t n = imp_elf_next_stop(reader, len);
		imp_elf_hold(reader, at, n);
		imp_elf_scan_names(reader, imp_slice(at, n));
		reader->at += n;
		at += n;
		len -= n;
		if (imp_elf_completes_range(reader))
			advance(reader);
	}
}

static enum imp_elf_type type_of(unsigned file_type)
{
	switch (file_type) {
	case ET_REL:
		return IMP_ELF_RELOCATABLE;
	case ET_EXEC:
		return IMP_ELF_EXECUTABLE;
	case ET_DYN:
		return IMP_ELF_SHARED;
	case ET_CORE:
		return IMP_ELF_CORE;
	default:
		return IMP_ELF_OTHER;
	}
}

static struct imp_slice interpreter_of(const struct imp_elf_reader *reader)
{
	struct imp_slice text;

	for (unsigned i = 0; reader->segments_read && i < reader->segment_count; i++) {
		const struct imp_elf_segment *segment = &reader->segments[i];
		if (segment->type == PT_INTERP && segment->size <= MAX_INTERPRETER &&
		    imp_elf_bytes(reader, segment->offset, segment->size, &text))
			return imp_slice_cut(&text, '\0');
	}
	return imp_slice("", 0);
}

static void resolve_dynamic(struct imp_elf_reader *reader, struct imp_elf *out)
{
	struct imp_slice table, text;
	uint64_t tag, value;

	if (!reader->has_dynamic)
		return;
	out->dynamic_unknown = !reader->dynamic_read;
	if (!reader->dynamic_read ||
	    !imp_elf_bytes(reader, reader->dynamic_at, reader->dynamic_bytes, &table))
		return;
	for (size_t i = 0; next_dynamic(reader, table, &i, &tag, &value);) {
		if (tag != DT_NEEDED && tag != DT_SONAME && tag != DT_RPATH &&
		    tag != DT_RUNPATH)
			continue;
		if (!imp_elf_string(reader, value, &text)) {
			out->dynamic_unknown = true;
			continue;
		}
		if (tag == DT_SONAME)
			out->soname = text;
		else if (tag == DT_RPATH)
			out->rpath = text;
		else if (tag == DT_RUNPATH)
			out->runpath = text;
		else
			imp_elf_need(reader, text);
	}
	out->needed = imp_strbuf_slice(&reader->needed);
}

bool imp_elf_end(struct imp_elf_reader *reader, struct imp_slice path,
		 struct imp_elf *out)
{
	advance(reader);
	*out = (struct imp_elf){0};
	if (!reader->header_read || reader->broken)
		return false;
	out->type = type_of(reader->file_type);
	out->machine = (uint16_t)reader->machine;
	out->bits = reader->wide ? 64 : 32;
	out->interpreter = interpreter_of(reader);
	resolve_dynamic(reader, out);
	imp_elf_count_sections(reader, path, out);
	imp_elf_find_marks(reader, out);
	return true;
}
