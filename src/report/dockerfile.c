/*
 * -o dockerfile: the Dockerfile with what each instruction weighs beside it, and what to change
 * below it. Rows in brackets close the sums: what the base image brought, what no line of
 * the file made.
 */
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/dockerfile.h"
#include "imgprof/escape.h"
#include "imgprof/search.h"
#include "imgprof/width.h"
#include "lines.h"
#include "paint.h"
#include "screen.h"

enum {
	NUMBER = 5, /* columns of a line's number */
	TAB = 8,
	FIX_INDENT = 8,
	DEFAULT_FIXES = 3,
};

struct weight {
	uint64_t pull_bytes, disk_bytes, can_go_bytes, wasted_bytes;
	size_t layers;
};

/* A finding, and where its fix belongs: line 0 is the base, SIZE_MAX none of the file's. */
struct fix {
	const struct imp_finding *finding;
	size_t line;
};

struct sheet {
	struct imp_screen screen;
	size_t column;   /* of one size */
	size_t base_end; /* of a history: the last line that the base image has; 0: none */
	const struct imp_dockerfile *file;
	struct weight *lines; /* by number; those of instructions, at their first */
	struct weight base, elsewhere, total;
	struct fix *fixes; /* by line, then as findings are listed: the largest first */
	size_t fix_count;
};

static void sheet_finish(struct sheet *sheet)
{
	imp_strbuf_finish(&sheet->screen.out);
	free(sheet->lines);
	free(sheet->fixes);
}

/* Sums. */

static void add_weight(struct weight *to, const struct weight *more)
{
	to->pull_bytes += more->pull_bytes;
	to->disk_bytes += more->disk_bytes;
	to->can_go_bytes += more->can_go_bytes;
	to->wasted_bytes += more->wasted_bytes;
	to->layers += more->layers;
}

static struct weight weigh(const struct imp_analysis *image, size_t layer)
{
	const struct imp_sum *fates = imp_tree_layer(image->tree, layer)->fates;
	struct weight weight = {
		.pull_bytes = image->layers[layer].summary.pull_bytes,
		.disk_bytes = image->layers[layer].summary.disk_bytes,
		.can_go_bytes = image->can_go_bytes[layer],
		.layers = 1,
	};

	for (int fate = IMP_FATE_LIVE + 1; fate < IMP_FATES; fate++)
		weight.wasted_bytes += fates[fate].disk_bytes;
	return weight;
}

static size_t line_of(const struct imp_dockerfile *file, size_t layer)
{
	if (layer >= file->layer_count)
		return SIZE_MAX;
	switch (file->layers[layer].place) {
	case IMP_LAYER_LINE:
		return file->layers[layer].line;
	case IMP_LAYER_BASE:
		return 0;
	case IMP_LAYER_ELSEWHERE:
		break;
	}
	return SIZE_MAX;
}

static void weigh_all(struct sheet *sheet)
{
	const struct imp_analysis *image = sheet->screen.image;

	sheet->lines = imp_xcalloc(sheet->file->line_count + 1, sizeof(*sheet->lines));
	for (size_t i = 0; i < image->layer_count; i++) {
		struct weight weight = weigh(image, i);
		size_t line = line_of(sheet->file, i);
		add_weight(line == 0          ? &sheet->base
			   : line == SIZE_MAX ? &sheet->elsewhere
					      : &sheet->lines[line],
			   &weight);
		add_weight(&sheet->total, &weight);
	}
}

/* A history is of the base image first: where that ends is a guess. */
static void find_base_end(struct sheet *sheet)
{
	const struct imp_dockerfile *file = sheet->file;
	size_t layers = sheet->screen.image->findings->base_layers;

	for (size_t i = 0; i < layers && i < file->layer_count; i++)
		if (file->layers[i].place == IMP_LAYER_LINE)
			sheet->base_end =
				file->instructions[file->layers[i].instruction].last_line;
	if (file->origin != IMP_DOCKERFILE_HISTORY || layers == file->layer_count)
		sheet->base_end = 0;
}

