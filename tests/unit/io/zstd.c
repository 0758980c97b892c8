#include "kit.h"

#include <pthread.h>
#include <zstd.h>

#define SKIPPABLE 0x184d2a50u

/* A frame as the library writes it. */
static void add_frame_with(struct imp_strbuf *blob, struct imp_slice data, bool checksum,
			   bool content_size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
	ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, content_size);
	size_t bound = ZSTD_compressBound(data.len);
	size_t n = ZSTD_compress2(context, imp_strbuf_reserve(blob, bound), bound,
				  data.data, data.len);
	assert_false(ZSTD_isError(n));
	blob->len += n;
	ZSTD_freeCCtx(context);
}

static void add_frame(struct imp_strbuf *blob, struct imp_slice data)
{
	add_frame_with(blob, data, true, true);
}

static void add_skippable(struct imp_strbuf *blob, unsigned low, size_t len)
{
	kit_le(blob, SKIPPABLE + low, 4);
	kit_le(blob, len, 4);
	kit_noise(blob, len, low);
}

/* Byte by byte: a frame header with a window descriptor and nothing else. */
static void add_raw_header(struct imp_strbuf *blob, unsigned window_log, unsigned eighths)
{
	kit_le(blob, 0xfd2fb528u, 4);
	kit_le(blob, 0, 1);
	kit_le(blob, (window_log - 10) << 3 | eighths, 1);
}

enum block_type { RAW, RLE, COMPRESSED, RESERVED };

static void add_block(struct imp_strbuf *blob, enum block_type type, bool last,
		      size_t size, struct imp_slice content)
{
	kit_le(blob, (unsigned)last | (unsigned)type << 1 | size << 3, 3);
	imp_strbuf_add_slice(blob, content);
}

static void add_raw_frame(struct imp_strbuf *blob, unsigned window_log,
			  struct imp_slice content)
{
	add_raw_header(blob, window_log, 0);
	add_block(blob, RAW, true, content.len, content);
}

static void assert_decodes(const struct imp_strbuf *blob, struct imp_slice want,
			   uint64_t toc_bytes)
{
	static const size_t chunks[] = {0, 1, 2, 3, 7, 100, 4095, 4096, 4097, 65536};
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		kit_auto_run run = kit_decode(imp_strbuf_slice(blob),
					      (struct kit_how){.chunk = chunks[i]});
		kit_assert_bytes(&run, want);
		assert_int_equal(run.result.compression, IMP_COMPRESSION_ZSTD);
		assert_int_equal(run.result.input_bytes, blob->len);
		assert_int_equal(run.result.toc_bytes, toc_bytes);
		assert_int_equal(run.result.trailing_bytes, 0);
	}
	assert_int_equal(imp_zstd_window_in_use(), 0);
}

static void assert_decode_fails(const struct imp_strbuf *blob, int category,
				const char *part)
{
	for (size_t chunk = 0; chunk < 4; chunk++)
		kit_assert_fails(imp_strbuf_slice(blob), (struct kit_how){.chunk = chunk},
				 category, part);
	assert_int_equal(imp_zstd_window_in_use(), 0);
}

CASE(one_frame)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 500000, 1);
	add_frame(&blob, imp_strbuf_slice(&data));
	assert_decodes(&blob, imp_strbuf_slice(&data), 0);
}

CASE(empty_frame)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_frame(&blob, imp_slice("", 0));
	assert_decodes(&blob, imp_slice("", 0), 0);
}

CASE(two_frames)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 300000, 2);
	struct imp_slice all = imp_strbuf_slice(&data);
	add_frame(&blob, imp_slice(all.data, 100001));
	add_frame_with(&blob, imp_slice_skip(all, 100001), false, false);
	assert_decodes(&blob, all, 0);
}

CASE(without_content_size_or_checksum)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_text(&data, 200000, 3);
	for (int kind = 0; kind < 4; kind++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		add_frame_with(&blob, imp_strbuf_slice(&data), kind & 1, kind & 2);
		assert_decodes(&blob, imp_strbuf_slice(&data), 0);
	}
}

/* Every width of the content size field, with and without a window descriptor. */
CASE(sizes_of_content)
{
	static const size_t sizes[] = {1,           255,          256,      257,
				       65535 + 256, 65536 + 256,  KIB(128), KIB(256) - 1,
				       KIB(256),    KIB(256) + 1, KIB(512), KIB(512) + 1,
				       MIB(3)};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int checksum = 0; checksum < 2; checksum++) {
			imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0},
								      blob = {0};
			kit_text(&data, sizes[i], i);
			add_frame_with(&blob, imp_strbuf_slice(&data), checksum, true);
			add_frame_with(&blob, imp_strbuf_slice(&data), checksum, false);
			imp_strbuf_reserve(&data, sizes[i]);
			imp_strbuf_add(&data, data.data, sizes[i]);
			assert_decodes(&blob, imp_strbuf_slice(&data), 0);
		}
}

