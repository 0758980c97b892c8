/* A shared library of a few hundred bytes, of either width and byte order. */
#pragma once

#include <assert.h>
#include <elf.h>

#include "imgprof/strbuf.h"

enum { ELF_DEBUG_BYTES = 40, ELF_FATBIN_BYTES = 24 };

struct elf_plan {
	bool wide, big;
	unsigned type;     /* 0: ET_DYN */
	size_t gap;        /* bytes between program headers and all that they point at */
	size_t more_debug; /* bytes of .debug_info beside ELF_DEBUG_BYTES */
	bool rust;         /* .dep-v0 in place of .nv_fatbin */
	/* Bytes between .dynstr and .dynamic, which then stands behind it */
	size_t strings_gap;
	/* As lld links Rust: .comment and .dep-v0 (ELF_MARKS) behind the segments; and bytes
	 * between the sections' names and their table */
	bool marks;
	size_t behind_names;
};

/* The second is what zlib writes of no bytes. */
#define ELF_COMMENT "rustc version 1"
#define ELF_DEPS "\x78\x9c\x03\0\0\0\0\1"
enum { ELF_MARKS = sizeof(ELF_COMMENT) + sizeof(ELF_DEPS) - 1 };

static inline void elf_number(struct imp_strbuf *out, const struct elf_plan *plan,
			      unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		imp_strbuf_add_char(out,
				    (char)(value >> 8 * (plan->big ? bytes - 1 - i : i)));
}

static inline void elf_word(struct imp_strbuf *out, const struct elf_plan *plan,
			    uint64_t value)
{
	elf_number(out, plan, plan->wide ? 8 : 4, value);
}

static inline void elf_segment(struct imp_strbuf *out, const struct elf_plan *plan,
			       unsigned type, uint64_t offset, uint64_t size)
{
	elf_number(out, plan, 4, type);
	if (plan->wide)
		elf_number(out, plan, 4, PF_R);
	elf_word(out, plan, offset);
	elf_word(out, plan, offset + 0x1000); /* address */
	elf_word(out, plan, 0);
	elf_word(out, plan, size);
	elf_word(out, plan, size);
	if (!plan->wide)
		elf_number(out, plan, 4, PF_R);
	elf_word(out, plan, 1);
}

static inline void elf_section(struct imp_strbuf *out, const struct elf_plan *plan,
			       unsigned name, unsigned type, uint64_t flags,
			       uint64_t offset, uint64_t size)
{
	elf_number(out, plan, 4, name);
	elf_number(out, plan, 4, type);
	elf_word(out, plan, flags);
	elf_word(out, plan, 0);
	elf_word(out, plan, offset);
	elf_word(out, plan, size);
	elf_number(out, plan, 4, 0);
	elf_number(out, plan, 4, 0);
	elf_word(out, plan, 1);
	elf_word(out, plan, 0);
}

static inline void elf_zeros(struct imp_strbuf *out, size_t bytes)
{
	memset(imp_strbuf_reserve(out, bytes), 0, bytes);
	out->len += bytes;
}

/* Header, three segments, gap, interpreter, .dynamic and .dynstr, fatbin, debug, names,
 * sections: in this order and without holes. */
