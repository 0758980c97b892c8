/*
 * Path patterns of the rules file, taken apart: braces expanded, components told by kind.
 * Inside a component's text a NUL stands for "*": names in an image have none that would match.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"

enum {
	IMP_PATTERN_SEGMENTS = 24,    /* components of one pattern */
	IMP_PATTERN_EXPANSIONS = 512, /* patterns out of one with braces */
	IMP_SUFFIX_DOTS = 4,          /* in the text of a suffix; more make it a glob */
	IMP_SUFFIX_BYTES = 60,
};

/* What a pattern is anchored to. */
enum imp_place {
	IMP_PLACE_ANYWHERE,
	IMP_PLACE_ROOT,
	IMP_PLACE_APP,
	IMP_PLACE_HOME,
	IMP_PLACE_SP,
	IMP_PLACE_NM,
	IMP_PLACE_VARIABLE, /* a folder that a variable names */
	IMP_PLACES
};

enum imp_segment_kind {
	IMP_SEGMENT_LITERAL,
	IMP_SEGMENT_SUFFIX,  /* "*.d.ts": text is ".d.ts" */
	IMP_SEGMENT_GLOB,    /* any other with "*" */
	IMP_SEGMENT_PACKAGE, /* PKG: a package's folder */
	IMP_SEGMENT_DEEP,    /* "**" */
};

struct imp_segment {
	enum imp_segment_kind kind;
	struct imp_slice text;
};

struct imp_pattern {
	enum imp_place place;
	struct imp_slice variable; /* its name, of IMP_PLACE_VARIABLE */
	struct imp_segment segments[IMP_PATTERN_SEGMENTS];
	size_t count;
	bool below; /* all below the folder matched, not the file or folder itself */
};

struct imp_texts {
	struct imp_slice *list;
	size_t count, capacity;
};
void imp_texts_finish(struct imp_texts *texts);
void imp_texts_add(struct imp_texts *texts, struct imp_slice text);

/* Appends what TEXT expands to. IMP_E_USAGE for unbalanced braces or too many patterns. */
int imp_braces_expand(struct imp_slice text, struct imp_arena *arena,
		      struct imp_texts *out, struct imp_error *err);
/* One pattern without braces. IMP_E_USAGE says what is wrong with it. */
int imp_pattern_parse(struct imp_slice text, struct imp_arena *arena,
		      struct imp_pattern *out, struct imp_error *err);

/* GLOB with NULs for "*" against all of NAME. */
bool imp_glob_match(struct imp_slice glob, struct imp_slice name);
/* TEXT of a rules file as a glob: "*" becomes NUL, escapes are resolved. IMP_E_USAGE for a
 * backslash at the end. */
int imp_glob_parse(struct imp_slice text, struct imp_arena *arena, struct imp_slice *out,
		   struct imp_error *err);
