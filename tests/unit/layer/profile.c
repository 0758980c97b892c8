/*
 * The profile as a file: what is written comes back, and nothing else is accepted. Forged
 * profiles here carry a right hash, as one does that somebody made on purpose.
 */
#include "layer_case.h"

#include <xxhash.h>

#include "../../../src/layer/profile_format.h"

static int load_copy(struct imp_slice bytes, const struct imp_limits *limits,
		     struct imp_profile **out, struct imp_error *err)
{
	void *memory = malloc(bytes.len ? bytes.len : 1);
	if (bytes.len)
		memcpy(memory, bytes.data, bytes.len);
	return imp_profile_load(memory, bytes.len, limits, out, err);
}

static void expect_no_load(struct imp_slice bytes, int category, const char *part)
{
	struct imp_profile *profile = NULL;
	struct imp_error err = {0};
	int rc = load_copy(bytes, &imp_limits_default, &profile, &err);
	assert_null(profile);
	assert_fails(rc, category, part, &err);
}

/* A bit of everything. */
static struct imp_profile *make_profile(void)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, blob = {0};
	tar_directory(&tar, "./");
	tar_directory(&tar, "./etc/");
	tar_add(&tar, &(struct tar_entry){.name = "etc/passwd",
					  .uid = 70000,
					  .gid = 5,
					  .mtime_s = 1700000000,
					  .data = IMP_SLICE("root:x:0:0::/:/bin/sh\n")});
	tar_pax(&tar, 'x', &(struct tar_record){"SCHILY.xattr.user.a", IMP_SLICE("1")},
		1);
	tar_add(&tar, &(struct tar_entry){.name = "usr/bin/su",
					  .mode = 04755,
					  .data = IMP_SLICE("su")});
	tar_hardlink(&tar, "usr/bin/sudo", "usr/bin/su");
	tar_symlink(&tar, "/bin", "usr/bin");
	tar_add(&tar,
		&(struct tar_entry){.name = "dev/null", .type = '3', .device_major = 1});
	tar_add(&tar,
		&(struct tar_entry){.name = "dev/sda", .type = '4', .device_major = 8});
	tar_add(&tar, &(struct tar_entry){.name = "run/pipe", .type = '6'});
	tar_whiteout(&tar, "var", "gone");
	tar_file(&tar, "./tmp/.wh..wh..opq", "");
	tar_file(&tar, ".wh..wh.plnk/1.2", "left");
	tar_file(&tar, "a/.wh..", "");
	tar_file(&tar, "odd/../name", "");
	tar_file(&tar, "empty", "");
	tar_end(&tar);
	tar_pad_record(&tar, 10240);
	add_gzip(&blob, imp_strbuf_slice(&tar));
	return layer_profile(imp_strbuf_slice(&blob));
}

CASE(what_is_written_comes_back)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = make_profile();
	imp_auto_destroy(imp_profile) struct imp_profile *copy = NULL;
	struct imp_error err = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf before = {0}, after = {0};

	assert_ok(load_copy(imp_profile_bytes(profile), &imp_limits_default, &copy, &err),
		  &err);
	layer_list(profile, &before);
	layer_list(copy, &after);
	assert_string_equal(after.data, before.data);
	assert_string_equal(after.data, "directory 0  (./)\n"
					"directory 0 etc (./etc/)\n"
					"file 22 etc/passwd\n"
					"file 2 usr/bin/su\n"
					"hardlink 0 usr/bin/sudo -> usr/bin/su\n"
					"symlink 0 bin (/bin) -> usr/bin\n"
					"char 0 dev/null\n"
					"block 0 dev/sda\n"
					"fifo 0 run/pipe\n"
					"whiteout 0 var/gone (var/.wh.gone)\n"
					"opaque 0 tmp (./tmp/.wh..wh..opq)\n"
					"file 4 .wh..wh.plnk/1.2 leftover\n"
					"whiteout 0 a/.wh.. inert\n"
					"file 0 name (odd/../name)\n"
					"file 0 empty\n");
	assert_memory_equal(imp_profile_summary(copy), imp_profile_summary(profile),
			    sizeof(struct imp_profile_summary));
	for (size_t i = 0; i < imp_profile_summary(profile)->entries; i++) {
		struct imp_entry a = layer_entry(profile, i), b = layer_entry(copy, i);
		assert_true(a.mode == b.mode && a.uid == b.uid && a.gid == b.gid);
		assert_true(a.mtime_s == b.mtime_s && a.xattrs == b.xattrs);
		assert_true(a.pull_bytes == b.pull_bytes && a.tar_offset == b.tar_offset);
		assert_memory_equal(a.hash.bytes, b.hash.bytes, sizeof(a.hash.bytes));
	}
	struct imp_entry passwd = layer_entry(copy, 2), su = layer_entry(copy, 3);
	assert_true(passwd.uid == 70000 && passwd.gid == 5 &&
		    passwd.mtime_s == 1700000000);
	assert_true(su.uid == 0 && su.gid == 0 && su.mtime_s == 0 && su.mode == 04755);
	assert_int_not_equal(su.xattrs, 0);
	assert_int_equal(passwd.mode, 0644);
}

