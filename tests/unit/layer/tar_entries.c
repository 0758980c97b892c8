/*
 * What is read from a well-formed tar: the rows of reference/formats.md section 5 that
 * ask for entries, by number.
 */
#include "layer_case.h"

static struct imp_slice slice_of(const struct imp_strbuf *buf)
{
	return imp_strbuf_slice(buf);
}

static void repeat(struct imp_strbuf *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		imp_strbuf_add_text(out, text);
}

CASE(f5_1_ustar_prefix_is_joined)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "name",
					  .prefix = "pre/fix",
					  .data = IMP_SLICE("x")});
	tar_end(&tar);
	expect_tar(&tar, "file 1 pre/fix/name\n", "");
}

CASE(f5_1_prefix_with_a_slash_at_its_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "name", .prefix = "pre/"});
	tar_end(&tar);
	expect_tar(&tar, "file 0 pre/name (pre//name)\n", "");
}

CASE(f5_1_type_nul_is_a_file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){
			      .name = "f", .type_nul = true, .data = IMP_SLICE("abc")});
	tar_end(&tar);
	expect_tar(&tar, "file 3 f\n", "");
}

CASE(f5_1_v7_without_magic)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "f",
					  .type_nul = true,
					  .data = IMP_SLICE("abc"),
					  .dialect = TAR_V7});
	tar_add(&tar,
		&(struct tar_entry){.name = "d/", .type_nul = true, .dialect = TAR_V7});
	tar_add(&tar, &(struct tar_entry){
			      .name = "l", .type = '2', .link = "f", .dialect = TAR_V7});
	tar_end(&tar);
	expect_tar(&tar, "file 3 f\ndirectory 0 d\nsymlink 0 l -> f\n", "");
}

CASE(f5_1_contiguous_is_a_file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar,
		&(struct tar_entry){.name = "f", .type = '7', .data = IMP_SLICE("abc")});
	tar_end(&tar);
	expect_tar(&tar, "file 3 f\n", "");
}

CASE(f5_1_signed_checksum)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar,
		&(struct tar_entry){.name = "\xe9\xe8", .checksum = TAR_CHECKSUM_SIGNED});
	tar_end(&tar);
	expect_tar(&tar, "file 0 \xe9\xe8\n", "");
}

CASE(f5_1_star_has_a_shorter_prefix)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf prefix = {0}, expected = {0};
	repeat(&prefix, "p", 131);
	tar_add(&tar, &(struct tar_entry){
			      .name = "f",
			      .patches =
				      (struct tar_patch[]){
					      {TAR_AT_PREFIX, slice_of(&prefix)},
					      {476, IMP_SLICE("00000000017\0")},
					      {488, IMP_SLICE("00000000017\0")},
					      {508, IMP_SLICE("tar\0")},
				      },
			      .patch_count = 4,
		      });
	tar_end(&tar);
	imp_strbuf_printf(&expected, "file 0 %s/f\n", prefix.data);
	expect_tar(&tar, expected.data, "tar-ambiguous");
}

/* Go before 1.8 wrote a prefix into GNU headers, where times stand. */
CASE(f5_1_prefix_in_a_gnu_header)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){
			      .name = "f",
			      .dialect = TAR_GNU,
			      .patches = (struct tar_patch[]){{TAR_AT_PREFIX,
							       IMP_SLICE("some/prefix")}},
			      .patch_count = 1,
		      });
	tar_end(&tar);
	expect_tar(&tar, "file 0 some/prefix/f\n", "tar-ambiguous");
}

CASE(f5_2_gnu_long_names_and_links)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0}, link = {0},
						      expected = {0};
	repeat(&name, "directory/", 20);
	imp_strbuf_add_text(&name, "f");
	repeat(&link, "../", 50);
	imp_strbuf_add_text(&link, "target");
	tar_add(&tar, &(struct tar_entry){.name = name.data,
					  .type = '2',
					  .link = link.data,
					  .dialect = TAR_GNU,
					  .long_names = TAR_LONG_GNU});
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	imp_strbuf_printf(&expected, "symlink 0 %s -> %s\nfile 1 next\n", name.data,
			  link.data);
	expect_tar(&tar, expected.data, "");
}

CASE(f5_2_gnu_long_name_ends_at_its_nul)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_gnu_long(&tar, 'L', IMP_SLICE("name\0junk"));
	tar_file(&tar, "short", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 name\n", "");
}

