/* imgprof cost TARGET...: what repositories store, what that costs, what deletion would free. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/cost.h"
#include "imgprof/report.h"
#include "imgprof/stock.h"
#include "questions.h"
#include "run.h"

enum { MOST_FILE_BYTES = 16 << 20 };

enum cost_sort { SORT_ATTRIBUTED, SORT_FULL, SORT_EXCLUSIVE, SORT_AGE, SORTS };
static const char *const sort_names[SORTS] = {"attributed", "full", "exclusive", "age"};

/* What the options say, understood before anything is asked of a registry. */
struct plan {
	struct imp_price price;
	enum imp_dedupe dedupe;
	int64_t as_of_ns;
	bool has_max;
	uint64_t max_nano;
	enum cost_sort sort;
	struct imp_cost_what_if what_ifs[IMP_MAX_WORDS];
	size_t what_if_count;
	struct imp_slice label; /* whose values the report shows */
};

static bool is_file(const char *price)
{
	size_t len = strlen(price);
	static const char suffix[] = "/GB-month", end[] = ".tsv";

	if (len >= sizeof(suffix) - 1 &&
	    strcmp(price + len - (sizeof(suffix) - 1), suffix) == 0)
		return false;
	return strchr(price, '/') || (len >= sizeof(end) - 1 &&
				      strcmp(price + len - (sizeof(end) - 1), end) == 0);
}

static int read_price(const struct imp_run *run, struct imp_price *out,
		      struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const char *wanted = run->settings->cost.price;
	struct imp_slice rows;

	if (!wanted)
		wanted = "flat";
	if (!is_file(wanted))
		return imp_price_parse(imp_slice_of(wanted), NULL, run->arena, out, err);
	int rc = imp_question_read_file("price", wanted, MOST_FILE_BYTES, &text, err);
	if (rc < 0)
		return rc;
	rows = imp_strbuf_slice(&text);
	return imp_price_parse(imp_slice_of(wanted), &rows, run->arena, out, err);
}

static int adjust_price(const struct imp_settings *settings, struct plan *plan,
			struct imp_error *err)
{
	struct imp_price *price = &plan->price;
	unsigned long long replicas = 1;
	const char *base = settings->cost.unit_base;

	if (base && !imp_unit_base_parse(imp_slice_of(base), &price->unit_base))
		return imp_fail(err, IMP_E_USAGE,
				"--unit-base: '%s': 1e9, 2^30 or a number of bytes",
				base);
	if (settings->cost.replicas &&
	    (!imp_slice_u64(imp_slice_of(settings->cost.replicas), &replicas) ||
	     replicas == 0 || replicas > 1000))
		return imp_fail(err, IMP_E_USAGE,
				"--replicas: '%s' is no number from 1 "
				"to 1000",
				settings->cost.replicas);
	price->replicas = (uint32_t)replicas;
	price->free_tier = settings->cost.free_tier;
	if (settings->cost.currency)
		price->currency = settings->cost.currency;
	plan->dedupe = price->dedupe;
	if (settings->cost.dedupe &&
	    !imp_dedupe_parse(imp_slice_of(settings->cost.dedupe), &plan->dedupe))
		return imp_fail(err, IMP_E_USAGE,
				"--dedupe: '%s': repository, namespace or registry",
				settings->cost.dedupe);
	return 0;
}

static int read_as_of(const struct imp_run *run, int64_t *out_ns, struct imp_error *err)
{
	const char *text = run->settings->cost.as_of;
	const char *full;

	*out_ns = run->context->now_ns(run->context->user);
	if (!text)
		return 0;
	full = strchr(text, 'T') ? text
				 : imp_arena_printf(run->arena, "%sT00:00:00Z", text);
	if (!imp_time_parse(imp_slice_of(full), out_ns))
		return imp_fail(err, IMP_E_USAGE,
				"--as-of: '%s' is no date such as 2026-11-23", text);
	return 0;
}

static int read_max(const struct imp_settings *settings, struct plan *plan,
		    struct imp_error *err)
{
	const char *text = settings->cost.max;
	struct imp_slice currency;

	if (!text)
		return 0;
	if (!imp_money_parse(imp_slice_of(text), &plan->max_nano, &currency))
		return imp_fail(err, IMP_E_USAGE,
				"--max: '%s' is no amount such as 50USD", text);
	if (currency.len && !imp_slice_is(currency, plan->price.currency))
		return imp_fail(err, IMP_E_USAGE, "--max: '%s', but the price is in %s",
				text, plan->price.currency);
	plan->has_max = true;
	return 0;
}

