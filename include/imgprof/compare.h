/*
 * Two images: what changed, by layer, package, class, finding and path, in disk and in pull
 * bytes (design section 4, "diff"; reference/ecosystem.md 1.2, 1.3). A diff stands by itself:
 * reports and budgets need nothing of the two analyses, so one that was stored and read back
 * is as good as a fresh one. Everything in it lives in the arena that it was made in.
 *
 * Every list's changes add up to the change of the totals, in both sizes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/analysis.h"
#include "imgprof/arena.h"
#include "imgprof/classify.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/slice.h"

/* A figure before and after; the change is after - before. */
struct imp_before_after {
	uint64_t before, after;
};
struct imp_change_sum {
	struct imp_before_after disk, pull; /* bytes */
};

/* Whose bytes they are: of the base image or of the build's own layers. */
enum imp_origin {
	IMP_ORIGIN_UNKNOWN, /* the base of neither or only one image is known */
	IMP_ORIGIN_OWN,
	IMP_ORIGIN_BASE,
	IMP_ORIGINS
};
const char *imp_origin_name(enum imp_origin origin); /* "own" */

enum imp_diff_state {
	IMP_DIFF_SAME,
	IMP_DIFF_ADDED,
	IMP_DIFF_REMOVED,
	IMP_DIFF_GROWN,
	IMP_DIFF_SHRUNK,
	IMP_DIFF_CHANGED, /* same size, other content (of layers: other bytes) */
	IMP_DIFF_MOVED,   /* the same content at another path */
	IMP_DIFF_STATES
};
const char *imp_diff_state_name(enum imp_diff_state state); /* "grown" */

/* Head of one of the two images. Zeroed when there is none (a check without a base). */
struct imp_diff_side {
	const char *reference; /* as imp_image.reference */
	struct imp_digest digest;
	struct imp_platform platform;
	int64_t created_ns;
	bool has_created, complete;
	size_t layer_count;
	struct imp_base_image base;
	const char *tool_version, *rules_version; /* that made the profile */
};

/* Figures by the names of `totals`, in the order of design section 4, then "new_layer_bytes"
 * aside. */
enum imp_total {
	IMP_TOTAL_PULL,
	IMP_TOTAL_DISK,
	IMP_TOTAL_TAR,
	IMP_TOTAL_LIVE,
	IMP_TOTAL_WASTED,
	IMP_TOTAL_WASTED_PULL,
	IMP_TOTAL_RECLAIMABLE,
	IMP_TOTAL_RECLAIMABLE_PULL,
	IMP_TOTAL_CERTAIN,
	IMP_TOTAL_LIKELY,
	IMP_TOTAL_POSSIBLE,
	IMP_TOTAL_FILES,   /* a count */
	IMP_TOTAL_ENTRIES, /* a count */
	/* Live bytes of toolchain, dev-files, dev-dep, source and tests (ecosystem.md 1.7) */
	IMP_TOTAL_BUILD_ONLY,
	IMP_TOTALS
};
/* The name in `totals` without "_bytes": "wasted_pull", "files". */
const char *imp_total_name(enum imp_total total);
/* The figure of one image. */
uint64_t imp_total_of(const struct imp_analysis *analysis, enum imp_total total);

/* Paired by DiffID (longest common subsequence), then by instruction inside the gaps, then by
 * order. In the order of the layers after, those that went at the place they had before. */
struct imp_diff_layer {
	uint32_t before_index, after_index; /* IMP_NONE: there is none */
	enum imp_diff_state state;
	struct imp_digest diff_id,
		digest;               /* of the layer after; of before when it went */
	struct imp_slice instruction; /* likewise; raw, one line */
	uint32_t line;                /* of the Dockerfile; 0: not known */
	bool is_new; /* its digest is in no layer before: a node that has the base downloads it */
	enum imp_origin origin;
	struct imp_change_sum sum;
};

/* The rows "[no package]", "[wasted]" and "[overhead]" have no manager. */
struct imp_diff_package {
	const char *manager; /* "npm"; "" for a row in brackets */
	struct imp_slice name;
	/* Distinct, in version order of the inventory; raw */
	const struct imp_slice *before_versions, *after_versions;
	size_t before_version_count, after_version_count;
	enum imp_diff_state state;
	enum imp_origin origin;
	struct imp_change_sum sum;
};

struct imp_diff_class {
	const char *name; /* of live bytes; "[wasted]", "[overhead]" */
	enum imp_origin origin;
	struct imp_change_sum sum;
};

/* A path with all of its instances, live and dead; "[overhead]" closes the list. */
struct imp_diff_path {
	struct imp_slice path; /* raw, no leading slash */
	struct imp_slice from; /* of a move: where it was; else empty */
	enum imp_diff_state state;
	enum imp_origin origin;
	struct imp_change_sum sum;
	uint32_t after_layer, before_layer; /* of what it shows; IMP_NONE */
};

/* Only how it is seen changed: no bytes. */
enum imp_attribute_change {
	IMP_ATTRIBUTE_MODE = 1,
	IMP_ATTRIBUTE_OWNER = 2,
	IMP_ATTRIBUTE_LINK = 4,
	IMP_ATTRIBUTE_TYPE = 8,
};
struct imp_diff_attributes {
	struct imp_slice path;
	unsigned what;              /* enum imp_attribute_change bits */
	const char *before, *after; /* "0644 0:0", "-> target"; escaped for a terminal */
};

