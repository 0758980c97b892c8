/* The WWW-Authenticate header, and what a token server is asked and answers. */
#include "case.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

#include "../../../src/source/registry/auth_priv.h"

__attribute__((constructor)) static void start(void)
{
	imp_json_init();
}

/* A copy without a NUL behind it, so that reading past the end shows. */
static struct imp_challenge parse(const char *value)
{
	struct imp_challenge challenge = {0};
	size_t len = strlen(value);
	char *copy = malloc(len ? len : 1);
	for (size_t i = 0; i < len; i++)
		copy[i] = value[i];
	imp_challenge_parse(imp_slice(copy, len), &challenge);
	free(copy);
	return challenge;
}

static void check(const char *value, enum imp_auth_scheme scheme, const char *realm,
		  const char *service, const char *scope)
{
	struct imp_challenge challenge = parse(value);
	assert_int_equal(challenge.scheme, scheme);
	if (realm)
		assert_string_equal(challenge.realm, realm);
	else
		assert_null(challenge.realm);
	if (service)
		assert_string_equal(challenge.service, service);
	else
		assert_null(challenge.service);
	if (scope)
		assert_string_equal(challenge.scope, scope);
	else
		assert_null(challenge.scope);
	imp_challenge_finish(&challenge);
}

CASE(any_case_order_and_spaces)
{
	check("bearer  Realm=\"https://h/t?x=1\" , SCOPE=\"repository:a/b:pull\",service=s",
	      IMP_AUTH_BEARER, "https://h/t?x=1", "s", "repository:a/b:pull");
}

CASE(commas_inside_quotes)
{
	check("Bearer realm=\"r\",scope=\"repository:a:pull,push\"", IMP_AUTH_BEARER, "r",
	      NULL, "repository:a:pull,push");
}

CASE(escaped_quotes)
{
	check("Basic realm=\"a \\\"b\\\" \\\\ c\"", IMP_AUTH_BASIC, "a \"b\" \\ c", NULL,
	      NULL);
}

CASE(bearer_before_basic_before_others)
{
	check("Basic realm=\"b\", Bearer realm=\"t\"", IMP_AUTH_BEARER, "t", NULL, NULL);
	check("Bearer realm=\"t\", Basic realm=\"b\"", IMP_AUTH_BEARER, "t", NULL, NULL);
	check("Negotiate, Basic realm=\"b\"", IMP_AUTH_BASIC, "b", NULL, NULL);
	check("Negotiate YII==, Basic realm=\"b\"", IMP_AUTH_BASIC, "b", NULL, NULL);
	check("Digest realm=\"d\", nonce=\"n\"", IMP_AUTH_NONE, NULL, NULL, NULL);
}

CASE(several_headers)
{
	struct imp_challenge challenge = {0};
	imp_challenge_parse(IMP_SLICE("Basic realm=\"b\""), &challenge);
	imp_challenge_parse(IMP_SLICE("Negotiate"), &challenge);
	imp_challenge_parse(IMP_SLICE("Bearer realm=\"t\""), &challenge);
	imp_challenge_parse(IMP_SLICE("Bearer realm=\"second\""), &challenge);
	assert_int_equal(challenge.scheme, IMP_AUTH_BEARER);
	assert_string_equal(challenge.realm, "t");
	imp_challenge_finish(&challenge);
}

CASE(bearer_without_a_realm_is_none)
{
	check("Bearer service=\"s\"", IMP_AUTH_NONE, NULL, NULL, NULL);
	check("Bearer service=\"s\", Basic realm=\"b\"", IMP_AUTH_BASIC, "b", NULL, NULL);
}

CASE(basic_without_a_realm_will_do)
{
	check("Basic", IMP_AUTH_BASIC, NULL, NULL, NULL);
}

CASE(first_of_two_equal_keys)
{
	check("Bearer realm=\"a\",realm=\"b\"", IMP_AUTH_BEARER, "a", NULL, NULL);
}

