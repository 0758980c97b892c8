/* Formats that hand findings on: sarif, codequality; folded stacks and OpenMetrics beside them. */
#include "analysed.h"

#include <jansson.h>

static json_t *parse(char *text)
{
	json_error_t error;
	json_t *document = json_loads(text, 0, &error);

	if (!document)
		fail_msg("%s at %d:\n%s", error.text, error.line, text);
	free(text);
	return document;
}

static json_t *render_json(const char *text, const char *format,
			   struct imp_report_options options)
{
	return parse(render_text(text, format, options));
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	return text;
}

/* Deleted below, and overwritten: two findings of the ledger. */
static const char wasteful[] = "layer\nfile a/gone 3000\nfile b/over 2000\nfile live 10\n"
			       "layer\nwhiteout a/gone\nfile b/over 2001\n";

static json_t *only_run(const json_t *document)
{
	json_t *runs = json_object_get(document, "runs");

	assert_string_equal(text_at(document, "version"), "2.1.0");
	assert_int_equal(json_array_size(runs), 1);
	return json_array_get(runs, 0);
}

CASE(sarif_has_a_result_for_each_finding)
{
	json_t *document = render_json(wasteful, "sarif", (struct imp_report_options){0});
	json_t *run = only_run(document);
	json_t *results = json_object_get(run, "results");
	json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
	json_t *rules = json_object_get(driver, "rules");
	size_t i;
	json_t *result;

	assert_int_equal(json_array_size(results), 2);
	assert_string_equal(text_at(driver, "version"), "1.2.3");
	json_array_foreach(results, i, result)
	{
		size_t rule =
			(size_t)json_integer_value(json_object_get(result, "ruleIndex"));
		assert_string_equal(text_at(json_array_get(rules, rule), "id"),
				    text_at(result, "ruleId"));
		assert_string_equal(text_at(result, "level"), "warning");
	}
	json_t *figures = json_object_get(json_array_get(results, 0), "properties");
	assert_int_equal(json_integer_value(json_object_get(figures, "disk_bytes")),
			 3000);
	json_decref(document);
}

CASE(sarif_names_a_file_and_a_line)
{
	json_t *document = render_json(wasteful, "sarif", (struct imp_report_options){0});
	json_t *result =
		json_array_get(json_object_get(only_run(document), "results"), 0);
	json_t *place =
		json_object_get(json_array_get(json_object_get(result, "locations"), 0),
				"physicalLocation");

	assert_string_equal(text_at(json_object_get(place, "artifactLocation"), "uri"),
			    "Dockerfile");
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(place, "region"), "startLine")),
			 1);
	json_decref(document);
}

CASE(sarif_without_findings_is_a_whole_document)
{
	json_t *document =
		render_json("layer\nfile a 1\n", "sarif", (struct imp_report_options){0});
	json_t *run = only_run(document);

	assert_int_equal(json_array_size(json_object_get(run, "results")), 0);
	assert_true(json_is_true(
		json_object_get(json_array_get(json_object_get(run, "invocations"), 0),
				"executionSuccessful")));
	json_decref(document);
}

CASE(sarif_says_when_the_image_was_not_read_whole)
{
	struct analysed a;

	analysed_read(&a, wasteful);
	a.analysis.complete = false;
	json_t *document = parse(render(&a, "sarif", (struct imp_report_options){0}));
	assert_true(json_is_false(json_object_get(
		json_array_get(json_object_get(only_run(document), "invocations"), 0),
		"executionSuccessful")));
	json_decref(document);
	analysed_finish(&a);
}

/* COUNT findings of one rule, each of another subject, the last the largest. */
static void many_findings(struct analysed *a, size_t count)
{
	struct imp_finding *list = imp_arena_array(a->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		const char *id = imp_arena_printf(a->arena, "X:%zu", i);
		list[i] = (struct imp_finding){
			.id = id,
			.rule = "X",
			.subject = imp_slice_of(id + 2),
			.title = "thing: 1",
			.sum = {.files = 1, .disk_bytes = i + 1},
			.fix_kind = "",
			.fix_text = "",
		};
	}
	a->findings.list = list;
	a->findings.count = count;
}

CASE(sarif_keeps_the_largest_five_thousand)
{
	struct analysed a;

	analysed_read(&a, "layer\nfile a 1\n");
	many_findings(&a, 5002);
	json_t *document = parse(render(&a, "sarif", (struct imp_report_options){0}));
	json_t *run = only_run(document);
	json_t *results = json_object_get(run, "results");
	assert_int_equal(json_array_size(results), 5000);
	json_t *last = json_object_get(json_array_get(results, 4999), "properties");
	assert_int_equal(json_integer_value(json_object_get(last, "disk_bytes")), 3);
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(run, "properties"), "resultsLeftOut")),
			 2);
	assert_int_equal(json_array_size(json_object_get(
				 json_object_get(json_object_get(run, "tool"), "driver"),
				 "rules")),
			 1);
	json_decref(document);
	analysed_finish(&a);
}

