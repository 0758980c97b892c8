/* Addresses of servers, and the proxies on the way to them. */
#include "case.h"

#include "imgprof/cleanup.h"

#include "../../../src/source/registry/proxy_priv.h"

static void check_shown(const char *text, const char *expected)
{
	struct imp_error err = {0};
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};
	assert_ok(imp_url_parse(text, NULL, &url, &err), &err);
	imp_url_show(&url, &shown);
	assert_string_equal(shown.data, expected);
}

static void check_relative(const char *base_text, const char *text, const char *expected)
{
	struct imp_error err = {0};
	imp_auto(imp_url_finish) struct imp_url base = {0};
	imp_auto(imp_url_finish) struct imp_url url = {0};
	assert_ok(imp_url_parse(base_text, NULL, &base, &err), &err);
	assert_ok(imp_url_parse(text, &base, &url, &err), &err);
	assert_string_equal(url.text, expected);
}

static void check_refused(const char *text, const char *part)
{
	struct imp_error err = {0};
	struct imp_url url = {0};
	assert_fails(imp_url_parse(text, NULL, &url, &err), IMP_E_NETWORK, part, &err);
}

static void check_host(const char *text, const char *host, unsigned port, bool https)
{
	struct imp_error err = {0};
	imp_auto(imp_url_finish) struct imp_url url = {0};
	assert_ok(imp_url_parse(text, NULL, &url, &err), &err);
	assert_string_equal(url.host, host);
	assert_int_equal(url.port, port);
	assert_int_equal(url.https, https);
}

static bool same_origin(const char *a_text, const char *b_text)
{
	struct imp_error err = {0};
	imp_auto(imp_url_finish) struct imp_url a = {0};
	imp_auto(imp_url_finish) struct imp_url b = {0};
	assert_ok(imp_url_parse(a_text, NULL, &a, &err), &err);
	assert_ok(imp_url_parse(b_text, NULL, &b, &err), &err);
	return imp_url_same_origin(&a, &b);
}

CASE(parts)
{
	check_host("https://Example.com/x", "Example.com", 443, true);
	check_host("http://example.com:8080", "example.com", 8080, false);
	check_host("http://[::1]:5000/v2/", "::1", 5000, false);
}

CASE(numbers_of_all_bases_are_addresses)
{
	check_host("http://2130706433/", "127.0.0.1", 80, false);
	check_host("http://0177.0.0.1/", "127.0.0.1", 80, false);
	check_host("http://0x7f.1/", "127.0.0.1", 80, false);
	check_host("http://0xa9fea9fe/", "169.254.169.254", 80, false);
}

CASE(relative_addresses)
{
	check_relative("https://h/v2/a/b", "/x?y=1", "https://h/x?y=1");
	check_relative("https://h/v2/a/b", "c", "https://h/v2/a/c");
	check_relative("https://h/v2/a/b?q", "?page=2", "https://h/v2/a/b?page=2");
	check_relative("https://h/v2/", "//other/z", "https://other/z");
	check_relative("https://h/v2/", "http://other:1/z", "http://other:1/z");
	check_relative("https://h/v2/", "/a b%2Fc", "https://h/a%20b%2Fc");
}

CASE(what_is_not_http)
{
	check_refused("file:///etc/passwd", "not http or https");
	check_refused("ftp://h/x", "not http or https");
	check_refused("gopher://h/x", "not http or https");
	check_refused("javascript:alert(1)", "address");
}

CASE(user_information)
{
	check_refused("https://user@h/", "user name");
	check_refused("https://user:secret@h/", "user name");
}

CASE(malformed)
{
	check_refused("", "malformed");
	check_refused("http://", "malformed");
	check_refused("http://h:99999/", "malformed");
	check_refused("http://[::1/", "malformed");
	check_refused("http://h/\r\nX-Evil: 1", "malformed");
}

CASE(query_and_fragment_are_not_shown)
{
	check_shown("https://h/x?X-Amz-Signature=secret", "https://h/x");
	check_shown("https://h/x#secret", "https://h/x");
	check_shown("https://h", "https://h/");
}

CASE(origins)
{
	assert_true(same_origin("https://h/a", "https://H:443/b?c"));
	assert_false(same_origin("https://h/", "http://h/"));
	assert_false(same_origin("http://h:443/", "https://h/"));
	assert_false(same_origin("https://h/", "https://h:444/"));
	assert_false(same_origin("https://h/", "https://h.evil/"));
	assert_false(same_origin("https://h/", "https://xh/"));
}

