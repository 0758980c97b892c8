/* Design section 2, "Fates, exactly" (a) (b) (c) (e), and formats.md 6.4 to 6.6. */
#include "tree_case.h"

CASE(a_whiteouts_act_first_wherever_they_stand)
{
	expect_tree("layer\ndir d\nfile d/x 1\nfile y 1\n"
		    "layer\nfile d/n 1\nopaque d\nfile m 1\nwhiteout y\n",
		    .instances = "0 d/x deleted 1\n0 y deleted 1\n1 d/n live\n1 m live\n",
		    .shows = "d/ 0\nd/n 1\nm 1\n");
}

CASE(a_opaque_acts_before_entries_that_precede_it)
{
	expect_tree("layer\nfile x 1\ndir d\nfile d/y 1\n"
		    "layer\nfile x 1\nopaque .\n",
		    .instances = "0 x deleted 1\n0 d/y deleted 1\n1 x live\n",
		    .shows = "x 1\n");
}

CASE(a_whiteout_of_child_keeps_the_rest)
{
	expect_tree("layer\ndir d\nfile d/x 1\nfile d/y 1\nfile d/z 1\n"
		    "layer\nwhiteout d/y\n"
		    "layer\nwhiteout d/x\nwhiteout d/z\n",
		    .instances = "0 d/x deleted 2\n0 d/y deleted 1\n0 d/z deleted 2\n",
		    .shows = "d/ 0\n");
}

CASE(a_whiteout_through_symlink_hides_nothing)
{
	expect_tree("layer\ndir d\nfile d/x 1\nsymlink l -> d\n"
		    "layer\nwhiteout l/x\n",
		    .instances = "0 d/x live\n", .shows = "d/ 0\nd/x 0\nl 0 -> d\n",
		    .warnings = "1 whiteout-no-op l/x\n");
}

CASE(a_opaque_makes_missing_directory)
{
	expect_tree("layer\nfile f 1\n"
		    "layer\nopaque d/e\n",
		    .instances = "0 f live\n",
		    .shows = "d/ 1 implied\nd/e/ 1 implied\nf 0\n");
}

CASE(a_opaque_below_file_does_nothing)
{
	expect_tree("layer\nfile f 1\n"
		    "layer\nopaque f/d\nopaque f\n",
		    .instances = "0 f live\n", .shows = "f 0\n");
}

CASE(a_whiteout_with_data_and_other_types)
{
	expect_tree("layer\nfile x 1\nfile y 1\nfile z 1\n"
		    "layer\nfile .wh.x 9\nlink .wh.y -> z\ndir .wh.z\n",
		    .instances = "0 x deleted 1\n0 y deleted 1\n0 z deleted 1\n",
		    .shows = "");
}

CASE(b_deleted_by_whiteout_on_it_or_above)
{
	expect_tree("layer\ndir a\ndir a/b\nfile a/b/c 1\nfile d 1\n"
		    "layer\nwhiteout d\n"
		    "layer\nwhiteout a\n",
		    .instances = "0 a/b/c deleted 2\n0 d deleted 1\n", .shows = "");
}

CASE(b_replaced_by_named_directory)
{
	expect_tree("layer\nfile a 1\n"
		    "layer\ndir a\n",
		    .instances = "0 a replaced 1\n", .shows = "a/ 1\n");
}

CASE(b_replaced_when_ancestor_becomes_symlink)
{
	expect_tree("layer\ndir a\ndir a/b\nfile a/b/c 1\n"
		    "layer\nsymlink a -> b\n",
		    .instances = "0 a/b/c replaced 1\n", .shows = "a 1 -> b\n");
}

CASE(b_overwritten_by_other_content_and_other_types)
{
	expect_tree("layer\nfile a 9 seed=1\nfile b 9\nfile c 9\nfile d 9\n"
		    "layer\nfile a 9 seed=2\nsymlink b -> a\nchar c\nfile d 8\n",
		    .instances =
			    "0 a overwritten 1\n0 b overwritten 1\n0 c overwritten 1\n"
			    "0 d overwritten 1\n1 a live\n1 d live\n",
		    .shows = "a 1\nb 1 -> a\nc 1\nd 1\n");
}

