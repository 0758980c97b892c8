/*
 * What a registry stores and what that costs: set arithmetic over blobs
 * (reference/ecosystem.md 2.3, 2.4). The inventory is plain data, from whatever place;
 * nothing here asks a registry.
 *
 *	struct imp_cost *cost = imp_cost_create(&inventory, IMP_DEDUPE_REPOSITORY);
 *	cost->stored_bytes, cost->roots[i].attributed_bytes ...
 *	imp_cost_destroy(cost);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/error.h"
#include "imgprof/hash.h"
#include "imgprof/image.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"
#include "imgprof/warning.h"

/* Over what a blob is stored and billed once. */
enum imp_dedupe {
	IMP_DEDUPE_REPOSITORY,
	IMP_DEDUPE_NAMESPACE, /* host with the first path component */
	IMP_DEDUPE_REGISTRY,  /* host */
	IMP_DEDUPES
};
const char *imp_dedupe_name(enum imp_dedupe dedupe); /* "repository" */
bool imp_dedupe_parse(struct imp_slice text, enum imp_dedupe *out);

/* Platforms of a use beside the indices of the inventory's list. */
#define IMP_COST_NO_PLATFORM UINT16_MAX /* indexes, attestations, artifacts */
#define IMP_COST_SEVERAL_PLATFORMS (UINT16_MAX - 1)

/* A blob in the closure of a root. */
struct imp_cost_use {
	uint32_t blob;     /* index in the inventory's list */
	uint16_t platform; /* index, or one of the two above */
	bool attached;     /* only through a subject link or an attestation */
	bool manifest;     /* a manifest or an index: it can be deleted by its digest */
	bool layer;        /* of an image, not of an attachment */
};

struct imp_cost_blob {
	struct imp_digest digest;
	uint64_t size_bytes;
};

struct imp_cost_repository {
	struct imp_slice host;
	struct imp_slice path; /* raw; of a local source: its name */
};

/* A manifest that something names: a tag, or a list of digests. */
struct imp_cost_image {
	uint32_t repository;
	struct imp_digest digest;     /* of the config where there is no manifest */
	const struct imp_slice *tags; /* in byte order; none: untagged */
	size_t tag_count;
	bool dated;
	int64_t time_ns;                 /* pushed, else created */
	const struct imp_cost_use *uses; /* each blob once; its own manifest first */
	size_t use_count;
	bool has_foreign;              /* layers that are not among the uses */
	const struct imp_pair *labels; /* of the newest image in it */
	size_t label_count;
};

struct imp_cost_inventory {
	const struct imp_cost_repository *repositories;
	size_t repository_count;
	const struct imp_cost_blob *blobs; /* each digest once */
	size_t blob_count;
	const char *const *platforms;
	size_t platform_count;
	const struct imp_cost_image *images; /* those of a repository stand together */
	size_t image_count;
	size_t foreign_layers; /* listed, counted as 0 bytes */
	/* Of archives and folders, not compressed: a registry would hold fewer bytes */
	size_t plain_layers;
	/* Not a selection of tags; and not a selection of a host's repositories */
	bool all_tags, all_repositories;
	bool untagged_visible; /* the source tells of untagged manifests */
	bool complete;         /* all that was asked for was seen */
	struct imp_warnings *warnings;
};

/* The numbers of one root; of the inventory's image with the same index. */
struct imp_cost_root {
	uint64_t full_bytes, exclusive_bytes, attributed_bytes, marginal_bytes;
};

/* The numbers of some roots together: a repository, a label, a prefix of tags. */
struct imp_cost_group {
	uint64_t stored_bytes;    /* the union of their closures */
	uint64_t exclusive_bytes; /* what deleting all of them frees */
	uint64_t attributed_bytes, marginal_bytes;
	uint64_t median_full_bytes, median_marginal_bytes; /* over roots; lower of two */
	size_t roots, tags;
};

struct imp_cost {
	const struct imp_cost_inventory *inventory; /* borrowed */
	enum imp_dedupe dedupe;
	struct imp_cost_root *roots; /* one for each image */
	uint32_t *order;             /* images, first in the total order first */
	uint64_t stored_bytes, naive_bytes;
	uint64_t untagged_bytes, referrer_bytes;
	/* One for each platform, then several, then none */
	uint64_t *platform_bytes;
	struct imp_cost_private *priv;
};

