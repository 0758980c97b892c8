#include "imgprof/reference.h"

#include "oci_test.h"

#define REPEAT_5(s) s s s s s
#define A_125 REPEAT_5(REPEAT_5("aaaaa"))
#define A_247 A_125 REPEAT_5("aaaaaaaaaaaaaaaaaaaaaaaa") "aa"
#define A_255 A_125 A_125 "aaaaa"

/* formats.md 1.1 to 1.5: what is taken, and as what. */
static const struct {
	const char *text, *domain, *path, *tag, *digest;
} accepted[] = {
	{"ubuntu", "docker.io", "library/ubuntu", "latest", NULL},
	{"ubuntu:22.04", "docker.io", "library/ubuntu", "22.04", NULL},
	{"ubuntu:5000", "docker.io", "library/ubuntu", "5000", NULL},
	{"docker.io/ubuntu", "docker.io", "library/ubuntu", "latest", NULL},
	{"index.docker.io/ubuntu", "docker.io", "library/ubuntu", "latest", NULL},
	{"docker.io/library/ubuntu:latest", "docker.io", "library/ubuntu", "latest",
	 NULL},
	{"index.docker.io/a/b", "docker.io", "a/b", "latest", NULL},
	{"registry-1.docker.io/x", "registry-1.docker.io", "x", "latest", NULL},
	{"localhost", "docker.io", "library/localhost", "latest", NULL},
	{"localhost/foo", "localhost", "foo", "latest", NULL},
	{"localhost:5000/foo", "localhost:5000", "foo", "latest", NULL},
	{"localhost:5000", "docker.io", "library/localhost", "5000", NULL},
	{"example.com", "docker.io", "library/example.com", "latest", NULL},
	{"foo.bar/x", "foo.bar", "x", "latest", NULL},
	{"foo/x", "docker.io", "foo/x", "latest", NULL},
	{"Foo/x", "Foo", "x", "latest", NULL},
	{"registry/app", "docker.io", "registry/app", "latest", NULL},
	{"foo_bar/x", "docker.io", "foo_bar/x", "latest", NULL},
	{"a--b", "docker.io", "library/a--b", "latest", NULL},
	{"a---b", "docker.io", "library/a---b", "latest", NULL},
	{"a__b", "docker.io", "library/a__b", "latest", NULL},
	{"a_b.c-d", "docker.io", "library/a_b.c-d", "latest", NULL},
	{"0/1/2", "docker.io", "0/1/2", "latest", NULL},
	{"ghcr.io/a/b/c/d:v1", "ghcr.io", "a/b/c/d", "v1", NULL},
	{"127.0.0.1:5000/site/web:before", "127.0.0.1:5000", "site/web", "before", NULL},
	{"[::1]:5000/x", "[::1]:5000", "x", "latest", NULL},
	{"[2001:DB8::1]/x:y", "[2001:DB8::1]", "x", "y", NULL},
	{"a-b.c/x", "a-b.c", "x", "latest", NULL},
	{"x:_", "docker.io", "library/x", "_", NULL},
	{"x:A.b-C_9", "docker.io", "library/x", "A.b-C_9", NULL},
	{"x:" HEX_A HEX_B, "docker.io", "library/x", HEX_A HEX_B, NULL},
	{"x@" SHA_A, "docker.io", "library/x", NULL, SHA_A},
	{"x@" SHA512_A, "docker.io", "library/x", NULL, SHA512_A},
	{"x:old@" SHA_A, "docker.io", "library/x", "old", SHA_A},
	{"h:1/x:old@" SHA_A, "h:1", "x", "old", SHA_A},
	{"sha256", "docker.io", "library/sha256", "latest", NULL},
	{"sha256:latest", "docker.io", "library/sha256", "latest", NULL},
	{"library/sha256:abcd", "docker.io", "library/sha256", "abcd", NULL},
	{"h.io/" A_255, "h.io", A_255, "latest", NULL},
	{A_247, "docker.io", "library/" A_247, "latest", NULL},
	{"abcdef123456", "docker.io", "library/abcdef123456", "latest", NULL},
};

