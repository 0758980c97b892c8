/*
 * Arithmetic on sizes that came from outside. true means that the result does not fit:
 * the caller reports it, nothing wraps silently.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

static inline bool imp_add_overflows(uint64_t a, uint64_t b, uint64_t *sum)
{
	return __builtin_add_overflow(a, b, sum);
}

static inline bool imp_mul_overflows(uint64_t a, uint64_t b, uint64_t *product)
{
	return __builtin_mul_overflow(a, b, product);
}

/* a * b / c with a 128-bit intermediate, rounded down; c > 0. Fits when b <= c or a <=
 * c. */
static inline uint64_t imp_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	return (uint64_t)((unsigned __int128)a * b / c);
}
