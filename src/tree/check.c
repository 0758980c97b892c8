#include <inttypes.h>

#include "imgprof/arena.h"

#include "tree_priv.h"

static int check_figure(const char *what, size_t layer, uint64_t found, uint64_t promised,
			struct imp_error *err)
{
	if (found == promised)
		return 0;
	return imp_fail(err, IMP_E_BUG,
			"layer %zu: %s: the entries give %" PRIu64
			", the layer profile says %" PRIu64,
			layer, what, found, promised);
}

static uint64_t pull_bytes_of(const struct imp_tree *tree,
			      const struct imp_tree_layer *layer)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < layer->record_count; i++)
		sum += tree->records[layer->first_record + i].pull_bytes;
	return sum;
}

/* Invariants 1 to 3. */
static int check_layer(const struct imp_tree *tree, size_t index,
		       const struct imp_profile_summary *summary, struct imp_error *err)
{
	const struct imp_tree_layer *layer = &tree->layers[index];
	uint64_t pull_bytes = pull_bytes_of(tree, layer);
	uint64_t tar_bytes = layer->stored_bytes;
	struct imp_sum files = {0};

	for (int i = 0; i < IMP_OVERHEADS; i++) {
		pull_bytes += summary->overheads[i].pull_bytes;
		tar_bytes += summary->overheads[i].tar_bytes;
	}
	for (int i = 0; i < IMP_FATES; i++)
		imp_sum_add(&files, &layer->sums.fates[i]);
	int rc = check_figure("pull bytes", index, pull_bytes, summary->pull_bytes, err);
	if (rc == 0)
		rc = check_figure("tar bytes", index, tar_bytes, summary->tar_bytes, err);
	if (rc == 0)
		rc = check_figure("disk bytes over all fates", index, files.disk_bytes,
				  summary->disk_bytes, err);
	if (rc == 0)
		rc = check_figure("files", index, files.files, summary->files, err);
	if (rc == 0)
		rc = check_figure("entries", index, layer->record_count, summary->entries,
				  err);
	return rc;
}

static bool equal(const struct imp_sum *a, const struct imp_sum *b)
{
	return a->files == b->files && a->disk_bytes == b->disk_bytes &&
	       a->pull_bytes == b->pull_bytes;
}

static int fail_sum(const char *what, uint32_t node, struct imp_error *err)
{
	return imp_fail(err, IMP_E_BUG,
			"image tree: the %s of node %" PRIu32
			" differ from the sum over its children",
			what, node);
}

/* Invariant 4 at one node. A path shows at most one file, so what its children do not
 * account for is that file or nothing. */
static int check_node(const struct imp_tree *tree, uint32_t node, struct imp_error *err)
{
	const struct imp_node *n = &tree->nodes[node];
	struct imp_sum live = {0}, all = {0};

	for (uint32_t child = n->first_child; child != IMP_NONE;
	     child = tree->nodes[child].next_sibling) {
		struct imp_sum child_live = imp_tree_live(tree, child);
		struct imp_sum child_all = imp_tree_all(tree, child);
		imp_sum_add(&live, &child_live);
		imp_sum_add(&all, &child_all);
	}
	for (uint32_t r = n->newest; r != IMP_NONE; r = tree->records[r].older) {
		struct imp_sum own = imp_sum_of(&tree->records[r]);
		if (tree->records[r].type == IMP_ENTRY_FILE)
			imp_sum_add(&all, &own);
	}
	struct imp_sum found = imp_tree_live(tree, node);
	if (!equal(&live, &found) && n->shown != IMP_NONE &&
	    tree->records[n->shown].group != IMP_NONE) {
		struct imp_sum own =
			imp_sum_of(&tree->records[tree->records[n->shown].group]);
		imp_sum_add(&live, &own);
	}
	if (!equal(&live, &found))
		return fail_sum("live bytes", node, err);
	found = imp_tree_all(tree, node);
	return equal(&all, &found) ? 0 : fail_sum("bytes", node, err);
}

/* Invariant 4 at the root: what it shows is what the layers hold. */
static int check_root(const struct imp_tree *tree, struct imp_error *err)
{
	struct imp_sum live = {0}, all = {0};
	struct imp_sum root_live = imp_tree_live(tree, 0),
		       root_all = imp_tree_all(tree, 0);

	for (size_t i = 0; i < tree->layer_count; i++) {
		const struct imp_layer_sums *sums = &tree->layers[i].sums;
		imp_sum_add(&live, &sums->fates[IMP_FATE_LIVE]);
		for (int fate = 0; fate < IMP_FATES; fate++)
			imp_sum_add(&all, &sums->fates[fate]);
	}
	if (!equal(&live, &root_live) || !equal(&all, &root_all))
		return imp_fail(err, IMP_E_BUG,
				"image tree: the layers hold %" PRIu64 " bytes, %" PRIu64
				" of them live, the root %" PRIu64 " and %" PRIu64,
				all.disk_bytes, live.disk_bytes, root_all.disk_bytes,
				root_live.disk_bytes);
	return 0;
}

/* A file lives exactly as long as a path shows it, and only what is dead is hidden. */
static int check_fates(const struct imp_tree *tree, struct imp_error *err)
{
	imp_auto_free bool *shown = imp_xcalloc(tree->record_count, sizeof(*shown));

	for (size_t i = 0; i < tree->node_count; i++) {
		uint32_t record = tree->nodes[i].shown;
		if (record != IMP_NONE && tree->records[record].group != IMP_NONE)
			shown[tree->records[record].group] = true;
	}
	for (size_t i = 0; i < tree->record_count; i++) {
		const struct imp_record *record = &tree->records[i];
		bool live = record->fate == IMP_FATE_LIVE;
		if (live != (record->hidden_by == IMP_NOT_HIDDEN) ||
		    (record->type == IMP_ENTRY_FILE && live != shown[i]))
			return imp_fail(err, IMP_E_BUG,
					"image tree: entry %zu is %s, but is %s", i,
					imp_fate_name(record->fate),
					shown[i] ? "shown" : "not shown");
	}
	return 0;
}

int imp_tree_check(const struct imp_tree *tree, const struct imp_profile *const *layers,
		   struct imp_error *err)
{
	for (size_t i = 0; i < tree->layer_count; i++) {
		int rc = layers[i] ? check_layer(tree, i, imp_profile_summary(layers[i]),
						 err)
				   : 0;
		if (rc < 0)
			return rc;
	}
	for (uint32_t i = 0; i < tree->node_count; i++) {
		int rc = check_node(tree, i, err);
		if (rc < 0)
			return rc;
	}
	int rc = check_root(tree, err);
	return rc < 0 ? rc : check_fates(tree, err);
}
