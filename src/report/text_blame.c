/* -o text of a blame: one line for each tag, its change and the cause; a line of blocks. */
#include "blame.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "screen.h"

enum { TAG_MOST = 14, DAY = 10, REVISION = 7, FIGURE = 9, CHANGE = 10 };

static void add_cell(struct imp_screen *screen, struct imp_slice raw, size_t columns)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf clean = {0}, cut = {0};

	imp_escape_terminal(&clean, raw);
	imp_fit_end(&cut, imp_strbuf_slice(&clean), columns, screen->options->unicode);
	imp_pad(&screen->out, imp_strbuf_slice(&cut), columns, 0);
	imp_strbuf_add_text(&screen->out, "  ");
}

static void add_figures(struct imp_screen *screen, const struct imp_blame_row *row)
{
	char text[IMP_SIZE_TEXT];
	const char *change = "";

	imp_pad(&screen->out,
		imp_slice_of(row->readable ? imp_screen_size_text(
						     screen, row->watched_bytes, text)
					   : "?"),
		FIGURE, 1);
	if (row->has_change)
		change = imp_change_text(row->change.before, row->change.after,
					 screen->options->units, text);
	imp_pad(&screen->out, imp_slice_of(change), CHANGE + 1, 1);
}

/* What the columns before the figures need. */
struct columns {
	size_t tag;
	bool revisions;
};

static struct columns columns_of(const struct imp_blame *blame)
{
	struct columns columns = {.tag = strlen("tag")};

	for (size_t i = 0; i < blame->row_count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tags = {0}, clean = {0};
		imp_blame_tags(&blame->rows[i], &tags);
		imp_escape_terminal(&clean, imp_strbuf_slice(&tags));
		size_t width = imp_width(imp_strbuf_slice(&clean));
		if (width > columns.tag)
			columns.tag = width < TAG_MOST ? width : TAG_MOST;
		columns.revisions |= blame->rows[i].revision.len > 0;
	}
	return columns;
}

static void add_heading(struct imp_screen *screen, struct columns columns)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	size_t start = screen->out.len;

	imp_pad(&text, IMP_SLICE("tag"), columns.tag + 2, 0);
	imp_pad(&text, IMP_SLICE("created"), DAY + 2, 0);
	if (columns.revisions)
		imp_pad(&text, IMP_SLICE("commit"), REVISION + 2, 0);
	imp_pad(&text, IMP_SLICE("bytes"), FIGURE, 1);
	imp_pad(&text, IMP_SLICE("change"), CHANGE + 1, 1);
	imp_strbuf_add_text(&text, "  cause");
	imp_screen_add_bold(screen, imp_strbuf_slice(&text));
	imp_screen_end_line(screen, start);
}

static void add_row(struct imp_screen *screen, const struct imp_blame_row *row,
		    struct columns columns)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tags = {0}, tail = {0};
	size_t start = screen->out.len;
	struct imp_slice revision = row->revision;
	char day[IMP_SIZE_TEXT];

	if (revision.len > REVISION)
		revision.len = REVISION;
	imp_blame_tags(row, &tags);
	add_cell(screen, imp_strbuf_slice(&tags), columns.tag);
	add_cell(screen, imp_slice_of(imp_blame_day(row, day)), DAY);
	if (columns.revisions)
		add_cell(screen, revision, REVISION);
	add_figures(screen, row);
	imp_blame_trouble(row, &tail);
	imp_strbuf_add_text(&tail, tail.len && row->has_cause ? " " : "");
	imp_blame_cause(row, &tail);
	imp_strbuf_add_text(&screen->out, "  ");
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&tail));
	imp_screen_end_line(screen, start);
}

static uint64_t largest(const struct imp_blame *blame)
{
	uint64_t most = 0;

	for (size_t i = 0; i < blame->row_count; i++)
		if (blame->rows[i].watched_bytes > most)
			most = blame->rows[i].watched_bytes;
	return most;
}

/* One block for each tag; a space for one that could not be read. */
static void add_spark(struct imp_screen *screen, const struct imp_blame *blame)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	uint64_t most = largest(blame);
	size_t start = screen->out.len;

	if (!screen->options->unicode || most == 0 || blame->row_count < 2)
		return;
	for (size_t i = 0; i < blame->row_count; i++) {
		const struct imp_blame_row *row = &blame->rows[i];
		size_t height = imp_report_share(row->watched_bytes, most, 8);
		imp_strbuf_add_text(&screen->out,
				    blocks[height ? height : row->readable]);
	}
	imp_screen_end_line(screen, start);
}

static void add_title(struct imp_screen *screen, const struct imp_blame *blame)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf raw = {0};
	size_t start = screen->out.len;

	imp_strbuf_add_text(&raw, blame->title);
	imp_strbuf_add_text(&raw, ", bytes ");
	imp_blame_watched(blame, &raw);
	imp_strbuf_add_text(&raw, ", oldest tag first");
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&raw));
	imp_screen_end_line(screen, start);
}

static void add_left_out(struct imp_screen *screen, const struct imp_blame *blame)
{
	char count[IMP_SIZE_TEXT];

	if (blame->left_out)
		imp_strbuf_printf(&screen->out,
				  "%s older not read (--top N reads more)\n",
				  imp_count_text(blame->left_out, count));
}

static void add_read(struct imp_screen *screen, const struct imp_blame *blame)
{
	size_t layers = 0, read = 0;

	for (size_t i = 0; i < blame->row_count; i++) {
		layers += blame->rows[i].layers;
		read += blame->rows[i].layers_read;
	}
	imp_strbuf_printf(&screen->out, "%zu of %zu layers were read\n", read, layers);
}

int imp_text_blame(const struct imp_report *report,
		   const struct imp_report_options *options, FILE *out,
		   struct imp_error *err)
{
	struct imp_screen screen = {.options = options};
	const struct imp_blame *blame = report->blame;
	struct columns columns = columns_of(blame);

	add_title(&screen, blame);
	add_spark(&screen, blame);
	add_heading(&screen, columns);
	add_left_out(&screen, blame);
	for (size_t i = 0; i < blame->row_count; i++)
		add_row(&screen, &blame->rows[i], columns);
	add_read(&screen, blame);
	if (!options->quiet)
		imp_strbuf_add_text(&screen.out, "Next: imgprof diff REPOSITORY:BEFORE "
						 "REPOSITORY:AFTER tells all causes\n");
	fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return imp_report_end(out, err);
}
