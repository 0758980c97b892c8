/*
 * What made the change. Entries whose bytes both images hold have no cause; each other one has
 * exactly one. The base image's bytes are one cause together, whatever they are.
 */
#include "reasons_priv.h"

#include <stdlib.h>

static void add_key(const struct imp_diff_reason *row, struct imp_strbuf *key)
{
	imp_strbuf_add_char(key, (char)('0' + row->kind));
	imp_strbuf_add_text(key, row->rule);
	imp_strbuf_add_char(key, '\0');
	imp_strbuf_add_text(key, row->manager);
	imp_strbuf_add_char(key, '\0');
	imp_strbuf_add_slice(key, row->subject);
}

struct imp_cause *imp_causes_get(const struct imp_causes *causes,
				 const struct imp_diff_reason *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t found;

	add_key(row, &key);
	return imp_map_get(&causes->by_key, imp_strbuf_slice(&key), &found)
		       ? &causes->list[found]
		       : NULL;
}

uint32_t imp_causes_find(struct imp_causes *causes, const struct imp_diff_reason *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	struct imp_arena *arena = causes->comparison->arena;
	uint64_t found;

	add_key(row, &key);
	if (imp_map_get(&causes->by_key, imp_strbuf_slice(&key), &found))
		return (uint32_t)found;
	causes->list = imp_xgrow(causes->list, &causes->capacity, causes->count + 1,
				 sizeof(*causes->list));
	struct imp_cause *cause = &causes->list[causes->count];
	*cause = (struct imp_cause){.row = *row};
	cause->key = imp_arena_copy(arena, imp_strbuf_slice(&key));
	cause->row.subject = imp_arena_copy(arena, row->subject);
	cause->row.rule = imp_arena_text(arena, row->rule);
	if (!cause->row.class_name)
		cause->row.class_name = "";
	imp_map_set(&causes->by_key, cause->key, causes->count);
	return (uint32_t)causes->count++;
}

/* What changed here and is not the base's. */
static bool counts(const struct imp_comparison *c, int side, uint32_t record)
{
	const struct imp_record *r = imp_tree_record(c->tree[side], record);
	uint32_t match = c->match[side][record];

	if (r->type != IMP_ENTRY_FILE || imp_part_of(c, side, r->layer) == IMP_PART_BASE)
		return false;
	return match == IMP_NONE ||
	       imp_part_of(c, !side, imp_tree_record(c->tree[!side], match)->layer) ==
		       IMP_PART_BASE;
}

static uint32_t *place_cause(const struct imp_causes *causes, int side, uint32_t record)
{
	const struct imp_comparison *c = causes->comparison;

	return &causes->of_place
			[c->place_of[side][imp_tree_record(c->tree[side], record)->node]];
}

/* An entry that is in no finding goes with one at its path that is: of several, the first. */
static void note_at_place(const struct imp_causes *causes, int side, uint32_t record,
			  uint32_t cause)
{
	uint32_t *there = place_cause(causes, side, record);

	if (strcmp(causes->list[cause].row.class_name,
		   imp_class_name(IMP_CLASS_WASTED)) == 0)
		return;
	if (*there == IMP_NONE ||
	    imp_slice_compare(causes->list[cause].key, causes->list[*there].key) < 0)
		*there = cause;
}

static void find_findings(struct imp_causes *causes, int side)
{
	const struct imp_comparison *c = causes->comparison;

	for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++) {
		if (!counts(c, side, r))
			continue;
		uint32_t cause = imp_cause_of_finding(causes, side, r);
		causes->of_record[side][r] = cause == IMP_NONE ? IMP_CAUSE_FOLDER : cause;
		if (cause != IMP_NONE)
			note_at_place(causes, side, r, cause);
	}
}

static bool is_of_system(const struct imp_comparison *c, int side, uint32_t record)
{
	const struct imp_packages *packages = c->image[side]->packages;

	return packages && packages->owner_of[record] != IMP_NONE &&
	       packages->list[packages->owner_of[record]].manager <= IMP_MANAGER_CHISEL;
}

static uint32_t find_other(struct imp_causes *causes, int side, uint32_t record)
{
	uint32_t cause = *place_cause(causes, side, record);

	if (cause == IMP_NONE && !is_of_system(causes->comparison, side, record))
		cause = imp_cause_of_project(causes, side, record);
	if (cause == IMP_NONE)
		cause = imp_cause_of_package(causes, side, record);
	return cause == IMP_NONE ? IMP_CAUSE_FOLDER : cause;
}

