/*
 * From what the user typed to an analysed image: source, cache, layers in parallel,
 * tree, findings, invariants. A session holds what several images of one run share: the
 * profiles read so far (a layer that two images have is read once, with or without a
 * cache on disk).
 *
 *	struct imp_session *session = imp_session_create(&options);
 *	imp_session_analyse(session, &location, &set, &err);
 *	report(set->images, set->count);
 *	imp_analysis_set_destroy(set);      -- before the session
 *	imp_session_destroy(session);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/analysis.h"
#include "imgprof/classify.h"
#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/progress.h"
#include "imgprof/recompress.h"
#include "imgprof/reference.h"
#include "imgprof/source.h"
#include "imgprof/store.h"

/* Told when the layers of an image are about to be read and when that is over; PROGRESS
 * is valid in between. Both on the thread that analyses. */
struct imp_progress_watcher {
	void (*begin)(void *user, struct imp_progress *progress);
	void (*end)(void *user, struct imp_progress *progress);
	void *user;
};

struct imp_dockerfile_given {
	const char *name;
	struct imp_slice text;
};

struct imp_session_options {
	const struct imp_context *context;
	struct imp_source_options source;
	struct imp_platform_choice choice;
	const struct imp_rules *rules; /* NULL: no classification, the ledger alone */
	struct imp_runtime_options runtime;
	/* What layers would weigh at these settings (recompress.h); 0: not asked */
	const struct imp_recompress_setting *recompress;
	size_t recompress_count;
	struct imp_store *store; /* borrowed; NULL: no cache on disk */
	/* No more is asked of an analysis than is in a stored one: src/pipeline/stored.h. One that
	 * was kept by an earlier run will do, and comes without tree. PROGRAM: the version whose
	 * analyses those are; NULL: none are kept */
	bool tree_optional;
	const char *program;
	/* The user's Dockerfile, its lines for the layers; text.data NULL: none given */
	struct imp_dockerfile_given dockerfile;
	/* Ask the registry for a base image that is named, to count its layers: costs requests */
	bool resolve_base;
	/* The user's word for it; NULL: none. See imp_session_use_base */
	const struct imp_location *base;
	bool verify_diff_ids;                /* check every DiffID (--verify full) */
	bool partial;                        /* go on without what cannot be read */
	struct imp_progress_watcher watcher; /* functions may be NULL */
};

struct imp_session; /* opaque */

struct imp_session *imp_session_create(const struct imp_session_options *options);
void imp_session_destroy(struct imp_session *session);
IMP_DEFINE_DESTROY(imp_session);

/* One image, or one for each platform, in index order. Borrows from the session. */
struct imp_analysis_set {
	const struct imp_analysis *const *images;
	size_t count;
	bool complete; /* all of them */
	struct imp_analysis_set_private *priv;
};

/* The image that BASE names, for the platform of IMAGE: fills BASE's layer count when its layers are
 * the lowest ones of IMAGE, else leaves 0. Errors are those of resolving it. */
int imp_session_resolve_base(struct imp_session *session, const struct imp_image *image,
			     struct imp_base_image *base, struct imp_error *err);

/* BASE (borrowed) is the base image of what is analysed from here on; NULL: as it is recorded. One
 * that cannot be found fails the analysis; one whose layers are not the lowest is a warning, and
 * the record counts. */
void imp_session_use_base(struct imp_session *session, const struct imp_location *base);

int imp_session_analyse(struct imp_session *session, const struct imp_location *location,
			struct imp_analysis_set **out, struct imp_error *err);
/* Of a long run over many images: forgets layer profiles that neither SET nor what was analysed
 * after it uses, until all take no more than MOST_BYTES. Sets from before it are gone. What is
 * wanted again comes from the cache, or is read again. */
void imp_session_trim(struct imp_session *session, const struct imp_analysis_set *set,
		      size_t most_bytes);
void imp_analysis_set_destroy(struct imp_analysis_set *set);
IMP_DEFINE_DESTROY(imp_analysis_set);
