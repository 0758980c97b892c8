/* Credentials: which entry of which file is meant for a registry. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

#include "../../../src/source/registry/client_priv.h"

__attribute__((constructor)) static void start(void)
{
	imp_json_init();
}

static const struct imp_reference plain = {.domain = "reg.example:5000",
					   .path = "ns/app"};
static const struct imp_reference hub = {.domain = "docker.io", .path = "library/app"};

static const char *no_environment(void *user, const char *name)
{
	(void)user;
	(void)name;
	return NULL;
}

static const struct imp_context context = {
	.getenv = no_environment,
	.limits = &imp_limits_default,
};

/* 0, 1 or negative; notes are counted. */
static int find(const struct imp_reference *reference, const char *text, bool old,
		bool inline_only, struct imp_credentials *out, size_t *note_count)
{
	struct imp_error err = {0};
	struct imp_notes notes;
	imp_notes_start(&notes, &context);
	struct imp_auth_file file = {
		.context = &context,
		.reference = reference,
		.notes = &notes,
		.name = "FILE",
		.old = old,
		.inline_only = inline_only,
	};
	int rc = imp_auth_file_find(&file, imp_slice_of(text), out, &err);
	*note_count = imp_warnings_count(notes.list);
	for (size_t i = 0; i < *note_count; i++)
		assert_null(strstr(imp_warnings_get(notes.list, i)->message, "c2VjcmV0"));
	assert_null(strstr(err.message, "c2VjcmV0"));
	imp_notes_finish(&notes);
	return rc;
}

static void check_found(const struct imp_reference *reference, const char *text,
			const char *username, const char *password)
{
	struct imp_credentials found = {0};
	size_t notes;
	assert_int_equal(find(reference, text, false, false, &found, &notes), 0);
	assert_string_equal(found.username, username);
	assert_string_equal(found.password, password);
	assert_string_equal(found.origin, "FILE");
	assert_int_equal(notes, 0);
	imp_credentials_finish(&found);
}

static void check_none(const struct imp_reference *reference, const char *text,
		       size_t expected_notes)
{
	struct imp_credentials found = {0};
	size_t notes;
	assert_int_equal(find(reference, text, false, false, &found, &notes), 1);
	assert_int_equal(notes, expected_notes);
}