static void find_others(struct imp_causes *causes, int side)
{
	uint32_t count = imp_tree_record_count(causes->comparison->tree[side]);

	for (uint32_t r = 0; r < count; r++)
		if (causes->of_record[side][r] == IMP_CAUSE_FOLDER)
			causes->of_record[side][r] = find_other(causes, side, r);
}

static void add_shares(struct imp_causes *causes, int side)
{
	const struct imp_comparison *c = causes->comparison;

	for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++) {
		const struct imp_record *record = imp_tree_record(c->tree[side], r);
		uint32_t cause = causes->of_record[side][r];
		if (cause == IMP_NONE)
			continue;
		imp_tally_add_record(c, &causes->list[cause].tally, side, r);
		causes->list[cause].entries[side]++;
		causes->shares =
			imp_xgrow(causes->shares, &causes->share_capacity,
				  causes->share_count + 1, sizeof(*causes->shares));
		causes->shares[causes->share_count++] = (struct imp_share){
			cause, record->layer, (uint8_t)side, record->disk_bytes};
	}
}

static int compare_shares(const void *a, const void *b)
{
	const struct imp_share *x = a, *y = b;

	if (x->cause != y->cause)
		return x->cause < y->cause ? -1 : 1;
	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	return (int)x->layer - (int)y->layer;
}

static bool same_layer(const struct imp_share *a, const struct imp_share *b)
{
	return a->cause == b->cause && a->side == b->side && a->layer == b->layer;
}

/* The layer that wrote most of each cause, in the image after unless it is not in there. */
static void find_layers(struct imp_causes *causes)
{
	uint64_t most = 0;

	if (causes->share_count > 1)
		qsort(causes->shares, causes->share_count, sizeof(*causes->shares),
		      compare_shares);
	for (size_t i = 0, end; i < causes->share_count; i = end) {
		const struct imp_share *share = &causes->shares[i];
		struct imp_cause *cause = &causes->list[share->cause];
		uint64_t bytes = 0;
		for (end = i;
		     end < causes->share_count && same_layer(&causes->shares[end], share);
		     end++)
			bytes += causes->shares[end].disk_bytes;
		if (share->side == 0 && cause->entries[1] > 0)
			continue;
		if (cause->row.layers++ > 0 && bytes <= most)
			continue;
		most = bytes;
		cause->row.layer = share->layer;
		cause->row.layer_is_before = share->side == 0;
	}
}

static void finish_row(const struct imp_comparison *c, struct imp_cause *cause)
{
	struct imp_diff_reason *row = &cause->row;
	const struct imp_analysis *image = c->image[!row->layer_is_before];

	row->sum = imp_tally_sum(&cause->tally);
	row->state = imp_state_of(cause->there[0] || cause->entries[0] > 0,
				  cause->there[1] || cause->entries[1] > 0, &row->sum);
	row->others = cause->packages[0] > cause->packages[1] ? cause->packages[0]
							      : cause->packages[1];
	row->instruction =
		imp_arena_copy(c->arena, image->layers[row->layer].instruction);
	row->line = imp_analysis_line(image, row->layer);
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_diff_reason *x = a, *y = b;
	int order = imp_compare_changes(&x->sum, &y->sum);

	if (order == 0 && x->kind != y->kind)
		order = x->kind < y->kind ? -1 : 1;
	if (order == 0)
		order = strcmp(x->rule, y->rule);
	if (order == 0)
		order = strcmp(x->manager, y->manager);
	return order ? order : imp_slice_compare(x->subject, y->subject);
}

static void add_row(const struct imp_diff_reason *row, struct imp_diff *out)
{
	struct imp_diff_reason *rows = (struct imp_diff_reason *)(uintptr_t)out->reasons;

	if (imp_sum_differs(&row->sum))
		rows[out->reason_count++] = *row;
}

static void add_whole(enum imp_reason_kind kind, struct imp_slice subject,
		      const char *title, const struct imp_tally *tally,
		      struct imp_diff *out)
{
	struct imp_diff_reason row = {
		.kind = kind,
		.subject = subject,
		.manager = "",
		.rule = "",
		.title = title,
		.class_name = "",
		.layer = IMP_NONE,
		.sum = imp_tally_sum(tally),
	};

