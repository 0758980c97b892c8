#include "cost_words.h"

#include <inttypes.h>

static void add_tiers(const struct imp_price *price, struct imp_strbuf *out)
{
	char money[IMP_MONEY_TEXT];

	for (size_t i = 0; i < price->tier_count; i++) {
		const struct imp_price_tier *tier = &price->tiers[i];
		imp_strbuf_printf(out, "%s%s", i ? ", then " : "",
				  imp_money_text(tier->nano_per_gb, money));
		if (tier->up_to_gb != UINT64_MAX)
			imp_strbuf_printf(out, " up to %" PRIu64 " GB", tier->up_to_gb);
	}
}

static void add_base(uint64_t unit_base, struct imp_strbuf *out)
{
	if (unit_base == 1000000000)
		imp_strbuf_add_text(out, "10^9");
	else if (unit_base == UINT64_C(1) << 30)
		imp_strbuf_add_text(out, "2^30");
	else
		imp_strbuf_printf(out, "%" PRIu64, unit_base);
}

void imp_cost_price_words(const struct imp_cost_report *report, struct imp_strbuf *out)
{
	const struct imp_price *price = report->price;
	char money[IMP_MONEY_TEXT];

	imp_strbuf_add_text(out, "price: ");
	if (price->date) /* else it is a number, which follows */
		imp_strbuf_printf(out, "%s of %s%s, ", price->name, price->date,
				  report->price_is_stale ? " (STALE: over a year old)"
							 : "");
	add_tiers(price, out);
	imp_strbuf_printf(out, " %s per GB-month (GB = ", price->currency);
	add_base(price->unit_base, out);
	imp_strbuf_add_char(out, ')');
	if (price->fixed_nano)
		imp_strbuf_printf(out, " and %s a month",
				  imp_money_text(price->fixed_nano, money));
	if (price->free_tier)
		imp_strbuf_add_text(out, " less the free allowance");
	if (price->replicas > 1)
		imp_strbuf_printf(out, ", %" PRIu32 " replicas", price->replicas);
	imp_strbuf_printf(out, ", counted once per %s",
			  imp_dedupe_name(report->cost->dedupe));
}

void imp_cost_image_name(const struct imp_cost_report *report, uint32_t image,
			 struct imp_strbuf *out)
{
	const struct imp_cost_image *at = &report->inventory->images[image];
	char digest[16];

	imp_strbuf_add_slice(out, report->repositories[at->repository].name);
	if (at->tag_count == 0)
		imp_strbuf_printf(out, "@%s", imp_digest_short(&at->digest, digest));
	for (size_t i = 0; i < at->tag_count; i++) {
		imp_strbuf_add_text(out, i ? ", " : ":");
		imp_strbuf_add_slice(out, at->tags[i]);
	}
}

const char *imp_cost_what_if_words(const struct imp_cost_what_if_result *what_if)
{
	return what_if->expression ? what_if->expression : "all together";
}

const char *imp_cost_remark(const struct imp_cost_report *report, size_t i)
{
	const char *remarks[5];
	size_t count = 0;

	if (!report->inventory->complete)
		remarks[count++] =
			"INCOMPLETE: not everything could be seen, all sums are "
			"lower bounds";
	if (report->scope_is_part)
		remarks[count++] =
			"Blobs may be shared with what was not asked for: what "
			"deletion would free is an upper bound.";
	if (report->inventory->foreign_layers)
		remarks[count++] = "Foreign layers with addresses of their own count 0.";
	if (report->inventory->plain_layers)
		remarks[count++] =
			"Layers of archives or folders that are not compressed count as "
			"they are: what a registry would store, which holds them "
			"compressed, is not known.";
	return i < count ? remarks[i] : NULL;
}
