#include "fixes.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/map.h"
#include "packages.h"

static int compare_steps(const void *a, const void *b)
{
	const struct imp_fix_step *x = a, *y = b;

	if (x->possible != y->possible)
		return x->possible ? 1 : -1;
	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return x->first < y->first ? -1 : x->first > y->first;
}

struct steps {
	struct imp_fixes *fixes;
	struct imp_map by_text[2]; /* of certain and likely, of possible findings */
	uint32_t *last;            /* finding of each step */
};

static struct imp_fix_step *step_of(struct steps *steps,
				    const struct imp_finding *finding, uint32_t number)
{
	struct imp_fixes *fixes = steps->fixes;
	bool possible = finding->confidence == IMP_CONFIDENCE_POSSIBLE;
	struct imp_slice text = imp_slice_of(finding->fix_text);
	uint64_t at;

	if (imp_map_get(&steps->by_text[possible], text, &at)) {
		fixes->next[steps->last[at]] = number;
		steps->last[at] = number;
		return &fixes->list[at];
	}
	imp_map_set(&steps->by_text[possible], text, fixes->count);
	steps->last[fixes->count] = number;
	fixes->list[fixes->count] = (struct imp_fix_step){
		.kind = finding->fix_kind,
		.text = finding->fix_text,
		.possible = possible,
		.first = number,
	};
	return &fixes->list[fixes->count++];
}

void imp_fixes_make(struct imp_fixes *fixes, const struct imp_analysis *image,
		    const struct imp_report_filter *filter)
{
	const struct imp_findings *findings = image->findings;
	imp_auto_free bool *pass = imp_filter_findings(image, filter);
	imp_auto_free uint32_t *last = imp_xcalloc(findings->count + 1, sizeof(*last));
	struct steps steps = {.fixes = fixes, .last = last};

	*fixes = (struct imp_fixes){
		.list = imp_xcalloc(findings->count + 1, sizeof(*fixes->list)),
		.next = imp_xcalloc(findings->count + 1, sizeof(*fixes->next)),
	};
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct imp_finding *finding = &findings->list[i];
		fixes->next[i] = IMP_NONE;
		if (!pass[i] || finding->class == IMP_CLASS_SECRET)
			continue;
		struct imp_fix_step *step = step_of(&steps, finding, i);
		step->sum.files += finding->sum.files;
		step->sum.disk_bytes += finding->sum.disk_bytes;
		step->sum.pull_bytes += finding->sum.pull_bytes;
	}
	qsort(fixes->list, fixes->count, sizeof(*fixes->list), compare_steps);
	imp_map_finish(&steps.by_text[0]);
	imp_map_finish(&steps.by_text[1]);
}

void imp_fixes_finish(struct imp_fixes *fixes)
{
	free(fixes->list);
	free(fixes->next);
}
