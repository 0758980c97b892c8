/*
 * The layers of one image as profiles: out of the book, the cache, or read from the
 * source, each blob once, in parallel.
 */
#pragma once

#include "book.h"
#include "imgprof/analysis.h"
#include "imgprof/pipeline.h"
#include "imgprof/source.h"

/* What became of one layer. */
struct imp_layer_outcome {
	const struct imp_profile *profile; /* the book's; NULL: missing */
	enum imp_verified verified;
	bool cached;
	bool incomplete;         /* missing or damaged */
	struct imp_error reason; /* when incomplete */
};

struct imp_layers_request {
	const struct imp_session_options *options;
	struct imp_book *book;
	struct imp_source *source;
	const struct imp_image *image;
};

/* Fills OUTCOMES (image->layer_count of them). Fails for the first layer that cannot be
 * read whole, unless options->partial or the layer is one that nobody could read
 * (encrypted, foreign and absent): then it is an outcome. *ADDED counts the profiles
 * that were put into the cache. */
int imp_layers_read(const struct imp_layers_request *request,
		    struct imp_layer_outcome *outcomes, struct imp_warnings *warnings,
		    size_t *added, struct imp_error *err);

/* Holds a profile that was read anyhow (a one-pass source's) against what the image says
 * of layer LAYER: digest, size and DiffID. */
int imp_layer_accept(const struct imp_image *image, size_t layer,
		     const struct imp_book_page *page, enum imp_verified *verified,
		     struct imp_error *err);

/* Reads a member of a one-pass source into the book. NULL with ERR filled when it is no
 * layer that can be read; the caller decides whether that matters. */
int imp_layer_read_member(const struct imp_session_options *options,
			  struct imp_book *book, struct imp_stream *bytes,
			  struct imp_book_page *out, struct imp_error *err);
