/* What makes each anchor present: classification.md 1.3. Every table ends with a row of NULLs. */
#pragma once

#include "imgprof/package.h"
#include "imgprof/runtime.h"

/* A command that is started, also inside a script. WORDS: one of them among the arguments, NULL:
 * any arguments. */
struct imp_anchor_command {
	enum imp_anchor anchor;
	const char *programs, *words;
};
extern const struct imp_anchor_command imp_anchor_commands[];

/* A package whose program loads or starts the thing while it runs. A name that ends in '*' stands
 * for all that start so; a Python name also for Debian's python3-NAME. */
struct imp_anchor_package {
	enum imp_anchor anchor;
	enum imp_manager manager;
	const char *names;
};
extern const struct imp_anchor_package imp_anchor_packages[];

/* A variable that is set; VALUES: to one of them, NULL: to anything. SHELL: only says so when a
 * shell is what is started. */
struct imp_anchor_variable {
	const char *name, *values;
	enum imp_anchor anchor;
	bool shell;
};
extern const struct imp_anchor_variable imp_anchor_variables[];
