/*
 * What inflates: raw deflate data, one member after another. The gzip wrapper around it
 * (header, CRC, length, members) is read in gzip.c, the same for every engine.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imp_inflate_step {
	const uint8_t *in;
	size_t in_len; /* both are moved behind what was read */
	uint8_t *out;
	size_t out_len; /* both are moved behind what was written */
	bool may_hold;  /* the engine may keep output back for the next step */
	size_t held;    /* that many bytes */
	/* When done: the last bytes that were read belong behind the deflate data. At most
	 * 8, so never more than a gzip trailer; they may be from an earlier step. */
	uint8_t behind[8];
	size_t behind_count;
};

enum imp_inflate_status {
	IMP_INFLATE_MORE, /* all of the input was read and came out or is held, or the
	                   * output is full */
	IMP_INFLATE_DONE, /* the last block ended and all of it came out */
	IMP_INFLATE_DAMAGED,
};

struct imp_inflate_engine {
	const char *name;
	void *(*create)(void);
	void (*reset)(void *state);
	enum imp_inflate_status (*run)(void *state, struct imp_inflate_step *step);
	void (*destroy)(void *state);
	uint32_t (*crc32)(uint32_t crc, const uint8_t *data, size_t len);
};

extern const struct imp_inflate_engine imp_inflate_zlib;
extern const struct imp_inflate_engine imp_inflate_isal; /* in a build with ISA-L */
/* The faster one of this build. */
extern const struct imp_inflate_engine *const imp_inflate_default;
