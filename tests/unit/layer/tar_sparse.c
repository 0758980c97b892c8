/*
 * Sparse files: rows 5.7 of reference/formats.md, B6 and B7 of reference/reliability.md.
 * A file is as large on disk as engines write it, holes included; stored bytes are what
 * the tar holds.
 */
#include "layer_case.h"

enum { STORED = 700, SPLIT = 300 };

/* Two pieces of the same data, with holes before, between and behind. */
static const struct {
	uint64_t first, second, disk;
} shape = {1000, 5000, 9000};

struct sparse {
	struct imp_strbuf tar, data, content;
};

static void sparse_init(struct sparse *sparse)
{
	*sparse = (struct sparse){0};
	add_noise(&sparse->data, STORED, 3);
	add_zeros(&sparse->content, shape.disk);
	memcpy(sparse->content.data + shape.first, sparse->data.data, SPLIT);
	memcpy(sparse->content.data + shape.second, sparse->data.data + SPLIT,
	       STORED - SPLIT);
}

static void sparse_finish(struct sparse *sparse)
{
	imp_strbuf_finish(&sparse->tar);
	imp_strbuf_finish(&sparse->data);
	imp_strbuf_finish(&sparse->content);
}

static void number(struct imp_strbuf *body, const char *key, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, value);
	tar_pax_record(body, key, imp_slice_of(text));
}

static void octal(char *field, uint64_t value)
{
	snprintf(field, 12, "%011" PRIo64, value);
}

/* The file is read as its whole content would be, and the next entry after it. */
static void expect_content(struct sparse *sparse, const char *path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf expected = {0};
	tar_file(&sparse->tar, "next", "x");
	tar_end(&sparse->tar);
	imp_strbuf_printf(&expected, "file %" PRIu64 " %s\nfile 1 next\n", shape.disk,
			  path);
	expect_tar(&sparse->tar, expected.data, "");

	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&sparse->tar));
	struct imp_entry entry = layer_entry(profile, 0);
	struct imp_content_hash hash =
		imp_content_hash_of(sparse->content.data, sparse->content.len);
	assert_int_equal(entry.stored_bytes, STORED);
	assert_memory_equal(entry.hash.bytes, hash.bytes, sizeof(hash.bytes));
	assert_memory_equal(sparse->tar.data + entry.tar_offset, sparse->data.data,
			    STORED);
}

static void add_data(struct sparse *sparse, const char *name)
{
	tar_file_bytes(&sparse->tar, name, imp_strbuf_slice(&sparse->data));
}

static void pax_0_0(struct imp_strbuf *body)
{
	number(body, "GNU.sparse.size", shape.disk);
	number(body, "GNU.sparse.numblocks", 2);
	number(body, "GNU.sparse.offset", shape.first);
	number(body, "GNU.sparse.numbytes", SPLIT);
	number(body, "GNU.sparse.offset", shape.second);
	number(body, "GNU.sparse.numbytes", STORED - SPLIT);
}

CASE(f5_7_pax_0_0)
{
	imp_auto(sparse_finish) struct sparse sparse;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	sparse_init(&sparse);
	pax_0_0(&body);
	tar_pax_raw(&sparse.tar, 'x', imp_strbuf_slice(&body));
	add_data(&sparse, "f");
	expect_content(&sparse, "f");
}

static void pax_0_1(struct imp_strbuf *body, const char *numblocks, const char *map)
{
	number(body, "GNU.sparse.size", shape.disk);
	tar_pax_record(body, "GNU.sparse.numblocks", imp_slice_of(numblocks));
	tar_pax_record(body, "GNU.sparse.name", IMP_SLICE("real/name"));
	tar_pax_record(body, "GNU.sparse.map", imp_slice_of(map));
}

CASE(f5_7_pax_0_1)
{
	imp_auto(sparse_finish) struct sparse sparse;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	sparse_init(&sparse);
	pax_0_1(&body, "2", "1000,300,5000,400");
	tar_pax_raw(&sparse.tar, 'x', imp_strbuf_slice(&body));
	add_data(&sparse, "GNUSparseFile.0/name");
	expect_content(&sparse, "real/name");
}

