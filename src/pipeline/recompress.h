/* The layers of an image at other compressions, by samples. */
#pragma once

#include "imgprof/analysis.h"
#include "imgprof/pipeline.h"
#include "imgprof/recompress.h"
#include "imgprof/source.h"

struct imp_recompress_request {
	const struct imp_session_options *options; /* with the settings */
	struct imp_source *source;
	const struct imp_analysis *analysis;
	struct imp_arena *arena;
};

/* OUT lives in the arena. Layers that are missing or damaged stay unknown. */
int imp_recompress_run(const struct imp_recompress_request *request,
		       const struct imp_recompress **out, struct imp_error *err);
