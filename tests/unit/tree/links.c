/* Design section 2 (d) and (f); formats.md 5.15 to 5.19. */
#include "tree_case.h"

CASE(d_link_to_own_layer)
{
	expect_tree("layer\nfile a 1\nlink b -> a\n", .instances = "0 a live\n",
		    .shows = "a 0\nb 0 = a\n");
}

CASE(d_link_takes_what_the_path_shows_at_that_moment)
{
	expect_tree("layer\nfile a 1\nlink b -> a\nfile a 2\n",
		    .instances = "0 a live\n0 a live\n", .shows = "a 0\nb 0 = a\n",
		    .warnings = "0 duplicate-path a\n");
}

CASE(d_target_spelled_otherwise)
{
	expect_tree("layer\ndir d\nfile d/a 1\nlink b -> ./x/../d//a\nlink c -> /d/a\n"
		    "link e -> ../../d/a\n",
		    .instances = "0 d/a live\n",
		    .shows = "b 0 = d/a\nc 0 = d/a\nd/ 0\nd/a 0\ne 0 = d/a\n");
}

CASE(d_target_behind_symlinked_parent)
{
	expect_tree("layer\nfile usr/lib/a 1\nsymlink lib -> usr/lib\nlink b -> lib/a\n"
		    "layer\nlink c -> lib/a\n",
		    .instances = "0 usr/lib/a live\n",
		    .shows = "b 0 = usr/lib/a\nc 1 = usr/lib/a\nlib 0 -> usr/lib\n"
			     "usr/ 0 implied\nusr/lib/ 0 implied\nusr/lib/a 0\n",
		    .warnings = "1 hardlink-lower-layer c\n");
}

CASE(d_link_to_symlink_is_a_symlink)
{
	expect_tree("layer\ndir real\nsymlink s -> real\nlink t -> s\nlink u -> t\n"
		    "file t/x 1\nfile u/y 1\n",
		    .instances = "0 real/x live\n0 real/y live\n",
		    .shows = "real/ 0\nreal/x 0\nreal/y 0\ns 0 -> real\nt 0 = nothing\n"
			     "u 0 = nothing\n");
}

CASE(d_links_to_links)
{
	expect_tree("layer\nfile a 1\nlink b -> a\nlink c -> b\n"
		    "layer\nlink d -> c\nwhiteout a\nwhiteout b\n",
		    .instances = "0 a live\n", .shows = "c 0 = a\nd 1 = a\n",
		    .warnings = "1 hardlink-lower-layer d\n");
}

CASE(d_chain_of_late_links)
{
	expect_tree(
		"layer\nlink a -> b\nlink e -> a\nlink b -> c\nlink c -> d\nfile d 3\n",
		.instances = "0 d live\n",
		.shows = "a 0 = d\nb 0 = d\nc 0 = d\nd 0\ne 0 = d\n",
		.warnings = "0 hardlink-before-target a\n0 hardlink-before-target b\n"
			    "0 hardlink-before-target c\n0 hardlink-before-target e\n");
}

CASE(d_late_link_that_was_overwritten)
{
	expect_tree("layer\nlink a -> b\nfile a 1\nfile b 2\n"
		    "layer\nwhiteout b\n",
		    .instances = "0 a live\n0 b deleted 1\n", .shows = "a 0\n",
		    .warnings = "0 duplicate-path a\n");
}

CASE(d_late_link_revives_nothing_that_lives_again)
{
	expect_tree(
		"layer\nfile .wh..wh.plnk/1 4\nlink a -> .wh..wh.plnk/1\nlink a -> b\n"
		"link c -> .wh..wh.plnk/1\nfile b 4\n",
		.instances = "0 .wh..wh.plnk/1 live\n0 b live\n",
		.shows = "a 0 = b\nb 0\nc 0 = .wh..wh.plnk/1\n",
		.warnings = "0 duplicate-path a\n0 hardlink-before-target a\n");
}

CASE(d_late_link_that_took_not_the_last_name)
{
	expect_tree("layer\nfile a 4 seed=1\nlink b -> a\n"
		    "layer\nlink a -> z\nfile b 9\nfile z 4 seed=1\n",
		    .instances = "0 a overwritten 1\n1 b live\n1 z live\n",
		    .shows = "a 1 = z\nb 1\nz 1\n",
		    .warnings = "1 hardlink-before-target a\n");
}

CASE(d_late_link_to_directory)
{
	expect_tree("layer\nlink a -> d\ndir d\n", .instances = "",
		    .shows = "a 0 = nothing\nd/ 0\n",
		    .warnings = "0 hardlink-missing a\n");
}

