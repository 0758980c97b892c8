/* The nearest of some words to what somebody typed: for "did you mean". */
#pragma once

#include <stddef.h>

#include "imgprof/slice.h"

/* Edit distance; SIZE_MAX when B is too long to be compared. */
size_t imp_edit_distance(struct imp_slice a, const char *b);
/* The word of WORDS (ended by NULL) at a distance of at most two; NULL when none is as near. */
const char *imp_nearest(struct imp_slice word, const char *const *words);
