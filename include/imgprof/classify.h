/*
 * What live files are for, what dead ones cost, and what to do about both. Rules are data
 * (data/rules.tsv, the columns of reference/classification.md section 3), compiled to
 * tables; the ledger of hidden bytes needs no rules.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/contents.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/package.h"
#include "imgprof/profile.h"
#include "imgprof/runtime.h"
#include "imgprof/slice.h"
#include "imgprof/tree.h"
#include "imgprof/warning.h"

enum imp_class {
	IMP_CLASS_RUNTIME,
	IMP_CLASS_TOOLCHAIN,
	IMP_CLASS_DEV_FILES,
	IMP_CLASS_DEV_DEP,
	IMP_CLASS_CACHE,
	IMP_CLASS_DOCS,
	IMP_CLASS_TESTS,
	IMP_CLASS_DEBUG,
	IMP_CLASS_SOURCE,
	IMP_CLASS_VCS,
	IMP_CLASS_META,
	IMP_CLASS_LOCALE,
	IMP_CLASS_FOREIGN,
	IMP_CLASS_DUP,
	IMP_CLASS_DATA,
	IMP_CLASS_JUNK,
	IMP_CLASS_SECRET, /* warned about, never summed */
	IMP_CLASS_WASTED, /* of findings about dead bytes */
	IMP_CLASSES
};
const char *imp_class_name(enum imp_class class); /* "dev-files" */

enum imp_confidence {
	IMP_CONFIDENCE_CERTAIN,
	IMP_CONFIDENCE_LIKELY,
	IMP_CONFIDENCE_POSSIBLE,
	IMP_CONFIDENCES
};
const char *imp_confidence_name(enum imp_confidence confidence);

/* A group of bytes with one cause. Strings and arrays live in the arena given to
 * imp_classify. Disjoint: a byte is in at most one finding. */
struct imp_finding {
	const char *id;           /* stable: RULE or RULE:SUBJECT */
	const char *rule;         /* "DEB-LISTS", "WASTE-DELETED" */
	struct imp_slice subject; /* raw bytes: a package or a folder; may be empty */
	enum imp_class class;
	enum imp_confidence confidence;
	/* Only part of each file goes, such as its symbols: SUM is of that part */
	bool partial;
	/* All of its bytes are in layers of the base image: the fix begins there */
	bool in_base;
	/* Of a whole-package verdict: how many packages; else 0 */
	uint32_t packages;
	/* One line; holds no foreign text beyond what is escaped for a terminal */
	const char *title;
	/* The same without this image's names and figures: "version history". May be empty */
	const char *rule_title;
	const char *const *evidence;
	size_t evidence_count;
	const uint16_t *layers; /* that wrote the bytes, ascending */
	size_t layer_count;
	/* Of a wasted finding: the layer that hid them; else IMP_NOT_HIDDEN */
	uint16_t hidden_by;
	struct imp_sum sum;
	/* Topmost folders or files, at most 100, by size */
	const struct imp_slice *paths;
	size_t path_count;
	uint64_t paths_total;
	const char *fix_kind; /* "F-APT" */
	const char *fix_text;
};

/* A verdict that evidence took back: what would have been found, and what keeps it. */
struct imp_dropped {
	const char *rule;
	struct imp_slice subject; /* raw; may be empty */
	const char *anchor;       /* "A-NODE", or "held" when a kept package needs it */
	const char *evidence;     /* one line, escaped for a terminal */
	struct imp_sum sum;
};

/* Part of a file that a partial finding takes. */
struct imp_partial {
	uint32_t record, finding;
	uint64_t disk_bytes, pull_bytes;
};

struct imp_class_sum {
	enum imp_class class;
	struct imp_sum sum;
};

struct imp_findings {
	/* By disk bytes, then id. */
	const struct imp_finding *list;
	size_t count;
	/* For each record of the tree; of a file that is live: its class (certain and
	 * likely only, else runtime), the class that a possible finding gives (else
	 * RUNTIME), its finding's place in list or IMP_NONE. Dead files: WASTED. */
	const uint8_t *class_of;
	const uint8_t *possible_class_of;
	const uint32_t *finding_of;
	/* Live bytes by class, runtime included, largest first; adds up to the live
	 * bytes. Classes without a file are left out. */
	const struct imp_class_sum *classes;
	size_t class_count;
	struct imp_sum live, wasted;
	struct imp_sum by_confidence[IMP_CONFIDENCES]; /* wasted inside certain */
	struct imp_sum reclaimable;                    /* certain + likely */
	/* By disk bytes, then rule, then subject. */
	const struct imp_dropped *dropped;
	size_t dropped_count;
	/* By record. The file keeps its class; these bytes are of the finding's. */
	const struct imp_partial *partials;
	size_t partial_count;
	/* Layers from the bottom that in_base takes for the base image's; 0: none known */
	size_t base_layers;
};

