/* -o text of a cost report (reference/ecosystem.md 2.6). */
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/stream.h"
#include "imgprof/width.h"
#include "screen_table.h"
#include "text_cost.h"
#include "traffic.h"

enum {
	REPOSITORIES = 10,
	IMAGES = 10,
	MONEY = 11,
	SIZE = 10,
	FIGURES = 63, /* columns behind the name, of the widest row */
	EXPRESSION_MORE = 10,
};

void imp_screen_add_wide_size(struct imp_screen *screen, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];
	imp_screen_add_figure(screen, imp_screen_size_text(screen, bytes, text), SIZE);
}

static void add_money(struct imp_screen *screen, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];
	imp_screen_add_figure(screen, imp_money_text(nano, text), MONEY);
}

static void add_count(struct imp_screen *screen, size_t count)
{
	char text[IMP_SIZE_TEXT];
	imp_screen_add_figure(screen, imp_count_text(count, text), 8);
}

static void add_name(struct imp_screen *screen, struct imp_slice name)
{
	imp_screen_add_name(screen, name, imp_screen_name_columns(screen, FIGURES));
}

/* Rows of what-if have fewer figures than others. */
static void add_expression(struct imp_screen *screen, const char *text)
{
	imp_screen_add_name(screen, imp_slice_of(text),
			    imp_screen_name_columns(screen, FIGURES) + EXPRESSION_MORE);
}

size_t imp_cost_common_bytes(const struct imp_cost_report *report)
{
	size_t common = SIZE_MAX, ends = 0;
	struct imp_slice first = {0};

	for (size_t i = 0; i < report->inventory->repository_count; i++) {
		struct imp_slice name = report->repositories[i].name;
		size_t equal = 0;
		if (i == 0)
			first = name;
		while (equal < common && equal < name.len &&
		       name.data[equal] == first.data[equal])
			equal++;
		common = equal;
	}
	for (size_t i = 0; i < common && i < first.len; i++)
		if (first.data[i] == '/')
			ends = i + 1;
	return ends;
}

static void add_platforms(struct imp_screen *screen, const struct imp_cost_report *report)
{
	const struct imp_cost_inventory *inventory = report->inventory;

	if (inventory->platform_count < 2)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	add_name(screen, IMP_SLICE("PLATFORM"));
	imp_strbuf_printf(&screen->out, " %10s\n", "STORED");
	for (size_t i = 0; i < inventory->platform_count + 2; i++) {
		const char *name = i < inventory->platform_count ? inventory->platforms[i]
				   : i == inventory->platform_count
					   ? "[several platforms]"
					   : "[no platform]";
		add_name(screen, imp_slice_of(name));
		imp_screen_add_wide_size(screen, report->cost->platform_bytes[i]);
		imp_strbuf_add_char(&screen->out, '\n');
	}
}

static void add_row(struct imp_screen *screen, const struct imp_cost_report *report,
		    const struct imp_cost_row *row, size_t skip)
{
	char share[IMP_SIZE_TEXT];

	add_name(screen, imp_slice_skip(row->name, skip));
	imp_screen_add_wide_size(screen, row->group.stored_bytes);
	imp_screen_add_figure(screen,
			      imp_percent_text(row->group.attributed_bytes,
					       report->cost->stored_bytes, share),
			      6);
	add_count(screen, row->group.roots);
	imp_screen_add_wide_size(screen, row->group.median_full_bytes);
	add_money(screen, row->month_nano);
	imp_screen_add_wide_size(screen, row->group.median_marginal_bytes);
	imp_strbuf_add_char(&screen->out, '\n');
}

static size_t shown(const struct imp_screen *screen, size_t count, size_t preset)
{
	size_t top = screen->options->top      ? screen->options->top
		     : screen->options->detail ? count
					       : preset;
	return count < top ? count : top;
}

static void add_left_out(struct imp_screen *screen, size_t left)
{
	if (left)
		imp_strbuf_printf(&screen->out, "  ... %zu more (-v shows them)\n", left);
}

static void add_rows(struct imp_screen *screen, const struct imp_cost_report *report,
		     const char *what, const struct imp_cost_row *rows,
		     const uint32_t *order, size_t count, size_t skip)
{
	size_t most = shown(screen, count, REPOSITORIES);

	if (count == 0)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	add_name(screen, imp_slice_of(what));
	imp_strbuf_printf(&screen->out, " %10s %6s %8s %10s %11s %10s\n", "STORED",
			  "SHARE", "IMAGES", "MEDIAN", "PER MONTH", "PER PUSH");
	for (size_t i = 0; i < most; i++)
		add_row(screen, report, &rows[order ? order[i] : i], skip);
	add_left_out(screen, count - most);
}

