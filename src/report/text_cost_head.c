/* The head of a cost report's text screen. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "text_cost.h"

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* What the names leave out, where the title does not say it. */
static void add_common(struct imp_screen *screen, const struct imp_cost_report *report)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	size_t common = imp_cost_common_bytes(report);

	if (common == 0 || report->inventory->repository_count == 1)
		return;
	imp_strbuf_add_text(&text, "names stand below ");
	imp_strbuf_add_slice(&text,
			     imp_slice(report->repositories[0].name.data, common - 1));
	imp_screen_add_wrapped(screen, 2, "", imp_strbuf_slice(&text));
}

static void add_heading(struct imp_screen *screen, const struct imp_cost_report *report)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf counts = {0}, price = {0};
	const struct imp_cost_inventory *inventory = report->inventory;
	size_t repositories = inventory->repository_count,
	       images = inventory->image_count;
	char number[IMP_SIZE_TEXT], date[IMP_SIZE_TEXT];
	size_t tags = 0;

	for (size_t i = 0; i < images; i++)
		tags += inventory->images[i].tag_count;
	imp_screen_add_bold(screen, IMP_SLICE("Registry storage"));
	imp_strbuf_add_text(&screen->out, "  ");
	imp_escape_terminal(&screen->out, imp_slice_of(report->title));
	imp_strbuf_add_char(&screen->out, '\n');
	imp_strbuf_printf(&counts, "%s repositor%s, ",
			  imp_count_text(repositories, number),
			  repositories == 1 ? "y" : "ies");
	imp_strbuf_printf(&counts, "%s image%s, ", imp_count_text(images, number),
			  plural(images));
	imp_strbuf_printf(&counts, "%s tag%s on %.10s", imp_count_text(tags, number),
			  plural(tags), imp_time_text(report->as_of_ns, date));
	imp_screen_add_wrapped(screen, 2, "", imp_strbuf_slice(&counts));
	imp_cost_price_words(report, &price);
	imp_screen_add_wrapped(screen, 2, "", imp_strbuf_slice(&price));
	for (size_t i = 0; imp_cost_remark(report, i); i++)
		imp_screen_add_wrapped(screen, 2, "",
				       imp_slice_of(imp_cost_remark(report, i)));
	add_common(screen, report);
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_sum(struct imp_screen *screen, const char *label, uint64_t bytes)
{
	imp_strbuf_printf(&screen->out, "  %-14s", label);
	imp_screen_add_wide_size(screen, bytes);
}

static void add_monthly(struct imp_screen *screen, const struct imp_cost_report *report,
			uint64_t month_nano)
{
	char month[IMP_MONEY_TEXT], year[IMP_MONEY_TEXT];
	uint64_t year_nano = month_nano > UINT64_MAX / 12 ? UINT64_MAX : month_nano * 12;

	imp_strbuf_printf(&screen->out, "   %8s %s/month %9s %s/year",
			  imp_money_text(month_nano, month), report->price->currency,
			  imp_money_text(year_nano, year), report->price->currency);
}

static void add_unpacked(struct imp_screen *screen, const struct imp_cost_report *report)
{
	const struct imp_cost_unpacked_sum *total = &report->unpacked->total;
	char money[IMP_MONEY_TEXT];

	if (!imp_cost_unpacked_is_known(total)) {
		imp_strbuf_printf(&screen->out,
				  "  unpacked        known of %zu of %zu tags "
				  "(profile the others, or --unpacked-from)\n",
				  total->known_tags, total->tags);
		return;
	}
	add_sum(screen, "unpacked", total->bytes);
	imp_strbuf_printf(
		&screen->out, "   %8s  (times tags: a spreadsheet's figure)\n",
		imp_money_text(imp_price_month(report->price, total->bytes), money));
}

static void add_growth(struct imp_screen *screen, const struct imp_cost_report *report)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf words = {0};

	if (imp_cost_growth_words(report, screen->options->units, &words))
		imp_screen_add_wrapped(screen, 2, "growth          ",
				       imp_strbuf_slice(&words));
	imp_strbuf_reset(&words);
	if (imp_cost_pushed_words(report, screen->options->units, &words))
		imp_screen_add_wrapped(screen, 2, "pushed          ",
				       imp_strbuf_slice(&words));
}

static void add_sums(struct imp_screen *screen, const struct imp_cost_report *report)
{
	const struct imp_cost *cost = report->cost;
	char money[IMP_MONEY_TEXT];

	add_sum(screen, "stored", cost->stored_bytes);
	add_monthly(screen, report, report->month_nano);
	imp_strbuf_add_char(&screen->out, '\n');
	add_sum(screen, "if not shared", cost->naive_bytes);
	imp_strbuf_printf(&screen->out, "   %8s  (sum over tags: not what is billed)\n",
			  imp_money_text(report->naive_month_nano, money));
	add_unpacked(screen, report);
	if (report->inventory->untagged_visible) {
		add_sum(screen, "untagged", cost->untagged_bytes);
		imp_strbuf_add_char(&screen->out, '\n');
	} else {
		imp_strbuf_add_text(&screen->out,
				    "  untagged        not visible through this API\n");
	}
	if (cost->referrer_bytes) {
		add_sum(screen, "attached", cost->referrer_bytes);
		imp_strbuf_add_text(&screen->out,
				    "   signatures, attestations and the like\n");
	}
	add_growth(screen, report);
	if (report->has_max)
		imp_strbuf_printf(
			&screen->out, "  %-14s %10s %s/month: %s\n", "budget",
			imp_money_text(report->max_nano, money), report->price->currency,
			report->month_nano > report->max_nano ? "OVER" : "kept");
}

void imp_screen_add_cost_head(struct imp_screen *screen,
			      const struct imp_cost_report *report)
{
	add_heading(screen, report);
	add_sums(screen, report);
}
