#include "client_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"

#include "tls_priv.h"

enum { DRAIN_BYTES = 64 << 10 }; /* of a redirect's own body */

static int start_base(struct imp_client *client, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const char *host = imp_reference_host(client->reference);
	imp_strbuf_printf(&text, "http://%s/", host);
	int rc = imp_url_parse(text.data, NULL, &client->base, err);
	if (rc < 0)
		return imp_wrap(err, "registry %s", host);
	if (client->options.plain_http)
		return 0;
	if (imp_address_is_loopback_host(client->base.host) &&
	    !imp_tls_is_configured(client->context, client->reference->domain))
		return 0;
	imp_url_finish(&client->base);
	imp_strbuf_reset(&text);
	imp_strbuf_printf(&text, "https://%s/", host);
	return imp_url_parse(text.data, NULL, &client->base, err);
}

int imp_client_start(struct imp_client *client, const struct imp_context *context,
		     const struct imp_reference *reference,
		     const struct imp_source_options *options, struct imp_error *err)
{
	*client = (struct imp_client){
		.context = context,
		.reference = reference,
	};
	if (options)
		client->options = *options;
	int rc = start_base(client, err);
	if (rc < 0)
		return rc;
	enum imp_address_class class;
	bool literal = imp_address_of_host(client->base.host, &class);
	atomic_init(&client->registry_class, literal ? (int)class : IMP_CLASS_UNKNOWN);
	atomic_init(&client->hold_until_ns, 0);
	imp_lines_start(&client->lines, context);
	imp_notes_start(&client->notes, context);
	imp_auth_start(&client->auth);
	return 0;
}

void imp_client_finish(struct imp_client *client)
{
	imp_auth_finish(&client->auth);
	imp_notes_finish(&client->notes);
	imp_lines_finish(&client->lines);
	imp_url_finish(&client->base);
}

int imp_client_url(const struct imp_client *client, const char *endpoint,
		   struct imp_url *out, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_strbuf_printf(&path, "/v2/%s/%s", client->reference->path, endpoint);
	return imp_url_parse(path.data, &client->base, out, err);
}

int imp_client_check_url(const struct imp_client *client, const struct imp_url *url,
			 const struct imp_url *coming_from, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};
	imp_url_show(url, &shown);
	if (!url->https && coming_from && coming_from->https)
		return imp_fail(err, IMP_E_NETWORK, "refused: from https to %s",
				shown.data);
	if (!url->https && !client->options.plain_http &&
	    !imp_address_is_loopback_host(url->host)) {
		imp_fail(err, IMP_E_NETWORK, "refused: plain http to %s", shown.data);
		return imp_hint(err, "--plain-http allows it");
	}
	return 0;
}

/* One attempt: the requests from the first to the one whose answer is not a redirect. */
struct attempt {
	struct imp_client *client;
	const struct imp_exchange *exchange;
	struct imp_url url;
	bool left; /* the origin of the exchange: no credential follows */
	uint32_t redirects;
	uint32_t rounds; /* of authentication */
	unsigned generation;
};

static void attempt_finish(struct attempt *attempt)
{
	imp_url_finish(&attempt->url);
}

static int wait_for_hold(struct imp_client *client, struct imp_error *err)
{
	int64_t left_ns = atomic_load(&client->hold_until_ns) - imp_monotonic_ns();
	if (left_ns <= 0)
		return 0;
	uint64_t wait_ms = (uint64_t)left_ns / 1000000 + 1;
	imp_context_log(client->context, 1,
			"%s: asked for patience, waiting %" PRIu64 ".%" PRIu64 " s",
			client->reference->domain, wait_ms / 1000, wait_ms % 1000 / 100);
	return imp_pause_ms(client->context, wait_ms, err);
}

static void log_answer(const struct attempt *attempt, long status)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};
	const char *method = attempt->exchange->form   ? "POST"
			     : attempt->exchange->head ? "HEAD"
						       : "GET";
	imp_url_show(&attempt->url, &shown);
	imp_context_log(attempt->client->context, 2, "%s %s: %ld", method, shown.data,
			status);
}