static int read_sort(const struct imp_settings *settings, enum cost_sort *out,
		     struct imp_error *err)
{
	const char *wanted = settings->cost.sort ? settings->cost.sort : sort_names[0];

	for (int i = 0; i < SORTS; i++)
		if (strcmp(wanted, sort_names[i]) == 0) {
			*out = (enum cost_sort)i;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE,
			"--sort: '%s': attributed, full, exclusive or age", wanted);
}

static int read_what_ifs(const struct imp_settings *settings, struct plan *plan,
			 struct imp_error *err)
{
	for (size_t i = 0; i < settings->cost.what_ifs.count; i++)
		if (imp_cost_what_if_parse(settings->cost.what_ifs.list[i],
					   &plan->what_ifs[i], err) < 0)
			return imp_wrap(err, "--what-if");
	plan->what_if_count = settings->cost.what_ifs.count;
	return 0;
}

/* The label that groups, else the one for the column of teams. */
static int read_label(const struct imp_settings *settings, struct plan *plan,
		      struct imp_error *err)
{
	static const struct imp_slice prefix = IMP_SLICE("label:");
	const struct imp_cost_inventory nothing = {0};
	struct imp_slice group = imp_slice_of(settings->cost.group);
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	struct imp_cost_grouping ignored;

	plan->label = imp_slice_of(settings->cost.label ? settings->cost.label : "team");
	if (!settings->cost.group)
		return 0;
	if (imp_slice_starts(group, prefix))
		plan->label = imp_slice_skip(group, prefix.len);
	if (imp_cost_grouping(&nothing, group, scratch, &ignored, err) < 0)
		return imp_wrap(err, "--group");
	return 0;
}

static int make_plan(const struct imp_run *run, struct plan *plan, struct imp_error *err)
{
	int rc = read_price(run, &plan->price, err);

	if (rc == 0)
		rc = adjust_price(run->settings, plan, err);
	if (rc == 0)
		rc = read_as_of(run, &plan->as_of_ns, err);
	if (rc == 0)
		rc = read_max(run->settings, plan, err);
	if (rc == 0)
		rc = read_sort(run->settings, &plan->sort, err);
	if (rc == 0)
		rc = read_what_ifs(run->settings, plan, err);
	return rc == 0 ? read_label(run->settings, plan, err) : rc;
}

static void say_line(void *user, const char *text)
{
	const struct imp_run *run = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	if (run->settings->quiet)
		return;
	imp_strbuf_printf(&line, "imgprof: %s", text);
	imp_progress_display_line(run->display, line.data);
}

static int add_from(const struct imp_run *run, struct imp_stock *inventory,
		    struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const char *name = run->settings->cost.from;
	int rc = imp_question_read_file("from", name, MOST_FILE_BYTES, &text, err);

	return rc < 0 ? rc
		      : imp_stock_add_lines(inventory, imp_strbuf_slice(&text), name,
					    err);
}

static int take_inventory(const struct imp_run *run, struct imp_stock *inventory,
			  struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->argument_count; i++)
		rc = imp_stock_add(inventory, settings->arguments[i], err);
	for (size_t i = 0; rc == 0 && i < settings->cost.registries.count; i++)
		rc = imp_stock_add_registry(inventory, settings->cost.registries.list[i],
					    err);
	if (rc == 0 && settings->cost.from)
		rc = add_from(run, inventory, err);
	return rc == 0 ? imp_stock_run(inventory, err) : rc;
}

struct sorting {
	const struct imp_cost *cost;
	const uint32_t *rank; /* of an image in the total order */
	enum cost_sort by;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int compare_images(const void *left, const void *right, void *user)
{
	const struct sorting *sorting = user;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	const struct imp_cost_root *ra = &sorting->cost->roots[a];
	const struct imp_cost_root *rb = &sorting->cost->roots[b];
	int order = 0;