static void pax_1_0(struct imp_strbuf *tar, uint64_t disk, const char *map,
		    struct imp_slice data)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0}, stored = {0};
	number(&body, "GNU.sparse.major", 1);
	number(&body, "GNU.sparse.minor", 0);
	tar_pax_record(&body, "GNU.sparse.name", IMP_SLICE("real/name"));
	number(&body, "GNU.sparse.realsize", disk);
	tar_pax_raw(tar, 'x', imp_strbuf_slice(&body));
	imp_strbuf_add_text(&stored, map);
	tar_pad_record(&stored, 512);
	imp_strbuf_add_slice(&stored, data);
	tar_file_bytes(tar, "GNUSparseFile.0/name", imp_strbuf_slice(&stored));
}

CASE(f5_7_pax_1_0)
{
	imp_auto(sparse_finish) struct sparse sparse;
	sparse_init(&sparse);
	pax_1_0(&sparse.tar, shape.disk, "2\n1000\n300\n5000\n400\n",
		imp_strbuf_slice(&sparse.data));
	expect_content(&sparse, "real/name");
	/* The map counts with the headers. */
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&sparse.tar));
	const struct imp_overhead *overheads = imp_profile_summary(profile)->overheads;
	assert_int_equal(overheads[IMP_OVERHEAD_HEADERS].tar_bytes, 2 * 512);
	assert_int_equal(overheads[IMP_OVERHEAD_PAX].tar_bytes, 3 * 512);
}

static void old_gnu(struct sparse *sparse, bool extended, size_t extensions)
{
	struct tar_patch patches[6] = {{483, IMP_SLICE("00000021450\0")}}; /* 9000 */
	char fields[4][12];
	size_t count = 1;
	octal(fields[0], shape.first);
	octal(fields[1], SPLIT);
	octal(fields[2], shape.second);
	octal(fields[3], STORED - SPLIT);
	patches[count++] = (struct tar_patch){386, imp_slice(fields[0], 12)};
	patches[count++] = (struct tar_patch){398, imp_slice(fields[1], 12)};
	if (extended) {
		patches[count++] = (struct tar_patch){482, IMP_SLICE("\1")};
	} else {
		patches[count++] = (struct tar_patch){410, imp_slice(fields[2], 12)};
		patches[count++] = (struct tar_patch){422, imp_slice(fields[3], 12)};
	}
	tar_add(&sparse->tar, &(struct tar_entry){.name = "f",
						  .type = 'S',
						  .dialect = TAR_GNU,
						  .declares = true,
						  .declared_bytes = STORED,
						  .no_data = true,
						  .patches = patches,
						  .patch_count = count});
	for (size_t i = 0; i < extensions; i++) {
		char block[512] = {0};
		if (i == 0) {
			memcpy(block, fields[2], 12);
			memcpy(block + 12, fields[3], 12);
		}
		block[504] = i + 1 < extensions;
		imp_strbuf_add(&sparse->tar, block, sizeof(block));
	}
	imp_strbuf_add_slice(&sparse->tar, imp_strbuf_slice(&sparse->data));
	tar_pad_record(&sparse->tar, 512);
}

CASE(f5_7_old_gnu)
{
	imp_auto(sparse_finish) struct sparse sparse;
	sparse_init(&sparse);
	old_gnu(&sparse, false, 0);
	expect_content(&sparse, "f");
}

CASE(f5_7_old_gnu_with_more_blocks)
{
	imp_auto(sparse_finish) struct sparse sparse;
	sparse_init(&sparse);
	old_gnu(&sparse, true, 3);
	expect_content(&sparse, "f");
}

/* An endless chain of continuation blocks is cut off, long before its end. */
CASE(b6_old_gnu_without_end)
{
	imp_auto(sparse_finish) struct sparse sparse;
	sparse_init(&sparse);
	old_gnu(&sparse, true, 20000);
	expect_refused(&sparse.tar, IMP_E_LIMIT, "special-header-bytes");
}

CASE(b6_map_of_two_million_regions)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, map = {0};
	imp_strbuf_add_text(&map, "2000000\n");
	for (int i = 0; i < 2000000; i++)
		imp_strbuf_add_text(&map, "0\n0\n");
	pax_1_0(&tar, 1, map.data, IMP_SLICE(""));
	tar_end(&tar);
	expect_refused(&tar, IMP_E_LIMIT, "special-header-bytes");
}

CASE(b6_map_that_claims_regions)
{
	static const char *const maps[] = {
		"2000000\n0\n1\n", "99999999999999999999\n", "-1\n", "1\n0\n", "x\n", "",
		"#c\n1\n0\n5\n"};
	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		pax_1_0(&tar, 5, maps[i], IMP_SLICE("12345"));
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "");
	}
}

