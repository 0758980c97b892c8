#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/json.h"

#include "auth_priv.h"
#include "client_priv.h"

#define CLIENT_ID "imgprof"

enum {
	LEAST_LIFETIME_S = 60, /* of a token, also when the server does not say */
	MOST_LIFETIME_S = 86400,
	RENEW_EARLY_S = 5,
	REALM_REDIRECTS = 1,
};

static void add_parameter(struct imp_strbuf *out, char separator, const char *name,
			  const char *value)
{
	char *escaped = curl_easy_escape(NULL, value, 0);
	if (!escaped)
		imp_die_of_memory(strlen(value));
	imp_strbuf_printf(out, "%c%s=%s", separator, name, escaped);
	explicit_bzero(escaped, strlen(escaped));
	curl_free(escaped);
}

static char *default_scope(const char *repository)
{
	struct imp_strbuf scope = {0};
	imp_strbuf_printf(&scope, "repository:%s:pull", repository);
	return imp_strbuf_steal(&scope);
}

void imp_token_query(const struct imp_challenge *challenge, const char *repository,
		     const char *account, struct imp_strbuf *out)
{
	imp_auto_free char *scope = default_scope(repository);
	imp_strbuf_add_text(out, challenge->realm);
	char separator = strchr(challenge->realm, '?') ? '&' : '?';
	if (challenge->service) {
		add_parameter(out, separator, "service", challenge->service);
		separator = '&';
	}
	/* Some servers look at the first scope only. */
	if (challenge->scope && strcmp(challenge->scope, scope) != 0) {
		add_parameter(out, separator, "scope", challenge->scope);
		separator = '&';
	}
	add_parameter(out, separator, "scope", scope);
	if (account)
		add_parameter(out, '&', "account", account);
}

/* What a header can carry. */
static bool is_token_text(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return text.len > 0;
}

int imp_token_parse(struct imp_slice body, const struct imp_limits *limits, char **token,
		    uint64_t *lifetime_s, struct imp_error *err)
{
	imp_auto_json json_t *answer = NULL;
	struct imp_error quoting = {0};
	if (imp_json_parse(body, limits, "token", &answer, &quoting) < 0)
		return imp_fail(err, IMP_E_NETWORK, "its answer is not JSON");
	struct imp_slice text = imp_json_get_string(answer, "token");
	if (text.len == 0)
		text = imp_json_get_string(answer, "access_token");
	if (!is_token_text(text))
		return imp_fail(err, IMP_E_NETWORK, "its answer has no token");
	uint64_t seconds = 0;
	imp_json_get_u64(answer, "expires_in", &seconds);
	*lifetime_s = seconds < LEAST_LIFETIME_S  ? LEAST_LIFETIME_S
		      : seconds > MOST_LIFETIME_S ? MOST_LIFETIME_S
						  : seconds;
	*token = imp_copy_text(text);
	return 0;
}

/* 0 when the answer holds a token. */
static int take_token(struct imp_client *client, const struct imp_exchange *exchange,
		      const struct imp_answer *answer, char **token, int64_t *expires_ns,
		      struct imp_error *err)
{
	uint64_t lifetime_s = 0;
	if (answer->status != 200) {
		/* It is not the image that is not found. */
		if (imp_answer_fail(client, exchange, answer, err) == IMP_E_NOT_FOUND)
			err->category = IMP_E_NETWORK;
		return err->category;
	}
	int rc = imp_token_parse(imp_strbuf_slice(&answer->body), client->context->limits,
				 token, &lifetime_s, err);
	if (rc < 0)
		return imp_wrap(err, "%s", exchange->what);
	*expires_ns = imp_monotonic_ns() +
		      (int64_t)(lifetime_s - RENEW_EARLY_S) * INT64_C(1000000000);
	return 0;
}

static int ask(struct imp_client *client, const char *text, const char *authorization,
	       const char *form, struct imp_answer *answer, char **token,
	       int64_t *expires_ns, struct imp_error *err)
{
	const struct imp_limits *limits = client->context->limits;
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	imp_strbuf_printf(&what, "token server of %s", client->reference->domain);
	int rc = imp_url_parse(text, NULL, &url, err);
	if (rc == 0)
		rc = imp_client_check_url(client, &url, &client->base, err);
	if (rc < 0)
		return imp_wrap(err, "%s", what.data);
	struct imp_exchange exchange = {
		.what = what.data,
		.missing = "not there",
		.url = &url,
		.accept = "application/json",
		.authorization = authorization,
		.form = form,
		.timeout_s = limits->small_request_timeout_s,
		.redirects = form ? 0 : REALM_REDIRECTS,
	};
	rc = imp_client_get(client, &exchange, limits->token_bytes, "token-bytes", answer,
			    err);
	if (rc < 0)
		return rc;
	return take_token(client, &exchange, answer, token, expires_ns, err);
}

/* The secret that stands for a user by a refresh token. */
static int ask_by_post(struct imp_client *client, const struct imp_challenge *challenge,
		       const struct imp_credentials *credentials, char **token,
		       int64_t *expires_ns, struct imp_error *err)
{
	imp_auto_free char *scope = default_scope(client->reference->path);
	imp_auto(imp_wipe_buffer) struct imp_strbuf form = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf scopes = {0};
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	if (challenge->scope && strcmp(challenge->scope, scope) != 0)
		imp_strbuf_printf(&scopes, "%s ", challenge->scope);
	imp_strbuf_add_text(&scopes, scope);
	imp_strbuf_add_text(&form, "grant_type=refresh_token");
	add_parameter(&form, '&', "refresh_token", credentials->identity_token);
	if (challenge->service)
		add_parameter(&form, '&', "service", challenge->service);
	add_parameter(&form, '&', "scope", scopes.data);
	add_parameter(&form, '&', "client_id", CLIENT_ID);
	int rc = ask(client, challenge->realm, NULL, form.data, &answer, token,
		     expires_ns, err);
	bool unknown = answer.status == 400 || answer.status == 401 ||
		       answer.status == 404 || answer.status == 405;
	return rc < 0 && unknown ? 1 : rc;
}

static int ask_by_get(struct imp_client *client, const struct imp_challenge *challenge,
		      const struct imp_credentials *credentials, char **token,
		      int64_t *expires_ns, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf url = {0};
	imp_auto(imp_wipe_buffer) struct imp_strbuf basic = {0};
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	imp_token_query(challenge, client->reference->path,
			credentials ? credentials->username : NULL, &url);
	if (credentials)
		imp_basic_header(credentials, &basic);
	int rc = ask(client, url.data, credentials ? basic.data : NULL, NULL, &answer,
		     token, expires_ns, err);
	return rc < 0 && (answer.status == 401 || answer.status == 403) ? 1 : rc;
}

int imp_token_fetch(struct imp_client *client, const struct imp_challenge *challenge,
		    const struct imp_credentials *credentials, char **token,
		    int64_t *expires_ns, struct imp_error *err)
{
	struct imp_error local = {0};
	int rc = 1;
	if (!credentials)
		rc = ask_by_get(client, challenge, NULL, token, expires_ns, &local);
	else if (credentials->identity_token)
		rc = ask_by_post(client, challenge, credentials, token, expires_ns,
				 &local);
	if (rc == 1 && credentials && credentials->username && credentials->password)
		rc = ask_by_get(client, challenge, credentials, token, expires_ns,
				&local);
	if (rc < 0)
		*err = local;
	return rc;
}
