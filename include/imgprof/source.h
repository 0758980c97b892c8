/*
 * Where an image comes from, behind one interface: a registry, an archive of docker or
 * OCI, a layout or dir: folder, standard input.
 *
 *	imp_source_open(context, &location, &options, &source, &err);
 *	imp_source_resolve(source, &choice, arena, warnings, &images, &count, &err);
 *	imp_source_open_layer(source, &images[0], 3, &stream, &err);
 *	imp_source_destroy(source);
 *
 * A source that can be read only once (standard input, a compressed archive) cannot
 * open layers later: it hands every member that could be a layer to the sink while it
 * resolves, and the caller keeps what it made of it under the member's digests.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/progress.h"
#include "imgprof/reference.h"
#include "imgprof/strbuf.h"
#include "imgprof/stream.h"
#include "imgprof/warning.h"

struct imp_source; /* opaque */

struct imp_source_options {
	bool plain_http; /* http for hosts beyond the loopback */
	bool foreign;    /* fetch foreign layers from their urls, without credentials */
};

/* Called for a member that could be a layer while a one-pass source is read, on the
 * thread that resolves. BYTES is borrowed: the raw member (compressed or not); what is
 * left unread is skipped. NAME: the member, for messages. Fills *ID with a number >= 0
 * that the caller understands, or -1 to say that it is no layer. Failing ends the run;
 * an unreadable candidate is not a failure (it may be no layer at all). */
struct imp_layer_sink {
	int (*offer)(void *user, const char *name, struct imp_stream *bytes, int *id,
		     struct imp_error *err);
	void *user;
};

struct imp_platform_choice {
	struct imp_platform platform;
	bool explicitly; /* --platform was given: nothing else will do */
	bool all;        /* --all-platforms: every image of the index */
};

int imp_source_open(const struct imp_context *context,
		    const struct imp_location *location,
		    const struct imp_source_options *options, struct imp_source **out,
		    struct imp_error *err);
void imp_source_destroy(struct imp_source *source);
IMP_DEFINE_DESTROY(imp_source);

/* true when the source reads its bytes once and SINK must be given to resolve. */
bool imp_source_is_one_pass(const struct imp_source *source);

/* Finds the image (or, with choice->all, the images) in index order. Documents live in
 * ARENA; every digest of a document that has one was checked. The digest of a docker
 * archive without manifest is NONE. IMP_E_NOT_FOUND lists the platforms, tags or images
 * that there are. With a one-pass source each layer of an image carries in
 * `one_pass_ids` (arena, one per image and layer) what the sink answered, or -1 for one
 * that is missing. */
struct imp_resolution {
	struct imp_image *images;
	size_t image_count;
	const int *const *one_pass_ids; /* NULL unless one-pass */
};
int imp_source_resolve(struct imp_source *source,
		       const struct imp_platform_choice *choice,
		       const struct imp_layer_sink *sink, struct imp_arena *arena,
		       struct imp_warnings *warnings, struct imp_resolution *out,
		       struct imp_error *err);

/* The raw bytes of layer LAYER from the start, unverified (imp_stream_verify does that;
 * the expected size and digest stand in the descriptor). Thread-safe. The caller owns
 * *OUT. IMP_E_NOT_FOUND when the archive or registry lacks it. */
int imp_source_open_layer(struct imp_source *source, const struct imp_image *image,
			  size_t layer, struct imp_stream **out, struct imp_error *err);

/* What the builder of IMAGE recorded of the build: the statement of its attestation, unparsed,
 * checked by its digest, appended to BODY (reference/formats.md 2.14, 9.5). 1 when there is
 * none. On the thread that resolves. */
int imp_source_read_provenance(struct imp_source *source, const struct imp_image *image,
			       struct imp_strbuf *body, struct imp_error *err);
