/* All of a registry's repository: tags, manifests, configs, referrers. */
#include "../repository_priv.h"

#include <stdlib.h>

#include "client_priv.h"
#include "imgprof/json.h"
#include "pages_priv.h"
#include "tags_priv.h"

enum { PAGE_ROWS = 1000 /* more is refused by some registries */ };

struct registry_repository {
	struct imp_repository base;
	struct imp_client client;
	struct imp_reference reference;
};

static struct imp_client *client_of(struct imp_repository *repository)
{
	return &((struct registry_repository *)repository)->client;
}

struct rows {
	struct imp_arena *arena;
	struct imp_listing *listing;
	const char *key;
	bool tags; /* not names of repositories */
};

/* Nulls and digests among them are passed over. */
static int add_rows(void *user, const json_t *page, struct imp_error *err)
{
	const struct rows *rows = user;
	const json_t *array = imp_json_get_array(page, rows->key);
	(void)err;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);
		struct imp_slice text =
			imp_slice(json_string_value(item), json_string_length(item));
		if (text.len && (!rows->tags || imp_tag_is_valid(text)))
			imp_listing_add(rows->listing, rows->arena, IMP_SLICE(""), text,
					NULL);
	}
	return 0;
}

static int list(struct imp_repository *repository, struct imp_arena *arena,
		struct imp_listing *listing, struct imp_error *err)
{
	struct imp_client *client = client_of(repository);
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	struct rows rows = {arena, listing, "tags", true};
	imp_strbuf_printf(&endpoint, "tags/list?n=%d", PAGE_ROWS);
	imp_strbuf_printf(&what, "tags of %s/%s", client->reference->domain,
			  client->reference->path);
	int rc = imp_client_url(client, endpoint.data, &url, err);
	if (rc < 0)
		return rc;
	return imp_client_pages(client, &url, what.data, add_rows, &rows, &listing->pages,
				NULL, err);
}

static int ask(struct imp_client *client, const char *endpoint, const char *what,
	       bool head, uint64_t limit_bytes, const char *limit_name,
	       struct imp_answer *answer, struct imp_error *err)
{
	const struct imp_limits *limits = client->context->limits;
	imp_auto(imp_url_finish) struct imp_url url = {0};
	int rc = imp_client_url(client, endpoint, &url, err);
	if (rc < 0)
		return imp_wrap(err, "%s", what);
	struct imp_exchange exchange = {
		.what = what,
		.missing = "the registry does not have it",
		.url = &url,
		.accept = IMP_ACCEPT_MANIFESTS,
		.registry = true,
		.head = head,
		.timeout_s = limits->small_request_timeout_s,
		.redirects = limits->redirects,
	};
	rc = imp_client_get(client, &exchange, limit_bytes, limit_name, answer, err);
	if (rc < 0 || answer->status == 200)
		return rc;
	return imp_answer_fail(client, &exchange, answer, err);
}

/* "manifests/TAG"; WHAT: "HOST/PATH:TAG". */
static int ask_tag(struct imp_client *client, const char *tag, bool head,
		   struct imp_answer *answer, struct imp_error *err)
{
	const struct imp_limits *limits = client->context->limits;
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	imp_strbuf_printf(&endpoint, "manifests/%s", tag);
	imp_strbuf_printf(&what, "%s/%s:%s", client->reference->domain,
			  client->reference->path, tag);
	return ask(client, endpoint.data, what.data, head, limits->manifest_bytes,
		   "manifest-bytes", answer, err);
}

static int head(struct imp_repository *repository, const char *tag,
		struct imp_digest *out, struct imp_error *err)
{
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	struct imp_error ignored = {0};
	int rc = ask_tag(client_of(repository), tag, true, &answer, err);
	*out = (struct imp_digest){0};
	if (rc < 0)
		return answer.status == 405 ? 0 : rc;
	imp_digest_parse(imp_strbuf_slice(&answer.digest), out, &ignored);
	return 0;
}

static int tagged(struct imp_repository *repository, const char *tag,
		  struct imp_digest *digest, struct imp_strbuf *body,
		  struct imp_error *err)
{
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	int rc = ask_tag(client_of(repository), tag, false, &answer, err);
	if (rc < 0)
		return rc;
	imp_strbuf_add_slice(body, imp_strbuf_slice(&answer.body));
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(body), digest);
	return 0;
}