CASE(b_reshipped_with_hardlinks_followed)
{
	expect_tree("layer\nfile a 9 seed=1\n"
		    "layer\nfile b 9 seed=1\nlink a -> b\n",
		    .instances = "0 a reshipped 1\n1 b live\n",
		    .shows = "a 1 = b\nb 1\n");
}

CASE(b_reshipped_when_the_old_name_was_a_hardlink)
{
	expect_tree("layer\nfile b 9 seed=1\nlink a -> b\n"
		    "layer\nwhiteout b\nfile a 9 seed=1\n",
		    .instances = "0 b reshipped 1\n1 a live\n", .shows = "a 1\n");
}

CASE(b_reshipped_empty_file)
{
	expect_tree("layer\nfile a 0\n"
		    "layer\nfile a 0\n",
		    .instances = "0 a reshipped 1\n1 a live\n", .shows = "a 1\n");
}

CASE(b_reshipped_through_late_hardlink)
{
	expect_tree("layer\nfile a 9 seed=1\n"
		    "layer\nlink a -> b\nfile b 9 seed=1 mode=755\n",
		    .instances = "0 a reshipped 1 mode\n1 b live\n",
		    .shows = "a 1 = b\nb 1\n",
		    .warnings = "1 hardlink-before-target a\n");
}

CASE(b_duplicate_whatever_hid_it)
{
	expect_tree("layer\nfile a 1\nfile a 1\ndir a\nfile d/x 1\nfile d 1\n",
		    .instances = "0 a duplicate 0\n0 a duplicate 0\n0 d/x duplicate 0\n"
				 "0 d live\n",
		    .shows = "a/ 0\nd 0\n",
		    .warnings = "0 duplicate-path a\n0 duplicate-path a\n");
}

CASE(b_entry_for_the_root_that_is_no_directory)
{
	expect_tree("layer\nfile a 1\nfile ./. 5\nsymlink / -> a\n",
		    .instances = "0 a live\n0 . duplicate 0\n", .shows = "a 0\n",
		    .warnings = "0 root-not-directory \n0 root-not-directory \n");
}

CASE(c_group_lives_while_any_name_does)
{
	expect_tree("layer\nfile a 5\nlink b -> a\nlink c -> b\n"
		    "layer\nwhiteout a\nwhiteout b\n",
		    .instances = "0 a live\n", .shows = "c 0 = a\n");
}

CASE(c_last_name_decides)
{
	expect_tree("layer\nfile a 5\nlink b -> a\nlink c -> b\n"
		    "layer\nwhiteout a\n"
		    "layer\ndir b\n"
		    "layer\nfile c 6\n",
		    .instances = "0 a overwritten 3\n3 c live\n", .shows = "b/ 2\nc 3\n");
}

CASE(c_hardlinks_carry_their_groups_fate)
{
	struct imp_tree *tree = tree_of("layer\nfile a 5\nlink b -> a\n"
					"layer\nwhiteout b\n"
					"layer\nwhiteout a\n");
	const struct imp_record *link = imp_tree_record(tree, 1);

	assert_int_equal(link->type, IMP_ENTRY_HARDLINK);
	assert_int_equal(link->group, 0);
	assert_int_equal(link->fate, IMP_FATE_DELETED);
	assert_int_equal(link->hidden_by, 2);
	assert_int_equal(link->disk_bytes, 0);
	imp_tree_destroy(tree);
}

CASE(c_relinking_a_name_of_the_same_group)
{
	expect_tree("layer\nfile a 5\nlink b -> a\n"
		    "layer\nlink a -> b\n"
		    "layer\nwhiteout b\n",
		    .instances = "0 a live\n", .shows = "a 0\n",
		    .warnings = "1 hardlink-lower-layer a\n");
}

