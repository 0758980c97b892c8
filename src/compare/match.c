/*
 * Which entries hold the same bytes in both images: at the same path, whatever became of them
 * there; and a path that went with one that came (a move). What is left is what changed.
 */
#include "compare_priv.h"

#include <stdlib.h>

struct instance {
	uint64_t disk_bytes;
	struct imp_content_hash hash;
	uint32_t record;
	uint32_t place;
};
struct instances {
	struct instance *list;
	size_t count, capacity;
};

static int compare_content(const struct instance *a, const struct instance *b)
{
	if (a->disk_bytes != b->disk_bytes)
		return a->disk_bytes < b->disk_bytes ? -1 : 1;
	return memcmp(&a->hash, &b->hash, sizeof(a->hash));
}

/* Equal contents by place, then newest first: the live one is paired with the live one. */
static int compare_instances(const void *a, const void *b)
{
	const struct instance *x = a, *y = b;
	int order = compare_content(x, y);

	if (order == 0 && x->place != y->place)
		order = x->place < y->place ? -1 : 1;
	if (order == 0)
		order = x->record > y->record ? -1 : x->record < y->record;
	return order;
}

static void add_instance(struct instances *instances, const struct imp_comparison *c,
			 int side, uint32_t record, uint32_t place)
{
	instances->list = imp_xgrow(instances->list, &instances->capacity,
				    instances->count + 1, sizeof(*instances->list));
	instances->list[instances->count++] = (struct instance){
		.disk_bytes = imp_tree_record(c->tree[side], record)->disk_bytes,
		.hash = imp_tree_hash(c->tree[side], record),
		.record = record,
		.place = place,
	};
}

/* Sorts both and pairs equal contents, first with first. */
static void pair_equal(struct imp_comparison *c, struct instances sides[IMP_SIDES],
		       void (*paired)(struct imp_comparison *, uint32_t, uint32_t))
{
	size_t at[IMP_SIDES] = {0};

	for (int side = 0; side < IMP_SIDES; side++)
		if (sides[side].count > 1)
			qsort(sides[side].list, sides[side].count,
			      sizeof(*sides[side].list), compare_instances);
	while (at[0] < sides[0].count && at[1] < sides[1].count) {
		const struct instance *before = &sides[0].list[at[0]];
		const struct instance *after = &sides[1].list[at[1]];
		int order = compare_content(before, after);
		if (order == 0) {
			c->match[0][before->record] = after->record;
			c->match[1][after->record] = before->record;
			if (paired)
				paired(c, before->place, after->place);
		}
		at[0] += order <= 0;
		at[1] += order >= 0;
	}
}

static void collect(const struct imp_comparison *c, uint32_t place, int side,
		    struct instances *out)
{
	uint32_t node = c->places[place].node[side];

	out->count = 0;
	if (node == IMP_NONE)
		return;
	for (uint32_t r = imp_tree_node(c->tree[side], node)->newest; r != IMP_NONE;
	     r = imp_tree_record(c->tree[side], r)->older)
		if (imp_tree_record(c->tree[side], r)->type == IMP_ENTRY_FILE)
			add_instance(out, c, side, r, place);
}

static bool shows_other_file(const struct imp_comparison *c, const uint32_t file[])
{
	if (file[0] == IMP_NONE || file[1] == IMP_NONE)
		return file[0] != file[1];
	struct imp_content_hash before = imp_tree_hash(c->tree[0], file[0]);
	struct imp_content_hash after = imp_tree_hash(c->tree[1], file[1]);

	return memcmp(&before, &after, sizeof(before)) != 0 ||
	       imp_tree_record(c->tree[0], file[0])->disk_bytes !=
		       imp_tree_record(c->tree[1], file[1])->disk_bytes;
}

static bool has_unmatched(const struct imp_comparison *c, int side,
			  const struct instances *instances)
{
	for (size_t i = 0; i < instances->count; i++)
		if (c->match[side][instances->list[i].record] == IMP_NONE)
			return true;
	return false;
}

/* By what the path shows; where it shows no file in either image, by what is hidden there. */
static void judge(struct imp_comparison *c, uint32_t place,
		  const struct instances sides[IMP_SIDES])
{
	struct imp_place *p = &c->places[place];
	uint32_t file[IMP_SIDES];
	bool shown[IMP_SIDES];

	for (int side = 0; side < IMP_SIDES; side++)
		file[side] = imp_place_file(c, place, side);
	p->changed = has_unmatched(c, 0, &sides[0]) || has_unmatched(c, 1, &sides[1]) ||
		     shows_other_file(c, file);
	p->state = IMP_DIFF_SAME;
	if (!p->changed)
		return;
	bool any = file[0] != IMP_NONE || file[1] != IMP_NONE;
	for (int side = 0; side < IMP_SIDES; side++)
		shown[side] = any ? file[side] != IMP_NONE : sides[side].count > 0;
	struct imp_change_sum sum = imp_tally_sum(&p->sum);
	p->state = (uint8_t)imp_state_of(shown[0], shown[1], &sum);
}

/* The only entry at a place that the other image lacks, and not empty: may have moved. */
static void note_candidate(const struct imp_comparison *c, uint32_t place,
			   const struct instances sides[IMP_SIDES],
			   struct instances candidates[IMP_SIDES])
{
	int side = c->places[place].state == IMP_DIFF_ADDED;
	const struct instances *here = &sides[side];

	if (!c->places[place].changed || sides[!side].count > 0 || here->count != 1 ||
	    here->list[0].disk_bytes == 0 || imp_place_file(c, place, !side) != IMP_NONE)
		return;
	const struct imp_record *record =
		imp_tree_record(c->tree[side], here->list[0].record);
	if (record->shown && record->fate == IMP_FATE_LIVE)
		add_instance(&candidates[side], c, side, here->list[0].record, place);
}

static void note_move(struct imp_comparison *c, uint32_t from, uint32_t to)
{
	c->places[from].moved = to;
	c->places[to].moved = from;
	c->places[from].state = c->places[to].state = IMP_DIFF_MOVED;
}

static void start(struct imp_comparison *c)
{
	for (int side = 0; side < IMP_SIDES; side++) {
		size_t size = (imp_tree_record_count(c->tree[side]) + (size_t)1) *
			      sizeof(*c->match[side]);
		c->match[side] = imp_xmalloc(size);
		memset(c->match[side], 0xff, size);
	}
}

void imp_comparison_match(struct imp_comparison *comparison)
{
	struct instances here[IMP_SIDES] = {0}, candidates[IMP_SIDES] = {0};

	start(comparison);
	for (uint32_t p = 0; p < comparison->place_count; p++) {
		for (int side = 0; side < IMP_SIDES; side++)
			collect(comparison, p, side, &here[side]);
		pair_equal(comparison, here, NULL);
		judge(comparison, p, here);
		note_candidate(comparison, p, here, candidates);
	}
	pair_equal(comparison, candidates, note_move);
	for (int side = 0; side < IMP_SIDES; side++) {
		free(here[side].list);
		free(candidates[side].list);
	}
}
