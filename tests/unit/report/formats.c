#include "analysed.h"

#include "../../../src/report/paint.h"
#include "../../../src/report/writer_priv.h"
#include "imgprof/cleanup.h"

CASE(formats_are_found_by_their_whole_name)
{
	size_t count = 0;

	for (const struct imp_format *const *format = imp_formats(); *format; format++) {
		assert_ptr_equal(imp_format_find((*format)->name), *format);
		assert_true((*format)->write[IMP_REPORT_PROFILE] ||
			    (*format)->write[IMP_REPORT_DIFF] ||
			    (*format)->write[IMP_REPORT_COST]);
		assert_true((*format)->summary[0]);
		count++;
	}
	assert_int_equal(count, 14 + (imp_format_find("html") != NULL));
	assert_null(imp_format_find(""));
	assert_null(imp_format_find("js"));
	assert_null(imp_format_find("jsonx"));
}

CASE(formats_tell_whether_they_need_the_tree)
{
	static const char *const need[] = {"tree", "ndjson", "csv", "ncdu", "folded"};

	for (size_t i = 0; i < sizeof(need) / sizeof(*need); i++)
		assert_true(imp_format_find(need[i])->needs_tree);
	assert_false(imp_format_find("text")->needs_tree);
	assert_false(imp_format_find("json")->needs_tree);
}

CASE(a_share_is_rounded_to_whole_cells)
{
	assert_int_equal(imp_report_share(0, 100, 5), 0);
	assert_int_equal(imp_report_share(50, 100, 5), 3);
	assert_int_equal(imp_report_share(49, 100, 5), 2);
	assert_int_equal(imp_report_share(30, 100, 5), 2);
	assert_int_equal(imp_report_share(29, 100, 5), 1);
	assert_int_equal(imp_report_share(100, 100, 5), 5);
}

CASE(a_small_share_is_not_nothing)
{
	assert_int_equal(imp_report_share(1, 100, 5), 1);
	assert_int_equal(imp_report_share(1, 101, 5), 0);
	assert_int_equal(imp_report_share(0, 0, 5), 5);
}

CASE(a_share_of_more_bytes_than_fit_when_multiplied)
{
	assert_int_equal(imp_report_share(UINT64_MAX / 2, UINT64_MAX, 10), 5);
	assert_int_equal(imp_report_share(UINT64_MAX, UINT64_MAX, 10), 10);
	assert_int_equal(imp_report_share(UINT64_MAX, 1, 10), 10);
	assert_int_equal(imp_report_share(UINT64_MAX / 1000, UINT64_MAX, 10), 0);
}

CASE(wasted_is_all_but_live)
{
	struct analysed a;

	analysed_read(&a,
		      "layer\nfile live 10\nfile gone 20\nfile over 30\n"
		      "layer\nwhiteout gone\nfile over 40\nfile twice 1\nfile twice 2\n");
	struct imp_sum wasted = imp_report_wasted(&a.analysis);
	assert_int_equal(wasted.files, 3);
	assert_int_equal(wasted.disk_bytes, 51);
	uint64_t rest = a.analysis.pull_bytes - wasted.pull_bytes -
			a.analysis.fates[IMP_FATE_LIVE].pull_bytes;
	assert_true(rest > 0);
	assert_int_equal(imp_report_overhead_pull(&a.analysis), rest);
	analysed_finish(&a);
}

CASE(paint_is_bytes_around_the_text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_paint(&out, false, IMP_PAINT_RED, IMP_SLICE("plain"));
	imp_paint(&out, true, IMP_PAINT_RED, IMP_SLICE("red"));
	assert_string_equal(out.data, "plain\033[31mred\033[0m");
}

/* Each format notices that the disk is full, and says so itself. */
CASE(a_failed_write_is_an_error_of_the_system)
{
	struct analysed a;

	struct imp_dockerfile_layer layer = {0};
	struct imp_dockerfile file = {.layers = &layer, .layer_count = 1};

	analysed_read(&a, "layer\nfile a 10\n");
	a.analysis.dockerfile = &file;
	const struct imp_analysis *images[] = {&a.analysis};
	struct imp_report report = {.images = images, .image_count = 1};
	struct imp_report_options options = {.version = "1", .features = ""};
	for (const struct imp_format *const *format = imp_formats(); *format; format++) {
		struct imp_error err = {0};
		if (!(*format)->write[IMP_REPORT_PROFILE] ||
		    strcmp((*format)->name, "github") == 0)
			continue; /* nothing to write of this image */
		FILE *full = fopen("/dev/full", "we");
		assert_non_null(full);
		setbuf(full, NULL);
		assert_fails(imp_format_write(*format, &report, &options, full, &err),
			     IMP_E_SYSTEM, "", &err);
		fclose(full);
	}
	analysed_finish(&a);
}
