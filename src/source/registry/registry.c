#include "../source_priv.h"

#include <stdlib.h>
#include <string.h>

#include "blob_priv.h"
#include "client_priv.h"
#include "tags_priv.h"

struct registry {
	struct imp_source base;
	struct imp_client client;
};

static struct imp_client *client_of(struct imp_source *source)
{
	return &((struct registry *)source)->client;
}

static int get_document(struct imp_client *client, const char *endpoint, const char *what,
			const char *missing, uint64_t limit_bytes, const char *limit_name,
			struct imp_answer *answer, struct imp_error *err)
{
	const struct imp_limits *limits = client->context->limits;
	imp_auto(imp_url_finish) struct imp_url url = {0};
	int rc = imp_client_url(client, endpoint, &url, err);
	if (rc < 0)
		return imp_wrap(err, "%s", what);
	struct imp_exchange exchange = {
		.what = what,
		.missing = missing,
		.url = &url,
		.accept = IMP_ACCEPT_MANIFESTS,
		.registry = true,
		.timeout_s = limits->small_request_timeout_s,
		.redirects = limits->redirects,
	};
	rc = imp_client_get(client, &exchange, limit_bytes, limit_name, answer, err);
	if (rc < 0)
		return rc;
	if (answer->status != 200)
		return imp_answer_fail(client, &exchange, answer, err);
	if (imp_slice_is(imp_strbuf_slice(&answer->content_type), "text/html"))
		return imp_fail(err, IMP_E_NETWORK,
				"%s: not a registry's answer (text/html from %s)", what,
				answer->server.data);
	return 0;
}

/* Documents that a digest names. */
static int fetch(void *user, enum imp_fetch_kind kind,
		 const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		 struct imp_strbuf *body, struct imp_error *err)
{
	struct imp_client *client = user;
	static const char *const limit_names[] = {
		[IMP_FETCH_MANIFEST] = "manifest-bytes",
		[IMP_FETCH_CONFIG] = "config-bytes",
		[IMP_FETCH_STATEMENT] = "provenance-bytes",
	};
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	char digest[IMP_DIGEST_TEXT];
	imp_digest_text(&descriptor->digest, digest);
	imp_strbuf_printf(&endpoint, "%s/%s",
			  kind == IMP_FETCH_MANIFEST ? "manifests" : "blobs", digest);
	imp_strbuf_printf(&what, "%s %.19s", imp_fetch_word(kind), digest);
	int rc = get_document(client, endpoint.data, what.data,
			      "the registry does not have it", limit_bytes,
			      limit_names[kind], &answer, err);
	if (rc == 0)
		imp_strbuf_add_slice(body, imp_strbuf_slice(&answer.body));
	return rc;
}

static void check_digest_header(struct imp_client *client,
				const struct imp_answer *answer)
{
	struct imp_digest said;
	struct imp_digest found;
	struct imp_error ignored = {0};
	if (answer->digest.len == 0)
		return;
	int rc = imp_digest_parse(imp_strbuf_slice(&answer->digest), &said, &ignored);
	if (rc == 0)
		imp_digest_of(said.algorithm, imp_strbuf_slice(&answer->body), &found);
	if (rc < 0 || !imp_digest_equal(&said, &found))
		imp_notes_add(&client->notes, "digest-header",
			      "%s: the registry gives its manifest another digest than "
			      "the bytes have",
			      client->reference->domain);
}

/* What a digest asked for must fit; a tag may name anything. */
static int check_root(struct imp_client *client, const struct imp_answer *answer,
		      const char *name, struct imp_error *err)
{
	const struct imp_digest *wanted = &client->reference->digest;
	struct imp_digest found;
	char text[IMP_DIGEST_TEXT];
	if (wanted->algorithm == IMP_DIGEST_NONE) {
		check_digest_header(client, answer);
		return 0;
	}
	imp_digest_of(wanted->algorithm, imp_strbuf_slice(&answer->body), &found);
	if (imp_digest_equal(wanted, &found))
		return 0;
	return imp_fail(err, IMP_E_INTEGRITY, "%s: the manifest sent has the digest %s",
			name, imp_digest_text(&found, text));
}

static int get_root(struct imp_client *client, const char *name,
		    struct imp_answer *answer, struct imp_error *err)
{
	const struct imp_reference *reference = client->reference;
	bool by_digest = reference->digest.algorithm != IMP_DIGEST_NONE;
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	char digest[IMP_DIGEST_TEXT];
	imp_strbuf_printf(&endpoint, "manifests/%s",
			  by_digest ? imp_digest_text(&reference->digest, digest)
				    : reference->tag);
	int rc = get_document(
		client, endpoint.data, name, by_digest ? "no such image" : "no such tag",
		client->context->limits->manifest_bytes, "manifest-bytes", answer, err);
	if (rc == IMP_E_NOT_FOUND && !by_digest)
		imp_tags_hint(client, err);
	if (rc < 0)
		return rc;
	return check_root(client, answer, name, err);
}

