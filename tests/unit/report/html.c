#include "case.h"

#include <stdlib.h>

#include "../../../src/report/html_priv.h"
#include "costed.h"
#include "imgprof/cleanup.h"

static struct imp_html_row *add(struct imp_html_rows *rows, const char *name,
				uint32_t depth, uint64_t disk_bytes)
{
	struct imp_html_row *row = imp_html_rows_add(rows, imp_slice_of(name), depth);

	row->disk_bytes = disk_bytes;
	row->pull_bytes = disk_bytes / 2;
	row->goes_bytes = disk_bytes / 4;
	row->files = 1;
	return row;
}

static void add_folder(struct imp_html_rows *rows, const char *name, uint32_t depth)
{
	imp_html_rows_add(rows, imp_slice_of(name), depth)->folder = true;
}

/* / { a { x 10, y 20, b { z 5 } }, c { }, big 100 } */
static void make_tree(struct imp_html_rows *rows)
{
	add_folder(rows, "", 0);
	add_folder(rows, "a", 1);
	add(rows, "x", 2, 10);
	add(rows, "y", 2, 20);
	add_folder(rows, "b", 2);
	add(rows, "z", 3, 5);
	add_folder(rows, "c", 1);
	add(rows, "big", 1, 100);
}

static void assert_row(const struct imp_html_rows *rows, size_t i, const char *name,
		       uint32_t depth, uint64_t disk_bytes)
{
	assert_true(i < rows->count);
	assert_true(imp_slice_is(rows->list[i].name, name));
	assert_int_equal(rows->list[i].depth, depth);
	assert_int_equal(rows->list[i].disk_bytes, disk_bytes);
}

static void fold(const struct imp_html_rows *rows, struct imp_html_cut cut,
		 struct imp_html_rows *out)
{
	imp_auto_free uint64_t *weights = imp_html_weigh(rows);

	imp_html_fold(rows, weights, cut, out);
}

CASE(weights_are_sums_from_below)
{
	static const uint64_t expected[] = {135, 35, 10, 20, 5, 5, 0, 100};
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0};

	make_tree(&rows);
	imp_auto_free uint64_t *weights = imp_html_weigh(&rows);
	for (size_t i = 0; i < rows.count; i++)
		assert_int_equal(weights[i], expected[i]);
}

CASE(a_weight_is_the_largest_size)
{
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0};

	add_folder(&rows, "", 0);
	add(&rows, "a", 1, 10)->pull_bytes = 30;
	add(&rows, "b", 1, 10)->disk_before_bytes = 40;
	add(&rows, "c", 1, 10)->pull_before_bytes = 50;
	imp_auto_free uint64_t *weights = imp_html_weigh(&rows);
	assert_int_equal(weights[1], 30);
	assert_int_equal(weights[2], 40);
	assert_int_equal(weights[3], 50);
	assert_int_equal(weights[0], 120);
}

CASE(folding_leaves_keeps_every_folder)
{
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0}, out = {0};

	make_tree(&rows);
	fold(&rows, (struct imp_html_cut){.leaf = 20}, &out);
	assert_int_equal(out.count, 7);
	assert_row(&out, 1, "a", 1, 0);
	assert_row(&out, 2, "", 2, 30);
	assert_true(out.list[2].small);
	assert_int_equal(out.list[2].files, 2);
	assert_int_equal(out.list[2].pull_bytes, 15);
	assert_int_equal(out.list[2].goes_bytes, 7);
	assert_row(&out, 3, "b", 2, 0);
	assert_row(&out, 4, "", 3, 5);
	assert_row(&out, 5, "c", 1, 0);
	assert_row(&out, 6, "big", 1, 100);
	assert_false(out.list[6].small);
}

CASE(folding_folders_gives_their_files_to_the_one_above)
{
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0}, out = {0};

	make_tree(&rows);
	fold(&rows, (struct imp_html_cut){.leaf = 35, .folder = 35}, &out);
	assert_int_equal(out.count, 3);
	assert_row(&out, 0, "", 0, 0);
	assert_row(&out, 1, "", 1, 35);
	assert_int_equal(out.list[1].files, 3);
	assert_row(&out, 2, "big", 1, 100);
}

