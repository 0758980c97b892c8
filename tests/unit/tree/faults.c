/* reference/reliability.md 5B, B10 to B21, in small. */
#include <pthread.h>
#include <stdio.h>
#include <xxhash.h>

#include "imgprof/layer.h"

#include "tar_writer.h"
#include "tree_case.h"

/* LIMITS may be NULL. */
static int build(const struct imp_strbuf *text, const struct imp_limits *limits,
		 struct imp_tree **tree, struct imp_error *err)
{
	struct stack stack;

	stack_read(&stack, text->data);
	int rc = imp_tree_build(stack.profiles, stack.count,
				limits ? limits : &imp_limits_default, NULL, tree, err);
	if (rc == 0)
		rc = imp_tree_check(*tree, stack.profiles, err);
	stack_finish(&stack);
	return rc;
}

static void add_deep(struct imp_strbuf *text, const char *verb, char first, int depth)
{
	imp_strbuf_printf(text, "%s %c", verb, first);
	for (int i = 1; i < depth; i++)
		imp_strbuf_add_text(text, "/d");
}

CASE(b10_earlier_bytes_of_a_path_count_once)
{
	struct imp_tree *tree =
		tree_of("layer\nfile x 100 seed=1\nfile x 30 seed=2\nfile x 7 seed=3\n"
			"layer\nfile x 7 seed=3\n");

	assert_int_equal(imp_tree_all(tree, 0).disk_bytes, 144);
	assert_int_equal(imp_tree_all(tree, 0).files, 4);
	assert_int_equal(imp_tree_live(tree, 0).disk_bytes, 7);
	const struct imp_sum *fates = imp_tree_layer(tree, 0)->fates;
	assert_int_equal(fates[IMP_FATE_DUPLICATE].disk_bytes, 130);
	assert_int_equal(fates[IMP_FATE_RESHIPPED].disk_bytes, 7);
	imp_tree_destroy(tree);
}

static void add_symlinks(struct imp_strbuf *text, unsigned count)
{
	imp_strbuf_add_text(text, "layer\ndir end\n");
	for (unsigned i = 1; i < count; i++)
		imp_strbuf_printf(text, "symlink l%u -> /l%u\n", i, i + 1);
	imp_strbuf_printf(text, "symlink l%u -> end\nfile l1/x 1\n", count);
}

CASE(b12_forty_symlinks_are_followed)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	add_symlinks(&text, 40);
	struct imp_tree *tree = tree_of(text.data);
	assert_true(imp_tree_node(tree, tree_node_at(tree, "end/x"))->live);
	imp_tree_destroy(tree);
}

CASE(b12_the_next_symlink_is_replaced)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	add_symlinks(&text, 41);
	struct imp_tree *tree = tree_of(text.data);
	assert_int_equal(imp_tree_find(tree, IMP_SLICE("end/x")), IMP_NONE);
	assert_true(imp_tree_node(tree, tree_node_at(tree, "l41/x"))->live);
	imp_tree_destroy(tree);
}

/* A symlink to a long path, followed again and again, costs little tar: the work is
 * bounded, not only the hops. */
CASE(b12_steps_through_symlinks_are_limited)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\n");
	add_deep(&text, "symlink l -> ", 'x', 1000);
	imp_strbuf_add_char(&text, '\n');
	for (int i = 0; i < 50; i++)
		imp_strbuf_printf(&text, "file l/%d 1\n", i);
	limits.implied_directories = 20000;
	assert_fails(build(&text, &limits, &tree, &err), IMP_E_LIMIT, "symlink-hops",
		     &err);
	assert_null(tree);
	assert_ok(build(&text, NULL, &tree, &err), &err);
	imp_tree_destroy(tree);
}

