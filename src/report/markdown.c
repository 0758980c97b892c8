/* -o markdown: the comment on a pull request. */
#include "markdown.h"
#include "blame.h"
#include "history.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/limits.h"
#include "imgprof/reference.h"

/* Bytes that a forge takes for sure: reference/ecosystem.md 1.4. */
static const size_t forge_bytes[IMP_FORGES] = {
	[IMP_FORGE_GITHUB] = 60000,
	[IMP_FORGE_GITLAB] = 900000,
	[IMP_FORGE_BITBUCKET] = 30000,
	[IMP_FORGE_AZURE] = 140000,
};

enum { REASONS = 10, FEW = 20, ROWS = 50, IMAGES = 200, BLOCKS = 20, COLUMNS = 120 };

static void add_block(struct imp_markdown *page, const struct imp_diff *diff)
{
	if (imp_diff_is_empty(diff))
		return;
	imp_markdown_reasons(page, diff);
	if (page->folds)
		imp_markdown_lists(page, diff);
}

void imp_markdown_measured_image(struct imp_markdown *page, const char *label,
				 const char *reference, const struct imp_digest *digest)
{
	char text[IMP_DIGEST_TEXT];

	imp_strbuf_printf(&page->out, "- %s: ", label);
	imp_markdown_code(&page->out, imp_slice_of(reference), page->plan.columns, false);
	if (digest->algorithm != IMP_DIGEST_NONE) {
		imp_strbuf_add_char(&page->out, ' ');
		imp_markdown_code(&page->out, imp_slice_of(imp_digest_text(digest, text)),
				  page->plan.columns, false);
	}
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_side(struct imp_markdown *page, const char *label,
		     const struct imp_diff_side *side)
{
	imp_markdown_measured_image(page, label, side->reference, &side->digest);
}

void imp_markdown_tool(struct imp_markdown *page)
{
	imp_strbuf_add_text(&page->out, "- imgprof ");
	imp_markdown_code(&page->out, imp_slice_of(page->options->version),
			  page->plan.columns, false);
	imp_strbuf_add_text(&page->out, ", rules ");
	imp_markdown_code(&page->out, imp_slice_of(page->options->rules_version),
			  page->plan.columns, false);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_command(struct imp_markdown *page, const struct imp_diff *diff)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf command = {0};

	imp_strbuf_add_text(&command, "imgprof diff ");
	imp_escape_shell(&command, imp_slice_of(diff->before.reference));
	imp_strbuf_add_char(&command, ' ');
	imp_escape_shell(&command, imp_slice_of(diff->after.reference));
	imp_strbuf_add_text(&page->out, "- ");
	imp_markdown_code(&page->out, imp_strbuf_slice(&command), 2 * page->plan.columns,
			  false);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_measured(struct imp_markdown *page)
{
	const struct imp_diff_set *set = page->report->diffs;

	if (!page->plan.measured)
		return;
	imp_markdown_open(page, "How this was measured");
	for (size_t i = 0; i < set->count && i < page->plan.blocks; i++) {
		add_side(page, "base", &set->list[i]->before);
		add_side(page, "this change", &set->list[i]->after);
		add_command(page, set->list[i]);
	}
	if (page->plan.blocks < set->count)
		imp_strbuf_printf(&page->out, "- %zu more\n",
				  set->count - page->plan.blocks);
	if (page->report->check && page->report->check->base_reason) {
		imp_strbuf_add_text(&page->out, "- choice of the base: ");
		imp_markdown_code(&page->out,
				  imp_slice_of(page->report->check->base_reason),
				  page->plan.columns, false);
		imp_strbuf_add_char(&page->out, '\n');
	}
	imp_markdown_tool(page);
	imp_markdown_close(page);
}

static void add_image(struct imp_markdown *page, const struct imp_diff *diff)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf title = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf platform = {0};

	imp_markdown_title(page, imp_markdown_name(page, diff), &title);
	if (page->platforms) {
		imp_strbuf_add_char(&title, ' ');
		imp_platform_add(&platform, &diff->after.platform);
		imp_markdown_title(page, imp_strbuf_slice(&platform), &title);
	}
	imp_markdown_open(page, title.data);
	imp_markdown_summary(page, diff);
	add_block(page, diff);
	imp_markdown_close(page);
}

static void add_images(struct imp_markdown *page)
{
	const struct imp_diff_set *set = page->report->diffs;
	size_t blocks = 0, left = 0;

	imp_markdown_images(page);
	imp_markdown_budget(page);
	for (size_t i = 0; i < set->count; i++) {
		if (imp_diff_is_empty(set->list[i]))
			continue;
		if (blocks++ < page->plan.blocks)
			add_image(page, set->list[i]);
		else
			left++;
	}
	imp_markdown_left_out(page, left, "images");
}

static void render(struct imp_markdown *page)
{
	const struct imp_diff_set *set = page->report->diffs;

	imp_markdown_marker(page);
	imp_markdown_headline(page);
	if (set->count + imp_markdown_bare_count(page) == 1) {
		imp_markdown_summary(page, set->list[0]);
		imp_markdown_budget(page);
		add_block(page, set->list[0]);
	} else {
		add_images(page);
	}
	add_measured(page);
}

/* The next smaller number of rows. */
static size_t fewer(size_t rows)
{
	static const size_t steps[] = {50, 20, 10, 5, 0};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i] < rows)
			return steps[i];
	return 0;
}