CASE(kept_files_and_warnings_come_back)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = make_profile();
	imp_auto(imp_strbuf_finish) struct imp_strbuf codes = {0};
	layer_codes(profile, &codes);
	assert_string_equal(codes.data, "whiteout-inert");
	const struct imp_warning *warning =
		imp_warnings_get(imp_profile_warnings(profile), 0);
	assert_true(imp_slice_is(warning->path, "a/.wh.."));
	assert_int_equal(warning->layer, IMP_NO_LAYER);
	assert_int_equal(imp_profile_kept_count(profile), 1);
	assert_true(imp_slice_is(imp_profile_kept(profile, 0).path, "etc/passwd"));
}

CASE(many_warnings_of_one_kind)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	for (int i = 0; i < 50; i++)
		tar_file(&tar, "../escaped", "");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	const struct imp_warnings *warnings = imp_profile_warnings(profile);
	assert_int_equal(imp_warnings_count(warnings), IMP_WARNINGS_KEPT);
	assert_non_null(strstr(imp_warnings_get(warnings, IMP_WARNINGS_KEPT - 1)->message,
			       "(and 30 more)"));
}

CASE(one_cursor_does_not_move_another)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = make_profile();
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *a =
		imp_profile_cursor_create(profile);
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *b =
		imp_profile_cursor_create(profile);
	struct imp_entry entry;
	for (int i = 0; i < 4; i++)
		assert_true(imp_profile_cursor_next(a, &entry));
	assert_true(imp_slice_is(entry.path, "usr/bin/su"));
	assert_true(imp_profile_cursor_next(b, &entry));
	assert_true(imp_slice_is(entry.path, ""));
	imp_profile_cursor_rewind(a);
	assert_true(imp_profile_cursor_next(a, &entry));
	assert_true(imp_slice_is(entry.path, ""));
	size_t rest = 0;
	while (imp_profile_cursor_next(b, &entry))
		rest++;
	assert_int_equal(rest, imp_profile_summary(profile)->entries - 1);
	assert_false(imp_profile_cursor_next(b, &entry));
}

CASE(words_of_machine_output)
{
	static const char *const types[] = {"file",    "hardlink", "directory",
					    "symlink", "char",     "block",
					    "fifo",    "whiteout", "opaque"};
	static const char *const overheads[] = {"headers", "padding", "pax", "toc",
						"after_end"};
	for (unsigned i = 0; i < IMP_ENTRY_TYPES; i++)
		assert_string_equal(imp_entry_type_name((enum imp_entry_type)i),
				    types[i]);
	for (unsigned i = 0; i < IMP_OVERHEADS; i++)
		assert_string_equal(imp_overhead_name((enum imp_overhead_kind)i),
				    overheads[i]);
}