CASE(b12_each_layer_has_its_own_steps)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	for (int layer = 0; layer < 2; layer++) {
		imp_strbuf_add_text(&text, "layer\n");
		add_deep(&text, "symlink l -> ", 'x', 1000);
		for (int i = 0; i < 12; i++)
			imp_strbuf_printf(&text, "\nfile l/%d 1", i);
		imp_strbuf_add_char(&text, '\n');
	}
	limits.implied_directories = 20000;
	assert_ok(build(&text, &limits, &tree, &err), &err);
	imp_tree_destroy(tree);
}

CASE(b12_symlinks_that_add_up_to_a_long_path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\nsymlink a -> b/aaaa\nsymlink b -> c/bbbb\n"
				   "file a/x 1\n");
	limits.path_bytes = 11;
	assert_ok(build(&text, &limits, &tree, &err), &err);
	assert_true(imp_tree_node(tree, tree_node_at(tree, "b/aaaa/x"))->live);
	imp_tree_destroy(tree);
}

static void assert_plain(const struct imp_tree *tree)
{
	for (uint32_t n = 1; n < imp_tree_node_count(tree); n++) {
		struct imp_slice name = imp_tree_name(tree, n);
		assert_true(name.len > 0);
		assert_false(imp_slice_is(name, ".") || imp_slice_is(name, ".."));
		assert_null(memchr(name.data, '/', name.len));
	}
}

CASE(b13_no_odd_name_becomes_a_node)
{
	static const char *const parts[] = {"..", ".", "", "a", "...", "\\s", "\\x0a"};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const size_t count = sizeof(parts) / sizeof(parts[0]);
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\n");
	for (size_t i = 0; i < count * count * count; i++)
		imp_strbuf_printf(&text, "dir /%s/%s/%s/\nlink l%zu -> %s/%s/%s/.\n",
				  parts[i / count / count], parts[i / count % count],
				  parts[i % count], i, parts[i / count / count],
				  parts[i / count % count], parts[i % count]);
	imp_strbuf_add_text(&text, "symlink s -> ./../..//a/./../b\nfile s/x 1\n");
	assert_ok(build(&text, NULL, &tree, &err), &err);
	assert_plain(tree);
	assert_true(imp_tree_node(tree, tree_node_at(tree, "b/x"))->live);
	imp_tree_destroy(tree);
}

CASE(b14_whiteouts_of_every_spelling_delete_nothing_else)
{
	expect_tree("layer\nfile f 1\ndir d\nfile d/g 1\n"
		    "layer\nfile .wh. 1\nfile .wh..wh. 1\nfile .wh..wh..opq/x 1\n"
		    "file d/.wh..wh..opq.x 1\nfile d/.wh.f 1\nfile x/.wh..wh..opq 1\n",
		    .instances = "0 f live\n0 d/g live\n1 .wh..wh. leftover 1\n"
				 "1 .wh..wh..opq/x leftover 1\n"
				 "1 d/.wh..wh..opq.x leftover 1\n",
		    .shows = "d/ 0\nd/g 0\nf 0\nx/ 1 implied\n",
		    .warnings = "1 whiteout-no-op d/f\n");
}

static void add_long(struct imp_strbuf *text, const char *before, const char *behind)
{
	imp_strbuf_add_text(text, before);
	for (int i = 0; i < 300; i++)
		imp_strbuf_add_char(text, 'x');
	imp_strbuf_add_text(text, behind);
}

/* All names that no file system takes share one place: a marker for one of them must not
 * hide the others. */
CASE(b14_markers_for_impossible_names_do_nothing)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	add_long(&text, "layer\nfile d/", " 1\n");
	add_long(&text, "layer\nfile .wh.", " 0\n");
	add_long(&text, "file ", "/.wh..wh..opq 0\n");
	expect_tree(text.data, .instances = "0 [unrepresentable] live\n",
		    .shows = "[unrepresentable] 0\n");
	imp_strbuf_reset(&text);
	add_long(&text, "layer\nfile ", "/.wh..wh..opq 0\n");
	expect_tree(text.data, .shows = "");
}

