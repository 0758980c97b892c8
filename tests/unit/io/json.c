#include "kit.h"

#include <pthread.h>
#include <sys/resource.h>

#include "imgprof/json.h"

#include "../../../src/io/json_priv.h"

__attribute__((constructor)) static void init(void)
{
	imp_json_init();
}

static int parse(const char *text, json_t **out, struct imp_error *err)
{
	return imp_json_parse(imp_slice_of(text), &imp_limits_default, "manifest", out,
			      err);
}

static void assert_refused(struct imp_slice text, int category, const char *part)
{
	json_t *json = (json_t *)&json;
	struct imp_error err = {0};
	assert_fails(imp_json_parse(text, &imp_limits_default, "manifest", &json, &err),
		     category, part, &err);
	assert_ptr_equal(json, &json);
}

static void assert_malformed(const char *text)
{
	assert_refused(imp_slice_of(text), IMP_E_FORMAT, "manifest: line ");
}

CASE(objects_and_arrays)
{
	static const char *texts[] = {"{}", "[]",
				      " {\"a\": [1, 2.5, true, null, \"x\"]} \n",
				      "{\"a\":{\"b\":{}}}", "[\"\\u00e9\\\"\\\\\"]"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		imp_auto_json json_t *json = NULL;
		struct imp_error err = {0};
		assert_ok(parse(texts[i], &json, &err), &err);
		assert_non_null(json);
	}
}

CASE(malformed)
{
	static const char *texts[] = {"",
				      "{",
				      "nonsense",
				      "{\"a\" 1}",
				      "[1,]",
				      "{\"a\":1,}",
				      "{'a':1}",
				      "[1 2]",
				      "[01]",
				      "[\"\\x\"]",
				      "[\"\xff\xfe\"]",
				      "[\"a\nb\"]",
				      "[\"abc",
				      "[NaN]",
				      "]",
				      "{]",
				      "<html>",
				      "[1e999]"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_malformed(texts[i]);
}

CASE(scalar_is_no_document)
{
	assert_malformed("1");
	assert_malformed("\"text\"");
	assert_malformed("null");
}

CASE(trailing_text)
{
	assert_malformed("{} x");
	assert_malformed("{}{}");
	assert_malformed("[],");
}

CASE(duplicate_keys)
{
	assert_malformed("{\"layers\": [], \"layers\": [1]}");
	assert_malformed("{\"a\": {\"b\": 1, \"b\": 1}}");
	assert_malformed("{\"a\": 1, \"\\u0061\": 2}");
}

CASE(nul_in_a_string)
{
	assert_malformed("[\"a\\u0000b\"]");
	assert_refused(IMP_SLICE("[\"a\0b\"]"), IMP_E_FORMAT, "manifest");
	assert_refused(IMP_SLICE("{}\0"), IMP_E_FORMAT, "manifest");
}

CASE(integers_over_64_bits)
{
	assert_malformed("[9223372036854775808]");
	assert_malformed("[-9223372036854775809]");
}

CASE(errors_name_line_and_column)
{
	struct imp_error err = {0};
	json_t *json = NULL;
	assert_fails(parse("{\n  \"a\": 1,\n  \"b\": oops\n}", &json, &err), IMP_E_FORMAT,
		     "manifest: line 3, column", &err);
}

static void add_nested(struct imp_strbuf *text, char open, char close, size_t depth)
{
	for (size_t i = 0; i < depth; i++) {
		imp_strbuf_add_char(text, open);
		if (open == '{' && i + 1 < depth)
			imp_strbuf_add_text(text, "\"k\":");
	}
	kit_fill(text, close, depth);
}

CASE(depth_limit)
{
	for (int kind = 0; kind < 2; kind++) {
		char open = kind ? '{' : '[', close = kind ? '}' : ']';
		imp_auto(imp_strbuf_finish) struct imp_strbuf good = {0}, bad = {0};
		add_nested(&good, open, close, 64);
		add_nested(&bad, open, close, 65);
		imp_auto_json json_t *json = NULL;
		struct imp_error err = {0};
		assert_ok(imp_json_parse(imp_strbuf_slice(&good), &imp_limits_default,
					 "x", &json, &err),
			  &err);
		assert_refused(imp_strbuf_slice(&bad), IMP_E_LIMIT,
			       "manifest: json-depth");
	}
}

CASE(depth_of_a_million)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	add_nested(&text, '[', ']', 1000000);
	assert_refused(imp_strbuf_slice(&text), IMP_E_LIMIT, "json-depth");
	assert_refused(imp_slice(text.data, 1000000), IMP_E_LIMIT, "json-depth");
}