	if (sorting->by == SORT_ATTRIBUTED)
		order = compare_numbers(ra->attributed_bytes, rb->attributed_bytes);
	else if (sorting->by == SORT_FULL)
		order = compare_numbers(ra->full_bytes, rb->full_bytes);
	else if (sorting->by == SORT_EXCLUSIVE)
		order = compare_numbers(ra->exclusive_bytes, rb->exclusive_bytes);
	return order ? order : compare_numbers(sorting->rank[b], sorting->rank[a]);
}

static const uint32_t *sort_images(const struct imp_run *run, const struct plan *plan,
				   const struct imp_cost *cost)
{
	size_t count = cost->inventory->image_count;
	uint32_t *order = imp_arena_array(run->arena, count + 1, sizeof(*order));
	uint32_t *rank = imp_arena_array(run->arena, count + 1, sizeof(*rank));
	struct sorting sorting = {cost, rank, plan->sort};

	for (size_t i = 0; i < count; i++) {
		order[i] = cost->order[i];
		rank[cost->order[i]] = (uint32_t)i;
	}
	qsort_r(order, count, sizeof(*order), compare_images, &sorting);
	return order;
}

static void price_images(const struct imp_run *run, struct imp_cost_report *report)
{
	size_t count = report->inventory->image_count;
	uint64_t stored = report->cost->stored_bytes;
	uint64_t *attributed = imp_arena_array(run->arena, count + 1, sizeof(uint64_t));
	uint64_t *avoidable = imp_arena_array(run->arena, count + 1, sizeof(uint64_t));

	for (size_t i = 0; i < count; i++) {
		const struct imp_cost_root *root = &report->cost->roots[i];
		attributed[i] =
			imp_price_part(report->price, root->attributed_bytes, stored);
		avoidable[i] =
			report->month_nano -
			imp_price_month(report->price, stored - root->exclusive_bytes);
	}
	report->attributed_nano = attributed;
	report->avoidable_nano = avoidable;
}

static struct imp_cost_row *make_rows(const struct imp_run *run,
				      const struct imp_cost_report *report,
				      const uint32_t *group_of, size_t count)
{
	struct imp_cost_row *rows = imp_arena_array(run->arena, count + 1, sizeof(*rows));
	imp_auto_free struct imp_cost_group *groups =
		imp_xcalloc(count + 1, sizeof(*groups));

	imp_cost_groups(report->cost, group_of, count, groups);
	for (size_t i = 0; i < count; i++) {
		rows[i].group = groups[i];
		rows[i].month_nano =
			imp_price_part(report->price, groups[i].attributed_bytes,
				       report->cost->stored_bytes);
	}
	return rows;
}

static int compare_rows(const void *left, const void *right, void *rows)
{
	const struct imp_cost_row *a =
		(struct imp_cost_row *)rows + *(const uint32_t *)left;
	const struct imp_cost_row *b =
		(struct imp_cost_row *)rows + *(const uint32_t *)right;
	int order = compare_numbers(a->group.stored_bytes, b->group.stored_bytes);
	return order ? order : imp_slice_compare(a->name, b->name);
}

static void list_repositories(const struct imp_run *run, struct imp_cost_report *report)
{
	const struct imp_cost_inventory *inventory = report->inventory;
	size_t count = inventory->repository_count;
	imp_auto_free uint32_t *of = imp_xcalloc(inventory->image_count + 1, sizeof(*of));
	uint32_t *order = imp_arena_array(run->arena, count + 1, sizeof(*order));

	for (size_t i = 0; i < inventory->image_count; i++)
		of[i] = inventory->images[i].repository;
	struct imp_cost_row *rows = make_rows(run, report, of, count);
	for (size_t i = 0; i < count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		imp_cost_repository_name(&inventory->repositories[i], &name);
		rows[i].name = imp_arena_copy(run->arena, imp_strbuf_slice(&name));
		order[i] = (uint32_t)i;
	}
	qsort_r(order, count, sizeof(*order), compare_rows, rows);
	report->repositories = rows;
	report->repository_order = order;
}

static int list_groups(const struct imp_run *run, struct imp_cost_report *report,
		       struct imp_error *err)
{
	struct imp_cost_grouping grouping;
	const char *by = run->settings->cost.group;

	if (!by)
		return 0;
	int rc = imp_cost_grouping(report->inventory, imp_slice_of(by), run->arena,
				   &grouping, err);
	if (rc < 0)
		return rc;
	struct imp_cost_row *rows =
		make_rows(run, report, grouping.group_of, grouping.count);
	for (size_t i = 0; i < grouping.count; i++)
		rows[i].name = grouping.names[i];
	report->group_by = by;
	report->groups = rows;
	report->group_count = grouping.count;
	return 0;
}

static void answer_what_ifs(const struct imp_run *run, const struct plan *plan,
			    struct imp_cost_report *report)
{
	size_t count = plan->what_if_count, all = count + (count > 1);
	struct imp_cost_what_if_result *results =
		imp_arena_array(run->arena, all + 1, sizeof(*results));
	uint64_t *saved = imp_arena_array(run->arena, all + 1, sizeof(*saved));

