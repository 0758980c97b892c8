/* ISA-L and zlib on the same input: the same bytes, offsets, results and errors; positions
 * that differ by no more than what one symbol decodes to. In a build without ISA-L zlib is
 * compared with itself. */
#include "kit.h"

static void assert_same_result(const struct imp_decode_result *a,
			       const struct imp_decode_result *b)
{
	assert_int_equal(a->compression, b->compression);
	assert_int_equal(a->input_bytes, b->input_bytes);
	assert_int_equal(a->output_bytes, b->output_bytes);
	assert_int_equal(a->trailing_bytes, b->trailing_bytes);
	assert_int_equal(a->trailing_zeros, b->trailing_zeros);
}

static void assert_engines_agree(struct imp_slice blob, size_t chunk)
{
	struct kit_how how = {.chunk = chunk};
	kit_auto_run fast = kit_decode(blob, how);
	how.engine = &imp_inflate_zlib;
	kit_auto_run slow = kit_decode(blob, how);
	assert_int_equal(fast.rc, slow.rc);
	if (fast.rc == 1) {
		kit_assert_bytes(&fast, imp_strbuf_slice(&slow.bytes));
		assert_same_result(&fast.result, &slow.result);
		return;
	}
	/* How much came out before the damage was noticed is theirs to choose. */
	size_t n = fast.bytes.len < slow.bytes.len ? fast.bytes.len : slow.bytes.len;
	assert_true(n == 0 || memcmp(fast.bytes.data, slow.bytes.data, n) == 0);
}

static void add_mixed(struct imp_strbuf *data, uint64_t seed)
{
	kit_text(data, 100000, seed);
	kit_fill(data, (char)seed, 400000);
	kit_noise(data, 60000, seed);
	kit_text(data, 300000, seed + 1);
}

CASE(engines_agree_on_good_input)
{
	for (int level = 0; level <= 9; level++)
		for (int strategy = 0; strategy <= Z_FIXED; strategy++) {
			imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0},
								      blob = {0};
			add_mixed(&data, (uint64_t)level);
			struct kit_member m = {.level = level, .strategy = strategy};
			kit_gzip_with(&blob, imp_strbuf_slice(&data), &m);
			kit_gzip_with(&blob, IMP_SLICE("second"), &m);
			assert_engines_agree(imp_strbuf_slice(&blob), 0);
		}
}

CASE(engines_agree_on_trailing_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_gzip(&blob, IMP_SLICE("content"));
	kit_fill(&blob, '\0', 5000);
	assert_engines_agree(imp_strbuf_slice(&blob), 0);
	imp_strbuf_add_text(&blob, "junk");
	assert_engines_agree(imp_strbuf_slice(&blob), 0);
}

CASE(engines_agree_on_truncated_input)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 20000, 3);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	for (size_t n = 0; n < blob.len; n += 13) {
		struct imp_slice cut = imp_slice(blob.data, n);
		struct kit_run runs[2] = {
			kit_decode(cut, (struct kit_how){0}),
			kit_decode(cut, (struct kit_how){.engine = &imp_inflate_zlib})};
		assert_int_equal(runs[0].rc, runs[1].rc);
		assert_string_equal(runs[0].err.message, runs[1].err.message);
		kit_finish(&runs[0]);
		kit_finish(&runs[1]);
	}
}

CASE(engines_agree_on_damaged_input)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0},
						      random = {0};
	kit_text(&data, 30000, 4);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	kit_noise(&random, 4000, 5);
	for (size_t i = 0; i + 4 <= random.len; i += 4) {
		uint32_t r;
		memcpy(&r, random.data + i, 4);
		char *at = blob.data + 10 + r % (blob.len - 10);
		char flip = (char)(1 << (r >> 29));
		*at ^= flip;
		assert_engines_agree(imp_strbuf_slice(&blob), 0);
		*at ^= flip;
	}
}

CASE(engines_agree_on_deflate_garbage)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	for (uint64_t seed = 0; seed < 3000; seed++) {
		imp_strbuf_reset(&blob);
		imp_strbuf_add(&blob, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
		kit_noise(&blob, 300, seed);
		assert_engines_agree(imp_strbuf_slice(&blob), 0);
	}
}

/* Symbols wait for their last bit, so an engine that takes several at once may be one step
 * behind at a point of the grid: a few literals or one copy. */
CASE(engines_agree_on_positions)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	for (uint64_t seed = 0; seed < 4; seed++)
		add_mixed(&data, seed);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	kit_auto_run fast = kit_decode(imp_strbuf_slice(&blob), (struct kit_how){0});
	kit_auto_run slow = kit_decode(imp_strbuf_slice(&blob),
				       (struct kit_how){.engine = &imp_inflate_zlib});
	assert_int_equal(fast.position_count, slow.position_count);
	for (size_t i = 0; i < fast.position_count; i++) {
		assert_int_equal(fast.positions[i].input, slow.positions[i].input);
		int64_t apart =
			(int64_t)(fast.positions[i].output - slow.positions[i].output);
		assert_true(apart >= -264 && apart <= 264);
	}
}

/* The engine alone: no room, no input, one byte at a time. */
CASE(engine_in_the_smallest_steps)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, raw = {0};
	kit_text(&data, 5000, 6);
	kit_deflate(&raw, imp_strbuf_slice(&data), 6, 0);
	for (int hold = 0; hold < 2; hold++) {
		const struct imp_inflate_engine *engine = imp_inflate_default;
		void *inflate = engine->create();
		engine->reset(inflate);
		struct imp_inflate_step step = {.in = (const uint8_t *)raw.data};
		size_t done = 0, read = 0;
		enum imp_inflate_status status = IMP_INFLATE_MORE;
		for (int i = 0; status == IMP_INFLATE_MORE; i++) {
			uint8_t byte;
			step.in = (const uint8_t *)raw.data + read;
			step.in_len = i % 2 && read < raw.len ? 1 : 0;
			step.out = &byte;
			step.out_len = 1;
			step.may_hold = hold;
			size_t in_len = step.in_len;
			status = engine->run(inflate, &step);
			read += in_len - step.in_len;
			if (step.out_len == 0)
				assert_int_equal((char)byte, data.data[done++]);
		}
		assert_int_equal(status, IMP_INFLATE_DONE);
		assert_int_equal(done, data.len);
		assert_int_equal(read, raw.len);
		assert_int_equal(step.behind_count, 0);
		engine->destroy(inflate);
	}
}
