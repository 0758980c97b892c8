#include <stdlib.h>

#include "imgprof/arena.h"

#include "stacking_priv.h"

void imp_tree_destroy(struct imp_tree *tree)
{
	if (!tree)
		return;
	imp_names_finish(&tree->names);
	free(tree->nodes);
	free(tree->records);
	free(tree->hashes);
	free(tree->mtimes_s);
	free(tree->attributes_of);
	imp_names_finish(&tree->attributes);
	free(tree->children.slots);
	free(tree->layers);
	free(tree->sums_of);
	free(tree->sums);
	free(tree);
}

static void finish_stacking(struct imp_stacking *stacking)
{
	free(stacking->places);
	free(stacking->copies);
	free(stacking->late);
	free(stacking->whiteouts);
	imp_strbuf_finish(&stacking->last_parent_path);
	imp_strbuf_finish(&stacking->pending[0]);
	imp_strbuf_finish(&stacking->pending[1]);
	imp_strbuf_finish(&stacking->target);
}

/* Every layer and entry gets a number that fits its field. */
static int check_counts(const struct imp_profile *const *layers, size_t layer_count,
			const struct imp_limits *limits, uint64_t *entries,
			struct imp_error *err)
{
	if (layer_count > limits->layers || layer_count >= IMP_NOT_HIDDEN)
		return imp_fail(err, IMP_E_LIMIT, "image tree: %zu layers (limit layers)",
				layer_count);
	*entries = 0;
	for (size_t i = 0; i < layer_count; i++)
		if (layers[i])
			*entries += imp_profile_summary(layers[i])->entries;
	if (*entries > limits->nodes)
		return imp_fail(err, IMP_E_LIMIT,
				"image tree: more than %u entries (limit nodes)",
				limits->nodes);
	return 0;
}

static int stack(struct imp_stacking *stacking, const struct imp_profile *const *layers,
		 struct imp_error *err)
{
	struct imp_tree *tree = stacking->tree;

	for (size_t i = 0; i < tree->layer_count; i++) {
		struct imp_tree_layer *layer = &tree->layers[i];
		layer->first_record = (uint32_t)tree->record_count;
		if (!layers[i]) {
			stacking->gap = true;
			continue;
		}
		stacking->layer = (uint16_t)i;
		stacking->link_steps = 0;
		layer->record_count = (uint32_t)imp_profile_summary(layers[i])->entries;
		int rc = imp_stacking_apply(stacking, layers[i], err);
		if (rc < 0)
			return rc;
		if (tree->record_count - layer->first_record != layer->record_count)
			return imp_fail(err, IMP_E_BUG,
					"layer %zu: %zu entries, its profile promises %u",
					i, tree->record_count - layer->first_record,
					layer->record_count);
	}
	return 0;
}

/* A group's fate is that of each of its names. */
static void spread_fates(struct imp_tree *tree)
{
	for (size_t i = 0; i < tree->record_count; i++) {
		struct imp_record *record = &tree->records[i];
		if (record->type != IMP_ENTRY_HARDLINK || record->group == IMP_NONE)
			continue;
		record->fate = tree->records[record->group].fate;
		record->hidden_by = tree->records[record->group].hidden_by;
	}
	for (size_t i = 0; i < tree->node_count; i++)
		if (tree->nodes[i].shown != IMP_NONE)
			tree->records[tree->nodes[i].shown].shown = true;
}

/* The profiles are in memory, so their numbers of entries are no promise: there is room
 * for all records at once, which is not resident before it is used. */
static void start_stacking(struct imp_stacking *stacking, size_t layer_count)
{
	struct imp_tree *tree = stacking->tree;
	size_t entries = (size_t)stacking->entries;

	tree->layer_count = layer_count;
	tree->layers = imp_xcalloc(layer_count, sizeof(*tree->layers));
	tree->record_capacity = tree->hash_capacity = entries;
	tree->mtime_capacity = tree->attributes_capacity = entries;
	stacking->copy_capacity = entries;
	tree->records = imp_xmalloc(entries * sizeof(*tree->records));
	tree->hashes = imp_xmalloc(entries * sizeof(*tree->hashes));
	tree->mtimes_s = imp_xmalloc(entries * sizeof(*tree->mtimes_s));
	tree->attributes_of = imp_xmalloc(entries * sizeof(*tree->attributes_of));
	stacking->copies = imp_xmalloc(entries * sizeof(*stacking->copies));
	imp_tree_start(tree, entries);
	stacking->place_capacity = tree->node_capacity;
	stacking->places =
		imp_xmalloc(stacking->place_capacity * sizeof(*stacking->places));
	stacking->places[0] = (struct imp_place){.previous_live = IMP_NONE,
						 .touched = IMP_NOT_HIDDEN,
						 .implied_below = IMP_NOT_HIDDEN};
}

int imp_tree_build(const struct imp_profile *const *layers, size_t layer_count,
		   const struct imp_limits *limits, struct imp_warnings *warnings,
		   struct imp_tree **out, struct imp_error *err)
{
	imp_auto_destroy(imp_tree) struct imp_tree *tree = imp_xcalloc(1, sizeof(*tree));
	imp_auto(finish_stacking) struct imp_stacking stacking = {.tree = tree,
								  .limits = limits,
								  .warnings = warnings,
								  .last_attributes =
									  IMP_NONE};
	int rc = check_counts(layers, layer_count, limits, &stacking.entries, err);

	if (rc < 0)
		return rc;
	start_stacking(&stacking, layer_count);
	rc = stack(&stacking, layers, err);
	if (rc < 0)
		return rc;
	finish_stacking(&stacking);
	stacking = (struct imp_stacking){0};
	imp_names_freeze(&tree->names);
	imp_names_freeze(&tree->attributes);
	spread_fates(tree);
	imp_tree_order(tree);
	imp_tree_add_up(tree);
	*out = imp_steal(&tree);
	return 0;
}