struct imp_diff_finding {
	const char *id;
	const char *rule;
	const char *class_name, *confidence; /* of after; of before when it went */
	const char *title, *rule_title;      /* likewise */
	struct imp_slice subject;            /* raw */
	enum imp_diff_state state;           /* ADDED, REMOVED, GROWN, SHRUNK, CHANGED */
	struct imp_change_sum sum;
};

/* One line of the configuration. */
struct imp_diff_setting {
	const char *what; /* "env PATH", "cmd", "label x": escaped for a terminal */
	bool had, has;    /* there before, after */
	struct imp_slice before, after; /* raw; values of secrets are masked */
};

/* What made the change, each byte under one cause (ecosystem.md 1.2, rule 4): a finding; else a
 * package that somebody asked for, with what only it needs; else a project such as a
 * node_modules; else a folder. Base rows replace the causes inside the base. */
enum imp_reason_kind {
	IMP_REASON_BASE, /* the base image moved */
	IMP_REASON_FINDING,
	IMP_REASON_PACKAGE,
	IMP_REASON_PROJECT,
	IMP_REASON_FOLDER,
	IMP_REASON_OVERHEAD, /* headers, padding and their kin */
	IMP_REASON_REST,     /* closes the list */
};
const char *imp_reason_kind_name(enum imp_reason_kind kind); /* "base" */

struct imp_diff_reason {
	enum imp_reason_kind kind;
	/* Raw: a package's name, a folder's path, a finding's subject; empty for REST */
	struct imp_slice subject;
	const char *manager; /* of a package, or ""  */
	const char *rule;    /* of a finding, or "" */
	/* Of a finding: its title without figures; of OVERHEAD: what it holds beside headers;
	 * or "" */
	const char *title;
	struct imp_slice version_before, version_after; /* of a package; may be empty */
	const char *class_name;                         /* "toolchain", or "" */
	uint64_t others; /* of a package: how many more go with it; of REST: paths */
	enum imp_diff_state state; /* ADDED, REMOVED, GROWN, SHRUNK */
	uint32_t
		layer; /* that wrote most of it: of after, of before when it went; NONE */
	bool layer_is_before;
	uint32_t layers;              /* how many layers wrote it */
	struct imp_slice instruction; /* of that layer */
	uint32_t line;                /* of the Dockerfile; 0: not known */
	struct imp_change_sum sum;
};

/* A tree of what is there after and what went, preorder; what did not change stands in each
 * folder as one leaf without name. Its root's sum is the total. */
struct imp_diff_node {
	struct imp_slice name; /* empty: "N files unchanged" */
	uint32_t depth;        /* 0: the root */
	uint32_t files;        /* of an unchanged leaf: how many; else 0 */
	bool folder;
	enum imp_diff_state state;
	enum imp_origin origin;
	struct imp_change_sum sum;
};

struct imp_diff {
	const char *name; /* of --pair: the image's own; NULL */
	struct imp_diff_side before, after;
	/* Made with other rules: classes and findings are not compared, both lists empty */
	bool rules_differ;
	struct imp_before_after totals[IMP_TOTALS];
	/* Pull bytes and number of the distinct layer digests after that before lacks */
	uint64_t new_layer_bytes;
	size_t new_layers;
	/* The first layer after, from the bottom, that before does not have at its place, although
	 * one of before stood there; IMP_NONE: none */
	uint32_t chain_break;

	const struct imp_diff_layer *layers;
	size_t layer_count;
	const struct imp_diff_package
		*packages; /* changed ones, by absolute change of disk bytes */
	size_t package_count;
	const struct imp_diff_class *classes;
	size_t class_count;
	const struct imp_diff_path *paths; /* changed ones */
	size_t path_count;
	const struct imp_diff_attributes *attributes; /* by path bytes */
	size_t attribute_count;
	const struct imp_diff_finding *findings; /* changed ones */
	size_t finding_count;
	const struct imp_diff_setting *settings;
	size_t setting_count;
	const struct imp_diff_reason
		*reasons; /* all, by absolute change; no REST row among them */
	size_t reason_count;
	const struct imp_diff_node *nodes;
	size_t node_count; /* 0: read back from a document without tree */
	/* Disk and pull bytes of base layers and of all others; valid when both bases are known */
	bool origin_known;
	struct imp_change_sum base, own;
};

struct imp_diff_set {
	const struct imp_diff *const *list;
	size_t count;
	bool complete; /* all images */
	/* Over the distinct layers of all pairs */
	struct imp_change_sum distinct;
};

struct imp_diff_options {
	const char *name;                               /* or NULL */
	const char *tool_version[2], *rules_version[2]; /* that made before, after */
	bool no_nodes;                                  /* without the tree */
};

/* Cannot fail. BEFORE and AFTER have trees. */
void imp_diff_images(const struct imp_analysis *before, const struct imp_analysis *after,
		     const struct imp_diff_options *options, struct imp_arena *arena,
		     struct imp_diff *out);
/* DISTINCT of a set whose pairs are BEFORE[i] and AFTER[i]. */
void imp_diff_distinct(const struct imp_analysis *const *before,
		       const struct imp_analysis *const *after, size_t count,
		       struct imp_change_sum *out);
bool imp_diff_is_empty(const struct imp_diff *diff);
