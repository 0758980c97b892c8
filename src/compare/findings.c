/* Findings by id: those that came, went, or hold other bytes. */
#include "compare_priv.h"

#include <stdlib.h>

#include "imgprof/map.h"

static struct imp_diff_finding make_row(const struct imp_comparison *c,
					const struct imp_finding *before,
					const struct imp_finding *after)
{
	const struct imp_finding *shown = after ? after : before;
	struct imp_diff_finding row = {
		.id = imp_arena_text(c->arena, shown->id),
		.rule = imp_arena_text(c->arena, shown->rule),
		.class_name = imp_class_name(shown->class),
		.confidence = imp_confidence_name(shown->confidence),
		.title = imp_arena_text(c->arena, shown->title),
		.rule_title = imp_arena_text(c->arena, shown->rule_title),
		.subject = imp_arena_copy(c->arena, shown->subject),
		.sum = {.disk = {before ? before->sum.disk_bytes : 0,
				 after ? after->sum.disk_bytes : 0},
			.pull = {before ? before->sum.pull_bytes : 0,
				 after ? after->sum.pull_bytes : 0}},
	};

	row.state = imp_state_of(before != NULL, after != NULL, &row.sum);
	return row;
}

static bool is_same(const struct imp_finding *before, const struct imp_finding *after)
{
	return before->sum.disk_bytes == after->sum.disk_bytes &&
	       before->sum.files == after->sum.files && before->class == after->class &&
	       before->confidence == after->confidence;
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_diff_finding *x = a, *y = b;
	int order = imp_compare_changes(&x->sum, &y->sum);

	return order ? order : strcmp(x->id, y->id);
}

static void index_findings(const struct imp_findings *findings, struct imp_map *out)
{
	for (size_t i = 0; i < findings->count; i++)
		imp_map_set(out, imp_slice_of(findings->list[i].id), i);
}

void imp_diff_make_findings(const struct imp_comparison *comparison, struct imp_diff *out)
{
	imp_auto(imp_map_finish) struct imp_map by_id = {0};
	const struct imp_findings *before = comparison->image[0]->findings;
	const struct imp_findings *after = comparison->image[1]->findings;
	struct imp_diff_finding *rows;
	size_t count = 0;
	uint64_t i;

	if (!comparison->findings)
		return;
	rows = imp_arena_array(comparison->arena, before->count + after->count + 1,
			       sizeof(*rows));
	index_findings(before, &by_id);
	for (size_t k = 0; k < after->count; k++) {
		const struct imp_finding *now = &after->list[k], *was = NULL;
		if (imp_map_get(&by_id, imp_slice_of(now->id), &i))
			was = &before->list[i];
		if (!was || !is_same(was, now))
			rows[count++] = make_row(comparison, was, now);
	}
	imp_map_finish(&by_id);
	by_id = (struct imp_map){0};
	index_findings(after, &by_id);
	for (size_t k = 0; k < before->count; k++)
		if (!imp_map_get(&by_id, imp_slice_of(before->list[k].id), NULL))
			rows[count++] = make_row(comparison, &before->list[k], NULL);
	if (count > 1)
		qsort(rows, count, sizeof(*rows), compare_rows);
	out->findings = rows;
	out->finding_count = count;
}