CASE(f5_3_pax_overrides_the_header)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct tar_record records[] = {
		{"path", IMP_SLICE("first")},     {"path", IMP_SLICE("real/name")},
		{"linkpath", IMP_SLICE("there")}, {"uid", IMP_SLICE("3000000000")},
		{"gid", IMP_SLICE("5000000000")}, {"mtime", IMP_SLICE("1700000000.75")},
	};
	tar_pax(&tar, 'x', records, 6);
	tar_symlink(&tar, "short", "elsewhere");
	tar_end(&tar);
	expect_tar(&tar, "symlink 0 real/name -> there\n", "");

	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	struct imp_entry entry = layer_entry(profile, 0);
	assert_int_equal(entry.uid, 3000000000);
	assert_int_equal(entry.gid, 5000000000);
	assert_int_equal(entry.mtime_s, 1700000000);
}

CASE(f5_3_pax_size_holds)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'x', &(struct tar_record){"size", IMP_SLICE("600")}, 1);
	tar_add(&tar,
		&(struct tar_entry){.name = "f", .declares = true, .no_data = true});
	add_zeros(&tar, 1024);
	tar_file(&tar, "g", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 600 f\nfile 1 g\n", "");
}

CASE(f5_3_empty_pax_value_overrides_nothing)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct tar_record records[] = {{"path", IMP_SLICE("lost")},
				       {"path", IMP_SLICE("")}};
	tar_pax(&tar, 'x', records, 2);
	tar_file(&tar, "kept", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 kept\n", "");
}

CASE(f5_3_negative_times_round_down)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'x', &(struct tar_record){"mtime", IMP_SLICE("-1.5")}, 1);
	tar_file(&tar, "a", "");
	tar_pax(&tar, 'x', &(struct tar_record){"mtime", IMP_SLICE("-3.000")}, 1);
	tar_file(&tar, "b", "");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	assert_int_equal(layer_entry(profile, 0).mtime_s, -2);
	assert_int_equal(layer_entry(profile, 1).mtime_s, -3);
}

CASE(f5_4_global_header_is_no_entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'g', &(struct tar_record){"comment", IMP_SLICE("0123abcd")}, 1);
	tar_pax(&tar, 'g', &(struct tar_record){"comment", IMP_SLICE("again")}, 1);
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 f\n", "");
}

CASE(f5_4_trailing_global_header)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "f", "x");
	tar_pax(&tar, 'g', &(struct tar_record){"comment", IMP_SLICE("x")}, 1);
	tar_end(&tar);
	expect_tar(&tar, "file 1 f\n", "");

	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	const struct imp_overhead *overheads = imp_profile_summary(profile)->overheads;
	assert_int_equal(overheads[IMP_OVERHEAD_PAX].tar_bytes, 1024);
	assert_int_equal(overheads[IMP_OVERHEAD_AFTER_END].tar_bytes, 1024);
}

CASE(f5_5_base256_owner)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "f",
					  .uid = 4000000000,
					  .gid = 7,
					  .mtime_s = 1700000000,
					  .data = IMP_SLICE("abc"),
					  .numbers = TAR_BASE256});
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	struct imp_entry entry = layer_entry(profile, 0);
	assert_int_equal(entry.uid, 4000000000);
	assert_int_equal(entry.gid, 7);
	assert_int_equal(entry.mtime_s, 1700000000);
	assert_int_equal(entry.disk_bytes, 3);
}

/* The hash says whether anything changed, not what. */
static uint64_t xattr_hash(const struct tar_record *records, size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'x', records, count);
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	return layer_entry(profile, 0).xattrs;
}

CASE(f5_6_xattrs_by_name_whatever_their_order)
{
	struct tar_record a = {"SCHILY.xattr.user.a", IMP_SLICE("v\0=\n1")};
	struct tar_record b = {"SCHILY.xattr.user.b", IMP_SLICE("2")};
	struct tar_record other = {"SCHILY.xattr.user.b", IMP_SLICE("3")};
	struct tar_record none = {"comment", IMP_SLICE("no attribute")};

	uint64_t both = xattr_hash((struct tar_record[]){a, b}, 2);
	assert_int_equal(xattr_hash(&none, 1), 0);
	assert_int_not_equal(both, 0);
	assert_true(both == xattr_hash((struct tar_record[]){b, a}, 2));
	assert_true(both != xattr_hash((struct tar_record[]){a, other}, 2));
	assert_true(both != xattr_hash(&a, 1));
	/* Of two with one name the later counts. */
	assert_true(both == xattr_hash((struct tar_record[]){a, other, b}, 3));
}

CASE(f5_9_other_types_have_no_size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "c", .type = '3', .device_major = 1});
	tar_add(&tar, &(struct tar_entry){.name = "b", .type = '4', .device_major = 8});
	tar_add(&tar, &(struct tar_entry){.name = "p", .type = '6'});
	tar_end(&tar);
	expect_tar(&tar, "char 0 c\nblock 0 b\nfifo 0 p\n", "");
}

