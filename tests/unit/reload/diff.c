/* A diff as JSON and back: nothing of it is lost. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgprof/reload.h"
#include "imgprof/report.h"

#define SUM(n) \
	{ \
		{n, n + 7}, \
		{ \
			n + 100, n + 3 \
		} \
	}

static const struct imp_slice versions[] = {{"1.0", 3}, {"2.\xff", 3}};
static const struct imp_diff_layer layers[] = {
	{.before_index = 0,
	 .after_index = 1,
	 .state = IMP_DIFF_CHANGED,
	 .instruction = {"RUN a \xfe", 7},
	 .line = 14,
	 .is_new = true,
	 .origin = IMP_ORIGIN_BASE,
	 .sum = SUM(1)},
	{.before_index = IMP_NONE,
	 .after_index = 0,
	 .state = IMP_DIFF_ADDED,
	 .instruction = {"", 0},
	 .sum = SUM(2)},
};
static const struct imp_diff_package packages[] = {
	{"npm",
	 {"left-pad", 8},
	 versions,
	 versions,
	 2,
	 1,
	 IMP_DIFF_GROWN,
	 IMP_ORIGIN_OWN,
	 SUM(3)},
	{"",
	 {"[wasted]", 8},
	 NULL,
	 NULL,
	 0,
	 0,
	 IMP_DIFF_SHRUNK,
	 IMP_ORIGIN_UNKNOWN,
	 SUM(4)},
};
static const struct imp_diff_class classes[] = {{"docs", IMP_ORIGIN_OWN, SUM(5)}};
static const struct imp_diff_path paths[] = {
	{.path = {"new\n\0x", 6},
	 .from = {"old", 3},
	 .state = IMP_DIFF_MOVED,
	 .origin = IMP_ORIGIN_OWN,
	 .sum = SUM(6),
	 .after_layer = 1,
	 .before_layer = IMP_NONE},
};
static const struct imp_diff_attributes attributes[] = {
	{{"etc/x", 5}, IMP_ATTRIBUTE_MODE | IMP_ATTRIBUTE_TYPE, "0644 0:0", "-> y"}};
static const struct imp_diff_finding findings[] = {{"R:\x01s",
						    "R",
						    "cache",
						    "likely",
						    "A title",
						    "A",
						    {"s", 1},
						    IMP_DIFF_REMOVED,
						    SUM(7)}};
static const struct imp_diff_setting settings[] = {
	{"env A", true, false, {"b", 1}, {"", 0}},
	{"label x", true, true, {"", 0}, {"\xc3", 1}}};
static const struct imp_diff_reason reasons[] = {
	{.kind = IMP_REASON_PACKAGE,
	 .subject = {"curl", 4},
	 .manager = "dpkg",
	 .rule = "",
	 .title = "",
	 .version_before = {"7", 1},
	 .version_after = {"8", 1},
	 .class_name = "toolchain",
	 .others = 5,
	 .state = IMP_DIFF_GROWN,
	 .layer = 1,
	 .layer_is_before = false,
	 .layers = 2,
	 .instruction = {"COPY", 4},
	 .line = 3,
	 .sum = SUM(8)},
	{.kind = IMP_REASON_OVERHEAD,
	 .subject = {"", 0},
	 .manager = "",
	 .rule = "",
	 .title = "",
	 .version_before = {"", 0},
	 .version_after = {"", 0},
	 .class_name = "",
	 .state = IMP_DIFF_SHRUNK,
	 .layer = IMP_NONE,
	 .layer_is_before = true,
	 .instruction = {"", 0},
	 .sum = SUM(9)},
};
static const struct imp_diff_node nodes[] = {
	{{"", 0}, 0, 0, true, IMP_DIFF_GROWN, IMP_ORIGIN_OWN, SUM(10)},
	{{"usr", 3}, 1, 0, true, IMP_DIFF_GROWN, IMP_ORIGIN_OWN, SUM(11)},
	{{"\xff", 1}, 2, 0, false, IMP_DIFF_ADDED, IMP_ORIGIN_BASE, SUM(12)},
	{{"", 0}, 1, 12, false, IMP_DIFF_SAME, IMP_ORIGIN_UNKNOWN, SUM(13)},
};

static struct imp_diff example(void)
{
	struct imp_diff diff = {
		.name = "web",
		.before = {.reference = "x/web:1",
			   .platform = {"linux", "amd64", ""},
			   .complete = true,
			   .layer_count = 1,
			   .base = {.name = {"", 0}},
			   .tool_version = "1",
			   .rules_version = "r"},
		.after = {.reference = "x/web:2",
			  .platform = {"linux", "arm", "v7"},
			  .created_ns = 1700000000000000000,
			  .has_created = true,
			  .layer_count = 2,
			  .base = {.origin = IMP_BASE_PROVENANCE,
				   .name = {"debian:12", 9},
				   .layer_count = 1},
			  .tool_version = "2"},
		.rules_differ = true,
		.new_layer_bytes = 77,
		.new_layers = 1,
		.chain_break = 1,
		.origin_known = true,
		.base = SUM(20),
		.own = SUM(21),
		.layers = layers,
		.layer_count = 2,
		.packages = packages,
		.package_count = 2,
		.classes = classes,
		.class_count = 1,
		.paths = paths,
		.path_count = 1,
		.attributes = attributes,
		.attribute_count = 1,
		.findings = findings,
		.finding_count = 1,
		.settings = settings,
		.setting_count = 2,
		.reasons = reasons,
		.reason_count = 2,
		.nodes = nodes,
		.node_count = 4,
	};

	imp_digest_of(IMP_DIGEST_SHA256, IMP_SLICE("x"), &diff.after.digest);
	for (uint64_t i = 0; i < IMP_TOTALS; i++)
		diff.totals[i] = (struct imp_before_after){i * 3, 50 - i};
	return diff;
}

static char *write_json(const struct imp_diff_set *set)
{
	struct imp_report_options options = {
		.version = "1", .features = "+x", .rules_version = "r"};
	struct imp_report report = {.kind = IMP_REPORT_DIFF, .diffs = set};
	struct imp_error err = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_ok(imp_format_write(imp_format_find("json"), &report, &options, out, &err),
		  &err);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void equal_slices(struct imp_slice a, struct imp_slice b)
{
	assert_int_equal(a.len, b.len);
	assert_true(imp_slice_equal(a, b));
}

static void equal_sums(const struct imp_change_sum *a, const struct imp_change_sum *b)
{
	assert_memory_equal(a, b, sizeof(*a));
}

static void equal_diffs(const struct imp_diff *a, const struct imp_diff *b)
{
	assert_string_equal(a->after.reference, b->after.reference);
	assert_true(imp_digest_equal(&a->after.digest, &b->after.digest));
	assert_int_equal(a->after.created_ns, b->after.created_ns);
	assert_int_equal(a->after.base.origin, b->after.base.origin);
	equal_slices(a->after.base.name, b->after.base.name);
	assert_memory_equal(a->totals, b->totals, sizeof(a->totals));
	assert_int_equal(a->chain_break, b->chain_break);
	assert_int_equal(a->rules_differ, b->rules_differ);
	equal_sums(&a->base, &b->base);
	equal_sums(&a->own, &b->own);
	assert_int_equal(a->layer_count, b->layer_count);
	equal_slices(a->layers[0].instruction, b->layers[0].instruction);
	assert_int_equal(a->layers[1].before_index, b->layers[1].before_index);
	equal_slices(a->packages[0].before_versions[1],
		     b->packages[0].before_versions[1]);
	equal_slices(a->paths[0].path, b->paths[0].path);
	equal_slices(a->paths[0].from, b->paths[0].from);
	assert_int_equal(a->attributes[0].what, b->attributes[0].what);
	assert_string_equal(a->findings[0].id, b->findings[0].id);
	equal_slices(a->settings[1].after, b->settings[1].after);
	assert_int_equal(a->settings[0].has, b->settings[0].has);
	assert_int_equal(a->reasons[0].others, b->reasons[0].others);
	assert_int_equal(a->reasons[1].layer, b->reasons[1].layer);
	assert_int_equal(a->node_count, b->node_count);
	for (size_t i = 0; i < a->node_count; i++) {
		equal_slices(a->nodes[i].name, b->nodes[i].name);
		assert_int_equal(a->nodes[i].depth, b->nodes[i].depth);
		equal_sums(&a->nodes[i].sum, &b->nodes[i].sum);
	}
}

/* One diff stands by itself, several as `pairs`; the second document is the first. */
static void round_trip(size_t count)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_diff diff = example();
	const struct imp_diff *list[] = {&diff, &diff};
	struct imp_diff_set set = {
		.list = list, .count = count, .complete = false, .distinct = SUM(30)};
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};
	char *text = write_json(&set);

	assert_ok(imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	assert_int_equal(reloaded->kind, IMP_RELOADED_DIFF);
	assert_int_equal(reloaded->diffs->count, count);
	equal_sums(&reloaded->diffs->distinct, &set.distinct);
	for (size_t i = 0; i < count; i++)
		equal_diffs(reloaded->diffs->list[i], &diff);
	char *again = write_json(reloaded->diffs);
	assert_string_equal(again, text);
	free(text);
	free(again);
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
}