CASE(sarif_rule_has_no_figures_of_an_image)
{
	struct analysed a;

	analysed_read(&a, "layer\nfile a 1\n");
	many_findings(&a, 1);
	json_t *document = parse(render(&a, "sarif", (struct imp_report_options){0}));
	json_t *driver =
		json_object_get(json_object_get(only_run(document), "tool"), "driver");
	json_t *rule = json_array_get(json_object_get(driver, "rules"), 0);
	assert_string_equal(text_at(json_object_get(rule, "shortDescription"), "text"),
			    "thing");
	json_decref(document);
	analysed_finish(&a);
}

static void fingerprint_of(struct analysed *a, const char *subject, char out[65])
{
	struct imp_finding *finding = analysed_edit(a->findings.list);

	finding->subject = imp_slice_of(subject);
	json_t *document =
		parse(render(a, "codequality", (struct imp_report_options){0}));
	const char *text = text_at(json_array_get(document, 0), "fingerprint");
	assert_int_equal(strlen(text), 64);
	memcpy(out, text, 65);
	json_decref(document);
}

CASE(fingerprints_follow_rule_and_subject_alone)
{
	struct analysed a;
	char plain[65], slashed[65], other[65], grown[65];

	analysed_read(&a, "layer\nfile a 1\n");
	many_findings(&a, 1);
	fingerprint_of(&a, "var/cache", plain);
	fingerprint_of(&a, "/var/cache/", slashed);
	fingerprint_of(&a, "var/caches", other);
	((struct imp_finding *)analysed_edit(a.findings.list))->sum.disk_bytes = 77;
	fingerprint_of(&a, "var/cache", grown);
	assert_string_equal(plain, slashed);
	assert_string_equal(plain, grown);
	assert_string_not_equal(plain, other);
	/* printf 'X\0var/cache' | sha256sum */
	assert_string_equal(
		plain,
		"8c113eaff4237289ad6b30c65ecee5e9d45c94f06e7304c6c99bf5982e40ef21");
	analysed_finish(&a);
}

CASE(codequality_says_what_gitlab_asks_for)
{
	json_t *document =
		render_json(wasteful, "codequality", (struct imp_report_options){0});
	json_t *first = json_array_get(document, 0);
	json_t *location = json_object_get(first, "location");

	assert_int_equal(json_array_size(document), 2);
	assert_string_equal(text_at(first, "severity"), "major");
	assert_string_equal(text_at(location, "path"), "Dockerfile");
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(location, "lines"), "begin")),
			 1);
	assert_holds(text_at(first, "description"), "3.00 kB on disk");
	json_decref(document);
}

CASE(folded_stacks_add_up_to_the_disk_bytes)
{
	char *out = render_text(wasteful, "folded", (struct imp_report_options){0});
	uint64_t sum = 0;

	for (char *line = strtok(out, "\n"); line; line = strtok(NULL, "\n"))
		sum += strtoull(strrchr(line, ' ') + 1, NULL, 10);
	assert_int_equal(sum, 3000 + 2000 + 10 + 2001);
	free(out);
}

CASE(folded_tells_hidden_files_from_live_ones)
{
	char *out = render_text(wasteful, "folded", (struct imp_report_options){0});

	assert_holds(out, "example/web:1;[hidden by later layers];a;gone 3000\n");
	assert_holds(out, "example/web:1;b;over 2001\n");
	free(out);
}

CASE(openmetrics_are_gauges_that_end)
{
	char *out = render_text(wasteful, "openmetrics", (struct imp_report_options){0});

	assert_holds(out, "# TYPE imgprof_disk_bytes gauge\n"
			  "# UNIT imgprof_disk_bytes bytes\n");
	assert_holds(out, "imgprof_disk_bytes{image=\"example/web:1\","
			  "platform=\"linux/amd64\"} 7011\n");
	assert_holds(out, "imgprof_files{image=\"example/web:1\","
			  "platform=\"linux/amd64\"} 4\n");
	assert_holds(out, "imgprof_class_disk_bytes{image=\"example/web:1\","
			  "platform=\"linux/amd64\",class=\"runtime\"} 2011\n");
	assert_holds(out, "imgprof_layer_disk_bytes{image=\"example/web:1\",platform="
			  "\"linux/amd64\",layer=\"1\",instruction=\"RUN step\"} 2001\n");
	assert_string_equal(out + strlen(out) - 7, "\n# EOF\n");
	free(out);
}

CASE(openmetrics_of_an_image_given_twice_has_one_series)
{
	struct analysed a;
	struct imp_error err = {0};
	char *out;
	size_t len;

	analysed_read(&a, wasteful);
	const struct imp_analysis *images[] = {&a.analysis, &a.analysis};
	struct imp_report report = {.images = images, .image_count = 2};
	struct imp_report_options options = {.version = "1"};
	FILE *file = open_memstream(&out, &len);
	assert_ok(imp_format_write(imp_format_find("openmetrics"), &report, &options,
				   file, &err),
		  &err);
	fclose(file);
	const char *first = strstr(out, "\nimgprof_disk_bytes{");
	assert_non_null(first);
	assert_null(strstr(first + 1, "\nimgprof_disk_bytes{"));
	free(out);
	analysed_finish(&a);
}
