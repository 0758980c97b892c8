#include "describe_priv.h"

#include <inttypes.h>
#include <stdlib.h>

static bool sums_equal(const struct imp_sum *a, const struct imp_sum *b)
{
	return a->files == b->files && a->disk_bytes == b->disk_bytes &&
	       a->pull_bytes == b->pull_bytes;
}

/* What the marks of single files add up to. */
struct recount {
	struct imp_sum *findings;
	struct imp_sum classes[IMP_CLASSES];
	struct imp_sum live, wasted;
};

static int count_file(const struct imp_record *file, uint32_t record,
		      const struct imp_findings *findings, struct recount *recount,
		      struct imp_error *err)
{
	bool live = file->fate == IMP_FATE_LIVE;
	uint32_t number = findings->finding_of[record];
	uint8_t class = findings->class_of[record];

	if (live == (class == IMP_CLASS_WASTED))
		return imp_fail(err, IMP_E_BUG,
				"findings: record %u is %s, but of class %s", record,
				imp_fate_name((enum imp_fate)file->fate),
				imp_class_name((enum imp_class) class));
	if (!live && number == IMP_NONE)
		return imp_fail(err, IMP_E_BUG, "findings: dead record %u is in none",
				record);
	if (number != IMP_NONE && number >= findings->count)
		return imp_fail(err, IMP_E_BUG,
				"findings: record %u is in number %u of %zu", record,
				number, findings->count);
	if (number != IMP_NONE)
		imp_sum_add_record(&recount->findings[number], file);
	imp_sum_add_record(live ? &recount->live : &recount->wasted, file);
	imp_sum_add_record(&recount->classes[class], file);
	return 0;
}

/* A part is of a live file that no finding has whole, and no larger than it. */
static int count_part(const struct imp_tree *tree, const struct imp_findings *findings,
		      const struct imp_partial *part, struct recount *recount,
		      struct imp_error *err)
{
	const struct imp_record *file = part->record < imp_tree_record_count(tree)
						? imp_tree_record(tree, part->record)
						: NULL;

	if (!file || file->type != IMP_ENTRY_FILE || file->fate != IMP_FATE_LIVE ||
	    findings->finding_of[part->record] != IMP_NONE)
		return imp_fail(err, IMP_E_BUG, "findings: part of record %u is not free",
				part->record);
	if (part->finding >= findings->count || !findings->list[part->finding].partial)
		return imp_fail(err, IMP_E_BUG, "findings: part of record %u is in none",
				part->record);
	if (part->disk_bytes > file->disk_bytes || part->pull_bytes > file->pull_bytes)
		return imp_fail(err, IMP_E_BUG,
				"findings: part of record %u is larger than it",
				part->record);
	const struct imp_finding *finding = &findings->list[part->finding];
	struct imp_sum moved = {0, part->disk_bytes, part->pull_bytes};
	imp_sum_add_sum(&recount->findings[part->finding], &moved);
	recount->findings[part->finding].files++;
	if (finding->confidence == IMP_CONFIDENCE_POSSIBLE)
		return 0;
	struct imp_sum *from = &recount->classes[findings->class_of[part->record]];
	from->disk_bytes -= part->disk_bytes;
	from->pull_bytes -= part->pull_bytes;
	imp_sum_add_sum(&recount->classes[finding->class], &moved);
	return 0;
}

/* Secrets are warned about: they have files, but no bytes. */
static bool is_counted(const struct imp_finding *finding, const struct imp_sum *recount)
{
	if (finding->class == IMP_CLASS_SECRET)
		return finding->sum.disk_bytes == 0 && finding->sum.pull_bytes == 0 &&
		       recount->files == 0;
	return sums_equal(&finding->sum, recount);
}

static int compare_findings(const struct imp_findings *findings,
			    const struct recount *recount, struct imp_error *err)
{
	struct imp_sum confidences[IMP_CONFIDENCES] = {0};

	for (size_t i = 0; i < findings->count; i++) {
		const struct imp_finding *finding = &findings->list[i];
		if (!is_counted(finding, &recount->findings[i]))
			return imp_fail(err, IMP_E_BUG,
					"finding %s: %" PRIu64
					" bytes, its files %" PRIu64,
					finding->id, finding->sum.disk_bytes,
					recount->findings[i].disk_bytes);
		if (finding->class != IMP_CLASS_SECRET)
			imp_sum_add_sum(&confidences[finding->confidence], &finding->sum);
	}
	for (int c = 0; c < IMP_CONFIDENCES; c++)
		if (!sums_equal(&confidences[c], &findings->by_confidence[c]))
			return imp_fail(err, IMP_E_BUG, "findings: sum of %s is wrong",
					imp_confidence_name((enum imp_confidence)c));
	return 0;
}

static int compare_classes(const struct imp_findings *findings,
			   const struct recount *recount, struct imp_error *err)
{
	struct imp_sum all = {0};

	for (size_t i = 0; i < findings->class_count; i++) {
		const struct imp_class_sum *class = &findings->classes[i];
		if (!sums_equal(&class->sum, &recount->classes[class->class]))
			return imp_fail(err, IMP_E_BUG,
					"findings: sum of class %s is wrong",
					imp_class_name(class->class));
		imp_sum_add_sum(&all, &class->sum);
	}
	if (!sums_equal(&all, &recount->live) || !sums_equal(&all, &findings->live))
		return imp_fail(err, IMP_E_BUG,
				"findings: classes do not add up to live bytes");
	return 0;
}

static int compare_totals(const struct imp_findings *findings,
			  const struct recount *recount, struct imp_error *err)
{
	struct imp_sum reclaimable = findings->by_confidence[IMP_CONFIDENCE_CERTAIN];

	imp_sum_add_sum(&reclaimable, &findings->by_confidence[IMP_CONFIDENCE_LIKELY]);
	if (!sums_equal(&recount->wasted, &findings->wasted))
		return imp_fail(err, IMP_E_BUG, "findings: sum of wasted is wrong");
	if (!sums_equal(&reclaimable, &findings->reclaimable) ||
	    reclaimable.disk_bytes >
		    recount->live.disk_bytes + recount->wasted.disk_bytes)
		return imp_fail(err, IMP_E_BUG, "findings: reclaimable is wrong");
	return 0;
}

int imp_findings_check(const struct imp_tree *tree, const struct imp_findings *findings,
		       struct imp_error *err)
{
	struct recount recount = {
		.findings = imp_xcalloc(findings->count + 1, sizeof(*recount.findings))};
	int rc = 0;

	for (uint32_t r = 0; rc == 0 && r < imp_tree_record_count(tree); r++)
		if (imp_tree_record(tree, r)->type == IMP_ENTRY_FILE)
			rc = count_file(imp_tree_record(tree, r), r, findings, &recount,
					err);
	for (size_t i = 0; rc == 0 && i < findings->partial_count; i++)
		rc = count_part(tree, findings, &findings->partials[i], &recount, err);
	if (rc == 0)
		rc = compare_findings(findings, &recount, err);
	if (rc == 0)
		rc = compare_classes(findings, &recount, err);
	if (rc == 0)
		rc = compare_totals(findings, &recount, err);
	free(recount.findings);
	return rc;
}
