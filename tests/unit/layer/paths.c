/* From spelled names to places: reference/formats.md 5.15 and 5.20, B13 and B14. */
#include "imgprof/path.h"
#include "layer_case.h"

#include "../../../src/layer/path_clean.h"

static void repeat(struct imp_strbuf *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		imp_strbuf_add_text(out, text);
}

static bool is_clean(struct imp_slice path)
{
	return imp_layer_path_continues(path, 0, &imp_limits_default);
}

CASE(b13_spellings)
{
	static const struct {
		const char *raw, *clean;
		bool escapes;
	} table[] = {
		{"", "", false},
		{".", "", false},
		{"./", "", false},
		{"/", "", false},
		{"//", "", false},
		{"a", "a", false},
		{"a/", "a", false},
		{"a//", "a", false},
		{"/a", "a", false},
		{"//a", "a", false},
		{"./a", "a", false},
		{"././a", "a", false},
		{"/./a", "a", false},
		{"a/.", "a", false},
		{"a/./", "a", false},
		{"a/./b", "a/b", false},
		{"a/./b/", "a/b", false},
		{"a//b", "a/b", false},
		{"a/b/..", "a", false},
		{"a/b/../", "a", false},
		{"a/../b", "b", false},
		{"e/../f", "f", false},
		{"a/b/../../c", "c", false},
		{"a/..", "", false},
		{"..", "", true},
		{"../", "", true},
		{"../a", "a", true},
		{"../../esc", "esc", true},
		{"/../a", "a", true},
		{"./../a", "a", true},
		{"a/../../b", "b", true},
		{"a/../../../b/c", "b/c", true},
		{"...", "...", false},
		{"..a", "..a", false},
		{"a..", "a..", false},
		{".a", ".a", false},
		{"a/...", "a/...", false},
		{"a/.../b", "a/.../b", false},
		{" ", " ", false},
		{"a/ /b", "a/ /b", false},
		{"a\\b", "a\\b", false},
		{"-", "-", false},
		{"~", "~", false},
		{"a/b/c/../../d/./e/", "a/d/e", false},
	};
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		imp_strbuf_reset(&out);
		bool escapes = imp_path_clean(imp_slice_of(table[i].raw), &out);
		imp_strbuf_add_text(&out, "");
		assert_string_equal(out.data, table[i].clean);
		assert_int_equal(escapes, table[i].escapes);
		assert_true(is_clean(imp_strbuf_slice(&out)));
	}
}

CASE(only_the_tail_of_a_path_that_continues_a_clean_one_is_looked_at)
{
	static const struct {
		const char *path;
		size_t shared;
		bool fits;
	} table[] = {
		{"a/b", 3, true},   {"a/bc", 3, true},    {"a/b/c", 3, true},
		{"a/b/", 3, false}, {"a/b//c", 4, false}, {"a/..", 2, false},
		{"a/..", 3, false}, {"a/.b", 3, true},    {"a/./b", 3, false},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(imp_layer_path_continues(imp_slice_of(table[i].path),
							  table[i].shared,
							  &imp_limits_default),
				 table[i].fits);
	assert_false(
		imp_layer_path_continues(IMP_SLICE("a/b\0"), 3, &imp_limits_default));
}

CASE(unclean_paths_are_seen)
{
	static const char *const paths[] = {"/a",    "a/",     "a//b", ".",    "..",
					    "a/./b", "a/../b", "a/.",  "a/..", "/"};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_false(is_clean(imp_slice_of(paths[i])));
	assert_false(is_clean(IMP_SLICE("a\0b")));
}

CASE(f5_15_one_path_in_all_spellings)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, "a/b", "1");
	tar_file(&tar, "/a/b", "1");
	tar_file(&tar, "./a/b", "1");
	tar_file(&tar, "a//b", "1");
	tar_file(&tar, "a/./b", "1");
	tar_file(&tar, "x/../a/b", "1");
	tar_file(&tar, "../a/b", "1");
	tar_directory(&tar, "a/b/");
	tar_directory(&tar, "./a/b/");
	tar_directory(&tar, "/a/b/");
	tar_end(&tar);
	expect_tar(&tar,
		   "file 1 a/b\n"
		   "file 1 a/b (/a/b)\n"
		   "file 1 a/b (./a/b)\n"
		   "file 1 a/b (a//b)\n"
		   "file 1 a/b (a/./b)\n"
		   "file 1 a/b (x/../a/b)\n"
		   "file 1 a/b (../a/b)\n"
		   "directory 0 a/b\n"
		   "directory 0 a/b (./a/b/)\n"
		   "directory 0 a/b (/a/b/)\n",
		   "path-escapes");
}

