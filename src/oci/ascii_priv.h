/*
 * Character classes and letter case of ASCII alone: <ctype.h> follows the locale.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"

static inline bool imp_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool imp_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool imp_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool imp_is_alnum(char c)
{
	return imp_is_digit(c) || imp_is_lower(c) || imp_is_upper(c);
}

static inline bool imp_is_hex(char c)
{
	return imp_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool imp_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char imp_to_lower(char c)
{
	return imp_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* true for the empty slice too. */
static inline bool imp_all(struct imp_slice text, bool (*is)(char c))
{
	for (size_t i = 0; i < text.len; i++)
		if (!is(text.data[i]))
			return false;
	return true;
}

static inline bool imp_any(struct imp_slice text, bool (*is)(char c))
{
	for (size_t i = 0; i < text.len; i++)
		if (is(text.data[i]))
			return true;
	return false;
}

/* LOWER is in lower case already. */
static inline bool imp_equal_ignoring_case(struct imp_slice text, const char *lower)
{
	size_t len = strlen(lower);
	if (text.len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (imp_to_lower(text.data[i]) != lower[i])
			return false;
	return true;
}
