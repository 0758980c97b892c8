/* What can go, on the text screen. */
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "lines.h"
#include "packages.h"
#include "paint.h"
#include "screen.h"

/* A line that warns takes the two of a finding. */
enum { DEFAULT_FINDINGS = 5, DETAIL_PATHS = 5, DETAIL_INDENT = 8 };

static void add_total(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	const struct imp_sum *by = findings->by_confidence;
	char all[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT], certain[IMP_SIZE_TEXT],
		likely[IMP_SIZE_TEXT];
	imp_auto(imp_strbuf_finish) struct imp_strbuf head = {0};

	if (findings->reclaimable.files == 0 && findings->reclaimable.disk_bytes == 0) {
		imp_screen_add_bold(screen,
				    IMP_SLICE("Can go: nothing that imgprof knows of"));
		imp_strbuf_add_char(&screen->out, '\n');
		return;
	}
	imp_strbuf_printf(
		&head, "Can go: %s on disk, %s to pull",
		imp_screen_size_text(screen, findings->reclaimable.disk_bytes, all),
		imp_screen_size_text(screen, findings->reclaimable.pull_bytes, pull));
	imp_screen_add_bold(screen, imp_strbuf_slice(&head));
	imp_strbuf_printf(&screen->out, ": certain %s, likely %s\n",
			  imp_screen_size_text(
				  screen, by[IMP_CONFIDENCE_CERTAIN].disk_bytes, certain),
			  imp_screen_size_text(
				  screen, by[IMP_CONFIDENCE_LIKELY].disk_bytes, likely));
}

/* Columns left on a line on which TAKEN are used: at least one. */
static size_t room(const struct imp_screen *screen, size_t taken)
{
	size_t width =
		screen->options->width ? screen->options->width : IMP_SCREEN_LONGEST;

	return width > taken ? width - taken : 1;
}

static void add_figures(struct imp_screen *screen, const struct imp_finding *finding)
{
	imp_strbuf_add_text(&screen->out, "    ");
	imp_screen_add_size(screen, finding->sum.pull_bytes);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_size(screen, finding->sum.disk_bytes);
	imp_strbuf_printf(&screen->out, " %-8s ",
			  imp_confidence_name(finding->confidence));
}

static void add_path(struct imp_screen *screen, struct imp_slice path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0};
	size_t start = screen->out.len;

	imp_escape_terminal(&escaped, path);
	imp_strbuf_printf(&screen->out, "%*sat:  ", DETAIL_INDENT, "");
	imp_fit_path(&screen->out, imp_strbuf_slice(&escaped),
		     room(screen, screen->out.len - start), screen->options->unicode);
	imp_strbuf_add_char(&screen->out, '\n');
}

/* The title gives way where the line is too long: the rule is what can be looked up. */
static void add_short(struct imp_screen *screen, const struct imp_finding *finding)
{
	size_t start = screen->out.len;
	imp_auto(imp_strbuf_finish) struct imp_strbuf fix = {0};

	add_figures(screen, finding);
	size_t taken =
		screen->out.len - start + strlen(finding->rule) + sizeof(" []") - 1;
	imp_fit_end(&screen->out, imp_report_headline(finding), room(screen, taken),
		    screen->options->unicode);
	imp_strbuf_printf(&screen->out, " [%s]", finding->rule);
	imp_screen_end_line(screen, start);

	start = screen->out.len;
	imp_strbuf_printf(&screen->out, "%*sfix: ", DETAIL_INDENT, "");
	imp_report_add_fix(screen->image, finding, &fix);
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&fix));
	imp_screen_end_line(screen, start);
}

static void add_in_full(struct imp_screen *screen, const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf fix = {0};

	add_figures(screen, finding);
	imp_strbuf_printf(&screen->out, "[%s]\n", finding->rule);
	imp_screen_add_wrapped(screen, DETAIL_INDENT, "", imp_report_headline(finding));
	for (size_t i = 0; i < finding->evidence_count; i++)
		imp_screen_add_wrapped(screen, DETAIL_INDENT,
				       "why: ", imp_slice_of(finding->evidence[i]));
	for (size_t i = 0; i < finding->path_count && i < DETAIL_PATHS; i++)
		add_path(screen, finding->paths[i]);
	if (finding->paths_total > DETAIL_PATHS)
		imp_strbuf_printf(
			&screen->out, "%*sat:  %llu more\n", DETAIL_INDENT, "",
			(unsigned long long)(finding->paths_total - DETAIL_PATHS));
	imp_report_add_fix(screen->image, finding, &fix);
	imp_screen_add_wrapped(screen, DETAIL_INDENT, "fix: ", imp_strbuf_slice(&fix));
}

