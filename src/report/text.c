/*
 * -o text: the default screen. Who the image is, its layers, what they hold, what can go and
 * how; at 80x24 all of it is in view, without a terminal nothing is cut.
 */
#include <stdlib.h>

#include "blame.h"
#include "cost_words.h"
#include "history.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "lines.h"
#include "paint.h"
#include "screen.h"
#include "share.h"
#include "text_check.h"
#include "text_diff.h"

enum { DEFAULT_LAYERS = 7, BAR_CELLS = 5 };

void imp_screen_add_identity(struct imp_screen *screen)
{
	const struct imp_image *source = screen->image->image;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	char digest[16];

	imp_escape_terminal(&name, imp_slice_of(source->reference));
	imp_paint(&screen->out, screen->options->color, IMP_PAINT_BOLD,
		  imp_strbuf_slice(&name));
	imp_strbuf_add_text(&screen->out, "  ");
	imp_platform_add(&screen->out, &source->platform);
	if (source->digest.algorithm != IMP_DIGEST_NONE)
		imp_strbuf_printf(&screen->out, "  %s",
				  imp_digest_short(&source->digest, digest));
	imp_strbuf_add_char(&screen->out, '\n');
}

void imp_screen_add_totals(struct imp_screen *screen)
{
	const struct imp_analysis *image = screen->image;
	char pull[IMP_SIZE_TEXT], disk[IMP_SIZE_TEXT], files[IMP_SIZE_TEXT];
	uint64_t count = image->fates[IMP_FATE_LIVE].files;

	imp_strbuf_printf(&screen->out,
			  "%s to pull, %s on disk, %s files in %zu layer%s\n",
			  imp_screen_size_text(screen, image->pull_bytes, pull),
			  imp_screen_size_text(screen, image->disk_bytes, disk),
			  imp_count_text(count, files), image->layer_count,
			  image->layer_count == 1 ? "" : "s");
	if (!image->complete)
		imp_paint(&screen->out, screen->options->color, IMP_PAINT_RED,
			  IMP_SLICE("INCOMPLETE: layers are missing or damaged\n"));
}

static void add_bar(struct imp_screen *screen, uint64_t part, uint64_t whole)
{
	const char *full = screen->options->unicode ? "█" : "#";
	const char *empty = screen->options->unicode ? "░" : ".";
	uint64_t cells = whole ? imp_report_share(part, whole, BAR_CELLS) : 0;

	for (uint64_t i = 0; i < BAR_CELLS; i++)
		imp_strbuf_add_text(&screen->out, i < cells ? full : empty);
}

static void add_layer_figures(struct imp_screen *screen, uint64_t pull, uint64_t disk,
			      uint64_t can_go)
{
	imp_screen_add_size(screen, pull);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_size(screen, disk);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_size(screen, can_go);
	imp_strbuf_add_char(&screen->out, ' ');
	add_bar(screen, can_go, disk);
	imp_strbuf_add_text(&screen->out, "  ");
}

static void add_layer(struct imp_screen *screen, size_t index)
{
	const struct imp_analysed_layer *layer = &screen->image->layers[index];
	size_t start = screen->out.len;

	imp_strbuf_printf(&screen->out, "%3zu ", index);
	add_layer_figures(screen, layer->summary.pull_bytes, layer->summary.disk_bytes,
			  screen->image->can_go_bytes[index]);
	if (layer->missing)
		imp_strbuf_add_text(&screen->out, "[not read] ");
	else if (layer->summary.damaged)
		imp_strbuf_add_text(&screen->out, "[damaged] ");
	imp_screen_add_line(screen, imp_analysis_line(screen->image, index));
	if (layer->instruction.len)
		imp_escape_terminal(&screen->out, layer->instruction);
	else
		imp_strbuf_add_text(&screen->out, "(no history)");
	imp_screen_end_line(screen, start);
}

static int compare_layers(const void *a, const void *b, void *user)
{
	const struct imp_analysis *image = user;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint64_t x_bytes = image->layers[x].summary.disk_bytes;
	uint64_t y_bytes = image->layers[y].summary.disk_bytes;

	if (x_bytes != y_bytes)
		return x_bytes < y_bytes ? 1 : -1;
	return x < y ? -1 : x > y;
}

/* Which layers get a row: all, or the largest with one row for the others. */
static bool *choose_layers(const struct imp_analysis *image, size_t rows)
{
	bool *chosen = imp_xcalloc(image->layer_count + 1, sizeof(*chosen));
	imp_auto_free size_t *order = imp_xcalloc(image->layer_count + 1, sizeof(*order));

	for (size_t i = 0; i < image->layer_count; i++)
		order[i] = i;
	struct imp_analysis by = *image;
	qsort_r(order, image->layer_count, sizeof(*order), compare_layers, &by);
	for (size_t i = 0; i < image->layer_count; i++)
		chosen[order[i]] = image->layer_count <= rows || i < rows - 1;
	return chosen;
}

