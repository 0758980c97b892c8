/* A cost report as JSON (design section 4) and as one record a line. */
#include "cost_words.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/growth.h"
#include "imgprof/stream.h"
#include "traffic.h"
#include "writer_priv.h"

static void member_money(struct imp_json_writer *w, const char *key, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];
	imp_json_member_text(w, key, imp_money_exact(nano, text));
}

/* The user's text, or null. */
static void member_optional(struct imp_json_writer *w, const char *key, const char *text)
{
	if (text)
		imp_json_member_raw(w, key, imp_slice_of(text));
	else
		imp_json_member_text(w, key, NULL);
}

static void write_tiers(struct imp_json_writer *w, const struct imp_price *price)
{
	imp_json_key(w, "tiers");
	imp_json_open(w, '[');
	for (size_t i = 0; i < price->tier_count; i++) {
		imp_json_open(w, '{');
		imp_json_member_known(w, "up_to_gb",
				      price->tiers[i].up_to_gb != UINT64_MAX,
				      price->tiers[i].up_to_gb);
		member_money(w, "per_gb", price->tiers[i].nano_per_gb);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_price(struct imp_json_writer *w, const struct imp_cost_report *report)
{
	const struct imp_price *price = report->price;

	imp_json_key(w, "price");
	imp_json_open(w, '{');
	imp_json_member_raw(w, "name", imp_slice_of(price->name));
	imp_json_member_text(w, "currency", price->currency);
	imp_json_member_u64(w, "unit_base", price->unit_base);
	write_tiers(w, price);
	imp_json_member_u64(w, "free_bytes", price->free_bytes);
	member_money(w, "fixed_monthly_cost", price->fixed_nano);
	imp_json_member_text(w, "dedupe", imp_dedupe_name(report->cost->dedupe));
	imp_json_member_u64(w, "replicas", price->replicas);
	imp_json_member_bool(w, "free_tier", price->free_tier);
	member_optional(w, "source", price->source);
	imp_json_member_text(w, "date", price->date);
	imp_json_member_bool(w, "stale", report->price_is_stale);
	imp_json_close(w, '}');
}

/* Null unless all of it is known. */
static void member_known(struct imp_json_writer *w, const char *key,
			 const struct imp_cost_unpacked_sum *sum)
{
	imp_json_member_known(w, key, imp_cost_unpacked_is_known(sum), sum->bytes);
}

/* What spreadsheets count with. */
static void write_unpacked(struct imp_json_writer *w,
			   const struct imp_cost_report *report)
{
	const struct imp_cost_unpacked_sum *total = &report->unpacked->total;
	char text[IMP_MONEY_TEXT];

	imp_json_key(w, "unpacked");
	imp_json_open(w, '{');
	member_known(w, "bytes", total);
	imp_json_member_u64(w, "tags", total->tags);
	imp_json_member_u64(w, "known_tags", total->known_tags);
	imp_json_member_text(
		w, "monthly_cost",
		imp_cost_unpacked_is_known(total)
			? imp_money_exact(imp_price_month(report->price, total->bytes),
					  text)
			: NULL);
	imp_json_close(w, '}');
}

static void write_totals(struct imp_json_writer *w, const struct imp_cost_report *report)
{
	const struct imp_cost *cost = report->cost;

	imp_json_key(w, "totals");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "stored_bytes", cost->stored_bytes);
	imp_json_member_u64(w, "naive_bytes", cost->naive_bytes);
	imp_json_member_u64(w, "dedupe_saved_bytes",
			    cost->naive_bytes - cost->stored_bytes);
	imp_json_member_known(w, "untagged_bytes", report->inventory->untagged_visible,
			      cost->untagged_bytes);
	imp_json_member_u64(w, "referrer_bytes", cost->referrer_bytes);
	imp_json_member_u64(w, "pushed_bytes_per_day",
			    imp_cost_pushed_per_day(cost, report->as_of_ns));
	imp_json_member_u64(w, "billable_bytes",
			    imp_price_billable_bytes(report->price, cost->stored_bytes));
	imp_json_member_u64(w, "foreign_layers", report->inventory->foreign_layers);
	imp_json_member_u64(w, "plain_layers", report->inventory->plain_layers);
	member_money(w, "monthly_cost", report->month_nano);
	member_money(w, "naive_monthly_cost", report->naive_month_nano);
	write_unpacked(w, report);
	imp_json_member_text(w, "currency", report->price->currency);
	write_price(w, report);
	imp_json_key(w, "max_monthly_cost");
	if (report->has_max) {
		char text[IMP_MONEY_TEXT];
		imp_json_text(w, imp_money_exact(report->max_nano, text));
	} else {
		imp_json_null(w);
	}
	imp_json_close(w, '}');
}

static void write_label(struct imp_json_writer *w, const struct imp_cost_image *image)
{
	imp_json_key(w, "labels");
	imp_json_open(w, '{');
	if (image->label_count) {
		imp_json_member_raw(w, "key", image->labels->key);
		imp_json_member_raw(w, "value", image->labels->value);
	}
	imp_json_close(w, '}');
}

static void write_root(struct imp_json_writer *w, const struct imp_cost_report *report,
		       uint32_t index)
{
	const struct imp_cost_image *image = &report->inventory->images[index];
	const struct imp_cost_root *root = &report->cost->roots[index];
	char text[IMP_DIGEST_TEXT];

	imp_json_member_raw(w, "repository",
			    report->repositories[image->repository].name);
	imp_json_member_text(w, "digest", imp_digest_text(&image->digest, text));
	imp_json_member_list(w, "tags", image->tags, image->tag_count);
	imp_json_member_text(w, "created",
			     image->dated ? imp_time_text(image->time_ns, text) : NULL);
	write_label(w, image);
	imp_json_member_u64(w, "full_bytes", root->full_bytes);
	imp_json_member_u64(w, "exclusive_bytes", root->exclusive_bytes);
	imp_json_member_u64(w, "attributed_bytes", root->attributed_bytes);
	imp_json_member_u64(w, "marginal_bytes", root->marginal_bytes);
	imp_json_member_known(w, "unpacked_bytes",
			      report->unpacked->image_bytes[index] != IMP_UNKNOWN_SIZE,
			      report->unpacked->image_bytes[index]);
	member_money(w, "monthly_cost", report->attributed_nano[index]);
	member_money(w, "avoidable_monthly_cost", report->avoidable_nano[index]);
}

static void write_group(struct imp_json_writer *w, const char *key,
			const struct imp_cost_row *row)
{
	const struct imp_cost_group *group = &row->group;

	imp_json_member_raw(w, key, row->name);
	imp_json_member_u64(w, "stored_bytes", group->stored_bytes);
	imp_json_member_u64(w, "attributed_bytes", group->attributed_bytes);
	imp_json_member_u64(w, "exclusive_bytes", group->exclusive_bytes);
	imp_json_member_u64(w, "marginal_bytes", group->marginal_bytes);
	imp_json_member_u64(w, "median_full_bytes", group->median_full_bytes);
	imp_json_member_u64(w, "median_marginal_bytes", group->median_marginal_bytes);
	imp_json_member_u64(w, "roots", group->roots);
	imp_json_member_u64(w, "tags", group->tags);
	member_money(w, "monthly_cost", row->month_nano);
}

static void write_platform(struct imp_json_writer *w,
			   const struct imp_cost_report *report, size_t i)
{
	size_t platforms = report->inventory->platform_count;

	const char *name = i < platforms    ? report->inventory->platforms[i]
			   : i == platforms ? "[several platforms]"
					    : "[no platform]";

	imp_json_member_raw(w, "platform", imp_slice_of(name));
	imp_json_member_u64(w, "stored_bytes", report->cost->platform_bytes[i]);
}

static void write_digests(struct imp_json_writer *w, const struct imp_cost_report *report,
			  const struct imp_cost_what_if_result *what_if)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	struct imp_slice *names =
		imp_arena_array(arena, what_if->digest_count + 1, sizeof(*names));
	char text[IMP_DIGEST_TEXT];

	for (size_t i = 0; i < what_if->digest_count; i++) {
		const struct imp_cost_digest *at = &what_if->digests[i];
		imp_strbuf_reset(&name);
		imp_strbuf_add_slice(&name, report->repositories[at->repository].name);
		imp_strbuf_printf(&name, "@%s", imp_digest_text(&at->digest, text));
		names[i] = imp_arena_copy(arena, imp_strbuf_slice(&name));
	}
	imp_json_member_list(w, "digests", names, what_if->digest_count);
}