/* ... and what is refused, with a part of the reason. */
static const struct {
	const char *text, *reason;
} refused[] = {
	{"", "empty"},
	{"ubuntu:", "tag behind ':' is missing"},
	{"ubuntu:@" SHA_A, "tag behind ':' is missing"},
	{"ubuntu:a:b", "is no tag"},
	{"ubuntu:.a", "is no tag"},
	{"ubuntu:-a", "is no tag"},
	{"ubuntu:a b", "is no tag"},
	{"ubuntu:a+b", "is no tag"},
	{"x:" HEX_A HEX_B "c", "at most 128"},
	{"a___b", "is no part"},
	{"a..b", "is no part"},
	{"a._b", "is no part"},
	{"_a", "is no part"},
	{"-a", "is no part"},
	{".a", "is no part"},
	{"a-", "is no part"},
	{"a_", "is no part"},
	{"a.", "is no part"},
	{"a//b", "is no part"},
	{"a/", "is no part"},
	{"/a", "is no part"},
	{"a b", "is no part"},
	{"a\tb", "is no part"},
	{"a\xc3\xa4", "is no part"},
	{"Ubuntu", "lower case"},
	{"foo/Bar", "lower case"},
	{"docker.io/", "name is missing"},
	{"localhost:5000/", "name is missing"},
	{"h.io/" A_255 "a", "at most 255"},
	{A_247 "a", "at most 255"},
	{"foo_bar.com/x", "is no host"},
	{"-a.b/x", "is no host"},
	{"a-.b/x", "is no host"},
	{"a..b/x", "is no host"},
	{".a/x", "is no host"},
	{"a.b:/x", "is no host"},
	{"a.b:80x/x", "is no host"},
	{"a.b:80:90/x", "is no host"},
	{"foo:tag/bar", "is no host"},
	{"[::1/x", "is no host"},
	{"[]:80/x", "is no host"},
	{"[::g]/x", "is no host"},
	{"[::1]80/x", "is no host"},
	{"[::1]:/x", "is no host"},
	{"x@", "digest"},
	{"x@sha256:abcd", "sha256"},
	{"x@sha256:" HEX_A "a", "sha256"},
	{"x@sha256:AAAAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	 "sha256"},
	{"x@sha256:../../../../etc/passwd", "sha256"},
	{"x@sha512:" HEX_A, "sha512"},
	{"x@md5:abcd", "md5"},
	{"x@blake3:" HEX_A, "blake3"},
	{"x@" SHA_A "@" SHA_A, "sha256"},
	{HEX_A, "image ID"},
	{SHA_A, "image ID"},
	{"sha256:abcdef12", "image ID"},
	{"https://ghcr.io/x/y", "URL"},
	{"http://localhost:5000/x", "URL"},
};

static void check_accepted(size_t i, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_reference reference = {0};
	char digest[IMP_DIGEST_TEXT];
	print_message("%s\n", accepted[i].text);
	assert_ok(imp_reference_parse(imp_slice_of(accepted[i].text), arena, &reference,
				      &err),
		  &err);
	assert_string_equal(reference.domain, accepted[i].domain);
	assert_string_equal(reference.path, accepted[i].path);
	if (accepted[i].tag)
		assert_string_equal(reference.tag, accepted[i].tag);
	else
		assert_null(reference.tag);
	if (accepted[i].digest)
		assert_string_equal(imp_digest_text(&reference.digest, digest),
				    accepted[i].digest);
	else
		assert_int_equal(reference.digest.algorithm, IMP_DIGEST_NONE);
}

static struct imp_reference parse(const char *text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_reference reference = {0};
	assert_ok(imp_reference_parse(imp_slice_of(text), arena, &reference, &err), &err);
	return reference;
}

CASE(accepts_the_table)
{
	ARENA(arena);
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++)
		check_accepted(i, arena);
}