/* Gives up a little more; false when there is nothing left to give up. */
static bool shrink(struct imp_markdown_plan *plan)
{
	for (int section = 0; section < IMP_MARKDOWN_SECTIONS; section++)
		if (plan->rows[section] > 0) {
			plan->rows[section] = fewer(plan->rows[section]);
			return true;
		}
	if (plan->measured) {
		plan->measured = false;
		return true;
	}
	if (plan->blocks > 0) {
		plan->blocks /= 2;
		return true;
	}
	if (plan->columns > 15) {
		plan->columns /= 2;
		return true;
	}
	if (plan->images > 1) {
		plan->images /= 2;
		return true;
	}
	return false;
}

static struct imp_markdown_plan widest_plan(size_t rows)
{
	struct imp_markdown_plan plan = {
		.images = IMAGES, .blocks = BLOCKS, .columns = COLUMNS, .measured = true};

	for (int section = 0; section < IMP_MARKDOWN_SECTIONS; section++)
		plan.rows[section] = rows;
	return plan;
}

/* Renders again, with less, until the whole fits. */
static int write_fitting(const struct imp_report *report,
			 const struct imp_report_options *options,
			 imp_markdown_render *render_page,
			 const struct imp_markdown_plan *plan, FILE *out,
			 struct imp_error *err)
{
	const struct imp_comment_options *comment = &options->comment;
	size_t most =
		comment->max_bytes ? comment->max_bytes : forge_bytes[comment->forge];
	struct imp_markdown page = {
		.report = report,
		.options = options,
		.plan = *plan,
		.folds = comment->forge != IMP_FORGE_BITBUCKET,
	};

	page.platforms = imp_markdown_platforms_vary(&page);
	do {
		imp_strbuf_reset(&page.out);
		render_page(&page);
	} while (page.out.len > most && shrink(&page.plan));
	fwrite(page.out.data, 1, page.out.len, out);
	imp_strbuf_finish(&page.out);
	return imp_report_end(out, err);
}

static int write_markdown(const struct imp_report *report,
			  const struct imp_report_options *options, FILE *out,
			  struct imp_error *err)
{
	struct imp_markdown_plan plan = widest_plan(ROWS);

	plan.rows[IMP_MARKDOWN_REASONS] = REASONS;
	return write_fitting(report, options,
			     report->diffs ? render : imp_markdown_absolute, &plan, out,
			     err);
}

static int write_cost(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	struct imp_markdown_plan plan = widest_plan(options->top ? options->top : FEW);

	return write_fitting(report, options, imp_markdown_cost, &plan, out, err);
}

static int write_share(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	struct imp_markdown_plan plan =
		widest_plan(options->top ? options->top : REASONS);

	return write_fitting(report, options, imp_markdown_share, &plan, out, err);
}

const struct imp_format imp_format_markdown = {
	.name = "markdown",
	.summary = "the comment of a pull request",
	.tree_optional = true,
	.write = {[IMP_REPORT_DIFF] = write_markdown,
		  [IMP_REPORT_CHECK] = write_markdown,
		  [IMP_REPORT_COST] = write_cost,
		  [IMP_REPORT_HISTORY] = imp_markdown_history,
		  [IMP_REPORT_SHARE] = write_share,
		  [IMP_REPORT_BLAME] = imp_markdown_blame},
};