CASE(b14_opaque_before_and_after_siblings)
{
	expect_tree("layer\ndir d\nfile d/old 1\n"
		    "layer\nfile d/a 1\nopaque d\nfile d/b 1\n",
		    .instances = "0 d/old deleted 1\n1 d/a live\n1 d/b live\n",
		    .shows = "d/ 0\nd/a 1\nd/b 1\n");
}

static unsigned draw(uint64_t *state, unsigned below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((*state >> 33) % below);
}

static void add_random_path(struct imp_strbuf *text, uint64_t *state)
{
	unsigned depth = 1 + draw(state, 3);

	for (unsigned i = 0; i < depth; i++)
		imp_strbuf_printf(text, "%s%c", i ? "/" : "", 'a' + (char)draw(state, 3));
}

static void add_random_entry(struct imp_strbuf *text, uint64_t *state)
{
	static const char *const verbs[] = {"dir",  "file",     "file",   "link",
					    "link", "whiteout", "opaque", "symlink",
					    "fifo", "leftover"};
	unsigned verb = draw(state, sizeof(verbs) / sizeof(verbs[0]));

	if (verb == 9) {
		imp_strbuf_printf(text, "file .wh..wh.plnk/%u 3\n", draw(state, 2));
		return;
	}
	imp_strbuf_printf(text, "%s ", verbs[verb]);
	add_random_path(text, state);
	if (strcmp(verbs[verb], "file") == 0) {
		imp_strbuf_printf(text, " %u", draw(state, 3));
	} else if (strcmp(verbs[verb], "link") == 0 && draw(state, 8) == 0) {
		imp_strbuf_printf(text, " -> .wh..wh.plnk/%u", draw(state, 2));
	} else if (strstr(verbs[verb], "link")) {
		imp_strbuf_add_text(text, " -> ");
		add_random_path(text, state);
	}
	imp_strbuf_add_char(text, '\n');
}

/* The differential test against a second program is ../shared/checks/run; here the
 * invariants are at stake, on layers no engine would take. */
CASE(b15_invariants_hold_on_random_stacks)
{
	for (uint64_t seed = 1; seed <= 400; seed++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		struct imp_error err = {0};
		struct imp_tree *tree = NULL;
		uint64_t drawn = seed;
		unsigned layers = 1 + draw(&drawn, 4);
		for (unsigned i = 0; i < layers; i++) {
			imp_strbuf_add_text(&text, "layer\n");
			for (unsigned k = draw(&drawn, 25); k > 0; k--)
				add_random_entry(&text, &drawn);
		}
		int rc = build(&text, NULL, &tree, &err);
		if (rc < 0)
			fail_msg("seed %u: %s\n%s", (unsigned)seed, err.message,
				 text.data);
		imp_tree_destroy(tree);
	}
}

CASE(b16_many_empty_files)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\n");
	for (int i = 0; i < 20000; i++)
		imp_strbuf_printf(&text, "file %d/%d 0\n", i % 100, i);
	assert_ok(build(&text, NULL, &tree, &err), &err);
	assert_int_equal(imp_tree_live(tree, 0).files, 20000);
	assert_int_equal(imp_tree_live(tree, tree_node_at(tree, "7")).files, 200);
	assert_int_equal(imp_tree_node_count(tree), 20101);
	imp_tree_destroy(tree);
}

static size_t deepest(const struct imp_tree *tree)
{
	size_t longest = 0;

	for (uint32_t n = 0; n != IMP_NONE; n = imp_tree_next(tree, n, true)) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
		imp_tree_path(tree, n, &path);
		if (path.len > longest)
			longest = path.len;
	}
	return longest;
}

static void *build_deep(void *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\n");
	add_deep(&text, "file", 'a', 2000);
	imp_strbuf_add_text(&text, " 5\n");
	add_deep(&text, "file", 'b', 2000);
	imp_strbuf_add_text(&text, " 5\nlayer\nwhiteout a\nfile b 1\n");
	if (build(&text, NULL, &tree, &err) == 0)
		*(size_t *)out = deepest(tree);
	imp_tree_destroy(tree);
	return NULL;
}

