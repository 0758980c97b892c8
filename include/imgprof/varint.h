/*
 * Whole numbers in few bytes: LEB128 in its shortest form, seven bits a byte, the lowest first.
 * Differences of either sign are folded first (zigzag), so that small ones stay small.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/strbuf.h"

void imp_varint_add(struct imp_strbuf *out, uint64_t value);

/* Takes a number off the bytes from *AT to END. false when they end before it does, when it
 * is padded with zeros or has more than 64 bits. */
static inline bool imp_varint_take(const uint8_t **at, const uint8_t *end,
				   uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
		uint8_t byte = *(*at)++;
		uint64_t bits = byte & 0x7f;
		*value |= bits << shift;
		if (byte & 0x80)
			continue;
		return !(byte == 0 && shift > 0) && !(shift == 63 && bits > 1);
	}
	return false;
}

static inline uint64_t imp_zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static inline int64_t imp_unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}
