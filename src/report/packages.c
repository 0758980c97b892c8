#include "packages.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

bool imp_filter_is_set(const struct imp_report_filter *filter)
{
	return filter->has_manager || filter->ignore_base;
}

static bool is_live_file(const struct imp_record *record)
{
	return record->type == IMP_ENTRY_FILE && record->fate == IMP_FATE_LIVE;
}

/* Records stand in layer order, so a package's layers come in ascending order and a repeated one
 * right behind itself. COUNTS, then, with LAYERS given, the layers themselves. */
static void gather_layers(const struct imp_analysis *image, struct imp_package_row *rows,
			  uint16_t *layers)
{
	const struct imp_packages *packages = image->packages;
	imp_auto_free uint32_t *last = imp_xcalloc(packages->count + 1, sizeof(*last));

	for (uint32_t r = 0; r < imp_tree_record_count(image->tree); r++) {
		const struct imp_record *record = imp_tree_record(image->tree, r);
		uint32_t owner = packages->owner_of[r];
		if (!is_live_file(record) || owner == IMP_NONE ||
		    last[owner] == record->layer + 1u)
			continue;
		last[owner] = record->layer + 1u;
		if (layers)
			layers[(size_t)(rows[owner].layers - layers) +
			       rows[owner].layer_count] = record->layer;
		rows[owner].layer_count++;
	}
}

static void list_layers(const struct imp_analysis *image, struct imp_package_rows *rows)
{
	size_t total = 0;

	gather_layers(image, rows->list, NULL);
	for (size_t i = 0; i < rows->count; i++)
		total += rows->list[i].layer_count;
	rows->layers = imp_xcalloc(total + 1, sizeof(*rows->layers));
	total = 0;
	for (size_t i = 0; i < rows->count; i++) {
		rows->list[i].layers = rows->layers + total;
		total += rows->list[i].layer_count;
		rows->list[i].layer_count = 0;
	}
	gather_layers(image, rows->list, rows->layers);
}

struct pair {
	uint32_t owner, other;
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return x->other < y->other ? -1 : x->other > y->other;
}

static void list_also(const struct imp_packages *packages, struct imp_package_rows *rows)
{
	imp_auto_free struct pair *pairs =
		imp_xcalloc(packages->also_count + 1, sizeof(*pairs));
	size_t count = 0;

	rows->also = imp_xcalloc(packages->also_count + 1, sizeof(*rows->also));
	for (size_t i = 0; i < packages->also_count; i++) {
		uint32_t owner = packages->owner_of[packages->also[i].record];
		if (owner != IMP_NONE)
			pairs[count++] = (struct pair){owner, packages->also[i].package};
	}
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct imp_package_row *row = &rows->list[pairs[i].owner];
		if (i > 0 && compare_pairs(&pairs[i - 1], &pairs[i]) == 0)
			continue;
		if (row->also_count++ == 0)
			row->also = rows->also + kept;
		rows->also[kept++] = pairs[i].other;
	}
}

static bool passes(const struct imp_analysis *image, const struct imp_package_row *row,
		   const struct imp_report_filter *filter)
{
	const struct imp_package *package = &image->packages->list[row->package];
	size_t base = image->findings->base_layers;
	bool in_base = row->layer_count > 0 && row->layers[row->layer_count - 1] < base;

	if (filter->has_manager && package->manager != filter->manager)
		return false;
	return !filter->ignore_base || !in_base;
}

static int compare_rows(const void *a, const void *b, void *user)
{
	const struct imp_package_row *x = a, *y = b;
	const struct imp_package *list = user;
	uint64_t x_bytes = list[x->package].sum.disk_bytes;
	uint64_t y_bytes = list[y->package].sum.disk_bytes;

	if (x_bytes != y_bytes)
		return x_bytes < y_bytes ? 1 : -1;
	return x->package < y->package ? -1 : x->package > y->package;
}

