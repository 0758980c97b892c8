#include "case.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/json_writer.h"

static void write_sample(struct imp_json_writer *w)
{
	imp_json_open(w, '{');
	imp_json_member_u64(w, "pull_bytes", 42);
	imp_json_key(w, "layers");
	imp_json_open(w, '[');
	imp_json_open(w, '{');
	imp_json_member_text(w, "name", "a\"b");
	imp_json_close(w, '}');
	imp_json_u64(w, 7);
	imp_json_open(w, '[');
	imp_json_close(w, ']');
	imp_json_close(w, ']');
	imp_json_key(w, "fates");
	imp_json_open(w, '{');
	imp_json_close(w, '}');
	imp_json_member_bool(w, "complete", true);
	imp_json_close(w, '}');
}

static void assert_written(void (*write)(struct imp_json_writer *), int indent,
			   const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, indent);
	write(&w);
	assert_string_equal(out.data, expected);
	json_t *value = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
	assert_non_null(value);
	json_decref(value);
}

CASE(compact_document_is_one_line)
{
	assert_written(write_sample, 0,
		       "{\"pull_bytes\":42,\"layers\":[{\"name\":\"a\\\"b\"},7,[]],"
		       "\"fates\":{},\"complete\":true}");
}

CASE(indented_document_has_a_line_for_each_item)
{
	assert_written(write_sample, 2,
		       "{\n"
		       "  \"pull_bytes\": 42,\n"
		       "  \"layers\": [\n"
		       "    {\n"
		       "      \"name\": \"a\\\"b\"\n"
		       "    },\n"
		       "    7,\n"
		       "    []\n"
		       "  ],\n"
		       "  \"fates\": {},\n"
		       "  \"complete\": true\n"
		       "}");
}

CASE(indent_is_the_number_of_spaces)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 1);
	imp_json_open(&w, '[');
	imp_json_open(&w, '[');
	imp_json_null(&w);
	imp_json_close(&w, ']');
	imp_json_close(&w, ']');
	assert_string_equal(out.data, "[\n [\n  null\n ]\n]");
}

static void write_nothing_inside(struct imp_json_writer *w)
{
	imp_json_open(w, '{');
	imp_json_close(w, '}');
}

CASE(empty_document_has_no_lines)
{
	assert_written(write_nothing_inside, 0, "{}");
	assert_written(write_nothing_inside, 2, "{}");
}

static void write_siblings(struct imp_json_writer *w)
{
	imp_json_open(w, '[');
	imp_json_open(w, '[');
	imp_json_u64(w, 1);
	imp_json_close(w, ']');
	imp_json_open(w, '[');
	imp_json_close(w, ']');
	imp_json_open(w, '{');
	imp_json_member_u64(w, "a", 1);
	imp_json_close(w, '}');
	imp_json_open(w, '[');
	imp_json_u64(w, 2);
	imp_json_close(w, ']');
	imp_json_close(w, ']');
}

CASE(siblings_on_one_level_do_not_share_state)
{
	assert_written(write_siblings, 0, "[[1],[],{\"a\":1},[2]]");
}

static void write_numbers(struct imp_json_writer *w)
{
	imp_json_open(w, '[');
	imp_json_u64(w, 0);
	imp_json_u64(w, 10);
	imp_json_u64(w, INT64_MAX);
	imp_json_i64(w, 0);
	imp_json_i64(w, -1);
	imp_json_i64(w, INT64_MAX);
	imp_json_i64(w, INT64_MIN);
	imp_json_close(w, ']');
}

CASE(integers_are_exact)
{
	assert_written(write_numbers, 0,
		       "[0,10,9223372036854775807,0,-1,9223372036854775807,"
		       "-9223372036854775808]");
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 0);
	imp_json_u64(&w, UINT64_MAX);
	assert_string_equal(out.data, "18446744073709551615");
}

