/*
 * The paths of a finding: the topmost folders in which every file is in it. Of a wasted
 * finding only the files of the layer that wrote it count, of any other the live ones. A
 * folder that holds nothing but one such folder says less than that one: the deepest is named.
 */
#include "drafts_priv.h"

#include <stdlib.h>

/* What the files at and below a node have in common: a draft, or one of these. */
#define NO_FILE UINT32_MAX
#define MIXED (UINT32_MAX - 1)
#define NO_DRAFT (UINT32_MAX - 2)

#define NO_KID UINT32_MAX
#define FINAL (UINT32_MAX - 1) /* several, or a file, or a folder that a rule matched */

struct common {
	uint32_t value;
	uint32_t path; /* of the draft, that stands for this node; IMP_NONE */
	uint32_t kid;  /* the only child with files, or one of these */
};

struct collapse {
	const struct imp_tree *tree;
	const struct imp_survey *survey;
	struct imp_drafts *drafts;
	const uint32_t *finding_of;
	struct common *nodes;
	uint32_t *touched;
	size_t touched_count, touched_capacity;
	/* Paths made in this pass: the draft and its path. */
	struct made {
		uint32_t draft, path;
	} * made;
	size_t made_count, made_capacity;
};

static void touch(struct collapse *collapse, uint32_t node, uint32_t value)
{
	uint32_t parent = imp_tree_node(collapse->tree, node)->parent;

	collapse->nodes[node].value = value;
	if (parent != IMP_NONE)
		collapse->nodes[parent].kid =
			collapse->nodes[parent].kid == NO_KID ? node : FINAL;
	collapse->touched =
		imp_xgrow(collapse->touched, &collapse->touched_capacity,
			  collapse->touched_count + 1, sizeof(*collapse->touched));
	collapse->touched[collapse->touched_count++] = node;
}

/* What is above a node that knows VALUE already knows it too. */
static void add_file(struct collapse *collapse, uint32_t node, uint32_t value)
{
	for (uint32_t n = node; n != IMP_NONE;
	     n = imp_tree_node(collapse->tree, n)->parent) {
		struct common *common = &collapse->nodes[n];
		if (common->value == NO_FILE)
			touch(collapse, n, value);
		else if (common->value == value || common->value == MIXED)
			break;
		else
			common->value = MIXED;
	}
	collapse->nodes[node].kid = FINAL;
}

static uint32_t find_top(const struct collapse *collapse, uint32_t node, uint32_t value)
{
	for (;;) {
		uint32_t parent = imp_tree_node(collapse->tree, node)->parent;
		bool whole = parent != IMP_NONE && parent != 0 &&
			     collapse->nodes[parent].value == value;
		if (!whole)
			return node;
		node = parent;
	}
}

static struct imp_draft_path *add_path(struct collapse *collapse, uint32_t draft,
				       uint32_t node)
{
	struct imp_draft *d = &collapse->drafts->list[draft];

	collapse->made = imp_xgrow(collapse->made, &collapse->made_capacity,
				   collapse->made_count + 1, sizeof(*collapse->made));
	collapse->made[collapse->made_count++] =
		(struct made){draft, (uint32_t)d->path_count};
	collapse->nodes[node].path = (uint32_t)d->path_count;
	d->paths = imp_xgrow(d->paths, &d->path_capacity, d->path_count + 1,
			     sizeof(*d->paths));
	d->paths[d->path_count] = (struct imp_draft_path){.node = node};
	return &d->paths[d->path_count++];
}

static void place_file(struct collapse *collapse, uint32_t node, uint32_t draft,
		       uint64_t disk_bytes)
{
	uint32_t top = collapse->nodes[node].value == draft
			       ? find_top(collapse, node, draft)
			       : node;
	const struct common *common = &collapse->nodes[top];
	struct imp_draft_path *path;

	if (common->value == draft && common->path != IMP_NONE)
		path = &collapse->drafts->list[draft].paths[common->path];
	else
		path = add_path(collapse, draft, top);
	path->disk_bytes += disk_bytes;
}

/* From a folder down while all that it holds is in one child. */
static uint32_t descend(const struct collapse *collapse, uint32_t node)
{
	while (collapse->nodes[node].kid != FINAL && collapse->nodes[node].kid != NO_KID)
		node = collapse->nodes[node].kid;
	return node;
}

