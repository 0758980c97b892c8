#include "case.h"

#include <stdio.h>

#include "imgprof/warning.h"

static const struct imp_slice no_path = {NULL, 0};

static void add_many(struct imp_warnings *warnings, const char *code, int layer,
		     int times)
{
	for (int i = 0; i < times; i++) {
		char path[32];
		snprintf(path, sizeof(path), "p%d", i);
		imp_warnings_add(warnings, code, layer, imp_slice_of(path), "number %d",
				 i);
	}
}

CASE(null_list_drops_everything)
{
	imp_warnings_add(NULL, "code", 0, no_path, "x");
	imp_warnings_append(NULL, NULL, 0);
	assert_int_equal(imp_warnings_count(NULL), 0);
	imp_warnings_destroy(NULL);
}

CASE(warning_owns_copies)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	char code[] = "tar-no-end";
	char path[] = "a\0b";
	imp_warnings_add(warnings, code, 3, imp_slice(path, 3), "at byte %d", 512);
	memset(code, 'x', sizeof(code) - 1);
	memset(path, 'x', sizeof(path) - 1);
	assert_int_equal(imp_warnings_count(warnings), 1);
	const struct imp_warning *warning = imp_warnings_get(warnings, 0);
	assert_string_equal(warning->code, "tar-no-end");
	assert_int_equal(warning->layer, 3);
	assert_true(imp_slice_equal(warning->path, IMP_SLICE("a\0b")));
	assert_string_equal(warning->message, "at byte 512");
	assert_int_equal(warning->count, 1);
}

CASE(warning_about_no_path_and_no_layer)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	imp_warnings_add(warnings, "platform", IMP_NO_LAYER, no_path, "other");
	assert_int_equal(imp_warnings_get(warnings, 0)->layer, IMP_NO_LAYER);
	assert_int_equal(imp_warnings_get(warnings, 0)->path.len, 0);
}

CASE(warnings_stay_in_the_order_they_came)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	imp_warnings_add(warnings, "b", 1, no_path, "first");
	imp_warnings_add(warnings, "a", 0, no_path, "second");
	imp_warnings_add(warnings, "b", 1, no_path, "third");
	assert_string_equal(imp_warnings_get(warnings, 0)->message, "first");
	assert_string_equal(imp_warnings_get(warnings, 1)->message, "second");
	assert_string_equal(imp_warnings_get(warnings, 2)->message, "third");
}

CASE(pointers_stay_valid_while_the_list_grows)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	imp_warnings_add(warnings, "a", 0, no_path, "first");
	const struct imp_warning *first = imp_warnings_get(warnings, 0);
	for (int layer = 0; layer < 300; layer++)
		add_many(warnings, "b", layer, 3);
	assert_ptr_equal(first, imp_warnings_get(warnings, 0));
	assert_string_equal(first->message, "first");
}

CASE(exactly_as_many_as_are_kept)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	add_many(warnings, "a", 0, IMP_WARNINGS_KEPT);
	assert_int_equal(imp_warnings_count(warnings), IMP_WARNINGS_KEPT);
	const struct imp_warning *last =
		imp_warnings_get(warnings, IMP_WARNINGS_KEPT - 1);
	assert_int_equal(last->count, 1);
	assert_string_equal(last->message, "number 19");
}

CASE(more_than_are_kept_count_into_the_last_message)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	add_many(warnings, "a", 0, IMP_WARNINGS_KEPT + 1);
	const struct imp_warning *last =
		imp_warnings_get(warnings, IMP_WARNINGS_KEPT - 1);
	assert_string_equal(last->message, "number 19 (and 1 more)");
	assert_int_equal(last->count, 2);
	add_many(warnings, "a", 0, 999999);
	assert_int_equal(imp_warnings_count(warnings), IMP_WARNINGS_KEPT);
	assert_string_equal(last->message, "number 19 (and 1000000 more)");
	assert_int_equal(last->count, 1000001);
	assert_true(imp_slice_is(last->path, "p19"));
	assert_int_equal(imp_warnings_get(warnings, IMP_WARNINGS_KEPT - 2)->count, 1);
}

CASE(bound_is_for_one_code_in_one_layer)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	add_many(warnings, "a", 0, 30);
	add_many(warnings, "a", 1, 30);
	add_many(warnings, "b", 0, 30);
	assert_int_equal(imp_warnings_count(warnings), 3 * IMP_WARNINGS_KEPT);
	/* No two of layer and code may read as one key. */
	add_many(warnings, "1 a", 1, 30);
	add_many(warnings, "a", 11, 30);
	assert_int_equal(imp_warnings_count(warnings), 5 * IMP_WARNINGS_KEPT);
}

CASE(long_message_and_path_are_cut)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	static char text[100000];
	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < 25; i++)
		imp_warnings_add(warnings, "a", 0, imp_slice_of(text), "%s", text);
	const struct imp_warning *last =
		imp_warnings_get(warnings, IMP_WARNINGS_KEPT - 1);
	assert_int_equal(last->path.len, IMP_WARNING_PATH_BYTES);
	assert_true(strlen(last->message) < 600);
	assert_true(imp_slice_ends(imp_slice_of(last->message),
				   IMP_SLICE("xxx (and 5 more)")));
}

CASE(append_copies_with_another_layer)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *image = imp_warnings_create();
	struct imp_warnings *layer = imp_warnings_create();
	imp_warnings_add(image, "a", 0, no_path, "own");
	imp_warnings_add(layer, "a", IMP_NO_LAYER, IMP_SLICE("usr"), "copied %d", 1);
	imp_warnings_append(image, layer, 5);
	imp_warnings_destroy(layer);
	assert_int_equal(imp_warnings_count(image), 2);
	const struct imp_warning *copy = imp_warnings_get(image, 1);
	assert_int_equal(copy->layer, 5);
	assert_string_equal(copy->code, "a");
	assert_string_equal(copy->message, "copied 1");
	assert_true(imp_slice_is(copy->path, "usr"));
}

CASE(append_keeps_the_counts)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *image = imp_warnings_create();
	imp_auto_destroy(imp_warnings) struct imp_warnings *layer = imp_warnings_create();
	add_many(layer, "a", IMP_NO_LAYER, 50);
	imp_warnings_append(image, layer, 2);
	const struct imp_warning *last = imp_warnings_get(image, IMP_WARNINGS_KEPT - 1);
	assert_string_equal(last->message, "number 19 (and 30 more)");
	assert_int_equal(last->count, 31);
	/* Once more into the same layer: all 50 are counted there. */
	imp_warnings_append(image, layer, 2);
	assert_int_equal(imp_warnings_count(image), IMP_WARNINGS_KEPT);
	assert_string_equal(last->message, "number 19 (and 80 more)");
	assert_int_equal(last->count, 81);
}

CASE(append_of_null_adds_nothing)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *image = imp_warnings_create();
	imp_warnings_append(image, NULL, 0);
	assert_int_equal(imp_warnings_count(image), 0);
}