CASE(what_filters_tell_apart_is_not_merged)
{
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0}, out = {0};

	add_folder(&rows, "", 0);
	add(&rows, "a", 1, 1)->layer = 1;
	add(&rows, "b", 1, 2)->layer = 2;
	add(&rows, "c", 1, 4)->class = 3;
	add(&rows, "d", 1, 8)->fate = 2;
	add(&rows, "e", 1, 16)->state = 4;
	add(&rows, "f", 1, 32)->origin = 1;
	add(&rows, "g", 1, 64)->layer = 1;
	fold(&rows, (struct imp_html_cut){.leaf = 64}, &out);
	assert_int_equal(out.count, 7);
	assert_row(&out, 1, "", 1, 65);
	assert_int_equal(out.list[1].layer, 1);
}

CASE(owners_stay_where_all_have_the_same)
{
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0}, out = {0};

	add_folder(&rows, "", 0);
	add(&rows, "a", 1, 1)->owner = 7;
	add(&rows, "b", 1, 2)->owner = 7;
	rows.list[1].finding = 3;
	fold(&rows, (struct imp_html_cut){.leaf = 2}, &out);
	assert_int_equal(out.list[1].owner, 7);
	assert_int_equal(out.list[1].finding, IMP_NONE);
}

CASE(a_root_alone_is_left_of_what_folds_whole)
{
	imp_auto(imp_html_rows_finish) struct imp_html_rows rows = {0}, out = {0};

	make_tree(&rows);
	fold(&rows, (struct imp_html_cut){.leaf = 1000, .folder = 1000}, &out);
	assert_int_equal(out.count, 2);
	assert_row(&out, 1, "", 1, 135);
	assert_int_equal(out.list[1].files, 4);
}

static char *write_page(const struct imp_cost_report *cost, uint64_t most_bytes,
			size_t *len)
{
	struct imp_report report = {.kind = IMP_REPORT_COST, .cost = cost};
	struct imp_report_options options = {.html_max_bytes = most_bytes,
					     .version = "1"};
	struct imp_error err = {0};
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	assert_ok(imp_format_write(&imp_format_html, &report, &options, out, &err), &err);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Names of repositories are what compresses least. */
CASE(a_cost_page_stays_in_its_limit)
{
	struct costed costed;
	size_t whole, folded;

	costed_make(&costed, 30, 300);
	free(write_page(&costed.report, 50000000, &whole));
	free(write_page(&costed.report, 120000, &folded));
	assert_true(whole > 120000);
	assert_true(folded <= 120000);
	costed_finish(&costed);
}

/* Repositories whose paths are in one another, in the order in which they were met. */
static const char *const nested[] = {"a/b", "a-b", "a", "/a//b/c", "b", "a/c"};

static void nest(struct costed *costed)
{
	struct imp_cost_row *rows = imp_arena_array(costed->arena, 6, sizeof(*rows));

	for (size_t i = 0; i < 6; i++) {
		rows[i] = costed->report.repositories[i];
		rows[i].name = imp_slice_of(nested[i]);
	}
	costed->report.repositories = rows;
}

CASE(rows_of_a_cost_report_are_folders_of_paths)
{
	static const struct {
		const char *name;
		uint32_t depth;
	} folders[] = {{"", 0},  {"a", 1},   {"b", 2}, {"c", 3},
		       {"c", 2}, {"a-b", 1}, {"b", 1}};
	struct imp_html_part part = {0};
	struct costed costed;
	uint64_t attributed = 0;
	size_t next = 0;

	costed_make(&costed, 6, 3);
	nest(&costed);
	imp_html_cost_rows(&costed.report, costed.arena, &part);
	for (size_t i = 0; i < part.rows.count; i++) {
		const struct imp_html_row *row = &part.rows.list[i];
		attributed += row->attributed_bytes;
		if (!row->folder)
			continue;
		assert_true(next < sizeof(folders) / sizeof(*folders));
		assert_true(imp_slice_is(row->name, folders[next].name));
		assert_int_equal(row->depth, folders[next].depth);
		next++;
	}
	assert_int_equal(next, sizeof(folders) / sizeof(*folders));
	assert_int_equal(part.rows.count, next + 18);
	assert_int_equal(attributed, costed.cost->stored_bytes);
	imp_html_rows_finish(&part.rows);
	costed_finish(&costed);
}
