/*
 * Warnings: what the reader of a report should know although the work went on. A list
 * belongs to one image or one layer; it is bounded: of one code in one layer the first
 * IMP_WARNINGS_KEPT are kept, the others counted into the last one's message.
 *
 * Codes are short fixed words such as "tar-no-end"; they are listed in the man page and
 * stable. Not thread-safe.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/slice.h"

#define IMP_WARNINGS_KEPT 20
#define IMP_WARNING_PATH_BYTES 4096
#define IMP_NO_LAYER (-1)

struct imp_warning {
	const char *code; /* a literal, or copied into the list */
	int layer;        /* from 0, or IMP_NO_LAYER */
	/* Raw bytes, the first IMP_WARNING_PATH_BYTES; empty: no path */
	struct imp_slice path;
	const char *message;
	uint64_t count; /* times it was raised: > 1 on the last one kept */
};

struct imp_warnings; /* opaque: owns all strings */

struct imp_warnings *imp_warnings_create(void);
void imp_warnings_destroy(struct imp_warnings *warnings); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_warnings);
/* WARNINGS may be NULL: dropped. */
void imp_warnings_add(struct imp_warnings *warnings, const char *code, int layer,
		      struct imp_slice path, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Appends copies of all of FROM with their layer set to LAYER. */
void imp_warnings_append(struct imp_warnings *warnings, const struct imp_warnings *from,
			 int layer);
/* Appends a copy of one that imp_warnings_get gave, as it is. */
void imp_warnings_restore(struct imp_warnings *warnings,
			  const struct imp_warning *warning);
size_t imp_warnings_count(const struct imp_warnings *warnings); /* NULL: 0 */
const struct imp_warning *imp_warnings_get(const struct imp_warnings *warnings, size_t i);
