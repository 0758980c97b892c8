/* Rows of packages: their order, what closes their sums, filters. */
#include "analysed.h"

#include <jansson.h>

#include "imgprof/cleanup.h"

static const char text[] =
	"layer\nfile usr/bin/a 100\nfile usr/lib/b 200\nfile srv/own 7\n"
	"layer\nfile usr/lib/c 50\nfile app/x/index 400\nfile usr/bin/a 101\n";

static const struct imp_also also[] = {{1, 2}, {1, 2}};

/* libb has files of both layers; x is npm's; a is rewritten by the second layer. */
static void read_image(struct analysed *a)
{
	analysed_read(a, text);
	analysed_with_evidence(a);
	analysed_package(a, IMP_MANAGER_DPKG, "a", "usr/bin/a");
	analysed_package(a, IMP_MANAGER_DPKG, "libb", "usr/lib/b usr/lib/c");
	analysed_package(a, IMP_MANAGER_NPM, "x", "app/x/index");
	analysed_package(a, IMP_MANAGER_PYTHON, "empty", "");
	a->package_list[1].version = IMP_SLICE("1.2");
	a->package_list[1].purl = "pkg:deb/debian/libb@1.2";
	a->package_list[1].flags = IMP_PACKAGE_ROOT | IMP_PACKAGE_DEBUG_SYMBOLS;
	a->packages.also = also;
	a->packages.also_count = 2;
	analysed_reach(a, 1, "linked by /usr/bin/a");
}

static json_t *parse(const char *document)
{
	json_error_t error;
	json_t *json = json_loads(document, JSON_REJECT_DUPLICATES, &error);

	if (!json)
		fail_msg("%s: %s", error.text, document);
	return json;
}

static json_t *image_of(json_t *document)
{
	return json_array_get(json_object_get(document, "images"), 0);
}

static const char *name_of(json_t *row)
{
	return json_string_value(json_object_get(row, "name"));
}

static uint64_t number(json_t *row, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(row, key));
}

