/* A cost report as JSON and back; documents of strangers that say what cannot be. */
#include "costed.h"
#include "written.h"

#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/reload.h"
#include "imgprof/report.h"

static const struct imp_report_options made = {.version = "1.2.3",
					       .features = "+one -two",
					       .rules_version = "abc",
					       .detail = true};

static char *write_json(const struct imp_cost_report *cost)
{
	const struct imp_report report = {.kind = IMP_REPORT_COST, .cost = cost};

	return written("json", &report, &made);
}

static void round_trip(size_t repositories, size_t images)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};
	struct costed costed;

	costed_make(&costed, repositories, images);
	imp_warnings_add(costed.warnings, "x", IMP_NO_LAYER, IMP_SLICE("\xff"),
			 "a warning");
	char *text = write_json(&costed.report);
	assert_ok(imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	assert_int_equal(reloaded->kind, IMP_RELOADED_COST);
	same_in_all_formats(
		&(struct imp_report){.kind = IMP_REPORT_COST, .cost = reloaded->cost},
		&(struct imp_report){.kind = IMP_REPORT_COST, .cost = &costed.report},
		&made);
	free(text);
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
	costed_finish(&costed);
}

CASE(a_cost_report_comes_back)
{
	round_trip(3, 5);
}

CASE(a_cost_report_of_nothing_comes_back)
{
	round_trip(0, 0);
}

/* TEXT with the first FROM behind BEHIND as TO. */
static char *changed(const char *text, const char *behind, const char *from,
		     const char *to)
{
	const char *start = strstr(text, behind);
	const char *at = start ? strstr(start, from) : NULL;
	char *out = NULL;

	if (!at)
		fail_msg("no %s behind %s", from, behind);
	if (asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) < 0)
		fail();
	return out;
}

static void refused(const char *text, const char *word)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};

	assert_fails(imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
				&err),
		     IMP_E_FORMAT, word, &err);
	imp_arena_destroy(arena);
}