/* The name under certs.d: the registry's as the user wrote it. */
static void add_certs_name(const struct attempt *attempt, bool trusted,
			   struct imp_strbuf *name)
{
	if (trusted)
		imp_strbuf_add_text(name, attempt->client->reference->domain);
	else
		imp_url_server(&attempt->url, name);
}

/* A registry with several addresses counts as the outermost of them. */
static void learn_address(struct imp_client *client, const struct imp_transfer *transfer)
{
	enum imp_address_class class;
	if (!imp_transfer_address(transfer, &class))
		return;
	int known = atomic_load(&client->registry_class);
	while ((known == IMP_CLASS_UNKNOWN || (int)class < known) &&
	       !atomic_compare_exchange_weak(&client->registry_class, &known, (int)class))
		;
}

static int send_request(struct attempt *attempt, struct imp_transfer **out,
			enum imp_failure *failure, struct imp_error *err)
{
	struct imp_client *client = attempt->client;
	const struct imp_exchange *exchange = attempt->exchange;
	imp_auto(imp_wipe_buffer) struct imp_strbuf authorization = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf certs = {0};
	bool trusted = imp_url_same_server(&attempt->url, &client->base);
	int from = atomic_load(&client->registry_class);
	int rc = 0;
	*failure = IMP_FAILURE_FINAL;
	if (!attempt->left && exchange->registry)
		rc = imp_auth_header(client, &authorization, &attempt->generation, err);
	else if (!attempt->left && exchange->authorization)
		imp_strbuf_add_text(&authorization, exchange->authorization);
	if (rc == 0 && trusted)
		rc = wait_for_hold(client, err);
	if (rc < 0)
		return rc;
	add_certs_name(attempt, trusted, &certs);
	struct imp_transfer_request request = {
		.url = &attempt->url,
		.certs_name = certs.data,
		.accept = exchange->accept,
		.authorization = authorization.len ? authorization.data : NULL,
		.form = exchange->form,
		.head = exchange->head,
		.offset = exchange->offset,
		.timeout_s = exchange->timeout_s,
		.trusted = trusted,
		.from = from == IMP_CLASS_UNKNOWN ? IMP_ADDRESS_PUBLIC
						  : (enum imp_address_class)from,
	};
	rc = imp_transfer_open(&client->lines, &request, out, failure, err);
	if (rc < 0)
		return rc;
	log_answer(attempt, imp_transfer_status(*out));
	if (trusted)
		learn_address(client, *out);
	return 0;
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 ||
	       status == 308;
}

static int check_redirect(struct attempt *attempt, const struct imp_url *next,
			  struct imp_error *err)
{
	const struct imp_exchange *exchange = attempt->exchange;
	if (attempt->redirects++ >= exchange->redirects)
		return imp_fail(err, IMP_E_NETWORK, "more than %" PRIu32 " redirects",
				exchange->redirects);
	return imp_client_check_url(attempt->client, next, &attempt->url, err);
}

static int follow(struct attempt *attempt, struct imp_transfer *transfer,
		  struct imp_error *err)
{
	imp_auto(imp_url_finish) struct imp_url next = {0};
	const char *location = imp_transfer_header(transfer, "Location", 0);
	int rc = *location ? imp_url_parse(location, &attempt->url, &next, err)
			   : imp_fail(err, IMP_E_NETWORK, "to nowhere");
	if (rc == 0)
		rc = check_redirect(attempt, &next, err);
	if (rc < 0)
		return imp_wrap(err, "redirect");
	imp_transfer_drain(transfer, DRAIN_BYTES);
	if (!imp_url_same_origin(&next, attempt->exchange->url))
		attempt->left = true;
	imp_url_finish(&attempt->url);
	attempt->url = next;
	next = (struct imp_url){0};
	return 0;
}

