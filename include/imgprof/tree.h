/*
 * The image tree: layer profiles stacked by the rules of design section 2 ("Fates,
 * exactly") and reference/formats.md section 6. A node is a path that any layer ever
 * named; a record is one tar entry. Nothing is removed: a path that was deleted stays
 * as a node without live record, so every dead byte has its place.
 *
 * Built once by one thread, read by anybody after. Numbers instead of pointers: node 0
 * is the root, records stand in layer order, then tar order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/profile.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"
#include "imgprof/warning.h"

#define IMP_NONE UINT32_MAX /* no node, no record */
#define IMP_NOT_HIDDEN UINT16_MAX

enum imp_fate {
	IMP_FATE_LIVE,
	IMP_FATE_OVERWRITTEN,
	IMP_FATE_RESHIPPED,
	IMP_FATE_DELETED,
	IMP_FATE_REPLACED,
	IMP_FATE_DUPLICATE,
	IMP_FATE_LEFTOVER,
	IMP_FATES
};
const char *imp_fate_name(enum imp_fate fate); /* "live", ... as in machine output */

/* What a `reshipped` copy changed (formats.md 6.5); several may hold. */
enum imp_change {
	IMP_CHANGE_MODE = 1,
	IMP_CHANGE_OWNER = 2,
	IMP_CHANGE_TIME = 4, /* whole seconds */
	IMP_CHANGE_XATTRS = 8,
};

struct imp_record {
	uint64_t disk_bytes; /* of a file, else 0 */
	uint64_t pull_bytes;
	uint32_t node;  /* its place in the image tree */
	uint32_t older; /* record at the same node before this one, or IMP_NONE */
	/* For files and hard links: the record of type file that holds the group's
	 * bytes; itself for a file. For others, and a dangling link: IMP_NONE. */
	uint32_t group;
	/* Spelled otherwise than the node's path: text, else IMP_NONE */
	uint32_t name;
	/* Raw target of a hard link or symlink: text, else IMP_NONE */
	uint32_t link;
	uint16_t layer;
	/* Layer; IMP_NOT_HIDDEN. A file's and hard link's are their group's */
	uint16_t hidden_by;
	uint8_t type;   /* enum imp_entry_type */
	uint8_t fate;   /* enum imp_fate; of the group; LIVE for other types */
	uint8_t change; /* enum imp_change bits, of a reshipped file */
	bool shown;     /* this record is what its path shows at the end */
};

struct imp_node {
	uint32_t parent;      /* IMP_NONE for the root */
	uint32_t first_child; /* all children, live or not, by name bytes */
	uint32_t next_sibling;
	uint32_t newest; /* last record here (walk with .older), or IMP_NONE */
	uint32_t shown;  /* record that the path shows at the end; IMP_NONE for an implied
	                       * directory and for what is gone */
	uint32_t name;   /* offset into the names */
	uint16_t name_len;
	uint16_t layer; /* of what the path shows at the end */
	bool live;      /* the path exists at the end */
	bool directory; /* ... and is a directory */
};

struct imp_sum {
	uint64_t files, disk_bytes, pull_bytes;
};

struct imp_layer_sums {
	struct imp_sum fates[IMP_FATES]; /* of the files that this layer wrote */
	/* Paths of files and links that this layer added, modified (the path showed
	 * something before) and removed (by a whiteout or a change of type). */
	uint64_t added, modified, removed;
};

/* Permission and set-id bits and owner of an entry; XATTRS is XXH3 over sorted names and values,
 * 0 without. No padding: the bytes are a key. */
struct imp_attributes {
	uint64_t uid, gid, xattrs, mode;
};

struct imp_tree; /* opaque */

/* Stacks LAYERS, base first; a NULL is a layer that could not be read. IMP_E_LIMIT for
 * nodes and implied directories. Warnings get codes of their own
 * ("whiteout-of-own-entry", "symlinked-parent-lower-layer", "hardlink-lower-layer", ...:
 * man page). The profiles are not needed afterwards. */
int imp_tree_build(const struct imp_profile *const *layers, size_t layer_count,
		   const struct imp_limits *limits, struct imp_warnings *warnings,
		   struct imp_tree **out, struct imp_error *err);
void imp_tree_destroy(struct imp_tree *tree);
IMP_DEFINE_DESTROY(imp_tree);

