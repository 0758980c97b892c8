/* Which small files a profile keeps the content of: one list. */
#pragma once

#include "imgprof/slice.h"

enum imp_keep {
	IMP_KEEP_NOT,
	IMP_KEEP_WHOLE,
	IMP_KEEP_HEAD,     /* the first IMP_KEEP_HEAD_BYTES */
	IMP_KEEP_FIELDS,   /* up to the first empty line: mail headers, no description */
	IMP_KEEP_SOURCE,   /* the first IMP_KEEP_SOURCE_BYTES */
	IMP_KEEP_DATABASE, /* whole, IMP_KEEP_DATABASE_FILES times as large as others */
};

enum {
	IMP_KEEP_HEAD_BYTES = 64,
	IMP_KEEP_SOURCE_BYTES = 64 << 10,
	/* rpm's database is one file of tens of megabytes. */
	IMP_KEEP_DATABASE_FILES = 4,
	/* Scripts are kept for their first line, wherever they lie: so much in one layer. */
	IMP_KEEP_SCRIPTS_BYTES = 4 << 20,
	/* Scripts of Python and Node in bin folders, whole or not at all. */
	IMP_KEEP_LAUNCHER_BYTES = 16 << 10,
};

/* PATH: cleaned. */
enum imp_keep imp_layer_keep(struct imp_slice path);
/* How much of CONTENT stands in front of its first empty line. */
size_t imp_layer_fields_bytes(struct imp_slice content);
/* Of a script (its first line is known to be "#!"), of DISK_BYTES: how many bytes of it.
 * INTERPRETER: the line behind "#!". */
size_t imp_layer_keep_script(struct imp_slice path, struct imp_slice interpreter,
			     size_t disk_bytes);