CASE(skippable_first_middle_last)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 2000, 4);
	struct imp_slice all = imp_strbuf_slice(&data);
	add_skippable(&blob, 0, 5000);
	add_frame(&blob, imp_slice(all.data, 1000));
	add_skippable(&blob, 15, 0);
	add_skippable(&blob, 7, 1);
	add_frame(&blob, imp_slice_skip(all, 1000));
	add_skippable(&blob, 14, 70000);
	add_skippable(&blob, 14, 33);
	assert_decodes(&blob, all, 5000 + 0 + 1 + 70000 + 33 + 5 * 8);
}

CASE(only_skippable)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_skippable(&blob, 3, 100);
	assert_decodes(&blob, imp_slice("", 0), 108);
}

CASE(skippable_truncated)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_frame(&blob, IMP_SLICE("content"));
	size_t start = blob.len;
	add_skippable(&blob, 3, 20);
	for (size_t n = start + 4; n < start + 28; n++) {
		struct imp_strbuf cut = {blob.data, n, 0};
		assert_decode_fails(&cut, IMP_E_INTEGRITY, "truncated");
	}
}

CASE(truncated_at_every_offset)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 700, 5);
	add_frame(&blob, imp_strbuf_slice(&data));
	for (size_t n = 1; n < blob.len; n++) {
		struct imp_strbuf cut = {blob.data, n, 0};
		assert_decode_fails(&cut, IMP_E_INTEGRITY, "truncated");
	}
}

CASE(truncated_in_the_second_frame)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_frame(&blob, IMP_SLICE("first"));
	size_t second = blob.len;
	add_frame(&blob, IMP_SLICE("second"));
	for (size_t n = second + 1; n < blob.len; n++) {
		struct imp_strbuf cut = {blob.data, n, 0};
		assert_decode_fails(&cut, IMP_E_INTEGRITY, "truncated");
	}
}

CASE(truncated_large)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, MIB(2), 6);
	add_frame(&blob, imp_strbuf_slice(&data));
	for (size_t n = 4096; n < blob.len; n += blob.len / 64) {
		kit_auto_run run = kit_decode(imp_slice(blob.data, n),
					      (struct kit_how){.chunk = 10000});
		assert_fails(run.rc, IMP_E_INTEGRITY, "truncated", &run.err);
		assert_true(run.bytes.len < data.len);
		if (run.bytes.len > 0)
			assert_memory_equal(run.bytes.data, data.data, run.bytes.len);
	}
}

CASE(checksum_flipped)
{
	for (int bit = 0; bit < 32; bit++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		add_frame(&blob, IMP_SLICE("content"));
		blob.data[blob.len - 4 + (size_t)bit / 8] ^= (char)(1 << bit % 8);
		add_frame(&blob, IMP_SLICE("more"));
		assert_decode_fails(&blob, IMP_E_INTEGRITY, "wrong checksum");
	}
}

CASE(every_bit_flipped)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 400, 7);
	add_frame(&blob, imp_strbuf_slice(&data));
	for (size_t i = 4; i < blob.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			blob.data[i] = (char)(blob.data[i] ^ 1 << bit);
			kit_auto_run run =
				kit_decode(imp_strbuf_slice(&blob), (struct kit_how){0});
			if (run.rc == 1)
				kit_assert_bytes(&run, imp_strbuf_slice(&data));
			blob.data[i] = (char)(blob.data[i] ^ 1 << bit);
		}
}

CASE(content_size_wrong)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 200, 8);
	add_frame_with(&blob, imp_strbuf_slice(&data), false, true);
	assert_int_equal((unsigned char)blob.data[5], 200);
	blob.data[5] = (char)201;
	assert_decode_fails(&blob, IMP_E_INTEGRITY, "damaged data");
}

CASE(junk_behind_the_last_frame)
{
	static const struct imp_slice junk[] = {
		{"j", 1},
		{"jun", 3},
		{"junk", 4},
		{"\0\0\0\0", 4},
		{"\x27\xb5\x2f\xfd", 4}, /* the format of zstd 0.7 */
	};
	for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		add_frame(&blob, IMP_SLICE("content"));
		imp_strbuf_add_slice(&blob, junk[i]);
		assert_decode_fails(&blob, IMP_E_FORMAT, "unknown data at byte");
	}
}