static int document(struct imp_repository *repository, enum imp_document_place place,
		    const struct imp_digest *digest, struct imp_strbuf *body,
		    struct imp_error *err)
{
	struct imp_client *client = client_of(repository);
	const struct imp_limits *limits = client->context->limits;
	bool manifest = place == IMP_DOCUMENT_OF_MANIFEST;
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	char text[IMP_DIGEST_TEXT];
	imp_digest_text(digest, text);
	imp_strbuf_printf(&endpoint, "%s/%s", manifest ? "manifests" : "blobs", text);
	imp_strbuf_printf(&what, "%s/%s: %s %.19s", client->reference->domain,
			  client->reference->path, manifest ? "manifest" : "config",
			  text);
	int rc = ask(client, endpoint.data, what.data, false,
		     manifest ? limits->manifest_bytes : limits->config_bytes,
		     manifest ? "manifest-bytes" : "config-bytes", &answer, err);
	if (rc == 0)
		imp_strbuf_add_slice(body, imp_strbuf_slice(&answer.body));
	return rc;
}

static int add_referrers(void *user, const json_t *page, struct imp_error *err)
{
	const struct rows *rows = user;
	const json_t *array = imp_json_get_array(page, "manifests");
	(void)err;
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct imp_error ignored = {0};
		struct imp_digest digest;
		if (imp_digest_parse(
			    imp_json_get_string(json_array_get(array, i), "digest"),
			    &digest, &ignored) == 0)
			imp_listing_add(rows->listing, rows->arena, IMP_SLICE(""),
					IMP_SLICE(""), &digest);
	}
	return 0;
}

static int referrers(struct imp_repository *repository, const struct imp_digest *digest,
		     struct imp_arena *arena, struct imp_listing *listing,
		     struct imp_error *err)
{
	struct imp_client *client = client_of(repository);
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	struct rows rows = {arena, listing, NULL, false};
	char text[IMP_DIGEST_TEXT];
	bool unsupported = false;
	imp_digest_text(digest, text);
	imp_strbuf_printf(&endpoint, "referrers/%s", text);
	imp_strbuf_printf(&what, "%s/%s: referrers of %.19s", client->reference->domain,
			  client->reference->path, text);
	int rc = imp_client_url(client, endpoint.data, &url, err);
	if (rc == 0)
		rc = imp_client_pages(client, &url, what.data, add_referrers, &rows, NULL,
				      &unsupported, err);
	return rc < 0 ? rc : unsupported;
}

static void take_notes(struct imp_repository *repository, struct imp_warnings *warnings)
{
	imp_notes_take(&client_of(repository)->notes, warnings);
}

static void destroy(struct imp_repository *repository)
{
	imp_client_finish(client_of(repository));
	free(repository);
}

int imp_registry_repository_create(const struct imp_context *context,
				   const struct imp_location *location,
				   const struct imp_source_options *options,
				   struct imp_repository **out, struct imp_error *err)
{
	static const struct imp_repository_ops ops = {
		.list = list,
		.head = head,
		.tagged = tagged,
		.document = document,
		.referrers = referrers,
		.take_notes = take_notes,
		.destroy = destroy,
	};
	struct registry_repository *self = imp_xcalloc(1, sizeof(*self));
	self->base = (struct imp_repository){.ops = &ops, .context = context};
	self->reference = location->reference;
	int rc = imp_client_start(&self->client, context, &self->reference, options, err);
	if (rc < 0) {
		free(self);
		return rc;
	}
	*out = &self->base;
	return 0;
}

static int read_catalog(struct imp_client *client, struct imp_arena *arena,
			struct imp_listing *listing, struct imp_error *err)
{
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};
	struct rows rows = {arena, listing, "repositories", false};
	bool unsupported = false;
	const char *domain = client->reference->domain;
	imp_strbuf_printf(&path, "/v2/_catalog?n=%d", PAGE_ROWS);
	imp_strbuf_printf(&what, "repositories of %s", domain);
	int rc = imp_url_parse(path.data, &client->base, &url, err);
	if (rc == 0)
		rc = imp_client_pages(client, &url, what.data, add_rows, &rows,
				      &listing->pages, &unsupported, err);
	if (unsupported || (rc == IMP_E_DENIED && listing->count == 0)) {
		imp_fail(err, IMP_E_UNSUPPORTED,
			 "%s: the registry does not list its repositories", domain);
		return imp_hint(err, "name them, or use --from FILE");
	}
	return rc;
}

int imp_registry_catalog(const struct imp_context *context, const char *domain,
			 const struct imp_source_options *options,
			 struct imp_arena *arena, struct imp_listing *listing,
			 struct imp_error *err)
{
	struct imp_client client;
	struct imp_reference reference = {.domain = domain, .path = ""};
	int rc = imp_client_start(&client, context, &reference, options, err);
	if (rc < 0)
		return rc;
	rc = read_catalog(&client, arena, listing, err);
	imp_client_finish(&client);
	return rc;
}