CASE(refuses_the_table)
{
	ARENA(arena);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct imp_error err = {0};
		struct imp_reference reference;
		print_message("%s\n", refused[i].text);
		assert_fails(imp_reference_parse(imp_slice_of(refused[i].text), arena,
						 &reference, &err),
			     IMP_E_USAGE, refused[i].reason, &err);
	}
}

CASE(leaves_out_alone_on_failure)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_reference reference = {.domain = "before"};
	assert_fails(imp_reference_parse(IMP_SLICE("a:"), arena, &reference, &err),
		     IMP_E_USAGE, "tag", &err);
	assert_string_equal(reference.domain, "before");
}

CASE(nul_is_no_letter)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_reference reference;
	assert_fails(
		imp_reference_parse(IMP_SLICE("ubuntu\0evil"), arena, &reference, &err),
		IMP_E_USAGE, "is no part", &err);
	assert_fails(
		imp_reference_parse(IMP_SLICE("ubuntu:a\0b"), arena, &reference, &err),
		IMP_E_USAGE, "is no tag", &err);
}

CASE(bare_id_has_a_hint)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_reference reference;
	assert_fails(imp_reference_parse(IMP_SLICE(HEX_A), arena, &reference, &err),
		     IMP_E_USAGE, HEX_A, &err);
	assert_non_null(strstr(err.hint, "NAME@sha256:"));
}

CASE(url_has_a_hint)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_reference reference;
	assert_fails(imp_reference_parse(IMP_SLICE("https://ghcr.io/x"), arena,
					 &reference, &err),
		     IMP_E_USAGE, "URL", &err);
	assert_string_equal(err.hint, "leave out https://");
}

CASE(message_stays_short)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_reference reference;
	char text[5000];
	memset(text, 'A', sizeof(text));
	assert_fails(imp_reference_parse(imp_slice(text, sizeof(text)), arena, &reference,
					 &err),
		     IMP_E_USAGE, "at most 255", &err);
	assert_true(strlen(err.message) < 300);
}

CASE(hub_names_are_one)
{
	static const char *const names[] = {
		"ubuntu",
		"docker.io/ubuntu",
		"index.docker.io/ubuntu",
		"docker.io/library/ubuntu:latest",
	};
	ARENA(arena);
	for (size_t i = 0; i < 4; i++) {
		struct imp_reference reference = parse(names[i], arena);
		assert_string_equal(imp_reference_text(&reference, arena),
				    "docker.io/library/ubuntu:latest");
		assert_string_equal(imp_reference_host(&reference),
				    "registry-1.docker.io");
	}
}

CASE(host_is_the_domain_elsewhere)
{
	ARENA(arena);
	struct imp_reference reference = parse("ghcr.io/x/y", arena);
	assert_string_equal(imp_reference_host(&reference), "ghcr.io");
	reference = parse("[::1]:5000/x", arena);
	assert_string_equal(imp_reference_host(&reference), "[::1]:5000");
}

CASE(text_has_tag_and_digest)
{
	ARENA(arena);
	struct imp_reference reference = parse("x:old@" SHA_A, arena);
	assert_string_equal(imp_reference_text(&reference, arena),
			    "docker.io/library/x:old@" SHA_A);
	reference = parse("x@" SHA_A, arena);
	assert_string_equal(imp_reference_text(&reference, arena),
			    "docker.io/library/x@" SHA_A);
}

CASE(text_is_parsed_back)
{
	ARENA(arena);
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		struct imp_reference once = parse(accepted[i].text, arena);
		const char *text = imp_reference_text(&once, arena);
		struct imp_reference twice = parse(text, arena);
		assert_string_equal(imp_reference_text(&twice, arena), text);
	}
}
