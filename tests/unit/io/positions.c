#include "kit.h"

#include <zstd.h>

#include "imgprof/checked.h"

/* The position of OUTPUT as layer profiles take it: interpolated between samples. */
static uint64_t input_at(const struct kit_run *run, uint64_t output)
{
	struct imp_position low = {0, 0};
	struct imp_position end = {run->result.output_bytes,
				   run->result.input_bytes - run->result.toc_bytes};
	for (size_t i = 0; i <= run->position_count; i++) {
		struct imp_position high =
			i < run->position_count ? run->positions[i] : end;
		if (output <= high.output && high.output > low.output)
			return low.input + imp_mul_div(output - low.output,
						       high.input - low.input,
						       high.output - low.output);
		low = high;
	}
	return end.input;
}

static void add_zstd(struct imp_strbuf *blob, struct imp_slice data)
{
	size_t bound = ZSTD_compressBound(data.len);
	size_t n = ZSTD_compress(imp_strbuf_reserve(blob, bound), bound, data.data,
				 data.len, 3);
	assert_false(ZSTD_isError(n));
	blob->len += n;
}

/* The share of the blob's bytes in per mille that falls on output [START, END). */
static uint64_t per_mille(struct imp_slice blob, struct kit_how how, uint64_t start,
			  uint64_t end)
{
	kit_auto_run run = kit_decode(blob, how);
	assert_int_equal(run.rc, 1);
	return (input_at(&run, end) - input_at(&run, start)) * 1000 / blob.len;
}

static const struct kit_how zlib_how = {.engine = &imp_inflate_zlib};
static const struct kit_how default_how = {0};

CASE(noise_then_zeros)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, gzip = {0}, zstd = {0};
	kit_noise(&data, MIB(1), 1);
	kit_fill(&data, '\0', MIB(1));
	kit_gzip(&gzip, imp_strbuf_slice(&data));
	add_zstd(&zstd, imp_strbuf_slice(&data));
	struct imp_slice gz = imp_strbuf_slice(&gzip), zst = imp_strbuf_slice(&zstd);
	assert_true(per_mille(gz, default_how, MIB(1), MIB(2)) < 8);
	assert_true(per_mille(gz, zlib_how, MIB(1), MIB(2)) < 8);
	assert_true(per_mille(zst, default_how, MIB(1), MIB(2)) < 8);
}

CASE(zeros_then_noise)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, gzip = {0}, zstd = {0};
	kit_fill(&data, '\0', MIB(1));
	kit_noise(&data, MIB(1), 1);
	kit_gzip(&gzip, imp_strbuf_slice(&data));
	add_zstd(&zstd, imp_strbuf_slice(&data));
	struct imp_slice gz = imp_strbuf_slice(&gzip), zst = imp_strbuf_slice(&zstd);
	assert_true(per_mille(gz, default_how, 0, MIB(1)) < 8);
	assert_true(per_mille(gz, zlib_how, 0, MIB(1)) < 8);
	assert_true(per_mille(zst, default_how, 0, MIB(1)) < 8);
}

