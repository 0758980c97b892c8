#include "case.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

static const struct {
	const char *bytes;
	const char *text;
} vectors[] = {
	/* RFC 4648, section 10 */
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
};

enum { VECTORS = sizeof(vectors) / sizeof(vectors[0]) };

CASE(encode_gives_the_vectors_of_the_rfc)
{
	for (int i = 0; i < VECTORS; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		imp_base64_encode(&out, imp_slice_of(vectors[i].bytes));
		assert_true(imp_slice_is(imp_strbuf_slice(&out), vectors[i].text));
	}
}

CASE(decode_takes_the_vectors_with_and_without_padding)
{
	for (int i = 0; i < VECTORS; i++) {
		struct imp_slice text = imp_slice_of(vectors[i].text);
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		assert_true(imp_base64_decode(&out, text));
		assert_true(imp_slice_is(imp_strbuf_slice(&out), vectors[i].bytes));
		while (imp_slice_ends(text, IMP_SLICE("=")))
			text.len--;
		imp_strbuf_reset(&out);
		assert_true(imp_base64_decode(&out, text));
		assert_true(imp_slice_is(imp_strbuf_slice(&out), vectors[i].bytes));
	}
}

CASE(decode_appends)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_strbuf_add_text(&out, "x");
	assert_true(imp_base64_decode(&out, IMP_SLICE("+/8=")));
	assert_true(imp_slice_equal(imp_strbuf_slice(&out), IMP_SLICE("x\xfb\xff")));
}

CASE(decode_refuses_everything_else_and_leaves_the_string)
{
	static const char *const bad[] = {
		"A",     "AAAAA", "=",      "==",       "====", "A===",    "AA=",
		"AAA==", "AAAA=", "AAAA==", "AAAA====", "=AAA", "AA=A",    "AA==AAAA",
		"AA A",  "AAA\n", " AAA",   "AA-_",     "AA*A", "AAA\x80",
	};
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_strbuf_add_text(&out, "kept");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (imp_base64_decode(&out, imp_slice_of(bad[i])))
			fail_msg("%s: taken", bad[i]);
		assert_string_equal(out.data, "kept");
		assert_int_equal(out.len, 4);
	}
	assert_false(imp_base64_decode(&out, IMP_SLICE("AAA\0")));
	assert_false(imp_base64_decode(&out, IMP_SLICE("AAAA\0AAA")));
	assert_string_equal(out.data, "kept");
}

CASE(random_bytes_round_trip)
{
	srandom(1);
	for (int i = 0; i < 5000; i++) {
		char bytes[100];
		size_t len = (size_t)random() % sizeof(bytes);
		for (size_t j = 0; j < len; j++)
			bytes[j] = (char)(random() % 256);
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_auto(imp_strbuf_finish) struct imp_strbuf back = {0};
		imp_base64_encode(&text, imp_slice(bytes, len));
		assert_int_equal(text.len, (len + 2) / 3 * 4);
		assert_true(imp_base64_decode(&back, imp_strbuf_slice(&text)));
		assert_true(
			imp_slice_equal(imp_strbuf_slice(&back), imp_slice(bytes, len)));
	}
}
