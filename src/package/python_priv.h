/*
 * What the files of the Python reader show each other: environments, distributions, their
 * requirements. classification.md 2.6.
 */
#pragma once

#include "imgprof/strbuf.h"
#include "inventory.h"
#include "pep508.h"

enum {
	PYTHON_MAX_REQUIREMENTS = 500000, /* of one image */
	/* Installed packages that one requirement is held to be met by */
	PYTHON_MAX_CANDIDATES = 64,
	/* Bytes of markers and requirements that are looked at for one image */
	PYTHON_MAX_WORK = 64 << 20,
	PYTHON_LOOKUP_WORK = 64,    /* of finding who meets a requirement */
	PYTHON_MAX_ASKED = 1000000, /* extras in requirements */
};

/* A folder of packages: site-packages, dist-packages, or the target of an install. */
struct python_environment {
	uint32_t node, group;
	bool dist_packages; /* Debian's interpreter sees all that are named so */
	bool debian;        /* filled by Debian's packages */
	bool has_requested; /* somebody recorded what was asked for */
	unsigned major, minor;
	const char *implementation;
};

/* One installed distribution; texts are borrowed from kept files. */
struct python_dist {
	uint32_t package, environment;
	struct imp_slice name; /* normalised */
	struct imp_slice version;
	uint32_t home; /* the dist-info or egg-info, a folder or (distutils) a file */
	/* NULL: not there, or too large to be kept */
	const struct imp_live_file *metadata, *record, *installed_files, *top_level,
		*requires, *installer, *direct_url;
	bool requested;
	uint32_t first_requirement, requirement_count;
	uint32_t next_same_name; /* or IMP_NONE */
};

struct python_requirement {
	struct imp_slice name; /* normalised */
	struct imp_slice extras, marker;
	bool met;  /* its edges are there */
	bool hard; /* ... for sure, and not as an extra that may have been asked for */
};

struct python {
	struct imp_inventory *inventory;
	const struct imp_tree *tree;
	struct imp_arena *arena;
	struct python_environment *environments;
	size_t environment_count, environment_capacity;
	struct python_dist *dists; /* by path */
	size_t dist_count, dist_capacity;
	struct python_requirement *requirements; /* by dist */
	size_t requirement_count, requirement_capacity;
	struct imp_map by_name; /* last dist of that name */
	uint64_t work;          /* so far */
};

/* python_metadata.c: name, version and requirements from what was kept of DIST. */
void imp_python_read_metadata(struct python *python, struct python_dist *dist);
/* python_files.c: who owns what. */
void imp_python_own_files(struct python *python);
/* python_edges.c: who needs whom, extras included. */
void imp_python_link(struct python *python);
/* python_dev.c: what only development groups of a lock file want. */
void imp_python_mark_development(struct python *python);
/* Installed distributions that ENVIRONMENT sees by that name; at most PYTHON_MAX_CANDIDATES. */
size_t imp_python_candidates(const struct python *python, uint32_t environment,
			     struct imp_slice name, uint32_t *out);
