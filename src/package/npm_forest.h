/*
 * The node_modules trees of an image as they lie there: every package folder, who holds it
 * and, once sources were read, what it needs. npm.c leads; npm_folders.c finds the folders,
 * npm_lock.c and npm_manifest.c say what they are, npm_graph.c how they hang together.
 * reference/classification.md 2.1 and 2.5.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "imgprof/slice.h"

#include "inventory.h"

enum {
	NPM_MAX_FOLDERS = 1000000,
	NPM_MAX_LINKS = 200000, /* symlinks to packages; each costs up to 40 hops */
	NPM_MAX_NEEDS = 500000, /* of an image */
};

enum npm_need_kind {
	NPM_NEED_RUNTIME,
	NPM_NEED_OPTIONAL,
	NPM_NEED_PEER,
	NPM_NEED_OPTIONAL_PEER,
	NPM_NEED_KNOWN_PEER, /* in peerDependenciesMeta alone: npm itself ignores it */
	NPM_NEED_DEV,        /* of a project only */
};

struct npm_need {
	struct imp_slice name;
	enum npm_need_kind kind;
};

/* Where the flags of a tree come from. */
enum npm_source {
	NPM_SOURCE_GRAPH, /* a walk over package.json files */
	NPM_SOURCE_LOCK,  /* a lock that says them */
	NPM_SOURCE_NONE,  /* nothing tells: no flags */
};

/* A package in a node_modules folder, or a project: a folder with a package.json that is
 * not in one. */
struct npm_folder {
	uint32_t node;
	uint32_t tree; /* IMP_NONE: a project without one */
	uint32_t group;
	struct imp_slice name, version;
	const struct npm_need *needs;
	uint32_t need_count;
	uint32_t first_edge, edge_count;
	uint32_t database; /* node of the file that says so, or IMP_NONE */
	uint32_t package;  /* in the inventory, or IMP_NONE */
	unsigned flags;    /* enum imp_package_flag */
	unsigned reached;  /* npm_graph.c */
	bool project;
	bool known;  /* a lock or its package.json has told what it is */
	bool locked; /* a lock that is believed names it */
	bool stored; /* in pnpm's virtual store: symlinks beside it are what it needs */
	bool top;    /* directly in a tree's outermost node_modules */
	bool unreadable; /* has a package.json that nobody can read: its needs are unknown */
};

/* An outermost node_modules with all that is nested in it. */
struct npm_tree {
	uint32_t modules; /* its node */
	uint32_t home;    /* node of the folder whose packages these are */
	uint32_t project; /* that folder's place in folders, or IMP_NONE */
	uint32_t group;
	enum npm_source source;
	const char *tool;
	bool global; /* .../lib/node_modules: nobody's project */
	bool no_dev; /* the manager's own record: installed without development ones */
};

struct npm_edge {
	uint32_t to; /* folder */
	enum npm_need_kind kind;
};

struct npm_forest {
	struct imp_inventory *inventory;
	const struct imp_packages_input *input;
	struct imp_arena *arena;
	struct npm_folder *folders;
	size_t folder_count, folder_capacity;
	struct npm_tree *trees;
	size_t tree_count, tree_capacity;
	struct npm_edge *edges;
	size_t edge_count, edge_capacity;
	uint32_t *links; /* symlinks directly in a node_modules, or named so */
	size_t link_count, link_capacity;
	uint32_t *folder_at; /* for each node: its folder, a symlink's too once
	                          they are linked; NULL when there is no tree */
	uint32_t *tree_at;   /* for each node: the tree whose node_modules it is */
	uint64_t need_count;
	bool cut;        /* a limit was hit: who needs whom is known in part only */
	const char *cpu; /* in Node's words; "" unknown */
	const char *os;
	bool musl, glibc;
};

/* npm_folders.c */
void imp_npm_find(struct npm_forest *forest, struct imp_inventory *inventory);
void imp_npm_finish(struct npm_forest *forest);
/* The project at NODE, which is made where it is none yet; IMP_NONE when NODE is in a
 * node_modules folder. */
uint32_t imp_npm_project(struct npm_forest *forest, uint32_t node);
/* The live folder that PATH names below NODE, no symlink followed; IMP_NONE also for "..",
 * "" between slashes and the like. */
uint32_t imp_npm_below(const struct npm_forest *forest, uint32_t node,
		       struct imp_slice path);
/* The kept file NAME directly in the folder NODE; NULL. */
const struct imp_live_file *imp_npm_file(const struct npm_forest *forest, uint32_t node,
					 const char *name);
void imp_npm_unreadable(struct npm_forest *forest, const struct imp_live_file *file,
			const char *reason);
/* NULL and unreadable when FILE is no JSON object within the limits. */
json_t *imp_npm_parse(struct npm_forest *forest, const struct imp_live_file *file);

/* npm_manifest.c: what a package.json or an entry of a lock says: name and version (unless
 * known), needs, os, cpu, libc. */
void imp_npm_describe(struct npm_forest *forest, struct npm_folder *folder,
		      const json_t *entry, uint32_t database);
/* The same from the folder's own package.json, where it has one. */
void imp_npm_read_manifest(struct npm_forest *forest, struct npm_folder *folder);
void imp_npm_set_platform(struct npm_forest *forest);

/* npm_lock.c: the hidden lockfile when it is valid, else the outer lock when it matches the
 * folders. */
void imp_npm_read_locks(struct npm_forest *forest, struct npm_tree *tree);

/* What the other managers leave in a tree: pnpm.c, yarn.c, bun.c. true when it is theirs. */
bool imp_pnpm_read(struct npm_forest *forest, struct npm_tree *tree);
bool imp_yarn_read(struct npm_forest *forest, struct npm_tree *tree);
bool imp_bun_read(struct npm_forest *forest, struct npm_tree *tree);

/* npm_graph.c: edges by Node's own resolution, then flags for trees without a lock. */
void imp_npm_link(struct npm_forest *forest);
void imp_npm_flag(struct npm_forest *forest);
/* The folder that `require(NAME)` in the folder NODE ends at; IMP_NONE. */
uint32_t imp_npm_resolve(struct npm_forest *forest, uint32_t node, struct imp_slice name);
