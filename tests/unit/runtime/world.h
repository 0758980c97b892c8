/*
 * An image for tests of runtime/: a stack (tests/lib/stack.h) whose facts and packages are told in
 * comment lines of the same text, so that each test shows all it rests on.
 *
 *	# elf usr/bin/x interp=/lib/ld.so needed=a.so,b.so rpath=... runpath=... machine=62
 *	# imports code/x.py a.b .c =d.e
 *	# package dpkg libpq5 owns=usr/lib/libpq.so.5,usr/lib/y needs=libc6 home=code/node_modules/x dev
 *	# package python x lists=usr/lib/y    (a file that another package owns)
 *
 * Every `text` file is kept whole and, with "#!", a script; `cut PATH` in a comment says that it was
 * too large. Profiles' own facts are not looked at: what layers tell is tested in layer/.
 */
#pragma once

#include "imgprof/runtime.h"

#include "stack.h"

struct world {
	struct stack stack;
	struct imp_tree *tree;
	struct imp_contents *contents;
	struct imp_arena *arena;
	struct imp_image image;
	struct imp_packages packages;
	struct imp_runtime_options options;
	struct imp_runtime runtime;
};

/* What config has; each text is parted at spaces. ENVIRONMENT too. */
struct world_config {
	const char *entrypoint, *command, *environment, *workdir, *health, *shell;
	const char *run;   /* --run, one line */
	const char *used;  /* --used */
	const char *label; /* key=value */
};

void world_read(struct world *world, const char *text, const struct world_config *config);
void world_finish(struct world *world);

uint32_t world_record(const struct world *world, const char *path);
bool world_reaches(const struct world *world, const char *path, unsigned bits);
uint32_t world_package(const struct world *world, const char *name);
