#include "analysed.h"

#include "imgprof/blame.h"

enum { TAGS = 2 };

static const char before_text[] =
	"layer\nfile app/x 100\nfile app/lib/y 50\nfile os/a 900\n";
static const char after_text[] =
	"layer\nfile app/x 100\nfile app/lib/y 50\nfile os/a 900\n"
	"layer\nfile app/lib/z 700\nfile os/b 5000\n";

struct blame_case {
	struct analysed images[TAGS];
	struct imp_arena *arena;
	struct imp_map seen;
	struct imp_blame_row rows[TAGS];
};

static void blame_make(struct blame_case *c, const char *const texts[TAGS],
		       struct imp_blame_scope scope)
{
	*c = (struct blame_case){.arena = imp_arena_create()};
	for (size_t i = 0; i < TAGS; i++) {
		struct analysed *image = &c->images[i];
		analysed_read(image, texts[i]);
		for (size_t k = 0; k < image->stack.count; k++) {
			imp_digest_of(IMP_DIGEST_SHA256, imp_slice(&"abc"[k], 1),
				      &image->layers[k].diff_id);
			image->layers[k].summary.blob_digest = image->layers[k].diff_id;
		}
		imp_blame_measure(&image->analysis, &scope, &c->seen, c->arena,
				  &c->rows[i]);
	}
	imp_blame_compare(&c->images[0].analysis, &c->images[1].analysis, &scope,
			  c->arena, &c->rows[1]);
}

static void blame_finish(struct blame_case *c)
{
	for (size_t i = 0; i < TAGS; i++)
		analysed_finish(&c->images[i]);
	imp_map_finish(&c->seen);
	imp_arena_destroy(c->arena);
}

static void assert_subject(const struct imp_blame_row *row, const char *expected)
{
	assert_true(row->has_cause);
	assert_int_equal(row->cause.subject.len, strlen(expected));
	assert_memory_equal(row->cause.subject.data, expected, strlen(expected));
}

CASE(a_path_counts_what_is_below_and_names_what_changed)
{
	const char *const texts[TAGS] = {before_text, after_text};
	struct blame_case c;

	blame_make(&c, texts, (struct imp_blame_scope){.path = IMP_SLICE("app/*")});
	assert_int_equal(c.rows[0].watched_bytes, 150);
	assert_int_equal(c.rows[1].watched_bytes, 850);
	assert_int_equal(c.rows[1].change.before, 150);
	assert_int_equal(c.rows[1].change.after, 850);
	assert_subject(&c.rows[1], "app/lib/z");
	assert_int_equal(c.rows[1].cause.layer, 1);
	blame_finish(&c);
}

CASE(what_went_is_blamed_on_the_layer_that_had_it)
{
	const char *const texts[TAGS] = {after_text, before_text};
	struct blame_case c;

	blame_make(&c, texts, (struct imp_blame_scope){.path = IMP_SLICE("app")});
	assert_int_equal(c.rows[1].change.before, 850);
	assert_int_equal(c.rows[1].change.after, 150);
	assert_subject(&c.rows[1], "app/lib/z");
	assert_true(c.rows[1].cause.layer_is_before);
	blame_finish(&c);
}

CASE(without_scope_the_whole_disk_is_watched)
{
	const char *const texts[TAGS] = {before_text, after_text};
	struct blame_case c;

	blame_make(&c, texts, (struct imp_blame_scope){0});
	assert_int_equal(c.rows[0].watched_bytes, 1050);
	assert_int_equal(c.rows[1].watched_bytes, 6750);
	assert_subject(&c.rows[1], "os/b");
	blame_finish(&c);
}

CASE(a_layer_of_an_earlier_tag_is_not_read_again)
{
	const char *const texts[TAGS] = {before_text, after_text};
	struct blame_case c;

	blame_make(&c, texts, (struct imp_blame_scope){0});
	assert_int_equal(c.rows[0].layers_read, 1);
	assert_int_equal(c.rows[1].layers_read, 1);
	assert_int_equal(c.rows[1].layers, 2);
	blame_finish(&c);
}

CASE(no_change_has_no_cause)
{
	const char *const texts[TAGS] = {before_text, before_text};
	struct blame_case c;

	blame_make(&c, texts, (struct imp_blame_scope){0});
	assert_true(c.rows[1].has_change);
	assert_false(c.rows[1].has_cause);
	blame_finish(&c);
}
