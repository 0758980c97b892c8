/* What goes with packages that rules name, and what keeps them: the sweep of 2.2, its result shared
 * out among those that were asked for (1.4). */
#include "judge_priv.h"

#include <stdlib.h>

static const char *hold_text(struct judge *judge, uint32_t package, uint32_t holder)
{
	return imp_arena_printf(judge->survey->arena, "kept: %s, required by %s",
				imp_judge_name(judge, package),
				imp_judge_name(judge, holder));
}

static void hold(struct judge *judge, uint32_t package, uint32_t holder)
{
	struct imp_survey *survey = judge->survey;
	uint32_t reason = imp_survey_add_reason(survey, IMP_REASON_HELD,
						hold_text(judge, package, holder));

	survey->held = imp_xgrow(survey->held, &survey->held_capacity,
				 survey->held_count + 1, sizeof(*survey->held));
	survey->held[survey->held_count++] =
		(struct imp_held){package, judge->seeds[package].term, reason};
}

/* What the sweep freed, with the verdict of the seed that it goes with, but no surer than
 * CONFIDENCE: surer seeds alone did not free it. LEADS has for each package the seed that
 * brought it, be it a seed by its own name or not. */
static void take_freed(struct judge *judge, const struct imp_sweep_result *result,
		       const uint32_t *leads, enum imp_manager manager,
		       enum imp_confidence confidence)
{
	for (uint32_t p = 0; p < judge->packages->count; p++) {
		if (judge->packages->list[p].manager != manager || !result->freed[p])
			continue;
		uint32_t because = leads[p] != IMP_NONE ? leads[p] : result->because[p];
		if (because == IMP_NONE)
			continue;
		struct imp_package_verdict verdict = judge->seeds[because];
		if (verdict.confidence < confidence)
			verdict.confidence = confidence;
		verdict.seed = because;
		imp_judge_offer(judge, &judge->verdicts[p], &verdict);
	}
}

static void mark_needed(const struct judge *judge, uint32_t package, bool *needed)
{
	const struct imp_package *p = &judge->packages->list[package];
	const struct imp_dependency *to =
		&judge->packages->dependencies[p->first_dependency];

	for (uint32_t i = 0; i < p->dependency_count; i++)
		if (to[i].kind == IMP_DEPENDENCY_HARD)
			needed[to[i].to] = true;
}

/* Of SEEDS those that somebody asked for; where nobody knows that, those no other seed needs. */
static void choose_leads(const struct judge *judge, const bool *seeds, bool *leads)
{
	imp_auto_free bool *needed =
		imp_xcalloc(judge->packages->count + 1, sizeof(*needed));

	for (uint32_t p = 0; p < judge->packages->count; p++)
		if (seeds[p])
			mark_needed(judge, p, needed);
	for (uint32_t p = 0; p < judge->packages->count; p++) {
		const struct imp_package *package = &judge->packages->list[p];
		leads[p] = seeds[p] && (judge->packages->knows_roots[package->group]
						? package->flags & IMP_PACKAGE_ROOT
						: !needed[p]);
	}
}

/* Who brought what RESULT freed: the lead whose own sweep frees it (1.4), else the nearest one
 * that requires it. */
static void find_leads(const struct judge *judge, const struct imp_sweep_result *result,
		       const struct imp_sweep_result *lead, uint32_t *lead_of)
{
	const struct imp_packages *packages = judge->packages;
	imp_auto_free uint32_t *queue = imp_xcalloc(packages->count + 1, sizeof(*queue));
	size_t queued = 0;

	for (uint32_t p = 0; p < packages->count; p++) {
		lead_of[p] = lead->freed[p] ? lead->because[p] : IMP_NONE;
		if (lead_of[p] != IMP_NONE)
			queue[queued++] = p;
	}
	for (size_t walked = 0; walked < queued; walked++) {
		const struct imp_package *p = &packages->list[queue[walked]];
		for (uint32_t i = 0; i < p->dependency_count; i++) {
			const struct imp_dependency *d =
				&packages->dependencies[p->first_dependency + i];
			if (d->kind != IMP_DEPENDENCY_HARD || !result->freed[d->to] ||
			    lead_of[d->to] != IMP_NONE)
				continue;
			lead_of[d->to] = lead_of[queue[walked]];
			queue[queued++] = d->to;
		}
	}
}

/* Adds the seeds of at least CONFIDENCE; false when there is no new one. */
static bool choose_seeds(const struct judge *judge, enum imp_manager manager,
			 enum imp_confidence confidence, bool *seeds)
{
	bool more = false;

	for (size_t p = 0; p < judge->packages->count; p++) {
		if (judge->packages->list[p].manager != manager ||
		    judge->seeds[p].term == IMP_NONE || judge->roots[p] || seeds[p] ||
		    judge->seeds[p].confidence > confidence)
			continue;
		seeds[p] = true;
		more = true;
	}
	return more;
}

static void note_held(struct judge *judge, const struct imp_sweep_result *result,
		      const bool *seeds)
{
	for (uint32_t p = 0; p < judge->packages->count; p++)
		if (seeds[p] && !result->freed[p] && result->holder[p] != IMP_NONE)
			hold(judge, p, result->holder[p]);
}

/* What is surer goes first, so that a possible seed makes no likely one look larger. */
void imp_judge_sweep(struct judge *judge, enum imp_manager manager)
{
	size_t count = judge->packages->count + 1;
	imp_auto_free bool *seeds = imp_xcalloc(count, sizeof(*seeds));
	imp_auto_free bool *leads = imp_xcalloc(count, sizeof(*leads));
	imp_auto_free uint32_t *lead_of = imp_xcalloc(count, sizeof(*lead_of));
	struct imp_sweep all = {judge->packages, manager, seeds, judge->roots};
	struct imp_sweep leading = {judge->packages, manager, leads, judge->roots};
	struct imp_sweep_result result = {0}, lead = {0};

	for (int c = IMP_CONFIDENCE_CERTAIN; c < IMP_CONFIDENCES; c++) {
		if (!choose_seeds(judge, manager, (enum imp_confidence)c, seeds))
			continue;
		choose_leads(judge, seeds, leads);
		imp_sweep_run(&all, judge->survey->arena, &result);
		imp_sweep_run(&leading, judge->survey->arena, &lead);
		find_leads(judge, &result, &lead, lead_of);
		take_freed(judge, &result, lead_of, manager, (enum imp_confidence)c);
	}
	if (result.freed)
		note_held(judge, &result, seeds);
}