static inline void elf_write(struct imp_strbuf *out, const struct elf_plan *plan)
{
	static const char strings[] = "\0libc.so.6\0libm.so.6\0libx.so.1\0$ORIGIN/lib";
	static const char plain_names[] =
		"\0.nv_fatbin\0.debug_info\0.shstrtab\0.bss\0.comment\0.dep-v0";
	static const char rust_names[] =
		"\0.dep-v0\0\0\0\0.debug_info\0.shstrtab\0.bss\0.comment\0.dep-v0";
	static_assert(sizeof(plain_names) == sizeof(rust_names), "the same offsets");
	const char *names = plan->rust ? rust_names : plain_names;
	static const uint64_t tags[][2] = {{DT_NEEDED, 1},  {DT_NEEDED, 11},
					   {DT_SONAME, 21}, {DT_RUNPATH, 31},
					   {DT_STRTAB, 0},  {DT_STRSZ, sizeof(strings)},
					   {DT_NULL, 0}};
	enum { SEGMENTS = 3, TAGS = sizeof(tags) / sizeof(tags[0]) };
	unsigned sections = plan->marks ? 7 : 5;
	size_t width = plan->wide ? 8 : 4;
	size_t header = plan->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	size_t segment = plan->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	size_t section = plan->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	size_t interp = header + SEGMENTS * segment + plan->gap;
	size_t first = interp + sizeof("/lib/ld.so");
	bool strings_first = plan->strings_gap > 0;
	size_t dynamic =
		strings_first ? first + sizeof(strings) + plan->strings_gap : first;
	size_t dynstr = strings_first ? first : dynamic + TAGS * 2 * width;
	size_t fatbin = first + sizeof(strings) + plan->strings_gap + TAGS * 2 * width;
	size_t marks = fatbin + ELF_FATBIN_BYTES;
	size_t debug = marks + (plan->marks ? ELF_MARKS : 0);
	size_t debug_bytes = ELF_DEBUG_BYTES + plan->more_debug;
	size_t shstrtab = debug + debug_bytes;

	imp_strbuf_add(out, ELFMAG, SELFMAG);
	imp_strbuf_add_char(out, plan->wide ? ELFCLASS64 : ELFCLASS32);
	imp_strbuf_add_char(out, plan->big ? ELFDATA2MSB : ELFDATA2LSB);
	elf_zeros(out, EI_NIDENT - 6);
	elf_number(out, plan, 2, plan->type ? plan->type : ET_DYN);
	elf_number(out, plan, 2, EM_X86_64);
	elf_number(out, plan, 4, 1);
	elf_word(out, plan, 0);
	elf_word(out, plan, header);
	elf_word(out, plan, shstrtab + sizeof(plain_names) + plan->behind_names);
	elf_number(out, plan, 4, 0);
	elf_number(out, plan, 2, header);
	elf_number(out, plan, 2, segment);
	elf_number(out, plan, 2, SEGMENTS);
	elf_number(out, plan, 2, section);
	elf_number(out, plan, 2, sections);
	elf_number(out, plan, 2, 3);
	elf_segment(out, plan, PT_INTERP, interp, sizeof("/lib/ld.so"));
	elf_segment(out, plan, PT_LOAD, 0, marks);
	elf_segment(out, plan, PT_DYNAMIC, dynamic, TAGS * 2 * width);
	elf_zeros(out, plan->gap);
	imp_strbuf_add(out, "/lib/ld.so", sizeof("/lib/ld.so"));
	if (strings_first) {
		imp_strbuf_add(out, strings, sizeof(strings));
		elf_zeros(out, plan->strings_gap);
	}
	for (size_t i = 0; i < TAGS; i++) {
		elf_word(out, plan, tags[i][0]);
		elf_word(out, plan,
			 tags[i][0] == DT_STRTAB ? dynstr + 0x1000 : tags[i][1]);
	}
	if (!strings_first)
		imp_strbuf_add(out, strings, sizeof(strings));
	elf_zeros(out, ELF_FATBIN_BYTES);
	if (plan->marks) {
		imp_strbuf_add(out, ELF_COMMENT, sizeof(ELF_COMMENT));
		imp_strbuf_add(out, ELF_DEPS, sizeof(ELF_DEPS) - 1);
	}
	elf_zeros(out, debug_bytes);
	imp_strbuf_add(out, names, sizeof(plain_names));
	elf_zeros(out, plan->behind_names);
	elf_section(out, plan, 0, SHT_NULL, 0, 0, 0);
	elf_section(out, plan, 1, SHT_PROGBITS, SHF_ALLOC, fatbin, ELF_FATBIN_BYTES);
	elf_section(out, plan, 12, SHT_PROGBITS, 0, debug, debug_bytes);
	elf_section(out, plan, 24, SHT_STRTAB, 0, shstrtab, sizeof(plain_names));
	elf_section(out, plan, 34, SHT_NOBITS, 0, debug, 1000000);
	if (!plan->marks)
		return;
	elf_section(out, plan, 39, SHT_PROGBITS, SHF_MERGE | SHF_STRINGS, marks,
		    sizeof(ELF_COMMENT));
	elf_section(out, plan, 48, SHT_PROGBITS, 0, marks + sizeof(ELF_COMMENT),
		    sizeof(ELF_DEPS) - 1);
}
