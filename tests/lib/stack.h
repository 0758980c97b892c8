/*
 * Layers from a few lines of text, for tests of what stands on layer profiles: the text
 * becomes tar bytes, those become profiles by imp_layer_read.
 *
 *	struct stack stack;
 *	stack_read(&stack,
 *		   "layer\n"
 *		   "dir usr/lib\n"
 *		   "file usr/lib/x 100 seed=1 mode=755 uid=0 gid=0 mtime=5 xattr=user.a=b\n"
 *		   "text etc/hostname db\\n"
 *		   "copy usr/bin/true /usr/bin/true mode=755\n"
 *		   "link usr/lib/y -> usr/lib/x\n"
 *		   "symlink lib -> usr/lib\n"
 *		   "char dev/null\n"
 *		   "layer\n"
 *		   "whiteout a/b\n"
 *		   "opaque d\n");
 *	imp_tree_build(stack.profiles, stack.count, ...);
 *	stack_finish(&stack);
 *
 * One line is one tar entry, in this order; nothing is implied or sorted. `text` takes the rest of the
 * line as content, `copy` a file of this machine. Besides: `block`
 * and `fifo`; `missing` is a layer that could not be read (a NULL). A file's bytes follow
 * from its size and seed. `whiteout a/b` writes a/.wh.b, `opaque d` writes d/.wh..wh..opq
 * (`opaque .` at the root); other odd names are simply written out ("file .wh. 0"). Names and texts are
 * put into the tar as they stand, but for \s (space), \n, \t, \\ and \xHH. Empty lines and lines that start with #
 * are skipped. A mistake in the text aborts, as does a layer that cannot be read.
 */
#pragma once

#include <stddef.h>

#include "imgprof/profile.h"

enum { STACK_LAYERS = 32 };

struct stack {
	const struct imp_profile *profiles[STACK_LAYERS];
	struct imp_profile *owned[STACK_LAYERS]; /* the same */
	size_t count;
};

void stack_read(struct stack *stack, const char *text);
void stack_finish(struct stack *stack); /* zeroed allowed */