CASE(junk_behind_a_skippable_frame)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_skippable(&blob, 0, 10);
	imp_strbuf_add_text(&blob, "junk");
	assert_decode_fails(&blob, IMP_E_FORMAT, "unknown data at byte 18");
}

CASE(kinds_of_blocks)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0}, want = {0};
	add_raw_header(&blob, 17, 0);
	add_block(&blob, RAW, false, 5, IMP_SLICE("first"));
	add_block(&blob, RLE, false, KIB(128), IMP_SLICE("r"));
	add_block(&blob, RAW, false, 0, imp_slice("", 0));
	add_block(&blob, RLE, false, 1, IMP_SLICE("s"));
	add_block(&blob, RAW, true, 0, imp_slice("", 0));
	imp_strbuf_add_text(&want, "first");
	kit_fill(&want, 'r', KIB(128));
	imp_strbuf_add_text(&want, "s");
	assert_decodes(&blob, imp_strbuf_slice(&want), 0);
}

CASE(block_of_reserved_type)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_header(&blob, 17, 0);
	add_block(&blob, RESERVED, true, 4, IMP_SLICE("abcd"));
	assert_decode_fails(&blob, IMP_E_INTEGRITY, "damaged data");
}

CASE(block_too_large)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_header(&blob, 17, 0);
	add_block(&blob, RLE, true, KIB(128) + 1, IMP_SLICE("r"));
	assert_decode_fails(&blob, IMP_E_INTEGRITY, "damaged data");
}

CASE(reserved_bit_of_the_header)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_frame(&blob, 17, IMP_SLICE("abcd"));
	blob.data[4] |= 8;
	assert_decode_fails(&blob, IMP_E_INTEGRITY, "damaged data");
}

CASE(window_too_large)
{
	static const struct {
		unsigned log, eighths;
		const char *part;
	} rows[] = {
		{31, 0, "window too large: 2147483648 bytes"},
		{41, 7, "window too large: 4123168604160 bytes"},
		{27, 1, "window too large: 150994944 bytes"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		add_raw_header(&blob, rows[i].log, rows[i].eighths);
		add_block(&blob, RAW, true, 4, IMP_SLICE("abcd"));
		assert_decode_fails(&blob, IMP_E_LIMIT, rows[i].part);
		assert_decode_fails(&blob, IMP_E_LIMIT, "zstd-window-log");
	}
}

CASE(window_of_a_single_segment_too_large)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_le(&blob, 0xfd2fb528u, 4);
	kit_le(&blob, 0xe0, 1);
	kit_le(&blob, (uint64_t)1 << 40, 8);
	add_block(&blob, RAW, true, 4, IMP_SLICE("abcd"));
	assert_decode_fails(&blob, IMP_E_LIMIT, "window too large: 1099511627776 bytes");
}

CASE(window_limit_is_settable)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_frame(&blob, 20, IMP_SLICE("abcd"));
	struct imp_limits limits = imp_limits_default;
	limits.zstd_window_log = 20;
	kit_auto_run run =
		kit_decode(imp_strbuf_slice(&blob), (struct kit_how){.limits = &limits});
	kit_assert_bytes(&run, IMP_SLICE("abcd"));
	limits.zstd_window_log = 19;
	kit_assert_fails(imp_strbuf_slice(&blob), (struct kit_how){.limits = &limits},
			 IMP_E_LIMIT, "zstd-window-log");
	limits.zstd_window_log = 60;
	imp_strbuf_reset(&blob);
	add_raw_frame(&blob, 40, IMP_SLICE("abcd"));
	kit_assert_fails(imp_strbuf_slice(&blob), (struct kit_how){.limits = &limits},
			 IMP_E_LIMIT, "window too large");
}

CASE(dictionary_is_refused)
{
	for (int width = 1; width <= 3; width++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		kit_le(&blob, 0xfd2fb528u, 4);
		kit_le(&blob, (unsigned)width, 1);
		kit_le(&blob, 7 << 3, 1);
		kit_le(&blob, 77, 1 << (width - 1));
		add_block(&blob, RAW, true, 4, IMP_SLICE("abcd"));
		assert_decode_fails(&blob, IMP_E_UNSUPPORTED, "needs dictionary 77");
	}
}

CASE(dictionary_zero_is_none)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_le(&blob, 0xfd2fb528u, 4);
	kit_le(&blob, 3, 1);
	kit_le(&blob, 7 << 3, 1);
	kit_le(&blob, 0, 4);
	add_block(&blob, RAW, true, 4, IMP_SLICE("abcd"));
	assert_decodes(&blob, IMP_SLICE("abcd"), 0);
}