/* A stack that a recursion over 2,000 components would overrun. */
CASE(b17_b19_deep_paths_without_recursion)
{
	pthread_attr_t attributes;
	pthread_t thread;
	size_t longest = 0;

	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, (size_t)160 << 10), 0);
	assert_int_equal(pthread_create(&thread, &attributes, build_deep, &longest), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attributes);
	assert_int_equal(longest, 2 * 2000 - 1);
}

static void add_distinct_deep(struct imp_strbuf *text, int entries, int depth)
{
	imp_strbuf_add_text(text, "layer\n");
	for (int i = 0; i < entries; i++) {
		imp_strbuf_printf(text, "file %d", i);
		for (int k = 0; k < depth; k++)
			imp_strbuf_add_text(text, "/d");
		imp_strbuf_add_text(text, "/f 0\n");
	}
}

CASE(b18_implied_directories_are_limited)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	add_distinct_deep(&text, 101, 1000);
	assert_fails(build(&text, NULL, &tree, &err), IMP_E_LIMIT,
		     "limit implied-directories", &err);
	assert_null(tree);
	/* 1,001 directories for each of 101 entries: the limit is exact. */
	limits.implied_directories = 101101 - 303;
	limits.implied_per_entry = 3;
	assert_ok(build(&text, &limits, &tree, &err), &err);
	imp_tree_destroy(tree);
	limits.implied_directories--;
	assert_fails(build(&text, &limits, &tree, &err), IMP_E_LIMIT,
		     "more than 101100 directories", &err);
}

CASE(b18_whiteouts_of_nothing_imply_directories_too)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text,
			    "layer\nfile a/b/c/.wh.d 0\nfile e/f/.wh..wh..opq 0\n");
	limits.implied_per_entry = 0;
	limits.implied_directories = 4;
	assert_ok(build(&text, &limits, &tree, &err), &err);
	imp_tree_destroy(tree);
	limits.implied_directories = 3;
	assert_fails(build(&text, &limits, &tree, &err), IMP_E_LIMIT, "implied", &err);
}

CASE(b18_named_directories_do_not_count_as_implied)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\ndir a\ndir a/b\nfile a/b/c 0\n"
				   "layer\nwhiteout a\n"
				   "layer\nfile a/b/c 0\n");
	limits.implied_directories = limits.implied_per_entry = 0;
	assert_ok(build(&text, &limits, &tree, &err), &err);
	imp_tree_destroy(tree);
}

CASE(b18_nodes_are_limited)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\nfile a/b/c 0\nfile d 0\n");
	limits.nodes = 5;
	assert_ok(build(&text, &limits, &tree, &err), &err);
	assert_int_equal(imp_tree_node_count(tree), 5);
	imp_tree_destroy(tree);
	tree = NULL;
	limits.nodes = 4;
	assert_fails(build(&text, &limits, &tree, &err), IMP_E_LIMIT,
		     "more than 4 paths (limit nodes)", &err);
	assert_null(tree);
}

/* The same path again and again makes no node, but each time a record. */
CASE(b18_entries_are_limited_like_nodes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	imp_strbuf_add_text(&text, "layer\nfile a 0\nfile a 0\nfile a 0\n");
	limits.nodes = 2;
	assert_fails(build(&text, &limits, &tree, &err), IMP_E_LIMIT,
		     "more than 2 entries (limit nodes)", &err);
}

