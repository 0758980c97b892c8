/* TOML 1.0 as its specification shows it, flattened to paths. */
#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

#include "case.h"

#include "../../../src/package/toml.h"

static void show(void *user, const struct imp_toml_event *event)
{
	struct imp_strbuf *out = user;

	imp_strbuf_add_text(out, event->is_value ? "" : "[");
	for (size_t i = 0; i < event->path_count; i++) {
		imp_strbuf_add_text(out, i ? "|" : "");
		imp_strbuf_add_slice(out, event->path[i]);
	}
	if (event->is_value) {
		imp_strbuf_add_text(out, event->is_string ? "='" : "=");
		imp_strbuf_add_slice(out, event->value);
	}
	imp_strbuf_add_text(out, event->is_string ? "'\n" : "\n");
}

static void expect_at(const char *text, const char *expected, int line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_error err = {0};

	assert_ok(imp_toml_read(imp_slice_of(text), show, &out, &err), &err);
	if (!imp_slice_is(imp_strbuf_slice(&out), expected)) {
		print_error("%.*s--- expected:\n%s", (int)out.len,
			    out.data ? out.data : "", expected);
		_fail(__FILE__, line);
	}
}
#define expect(text, expected) expect_at(text, expected, __LINE__)

CASE(keys_and_tables)
{
	expect("a = 1 # one\n\"b c\".d = true\n[x.'y z']\r\nk=-2.5\n[[p]]\n[[p]]\nq . r=2026-01-01T00:00:00Z\n",
	       "a=1\nb c|d=true\n[x|y z\nx|y z|k=-2.5\n[p\n[p\np|q|r=2026-01-01T00:00:00Z\n");
	expect("", "");
	expect("# only\n\n  # comments", "");
}

CASE(strings)
{
	expect("a = \"x\\ty\\u00e9\\U0001F600\\\"\"\n",
	       "a='x\ty\xc3\xa9\xf0\x9f\x98\x80\"'\n");
	expect("a = 'C:\\x'\n", "a='C:\\x'\n");
	expect("a = \"\"\"\nline\n\"q\" \\\n   on\"\"\"\"\n", "a='line\n\"q\" on\"'\n");
	expect("a = '''\nraw\\n'''\n", "a='raw\\n'\n");
	expect("a = \"\"\nb = ''", "a=''\nb=''\n");
}

CASE(arrays_and_inline_tables)
{
	expect("a = [1, 'b', # c\n [2, {x = 3, y.z = []}],\n]\nb = {}\n",
	       "a=1\na='b'\na=2\na|x=3\n");
	expect("[[package]]\nd = [\n  { name = \"n\", extra = [\"e\"] },\n  { name = \"m\" },\n]\nv = \"1\"\n",
	       "[package\npackage|d|name='n'\npackage|d|extra='e'\npackage|d|name='m'\npackage|v='1'\n");
}

static void refuse(const char *text, int category, const char *part)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_error err = {0};

	assert_fails(imp_toml_read(imp_slice_of(text), show, &out, &err), category, part,
		     &err);
}

CASE(mistakes_are_said_with_their_line)
{
	refuse("a = 1\nb\n", IMP_E_FORMAT, "line 2: no '='");
	refuse("a = \"x\n\"", IMP_E_FORMAT, "line 1: a string without end");
	refuse("a = \"\"\"x\n", IMP_E_FORMAT, "a string without end");
	refuse("a = \"\\q\"", IMP_E_FORMAT, "an unknown escape");
	refuse("a = \"\\u12\"", IMP_E_FORMAT, "a malformed escape");
	refuse("a =\n", IMP_E_FORMAT, "line 1: no value");
	refuse("a = [1\n", IMP_E_FORMAT, "line 2: no value");
	refuse("a = {b = 1", IMP_E_FORMAT, "no key");
	refuse("\n\n[a\n", IMP_E_FORMAT, "line 3: a header without end");
	refuse("a = 1 b = 2\n", IMP_E_FORMAT, "text behind a value");
	refuse("= 1\n", IMP_E_FORMAT, "no key");
}

CASE(depth_is_bounded)
{
	char nested[100001] = "a = ";

	memset(nested + 4, '[', sizeof(nested) - 5);
	refuse(nested, IMP_E_LIMIT, "nested deeper");
	refuse("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1", IMP_E_LIMIT, "keys deep");
}
