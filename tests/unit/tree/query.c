#include "tree_case.h"

static const char example[] = "layer\n"
			      "dir b\nfile b/z 1\nfile b/a 2\ndir b/m\nfile b/m/x 4\n"
			      "dir c\nfile a 8\n"
			      "layer\n"
			      "file b/a 16\nwhiteout b/m\nfile b-x 32\n";

static void assert_walk(const struct imp_tree *tree, const char *top, bool descend,
			const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf seen = {0};
	uint32_t node = tree_node_at(tree, top);

	for (uint32_t n = node; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, n == node || descend, node)) {
		imp_strbuf_add_char(&seen, ' ');
		imp_tree_path(tree, n, &seen);
	}
	assert_string_equal(seen.data, expected);
}

CASE(walk_is_depth_first_by_name_bytes)
{
	struct imp_tree *tree = tree_of(example);

	assert_walk(tree, "", true, "  a b b/a b/m b/m/x b/z b-x c");
	imp_tree_destroy(tree);
}

CASE(walk_without_descending)
{
	struct imp_tree *tree = tree_of(example);

	assert_walk(tree, "", false, "  a b b-x c");
	imp_tree_destroy(tree);
}

CASE(walk_stays_below_its_top)
{
	struct imp_tree *tree = tree_of(example);

	assert_walk(tree, "b", true, " b b/a b/m b/m/x b/z");
	assert_walk(tree, "b/z", true, " b/z");
	assert_int_equal(imp_tree_next(tree, tree_node_at(tree, "c"), true), IMP_NONE);
	imp_tree_destroy(tree);
}

CASE(find_knows_dead_paths_and_no_others)
{
	struct imp_tree *tree = tree_of(example);

	assert_int_equal(imp_tree_find(tree, IMP_SLICE("")), 0);
	assert_false(imp_tree_node(tree, tree_node_at(tree, "b/m/x"))->live);
	assert_int_equal(imp_tree_find(tree, IMP_SLICE("b/m/x/y")), IMP_NONE);
	assert_int_equal(imp_tree_find(tree, IMP_SLICE("m")), IMP_NONE);
	imp_tree_destroy(tree);
}

CASE(path_is_appended)
{
	struct imp_tree *tree = tree_of(example);
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_add_text(&path, "/");
	imp_tree_path(tree, 0, &path);
	imp_tree_path(tree, tree_node_at(tree, "b/m/x"), &path);
	assert_string_equal(path.data, "/b/m/x");
	assert_int_equal(path.len, 6);
	imp_tree_destroy(tree);
}

CASE(sums_at_and_below)
{
	struct imp_tree *tree = tree_of(example);
	uint32_t b = tree_node_at(tree, "b");

	assert_int_equal(imp_tree_live(tree, b).disk_bytes, 17);
	assert_int_equal(imp_tree_live(tree, b).files, 2);
	assert_int_equal(imp_tree_all(tree, b).disk_bytes, 23);
	assert_int_equal(imp_tree_all(tree, b).files, 4);
	assert_int_equal(imp_tree_all(tree, tree_node_at(tree, "b/a")).disk_bytes, 18);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "b/a")).disk_bytes, 16);
	assert_int_equal(imp_tree_all(tree, tree_node_at(tree, "b/m")).disk_bytes, 4);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "b/m/x")).files, 0);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "c")).files, 0);
	assert_int_equal(imp_tree_live(tree, 0).disk_bytes, 57);
	assert_int_equal(imp_tree_all(tree, 0).disk_bytes, 63);
	imp_tree_destroy(tree);
}

CASE(pull_bytes_are_summed_like_disk_bytes)
{
	struct imp_tree *tree = tree_of(example);
	uint64_t sum = 0, live = 0;

	for (uint32_t i = 0; i < imp_tree_record_count(tree); i++) {
		const struct imp_record *record = imp_tree_record(tree, i);
		if (record->type != IMP_ENTRY_FILE)
			continue;
		sum += record->pull_bytes;
		live += record->fate == IMP_FATE_LIVE ? record->pull_bytes : 0;
	}
	assert_true(sum > live && live > 0);
	assert_int_equal(imp_tree_all(tree, 0).pull_bytes, sum);
	assert_int_equal(imp_tree_live(tree, 0).pull_bytes, live);
	imp_tree_destroy(tree);
}

CASE(group_counts_at_its_files_place)
{
	struct imp_tree *tree =
		tree_of("layer\ndir b\nfile b/x 5\ndir a\nlink a/y -> b/x\n");

	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "b")).disk_bytes, 5);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "a")).disk_bytes, 0);
	imp_tree_destroy(tree);
}