static void read_challenge(struct imp_transfer *transfer, struct imp_challenge *challenge)
{
	for (size_t i = 0;; i++) {
		const char *value = imp_transfer_header(transfer, "WWW-Authenticate", i);
		if (!*value)
			return;
		imp_challenge_parse(imp_slice_of(value), challenge);
	}
}

/* Some registries send the challenge only where the API begins. */
static int probe_challenge(struct imp_client *client, struct imp_challenge *challenge,
			   struct imp_error *err)
{
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto_destroy(imp_transfer) struct imp_transfer *transfer = NULL;
	enum imp_failure failure;
	int rc = imp_url_parse("/v2/", &client->base, &url, err);
	if (rc < 0)
		return rc;
	struct imp_exchange exchange = {
		.what = "/v2/",
		.url = &url,
		.timeout_s = client->context->limits->small_request_timeout_s,
	};
	imp_auto(attempt_finish) struct attempt probe = {
		.client = client,
		.exchange = &exchange,
	};
	imp_url_copy(&url, &probe.url);
	rc = send_request(&probe, &transfer, &failure, err);
	if (rc < 0)
		return rc;
	read_challenge(transfer, challenge);
	imp_transfer_drain(transfer, DRAIN_BYTES);
	return 0;
}

/* 0: ask again, with other credentials; 1: the refusal stands. */
static int answer_challenge(struct attempt *attempt, struct imp_transfer *transfer,
			    struct imp_error *err)
{
	struct imp_client *client = attempt->client;
	imp_auto(imp_challenge_finish) struct imp_challenge challenge = {0};
	if (attempt->left || !attempt->exchange->registry ||
	    attempt->rounds++ >= client->context->limits->auth_rounds)
		return 1;
	read_challenge(transfer, &challenge);
	int rc = 0;
	if (challenge.scheme == IMP_AUTH_NONE)
		rc = probe_challenge(client, &challenge, err);
	if (rc == 0)
		rc = imp_auth_answer(client, &challenge, attempt->generation, err);
	if (rc == 0)
		imp_transfer_drain(transfer, DRAIN_BYTES);
	return rc;
}

static void note_warnings(struct imp_client *client, struct imp_transfer *transfer)
{
	for (size_t i = 0;; i++) {
		const char *value = imp_transfer_header(transfer, "Warning", i);
		if (!*value)
			return;
		const char *text = strchr(value, '"');
		const char *end = text ? strrchr(value, '"') : NULL;
		if (strncmp(value, "299 ", 4) == 0 && text && end > text)
			imp_notes_add(&client->notes, "registry-warning", "%s: %.*s",
				      client->reference->domain, (int)(end - text - 1),
				      text + 1);
	}
}

static int attempt_once(struct imp_client *client, const struct imp_exchange *exchange,
			struct imp_transfer **out, enum imp_failure *failure,
			struct imp_error *err)
{
	imp_auto(attempt_finish) struct attempt attempt = {
		.client = client,
		.exchange = exchange,
	};
	imp_url_copy(exchange->url, &attempt.url);
	for (;;) {
		imp_auto_destroy(imp_transfer) struct imp_transfer *transfer = NULL;
		int rc = send_request(&attempt, &transfer, failure, err);
		long status = rc < 0 ? 0 : imp_transfer_status(transfer);
		if (status == 401)
			rc = answer_challenge(&attempt, transfer, err);
		else if (is_redirect(status))
			rc = follow(&attempt, transfer, err);
		else if (rc == 0)
			rc = 1;
		if (rc < 0)
			return imp_wrap(err, "%s", exchange->what);
		if (rc == 1) {
			note_warnings(client, transfer);
			*out = imp_steal(&transfer);
			return 0;
		}
	}
}

static enum imp_failure classify(long status)
{
	switch (status) {
	case 429:
	case 503:
		return IMP_FAILURE_OVERLOAD;
	case 408:
	case 500:
	case 502:
	case 504:
		return IMP_FAILURE_BROKEN;
	default:
		return IMP_FAILURE_FINAL;
	}
}

