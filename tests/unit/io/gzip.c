#include "kit.h"

#include <stdio.h>
#include <sys/resource.h>

static const struct imp_inflate_engine *engines[2];
static size_t engine_count;

/* Every engine of this build must pass every case. */
__attribute__((constructor)) static void list_engines(void)
{
	engines[engine_count++] = imp_inflate_default;
	if (imp_inflate_default != &imp_inflate_zlib)
		engines[engine_count++] = &imp_inflate_zlib;
}

static void assert_decodes(const struct imp_strbuf *blob, const struct imp_strbuf *want)
{
	static const size_t chunks[] = {0, 1, 2, 3, 7, 100, 4095, 4096, 4097, 65536};
	for (size_t e = 0; e < engine_count; e++)
		for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
			kit_auto_run run =
				kit_decode(imp_strbuf_slice(blob),
					   (struct kit_how){.chunk = chunks[i],
							    .engine = engines[e]});
			kit_assert_bytes(&run, imp_strbuf_slice(want));
			assert_int_equal(run.result.compression, IMP_COMPRESSION_GZIP);
			assert_int_equal(run.result.input_bytes, blob->len);
			assert_int_equal(run.result.toc_bytes, 0);
		}
}

static void assert_decode_fails(struct imp_slice blob, int category, const char *part)
{
	for (size_t e = 0; e < engine_count; e++) {
		kit_assert_fails(blob, (struct kit_how){.engine = engines[e]}, category,
				 part);
		kit_assert_fails(blob, (struct kit_how){.chunk = 1, .engine = engines[e]},
				 category, part);
	}
}

CASE(one_member)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 100000, 1);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	assert_decodes(&blob, &data);
}

CASE(empty_member)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_gzip(&blob, imp_strbuf_slice(&data));
	assert_decodes(&blob, &data);
}

CASE(kinds_of_blocks)
{
	static const struct kit_member kinds[] = {
		{.level = 0},
		{.level = 1},
		{.level = 9},
		{.level = 6, .strategy = Z_FIXED},
		{.level = 6, .strategy = Z_HUFFMAN_ONLY},
		{.level = 6, .strategy = Z_RLE},
	};
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 50000, 2);
	kit_fill(&data, 'z', 300000);
	kit_noise(&data, 70000, 3);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		imp_strbuf_reset(&blob);
		kit_gzip_with(&blob, imp_strbuf_slice(&data), &kinds[i]);
		assert_decodes(&blob, &data);
	}
}

/* The buffer of the decoder holds 256 KiB. */
CASE(sizes_around_the_output_buffer)
{
	static const size_t sizes[] = {KIB(256) - 1, KIB(256),     KIB(256) + 1,
				       KIB(256) + 2, KIB(512) - 1, KIB(512),
				       KIB(512) + 1, KIB(512) + 2};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int level = 0; level <= 6; level += 6) {
			imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0},
								      blob = {0};
			kit_text(&data, sizes[i], i);
			kit_gzip_with(&blob, imp_strbuf_slice(&data),
				      &(struct kit_member){.level = level});
			kit_gzip(&blob, IMP_SLICE("and more"));
			imp_strbuf_add_text(&data, "and more");
			assert_decodes(&blob, &data);
		}
}

CASE(three_members_at_odd_offsets)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 3072, 4);
	struct imp_slice all = imp_strbuf_slice(&data);
	kit_gzip(&blob, imp_slice(all.data, 701));
	kit_gzip(&blob, imp_slice(all.data + 701, 1003));
	kit_gzip(&blob, imp_slice_skip(all, 1704));
	assert_decodes(&blob, &data);
}

CASE(empty_members_between)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_gzip(&blob, imp_slice("", 0));
	kit_gzip(&blob, IMP_SLICE("first"));
	kit_gzip(&blob, imp_slice("", 0));
	kit_gzip(&blob, IMP_SLICE("second"));
	kit_gzip(&blob, imp_slice("", 0));
	imp_strbuf_add_text(&data, "firstsecond");
	assert_decodes(&blob, &data);
}

CASE(hundred_thousand_members)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0}, one = {0};
	for (int i = 0; i < 100000; i++) {
		imp_strbuf_reset(&one);
		imp_strbuf_add_char(&one, (char)('a' + i % 26));
		imp_strbuf_add_slice(&data, imp_strbuf_slice(&one));
		if (i < 26) {
			kit_gzip(&blob, imp_strbuf_slice(&one));
		} else {
			size_t member = blob.len / (size_t)i;
			imp_strbuf_reserve(&blob, member);
			imp_strbuf_add(&blob, blob.data + (size_t)(i % 26) * member,
				       member);
		}
	}
	for (size_t e = 0; e < engine_count; e++) {
		kit_auto_run run = kit_decode(imp_strbuf_slice(&blob),
					      (struct kit_how){.engine = engines[e]});
		kit_assert_bytes(&run, imp_strbuf_slice(&data));
	}
}

