/*
 * Pull bytes: who pays for which bytes of the blob. Exact in sum whatever the
 * compression, exact per entry where nothing is compressed, and near the truth elsewhere.
 */
#include "layer_case.h"

#include "../../../src/layer/positions.h"

static void add_file(struct imp_strbuf *tar, const char *name,
		     const struct imp_strbuf *data)
{
	tar_file_bytes(tar, name, imp_strbuf_slice(data));
}

static uint64_t entries_pull(const struct imp_profile *profile)
{
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	struct imp_entry entry;
	uint64_t sum = 0;

	while (imp_profile_cursor_next(cursor, &entry))
		sum += entry.pull_bytes;
	return sum;
}

/* Invariants 1 and 2 of design section 2, added up once more. */
static void expect_sums(const struct imp_profile *profile, uint64_t blob_bytes,
			uint64_t tar_bytes)
{
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	struct imp_entry entry;
	uint64_t pull = entries_pull(profile), tar = 0;

	while (imp_profile_cursor_next(cursor, &entry))
		tar += entry.stored_bytes;
	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		pull += summary->overheads[i].pull_bytes;
		tar += summary->overheads[i].tar_bytes;
	}
	assert_int_equal(pull, blob_bytes);
	assert_int_equal(summary->pull_bytes, blob_bytes);
	assert_int_equal(tar, tar_bytes);
	assert_int_equal(summary->tar_bytes, tar_bytes);
}

static void add_mixed(struct imp_strbuf *tar)
{
	for (unsigned i = 0; i < 60; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
		char name[32];
		snprintf(name, sizeof(name), "d/%u", i);
		if (i % 3 == 0)
			add_zeros(&data, 1000 * (size_t)i);
		else
			add_noise(&data, 7 * (size_t)i * i, i);
		if (i % 7 == 0)
			tar_pax(tar, 'x', &(struct tar_record){"comment", IMP_SLICE("x")},
				1);
		add_file(tar, name, &data);
	}
	tar_end(tar);
}

CASE(plain_is_one_to_one)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_directory(&tar, "d/");
	tar_file(&tar, "d/a", "12345");
	tar_pax(&tar, 'x', &(struct tar_record){"path", IMP_SLICE("d/b")}, 1);
	tar_file(&tar, "x", "123");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	const struct imp_overhead *overheads = imp_profile_summary(profile)->overheads;
	expect_sums(profile, tar.len, tar.len);
	assert_int_equal(layer_entry(profile, 0).pull_bytes, 0);
	assert_int_equal(layer_entry(profile, 1).pull_bytes, 5);
	assert_int_equal(layer_entry(profile, 2).pull_bytes, 3);
	for (size_t i = 0; i < IMP_OVERHEADS; i++)
		assert_int_equal(overheads[i].pull_bytes, overheads[i].tar_bytes);
	assert_int_equal(overheads[IMP_OVERHEAD_HEADERS].tar_bytes, 3 * 512);
	assert_int_equal(overheads[IMP_OVERHEAD_PAX].tar_bytes, 2 * 512);
	assert_int_equal(overheads[IMP_OVERHEAD_PADDING].tar_bytes, 507 + 509);
	assert_int_equal(overheads[IMP_OVERHEAD_AFTER_END].tar_bytes, 1024);
	assert_int_equal(overheads[IMP_OVERHEAD_TOC].tar_bytes, 0);
}

CASE(sums_are_exact_in_gzip_and_zstd)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, gzip = {0}, zstd = {0};
	add_mixed(&tar);
	add_gzip(&gzip, imp_strbuf_slice(&tar));
	add_zstd(&zstd, imp_strbuf_slice(&tar));
	imp_auto_destroy(imp_profile) struct imp_profile *in_gzip =
		layer_profile(imp_strbuf_slice(&gzip));
	imp_auto_destroy(imp_profile) struct imp_profile *in_zstd =
		layer_profile(imp_strbuf_slice(&zstd));
	expect_sums(in_gzip, gzip.len, tar.len);
	expect_sums(in_zstd, zstd.len, tar.len);
	assert_int_equal(imp_profile_summary(in_gzip)->compression, IMP_COMPRESSION_GZIP);
	assert_int_equal(imp_profile_summary(in_zstd)->compression, IMP_COMPRESSION_ZSTD);
}