/* Of a node that no file is at or below. */
static struct common nothing(void)
{
	return (struct common){.value = NO_FILE, .path = IMP_NONE, .kid = NO_KID};
}

static void end_pass(struct collapse *collapse)
{
	for (size_t i = 0; i < collapse->made_count; i++) {
		const struct made *made = &collapse->made[i];
		struct imp_draft_path *path =
			&collapse->drafts->list[made->draft].paths[made->path];
		path->node = descend(collapse, path->node);
	}
	for (size_t i = 0; i < collapse->touched_count; i++)
		collapse->nodes[collapse->touched[i]] = nothing();
	collapse->touched_count = 0;
	collapse->made_count = 0;
}

static bool is_name(const struct imp_record *record)
{
	return record->type == IMP_ENTRY_FILE ||
	       (record->type == IMP_ENTRY_HARDLINK && record->group != IMP_NONE);
}

static void collapse_layer(struct collapse *collapse, uint32_t first, uint32_t end)
{
	const struct imp_tree *tree = collapse->tree;

	for (uint32_t r = first; r < end; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (is_name(record))
			add_file(collapse, record->node,
				 record->fate == IMP_FATE_LIVE ? NO_DRAFT
							       : collapse->finding_of[r]);
	}
	for (uint32_t r = first; r < end; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (is_name(record) && record->fate != IMP_FATE_LIVE)
			place_file(collapse, record->node, collapse->finding_of[r],
				   record->disk_bytes);
	}
	end_pass(collapse);
}

static void collapse_layers(struct collapse *collapse)
{
	uint32_t count = imp_tree_record_count(collapse->tree), first = 0;

	while (first < count) {
		uint16_t layer = imp_tree_record(collapse->tree, first)->layer;
		uint32_t end = first;
		while (end < count &&
		       imp_tree_record(collapse->tree, end)->layer == layer)
			end++;
		collapse_layer(collapse, first, end);
		first = end;
	}
}

static bool is_live_name(const struct imp_record *record)
{
	return record->shown && is_name(record) && record->fate == IMP_FATE_LIVE;
}

/* A group's bytes stand at its file's name while that is shown, else at the first link. */
static uint64_t take_bytes(const struct imp_tree *tree, uint32_t record,
			   uint64_t *counted)
{
	const struct imp_record *name = imp_tree_record(tree, record);
	const struct imp_record *file = imp_tree_record(tree, name->group);
	uint64_t bit = UINT64_C(1) << (name->group % 64);

	if (record == name->group)
		return file->disk_bytes;
	if (file->shown || counted[name->group / 64] & bit)
		return 0;
	counted[name->group / 64] |= bit;
	return file->disk_bytes;
}

/* The folder by which the file of a live name came into its finding. */
static uint32_t matched_folder(const struct collapse *collapse, uint32_t record)
{
	uint32_t file = imp_tree_record(collapse->tree, record)->group;

	return collapse->survey->hits[collapse->survey->hit_of[file]].at;
}

static void collapse_live(struct collapse *collapse)
{
	const struct imp_tree *tree = collapse->tree;
	uint32_t count = imp_tree_record_count(tree);
	imp_auto_free uint64_t *counted = imp_xcalloc(count / 64 + 1, sizeof(*counted));

	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		uint32_t draft = collapse->finding_of[r];
		if (is_live_name(record))
			add_file(collapse, record->node,
				 draft == IMP_NONE ? NO_DRAFT : draft);
	}
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (!is_live_name(record) || collapse->finding_of[r] == IMP_NONE)
			continue;
		collapse->nodes[matched_folder(collapse, r)].kid = FINAL;
		place_file(collapse, record->node, collapse->finding_of[r],
			   take_bytes(tree, r, counted));
	}
	end_pass(collapse);
}

void imp_collapse(const struct imp_tree *tree, const struct imp_survey *survey,
		  struct imp_drafts *drafts, const uint32_t *finding_of)
{
	uint32_t nodes = imp_tree_node_count(tree);
	struct collapse collapse = {.tree = tree,
				    .survey = survey,
				    .drafts = drafts,
				    .finding_of = finding_of};

	collapse.nodes = imp_xmalloc((nodes + 1) * sizeof(*collapse.nodes));
	for (uint32_t n = 0; n < nodes; n++)
		collapse.nodes[n] = nothing();
	collapse_layers(&collapse);
	if (survey)
		collapse_live(&collapse);
	free(collapse.nodes);
	free(collapse.touched);
	free(collapse.made);
}
