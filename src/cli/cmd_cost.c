/* imgprof cost TARGET...: what repositories store, what that costs, what deletion would free. */
#include <stdlib.h>
#include <string.h>

#include "budget_gate.h"
#include "command.h"
#include "cost_history.h"
#include "cost_past.h"
#include "cost_plan.h"
#include "cost_traffic.h"
#include "cost_unpacked.h"
#include "imgprof/cleanup.h"
#include "imgprof/cost.h"
#include "imgprof/report.h"
#include "imgprof/stock.h"
#include "questions.h"
#include "run.h"

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
	int rc = imp_question_read_file("from", name, IMP_COST_FILE_BYTES, &text, err);

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
	enum imp_cost_sort by;
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

	if (sorting->by == IMP_COST_SORT_ATTRIBUTED)
		order = compare_numbers(ra->attributed_bytes, rb->attributed_bytes);
	else if (sorting->by == IMP_COST_SORT_FULL)
		order = compare_numbers(ra->full_bytes, rb->full_bytes);
	else if (sorting->by == IMP_COST_SORT_EXCLUSIVE)
		order = compare_numbers(ra->exclusive_bytes, rb->exclusive_bytes);
	return order ? order : compare_numbers(sorting->rank[b], sorting->rank[a]);
}

static const uint32_t *sort_images(const struct imp_run *run,
				   const struct imp_cost_plan *plan,
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

static void answer_what_ifs(const struct imp_run *run, const struct imp_cost_plan *plan,
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
	int rc = imp_cost_gate_hold(run->settings, report, err);

	imp_run_say_warnings(run, report->inventory->warnings);
	if (rc < 0)
		return rc;
	if (!report->inventory->complete)
		return imp_fail(err, IMP_E_FORMAT, "%s: the report is incomplete",
				report->title);
	return 0;
}

static int report_on(struct imp_run *run, const struct imp_cost_plan *plan,
		     const struct imp_traffic_plan *traffic, struct imp_cost_past *past,
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
	struct imp_cost_unpacked unpacked;
	int rc = imp_cost_find_unpacked(run, inventory, &unpacked, err);

	report.unpacked = &unpacked;
	price_images(run, &report);
	list_repositories(run, &report);
	if (rc == 0)
		rc = list_groups(run, &report, err);
	if (rc == 0)
		rc = imp_cost_past_find_growth(run, past, &report, err);
	if (rc < 0)
		return rc;
	answer_what_ifs(run, plan, &report);
	imp_traffic_count(run, traffic, &report);
	rc = imp_run_write(run, &document, err);
	if (rc == 0)
		rc = imp_cost_past_store(run, past, &report, err);
	return rc < 0 ? rc : conclude(run, &report, err);
}

static int make_report(struct imp_run *run, struct imp_error *err)
{
	struct imp_cost_plan plan = {0};
	struct imp_traffic_plan traffic = {0};
	imp_auto(imp_cost_past_finish) struct imp_cost_past past = {0};
	int rc = imp_cost_plan_make(run, &plan, err);

	if (rc == 0)
		rc = imp_traffic_plan_make(run, plan.price.currency, &traffic, err);
	if (rc == 0)
		rc = imp_cost_past_open(run, &past, err);
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
	return report_on(run, &plan, &traffic, &past, cost, err);
}

static int run_cost(const struct imp_context *context, struct imp_settings *settings,
		    struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};

	if (settings->cost.history)
		return imp_cost_history_run(context, settings, err);
	if (!settings->argument_count && !settings->cost.registries.count &&
	    !settings->cost.from) {
		imp_fail(err, IMP_E_USAGE, "no repository given");
		return imp_hint(err, "imgprof cost ghcr.io/acme/web");
	}
	int rc = imp_run_start(&run, context, settings, IMP_REPORT_COST, false, err);
	return rc < 0 ? rc : make_report(&run, err);
}

static const struct imp_option *const options[] = {
	imp_cost_options,    imp_digests_options,
	imp_list_options,    imp_page_options,
	imp_comment_options, imp_request_options,
	imp_run_options,     imp_cache_options,
	imp_common_options,  NULL,
};

const struct imp_command imp_command_cost = {
	.name = "cost",
	.summary = "what repositories store, what it costs, what would be freed",
	.usage = "cost [OPTIONS] REPOSITORY[:TAGS]...",
	.text = "Adds up what a registry stores, each blob once where it is billed once,\n"
		"from manifests and configs alone: no layer is read and nothing is ever\n"
		"deleted. TAGS is a tag or a glob; an OCI layout or archive will do too.",
	.examples = "  imgprof cost ghcr.io/acme/web --price ecr\n"
		    "  imgprof cost --registry registry.local:5000 --max 50USD\n"
		    "  imgprof cost --history\n"
		    "  imgprof cost 'ghcr.io/acme/web:pr-*' --what-if older=14d -o json",
	.options = options,
	.run = run_cost,
};