CASE(d_late_links_of_a_lower_layer_stay_dangling)
{
	expect_tree("layer\nlink a -> x\n"
		    "layer\nlink b -> a\nfile x 1\n",
		    .instances = "1 x live\n",
		    .shows = "a 0 = nothing\nb 1 = nothing\nx 1\n",
		    .warnings = "0 hardlink-missing a\n1 hardlink-lower-layer b\n");
}

CASE(d_late_link_to_symlink)
{
	expect_tree("layer\nlink a -> s\nsymlink s -> d\ndir d\nfile d/x 1\n"
		    "layer\nlink y -> a/x\n",
		    .instances = "0 d/x live\n",
		    .shows = "a 0 = nothing\nd/ 0\nd/x 0\ns 0 -> d\ny 1 = d/x\n",
		    .warnings = "0 hardlink-before-target a\n1 hardlink-lower-layer y\n");
}

CASE(d_late_links_in_a_ring)
{
	expect_tree("layer\nfile x 1\nlink a -> b\nlink b -> c\nlink c -> a\n",
		    .instances = "0 x live\n",
		    .shows = "a 0 = nothing\nb 0 = nothing\nc 0 = nothing\nx 0\n",
		    .warnings = "0 hardlink-missing a\n0 hardlink-missing b\n"
				"0 hardlink-missing c\n");
}

CASE(d_missing_target)
{
	expect_tree("layer\nfile x 1\n"
		    "layer\nlink x -> nowhere\n",
		    .instances = "0 x overwritten 1\n", .shows = "x 1 = nothing\n",
		    .warnings = "1 hardlink-missing x\n");
}

CASE(d_target_is_directory)
{
	expect_tree("layer\ndir d\nlink x -> d\nlink y -> /\n", .instances = "",
		    .shows = "d/ 0\nx 0 = nothing\ny 0 = nothing\n",
		    .warnings = "0 hardlink-missing x\n0 hardlink-missing y\n");
}

CASE(d_link_to_itself_changes_nothing)
{
	expect_tree("layer\nfile a 1\ndir d\nfile d/x 1\nsymlink s -> a\n"
		    "layer\nlink a -> ./a\nlink d -> d\nlink s -> s\nlink n -> n\n",
		    .instances = "0 a live\n0 d/x live\n",
		    .shows = "a 0\nd/ 0\nd/x 0\ns 0 -> a\n",
		    .warnings = "1 hardlink-to-itself a\n1 hardlink-to-itself d\n"
				"1 hardlink-to-itself s\n1 hardlink-to-itself n\n");
}

CASE(d_target_deleted_by_the_same_layer)
{
	expect_tree("layer\nfile a 1\n"
		    "layer\nlink b -> a\nwhiteout a\n",
		    .instances = "0 a deleted 1\n", .shows = "b 1 = nothing\n",
		    .warnings = "1 hardlink-missing b\n");
}

CASE(f_relative_symlinked_parent)
{
	expect_tree(
		"layer\ndir usr\ndir usr/lib\nsymlink lib -> usr/lib\nfile lib/a 1\n"
		"dir lib/sub\nfile lib/sub/b 1\nsymlink usr/x -> lib\nfile usr/x/c 1\n",
		.instances = "0 usr/lib/a live\n0 usr/lib/sub/b live\n"
			     "0 usr/lib/c live\n",
		.shows = "lib 0 -> usr/lib\nusr/ 0\nusr/lib/ 0\nusr/lib/a 0\n"
			 "usr/lib/c 0\nusr/lib/sub/ 0\nusr/lib/sub/b 0\n"
			 "usr/x 0 -> lib\n");
}

CASE(f_absolute_symlinked_parent_stays_inside)
{
	expect_tree("layer\ndir a\nsymlink a/l -> /b\nfile a/l/x 1\n",
		    .instances = "0 b/x live\n",
		    .shows = "a/ 0\na/l 0 -> /b\nb/ 0 implied\nb/x 0\n");
}

CASE(f_escaping_symlinked_parent_stays_inside)
{
	expect_tree("layer\ndir a\nsymlink a/l -> ../../../../etc\nfile a/l/x 1\n",
		    .instances = "0 etc/x live\n",
		    .shows = "a/ 0\na/l 0 -> ../../../../etc\netc/ 0 implied\netc/x 0\n");
}

