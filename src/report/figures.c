/* Figures that several formats print. */
#include <errno.h>

#include "imgprof/checked.h"
#include "imgprof/search.h"
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

bool imp_report_dead_file(const struct imp_record *record)
{
	return record->type == IMP_ENTRY_FILE && record->fate != IMP_FATE_LIVE;
}

bool *imp_report_dead_below(const struct imp_tree *tree)
{
	bool *below = imp_xcalloc(imp_tree_node_count(tree), sizeof(bool));

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (!imp_report_dead_file(record))
			continue;
		uint32_t n = imp_tree_node(tree, record->node)->parent;
		for (; n != IMP_NONE && !below[n]; n = imp_tree_node(tree, n)->parent)
			below[n] = true;
	}
	return below;
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

/* The first partial of a record, or the end: they stand by record. */
static size_t first_partial(const struct imp_findings *findings, uint32_t record)
{
	return IMP_FIRST_NOT(findings->partial_count, i,
			     findings->partials[i].record < record);
}

static bool is_partial_of(const struct imp_findings *findings, size_t i, uint32_t record)
{
	return i < findings->partial_count && findings->partials[i].record == record;
}

uint32_t imp_report_finding_index(const struct imp_analysis *image, uint32_t record)
{
	const struct imp_findings *findings = image->findings;
	uint32_t finding = findings->finding_of[record];

	if (imp_tree_record(image->tree, record)->type != IMP_ENTRY_FILE)
		return IMP_NONE;
	size_t partial = first_partial(findings, record);
	if (finding == IMP_NONE && is_partial_of(findings, partial, record))
		finding = findings->partials[partial].finding;
	return finding;
}

const char *imp_report_finding(const struct imp_analysis *image, uint32_t record)
{
	uint32_t finding = imp_report_finding_index(image, record);

	return finding == IMP_NONE ? NULL : image->findings->list[finding].id;
}

struct imp_slice imp_report_headline(const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf end = {0};
	struct imp_slice title = imp_slice_of(finding->title);
	char size[IMP_SIZE_TEXT];

	imp_strbuf_printf(
		&end, ", %s",
		imp_size_text(finding->sum.disk_bytes, IMP_UNITS_DECIMAL, size));
	if (imp_slice_ends(title, imp_strbuf_slice(&end)))
		title.len -= end.len;
	return title;
}

static bool is_sure(const struct imp_findings *findings, uint32_t finding)
{
	return findings->list[finding].confidence != IMP_CONFIDENCE_POSSIBLE;
}

uint64_t imp_report_goes(const struct imp_analysis *image, uint32_t record)
{
	const struct imp_findings *findings = image->findings;
	uint32_t finding = findings->finding_of[record];
	uint64_t bytes = 0;

	if (finding != IMP_NONE && is_sure(findings, finding))
		bytes = imp_tree_record(image->tree, record)->disk_bytes;
	for (size_t i = first_partial(findings, record);
	     is_partial_of(findings, i, record); i++)
		if (is_sure(findings, findings->partials[i].finding))
			bytes += findings->partials[i].disk_bytes;
	return bytes;
}

uint64_t imp_report_partial(const struct imp_analysis *image, uint32_t record)
{
	const struct imp_findings *findings = image->findings;
	uint64_t bytes = 0;

	for (size_t i = first_partial(findings, record);
	     is_partial_of(findings, i, record); i++)
		bytes += findings->partials[i].disk_bytes;
	return bytes;
}

void imp_report_package_name(const struct imp_packages *packages, uint32_t package,
			     struct imp_strbuf *out)
{
	imp_strbuf_printf(out, "%s:", imp_manager_name(packages->list[package].manager));
	imp_strbuf_add_slice(out, packages->list[package].name);
}

bool imp_report_owner(const struct imp_analysis *image, uint32_t record,
		      struct imp_strbuf *out)
{
	const struct imp_packages *packages = image->packages;

	if (!packages || packages->owner_of[record] == IMP_NONE)
		return false;
	imp_report_package_name(packages, packages->owner_of[record], out);
	return true;
}
