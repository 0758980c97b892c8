/* What single rows and lines show. */
#include "analysed.h"

#include "imgprof/cleanup.h"
#include "imgprof/width.h"

static const struct imp_report_options bytes = {.units = IMP_UNITS_BYTES};

CASE(tree_puts_the_largest_first)
{
	imp_auto_free char *out = render_text("layer\nfile small 1\nfile large 300\n"
					      "file d/middle 20\n",
					      "tree", bytes);
	const char *large = strstr(out, "large"), *middle = strstr(out, "d/"),
		   *small = strstr(out, "small");

	assert_true(large && middle && small && large < middle && middle < small);
}

CASE(tree_sums_what_it_does_not_show)
{
	imp_auto_free char *out = render_text(
		"layer\nfile a 400\nfile b 300\nfile c 20\nfile d 1\n", "tree",
		(struct imp_report_options){.units = IMP_UNITS_BYTES, .top = 2});

	assert_holds(out, "(2 more)");
	assert_holds(out, "721 ");
	assert_holds(out, " 21 ");
	assert_lacks(out, "-c");
}

CASE(tree_shows_what_is_hidden_in_one_row)
{
	imp_auto_free char *out = render_text(
		"layer\nfile a 400\nfile b 300\nlayer\nwhiteout a\n", "tree", bytes);

	assert_holds(out, "400 ");
	assert_holds(out, "[hidden by later layers]");
	imp_auto_free char *without = render_text("layer\nfile a 1\n", "tree", bytes);
	assert_lacks(without, "[hidden");
}

CASE(tree_ends_for_names_in_any_script)
{
	imp_auto_free char *out = render_text(
		"layer\nfile \\xe6\\x97\\xa5\\xe6\\x9c\\xac 5\nfile caf\\xc3\\xa9 6\n"
		"file \\xff\\xfe 7\n",
		"tree", (struct imp_report_options){.unicode = true, .width = 60});

	assert_holds(out, "日本");
	assert_holds(out, "├─café");
	assert_holds(out, "\\xff\\xfe");
}

