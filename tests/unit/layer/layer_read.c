/*
 * The whole way of a layer: digest and size, compression, threads, the end of the stream,
 * and what is given back when something is damaged.
 */
#include "layer_case.h"

#include <locale.h>
#include <sys/resource.h>

static void add_some(struct imp_strbuf *tar)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf noise = {0};
	add_noise(&noise, 30000, 1);
	tar_directory(tar, "d/");
	tar_file(tar, "d/first", "12345");
	tar_file_bytes(tar, "d/noise", imp_strbuf_slice(&noise));
	tar_file(tar, "d/last", "123");
	tar_end(tar);
}

struct blobs {
	struct imp_strbuf tar, gzip, zstd;
};

static void blobs_init(struct blobs *blobs)
{
	*blobs = (struct blobs){0};
	add_some(&blobs->tar);
	add_gzip(&blobs->gzip, imp_strbuf_slice(&blobs->tar));
	add_zstd(&blobs->zstd, imp_strbuf_slice(&blobs->tar));
}

static void blobs_finish(struct blobs *blobs)
{
	imp_strbuf_finish(&blobs->tar);
	imp_strbuf_finish(&blobs->gzip);
	imp_strbuf_finish(&blobs->zstd);
}

static struct imp_digest digest_of(const struct imp_strbuf *data)
{
	struct imp_digest digest;
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(data), &digest);
	return digest;
}

static struct imp_layer_request request_for(const struct imp_strbuf *blob)
{
	struct imp_layer_request request = layer_request();
	request.blob_digest = digest_of(blob);
	request.blob_bytes = blob->len;
	return request;
}

static void expect_failure(const struct imp_strbuf *blob,
			   const struct imp_layer_request *request, int category,
			   const char *part)
{
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	int rc = layer_read(imp_strbuf_slice(blob), request, &result, &err);
	assert_null(result.profile);
	assert_fails(rc, category, part, &err);
}

CASE(same_entries_in_every_compression)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	const char *listing =
		"directory 0 d\nfile 5 d/first\nfile 30000 d/noise\nfile 3 d/last\n";
	expect_tar(&blobs.tar, listing, "");
	expect_tar(&blobs.gzip, listing, "");
	expect_tar(&blobs.zstd, listing, "");
}

CASE(f0_1_the_digest_covers_what_follows_the_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, blob = {0};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	add_noise(&tar, 300, 1);
	add_gzip(&blob, imp_strbuf_slice(&tar));
	struct imp_layer_request request = request_for(&blob);
	request.hash_tar = true;
	assert_ok(layer_read(imp_strbuf_slice(&blob), &request, &result, &err), &err);
	imp_auto_destroy(imp_profile) struct imp_profile *profile = result.profile;
	struct imp_digest expected = digest_of(&tar);
	assert_true(result.has_tar_digest);
	assert_true(imp_digest_equal(&result.tar_digest, &expected));
	assert_true(imp_digest_equal(&imp_profile_summary(profile)->blob_digest,
				     &request.blob_digest));
	assert_int_equal(imp_profile_summary(profile)->files, 1);
}

CASE(f4_6_tar_digest_when_asked_for)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	struct imp_digest tar = digest_of(&blobs.tar);
	const struct imp_strbuf *all[] = {&blobs.gzip, &blobs.zstd, &blobs.tar};
	for (size_t i = 0; i < 6; i++) {
		struct imp_layer_request request = request_for(all[i / 2]);
		struct imp_layer_result result = {0};
		struct imp_error err = {0};
		request.hash_tar = i % 2;
		assert_ok(
			layer_read(imp_strbuf_slice(all[i / 2]), &request, &result, &err),
			&err);
		imp_profile_destroy(result.profile);
		/* A plain blob's digest is the tar's: it costs nothing. */
		assert_int_equal(result.has_tar_digest, i % 2 || i / 2 == 2);
		if (result.has_tar_digest)
			assert_true(imp_digest_equal(&result.tar_digest, &tar));
	}
}

CASE(f4_7_longer_and_shorter_than_promised)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.gzip);
	request.blob_bytes--;
	expect_failure(&blobs.gzip, &request, IMP_E_INTEGRITY, "more than the expected");
	request.blob_bytes += 2;
	expect_failure(&blobs.gzip, &request, IMP_E_INTEGRITY, "expected");
}

