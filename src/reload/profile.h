/* Kind "profile": images as the pipeline made them. */
#pragma once

#include "fields.h"
#include "imgprof/analysis.h"
#include "imgprof/error.h"

/* What one image's parts are read into, and what hangs together in it. */
struct imp_reload_image {
	struct imp_analysis analysis;
	struct imp_image image;
	struct imp_dockerfile dockerfile;
	struct imp_findings findings;
	struct imp_packages packages;
	struct imp_runtime runtime;
	struct imp_recompress recompress;
	struct imp_analysed_layer *layers;
	struct imp_layer_sums *layer_sums;
	struct imp_warnings *warnings; /* owned */
	struct imp_tree *tree;         /* owned; NULL without */
};

/* Everything but the tree. */
void imp_reload_head(struct imp_reading *reading, const json_t *document,
		     struct imp_reload_image *image);
void imp_reload_build(struct imp_reading *reading, const json_t *document,
		      struct imp_reload_image *image);
void imp_reload_findings(struct imp_reading *reading, const json_t *document,
			 struct imp_reload_image *image);
void imp_reload_packages(struct imp_reading *reading, const json_t *document,
			 struct imp_reload_image *image);
/* The tree and what is known by record. */
int imp_reload_records(struct imp_reading *reading, const json_t *document,
		       struct imp_reload_image *image, struct imp_error *err);
/* `records.packages` and what follows from it, once tree and packages are there. */
void imp_reload_relations(struct imp_reading *reading, const json_t *records,
			  struct imp_reload_image *image);