	row.state = imp_state_of(true, true, &row.sum);
	add_row(&row, out);
}

/* The same layer is in another blob in the two images: its files weigh otherwise to pull. */
static bool is_recompressed(const struct imp_comparison *c, const struct imp_diff *diff)
{
	for (size_t i = 0; i < diff->layer_count; i++) {
		const struct imp_diff_layer *row = &diff->layers[i];
		if (row->before_index == IMP_NONE || row->after_index == IMP_NONE ||
		    row->diff_id.algorithm == IMP_DIGEST_NONE)
			continue;
		struct imp_digest blob = imp_layer_digest(c->image[0], row->before_index);
		if (!imp_digest_equal(&blob, &row->digest) &&
		    imp_digest_equal(&c->image[0]->layers[row->before_index].diff_id,
				     &row->diff_id))
			return true;
	}
	return false;
}

static void add_rows(struct imp_causes *causes, struct imp_diff *out)
{
	const struct imp_comparison *c = causes->comparison;
	struct imp_tally listed = {0}, base = {0};

	for (int side = 0; side < IMP_SIDES; side++)
		base.bytes[IMP_PART_BASE][side] = c->total.bytes[IMP_PART_BASE][side];
	add_whole(IMP_REASON_BASE,
		  imp_arena_copy(c->arena, c->image[1]->base.name.len
						   ? c->image[1]->base.name
						   : c->image[0]->base.name),
		  "", &base, out);
	for (size_t i = 0; i < causes->count; i++) {
		finish_row(c, &causes->list[i]);
		imp_tally_add_tally(&listed, &causes->list[i].tally);
		add_row(&causes->list[i].row, out);
	}
	imp_tally_add_tally(&listed, &base);
	struct imp_tally overhead = imp_tally_overhead(c, &listed);
	add_whole(IMP_REASON_OVERHEAD, IMP_SLICE(""),
		  is_recompressed(c, out) ? "layers compressed otherwise" : "", &overhead,
		  out);
	if (out->reason_count > 1)
		qsort((void *)(uintptr_t)out->reasons, out->reason_count,
		      sizeof(*out->reasons), compare_rows);
}

uint32_t *imp_causes_none(size_t count)
{
	uint32_t *list = imp_xmalloc((count + 1) * sizeof(*list));

	memset(list, 0xff, (count + 1) * sizeof(*list));
	return list;
}

static void start(struct imp_causes *causes)
{
	const struct imp_comparison *c = causes->comparison;

	for (int side = 0; side < IMP_SIDES; side++) {
		const struct imp_findings *findings = c->image[side]->findings;
		causes->of_record[side] =
			imp_causes_none(imp_tree_record_count(c->tree[side]));
		causes->of_finding[side] =
			imp_causes_none(findings ? findings->count : 0);
	}
	causes->of_place = imp_causes_none(c->place_count);
	imp_causes_find_roots(causes);
	imp_causes_find_projects(causes);
}

static void finish(struct imp_causes *causes)
{
	for (int side = 0; side < IMP_SIDES; side++) {
		free(causes->of_record[side]);
		free(causes->root_of[side]);
		free(causes->of_finding[side]);
		free(causes->of_package[side]);
		free(causes->project_of[side]);
	}
	free(causes->of_project);
	free(causes->of_place);
	free(causes->shares);
	free(causes->list);
	imp_map_finish(&causes->by_key);
}

void imp_diff_make_reasons(const struct imp_comparison *comparison, struct imp_diff *out)
{
	imp_auto(finish) struct imp_causes causes = {.comparison = comparison};

	start(&causes);
	for (int side = 0; side < IMP_SIDES; side++)
		find_findings(&causes, side);
	for (int side = 0; side < IMP_SIDES; side++)
		imp_causes_note_findings(&causes, side);
	for (int side = 0; side < IMP_SIDES; side++)
		find_others(&causes, side);
	imp_causes_add_folders(&causes);
	for (int side = 0; side < IMP_SIDES; side++)
		add_shares(&causes, side);
	find_layers(&causes);
	out->reasons = imp_arena_array(comparison->arena, causes.count + 3,
				       sizeof(*out->reasons));
	add_rows(&causes, out);
}