CASE(wrong_digest)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	const struct imp_strbuf *all[] = {&blobs.gzip, &blobs.zstd, &blobs.tar};
	for (size_t i = 0; i < 3; i++) {
		struct imp_layer_request request = request_for(all[i]);
		request.blob_digest.bytes[5] ^= 1;
		expect_failure(all[i], &request, IMP_E_INTEGRITY, "digest is sha256:");
	}
}

CASE(sha512_digest)
{
	imp_auto(blobs_finish) struct blobs blobs;
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.tar);
	imp_digest_of(IMP_DIGEST_SHA512, imp_strbuf_slice(&blobs.tar),
		      &request.blob_digest);
	assert_ok(layer_read(imp_strbuf_slice(&blobs.tar), &request, &result, &err),
		  &err);
	imp_auto_destroy(imp_profile) struct imp_profile *profile = result.profile;
	assert_true(imp_digest_equal(&imp_profile_summary(profile)->blob_digest,
				     &request.blob_digest));
	assert_false(result.has_tar_digest);
}

/* Then the blob's digest is not the tar's. */
CASE(tar_digest_beside_sha512)
{
	imp_auto(blobs_finish) struct blobs blobs;
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.tar);
	imp_digest_of(IMP_DIGEST_SHA512, imp_strbuf_slice(&blobs.tar),
		      &request.blob_digest);
	request.hash_tar = true;
	assert_ok(layer_read(imp_strbuf_slice(&blobs.tar), &request, &result, &err),
		  &err);
	imp_profile_destroy(result.profile);
	struct imp_digest tar = digest_of(&blobs.tar);
	assert_true(result.has_tar_digest);
	assert_true(imp_digest_equal(&result.tar_digest, &tar));
}

CASE(threads_change_nothing)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	const struct imp_strbuf *all[] = {&blobs.gzip, &blobs.zstd, &blobs.tar};
	for (size_t i = 0; i < 3; i++) {
		struct imp_layer_request request = request_for(all[i]);
		struct imp_layer_result alone = {0}, together = {0};
		struct imp_error err = {0};
		request.hash_tar = true;
		assert_ok(layer_read(imp_strbuf_slice(all[i]), &request, &alone, &err),
			  &err);
		request.overlap = true;
		assert_ok(layer_read(imp_strbuf_slice(all[i]), &request, &together, &err),
			  &err);
		imp_auto_destroy(imp_profile) struct imp_profile *a = alone.profile;
		imp_auto_destroy(imp_profile) struct imp_profile *b = together.profile;
		assert_true(imp_slice_equal(imp_profile_bytes(a), imp_profile_bytes(b)));
		assert_true(imp_digest_equal(&alone.tar_digest, &together.tar_digest));
	}
}

CASE(f4_8_empty_layers)
{
	static const uint8_t gzip_of_empty_tar[] = {
		0x1f, 0x8b, 8,    0,    0,    9,    0x6e, 0x88, 0, 0xff, 0x62,
		0x18, 5,    0xa3, 0x60, 0x14, 0x8c, 0x58, 0,    8, 0,    0,
		0xff, 0xff, 0x2e, 0xaf, 0xb5, 0xef, 0,    4,    0, 0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	expect_blob(imp_slice(NULL, 0), "", "tar-no-end");
	tar_zero_blocks(&tar, 1);
	expect_tar(&tar, "", "");
	tar_zero_blocks(&tar, 1);
	expect_tar(&tar, "", "");
	expect_blob(imp_slice((const char *)gzip_of_empty_tar, sizeof(gzip_of_empty_tar)),
		    "", "");
}

CASE(f4_4_bytes_behind_gzip)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	const char *listing =
		"directory 0 d\nfile 5 d/first\nfile 30000 d/noise\nfile 3 d/last\n";
	imp_strbuf_add_text(&blobs.gzip, "junk");
	expect_tar(&blobs.gzip, listing, "gzip-trailing-data");
}