static void expect_noise_pays(struct imp_slice blob)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = layer_profile(blob);
	uint64_t noise = layer_entry(profile, 0).pull_bytes;
	uint64_t zeros = layer_entry(profile, 1).pull_bytes;

	assert_in_range(noise, MIB(1) - KIB(8), MIB(1) + KIB(8));
	assert_in_range(zeros, 0, KIB(8));
}

CASE(noise_pays_and_zeros_do_not)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, noise = {0}, zeros = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf gzip = {0}, zstd = {0};
	add_noise(&noise, MIB(1), 7);
	add_zeros(&zeros, MIB(1));
	add_file(&tar, "noise", &noise);
	add_file(&tar, "zeros", &zeros);
	tar_end(&tar);
	add_gzip(&gzip, imp_strbuf_slice(&tar));
	add_zstd(&zstd, imp_strbuf_slice(&tar));
	expect_noise_pays(imp_strbuf_slice(&gzip));
	expect_noise_pays(imp_strbuf_slice(&zstd));
}

/* Its trailing bytes belong to no entry, however close the last sample is. */
CASE(bytes_behind_the_gzip_stream_pay_for_themselves)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, blob = {0};
	add_mixed(&tar);
	add_gzip(&blob, imp_strbuf_slice(&tar));
	imp_auto_destroy(imp_profile) struct imp_profile *before =
		layer_profile(imp_strbuf_slice(&blob));
	add_noise(&blob, 50000, 9);
	imp_auto_destroy(imp_profile) struct imp_profile *after =
		layer_profile(imp_strbuf_slice(&blob));
	expect_sums(after, blob.len, tar.len);
	assert_int_equal(entries_pull(after), entries_pull(before));
	const struct imp_overhead *overheads = imp_profile_summary(after)->overheads;
	assert_true(overheads[IMP_OVERHEAD_AFTER_END].pull_bytes >= 50000);
}

static void add_skippable(struct imp_strbuf *out, uint32_t len)
{
	const uint8_t head[8] = {0x50, 0x2a,         0x4d,
				 0x18, (uint8_t)len, (uint8_t)(len >> 8)};
	imp_strbuf_add(out, head, sizeof(head));
	add_zeros(out, len);
}

CASE(skippable_frames_are_the_toc)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, plain = {0}, blob = {0};
	add_mixed(&tar);
	add_zstd(&plain, imp_strbuf_slice(&tar));
	add_skippable(&blob, 3000);
	imp_strbuf_add_slice(&blob, imp_strbuf_slice(&plain));
	add_skippable(&blob, 5000);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&blob));
	const struct imp_overhead *overheads = imp_profile_summary(profile)->overheads;
	expect_sums(profile, blob.len, tar.len);
	assert_int_equal(overheads[IMP_OVERHEAD_TOC].pull_bytes, 3008 + 5008);
	assert_int_equal(overheads[IMP_OVERHEAD_TOC].tar_bytes, 0);
}

CASE(trailers_of_a_tar_without_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, noise = {0}, blob = {0};
	add_noise(&noise, 5120, 1);
	add_file(&tar, "noise", &noise);
	add_gzip(&blob, imp_strbuf_slice(&tar));
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&blob));
	expect_sums(profile, blob.len, tar.len);
}

/* The positions by itself. */
struct book {
	struct imp_profile_writer *writer;
	struct imp_positions positions;
};

static void book_init(struct book *book)
{
	book->writer = imp_profile_writer_create(&imp_limits_default);
	imp_positions_init(&book->positions, book->writer);
}

static void book_finish(struct book *book)
{
	imp_positions_finish(&book->positions);
	imp_profile_writer_destroy(book->writer);
}

static void sample(struct book *book, uint64_t output, uint64_t input)
{
	imp_positions_add_samples(&book->positions, &(struct imp_position){output, input},
				  1);
}