CASE(server_as_it_is_written)
{
	struct imp_error err = {0};
	static const char *const cases[][2] = {
		{"https://h/x", "h"},
		{"http://h:443/x", "h:443"},
		{"http://[::1]:5000/", "[::1]:5000"},
	};
	for (size_t i = 0; i < 3; i++) {
		imp_auto(imp_url_finish) struct imp_url url = {0};
		imp_auto(imp_strbuf_finish) struct imp_strbuf server = {0};
		assert_ok(imp_url_parse(cases[i][0], NULL, &url, &err), &err);
		imp_url_server(&url, &server);
		assert_string_equal(server.data, cases[i][1]);
	}
}

/* Proxies. */

CASE(no_proxy_lists)
{
	static const struct {
		const char *list, *host;
		unsigned port;
		bool excluded;
	} cases[] = {
		{"", "h.example", 443, false},
		{"*", "h.example", 443, true},
		{"example", "h.example", 443, true},
		{"h.example", "h.example", 443, true},
		{"H.EXAMPLE", "h.example", 443, true},
		{".example", "h.example", 443, true},
		{"*.example", "h.example", 443, true},
		{"ample", "h.example", 443, false},
		{"g.example", "h.example", 443, false},
		{"x.h.example", "h.example", 443, false},
		{"a, b ,example", "h.example", 443, true},
		{"h.example:443", "h.example", 443, true},
		{"h.example:80", "h.example", 443, false},
		{"10.0.0.1", "10.0.0.1", 443, true},
		{"10.0.0.1:5000", "10.0.0.1", 5000, true},
		{"10.0.0.1", "10.0.0.10", 443, false},
		{"10.0.0.0/8", "10.200.3.4", 443, true},
		{"10.0.0.0/9", "10.200.3.4", 443, false},
		{"0.0.0.0/0", "8.8.8.8", 443, true},
		{"10.0.0.0/33", "10.0.0.1", 443, false},
		{"10.0.0.0/x", "10.0.0.1", 443, false},
		{"fd00::/8", "fd12::1", 443, true},
		{"fd00::/8", "10.0.0.1", 443, false},
		{"fd12::1", "fd12::1", 443, true},
		{"[fd12::1]:5000", "fd12::1", 5000, true},
		{"[fd12::1]:5000", "fd12::1", 5001, false},
		{".", "h.example", 443, false},
		{",,", "h.example", 443, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (imp_proxy_is_excluded(imp_slice_of(cases[i].list), cases[i].host,
					  cases[i].port) != cases[i].excluded)
			fail_msg("'%s' and %s:%u", cases[i].list, cases[i].host,
				 cases[i].port);
}

static const char *get_variable(void *user, const char *name)
{
	const char *const *pairs = user;
	for (size_t i = 0; pairs[i]; i += 2)
		if (strcmp(pairs[i], name) == 0)
			return pairs[i + 1];
	return NULL;
}

static const char *proxy_for(const char *const *pairs, const char *text)
{
	struct imp_error err = {0};
	imp_auto(imp_url_finish) struct imp_url url = {0};
	struct imp_context context = {
		.getenv = get_variable,
		.user = (void *)(uintptr_t)pairs,
	};
	assert_ok(imp_url_parse(text, NULL, &url, &err), &err);
	return imp_proxy_for(&context, &url);
}

#define PROXY_FOR(url, ...) proxy_for((const char *const[]){__VA_ARGS__, NULL}, (url))

CASE(proxy_by_scheme)
{
	assert_string_equal(PROXY_FOR("http://h/", "http_proxy", "a", "https_proxy", "b"),
			    "a");
	assert_string_equal(
		PROXY_FOR("https://h/", "http_proxy", "a", "https_proxy", "b"), "b");
	assert_string_equal(PROXY_FOR("https://h/", "HTTPS_PROXY", "b"), "b");
	assert_string_equal(PROXY_FOR("http://h/", "HTTP_PROXY", "a"), "a");
	assert_string_equal(PROXY_FOR("http://h/", "https_proxy", "b", "ALL_PROXY", "c"),
			    "c");
	assert_null(PROXY_FOR("https://h/", "http_proxy", "a"));
}

CASE(proxy_in_a_cgi_program)
{
	assert_null(PROXY_FOR("http://h/", "HTTP_PROXY", "a", "REQUEST_METHOD", "GET"));
}

CASE(proxy_never_for_the_loopback)
{
	assert_null(PROXY_FOR("http://127.0.0.1:5000/", "http_proxy", "a"));
	assert_null(PROXY_FOR("http://localhost/", "http_proxy", "a"));
	assert_null(PROXY_FOR("http://[::1]/", "http_proxy", "a"));
}

CASE(proxy_not_for_the_excluded)
{
	assert_null(PROXY_FOR("http://h/", "http_proxy", "a", "no_proxy", "h"));
	assert_null(PROXY_FOR("http://h/", "http_proxy", "a", "NO_PROXY", "h"));
}
