/*
 * Errors: one convention for the whole program.
 *
 * A function that can fail returns int: 0 is success, a negative value is one of
 * enum imp_category; a positive value means "no more" only where its header says so.
 * The last parameter is a caller-owned struct imp_error, untouched on success. It needs
 * no allocation and no clean-up.
 *
 *	struct imp_error err = {0};
 *	if (imp_config_parse(bytes, limits, arena, &config, &err) < 0)
 *		return imp_wrap(&err, "config of %s", name);
 *
 * Modules never print; cli/ prints the error once, escaped, as one line
 * `imgprof: WHAT OBJECT: WHY (HINT)`.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* What went wrong, in the words of the exit status (design section 4). */
enum imp_category {
	IMP_E_USAGE = -1,       /* 2: the command line or a configuration file */
	IMP_E_NOT_FOUND = -2,   /* 3: no such image, tag, platform or blob */
	IMP_E_DENIED = -3,      /* 3: access denied */
	IMP_E_NETWORK = -4,     /* 4: registry or network, after retries */
	IMP_E_INTEGRITY = -5,   /* 5: a digest, checksum or length does not fit */
	IMP_E_FORMAT = -6,      /* 5: damaged or hostile input */
	IMP_E_LIMIT = -7,       /* 5: a resource limit; the message names it */
	IMP_E_UNSUPPORTED = -8, /* 5: well-formed, but nothing imgprof reads */
	IMP_E_SYSTEM = -9,      /* 6: disk, memory, file access of this machine */
	/* Stopped because another part failed, or by a signal */
	IMP_E_CANCELLED = -10,
	IMP_E_BUG = -11,    /* 70: an invariant of imgprof is broken */
	IMP_E_BUDGET = -12, /* 1: the report is whole, and a budget is broken */
};

struct imp_error {
	int category;     /* enum imp_category; 0 when there is none */
	int system_errno; /* errno behind IMP_E_SYSTEM, else 0 */
	const char *file; /* where in imgprof it was raised; shown with -vv */
	int line;
	char message[512];
	char hint[192]; /* what the user can try; empty when there is nothing */
};

/* Fills ERR (when not NULL) and returns CATEGORY. Message: lower case, no full stop,
 * names the object, says what was expected. Foreign text is put in raw: it is escaped
 * where the line is printed. */
#define imp_fail(err, category, ...) \
	imp_error_result((category), imp_error_set((err), (category), 0, __FILE__, \
						   __LINE__, __VA_ARGS__))
/* As imp_fail with IMP_E_SYSTEM; appends ": " and the text of errno. */
#define imp_fail_errno(err, ...) \
	imp_error_result(IMP_E_SYSTEM, \
			 imp_error_set_errno((err), __FILE__, __LINE__, __VA_ARGS__))

int imp_error_set(struct imp_error *err, int category, int system_errno, const char *file,
		  int line, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
int imp_error_set_errno(struct imp_error *err, const char *file, int line,
			const char *format, ...) __attribute__((format(printf, 4, 5)));

/* CATEGORY: inline, so that compilers see that a failure is negative. */
static inline int imp_error_result(int category, int set)
{
	(void)set;
	return category;
}

/* Prefixes "CONTEXT: " and returns the category already there (IMP_E_BUG when there is
 * none: a wrapped success is a bug). ERR may be NULL only if nobody reads it. */
int imp_wrap(struct imp_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sets the hint and returns the category already there. */
int imp_hint(struct imp_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Exit status for a category: design section 4. 0 for 0. */
int imp_exit_status(int category);