CASE(brackets_in_strings_are_no_depth)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	imp_strbuf_add_text(&text, "[\"\\\"");
	kit_fill(&text, '[', 1000);
	kit_fill(&text, ',', 1000);
	imp_strbuf_add_text(&text, "\\\\\"]");
	struct imp_limits limits = imp_limits_default;
	limits.json_values = 2;
	imp_auto_json json_t *json = NULL;
	struct imp_error err = {0};
	assert_ok(imp_json_parse(imp_strbuf_slice(&text), &limits, "x", &json, &err),
		  &err);
}

CASE(values_limit)
{
	struct imp_limits limits = imp_limits_default;
	limits.json_values = 6;
	struct imp_error err = {0};
	imp_auto_json json_t *json = NULL;
	assert_ok(imp_json_parse(IMP_SLICE("{\"a\":[1,null],\"b\":{\"c\":\"d\"}}"),
				 &limits, "x", &json, &err),
		  &err);
	json_t *more = NULL;
	assert_fails(imp_json_parse(IMP_SLICE("{\"a\":[1,null,2],\"b\":{\"c\":\"d\"}}"),
				    &limits, "x", &more, &err),
		     IMP_E_LIMIT, "x: json-values: more than 6 values", &err);
}

CASE(scan_counts_exactly)
{
	static const struct {
		const char *text;
		uint64_t depth, values;
	} rows[] = {
		{"", 0, 0},
		{"{}", 1, 1},
		{"[]", 1, 1},
		{"[{},{}]", 2, 3},
		{"[1,-2.5e3,true,false,null,\"s\"]", 1, 7},
		{"{\"a\":1,\"b\":\"c\"}", 1, 3},
		{"{\"a:b,[{\":\"}]\\\"\"}", 1, 2},
		{" [ 1 , [ 2 ] ] ", 2, 4},
		{"\"open", 0, 1},
		{"\"open\\", 0, 1},
		{"]]]", 0, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct imp_json_shape shape = imp_json_scan(imp_slice_of(rows[i].text));
		assert_int_equal(shape.depth, rows[i].depth);
		assert_int_equal(shape.values, rows[i].values);
	}
}

/* 4 MiB of "{}," as one array. */
static void add_empty_objects(struct imp_strbuf *text)
{
	imp_strbuf_add_char(text, '[');
	while (text->len < MIB(4) - 4)
		imp_strbuf_add_text(text, "{},");
	imp_strbuf_add_text(text, "{}]");
}

/* Peak so far. Thread sanitizers keep a shadow of all memory that is read: nothing to
 * measure there. */
static long resident_kib(void)
{
#ifdef __SANITIZE_THREAD__
	return 0;
#endif
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

CASE(empty_objects_hit_the_values_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	add_empty_objects(&text);
	long before = resident_kib();
	assert_refused(imp_strbuf_slice(&text), IMP_E_LIMIT, "json-values");
	assert_true(resident_kib() - before < 1024);
}

/* Without a limit they would take 310 MiB; the bound leaves room for what sanitizers add. */
CASE(empty_objects_hit_the_heap_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	add_empty_objects(&text);
	struct imp_limits limits = imp_limits_default;
	limits.json_values = UINT32_MAX;
	json_t *json = NULL;
	struct imp_error err = {0};
	long before = resident_kib();
	assert_fails(imp_json_parse(imp_strbuf_slice(&text), &limits, "x", &json, &err),
		     IMP_E_LIMIT, "x: json-heap-bytes: needs more than 67108864 bytes",
		     &err);
	assert_true(resident_kib() - before < 150 << 10);
}

/* Whatever allocation is the one too many, the answer is the same and nothing leaks. */
CASE(heap_limit_at_every_size)
{
	struct imp_slice text =
		IMP_SLICE("{\"a\": [1, 2.5, \"text\", {\"b\": null}], \"c\": "
			  "\"a longer text that makes a buffer grow\", "
			  "\"d\": {\"e\": {}, \"f\": [[], [1]]}}");
	struct imp_limits limits = imp_limits_default;
	bool done = false;
	for (limits.json_heap_bytes = 0; !done; limits.json_heap_bytes += 8) {
		imp_auto_json json_t *json = NULL;
		struct imp_error err = {0};
		int rc = imp_json_parse(text, &limits, "x", &json, &err);
		done = rc == 0;
		if (!done)
			assert_fails(rc, IMP_E_LIMIT, "json-heap-bytes", &err);
		assert_true(limits.json_heap_bytes < KIB(100));
	}
	assert_true(limits.json_heap_bytes > 1000);
}

/* A document may be dropped by another thread, while it parses one of its own. */
static void *drop_and_parse(void *document)
{
	for (int i = 0; i < 200; i++) {
		json_t *json = NULL;
		struct imp_error err = {0};
		if (parse("{\"a\": [1, 2, 3]}", &json, &err) < 0)
			return (void *)1;
		json_decref(json);
	}
	json_decref(document);
	return NULL;
}

CASE(threads_have_budgets_of_their_own)
{
	pthread_t threads[4];
	for (int i = 0; i < 4; i++) {
		json_t *json = NULL;
		struct imp_error err = {0};
		assert_ok(parse("{\"k\": [{}, {}, {}]}", &json, &err), &err);
		assert_int_equal(pthread_create(&threads[i], NULL, drop_and_parse, json),
				 0);
	}
	for (int i = 0; i < 4; i++) {
		void *result = NULL;
		pthread_join(threads[i], &result);
		assert_null(result);
	}
}

static json_t *document(void)
{
	json_t *json = NULL;
	struct imp_error err = {0};
	assert_ok(
		parse("{\"text\": \"caf\\u00e9\", \"empty\": \"\", \"list\": [1], \"map\": {}, "
		      "\"zero\": 0, \"large\": 9223372036854775807, \"minus\": -1, "
		      "\"real\": 1.0e3, \"half\": 0.5, \"huge\": 1e300, "
		      "\"exact\": 9007199254740992.0, \"over\": 9007199254740994.0, "
		      "\"minus_real\": -1.0, "
		      "\"yes\": true, \"no\": false, \"null\": null}",
		      &json, &err),
		&err);
	return json;
}

CASE(get_string)
{
	imp_auto_json json_t *json = document();
	assert_true(imp_slice_is(imp_json_get_string(json, "text"), "caf\xc3\xa9"));
	static const char *none[] = {"empty", "list", "zero", "null", "absent"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct imp_slice slice = imp_json_get_string(json, none[i]);
		assert_int_equal(slice.len, 0);
		assert_non_null(slice.data);
	}
}

CASE(get_array_and_object)
{
	imp_auto_json json_t *json = document();
	assert_int_equal(json_array_size(imp_json_get_array(json, "list")), 1);
	assert_non_null(imp_json_get_object(json, "map"));
	assert_null(imp_json_get_array(json, "map"));
	assert_null(imp_json_get_object(json, "list"));
	assert_null(imp_json_get_array(json, "null"));
	assert_null(imp_json_get_object(json, "absent"));
	assert_null(imp_json_get_object(NULL, "map"));
	assert_null(imp_json_get_array(imp_json_get_array(json, "list"), "x"));
}

CASE(get_u64)
{
	imp_auto_json json_t *json = document();
	static const struct {
		const char *key;
		bool found;
		uint64_t value;
	} rows[] = {
		{"zero", true, 0},        {"large", true, INT64_MAX},
		{"real", true, 1000},     {"exact", true, (uint64_t)1 << 53},
		{"over", false, 0},       {"minus", false, 0},
		{"minus_real", false, 0}, {"half", false, 0},
		{"huge", false, 0},       {"text", false, 0},
		{"null", false, 0},       {"yes", false, 0},
		{"absent", false, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t value = 42;
		assert_int_equal(imp_json_get_u64(json, rows[i].key, &value),
				 rows[i].found);
		assert_int_equal(value, rows[i].found ? rows[i].value : 42);
	}
}

CASE(get_bool)
{
	imp_auto_json json_t *json = document();
	assert_true(imp_json_get_bool(json, "yes", false));
	assert_false(imp_json_get_bool(json, "no", true));
	assert_true(imp_json_get_bool(json, "absent", true));
	assert_true(imp_json_get_bool(json, "text", true));
	assert_false(imp_json_get_bool(json, "null", false));
}
