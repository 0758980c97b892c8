/* A report that was stored and read back makes every report that the image itself makes. */
#include "analysed.h"

#include "imgprof/json.h"
#include "imgprof/reload.h"

static const char *const stacks[] = {
	"layer\nfile a 10\nfile d/b 20\ndir e\n",
	/* Dead files of every kind, an owner that changed, names that go. */
	"layer\nfile d/x 10\nfile d/y 20\nfile o/z 30\nfile r 40\nfile t 50 seed=1\n"
	"layer\nwhiteout d\nfile o/z 31 seed=2\ndir r\nfile r/in 5\nfile t 50 seed=1 "
	"mode=600\n"
	"layer\nfile .wh..wh.aufs 7\nfile two 1\nfile two 2\n",
	"layer\nfile first 1000\nlink n/second -> first\nfile n/gone 11\n"
	"layer\nwhiteout first\nwhiteout n/gone\nlink third -> n/second\n",
	"layer\nsymlink s -> nowhere\nfifo p\nchar c\nlink l -> s\ndir empty\n",
	"layer\nfile d/deep/x 10\nfile f 20\nlayer\nfile d 30\nfile f/below/y 40\n"
	"layer\ndir d\nfile d/again 50\nwhiteout f\n",
	"layer\nlayer\nfile a 1\nmissing\nlayer\nwhiteout a\n",
	"layer\n",
};
enum { STACKS = sizeof(stacks) / sizeof(*stacks) };

static const struct imp_report_options made = {
	.version = "1.2.3", .features = "+one -two", .rules_version = "abc"};

static char *write_report(const struct imp_format *format,
			  const struct imp_analysis *const *images,
			  const struct imp_report_options *options)
{
	struct imp_report report = {.images = images, .image_count = 1};
	struct imp_error err = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_ok(imp_format_write(format, &report, options, out, &err), &err);
	assert_int_equal(fclose(out), 0);
	return text;
}

static struct imp_reloaded *reload(const char *text, struct imp_arena *arena)
{
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};

	assert_ok(imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	return reloaded;
}

static void compare_formats(const struct imp_analysis *image,
			    const struct imp_reloaded *reloaded)
{
	for (const struct imp_format *const *f = imp_formats(); *f; f++) {
		if (!(*f)->write[IMP_REPORT_PROFILE])
			continue;
		char *direct = write_report(*f, &image, &made);
		char *stored = write_report(*f, reloaded->images, &made);
		assert_string_equal(stored, direct);
		free(direct);
		free(stored);
	}
}

CASE(every_format_is_the_same)
{
	for (size_t i = 0; i < STACKS; i++) {
		struct analysed image;
		struct imp_arena *arena = imp_arena_create();
		analysed_read(&image, stacks[i]);
		if (i % 2)
			analysed_with_evidence(&image);
		const struct imp_analysis *one = &image.analysis;
		char *text = write_report(imp_format_find("json"), &one, &made);
		struct imp_reloaded *reloaded = reload(text, arena);
		assert_int_equal(reloaded->kind, IMP_RELOADED_PROFILE);
		assert_string_equal(reloaded->tool_version, "1.2.3");
		assert_string_equal(reloaded->features, "+one -two");
		assert_string_equal(reloaded->rules_version, "abc");
		assert_false(reloaded->without_tree || reloaded->cut);
		assert_int_equal(reloaded->complete, image.analysis.complete);
		compare_formats(one, reloaded);
		free(text);
		imp_reloaded_destroy(reloaded);
		imp_arena_destroy(arena);
		analysed_finish(&image);
	}
}

/* What comparing looks at, and no format prints. */
CASE(hashes_times_and_owners_come_back)
{
	struct analysed image;
	struct imp_arena *arena = imp_arena_create();

	analysed_read(&image, stacks[1]);
	const struct imp_analysis *one = &image.analysis;
	char *text = write_report(imp_format_find("json"), &one, &made);
	struct imp_reloaded *reloaded = reload(text, arena);
	const struct imp_tree *tree = reloaded->images[0]->tree;
	assert_int_equal(imp_tree_record_count(tree), imp_tree_record_count(image.tree));
	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		struct imp_content_hash a = imp_tree_hash(tree, r);
		struct imp_content_hash b = imp_tree_hash(image.tree, r);
		struct imp_attributes x = imp_tree_attributes(tree, r);
		struct imp_attributes y = imp_tree_attributes(image.tree, r);
		if (imp_tree_record(tree, r)->type == IMP_ENTRY_FILE)
			assert_memory_equal(&a, &b, sizeof(a));
		assert_memory_equal(&x, &y, sizeof(x));
		assert_int_equal(imp_tree_mtime_s(tree, r),
				 imp_tree_mtime_s(image.tree, r));
	}
	free(text);
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
	analysed_finish(&image);
}

static int try(const char *text, struct imp_error *err)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	int rc = imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
			    err);

	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
	return rc;
}

CASE(other_documents_are_named)
{
	struct imp_error err = {0};

	assert_int_equal(try("{\"schema\": \"imgprof/2\"}", &err), IMP_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "imgprof/1"));
	err = (struct imp_error){0};
	assert_int_equal(try("{\"a\": 1}", &err), IMP_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "no report of imgprof"));
	err = (struct imp_error){0};
	assert_int_equal(try("{", &err), IMP_E_FORMAT);
	err = (struct imp_error){0};
	assert_int_equal(try("", &err), IMP_E_FORMAT);
	err = (struct imp_error){0};
	assert_int_equal(try("{\"schema\":\"imgprof/1\",\"kind\":\"profile\","
			     "\"complete\":true,\"tool\":{\"version\":\"1\",\"rules\":"
			     "null,\"features\":[]},\"images\":[]}",
			     &err),
			 IMP_E_FORMAT);
	assert_non_null(strstr(err.message, "images"));
}

CASE(cut_lists_and_missing_trees_are_told)
{
	struct analysed image;
	struct imp_report_options cut = made, bare = made;
	struct imp_arena *arena = imp_arena_create();

	cut.top = 1;
	bare.no_tree = true;
	analysed_read(&image, stacks[1]);
	const struct imp_analysis *one = &image.analysis;
	char *text = write_report(imp_format_find("json"), &one, &cut);
	struct imp_reloaded *reloaded = reload(text, arena);
	assert_true(reloaded->cut);
	imp_reloaded_destroy(reloaded);
	free(text);
	text = write_report(imp_format_find("json"), &one, &bare);
	reloaded = reload(text, arena);
	assert_true(reloaded->without_tree && !reloaded->cut);
	char *direct = write_report(imp_format_find("text"), &one, &made);
	char *stored = write_report(imp_format_find("text"), reloaded->images, &made);
	assert_string_equal(stored, direct);
	free(text), free(direct), free(stored);
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
	analysed_finish(&image);
}

/* A tree as deep as paths go is no reason to refuse, and no stack is used up. */
CASE(the_nested_tree_is_not_parsed)
{
	struct imp_error err = {0};
	struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "{\"schema\":\"imgprof/2\",\"images\":[{\"tree\":");
	for (int i = 0; i < 100000; i++)
		imp_strbuf_add_char(&text, '[');
	for (int i = 0; i < 100000; i++)
		imp_strbuf_add_char(&text, ']');
	imp_strbuf_add_text(&text, "}]}");
	assert_int_equal(try(text.data, &err), IMP_E_UNSUPPORTED);
	imp_strbuf_finish(&text);
}
