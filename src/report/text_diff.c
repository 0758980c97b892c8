/*
 * -o text of a diff: both sizes before and after, what made the change, what else differs. At
 * 80x24 all of it is in view.
 */
#include <string.h>

#include "diff_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "paint.h"
#include "screen.h"
#include "text_diff.h"

enum { REASONS = 10, FIGURE = 10, SETTINGS = 3, ATTRIBUTES = 3, LABEL = 12 };

static void add_side(struct imp_screen *screen, const struct imp_diff_side *side)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	char digest[16];

	imp_escape_terminal(&name, imp_slice_of(side->reference));
	imp_screen_add_bold(screen, imp_strbuf_slice(&name));
	if (side->digest.algorithm != IMP_DIGEST_NONE)
		imp_strbuf_printf(&screen->out, "  %s",
				  imp_digest_short(&side->digest, digest));
}

static const char *arrow(const struct imp_screen *screen)
{
	return screen->options->unicode ? " → " : " -> ";
}

/* One, unless they differ: then that may be all that changed. */
static void add_platforms(struct imp_screen *screen, const struct imp_diff *diff)
{
	imp_strbuf_add_text(&screen->out, "  ");
	if (imp_platforms_differ(diff)) {
		imp_platform_add(&screen->out, &diff->before.platform);
		imp_strbuf_add_text(&screen->out, arrow(screen));
	}
	imp_platform_add(&screen->out, &diff->after.platform);
}

static void add_heading(struct imp_screen *screen, const struct imp_diff *diff)
{
	if (diff->name) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		imp_escape_terminal(&name, imp_slice_of(diff->name));
		imp_screen_add_bold(screen, imp_strbuf_slice(&name));
		imp_strbuf_add_text(&screen->out, ": ");
	}
	add_side(screen, &diff->before);
	imp_strbuf_add_text(&screen->out, arrow(screen));
	add_side(screen, &diff->after);
	add_platforms(screen, diff);
	imp_strbuf_add_char(&screen->out, '\n');
	if (!diff->before.complete || !diff->after.complete)
		imp_paint(&screen->out, screen->options->color, IMP_PAINT_RED,
			  IMP_SLICE("INCOMPLETE: layers are missing or damaged\n"));
}

void imp_screen_add_change(struct imp_screen *screen, uint64_t before, uint64_t after)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&screen->out,
		imp_slice_of(
			imp_change_text(before, after, screen->options->units, text)),
		FIGURE, 1);
}

static void add_figures(struct imp_screen *screen, const char *label,
			struct imp_before_after figure)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&screen->out, imp_slice_of(label), LABEL, 0);
	imp_pad(&screen->out,
		imp_slice_of(imp_screen_size_text(screen, figure.before, text)), FIGURE,
		1);
	imp_pad(&screen->out,
		imp_slice_of(imp_screen_size_text(screen, figure.after, text)), FIGURE,
		1);
	imp_screen_add_change(screen, figure.before, figure.after);
	imp_strbuf_printf(&screen->out, "  %s\n",
			  imp_change_percent_text(figure.before, figure.after, text));
}

static void add_totals(struct imp_screen *screen, const struct imp_diff *diff)
{
	static const struct {
		const char *label;
		enum imp_total total;
	} rows[] = {
		{"to pull", IMP_TOTAL_PULL},
		{"on disk", IMP_TOTAL_DISK},
		{"hidden", IMP_TOTAL_WASTED},
		{"can go", IMP_TOTAL_RECLAIMABLE},
	};
	size_t last = diff->rules_differ ? IMP_TOTAL_RECLAIMABLE : IMP_TOTALS;

	imp_screen_add_bold(screen,
			    IMP_SLICE("                before     after    change"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].total != last)
			add_figures(screen, rows[i].label, diff->totals[rows[i].total]);
}

static void add_download(struct imp_screen *screen, const struct imp_diff *diff)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(&screen->out,
			  "Download for a node that has the one before: %s, ",
			  imp_screen_size_text(screen, diff->new_layer_bytes, text));
	imp_new_layers_words(diff, &screen->out);
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; diff->chain_break != IMP_NONE && i < diff->layer_count; i++) {
		const struct imp_diff_layer *layer = &diff->layers[i];
		if (layer->after_index != diff->chain_break)
			continue;
		size_t start = screen->out.len;
		imp_strbuf_printf(&screen->out, "The first that differs: %u ",
				  layer->after_index);
		imp_escape_terminal(&screen->out, layer->instruction);
		imp_screen_end_line(screen, start);
	}
}

static void add_origin(struct imp_screen *screen, const struct imp_diff *diff)
{
	char base[IMP_SIZE_TEXT], own[IMP_SIZE_TEXT], all[IMP_SIZE_TEXT];
	enum imp_units units = screen->options->units;
	struct imp_before_after total = diff->totals[IMP_TOTAL_DISK];
	bool moved = diff->base.disk.before != diff->base.disk.after ||
		     diff->base.pull.before != diff->base.pull.after;

	if (!diff->origin_known || !moved)
		return;
	imp_strbuf_printf(
		&screen->out,
		"The base image moved: %s of %s on disk are its, %s are your own\n",
		imp_change_text(diff->base.disk.before, diff->base.disk.after, units,
				base),
		imp_change_text(total.before, total.after, units, all),
		imp_change_text(diff->own.disk.before, diff->own.disk.after, units, own));
}

