/* Parts of a profile that are packed with zstd (docs/profile-format.md, "packed"). */
#pragma once

#include <stdint.h>

#include <zstd.h>

#include "profile_format.h"

/* Packs as it goes: what was added is held packed, but for the last. Zeroed is valid and empty. */
struct imp_packer {
	ZSTD_CCtx *context;        /* NULL until something is added */
	struct imp_strbuf waiting; /* not yet packed */
	struct imp_strbuf packed;
	uint64_t bytes; /* that were added */
};

void imp_packer_add(struct imp_packer *packer, struct imp_slice data);
/* Appends lengths and bytes to OUT; PACKER is empty then. */
void imp_packer_end(struct imp_packer *packer, struct imp_strbuf *out);
void imp_packer_finish(struct imp_packer *packer);

/* The other way. *MEMORY (malloc; NULL when empty) holds what *OUT points at. More than
 * MOST bytes and whatever does not unpack to the length that it claims set IN's `bad`. */
struct imp_slice imp_unpack(struct imp_part_reader *in, uint64_t most, void **memory);
