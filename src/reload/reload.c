#include "imgprof/reload.h"

#include <inttypes.h>

#include "imgprof/strbuf.h"
#include "kinds.h"
#include "profile.h"
#include "strip.h"

#define SCHEMA "imgprof/1"

struct imp_reloaded_private {
	struct imp_reload_owned owned;
};

static const struct {
	const char *name;
	enum imp_reloaded_kind kind;
	imp_reload_kind *read;
} kinds[] = {
	{"profile", IMP_RELOADED_PROFILE, imp_reload_profile},
	{"diff", IMP_RELOADED_DIFF, imp_reload_diff},
	{"check", IMP_RELOADED_CHECK, imp_reload_check},
	{"share", IMP_RELOADED_SHARE, imp_reload_share},
	{"cost", IMP_RELOADED_COST, imp_reload_cost},
	{"history", IMP_RELOADED_HISTORY, imp_reload_history},
	{"blame", IMP_RELOADED_BLAME, imp_reload_blame},
};

static int parse(struct imp_slice text, const struct imp_limits *limits,
		 struct imp_strip_lists *lists, json_t **out, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf stripped = {0};
	struct imp_limits own = *limits;

	if (text.len > limits->report_bytes)
		return imp_fail(err, IMP_E_LIMIT,
				"report-bytes: longer than %" PRIu64 " bytes",
				limits->report_bytes);
	own.json_heap_bytes = limits->report_heap_bytes;
	own.json_values = limits->report_values;
	imp_strip_trees(text, &stripped, lists);
	int rc = imp_json_parse_any(imp_strbuf_slice(&stripped), &own, "stored report",
				    out, err);
	/* They go by names of their own here */
	return rc == IMP_E_LIMIT ? imp_hint(err, "--limit report-values=N and "
						 "report-heap-bytes=N allow more")
				 : rc;
}

static int refuse_schema(struct imp_slice schema, struct imp_error *err)
{
	if (!imp_slice_starts(schema, IMP_SLICE("imgprof/")))
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"no report of imgprof: it has no schema " SCHEMA);
	imp_fail(err, IMP_E_UNSUPPORTED, "its schema is not " SCHEMA);
	return imp_hint(err, "another version of imgprof wrote it");
}

static const char *join_features(struct imp_reading *reading, const json_t *tool)
{
	size_t count;
	const char *const *list = imp_read_lines(reading, tool, "features", &count);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < count; i++)
		imp_strbuf_printf(&text, "%s%s", i ? " " : "", list[i]);
	return imp_arena_copy(reading->arena, imp_strbuf_slice(&text)).data;
}

static void read_tool(struct imp_reading *reading, const json_t *document,
		      struct imp_reloaded *out)
{
	const json_t *tool = imp_read_object(reading, document, "tool");

	out->tool_version = imp_read_word(reading, tool, "version");
	out->rules_version = imp_read_line(reading, tool, "rules");
	out->features = join_features(reading, tool);
	out->complete = imp_read_flag(reading, document, "complete");
}

static int read_document(struct imp_reading *reading, const json_t *document,
			 struct imp_reloaded *out, struct imp_error *err)
{
	struct imp_slice schema = imp_json_get_string(document, "schema");
	struct imp_slice kind = imp_json_get_string(document, "kind");
	size_t k = 0;

	if (!imp_slice_is(schema, SCHEMA))
		return refuse_schema(schema, err);
	while (k < sizeof(kinds) / sizeof(*kinds) && !imp_slice_is(kind, kinds[k].name))
		k++;
	if (k == sizeof(kinds) / sizeof(*kinds))
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"a report of a kind that cannot be read back");
	out->kind = kinds[k].kind;
	read_tool(reading, document, out);
	int rc = kinds[k].read(reading, document, out, &out->priv->owned, err);
	if (rc < 0)
		return rc;
	if (reading->broken)
		return imp_fail(err, IMP_E_FORMAT, "%s is missing or malformed",
				reading->broken);
	return 0;
}

int imp_reload(struct imp_slice text, const struct imp_limits *limits,
	       struct imp_arena *arena, struct imp_reloaded **out, struct imp_error *err)
{
	imp_auto_json json_t *document = NULL;
	imp_auto(imp_strip_lists_finish) struct imp_strip_lists lists = {0};
	imp_auto_destroy(imp_reloaded) struct imp_reloaded *made =
		imp_arena_alloc(arena, sizeof(*made));
	struct imp_reading reading = {.arena = arena,
				      .limits = limits,
				      .document_bytes = text.len,
				      .lists = &lists};
	int rc = parse(text, limits, &lists, &document, err);

	made->priv = imp_arena_alloc(arena, sizeof(*made->priv));
	if (rc == 0)
		rc = read_document(&reading, document, made, err);
	if (rc < 0)
		return rc;
	*out = imp_steal(&made);
	return 0;
}

void imp_reloaded_destroy(struct imp_reloaded *reloaded)
{
	if (!reloaded)
		return;
	imp_warnings_destroy(reloaded->priv->owned.warnings);
	for (size_t i = 0; i < reloaded->priv->owned.count; i++) {
		imp_tree_destroy(reloaded->priv->owned.images[i]->tree);
		imp_warnings_destroy(reloaded->priv->owned.images[i]->warnings);
	}
}