CASE(keys_of_an_ordinary_registry)
{
	static const struct {
		const char *key;
		bool matches;
	} cases[] = {
		{"reg.example:5000", true},
		{"REG.example:5000", true},
		{"https://reg.example:5000", true},
		{"http://reg.example:5000/", true},
		{"https://reg.example:5000/v2/", true},
		{"https://reg.example:5000/v1/", true},
		{"https://reg.example:5000/any/path", true},
		{"reg.example:5000/v2/", true},
		{"reg.example:5000/", true},
		{"reg.example:5000/ns", true},
		{"reg.example:5000/ns/app", true},
		{"reg.example:5000/n", false},
		{"reg.example:5000/ns/ap", false},
		{"reg.example:5000/other", false},
		{"reg.example:5000/ns/app/deeper", false},
		{"reg.example", false},
		{"reg.example:5001", false},
		{"evil.reg.example:5000", false},
		{"reg.example:5000.evil", false},
		{"docker.io", false},
		{"", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if ((imp_auth_key_match(imp_slice_of(cases[i].key), &plain) > 0) !=
		    cases[i].matches)
			fail_msg("%s", cases[i].key);
}

CASE(keys_of_docker_hub)
{
	static const char *const keys[] = {
		"https://index.docker.io/v1/",
		"https://index.docker.io/v2/",
		"index.docker.io",
		"docker.io",
		"https://docker.io",
		"registry-1.docker.io",
		"https://registry-1.docker.io/v2/",
		"docker.io/library",
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (imp_auth_key_match(imp_slice_of(keys[i]), &hub) == 0)
			fail_msg("%s", keys[i]);
	assert_int_equal(imp_auth_key_match(IMP_SLICE("hub.docker.io"), &hub), 0);
	assert_int_equal(imp_auth_key_match(IMP_SLICE("docker.io/other"), &hub), 0);
}

CASE(longer_namespaces_before_hosts)
{
	static const char *const order[] = {
		"https://reg.example:5000/v2/",
		"reg.example:5000",
		"reg.example:5000/ns",
		"reg.example:5000/ns/app",
	};
	for (size_t i = 1; i < 4; i++)
		assert_true(imp_auth_key_match(imp_slice_of(order[i]), &plain) >
			    imp_auth_key_match(imp_slice_of(order[i - 1]), &plain));
}

CASE(names_for_helpers)
{
	assert_string_equal(imp_credentials_server(&hub), "https://index.docker.io/v1/");
	assert_string_equal(imp_credentials_server(&plain), "reg.example:5000");
}

CASE(password_with_colons)
{
	/* me:a:b:c */
	check_found(&plain,
		    "{\"auths\":{\"reg.example:5000\":{\"auth\":\"bWU6YTpiOmM=\"}}}",
		    "me", "a:b:c");
}

CASE(password_followed_by_nuls)
{
	/* me:pw\0\0 */
	check_found(&plain,
		    "{\"auths\":{\"reg.example:5000\":{\"auth\":\"bWU6cHcAAA==\"}}}",
		    "me", "pw");
}

CASE(user_and_password_in_clear)
{
	check_found(&plain,
		    "{\"auths\":{\"reg.example:5000\":{\"username\":\"me\","
		    "\"password\":\"pw\"}}}",
		    "me", "pw");
}

CASE(best_key_wins_whatever_the_order)
{
	check_found(&plain,
		    "{\"auths\":{\"reg.example:5000/ns\":{\"auth\":\"bWU6cHc=\"},"
		    "\"reg.example:5000\":{\"auth\":\"eDp5\"},"
		    "\"reg.example:5000/other\":{\"auth\":\"eDp5\"}}}",
		    "me", "pw");
}

CASE(tokens)
{
	struct imp_credentials found = {0};
	size_t notes;
	assert_int_equal(find(&plain,
			      "{\"auths\":{\"reg.example:5000\":{\"identitytoken\":\"i\","
			      "\"registrytoken\":\"r\"}}}",
			      false, false, &found, &notes),
			 0);
	assert_string_equal(found.identity_token, "i");
	assert_string_equal(found.registry_token, "r");
	assert_null(found.password);
	imp_credentials_finish(&found);
}

CASE(empty_entry_is_a_marker)
{
	check_none(&plain, "{\"auths\":{\"reg.example:5000\":{}}}", 0);
	check_none(&plain, "{\"auths\":{\"reg.example:5000\":null}}", 0);
	check_none(&plain, "{\"auths\":null}", 0);
	check_none(&plain, "{}", 0);
}

CASE(unreadable_entry_is_told)
{
	check_none(&plain, "{\"auths\":{\"reg.example:5000\":{\"auth\":\"c2VjcmV0!\"}}}",
		   1);
	/* no colon inside */
	check_none(&plain, "{\"auths\":{\"reg.example:5000\":{\"auth\":\"c2VjcmV0\"}}}",
		   1);
	/* a NUL in the middle */
	check_none(&plain, "{\"auths\":{\"reg.example:5000\":{\"auth\":\"bWU6cAB3\"}}}",
		   1);
}

CASE(unreadable_entry_of_another_is_not)
{
	check_none(&plain, "{\"auths\":{\"other\":{\"auth\":\"c2VjcmV0!\"}}}", 0);
}

CASE(old_file_is_the_map_itself)
{
	struct imp_credentials found = {0};
	size_t notes;
	assert_int_equal(find(&plain, "{\"reg.example:5000\":{\"auth\":\"bWU6cHc=\"}}",
			      true, false, &found, &notes),
			 0);
	assert_string_equal(found.password, "pw");
	imp_credentials_finish(&found);
}

CASE(inline_document_has_auth_only)
{
	struct imp_credentials found = {0};
	size_t notes;
	assert_int_equal(find(&plain,
			      "{\"credsStore\":\"x\",\"auths\":{\"reg.example:5000\":"
			      "{\"username\":\"me\",\"password\":\"pw\"}}}",
			      false, true, &found, &notes),
			 1);
	assert_int_equal(notes, 0);
}

CASE(no_json_is_not_quoted)
{
	struct imp_credentials found = {0};
	size_t notes;
	assert_int_equal(find(&plain, "{\"auths\": \"c2VjcmV0\" c2VjcmV0", false, false,
			      &found, &notes),
			 IMP_E_FORMAT);
	assert_int_equal(find(&plain, "[]", false, false, &found, &notes), IMP_E_FORMAT);
}

static void check_helper_name(const char *suffix, const char *note)
{
	struct imp_error err = {0};
	struct imp_notes notes;
	struct imp_credentials found = {0};
	imp_notes_start(&notes, &context);
	assert_int_equal(
		imp_helper_get(&context, imp_slice_of(suffix), "s", &notes, &found, &err),
		1);
	assert_int_equal(imp_warnings_count(notes.list), 1);
	if (!strstr(imp_warnings_get(notes.list, 0)->message, note))
		fail_msg("%s: %s", suffix, imp_warnings_get(notes.list, 0)->message);
	imp_notes_finish(&notes);
}

CASE(helper_names)
{
	static const char *const invalid[] = {
		"../x", "a/b", "/bin/sh", "-x", ".x", "a b", "a;b", "$(x)", "a\nb", "",
	};
	for (size_t i = 0; i < sizeof(invalid) / sizeof(*invalid); i++)
		check_helper_name(invalid[i], "invalid name");
	check_helper_name("osxkeychain", "docker-credential-osxkeychain is not on PATH");
	check_helper_name("ecr-login", "docker-credential-ecr-login is not on PATH");
}

/* Where a client asks, and whether in clear. */

static bool asks_https(const char *domain, bool plain_http)
{
	struct imp_error err = {0};
	struct imp_client client;
	struct imp_reference reference = {.domain = domain, .path = "r"};
	struct imp_source_options options = {.plain_http = plain_http};
	assert_ok(imp_client_start(&client, &context, &reference, &options, &err), &err);
	bool https = client.base.https;
	imp_client_finish(&client);
	return https;
}

CASE(plain_http_is_for_the_loopback)
{
	static const struct {
		const char *domain;
		bool https;
	} cases[] = {
		{"localhost:5000", false},
		{"localhost", false},
		{"127.0.0.1:5000", false},
		{"127.9.9.9", false},
		{"[::1]:5000", false},
		{"10.0.0.1:5000", true},
		{"192.168.1.1:5000", true},
		{"0.0.0.0:5000", true},
		{"registry.example", true},
		{"registry.example:80", true},
		{"localhost.example:5000", true},
		{"docker.io", true},
		{"[::ffff:10.0.0.1]", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (asks_https(cases[i].domain, false) != cases[i].https)
			fail_msg("%s", cases[i].domain);
		assert_false(asks_https(cases[i].domain, true));
	}
}

static int check_url(const char *text, const char *coming_from, bool plain_http,
		     struct imp_error *err)
{
	struct imp_client client;
	struct imp_source_options options = {.plain_http = plain_http};
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_url_finish) struct imp_url from = {0};
	assert_ok(imp_client_start(&client, &context, &plain, &options, err), err);
	assert_ok(imp_url_parse(text, NULL, &url, err), err);
	assert_ok(imp_url_parse(coming_from, NULL, &from, err), err);
	int rc = imp_client_check_url(&client, &url, &from, err);
	imp_client_finish(&client);
	return rc;
}

CASE(never_from_https_to_http)
{
	struct imp_error err = {0};
	assert_fails(check_url("http://h/x?CANARY", "https://h/", false, &err),
		     IMP_E_NETWORK, "from https to http://h/x", &err);
	assert_null(strstr(err.message, "CANARY"));
	assert_fails(check_url("http://127.0.0.1/", "https://h/", false, &err),
		     IMP_E_NETWORK, "from https to", &err);
	assert_fails(check_url("http://h/", "https://h/", true, &err), IMP_E_NETWORK,
		     "from https to", &err);
}

CASE(http_to_others_needs_the_flag)
{
	struct imp_error err = {0};
	assert_fails(check_url("http://h/", "http://127.0.0.1/", false, &err),
		     IMP_E_NETWORK, "plain http to http://h/", &err);
	assert_non_null(strstr(err.hint, "--plain-http"));
	assert_ok(check_url("http://h/", "http://127.0.0.1/", true, &err), &err);
	assert_ok(check_url("http://127.0.0.1:9/", "http://127.0.0.1/", false, &err),
		  &err);
	assert_ok(check_url("https://h/", "http://127.0.0.1/", false, &err), &err);
	assert_ok(check_url("https://other/", "https://h/", false, &err), &err);
}
