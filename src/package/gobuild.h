/*
 * The module list in a Go program (.go.buildinfo): lines of "path", "mod", "dep", "=>",
 * "build", fields separated by tabs. classification.md 2.1, 3.8.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"

struct imp_go_module {
	bool main; /* of the program itself; else a dependency */
	struct imp_slice path, version;
};
/* The text between the linker's marks, or TEXT when it has none. */
struct imp_slice imp_go_module_text(struct imp_slice text);
/* Cuts *REST behind the next module, replacements followed; false at the end. A program built
 * outside of a module has only its "path", which is the main module then. */
bool imp_go_module_next(struct imp_slice *rest, struct imp_go_module *out);
