/* The base image of an image, asked for at its registry. */
#pragma once

#include "imgprof/pipeline.h"

int imp_resolve_base(const struct imp_session_options *options,
		     const struct imp_image *image, struct imp_base_image *base,
		     struct imp_error *err);