static void write_what_if(struct imp_json_writer *w, const struct imp_cost_report *report,
			  size_t i)
{
	const struct imp_cost_what_if_result *what_if = &report->what_ifs[i];

	/* Null: all of them as one union */
	member_optional(w, "expression", what_if->expression);
	imp_json_member_u64(w, "images", what_if->images);
	imp_json_member_u64(w, "undated", what_if->undated);
	imp_json_member_u64(w, "held", what_if->held);
	imp_json_member_u64(w, "free_bytes", what_if->free_bytes);
	member_money(w, "monthly_saving", report->saved_nano[i]);
	write_digests(w, report, what_if);
}

static void write_warnings(struct imp_json_file *file,
			   const struct imp_cost_report *report)
{
	const struct imp_warnings *warnings = report->inventory->warnings;

	imp_json_key(&file->w, "warnings");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < imp_warnings_count(warnings); i++) {
		imp_json_open(&file->w, '{');
		imp_json_warning(&file->w, imp_warnings_get(warnings, i));
		imp_json_close(&file->w, '}');
	}
	imp_json_close(&file->w, ']');
}

/* What both shapes hold: lists of rows, each row written by a function of its own. */
enum list { ROOTS, REPOSITORIES, GROUPS, PLATFORMS, WHAT_IFS, TRAFFIC, LISTS };

