/* As many rows as the page has room for. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/checked.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

struct fit {
	const struct imp_html_part *parts;
	size_t count;
	enum imp_units units;
	uint64_t max_bytes;
	uint64_t **weights; /* by part, then by row */
	/* Of all parts, largest first: leaves, folders, both */
	uint64_t *leaves, *all;
	size_t leaf_count, all_count;
};

static void write_payload(const struct fit *fit, const struct imp_html_part *parts,
			  struct imp_strbuf *out)
{
	imp_auto_destroy(imp_html_gzip) struct imp_html_gzip *gzip =
		imp_html_gzip_create();

	imp_html_write_parts(parts, fit->count, fit->units, gzip);
	imp_strbuf_reset(out);
	imp_base64_encode(out, imp_html_gzip_end(gzip));
}

static int compare_descending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x > y ? -1 : x < y;
}

static size_t count_rows(const struct fit *fit)
{
	size_t count = 0;

	for (size_t i = 0; i < fit->count; i++)
		count += fit->parts[i].rows.count;
	return count;
}

static void weigh(struct fit *fit)
{
	fit->weights = imp_xcalloc(fit->count + 1, sizeof(*fit->weights));
	fit->leaves = imp_xcalloc(count_rows(fit) + 1, sizeof(uint64_t));
	fit->all = imp_xcalloc(count_rows(fit) + 1, sizeof(uint64_t));
	for (size_t i = 0; i < fit->count; i++) {
		const struct imp_html_rows *rows = &fit->parts[i].rows;
		fit->weights[i] = imp_html_weigh(rows);
		for (size_t r = 0; r < rows->count; r++) {
			fit->all[fit->all_count++] = fit->weights[i][r];
			if (!rows->list[r].folder)
				fit->leaves[fit->leaf_count++] = fit->weights[i][r];
		}
	}
	qsort(fit->all, fit->all_count, sizeof(uint64_t), compare_descending);
	qsort(fit->leaves, fit->leaf_count, sizeof(uint64_t), compare_descending);
}

static void finish(struct fit *fit)
{
	for (size_t i = 0; fit->weights && i < fit->count; i++)
		free(fit->weights[i]);
	free(fit->weights);
	free(fit->leaves);
	free(fit->all);
}

/* The cut that keeps about KEEP rows: every folder as long as that leaves room for files. */
static struct imp_html_cut cut_for(const struct fit *fit, size_t keep)
{
	size_t folders = fit->all_count - fit->leaf_count;

	if (keep > folders + fit->leaf_count / 100 && keep - folders < fit->leaf_count)
		return (struct imp_html_cut){.leaf = fit->leaves[keep - folders]};
	return (struct imp_html_cut){.leaf = fit->all[keep], .folder = fit->all[keep]};
}

static void write_folded(const struct fit *fit, struct imp_html_cut cut,
			 struct imp_strbuf *out)
{
	struct imp_html_part *folded = imp_xcalloc(fit->count + 1, sizeof(*folded));

	for (size_t i = 0; i < fit->count; i++) {
		folded[i] = fit->parts[i];
		folded[i].rows = (struct imp_html_rows){0};
		imp_html_fold(&fit->parts[i].rows, fit->weights[i], cut, &folded[i].rows);
	}
	write_payload(fit, folded, out);
	for (size_t i = 0; i < fit->count; i++)
		imp_html_rows_finish(&folded[i].rows);
	free(folded);
}

int imp_html_payload(const struct imp_html_part *parts, size_t count,
		     enum imp_units units, uint64_t max_bytes, struct imp_strbuf *out,
		     struct imp_error *err)
{
	imp_auto(finish) struct fit fit = {
		.parts = parts, .count = count, .units = units, .max_bytes = max_bytes};

	write_payload(&fit, parts, out);
	if (out->len <= max_bytes)
		return 0;
	weigh(&fit);
	size_t keep = fit.all_count;
	while (out->len > max_bytes && keep > 0) {
		/* A tenth less than in proportion: what is folded needs rows, too. */
		keep = (size_t)imp_mul_div(keep, max_bytes * 9, (uint64_t)out->len * 10);
		write_folded(&fit, cut_for(&fit, keep), out);
	}
	if (out->len > max_bytes)
		return imp_fail(
			err, IMP_E_LIMIT,
			"the page does not fit into --html-max, even without files");
	return 0;
}