static void write_words(struct imp_json_writer *w)
{
	imp_json_open(w, '[');
	imp_json_bool(w, true);
	imp_json_bool(w, false);
	imp_json_null(w);
	imp_json_text(w, NULL);
	imp_json_text(w, "");
	imp_json_string(w, imp_slice(NULL, 0));
	imp_json_string(w, IMP_SLICE("a\nb"));
	imp_json_close(w, ']');
}

CASE(words_and_strings)
{
	assert_written(write_words, 0, "[true,false,null,null,\"\",\"\",\"a\\nb\"]");
}

CASE(string_of_any_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 0);
	imp_json_string(&w, IMP_SLICE("\0\xff"));
	assert_string_equal(out.data, "\"\\u0000\xef\xbf\xbd\"");
}

static void assert_ratio(uint64_t part, uint64_t whole, int digits, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 0);
	imp_json_ratio(&w, part, whole, digits);
	assert_string_equal(out.data, expected);
}

CASE(ratio_has_fixed_digits)
{
	assert_ratio(1, 2, 4, "0.5000");
	assert_ratio(0, 5, 4, "0.0000");
	assert_ratio(5, 5, 4, "1.0000");
	assert_ratio(1, 400, 4, "0.0025");
	assert_ratio(7, 2, 1, "3.5");
	assert_ratio(3, 2, 0, "2");
	assert_ratio(2, 5, 0, "0");
}

CASE(ratio_rounds_half_up)
{
	assert_ratio(1, 3, 4, "0.3333");
	assert_ratio(2, 3, 4, "0.6667");
	assert_ratio(5, 100000, 4, "0.0001");
	assert_ratio(49, 1000000, 4, "0.0000");
	assert_ratio(99995, 100000, 4, "1.0000");
	assert_ratio(99994, 100000, 4, "0.9999");
	assert_ratio(1, 7, 1, "0.1");
	assert_ratio(5, 7, 0, "1");
	assert_ratio(3, 7, 0, "0");
}

CASE(ratio_of_the_largest_sizes)
{
	assert_ratio(UINT64_MAX, UINT64_MAX, 4, "1.0000");
	assert_ratio(UINT64_MAX - 1, UINT64_MAX, 18, "1.000000000000000000");
	assert_ratio(UINT64_MAX / 2, UINT64_MAX, 4, "0.5000");
	assert_ratio(UINT64_MAX, 1, 18, "18446744073709551615.000000000000000000");
}

CASE(ratio_of_nothing_is_null)
{
	assert_ratio(0, 0, 4, "null");
	assert_ratio(5, 0, 4, "null");
}

CASE(ratio_behind_a_key)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 0);
	imp_json_open(&w, '{');
	imp_json_key(&w, "a");
	imp_json_ratio(&w, 1, 0, 4);
	imp_json_key(&w, "b");
	imp_json_ratio(&w, 1, 4, 2);
	imp_json_close(&w, '}');
	assert_string_equal(out.data, "{\"a\":null,\"b\":0.25}");
}

CASE(what_is_not_known_is_null)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 0);
	imp_json_open(&w, '{');
	imp_json_member_known(&w, "a", false, 7);
	imp_json_member_known(&w, "b", true, 0);
	imp_json_member_known(&w, "c", true, UINT64_MAX);
	imp_json_close(&w, '}');
	assert_string_equal(out.data, "{\"a\":null,\"b\":0,\"c\":18446744073709551615}");
}

CASE(nesting_of_64_levels)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_json_writer w = imp_json_writer(&out, 0);
	for (int i = 0; i < 32; i++) {
		imp_json_open(&w, '[');
		imp_json_u64(&w, 1);
		imp_json_open(&w, '{');
		imp_json_member_u64(&w, "a", 1);
		imp_json_key(&w, "b");
		if (i == 31)
			imp_json_null(&w);
	}
	for (int i = 0; i < 32; i++) {
		imp_json_close(&w, '}');
		imp_json_u64(&w, 2);
		imp_json_close(&w, ']');
	}
	json_error_t err;
	json_t *value = json_loadb(out.data, out.len, 0, &err);
	if (!value)
		fail_msg("%s: %s", out.data, err.text);
	assert_int_equal(json_array_size(value), 3);
	json_decref(value);
}