/* Noise and zeros in turns, in pieces that fit no grid. */
CASE(many_turns)
{
	enum { TURNS = 20, NOISE = 100003, ZEROS = 300007 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, gzip = {0};
	for (unsigned i = 0; i < TURNS; i++) {
		kit_noise(&data, NOISE, i);
		kit_fill(&data, '\0', ZEROS);
	}
	kit_gzip(&gzip, imp_strbuf_slice(&data));
	kit_auto_run run = kit_decode(imp_strbuf_slice(&gzip), default_how);
	for (uint64_t i = 0; i < TURNS; i++) {
		uint64_t start = i * (NOISE + ZEROS);
		uint64_t noise = input_at(&run, start + NOISE) - input_at(&run, start);
		assert_in_range(noise, NOISE - 2 * 4096, NOISE + 2 * 4096);
	}
}

/* A blob with all that framing can do, for the cases below. */
static void add_members(struct imp_strbuf *blob)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_text(&data, 900001, 1);
	kit_fill(&data, 'z', 3000000);
	kit_noise(&data, 70000, 2);
	struct imp_slice all = imp_strbuf_slice(&data);
	kit_gzip(blob, imp_slice("", 0));
	kit_gzip(blob, imp_slice(all.data, 500));
	for (int i = 0; i < 500; i++)
		kit_gzip(blob, imp_slice(all.data + 500 + 7 * i, 7));
	struct kit_member m = {
		.level = 1, .flags = 30, .extra_bytes = 5000, .name_bytes = 300};
	kit_gzip_with(blob, imp_slice_skip(all, 4000), &m);
	kit_gzip_with(blob, imp_slice(all.data, 90000), &(struct kit_member){.level = 0});
	imp_strbuf_add_text(blob, "trailing");
}

static void add_frames(struct imp_strbuf *blob)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_text(&data, 900001, 1);
	kit_fill(&data, 'z', 3000000);
	kit_noise(&data, 700000, 2);
	struct imp_slice all = imp_strbuf_slice(&data);
	for (int i = 0; i < 500; i++)
		add_zstd(blob, imp_slice(all.data + 7 * i, 7));
	kit_le(blob, 0x184d2a50, 4);
	kit_le(blob, 10001, 4);
	kit_noise(blob, 10001, 3);
	add_zstd(blob, all);
	add_zstd(blob, imp_slice(all.data, 1000));
}

static void assert_independent_of_reads(struct imp_slice blob,
					const struct imp_inflate_engine *engine)
{
	kit_auto_run whole = kit_decode(blob, (struct kit_how){.engine = engine});
	assert_int_equal(whole.rc, 1);
	assert_true(whole.position_count > 10);
	static const size_t chunks[] = {1,    2,    3,    511,   1000,
					4095, 4096, 4097, 65536, 100000};
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct kit_how how = {.engine = engine, .chunk = chunks[i]};
		kit_auto_run run = kit_decode(blob, how);
		kit_assert_bytes(&run, imp_strbuf_slice(&whole.bytes));
		kit_assert_same_positions(&run, &whole);
	}
	struct kit_how ahead = {
		.engine = engine, .chunk = 700, .ahead_before = 3, .ahead_behind = 3};
	kit_auto_run run = kit_decode(blob, ahead);
	kit_assert_bytes(&run, imp_strbuf_slice(&whole.bytes));
	kit_assert_same_positions(&run, &whole);
}

CASE(gzip_positions_are_independent_of_reads)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_members(&blob);
	assert_independent_of_reads(imp_strbuf_slice(&blob), imp_inflate_default);
	assert_independent_of_reads(imp_strbuf_slice(&blob), &imp_inflate_zlib);
}

CASE(zstd_positions_are_independent_of_reads)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_frames(&blob);
	assert_independent_of_reads(imp_strbuf_slice(&blob), imp_inflate_default);
}

/* ISA-L builds other tables for a last block when little input is at hand. */
CASE(last_blocks_are_independent_of_reads)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0}, data = {0};
	for (uint64_t seed = 0; seed < 40; seed++) {
		imp_strbuf_reset(&data);
		kit_text(&data, 40000, seed);
		kit_gzip(&blob, imp_strbuf_slice(&data));
	}
	assert_independent_of_reads(imp_strbuf_slice(&blob), imp_inflate_default);
}

/* The output buffer is full with the byte that a point of the grid ends with: the sample
 * comes all the same. 4095 bytes of header and block headers move the one to the other. */
