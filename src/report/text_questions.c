/* --without, --fixes and --recompress on the text screen. */
#include <string.h>

#include "fixes.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/recompress.h"
#include "imgprof/width.h"
#include "lines.h"
#include "screen.h"
#include "what_if.h"

enum { MAX_MEMBERS = 10, STEP_INDENT = 4 };

static void add_title(struct imp_screen *screen, const char *between, const char *text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_escape_terminal(&line, imp_slice_of(screen->image->image->reference));
	imp_strbuf_add_text(&line, between);
	imp_escape_terminal(&line, imp_slice_of(text));
	imp_screen_add_bold(screen, imp_strbuf_slice(&line));
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_instruction(struct imp_screen *screen, size_t layer, size_t start)
{
	struct imp_slice instruction = screen->image->layers[layer].instruction;

	imp_strbuf_add_text(&screen->out, "  ");
	imp_screen_add_line(screen, imp_analysis_line(screen->image, layer));
	if (instruction.len > 0)
		imp_escape_terminal(&screen->out, instruction);
	else
		imp_strbuf_add_text(&screen->out, "(no history)");
	imp_screen_end_line(screen, start);
}

static void add_two_sizes(struct imp_screen *screen, uint64_t before, uint64_t after)
{
	imp_screen_add_size(screen, before);
	imp_strbuf_add_text(&screen->out, screen->options->unicode ? " → " : " to ");
	imp_screen_add_size(screen, after);
}

static void add_what_if_totals(struct imp_screen *screen, const struct imp_without *sums)
{
	char a[IMP_SIZE_TEXT], b[IMP_SIZE_TEXT], files[IMP_SIZE_TEXT];
	const struct imp_analysis *image = screen->image;
	imp_auto(imp_strbuf_finish) struct imp_strbuf goes = {0};

	imp_strbuf_printf(&screen->out, "%s on disk instead of %s, about ",
			  imp_screen_size_text(screen, sums->disk_bytes, a),
			  imp_screen_size_text(screen, image->disk_bytes, b));
	imp_strbuf_printf(&screen->out, "%s to pull instead of %s\n",
			  imp_screen_size_text(screen, sums->pull_bytes, a),
			  imp_screen_size_text(screen, image->pull_bytes, b));
	imp_strbuf_printf(&goes, "%s files, %s on disk, %zu finding%s",
			  imp_count_text(sums->removed.files, files),
			  imp_screen_size_text(screen, sums->removed.disk_bytes, a),
			  sums->findings, sums->findings == 1 ? "" : "s");
	if (sums->dead_copies.disk_bytes > 0)
		imp_strbuf_printf(
			&goes, "; of it %s hidden copies of the same files",
			imp_screen_size_text(screen, sums->dead_copies.disk_bytes, b));
	imp_screen_add_wrapped(screen, 0, "goes: ", imp_strbuf_slice(&goes));
}

static void add_what_if(struct imp_screen *screen)
{
	const struct imp_report_questions *questions = &screen->options->questions;
	imp_auto(imp_what_if_finish) struct imp_what_if what_if;
	imp_auto(imp_strbuf_finish) struct imp_strbuf terms = {0};

	imp_what_if_make(&what_if, screen->image, questions);
	for (size_t i = 0; i < questions->without_count; i++) {
		imp_strbuf_add_text(&terms, i > 0 ? ", " : "");
		imp_strbuf_add_text(&terms, questions->without[i]);
	}
	add_title(screen, " without ", terms.data);
	add_what_if_totals(screen, &what_if.sums);
	imp_screen_add_bold(
		screen,
		screen->options->unicode
			? IMP_SLICE("  #     pull             disk                "
				    "instruction")
			: IMP_SLICE("  #     pull              disk                 "
				    "instruction"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < screen->image->layer_count; i++) {
		const struct imp_profile_summary *now = &screen->image->layers[i].summary;
		size_t start = screen->out.len;
		imp_strbuf_printf(&screen->out, "%3zu ", i);
		add_two_sizes(screen, now->pull_bytes, what_if.sums.layers[i].pull_bytes);
		imp_strbuf_add_char(&screen->out, ' ');
		add_two_sizes(screen, now->disk_bytes, what_if.sums.layers[i].disk_bytes);
		add_instruction(screen, i, start);
	}
	imp_screen_add_wrapped(screen, 0, "", imp_slice_of(imp_what_if_basis));
}

static void add_member(struct imp_screen *screen, const struct imp_finding *finding)
{
	char text[IMP_SIZE_TEXT];
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_strbuf_printf(&line, "%s %s, ",
			  imp_screen_size_text(screen, finding->sum.disk_bytes, text),
			  imp_confidence_name(finding->confidence));
	imp_strbuf_add_slice(&line, imp_report_headline(finding));
	imp_strbuf_printf(&line, " [%s]", finding->rule);
	imp_screen_add_wrapped(screen, STEP_INDENT, "- ", imp_strbuf_slice(&line));
}

/* Instructions can be long, and one stands below many steps: a line of each. */
static void add_step_layer(struct imp_screen *screen, uint16_t layer)
{
	enum { COLUMNS = 100 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	const struct imp_report_options *options = screen->options;
	struct imp_slice instruction = screen->image->layers[layer].instruction;

	imp_strbuf_printf(&line, "%*slayer %u  ", STEP_INDENT, "", layer);
	imp_report_add_line(screen->image, imp_analysis_line(screen->image, layer), true,
			    &line);
	if (imp_analysis_line(screen->image, layer))
		imp_strbuf_add_char(&line, ' ');
	imp_escape_terminal(&line, instruction.len > 0 ? instruction
						       : IMP_SLICE("(no history)"));
	imp_fit_end(&screen->out, imp_strbuf_slice(&line),
		    options->width ? options->width : COLUMNS, options->unicode);
	imp_strbuf_add_char(&screen->out, '\n');
}

/* The layers that the findings of a step are in, each once. */
static void add_step_layers(struct imp_screen *screen, const struct imp_fixes *fixes,
			    const struct imp_fix_step *step)
{
	size_t count = screen->image->layer_count;
	imp_auto_free bool *touched = imp_xcalloc(count + 1, sizeof(*touched));

	for (uint32_t f = step->first; f != IMP_NONE; f = fixes->next[f]) {
		const struct imp_finding *finding = &screen->image->findings->list[f];
		for (size_t i = 0; i < finding->layer_count; i++)
			touched[finding->layers[i]] = true;
	}
	for (size_t i = 0; i < count; i++)
		if (touched[i])
			add_step_layer(screen, (uint16_t)i);
}

static void add_members(struct imp_screen *screen, const struct imp_fixes *fixes,
			const struct imp_fix_step *step)
{
	size_t limit = screen->options->detail ? SIZE_MAX : MAX_MEMBERS, count = 0;

	for (uint32_t f = step->first; f != IMP_NONE; f = fixes->next[f])
		if (count++ < limit)
			add_member(screen, &screen->image->findings->list[f]);
	if (count > limit)
		imp_strbuf_printf(&screen->out, "%*s- and %zu smaller findings\n",
				  STEP_INDENT, "", count - limit);
}

static void add_step(struct imp_screen *screen, const struct imp_fixes *fixes,
		     size_t number)
{
	const struct imp_fix_step *step = &fixes->list[number];
	char disk[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT];
	const char *text = step->text && step->text[0]
				   ? step->text
				   : "no fix is known: look at where it comes from";

	imp_strbuf_printf(&screen->out, "\n%2zu. %s on disk, %s to pull\n", number + 1,
			  imp_screen_size_text(screen, step->sum.disk_bytes, disk),
			  imp_screen_size_text(screen, step->sum.pull_bytes, pull));
	imp_screen_add_wrapped(screen, STEP_INDENT, "", imp_slice_of(text));
	add_members(screen, fixes, step);
	add_step_layers(screen, fixes, step);
}

static void add_fixes(struct imp_screen *screen)
{
	const struct imp_findings *findings = screen->image->findings;
	imp_auto(imp_fixes_finish) struct imp_fixes fixes;
	char disk[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT];
	bool possible = false;

	imp_fixes_make(&fixes, screen->image, &screen->options->filter);
	add_title(screen, ": what to change, in order of bytes", "");
	imp_strbuf_printf(
		&screen->out, "All of it together: %s on disk, %s to pull can go\n",
		imp_screen_size_text(screen, findings->reclaimable.disk_bytes, disk),
		imp_screen_size_text(screen, findings->reclaimable.pull_bytes, pull));
	imp_screen_add_filter(screen);
	for (size_t i = 0; i < fixes.count; i++) {
		if (fixes.list[i].possible && !possible)
			imp_strbuf_add_text(&screen->out,
					    "\nWorth a look; it depends on the workload, "
					    "and is in no sum:\n");
		possible = fixes.list[i].possible;
		add_step(screen, &fixes, i);
	}
}

static void add_error(struct imp_screen *screen, bool whole, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&screen->out,
		imp_slice_of(whole ? "exact" : imp_screen_size_text(screen, bytes, text)),
		9, 1);
}

static void add_recompressed_layers(struct imp_screen *screen,
				    const struct imp_recompress_estimate *estimate)
{
	for (size_t i = 0; i < screen->image->layer_count; i++) {
		const struct imp_recompress_layer *layer = &estimate->layers[i];
		size_t start = screen->out.len;
		imp_strbuf_printf(&screen->out, "%3zu ", i);
		imp_screen_add_size(screen, screen->image->layers[i].summary.pull_bytes);
		imp_strbuf_add_char(&screen->out, ' ');
		if (layer->known) {
			imp_screen_add_size(screen, layer->pull_bytes);
			add_error(screen, layer->whole, layer->error_bytes);
		} else {
			imp_strbuf_add_text(&screen->out, "       ?        ?");
		}
		add_instruction(screen, i, start);
	}
}

static void add_recompressed(struct imp_screen *screen,
			     const struct imp_recompress_estimate *estimate)
{
	char name[IMP_RECOMPRESS_SETTING_TEXT], a[IMP_SIZE_TEXT], b[IMP_SIZE_TEXT];

	add_title(screen, " recompressed with ",
		  imp_recompress_text(&estimate->setting, name));
	imp_strbuf_printf(&screen->out, "%s to pull instead of %s, ",
			  imp_screen_size_text(screen, estimate->pull_bytes, a),
			  imp_screen_size_text(screen, screen->image->pull_bytes, b));
	imp_strbuf_printf(&screen->out, "within %s\n",
			  imp_screen_size_text(screen, estimate->error_bytes, a));
	imp_screen_add_bold(screen,
			    IMP_SLICE("  #      now     then   within  instruction"));
	imp_strbuf_add_char(&screen->out, '\n');
	add_recompressed_layers(screen, estimate);
}

void imp_screen_add_questions(struct imp_screen *screen)
{
	const struct imp_report_questions *questions = &screen->options->questions;
	const struct imp_recompress *recompress = screen->image->recompress;

	if (questions->why_count > 0)
		imp_screen_add_why(screen);
	if (questions->without_count > 0)
		add_what_if(screen);
	for (size_t i = 0; recompress && i < recompress->count; i++)
		add_recompressed(screen, &recompress->list[i]);
	if (questions->fixes)
		add_fixes(screen);
}

bool imp_screen_has_questions(const struct imp_screen *screen)
{
	const struct imp_report_questions *questions = &screen->options->questions;

	return questions->why_count > 0 || questions->without_count > 0 ||
	       questions->fixes || screen->image->recompress;
}