CASE(f5_9_unknown_type_is_taken_for_a_file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar,
		&(struct tar_entry){.name = "z", .type = 'z', .data = IMP_SLICE("abc")});
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 3 z\nfile 1 f\n", "tar-unknown-type");
}

CASE(f5_9_gnu_dump_directory)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "d/",
					  .type = 'D',
					  .dialect = TAR_GNU,
					  .data = IMP_SLICE("Yf\0\0")});
	tar_file(&tar, "d/f", "x");
	tar_end(&tar);
	expect_tar(&tar, "directory 0 d\nfile 1 d/f\n", "tar-unknown-type");
}

CASE(f5_10_size_of_what_has_no_data)
{
	static const char types[] = "23456";
	for (size_t i = 0; types[i]; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0};
		tar_add(&tar, &(struct tar_entry){.name = "x",
						  .type = types[i],
						  .link = types[i] == '2' ? "l" : NULL,
						  .device_major = 1,
						  .declares = true,
						  .declared_bytes = 4096,
						  .no_data = true});
		tar_file(&tar, "next", "x");
		tar_end(&tar);
		imp_auto_destroy(imp_profile) struct imp_profile *profile =
			layer_profile(slice_of(&tar));
		layer_list(profile, &list);
		assert_non_null(strstr(list.data, "file 1 next\n"));
		assert_int_equal(imp_profile_summary(profile)->entries, 2);
	}
}

/* libarchive takes the pax size of a directory for data. */
CASE(f5_10_pax_size_of_a_directory)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'x', &(struct tar_record){"size", IMP_SLICE("512")}, 1);
	tar_directory(&tar, "d/");
	tar_file(&tar, "d/hidden", "x");
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar, "directory 0 d\nfile 1 d/hidden\nfile 1 next\n", "");
}

CASE(f5_14_names_are_bytes)
{
	static const char *const names[] = {
		"na\xc3\xafve-\xe6\x97\xa5\xe6\x9c\xac",
		"\xef",
		"new\nline",
		"\x1b[31mred",
		"\xed\xa0\x80\xed\xb0\x80",
		"tab\tq",
		"back\\slash",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, expected = {0};
		struct tar_record record = {"path", imp_slice_of(names[i])};
		tar_file(&tar, names[i], "x");
		tar_pax(&tar, 'x', &record, 1);
		tar_file(&tar, "short", "y");
		tar_gnu_long(&tar, 'L', record.value);
		tar_file(&tar, "short", "z");
		tar_end(&tar);
		imp_strbuf_printf(&expected, "file 1 %s\nfile 1 %s\nfile 1 %s\n",
				  names[i], names[i], names[i]);
		expect_tar(&tar, expected.data, "");
	}
}

/* B24 of reference/reliability.md. */
CASE(b24_every_byte_in_a_name)
{
	for (unsigned byte = 1; byte < 256; byte++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, expected = {0};
		char name[] = {'a', (char)byte, 'b', '\0'};
		if (byte == '/')
			continue;
		tar_pax(&tar, 'x', &(struct tar_record){"path", imp_slice(name, 3)}, 1);
		tar_file(&tar, "short", "");
		tar_end(&tar);
		imp_strbuf_printf(&expected, "file 0 %s\n", name);
		expect_tar(&tar, expected.data, "");
	}
}

CASE(f5_16_duplicates_are_kept)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "z", "1");
	tar_directory(&tar, "z/");
	tar_file(&tar, "./z", "22");
	tar_end(&tar);
	expect_tar(&tar, "file 1 z\ndirectory 0 z\nfile 2 z (./z)\n", "");
}

/* Where a link leads is decided where layers are stacked; here its target is data. */
CASE(f5_17_link_targets_are_raw)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_hardlink(&tar, "self", "self");
	tar_hardlink(&tar, "later", "./f");
	tar_hardlink(&tar, "missing", "/no/../such");
	tar_file(&tar, "f", "x");
	tar_hardlink(&tar, "g", "f");
	tar_symlink(&tar, "loop", "loop");
	tar_symlink(&tar, "abs", "/../../etc/");
	tar_symlink(&tar, "empty", "");
	tar_end(&tar);
	expect_tar(&tar,
		   "hardlink 0 self -> self\n"
		   "hardlink 0 later -> ./f\n"
		   "hardlink 0 missing -> /no/../such\n"
		   "file 1 f\n"
		   "hardlink 0 g -> f\n"
		   "symlink 0 loop -> loop\n"
		   "symlink 0 abs -> /../../etc/\n"
		   "symlink 0 empty -> \n",
		   "");
}

