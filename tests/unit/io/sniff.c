#include "kit.h"

static enum imp_compression sniffed(const char *head, size_t len)
{
	enum imp_compression out = (enum imp_compression)99;
	struct imp_error err = {0};
	assert_ok(imp_compression_sniff(imp_slice(head, len), &out, &err), &err);
	return out;
}

static void assert_refused(struct imp_slice magic, const char *name)
{
	char head[512] = {0};
	memcpy(head, magic.data, magic.len);
	enum imp_compression out = (enum imp_compression)99;
	struct imp_error err = {0};
	assert_fails(imp_compression_sniff(imp_slice(head, sizeof(head)), &out, &err),
		     IMP_E_UNSUPPORTED, name, &err);
	assert_int_equal(out, 99);
	kit_assert_fails(imp_slice(head, sizeof(head)), (struct kit_how){.chunk = 1},
			 IMP_E_UNSUPPORTED, name);
}

CASE(gzip)
{
	assert_int_equal(sniffed("\x1f\x8b\x08\0\0\0\0\0\0\0", 10), IMP_COMPRESSION_GZIP);
	assert_int_equal(sniffed("\x1f\x8b\x07\0\0\0\0\0\0\0", 10), IMP_COMPRESSION_NONE);
	assert_int_equal(sniffed("\x1f\x8a\x08\0\0\0\0\0\0\0", 10), IMP_COMPRESSION_NONE);
}

CASE(zstd)
{
	assert_int_equal(sniffed("\x28\xb5\x2f\xfd\0\0\0", 7), IMP_COMPRESSION_ZSTD);
	assert_int_equal(sniffed("\x28\xb5\x2f\xfc\0\0\0", 7), IMP_COMPRESSION_NONE);
}

