/*
 * Layers are paired by DiffID along the longest common subsequence, in what lies between by
 * instruction along another, then by order. Of several longest ones both directions take the
 * same: where either layer could be left out, the lesser key is. An image has at most
 * limits.layers layers (1,024), so the table has about a million cells.
 */
#include "compare_priv.h"

#include <stdlib.h>

#include "imgprof/map.h"

typedef int compare_keys(const struct imp_analysis *before, size_t i,
			 const struct imp_analysis *after, size_t k);

struct pairing {
	const struct imp_comparison *comparison;
	uint32_t *after_of; /* of each layer before: IMP_NONE, or its partner */
};
/* Layers [first, end) of both. */
struct gap {
	size_t first[IMP_SIDES], end[IMP_SIDES];
};

static int compare_diff_ids(const struct imp_analysis *before, size_t i,
			    const struct imp_analysis *after, size_t k)
{
	return memcmp(&before->layers[i].diff_id, &after->layers[k].diff_id,
		      sizeof(before->layers[i].diff_id));
}

static int compare_instructions(const struct imp_analysis *before, size_t i,
				const struct imp_analysis *after, size_t k)
{
	return imp_slice_compare(before->layers[i].instruction,
				 after->layers[k].instruction);
}

struct imp_digest imp_layer_digest(const struct imp_analysis *image, size_t layer)
{
	const struct imp_analysed_layer *l = &image->layers[layer];

	return l->summary.blob_digest.algorithm == IMP_DIGEST_NONE
		       ? image->image->layers[layer].blob.digest
		       : l->summary.blob_digest;
}

/* What a node tells a layer by: its blob, else what is in it. false: it is like no other. */
static bool identify(const struct imp_analysis *image, size_t layer,
		     struct imp_digest *out)
{
	*out = imp_layer_digest(image, layer);
	if (out->algorithm == IMP_DIGEST_NONE)
		*out = image->layers[layer].diff_id;
	return out->algorithm != IMP_DIGEST_NONE;
}

static bool are_same(const struct imp_comparison *c, size_t before, size_t after)
{
	struct imp_digest a, b;

	return identify(c->image[0], before, &a) && identify(c->image[1], after, &b) &&
	       imp_digest_equal(&a, &b);
}

static bool has_key(compare_keys *keys, const struct imp_analysed_layer *layer)
{
	return keys == compare_diff_ids ? layer->diff_id.algorithm != IMP_DIGEST_NONE
					: layer->instruction.len > 0;
}

static bool equal(const struct pairing *pairing, compare_keys *keys, size_t i, size_t k)
{
	const struct imp_analysis *before = pairing->comparison->image[0];
	const struct imp_analysis *after = pairing->comparison->image[1];

	return has_key(keys, &before->layers[i]) && keys(before, i, after, k) == 0;
}

static uint16_t larger(uint16_t a, uint16_t b)
{
	return a > b ? a : b;
}

/* Walks the table from its start, where the longest rest of each cell is known. */
static void pair_along(struct pairing *pairing, compare_keys *keys, const struct gap *gap,
		       const uint16_t *rest, size_t width)
{
	const struct imp_comparison *c = pairing->comparison;
	size_t i = gap->first[0], k = gap->first[1];

	while (i < gap->end[0] && k < gap->end[1]) {
		const uint16_t *cell =
			&rest[(i - gap->first[0]) * width + k - gap->first[1]];
		if (equal(pairing, keys, i, k)) {
			pairing->after_of[i++] = (uint32_t)k++;
			continue;
		}
		bool skip_before = cell[width] > cell[1];
		if (cell[width] == cell[1])
			skip_before = keys(c->image[0], i, c->image[1], k) < 0;
		i += skip_before;
		k += !skip_before;
	}
}

static void pair_longest(struct pairing *pairing, compare_keys *keys,
			 const struct gap *gap)
{
	size_t height = gap->end[0] - gap->first[0];
	size_t width = gap->end[1] - gap->first[1] + 1;
	imp_auto_free uint16_t *rest = imp_xcalloc((height + 1) * width, sizeof(*rest));

	for (size_t i = height; i-- > 0;) {
		for (size_t k = width - 1; k-- > 0;) {
			uint16_t *cell = &rest[i * width + k];
			*cell = equal(pairing, keys, gap->first[0] + i, gap->first[1] + k)
					? (uint16_t)(cell[width + 1] + 1)
					: larger(cell[width], cell[1]);
		}
	}
	pair_along(pairing, keys, gap, rest, width);
}

static void pair_in_order(struct pairing *pairing, const struct gap *gap)
{
	size_t i = gap->first[0], k = gap->first[1];

	while (i < gap->end[0] && k < gap->end[1])
		pairing->after_of[i++] = (uint32_t)k++;
}

/* Calls BETWEEN for each stretch of GAP between two layers that are paired. */
static void each_gap(struct pairing *pairing, struct gap gap,
		     void (*between)(struct pairing *, const struct gap *))
{
	size_t end[IMP_SIDES] = {gap.end[0], gap.end[1]};

	for (size_t i = gap.first[0]; i < end[0]; i++) {
		uint32_t partner = pairing->after_of[i];
		if (partner == IMP_NONE)
			continue;
		gap.end[0] = i;
		gap.end[1] = partner;
		between(pairing, &gap);
		gap.first[0] = i + 1;
		gap.first[1] = partner + (size_t)1;
	}
	gap.end[0] = end[0];
	gap.end[1] = end[1];
	between(pairing, &gap);
}

static void pair_gap(struct pairing *pairing, const struct gap *gap)
{
	pair_longest(pairing, compare_instructions, gap);
	each_gap(pairing, *gap, pair_in_order);
}

