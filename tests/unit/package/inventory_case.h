/*
 * What the readers make of an image. Piece by piece, from lines of a stack (stack.h) and files of any
 * content:
 *
 *	struct inventory_case c = {0};
 *	inventory_lines(&c, "file usr/bin/x 100\n");
 *	inventory_file(&c, "var/lib/dpkg/status", "Package: x\nStatus: install ok installed\n");
 *	inventory_read(&c);
 *	inventory_expect_owner(&c, "usr/bin/x", "dpkg:x");
 *	inventory_finish(&c);
 *
 * or everything at once, as text, a line each:
 *
 *	expect_packages("layer\ntext app/node_modules/a/package.json {...}\n",
 *			.packages = "npm a 1.0.0 app/node_modules/a root dev\n",
 *			.needs = "a > b peer\n",      -- by name; "app/node_modules/a" when two have it
 *			.owners = "app/node_modules/a/x.js a also b\n",   -- files that a package owns
 *			.unreadable = "app/package-lock.json: no valid JSON\n");
 *
 * What is NULL is not compared, but `unreadable`: NULL stands for none.
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
	struct imp_image image;
	struct imp_packages packages;
};

void inventory_lines(struct inventory_case *c, const char *lines);
void inventory_file(struct inventory_case *c, const char *path, const char *content);
void inventory_bytes(struct inventory_case *c, const char *path,
		     struct imp_slice content);
/* NAME of testdata/ at PATH. */
void inventory_copy(struct inventory_case *c, const char *path, const char *name);
/* All layers at once, as stack.h has them, and read. */
void inventory_load(struct inventory_case *c, const char *layers);
/* With the readers of the program, or READERS; c->stack as it is. */
void inventory_read(struct inventory_case *c);
void inventory_read_with(struct inventory_case *c, const struct imp_reader *readers);
void inventory_read_stack(struct inventory_case *c, const struct imp_reader *readers);
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

/* inventory_text.c */
struct packages_expectation {
	const char *packages, *needs, *owners, *unreadable, *purls;
	const char *names;        /* packages without their place: "python a 1 root" */
	const char *architecture; /* of the image; NULL: amd64 */
};
void packages_expect(const char *layers, const struct packages_expectation *expected,
		     const char *file, int line);
#define expect_packages(layers, ...) \
	packages_expect((layers), &(struct packages_expectation){__VA_ARGS__}, __FILE__, \
			__LINE__)
