#include "diff_case.h"

/* The row of a path, which must be there. */
static const struct imp_diff_path *path_at(const struct imp_diff *diff, const char *path)
{
	for (size_t i = 0; i < diff->path_count; i++)
		if (imp_slice_is(diff->paths[i].path, path))
			return &diff->paths[i];
	fail_msg("no row for %s", path);
	return NULL;
}

static void assert_row(const struct imp_diff *diff, const char *path,
		       enum imp_diff_state state, uint64_t before, uint64_t after)
{
	const struct imp_diff_path *row = path_at(diff, path);

	assert_int_equal(row->state, state);
	assert_int_equal(row->sum.disk.before, before);
	assert_int_equal(row->sum.disk.after, after);
}

CASE(every_state_of_a_path)
{
	struct diff_case c;

	diff_read(&c,
		  "layer\nfile gone 5\nfile less 9 seed=1\nfile more 2 seed=2\n"
		  "file other 7 seed=3\nfile same 8\nfile d/from 30 seed=9\n",
		  "layer\nfile new 6 seed=5\nfile less 4 seed=1\nfile more 3 seed=2\n"
		  "file other 7 seed=4\nfile same 8\nfile e/to 30 seed=9\n");
	assert_row(&c.diff, "gone", IMP_DIFF_REMOVED, 5, 0);
	assert_row(&c.diff, "new", IMP_DIFF_ADDED, 0, 6);
	assert_row(&c.diff, "less", IMP_DIFF_SHRUNK, 9, 4);
	assert_row(&c.diff, "more", IMP_DIFF_GROWN, 2, 3);
	assert_row(&c.diff, "other", IMP_DIFF_CHANGED, 7, 7);
	assert_row(&c.diff, "e/to", IMP_DIFF_MOVED, 30, 30);
	assert_true(imp_slice_is(path_at(&c.diff, "e/to")->from, "d/from"));
	for (size_t i = 0; i < c.diff.path_count; i++) {
		assert_false(imp_slice_is(c.diff.paths[i].path, "same"));
		assert_false(imp_slice_is(c.diff.paths[i].path, "d/from"));
	}
	assert_adds_up(&c.diff);
	diff_finish(&c);
}

CASE(hiding_a_file_removes_it_and_no_byte)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile a 5\n", "layer\nfile a 5\nlayer\nwhiteout a\n");
	assert_row(&c.diff, "a", IMP_DIFF_REMOVED, 5, 5);
	assert_adds_up(&c.diff);
	diff_finish(&c);
}

CASE(an_image_and_itself)
{
	struct diff_case c;
	const char *text = "layer\nfile a 5\nfile b/c 6\nlink d -> a\nsymlink s -> a\n"
			   "layer\nwhiteout a\nfile b/c 7 seed=2\n";

	diff_read(&c, text, text);
	assert_true(imp_diff_is_empty(&c.diff));
	assert_int_equal(c.diff.new_layer_bytes, 0);
	assert_int_equal(c.diff.chain_break, IMP_NONE);
	assert_adds_up(&c.diff);
	diff_finish(&c);
	diff_read(&c, text, "layer\nfile a 5\n");
	assert_false(imp_diff_is_empty(&c.diff));
	diff_finish(&c);
}

CASE(attributes_change_without_bytes)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile a 5 mode=644\nfile b 5 uid=1\nsymlink c -> a\ndir d\n",
		  "layer\nfile a 5 mode=755\nfile b 5 uid=2\nsymlink c -> b\nfile d 0\n");
	assert_int_equal(c.diff.attribute_count, 3);
	assert_int_equal(c.diff.attributes[0].what, IMP_ATTRIBUTE_MODE);
	assert_string_equal(c.diff.attributes[0].before, "0644 0:0");
	assert_string_equal(c.diff.attributes[0].after, "0755 0:0");
	assert_int_equal(c.diff.attributes[1].what, IMP_ATTRIBUTE_OWNER);
	assert_string_equal(c.diff.attributes[2].before, "-> a");
	assert_string_equal(c.diff.attributes[2].after, "-> b");
	diff_finish(&c);
}

CASE(secrets_of_the_environment_are_masked)
{
	struct diff_case c;
	struct imp_slice before[] = {IMP_SLICE("API_TOKEN=abc"), IMP_SLICE("PATH=/a"),
				     IMP_SLICE("X=1")};
	struct imp_slice after[] = {IMP_SLICE("API_TOKEN=def"), IMP_SLICE("PATH=/b"),
				    IMP_SLICE("X=1")};

	diff_read(&c, "layer\nfile a 1\n", "layer\nfile a 1\n");
	c.before.image.config.environment = before;
	c.after.image.config.environment = after;
	c.before.image.config.environment_count = 3;
	c.after.image.config.environment_count = 3;
	diff_make(&c, &c.before, &c.after);
	assert_int_equal(c.diff.setting_count, 2);
	assert_string_equal(c.diff.settings[0].what, "env API_TOKEN");
	assert_true(imp_slice_is(c.diff.settings[0].before, "***"));
	assert_true(imp_slice_is(c.diff.settings[0].after, "***"));
	assert_true(imp_slice_is(c.diff.settings[1].after, "/b"));
	diff_finish(&c);
}

