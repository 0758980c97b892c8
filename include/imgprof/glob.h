/*
 * Globs that users write: `*` is any run of characters, `?` is one. For names of images and
 * tags every character counts alike; in paths both stop at a slash, `**` does not, and as a
 * whole component it may stand for no folder at all.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"

bool imp_glob_name(struct imp_slice glob, struct imp_slice text);
bool imp_glob_path(struct imp_slice glob, struct imp_slice path);