static void add_sum(struct imp_sum *sum, const struct imp_sum *more)
{
	sum->files += more->files;
	sum->disk_bytes += more->disk_bytes;
	sum->pull_bytes += more->pull_bytes;
}

static void leave_out(struct imp_package_rows *rows, const struct imp_packages *packages,
		      const struct imp_package_row *row)
{
	add_sum(&rows->left_out, &packages->list[row->package].sum);
	rows->left_out_count++;
}

void imp_package_rows_make(struct imp_package_rows *rows,
			   const struct imp_analysis *image,
			   const struct imp_report_filter *filter, size_t top)
{
	const struct imp_packages *packages = image->packages;
	size_t kept = 0;

	*rows = (struct imp_package_rows){0};
	if (!packages)
		return;
	rows->count = packages->count;
	rows->list = imp_xcalloc(packages->count + 1, sizeof(*rows->list));
	for (size_t i = 0; i < rows->count; i++)
		rows->list[i].package = (uint32_t)i;
	if (image->tree) {
		list_layers(image, rows);
		list_also(packages, rows);
	}
	for (size_t i = 0; i < rows->count; i++) {
		if (passes(image, &rows->list[i], filter))
			rows->list[kept++] = rows->list[i];
		else
			leave_out(rows, packages, &rows->list[i]);
	}
	qsort_r(rows->list, kept, sizeof(*rows->list), compare_rows,
		(void *)(uintptr_t)packages->list);
	rows->count = top && top < kept ? top : kept;
	for (size_t i = rows->count; i < kept; i++)
		leave_out(rows, packages, &rows->list[i]);
}

void imp_package_rows_finish(struct imp_package_rows *rows)
{
	free(rows->list);
	free(rows->layers);
	free(rows->also);
}

void imp_manager_sums(const struct imp_analysis *image,
		      struct imp_manager_sum sums[static IMP_MANAGERS])
{
	const struct imp_packages *packages = image->packages;

	for (int manager = 0; manager < IMP_MANAGERS; manager++)
		sums[manager] = (struct imp_manager_sum){0};
	for (size_t i = 0; packages && i < packages->count; i++) {
		struct imp_manager_sum *sum = &sums[packages->list[i].manager];
		sum->packages++;
		add_sum(&sum->sum, &packages->list[i].sum);
		if (!image->runtime || !image->runtime->package_reached[i])
			continue;
		sum->reached++;
		add_sum(&sum->reached_sum, &packages->list[i].sum);
	}
}

/* Findings that have a live file of the manager's packages, whole or in part. */
static void pass_owned(const struct imp_analysis *image, enum imp_manager manager,
		       bool *passes_filter)
{
	const struct imp_packages *packages = image->packages;
	const struct imp_findings *findings = image->findings;

	if (!packages)
		return;
	for (uint32_t r = 0; r < imp_tree_record_count(image->tree); r++) {
		uint32_t owner = packages->owner_of[r], finding = findings->finding_of[r];
		if (finding != IMP_NONE && owner != IMP_NONE &&
		    packages->list[owner].manager == manager)
			passes_filter[finding] = true;
	}
	for (size_t i = 0; i < findings->partial_count; i++) {
		uint32_t owner = packages->owner_of[findings->partials[i].record];
		if (owner != IMP_NONE && packages->list[owner].manager == manager)
			passes_filter[findings->partials[i].finding] = true;
	}
}

bool *imp_filter_findings(const struct imp_analysis *image,
			  const struct imp_report_filter *filter)
{
	const struct imp_findings *findings = image->findings;
	bool *pass = imp_xcalloc(findings->count + 1, sizeof(*pass));

	if (filter->has_manager)
		pass_owned(image, filter->manager, pass);
	for (size_t i = 0; i < findings->count; i++) {
		if (!filter->has_manager)
			pass[i] = true;
		if (filter->ignore_base && findings->list[i].in_base)
			pass[i] = false;
	}
	return pass;
}