CASE(f4_4_truncated_gzip)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	imp_strbuf_truncate(&blobs.gzip, blobs.gzip.len - 6);
	struct imp_layer_request request = request_for(&blobs.gzip);
	expect_failure(&blobs.gzip, &request, IMP_E_INTEGRITY, "");
}

CASE(compressions_that_no_layer_has)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf xz = {0};
	struct imp_layer_request request = layer_request();
	imp_strbuf_add(&xz,
		       "\xfd"
		       "7zXZ\0\0\4",
		       8);
	add_zeros(&xz, 1000);
	expect_failure(&xz, &request, IMP_E_UNSUPPORTED, "xz");
}

CASE(limit_on_the_tar)
{
	imp_auto(blobs_finish) struct blobs blobs;
	struct imp_limits limits = imp_limits_default;
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.gzip);
	request.limits = &limits;
	limits.layer_tar_bytes = 20000;
	expect_failure(&blobs.gzip, &request, IMP_E_LIMIT, "layer-tar-bytes");
}

CASE(progress_counts_the_blob)
{
	imp_auto(blobs_finish) struct blobs blobs;
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	_Atomic uint_fast64_t progress = 0;
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.gzip);
	request.progress = &progress;
	assert_ok(layer_read_chunks(imp_strbuf_slice(&blobs.gzip), 100, &request, &result,
				    &err),
		  &err);
	imp_profile_destroy(result.profile);
	assert_int_equal(progress, blobs.gzip.len);
}

CASE(cancelled)
{
	imp_auto(blobs_finish) struct blobs blobs;
	struct imp_cancel cancel = {0};
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.gzip);
	request.cancel = &cancel;
	request.keep_damaged = true;
	imp_cancel_request(&cancel);
	expect_failure(&blobs.gzip, &request, IMP_E_CANCELLED, "");
	request.overlap = true;
	expect_failure(&blobs.gzip, &request, IMP_E_CANCELLED, "");
}

static void damage_tar(struct imp_strbuf *tar)
{
	tar_file(tar, "d/before", "12345");
	tar_add(tar, &(struct tar_entry){.name = "bad", .checksum = TAR_CHECKSUM_WRONG});
	tar_file(tar, "d/after", "12345");
	tar_end(tar);
}

/* 5.22: which of the two it is decides whom to tell. */
CASE(f5_22_broken_image_or_broken_transfer)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, blob = {0};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	damage_tar(&tar);
	add_gzip(&blob, imp_strbuf_slice(&tar));
	struct imp_layer_request request = request_for(&blob);
	int rc = layer_read(imp_strbuf_slice(&blob), &request, &result, &err);
	assert_fails(rc, IMP_E_FORMAT, "wrong checksum", &err);
	assert_non_null(strstr(err.hint, "image itself is broken"));

	err = (struct imp_error){0};
	request.blob_digest.bytes[0] ^= 1;
	rc = layer_read(imp_strbuf_slice(&blob), &request, &result, &err);
	assert_fails(rc, IMP_E_INTEGRITY, "digest is", &err);

	err = (struct imp_error){0};
	request = layer_request();
	rc = layer_read(imp_strbuf_slice(&blob), &request, &result, &err);
	assert_fails(rc, IMP_E_FORMAT, "wrong checksum", &err);
	assert_string_equal(err.hint, "");
}

/* The sums hold for what is damaged too: loading the profile has checked them. */
static struct imp_profile *expect_partial(const struct imp_strbuf *blob,
					  const struct imp_layer_request *like,
					  int category, const char *listing)
{
	struct imp_layer_request request = *like;
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0};
	request.keep_damaged = true;
	assert_int_equal(layer_read(imp_strbuf_slice(blob), &request, &result, &err),
			 category);
	assert_non_null(result.profile);
	assert_true(imp_profile_summary(result.profile)->damaged);
	assert_false(result.has_tar_digest);
	assert_int_equal(imp_profile_summary(result.profile)->blob_digest.algorithm,
			 IMP_DIGEST_NONE);
	layer_list(result.profile, &list);
	imp_strbuf_add_text(&list, "");
	assert_string_equal(list.data, listing);
	return result.profile;
}