/* Names that share a bucket when the hash has no seed. */
CASE(b20_names_made_to_collide_are_all_found)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;
	unsigned made = 0;
	char name[16];

	imp_strbuf_add_text(&text, "layer\n");
	for (unsigned i = 0; made < 1000; i++) {
		int len = snprintf(name, sizeof(name), "%u", i);
		if ((XXH3_64bits_withSeed(name, (size_t)len, 0) & 1023) != 0)
			continue;
		imp_strbuf_printf(&text, "file %s 1\n", name);
		made++;
	}
	assert_ok(build(&text, NULL, &tree, &err), &err);
	assert_int_equal(imp_tree_live(tree, 0).files, 1000);
	for (uint32_t n = 1; n <= 1000; n++)
		assert_int_equal(imp_tree_find(tree, imp_tree_name(tree, n)), n);
	imp_tree_destroy(tree);
}

static void add_siblings(struct imp_strbuf *text, int count)
{
	imp_strbuf_add_text(text, "layer\ndir d\n");
	for (int i = count; i > 0; i--)
		imp_strbuf_printf(text, "file d/%d 0\n", i);
}

CASE(b21_siblings_are_linked_by_name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;
	unsigned count = 0;

	add_siblings(&text, 30000);
	assert_ok(build(&text, NULL, &tree, &err), &err);
	uint32_t previous = imp_tree_node(tree, tree_node_at(tree, "d"))->first_child;
	for (uint32_t n = previous; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling, count++) {
		assert_true(n == previous ||
			    imp_slice_compare(imp_tree_name(tree, previous),
					      imp_tree_name(tree, n)) < 0);
		previous = n;
	}
	assert_int_equal(count, 30000);
	imp_tree_destroy(tree);
}

CASE(b21_siblings_beyond_the_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_limits limits = imp_limits_default;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	add_siblings(&text, 30000);
	limits.nodes = 20000;
	assert_fails(build(&text, &limits, &tree, &err), IMP_E_LIMIT, "limit nodes",
		     &err);
}

/* Markers over children that are long dead, and whiteouts of every sibling. */
CASE(b21_repeated_markers_over_dead_children)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	add_siblings(&text, 20000);
	imp_strbuf_add_text(&text, "layer\n");
	for (int i = 1; i <= 20000; i++)
		imp_strbuf_printf(&text, "whiteout d/%d\nopaque d\n", i);
	assert_ok(build(&text, NULL, &tree, &err), &err);
	assert_int_equal(imp_tree_live(tree, 0).files, 0);
	assert_int_equal(imp_tree_layer(tree, 0)->fates[IMP_FATE_DELETED].files, 20000);
	assert_int_equal(imp_tree_layer(tree, 1)->removed, 20000);
	imp_tree_destroy(tree);
}

/* What of a cut layer could be read adds up as well. */
CASE(cut_layers_keep_the_invariants)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};

	tar_directory(&tar, "d/");
	tar_file(&tar, "d/a", "12345");
	tar_hardlink(&tar, "d/b", "d/a");
	tar_file(&tar, "d/c", "1234567");
	for (size_t len = 512; len < tar.len; len += 100) {
		struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
						    .keep_damaged = true,
						    .limits = &imp_limits_default};
		struct imp_slice cut = imp_slice(tar.data, len);
		struct imp_layer_result result = {0};
		struct imp_tree *tree = NULL;
		struct imp_error err = {0};
		imp_layer_read(imp_stream_memory(cut, 0), &request, &result, &err);
		assert_non_null(result.profile);
		const struct imp_profile *const layers[] = {result.profile};
		err = (struct imp_error){0};
		assert_ok(
			imp_tree_build(layers, 1, &imp_limits_default, NULL, &tree, &err),
			&err);
		assert_ok(imp_tree_check(tree, layers, &err), &err);
		imp_tree_destroy(tree);
		imp_profile_destroy(result.profile);
	}
}

CASE(b22_special_files_are_nodes_without_bytes)
{
	expect_tree("layer\nchar c\nblock b\nfifo f\nlink g -> f\n"
		    "layer\nfile c 1\nwhiteout b\n",
		    .instances = "1 c live\n", .shows = "c 1\nf 0\ng 0 = nothing\n");
}
