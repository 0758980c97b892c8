/* Ruby's gems and bundler. */
#pragma once

#include "imgprof/slice.h"

/* gem_lock.c: Gemfile.lock and gems.locked: what a project asks for. ROOT is called for each
 * entry of DEPENDENCIES with the version that the lock has for it. */
typedef void imp_gem_root(void *context, struct imp_slice name, struct imp_slice version);
void imp_gem_lock_read(struct imp_slice text, imp_gem_root *root, void *context);