CASE(no_reference_into_an_earlier_member)
{
	/* A fixed block: length 3, distance 1, with nothing before it in its member. */
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_gzip(&blob, IMP_SLICE("aaaaaaaaaaaaaaaa"));
	imp_strbuf_add(&blob, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	imp_strbuf_add(&blob, "\x03\x02\0\0\0\0\0\0\0\0\0\0", 12);
	assert_decode_fails(imp_strbuf_slice(&blob), IMP_E_INTEGRITY, "damaged data");
}

CASE(header_fields)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	imp_strbuf_add_text(&data, "content");
	for (unsigned flags = 0; flags < 32; flags++) {
		imp_strbuf_reset(&blob);
		struct kit_member m = {.level = 6,
				       .flags = flags,
				       .extra_bytes = flags,
				       .name_bytes = 3,
				       .comment_bytes = 11};
		kit_gzip_with(&blob, imp_strbuf_slice(&data), &m);
		assert_decodes(&blob, &data);
	}
}

CASE(header_fields_longer_than_the_grid)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	imp_strbuf_add_text(&data, "content");
	struct kit_member m = {.level = 6,
			       .flags = 30,
			       .extra_bytes = 65535,
			       .name_bytes = 20000,
			       .comment_bytes = 4096};
	kit_gzip_with(&blob, imp_strbuf_slice(&data), &m);
	assert_decodes(&blob, &data);
}

CASE(header_crc_wrong)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	struct kit_member m = {.flags = 2, .flip_header_crc = 1};
	kit_gzip_with(&blob, IMP_SLICE("content"), &m);
	assert_decode_fails(imp_strbuf_slice(&blob), IMP_E_INTEGRITY, "header CRC");
}

CASE(header_flags_unknown)
{
	for (unsigned flag = 32; flag <= 128; flag *= 2) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		kit_gzip_with(&blob, IMP_SLICE("content"),
			      &(struct kit_member){.flags = flag});
		assert_decode_fails(imp_strbuf_slice(&blob), IMP_E_FORMAT,
				    "unknown method");
	}
}

CASE(method_unknown_in_a_later_member)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_gzip(&blob, IMP_SLICE("content"));
	size_t second = blob.len;
	kit_gzip(&blob, IMP_SLICE("content"));
	blob.data[second + 2] = 7;
	assert_decode_fails(imp_strbuf_slice(&blob), IMP_E_FORMAT, "unknown method 7");
}

static void assert_trailing(const char *tail, size_t len, bool zeros)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_gzip(&blob, IMP_SLICE("content"));
	imp_strbuf_add(&blob, tail, len);
	for (size_t chunk = 0; chunk < 3; chunk++) {
		kit_auto_run run = kit_decode(imp_strbuf_slice(&blob),
					      (struct kit_how){.chunk = chunk});
		kit_assert_bytes(&run, IMP_SLICE("content"));
		assert_int_equal(run.result.input_bytes, blob.len);
		assert_int_equal(run.result.trailing_bytes, len);
		assert_int_equal(run.result.trailing_zeros, zeros);
	}
}

CASE(nothing_behind_the_last_member)
{
	assert_trailing("", 0, false);
}

CASE(zeros_behind_the_last_member)
{
	static const char zeros[3000];
	assert_trailing(zeros, 1, true);
	assert_trailing(zeros, 3000, true);
}

CASE(junk_behind_the_last_member)
{
	assert_trailing("junk", 4, false);
	assert_trailing("\0\0\0j", 4, false);
	assert_trailing("\x1f", 1, false);
	assert_trailing("\x1f\x1f\x8b\x08", 4, false);
}

CASE(member_behind_zeros_is_junk)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tail = {0};
	kit_fill(&tail, '\0', 10);
	kit_gzip(&tail, IMP_SLICE("hidden"));
	assert_trailing(tail.data, tail.len, false);
}

CASE(truncated_at_every_offset)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 700, 5);
	struct kit_member m = {
		.level = 6, .flags = 30, .extra_bytes = 3, .name_bytes = 4};
	kit_gzip_with(&blob, imp_strbuf_slice(&data), &m);
	for (size_t n = 1; n < blob.len; n++)
		assert_decode_fails(imp_slice(blob.data, n), IMP_E_INTEGRITY,
				    "truncated");
}

CASE(truncated_in_the_second_member)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	kit_gzip(&blob, IMP_SLICE("first"));
	size_t second = blob.len;
	kit_gzip(&blob, IMP_SLICE("second"));
	for (size_t n = second + 2; n < blob.len; n++)
		assert_decode_fails(imp_slice(blob.data, n), IMP_E_INTEGRITY,
				    "truncated");
}

/* 256 cuts of a layer of a megabyte: the error names the end, and all that could be
 * decoded came out before. */
CASE(truncated_large)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, MIB(3), 6);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	for (size_t n = 4096; n < blob.len; n += blob.len / 256) {
		kit_auto_run run = kit_decode(imp_slice(blob.data, n),
					      (struct kit_how){.chunk = 10000});
		char offset[64];
		snprintf(offset, sizeof(offset), "ends at byte %zu,", n);
		assert_fails(run.rc, IMP_E_INTEGRITY, offset, &run.err);
		assert_true(run.bytes.len >= n - 4096);
		assert_true(run.bytes.len <= data.len);
		assert_memory_equal(run.bytes.data, data.data, run.bytes.len);
	}
}

