/* What a comment is found by, its verdict, and the table that says it all. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/reference.h"
#include "markdown.h"

void imp_markdown_cell(struct imp_markdown *page, struct imp_slice text)
{
	imp_markdown_code(&page->out, text, page->plan.columns, true);
}

struct imp_slice imp_markdown_name(const struct imp_markdown *page,
				   const struct imp_diff *diff)
{
	const char *name = page->options->comment.name;

	if (diff->name || name)
		return imp_slice_of(diff->name ? diff->name : name);
	return imp_location_short_name(imp_slice_of(diff->after.reference));
}

struct imp_slice imp_markdown_bare_name(const struct imp_markdown *page,
					const struct imp_image *image)
{
	const char *name = page->options->comment.name;

	return name ? imp_slice_of(name)
		    : imp_location_short_name(imp_slice_of(image->reference));
}

bool imp_markdown_platforms_vary(const struct imp_markdown *page)
{
	const struct imp_report *report = page->report;

	for (size_t i = 1; report->diffs && i < report->diffs->count; i++) {
		const struct imp_diff *diff = report->diffs->list[i],
				      *last = report->diffs->list[i - 1];
		if (imp_slice_equal(imp_markdown_name(page, diff),
				    imp_markdown_name(page, last)) &&
		    !imp_platform_equal(&diff->after.platform, &last->after.platform))
			return true;
	}
	for (size_t i = 1; i < report->image_count; i++) {
		const struct imp_image *image = report->images[i]->image,
				       *last = report->images[i - 1]->image;
		if (strcmp(image->reference, last->reference) == 0 &&
		    !imp_platform_equal(&image->platform, &last->platform))
			return true;
	}
	return false;
}

static uint64_t largest(struct imp_before_after figure)
{
	return figure.before > figure.after ? figure.before : figure.after;
}

static int64_t change_of(struct imp_before_after figure)
{
	return (int64_t)(figure.after - figure.before);
}

void imp_markdown_change(struct imp_markdown *page, struct imp_before_after figure)
{
	int64_t change = change_of(figure);
	struct imp_fixed fixed = imp_fixed_for(
		change < 0 ? -(uint64_t)change : (uint64_t)change, page->options->units);

	imp_fixed_add_tenths(&fixed, imp_fixed_tenths(&fixed, change), &page->out);
}

/* "+9.3 %", "new"; past ten times as much a percentage says nothing: "58 times". */
static void add_relative(struct imp_markdown *page, struct imp_before_after figure)
{
	char text[IMP_SIZE_TEXT];

	if (figure.before > 0 && figure.after / figure.before >= 10)
		imp_strbuf_printf(&page->out, "%s times",
				  imp_count_text(figure.after / figure.before, text));
	else
		imp_strbuf_add_text(
			&page->out,
			imp_change_percent_text(figure.before, figure.after, text));
}

void imp_markdown_figures(struct imp_markdown *page, struct imp_before_after figure,
			  bool bold)
{
	struct imp_fixed fixed = imp_fixed_for(largest(figure), page->options->units);
	const int64_t sides[] = {(int64_t)figure.after, -(int64_t)figure.before};
	int64_t tenths[2];

	imp_fixed_round(&fixed, sides, 2, tenths);
	imp_strbuf_add_text(&page->out, "| ");
	imp_fixed_add_size(&fixed, (uint64_t)-tenths[1], &page->out);
	imp_strbuf_add_text(&page->out, " | ");
	imp_fixed_add_size(&fixed, (uint64_t)tenths[0], &page->out);
	imp_strbuf_add_text(&page->out, " | ");
	if (figure.before == figure.after) {
		imp_strbuf_add_text(&page->out, "no change |");
		return;
	}
	imp_strbuf_add_text(&page->out, bold ? "**" : "");
	imp_markdown_change(page, figure);
	imp_strbuf_printf(&page->out, "%s (", bold ? "**" : "");
	add_relative(page, figure);
	imp_strbuf_add_text(&page->out, ") |");
}

enum { MARKER_WORD = 200 }; /* bytes */

/* A marker's words are the caller's, but they must not end the comment that they stand in. */
static void add_marker_word(struct imp_markdown *page, const char *key, const char *value)
{
	imp_strbuf_printf(&page->out, " %s=", key);
	for (const char *c = value; *c && c - value < MARKER_WORD; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || strchr("._:/-", *c) != NULL;
		imp_strbuf_add_char(&page->out, plain ? *c : '_');
	}
}

void imp_markdown_marker(struct imp_markdown *page)
{
	const struct imp_comment_options *comment = &page->options->comment;
	bool hidden = comment->forge != IMP_FORGE_BITBUCKET;

	if (!comment->key)
		return;
	/* Bitbucket renders no HTML: there the line is a link definition, which shows nothing */
	imp_strbuf_add_text(&page->out, hidden ? "<!-- imgprof:comment v1"
					       : "[//]: # (imgprof:comment v1");
	add_marker_word(page, "key", comment->key);
	if (comment->head)
		add_marker_word(page, "head", comment->head);
	if (comment->run)
		add_marker_word(page, "run", comment->run);
	imp_strbuf_add_text(&page->out, hidden ? " -->\n" : ")\n\n");
}

