/* The `tree` of a JSON document. */
#pragma once

#include "writer_priv.h"

/* Nested rows [name, layer, disk, pull, class, owner, fate, kids], a row of a dead file
 * with the layer that hid it behind kids. A folder's disk and pull bytes are the sums
 * over its kids, dead ones included, so the root's are the sums over all files; its fate
 * is "live", or null when it is gone. Siblings stand by name bytes, the oldest of
 * several first. No recursion: written straight to the buffer, for paths may be deeper
 * than any JSON writer cares to count. */
void imp_json_tree(struct imp_json_file *file, const struct imp_analysis *image);
