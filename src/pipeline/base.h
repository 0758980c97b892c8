/* The base image of an image, asked for at its registry. */
#pragma once

#include "imgprof/pipeline.h"

/* As imp_session_resolve_base, of the image at LOCATION; fills the digest too. */
int imp_resolve_base_at(const struct imp_session_options *options,
			const struct imp_image *image,
			const struct imp_location *location, struct imp_base_image *base,
			struct imp_error *err);
int imp_resolve_base(const struct imp_session_options *options,
		     const struct imp_image *image, struct imp_base_image *base,
		     struct imp_error *err);