	for (size_t i = 0; i < count; i++)
		imp_cost_what_if_apply(report->cost, &plan->what_ifs[i], plan->as_of_ns,
				       run->arena, &results[i]);
	if (count > 1)
		imp_cost_what_if_union(report->cost, results, count, run->arena,
				       &results[count]);
	for (size_t i = 0; i < all; i++)
		saved[i] = report->month_nano -
			   imp_price_month(report->price, report->cost->stored_bytes -
								  results[i].free_bytes);
	report->what_ifs = results;
	report->saved_nano = saved;
	report->what_if_count = all;
}

static const char *title_of(const struct imp_run *run)
{
	const struct imp_settings *settings = run->settings;
	size_t targets = settings->argument_count + settings->cost.registries.count;

	if (targets == 1 && !settings->cost.from)
		return settings->argument_count ? settings->arguments[0]
						: settings->cost.registries.list[0];
	if (targets == 0)
		return settings->cost.from;
	return imp_arena_printf(run->arena, "%zu targets",
				targets + (settings->cost.from != NULL));
}

static int conclude(const struct imp_run *run, const struct imp_cost_report *report,
		    struct imp_error *err)
{
	char month[IMP_MONEY_TEXT], max[IMP_MONEY_TEXT];

	imp_run_say_warnings(run, report->inventory->warnings);
	if (report->has_max && report->month_nano > report->max_nano)
		return imp_fail(err, IMP_E_BUDGET, "%s: %s %s a month, more than %s",
				report->title, imp_money_text(report->month_nano, month),
				report->price->currency,
				imp_money_text(report->max_nano, max));
	if (!report->inventory->complete)
		return imp_fail(err, IMP_E_FORMAT, "%s: the report is incomplete",
				report->title);
	return 0;
}

static int report_on(struct imp_run *run, const struct plan *plan,
		     const struct imp_cost *cost, struct imp_error *err)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	struct imp_cost_report report = {
		.inventory = inventory,
		.cost = cost,
		.price = &plan->price,
		.price_is_stale = imp_price_is_stale(&plan->price, plan->as_of_ns),
		.title = title_of(run),
		.as_of_ns = plan->as_of_ns,
		.scope_is_part =
			!inventory->all_tags || (plan->dedupe != IMP_DEDUPE_REPOSITORY &&
						 !inventory->all_repositories),
		.month_nano = imp_price_month(&plan->price, cost->stored_bytes),
		.naive_month_nano = imp_price_month(&plan->price, cost->naive_bytes),
		.has_max = plan->has_max,
		.max_nano = plan->max_nano,
		.order = sort_images(run, plan, cost),
		.digests = run->settings->cost.digests,
	};
	struct imp_report document = {.kind = IMP_REPORT_COST, .cost = &report};

	price_images(run, &report);
	list_repositories(run, &report);
	int rc = list_groups(run, &report, err);
	if (rc < 0)
		return rc;
	answer_what_ifs(run, plan, &report);
	rc = imp_run_write(run, &document, err);
	return rc < 0 ? rc : conclude(run, &report, err);
}

static int make_report(struct imp_run *run, struct imp_error *err)
{
	struct plan plan = {0};
	int rc = make_plan(run, &plan, err);

	if (rc < 0)
		return rc;
	struct imp_stock_options options = {
		.context = run->context,
		.source = {.plain_http = run->settings->plain_http},
		.store = run->store,
		.label = plan.label,
		.now_ns = plan.as_of_ns,
		.say = say_line,
		.user = run,
	};
	imp_auto_destroy(imp_stock) struct imp_stock *inventory =
		imp_stock_create(&options);
	rc = take_inventory(run, inventory, err);
	if (rc < 0)
		return rc;
	imp_auto_destroy(imp_cost) struct imp_cost *cost =
		imp_cost_create(imp_stock_result(inventory), plan.dedupe);
	return report_on(run, &plan, cost, err);
}

static int run_cost(const struct imp_context *context, struct imp_settings *settings,
		    struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};

	if (!settings->argument_count && !settings->cost.registries.count &&
	    !settings->cost.from) {
		imp_fail(err, IMP_E_USAGE, "no repository given");
		return imp_hint(err, "imgprof cost ghcr.io/acme/web");
	}
	int rc = imp_run_start(&run, context, settings, IMP_REPORT_COST, false, err);
	return rc < 0 ? rc : make_report(&run, err);
}