static void add_reason(struct imp_screen *screen, const struct imp_diff_reason *reason)
{
	size_t start = screen->out.len;
	struct imp_reason_words words;

	imp_reason_words(reason, &words);
	imp_screen_add_change(screen, reason->sum.disk.before, reason->sum.disk.after);
	imp_screen_add_change(screen, reason->sum.pull.before, reason->sum.pull.after);
	imp_strbuf_add_text(&screen->out, "  ");
	imp_strbuf_add_slice(&screen->out, imp_strbuf_slice(&words.before));
	imp_escape_terminal(&screen->out, words.subject);
	if (words.version_before.len) {
		imp_strbuf_add_char(&screen->out, ' ');
		imp_escape_terminal(&screen->out, words.version_before);
	}
	if (words.version_after.len) {
		imp_strbuf_add_text(&screen->out,
				    words.version_before.len ? " to " : " ");
		imp_escape_terminal(&screen->out, words.version_after);
	}
	imp_strbuf_add_slice(&screen->out, imp_strbuf_slice(&words.after));
	if (reason->layer != IMP_NONE) {
		imp_strbuf_add_text(&screen->out,
				    reason->layers > 1 ? "  [" : "  [layer ");
		imp_reason_layer(reason, &screen->out);
		imp_strbuf_add_char(&screen->out, ']');
	}
	imp_screen_end_line(screen, start);
	imp_reason_words_finish(&words);
}

static void add_reasons(struct imp_screen *screen, const struct imp_diff *diff)
{
	size_t rows = screen->options->top ? screen->options->top : REASONS;
	size_t shown = imp_reasons_shown(diff, rows);

	if (diff->reason_count == 0)
		return;
	imp_screen_add_bold(screen, IMP_SLICE("      disk      pull  why"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < shown; i++)
		add_reason(screen, &diff->reasons[i]);
	if (shown == diff->reason_count)
		return;
	struct imp_diff_reason rest = imp_reasons_rest(diff, shown);
	add_reason(screen, &rest);
}

static void add_value(struct imp_screen *screen, bool there, struct imp_slice value)
{
	if (there)
		imp_escape_terminal(&screen->out, value);
	else
		imp_strbuf_add_text(&screen->out, "(none)");
}

static void add_settings(struct imp_screen *screen, const struct imp_diff *diff)
{
	size_t most = screen->options->detail ? diff->setting_count : SETTINGS;

	for (size_t i = 0; i < diff->setting_count && i < most; i++) {
		const struct imp_diff_setting *setting = &diff->settings[i];
		size_t start = screen->out.len;
		imp_strbuf_printf(&screen->out, "Setting %s: ", setting->what);
		add_value(screen, setting->had, setting->before);
		imp_strbuf_add_text(&screen->out,
				    screen->options->unicode ? " → " : " -> ");
		add_value(screen, setting->has, setting->after);
		imp_screen_end_line(screen, start);
	}
	if (diff->setting_count > most)
		imp_strbuf_printf(&screen->out, "%zu more settings differ (-v)\n",
				  diff->setting_count - most);
}

static void add_attributes(struct imp_screen *screen, const struct imp_diff *diff)
{
	size_t most = screen->options->detail ? diff->attribute_count : ATTRIBUTES;
	char count[IMP_SIZE_TEXT];

	if (diff->attribute_count == 0)
		return;
	imp_strbuf_printf(&screen->out, "Only mode, owner or link target: %s path%s\n",
			  imp_count_text(diff->attribute_count, count),
			  diff->attribute_count == 1 ? "" : "s");
	for (size_t i = 0; i < diff->attribute_count && i < most; i++) {
		const struct imp_diff_attributes *row = &diff->attributes[i];
		size_t start = screen->out.len;
		imp_strbuf_add_text(&screen->out, "    /");
		imp_escape_terminal(&screen->out, row->path);
		imp_strbuf_printf(&screen->out, "  %s%s%s", row->before,
				  screen->options->unicode ? " → " : " -> ", row->after);
		imp_screen_end_line(screen, start);
	}
}

static void add_diff(struct imp_screen *screen, const struct imp_diff *diff)
{
	add_heading(screen, diff);
	if (imp_diff_is_empty(diff)) {
		imp_strbuf_add_text(&screen->out, "No change\n");
		return;
	}
	add_totals(screen, diff);
	add_download(screen, diff);
	add_origin(screen, diff);
	if (diff->rules_differ)
		imp_strbuf_add_text(&screen->out,
				    "The two reports were made with different rules: "
				    "classes and findings are not compared\n");
	add_reasons(screen, diff);
	add_settings(screen, diff);
	add_attributes(screen, diff);
	if (screen->options->detail)
		imp_screen_add_diff_lists(screen, diff);
}

static void add_distinct(struct imp_screen *screen, const struct imp_diff_set *set)
{
	if (set->count < 2)
		return;
	imp_screen_add_bold(screen, IMP_SLICE("All images, each layer once"));
	imp_strbuf_add_char(&screen->out, '\n');
	add_figures(screen, "to pull", set->distinct.pull);
	add_figures(screen, "on disk", set->distinct.disk);
}

static void add_next(struct imp_screen *screen)
{
	if (!screen->options->quiet)
		imp_strbuf_add_text(&screen->out,
				    "Next: -v lists layers, packages, paths; -o "
				    "markdown is a pull request's comment\n");
}

int imp_text_diff(const struct imp_report *report,
		  const struct imp_report_options *options, FILE *out,
		  struct imp_error *err)
{
	struct imp_screen screen = {.options = options};

	for (size_t i = 0; i < report->diffs->count; i++) {
		add_diff(&screen, report->diffs->list[i]);
		imp_strbuf_add_text(&screen.out,
				    i + 1 < report->diffs->count ? "\n" : "");
	}
	if (report->diffs->count > 1)
		imp_strbuf_add_char(&screen.out, '\n');
	add_distinct(&screen, report->diffs);
	add_next(&screen);
	fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return imp_report_end(out, err);
}