/* Cannot fail: an inventory keeps all sums below 2^63 (imp_cost_sizes_fit). */
struct imp_cost *imp_cost_create(const struct imp_cost_inventory *inventory,
				 enum imp_dedupe dedupe);
void imp_cost_destroy(struct imp_cost *cost);
IMP_DEFINE_DESTROY(imp_cost);

/* false when the sum over all tags of all closures is above 2^63-1. */
bool imp_cost_sizes_fit(const struct imp_cost_inventory *inventory);

/* The images in groups: GROUP_OF[image] < GROUP_COUNT. OUT has GROUP_COUNT rows. */
void imp_cost_groups(const struct imp_cost *cost, const uint32_t *group_of,
		     size_t group_count, struct imp_cost_group *out);
/* What deleting the CHOSEN images (one bool each) frees after collection. */
uint64_t imp_cost_free_bytes(const struct imp_cost *cost, const bool *chosen);

/* Prices (reference/ecosystem.md 2.1). Money is an integer count of nano-units. */

enum { IMP_PRICE_TIERS = 8 };

struct imp_price_tier {
	uint64_t up_to_gb;    /* of the unit base; UINT64_MAX: all above */
	uint64_t nano_per_gb; /* for one month */
};

struct imp_price {
	const char *name;
	const char *currency; /* "USD" */
	uint64_t unit_base;   /* bytes of a GB: 10^9 or 2^30 */
	enum imp_dedupe dedupe;
	struct imp_price_tier tiers[IMP_PRICE_TIERS];
	size_t tier_count;
	uint64_t free_bytes; /* an account's; only with `free_tier` */
	uint64_t fixed_nano; /* for one month */
	const char *source;  /* NULL: the user's own */
	const char *date;    /* "2026-11-23"; NULL: the user's own */
	/* The user's, with it */
	uint32_t replicas; /* >= 1 */
	bool free_tier;
};

/* TEXT: a preset's name, NUMBER[CURRENCY]/GB-month, or (FILE_TEXT not NULL) the name of a
 * file with the rows of data/prices.tsv, of which the first counts. Strings live in ARENA.
 * IMP_E_USAGE. */
int imp_price_parse(struct imp_slice text, const struct imp_slice *file_text,
		    struct imp_arena *arena, struct imp_price *out,
		    struct imp_error *err);
/* "1e9", "2^30" or a number of bytes. */
bool imp_unit_base_parse(struct imp_slice text, uint64_t *out);
/* More than a year old at NOW_NS. */
bool imp_price_is_stale(const struct imp_price *price, int64_t now_ns);
/* What storing BYTES for one month of 730 hours costs, rounded once; saturates. */
uint64_t imp_price_month(const struct imp_price *price, uint64_t bytes);
/* The part of the month's cost that the bytes cause, without fixed fees: for PART of
 * STORED bytes, in proportion. 0 when STORED is 0. */
uint64_t imp_price_part(const struct imp_price *price, uint64_t part, uint64_t stored);
/* Bytes that cost something: less the allowance. */
uint64_t imp_price_billable_bytes(const struct imp_price *price, uint64_t bytes);

#define IMP_MONEY_TEXT 32
/* "0.108600000": always 9 places. */
const char *imp_money_exact(uint64_t nano, char out[static IMP_MONEY_TEXT]);
/* For people: two places; under one hundredth two significant digits; "0". Rounds half up. */
const char *imp_money_text(uint64_t nano, char out[static IMP_MONEY_TEXT]);
/* "50", "50USD", "0.05 EUR": *CURRENCY is empty when there is none. false when malformed. */
bool imp_money_parse(struct imp_slice text, uint64_t *nano, struct imp_slice *currency);

/* What if (reference/ecosystem.md 2.6). */

struct imp_cost_what_if {
	const char *expression; /* as given */
	struct imp_slice match; /* data NULL: any tag */
	bool has_keep, has_older;
	uint64_t keep;
	int64_t older_ns;
};

/* IMP_E_USAGE. */
int imp_cost_what_if_parse(const char *expression, struct imp_cost_what_if *out,
			   struct imp_error *err);

struct imp_cost_digest {
	uint32_t repository;
	struct imp_digest digest;
};

