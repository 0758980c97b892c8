/* The seventeen rows of reference/formats.md 6.3. */
#include "tree_case.h"

CASE(row_a_whiteout_after_own_entry)
{
	expect_tree("layer\nfile x 1\n"
		    "layer\nfile x 2\nwhiteout x\n",
		    .instances = "0 x deleted 1\n1 x live\n", .shows = "x 1\n",
		    .warnings = "1 whiteout-of-own-entry x\n");
}

CASE(row_b_whiteout_before_own_entry)
{
	expect_tree("layer\nfile x 1\n"
		    "layer\nwhiteout x\nfile x 2\n",
		    .instances = "0 x deleted 1\n1 x live\n", .shows = "x 1\n");
}

CASE(row_b_whiteout_of_file_before_directory)
{
	expect_tree("layer\nfile x 1\n"
		    "layer\nwhiteout x\ndir x\n",
		    .instances = "0 x deleted 1\n", .shows = "x/ 1\n");
}

CASE(row_c_whiteout_then_directory_anew)
{
	expect_tree("layer\ndir d\nfile d/old 1\n"
		    "layer\nwhiteout d\ndir d\nfile d/new 1\n",
		    .instances = "0 d/old deleted 1\n1 d/new live\n",
		    .shows = "d/ 1\nd/new 1\n",
		    .warnings = "1 whiteout-of-own-entry d\n");
}

CASE(row_c_directory_may_be_implied)
{
	expect_tree("layer\ndir d\nfile d/old 1\n"
		    "layer\nwhiteout d\nfile d/new 1\n",
		    .instances = "0 d/old deleted 1\n1 d/new live\n",
		    .shows = "d/ 1 implied\nd/new 1\n",
		    .warnings = "1 whiteout-of-own-entry d\n");
}

CASE(row_c_directory_anew_in_a_later_layer)
{
	expect_tree("layer\ndir d\nfile d/old 1\n"
		    "layer\nwhiteout d\n"
		    "layer\ndir d\n"
		    "layer\ndir d\n",
		    .instances = "0 d/old deleted 1\n", .shows = "d/ 3\n");
}

CASE(row_d_directory_then_whiteout)
{
	expect_tree("layer\ndir d\nfile d/old 1\n"
		    "layer\ndir d\nfile d/new 1\nwhiteout d\n",
		    .instances = "0 d/old deleted 1\n1 d/new live\n",
		    .shows = "d/ 1\nd/new 1\n",
		    .warnings = "1 whiteout-of-own-entry d\n");
}

CASE(row_e_opaque_after_entries)
{
	expect_tree("layer\ndir a\ndir a/b\nfile a/b/old 1\n"
		    "layer\ndir a\ndir a/b\nfile a/b/foo 1\nopaque a\n",
		    .instances = "0 a/b/old deleted 1\n1 a/b/foo live\n",
		    .shows = "a/ 1\na/b/ 1\na/b/foo 1\n");
}

CASE(row_f_opaque_over_implied_directories)
{
	expect_tree("layer\ndir a\ndir a/b\nfile a/b/old 1\n"
		    "layer\nfile a/b/foo 1\nopaque a\n",
		    .instances = "0 a/b/old deleted 1\n1 a/b/foo live\n",
		    .shows = "a/ 0\na/b/ 1 implied\na/b/foo 1\n",
		    .warnings = "1 opaque-implicit a\n");
}

CASE(row_f_marker_first_is_safe)
{
	expect_tree("layer\ndir a\ndir a/b\nfile a/b/old 1\n"
		    "layer\nopaque a\nfile a/b/foo 1\n",
		    .instances = "0 a/b/old deleted 1\n1 a/b/foo live\n",
		    .shows = "a/ 0\na/b/ 1 implied\na/b/foo 1\n");
}

CASE(row_g_parent_is_symlink_of_lower_layer)
{
	expect_tree(
		"layer\ndir usr\ndir usr/lib\nfile usr/lib/x 1\nsymlink lib -> usr/lib\n"
		"layer\nfile lib/foo 1\n",
		.instances = "0 usr/lib/x live\n1 lib/foo live\n",
		.shows = "lib/ 1 implied\nlib/foo 1\nusr/ 0\nusr/lib/ 0\nusr/lib/x 0\n",
		.warnings = "1 symlinked-parent-lower-layer lib/foo\n");
}

CASE(row_h_directory_replaces_symlink)
{
	expect_tree(
		"layer\ndir usr\ndir usr/lib\nfile usr/lib/x 1\nsymlink lib -> usr/lib\n"
		"layer\ndir lib\nfile lib/foo 1\n",
		.instances = "0 usr/lib/x live\n1 lib/foo live\n",
		.shows = "lib/ 1\nlib/foo 1\nusr/ 0\nusr/lib/ 0\nusr/lib/x 0\n");
}

CASE(row_i_hardlink_into_lower_layer)
{
	expect_tree("layer\nfile f 7\n"
		    "layer\nlink g -> f\n",
		    .instances = "0 f live\n", .shows = "f 0\ng 1 = f\n",
		    .warnings = "1 hardlink-lower-layer g\n");
}

CASE(row_j_parent_is_file)
{
	expect_tree("layer\nfile p 1\n"
		    "layer\nfile p/q 1\n",
		    .instances = "0 p replaced 1\n1 p/q live\n",
		    .shows = "p/ 1 implied\np/q 1\n",
		    .warnings = "1 parent-not-directory p/q\n");
}

CASE(row_k_same_path_twice)
{
	expect_tree("layer\nfile z 1\nfile z 2\n",
		    .instances = "0 z duplicate 0\n0 z live\n", .shows = "z 0\n",
		    .warnings = "0 duplicate-path z\n");
}

CASE(row_l_hardlink_before_target)
{
	expect_tree("layer\nlink a -> b\nfile b 3\n", .instances = "0 b live\n",
		    .shows = "a 0 = b\nb 0\n",
		    .warnings = "0 hardlink-before-target a\n");
}

CASE(row_m_whiteout_hides_nothing)
{
	expect_tree("layer\nfile f 1\n"
		    "layer\nwhiteout nope/zzz\n",
		    .instances = "0 f live\n", .shows = "f 0\n",
		    .warnings = "1 whiteout-no-op nope/zzz\n");
}

CASE(row_n_bare_whiteout)
{
	expect_tree("layer\nfile f 1\ndir d\nfile d/g 1\n"
		    "layer\nfile .wh. 0\nfile d/.wh.. 0\nfile d/.wh... 0\n",
		    .instances = "0 f live\n0 d/g live\n", .shows = "d/ 0\nd/g 0\nf 0\n");
}

CASE(row_o_opaque_alone)
{
	expect_tree("layer\ndir a\nfile a/old 1\n"
		    "layer\nopaque a\n",
		    .instances = "0 a/old deleted 1\n", .shows = "a/ 0\n");
}

CASE(row_p_file_replaces_directory)
{
	expect_tree("layer\ndir a\nfile a/old 1\n"
		    "layer\nfile a 1\n",
		    .instances = "0 a/old replaced 1\n1 a live\n", .shows = "a 1\n");
}

CASE(row_q_whiteout_of_parent_and_child)
{
	expect_tree("layer\ndir foo\nfile foo/bar 1\n"
		    "layer\nwhiteout foo\nwhiteout foo/bar\n",
		    .instances = "0 foo/bar deleted 1\n", .shows = "");
	expect_tree("layer\ndir foo\nfile foo/bar 1\n"
		    "layer\nwhiteout foo/bar\nwhiteout foo\n",
		    .instances = "0 foo/bar deleted 1\n", .shows = "");
}