/* Without detail possible findings are counted in one line: they are never summed with the others. */
static void add_rest(struct imp_screen *screen, size_t hidden)
{
	const struct imp_findings *findings = screen->image->findings;
	uint64_t possible = findings->by_confidence[IMP_CONFIDENCE_POSSIBLE].disk_bytes;
	const char *between = "";
	char text[IMP_SIZE_TEXT];

	if (screen->options->detail ||
	    (!hidden && !possible && findings->dropped_count == 0))
		return;
	imp_strbuf_add_text(&screen->out, "    ");
	if (hidden) {
		imp_strbuf_printf(&screen->out, "and %zu smaller", hidden);
		between = "; ";
	}
	if (possible) {
		imp_strbuf_printf(&screen->out, "%s%s possible%s", between,
				  imp_screen_size_text(screen, possible, text),
				  findings->dropped_count ? "" : ", worth a look");
		between = "; ";
	}
	if (findings->dropped_count > 0)
		imp_strbuf_printf(&screen->out,
				  "%s%zu kept, for %s used (-v shows all)\n", between,
				  findings->dropped_count,
				  findings->dropped_count == 1 ? "it is" : "they are");
	else
		imp_strbuf_add_text(&screen->out, " (-v shows all in full)\n");
}

static bool is_secret(const struct imp_finding *finding)
{
	return finding->class == IMP_CLASS_SECRET;
}

/* Warned about, never summed; what is in them is never shown. */
static bool add_secrets(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	const struct imp_finding *first = NULL;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf cut = {0};
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (!is_secret(&findings->list[i]))
			continue;
		first = first ? first : &findings->list[i];
		count++;
	}
	if (!first)
		return false;
	imp_strbuf_printf(&line, "Secrets: %s", first->title);
	if (first->path_count > 0) {
		imp_strbuf_add_text(&line, ": /");
		imp_escape_terminal(&line, first->paths[0]);
	}
	char more[64] = "";
	if (count > 1)
		snprintf(more, sizeof(more), ", %zu more", count - 1);
	imp_fit_end(&cut, imp_strbuf_slice(&line), room(screen, strlen(more)),
		    screen->options->unicode);
	imp_strbuf_add_text(&cut, more);
	imp_paint(&screen->out, screen->options->color, IMP_PAINT_RED,
		  imp_strbuf_slice(&cut));
	imp_strbuf_add_char(&screen->out, '\n');
	return true;
}

bool imp_screen_add_filter(struct imp_screen *screen)
{
	const struct imp_report_filter *filter = &screen->options->filter;

	if (!imp_filter_is_set(filter))
		return false;
	imp_strbuf_add_text(&screen->out, "Filtered: listed are only");
	if (filter->has_manager)
		imp_strbuf_printf(&screen->out, " %s packages and what has their files",
				  imp_manager_name(filter->manager));
	else
		imp_strbuf_add_text(&screen->out, " packages and findings");
	if (filter->ignore_base)
		imp_strbuf_add_text(&screen->out, " above the base image");
	imp_strbuf_add_text(&screen->out, "\n");
	return true;
}

void imp_screen_add_finding(struct imp_screen *screen, const struct imp_finding *finding)
{
	if (screen->options->detail)
		add_in_full(screen, finding);
	else
		add_short(screen, finding);
}

static size_t limit_of(const struct imp_screen *screen, bool one_less)
{
	const struct imp_report_options *options = screen->options;

	if (options->top)
		return options->top;
	if (options->detail)
		return screen->image->findings->count;
	return DEFAULT_FINDINGS - one_less;
}

void imp_screen_add_findings(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	imp_auto_free bool *pass =
		imp_filter_findings(screen->image, &screen->options->filter);
	bool detail = screen->options->detail;
	size_t shown = 0, hidden = 0;

	bool warned = add_secrets(screen);
	add_total(screen);
	bool filtered = imp_screen_add_filter(screen);
	size_t limit = limit_of(screen, warned || filtered);
	for (size_t i = 0; i < findings->count; i++) {
		const struct imp_finding *finding = &findings->list[i];
		bool possible = finding->confidence == IMP_CONFIDENCE_POSSIBLE;
		if (!pass[i] || (!detail && (possible || is_secret(finding))))
			continue;
		if (shown == limit) {
			hidden++;
			continue;
		}
		shown++;
		imp_screen_add_finding(screen, finding);
	}
	add_rest(screen, hidden);
}

void imp_screen_add_dropped(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	size_t limit =
		screen->options->top ? screen->options->top : findings->dropped_count;

	if (findings->dropped_count == 0)
		return;
	imp_screen_add_bold(screen, IMP_SLICE("Kept: would go by a rule, but is used"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < findings->dropped_count && i < limit; i++) {
		const struct imp_dropped *dropped = &findings->dropped[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
		imp_strbuf_add_text(&screen->out, "    ");
		imp_screen_add_size(screen, dropped->sum.pull_bytes);
		imp_strbuf_add_char(&screen->out, ' ');
		imp_screen_add_size(screen, dropped->sum.disk_bytes);
		imp_strbuf_printf(&screen->out, " [%s]\n", dropped->rule);
		imp_strbuf_add_text(&line, screen->image->dropped_paths[i] ? "/" : "");
		imp_strbuf_add_slice(&line, dropped->subject);
		imp_strbuf_printf(&line, "%s%s: %s", dropped->subject.len ? ", " : "",
				  dropped->anchor, dropped->evidence);
		imp_screen_add_wrapped(screen, DETAIL_INDENT,
				       "kept: ", imp_strbuf_slice(&line));
	}
}