/* A lie about one figure is seen, whichever it is. */
static const struct {
	const char *behind, *from, *to, *word;
} lies[] = {
	{"\"forecast_stored_bytes\"", "\"forecast_monthly_cost\": \"",
	 "\"forecast_monthly_cost\": \"9", "forecast_monthly_cost"},
	{"\"growth\"", "\"since\": \"2026", "\"since\": \"2027", "growth"},
	{"\"growth\"", "\"snapshots\": 1", "\"snapshots\": 0", "growth"},
	{"\"title\"", "\"title\"", "\"other\"", "title"},
	{"\"as_of\"", "\"20", "\"x20", "as_of"},
	{"\"totals\"", "\"stored_bytes\": ", "\"stored_bytes\": 9", "stored_bytes"},
	{"\"totals\"", "\"naive_bytes\": ", "\"naive_bytes\": 1", "naive"},
	{"\"totals\"", "\"naive_bytes\": ", "\"naive_bytes\": -", "naive"},
	{"\"totals\"", "\"monthly_cost\": \"", "\"monthly_cost\": \"1", "monthly_cost"},
	{"\"totals\"", "\"naive_monthly_cost\": \"", "\"naive_monthly_cost\": \"9",
	 "naive_monthly_cost"},
	{"\"unpacked\"", "\"known_tags\": ", "\"known_tags\": 1", "unpacked"},
	{"\"roots\"",
	 "\"unpacked_bytes\": ", "\"unpacked_bytes\": null, \"x\": ", "unpacked"},
	{"\"price\"", "\"USD\"", "\"\\u001b[31m\"", "currency"},
	{"\"price\"", "\"unit_base\": ", "\"unit_base\": 0, \"x\": ", "unit_base"},
	{"\"price\"", "\"up_to_gb\": 1", "\"up_to_gb\": 0", "tiers"},
	{"\"price\"", "\"up_to_gb\": 1", "\"up_to_gb\": null", "tiers"},
	{"\"price\"", "\"up_to_gb\": null", "\"up_to_gb\": 2", "tiers"},
	{"\"price\"", "\"per_gb\": \"0.3", "\"per_gb\": \"0,3", "per_gb"},
	{"\"price\"", "\"dedupe\": \"registry\"", "\"dedupe\": \"all\"", "dedupe"},
	{"\"price\"", "\"replicas\": 2", "\"replicas\": 0", "replicas"},
	{"\"price\"", "\"replicas\": 2", "\"replicas\": 4294967297", "replicas"},
	{"\"roots\"", "\"repository\": \"", "\"repository\": \"x", "repository"},
	{"\"roots\"", "\"digest\": \"sha", "\"digest\": \"shb", "digest"},
	{"\"roots\"", "\"digest\": \"", "\"digest\": null, \"x\": \"", "digest"},
	{"\"roots\"", "\"full_bytes\": ", "\"full_bytes\": 1", "roots"},
	{"\"roots\"",
	 "\"attributed_bytes\": ", "\"attributed_bytes\": 1, \"x\": ", "monthly_cost"},
	{"\"roots\"", "\"marginal_bytes\": ", "\"marginal_bytes\": 1, \"x\": ", "roots"},
	{"\"roots\"", "\"avoidable_monthly_cost\": \"", "\"avoidable_monthly_cost\": \"1",
	 "avoidable_monthly_cost"},
	{"\"repositories\"",
	 "\"attributed_bytes\": ", "\"attributed_bytes\": 1, \"x\": ", "monthly_cost"},
	{"\"repositories\"", "\"roots\": ", "\"roots\": 1", "roots"},
	{"\"repositories\"", "\"tags\": ", "\"tags\": 1", "roots"},
	{"\"repositories\"", "|2\"", "|1\"", "repositories"},
	{"\"scope_is_part\"",
	 "\"group_by\": ", "\"group_by\": null, \"x\": ", "group_by"},
	{"\"platforms\"", "\"stored_bytes\": ", "\"stored_bytes\": 1", "platforms"},
	{"\"what_if\"", "\"images\": ", "\"images\": 99", "images"},
	{"\"what_if\"", "\"free_bytes\": ", "\"free_bytes\": 99", "free_bytes"},
	{"\"what_if\"",
	 "\"free_bytes\": ", "\"free_bytes\": 1, \"x\": ", "monthly_saving"},
	{"\"digests_base64\"", "[\n", "[\n\"eA==\",", "digests"},
};

/* Raw bytes stand beside the text: without them the text is the name. */
static char *without_raw(const char *text)
{
	char *plain = strdup(text), *at;

	while ((at = strstr(plain, "_base64\"")))
		memcpy(at, "_ignore\"", 8);
	return plain;
}

CASE(a_cost_report_that_does_not_add_up_is_refused)
{
	struct costed costed;

	costed_make(&costed, 3, 5);
	char *text = write_json(&costed.report);
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		bool raw = strstr(lies[i].behind, "base64");
		char *plain = raw ? strdup(text) : without_raw(text);
		char *lie = changed(plain, lies[i].behind, lies[i].from, lies[i].to);
		refused(lie, lies[i].word);
		free(lie);
		free(plain);
	}
	free(text);
	costed_finish(&costed);
}

/* Names that are UTF-8 in part are told apart by their raw bytes alone. */
CASE(a_cost_report_of_text_alone_is_read)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};
	struct costed costed;

	costed_make(&costed, 3, 5);
	char *text = write_json(&costed.report);
	char *plain = without_raw(text);
	assert_ok(imp_reload(imp_slice_of(plain), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	assert_int_equal(reloaded->cost->inventory->image_count, 15);
	free(plain);
	free(text);
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
	costed_finish(&costed);
}

CASE(a_cost_report_that_was_cut_is_not_read)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};
	struct costed costed;

	costed_make(&costed, 1, 2);
	char *text = write_json(&costed.report);
	char *cut = changed(text, "\"title\"", "\"title\"", "\"top\": 1, \"title\"");
	assert_ok(imp_reload(imp_slice_of(cut), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	assert_true(reloaded->cut);
	assert_null(reloaded->cost);
	imp_reloaded_destroy(reloaded);
	free(cut);
	free(text);
	imp_arena_destroy(arena);
	costed_finish(&costed);
}