/* A finished tree as somebody stored it: nobody's word is taken for anything. */
struct imp_layer_row {
	uint32_t records; /* that are its */
	uint64_t added, modified, removed;
};
struct imp_node_row {
	struct imp_slice name; /* of the root: empty */
	uint32_t parent; /* stands before it; IMP_NONE of the root, which is first */
	uint16_t layer;
	bool live, directory;
};
struct imp_record_row {
	struct imp_slice name, link; /* data NULL: none */
	int64_t mtime_s;
	struct imp_content_hash hash;
	struct imp_attributes attributes;
	struct imp_record record; /* its name, link and layer are not looked at */
};
struct imp_tree_rows {
	const struct imp_layer_row *layers;
	size_t layer_count;
	const struct imp_node_row *nodes;
	size_t node_count;
	const struct imp_record_row *records; /* by layer, then in tar order */
	size_t record_count;
};
/* IMP_E_FORMAT when it is no tree that stacking could have made: what queries, sums and reports
 * rely on holds for every tree that comes out. IMP_E_LIMIT for counts and lengths. */
int imp_tree_restore(const struct imp_tree_rows *stored, const struct imp_limits *limits,
		     struct imp_tree **out, struct imp_error *err);

size_t imp_tree_layer_count(const struct imp_tree *tree);
uint32_t imp_tree_node_count(const struct imp_tree *tree);
const struct imp_node *imp_tree_node(const struct imp_tree *tree, uint32_t node);
uint32_t imp_tree_record_count(const struct imp_tree *tree);
const struct imp_record *imp_tree_record(const struct imp_tree *tree, uint32_t record);
struct imp_slice imp_tree_name(const struct imp_tree *tree, uint32_t node);
/* A text of a record (name, link); {NULL, 0} for IMP_NONE. */
struct imp_slice imp_tree_text(const struct imp_tree *tree, uint32_t text);
/* Appends the node's path, without leading '/'; nothing for the root. */
void imp_tree_path(const struct imp_tree *tree, uint32_t node, struct imp_strbuf *out);
/* The node of a cleaned path, or IMP_NONE. */
uint32_t imp_tree_find(const struct imp_tree *tree, struct imp_slice path);
/* The same for a name in the folder PARENT. */
uint32_t imp_tree_find_child(const struct imp_tree *tree, uint32_t parent,
			     struct imp_slice name);
/* The node that the absolute or relative PATH (from the folder FROM) names once symlinks
 * that are live are followed, the last one too: 40 hops, ".." never leaves the root.
 * IMP_NONE when there is nothing live. */
uint32_t imp_tree_resolve(const struct imp_tree *tree, uint32_t from,
			  struct imp_slice path);
/* The record of layer LAYER's entry number ENTRY. */
uint32_t imp_tree_record_of(const struct imp_tree *tree, size_t layer, uint64_t entry);
/* The record of type file whose bytes a live NODE shows, hard links followed, symlinks not;
 * IMP_NONE when it shows no file. */
uint32_t imp_tree_file_at(const struct imp_tree *tree, uint32_t node);
/* Modification time of a record, whole seconds since 1970. */
int64_t imp_tree_mtime_s(const struct imp_tree *tree, uint32_t record);
/* How the entry of a record is to be seen. */
struct imp_attributes imp_tree_attributes(const struct imp_tree *tree, uint32_t record);
/* Content hash of a record of type file. */
struct imp_content_hash imp_tree_hash(const struct imp_tree *tree, uint32_t record);

const struct imp_layer_sums *imp_tree_layer(const struct imp_tree *tree, size_t layer);
/* Live files and bytes at and below a node; a hard-link group counts at its file's place
 * when that is still shown, else at the first name that is. */
struct imp_sum imp_tree_live(const struct imp_tree *tree, uint32_t node);
/* Every file record at and below a node, whatever its fate, at the record's own place. */
struct imp_sum imp_tree_all(const struct imp_tree *tree, uint32_t node);

/* Depth-first walk without recursion, parents first, siblings by name bytes.
 *	for (n = 0; n != IMP_NONE; n = imp_tree_next(tree, n, descend)) */
uint32_t imp_tree_next(const struct imp_tree *tree, uint32_t node, bool descend);
/* The same, never leaving the subtree of TOP. */
uint32_t imp_tree_next_below(const struct imp_tree *tree, uint32_t node, bool descend,
			     uint32_t top);

/* Invariants 1 to 4 of design section 2 over the profiles and the tree; IMP_E_BUG names
 * the broken one. */
int imp_tree_check(const struct imp_tree *tree, const struct imp_profile *const *layers,
		   struct imp_error *err);