static void add_image(struct imp_screen *screen, const struct imp_cost_report *report,
		      uint32_t index, size_t skip)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	const struct imp_cost_image *image = &report->inventory->images[index];
	const struct imp_cost_root *root = &report->cost->roots[index];
	char date[IMP_SIZE_TEXT] = "undated";

	imp_cost_image_name(report, index, &name);
	add_name(screen, imp_slice_skip(imp_strbuf_slice(&name), skip));
	if (image->dated)
		imp_time_text(image->time_ns, date);
	imp_strbuf_printf(&screen->out, " %-10.10s", date);
	imp_screen_add_wide_size(screen, root->full_bytes);
	imp_screen_add_wide_size(screen, root->attributed_bytes);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_wide_size(screen, root->exclusive_bytes);
	add_money(screen, report->attributed_nano[index]);
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_images(struct imp_screen *screen, const struct imp_cost_report *report)
{
	size_t count = report->inventory->image_count;
	size_t most = shown(screen, count, IMAGES), skip = imp_cost_common_bytes(report);

	if (count == 0)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	add_name(screen, IMP_SLICE("IMAGE"));
	imp_strbuf_printf(&screen->out, " %-10s %10s %10s %11s %11s\n", "CREATED", "FULL",
			  "ATTRIBUTED", "FREED ALONE", "PER MONTH");
	for (size_t i = 0; i < most; i++)
		add_image(screen, report, report->order[i], skip);
	add_left_out(screen, count - most);
}

static void add_spread_row(struct imp_screen *screen,
			   const struct imp_cost_report *report, uint32_t index,
			   size_t skip)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	const struct imp_cost_image *image = &report->inventory->images[index];
	uint64_t bytes = report->unpacked->image_bytes[index];
	size_t tags = image->tag_count ? image->tag_count : 1;

	imp_cost_image_name(report, index, &name);
	add_name(screen, imp_slice_skip(imp_strbuf_slice(&name), skip));
	imp_screen_add_wide_size(screen, bytes);
	imp_strbuf_printf(&screen->out, " %6zu", tags);
	add_money(screen, imp_price_part(report->price, bytes * tags,
					 report->unpacked->total.bytes));
	imp_screen_add_wide_size(screen, report->cost->roots[index].attributed_bytes);
	add_money(screen, report->attributed_nano[index]);
	imp_strbuf_add_char(&screen->out, '\n');
}

/* The spreadsheet's figure of each image beside what it costs. */
static void add_spread(struct imp_screen *screen, const struct imp_cost_report *report)
{
	size_t count = report->inventory->image_count;
	size_t most = shown(screen, count, IMAGES), written = 0, known = 0,
	       skip = imp_cost_common_bytes(report);

	if (report->unpacked->total.known_tags == 0)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	add_name(screen, IMP_SLICE("IMAGE, UNPACKED"));
	imp_strbuf_printf(&screen->out, " %10s %6s %11s %10s %11s\n", "UNPACKED", "TAGS",
			  "PER MONTH", "ATTRIBUTED", "PER MONTH");
	for (size_t i = 0; i < count; i++) {
		uint32_t index = report->order[i];
		if (report->unpacked->image_bytes[index] == IMP_UNKNOWN_SIZE)
			continue;
		known++;
		if (written < most) {
			add_spread_row(screen, report, index, skip);
			written++;
		}
	}
	add_left_out(screen, known - written);
}

static void add_digests(struct imp_screen *screen, const struct imp_cost_report *report,
			const struct imp_cost_what_if_result *what_if)
{
	char digest[IMP_DIGEST_TEXT];

	for (size_t i = 0; i < what_if->digest_count; i++) {
		const struct imp_cost_digest *at = &what_if->digests[i];
		imp_strbuf_add_text(&screen->out, "    ");
		imp_escape_terminal(&screen->out,
				    report->repositories[at->repository].name);
		imp_strbuf_printf(&screen->out, "@%s\n",
				  imp_digest_text(&at->digest, digest));
	}
}

static void add_what_if(struct imp_screen *screen, const struct imp_cost_report *report,
			size_t i)
{
	const struct imp_cost_what_if_result *what_if = &report->what_ifs[i];

	add_expression(screen, imp_cost_what_if_words(what_if));
	add_count(screen, what_if->images);
	imp_screen_add_wide_size(screen, what_if->free_bytes);
	add_money(screen, report->saved_nano[i]);
	if (what_if->undated)
		imp_strbuf_printf(&screen->out, "  %zu undated stay", what_if->undated);
	if (what_if->held)
		imp_strbuf_printf(&screen->out, "  %zu stay, kept indexes list them",
				  what_if->held);
	imp_strbuf_add_char(&screen->out, '\n');
	if (report->digests)
		add_digests(screen, report, what_if);
}

static void add_what_ifs(struct imp_screen *screen, const struct imp_cost_report *report)
{
	if (report->what_if_count == 0)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	add_expression(screen, "WHAT IF");
	imp_strbuf_printf(&screen->out, " %8s %10s %11s  (after collection)\n", "IMAGES",
			  "WOULD FREE", "SAVED/MONTH");
	for (size_t i = 0; i < report->what_if_count; i++)
		add_what_if(screen, report, i);
}

int imp_text_cost(const struct imp_report *report,
		  const struct imp_report_options *options, FILE *out,
		  struct imp_error *err)
{
	const struct imp_cost_report *cost = report->cost;
	struct imp_screen screen = {.options = options};

	imp_screen_add_cost_head(&screen, cost);
	add_rows(&screen, cost, "REPOSITORY", cost->repositories, cost->repository_order,
		 cost->inventory->repository_count, imp_cost_common_bytes(cost));
	if (cost->group_by)
		add_rows(&screen, cost, cost->group_by, cost->groups, NULL,
			 cost->group_count, 0);
	imp_screen_add_traffic(&screen, cost);
	add_platforms(&screen, cost);
	add_images(&screen, cost);
	add_spread(&screen, cost);
	add_what_ifs(&screen, cost);
	fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return imp_report_end(out, err);
}
