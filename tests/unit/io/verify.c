#include "kit.h"

#include "imgprof/hash.h"

static struct imp_digest digest_of(enum imp_digest_algorithm algorithm,
				   struct imp_slice data)
{
	struct imp_digest digest;
	imp_digest_of(algorithm, data, &digest);
	return digest;
}

struct check {
	struct imp_slice data;
	const struct imp_digest *expected;
	uint64_t size;
	size_t chunk;
};

static struct kit_run verify(struct check check, struct imp_verify_result *result)
{
	struct kit_run run = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_verify(imp_stream_memory(check.data, check.chunk),
				  check.expected, check.size, NULL, result);
	kit_read(stream, &run);
	return run;
}

CASE(right_digest_and_size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 10000, 1);
	struct imp_slice all = imp_strbuf_slice(&data);
	for (int a = IMP_DIGEST_SHA256; a <= IMP_DIGEST_SHA512; a++) {
		struct imp_digest digest = digest_of((enum imp_digest_algorithm)a, all);
		for (size_t chunk = 0; chunk < 20000; chunk = chunk * 5 + 1) {
			struct imp_verify_result result = {0};
			kit_auto_run run = verify(
				(struct check){all, &digest, 10000, chunk}, &result);
			kit_assert_bytes(&run, all);
			assert_true(imp_digest_equal(&result.digest, &digest));
			assert_int_equal(result.bytes, 10000);
		}
	}
}

CASE(empty_blob)
{
	struct imp_digest digest;
	struct imp_error err = {0};
	assert_ok(imp_digest_parse(
			  IMP_SLICE("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e46"
				    "49b934ca495991b7852b855"),
			  &digest, &err),
		  &err);
	kit_auto_run run = verify((struct check){imp_slice("", 0), &digest, 0, 0}, NULL);
	kit_assert_bytes(&run, imp_slice("", 0));
}

CASE(wrong_digest_of_the_right_length)
{
	struct imp_digest digest = digest_of(IMP_DIGEST_SHA256, IMP_SLICE("good"));
	struct imp_digest bad = digest_of(IMP_DIGEST_SHA256, IMP_SLICE("evil"));
	char good_text[IMP_DIGEST_TEXT], bad_text[IMP_DIGEST_TEXT];
	struct imp_verify_result result = {0};
	kit_auto_run run =
		verify((struct check){IMP_SLICE("evil"), &digest, 4, 1}, &result);
	assert_fails(run.rc, IMP_E_INTEGRITY, imp_digest_text(&digest, good_text),
		     &run.err);
	assert_fails(run.rc, IMP_E_INTEGRITY, imp_digest_text(&bad, bad_text), &run.err);
	assert_int_equal(result.bytes, 4);
	assert_true(imp_digest_equal(&result.digest, &bad));
}

CASE(one_byte_short)
{
	struct imp_digest digest = digest_of(IMP_DIGEST_SHA256, IMP_SLICE("content"));
	kit_auto_run run =
		verify((struct check){IMP_SLICE("conten"), &digest, 7, 4}, NULL);
	assert_fails(run.rc, IMP_E_INTEGRITY, "ends after 6 bytes, expected 7", &run.err);
	assert_int_equal(run.bytes.len, 6);
}

/* Not a byte behind the promised size is handed out, wherever the chunks end. */
CASE(one_byte_long)
{
	struct imp_digest digest = digest_of(IMP_DIGEST_SHA256, IMP_SLICE("content"));
	for (size_t chunk = 0; chunk < 9; chunk++) {
		kit_auto_run run = verify(
			(struct check){IMP_SLICE("content!"), &digest, 7, chunk}, NULL);
		assert_fails(run.rc, IMP_E_INTEGRITY, "more than the expected 7 bytes",
			     &run.err);
		assert_int_equal(run.bytes.len, 7);
	}
}

CASE(longer_than_nothing)
{
	kit_auto_run run = verify((struct check){IMP_SLICE("x"), NULL, 0, 0}, NULL);
	assert_fails(run.rc, IMP_E_INTEGRITY, "more than the expected 0 bytes", &run.err);
	assert_int_equal(run.bytes.len, 0);
}

CASE(any_size)
{
	struct imp_digest digest = digest_of(IMP_DIGEST_SHA512, IMP_SLICE("content"));
	struct check check = {IMP_SLICE("content"), &digest, IMP_UNKNOWN_SIZE, 2};
	kit_auto_run run = verify(check, NULL);
	kit_assert_bytes(&run, check.data);
}

CASE(only_hashed)
{
	struct imp_digest none = {0},
			  want = digest_of(IMP_DIGEST_SHA256, IMP_SLICE("content"));
	const struct imp_digest *expected[] = {NULL, &none};
	for (int i = 0; i < 2; i++) {
		struct imp_verify_result result = {0};
		struct check check = {IMP_SLICE("content"), expected[i], IMP_UNKNOWN_SIZE,
				      2};
		kit_auto_run run = verify(check, &result);
		kit_assert_bytes(&run, check.data);
		assert_true(imp_digest_equal(&result.digest, &want));
	}
}

CASE(progress_counts_what_passed)
{
	_Atomic uint_fast64_t progress = 5;
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_verify(imp_stream_memory(IMP_SLICE("0123456789"), 4), NULL,
				  IMP_UNKNOWN_SIZE, &progress, NULL);
	struct imp_chunk chunk;
	struct imp_error err = {0};
	assert_int_equal(imp_stream_next(stream, &chunk, &err), 0);
	assert_int_equal(progress, 9);
	assert_int_equal(imp_stream_drain(stream, &err), 0);
	assert_int_equal(progress, 15);
}

CASE(failure_of_the_source_passes)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_verify(kit_failing(IMP_SLICE("abc"), 1), NULL, 10, NULL, NULL);
	kit_auto_run run = {0};
	kit_read(stream, &run);
	assert_fails(run.rc, IMP_E_NETWORK, "connection lost", &run.err);
	assert_int_equal(run.bytes.len, 3);
}
