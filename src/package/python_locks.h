/*
 * Lock files of poetry, uv, pdm and pipenv, as far as they say which packages only the
 * development groups want. classification.md 2.1.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"

enum {
	PYTHON_MAX_LOCKED = 20000,      /* packages of one lock */
	PYTHON_MAX_LOCK_EDGES = 200000, /* ... and what they need */
};

struct python_locked {
	struct imp_slice name; /* normalised */
	struct imp_slice version;
	bool project;   /* what the lock is for: no package of an index */
	bool main, dev; /* wanted by the main group; by a development group */
};

struct python_lock {
	struct python_locked *list;
	size_t count;
};

enum python_lock_kind {
	PYTHON_LOCK_POETRY,
	PYTHON_LOCK_UV,
	PYTHON_LOCK_PDM,
	PYTHON_LOCK_PIPENV,
	PYTHON_LOCK_KINDS
};

/* By the name of the file; PYTHON_LOCK_KINDS when it is none. */
enum python_lock_kind imp_python_lock_kind(struct imp_slice file_name);

/* PROJECT: the pyproject.toml beside, empty when there is none (needed where poetry's lock
 * names no groups). OUT lives in ARENA. */
int imp_python_lock_read(enum python_lock_kind kind, struct imp_slice text,
			 struct imp_slice project, const struct imp_limits *limits,
			 struct imp_arena *arena, struct python_lock *out,
			 struct imp_error *err);
