/*
 * Inside src/oci: words of a Dockerfile's instructions, lines for layers.
 */
#pragma once

#include "imgprof/dockerfile.h"

/* Without white space at both ends. */
struct imp_slice imp_dockerfile_trim(struct imp_slice text);
/* The next word, divided by white space; empty at the end. *REST moves behind it. */
struct imp_slice imp_dockerfile_word(struct imp_slice *rest);
/* "--chown=1:2" off the front of *REST; {NULL, 0} when there is none. */
struct imp_slice imp_dockerfile_take_flag(struct imp_slice *rest);

/* Layers that stand nowhere. */
void imp_dockerfile_clear(struct imp_dockerfile_layer *layers, size_t count);
/* LAYER stands on the first line of INSTRUCTION. */
void imp_dockerfile_set_line(const struct imp_dockerfile *file, uint32_t instruction,
			     struct imp_dockerfile_layer *layer);
