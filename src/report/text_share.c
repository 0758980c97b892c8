/*
 * -o text of a share: the images, what they have in common, what is identical but not shared and
 * whose that is, where they drift apart, and what a common base would save.
 */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "screen.h"
#include "share.h"
#include "share_words.h"

enum { ROWS = 8, FEW = 5, FIGURE = 10, LABEL = 26 };

static size_t rows_of(const struct imp_screen *screen, size_t count, size_t usual)
{
	size_t rows = screen->options->top ? screen->options->top : usual;

	if (screen->options->detail && !screen->options->top)
		return count;
	return rows < count ? rows : count;
}

static void add_figure(struct imp_screen *screen, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&screen->out, imp_slice_of(imp_screen_size_text(screen, bytes, text)),
		FIGURE, 1);
}

static void add_heading(struct imp_screen *screen, const char *text)
{
	imp_screen_add_bold(screen, imp_slice_of(text));
	imp_strbuf_add_char(&screen->out, '\n');
}

/* Ends a row with RAW text of the image's. */
static void end_row(struct imp_screen *screen, size_t start, const struct imp_strbuf *raw)
{
	imp_strbuf_add_text(&screen->out, "  ");
	imp_escape_terminal(&screen->out, imp_strbuf_slice(raw));
	imp_screen_end_line(screen, start);
}

static void add_more(struct imp_screen *screen, size_t shown, size_t count,
		     const char *what)
{
	char text[IMP_SIZE_TEXT];

	if (shown < count)
		imp_strbuf_printf(&screen->out, "%*s  %s more %s\n", FIGURE, "",
				  imp_count_text(count - shown, text), what);
}

static void add_images(struct imp_screen *screen, const struct imp_share *share)
{
	add_heading(screen, "      pull      disk    can go  image");
	for (uint32_t i = 0; i < share->image_count; i++) {
		const struct imp_share_image *image = &share->images[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		size_t start = screen->out.len;
		add_figure(screen, image->pull_bytes);
		add_figure(screen, image->disk_bytes);
		add_figure(screen, image->reclaimable_bytes);
		imp_share_label(share, i, &name);
		imp_strbuf_add_text(&name, "  ");
		imp_strbuf_add_text(&name, image->reference);
		if (!image->complete)
			imp_strbuf_add_text(&name, " " IMP_REPORT_INCOMPLETE);
		end_row(screen, start, &name);
	}
}

static void add_layers(struct imp_screen *screen, const struct imp_share *share)
{
	size_t rows = rows_of(screen, share->layer_count, FEW);

	if (share->layer_count == 0) {
		add_heading(screen, "No layer is shared");
		return;
	}
	add_heading(screen, "      pull      disk  shared layer");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_layer *layer = &share->layers[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		size_t start = screen->out.len;
		add_figure(screen, layer->pull_bytes);
		add_figure(screen, layer->disk_bytes);
		imp_share_labels(share, &layer->images, &text);
		imp_strbuf_add_text(&text, layer->blobs_differ
						   ? ", compressed in several ways: "
						   : ": ");
		imp_strbuf_add_slice(&text, layer->instruction);
		end_row(screen, start, &text);
	}
	add_more(screen, rows, share->layer_count, "layers");
}

static void add_pairs(struct imp_screen *screen, const struct imp_share *share)
{
	size_t rows = rows_of(screen, share->pair_count, FEW + 1);
	char text[IMP_SIZE_TEXT];

	imp_screen_add_bold(screen,
			    IMP_SLICE("Identical, in layers of one image alone: "));
	imp_strbuf_printf(&screen->out, "%s on disk too many\n",
			  imp_screen_size_text(screen, share->identical_all_bytes, text));
	if (rows)
		add_heading(screen,
			    "      disk  identical, in layers that only one of two has");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_pair *pair = &share->pairs[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};
		size_t start = screen->out.len;
		add_figure(screen, pair->identical_bytes);
		imp_share_label(share, pair->a, &names);
		imp_strbuf_add_text(&names, " and ");
		imp_share_label(share, pair->b, &names);
		end_row(screen, start, &names);
	}
	add_more(screen, rows, share->pair_count, "pairs");
}

static void add_groups(struct imp_screen *screen, const struct imp_share *share)
{
	size_t rows = rows_of(screen, share->group_count, ROWS);

	if (share->group_count == 0)
		return;
	add_heading(screen, "      pull      disk  of which belong to");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_group *group = &share->groups[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		size_t start = screen->out.len;
		add_figure(screen, group->sum.pull_bytes);
		add_figure(screen, group->sum.disk_bytes);
		imp_share_subject(group->manager, group->name, group->version, &text);
		imp_strbuf_add_text(&text, "  in ");
		imp_share_labels(share, &group->images, &text);
		end_row(screen, start, &text);
	}
	if (rows == share->group_count)
		return;
	struct imp_sum rest = imp_share_groups_rest(share, rows);
	char count[IMP_SIZE_TEXT];
	add_figure(screen, rest.pull_bytes);
	add_figure(screen, rest.disk_bytes);
	imp_strbuf_printf(&screen->out, "  %s more packages and folders\n",
			  imp_count_text(share->group_count - rows, count));
}

