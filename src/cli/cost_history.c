#include "cost_history.h"

#include "cost_past.h"
#include "imgprof/cleanup.h"
#include "imgprof/cost_history.h"
#include "imgprof/report.h"

/* What asks about now has no answer from earlier times. */
static int check_options(const struct imp_settings *settings, struct imp_error *err)
{
	const char *other = settings->cost.snapshot          ? "snapshot"
			    : settings->cost.max             ? "max"
			    : settings->cost.what_ifs.count  ? "what-if"
			    : settings->cost.group           ? "group"
			    : settings->cost.pulls           ? "pulls"
			    : settings->cost.builds_per_week ? "builds-per-week"
							     : NULL;

	return other ? imp_fail(err, IMP_E_USAGE, "--history takes no --%s", other) : 0;
}

static int read_snapshots(const struct imp_run *run, struct imp_snapshots *snapshots,
			  const struct imp_cost_plan *plan, struct imp_cost_history *out,
			  struct imp_error *err)
{
	struct imp_snapshot_list *list = imp_arena_alloc(run->arena, sizeof(*list));
	struct imp_slice scope = imp_cost_scope(run), domain = {0};

	if (scope.len == 0)
		scope.data = NULL;
	if (run->settings->cost.dedupe)
		domain = imp_slice_of(run->settings->cost.dedupe);
	int rc = imp_snapshots_read(snapshots, scope, domain, false, run->arena, list,
				    err);
	if (rc < 0)
		return rc;
	imp_cost_history_make(list, plan->as_of_ns, run->arena, out);
	if (out->count || out->odd)
		return 0;
	imp_fail(err, IMP_E_NOT_FOUND, "%s: no snapshot%s%.*s",
		 imp_snapshots_file(snapshots), scope.data ? " of " : "", (int)scope.len,
		 scope.data ? scope.data : "");
	return scope.data ? imp_hint(err, "imgprof cost --history lists all there are")
			  : IMP_E_NOT_FOUND;
}

static int open_snapshots(const struct imp_run *run, struct imp_snapshots **out,
			  struct imp_error *err)
{
	const char *file = run->settings->cost.db;
	int rc = imp_snapshots_open(run->context, file, false, out, err);

	if (rc <= 0)
		return rc;
	imp_fail(err, IMP_E_SYSTEM, "%s: no snapshots there", file ? file : "history");
	return imp_hint(err, "imgprof cost REPOSITORY --snapshot keeps one");
}

int imp_cost_history_run(const struct imp_context *context, struct imp_settings *settings,
			 struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};
	imp_auto_destroy(imp_snapshots) struct imp_snapshots *snapshots = NULL;
	struct imp_cost_plan plan = {0};
	struct imp_cost_history history;
	int rc = check_options(settings, err);

	if (rc == 0)
		rc = imp_run_start(&run, context, settings, IMP_REPORT_HISTORY, false,
				   err);
	if (rc == 0)
		rc = imp_cost_plan_make(&run, &plan, err);
	if (rc == 0)
		rc = open_snapshots(&run, &snapshots, err);
	if (rc == 0)
		rc = read_snapshots(&run, snapshots, &plan, &history, err);
	struct imp_report report = {.kind = IMP_REPORT_HISTORY, .history = &history};
	if (rc == 0)
		rc = imp_run_write(&run, &report, err);
	if (rc == 0 && history.odd)
		rc = imp_fail(err, IMP_E_FORMAT, "%s: %zu rows are no snapshots",
			      imp_snapshots_file(snapshots), history.odd);
	return rc;
}