CASE(zstd_skippable_frames)
{
	for (int low = 0; low < 256; low++) {
		char head[] = {(char)low, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
		enum imp_compression want = low >= 0x50 && low <= 0x5f
						    ? IMP_COMPRESSION_ZSTD
						    : IMP_COMPRESSION_NONE;
		assert_int_equal(sniffed(head, sizeof(head)), want);
	}
}

CASE(cut_inside_the_magic)
{
	assert_int_equal(sniffed("\x1f", 1), IMP_COMPRESSION_GZIP);
	assert_int_equal(sniffed("\x1f\x8b", 2), IMP_COMPRESSION_GZIP);
	assert_int_equal(sniffed("\x28\xb5\x2f", 3), IMP_COMPRESSION_ZSTD);
	assert_int_equal(sniffed("\x1f\x8c", 2), IMP_COMPRESSION_NONE);
}

CASE(plain)
{
	char zeros[512] = {0};
	assert_int_equal(sniffed(zeros, sizeof(zeros)), IMP_COMPRESSION_NONE);
	assert_int_equal(sniffed("", 0), IMP_COMPRESSION_NONE);
	assert_int_equal(sniffed("etc/passwd", 10), IMP_COMPRESSION_NONE);
	assert_int_equal(sniffed("<html>", 6), IMP_COMPRESSION_NONE);
}

CASE(xz_is_refused)
{
	assert_refused(IMP_SLICE("\xfd\x37\x7a\x58\x5a\x00"), "xz");
}

CASE(bzip2_is_refused)
{
	assert_refused(IMP_SLICE("BZh9\x31\x41\x59\x26\x53\x59"), "bzip2");
	assert_refused(IMP_SLICE("BZh1\x17\x72\x45\x38\x50\x90"), "bzip2");
}

CASE(lz4_is_refused)
{
	assert_refused(IMP_SLICE("\x04\x22\x4d\x18"), "lz4");
	assert_refused(IMP_SLICE("\x02\x21\x4c\x18"), "lz4");
}

CASE(bzip2_magic_alone_is_a_name)
{
	assert_int_equal(sniffed("BZh9 notes.txt", 14), IMP_COMPRESSION_NONE);
	assert_int_equal(sniffed("BZh", 3), IMP_COMPRESSION_NONE);
}

/* The name of the first entry may look like anything. */
CASE(tar_checksum_beats_a_refused_magic)
{
	char head[512] = "\x04\x22\x4d\x18 name";
	memset(head + 148, ' ', 8);
	unsigned sum = 0;
	for (size_t i = 0; i < sizeof(head); i++)
		sum += (unsigned char)head[i];
	for (int i = 0; i < 6; i++)
		head[148 + i] = (char)('0' + (sum >> 3 * (5 - i) & 7));
	assert_int_equal(sniffed(head, sizeof(head)), IMP_COMPRESSION_NONE);

	head[200] = 'x';
	struct imp_error err = {0};
	enum imp_compression out;
	assert_fails(imp_compression_sniff(imp_slice(head, sizeof(head)), &out, &err),
		     IMP_E_UNSUPPORTED, "lz4", &err);
}

CASE(names)
{
	assert_string_equal(imp_compression_name(IMP_COMPRESSION_NONE), "none");
	assert_string_equal(imp_compression_name(IMP_COMPRESSION_GZIP), "gzip");
	assert_string_equal(imp_compression_name(IMP_COMPRESSION_ZSTD), "zstd");
}

CASE(engine_name)
{
	assert_string_equal(imp_inflate_engine(), imp_inflate_default->name);
	assert_true(strcmp(imp_inflate_engine(), "isa-l") == 0 ||
		    strcmp(imp_inflate_engine(), "zlib") == 0);
}

/* Plain bytes pass through, whatever the chunks, and need no samples. */
CASE(plain_bytes_pass_through)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_text(&data, 100000, 1);
	for (size_t chunk = 0; chunk < 2000; chunk = chunk * 3 + 1) {
		kit_auto_run run = kit_decode(imp_strbuf_slice(&data),
					      (struct kit_how){.chunk = chunk});
		kit_assert_bytes(&run, imp_strbuf_slice(&data));
		assert_int_equal(run.result.compression, IMP_COMPRESSION_NONE);
		assert_int_equal(run.result.input_bytes, data.len);
		assert_int_equal(run.position_count, 0);
	}
}

CASE(nothing_is_empty_plain)
{
	kit_auto_run run = kit_decode(imp_slice("", 0), (struct kit_how){0});
	kit_assert_bytes(&run, imp_slice("", 0));
	assert_int_equal(run.result.compression, IMP_COMPRESSION_NONE);
}

CASE(plain_shorter_than_a_block)
{
	for (size_t n = 1; n < 520; n++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
		kit_fill(&data, 'x', n);
		kit_auto_run run = kit_decode(imp_strbuf_slice(&data),
					      (struct kit_how){.chunk = 100});
		kit_assert_bytes(&run, imp_strbuf_slice(&data));
	}
}

CASE(plain_output_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_fill(&data, 'x', 5000);
	for (size_t chunk = 0; chunk < 6000; chunk += 777) {
		kit_auto_run all = kit_decode(
			imp_strbuf_slice(&data),
			(struct kit_how){.chunk = chunk, .max_output_bytes = 5000});
		kit_assert_bytes(&all, imp_strbuf_slice(&data));
		kit_auto_run cut = kit_decode(
			imp_strbuf_slice(&data),
			(struct kit_how){.chunk = chunk, .max_output_bytes = 4999});
		assert_fails(cut.rc, IMP_E_LIMIT, "layer-tar-bytes", &cut.err);
		assert_int_equal(cut.bytes.len, 4999);
	}
}

CASE(plain_failure_comes_behind_its_bytes)
{
	kit_auto_run run = kit_decode_stream(kit_failing(IMP_SLICE("abcdef"), 1),
					     (struct kit_how){0});
	assert_fails(run.rc, IMP_E_NETWORK, "connection lost", &run.err);
	assert_int_equal(run.bytes.len, 6);
}
