/* -o html: one page that works from a file, of images, what changed, what is stored or shared. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/hash.h"

enum { DEFAULT_MAX_BYTES = 5000000 };

/* "'sha256-...'" of a script or style, as a policy names it. */
static void add_hash(struct imp_strbuf *out, struct imp_slice text)
{
	struct imp_digest digest;

	imp_digest_of(IMP_DIGEST_SHA256, text, &digest);
	imp_strbuf_add_text(out, " 'sha256-");
	imp_base64_encode(out, imp_slice((const char *)digest.bytes, 32));
	imp_strbuf_add_char(out, '\'');
}

static void add_policy(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out,
			    "<meta http-equiv=\"Content-Security-Policy\" content=\""
			    "default-src 'none'; base-uri 'none'; form-action 'none'; "
			    "style-src");
	add_hash(out, imp_slice(imp_html_style, imp_html_style_bytes));
	imp_strbuf_add_text(out, "; script-src");
	add_hash(out, imp_slice(imp_html_d3, imp_html_d3_bytes));
	add_hash(out, imp_slice(imp_html_script, imp_html_script_bytes));
	imp_strbuf_add_text(out, "\">\n");
}

static const char *title_of(const struct imp_report *report)
{
	if (report->kind == IMP_REPORT_COST)
		return report->cost->title;
	if (report->kind == IMP_REPORT_SHARE)
		return "what images share";
	if (report->kind == IMP_REPORT_DIFF) {
		if (report->diffs->count != 1)
			return "images compared";
		const char *after = report->diffs->list[0]->after.reference;
		return after ? after : "";
	}
	return report->image_count == 1 ? report->images[0]->image->reference : "images";
}

static void add_head(struct imp_strbuf *out, const struct imp_report *report)
{
	struct imp_slice title = imp_slice_of(title_of(report));

	imp_strbuf_add_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
				 "<meta charset=\"utf-8\">\n");
	add_policy(out);
	imp_strbuf_add_text(out,
			    "<meta name=\"viewport\" content=\"width=device-width\">\n"
			    "<title>imgprof: ");
	imp_escape_html(out, title);
	imp_strbuf_add_text(out, "</title>\n<style>");
	imp_strbuf_add(out, imp_html_style, imp_html_style_bytes);
	imp_strbuf_add_text(out, "</style>\n</head>\n<body>\n<header><h1>");
	imp_escape_html(out, title);
	imp_strbuf_add_text(out, "</h1></header>\n<main>\n");
	imp_strbuf_add(out, imp_html_views, imp_html_views_bytes);
}

static void add_tables(struct imp_strbuf *out, const struct imp_html_part *part,
		       const struct imp_report_options *options)
{
	if (part->kind == IMP_REPORT_DIFF)
		imp_html_diff_tables(out, part->diff, options);
	else if (part->kind == IMP_REPORT_COST)
		imp_html_cost_tables(out, part->cost, options);
	else if (part->kind == IMP_REPORT_SHARE)
		imp_html_share_tables(out, part->share, options);
	else
		imp_html_profile_tables(out, part->image, &part->rows, options);
}

static void add_parts(struct imp_strbuf *out, const struct imp_html_part *parts,
		      size_t count, const struct imp_report_options *options)
{
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_add_text(out, "<article class=\"part\">\n");
		add_tables(out, &parts[i], options);
		imp_strbuf_add_text(out, "</article>\n");
	}
}

static void add_licence(struct imp_strbuf *out)
{
	struct imp_slice rest = imp_slice(imp_html_d3_licence, imp_html_d3_licence_bytes);

	while (rest.data) {
		imp_escape_html(out, imp_slice_cut(&rest, '\n'));
		imp_strbuf_add_char(out, '\n');
	}
}

static void add_foot(struct imp_strbuf *out, const struct imp_report_options *options)
{
	imp_strbuf_add_text(out, "</main>\n<footer><p>imgprof ");
	imp_escape_html(out, imp_slice_of(options->version));
	imp_strbuf_add_text(out,
			    "</p>\n<details><summary>Licence of d3-hierarchy, which lays "
			    "out the boxes</summary><pre>");
	add_licence(out);
	imp_strbuf_add_text(out, "</pre></details></footer>\n<template id=\"payload\">");
}

static void add_scripts(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "</template>\n<script>");
	imp_strbuf_add(out, imp_html_d3, imp_html_d3_bytes);
	imp_strbuf_add_text(out, "</script>\n<script type=\"module\">");
	imp_strbuf_add(out, imp_html_script, imp_html_script_bytes);
	imp_strbuf_add_text(out, "</script>\n</body>\n</html>\n");
}

static int write_page(const struct imp_report *report, const struct imp_html_part *parts,
		      size_t count, const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf front = {0}, payload = {0},
						      behind = {0};
	uint64_t max =
		options->html_max_bytes ? options->html_max_bytes : DEFAULT_MAX_BYTES;

	add_head(&front, report);
	add_parts(&front, parts, count, options);
	add_foot(&front, options);
	add_scripts(&behind);
	uint64_t around = front.len + behind.len;
	int rc = imp_html_payload(parts, count, options->units,
				  max > around ? max - around : 0, &payload, err);
	if (rc < 0)
		return rc;
	fwrite(front.data, 1, front.len, out);
	fwrite(payload.data, 1, payload.len, out);
	fwrite(behind.data, 1, behind.len, out);
	return imp_report_end(out, err);
}

static int write_and_free(const struct imp_report *report, struct imp_html_part *parts,
			  size_t count, const struct imp_report_options *options,
			  FILE *out, struct imp_error *err)
{
	int rc = write_page(report, parts, count, options, out, err);

	for (size_t i = 0; i < count; i++)
		imp_html_rows_finish(&parts[i].rows);
	free(parts);
	return rc;
}

static int write_profile(const struct imp_report *report,
			 const struct imp_report_options *options, FILE *out,
			 struct imp_error *err)
{
	size_t count = report->image_count;
	struct imp_html_part *parts = imp_xcalloc(count + 1, sizeof(*parts));

	for (size_t i = 0; i < count; i++) {
		parts[i].image = report->images[i];
		imp_html_profile_rows(report->images[i], &parts[i].rows);
	}
	return write_and_free(report, parts, count, options, out, err);
}

static int write_diff(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	size_t count = report->diffs->count;
	struct imp_html_part *parts = imp_xcalloc(count + 1, sizeof(*parts));

	for (size_t i = 0; i < count; i++) {
		parts[i].kind = IMP_REPORT_DIFF;
		parts[i].diff = report->diffs->list[i];
		imp_html_diff_rows(report->diffs->list[i], &parts[i].rows);
	}
	return write_and_free(report, parts, count, options, out, err);
}

static int write_cost(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	struct imp_html_part *part = imp_xcalloc(1, sizeof(*part));

	part->kind = IMP_REPORT_COST;
	part->cost = report->cost;
	imp_html_cost_rows(report->cost, arena, part);
	return write_and_free(report, part, 1, options, out, err);
}

static int write_share(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	struct imp_html_part *part = imp_xcalloc(1, sizeof(*part));

	part->kind = IMP_REPORT_SHARE;
	part->share = report->share;
	imp_html_share_rows(report->share, arena, part);
	return write_and_free(report, part, 1, options, out, err);
}

const struct imp_format imp_format_html = {
	.name = "html",
	.summary = "one page to explore in a browser, from a file",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_profile,
		  [IMP_REPORT_DIFF] = write_diff,
		  [IMP_REPORT_COST] = write_cost,
		  [IMP_REPORT_SHARE] = write_share},
};
