/* What the facts about an image make of the rules: an anchor that is present keeps the files of
 * the rules that name it (classification.md 1.2). */
#include "survey_priv.h"

#include <stdlib.h>

const char *imp_reason_name(unsigned kind)
{
	static const char *const names[IMP_REASONS - IMP_REASON_HELD] = {
		"held", "reached", "dev-command", "ignored", "linked"};

	return kind < IMP_REASON_HELD ? imp_anchor_name((enum imp_anchor)kind)
				      : names[kind - IMP_REASON_HELD];
}

uint32_t imp_survey_add_reason(struct imp_survey *survey, unsigned kind,
			       const char *evidence)
{
	survey->reasons = imp_xgrow(survey->reasons, &survey->reason_capacity,
				    survey->reason_count + 1, sizeof(*survey->reasons));
	survey->reasons[survey->reason_count] = (struct imp_reason){kind, evidence};
	return (uint32_t)survey->reason_count++;
}

static enum imp_anchor_state state_of(const struct imp_survey *survey, int anchor)
{
	return survey->input->runtime->anchors[anchor].state;
}

bool imp_anchor_is(const struct imp_survey *survey, enum imp_anchor anchor,
		   enum imp_anchor_state state)
{
	return state_of(survey, (int)anchor) == state;
}

static bool any_unknown(const struct imp_survey *survey, uint32_t anchors)
{
	for (int a = 0; a < IMP_ANCHORS; a++)
		if ((anchors >> a & 1) && state_of(survey, a) == IMP_ANCHOR_UNKNOWN)
			return true;
	return false;
}

/* What is started of the programs NAMES; *NAME is which. */
static const struct imp_started *find_started(const struct imp_survey *survey,
					      struct imp_slice names,
					      struct imp_slice *name)
{
	const struct imp_runtime *runtime = survey->input->runtime;

	while (names.data) {
		*name = imp_slice_cut(&names, ',');
		for (size_t i = 0; i < runtime->started_count; i++)
			if (runtime->started[i].argc > 0 &&
			    imp_slice_equal(
				    imp_slice_basename(runtime->started[i].argv[0]),
				    *name))
				return &runtime->started[i];
	}
	return NULL;
}

static bool counts(const struct imp_survey *survey, const struct imp_row *row, int anchor)
{
	struct imp_slice name;

	return anchor != IMP_ANCHOR_NODE || row->with.len == 0 ||
	       find_started(survey, row->with, &name);
}

/* The first anchor of ROW that is present, or IMP_ANCHORS. */
static int find_present(const struct imp_survey *survey, const struct imp_row *row)
{
	uint32_t anchors = row->unless | row->absent;

	for (int a = 0; a < IMP_ANCHORS; a++)
		if ((anchors >> a & 1) && state_of(survey, a) == IMP_ANCHOR_PRESENT &&
		    counts(survey, row, a))
			return a;
	return IMP_ANCHORS;
}

/* "CMD starts npm" */
static uint32_t add_starter(struct imp_survey *survey, const struct imp_row *row)
{
	struct imp_slice name;
	const struct imp_started *started = find_started(survey, row->with, &name);

	return imp_survey_add_reason(
		survey, IMP_ANCHOR_NODE,
		imp_arena_printf(survey->arena, "%s %s %.*s", started->origin,
				 started->certain ? "starts" : "may start", (int)name.len,
				 name.data));
}

void imp_survey_standing(struct imp_survey *survey)
{
	const struct imp_rules *rules = survey->input->rules;
	uint32_t reasons[IMP_ANCHORS];

	memset(reasons, 0xff, sizeof(reasons));
	survey->row_reasons =
		imp_xmalloc((rules->row_count + 1) * sizeof(*survey->row_reasons));
	for (size_t i = 0; i < rules->row_count; i++) {
		int anchor = find_present(survey, &rules->rows[i]);
		survey->row_reasons[i] = IMP_NONE;
		if (rules->rows[i].ignored) {
			survey->row_reasons[i] = imp_survey_add_reason(
				survey, IMP_REASON_IGNORED, rules->rows[i].ignored);
			continue;
		}
		if (anchor == IMP_ANCHORS)
			continue;
		if (anchor == IMP_ANCHOR_NODE && rules->rows[i].with.len > 0) {
			survey->row_reasons[i] = add_starter(survey, &rules->rows[i]);
			continue;
		}
		if (reasons[anchor] == IMP_NONE) {
			const char *evidence =
				survey->input->runtime->anchors[anchor].evidence;
			reasons[anchor] = imp_survey_add_reason(survey, (unsigned)anchor,
								evidence ? evidence : "");
		}
		survey->row_reasons[i] = reasons[anchor];
	}
}

enum imp_confidence imp_term_confidence(const struct imp_survey *survey,
					const struct imp_term *term)
{
	const struct imp_row *row = &survey->input->rules->rows[term->row];
	bool needs_proof =
		row->class == IMP_CLASS_TOOLCHAIN || row->class == IMP_CLASS_DEV_DEP;

	if (state_of(survey, IMP_ANCHOR_DEV) == IMP_ANCHOR_PRESENT ||
	    any_unknown(survey, row->absent))
		return IMP_CONFIDENCE_POSSIBLE;
	if (needs_proof && term->confidence == IMP_CONFIDENCE_CERTAIN &&
	    any_unknown(survey, row->unless))
		return IMP_CONFIDENCE_LIKELY;
	return term->confidence;
}
