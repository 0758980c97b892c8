/* Functions that find what no pattern can (finders.c lists them), and what they share. */
#pragma once

#include "survey_priv.h"

/* What several finders look for, gathered in one pass by the first that asks: nodes by name, and
 * large files. Lives in the survey's arena. */
enum imp_indexed {
	IMP_INDEXED_BUILD_ID, /* Next.js */
	IMP_INDEXED_CACHEDIR_TAG,
	IMP_INDEXED_PYVENV_CFG,
	IMP_INDEXED_SNAPSHOTS, /* Hugging Face */
	IMP_INDEXED_NAMES
};
struct imp_index {
	struct imp_nodes {
		uint32_t *list;
		size_t count, capacity;
	} named[IMP_INDEXED_NAMES];
	struct imp_nodes large; /* files of IMP_LARGE_BYTES and more */
};
enum { IMP_LARGE_BYTES = 100000 };
const struct imp_index *imp_survey_index(struct imp_survey *survey);
void imp_index_destroy(struct imp_index *index); /* NULL allowed */

bool imp_is_at_or_below(const struct imp_tree *tree, uint32_t node, uint32_t top);
/* NODE stands in a folder of one of the names (ended by NULL). */
bool imp_is_in_folder_named(const struct imp_tree *tree, uint32_t node,
			    const char *const *names);
/* Bytes of the file at NODE; 0 when there is none. */
uint64_t imp_size_at(const struct imp_tree *tree, uint32_t node);
/* Path with its slash and a few words, escaped, in the survey's arena. */
const char *imp_explain_kept(struct imp_survey *survey, uint32_t node, const char *words);
struct imp_slice imp_path_in_arena(struct imp_survey *survey, uint32_t node);
/* A program that is started, or one of its arguments, is at or below NODE. */
bool imp_starts_below(const struct imp_survey *survey, uint32_t node);

/* Files of the same content among the large ones of at least MIN_BYTES that TAKES accepts: calls
 * FOUND for each such group, its nodes in the order of their numbers. */
struct imp_copies {
	bool (*takes)(const struct imp_survey *survey, uint32_t node);
	void (*found)(struct imp_survey *survey, uint32_t term, const uint32_t *nodes,
		      size_t count);
};
void imp_find_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes,
		     const struct imp_copies *copies);

/* find_npm.c: other versions of npm packages. */
void imp_find_npm_versions(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
/* find_next.c: npm files that no trace of Next.js names. */
void imp_find_next_untraced(struct imp_survey *survey, uint32_t term, uint64_t unused);
/* find_python.c: of two environments with more than PERCENT equal packages, the one that is not
 * started. */
void imp_find_venv_copies(struct imp_survey *survey, uint32_t term, uint64_t percent);
/* find_copies.c */
void imp_find_jar_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
void imp_find_cuda_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
void imp_find_model_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
void imp_find_model_formats(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
/* find_tagged.c: folders with a valid CACHEDIR.TAG. */
void imp_find_tagged_caches(struct imp_survey *survey, uint32_t term, uint64_t unused);
/* A Python of the distribution that does not run, while one in /usr/local does. */
void imp_find_second_python(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