CASE(crc_flipped)
{
	for (int bit = 0; bit < 32; bit++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		kit_gzip_with(&blob, IMP_SLICE("content"),
			      &(struct kit_member){.flip_crc = (uint32_t)1 << bit});
		kit_gzip(&blob, IMP_SLICE("more"));
		assert_decode_fails(imp_strbuf_slice(&blob), IMP_E_INTEGRITY, "CRC");
	}
}

CASE(length_flipped)
{
	for (int bit = 0; bit < 32; bit++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
		kit_gzip_with(&blob, IMP_SLICE("content"),
			      &(struct kit_member){.flip_length = (uint32_t)1 << bit});
		kit_gzip(&blob, IMP_SLICE("more"));
		assert_decode_fails(imp_strbuf_slice(&blob), IMP_E_INTEGRITY, "length");
	}
}

/* A flipped bit is found, or it changed nothing: header fields without meaning, the padding
 * of the last byte, a copy of the same bytes from elsewhere. */
CASE(every_bit_flipped)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 400, 7);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	for (size_t i = 3; i < blob.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			blob.data[i] = (char)(blob.data[i] ^ 1 << bit);
			for (size_t e = 0; e < engine_count; e++) {
				kit_auto_run run = kit_decode(
					imp_strbuf_slice(&blob),
					(struct kit_how){.engine = engines[e]});
				if (run.rc == 1)
					kit_assert_bytes(&run, imp_strbuf_slice(&data));
				if (i >= blob.len - 8)
					assert_int_equal(run.rc, IMP_E_INTEGRITY);
			}
			blob.data[i] = (char)(blob.data[i] ^ 1 << bit);
		}
}

CASE(bytes_before_the_damage_come_first)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 600000, 8);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	kit_gzip_with(&blob, IMP_SLICE("tail"), &(struct kit_member){.flip_crc = 1});
	imp_strbuf_add_text(&data, "tail");
	for (size_t e = 0; e < engine_count; e++) {
		kit_auto_run run = kit_decode(imp_strbuf_slice(&blob),
					      (struct kit_how){.engine = engines[e]});
		assert_int_equal(run.rc, IMP_E_INTEGRITY);
		assert_true(imp_slice_equal(imp_strbuf_slice(&run.bytes),
					    imp_strbuf_slice(&data)));
	}
}

CASE(failure_of_the_source_comes_behind_its_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 100000, 9);
	kit_gzip_with(&blob, imp_strbuf_slice(&data), &(struct kit_member){.level = 0});
	for (size_t e = 0; e < engine_count; e++) {
		struct imp_slice part = imp_slice(blob.data, 50001);
		kit_auto_run run = kit_decode_stream(
			kit_failing(part, 100), (struct kit_how){.engine = engines[e]});
		assert_fails(run.rc, IMP_E_NETWORK, "connection lost", &run.err);
		assert_true(run.bytes.len > 49900);
		assert_memory_equal(run.bytes.data, data.data, run.bytes.len);
	}
}

CASE(failure_of_the_source_before_the_magic)
{
	kit_auto_run run =
		kit_decode_stream(kit_failing(imp_slice("", 0), 0), (struct kit_how){0});
	assert_fails(run.rc, IMP_E_NETWORK, "connection lost", &run.err);
}

CASE(output_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0};
	kit_text(&data, 700000, 10);
	kit_gzip(&blob, imp_strbuf_slice(&data));
	kit_auto_run whole = kit_decode(imp_strbuf_slice(&blob),
					(struct kit_how){.max_output_bytes = 700000});
	kit_assert_bytes(&whole, imp_strbuf_slice(&data));

	static const uint64_t limits[] = {1,      4096,   262143, 262144,
					  262145, 524288, 699999};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		for (size_t e = 0; e < engine_count; e++) {
			kit_auto_run run =
				kit_decode(imp_strbuf_slice(&blob),
					   (struct kit_how){.max_output_bytes = limits[i],
							    .engine = engines[e]});
			assert_fails(run.rc, IMP_E_LIMIT, "layer-tar-bytes", &run.err);
			assert_int_equal(run.bytes.len, limits[i]);
			assert_memory_equal(run.bytes.data, data.data, limits[i]);
		}
}

static long resident_kib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* 1 GiB comes out of a megabyte, in the same memory as 1 MiB would. */
CASE(bomb_in_constant_memory)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0}, blob = {0}, one = {0};
	kit_fill(&data, '\0', MIB(1));
	kit_gzip(&one, imp_strbuf_slice(&data));
	for (int i = 0; i < 1024; i++)
		imp_strbuf_add_slice(&blob, imp_strbuf_slice(&one));

	struct imp_decode_options options = {&imp_limits_default, MIB(900),
					     "layer-tar-bytes"};
	struct imp_error err = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_decode(
		imp_stream_memory(imp_strbuf_slice(&blob), 0), &options, NULL);
	long before = resident_kib();
	assert_fails(imp_stream_drain(stream, &err), IMP_E_LIMIT, "layer-tar-bytes",
		     &err);
	assert_true(resident_kib() - before < 4096);
}
