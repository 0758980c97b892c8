/*
 * Letters of ASCII, whatever the locale: names of hosts, headers and schemes.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"

static inline char imp_ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool imp_ascii_equal(struct imp_slice a, struct imp_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (imp_ascii_lower(a.data[i]) != imp_ascii_lower(b.data[i]))
			return false;
	return true;
}