/* COUNT blocks of 128 KiB that cost four bytes each. */
static void add_bomb(struct imp_strbuf *blob, int count)
{
	add_raw_header(blob, 17, 0);
	for (int i = 0; i < count; i++)
		add_block(blob, RLE, i == count - 1, KIB(128), IMP_SLICE("0"));
}

CASE(ratio_limit)
{
	struct imp_limits limits = imp_limits_default;
	limits.ratio_after_bytes = MIB(1);
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_bomb(&blob, 80);
	for (size_t chunk = 0; chunk < 3; chunk++) {
		kit_auto_run run =
			kit_decode(imp_strbuf_slice(&blob),
				   (struct kit_how){.limits = &limits, .chunk = chunk});
		assert_fails(run.rc, IMP_E_LIMIT, "ratio", &run.err);
		assert_int_equal(run.bytes.len, MIB(1) + KIB(128));
	}
	limits.ratio_after_bytes = MIB(10);
	kit_auto_run below =
		kit_decode(imp_strbuf_slice(&blob), (struct kit_how){.limits = &limits});
	assert_int_equal(below.rc, 1);
	limits.ratio_after_bytes = MIB(1);
	limits.ratio = 40000;
	kit_auto_run flat =
		kit_decode(imp_strbuf_slice(&blob), (struct kit_how){.limits = &limits});
	assert_int_equal(flat.rc, 1);
}

CASE(ratio_counts_no_skippable_frames)
{
	struct imp_limits limits = imp_limits_default;
	limits.ratio_after_bytes = MIB(1);
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_skippable(&blob, 0, MIB(1));
	add_bomb(&blob, 80);
	kit_assert_fails(imp_strbuf_slice(&blob), (struct kit_how){.limits = &limits},
			 IMP_E_LIMIT, "ratio");
}

CASE(output_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 700000, 10);
	add_frame(&blob, imp_strbuf_slice(&data));
	static const uint64_t limits[] = {1, 262143, 262144, 262145, 524288, 699999};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		kit_auto_run run =
			kit_decode(imp_strbuf_slice(&blob),
				   (struct kit_how){.max_output_bytes = limits[i]});
		assert_fails(run.rc, IMP_E_LIMIT, "layer-tar-bytes", &run.err);
		assert_int_equal(run.bytes.len, limits[i]);
		assert_memory_equal(run.bytes.data, data.data, limits[i]);
	}
}

CASE(failure_of_the_source_comes_behind_its_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0}, data = {0};
	kit_noise(&data, 1000, 1);
	add_raw_header(&blob, 17, 0);
	add_block(&blob, RAW, false, 1000, imp_strbuf_slice(&data));
	add_block(&blob, RAW, true, 4, IMP_SLICE("abcd"));
	kit_auto_run run = kit_decode_stream(
		kit_failing(imp_slice(blob.data, blob.len - 4), 10), (struct kit_how){0});
	assert_fails(run.rc, IMP_E_NETWORK, "connection lost", &run.err);
	assert_int_equal(run.bytes.len, 1000);
}

/* Decoders with large windows, and an inner stream that looks at what all of them hold
 * together. */
struct greedy {
	struct imp_stream base;
	struct imp_slice rest;
	_Atomic uint64_t *most;
};

static int greedy_next(struct imp_stream *stream, struct imp_chunk *out,
		       struct imp_error *err)
{
	(void)err;
	struct greedy *g = (struct greedy *)stream;
	uint64_t held = imp_zstd_window_in_use(), most = *g->most;
	while (held > most && !atomic_compare_exchange_weak(g->most, &most, held))
		;
	if (g->rest.len == 0)
		return 1;
	*out = (struct imp_chunk){.data = (const uint8_t *)g->rest.data, .len = 1};
	g->rest = imp_slice_skip(g->rest, 1);
	return 0;
}

static void greedy_destroy(struct imp_stream *stream)
{
	free(stream);
}

static const struct imp_stream_ops greedy_ops = {greedy_next, greedy_destroy};

struct greedy_job {
	struct imp_slice blob;
	const struct imp_limits *limits;
	_Atomic uint64_t *most;
	int rc;
};

static void *run_greedy(void *context)
{
	struct greedy_job *job = context;
	struct greedy *g = imp_xcalloc(1, sizeof(*g));
	*g = (struct greedy){{&greedy_ops}, job->blob, job->most};
	struct imp_decode_options options = {job->limits, UINT64_MAX, "output"};
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_decode(&g->base, &options, NULL);
	struct imp_error err = {0};
	job->rc = imp_stream_drain(stream, &err);
	return NULL;
}

