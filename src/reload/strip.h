#pragma once

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* TEXT, a JSON document, without the members `tree` of the objects in its list `images`: nested
 * as deep as paths, made for people, and known from `records`. What is no JSON comes out as
 * something that is none. */
void imp_strip_trees(struct imp_slice text, struct imp_strbuf *out);