/* F3 of reference/reliability.md. */
CASE(every_flipped_bit_is_refused)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = make_profile();
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	imp_strbuf_add_slice(&bytes, imp_profile_bytes(profile));
	for (size_t bit = 0; bit < bytes.len * 8; bit++) {
		struct imp_profile *loaded = NULL;
		struct imp_error err = {0};
		bytes.data[bit / 8] ^= (char)(1 << bit % 8);
		int rc = load_copy(imp_strbuf_slice(&bytes), &imp_limits_default, &loaded,
				   &err);
		assert_true(rc < 0);
		bytes.data[bit / 8] ^= (char)(1 << bit % 8);
	}
}

CASE(every_other_length_is_refused)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = make_profile();
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	struct imp_slice all = imp_profile_bytes(profile);
	for (size_t len = 0; len < all.len; len++) {
		struct imp_profile *loaded = NULL;
		struct imp_error err = {0};
		assert_true(load_copy(imp_slice(all.data, len), &imp_limits_default,
				      &loaded, &err) < 0);
	}
	imp_strbuf_add_slice(&bytes, all);
	imp_strbuf_add_char(&bytes, '\0');
	expect_no_load(imp_strbuf_slice(&bytes), IMP_E_INTEGRITY, "hash");
}

static void seal(struct imp_strbuf *bytes)
{
	XXH128_canonical_t hash;
	XXH128_canonicalFromHash(&hash, XXH3_128bits(bytes->data, bytes->len));
	imp_strbuf_add(bytes, hash.digest, sizeof(hash.digest));
}

/* Whatever loads can be read to its end and adds up, however it came about. */
CASE(every_forged_byte_is_refused_or_harmless)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = make_profile();
	struct imp_slice all = imp_profile_bytes(profile);
	static const uint8_t masks[] = {0x01, 0x02, 0x10, 0x40, 0x80, 0xff};
	size_t refused = 0, tries = 0;
	for (size_t i = 0; i < (all.len - IMP_PROFILE_HASH_LEN) * sizeof(masks); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
		imp_auto_destroy(imp_profile) struct imp_profile *loaded = NULL;
		struct imp_error err = {0};
		imp_strbuf_add(&bytes, all.data, all.len - IMP_PROFILE_HASH_LEN);
		bytes.data[i / sizeof(masks)] ^= (char)masks[i % sizeof(masks)];
		seal(&bytes);
		tries++;
		if (load_copy(imp_strbuf_slice(&bytes), &imp_limits_default, &loaded,
			      &err) < 0) {
			refused++;
			continue;
		}
		imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0};
		layer_list(loaded, &list);
		struct imp_entry last =
			layer_entry(loaded, imp_profile_summary(loaded)->entries - 1);
		assert_true(last.tar_offset <= imp_profile_summary(loaded)->tar_bytes);
	}
	/* The rest changed a hash, a time, a letter. */
	assert_true(refused > tries / 4);
}

/* A profile of one file of five bytes, field by field. */
struct forged {
	unsigned version, compression, flags;
	struct imp_digest digest;
	uint64_t pull, tar, disk, entries, files;
	struct imp_overhead overheads[IMP_OVERHEADS];
	struct imp_slice columns[IMP_COLUMNS];
	struct imp_slice kept, warnings; /* with their counts in front */
	struct imp_slice contents;       /* of kept files, unpacked */
	uint64_t fact_count;
	struct imp_slice facts;  /* unpacked */
	struct imp_slice packed; /* in place of both packed parts and the count, if any */
};

static const struct forged good = {
	.version = IMP_PROFILE_VERSION,
	.flags = 4,
	.pull = 2048,
	.tar = 2048,
	.disk = 5,
	.entries = 1,
	.files = 1,
	.overheads = {[IMP_OVERHEAD_HEADERS] = {512, 512},
		      [IMP_OVERHEAD_PADDING] = {507, 507},
		      [IMP_OVERHEAD_AFTER_END] = {1024, 1024}},
	.columns =
		{
			[IMP_COLUMN_SHAPES] = {"\0", 1},
			[IMP_COLUMN_PATHS] = {"\0\1a", 3},
			[IMP_COLUMN_SIZES] = {"\5", 1},
			[IMP_COLUMN_PULLS] = {"\5", 1},
			[IMP_COLUMN_HASHES] = {"0123456789abcdef", 16},
		},
	.kept = {"\0", 1},
	.warnings = {"\0", 1},
};

