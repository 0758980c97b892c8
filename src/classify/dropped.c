/* Verdicts that evidence took back: they are listed beside the findings, and counted nowhere. */
#include "describe_priv.h"

#include <stdlib.h>

static int compare_dropped(const void *a, const void *b)
{
	const struct imp_dropped *x = a, *y = b;
	int order;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	if ((order = strcmp(x->rule, y->rule)) != 0 ||
	    (order = imp_slice_compare(x->subject, y->subject)) != 0)
		return order;
	return strcmp(x->anchor, y->anchor);
}

static struct imp_dropped from_draft(const struct imp_describer *describer,
				     const struct imp_draft *draft)
{
	const struct imp_reason *reason = &describer->survey->reasons[draft->reason];

	return (struct imp_dropped){
		.rule = imp_arena_text(describer->arena, draft->row->text.id),
		.subject = imp_draft_subject(describer, draft),
		.anchor = imp_reason_name(reason->kind),
		.evidence = reason->evidence,
		.sum = draft->sum,
	};
}

static struct imp_dropped from_held(const struct imp_describer *describer,
				    const struct imp_held *held)
{
	const struct imp_rules *rules = describer->input->rules;
	const struct imp_package *package =
		&describer->input->packages->list[held->package];
	const struct imp_reason *reason = &describer->survey->reasons[held->reason];

	return (struct imp_dropped){
		.rule = imp_arena_text(describer->arena,
				       rules->rows[rules->terms[held->term].row].text.id),
		.subject = package->name,
		.anchor = imp_reason_name(reason->kind),
		.evidence = reason->evidence,
		.sum = package->sum,
	};
}

void imp_list_dropped(struct imp_describer *describer, const struct imp_drafts *dropped,
		      struct imp_findings *out)
{
	const struct imp_survey *survey = describer->survey;
	size_t count = 0;

	if (!survey)
		return;
	size_t held = survey->held_count;
	struct imp_dropped *list =
		imp_arena_array(describer->arena, dropped->count + held, sizeof(*list));

	for (size_t i = 0; i < dropped->count; i++)
		list[count++] = from_draft(describer, &dropped->list[i]);
	for (size_t i = 0; i < held; i++)
		list[count++] = from_held(describer, &survey->held[i]);
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_dropped);
	out->dropped = list;
	out->dropped_count = count;
}