CASE(between_samples_bytes_are_shared_evenly)
{
	imp_auto(book_finish) struct book book;
	book_init(&book);
	sample(&book, 1000, 100);
	sample(&book, 2000, 700);
	imp_positions_add(&book.positions, 500, IMP_OVERHEAD_HEADERS);
	imp_positions_add(&book.positions, 1500, IMP_OVERHEAD_PAX);
	imp_positions_add(&book.positions, 2000, IMP_OVERHEAD_PADDING);
	imp_positions_add(&book.positions, 3000, IMP_OVERHEAD_AFTER_END);
	imp_positions_close(&book.positions, 800);
	const struct imp_overhead *overheads = book.positions.overheads;
	assert_int_equal(overheads[IMP_OVERHEAD_HEADERS].pull_bytes, 50);
	assert_int_equal(overheads[IMP_OVERHEAD_PAX].pull_bytes, 50 + 300);
	assert_int_equal(overheads[IMP_OVERHEAD_PADDING].pull_bytes, 300);
	assert_int_equal(overheads[IMP_OVERHEAD_AFTER_END].pull_bytes, 100);
}

/* Segments ahead of samples and samples ahead of segments give the same. */
CASE(order_of_arrival_does_not_matter)
{
	uint64_t sums[3][IMP_OVERHEADS];
	for (int order = 0; order < 3; order++) {
		imp_auto(book_finish) struct book book;
		book_init(&book);
		for (uint64_t i = 1; i <= 1000; i++) {
			if (order == 0 || (order == 2 && i % 10 == 0))
				for (uint64_t k = order ? i - 9 : i; k <= i; k++)
					sample(&book, k * 77, k * 5 + k / 3);
			imp_positions_add(&book.positions, i * 70, (unsigned)(i * 7 % 3));
		}
		for (uint64_t i = 1; order == 1 && i <= 1000; i++)
			sample(&book, i * 77, i * 5 + i / 3);
		imp_positions_add(&book.positions, UINT64_C(77000),
				  IMP_OVERHEAD_AFTER_END);
		imp_positions_close(&book.positions, 6000);
		for (size_t i = 0; i < IMP_OVERHEADS; i++)
			sums[order][i] = book.positions.overheads[i].pull_bytes;
	}
	assert_memory_equal(sums[0], sums[1], sizeof(sums[0]));
	assert_memory_equal(sums[0], sums[2], sizeof(sums[0]));
}

CASE(memory_does_not_grow_with_the_layer)
{
	imp_auto(book_finish) struct book book;
	book_init(&book);
	imp_positions_add(&book.positions, UINT64_C(1) << 40, IMP_OVERHEAD_PADDING);
	for (uint64_t i = 1; i < 1000000; i++)
		sample(&book, i * 12000, i * 4096);
	assert_true(book.positions.sample_capacity < 1024);
	sample(&book, UINT64_C(1) << 41, UINT64_C(1) << 33);
	for (uint64_t i = 1; i < 100000; i++) {
		uint64_t at = (UINT64_C(1) << 41) + i * 12000;
		sample(&book, at, (UINT64_C(1) << 33) + i * 4096);
		imp_positions_add(&book.positions, at, IMP_OVERHEAD_PADDING);
	}
	assert_true(book.positions.sample_capacity < 1024);
	assert_true(book.positions.segment_capacity < 1024);
}

CASE(what_is_cut_belongs_to_no_entry)
{
	for (int settled = 0; settled < 2; settled++) {
		imp_auto(book_finish) struct book book;
		const struct imp_overhead *overheads = book.positions.overheads;
		book_init(&book);
		imp_positions_begin_entry(&book.positions);
		imp_positions_add(&book.positions, 512, IMP_OVERHEAD_HEADERS);
		imp_positions_begin_entry(&book.positions);
		imp_positions_add(&book.positions, 1024, IMP_OVERHEAD_HEADERS);
		imp_positions_add(&book.positions, 2000, IMP_ACCOUNT_ENTRY);
		sample(&book, settled ? 2048 : 1536, settled ? 2048 : 1536);
		imp_positions_abort_entry(&book.positions, 2048);
		imp_positions_close(&book.positions, 2048);
		assert_int_equal(overheads[IMP_OVERHEAD_HEADERS].tar_bytes, 512);
		assert_int_equal(overheads[IMP_OVERHEAD_HEADERS].pull_bytes, 512);
		assert_int_equal(overheads[IMP_OVERHEAD_AFTER_END].tar_bytes, 1536);
		assert_int_equal(overheads[IMP_OVERHEAD_AFTER_END].pull_bytes, 1536);
		assert_int_equal(book.positions.pull_bytes, 2048);
	}
}
