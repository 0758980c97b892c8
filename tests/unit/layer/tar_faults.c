/*
 * What is read from a tar that is damaged, hostile, or that readers disagree about: the
 * rows of reference/formats.md section 5 and of reference/reliability.md section 5 B, by
 * number.
 */
#include "layer_case.h"

static void pax(struct imp_strbuf *tar, const char *key, struct imp_slice value)
{
	tar_pax(tar, 'x', &(struct tar_record){key, value}, 1);
}

static void patched(struct imp_strbuf *tar, char type, size_t offset,
		    struct imp_slice bytes)
{
	tar_add(tar, &(struct tar_entry){.name = "f",
					 .type = type,
					 .patches = (struct tar_patch[]){{offset, bytes}},
					 .patch_count = 1});
}

/* A header in the body: a forged one would add an entry. */
static void add_forged(struct imp_strbuf *tar, const char *name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf forged = {0};
	tar_file(&forged, "forged", "");
	tar_file_bytes(tar, name, imp_strbuf_slice(&forged));
}

CASE(f5_8_special_header_of_more_than_a_mebibyte)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, body = {0};
	add_zeros(&body, MIB(1) + 1);
	tar_gnu_long(&tar, 'L', imp_strbuf_slice(&body));
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_LIMIT, "special-header-bytes");
}

CASE(f5_11_file_with_a_slash_is_a_file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "dir/", "12345");
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 5 dir\nfile 1 next\n", "file-slash");
}

CASE(f5_11_forged_header_in_a_file_with_a_slash)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	add_forged(&tar, "dir/");
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 512 dir\nfile 1 next\n", "file-slash");
}

CASE(f5_11_type_nul_with_a_slash_has_no_body)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "dir/",
					  .type_nul = true,
					  .declares = true,
					  .declared_bytes = 512,
					  .no_data = true});
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar, "directory 0 dir\nfile 1 next\n", "");
}

/* In the locale C libarchive warns of the name and then forgets about the slash. */
CASE(f5_11_type_nul_with_a_slash_and_foreign_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "path", IMP_SLICE("\xc3\xa9/"));
	tar_add(&tar, &(struct tar_entry){.name = "x",
					  .type_nul = true,
					  .declares = true,
					  .declared_bytes = 512,
					  .no_data = true});
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar, "directory 0 \xc3\xa9\nfile 1 next\n", "");
}

CASE(f5_12_hardlink_with_a_size_after_pax)
{
	static const uint64_t sizes[] = {5, 600, 1024};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		pax(&tar, "path", IMP_SLICE("a"));
		tar_file(&tar, "x", "12345");
		tar_add(&tar, &(struct tar_entry){.name = "b",
						  .type = '1',
						  .link = "a",
						  .declares = true,
						  .declared_bytes = sizes[i],
						  .no_data = true});
		tar_file(&tar, "c", "x");
		tar_file(&tar, "d", "y");
		tar_end(&tar);
		expect_tar(&tar, "file 5 a\nhardlink 0 b -> a\nfile 1 c\nfile 1 d\n",
			   "hardlink-size");
	}
}

CASE(f5_12_hardlink_with_a_pax_size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "12345");
	pax(&tar, "size", IMP_SLICE("512"));
	tar_hardlink(&tar, "b", "a");
	tar_file(&tar, "c", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 5 a\nhardlink 0 b -> a\nfile 1 c\n", "hardlink-size");
}

CASE(f5_12_hardlink_with_a_size_at_the_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "path", IMP_SLICE("a"));
	tar_file(&tar, "x", "12345");
	tar_add(&tar, &(struct tar_entry){.name = "b",
					  .type = '1',
					  .link = "a",
					  .declares = true,
					  .declared_bytes = 5,
					  .no_data = true});
	expect_tar(&tar, "file 5 a\nhardlink 0 b -> a\n", "hardlink-size tar-no-end");
	tar_end(&tar);
	expect_tar(&tar, "file 5 a\nhardlink 0 b -> a\n", "hardlink-size");
}

CASE(f5_13_wrong_checksum_is_damage)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	tar_add(&tar, &(struct tar_entry){.name = "b", .checksum = TAR_CHECKSUM_WRONG});
	tar_file(&tar, "c", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT,
		       "tar entry at byte 1024: tar header with a wrong");
}

CASE(f5_13_lone_zero_block)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	tar_zero_blocks(&tar, 1);
	tar_file(&tar, "lost", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "lone zero block at byte 1024");
}

