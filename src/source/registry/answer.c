#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

#include "client_priv.h"

enum { SHOWN_BYTES = 200 }; /* of a server's own words */

void imp_answer_finish(struct imp_answer *answer)
{
	imp_wipe_buffer(&answer->body); /* a token's answer */
	imp_strbuf_finish(&answer->content_type);
	imp_strbuf_finish(&answer->digest);
	imp_strbuf_finish(&answer->link);
	imp_strbuf_finish(&answer->server);
}

static void add_links(struct imp_transfer *transfer, struct imp_strbuf *out)
{
	for (size_t i = 0;; i++) {
		const char *value = imp_transfer_header(transfer, "Link", i);
		if (!*value)
			return;
		imp_strbuf_add_text(out, i ? ", " : "");
		imp_strbuf_add_text(out, value);
	}
}

int imp_answer_read(struct imp_transfer *transfer, uint64_t limit_bytes,
		    struct imp_answer *answer, enum imp_failure *failure,
		    struct imp_error *err)
{
	answer->status = imp_transfer_status(transfer);
	imp_strbuf_reset(&answer->body);
	imp_strbuf_reset(&answer->content_type);
	imp_strbuf_reset(&answer->digest);
	imp_strbuf_reset(&answer->link);
	imp_strbuf_reset(&answer->server);
	imp_transfer_content_type(transfer, &answer->content_type);
	imp_strbuf_add_text(&answer->server, imp_transfer_server(transfer));
	imp_strbuf_add_text(&answer->digest,
			    imp_transfer_header(transfer, "Docker-Content-Digest", 0));
	add_links(transfer, &answer->link);
	for (;;) {
		struct imp_slice bytes;
		int rc = imp_transfer_read(transfer, &bytes, failure, err);
		if (rc != 0)
			return rc < 0 ? rc : 0;
		uint64_t room = limit_bytes - answer->body.len;
		bool more = bytes.len > room;
		imp_strbuf_add(&answer->body, bytes.data,
			       more ? (size_t)room : bytes.len);
		if (more)
			return 1;
	}
}

bool imp_answer_is_pull_limit(const struct imp_answer *answer)
{
	static const char words[] = "pull rate limit";
	return answer->status == 429 && answer->body.len &&
	       memmem(answer->body.data, answer->body.len, words, sizeof(words) - 1);
}

/* The server's words: CODE: message, of the first error; nothing of what is no JSON. */
static void add_words(const struct imp_answer *answer, const struct imp_limits *limits,
		      struct imp_strbuf *out)
{
	struct imp_error ignored = {0};
	imp_auto_json json_t *document = NULL;
	if (imp_json_parse(imp_strbuf_slice(&answer->body), limits, "error", &document,
			   &ignored) < 0) {
		if (answer->content_type.len)
			imp_strbuf_printf(out, ", %s", answer->content_type.data);
		return;
	}
	const json_t *error = json_array_get(imp_json_get_array(document, "errors"), 0);
	struct imp_slice code = imp_json_get_string(error, "code");
	struct imp_slice message = imp_json_get_string(error, "message");
	if (code.len)
		imp_strbuf_printf(out, ": %.*s", (int)(code.len < 40 ? code.len : 40),
				  code.data);
	if (message.len)
		imp_strbuf_printf(
			out, ": %.*s",
			(int)(message.len < SHOWN_BYTES ? message.len : SHOWN_BYTES),
			message.data);
}

static bool body_has(const struct imp_answer *answer, const char *word)
{
	return answer->body.len &&
	       memmem(answer->body.data, answer->body.len, word, strlen(word));
}

/* Not a token server's, and not that of a store that the registry directed to. */
static bool is_registrys(const struct imp_client *client,
			 const struct imp_exchange *exchange,
			 const struct imp_answer *answer)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf own = {0};
	imp_url_server(&client->base, &own);
	return exchange->registry &&
	       imp_slice_equal(imp_strbuf_slice(&own), imp_strbuf_slice(&answer->server));
}

static int fail_by_status(struct imp_client *client, const struct imp_exchange *exchange,
			  const struct imp_answer *answer, const char *source,
			  struct imp_error *err)
{
	const char *what = exchange->what;
	switch (answer->status) {
	case 401:
	case 403:
		imp_fail(err, IMP_E_DENIED, "%s: not found or no access (%s)", what,
			 source);
		return is_registrys(client, exchange, answer) ? imp_auth_hint(client, err)
							      : err->category;
	case 404:
	case 410:
		return imp_fail(err, IMP_E_NOT_FOUND, "%s: %s (%s)", what,
				body_has(answer, "NAME_UNKNOWN") ? "no such repository"
								 : exchange->missing,
				source);
	case 429:
		imp_fail(err, IMP_E_NETWORK, "%s: too many requests (%s)", what, source);
		return imp_hint(err, imp_answer_is_pull_limit(answer)
					     ? "pulls are counted per user: log in, or "
					       "come back in some hours"
					     : "come back in some minutes");
	case 400:
		imp_fail(err, IMP_E_NETWORK, "%s: refused (%s)", what, source);
		if (!client->base.https && body_has(answer, "HTTPS"))
			imp_hint(err,
				 "it speaks https: put its authority's certificate into "
				 "~/.config/containers/certs.d/%s/ca.crt",
				 client->reference->domain);
		return err->category;
	default:
		return imp_fail(err, IMP_E_NETWORK, "%s: unexpected answer (%s)", what,
				source);
	}
}

int imp_answer_fail(struct imp_client *client, const struct imp_exchange *exchange,
		    const struct imp_answer *answer, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf source = {0};
	imp_strbuf_printf(&source, "%ld from %s", answer->status, answer->server.data);
	add_words(answer, client->context->limits, &source);
	return fail_by_status(client, exchange, answer, source.data, err);
}