static int compare_fixes(const void *a, const void *b)
{
	const struct fix *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static void gather_fixes(struct sheet *sheet)
{
	const struct imp_analysis *image = sheet->screen.image;
	bool detail = sheet->screen.options->detail;

	sheet->fixes = imp_xcalloc(image->findings->count + 1, sizeof(*sheet->fixes));
	for (size_t i = 0; i < image->findings->count; i++) {
		const struct imp_finding *finding = &image->findings->list[i];
		uint16_t layer = image->main_layers[i];
		bool lesser = finding->confidence == IMP_CONFIDENCE_POSSIBLE ||
			      (finding->in_base && sheet->base_end > 0);
		if (layer >= image->layer_count || finding->class == IMP_CLASS_SECRET ||
		    (lesser && !detail))
			continue;
		sheet->fixes[sheet->fix_count++] =
			(struct fix){finding, line_of(sheet->file, layer)};
	}
	qsort(sheet->fixes, sheet->fix_count, sizeof(*sheet->fixes), compare_fixes);
}

/* The gutter. */

static void add_cell(struct sheet *sheet, uint64_t bytes, bool shown)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&sheet->screen.out,
		imp_slice_of(shown ? imp_screen_size_text(&sheet->screen, bytes, text)
				   : ""),
		sheet->column, 1);
}

static void add_weights(struct sheet *sheet, const struct weight *weight)
{
	bool shown = weight->layers > 0;

	add_cell(sheet, weight->pull_bytes, shown);
	add_cell(sheet, weight->disk_bytes, shown);
	add_cell(sheet, weight->can_go_bytes, weight->can_go_bytes > 0);
	add_cell(sheet, weight->wasted_bytes, weight->wasted_bytes > 0);
}

/* On a terminal lines are cut, elsewhere they are whole. */
static void end_line(struct sheet *sheet, size_t start)
{
	if (sheet->screen.options->width > 0)
		imp_screen_end_line(&sheet->screen, start);
	else
		imp_strbuf_add_char(&sheet->screen.out, '\n');
}

static void add_row(struct sheet *sheet, const struct weight *weight,
		    struct imp_slice text)
{
	size_t start = sheet->screen.out.len;

	add_weights(sheet, weight);
	imp_strbuf_printf(&sheet->screen.out, "%*s ", NUMBER, "");
	imp_escape_terminal(&sheet->screen.out, text);
	end_line(sheet, start);
}

/* Fixes. */

/* The first of a line. */
static size_t find_fixes(const struct sheet *sheet, size_t line)
{
	return IMP_FIRST_NOT(sheet->fix_count, i, sheet->fixes[i].line < line);
}

static void add_fix(struct sheet *sheet, const struct imp_finding *finding)
{
	struct imp_screen *screen = &sheet->screen;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	char size[IMP_SIZE_TEXT];
	size_t start = screen->out.len;

	imp_strbuf_printf(&text, "%s %s [%s]: ",
			  imp_screen_size_text(screen, finding->sum.disk_bytes, size),
			  imp_confidence_name(finding->confidence), finding->rule);
	imp_strbuf_add_slice(&text, finding->fix_text && finding->fix_text[0]
					    ? imp_slice_of(finding->fix_text)
					    : imp_report_headline(finding));
	if (screen->options->detail) {
		imp_screen_add_wrapped(screen, FIX_INDENT,
				       "# fix: ", imp_strbuf_slice(&text));
		return;
	}
	imp_strbuf_printf(&screen->out, "%*s# fix: ", FIX_INDENT, "");
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&text));
	end_line(sheet, start);
}

static void add_fixes(struct sheet *sheet, size_t line)
{
	const struct imp_report_options *options = sheet->screen.options;
	size_t limit = options->top      ? options->top
		       : options->detail ? SIZE_MAX
					 : DEFAULT_FIXES;
	size_t first = find_fixes(sheet, line), count = 0;

	for (size_t i = first; i < sheet->fix_count && sheet->fixes[i].line == line; i++)
		if (count++ < limit)
			add_fix(sheet, sheet->fixes[i].finding);
	if (count > limit)
		imp_strbuf_printf(&sheet->screen.out,
				  "%*s# and %zu smaller (-v shows all)\n", FIX_INDENT, "",
				  count - limit);
}