CASE(f5_13_no_end_blocks)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	expect_tar(&tar, "file 1 a\n", "tar-no-end");
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	assert_true(imp_profile_summary(profile)->without_end);
}

CASE(f5_13_concatenated_tars)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	tar_end(&tar);
	tar_file(&tar, "ignored", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 a\n", "tar-trailing-data");
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	assert_int_equal(summary->overheads[IMP_OVERHEAD_AFTER_END].tar_bytes, 3072);
	assert_int_equal(summary->tar_bytes, tar.len);
	assert_false(summary->without_end);
}

CASE(f5_13_zeros_behind_the_end_are_quiet)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	tar_pad_record(&tar, 10240);
	expect_tar(&tar, "file 1 a\n", "");
}

CASE(f5_22_only_the_last_padding_is_missing)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	tar_file(&tar, "b", "12345");
	for (size_t len = tar.len - 1; len >= 1024 + 512 + 5; len--) {
		imp_strbuf_truncate(&tar, len);
		expect_tar(&tar, "file 1 a\nfile 5 b\n", "tar-no-padding");
	}
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	assert_true(summary->without_end);
	assert_int_equal(summary->overheads[IMP_OVERHEAD_PADDING].tar_bytes, 511);
}

CASE(f5_22_missing_padding_of_a_file_with_a_slash)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "dir/", "12345");
	imp_strbuf_truncate(&tar, 512 + 5);
	expect_tar(&tar, "file 5 dir\n", "file-slash tar-no-padding");
}

static void add_everything(struct imp_strbuf *tar)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf noise = {0};
	add_noise(&noise, 1300, 1);
	tar_directory(tar, "d/");
	pax(tar, "path", IMP_SLICE("d/pax"));
	tar_file_bytes(tar, "x", imp_strbuf_slice(&noise));
	tar_gnu_long(tar, 'L', IMP_SLICE("d/long"));
	tar_file(tar, "x", "12345");
	tar_file(tar, "d/slash/", "12345");
	tar_hardlink(tar, "d/link", "d/pax");
	tar_file_bytes(tar, "last", imp_slice(noise.data, 1024));
	tar_end(tar);
}

/* Cut around every block: what comes back is complete, or says that it may not be. */
CASE(f5_22_cut_at_every_block)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = layer_request();
	size_t refused = 0, accepted = 0;

	add_everything(&tar);
	for (size_t block = 0; block * 512 <= tar.len; block++) {
		for (int shift = -1; shift <= 1; shift++) {
			size_t len = block * 512 + (size_t)shift;
			struct imp_layer_result result = {0};
			struct imp_error err = {0};
			if (len > tar.len)
				continue;
			int rc = layer_read(imp_slice(tar.data, len), &request, &result,
					    &err);
			if (rc < 0) {
				assert_int_equal(rc, IMP_E_FORMAT);
				refused++;
				continue;
			}
			const struct imp_profile_summary *summary =
				imp_profile_summary(result.profile);
			assert_true(summary->entries == 6 || summary->without_end);
			imp_profile_destroy(result.profile);
			accepted++;
		}
	}
	assert_true(refused > 20 && accepted > 5);
}

CASE(f5_22_between_pax_and_its_entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "x");
	pax(&tar, "path", IMP_SLICE("lost"));
	expect_refused(&tar, IMP_E_FORMAT,
		       "the tar ends at byte 2048, inside its headers");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "tar header with a wrong checksum");
}

CASE(f5_22_in_a_pax_body)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "path", IMP_SLICE("lost"));
	imp_strbuf_truncate(&tar, 700);
	expect_refused(&tar, IMP_E_FORMAT,
		       "the tar ends at byte 700, inside its headers");
}

CASE(f5_22_in_data)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a", "1234567890");
	imp_strbuf_truncate(&tar, 512 + 7);
	expect_refused(&tar, IMP_E_FORMAT,
		       "tar entry at byte 0: the tar ends at byte 519, 3 bytes before");
}

