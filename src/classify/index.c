#include <stdlib.h>

#include "finders_priv.h"

#include "imgprof/strbuf.h"

#include "words_priv.h"

static const char *const names[IMP_INDEXED_NAMES] = {
	[IMP_INDEXED_BUILD_ID] = "BUILD_ID",
	[IMP_INDEXED_CACHEDIR_TAG] = "CACHEDIR.TAG",
	[IMP_INDEXED_PYVENV_CFG] = "pyvenv.cfg",
	[IMP_INDEXED_SNAPSHOTS] = "snapshots",
};

static void add_node(struct imp_nodes *nodes, uint32_t node)
{
	nodes->list = imp_xgrow(nodes->list, &nodes->capacity, nodes->count + 1,
				sizeof(*nodes->list));
	nodes->list[nodes->count++] = node;
}

static void index_names(struct imp_index *index, const struct imp_tree *tree)
{
	uint32_t count = imp_tree_node_count(tree);

	for (uint32_t n = 1; n < count; n++) {
		struct imp_slice name = imp_tree_name(tree, n);
		for (int i = 0; i < IMP_INDEXED_NAMES; i++)
			if (name.data[0] == names[i][0] && imp_slice_is(name, names[i]) &&
			    imp_tree_node(tree, n)->live)
				add_node(&index->named[i], n);
	}
}

static void index_files(struct imp_index *index, const struct imp_tree *tree)
{
	uint32_t count = imp_tree_record_count(tree);

	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (record->type == IMP_ENTRY_FILE && record->shown &&
		    record->disk_bytes >= IMP_LARGE_BYTES)
			add_node(&index->large, record->node);
	}
}

const struct imp_index *imp_survey_index(struct imp_survey *survey)
{
	if (!survey->index) {
		survey->index = imp_xcalloc(1, sizeof(*survey->index));
		index_names(survey->index, survey->input->tree);
		index_files(survey->index, survey->input->tree);
	}
	return survey->index;
}

void imp_index_destroy(struct imp_index *index)
{
	if (!index)
		return;
	for (int i = 0; i < IMP_INDEXED_NAMES; i++)
		free(index->named[i].list);
	free(index->large.list);
	free(index);
}

bool imp_is_at_or_below(const struct imp_tree *tree, uint32_t node, uint32_t top)
{
	while (node != IMP_NONE && node != top)
		node = imp_tree_node(tree, node)->parent;
	return node == top;
}

bool imp_is_in_folder_named(const struct imp_tree *tree, uint32_t node,
			    const char *const *folders)
{
	for (uint32_t n = imp_tree_node(tree, node)->parent; n != IMP_NONE && n != 0;
	     n = imp_tree_node(tree, n)->parent)
		for (size_t i = 0; folders[i]; i++)
			if (imp_slice_is(imp_tree_name(tree, n), folders[i]))
				return true;
	return false;
}

uint64_t imp_size_at(const struct imp_tree *tree, uint32_t node)
{
	uint32_t record =
		imp_tree_node(tree, node)->live ? imp_tree_file_at(tree, node) : IMP_NONE;

	return record == IMP_NONE ? 0 : imp_tree_record(tree, record)->disk_bytes;
}

struct imp_slice imp_path_in_arena(struct imp_survey *survey, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(survey->input->tree, node, &path);
	return imp_arena_copy(survey->arena, imp_strbuf_slice(&path));
}

const char *imp_explain_kept(struct imp_survey *survey, uint32_t node, const char *words)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_word_path(&text, imp_path_in_arena(survey, node));
	imp_strbuf_add_text(&text, words);
	return imp_arena_copy(survey->arena, imp_strbuf_slice(&text)).data;
}

static bool names_below(const struct imp_survey *survey, struct imp_slice argument,
			uint32_t top)
{
	const struct imp_tree *tree = survey->input->tree;

	if (argument.len == 0 || argument.data[0] != '/')
		return false;
	uint32_t node = imp_tree_find(tree, imp_slice_skip(argument, 1));
	return node != IMP_NONE && imp_is_at_or_below(tree, node, top);
}

bool imp_starts_below(const struct imp_survey *survey, uint32_t node)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_runtime *runtime = survey->input->runtime;

	for (size_t i = 0; i < runtime->started_count; i++) {
		const struct imp_started *started = &runtime->started[i];
		if (imp_is_at_or_below(tree, started->program, node) ||
		    imp_is_at_or_below(tree, started->script, node))
			return true;
		for (size_t a = 0; a < started->argc; a++)
			if (names_below(survey, started->argv[a], node))
				return true;
	}
	return false;
}
