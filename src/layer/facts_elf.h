/*
 * What an ELF file needs and what strip would take, while the file streams by once
 * (classification.md 2.7, 5.2). Its tables may lie anywhere: the first megabyte is held,
 * and of what follows the ranges that what was read so far points at. All offsets and
 * counts are a stranger's: what does not fit is as if it were not there.
 */
#pragma once

#include "imgprof/facts.h"
#include "imgprof/strbuf.h"

enum {
	IMP_ELF_HEAD_BYTES = 1 << 20,
	IMP_ELF_RANGES = 9,
	IMP_ELF_NAMES = 1024,
};

struct imp_elf_range {
	uint64_t offset, len;
	struct imp_strbuf bytes; /* what has come of it */
};

/* Texts of what passed behind the head that may be libraries or search paths. */
struct imp_elf_name {
	uint64_t offset;     /* in the file */
	uint32_t start, len; /* in imp_elf_names.text */
};
struct imp_elf_names {
	struct imp_elf_name list[IMP_ELF_NAMES];
	size_t count;
	struct imp_strbuf text;
	struct imp_strbuf open; /* what no NUL has ended yet */
};

struct imp_elf_section {
	uint32_t name;
	uint32_t type;
	uint64_t flags, offset, size;
};

struct imp_elf_segment {
	uint32_t type, flags;
	uint64_t offset, address, size;
};

/* Zeroed is valid. Begin and end may repeat; the memory is kept. */
struct imp_elf_reader {
	uint64_t disk_bytes, at; /* the file's size; what has been seen of it */
	struct imp_elf_range ranges[IMP_ELF_RANGES]; /* the first is the file's start */
	size_t range_count;
	bool big, wide; /* byte order, 64 bits */
	bool header_read, segments_read, dynamic_read, sections_read, go_read;
	bool broken; /* no ELF header after all */
	unsigned file_type, machine;
	uint64_t segments_at, sections_at;
	unsigned segment_size, segment_count, section_size, section_count, names_index;
	struct imp_elf_segment *segments;
	struct imp_elf_section *sections;
	size_t segments_capacity, sections_capacity;
	uint64_t strings_at, strings_bytes; /* .dynstr in the file */
	bool has_dynamic;
	uint64_t dynamic_at, dynamic_bytes, data_at, data_bytes;
	uint64_t first_load_end; /* of the segment that holds the header; 0: none does */
	bool go;
	uint64_t go_at; /* of its build information */
	struct imp_strbuf needed, go_modules;
	struct imp_elf_names *names; /* NULL until the first are looked for */
};

void imp_elf_begin(struct imp_elf_reader *reader, uint64_t disk_bytes);
void imp_elf_add(struct imp_elf_reader *reader, const void *data, size_t len);
/* After all bytes: what is known. PATH: the loader and libthread_db keep their symbols.
 * Slices are valid until the next begin. false: it is no ELF file. */
bool imp_elf_end(struct imp_elf_reader *reader, struct imp_slice path,
		 struct imp_elf *out);
void imp_elf_finish(struct imp_elf_reader *reader);
