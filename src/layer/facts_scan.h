/*
 * Sources looked at 16 bytes at a time: what is looked for is rare in them. Vectors of GCC and
 * clang, which compile for machines without them too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { IMP_SCAN_STEP = 16 };

typedef unsigned char imp_bytes16
	__attribute__((vector_size(IMP_SCAN_STEP), aligned(1), may_alias));

static inline imp_bytes16 imp_scan_load(const char *at)
{
	return *(const imp_bytes16 *)at;
}

/* Where in FOUND the first byte is set; IMP_SCAN_STEP: nowhere. */
static inline unsigned imp_scan_first(imp_bytes16 found)
{
	uint64_t halves[2];

	memcpy(halves, &found, sizeof(halves));
	for (unsigned i = 0; i < 2; i++) {
		if (halves[i] == 0)
			continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		return 8 * i + (unsigned)__builtin_ctzll(halves[i]) / 8;
#else
		return 8 * i + (unsigned)__builtin_clzll(halves[i]) / 8;
#endif
	}
	return IMP_SCAN_STEP;
}

static inline bool imp_scan_any(imp_bytes16 found)
{
	return imp_scan_first(found) < IMP_SCAN_STEP;
}
