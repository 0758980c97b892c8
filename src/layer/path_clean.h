/*
 * What a clean path (imgprof/path.h) means: whiteout spelling (reference/formats.md 5.20) and
 * limits.
 */
#pragma once

#include "imgprof/limits.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* The path of what cannot stand in a file system: too long, or a component of it. */
#define IMP_UNREPRESENTABLE "[unrepresentable]"

enum imp_path_sense {
	IMP_PATH_PLAIN,
	IMP_PATH_WHITEOUT, /* OUT is what it hides */
	IMP_PATH_OPAQUE,   /* OUT is the directory */
	IMP_PATH_INERT,    /* `.wh.`, `.wh..`, `.wh...` */
	IMP_PATH_LEFTOVER, /* design section 2 (e) */
};

/* Strips whiteout spelling from a clean path. */
enum imp_path_sense imp_layer_path_read(struct imp_strbuf *path);
/* PATH is clean and within the limits. */
bool imp_layer_path_fits(struct imp_slice path, const struct imp_limits *limits);
/* PATH is clean and within the limits, where its first SHARED bytes are those of a path that
 * is: only what follows the last '/' among them is looked at. */
bool imp_layer_path_continues(struct imp_slice path, size_t shared,
			      const struct imp_limits *limits);