CASE(partial_malformed_tar)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, blob = {0};
	damage_tar(&tar);
	add_gzip(&blob, imp_strbuf_slice(&tar));
	struct imp_layer_request request = request_for(&blob);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		expect_partial(&blob, &request, IMP_E_FORMAT, "file 5 d/before\n");
	/* It was drained, so all of it is accounted for. */
	assert_int_equal(imp_profile_summary(profile)->pull_bytes, blob.len);
	assert_int_equal(imp_profile_summary(profile)->tar_bytes, tar.len);
}

CASE(partial_tar_cut_in_a_file)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	imp_strbuf_truncate(&blobs.tar, 20000);
	struct imp_layer_request request = request_for(&blobs.tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile = expect_partial(
		&blobs.tar, &request, IMP_E_FORMAT, "directory 0 d\nfile 5 d/first\n");
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	assert_int_equal(summary->tar_bytes, 20000);
	assert_int_equal(summary->disk_bytes, 5);
	assert_int_equal(summary->overheads[IMP_OVERHEAD_HEADERS].tar_bytes, 2 * 512);
}

CASE(partial_truncated_gzip)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	imp_strbuf_truncate(&blobs.gzip, 20000);
	struct imp_layer_request request = request_for(&blobs.gzip);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		expect_partial(&blobs.gzip, &request, IMP_E_INTEGRITY,
			       "directory 0 d\nfile 5 d/first\n");
	assert_true(imp_profile_summary(profile)->pull_bytes <= blobs.gzip.len);
}

CASE(partial_wrong_digest)
{
	imp_auto(blobs_finish) struct blobs blobs;
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.zstd);
	request.blob_digest.bytes[0] ^= 1;
	imp_auto_destroy(imp_profile) struct imp_profile *profile = expect_partial(
		&blobs.zstd, &request, IMP_E_INTEGRITY,
		"directory 0 d\nfile 5 d/first\nfile 30000 d/noise\nfile 3 d/last\n");
	assert_int_equal(imp_profile_summary(profile)->tar_bytes, blobs.tar.len);
}

CASE(partial_limit)
{
	imp_auto(blobs_finish) struct blobs blobs;
	struct imp_limits limits = imp_limits_default;
	blobs_init(&blobs);
	struct imp_layer_request request = request_for(&blobs.zstd);
	request.limits = &limits;
	limits.nodes = 3;
	imp_profile_destroy(
		expect_partial(&blobs.zstd, &request, IMP_E_LIMIT,
			       "directory 0 d\nfile 5 d/first\nfile 30000 d/noise\n"));
}

CASE(nothing_readable_gives_no_profile)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf gzip = {0}, xz = {0};
	struct imp_layer_request request = layer_request();
	request.keep_damaged = true;
	imp_strbuf_add(&gzip, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
	expect_failure(&gzip, &request, IMP_E_INTEGRITY, "");
	imp_strbuf_add(&xz,
		       "\xfd"
		       "7zXZ\0\0\4",
		       8);
	expect_failure(&xz, &request, IMP_E_UNSUPPORTED, "xz");
}

/* A stream that makes up a tar as it goes, and may break off. */
struct generator {
	struct imp_stream base;
	struct imp_strbuf entry;
	size_t entries;
	bool breaks;
};

static int generator_next(struct imp_stream *stream, struct imp_chunk *out,
			  struct imp_error *err)
{
	struct generator *generator = (struct generator *)stream;
	if (generator->entries == 0)
		return generator->breaks
			       ? imp_fail(err, IMP_E_NETWORK, "connection reset")
			       : 1;
	generator->entries--;
	*out = (struct imp_chunk){.data = (const uint8_t *)generator->entry.data,
				  .len = generator->entry.len};
	return 0;
}

static void generator_destroy(struct imp_stream *stream)
{
	struct generator *generator = (struct generator *)stream;
	imp_strbuf_finish(&generator->entry);
	free(generator);
}

static struct imp_stream *generate(size_t entries, size_t file_bytes, bool breaks)
{
	static const struct imp_stream_ops ops = {generator_next, generator_destroy};
	struct generator *generator = imp_xcalloc(1, sizeof(*generator));
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	add_noise(&data, file_bytes, 1);
	tar_file_bytes(&generator->entry, "file", imp_strbuf_slice(&data));
	generator->base.ops = &ops;
	generator->entries = entries;
	generator->breaks = breaks;
	return &generator->base;
}

