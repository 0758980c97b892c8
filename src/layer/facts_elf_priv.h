/* The parts of reading ELF: bytes that were held, sections, marks of languages. */
#pragma once

#include "facts_elf.h"

/* Asks for a range that has not passed yet; what is held already or does not fit in the
 * file is left out. */
void imp_elf_want(struct imp_elf_reader *reader, uint64_t offset, uint64_t len);
/* Lengthens the range that holds OFFSET and has just been filled, to hold LEN from there. */
void imp_elf_extend(struct imp_elf_reader *reader, uint64_t offset, uint64_t len);
/* All of the range, when it is held. */
bool imp_elf_bytes(const struct imp_elf_reader *reader, uint64_t offset, uint64_t len,
		   struct imp_slice *out);
/* What is held from OFFSET on, up to MOST bytes. */
struct imp_slice imp_elf_bytes_from(const struct imp_elf_reader *reader, uint64_t offset,
				    uint64_t most);
/* How far to go before a range is complete; at most LEN. */
size_t imp_elf_next_stop(const struct imp_elf_reader *reader, size_t len);
/* DATA is what passes next. */
void imp_elf_hold(struct imp_elf_reader *reader, const char *data, size_t len);
/* What has passed so far ends where a range does, or the header. */
bool imp_elf_completes_range(const struct imp_elf_reader *reader);
uint64_t imp_elf_number(const struct imp_elf_reader *reader, const char *at,
			unsigned bytes);

/* The text at INDEX of .dynstr; false when it is out of reach or has no end. */
bool imp_elf_string(const struct imp_elf_reader *reader, uint64_t index,
		    struct imp_slice *out);
/* DATA is what passes next: notes the texts in it that may be names. */
void imp_elf_scan_names(struct imp_elf_reader *reader, struct imp_slice data);
/* The noted text that holds OFFSET, from there. */
bool imp_elf_find_name(const struct imp_elf_reader *reader, uint64_t offset,
		       struct imp_slice *out);
void imp_elf_need(struct imp_elf_reader *reader, struct imp_slice library);
/* strip_bytes and fatbin_bytes. */
void imp_elf_count_sections(const struct imp_elf_reader *reader, struct imp_slice path,
			    struct imp_elf *out);
/* Looks for Go's build information once its range is held. */
void imp_elf_read_go(struct imp_elf_reader *reader);
/* go, rust and what they tell. */
void imp_elf_find_marks(struct imp_elf_reader *reader, struct imp_elf *out);
