#include "case.h"

#include "imgprof/cleanup.h"
#include "imgprof/width.h"
#include "messages.h"

static void expect_error(struct imp_error error, const char *line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_message_error(&error, &out);
	assert_string_equal(out.data, line);
}

static void expect_warning(struct imp_warning warning, const char *line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_message_warning(&warning, &out);
	assert_string_equal(out.data, line);
}

CASE(an_error_is_one_line)
{
	expect_error((struct imp_error){.message = "web: no such tag"},
		     "imgprof: web: no such tag");
	expect_error((struct imp_error){.message = "web: no such tag", .hint = "try x"},
		     "imgprof: web: no such tag (try x)");
}

CASE(foreign_text_is_escaped)
{
	expect_error((struct imp_error){.message = "a\nb\033[31m", .hint = "\xff\r"},
		     "imgprof: a\\x0ab\\x1b[31m (\\xff\\x0d)");
	expect_warning((struct imp_warning){.code = "c",
					    .layer = IMP_NO_LAYER,
					    .path = IMP_SLICE("p\n"),
					    .message = "m\t",
					    .count = 1},
		       "imgprof: warning: p\\x0a: m\\x09 [c]");
}

CASE(a_warning_names_its_layer_and_path)
{
	expect_warning(
		(struct imp_warning){
			.code = "media-type", .layer = 0, .message = "m", .count = 1},
		"imgprof: warning: layer 0: m [media-type]");
	expect_warning((struct imp_warning){.code = "x",
					    .layer = 12,
					    .path = IMP_SLICE("usr/lib"),
					    .message = "m",
					    .count = 4},
		       "imgprof: warning: layer 12: usr/lib: m (and 3 more) [x]");
}

CASE(long_messages_are_cut)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_error error = {0};

	memset(error.message, 'm', sizeof(error.message) - 1);
	imp_message_error(&error, &out);
	assert_int_equal(imp_width(imp_strbuf_slice(&out)),
			 sizeof("imgprof: ") - 1 + 300);
}

CASE(escapes_do_not_make_a_message_longer_than_allowed)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_error error = {0};

	memset(error.message, '\033', 200);
	imp_message_error(&error, &out);
	assert_true(imp_width(imp_strbuf_slice(&out)) <= sizeof("imgprof: ") - 1 + 300);
}
