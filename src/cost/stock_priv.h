/*
 * Inside src/cost: an inventory in the making. Requests run in parallel and leave their
 * answers with their job; everything else happens on the caller's thread, in the order of
 * the jobs, so that the result does not depend on timing.
 */
#pragma once

#include <pthread.h>

#include "imgprof/map.h"
#include "imgprof/pool.h"
#include "imgprof/reference.h"
#include "imgprof/repository.h"
#include "imgprof/stock.h"

#define IMP_NO_INDEX UINT32_MAX

/* What was asked for in a repository. */
struct imp_want {
	struct imp_slice glob; /* of tags; data NULL: the digest */
	const char *name; /* also: of the image in an archive, normalised; NULL: none */
	struct imp_digest digest;
	bool one; /* the glob is a tag, which should be there */
	bool met;
};

struct imp_host {
	struct imp_slice name;
	bool probed, no_referrers; /* the API */
};

struct imp_shelf_row {
	struct imp_slice tag; /* empty: untagged */
	struct imp_digest digest;
	uint32_t source; /* the shelf that it is read from */
	bool wanted;     /* it matches; else it may be a fallback tag of one that does */
	bool fallback;   /* named after a digest, which is `subject` */
	struct imp_digest subject;
};

/* One repository. */
struct imp_shelf {
	struct imp_slice host, path; /* host empty: local */
	struct imp_location location;
	uint32_t index; /* in the inventory's list */
	uint32_t host_index;
	struct imp_want *wants;
	size_t want_count, want_capacity;
	struct imp_repository *source; /* NULL: closed */
	pthread_mutex_t mutex;         /* of a local one */
	struct imp_listing listing;
	struct imp_shelf_row *rows;
	size_t row_count, row_capacity;
	bool local;
	bool of_catalog; /* with all others of its host */
	bool renamed;    /* a local one whose images name other repositories */
	bool broken;     /* the network failed after retries: it is left alone */
};

/* A manifest of an index, or what is attached to a manifest. */
struct imp_doc_child {
	uint32_t doc;
	uint16_t platform;
	bool attached;
};

/* A manifest or an index; the same whatever repository it is in. */
struct imp_doc {
	struct imp_digest digest;
	uint32_t shelf;  /* that it is read from */
	uint32_t blob;   /* IMP_NO_INDEX: it could not be had */
	uint32_t depth;  /* below what a tag names */
	bool manifest;   /* it is one, not a config that stands for an image */
	uint32_t *blobs; /* the config, then layers */
	size_t blob_count, first_layer;
	struct imp_doc_child *children;
	size_t child_count;
	uint32_t config; /* of an image; else IMP_NO_INDEX */
	uint32_t foreign_layers;
	struct imp_digest subject;
};

struct imp_image_config {
	struct imp_digest digest;
	uint32_t shelf;
	bool dated;
	int64_t created_ns;
	uint16_t platform;
	struct imp_pair label; /* key.data NULL: none */
};

/* SUBJECT has ATTACHED in the shelf. */
struct imp_attachment {
	uint32_t shelf, subject, attached;
};

struct imp_stock {
	struct imp_stock_options options;
	struct imp_arena *arena;
	struct imp_cost_inventory result;
	const char **registries; /* whose catalogs are asked for; with a glob or NULL */
	struct imp_slice *registry_globs;
	size_t registry_count, registry_capacity, registry_glob_capacity;
	struct imp_shelf **shelves;
	size_t shelf_count, shelf_capacity, open_count;
	struct imp_map shelf_by_name;
	struct imp_host *hosts;
	size_t host_count, host_capacity;
	struct imp_doc *docs;
	size_t doc_count, doc_capacity, docs_loaded;
	struct imp_map doc_by_digest;
	struct imp_image_config *configs;
	size_t config_count, config_capacity, configs_loaded;
	struct imp_map config_by_digest;
	struct imp_cost_blob *blobs;
	size_t blob_count, blob_capacity;
	struct imp_map blob_by_digest;
	const char **platforms;
	size_t platform_count, platform_capacity;
	struct imp_map platform_by_name;
	struct imp_attachment *attachments;
	size_t attachment_count, attachment_capacity;
	size_t visible; /* shelves that could be listed */
	struct imp_error first_failure;
	struct imp_error no_such_tag; /* the first that was asked for and is not there */
};

/* Jobs (jobs.c): one request each. */
struct imp_job {
	struct imp_stock *inventory;
	struct imp_shelf *shelf;
	const struct imp_digest *digest;
	const char *tag;
	struct imp_arena *arena;
	struct imp_strbuf body;
	struct imp_document image; /* instead of a manifest's body, where there is none */
	struct imp_listing listing;
	struct imp_error err;
	uint32_t index; /* of a row, document ... */
	enum imp_document_place place;
	int rc;
	bool has_image;
	struct imp_digest found;
};
typedef void imp_job_run(struct imp_job *job);
/* Runs them, in parallel where that is polite. Negative only for IMP_E_CANCELLED. */
int imp_jobs_run(struct imp_stock *inventory, struct imp_job *jobs, size_t count,
		 imp_job_run *run, struct imp_error *err);
void imp_jobs_finish(struct imp_job *jobs, size_t count); /* not the array itself */
enum { IMP_JOBS_AT_ONCE = 256 };

/* What JOB could not see: a warning with CODE, and the inventory is incomplete. */
void imp_stock_unseen(struct imp_stock *inventory, struct imp_job *job, const char *code);

/* The shelf HOST/PATH, made when it is new. */
struct imp_shelf *imp_stock_shelf(struct imp_stock *inventory, struct imp_slice host,
				  struct imp_slice path,
				  const struct imp_location *location);

/* NAME of an image as docker completes it; NULL when it is none. */
const char *imp_stock_full_name(struct imp_stock *inventory, struct imp_slice name);

/* The phases, in this order. */
int imp_stock_catalogs(struct imp_stock *inventory, struct imp_error *err);
int imp_stock_list(struct imp_stock *inventory, struct imp_error *err);
int imp_stock_heads(struct imp_stock *inventory, struct imp_error *err);
int imp_stock_documents(struct imp_stock *inventory, struct imp_error *err);
int imp_stock_referrers(struct imp_stock *inventory, struct imp_error *err);
int imp_stock_configs(struct imp_stock *inventory, struct imp_error *err);
void imp_stock_images(struct imp_stock *inventory);

/* Its number, added when it is new. */
uint32_t imp_stock_doc(struct imp_stock *inventory, const struct imp_digest *digest,
		       uint32_t shelf, uint32_t depth);
/* IMP_NO_INDEX when it is not known. */
uint32_t imp_stock_find_doc(const struct imp_stock *inventory,
			    const struct imp_digest *digest);

/* Documents by digest in the store (cached.c). 0 and the bytes, checked; 1: not there. */
int imp_cached_get(struct imp_store *store, const struct imp_digest *digest,
		   struct imp_strbuf *body);
void imp_cached_put(struct imp_store *store, const struct imp_digest *digest,
		    struct imp_slice body);