CASE(sample_where_the_buffer_is_full)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0}, data = {0};
	kit_noise(&data, 400000, 1);
	struct kit_member m = {.level = 0, .flags = 4, .extra_bytes = 4095 - 12 - 5 * 5};
	kit_gzip_with(&blob, imp_strbuf_slice(&data), &m);
	struct imp_position want = {IMP_OUTPUT_BYTES + 1, IMP_OUTPUT_BYTES + 4096};
	for (int i = 0; i < 2; i++) {
		kit_auto_run run =
			kit_decode(imp_strbuf_slice(&blob), i ? zlib_how : default_how);
		kit_assert_bytes(&run, imp_strbuf_slice(&data));
		size_t found = 0;
		for (size_t k = 0; k < run.position_count; k++)
			found += run.positions[k].output == want.output &&
				 run.positions[k].input == want.input;
		assert_int_equal(found, 1);
	}
}

CASE(gzip_samples_are_on_the_grid)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_members(&blob);
	kit_auto_run run = kit_decode(imp_strbuf_slice(&blob), default_how);
	for (size_t i = 0; i + 1 < run.position_count; i++)
		assert_int_equal(run.positions[i].input % IMP_POSITION_GRID, 0);
}

CASE(last_sample_is_the_end_of_the_last_member)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 50000, 1);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	size_t end = blob.len;
	kit_fill(&blob, '\0', 100000);
	kit_auto_run run = kit_decode(imp_strbuf_slice(&blob), default_how);
	assert_true(run.position_count > 0);
	struct imp_position last = run.positions[run.position_count - 1];
	assert_int_equal(last.output, 50000);
	assert_int_equal(last.input, end);
}

CASE(skippable_frames_do_not_count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0}, bare = {0};
	kit_noise(&data, 500000, 1);
	add_zstd(&bare, imp_strbuf_slice(&data));
	kit_le(&blob, 0x184d2a51, 4);
	kit_le(&blob, 123457, 4);
	kit_noise(&blob, 123457, 3);
	imp_strbuf_add_slice(&blob, imp_strbuf_slice(&bare));
	kit_le(&blob, 0x184d2a5f, 4);
	kit_le(&blob, 0, 4);
	kit_auto_run with = kit_decode(imp_strbuf_slice(&blob), default_how);
	kit_auto_run without = kit_decode(imp_strbuf_slice(&bare), default_how);
	assert_int_equal(with.result.toc_bytes, 123457 + 16);
	kit_assert_same_positions(&with, &without);
	assert_int_equal(with.positions[with.position_count - 1].input, bare.len);
}

/* A member whose blocks are empty but for one byte in each cell of the grid: as many
 * samples as bytes, more than one chunk can carry. */
CASE(more_samples_than_a_chunk_carries)
{
	enum { BYTES = 5000 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	imp_strbuf_add(&blob, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	for (int i = 0; i < BYTES; i++) {
		while (blob.len < (size_t)(i + 1) * IMP_POSITION_GRID - 12)
			imp_strbuf_add(&blob, "\0\0\0\xff\xff", 5);
		imp_strbuf_add(&blob, "\0\1\0\xfe\xff", 5);
		imp_strbuf_add_char(&blob, (char)i);
		imp_strbuf_add_char(&data, (char)i);
	}
	imp_strbuf_add(&blob, "\1\0\0\xff\xff", 5);
	kit_le(&blob, crc32_z(0, (const Bytef *)data.data, data.len), 4);
	kit_le(&blob, data.len, 4);

	for (int i = 0; i < 2; i++) {
		kit_auto_run run =
			kit_decode(imp_strbuf_slice(&blob), i ? zlib_how : default_how);
		kit_assert_bytes(&run, imp_strbuf_slice(&data));
		assert_int_equal(run.position_count, BYTES);
		for (size_t k = 0; k < BYTES; k++)
			assert_int_equal(run.positions[k].output, k + 1);
		struct kit_how ahead = i ? zlib_how : default_how;
		ahead.ahead_behind = 4;
		kit_auto_run same = kit_decode(imp_strbuf_slice(&blob), ahead);
		kit_assert_same_positions(&run, &same);
	}
}
