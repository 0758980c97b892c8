/*
 * Test cases by name: CASE(name) { ... } registers itself. The program runs all cases, or
 * those named as arguments; --list prints the names. Each case is a meson test of its own,
 * "program@case". Assertions are cmocka's.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "imgprof/error.h"

typedef void imp_case(void **state);

void imp_case_register(const char *name, imp_case *run);

#define CASE(name) \
	static void case_##name(void **state_); \
	__attribute__((constructor)) static void register_##name(void) \
	{ \
		imp_case_register(#name, case_##name); \
	} \
	static void case_##name(void **state_ __attribute__((unused)))

/* EXPRESSION is an int result; prints ERR's message when it is negative. */
#define assert_ok(expression, err) \
	do { \
		int ok_result_ = (expression); \
		if (ok_result_ < 0) \
			fail_msg("%s: %d: %s", #expression, ok_result_, (err)->message); \
	} while (0)

/* EXPRESSION must fail with CATEGORY and a message that holds PART. */
#define assert_fails(expression, expected, part, err) \
	do { \
		int fails_result_ = (expression); \
		if (fails_result_ != (expected)) \
			fail_msg("%s: %d, expected %d: %s", #expression, fails_result_, \
				 (expected), (err)->message); \
		if (!strstr((err)->message, (part))) \
			fail_msg("%s: message '%s' lacks '%s'", #expression, \
				 (err)->message, (part)); \
	} while (0)