CASE(base_layers_are_told_apart)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile os 50\nlayer\nfile app 5\n",
		  "layer\nfile os 80 seed=2\nlayer\nfile app 6 seed=2\n");
	assert_false(c.diff.origin_known);
	assert_int_equal(path_at(&c.diff, "os")->origin, IMP_ORIGIN_UNKNOWN);
	c.before.analysis.base =
		(struct imp_base_image){.origin = IMP_BASE_GIVEN, .layer_count = 1};
	c.after.analysis.base = c.before.analysis.base;
	diff_make(&c, &c.before, &c.after);
	assert_true(c.diff.origin_known);
	assert_int_equal(change_of(&c.diff.base.disk), 30);
	assert_int_equal(change_of(&c.diff.own.disk), 1);
	assert_int_equal(path_at(&c.diff, "os")->origin, IMP_ORIGIN_BASE);
	assert_int_equal(path_at(&c.diff, "app")->origin, IMP_ORIGIN_OWN);
	assert_int_equal(c.diff.reasons[0].kind, IMP_REASON_BASE);
	assert_int_equal(change_of(&c.diff.reasons[0].sum.disk), 30);
	assert_adds_up(&c.diff);
	c.after.analysis.base.origin = IMP_BASE_GUESSED;
	diff_make(&c, &c.before, &c.after);
	assert_false(c.diff.origin_known);
	diff_finish(&c);
}

/* A few paths, again and again, in a few layers. */
static void random_stack(unsigned *state, struct imp_strbuf *out)
{
	static const char *const paths[] = {"a", "b/c", "b/d", "e/f/g", "e/f/h", "i"};
	unsigned layers = 1 + rand_r(state) % 4;

	imp_strbuf_reset(out);
	for (unsigned layer = 0; layer < layers; layer++) {
		imp_strbuf_add_text(out, "layer\n");
		for (int i = 0; i < 6; i++) {
			const char *path = paths[rand_r(state) % 6];
			unsigned size = rand_r(state) % 5 * 100;
			if (rand_r(state) % 4 == 0)
				imp_strbuf_printf(out, "whiteout %s\n", path);
			else
				imp_strbuf_printf(out, "file %s %u seed=%d\n", path, size,
						  rand_r(state) % 2);
		}
	}
}

static void assert_negative(const struct imp_change_sum *a,
			    const struct imp_change_sum *b)
{
	assert_int_equal(change_of(&a->disk), -change_of(&b->disk));
	assert_int_equal(change_of(&a->pull), -change_of(&b->pull));
}

#define ASSERT_NEGATIVE(a, b, list, size) \
	do { \
		assert_int_equal((a)->size, (b)->size); \
		for (size_t i_ = 0; i_ < (a)->size; i_++) \
			assert_negative(&(a)->list[i_].sum, &(b)->list[i_].sum); \
	} while (0)

static void assert_mirrored(struct diff_case *c)
{
	struct imp_diff there = c->diff;

	diff_make(c, &c->after, &c->before);
	ASSERT_NEGATIVE(&there, &c->diff, packages, package_count);
	ASSERT_NEGATIVE(&there, &c->diff, classes, class_count);
	ASSERT_NEGATIVE(&there, &c->diff, paths, path_count);
	ASSERT_NEGATIVE(&there, &c->diff, findings, finding_count);
	ASSERT_NEGATIVE(&there, &c->diff, reasons, reason_count);
	ASSERT_NEGATIVE(&there, &c->diff, nodes, node_count);
	assert_int_equal(there.attribute_count, c->diff.attribute_count);
	assert_int_equal(there.layer_count, c->diff.layer_count);
}

CASE(random_pairs_add_up_and_mirror)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf before = {0}, after = {0};
	unsigned state = 1;

	for (int round = 0; round < 300; round++) {
		struct diff_case c;
		random_stack(&state, &before);
		random_stack(&state, &after);
		diff_read(&c, before.data, after.data);
		assert_adds_up(&c.diff);
		assert_mirrored(&c);
		assert_adds_up(&c.diff);
		diff_make(&c, &c.before, &c.before);
		assert_true(imp_diff_is_empty(&c.diff));
		diff_finish(&c);
	}
}