CASE(b1_chain_of_headers)
{
	static const char types[] = {'x', 'g', 'L', 'K', 'V'};
	for (size_t i = 0; i < sizeof(types); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		for (int n = 0; n < 16; n++)
			tar_add(&tar, &(struct tar_entry){.name = "h", .type = types[i]});
		size_t sixteen = tar.len;
		tar_file(&tar, "f", "x");
		tar_end(&tar);
		/* More than one pax header in a row is more than libarchive understands.
		 */
		if (types[i] == 'g' || types[i] == 'V') {
			imp_auto_destroy(imp_profile) struct imp_profile *profile =
				layer_profile(imp_strbuf_slice(&tar));
			assert_int_equal(imp_profile_summary(profile)->entries, 1);
		}
		imp_strbuf_truncate(&tar, sixteen);
		tar_add(&tar, &(struct tar_entry){.name = "h", .type = types[i]});
		tar_file(&tar, "f", "x");
		tar_end(&tar);
		expect_refused(&tar, IMP_E_LIMIT, "special-headers");
	}
}

CASE(b1_endless_chain_of_headers)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	for (int n = 0; n < 200000; n++)
		tar_add(&tar, &(struct tar_entry){
				      .name = "v", .type = 'V', .dialect = TAR_GNU});
	expect_refused(&tar, IMP_E_LIMIT, "special-headers");
}

CASE(b2_pax_header_of_two_mebibytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, value = {0};
	memset(imp_strbuf_reserve(&value, MIB(2)), 'a', MIB(2));
	value.len = MIB(2);
	pax(&tar, "comment", imp_strbuf_slice(&value));
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_LIMIT, "special-header-bytes");
}

/* Its bytes never come, and nothing waits or allocates for them. */
CASE(b2_pax_header_of_a_gibibyte)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "p",
					  .type = 'x',
					  .declares = true,
					  .declared_bytes = 1 << 30,
					  .no_data = true});
	add_zeros(&tar, MIB(1));
	expect_refused(&tar, IMP_E_LIMIT, "special-header-bytes");
}

CASE(b2_headers_together_of_more_than_a_mebibyte)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, text = {0};
	memset(imp_strbuf_reserve(&text, 600000), 'a', 600000);
	text.len = 600000;
	tar_gnu_long(&tar, 'L', imp_strbuf_slice(&text));
	tar_gnu_long(&tar, 'K', imp_strbuf_slice(&text));
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_LIMIT, "special-header-bytes");
}

/* reference/reliability.md 1.4: libarchive drops it, and the short name would stand. */
CASE(pax_path_that_libarchive_drops)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, path = {0};
	memset(imp_strbuf_reserve(&path, 1000000), 'a', 1000000);
	path.len = 1000000;
	pax(&tar, "path", imp_strbuf_slice(&path));
	tar_file(&tar, "short", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_LIMIT, "special-header-bytes");
}

CASE(b3_sizes_out_of_range)
{
	static const struct imp_slice fields[] = {
		IMP_SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), /* -1 */
		IMP_SLICE("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"), /* 2^63 - 1 */
		IMP_SLICE("\x80\0\0\0\x80\0\0\0\0\0\0\0"),               /* 2^63 */
		IMP_SLICE("\x80\0\0\0\x10\0\0\0\0\0\0\0"),               /* 2^60 */
		IMP_SLICE("\x80\0\0\x01\0\0\0\0\0\0\0\0"),               /* 2^64 */
		IMP_SLICE("0000000001x\0"),
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		tar_file(&tar, "first", "x");
		patched(&tar, '0', TAR_AT_SIZE, fields[i]);
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "size");
	}
}

CASE(b3_pax_sizes_out_of_range)
{
	static const char *const sizes[] = {"-1",
					    "9223372036854775807",
					    "99999999999999999999",
					    "1152921504606846976",
					    "5x",
					    " 5",
					    "+5"};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		pax(&tar, "size", imp_slice_of(sizes[i]));
		tar_file(&tar, "f", "12345");
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "size");
	}
}

CASE(b3_nine_gibibytes_that_are_not_there)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_add(&tar, &(struct tar_entry){.name = "f",
					  .declares = true,
					  .declared_bytes = UINT64_C(9) << 30,
					  .no_data = true,
					  .numbers = TAR_BASE256});
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "9663675392 bytes");
	imp_strbuf_reset(&tar);
	pax(&tar, "size", IMP_SLICE("9999999999"));
	tar_file(&tar, "f", "");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "bytes before the file's end");
}

CASE(b3_sizes_that_overflow_together)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	for (int i = 0; i < 17; i++) {
		struct tar_record records[] = {
			{"GNU.sparse.size", IMP_SLICE("1152921504606846975")},
			{"GNU.sparse.numblocks", IMP_SLICE("1")},
			{"GNU.sparse.map", IMP_SLICE("0,1")},
		};
		tar_pax(&tar, 'x', records, 3);
		tar_file(&tar, "f", "x");
	}
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "exceed 64 bits");
}