static int registry_resolve(struct imp_source *source,
			    const struct imp_platform_choice *choice,
			    const struct imp_layer_sink *sink, struct imp_arena *arena,
			    struct imp_warnings *warnings, struct imp_resolution *out,
			    struct imp_error *err)
{
	(void)sink;
	struct imp_client *client = client_of(source);
	const struct imp_reference *reference = client->reference;
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	const char *name = imp_reference_text(reference, arena);
	int rc = get_root(client, name, &answer, err);
	if (rc == 0) {
		struct imp_fetcher fetcher = {.fetch = fetch, .user = client};
		struct imp_selection selection = {
			.context = client->context,
			.fetcher = &fetcher,
			.choice = choice,
			.arena = arena,
			.warnings = warnings,
			.reference = name,
			.root_digest = reference->digest.algorithm == IMP_DIGEST_NONE
					       ? NULL
					       : &reference->digest,
		};
		struct imp_resolution found = {0};
		rc = imp_select_images(&selection, imp_strbuf_slice(&answer.body),
				       answer.content_type.len ? answer.content_type.data
							       : "",
				       &found.images, &found.image_count, err);
		if (rc == 0)
			*out = found;
		else
			imp_wrap(err, "%s", name);
	}
	imp_notes_take(&client->notes, warnings);
	return rc;
}

/* From the places that the descriptor of a foreign layer names, without credentials. */
static int open_foreign(struct imp_client *client, const struct imp_descriptor *blob,
			const char *what, struct imp_stream **out, struct imp_error *err)
{
	int rc = IMP_E_NOT_FOUND;
	for (size_t i = 0; i < blob->url_count; i++) {
		imp_auto_free char *text = imp_copy_text(blob->urls[i]);
		imp_auto(imp_url_finish) struct imp_url url = {0};
		rc = imp_url_parse(text, NULL, &url, err);
		if (rc == 0)
			rc = imp_client_check_url(client, &url, NULL, err);
		if (rc < 0)
			imp_wrap(err, "%s", what);
		else
			rc = imp_blob_open(client, &url, false, blob->size_bytes, what,
					   out, err);
		if (rc == 0 || rc == IMP_E_CANCELLED)
			return rc;
	}
	return rc;
}

static int registry_open_layer(struct imp_source *source, const struct imp_image *image,
			       size_t layer, struct imp_stream **out,
			       struct imp_error *err)
{
	struct imp_client *client = client_of(source);
	const struct imp_descriptor *blob = &image->layers[layer].blob;
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	char digest[IMP_DIGEST_TEXT];
	imp_digest_text(&blob->digest, digest);
	imp_strbuf_printf(&endpoint, "blobs/%s", digest);
	imp_strbuf_printf(&what, "layer %zu (%.19s)", layer, digest);
	int rc = imp_client_url(client, endpoint.data, &url, err);
	if (rc < 0)
		return rc;
	struct imp_error local = {0};
	rc = imp_blob_open(client, &url, true, blob->size_bytes, what.data, out, &local);
	if (rc == IMP_E_NOT_FOUND && blob->foreign && client->options.foreign &&
	    blob->url_count)
		rc = open_foreign(client, blob, what.data, out, &local);
	if (rc < 0)
		*err = local;
	return rc;
}

static int registry_fetch(struct imp_source *source, enum imp_fetch_kind kind,
			  const struct imp_descriptor *descriptor, uint64_t limit_bytes,
			  struct imp_strbuf *body, struct imp_error *err)
{
	return fetch(client_of(source), kind, descriptor, limit_bytes, body, err);
}

static void registry_destroy(struct imp_source *source)
{
	imp_client_finish(client_of(source));
	free(source);
}

int imp_registry_source_create(const struct imp_context *context,
			       const struct imp_location *location,
			       const struct imp_source_options *options,
			       struct imp_source **out, struct imp_error *err)
{
	static const struct imp_source_ops ops = {
		.resolve = registry_resolve,
		.open_layer = registry_open_layer,
		.fetch = registry_fetch,
		.destroy = registry_destroy,
	};
	struct registry *registry = imp_xcalloc(1, sizeof(*registry));
	int rc = imp_client_start(&registry->client, context, &location->reference,
				  options, err);
	if (rc < 0) {
		free(registry);
		return rc;
	}
	registry->base.ops = &ops;
	registry->base.context = context;
	*out = &registry->base;
	return 0;
}