struct imp_rules; /* opaque */
/* The built-in catalogue, compiled. A mistake in it is IMP_E_USAGE with its line. */
int imp_rules_load(struct imp_slice text, const char *name, struct imp_rules **out,
		   struct imp_error *err);
int imp_rules_builtin(struct imp_rules **out, struct imp_error *err);
/* A user's rules on top: lines of the same columns, besides "confidence ID LEVEL" and
 * "ignore ID-or-PATTERN REASON" (tab-separated). IMP_E_USAGE with NAME, line and column. */
int imp_rules_add(struct imp_rules *rules, struct imp_slice text, const char *name,
		  struct imp_error *err);
/* The same from the section `rules:` of a YAML document: imgprof.yaml(5). */
int imp_rules_add_yaml(struct imp_rules *rules, struct imp_slice text, const char *name,
		       struct imp_error *err);
void imp_rules_destroy(struct imp_rules *rules);
IMP_DEFINE_DESTROY(imp_rules);
const char *
imp_rules_version(const struct imp_rules *rules); /* short hash of all texts */
size_t imp_rules_count(const struct imp_rules *rules);

struct imp_rule {
	const char *id, *match, *class_name, *confidence, *guard, *title, *fix_kind,
		*source;
	const char *group; /* the heading that it stands under */
};
/* A term of a rule that a path falls to. */
struct imp_rule_match {
	size_t rule;
	const char *pattern;
	const char *conditions; /* in words: an image alone can tell; "" for none */
	enum imp_confidence confidence;
	bool guard;
};
/* What would match PATH if it stood in an image with nothing else; WORKDIR (may be empty) is its
 * project. In the order of the rules. */
void imp_rules_match(const struct imp_rules *rules, struct imp_slice path,
		     struct imp_slice workdir, struct imp_arena *arena,
		     const struct imp_rule_match **out, size_t *count);
/* What an image does that keeps the rule's files, and guards that hold it back: words, "" for
 * none. In ARENA. */
const char *imp_rule_needs(const struct imp_rules *rules, size_t rule,
			   struct imp_arena *arena);
const char *imp_rule_guards(const struct imp_rules *rules, size_t rule,
			    struct imp_arena *arena);
struct imp_rule imp_rules_get(const struct imp_rules *rules, size_t i);
/* Text behind a fix key; NULL when unknown. */
const char *imp_fix_text(const struct imp_rules *rules, const char *fix_kind);

struct imp_classify_input {
	const struct imp_tree *tree;
	const struct imp_image *image;
	/* For the metadata of dead entries; base first, NULL where unread. */
	const struct imp_profile *const *profiles;
	/* What the rules rest on; not looked at by the ledger */
	const struct imp_contents *contents;
	const struct imp_packages *packages;
	const struct imp_runtime *runtime;
	const struct imp_rules *rules;
	/* Gets "secret" and "unreadable"; NULL: dropped */
	struct imp_warnings *warnings;
	/* Layers of the base image, from the bottom; 0: not known, then layers before the first
	 * that the user's own build made are guessed from the history */
	size_t base_layers;
	bool base_known; /* BASE_LAYERS is right, also when it is 0 */
};

/* Cannot fail on input; IMP_E_BUG when invariant 5 is broken. */
int imp_classify(const struct imp_classify_input *input, struct imp_arena *arena,
		 struct imp_findings *out, struct imp_error *err);
/* The ledger alone (--no-classify): wasted bytes as findings, every live file runtime. */
int imp_classify_ledger(const struct imp_classify_input *input, struct imp_arena *arena,
			struct imp_findings *out, struct imp_error *err);

/* Whether NAME=value of the environment or an instruction looks like a secret, going by its name
 * (classification.md 3.14). Reports show the mask instead of such a value. */
#define IMP_SECRET_MASK "***"
bool imp_setting_is_secret(struct imp_slice setting);

/* check.c: invariant 5 of design section 2. IMP_E_BUG names what does not add up. */
int imp_findings_check(const struct imp_tree *tree, const struct imp_findings *findings,
		       struct imp_error *err);