CASE(b4_two_sizes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "size", IMP_SLICE("3"));
	tar_add(&tar, &(struct tar_entry){.name = "f",
					  .declares = true,
					  .declared_bytes = 1500,
					  .data = IMP_SLICE("abc")});
	tar_file(&tar, "g", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 3 f\nfile 1 g\n", "size-ambiguous");
}

CASE(b4_equal_or_zero_sizes_are_not_ambiguous)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "size", IMP_SLICE("3"));
	tar_file(&tar, "f", "abc");
	pax(&tar, "size", IMP_SLICE("3"));
	tar_add(&tar, &(struct tar_entry){
			      .name = "g", .declares = true, .data = IMP_SLICE("abc")});
	tar_end(&tar);
	expect_tar(&tar, "file 3 f\nfile 3 g\n", "");
}

CASE(b5_nul_in_a_pax_value)
{
	static const char *const keys[] = {"path", "linkpath", "uname", "gname",
					   "GNU.sparse.name"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		pax(&tar, keys[i], IMP_SLICE("etc\0/evil"));
		tar_file(&tar, "f", "x");
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "NUL in pax record");
	}
}

CASE(b8_global_path_is_ignored)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct tar_record records[] = {{"path", IMP_SLICE("lost")},
				       {"size", IMP_SLICE("0")}};
	tar_pax(&tar, 'g', records, 2);
	tar_file(&tar, "f", "x");
	tar_file(&tar, "g", "y");
	tar_end(&tar);
	expect_tar(&tar, "file 1 f\nfile 1 g\n", "tar-global-path");
}

/* For engines the global header is an entry: the records in front of it are its own. */
CASE(b8_global_header_between_pax_and_entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "path", IMP_SLICE("lost"));
	tar_pax(&tar, 'g', &(struct tar_record){"comment", IMP_SLICE("x")}, 1);
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 f\n", "tar-ambiguous");
}

CASE(b9_entries_behind_the_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_end(&tar);
	tar_file(&tar, "hidden", "x");
	expect_tar(&tar, "", "tar-trailing-data");
}

/* A name in a GNU header beats the pax one for engines, the first of both for libarchive.
 */
CASE(two_long_names)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "path", IMP_SLICE("by-pax"));
	tar_gnu_long(&tar, 'L', IMP_SLICE("by-gnu"));
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 1 by-gnu\n", "tar-ambiguous");
}

CASE(two_pax_headers)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "path", IMP_SLICE("one"));
	pax(&tar, "path", IMP_SLICE("two"));
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "pax");
}

/* libarchive believes a size and holes that engines do not know. */
CASE(sizes_that_engines_do_not_know)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	pax(&tar, "SCHILY.realsize", IMP_SLICE("700"));
	tar_file(&tar, "a", "12345");
	pax(&tar, "SUN.holesdata", IMP_SLICE(" 0 2 5"));
	tar_file(&tar, "b", "12345");
	tar_add(&tar,
		&(struct tar_entry){
			.name = "c",
			.data = IMP_SLICE("12345"),
			.dialect = TAR_GNU,
			.patches =
				(struct tar_patch[]){{483, IMP_SLICE("00000001234\0")}},
			.patch_count = 1});
	tar_file(&tar, "d", "x");
	tar_end(&tar);
	expect_tar(&tar, "file 5 a\nfile 5 b\nfile 5 c\nfile 1 d\n",
		   "tar-ambiguous tar-ambiguous tar-ambiguous");
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	struct imp_content_hash hash = imp_content_hash_of("12345", 5);
	assert_memory_equal(layer_entry(profile, 1).hash.bytes, hash.bytes, 16);
}

CASE(headers_that_only_some_readers_know)
{
	static const char types[] = {'A', 'X'};
	for (size_t i = 0; i < sizeof(types); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		tar_add(&tar, &(struct tar_entry){.name = "h", .type = types[i]});
		tar_file(&tar, "f", "x");
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "tar readers differ");
	}
}