CASE(f5_18_missing_parents_are_no_entries)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a/b/c/f", "x");
	tar_directory(&tar, "a/");
	tar_end(&tar);
	expect_tar(&tar, "file 1 a/b/c/f\ndirectory 0 a\n", "");
}

CASE(f5_21_odd_but_legal)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "su", .mode = 04755});
	tar_add(&tar, &(struct tar_entry){.name = "tmp/", .type = '5', .mode = 01777});
	tar_add(&tar, &(struct tar_entry){.name = "none", .mode_zero = true});
	tar_add(&tar, &(struct tar_entry){.name = ""});
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	assert_int_equal(layer_entry(profile, 0).mode, 04755);
	assert_int_equal(layer_entry(profile, 1).mode, 01777);
	assert_int_equal(layer_entry(profile, 2).mode, 0);
	expect_tar(&tar, "file 0 su\ndirectory 0 tmp\nfile 0 none\nfile 0 \n", "");
}

CASE(b23_negative_owner)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'x', &(struct tar_record){"uid", IMP_SLICE("-1")}, 1);
	tar_file(&tar, "f", "");
	tar_end(&tar);
	expect_tar(&tar, "file 0 f\n", "negative-owner");
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	assert_int_equal(layer_entry(profile, 0).uid, 0);
}

CASE(b23_far_times)
{
	static const int64_t times[] = {-62135596800, 253402300800, INT64_MAX - 1};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		char text[32];
		snprintf(text, sizeof(text), "%" PRId64, times[i]);
		tar_pax(&tar, 'x', &(struct tar_record){"mtime", imp_slice_of(text)}, 1);
		tar_file(&tar, "f", "");
		tar_file(&tar, "g", "");
		tar_end(&tar);
		imp_auto_destroy(imp_profile) struct imp_profile *profile =
			layer_profile(slice_of(&tar));
		assert_int_equal(layer_entry(profile, 0).mtime_s, times[i]);
		assert_int_equal(layer_entry(profile, 1).mtime_s, 0);
	}
}

CASE(b22_null_device_is_no_whiteout)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "gone", .type = '3'});
	tar_end(&tar);
	expect_tar(&tar, "char 0 gone\n", "null-device");
}

CASE(b22_overlay_attributes_mean_nothing)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_pax(&tar, 'x',
		&(struct tar_record){"SCHILY.xattr.trusted.overlay.opaque",
				     IMP_SLICE("y")},
		1);
	tar_directory(&tar, "d/");
	tar_end(&tar);
	expect_tar(&tar, "directory 0 d\n", "overlay-xattr");
}

CASE(volume_label_is_no_entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar,
		&(struct tar_entry){.name = "label", .type = 'V', .dialect = TAR_GNU});
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 f\n", "tar-volume-label");
}

CASE(offsets_point_at_the_data)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_directory(&tar, "d/");
	tar_file(&tar, "d/a", "first");
	tar_pax(&tar, 'x', &(struct tar_record){"path", IMP_SLICE("d/b")}, 1);
	tar_file(&tar, "x", "second");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	struct imp_entry a = layer_entry(profile, 1), b = layer_entry(profile, 2);
	assert_memory_equal(tar.data + a.tar_offset, "first", 5);
	assert_memory_equal(tar.data + b.tar_offset, "second", 6);
	assert_int_equal(a.stored_bytes, 5);
	assert_int_equal(b.stored_bytes, 6);
}

CASE(contents_are_hashed)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, noise = {0};
	add_noise(&noise, 700001, 1);
	tar_file_bytes(&tar, "noise", slice_of(&noise));
	tar_file(&tar, "empty", "");
	tar_directory(&tar, "d/");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	struct imp_content_hash expected = imp_content_hash_of(noise.data, noise.len);
	struct imp_content_hash nothing = imp_content_hash_of("", 0);
	assert_memory_equal(layer_entry(profile, 0).hash.bytes, expected.bytes, 16);
	assert_memory_equal(layer_entry(profile, 1).hash.bytes, nothing.bytes, 16);
}

/* B16 in small: what an entry costs does not grow with their number. */
CASE(b16_many_empty_files)
{
	enum { FILES = 20000 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	for (int i = 0; i < FILES; i++) {
		char name[32];
		snprintf(name, sizeof(name), "dir/%d", i);
		tar_file(&tar, name, "");
	}
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(slice_of(&tar));
	assert_int_equal(imp_profile_summary(profile)->files, FILES);
	assert_true(imp_profile_bytes(profile).len / FILES < 10);
}
