/*
 * Projects and folders as causes. A project is a topmost node_modules or site-packages that only
 * one image has. Of the rest, each entry is told by the deepest path above it, itself included,
 * below which at least a fiftieth of all that changed lies.
 */
#include "reasons_priv.h"

enum { FOLDER_SHARE = 50 };

static bool is_live(const struct imp_comparison *c, uint32_t place, int side)
{
	uint32_t node = c->places[place].node[side];

	return node != IMP_NONE && imp_tree_node(c->tree[side], node)->live;
}

static bool is_project(const struct imp_comparison *c, uint32_t place, int side)
{
	if (!is_live(c, place, side) || is_live(c, place, !side))
		return false;
	struct imp_slice name = imp_tree_name(c->tree[side], c->places[place].node[side]);
	return imp_slice_is(name, "node_modules") || imp_slice_is(name, "site-packages");
}

static uint32_t place_of(const struct imp_comparison *c, int side, uint32_t record)
{
	return c->place_of[side][imp_tree_record(c->tree[side], record)->node];
}

/* Once from the root down, for paths may be as deep as they are many. */
static uint32_t *find_tops(const struct imp_comparison *c, int side)
{
	uint32_t *top = imp_causes_none(c->place_count);

	for (uint32_t p = 1; p < c->place_count; p++) {
		top[p] = top[c->places[p].parent];
		if (top[p] == IMP_NONE && is_project(c, p, side))
			top[p] = p;
	}
	return top;
}

void imp_causes_find_projects(struct imp_causes *causes)
{
	for (int side = 0; side < IMP_SIDES; side++)
		causes->project_of[side] = find_tops(causes->comparison, side);
	causes->of_project = imp_causes_none(causes->comparison->place_count);
}

uint32_t imp_cause_of_project(struct imp_causes *causes, int side, uint32_t record)
{
	const struct imp_comparison *c = causes->comparison;
	uint32_t top = causes->project_of[side][place_of(c, side, record)];

	if (top == IMP_NONE)
		return IMP_NONE;
	if (causes->of_project[top] != IMP_NONE)
		return causes->of_project[top];
	struct imp_diff_reason row = {
		.kind = IMP_REASON_PROJECT,
		.subject = imp_place_path(c, top),
		.manager = "",
		.rule = "",
		.title = "",
	};
	causes->of_project[top] = imp_causes_find(causes, &row);
	return causes->of_project[top];
}

/* Bytes of both images at each place that are to be told by folder; returns those of all
 * causes. */
static uint64_t weigh(const struct imp_causes *causes, uint64_t *weights)
{
	const struct imp_comparison *c = causes->comparison;
	uint64_t all = 0;

	for (int side = 0; side < IMP_SIDES; side++) {
		for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++) {
			const struct imp_record *record =
				imp_tree_record(c->tree[side], r);
			uint64_t bytes = record->disk_bytes + record->pull_bytes;
			if (causes->of_record[side][r] == IMP_NONE)
				continue;
			all += bytes;
			if (causes->of_record[side][r] == IMP_CAUSE_FOLDER)
				weights[place_of(c, side, r)] += bytes;
		}
	}
	return all;
}

/* For each place the one that tells it. */
static void choose(const struct imp_comparison *c, uint64_t *weights, uint64_t all,
		   uint32_t *told_by)
{
	for (uint32_t p = (uint32_t)c->place_count; p-- > 1;) {
		told_by[p] = p;
		if (weights[p] > 0 && weights[p] >= all / FOLDER_SHARE)
			continue;
		told_by[p] = IMP_NONE;
		weights[c->places[p].parent] += weights[p];
	}
	told_by[0] = 0;
	for (uint32_t p = 1; p < c->place_count; p++)
		if (told_by[p] == IMP_NONE)
			told_by[p] = told_by[c->places[p].parent];
}

static uint32_t find_folder(struct imp_causes *causes, uint32_t place)
{
	struct imp_diff_reason row = {
		.kind = IMP_REASON_FOLDER,
		.subject = imp_place_path(causes->comparison, place),
		.manager = "",
		.rule = "",
		.title = "",
	};

	uint32_t cause = imp_causes_find(causes, &row);
	for (int side = 0; side < IMP_SIDES; side++)
		causes->list[cause].there[side] =
			is_live(causes->comparison, place, side);
	return cause;
}

void imp_causes_add_folders(struct imp_causes *causes)
{
	const struct imp_comparison *c = causes->comparison;
	imp_auto_free uint64_t *weights = imp_xcalloc(c->place_count, sizeof(*weights));
	imp_auto_free uint32_t *told_by = imp_xmalloc(c->place_count * sizeof(*told_by));
	imp_auto_free uint32_t *cause_of =
		imp_xmalloc(c->place_count * sizeof(*cause_of));

	choose(c, weights, weigh(causes, weights), told_by);
	memset(cause_of, 0xff, c->place_count * sizeof(*cause_of));
	for (int side = 0; side < IMP_SIDES; side++) {
		for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++) {
			if (causes->of_record[side][r] != IMP_CAUSE_FOLDER)
				continue;
			uint32_t place = told_by[place_of(c, side, r)];
			if (cause_of[place] == IMP_NONE)
				cause_of[place] = find_folder(causes, place);
			causes->of_record[side][r] = cause_of[place];
		}
	}
}
