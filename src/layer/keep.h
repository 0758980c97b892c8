/* Which small files a profile keeps the content of: one list. */
#pragma once

#include "imgprof/slice.h"

enum imp_keep {
	IMP_KEEP_NOT,
	IMP_KEEP_WHOLE,
	IMP_KEEP_HEAD, /* the first IMP_KEEP_HEAD_BYTES */
};

enum { IMP_KEEP_HEAD_BYTES = 64 };

/* PATH: cleaned. */
enum imp_keep imp_layer_keep(struct imp_slice path);