CASE(one_diff_comes_back)
{
	round_trip(1);
}

CASE(several_diffs_come_back)
{
	round_trip(2);
}

/* TEXT with the first FROM as TO is refused, and says where. */
static void refused(const char *text, const char *from, const char *to, const char *word)
{
	const char *at = strstr(text, from);
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};
	char *lie = NULL;

	assert_non_null(at);
	assert_true(asprintf(&lie, "%.*s%s%s", (int)(at - text), text, to,
			     at + strlen(from)) > 0);
	assert_fails(imp_reload(imp_slice_of(lie), &imp_limits_default, arena, &reloaded,
				&err),
		     IMP_E_FORMAT, word, &err);
	free(lie);
	imp_arena_destroy(arena);
}

/* Rows are parsed one by one: what stands between and around them is looked at, too. */
CASE(long_lists_that_are_none_are_refused)
{
	static const struct {
		const char *from, *to, *word;
	} lies[] = {
		{"\"paths\": [", "\"paths\": 7, \"x\": [", "paths"},
		{"\"paths\": [", "\"paths\": 0, \"x\": [", "state"},
		{"\"paths\": [", "\"paths\": null, \"x\": [", "paths"},
		{"\"paths\": [", "\"paths\": [1, ", "paths"},
		{"\"paths\": [", "\"paths\": [[], ", "state"},
		{"\"paths\": [", "\"paths\": [{}, ", "state"},
		{"\"paths\": [", "\"paths\": [, ", "paths"},
		{"\"paths\": [", "\"paths\": [] ]", "stored report"},
		{"\"tree\": [", "\"tree\": [{}, ", "tree"},
		{"\"tree\": [", "\"tree\": [[\"a\"}, ", ""},
		{"\"tree\": [", "\"tree\": [[}], ", ""},
		{"\"tree\": [", "\"tree\": [\"x\", ", "tree"},
		{"\"tree\": [", "\"tree\": {}, \"x\": [", "tree"},
	};
	struct imp_diff diff = example();
	const struct imp_diff *list[] = {&diff};
	struct imp_diff_set set = {
		.list = list, .count = 1, .complete = true, .distinct = SUM(30)};
	char *text = write_json(&set);

	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
		refused(text, lies[i].from, lies[i].to, lies[i].word);
	free(text);
}