static void pair_layers(struct pairing *pairing)
{
	const struct imp_comparison *c = pairing->comparison;
	struct gap all = {.end = {c->image[0]->layer_count, c->image[1]->layer_count}};

	memset(pairing->after_of, 0xff, (all.end[0] + 1) * sizeof(*pairing->after_of));
	pair_longest(pairing, compare_diff_ids, &all);
	each_gap(pairing, all, pair_gap);
}

static enum imp_diff_state state_of(const struct imp_comparison *c, size_t i, size_t k,
				    const struct imp_change_sum *sum)
{
	bool same = compare_diff_ids(c->image[0], i, c->image[1], k) == 0;

	if (same && are_same(c, i, k) && !imp_sum_differs(sum))
		return IMP_DIFF_SAME;
	return imp_state_of(true, true, sum);
}

static void add_side(const struct imp_comparison *c, int side, uint32_t layer,
		     struct imp_tally *tally)
{
	if (layer == IMP_NONE)
		return;
	const struct imp_profile_summary *summary =
		&c->image[side]->layers[layer].summary;
	imp_tally_add(tally, imp_part_of(c, side, (uint16_t)layer), side,
		      summary->disk_bytes, summary->pull_bytes);
}

static struct imp_slice key_of(const struct imp_digest *digest)
{
	return imp_slice((const char *)digest, sizeof(*digest));
}

static bool is_new(const struct imp_comparison *c, const struct imp_map *known,
		   size_t after)
{
	struct imp_digest identity;

	return !identify(c->image[1], after, &identity) ||
	       !imp_map_get(known, key_of(&identity), NULL);
}

static void add_row(const struct imp_comparison *c, const struct imp_map *known,
		    uint32_t before, uint32_t after, struct imp_diff *out)
{
	int side = after != IMP_NONE;
	uint32_t layer = side ? after : before;
	struct imp_diff_layer *row =
		(struct imp_diff_layer *)(uintptr_t)&out->layers[out->layer_count++];
	struct imp_tally tally = {0};

	add_side(c, 0, before, &tally);
	add_side(c, 1, after, &tally);
	*row = (struct imp_diff_layer){
		.before_index = before,
		.after_index = after,
		.diff_id = c->image[side]->layers[layer].diff_id,
		.digest = imp_layer_digest(c->image[side], layer),
		.instruction = imp_arena_copy(c->arena,
					      c->image[side]->layers[layer].instruction),
		.line = imp_analysis_line(c->image[side], layer),
		.origin = imp_tally_origin(c, &tally),
		.sum = imp_tally_sum(&tally),
	};
	row->is_new = side && is_new(c, known, after);
	if (before != IMP_NONE && after != IMP_NONE)
		row->state = state_of(c, before, after, &row->sum);
	else
		row->state = side ? IMP_DIFF_ADDED : IMP_DIFF_REMOVED;
}

static void add_rows(const struct pairing *pairing, const struct imp_map *known,
		     struct imp_diff *out)
{
	const struct imp_comparison *c = pairing->comparison;
	uint32_t after = 0;

	for (uint32_t i = 0; i < c->image[0]->layer_count; i++) {
		uint32_t partner = pairing->after_of[i];
		while (partner != IMP_NONE && after < partner)
			add_row(c, known, IMP_NONE, after++, out);
		add_row(c, known, i, partner, out);
		after += partner != IMP_NONE;
	}
	while (after < c->image[1]->layer_count)
		add_row(c, known, IMP_NONE, after++, out);
}

/* Distinct layers after that no node has which has all layers before. */
static void count_new(const struct imp_comparison *c, struct imp_diff *out)
{
	imp_auto(imp_map_finish) struct imp_map counted = {0};
	imp_auto_free struct imp_digest *keys =
		imp_xcalloc(out->layer_count + 1, sizeof(*keys));

	for (size_t i = 0; i < out->layer_count; i++) {
		const struct imp_diff_layer *row = &out->layers[i];
		if (!row->is_new)
			continue;
		if (identify(c->image[1], row->after_index, &keys[i])) {
			if (imp_map_get(&counted, key_of(&keys[i]), NULL))
				continue;
			imp_map_set(&counted, key_of(&keys[i]), 1);
		}
		out->new_layers++;
		out->new_layer_bytes +=
			c->image[1]->layers[row->after_index].summary.pull_bytes;
	}
}

static uint32_t find_break(const struct imp_comparison *c)
{
	for (uint32_t i = 0; i < c->image[0]->layer_count && i < c->image[1]->layer_count;
	     i++)
		if (!are_same(c, i, i))
			return i;
	return IMP_NONE;
}

void imp_diff_make_layers(const struct imp_comparison *comparison, struct imp_diff *out)
{
	size_t before = comparison->image[0]->layer_count;
	size_t most = before + comparison->image[1]->layer_count + 1;
	imp_auto_free uint32_t *after_of = imp_xmalloc((before + 1) * sizeof(*after_of));
	struct pairing pairing = {comparison, after_of};
	imp_auto(imp_map_finish) struct imp_map known = {0};
	imp_auto_free struct imp_digest *digests =
		imp_xcalloc(before + 1, sizeof(*digests));

	for (size_t i = 0; i < before; i++)
		if (identify(comparison->image[0], i, &digests[i]))
			imp_map_set(&known, key_of(&digests[i]), 1);
	out->layers = imp_arena_array(comparison->arena, most, sizeof(*out->layers));
	pair_layers(&pairing);
	add_rows(&pairing, &known, out);
	count_new(comparison, out);
	out->chain_break = find_break(comparison);
}