CASE(the_network_fails)
{
	for (int overlap = 0; overlap < 2; overlap++) {
		struct imp_layer_request request = layer_request();
		struct imp_layer_result result = {0};
		struct imp_error err = {0};
		request.overlap = overlap;
		int rc = imp_layer_read(generate(3, 1000, true), &request, &result, &err);
		assert_fails(rc, IMP_E_NETWORK, "connection reset", &err);
		assert_null(result.profile);
		request.keep_damaged = true;
		rc = imp_layer_read(generate(3, 1000, true), &request, &result, &err);
		assert_int_equal(rc, IMP_E_NETWORK);
		imp_auto_destroy(imp_profile) struct imp_profile *profile =
			result.profile;
		assert_int_equal(imp_profile_summary(profile)->files, 3);
	}
}

static long peak_kib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* G6 of reference/reliability.md. */
CASE(memory_does_not_grow_with_the_layer)
{
	struct imp_layer_request request = layer_request();
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	assert_ok(imp_layer_read(generate(1, MIB(1), false), &request, &result, &err),
		  &err);
	imp_profile_destroy(result.profile);
	long before = peak_kib();
	assert_ok(imp_layer_read(generate(256, MIB(1), false), &request, &result, &err),
		  &err);
	assert_true(imp_profile_summary(result.profile)->disk_bytes == 256 * MIB(1));
	imp_profile_destroy(result.profile);
	assert_in_range(peak_kib() - before, 0, 16 << 10);
}

static void add_foreign_names(struct imp_strbuf *tar)
{
	static const char *const names[] = {"na\xc3\xafve-\xe6\x97\xa5\xe6\x9c\xac",
					    "\xef\xee", "I\xc4\xb1\xc4\xb0i",
					    "\xed\xa0\x80\xed\xb0\x80"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct tar_record records[] = {{"path", imp_slice_of(names[i])},
					       {"linkpath", imp_slice_of(names[i])},
					       {"uname", imp_slice_of(names[i])}};
		tar_pax(tar, 'x', records, 3);
		tar_symlink(tar, "x", "y");
		tar_gnu_long(tar, 'L', imp_slice_of(names[i]));
		tar_file(tar, "x", "1");
		tar_file(tar, names[i], "2");
	}
	tar_end(tar);
}

/* 5.14: the same under any locale that the machine has. */
CASE(f5_14_locale)
{
	static const char *const locales[] = {
		"C",           "C.UTF-8",          "tr_TR.UTF-8",
		"en_US.UTF-8", "tr_TR.ISO-8859-9", "ja_JP.SJIS"};
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	add_foreign_names(&tar);
	setlocale(LC_ALL, "C");
	imp_auto_destroy(imp_profile) struct imp_profile *first =
		layer_profile(imp_strbuf_slice(&tar));
	assert_int_equal(imp_profile_summary(first)->entries, 12);
	assert_int_equal(imp_warnings_count(imp_profile_warnings(first)), 0);
	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		if (!setlocale(LC_ALL, locales[i]))
			continue;
		imp_auto_destroy(imp_profile) struct imp_profile *again =
			layer_profile(imp_strbuf_slice(&tar));
		assert_true(imp_slice_equal(imp_profile_bytes(first),
					    imp_profile_bytes(again)));
	}
	assert_non_null(setlocale(LC_ALL, "C"));
}

/* 0.1: archives padded to a record of 10 KiB. */
CASE(f0_1_padding_to_a_record)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	tar_pad_record(&tar, 10240);
	struct imp_layer_request request = request_for(&tar);
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	assert_ok(layer_read(imp_strbuf_slice(&tar), &request, &result, &err), &err);
	imp_auto_destroy(imp_profile) struct imp_profile *profile = result.profile;
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	assert_int_equal(summary->tar_bytes, 10240);
	assert_int_equal(summary->overheads[IMP_OVERHEAD_AFTER_END].tar_bytes,
			 10240 - 1024);
}