static void hold(struct imp_client *client, int64_t told_s)
{
	int64_t longest_s = client->context->limits->retry_wait_s;
	int64_t wait_s = told_s < longest_s ? told_s : longest_s;
	int64_t until_ns = imp_monotonic_ns() + wait_s * INT64_C(1000000000);
	int_fast64_t known_ns = atomic_load(&client->hold_until_ns);
	while (known_ns < until_ns &&
	       !atomic_compare_exchange_weak(&client->hold_until_ns, &known_ns, until_ns))
		;
}

/* A status that another attempt may cure, as a failure. */
static int fail_for_now(struct imp_client *client, const struct imp_exchange *exchange,
			struct imp_transfer *transfer, enum imp_failure *failure,
			int64_t *told_s, struct imp_error *err)
{
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	enum imp_failure reading;
	*told_s = imp_retry_after_parse(imp_transfer_header(transfer, "Retry-After", 0),
					client->context->now_ns(client->context->user));
	int rc = imp_answer_read(transfer, client->context->limits->error_body_bytes,
				 &answer, &reading, err);
	if (rc == IMP_E_CANCELLED) {
		*failure = IMP_FAILURE_FINAL;
		return rc;
	}
	if (imp_answer_is_pull_limit(&answer))
		*failure = IMP_FAILURE_FINAL;
	else if (*told_s != IMP_NOT_TOLD && *failure == IMP_FAILURE_OVERLOAD)
		hold(client, *told_s);
	return imp_answer_fail(client, exchange, &answer, err);
}

int imp_client_open(struct imp_client *client, const struct imp_exchange *exchange,
		    struct imp_retry *retry, struct imp_transfer **out,
		    struct imp_error *err)
{
	retry->context = client->context;
	for (;;) {
		imp_auto_destroy(imp_transfer) struct imp_transfer *transfer = NULL;
		struct imp_error local = {0};
		enum imp_failure failure = IMP_FAILURE_FINAL;
		int64_t told_s = IMP_NOT_TOLD;
		int rc = attempt_once(client, exchange, &transfer, &failure, &local);
		if (rc == 0) {
			failure = classify(imp_transfer_status(transfer));
			if (failure == IMP_FAILURE_FINAL) {
				*out = imp_steal(&transfer);
				return 0;
			}
			fail_for_now(client, exchange, transfer, &failure, &told_s,
				     &local);
		}
		rc = exchange->once
			     ? 1
			     : imp_retry_wait(retry, failure, told_s, local.message, err);
		if (rc < 0)
			return rc;
		if (rc == 1) {
			*err = local;
			return local.category;
		}
	}
}

int imp_client_get(struct imp_client *client, const struct imp_exchange *exchange,
		   uint64_t limit_bytes, const char *limit_name,
		   struct imp_answer *answer, struct imp_error *err)
{
	struct imp_retry retry = {0};
	for (;;) {
		imp_auto_destroy(imp_transfer) struct imp_transfer *transfer = NULL;
		struct imp_error local = {0};
		enum imp_failure failure;
		int rc = imp_client_open(client, exchange, &retry, &transfer, err);
		if (rc < 0)
			return rc;
		bool good = imp_transfer_status(transfer) == 200;
		rc = imp_answer_read(transfer,
				     good ? limit_bytes
					  : client->context->limits->error_body_bytes,
				     answer, &failure, &local);
		if (rc == 1 && good)
			return imp_fail(err, IMP_E_LIMIT,
					"%s: resource limit %s: more than %" PRIu64
					" bytes",
					exchange->what, limit_name, limit_bytes);
		if (rc >= 0)
			return 0;
		rc = exchange->once ? 1
				    : imp_retry_wait(&retry, failure, IMP_NOT_TOLD,
						     local.message, err);
		if (rc < 0)
			return rc;
		if (rc == 1) {
			*err = local;
			return local.category;
		}
	}
}