CASE(f5_15_spellings_of_the_root)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_directory(&tar, "./");
	tar_directory(&tar, "/");
	tar_directory(&tar, ".");
	tar_directory(&tar, "");
	tar_directory(&tar, "a/..");
	tar_end(&tar);
	expect_tar(&tar,
		   "directory 0  (./)\n"
		   "directory 0 \n"
		   "directory 0  (.)\n"
		   "directory 0 \n"
		   "directory 0  (a/..)\n",
		   "");
}

CASE(f5_20_whiteouts_and_opaque_markers)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_whiteout(&tar, "", "a");
	tar_whiteout(&tar, "d/e", "f");
	tar_whiteout(&tar, "", ".wh..opq");
	tar_whiteout(&tar, "d", ".wh..opq");
	tar_file(&tar, "./d/.wh.g", "");
	tar_file(&tar, "/.wh..wh..opq", "");
	tar_directory(&tar, "d/.wh.dir/");
	tar_end(&tar);
	expect_tar(&tar,
		   "whiteout 0 a (.wh.a)\n"
		   "whiteout 0 d/e/f (d/e/.wh.f)\n"
		   "opaque 0  (.wh..wh..opq)\n"
		   "opaque 0 d (d/.wh..wh..opq)\n"
		   "whiteout 0 d/g (./d/.wh.g)\n"
		   "opaque 0  (/.wh..wh..opq)\n"
		   "whiteout 0 d/dir (d/.wh.dir/)\n",
		   "");
}

CASE(f5_20_type_and_data_of_a_whiteout_do_not_matter)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, ".wh.a", "some data");
	tar_hardlink(&tar, ".wh.b", "a");
	tar_symlink(&tar, ".wh.c", "a");
	tar_add(&tar, &(struct tar_entry){.name = "d/.wh..wh..opq", .type = '6'});
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	expect_tar(&tar,
		   "whiteout 0 a (.wh.a)\n"
		   "whiteout 0 b (.wh.b)\n"
		   "whiteout 0 c (.wh.c)\n"
		   "opaque 0 d (d/.wh..wh..opq)\n"
		   "file 1 next\n",
		   "");
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	struct imp_entry entry = layer_entry(profile, 0);
	assert_int_equal(entry.stored_bytes, 9);
	assert_int_equal(entry.pull_bytes, 9);
	assert_int_equal(imp_profile_summary(profile)->disk_bytes, 1);
}

CASE(b14_whiteouts_of_nothing)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, ".wh.", "");
	tar_file(&tar, "d/.wh..", "");
	tar_file(&tar, "d/.wh...", "");
	tar_file(&tar, ".wh....", "");
	tar_end(&tar);
	expect_tar(&tar,
		   "whiteout 0 .wh. inert\n"
		   "whiteout 0 d/.wh.. inert\n"
		   "whiteout 0 d/.wh... inert\n"
		   "whiteout 0 ... (.wh....)\n",
		   "whiteout-inert whiteout-inert whiteout-inert");
}

CASE(f5_20_leftovers_of_aufs)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_directory(&tar, ".wh..wh.plnk/");
	tar_file(&tar, ".wh..wh.plnk/123.45", "bytes");
	tar_hardlink(&tar, "f", ".wh..wh.plnk/123.45");
	tar_directory(&tar, ".wh..wh.orph/");
	tar_file(&tar, ".wh..wh.aufs", "");
	tar_file(&tar, "d/.wh..wh..opaque", "");
	tar_file(&tar, ".wh..wh.", "");
	tar_file(&tar, ".wh.foo/bar", "x");
	tar_file(&tar, ".wh.foo/.wh.bar", "x");
	tar_file(&tar, "a/.wh.foo/b/.wh..wh..opq", "x");
	tar_end(&tar);
	expect_tar(&tar,
		   "directory 0 .wh..wh.plnk leftover\n"
		   "file 5 .wh..wh.plnk/123.45 leftover\n"
		   "hardlink 0 f -> .wh..wh.plnk/123.45\n"
		   "directory 0 .wh..wh.orph leftover\n"
		   "file 0 .wh..wh.aufs leftover\n"
		   "file 0 d/.wh..wh..opaque leftover\n"
		   "file 0 .wh..wh. leftover\n"
		   "file 1 .wh.foo/bar leftover\n"
		   "file 1 .wh.foo/.wh.bar leftover\n"
		   "file 1 a/.wh.foo/b/.wh..wh..opq leftover\n",
		   "");
}

/* Names only look like whiteouts once they are cleaned. */
CASE(f5_20_cleaning_comes_first)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file(&tar, ".wh.x/../real", "x");
	tar_file(&tar, "a/b/../.wh.x", "");
	tar_file(&tar, "a.wh.b", "x");
	tar_file(&tar, ".whx", "x");
	tar_end(&tar);
	expect_tar(&tar,
		   "file 1 real (.wh.x/../real)\n"
		   "whiteout 0 a/x (a/b/../.wh.x)\n"
		   "file 1 a.wh.b\n"
		   "file 1 .whx\n",
		   "");
}