CASE(volume_label_with_data)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, forged = {0};
	tar_file(&forged, "forged", "");
	tar_add(&tar, &(struct tar_entry){.name = "label",
					  .type = 'V',
					  .dialect = TAR_GNU,
					  .data = imp_strbuf_slice(&forged)});
	tar_file(&tar, "f", "x");
	tar_end(&tar);
	expect_refused(&tar, IMP_E_FORMAT, "tar readers differ");
}

CASE(malformed_pax_records)
{
	static const struct imp_slice bodies[] = {
		IMP_SLICE("x"),
		IMP_SLICE("path=x\n"),
		IMP_SLICE("99 path=x\n"),
		IMP_SLICE("0 path=x\n"),
		IMP_SLICE("3 path=x\n"),
		IMP_SLICE("2 \n"),
		IMP_SLICE("10 path=xyz"),
		IMP_SLICE("9 path=xyz\n"),
		IMP_SLICE("8 =path\n"),
		IMP_SLICE("7 path\n"),
		IMP_SLICE("-9 path=x\n"),
		IMP_SLICE("99999999999999999999 path=x\n"),
		IMP_SLICE("10 pa\0h=x\n"),
		IMP_SLICE("10 mtime=x\n"),
		IMP_SLICE("8 uid=x\n"),
	};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		tar_pax_raw(&tar, 'x', bodies[i]);
		tar_file(&tar, "f", "x");
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "pax");
		/* Engines read it where nothing follows, too. */
		imp_strbuf_reset(&tar);
		tar_file(&tar, "f", "x");
		tar_pax_raw(&tar, 'g', bodies[i]);
		if (i < 13) {
			tar_end(&tar);
			expect_refused(&tar, IMP_E_FORMAT, "pax");
		}
	}
}

CASE(numbers_that_are_none)
{
	static const size_t fields[] = {TAR_AT_MODE,  TAR_AT_UID,       TAR_AT_GID,
					TAR_AT_MTIME, TAR_AT_DEV_MAJOR, TAR_AT_DEV_MINOR};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		tar_file(&tar, "first", "x");
		patched(&tar, '0', fields[i], IMP_SLICE("00zz000"));
		tar_end(&tar);
		expect_refused(&tar, IMP_E_FORMAT, "no number");
	}
}

CASE(not_a_tar)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	imp_strbuf_add_text(&text, "<!DOCTYPE html><title>Sign in</title>");
	expect_refused(&text, IMP_E_FORMAT, "not a tar archive");
	for (int i = 0; i < 100; i++)
		imp_strbuf_add_text(&text, "<p>this is not the layer that you want</p>");
	expect_refused(&text, IMP_E_FORMAT, "not a tar archive");
	assert_false(imp_tar_plausible(imp_strbuf_slice(&text)));
}

CASE(plausible_heads)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, zeros = {0};
	tar_file(&tar, "f", "x");
	tar_zero_blocks(&zeros, 1);
	assert_true(imp_tar_plausible(imp_strbuf_slice(&tar)));
	assert_true(imp_tar_plausible(imp_strbuf_slice(&zeros)));
	assert_false(imp_tar_plausible(imp_slice(tar.data, 511)));
	assert_false(imp_tar_plausible(imp_slice(NULL, 0)));
	tar.data[0] = 'g';
	assert_false(imp_tar_plausible(imp_strbuf_slice(&tar)));
}

CASE(limit_on_entries)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_layer_request request = layer_request();
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	limits.nodes = 3;
	request.limits = &limits;
	for (int i = 0; i < 4; i++) {
		tar_file(&tar, "f", "x");
		int rc = layer_read(imp_strbuf_slice(&tar), &request, &result, &err);
		if (i == 3)
			assert_fails(rc, IMP_E_LIMIT, "nodes", &err);
		else
			assert_ok(rc, &err);
		imp_profile_destroy(result.profile);
		result.profile = NULL;
	}
}

/* G21 of reference/reliability.md, as far as it goes without digests: a flipped bit is an
 * error, or harmless to everything that the tar's checksums protect. */
CASE(flipped_bits_never_crash)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = layer_request();
	size_t refused = 0;

	add_everything(&tar);
	for (size_t bit = 0; bit < tar.len * 8; bit += 7) {
		struct imp_layer_result result = {0};
		struct imp_error err = {0};
		tar.data[bit / 8] ^= (char)(1 << bit % 8);
		int rc = layer_read_chunks(imp_strbuf_slice(&tar), 0, &request, &result,
					   &err);
		refused += rc < 0;
		imp_profile_destroy(result.profile);
		tar.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	assert_true(refused > 1000);
}
