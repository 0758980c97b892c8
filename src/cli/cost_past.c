#include "cost_past.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "messages.h"

#define NANO INT64_C(1000000000)

static int compare_words(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

struct imp_slice imp_cost_scope(const struct imp_run *run)
{
	const struct imp_settings *settings = run->settings;
	const struct imp_words *registries = &settings->cost.registries;
	size_t count = 0, most = settings->argument_count + registries->count + 1;
	imp_auto_free const char **words = imp_xcalloc(most, sizeof(*words));
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < settings->argument_count; i++)
		words[count++] = settings->arguments[i];
	for (size_t i = 0; i < registries->count; i++)
		words[count++] = imp_arena_printf(run->arena, "--registry %s",
						  registries->list[i]);
	if (settings->cost.from)
		words[count++] =
			imp_arena_printf(run->arena, "--from %s", settings->cost.from);
	qsort(words, count, sizeof(*words), compare_words);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(words[i], words[i - 1]) != 0)
			imp_strbuf_printf(&text, "%s%s", i ? " " : "", words[i]);
	return imp_arena_copy(run->arena, imp_strbuf_slice(&text));
}

int imp_cost_past_open(const struct imp_run *run, struct imp_cost_past *past,
		       struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const char *file = settings->cost.db;
	struct imp_error reason = {0};
	int rc = imp_snapshots_open(run->context, file, settings->cost.snapshot,
				    &past->snapshots, &reason);

	if (rc == 1 && file)
		rc = imp_fail(&reason, IMP_E_SYSTEM, "%s: no snapshots there", file);
	if (rc >= 0)
		return 0;
	if (file || settings->cost.snapshot) {
		*err = reason;
		return rc;
	}
	if (!settings->quiet) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
		imp_wrap(&reason, "going on without snapshots");
		imp_message_error(&reason, &line);
		imp_progress_display_line(run->display, line.data);
	}
	return 0;
}

void imp_cost_past_finish(struct imp_cost_past *past)
{
	imp_snapshots_destroy(past->snapshots);
}

static void warn(const struct imp_cost_report *report, const char *code, const char *text)
{
	imp_warnings_add(report->inventory->warnings, code, IMP_NO_LAYER, IMP_SLICE(""),
			 "%s", text);
}

int imp_cost_past_find_growth(const struct imp_run *run, struct imp_cost_past *past,
			      struct imp_cost_report *report, struct imp_error *err)
{
	struct imp_snapshot_list list = {0};
	struct imp_error reason = {0};
	const char *domain = imp_dedupe_name(report->cost->dedupe);

	if (run->settings->cost.snapshot && !report->inventory->complete)
		warn(report, "snapshot-not-stored",
		     "no snapshot was stored: not everything could be seen");
	if (!past->snapshots)
		return 0;
	int rc = imp_snapshots_read(past->snapshots, imp_cost_scope(run),
				    imp_slice_of(domain), true, run->arena, &list,
				    &reason);
	if (rc < 0 && !run->settings->cost.db && !run->settings->cost.snapshot) {
		warn(report, "snapshots-unreadable", reason.message);
		return 0;
	}
	if (rc < 0) {
		*err = reason;
		return rc;
	}
	if (list.odd)
		warn(report, "snapshot-odd",
		     "the file of snapshots has rows that are none");
	struct imp_cost_point *points =
		imp_arena_array(run->arena, list.count + 1, sizeof(*points));
	for (size_t i = 0; i < list.count; i++)
		points[i] = (struct imp_cost_point){list.rows[i].time_s,
						    list.rows[i].stored_bytes};
	imp_cost_growth_find(points, list.count, report->as_of_ns / NANO,
			     report->cost->stored_bytes, report->price, &past->growth);
	report->growth =
		past->growth.known && report->inventory->complete ? &past->growth : NULL;
	return 0;
}

int imp_cost_past_store(const struct imp_run *run, struct imp_cost_past *past,
			const struct imp_cost_report *report, struct imp_error *err)
{
	const struct imp_cost_inventory *inventory = report->inventory;
	size_t count = inventory->repository_count;
	imp_auto_free struct imp_snapshot *rows = imp_xcalloc(count + 1, sizeof(*rows));
	const struct imp_snapshot any = {
		.scope = imp_cost_scope(run),
		.domain = imp_slice_of(imp_dedupe_name(report->cost->dedupe)),
		.time_s = report->as_of_ns / NANO,
	};

	if (!run->settings->cost.snapshot || !inventory->complete)
		return 0;
	rows[0] = any;
	rows[0].stored_bytes = report->cost->stored_bytes;
	rows[0].images = inventory->image_count;
	for (size_t i = 0; i < count; i++) {
		const struct imp_cost_group *group = &report->repositories[i].group;
		rows[i + 1] = any;
		rows[i + 1].repository = report->repositories[i].name;
		rows[i + 1].stored_bytes = group->stored_bytes;
		rows[i + 1].images = group->roots;
		rows[i + 1].tags = group->tags;
		rows[0].tags += group->tags;
	}
	return imp_snapshots_put(past->snapshots, rows, count + 1, err);
}
