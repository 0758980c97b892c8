/*
 * What the readers make of an image: lines of a stack (stack.h) and files of any content.
 *
 *	struct inventory_case c = {0};
 *	inventory_lines(&c, "file usr/bin/x 100\n");
 *	inventory_file(&c, "var/lib/dpkg/status", "Package: x\nStatus: install ok installed\n");
 *	inventory_read(&c);
 *	inventory_expect_owner(&c, "usr/bin/x", "dpkg:x");
 *	inventory_finish(&c);
 *
 * That packages' files and those of nobody add up to the live bytes is checked each time.
 */
#pragma once

#include "imgprof/package.h"
#include "imgprof/strbuf.h"

#include "inventory.h"

#include "case.h"
#include "stack.h"

struct inventory_case {
	struct imp_strbuf text; /* for stack_read; the first layer is begun already */
	struct stack stack;
	struct imp_tree *tree;
	struct imp_contents *contents;
	struct imp_arena *arena;
	struct imp_limits limits;
	struct imp_packages packages;
};

void inventory_lines(struct inventory_case *c, const char *lines);
void inventory_file(struct inventory_case *c, const char *path, const char *content);
void inventory_bytes(struct inventory_case *c, const char *path,
		     struct imp_slice content);
/* NAME of testdata/ at PATH. */
void inventory_copy(struct inventory_case *c, const char *path, const char *name);
/* With the readers of the program, or READERS. */
void inventory_read(struct inventory_case *c);
void inventory_read_with(struct inventory_case *c, const struct imp_reader *readers);
void inventory_finish(struct inventory_case *c);

/* Fails when there is none. */
uint32_t inventory_find(const struct inventory_case *c, enum imp_manager manager,
			const char *name);
const struct imp_package *inventory_package(const struct inventory_case *c,
					    enum imp_manager manager, const char *name);
/* Whether the records of any of its groups tell who was asked for. */
bool inventory_knows_roots(const struct inventory_case *c, enum imp_manager manager);
/* OWNER is "manager:name", or "" for nobody; the record of the file that PATH shows. */
void inventory_expect_owner(const struct inventory_case *c, const char *path,
			    const char *owner);
/* The others that list the file, "dpkg:a python:b" in the order of the list, or "". */
void inventory_expect_also(const struct inventory_case *c, const char *path,
			   const char *also);
/* NAME's dependencies, "a|b c (d)": by choice, (d) recommended or suggested. */
void inventory_expect_needs(const struct inventory_case *c, enum imp_manager manager,
			    const char *name, const char *needs);
/* Exactly these paths, with a space behind each, are unreadable. */
void inventory_expect_unreadable(const struct inventory_case *c, const char *paths);