static void add_packed(struct imp_strbuf *out, struct imp_slice data)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf packed = {0};
	if (data.len > 0)
		add_zstd(&packed, data);
	imp_varint_add(out, data.len);
	imp_text_add(out, imp_strbuf_slice(&packed));
}

static void forge(const struct forged *parts, struct imp_strbuf *out)
{
	imp_strbuf_reset(out);
	imp_strbuf_add_text(out, IMP_PROFILE_MAGIC);
	imp_strbuf_add(out, (const uint8_t[4]){(uint8_t)parts->version}, 4);
	imp_strbuf_add_char(out, (char)parts->compression);
	imp_strbuf_add_char(out, (char)parts->flags);
	imp_strbuf_add_char(out, (char)parts->digest.algorithm);
	imp_strbuf_add(out, parts->digest.bytes, sizeof(parts->digest.bytes));
	imp_varint_add(out, parts->pull);
	imp_varint_add(out, parts->tar);
	imp_varint_add(out, parts->disk);
	imp_varint_add(out, parts->entries);
	imp_varint_add(out, parts->files);
	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		imp_varint_add(out, parts->overheads[i].tar_bytes);
		imp_varint_add(out, parts->overheads[i].pull_bytes);
	}
	for (size_t i = 0; i < IMP_COLUMNS; i++)
		imp_varint_add(out, parts->columns[i].len);
	for (size_t i = 0; i < IMP_COLUMNS; i++)
		imp_strbuf_add_slice(out, parts->columns[i]);
	imp_strbuf_add_slice(out, parts->kept);
	if (parts->packed.data) {
		imp_strbuf_add_slice(out, parts->packed);
	} else {
		add_packed(out, parts->contents);
		imp_varint_add(out, parts->fact_count);
		add_packed(out, parts->facts);
	}
	imp_strbuf_add_slice(out, parts->warnings);
	seal(out);
}

static int forge_and_load(const struct forged *parts, const struct imp_limits *limits,
			  struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	struct imp_profile *profile = NULL;
	forge(parts, &bytes);
	int rc = load_copy(imp_strbuf_slice(&bytes), limits, &profile, err);
	imp_profile_destroy(profile);
	return rc;
}

static void expect_forged(const struct forged *parts, int category, const char *part)
{
	struct imp_error err = {0};
	assert_fails(forge_and_load(parts, &imp_limits_default, &err), category, part,
		     &err);
}

/* The whole of `good` with one column replaced. */
static void expect_bad_column(enum imp_profile_column column, struct imp_slice bytes)
{
	struct forged parts = good;
	parts.columns[column] = bytes;
	expect_forged(&parts, IMP_E_FORMAT, "malformed entry");
}

CASE(the_forger_works)
{
	struct imp_error err = {0};
	assert_ok(forge_and_load(&good, &imp_limits_default, &err), &err);
}

CASE(other_versions_and_files)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	struct forged parts = good;
	parts.version = IMP_PROFILE_VERSION + 1;
	expect_forged(&parts, IMP_E_UNSUPPORTED, "version");
	expect_no_load(IMP_SLICE(""), IMP_E_FORMAT, "not one");
	forge(&good, &bytes);
	bytes.data[0] = 'I';
	expect_no_load(imp_strbuf_slice(&bytes), IMP_E_FORMAT, "not one");
	bytes.data[0] = 'i';
	bytes.data[bytes.len - 1] ^= 1;
	expect_no_load(imp_strbuf_slice(&bytes), IMP_E_INTEGRITY, "hash");
}