/* What the base brought is changed where the base is made. */
static void add_base(struct sheet *sheet)
{
	const struct imp_base_image *base = &sheet->screen.image->base;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (sheet->base.layers == 0)
		return;
	imp_strbuf_printf(&text, "[base] %zu layer%s", sheet->base.layers,
			  sheet->base.layers == 1 ? "" : "s");
	if (base->name.len > 0) {
		imp_strbuf_add_text(&text, " of ");
		imp_strbuf_add_slice(&text, base->name);
	}
	if (base->origin == IMP_BASE_GUESSED)
		imp_strbuf_add_text(&text, " (a guess)");
	add_row(sheet, &sheet->base, imp_strbuf_slice(&text));
	if (sheet->base.can_go_bytes > 0)
		imp_strbuf_printf(&sheet->screen.out,
				  "%*s# what can go there goes in a smaller or newer "
				  "base image\n",
				  FIX_INDENT, "");
	if (sheet->screen.options->detail)
		add_fixes(sheet, 0);
}

/* Stages. */

/* Lines that copy from STAGE, and what came with those that are shipped. */
static void add_copies(struct sheet *sheet, uint32_t stage, struct imp_strbuf *text)
{
	const struct imp_dockerfile *file = sheet->file;
	char pull[IMP_SIZE_TEXT], disk[IMP_SIZE_TEXT];

	for (size_t i = 0; i < file->instruction_count; i++) {
		const struct imp_instruction *at = &file->instructions[i];
		const struct weight *weight = &sheet->lines[at->line];
		if (at->from_stage != stage)
			continue;
		imp_strbuf_printf(text, "; line %u copies from it", at->line);
		if (weight->layers > 0)
			imp_strbuf_printf(text, " %s to pull, %s on disk",
					  imp_screen_size_text(&sheet->screen,
							       weight->pull_bytes, pull),
					  imp_screen_size_text(&sheet->screen,
							       weight->disk_bytes, disk));
	}
}

static void add_stage_note(struct sheet *sheet, uint32_t number)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_stage *stage = &sheet->file->stages[number];
	size_t start = sheet->screen.out.len;

	if (stage->shipped) {
		if (stage->parent == IMP_DOCKERFILE_NONE)
			add_base(sheet);
		return;
	}
	imp_strbuf_add_text(&text, "# this stage is not shipped");
	add_copies(sheet, number, &text);
	imp_strbuf_printf(&sheet->screen.out, "%*s", FIX_INDENT, "");
	imp_strbuf_add_slice(&sheet->screen.out, imp_strbuf_slice(&text));
	end_line(sheet, start);
}

/* The file. */

/* Tabs as spaces, all else escaped. */
static void add_text(struct imp_strbuf *out, struct imp_slice line)
{
	size_t column = 0;

	for (bool first = true; line.data; first = false) {
		struct imp_slice part = imp_slice_cut(&line, '\t');
		for (bool gap = !first; gap; gap = column % TAB != 0) {
			imp_strbuf_add_char(out, ' ');
			column++;
		}
		imp_escape_terminal(out, part);
		column += imp_width(part);
	}
}

static void add_line(struct sheet *sheet, size_t number)
{
	size_t start = sheet->screen.out.len;

	add_weights(sheet, &sheet->lines[number]);
	imp_strbuf_printf(&sheet->screen.out, "%*zu ", NUMBER, number);
	add_text(&sheet->screen.out, sheet->file->lines[number - 1]);
	end_line(sheet, start);
}

/* Notes and fixes stand behind the last line of what they are about. */
static void add_base_end(struct sheet *sheet)
{
	const struct imp_base_image *base = &sheet->screen.image->base;
	size_t start = sheet->screen.out.len;

	imp_strbuf_printf(&sheet->screen.out, "%*s# up to here: the base image",
			  FIX_INDENT, "");
	if (base->name.len > 0) {
		imp_strbuf_add_char(&sheet->screen.out, ' ');
		imp_escape_terminal(&sheet->screen.out, base->name);
	}
	imp_strbuf_add_text(&sheet->screen.out,
			    base->layer_count > 0 && base->origin != IMP_BASE_GUESSED
				    ? ""
				    : ", as the history looks");
	end_line(sheet, start);
}

