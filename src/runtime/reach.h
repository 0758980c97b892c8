/*
 * The package-level import graph while it is walked (classification.md 5.3): packages are
 * judged whole, one reached file keeps its package; files of no package count one by one.
 */
#pragma once

#include "trail.h"

struct imp_reach_walk {
	struct imp_trail *trail;
	const struct imp_places *places;
	struct imp_map modules; /* of Python and of Node, by name and place: looked for */
	struct imp_map parts; /* of Python: folder and name -> node, found or IMP_NONE */
	struct imp_map homes; /* of npm, composer: folder node -> package */
	struct imp_arena *keys;
	uint32_t *files; /* records of no package, to be visited; malloc */
	size_t file_count, file_capacity, file_next;
	bool *visited;      /* for each record */
	uint32_t *packages; /* reached, to be spread from; malloc */
	size_t package_count, package_capacity, package_next;
	/* Records by owner: those of package p are list[first[p]] up to list[first[p + 1]] */
	uint32_t *owned, *first_owned;
	/* Folders that Python looks into before its own */
	uint32_t python_first[64];
	size_t python_first_count;
};

/* Reaches PACKAGE; REASON as in imp_runtime. */
void imp_reach_package(struct imp_reach_walk *walk, uint32_t package, const char *reason);
/* Reaches the file at NODE: its package, or itself. */
void imp_reach_file(struct imp_reach_walk *walk, uint32_t node, const char *reason);
/* The folder of an npm package. */
void imp_reach_home(struct imp_reach_walk *walk, uint32_t folder, const char *reason);
/* The nearest folder at or above NODE that is an npm package's; false: there is none. */
bool imp_reach_around(struct imp_reach_walk *walk, uint32_t node, const char *reason);
/* true the first time. */
bool imp_reach_first(struct imp_reach_walk *walk, char kind, uint64_t place,
		     struct imp_slice name);

/* python_imports.c, node_imports.c: NAME as facts have it, imported by a file in FOLDER. OWNER is
 * the file's package or IMP_NONE. */
void imp_reach_python(struct imp_reach_walk *walk, uint32_t folder, uint32_t owner,
		      struct imp_slice name, const char *reason);
void imp_reach_node(struct imp_reach_walk *walk, uint32_t folder, uint32_t owner,
		    struct imp_slice name, const char *reason);
void imp_reach_python_folder(struct imp_reach_walk *walk, uint32_t folder);
/* A module's file or a package's folder in FOLDER, and the folder's __init__.py; IMP_NONE. */
uint32_t imp_python_part(struct imp_reach_walk *walk, uint32_t folder,
			 struct imp_slice name);
uint32_t imp_python_init(const struct imp_reach_walk *walk, uint32_t folder);
/* python_tests.c: the file RECORD, which is reached and no test itself, imports NAME. */
void imp_reach_python_tests(struct imp_reach_walk *walk, uint32_t record,
			    struct imp_slice name);
/* python_pth.c: what the .pth files of a site-packages bring. */
void imp_reach_pth(struct imp_reach_walk *walk, uint32_t folder);