CASE(summaries_out_of_range)
{
	struct forged parts = good;
	parts.compression = 3;
	expect_forged(&parts, IMP_E_FORMAT, "summary");
	parts = good;
	parts.flags = 8;
	expect_forged(&parts, IMP_E_FORMAT, "summary");
	parts = good;
	parts.digest.algorithm = 3;
	expect_forged(&parts, IMP_E_FORMAT, "summary");
	parts = good;
	parts.digest.algorithm = IMP_DIGEST_SHA256;
	parts.digest.bytes[40] = 1;
	expect_forged(&parts, IMP_E_FORMAT, "summary");
}

CASE(a_small_file_cannot_claim_many_entries)
{
	struct forged parts = good;
	parts.entries = 4000000;
	expect_forged(&parts, IMP_E_FORMAT, "number of entries");
	parts.entries = UINT64_MAX;
	expect_forged(&parts, IMP_E_LIMIT, "nodes");
	parts = good;
	parts.kept = IMP_SLICE("\xff\xff\xff\xff\x0f");
	expect_forged(&parts, IMP_E_FORMAT, "kept");
	parts = good;
	parts.warnings = IMP_SLICE("\xff\xff\xff\xff\xff\xff\xff\x7f");
	expect_forged(&parts, IMP_E_FORMAT, "warning");
}

CASE(sums_that_lie)
{
	enum { FIELDS = 8 };
	for (size_t i = 0; i < FIELDS; i++) {
		struct forged parts = good;
		uint64_t *fields[FIELDS] = {
			&parts.pull,
			&parts.tar,
			&parts.disk,
			&parts.files,
			&parts.overheads[IMP_OVERHEAD_HEADERS].pull_bytes,
			&parts.overheads[IMP_OVERHEAD_PADDING].tar_bytes,
			&parts.overheads[IMP_OVERHEAD_PAX].tar_bytes,
			&parts.overheads[IMP_OVERHEAD_TOC].pull_bytes,
		};
		++*fields[i];
		expect_forged(&parts, IMP_E_FORMAT, "sums differ");
		*fields[i] = UINT64_MAX;
		expect_forged(&parts, IMP_E_FORMAT, "");
	}
}

CASE(overheads_that_lie)
{
	struct forged parts = good;
	parts.overheads[IMP_OVERHEAD_HEADERS].tar_bytes = 0;
	parts.overheads[IMP_OVERHEAD_AFTER_END].tar_bytes = 1536;
	expect_forged(&parts, IMP_E_FORMAT, "overheads differ");
	parts = good;
	parts.overheads[IMP_OVERHEAD_TOC].tar_bytes = 24;
	parts.overheads[IMP_OVERHEAD_AFTER_END].tar_bytes = 1000;
	expect_forged(&parts, IMP_E_FORMAT, "overheads differ");
}

CASE(paths_that_are_not_clean)
{
	static const struct imp_slice columns[] = {
		IMP_SLICE("\0\2/a"),   IMP_SLICE("\0\2a/"),   IMP_SLICE("\0\4a//b"),
		IMP_SLICE("\0\1."),    IMP_SLICE("\0\2.."),   IMP_SLICE("\0\3a\0b"),
		IMP_SLICE("\0\4../a"), IMP_SLICE("\0\4a/.."),
	};
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		expect_bad_column(IMP_COLUMN_PATHS, columns[i]);
}

CASE(paths_that_are_too_long)
{
	struct imp_limits limits = imp_limits_default;
	struct forged parts = good;
	struct imp_error err = {0};
	parts.columns[IMP_COLUMN_PATHS] = IMP_SLICE("\0\7abc/def");
	assert_ok(forge_and_load(&parts, &limits, &err), &err);
	limits.path_bytes = 6;
	assert_fails(forge_and_load(&parts, &limits, &err), IMP_E_FORMAT,
		     "malformed entry", &err);
	limits = imp_limits_default;
	limits.component_bytes = 2;
	assert_fails(forge_and_load(&parts, &limits, &err), IMP_E_FORMAT,
		     "malformed entry", &err);
}