/* Writes a random value and returns the same one as jansson holds it. */
static json_t *write_random(struct imp_json_writer *w, int room)
{
	static const char *const keys[] = {"a", "b", "c", "d"};
	long choice = random() % (room > 0 ? 6 : 4);
	if (choice == 0) {
		imp_json_null(w);
		return json_null();
	}
	if (choice == 1) {
		json_int_t number = (json_int_t)random() - (1 << 30);
		imp_json_i64(w, number);
		return json_integer(number);
	}
	if (choice == 2) {
		bool value = random() % 2;
		imp_json_bool(w, value);
		return json_boolean(value);
	}
	if (choice == 3) {
		imp_json_text(w, "x\ty");
		return json_string("x\ty");
	}
	bool object = choice == 4;
	json_t *all = object ? json_object() : json_array();
	imp_json_open(w, object ? '{' : '[');
	for (long i = random() % 5; i-- > 0;) {
		if (object) {
			imp_json_key(w, keys[i]);
			json_object_set_new(all, keys[i], write_random(w, room - 1));
		} else {
			json_array_append_new(all, write_random(w, room - 1));
		}
	}
	imp_json_close(w, object ? '}' : ']');
	return all;
}

CASE(random_documents_parse_to_the_same_values)
{
	srandom(6);
	for (int i = 0; i < 2000; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		struct imp_json_writer w = imp_json_writer(&out, i % 3);
		json_t *expected = write_random(&w, 6);
		json_error_t err;
		json_t *value =
			json_loadb(out.data, out.len,
				   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &err);
		if (!value)
			fail_msg("%s: %s", out.data, err.text);
		assert_true(json_equal(value, expected));
		assert_int_equal(w.depth, 0);
		assert_true(i % 3 > 0 || !strchr(out.data, '\n'));
		json_decref(value);
		json_decref(expected);
	}
}

static void value_without_key(struct imp_json_writer *w)
{
	imp_json_open(w, '{');
	imp_json_u64(w, 1);
}

static void key_in_an_array(struct imp_json_writer *w)
{
	imp_json_open(w, '[');
	imp_json_key(w, "a");
}

static void key_outside(struct imp_json_writer *w)
{
	imp_json_key(w, "a");
}

static void key_behind_a_key(struct imp_json_writer *w)
{
	imp_json_open(w, '{');
	imp_json_key(w, "a");
	imp_json_key(w, "b");
}

static void close_behind_a_key(struct imp_json_writer *w)
{
	imp_json_open(w, '{');
	imp_json_key(w, "a");
	imp_json_close(w, '}');
}

static void close_with_the_other_bracket(struct imp_json_writer *w)
{
	imp_json_open(w, '[');
	imp_json_close(w, '}');
}

static void close_of_nothing(struct imp_json_writer *w)
{
	imp_json_close(w, ']');
}

static void open_of_65_levels(struct imp_json_writer *w)
{
	for (int i = 0; i < 65; i++)
		imp_json_open(w, '[');
}

static void open_with_another_character(struct imp_json_writer *w)
{
	imp_json_open(w, '(');
}

/* How a child ends that does MISUSE: the number of its signal, or 0. */
static int signal_of(void (*misuse)(struct imp_json_writer *))
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct imp_strbuf out = {0};
		struct imp_json_writer w = imp_json_writer(&out, 0);
		signal(SIGABRT, SIG_DFL);
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
		misuse(&w);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

CASE(misuse_is_caught)
{
	void (*const misuses[])(struct imp_json_writer *) = {
		value_without_key, key_in_an_array,    key_outside,
		key_behind_a_key,  close_behind_a_key, close_with_the_other_bracket,
		close_of_nothing,  open_of_65_levels,  open_with_another_character,
	};
	assert_int_equal(signal_of(write_sample), 0);
	for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++)
		if (signal_of(misuses[i]) != SIGABRT)
			fail_msg("misuse %zu was not caught", i);
}