static const struct {
	const char *name, *record;
} lists[LISTS] = {
	[ROOTS] = {"roots", "root"},
	[REPOSITORIES] = {"repositories", "repository"},
	[GROUPS] = {"groups", "group"},
	[PLATFORMS] = {"platforms", "platform"},
	[WHAT_IFS] = {"what_if", "what_if"},
	[TRAFFIC] = {"traffic", "traffic"},
};

static size_t list_count(const struct imp_cost_report *report, enum list list,
			 uint32_t top)
{
	size_t counts[LISTS] = {
		[ROOTS] = report->inventory->image_count,
		[REPOSITORIES] = report->inventory->repository_count,
		[GROUPS] = report->group_count,
		[PLATFORMS] = report->inventory->platform_count + 2,
		[WHAT_IFS] = report->what_if_count,
		[TRAFFIC] = report->traffic ? report->inventory->repository_count : 0,
	};
	return top && counts[list] > top && list != PLATFORMS ? top : counts[list];
}

static void write_row(struct imp_json_writer *w, const struct imp_cost_report *report,
		      enum list list, size_t i)
{
	switch (list) {
	case ROOTS:
		write_root(w, report, report->order[i]);
		break;
	case REPOSITORIES:
		write_group(w, "repository",
			    &report->repositories[report->repository_order[i]]);
		member_known(
			w, "unpacked_bytes",
			&report->unpacked->repositories[report->repository_order[i]]);
		break;
	case GROUPS:
		write_group(w, "group", &report->groups[i]);
		break;
	case PLATFORMS:
		write_platform(w, report, i);
		break;
	case WHAT_IFS:
		write_what_if(w, report, i);
		break;
	case TRAFFIC:
		imp_json_traffic_row(w, report, report->repository_order[i]);
		break;
	case LISTS:
		break;
	}
}

static void write_head(struct imp_json_file *file, const struct imp_cost_report *report,
		       uint32_t top)
{
	char text[IMP_SIZE_TEXT];

	imp_json_member_bool(&file->w, "complete", report->inventory->complete);
	if (top)
		imp_json_member_u64(&file->w, "top", top);
	imp_json_member_raw(&file->w, "title", imp_slice_of(report->title));
	imp_json_member_text(&file->w, "as_of", imp_time_text(report->as_of_ns, text));
	imp_json_member_bool(&file->w, "scope_is_part", report->scope_is_part);
	member_optional(&file->w, "group_by", report->group_by);
	write_totals(&file->w, report);
	imp_json_cost_growth(&file->w, report);
	imp_json_traffic_totals(&file->w, report);
}

int imp_json_write_cost(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err)
{
	struct imp_json_file file;

	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_member_text(&file.w, "kind", imp_report_kind_name(IMP_REPORT_COST));
	imp_json_tool(&file.w, options);
	write_head(&file, report->cost, options->top);
	for (enum list list = ROOTS; list < LISTS; list++) {
		imp_json_key(&file.w, lists[list].name);
		imp_json_open(&file.w, '[');
		for (size_t i = 0; i < list_count(report->cost, list, options->top);
		     i++) {
			imp_json_open(&file.w, '{');
			write_row(&file.w, report->cost, list, i);
			imp_json_close(&file.w, '}');
			imp_json_file_drain(&file);
		}
		imp_json_close(&file.w, ']');
	}
	write_warnings(&file, report->cost);
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

int imp_ndjson_write_cost(const struct imp_report *report,
			  const struct imp_report_options *options, FILE *out,
			  struct imp_error *err)
{
	const struct imp_warnings *warnings = report->cost->inventory->warnings;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 0);
	imp_json_begin_line(&file, "cost");
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_tool(&file.w, options);
	write_head(&file, report->cost, options->top);
	imp_json_end_line(&file);
	for (enum list list = ROOTS; list < LISTS; list++)
		for (size_t i = 0; i < list_count(report->cost, list, options->top);
		     i++) {
			imp_json_begin_line(&file, lists[list].record);
			write_row(&file.w, report->cost, list, i);
			imp_json_end_line(&file);
		}
	for (size_t i = 0; i < imp_warnings_count(warnings); i++) {
		imp_json_begin_line(&file, "warning");
		imp_json_warning(&file.w, imp_warnings_get(warnings, i));
		imp_json_end_line(&file);
	}
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}
