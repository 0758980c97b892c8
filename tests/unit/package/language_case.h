/*
 * The packages of an image as text, one line each, so that a case shows everything at once:
 *
 *	expect_packages("layer\ntext app/node_modules/a/package.json {...}\n",
 *			.packages = "npm a 1.0.0 app/node_modules/a root dev\n",
 *			.needs = "a > b peer\n",      -- by name; "app/node_modules/a" when two have it
 *			.owners = "app/node_modules/a/x.js a\n",  -- files that a package owns
 *			.unreadable = "app/package-lock.json: no valid JSON\n");
 *
 * What is NULL is not compared, but `unreadable`: NULL stands for none.
 */
#pragma once

#include "imgprof/package.h"
#include "imgprof/strbuf.h"

#include "case.h"
#include "stack.h"

struct packages_expectation {
	const char *packages, *needs, *owners, *unreadable, *purls;
	const char *architecture; /* of the image; NULL: amd64 */
};

struct packages_image {
	struct imp_arena *arena;
	struct imp_tree *tree;
	struct imp_contents *contents;
	struct imp_image image;
	struct imp_packages packages;
};

/* IMAGE borrows from STACK. */
void packages_read(struct packages_image *image, const struct stack *stack,
		   const char *architecture);
void packages_finish(struct packages_image *image);
void packages_add_list(const struct packages_image *image, struct imp_strbuf *out);

void packages_expect(const char *layers, const struct packages_expectation *expected,
		     const char *file, int line);
#define expect_packages(layers, ...) \
	packages_expect((layers), &(struct packages_expectation){__VA_ARGS__}, __FILE__, \
			__LINE__)
