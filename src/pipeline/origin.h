/*
 * Where an image comes from: what its builder recorded, the Dockerfile that the user gave, the
 * base image. Of the record what is missing or broken is a warning, never an error.
 */
#pragma once

#include "analyse.h"

struct imp_build {
	struct imp_base_image base;  /* origin UNKNOWN: to be guessed */
	struct imp_dockerfile *file; /* NULL: by the history, when the base is known */
	bool base_only;              /* the record has no Dockerfile */
};

/* Before anything is classified. On the thread that resolves. Fails only when cancelled. */
int imp_build_read(const struct imp_analyse_request *request, struct imp_build *build,
		   struct imp_error *err);
/* BASE_LAYERS: those of the base, known or guessed. Fills the analysis' base and dockerfile. */
void imp_build_finish(const struct imp_analyse_request *request,
		      const struct imp_build *build, size_t base_layers,
		      struct imp_analysis *analysis);
/* The count of the base's layers is known, be it 0. */
bool imp_base_is_counted(const struct imp_base_image *base);

/* Raised where the record could not be fetched now: it may be another time. */
#define IMP_WARNING_NO_PROVENANCE "provenance-missing"
