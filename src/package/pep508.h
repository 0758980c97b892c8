/*
 * Python's names and requirements: PEP 503 (names), PEP 508 (`name[extra] (>=1); marker`).
 * Versions of requirements are not looked at: an installed package meets them.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/arena.h"
#include "imgprof/slice.h"

/* PEP 503: lower case, runs of "-", "_" and "." as one "-". Also of extras (PEP 685). */
struct imp_slice imp_pep503_name(struct imp_arena *arena, struct imp_slice raw);
bool imp_pep503_equal(struct imp_slice a, struct imp_slice b);

/* All borrowed from the text. */
struct imp_requirement {
	struct imp_slice name;   /* as written */
	struct imp_slice extras; /* what stands between the brackets */
	struct imp_slice marker; /* behind the ';'; may be empty */
};

/* false when TEXT does not start with a name. */
bool imp_requirement_parse(struct imp_slice text, struct imp_requirement *out);
/* The next of a list of extras: cuts *EXTRAS; empty when there is none left. */
struct imp_slice imp_requirement_next_extra(struct imp_slice *extras);

/* What markers are evaluated for; a NULL or 0 is unknown. os_name, sys_platform and
 * platform_system are Linux's. */
struct imp_marker_environment {
	unsigned major, minor;      /* of the interpreter */
	const char *implementation; /* "cpython", "pypy" */
	const char *machine;        /* "x86_64" */
	struct imp_slice extra;     /* that was asked for; may be empty */
};

/* An empty marker holds. So does what is unknown or malformed: a dependency too many keeps
 * a package, one too few takes it away. */
bool imp_marker_holds(struct imp_slice marker,
		      const struct imp_marker_environment *environment);
/* The first extra that MARKER compares with; empty when it names none. */
struct imp_slice imp_marker_extra(struct imp_slice marker);