static void assert_names(json_t *rows, const char *const *names, size_t count)
{
	assert_int_equal(json_array_size(rows), count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(name_of(json_array_get(rows, i)), names[i]);
}

static void assert_sums(json_t *image)
{
	static const char *const sizes[] = {"disk_bytes", "pull_bytes"};
	size_t i;
	json_t *row;

	for (size_t s = 0; s < 2; s++) {
		uint64_t sum = 0;
		json_array_foreach(json_object_get(image, "packages"), i, row) sum +=
			number(row, sizes[s]);
		assert_int_equal(sum, number(json_object_get(image, "totals"), sizes[s]));
	}
}

CASE(rows_stand_by_size_and_close_the_sums)
{
	static const char *const names[] = {
		"x", "libb", "a", "empty", "[no package]", "[wasted]", "[overhead]"};
	struct analysed a;

	read_image(&a);
	imp_auto_free char *out = render(&a, "json", (struct imp_report_options){0});
	json_t *document = parse(out);
	json_t *rows = json_object_get(image_of(document), "packages");
	assert_names(rows, names, 7);
	assert_sums(image_of(document));
	json_t *libb = json_array_get(rows, 1);
	assert_int_equal(number(libb, "disk_bytes"), 250);
	assert_int_equal(number(libb, "files"), 2);
	assert_int_equal(json_array_size(json_object_get(libb, "layers")), 2);
	assert_string_equal(json_string_value(json_object_get(libb, "purl")),
			    "pkg:deb/debian/libb@1.2");
	assert_true(json_is_null(json_object_get(libb, "source")));
	assert_true(json_is_true(json_object_get(libb, "reached")));
	json_t *others = json_object_get(libb, "also");
	assert_int_equal(json_array_size(others), 1);
	assert_string_equal(json_string_value(json_array_get(others, 0)), "npm:x");
	json_t *first = json_array_get(rows, 2);
	assert_int_equal(
		json_integer_value(json_array_get(json_object_get(first, "layers"), 0)),
		1);
	json_decref(document);
	analysed_finish(&a);
}

CASE(flags_say_what_the_managers_record_says)
{
	struct analysed a;

	read_image(&a);
	imp_auto_free char *out = render(&a, "json", (struct imp_report_options){0});
	json_t *document = parse(out);
	json_t *rows = json_object_get(image_of(document), "packages");
	json_t *flags = json_object_get(json_array_get(rows, 1), "flags");
	assert_int_equal(json_array_size(flags), 2);
	assert_string_equal(json_string_value(json_array_get(flags, 0)), "root");
	assert_string_equal(json_string_value(json_array_get(flags, 1)), "debug-symbols");
	json_t *bucket = json_object_get(json_array_get(rows, 4), "flags");
	assert_true(json_is_array(bucket) && json_array_size(bucket) == 0);
	json_decref(document);
	analysed_finish(&a);
}

CASE(a_filter_leaves_sums_whole_and_says_so)
{
	static const char *const dpkg[] = {"libb",         "a",        "[other]",
					   "[no package]", "[wasted]", "[overhead]"};
	static const char *const own[] = {
		"x", "libb", "a", "empty", "[no package]", "[wasted]", "[overhead]"};
	struct analysed a;

	read_image(&a);
	imp_auto_free char *out = render(
		&a, "json",
		(struct imp_report_options){
			.filter = {.has_manager = true, .manager = IMP_MANAGER_DPKG}});
	json_t *document = parse(out);
	assert_names(json_object_get(image_of(document), "packages"), dpkg, 6);
	assert_sums(image_of(document));
	json_t *filter = json_object_get(image_of(document), "filter");
	assert_string_equal(json_string_value(json_object_get(filter, "manager")),
			    "dpkg");
	json_decref(document);
	/* Layer 0 is the base's: nothing here lies in it alone. */
	a.findings.base_layers = 1;
	imp_auto_free char *without = render(
		&a, "json", (struct imp_report_options){.filter = {.ignore_base = true}});
	document = parse(without);
	assert_names(json_object_get(image_of(document), "packages"), own, 7);
	json_decref(document);
	a.findings.base_layers = 2;
	imp_auto_free char *nothing = render(
		&a, "json", (struct imp_report_options){.filter = {.ignore_base = true}});
	document = parse(nothing);
	assert_sums(image_of(document));
	assert_int_equal(json_array_size(json_object_get(image_of(document), "packages")),
			 5);
	json_decref(document);
	analysed_finish(&a);
}

CASE(csv_has_a_row_for_every_package)
{
	struct analysed a;

	read_image(&a);
	a.package_list[2].name = IMP_SLICE("=evil,\"\x01");
	imp_auto_free char *out =
		render(&a, "csv-packages", (struct imp_report_options){0});
	assert_holds(out, "example/web:1,dpkg,libb,1.2,,pkg:deb/debian/libb@1.2,"
			  "\"npm:=evil,\"\"\\x01\",2,250,");
	assert_holds(out, ",0 1,yes,\r\n");
	assert_holds(out, "example/web:1,npm,\"'=evil,\"\"\\x01\",,,,,1,400,");
	assert_holds(out, "example/web:1,,[no package],,,,,1,7,");
	assert_holds(out, "example/web:1,,[wasted],,,,,1,100,");
	analysed_finish(&a);
}

CASE(files_tell_their_owner_in_every_format)
{
	struct analysed a;

	read_image(&a);
	imp_auto_free char *csv = render(&a, "csv", (struct imp_report_options){0});
	imp_auto_free char *lines = render(&a, "ndjson", (struct imp_report_options){0});
	imp_auto_free char *json = render(&a, "json", (struct imp_report_options){0});
	assert_holds(csv, ",live,,dpkg:libb,runtime,");
	assert_holds(csv, ",overwritten,1,,wasted,");
	assert_holds(lines, "\"owner\":\"npm:x\"");
	assert_holds(json, ",\"runtime\",\"dpkg:libb\",\"live\",null]");
	assert_holds(lines, "{\"record\":\"package\",\"image\":0,\"manager\":\"npm\","
			    "\"name\":\"x\"");
	analysed_finish(&a);
}

CASE(a_part_of_a_file_counts_as_its_finding_s)
{
	static const struct imp_finding strip = {
		.id = "GEN-STRIP",
		.rule = "GEN-STRIP",
		.class = IMP_CLASS_DEBUG,
		.partial = true,
		.title = "symbols",
		.hidden_by = IMP_NOT_HIDDEN,
		.sum = {1, 30, 20},
		.fix_kind = "F-STRIP",
		.fix_text = "strip",
	};
	struct analysed a;

	read_image(&a);
	struct imp_partial partial = {analysed_file(&a, "usr/lib/b"), 1, 30, 20};
	struct imp_finding list[2] = {a.findings.list[0], strip};
	a.findings.list = list;
	a.findings.count = 2;
	a.findings.partials = &partial;
	a.findings.partial_count = 1;
	imp_auto_free char *lines = render(&a, "ndjson", (struct imp_report_options){0});
	assert_holds(lines, "\"path\":\"usr/lib/b\",\"layer\":0,\"type\":\"file\"");
	assert_holds(lines, "\"owner\":\"dpkg:libb\",\"class\":\"runtime\","
			    "\"possible_class\":null,\"finding\":\"GEN-STRIP\","
			    "\"partial_bytes\":30");
	assert_holds(lines, "\"partial\":true,\"in_base\":false");
	analysed_finish(&a);
}