CASE(group_counts_at_the_first_name_that_is_left)
{
	struct imp_tree *tree =
		tree_of("layer\ndir b\nfile b/x 5\ndir a\ndir c\nlink c/z -> b/x\n"
			"link a/y -> b/x\n"
			"layer\nwhiteout b/x\n");

	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "c/z")).disk_bytes, 5);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "c")).disk_bytes, 5);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "a")).disk_bytes, 0);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "b")).disk_bytes, 0);
	assert_int_equal(imp_tree_all(tree, tree_node_at(tree, "b")).disk_bytes, 5);
	imp_tree_destroy(tree);
}

CASE(group_stays_where_its_file_was_when_relinked)
{
	struct imp_tree *tree =
		tree_of("layer\ndir b\nfile b/x 5\nfile a 1\nlink c -> b/x\n"
			"layer\nlink b/x -> c\n");

	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "b/x")).disk_bytes, 5);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "c")).disk_bytes, 0);
	imp_tree_destroy(tree);
}

CASE(leftover_counts_where_its_link_is)
{
	struct imp_tree *tree =
		tree_of("layer\nfile .wh..wh.plnk/1 4\nlink a -> .wh..wh.plnk/1\n");

	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "a")).disk_bytes, 4);
	assert_int_equal(
		imp_tree_live(tree, tree_node_at(tree, ".wh..wh.plnk")).disk_bytes, 0);
	assert_int_equal(
		imp_tree_all(tree, tree_node_at(tree, ".wh..wh.plnk")).disk_bytes, 4);
	imp_tree_destroy(tree);
}

CASE(records_stand_in_layer_and_tar_order)
{
	struct imp_tree *tree = tree_of("layer\nfile x 1\nsymlink s -> x\nlink h -> x\n"
					"layer\ndir .\nfile x 2 seed=1\nwhiteout s\n");

	assert_int_equal(imp_tree_record_count(tree), 6);
	assert_int_equal(imp_tree_record(tree, 3)->node, 0);
	assert_int_equal(imp_tree_record(tree, 3)->type, IMP_ENTRY_DIRECTORY);
	const struct imp_record *newest = tree_record_at(tree, "x");
	assert_ptr_equal(newest, imp_tree_record(tree, 4));
	assert_true(newest->shown);
	assert_int_equal(newest->older, 0);
	assert_int_equal(imp_tree_record(tree, 0)->older, IMP_NONE);
	assert_false(imp_tree_record(tree, 0)->shown);
	const struct imp_record *whiteout = tree_record_at(tree, "s");
	assert_int_equal(whiteout->type, IMP_ENTRY_WHITEOUT);
	assert_int_equal(whiteout->group, IMP_NONE);
	assert_true(imp_slice_is(imp_tree_text(tree, whiteout->name), ".wh.s"));
	assert_true(
		imp_slice_is(imp_tree_text(tree, imp_tree_record(tree, 1)->link), "x"));
	assert_null(imp_tree_text(tree, IMP_NONE).data);
	imp_tree_destroy(tree);
}

CASE(content_hash_of_a_file)
{
	struct imp_tree *tree =
		tree_of("layer\nfile a 0\nfile b 9 seed=1\nfile c 9 seed=2\n");
	struct imp_content_hash empty = imp_content_hash_of("", 0);
	struct imp_content_hash a = imp_tree_hash(tree, 0), b = imp_tree_hash(tree, 1),
				c = imp_tree_hash(tree, 2);

	assert_memory_equal(&a, &empty, sizeof(a));
	assert_memory_not_equal(&b, &c, sizeof(b));
	imp_tree_destroy(tree);
}

static void assert_attributes(const struct imp_tree *tree, uint32_t record, uint64_t mode,
			      uint64_t uid, uint64_t gid)
{
	struct imp_attributes seen = imp_tree_attributes(tree, record);

	assert_int_equal(seen.mode, mode);
	assert_int_equal(seen.uid, uid);
	assert_int_equal(seen.gid, gid);
}

CASE(attributes_of_each_record)
{
	struct imp_tree *tree = tree_of(
		"layer\nfile a 1 mode=4755 uid=7 gid=9\ndir d mode=700 uid=1 gid=2\n"
		"file b 1 mode=4755 uid=7 gid=9 xattr=user.a=b\n"
		"layer\nfile a 1 mode=644 uid=2097151 gid=0\n");

	assert_attributes(tree, 0, 04755, 7, 9);
	assert_attributes(tree, 1, 0700, 1, 2);
	assert_attributes(tree, 2, 04755, 7, 9);
	assert_attributes(tree, 3, 0644, 2097151, 0);
	assert_int_equal(imp_tree_attributes(tree, 0).xattrs, 0);
	assert_int_not_equal(imp_tree_attributes(tree, 2).xattrs, 0);
	imp_tree_destroy(tree);
}