static void expect_bad_map(const char *numblocks, const char *map)
{
	imp_auto(sparse_finish) struct sparse sparse;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	sparse_init(&sparse);
	pax_0_1(&body, numblocks, map);
	tar_pax_raw(&sparse.tar, 'x', imp_strbuf_slice(&body));
	add_data(&sparse, "f");
	tar_end(&sparse.tar);
	expect_refused(&sparse.tar, IMP_E_FORMAT, "");
}

CASE(maps_that_do_not_fit)
{
	expect_bad_map("2", "1000,300,5000,399");  /* a byte more is stored */
	expect_bad_map("2", "1000,300,5000,401");  /* a byte less */
	expect_bad_map("2", "5000,300,1000,400");  /* back */
	expect_bad_map("2", "1000,300,1299,400");  /* over each other */
	expect_bad_map("2", "1000,300,8601,400");  /* out of the file */
	expect_bad_map("3", "1000,300,5000,400");  /* another number of regions */
	expect_bad_map("2", "1000,300,5000");      /* half a region */
	expect_bad_map("2", "1000,300,5000,400,"); /* a comma too many */
	expect_bad_map("x", "1000,300,5000,400");
	expect_bad_map("2", "1000,-300,5000,400");
	expect_bad_map("2", "18446744073709551615,300,5000,400");
}

CASE(half_a_region_in_0_0)
{
	imp_auto(sparse_finish) struct sparse sparse;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	sparse_init(&sparse);
	pax_0_0(&body);
	number(&body, "GNU.sparse.offset", 8000);
	tar_pax_raw(&sparse.tar, 'x', imp_strbuf_slice(&body));
	add_data(&sparse, "f");
	tar_end(&sparse.tar);
	expect_refused(&sparse.tar, IMP_E_FORMAT, "sparse map");
}

CASE(map_of_what_is_no_file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, body = {0};
	number(&body, "GNU.sparse.size", 5);
	number(&body, "GNU.sparse.numblocks", 0);
	tar_pax_record(&body, "GNU.sparse.map", IMP_SLICE("0,0"));
	tar_pax_raw(&tar, 'x', imp_strbuf_slice(&body));
	tar_directory(&tar, "d/");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "");
}

CASE(sparse_type_without_gnu_header)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar,
		&(struct tar_entry){.name = "f", .type = 'S', .data = IMP_SLICE("abc")});
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "tar readers differ");
}

CASE(nothing_but_a_hole)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, zeros = {0};
	add_zeros(&zeros, 5000);
	pax_1_0(&tar, 5000, "0\n", IMP_SLICE(""));
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 5000 real/name\nfile 1 next\n", "");
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	struct imp_entry entry = layer_entry(profile, 0);
	struct imp_content_hash hash = imp_content_hash_of(zeros.data, zeros.len);
	assert_int_equal(entry.stored_bytes, 0);
	assert_memory_equal(entry.hash.bytes, hash.bytes, sizeof(hash.bytes));
}

static struct imp_content_hash huge_hash(const char *map, struct imp_slice data)
{
	const uint64_t four_tb = UINT64_C(4) << 40;
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax_1_0(&tar, four_tb, map, data);
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	struct imp_entry entry = layer_entry(profile, 0);
	assert_true(entry.disk_bytes == four_tb);
	assert_int_equal(entry.stored_bytes, data.len);
	return entry.hash;
}

/* Its zeros are not hashed one by one; still, equal files are equal and others are not.
 */
CASE(b7_four_terabytes_in_a_kilobyte)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf a = {0}, b = {0};
	add_noise(&a, 1000, 1);
	add_noise(&b, 1000, 2);
	struct imp_content_hash first = huge_hash("1\n0\n1000\n", imp_strbuf_slice(&a));
	struct imp_content_hash same = huge_hash("1\n0\n1000\n", imp_strbuf_slice(&a));
	struct imp_content_hash data = huge_hash("1\n0\n1000\n", imp_strbuf_slice(&b));
	struct imp_content_hash place = huge_hash("1\n512\n1000\n", imp_strbuf_slice(&a));
	assert_memory_equal(first.bytes, same.bytes, sizeof(first.bytes));
	assert_memory_not_equal(first.bytes, data.bytes, sizeof(first.bytes));
	assert_memory_not_equal(first.bytes, place.bytes, sizeof(first.bytes));
}