CASE(f_symlink_to_symlink)
{
	expect_tree("layer\nsymlink a -> b\nsymlink b -> c/./d\nfile a/x 1\n",
		    .instances = "0 c/d/x live\n",
		    .shows = "a 0 -> b\nb 0 -> c/./d\nc/ 0 implied\nc/d/ 0 implied\n"
			     "c/d/x 0\n");
}

CASE(f_hardlinked_file_as_parent_is_no_symlink)
{
	expect_tree("layer\nsymlink s -> d\nfile x 1\nlink h -> x\nfile h/y 1\n",
		    .instances = "0 x live\n0 h/y live\n",
		    .shows = "h/ 0 implied\nh/y 0\ns 0 -> d\nx 0\n",
		    .warnings = "0 parent-not-directory h/y\n");
}

CASE(f_looping_symlinked_parent_is_replaced)
{
	expect_tree("layer\nsymlink a -> b\nsymlink b -> a\nfile a/x 1\n",
		    .instances = "0 a/x live\n",
		    .shows = "a/ 0 implied\na/x 0\nb 0 -> a\n",
		    .warnings = "0 symlink-loop a/x\n");
}

CASE(f_parent_file_of_the_same_layer)
{
	expect_tree("layer\nfile p 1\nfile p/q 1\n",
		    .instances = "0 p duplicate 0\n0 p/q live\n",
		    .shows = "p/ 0 implied\np/q 0\n",
		    .warnings = "0 parent-not-directory p/q\n");
}

CASE(f_entry_replaces_symlink_itself)
{
	expect_tree("layer\ndir d\nsymlink l -> d\nfile l 1\n", .instances = "0 l live\n",
		    .shows = "d/ 0\nl 0\n", .warnings = "0 duplicate-path l\n");
}

CASE(f_name_as_spelled_is_kept)
{
	struct imp_tree *tree = tree_of("layer\nsymlink lib -> usr/lib\nfile lib/a 1\n"
					"file ./x/../b 1\ndir c/\n");
	struct imp_slice name =
		imp_tree_text(tree, tree_record_at(tree, "usr/lib/a")->name);

	assert_true(imp_slice_is(name, "lib/a"));
	name = imp_tree_text(tree, tree_record_at(tree, "b")->name);
	assert_true(imp_slice_is(name, "./x/../b"));
	assert_int_equal(tree_record_at(tree, "c")->name, IMP_NONE);
	imp_tree_destroy(tree);
}

CASE(implied_parents_then_named)
{
	expect_tree("layer\nfile a/b/c/f 1\ndir a\n", .instances = "0 a/b/c/f live\n",
		    .shows = "a/ 0\na/b/ 0 implied\na/b/c/ 0 implied\na/b/c/f 0\n");
}

CASE(all_spellings_of_one_path)
{
	expect_tree("layer\nfile a/f 1\nfile ./a/f 2\nfile /a/f 3\nfile a//f 4\n"
		    "file a/./f 5\nfile a/x/../f 6\nfile ../a/f 7\nfile ../../a/f 8\n",
		    .instances =
			    "0 a/f duplicate 0\n0 a/f duplicate 0\n0 a/f duplicate 0\n"
			    "0 a/f duplicate 0\n0 a/f duplicate 0\n"
			    "0 a/f duplicate 0\n0 a/f duplicate 0\n0 a/f live\n",
		    .shows = "a/ 0 implied\na/f 0\n",
		    .warnings = "0 duplicate-path a/f\n0 duplicate-path a/f\n"
				"0 duplicate-path a/f\n0 duplicate-path a/f\n"
				"0 duplicate-path a/f\n0 duplicate-path a/f\n"
				"0 duplicate-path a/f\n");
}

CASE(all_spellings_of_the_root)
{
	expect_tree("layer\ndir ./\ndir /\ndir ..\ndir a/..\ndir ./../.\nfile a 1\n",
		    .instances = "0 a live\n", .shows = "a 0\n");
}

CASE(directory_over_directory_merges)
{
	expect_tree("layer\ndir d\nfile d/x 1\n"
		    "layer\ndir d mode=700\ndir d/\nfile d/y 1\n",
		    .instances = "0 d/x live\n1 d/y live\n",
		    .shows = "d/ 1\nd/x 0\nd/y 1\n");
}

CASE(file_directory_file_in_one_layer)
{
	expect_tree("layer\nfile z 1\ndir z\nfile z 2\n",
		    .instances = "0 z duplicate 0\n0 z live\n", .shows = "z 0\n",
		    .warnings = "0 duplicate-path z\n0 duplicate-path z\n");
}
