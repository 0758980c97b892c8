/* Sums of both images, own bytes and the base's apart, and what all lists share. */
#include "compare_priv.h"

enum imp_part imp_part_of(const struct imp_comparison *comparison, int side,
			  uint16_t layer)
{
	return comparison->origin_known && layer < comparison->base_layers[side]
		       ? IMP_PART_BASE
		       : IMP_PART_OWN;
}

void imp_tally_add(struct imp_tally *tally, enum imp_part part, int side, uint64_t disk,
		   uint64_t pull)
{
	tally->bytes[part][side].disk += disk;
	tally->bytes[part][side].pull += pull;
}

void imp_tally_add_record(const struct imp_comparison *comparison,
			  struct imp_tally *tally, int side, uint32_t record)
{
	const struct imp_record *r = imp_tree_record(comparison->tree[side], record);

	imp_tally_add(tally, imp_part_of(comparison, side, r->layer), side, r->disk_bytes,
		      r->pull_bytes);
}

void imp_tally_add_tally(struct imp_tally *tally, const struct imp_tally *more)
{
	for (int part = 0; part < IMP_PARTS; part++)
		for (int side = 0; side < IMP_SIDES; side++)
			imp_tally_add(tally, (enum imp_part)part, side,
				      more->bytes[part][side].disk,
				      more->bytes[part][side].pull);
}

void imp_tally_subtract(struct imp_tally *tally, const struct imp_tally *less)
{
	for (int part = 0; part < IMP_PARTS; part++) {
		for (int side = 0; side < IMP_SIDES; side++) {
			tally->bytes[part][side].disk -= less->bytes[part][side].disk;
			tally->bytes[part][side].pull -= less->bytes[part][side].pull;
		}
	}
}

struct imp_change_sum imp_tally_sum(const struct imp_tally *tally)
{
	const struct imp_bytes *own = tally->bytes[IMP_PART_OWN];
	const struct imp_bytes *base = tally->bytes[IMP_PART_BASE];

	return (struct imp_change_sum){
		.disk = {own[0].disk + base[0].disk, own[1].disk + base[1].disk},
		.pull = {own[0].pull + base[0].pull, own[1].pull + base[1].pull},
	};
}

static void move_rest(struct imp_bytes overhead[IMP_SIDES],
		      const struct imp_bytes rest[IMP_SIDES])
{
	/* Unsigned wrap is meant: only the differences of what is left count. */
	uint64_t disk =
		(rest[1].disk - overhead[1].disk) - (rest[0].disk - overhead[0].disk);
	uint64_t pull =
		(rest[1].pull - overhead[1].pull) - (rest[0].pull - overhead[0].pull);

	if (disk > INT64_MAX)
		overhead[0].disk -= disk;
	else
		overhead[1].disk += disk;
	if (pull > INT64_MAX)
		overhead[0].pull -= pull;
	else
		overhead[1].pull += pull;
}

struct imp_tally imp_tally_overhead(const struct imp_comparison *comparison,
				    const struct imp_tally *listed)
{
	struct imp_tally rest = comparison->total, out = comparison->overhead;

	imp_tally_subtract(&rest, listed);
	for (int part = 0; part < IMP_PARTS; part++)
		move_rest(out.bytes[part], rest.bytes[part]);
	return out;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

enum imp_origin imp_tally_origin(const struct imp_comparison *comparison,
				 const struct imp_tally *tally)
{
	const struct imp_bytes *own = tally->bytes[IMP_PART_OWN];
	const struct imp_bytes *base = tally->bytes[IMP_PART_BASE];

	if (!comparison->origin_known)
		return IMP_ORIGIN_UNKNOWN;
	int order = compare_numbers(distance(base[0].disk, base[1].disk),
				    distance(own[0].disk, own[1].disk));
	if (order == 0)
		order = compare_numbers(distance(base[0].pull, base[1].pull),
					distance(own[0].pull, own[1].pull));
	if (order == 0)
		order = compare_numbers(base[0].disk + base[1].disk,
					own[0].disk + own[1].disk);
	return order > 0 ? IMP_ORIGIN_BASE : IMP_ORIGIN_OWN;
}

bool imp_sum_differs(const struct imp_change_sum *sum)
{
	return sum->disk.before != sum->disk.after || sum->pull.before != sum->pull.after;
}

enum imp_diff_state imp_state_of(bool had, bool has, const struct imp_change_sum *sum)
{
	if (had != has)
		return has ? IMP_DIFF_ADDED : IMP_DIFF_REMOVED;
	if (sum->disk.before == sum->disk.after)
		return IMP_DIFF_CHANGED;
	return sum->disk.after > sum->disk.before ? IMP_DIFF_GROWN : IMP_DIFF_SHRUNK;
}

int imp_compare_changes(const struct imp_change_sum *a, const struct imp_change_sum *b)
{
	int order = compare_numbers(distance(b->disk.before, b->disk.after),
				    distance(a->disk.before, a->disk.after));

	if (order == 0)
		order = compare_numbers(distance(b->pull.before, b->pull.after),
					distance(a->pull.before, a->pull.after));
	return order;
}

bool imp_record_is_live_file(const struct imp_record *record)
{
	return record->type == IMP_ENTRY_FILE && record->fate == IMP_FATE_LIVE;
}

static int any_side(const struct imp_place *place)
{
	return place->node[1] != IMP_NONE;
}

struct imp_slice imp_place_name(const struct imp_comparison *comparison, uint32_t place)
{
	const struct imp_place *p = &comparison->places[place];
	int side = any_side(p);

	return imp_arena_copy(comparison->arena,
			      imp_tree_name(comparison->tree[side], p->node[side]));
}

struct imp_slice imp_place_path(const struct imp_comparison *comparison, uint32_t place)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_place *p = &comparison->places[place];
	int side = any_side(p);

	imp_tree_path(comparison->tree[side], p->node[side], &path);
	return imp_arena_copy(comparison->arena, imp_strbuf_slice(&path));
}

uint32_t imp_place_file(const struct imp_comparison *comparison, uint32_t place, int side)
{
	uint32_t node = comparison->places[place].node[side];

	if (node == IMP_NONE || !imp_tree_node(comparison->tree[side], node)->live)
		return IMP_NONE;
	return imp_tree_file_at(comparison->tree[side], node);
}