static void add_change_words(struct imp_markdown *page, struct imp_before_after pull)
{
	if (pull.before == pull.after) {
		imp_strbuf_add_text(&page->out, " no change to pull");
		return;
	}
	imp_strbuf_add_char(&page->out, ' ');
	imp_markdown_change(page, pull);
	imp_strbuf_add_text(&page->out, " to pull (");
	add_relative(page, pull);
	imp_strbuf_add_char(&page->out, ')');
}

static bool nothing_changed(const struct imp_diff_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (!imp_diff_is_empty(set->list[i]))
			return false;
	return true;
}

static struct imp_before_after pull_of(const struct imp_diff_set *set)
{
	return set->count == 1 ? set->list[0]->totals[IMP_TOTAL_PULL]
			       : set->distinct.pull;
}

void imp_markdown_headline(struct imp_markdown *page)
{
	const struct imp_diff_set *set = page->report->diffs;
	const char *name = page->options->comment.name;

	size_t bare = imp_markdown_bare_count(page);

	imp_strbuf_add_text(&page->out, "### Image size:");
	if (name || set->count + bare == 1) {
		imp_strbuf_add_char(&page->out, ' ');
		imp_markdown_code(&page->out,
				  name ? imp_slice_of(name)
				       : imp_location_short_name(imp_slice_of(
						 set->list[0]->after.reference)),
				  page->plan.columns, false);
	} else {
		imp_strbuf_printf(&page->out, " %zu images", set->count + bare);
	}
	if (bare)
		imp_strbuf_printf(&page->out, ", %zu without a base,", bare);
	if (nothing_changed(set))
		imp_strbuf_add_text(&page->out, " no change");
	else
		add_change_words(page, pull_of(set));
	imp_markdown_verdict(page);
	imp_strbuf_add_text(&page->out, "\n\n");
	if (!set->complete)
		imp_strbuf_add_text(&page->out, "**Incomplete:** layers are missing or "
						"damaged.\n\n");
}

static void add_figures(struct imp_markdown *page, const char *label,
			struct imp_before_after figure, bool bold)
{
	imp_strbuf_printf(&page->out, "| %s ", label);
	imp_markdown_figures(page, figure, bold);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_column(struct imp_markdown *page, const struct imp_diff_side *side,
		       const char *label)
{
	char digest[16];

	imp_strbuf_printf(&page->out, " %s", label);
	if (side->digest.algorithm == IMP_DIGEST_NONE)
		return;
	imp_strbuf_add_char(&page->out, ' ');
	imp_markdown_code(&page->out,
			  imp_slice_of(imp_digest_short(&side->digest, digest)),
			  page->plan.columns, true);
}

void imp_markdown_platform(struct imp_markdown *page, const struct imp_platform *platform)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_platform_add(&text, platform);
	imp_markdown_code(&page->out, imp_strbuf_slice(&text), page->plan.columns, true);
}

static void add_download(struct imp_markdown *page, const struct imp_diff *diff)
{
	struct imp_fixed fixed =
		imp_fixed_for(diff->new_layer_bytes, page->options->units);

	imp_strbuf_add_text(&page->out, "| Download for a node that has the base | - | ");
	imp_fixed_add(&fixed, diff->new_layer_bytes, &page->out);
	imp_strbuf_add_text(&page->out, " | ");
	imp_new_layers_words(diff, &page->out);
	imp_strbuf_add_text(&page->out, " |\n");
}

static void add_base(struct imp_markdown *page, const struct imp_diff *diff)
{
	struct imp_before_after disk = diff->totals[IMP_TOTAL_DISK];

	if (!diff->origin_known || (diff->base.disk.before == diff->base.disk.after &&
				    diff->base.pull.before == diff->base.pull.after))
		return;
	imp_strbuf_add_text(&page->out, "\nThe base image moved: ");
	imp_markdown_change(page, diff->base.disk);
	imp_strbuf_add_text(&page->out, " of the ");
	imp_markdown_change(page, disk);
	imp_strbuf_add_text(&page->out, " on disk are not yours, ");
	imp_markdown_change(page, diff->own.disk);
	imp_strbuf_add_text(&page->out, " are.\n");
}