static void add_other_layers(struct imp_screen *screen, const bool *chosen)
{
	const struct imp_analysis *image = screen->image;
	uint64_t pull = 0, disk = 0, reclaimable = 0;
	size_t count = 0;

	for (size_t i = 0; i < image->layer_count; i++) {
		if (chosen[i])
			continue;
		count++;
		pull += image->layers[i].summary.pull_bytes;
		disk += image->layers[i].summary.disk_bytes;
		reclaimable += image->can_go_bytes[i];
	}
	if (!count)
		return;
	imp_strbuf_add_text(&screen->out, "    ");
	add_layer_figures(screen, pull, disk, reclaimable);
	imp_strbuf_printf(&screen->out, "(%zu smaller layers; --top %zu shows all)\n",
			  count, image->layer_count);
}

static void add_layers(struct imp_screen *screen)
{
	const struct imp_analysis *image = screen->image;
	size_t usual = DEFAULT_LAYERS - imp_screen_has_packages(screen);
	size_t rows = screen->options->top ? screen->options->top : usual;
	imp_auto_free bool *chosen = choose_layers(image, rows < 2 ? 2 : rows);

	imp_paint(&screen->out, screen->options->color, IMP_PAINT_BOLD,
		  IMP_SLICE("  #     pull     disk   can go        instruction"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < image->layer_count; i++)
		if (chosen[i])
			add_layer(screen, i);
	add_other_layers(screen, chosen);
}

/* As many as fit, the largest first. */
static void add_classes(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	uint64_t wasted = imp_report_wasted(screen->image).disk_bytes;
	size_t width = screen->options->width ? screen->options->width : SIZE_MAX;
	size_t start = screen->out.len, room = sizeof(", 99 more") - 1;
	char text[IMP_SIZE_TEXT];
	size_t i = 0;

	imp_strbuf_printf(&screen->out, "On disk: %s hidden",
			  imp_screen_size_text(screen, wasted, text));
	for (; i < findings->class_count; i++) {
		const struct imp_class_sum *sum = &findings->classes[i];
		size_t before = screen->out.len;
		imp_strbuf_printf(&screen->out, ", %s %s",
				  imp_screen_size_text(screen, sum->sum.disk_bytes, text),
				  imp_class_name(sum->class));
		if (screen->out.len - start + room > width) {
			imp_strbuf_truncate(&screen->out, before);
			break;
		}
	}
	if (i < findings->class_count)
		imp_strbuf_printf(&screen->out, ", %zu more", findings->class_count - i);
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_next(struct imp_screen *screen)
{
	if (!screen->options->quiet && !imp_screen_has_questions(screen))
		imp_strbuf_add_text(&screen->out,
				    "Next: add -o tree for its folders, -v for every "
				    "finding in full\n");
}

static void add_image(struct imp_screen *screen)
{
	if (imp_screen_has_questions(screen)) {
		if (!screen->image->complete)
			imp_paint(
				&screen->out, screen->options->color, IMP_PAINT_RED,
				IMP_SLICE("INCOMPLETE: layers are missing or damaged\n"));
		imp_screen_add_questions(screen);
		return;
	}
	imp_screen_add_identity(screen);
	imp_screen_add_totals(screen);
	add_layers(screen);
	add_classes(screen);
	imp_screen_add_packages(screen);
	if (screen->options->filter.has_manager && !screen->options->detail)
		imp_screen_add_largest_packages(screen);
	imp_screen_add_findings(screen);
	if (!screen->options->detail)
		return;
	imp_screen_add_dropped(screen);
	imp_screen_add_package_table(screen);
	imp_screen_add_largest_packages(screen);
	imp_screen_add_started(screen);
}

static int write_text(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	struct imp_screen screen = {.options = options};

	for (size_t i = 0; i < report->image_count; i++) {
		screen.image = report->images[i];
		if (i)
			imp_strbuf_add_char(&screen.out, '\n');
		add_image(&screen);
	}
	add_next(&screen);
	fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_text = {
	.name = "text",
	.summary = "the screen that answers first (the default)",
	.tree_optional = true,
	.write = {[IMP_REPORT_PROFILE] = write_text,
		  [IMP_REPORT_DIFF] = imp_text_diff,
		  [IMP_REPORT_CHECK] = imp_text_check,
		  [IMP_REPORT_COST] = imp_text_cost,
		  [IMP_REPORT_HISTORY] = imp_text_history,
		  [IMP_REPORT_SHARE] = imp_text_share,
		  [IMP_REPORT_BLAME] = imp_text_blame},
};
