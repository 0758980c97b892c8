/* Figures that several formats print. */
#include <errno.h>

#include "imgprof/checked.h"
#include "writer_priv.h"

int imp_report_end(FILE *out, struct imp_error *err)
{
	if (ferror(out))
		return imp_fail_errno(err, "writing the report");
	return 0;
}

struct imp_sum imp_report_wasted(const struct imp_analysis *image)
{
	struct imp_sum wasted = {0};

	for (int fate = 0; fate < IMP_FATES; fate++) {
		if (fate == IMP_FATE_LIVE)
			continue;
		wasted.files += image->fates[fate].files;
		wasted.disk_bytes += image->fates[fate].disk_bytes;
		wasted.pull_bytes += image->fates[fate].pull_bytes;
	}
	return wasted;
}

uint64_t imp_report_unread_pull(const struct imp_analysis *image)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < image->layer_count; i++)
		if (image->layers[i].missing)
			sum += image->layers[i].summary.pull_bytes;
	return sum;
}

uint64_t imp_report_overhead_pull(const struct imp_analysis *image)
{
	uint64_t files = imp_report_wasted(image).pull_bytes +
			 image->fates[IMP_FATE_LIVE].pull_bytes;

	return image->pull_bytes - files - imp_report_unread_pull(image);
}

uint64_t imp_report_share(uint64_t part, uint64_t whole, uint64_t cells)
{
	if (part >= whole)
		return cells;
	uint64_t share = imp_mul_div(part, 2 * cells, whole);

	share = share / 2 + share % 2;
	return share ? share : part * 100 >= whole;
}

bool imp_report_has_fate(const struct imp_record *record)
{
	return record->group != IMP_NONE;
}

const char *imp_report_class(const struct imp_analysis *image, uint32_t record)
{
	if (imp_tree_record(image->tree, record)->type != IMP_ENTRY_FILE)
		return NULL;
	return imp_class_name(image->findings->class_of[record]);
}

const char *imp_report_possible_class(const struct imp_analysis *image, uint32_t record)
{
	uint8_t class = image->findings->possible_class_of[record];

	if (imp_tree_record(image->tree, record)->type != IMP_ENTRY_FILE ||
	    class == IMP_CLASS_RUNTIME)
		return NULL;
	return imp_class_name(class);
}

const char *imp_report_finding(const struct imp_analysis *image, uint32_t record)
{
	uint32_t finding = image->findings->finding_of[record];

	if (imp_tree_record(image->tree, record)->type != IMP_ENTRY_FILE ||
	    finding == IMP_NONE)
		return NULL;
	return image->findings->list[finding].id;
}