static void add_file(struct sheet *sheet)
{
	const struct imp_dockerfile *file = sheet->file;
	size_t next = 0;

	for (size_t number = 1; number <= file->line_count; number++) {
		add_line(sheet, number);
		if (next == file->instruction_count ||
		    file->instructions[next].last_line != number)
			continue;
		const struct imp_instruction *done = &file->instructions[next++];
		add_fixes(sheet, done->line);
		if (number == sheet->base_end)
			add_base_end(sheet);
		if (imp_slice_is(done->keyword, "FROM") &&
		    done->stage != IMP_DOCKERFILE_NONE)
			add_stage_note(sheet, done->stage);
	}
}

static bool has_shipped_stage(const struct imp_dockerfile *file)
{
	for (size_t i = 0; i < file->stage_count; i++)
		if (file->stages[i].shipped)
			return true;
	return false;
}

static void add_end(struct sheet *sheet)
{
	bool rebuilt = sheet->file->origin == IMP_DOCKERFILE_HISTORY;

	if (!has_shipped_stage(sheet->file))
		add_base(sheet);
	if (sheet->elsewhere.layers > 0) {
		add_row(sheet, &sheet->elsewhere,
			rebuilt ? IMP_SLICE("[not in the history]")
				: IMP_SLICE("[not in this file]"));
		add_fixes(sheet, SIZE_MAX);
	}
	add_row(sheet, &sheet->total, IMP_SLICE("total"));
}

/* The head. */

static void describe_origin(const struct imp_dockerfile *file, struct imp_strbuf *out)
{
	switch (file->origin) {
	case IMP_DOCKERFILE_PROVENANCE:
		imp_strbuf_add_slice(out, file->filename);
		imp_strbuf_add_text(out, file->filename.len > 0 ? ", " : "");
		imp_strbuf_add_text(out, "from the build's provenance");
		break;
	case IMP_DOCKERFILE_FILE:
		imp_strbuf_add_slice(out, file->filename);
		imp_strbuf_add_text(out, ", its lines matched with the image's history");
		break;
	case IMP_DOCKERFILE_HISTORY:
	case IMP_DOCKERFILE_ORIGINS:
		imp_strbuf_add_text(out, "rebuilt from the image's history");
		imp_strbuf_add_text(out, file->base_only
						 ? ": the build's provenance names only "
						   "the base image"
						 : "");
		break;
	}
}

static void add_head(struct sheet *sheet)
{
	struct imp_screen *screen = &sheet->screen;
	static const char *const titles[] = {"pull", "disk", "can go", "wasted"};
	imp_auto(imp_strbuf_finish) struct imp_strbuf origin = {0}, line = {0};
	size_t start;

	imp_screen_add_identity(screen);
	imp_screen_add_totals(screen);
	start = screen->out.len;
	describe_origin(sheet->file, &origin);
	imp_strbuf_add_text(&screen->out, "Dockerfile: ");
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&origin));
	end_line(sheet, start);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		imp_pad(&line, imp_slice_of(titles[i]), sheet->column, 1);
	imp_strbuf_add_text(&line, " line");
	imp_screen_add_bold(screen, imp_strbuf_slice(&line));
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_image(struct imp_strbuf *out, const struct imp_analysis *image,
		      const struct imp_report_options *options)
{
	static const size_t columns[] = {
		[IMP_UNITS_DECIMAL] = 8,
		[IMP_UNITS_IEC] = 9,
		[IMP_UNITS_BYTES] = 13,
	};
	static const struct imp_dockerfile none = {.origin = IMP_DOCKERFILE_HISTORY};
	imp_auto(sheet_finish) struct sheet sheet = {
		.screen = {.image = image, .options = options},
		.file = image->dockerfile ? image->dockerfile : &none,
	};

	sheet.column = columns[options->units];
	weigh_all(&sheet);
	find_base_end(&sheet);
	gather_fixes(&sheet);
	add_head(&sheet);
	add_file(&sheet);
	add_end(&sheet);
	imp_strbuf_add_slice(out, imp_strbuf_slice(&sheet.screen.out));
}

static int write_dockerfile(const struct imp_report *report,
			    const struct imp_report_options *options, FILE *out,
			    struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < report->image_count; i++) {
		imp_strbuf_add_text(&text, i ? "\n" : "");
		add_image(&text, report->images[i], options);
	}
	fwrite(text.data, 1, text.len, out);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_dockerfile = {
	.name = "dockerfile",
	.summary = "the Dockerfile with what each line weighs",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_dockerfile},
};