CASE(junk_between)
{
	check("", IMP_AUTH_NONE, NULL, NULL, NULL);
	check(",,,", IMP_AUTH_NONE, NULL, NULL, NULL);
	check("=", IMP_AUTH_NONE, NULL, NULL, NULL);
	check("\"\"\"", IMP_AUTH_NONE, NULL, NULL, NULL);
	check("Bearer realm=", IMP_AUTH_BEARER, "", NULL, NULL);
	check("Bearer realm=\"unclosed", IMP_AUTH_BEARER, "unclosed", NULL, NULL);
	check("Bearer realm=\"a\\", IMP_AUTH_BEARER, "a\\", NULL, NULL);
	check("(junk) x, Basic realm=b", IMP_AUTH_BASIC, "b", NULL, NULL);
}

CASE(nul_inside_a_value)
{
	struct imp_challenge challenge = {0};
	imp_challenge_parse(IMP_SLICE("Bearer realm=\"a\0b\""), &challenge);
	assert_int_equal(challenge.scheme, IMP_AUTH_NONE);
	imp_challenge_finish(&challenge);
}

/* Tokens. */

static int parse_token(const char *body, char **token, uint64_t *lifetime_s,
		       struct imp_error *err)
{
	return imp_token_parse(imp_slice_of(body), &imp_limits_default, token, lifetime_s,
			       err);
}

static void check_token(const char *body, const char *expected, uint64_t expected_s)
{
	struct imp_error err = {0};
	imp_auto_free char *token = NULL;
	uint64_t lifetime_s = 0;
	assert_ok(parse_token(body, &token, &lifetime_s, &err), &err);
	assert_string_equal(token, expected);
	assert_int_equal(lifetime_s, expected_s);
}

static void check_no_token(const char *body, const char *part)
{
	struct imp_error err = {0};
	char *token = NULL;
	uint64_t lifetime_s;
	assert_fails(parse_token(body, &token, &lifetime_s, &err), IMP_E_NETWORK, part,
		     &err);
	assert_null(strstr(err.message, "s3cret"));
}

CASE(token_under_both_names)
{
	check_token("{\"token\":\"a\",\"expires_in\":300}", "a", 300);
	check_token("{\"access_token\":\"b\",\"expires_in\":300}", "b", 300);
	check_token("{\"token\":\"a\",\"access_token\":\"b\"}", "a", 60);
	check_token("{\"token\":\"\",\"access_token\":\"b\"}", "b", 60);
}

CASE(token_lives_a_minute_at_least_and_a_day_at_most)
{
	check_token("{\"token\":\"a\"}", "a", 60);
	check_token("{\"token\":\"a\",\"expires_in\":0}", "a", 60);
	check_token("{\"token\":\"a\",\"expires_in\":-5}", "a", 60);
	check_token("{\"token\":\"a\",\"expires_in\":\"300\"}", "a", 60);
	check_token("{\"token\":\"a\",\"expires_in\":9007199254740992}", "a", 86400);
}

CASE(token_that_a_header_cannot_carry)
{
	check_no_token("{\"token\":\"s3cret\\r\\nX: y\"}", "no token");
	check_no_token("{\"token\":\"s3cret x\"}", "no token");
	check_no_token("{\"token\":\"s3cret\\u00e9\"}", "no token");
	check_no_token("{\"token\":17}", "no token");
	check_no_token("{}", "no token");
	check_no_token("[]", "no token");
}

CASE(token_answer_is_never_quoted)
{
	check_no_token("{\"token\":\"s3cret\" s3cret}", "not JSON");
	check_no_token("s3cret", "not JSON");
}

static void check_query(struct imp_challenge challenge, const char *account,
			const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf url = {0};
	imp_token_query(&challenge, "a/b", account, &url);
	assert_string_equal(url.data, expected);
}

static char realm[] = "https://h/t", realm_with_query[] = "https://h/t?x=1";
static char service[] = "s p", same_scope[] = "repository:a/b:pull", wider[] = "aws";

CASE(token_query)
{
	check_query((struct imp_challenge){.realm = realm}, NULL,
		    "https://h/t?scope=repository%3Aa%2Fb%3Apull");
	check_query((struct imp_challenge){.realm = realm_with_query,
					   .service = service,
					   .scope = same_scope},
		    NULL,
		    "https://h/t?x=1&service=s%20p&scope=repository%3Aa%2Fb%3Apull");
}

CASE(token_query_names_the_wider_scope_first)
{
	check_query((struct imp_challenge){.realm = realm, .scope = wider}, "me&you",
		    "https://h/t?scope=aws&scope=repository%3Aa%2Fb%3Apull"
		    "&account=me%26you");
}