CASE(e_aufs_leftovers)
{
	expect_tree(
		"layer\nfile .wh..wh.aufs 3\ndir .wh..wh.plnk\nfile .wh..wh.plnk/1 4\n"
		"file .wh.foo/bar 5\nfile a/.wh..wh..opaque 6\n",
		.instances = "0 .wh..wh.aufs leftover 0\n0 .wh..wh.plnk/1 leftover 0\n"
			     "0 .wh.foo/bar leftover 0\n"
			     "0 a/.wh..wh..opaque leftover 0\n",
		.shows = "");
}

CASE(e_leftover_that_a_hardlink_reaches)
{
	expect_tree("layer\nfile .wh..wh.plnk/1 4\nlink a -> .wh..wh.plnk/1\n"
		    "link b -> /.wh..wh.plnk/1\n"
		    "layer\nwhiteout a\n",
		    .instances = "0 .wh..wh.plnk/1 live\n",
		    .shows = "b 0 = .wh..wh.plnk/1\n");
	expect_tree("layer\nfile .wh..wh.plnk/1 4\nlink a -> .wh..wh.plnk/1\n"
		    "layer\nwhiteout a\n",
		    .instances = "0 .wh..wh.plnk/1 deleted 1\n", .shows = "");
}

CASE(e_leftover_behind_its_hardlink)
{
	expect_tree("layer\nlink a -> .wh..wh.plnk/1\nfile .wh..wh.plnk/1 4\n",
		    .instances = "0 .wh..wh.plnk/1 live\n",
		    .shows = "a 0 = .wh..wh.plnk/1\n",
		    .warnings = "0 hardlink-before-target a\n");
}

CASE(e_leftover_of_another_layer_is_not_reached)
{
	expect_tree("layer\nfile .wh..wh.plnk/1 4\n"
		    "layer\nlink a -> .wh..wh.plnk/1\n",
		    .instances = "0 .wh..wh.plnk/1 leftover 0\n",
		    .shows = "a 1 = nothing\n", .warnings = "1 hardlink-missing a\n");
}

CASE(g_stargz_index_is_an_ordinary_file)
{
	expect_tree(
		"layer\nfile a 1\nfile .prefetch.landmark 1\nfile stargz.index.json 9\n"
		"layer\nfile stargz.index.json 8\n",
		.instances = "0 a live\n0 .prefetch.landmark live\n"
			     "0 stargz.index.json overwritten 1\n"
			     "1 stargz.index.json live\n",
		.shows = ".prefetch.landmark 0\na 0\nstargz.index.json 1\n");
}

/* 6.4: added, removed, added again. */
CASE(accounting_of_a_file_that_comes_back)
{
	struct imp_tree *tree = tree_of("layer\nfile f 1000 seed=1\n"
					"layer\nwhiteout f\n"
					"layer\nfile f 1000 seed=1\n");

	assert_int_equal(imp_tree_all(tree, 0).disk_bytes, 2000);
	assert_int_equal(imp_tree_live(tree, 0).disk_bytes, 1000);
	const struct imp_layer_sums *first = imp_tree_layer(tree, 0);
	assert_int_equal(first->fates[IMP_FATE_DELETED].disk_bytes, 1000);
	assert_int_equal(first->fates[IMP_FATE_DELETED].files, 1);
	assert_int_equal(first->fates[IMP_FATE_LIVE].files, 0);
	assert_int_equal(imp_tree_layer(tree, 2)->fates[IMP_FATE_LIVE].disk_bytes, 1000);
	imp_tree_destroy(tree);
}

CASE(deleted_directory_counts_only_what_was_live)
{
	expect_tree("layer\ndir d\nfile d/x 1\nfile d/y 1\n"
		    "layer\nfile d/x 2\n"
		    "layer\nwhiteout d\n",
		    .instances =
			    "0 d/x overwritten 1\n0 d/y deleted 2\n1 d/x deleted 2\n",
		    .shows = "");
}