struct imp_cost_what_if_result {
	const char *expression; /* NULL: all of them as one union */
	bool *chosen;           /* one for each image */
	size_t images;
	size_t undated; /* images that it would have had to date */
	size_t held;    /* images that stay because a kept index lists them */
	uint64_t free_bytes;
	/* What another tool would delete: the chosen, then what only they list */
	const struct imp_cost_digest *digests;
	size_t digest_count;
};

/* OUT->chosen lives in ARENA. NOW_NS is what ages are counted from. */
void imp_cost_what_if_apply(const struct imp_cost *cost,
			    const struct imp_cost_what_if *what_if, int64_t now_ns,
			    struct imp_arena *arena, struct imp_cost_what_if_result *out);
void imp_cost_what_if_union(const struct imp_cost *cost,
			    const struct imp_cost_what_if_result *results, size_t count,
			    struct imp_arena *arena, struct imp_cost_what_if_result *out);

/* Groups by name: "repo", "tag-prefix", "label:KEY". */
struct imp_cost_grouping {
	uint32_t *group_of; /* one for each image */
	struct imp_slice *names;
	size_t count;
};
/* IMP_E_USAGE. Of the arena; names in byte order. */
int imp_cost_grouping(const struct imp_cost_inventory *inventory, struct imp_slice by,
		      struct imp_arena *arena, struct imp_cost_grouping *out,
		      struct imp_error *err);
/* "ghcr.io/acme/web"; of a local source its name alone. */
void imp_cost_repository_name(const struct imp_cost_repository *repository,
			      struct imp_strbuf *out);

/* The figure that spreadsheets count with: what images weigh unpacked, once for every tag, or
 * once for an untagged root (reference/ecosystem.md 2.5). No registry bills it. */
struct imp_cost_unpacked_sum {
	uint64_t bytes; /* of those that are known */
	size_t tags, known_tags;
};
struct imp_cost_unpacked {
	const uint64_t *image_bytes; /* one for each image, once; IMP_UNKNOWN_SIZE */
	const struct imp_cost_unpacked_sum *repositories; /* one for each */
	struct imp_cost_unpacked_sum total;
};
/* BLOB_BYTES: what each blob of the inventory holds when it is unpacked, IMP_UNKNOWN_SIZE where
 * nothing tells. An image is known when all its layers are. Of ARENA; sums saturate. */
void imp_cost_unpack(const struct imp_cost_inventory *inventory,
		     const uint64_t *blob_bytes, struct imp_arena *arena,
		     struct imp_cost_unpacked *out);
/* The same from what each image weighs. IMAGE_BYTES must outlive OUT. */
void imp_cost_unpacked_add_up(const struct imp_cost_inventory *inventory,
			      const uint64_t *image_bytes, struct imp_arena *arena,
			      struct imp_cost_unpacked *out);
bool imp_cost_unpacked_is_known(const struct imp_cost_unpacked_sum *sum);

/* A row of the report: some roots under one name. */
struct imp_cost_row {
	struct imp_slice name; /* raw */
	struct imp_cost_group group;
	uint64_t month_nano; /* the part of the month's cost that is attributed to it */
};

/* All that a report says; of the caller's arena. */
struct imp_cost_report {
	const struct imp_cost_inventory *inventory;
	const struct imp_cost *cost;
	const struct imp_price *price;
	bool price_is_stale;
	const char *title; /* what was asked for; raw */
	int64_t as_of_ns;
	/* The whole domain may be larger than what was asked for */
	bool scope_is_part;
	uint64_t month_nano, naive_month_nano;
	bool has_max;
	uint64_t max_nano; /* the gate */
	const struct imp_cost_unpacked *unpacked;
	const uint32_t *order; /* images, as they are listed */
	/* For each image: its part of the month, and what the month were without it */
	const uint64_t *attributed_nano, *avoidable_nano;
	const struct imp_cost_row *repositories; /* one for each of the inventory */
	const uint32_t *repository_order;
	const char *group_by; /* NULL: not asked */
	const struct imp_cost_row *groups;
	size_t group_count;
	const struct imp_cost_what_if_result
		*what_ifs; /* the union of several comes last */
	const uint64_t *saved_nano;
	size_t what_if_count;
	const struct imp_cost_traffic *traffic; /* traffic.h; NULL: not asked */
	bool digests;                           /* text: list them */
	const struct imp_cost_growth *growth;   /* growth.h; NULL: not known */
};
