#include "auth_priv.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

#include "client_priv.h"

void imp_auth_start(struct imp_auth *auth)
{
	*auth = (struct imp_auth){0};
	pthread_mutex_init(&auth->mutex, NULL);
}

void imp_auth_finish(struct imp_auth *auth)
{
	imp_credentials_finish(&auth->credentials);
	imp_challenge_finish(&auth->challenge);
	imp_wipe_text(auth->header);
	pthread_mutex_destroy(&auth->mutex);
}

void imp_basic_header(const struct imp_credentials *credentials, struct imp_strbuf *out)
{
	imp_auto(imp_wipe_buffer) struct imp_strbuf plain = {0};
	imp_strbuf_printf(&plain, "%s:%s", credentials->username, credentials->password);
	imp_strbuf_add_text(out, "Basic ");
	imp_base64_encode(out, imp_strbuf_slice(&plain));
}

static void set_header(struct imp_auth *auth, const char *scheme, const char *value,
		       int64_t expires_ns)
{
	struct imp_strbuf header = {0};
	imp_strbuf_reserve(&header, strlen(scheme) + strlen(value) + 2);
	imp_strbuf_printf(&header, "%s%s", scheme, value);
	imp_wipe_text(auth->header);
	auth->header = imp_strbuf_steal(&header);
	auth->expires_ns = expires_ns;
	auth->generation++;
}

static int look_up(struct imp_client *client, struct imp_error *err)
{
	struct imp_auth *auth = &client->auth;
	if (auth->looked_up)
		return 0;
	int rc = imp_credentials_find(client->context, client->reference, &client->notes,
				      &auth->credentials, err);
	if (rc < 0)
		return rc;
	auth->looked_up = true;
	if (rc == 0)
		imp_context_log(client->context, 2, "credentials for %s from %s",
				client->reference->domain, auth->credentials.origin);
	return 0;
}

/* 1 when nothing else can be sent. */
static int use_basic(struct imp_auth *auth)
{
	imp_auto(imp_wipe_buffer) struct imp_strbuf value = {0};
	const struct imp_credentials *credentials = &auth->credentials;
	if (!credentials->username || !credentials->password)
		return 1;
	imp_basic_header(credentials, &value);
	if (auth->header && strcmp(auth->header, value.data) == 0)
		return 1;
	set_header(auth, "", value.data, INT64_MAX);
	return 0;
}

static int use_registry_token(struct imp_auth *auth)
{
	if (auth->header)
		return 1;
	set_header(auth, "Bearer ", auth->credentials.registry_token, INT64_MAX);
	return 0;
}

/* Stored credentials that are refused do not keep a public image from being read. */
static int use_token(struct imp_client *client, struct imp_error *err)
{
	struct imp_auth *auth = &client->auth;
	char *token = NULL;
	int64_t expires_ns = 0;
	int rc = 1;
	if (!imp_credentials_empty(&auth->credentials) && !auth->rejected) {
		rc = imp_token_fetch(client, &auth->challenge, &auth->credentials, &token,
				     &expires_ns, err);
		if (rc == 1) {
			auth->rejected = true;
			imp_notes_add(
				&client->notes, "credentials-rejected",
				"the credentials for %s from %s were refused; going on "
				"without",
				client->reference->domain, auth->credentials.origin);
		}
	}
	if (rc == 1)
		rc = imp_token_fetch(client, &auth->challenge, NULL, &token, &expires_ns,
				     err);
	if (rc == 0)
		set_header(auth, "Bearer ", token, expires_ns);
	imp_wipe_text(token);
	return rc;
}

static int renew(struct imp_client *client, struct imp_error *err)
{
	struct imp_auth *auth = &client->auth;
	int rc = look_up(client, err);
	if (rc < 0)
		return rc;
	switch (auth->challenge.scheme) {
	case IMP_AUTH_BASIC:
		return use_basic(auth);
	case IMP_AUTH_BEARER:
		if (auth->credentials.registry_token)
			return use_registry_token(auth);
		return use_token(client, err);
	case IMP_AUTH_NONE:
		break;
	}
	return 1;
}

int imp_auth_header(struct imp_client *client, struct imp_strbuf *value,
		    unsigned *generation, struct imp_error *err)
{
	struct imp_auth *auth = &client->auth;
	int rc = 0;
	pthread_mutex_lock(&auth->mutex);
	if (auth->header && imp_monotonic_ns() >= auth->expires_ns)
		rc = renew(client, err);
	if (rc >= 0 && auth->header)
		imp_strbuf_add_text(value, auth->header);
	*generation = auth->generation;
	pthread_mutex_unlock(&auth->mutex);
	return rc < 0 ? rc : 0;
}

int imp_auth_answer(struct imp_client *client, struct imp_challenge *challenge,
		    unsigned generation, struct imp_error *err)
{
	struct imp_auth *auth = &client->auth;
	if (challenge->scheme == IMP_AUTH_NONE)
		return 1;
	pthread_mutex_lock(&auth->mutex);
	int rc = 0;
	if (generation == auth->generation) { /* else another thread was faster */
		imp_challenge_finish(&auth->challenge);
		auth->challenge = *challenge;
		*challenge = (struct imp_challenge){0};
		rc = renew(client, err);
	}
	pthread_mutex_unlock(&auth->mutex);
	return rc;
}

int imp_auth_hint(struct imp_client *client, struct imp_error *err)
{
	struct imp_auth *auth = &client->auth;
	const char *domain = client->reference->domain;
	pthread_mutex_lock(&auth->mutex);
	if (imp_credentials_empty(&auth->credentials))
		imp_hint(err,
			 "logged in as nobody; run docker login %s or set "
			 "REGISTRY_AUTH_FILE",
			 domain);
	else
		imp_hint(err, "logged in with %s%s", auth->credentials.origin,
			 auth->rejected ? ", which was refused" : "");
	pthread_mutex_unlock(&auth->mutex);
	return err->category;
}
