/*
 * Sizes of one column in one unit with one decimal, so that they can be added up as printed:
 * "1,238.0 MB".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "imgprof/strbuf.h"
#include "imgprof/units.h"

struct imp_fixed {
	uint64_t unit; /* bytes; 1: no decimal */
	const char *name;
};

/* The unit that serves LARGEST (and less) best: B, kB, MB, GB or their binary twins. */
struct imp_fixed imp_fixed_for(uint64_t largest, enum imp_units units);
void imp_fixed_add(const struct imp_fixed *fixed, uint64_t bytes, struct imp_strbuf *out);
void imp_fixed_add_size(const struct imp_fixed *fixed, uint64_t tenths,
			struct imp_strbuf *out);
/* A change in tenths of the unit (whole bytes where the unit is one), with its sign. */
void imp_fixed_add_tenths(const struct imp_fixed *fixed, int64_t tenths,
			  struct imp_strbuf *out);
/* BYTES as tenths of the unit, rounded half away from zero. */
int64_t imp_fixed_tenths(const struct imp_fixed *fixed, int64_t bytes);
/* CHANGES as tenths that add up to the tenths of their sum: each rounded down, what is missing
 * goes to the largest remainders, first come first. */
void imp_fixed_round(const struct imp_fixed *fixed, const int64_t *changes, size_t count,
		     int64_t *tenths);
