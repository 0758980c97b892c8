#include "diff_case.h"

#include "imgprof/hash.h"

/* Layers of one small file each; DiffIDs and blobs by name. */
static void name_layers(struct analysed *image, const char *names)
{
	for (size_t i = 0; i < image->stack.count; i++) {
		struct imp_slice one = imp_slice(names + i, 1);
		imp_digest_of(IMP_DIGEST_SHA256, one, &image->layers[i].diff_id);
		image->layers[i].summary.blob_digest = image->layers[i].diff_id;
		image->layers[i].instruction = IMP_SLICE("");
	}
}

static void make_text(const char *names, struct imp_strbuf *out)
{
	for (const char *n = names; *n; n++)
		imp_strbuf_printf(out, "layer\nfile %c 100\n", *n);
}

static void read_layers(struct diff_case *c, const char *before, const char *after)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf a = {0}, b = {0};

	make_text(before, &a);
	make_text(after, &b);
	diff_read(c, a.data, b.data);
	name_layers(&c->before, before);
	name_layers(&c->after, after);
}

/* "0=0 1- +1": pairs, what went, what came. */
static void assert_pairs(struct diff_case *c, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf seen = {0};

	diff_make(c, &c->before, &c->after);
	for (size_t i = 0; i < c->diff.layer_count; i++) {
		const struct imp_diff_layer *row = &c->diff.layers[i];
		if (i)
			imp_strbuf_add_char(&seen, ' ');
		if (row->before_index != IMP_NONE)
			imp_strbuf_printf(&seen, "%u", row->before_index);
		imp_strbuf_add_text(&seen, row->before_index == IMP_NONE  ? "+"
					   : row->after_index == IMP_NONE ? "-"
					   : row->state == IMP_DIFF_SAME  ? "="
									  : "~");
		if (row->after_index != IMP_NONE)
			imp_strbuf_printf(&seen, "%u", row->after_index);
	}
	assert_string_equal(seen.data, expected);
	assert_adds_up(&c->diff);
}

CASE(longest_common_run_of_diff_ids)
{
	struct diff_case c;

	read_layers(&c, "abcd", "axcd");
	assert_pairs(&c, "0=0 1~1 2=2 3=3");
	assert_int_equal(c.diff.chain_break, 1);
	assert_int_equal(c.diff.new_layers, 1);
	diff_finish(&c);
	read_layers(&c, "abcd", "aXbcd");
	assert_pairs(&c, "0=0 +1 1=2 2=3 3=4");
	assert_int_equal(c.diff.new_layer_bytes, c.after.layers[1].summary.pull_bytes);
	diff_finish(&c);
	read_layers(&c, "abcd", "ad");
	assert_pairs(&c, "0=0 1- 2- 3=1");
	assert_int_equal(c.diff.new_layers, 0);
	diff_finish(&c);
}

CASE(instructions_pair_inside_a_gap)
{
	struct diff_case c;

	read_layers(&c, "abcd", "axyzd");
	c.before.layers[1].instruction = IMP_SLICE("RUN one");
	c.before.layers[2].instruction = IMP_SLICE("COPY . .");
	c.after.layers[1].instruction = IMP_SLICE("RUN new");
	c.after.layers[2].instruction = IMP_SLICE("RUN one");
	c.after.layers[3].instruction = IMP_SLICE("COPY . .");
	assert_pairs(&c, "0=0 +1 1~2 2~3 3=4");
	diff_finish(&c);
}

CASE(order_pairs_what_is_left)
{
	struct diff_case c;

	read_layers(&c, "abc", "axyzc");
	assert_pairs(&c, "0=0 1~1 +2 +3 2=4");
	diff_finish(&c);
}

CASE(ties_fall_the_same_way_in_both_directions)
{
	struct diff_case c;
	struct imp_diff there;

	read_layers(&c, "ab", "ba");
	diff_make(&c, &c.before, &c.after);
	there = c.diff;
	diff_make(&c, &c.after, &c.before);
	for (size_t i = 0; i < there.layer_count; i++) {
		const struct imp_diff_layer *row = &there.layers[i];
		bool found = false;
		for (size_t k = 0; k < c.diff.layer_count; k++)
			found |= c.diff.layers[k].before_index == row->after_index &&
				 c.diff.layers[k].after_index == row->before_index;
		assert_true(found);
	}
	diff_finish(&c);
}

CASE(distinct_layers_count_once)
{
	struct diff_case c;
	const struct imp_analysis *before[2], *after[2];
	struct imp_change_sum sum;

	read_layers(&c, "ab", "abc");
	before[0] = before[1] = &c.before.analysis;
	after[0] = &c.before.analysis;
	after[1] = &c.after.analysis;
	imp_diff_distinct(before, after, 2, &sum);
	assert_int_equal(sum.disk.before, 200);
	assert_int_equal(sum.disk.after, 300);
	diff_finish(&c);
}

CASE(another_compression_is_named)
{
	struct diff_case c;

	read_layers(&c, "ab", "ab");
	imp_digest_of(IMP_DIGEST_SHA256, IMP_SLICE("x"),
		      &c.after.layers[1].summary.blob_digest);
	c.after.layers[1].summary.pull_bytes += 1000;
	diff_make(&c, &c.before, &c.after);
	assert_int_equal(c.diff.reason_count, 1);
	assert_int_equal(c.diff.reasons[0].kind, IMP_REASON_OVERHEAD);
	assert_string_equal(c.diff.reasons[0].title, "layers compressed otherwise");
	diff_make(&c, &c.after, &c.after);
	assert_int_equal(c.diff.reason_count, 0);
	diff_finish(&c);

	read_layers(&c, "ab", "ac");
	c.after.layers[1].summary.pull_bytes += 1000;
	diff_make(&c, &c.before, &c.after);
	for (size_t i = 0; i < c.diff.reason_count; i++)
		assert_string_equal(c.diff.reasons[i].title, "");
	diff_finish(&c);
}

/* Layers that could not be read, of an archive that names no blobs. */
CASE(layers_without_digests_are_told_by_their_diff_ids)
{
	struct diff_case c;
	const struct imp_digest none = {0};

	read_layers(&c, "ab", "ac");
	for (size_t i = 0; i < 2; i++)
		c.before.layers[i].summary.blob_digest =
			c.after.layers[i].summary.blob_digest = none;
	assert_pairs(&c, "0=0 1~1");
	assert_int_equal(c.diff.new_layers, 1);
	assert_int_equal(c.diff.chain_break, 1);
	c.before.layers[0].diff_id = c.after.layers[0].diff_id = none;
	assert_pairs(&c, "0~0 1~1");
	assert_int_equal(c.diff.new_layers, 2);
	assert_int_equal(c.diff.chain_break, 0);
	diff_finish(&c);
}