static void add_drift(struct imp_screen *screen, const struct imp_share *share)
{
	size_t rows = rows_of(screen, share->drift_count, FEW);

	if (share->drift_count == 0)
		return;
	add_heading(screen, "      disk  the same in different versions or from "
			    "different sources");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_drift *drift = &share->drift[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		size_t start = screen->out.len;
		add_figure(screen, drift->disk_bytes);
		imp_strbuf_add_slice(&text, drift->name);
		imp_strbuf_add_text(&text, ": ");
		imp_share_variants(share, drift, &text);
		end_row(screen, start, &text);
	}
	add_more(screen, rows, share->drift_count, "differ");
}

static void add_needs(struct imp_screen *screen, const struct imp_share *share)
{
	size_t rows = rows_of(screen, share->need_count, FEW);

	if (share->need_count == 0)
		return;
	add_heading(screen, "      disk  needed by some images only");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_need *need = &share->needs[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		size_t start = screen->out.len;
		add_figure(screen, need->sum.disk_bytes);
		imp_share_subject(need->manager, need->name, IMP_SLICE(""), &text);
		imp_strbuf_add_text(&text, ": needed by ");
		imp_share_labels(share, &need->needed_by, &text);
		if (need->idle_in.count > 0) {
			imp_strbuf_add_text(&text, ", idle in ");
			imp_share_labels(share, &need->idle_in, &text);
		}
		end_row(screen, start, &text);
	}
	add_more(screen, rows, share->need_count, "packages");
}

static void add_stage(struct imp_screen *screen, const struct imp_share *share,
		      const struct imp_share_stage *stage)
{
	size_t rows = rows_of(screen, stage->package_count, FEW);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	size_t start = screen->out.len;
	char count[IMP_SIZE_TEXT];

	add_figure(screen, stage->sum.pull_bytes);
	add_figure(screen, stage->sum.disk_bytes);
	imp_strbuf_add_text(&text, "stage for ");
	imp_share_labels(share, &stage->images, &text);
	imp_strbuf_printf(&text, ", %s package%s",
			  imp_count_text(stage->package_count, count),
			  stage->package_count == 1 ? "" : "s");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_plan_package *package = &stage->packages[i];
		imp_strbuf_add_text(&text, i == 0 ? ": " : ", ");
		imp_share_subject(package->manager, package->name, IMP_SLICE(""), &text);
	}
	imp_strbuf_add_text(&text, rows < stage->package_count ? ", ..." : "");
	end_row(screen, start, &text);
}

static void add_plan_images(struct imp_screen *screen, const struct imp_share *share)
{
	for (uint32_t i = 0; i < share->image_count; i++) {
		const struct imp_share_plan_image *image = &share->plan.images[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		size_t start = screen->out.len;
		char size[IMP_SIZE_TEXT];
		add_figure(screen, image->own.pull_bytes);
		add_figure(screen, image->own.disk_bytes);
		imp_strbuf_add_text(&text, "stay in ");
		imp_share_label(share, i, &text);
		imp_strbuf_printf(&text, ", which pulls %s",
				  imp_screen_size_text(screen, image->pull_after, size));
		imp_strbuf_printf(&text, ", not %s",
				  imp_screen_size_text(screen, image->pull_before, size));
		end_row(screen, start, &text);
	}
}

static void add_costs(struct imp_screen *screen, const struct imp_share *share)
{
	struct imp_share_cost_row rows[IMP_SHARE_COSTS];
	char text[IMP_SIZE_TEXT];

	imp_share_cost_rows(&share->plan, rows);
	add_heading(screen, share->plan.estimate
				    ? "                                 now      then  "
				      "(then: pull bytes are estimates)"
				    : "                                 now      then");
	for (size_t i = 0; i < IMP_SHARE_COSTS; i++) {
		imp_pad(&screen->out, imp_slice_of(rows[i].words), LABEL, 0);
		add_figure(screen, rows[i].before);
		add_figure(screen, rows[i].after);
		imp_strbuf_printf(
			&screen->out, "  %s\n",
			imp_change_percent_text(rows[i].before, rows[i].after, text));
	}
}

static void add_plan(struct imp_screen *screen, const struct imp_share *share)
{
	const struct imp_share_plan *plan = &share->plan;

	add_heading(screen, "      pull      disk  plan, without what can go");
	if (plan->common_layers > 0) {
		add_figure(screen, plan->common_pull_bytes);
		add_figure(screen, plan->common_disk_bytes);
		imp_strbuf_printf(
			&screen->out, "  %zu layer%s that all images begin with now\n",
			plan->common_layers, plan->common_layers == 1 ? "" : "s");
	}
	for (size_t i = 0; i < plan->stage_count; i++)
		if (plan->stages[i].package_count > 0)
			add_stage(screen, share, &plan->stages[i]);
	add_plan_images(screen, share);
	add_costs(screen, share);
}

int imp_text_share(const struct imp_report *report,
		   const struct imp_report_options *options, FILE *out,
		   struct imp_error *err)
{
	struct imp_screen screen = {.options = options};
	const struct imp_share *share = report->share;

	add_images(&screen, share);
	add_layers(&screen, share);
	add_pairs(&screen, share);
	add_groups(&screen, share);
	add_drift(&screen, share);
	add_needs(&screen, share);
	add_plan(&screen, share);
	if (!options->quiet)
		imp_strbuf_add_text(&screen.out, "Next: -v lists everything; -o json has "
						 "it for programs\n");
	fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return imp_report_end(out, err);
}