static void assert_changes(const struct imp_tree *tree, size_t layer, uint64_t added,
			   uint64_t modified, uint64_t removed)
{
	const struct imp_layer_sums *sums = imp_tree_layer(tree, layer);

	assert_int_equal(sums->added, added);
	assert_int_equal(sums->modified, modified);
	assert_int_equal(sums->removed, removed);
}

CASE(layers_say_what_they_added_modified_and_removed)
{
	struct imp_tree *tree =
		tree_of("layer\ndir d\nfile d/a 1\nfile d/b 1\nsymlink s -> d\nfile x 1\n"
			/* The whole of d goes; one of its files comes back. */
			"layer\nwhiteout d\nfile d/a 2\nfile n 1\nlink m -> n\n"
			/* A file becomes a directory and a directory a file. */
			"layer\ndir x\nfile d 1\n"
			"layer\ndir x\n"
			/* Twice in one layer is once. */
			"layer\nfile z 1\nfile z 2\nfile n 3\nwhiteout n\n");

	assert_changes(tree, 0, 4, 0, 0);
	assert_changes(tree, 1, 2, 1, 1);
	assert_changes(tree, 2, 0, 1, 2);
	assert_changes(tree, 3, 0, 0, 0);
	assert_changes(tree, 4, 1, 1, 0);
	imp_tree_destroy(tree);
}

CASE(fate_names)
{
	assert_string_equal(imp_fate_name(IMP_FATE_LIVE), "live");
	assert_string_equal(imp_fate_name(IMP_FATE_OVERWRITTEN), "overwritten");
	assert_string_equal(imp_fate_name(IMP_FATE_RESHIPPED), "reshipped");
	assert_string_equal(imp_fate_name(IMP_FATE_DELETED), "deleted");
	assert_string_equal(imp_fate_name(IMP_FATE_REPLACED), "replaced");
	assert_string_equal(imp_fate_name(IMP_FATE_DUPLICATE), "duplicate");
	assert_string_equal(imp_fate_name(IMP_FATE_LEFTOVER), "leftover");
}

CASE(image_without_layers)
{
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	assert_ok(imp_tree_build(NULL, 0, &imp_limits_default, NULL, &tree, &err), &err);
	assert_ok(imp_tree_check(tree, NULL, &err), &err);
	assert_int_equal(imp_tree_node_count(tree), 1);
	assert_int_equal(imp_tree_layer_count(tree), 0);
	assert_true(imp_tree_node(tree, 0)->live);
	assert_int_equal(imp_tree_next(tree, 0, true), IMP_NONE);
	imp_tree_destroy(tree);
}

CASE(layers_are_limited)
{
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;
	struct stack stack;

	stack_read(&stack, "layer\nlayer\nlayer\n");
	limits.layers = 3;
	assert_ok(imp_tree_build(stack.profiles, 3, &limits, NULL, &tree, &err), &err);
	assert_int_equal(imp_tree_layer_count(tree), 3);
	imp_tree_destroy(tree);
	limits.layers = 2;
	assert_fails(imp_tree_build(stack.profiles, 3, &limits, NULL, &tree, &err),
		     IMP_E_LIMIT, "limit layers", &err);
	stack_finish(&stack);
}

/* The tree of LAYERS checked against the profiles of OTHER. */
static void assert_check_fails(const char *layers, const char *other, const char *message)
{
	struct imp_error err = {0};
	struct imp_tree *tree = tree_of(layers);
	struct stack stack;

	stack_read(&stack, other);
	assert_fails(imp_tree_check(tree, stack.profiles, &err), IMP_E_BUG, message,
		     &err);
	stack_finish(&stack);
	imp_tree_destroy(tree);
}

CASE(check_finds_a_layer_that_does_not_add_up)
{
	assert_check_fails("layer\nfile a 600\n", "layer\nfile a 1200\n",
			   "layer 0: pull bytes");
	assert_check_fails("layer\nlayer\nfile a 9\n", "layer\nlayer\nfile .wh.a 9\n",
			   "layer 1: disk bytes over all fates");
	assert_check_fails("layer\nfile a 0\n", "layer\nfile .wh.a 0\n",
			   "layer 0: files");
}