CASE(columns_out_of_bounds)
{
	expect_bad_column(IMP_COLUMN_PATHS,
			  IMP_SLICE("\1\1a")); /* shares what is not there */
	expect_bad_column(IMP_COLUMN_PATHS,
			  IMP_SLICE("\0\2a")); /* longer than the column */
	expect_bad_column(IMP_COLUMN_PATHS, IMP_SLICE("\0\1ab"));    /* something left */
	expect_bad_column(IMP_COLUMN_PATHS, IMP_SLICE("\x80\0\1a")); /* a padded number */
	expect_bad_column(IMP_COLUMN_PATHS,
			  IMP_SLICE("\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
	expect_bad_column(
		IMP_COLUMN_SIZES,
		IMP_SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")); /* 65 bits */
	expect_bad_column(IMP_COLUMN_SIZES, IMP_SLICE("\xff"));
	expect_bad_column(IMP_COLUMN_SIZES, IMP_SLICE(""));
	expect_bad_column(IMP_COLUMN_PULLS, IMP_SLICE(""));
	expect_bad_column(IMP_COLUMN_PULLS, IMP_SLICE("\5\5"));
	expect_bad_column(IMP_COLUMN_HASHES, IMP_SLICE("0123456789abcde"));
	expect_bad_column(IMP_COLUMN_HASHES, IMP_SLICE("0123456789abcdefg"));
	expect_bad_column(IMP_COLUMN_META, IMP_SLICE("\0"));
	expect_bad_column(IMP_COLUMN_LINKS, IMP_SLICE("\0"));
	expect_bad_column(IMP_COLUMN_SPELLINGS, IMP_SLICE("\1"));
	expect_bad_column(IMP_COLUMN_EXTRAS, IMP_SLICE("\0"));
}

CASE(sizes_beyond_the_tar)
{
	struct forged parts = good;
	parts.columns[IMP_COLUMN_SIZES] =
		IMP_SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\x7f");
	expect_forged(&parts, IMP_E_FORMAT, "malformed entry");
	parts.columns[IMP_COLUMN_SIZES] = IMP_SLICE("\x86\x0c"); /* 1542 */
	expect_forged(&parts, IMP_E_FORMAT, "malformed entry");
}

static void expect_shape(unsigned shape, unsigned extra, struct imp_slice meta,
			 bool valid)
{
	struct forged parts = good;
	const char shapes[] = {(char)shape}, extras[] = {(char)extra};
	struct imp_error err = {0};
	parts.columns[IMP_COLUMN_SHAPES] = imp_slice(shapes, 1);
	if (shape & IMP_SHAPE_EXTRA)
		parts.columns[IMP_COLUMN_EXTRAS] = imp_slice(extras, 1);
	parts.columns[IMP_COLUMN_META] = meta;
	if (valid)
		assert_ok(forge_and_load(&parts, &imp_limits_default, &err), &err);
	else
		expect_forged(&parts, IMP_E_FORMAT, "malformed entry");
}

CASE(shapes_that_mean_nothing)
{
	struct imp_slice none = {NULL, 0};
	expect_shape(IMP_ENTRY_TYPES, 0, none, false);
	expect_shape(0x0f, 0, none, false);
	expect_shape(IMP_ENTRY_SYMLINK, 0, none, false);
	expect_shape(IMP_SHAPE_EXTRA, 0, none, true);
	expect_shape(IMP_SHAPE_EXTRA, 0x40, none, false);
	expect_shape(IMP_SHAPE_EXTRA, IMP_EXTRA_LEFTOVER, none, true);
	expect_shape(IMP_SHAPE_EXTRA, IMP_EXTRA_INERT, none, false);
	expect_shape(IMP_SHAPE_EXTRA, IMP_EXTRA_SPELLED, none, false);
	expect_shape(IMP_SHAPE_EXTRA, IMP_EXTRA_HEADERS, IMP_SLICE("\0"), false);
	expect_shape(IMP_SHAPE_EXTRA, IMP_EXTRA_HEADERS, IMP_SLICE("\1"), true);
	expect_shape(IMP_SHAPE_MODE, 0, IMP_SLICE("\xff\x1f"), true);
	expect_shape(IMP_SHAPE_MODE, 0, IMP_SLICE("\x80\x20"), false);
}

CASE(spellings_that_go_without_saying)
{
	struct forged parts = good;
	struct imp_error err = {0};
	parts.columns[IMP_COLUMN_SHAPES] = IMP_SLICE("\x80");
	parts.columns[IMP_COLUMN_EXTRAS] = IMP_SLICE("\x04");
	parts.columns[IMP_COLUMN_SPELLINGS] = IMP_SLICE("\1");
	assert_ok(forge_and_load(&parts, &imp_limits_default, &err), &err);
	parts.columns[IMP_COLUMN_SPELLINGS] = IMP_SLICE("\0");
	expect_forged(&parts, IMP_E_FORMAT, "malformed entry");
	parts.columns[IMP_COLUMN_SPELLINGS] = IMP_SLICE("\4");
	expect_forged(&parts, IMP_E_FORMAT, "malformed entry");
	parts.columns[IMP_COLUMN_SPELLINGS] = IMP_SLICE("\3\2./");
	assert_ok(forge_and_load(&parts, &imp_limits_default, &err), &err);
}

CASE(kept_files_that_lie)
{
	static const struct {
		struct imp_slice bytes, contents;
		bool valid;
	} table[] = {
		{IMP_SLICE("\1\0\0\3"), IMP_SLICE("abc"), true},
		{IMP_SLICE("\1\0\1\0"), IMP_SLICE(""), true},
		{IMP_SLICE("\1\1\0\3"), IMP_SLICE("abc"), false}, /* of no entry */
		{IMP_SLICE("\1\0\0\4"), IMP_SLICE("abc"), false}, /* too little there */
		{IMP_SLICE("\1\0\0\2"), IMP_SLICE("abc"), false}, /* something left */
		{IMP_SLICE("\1\0\1\3"), IMP_SLICE("abc"), false}, /* cut, and there */
		{IMP_SLICE("\1\0\2\3"), IMP_SLICE("abc"), false}, /* no such flag */
		{IMP_SLICE("\2\0\0\0\0\0\0"), IMP_SLICE(""), false}, /* twice */
		{IMP_SLICE("\1\0\0\xff\xff\xff\xff\7"), IMP_SLICE("abc"), false},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct forged parts = good;
		struct imp_error err = {0};
		parts.kept = table[i].bytes;
		parts.contents = table[i].contents;
		int rc = forge_and_load(&parts, &imp_limits_default, &err);
		assert_int_equal(rc == 0, table[i].valid);
	}
}

CASE(kept_files_over_the_limit)
{
	struct forged parts = good;
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	parts.kept = IMP_SLICE("\1\0\0\x8");
	parts.contents = IMP_SLICE("abcdefgh");
	limits.kept_file_bytes = 1; /* databases have four times as much */
	assert_fails(forge_and_load(&parts, &limits, &err), IMP_E_FORMAT, "kept", &err);
	limits = imp_limits_default;
	limits.kept_total_bytes = 2;
	assert_fails(forge_and_load(&parts, &limits, &err), IMP_E_FORMAT, "kept", &err);
}

CASE(facts_that_lie)
{
	static const struct {
		struct imp_slice facts;
		uint64_t count;
		bool valid;
	} table[] = {
		{IMP_SLICE("\0\2\7/bin/sh"), 1, true},   /* a script */
		{IMP_SLICE("\0\x40\5a.b\0c"), 1, false}, /* the last has no NUL */
		{IMP_SLICE("\0\x40\4a.b\0"), 1, true},
		{IMP_SLICE("\0\x40\5a\0\0b\0"), 1, false}, /* an empty one */
		{IMP_SLICE("\0\x40\0"), 1, false},         /* none at all */
		{IMP_SLICE("\0\x80"), 1, false},           /* cut, of none */
		{IMP_SLICE("\0\0"), 1, false},             /* says nothing */
		{IMP_SLICE("\0\x3f"), 1, false},           /* no such kind */
		{IMP_SLICE("\1\3"), 1, false},             /* of no entry */
		{IMP_SLICE("\0\3\0\3"), 2, false},         /* two of one entry */
		{IMP_SLICE("\0\3"), 0, false},             /* one that is not counted */
		{IMP_SLICE("\0\3"), 2, false},             /* less than counted */
		/* type machine bits flags, interpreter soname rpath runpath needed, strip
		 * fatbin, modules deps */
		{IMP_SLICE("\0\1\3\x3e\x40\7\0\0\0\0\2x\0\3\2\0\0"), 1, true},
		{IMP_SLICE("\0\1\3\x3e\x40\7\0\0\0\0\2x\0\3\3\0\0"), 1, false},
		{IMP_SLICE("\0\1\5\x3e\x40\7\0\0\0\0\2x\0\3\2\0\0"), 1, false},
		{IMP_SLICE("\0\1\3\x3e\x41\7\0\0\0\0\2x\0\3\2\0\0"), 1, false},
		{IMP_SLICE("\0\1\3\x3e\x40\x8\0\0\0\0\2x\0\3\2\0\0"), 1, false},
		{IMP_SLICE("\0\1\3\x3e\x40\7\0\0\0\0\2xy\3\2\0\0"), 1, false},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct forged parts = good;
		struct imp_error err = {0};
		parts.facts = table[i].facts;
		parts.fact_count = table[i].count;
		int rc = forge_and_load(&parts, &imp_limits_default, &err);
		if ((rc == 0) != table[i].valid)
			fail_msg("%zu: %d %s", i, rc, err.message);
		parts.flags = 0; /* and without has_facts never */
		rc = forge_and_load(&parts, &imp_limits_default, &err);
		assert_int_equal(rc, IMP_E_FORMAT);
	}
}

CASE(packed_parts_that_lie)
{
	static const struct imp_slice table[] = {
		IMP_SLICE("\0\0\1\xff\xff\xff\xff\xf\1x"), /* more than facts may be */
		IMP_SLICE("\0\0\1\2\3abc"),                /* no zstd */
		IMP_SLICE("\0\0\1\2\0"),                   /* nothing to unpack */
		IMP_SLICE("\0\0\1\0\1x"),                  /* to unpack to nothing */
		IMP_SLICE("\0\0\1\2\x7f"
			  "abc"), /* longer than the file */
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct forged parts = good;
		parts.packed = table[i];
		expect_forged(&parts, IMP_E_FORMAT, "facts");
	}
}

CASE(warnings_that_lie)
{
	static const struct {
		struct imp_slice bytes;
		bool valid;
	} table[] = {
		{IMP_SLICE("\1\3a-b\1p\2hi"), true},
		{IMP_SLICE("\1\3A-b\1p\2hi"), false}, /* no code */
		{IMP_SLICE("\1\0\1p\2hi"), false},    /* an empty one */
		{IMP_SLICE("\1\3a b\1p\2hi"), false},
		{IMP_SLICE("\1\3a-b\1p\2h\0"), false}, /* NUL in the message */
		{IMP_SLICE("\1\3a-b\1p\3hi"), false},  /* longer than the file */
		{IMP_SLICE("\2\3a-b\1p\2hi"), false},  /* one of two */
		{IMP_SLICE("\1\3a-b\1p\2hix"), false}, /* something left */
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct forged parts = good;
		struct imp_error err = {0};
		parts.warnings = table[i].bytes;
		int rc = forge_and_load(&parts, &imp_limits_default, &err);
		assert_int_equal(rc == 0, table[i].valid);
	}
}

CASE(about_thirty_bytes_an_entry)
{
	enum { FILES = 5000 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	for (unsigned i = 0; i < FILES; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0}, data = {0};
		imp_strbuf_printf(&name, "usr/lib/node_modules/package-%u/lib/file-%u.js",
				  i / 40, i);
		add_noise(&data, i % 4000, i);
		tar_file_bytes(&tar, name.data, imp_strbuf_slice(&data));
	}
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	assert_true(imp_profile_bytes(profile).len / FILES <= 35);
}
