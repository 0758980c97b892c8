/* What can go, on the text screen. */
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "screen.h"

enum { DEFAULT_FINDINGS = 5, DETAIL_PATHS = 5, DETAIL_INDENT = 8 };

static void add_total(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	const struct imp_sum *by = findings->by_confidence;
	char all[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT], certain[IMP_SIZE_TEXT],
		likely[IMP_SIZE_TEXT];
	imp_auto(imp_strbuf_finish) struct imp_strbuf head = {0};

	if (findings->reclaimable.files == 0) {
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

	add_figures(screen, finding);
	size_t taken =
		screen->out.len - start + strlen(finding->rule) + sizeof(" []") - 1;
	imp_fit_end(&screen->out, imp_slice_of(finding->title), room(screen, taken),
		    screen->options->unicode);
	imp_strbuf_printf(&screen->out, " [%s]", finding->rule);
	imp_screen_end_line(screen, start);

	start = screen->out.len;
	imp_strbuf_printf(&screen->out, "%*sfix: ", DETAIL_INDENT, "");
	imp_escape_terminal(&screen->out, imp_slice_of(finding->fix_text));
	imp_screen_end_line(screen, start);
}

static void add_in_full(struct imp_screen *screen, const struct imp_finding *finding)
{
	add_figures(screen, finding);
	imp_strbuf_printf(&screen->out, "[%s]\n", finding->rule);
	imp_screen_add_wrapped(screen, DETAIL_INDENT, "", imp_slice_of(finding->title));
	for (size_t i = 0; i < finding->evidence_count; i++)
		imp_screen_add_wrapped(screen, DETAIL_INDENT,
				       "why: ", imp_slice_of(finding->evidence[i]));
	for (size_t i = 0; i < finding->path_count && i < DETAIL_PATHS; i++)
		add_path(screen, finding->paths[i]);
	if (finding->paths_total > DETAIL_PATHS)
		imp_strbuf_printf(
			&screen->out, "%*sat:  %llu more\n", DETAIL_INDENT, "",
			(unsigned long long)(finding->paths_total - DETAIL_PATHS));
	imp_screen_add_wrapped(screen, DETAIL_INDENT,
			       "fix: ", imp_slice_of(finding->fix_text));
}

/* Without detail possible findings are counted in one line: they are never summed with the others. */
static void add_rest(struct imp_screen *screen, size_t hidden)
{
	const struct imp_sum *by = screen->image->findings->by_confidence;
	uint64_t possible = by[IMP_CONFIDENCE_POSSIBLE].disk_bytes;
	char text[IMP_SIZE_TEXT];

	if (screen->options->detail || (!hidden && !possible))
		return;
	imp_strbuf_add_text(&screen->out, "    ");
	if (hidden)
		imp_strbuf_printf(&screen->out, "and %zu smaller", hidden);
	if (possible)
		imp_strbuf_printf(&screen->out, "%s%s possible, worth a look",
				  hidden ? "; " : "",
				  imp_screen_size_text(screen, possible, text));
	imp_strbuf_add_text(&screen->out, " (-v shows all in full)\n");
}

void imp_screen_add_findings(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	bool detail = screen->options->detail;
	size_t limit = screen->options->top ? screen->options->top
		       : detail             ? findings->count
					    : DEFAULT_FINDINGS;
	size_t shown = 0, hidden = 0;

	add_total(screen);
	for (size_t i = 0; i < findings->count; i++) {
		const struct imp_finding *finding = &findings->list[i];
		bool possible = finding->confidence == IMP_CONFIDENCE_POSSIBLE;
		if (possible && !detail)
			continue;
		if (shown == limit) {
			hidden++;
			continue;
		}
		shown++;
		if (detail)
			add_in_full(screen, finding);
		else
			add_short(screen, finding);
	}
	add_rest(screen, hidden);
}