void imp_markdown_summary(struct imp_markdown *page, const struct imp_diff *diff)
{
	imp_strbuf_add_text(&page->out, "| ");
	if (imp_platforms_differ(diff)) {
		imp_markdown_platform(page, &diff->before.platform);
		imp_strbuf_add_text(&page->out, " to ");
	}
	imp_markdown_platform(page, &diff->after.platform);
	imp_strbuf_add_text(&page->out, " |");
	add_column(page, &diff->before, "base");
	imp_strbuf_add_text(&page->out, " |");
	add_column(page, &diff->after, "this change");
	imp_strbuf_add_text(&page->out, " | difference |\n|:--|--:|--:|--:|\n");
	add_figures(page, "Pull size (compressed)", diff->totals[IMP_TOTAL_PULL], true);
	add_figures(page, "Disk size (unpacked)", diff->totals[IMP_TOTAL_DISK], false);
	add_download(page, diff);
	if (!diff->rules_differ)
		add_figures(page, "Build-only files shipped",
			    diff->totals[IMP_TOTAL_BUILD_ONLY], false);
	add_figures(page, "Hidden by later layers", diff->totals[IMP_TOTAL_WASTED],
		    false);
	add_base(page, diff);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_image_name(struct imp_markdown *page, struct imp_slice name,
			   const struct imp_platform *platform)
{
	imp_markdown_cell(page, name);
	if (!page->platforms)
		return;
	imp_strbuf_add_char(&page->out, ' ');
	imp_markdown_platform(page, platform);
}

static void add_image_row(struct imp_markdown *page, const struct imp_diff *diff)
{
	struct imp_fixed fixed =
		imp_fixed_for(diff->new_layer_bytes, page->options->units);

	imp_strbuf_add_text(&page->out, "| ");
	add_image_name(page, imp_markdown_name(page, diff), &diff->after.platform);
	imp_strbuf_add_char(&page->out, ' ');
	imp_markdown_figures(page, diff->totals[IMP_TOTAL_PULL], true);
	imp_strbuf_add_char(&page->out, ' ');
	imp_markdown_change(page, diff->totals[IMP_TOTAL_DISK]);
	imp_strbuf_add_text(&page->out, " | ");
	imp_fixed_add(&fixed, diff->new_layer_bytes, &page->out);
	imp_strbuf_add_text(&page->out, " |\n");
}

static bool is_after(const struct imp_diff *diff, const struct imp_image *image)
{
	return strcmp(diff->after.reference, image->reference) == 0 &&
	       imp_platform_equal(&diff->after.platform, &image->platform);
}

static void add_bare_row(struct imp_markdown *page, const struct imp_analysis *image)
{
	struct imp_fixed fixed = imp_fixed_for(image->pull_bytes, page->options->units);

	imp_strbuf_add_text(&page->out, "| ");
	add_image_name(page, imp_markdown_bare_name(page, image->image),
		       &image->image->platform);
	imp_strbuf_add_text(&page->out, " | - | ");
	imp_fixed_add(&fixed, image->pull_bytes, &page->out);
	imp_strbuf_add_text(&page->out, " | no base | | |\n");
}

size_t imp_markdown_bare_count(const struct imp_markdown *page)
{
	size_t with_base = page->report->diffs->count;

	return page->report->image_count > with_base
		       ? page->report->image_count - with_base
		       : 0;
}

/* The images of a check that have no base; the diffs stand in the order of those that have one. */
static void add_bare_rows(struct imp_markdown *page)
{
	const struct imp_diff_set *set = page->report->diffs;
	size_t bare = imp_markdown_bare_count(page), shown = 0, next = 0;

	for (size_t i = 0; bare && i < page->report->image_count; i++) {
		const struct imp_analysis *image = page->report->images[i];
		if (next < set->count && is_after(set->list[next], image->image))
			next++;
		else if (shown++ < page->plan.images)
			add_bare_row(page, image);
	}
	if (shown > page->plan.images)
		imp_strbuf_printf(&page->out, "| %zu more without a base | | | | | |\n",
				  shown - page->plan.images);
}

static void add_distinct(struct imp_markdown *page)
{
	const struct imp_change_sum *sum = &page->report->diffs->distinct;

	imp_strbuf_printf(&page->out, "| All%s, each layer once ",
			  imp_markdown_bare_count(page) ? " with a base" : "");
	imp_markdown_figures(page, sum->pull, true);
	imp_strbuf_add_char(&page->out, ' ');
	imp_markdown_change(page, sum->disk);
	imp_strbuf_add_text(&page->out, " | |\n\n");
}

void imp_markdown_images(struct imp_markdown *page)
{
	const struct imp_diff_set *set = page->report->diffs;
	size_t shown = set->count < page->plan.images ? set->count : page->plan.images;

	imp_strbuf_add_text(
		&page->out,
		"| image | pull, base | pull, this change | difference | on disk "
		"| download with the base |\n|:--|--:|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < shown; i++)
		add_image_row(page, set->list[i]);
	if (shown < set->count)
		imp_strbuf_printf(&page->out, "| %zu more | | | | | |\n",
				  set->count - shown);
	add_bare_rows(page);
	add_distinct(page);
}