static void add_long(struct imp_strbuf *tar, struct imp_slice path, char type)
{
	tar_pax(tar, 'x', &(struct tar_record){"path", path}, 1);
	tar_add(tar, &(struct tar_entry){.name = "short",
					 .type = type,
					 .data = type == '0' ? IMP_SLICE("x")
							     : (struct imp_slice){0}});
}

CASE(longest_paths_that_fit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, path = {0}, part = {0};
	repeat(&path, "abcdefg/", 511);
	imp_strbuf_add_text(&path, "12345678");
	repeat(&part, "p", 255);
	add_long(&tar, imp_strbuf_slice(&path), '0');
	add_long(&tar, imp_strbuf_slice(&part), '0');
	tar_end(&tar);
	assert_int_equal(path.len, 4096);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	assert_int_equal(imp_warnings_count(imp_profile_warnings(profile)), 0);
	assert_int_equal(layer_entry(profile, 0).path.len, 4096);
	assert_int_equal(layer_entry(profile, 1).path.len, 255);
}

/* Section 4 of reference/reliability.md: counted in one place, and said aloud. */
CASE(paths_that_no_file_system_holds)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, path = {0}, part = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0}, codes = {0};
	repeat(&path, "abcdefg/", 512);
	imp_strbuf_add_text(&path, "x");
	repeat(&part, "p", 256);
	add_long(&tar, imp_strbuf_slice(&path), '0');
	add_long(&tar, imp_strbuf_slice(&part), '0');
	add_long(&tar, imp_strbuf_slice(&part), '5');
	tar_file(&tar, "next", "x");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	struct imp_entry entry = layer_entry(profile, 0);
	assert_int_equal(entry.disk_bytes, 1);
	assert_int_equal(entry.path.len, strlen(IMP_UNREPRESENTABLE));
	assert_int_equal(entry.name.len, 4096);
	assert_int_equal(layer_entry(profile, 2).type, IMP_ENTRY_DIRECTORY);
	layer_list(profile, &list);
	layer_codes(profile, &codes);
	struct imp_entry last = layer_entry(profile, 3);
	assert_int_equal(last.disk_bytes, 1);
	assert_int_equal(last.path.len, strlen("next"));
	assert_true(imp_slice_starts(imp_strbuf_slice(&list),
				     IMP_SLICE("file 1 [unrepresentable] (")));
	assert_string_equal(codes.data,
			    "unrepresentable unrepresentable unrepresentable");
}

CASE(whiteouts_that_no_file_system_holds)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, part = {0}, longer = {0};
	imp_strbuf_add_text(&part, ".wh.");
	repeat(&part, "p", 255);
	imp_strbuf_add_text(&longer, part.data);
	imp_strbuf_add_text(&longer, "p");
	add_long(&tar, imp_strbuf_slice(&part), '0');
	add_long(&tar, imp_strbuf_slice(&longer), '0');
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	struct imp_entry fits = layer_entry(profile, 0),
			 does_not = layer_entry(profile, 1);
	assert_int_equal(fits.type, IMP_ENTRY_WHITEOUT);
	assert_int_equal(fits.path.len, 255);
	assert_false(fits.inert);
	assert_int_equal(does_not.type, IMP_ENTRY_WHITEOUT);
	assert_true(does_not.inert);
}

CASE(long_link_targets_are_cut)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, target = {0};
	repeat(&target, "../", 2000);
	tar_pax(&tar, 'x', &(struct tar_record){"linkpath", imp_strbuf_slice(&target)},
		1);
	tar_symlink(&tar, "l", "short");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	imp_auto(imp_strbuf_finish) struct imp_strbuf codes = {0};
	layer_codes(profile, &codes);
	assert_int_equal(layer_entry(profile, 0).link.len, 4096);
	assert_string_equal(codes.data, "unrepresentable");
}

/* B17: a quarter of a million components, without recursion. */
CASE(b17_components_without_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, path = {0};
	repeat(&path, "a/", 250000);
	add_long(&tar, imp_strbuf_slice(&path), '0');
	imp_strbuf_reset(&path);
	repeat(&path, "../", 250000);
	imp_strbuf_add_text(&path, "in");
	add_long(&tar, imp_strbuf_slice(&path), '0');
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		layer_profile(imp_strbuf_slice(&tar));
	assert_int_equal(layer_entry(profile, 0).path.len, strlen(IMP_UNREPRESENTABLE));
	assert_int_equal(layer_entry(profile, 1).path.len, 2);
}