/* Options that keep their text until the plan is made. */
#define KEEP(name) \
	static int apply_##name(struct imp_settings *settings, const char *value, \
				struct imp_error *err) \
	{ \
		(void)err; \
		settings->cost.name = value; \
		return 0; \
	}

KEEP(from)
KEEP(price)
KEEP(currency)
KEEP(replicas)
KEEP(as_of)
KEEP(max)
KEEP(group)
KEEP(label)

static const char dedupe_choices[] = "repository namespace registry";
static const char unit_base_choices[] = "1e9 2^30";
static const char sort_choices[] = "attributed full exclusive age";

static int keep_choice(const char *choices, const char *value, const char **out,
		       struct imp_error *err)
{
	struct imp_slice rest = imp_slice_of(choices);

	while (rest.len)
		if (imp_slice_is(imp_slice_cut(&rest, ' '), value)) {
			*out = value;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE, "'%s' is none of %s", value, choices);
}

#define KEEP_CHOICE(name) \
	static int apply_##name(struct imp_settings *settings, const char *value, \
				struct imp_error *err) \
	{ \
		return keep_choice(name##_choices, value, &settings->cost.name, err); \
	}

KEEP_CHOICE(dedupe)
KEEP_CHOICE(unit_base)
KEEP_CHOICE(sort)

static int apply_registry(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	return imp_words_add(&settings->cost.registries, "registry", value, err);
}

static int apply_what_if(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	return imp_words_add(&settings->cost.what_ifs, "what-if", value, err);
}

static int apply_free_tier(struct imp_settings *settings, const char *value,
			   struct imp_error *err)
{
	(void)value, (void)err;
	settings->cost.free_tier = true;
	return 0;
}

static int apply_digests(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->cost.digests = true;
	return 0;
}

/* clang-format off */
static const struct imp_option cost_options[] = {
	{"registry", 0, "HOST", "all repositories that HOST lists", "What", NULL, NULL, apply_registry},
	{"from", 0, "FILE", "references and digests, one a line", "What", NULL, NULL, apply_from},
	{"as-of", 0, "DATE", "the day that ages are counted from", "What", NULL, NULL, apply_as_of},
	{"price", 0, "PRICE", "a preset, NUMBER[CUR]/GB-month or a file", "Price", NULL, NULL, apply_price},
	{"dedupe", 0, "DOMAIN", "over what a blob is billed once", "Price", dedupe_choices, NULL, apply_dedupe},
	{"unit-base", 0, "N", "bytes of a GB: 1e9 or 2^30", "Price", unit_base_choices, NULL, apply_unit_base},
	{"currency", 0, "CUR", "what the figures are called; nothing is converted", "Price", NULL, NULL, apply_currency},
	{"replicas", 0, "N", "copies that are paid for", "Price", NULL, NULL, apply_replicas},
	{"free-tier", 0, NULL, "take off the account's allowance", "Price", NULL, NULL, apply_free_tier},
	{"max", 0, "AMOUNT", "exit status 1 when the month costs more", "Price", NULL, NULL, apply_max},
	{"what-if", 0, "EXPR", "keep=10, match=pr-*, older=14d; a comma is an and", "Questions", NULL, NULL, apply_what_if},
	{"digests", 0, NULL, "list what another tool would delete", "Questions", NULL, NULL, apply_digests},
	{"sort", 0, "KEY", "images by attributed, full, exclusive or age", "Questions", sort_choices, NULL, apply_sort},
	{"group", 0, "BY", "repo, tag-prefix or label:KEY", "Questions", NULL, NULL, apply_group},
	{"label", 0, "KEY", "label to show beside images (default: team)", "Questions", NULL, NULL, apply_label},
	{0},
};

static const struct imp_option *const options[] = {
	cost_options,    imp_list_options,  imp_request_options, imp_run_options,
	imp_cache_options, imp_common_options, NULL,
};
/* clang-format on */

const struct imp_command imp_command_cost = {
	.name = "cost",
	.summary = "what repositories store, what it costs, what would be freed",
	.usage = "cost [OPTIONS] REPOSITORY[:TAGS]...",
	.text = "Adds up what a registry stores, each blob once where it is billed once,\n"
		"from manifests and configs alone: no layer is read and nothing is ever\n"
		"deleted. TAGS is a tag or a glob; an OCI layout or archive will do too.",
	.examples = "  imgprof cost ghcr.io/acme/web --price ecr\n"
		    "  imgprof cost --registry registry.local:5000 --max 50USD\n"
		    "  imgprof cost 'ghcr.io/acme/web:pr-*' --what-if older=14d -o json",
	.options = options,
	.run = run_cost,
};