static uint64_t run_together(struct imp_slice blob, const struct imp_limits *limits)
{
	enum { THREADS = 8 };
	_Atomic uint64_t most = 0;
	pthread_t threads[THREADS];
	struct greedy_job jobs[THREADS];
	for (int i = 0; i < THREADS; i++) {
		jobs[i] = (struct greedy_job){blob, limits, &most, -1};
		assert_int_equal(pthread_create(&threads[i], NULL, run_greedy, &jobs[i]),
				 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(jobs[i].rc, 0);
	}
	assert_int_equal(imp_zstd_window_in_use(), 0);
	return most;
}

CASE(windows_share_one_budget)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_frame(&blob, 27, IMP_SLICE("some content"));
	uint64_t most = run_together(imp_strbuf_slice(&blob), &imp_limits_default);
	assert_true(most >= MIB(128) && most <= MIB(256));
}

/* Each holds a small window and then wants a larger one: nobody waits for ever. */
CASE(windows_that_grow_do_not_deadlock)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	for (unsigned log = 20; log <= 27; log++)
		add_raw_frame(&blob, log, IMP_SLICE("some content"));
	uint64_t most = run_together(imp_strbuf_slice(&blob), &imp_limits_default);
	assert_true(most >= MIB(128) && most <= MIB(256));
}

CASE(lone_decoder_may_exceed_the_budget)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_frame(&blob, 27, IMP_SLICE("some content"));
	struct imp_limits limits = imp_limits_default;
	limits.zstd_window_total_bytes = MIB(1);
	uint64_t most = run_together(imp_strbuf_slice(&blob), &limits);
	assert_int_equal(most, MIB(128));
}

static uint64_t most_reserved(const struct imp_strbuf *blob)
{
	_Atomic uint64_t most = 0;
	struct greedy_job job = {imp_strbuf_slice(blob), &imp_limits_default, &most, -1};
	run_greedy(&job);
	assert_int_equal(job.rc, 0);
	return most;
}

/* A window of 128 MiB and blocks of 128 KiB; the header says how many bytes there are. */
static void add_sized_frame(struct imp_strbuf *blob, unsigned descriptor, int field,
			    uint64_t value, int blocks)
{
	kit_le(blob, 0xfd2fb528u, 4);
	kit_le(blob, descriptor, 1);
	kit_le(blob, (27 - 10) << 3, 1);
	kit_le(blob, value, field);
	for (int i = 0; i < blocks; i++)
		add_block(blob, RLE, i == blocks - 1, KIB(128), IMP_SLICE("0"));
}

/* A small content needs no more of a window than itself. */
CASE(window_counts_at_most_the_content)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_sized_frame(&blob, 0x80, 4, MIB(2), 16);
	assert_int_equal(most_reserved(&blob), MIB(2));
	imp_strbuf_reset(&blob);
	add_sized_frame(&blob, 0xc0, 8, MIB(3), 24);
	assert_int_equal(most_reserved(&blob), MIB(3));
}

CASE(window_counts_at_least_a_share)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_frame(&blob, IMP_SLICE("tiny"));
	assert_int_equal(most_reserved(&blob), MIB(1));
	imp_strbuf_reset(&blob);
	add_sized_frame(&blob, 0x80, 4, KIB(128), 1);
	assert_int_equal(most_reserved(&blob), MIB(1));
}

CASE(window_is_given_back_early)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_raw_frame(&blob, 20, IMP_SLICE("content"));
	struct imp_decode_options options = {&imp_limits_default, UINT64_MAX, "output"};
	struct imp_error err = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_decode(
		imp_stream_memory(imp_strbuf_slice(&blob), 0), &options, NULL);
	assert_ok(imp_stream_drain(stream, &err), &err);
	assert_int_equal(imp_zstd_window_in_use(), 0);
}

CASE(window_is_given_back_on_destroy)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	add_bomb(&blob, 80);
	struct imp_decode_options options = {&imp_limits_default, UINT64_MAX, "output"};
	struct imp_error err = {0};
	struct imp_stream *stream = imp_stream_decode(
		imp_stream_memory(imp_strbuf_slice(&blob), 0), &options, NULL);
	struct imp_chunk chunk;
	assert_ok(imp_stream_next(stream, &chunk, &err), &err);
	assert_int_equal(imp_zstd_window_in_use(), MIB(1));
	imp_stream_destroy(stream);
	assert_int_equal(imp_zstd_window_in_use(), 0);
}
