/* Manifests and configs by digest: what a digest names never changes. */
#include "stock_priv.h"

static void make_key(const struct imp_digest *digest, struct imp_digest *key)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	char name[IMP_DIGEST_TEXT];

	imp_strbuf_printf(&text, "document %s", imp_digest_text(digest, name));
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&text), key);
}

int imp_cached_get(struct imp_store *store, const struct imp_digest *digest,
		   struct imp_strbuf *body)
{
	struct imp_digest key, found;
	struct imp_error ignored = {0};

	if (!store)
		return 1;
	make_key(digest, &key);
	if (imp_store_get_report(store, &key, body, &ignored) != 0)
		return 1;
	imp_digest_of(digest->algorithm, imp_strbuf_slice(body), &found);
	if (imp_digest_equal(&found, digest))
		return 0;
	imp_store_drop_report(store, &key);
	imp_strbuf_reset(body);
	return 1;
}

void imp_cached_put(struct imp_store *store, const struct imp_digest *digest,
		    struct imp_slice body)
{
	struct imp_digest key;
	struct imp_error ignored = {0};

	if (!store)
		return;
	make_key(digest, &key);
	imp_store_put_report(store, &key, body, &ignored);
}
