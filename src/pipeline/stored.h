/*
 * An analysis without its tree as bytes: what formats show that need neither tree nor records.
 *
 * Of layers the sums of their summaries and what was verified; of findings all but their
 * arrays by record and partials; of packages manager, name, version and sum; of what runs the
 * commands, whether they could be followed, and what they reach; the base image; of the Dockerfile
 * where it comes from and the lines of the layers; warnings. Everything else is
 * zero, NULL or IMP_NONE. The image itself is not in it: it was resolved by whoever loads.
 */
#pragma once

#include "imgprof/analysis.h"
#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/strbuf.h"

/* Of the format and of what analyses say: to be raised when the same layers and the same rules
 * are judged otherwise than before. */
#define IMP_ANALYSIS_VERSION 6

/* A complete analysis. Its warnings from number FIRST_WARNING on. */
void imp_stored_write(const struct imp_analysis *analysis, size_t first_warning,
		      struct imp_strbuf *out);

/* IMAGE as it was resolved now; the warnings are added to WARNINGS, the analysis lives in ARENA.
 * IMP_E_FORMAT when BYTES, which anybody may have written, are no analysis of such an image. */
int imp_stored_load(struct imp_slice bytes, const struct imp_image *image,
		    struct imp_warnings *warnings, struct imp_arena *arena,
		    struct imp_analysis **out, struct imp_error *err);
