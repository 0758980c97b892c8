/*
 * What there is in repositories, from manifests and configs alone: the input of cost.h.
 *
 *	struct imp_stock *inventory = imp_stock_create(&options);
 *	imp_stock_add(inventory, "ghcr.io/acme/web:v*", &err);
 *	imp_stock_run(inventory, &err);
 *	imp_cost_create(imp_stock_result(inventory), IMP_DEDUPE_REPOSITORY);
 *	imp_stock_destroy(inventory);
 */
#pragma once

#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/cost.h"
#include "imgprof/error.h"
#include "imgprof/source.h"
#include "imgprof/store.h"

struct imp_stock_options {
	const struct imp_context *context;
	struct imp_source_options source;
	struct imp_store *store; /* borrowed; manifests by digest, for ever. NULL: none */
	struct imp_slice label;  /* of configs, kept with its value; empty: none */
	int64_t now_ns;          /* what is created later has no date */
	/* One line before the requests begin. NULL: nobody listens */
	void (*say)(void *user, const char *line);
	void *user;
};

struct imp_stock; /* opaque */

struct imp_stock *imp_stock_create(const struct imp_stock_options *options);
void imp_stock_destroy(struct imp_stock *inventory);
IMP_DEFINE_DESTROY(imp_stock);

/* ARGUMENT (borrowed): REPOSITORY[:TAGS], TAGS a tag or a glob; REPOSITORY@DIGEST, tagged
 * or not; HOST/GLOB for repositories by name; a path to an OCI layout or an archive,
 * docker's too.
 * IMP_E_USAGE. */
int imp_stock_add(struct imp_stock *inventory, const char *argument,
		  struct imp_error *err);
/* All repositories that HOST lists (its catalog, when it runs). */
int imp_stock_add_registry(struct imp_stock *inventory, const char *host,
			   struct imp_error *err);
/* A file of arguments, one a line; '#' begins a comment. NAME is for messages. */
int imp_stock_add_lines(struct imp_stock *inventory, struct imp_slice text,
			const char *name, struct imp_error *err);

/* Once. What could not be seen becomes a warning and clears `complete`; fails when nothing
 * at all could be seen, or is asked to stop. */
int imp_stock_run(struct imp_stock *inventory, struct imp_error *err);
/* Valid as long as the inventory. */
const struct imp_cost_inventory *imp_stock_result(const struct imp_stock *inventory);
