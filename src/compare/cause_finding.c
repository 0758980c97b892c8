/* Findings as causes: by rule and subject in both images. What is hidden is named by its largest
 * path: the numbers of layers mean nothing in another image. */
#include "reasons_priv.h"

/* What tells findings apart, and matches those of both images. */
static struct imp_diff_reason key_of(const struct imp_finding *finding)
{
	bool wasted = finding->class == IMP_CLASS_WASTED;

	return (struct imp_diff_reason){
		.kind = IMP_REASON_FINDING,
		.manager = "",
		.rule = finding->rule,
		.class_name = imp_class_name(finding->class),
		.subject = !wasted                   ? finding->subject
			   : finding->path_count > 0 ? finding->paths[0]
						     : IMP_SLICE(""),
	};
}

void imp_causes_note_findings(struct imp_causes *causes, int side)
{
	const struct imp_comparison *c = causes->comparison;
	const struct imp_findings *findings = c->image[side]->findings;

	for (size_t i = 0; c->findings && i < findings->count; i++) {
		struct imp_diff_reason key = key_of(&findings->list[i]);
		struct imp_cause *cause = imp_causes_get(causes, &key);
		if (cause)
			cause->there[side] = true;
	}
}

uint32_t imp_cause_of_finding(struct imp_causes *causes, int side, uint32_t record)
{
	const struct imp_comparison *c = causes->comparison;
	const struct imp_findings *findings = c->image[side]->findings;

	if (!c->findings || findings->finding_of[record] == IMP_NONE)
		return IMP_NONE;
	uint32_t *known = &causes->of_finding[side][findings->finding_of[record]];
	if (*known != IMP_NONE)
		return *known;
	const struct imp_finding *finding = &findings->list[findings->finding_of[record]];
	struct imp_diff_reason row = key_of(finding);
	uint32_t cause = imp_causes_find(causes, &row);
	struct imp_cause *made = &causes->list[cause];
	if (!made->row.title)
		made->row.title = imp_arena_text(c->arena, finding->rule_title);
	if (finding->packages > made->packages[side] + 1)
		made->packages[side] = finding->packages - 1;
	*known = cause;
	return cause;
}