CASE(tree_is_ascii_where_glyphs_are_not_wanted)
{
	imp_auto_free char *out =
		render_text("layer\nfile a 1\nfile d/b 1\n", "tree", bytes);

	for (const char *c = out; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
}

CASE(tree_of_a_path_that_no_layer_has)
{
	struct analysed a;
	struct imp_error err = {0};
	char *out;

	analysed_read(&a, "layer\nfile d/a 1\n");
	assert_fails(try_render(&a, "tree", (struct imp_report_options){.path = "d/b"},
				&out, &err),
		     IMP_E_USAGE, "d/b", &err);
	free(out);
	for (size_t i = 0; i < 4; i++) {
		static const char *const same[] = {"d", "/d", "d/", "//d//"};
		out = render(&a, "tree", (struct imp_report_options){.path = same[i]});
		assert_holds(out, "example/web:1 d");
		free(out);
	}
	out = render(&a, "tree", (struct imp_report_options){.path = "/"});
	assert_holds(out, "[tar and compression overhead]");
	free(out);
	analysed_finish(&a);
}

CASE(incomplete_images_say_so)
{
	static const char *const formats[] = {"text", "tree", "csv", "ncdu"};

	for (size_t i = 0; i < 4; i++) {
		imp_auto_free char *out =
			render_text("layer\nfile a 1\nmissing\n", formats[i], bytes);
		if (!strstr(out, "incomplete") && !strstr(out, "INCOMPLETE"))
			fail_msg("%s:\n%s", formats[i], out);
		imp_auto_free char *whole =
			render_text("layer\nfile a 1\n", formats[i], bytes);
		assert_lacks(whole, "incomplete");
		assert_lacks(whole, "INCOMPLETE");
	}
	imp_auto_free char *json =
		render_text("layer\nfile a 1\nmissing\n", "json", bytes);
	assert_holds(json, "\"complete\": false");
	assert_lacks(json, "\"compression\": \"none\",\n    \"pull_bytes\": 0");
}

CASE(csv_cells_are_quoted_and_no_formulas)
{
	imp_auto_free char *out = render_text("layer\nfile a,b 1\nfile =c 2\n"
					      "symlink s -> +t\nwhiteout w\n",
					      "csv", bytes);

	assert_holds(out, "example/web:1,\"a,b\",0,file,1,");
	assert_holds(out, ",'=c,0,file,2,");
	assert_holds(out, ",'+t\r\n");
	assert_holds(out, ",w,0,whiteout,0,");
}

CASE(ncdu_tells_files_from_the_rest)
{
	imp_auto_free char *out = render_text(
		"layer\nfile a 7\nsymlink s -> a\nlink l -> a\nfifo p\n", "ncdu", bytes);

	assert_holds(out, "{\"name\":\"s\",\"notreg\":true}");
	assert_holds(out, "{\"name\":\"p\",\"notreg\":true}");
	assert_holds(out, "{\"name\":\"l\"}");
	assert_holds(out, "{\"name\":\"a\",\"asize\":7");
	assert_lacks(out, "[hidden");
}

CASE(ncdu_moves_a_group_to_the_name_that_is_left)
{
	imp_auto_free char *out = render_text("layer\nfile first 1000\n"
					      "link d/second -> first\n"
					      "layer\nwhiteout first\n",
					      "ncdu", bytes);

	assert_holds(out, "{\"name\":\"second\",\"asize\":1000");
	assert_lacks(out, "first");
}

CASE(text_counts_in_words)
{
	imp_auto_free char *one = render_text("layer\nfile a 1\n", "text", bytes);
	imp_auto_free char *two =
		render_text("layer\nfile a 1\nlayer\nfile b 1\n", "text", bytes);

	assert_holds(one, "in 1 layer\n");
	assert_holds(two, "in 2 layers\n");
}

CASE(text_bars_show_what_can_go)
{
	imp_auto_free char *ascii = render_text(
		"layer\nfile a 600\nfile b 400\nlayer\nwhiteout a\n", "text", bytes);
	imp_auto_free char *glyphs =
		render_text("layer\nfile a 600\nfile b 400\nlayer\nwhiteout a\n", "text",
			    (struct imp_report_options){.unicode = true});

	assert_holds(ascii, "     600 ###..  RUN step\n");
	assert_holds(ascii, "       0 .....  RUN step\n");
	assert_holds(glyphs, "███░░  RUN step\n");
}

CASE(text_has_rows_for_the_largest_layers)
{
	static const char text[] = "layer\nfile a 1\nlayer\nfile b 900\nlayer\nfile c 2\n"
				   "layer\nfile d 800\n";
	imp_auto_free char *out = render_text(
		text, "text",
		(struct imp_report_options){.units = IMP_UNITS_BYTES, .top = 3});

	assert_holds(out, "\n  1 ");
	assert_holds(out, "\n  3 ");
	assert_lacks(out, "\n  0 ");
	assert_holds(out, "(2 smaller layers; --top 4 shows all)");
	imp_auto_free char *all = render_text(text, "text", bytes);
	assert_holds(all, "\n  0 ");
	assert_lacks(all, "smaller layers");
}

static const char *strip_colour(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		if (*from == '\033')
			from = strchr(from, 'm') + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	return text;
}

CASE(text_means_the_same_without_colour)
{
	static const char text[] = "layer\nfile a 600\nmissing\nlayer\nwhiteout a\n";
	imp_auto_free char *plain = render_text(text, "text", bytes);
	imp_auto_free char *painted = render_text(
		text, "text",
		(struct imp_report_options){.units = IMP_UNITS_BYTES, .color = true});

	assert_holds(painted, "\033[");
	assert_string_equal(strip_colour(painted), plain);
}

CASE(text_keeps_to_the_width)
{
	struct analysed a;

	analysed_read(&a,
		      "layer\nfile a/long/name/of/a/folder/that/goes/on/and/on/x 600\n"
		      "layer\nwhiteout a\n");
	a.layers[0].instruction = IMP_SLICE(
		"RUN one && two && three && four && five && six && seven && eight && "
		"\\xe6 nine 日本語日本語日本語日本語日本語日本語日本語日本語");
	for (size_t width = 60; width < 120; width += 7) {
		char *out = render(&a, "text",
				   (struct imp_report_options){.unicode = true,
							       .width = width}),
		     *rest;
		for (char *line = strtok_r(out, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest))
			if (imp_width(imp_slice_of(line)) > (width < 80 ? 80 : width))
				fail_msg("wider than %zu: %s", width, line);
		free(out);
	}
	analysed_finish(&a);
}

CASE(text_says_what_to_type_next)
{
	imp_auto_free char *out = render_text("layer\nfile a 1\n", "text", bytes);
	imp_auto_free char *quiet = render_text(
		"layer\nfile a 1\n", "text", (struct imp_report_options){.quiet = true});

	assert_holds(out, "\nNext: ");
	assert_lacks(quiet, "Next");
}

CASE(an_image_of_nothing)
{
	for (const struct imp_format *const *format = imp_formats(); *format; format++) {
		if (!(*format)->write[IMP_REPORT_PROFILE])
			continue;
		imp_auto_free char *out =
			render_text("", (*format)->name, (struct imp_report_options){0});
		/* Rows for paths and annotations for findings: there may be none. */
		bool may_be_empty = strcmp((*format)->name, "folded") == 0 ||
				    strcmp((*format)->name, "github") == 0;
		assert_true(out[0] != '\0' || may_be_empty);
		assert_lacks(out, "nan");
	}
}