/* 6.5 */
CASE(reshipped_says_what_changed)
{
	expect_tree("layer\nfile mode 9\nfile owner 9\nfile group 9\nfile time 9\n"
		    "file xattr 9\nfile nothing 9 mode=755 uid=7 mtime=3\nfile all 9\n"
		    "layer\nfile mode 9 mode=600\nfile owner 9 uid=1000\n"
		    "file group 9 gid=1000\nfile time 9 mtime=5\n"
		    "file xattr 9 xattr=security.capability=x\n"
		    "file nothing 9 mode=755 uid=7 mtime=3\n"
		    "file all 9 mode=600 uid=1 mtime=9 xattr=user.a=b\n",
		    .instances = "0 mode reshipped 1 mode\n0 owner reshipped 1 owner\n"
				 "0 group reshipped 1 owner\n0 time reshipped 1 mtime\n"
				 "0 xattr reshipped 1 xattrs\n0 nothing reshipped 1\n"
				 "0 all reshipped 1 mode owner mtime xattrs\n"
				 "1 mode live\n1 owner live\n1 group live\n1 time live\n"
				 "1 xattr live\n1 nothing live\n1 all live\n");
}

CASE(reshipped_three_files_by_chown)
{
	struct imp_tree *tree = tree_of(
		"layer\ndir d\nfile d/a 10\nfile d/b 20\nfile d/c 30\n"
		"layer\ndir d uid=5\nfile d/a 10 uid=5\nfile d/b 20 uid=5\nfile d/c 30 uid=5\n");
	const struct imp_layer_sums *sums = imp_tree_layer(tree, 0);

	assert_int_equal(sums->fates[IMP_FATE_RESHIPPED].files, 3);
	assert_int_equal(sums->fates[IMP_FATE_RESHIPPED].disk_bytes, 60);
	assert_int_equal(imp_tree_live(tree, 0).disk_bytes, 60);
	imp_tree_destroy(tree);
}

CASE(moved_directory_is_deleted_and_new)
{
	expect_tree("layer\ndir old\nfile old/f 9\n"
		    "layer\nwhiteout old\ndir new\nfile new/f 9\n",
		    .instances = "0 old/f deleted 1\n1 new/f live\n",
		    .shows = "new/ 1\nnew/f 1\n");
}

/* 6.6: three names; two go, then the third. */
CASE(hardlink_group_frees_with_its_last_name)
{
	const char *layers = "layer\nfile a 5\nlink b -> a\nlink c -> a\n"
			     "layer\nwhiteout a\nwhiteout b\n";

	expect_tree(layers, .instances = "0 a live\n", .shows = "c 0 = a\n");
	expect_tree("layer\nfile a 5\nlink b -> a\nlink c -> a\n"
		    "layer\nwhiteout a\nwhiteout b\n"
		    "layer\nwhiteout c\n",
		    .instances = "0 a deleted 2\n", .shows = "");
}

CASE(hardlink_overwritten_name_frees_nothing)
{
	expect_tree("layer\nfile a 5\nlink b -> a\n"
		    "layer\nfile b 5\n",
		    .instances = "0 a live\n1 b live\n", .shows = "a 0\nb 1\n");
}

CASE(hardlink_into_the_directory_that_it_replaces)
{
	expect_tree("layer\ndir d\nfile d/x 5\nfile d/y 1\n"
		    "layer\nlink d -> d/x\n",
		    .instances = "0 d/x live\n0 d/y replaced 1\n", .shows = "d 1 = d/x\n",
		    .warnings = "1 hardlink-lower-layer d\n");
}

CASE(unreadable_layer_leaves_a_gap)
{
	expect_tree("layer\nfile a 1\n"
		    "missing\n"
		    "layer\nwhiteout b\nwhiteout a\nfile c 1\n",
		    .instances = "0 a deleted 2\n2 c live\n", .shows = "c 2\n");
}
