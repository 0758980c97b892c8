#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/arena.h"
#include "imgprof/strbuf.h"
#include "imgprof/units.h"
#include "store_priv.h"

#define DEFAULT_CAP ((uint64_t)1 << 30)

/* A relative XDG_CACHE_HOME is invalid by the XDG base directory specification. */
static int find_directory(const struct imp_context *context, const char *directory,
			  struct imp_strbuf *out, struct imp_error *err)
{
	const char *chosen =
		directory ? directory : imp_context_env(context, "IMGPROF_CACHE_DIR");
	const char *cache = imp_context_env(context, "XDG_CACHE_HOME");
	const char *home = imp_context_env(context, "HOME");

	if (chosen && chosen[0])
		imp_strbuf_add_text(out, chosen);
	else if (
		cache &&
		cache[0] ==
			'/') /* relative ones are invalid by the XDG base directory specification */
		imp_strbuf_printf(out, "%s/imgprof", cache);
	else if (home)
		imp_strbuf_printf(out, "%s/.cache/imgprof", home);
	else {
		imp_fail(err, IMP_E_SYSTEM, "no place for the cache: HOME is not set");
		return imp_hint(err, "give --cache-dir or --no-cache");
	}
	return 0;
}

int imp_store_open(const struct imp_context *context, const char *directory,
		   struct imp_store **out, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	int folders[IMP_STORE_KINDS];
	int rc = find_directory(context, directory, &path, err);

	/* With a slash behind it, a symlink would be followed. */
	while (rc == 0 && path.len > 1 && path.data[path.len - 1] == '/')
		imp_strbuf_truncate(&path, path.len - 1);
	if (rc == 0)
		rc = imp_store_open_folders(path.data, folders, err);
	if (rc < 0)
		return rc;
	struct imp_store *store = imp_xcalloc(1, sizeof(*store));
	store->context = context;
	store->directory = imp_strbuf_steal(&path);
	memcpy(store->folders, folders, sizeof(folders));
	*out = store;
	return 0;
}

void imp_store_close(struct imp_store *store)
{
	if (!store)
		return;
	for (int kind = 0; kind < IMP_STORE_KINDS; kind++)
		close(store->folders[kind]);
	free(store->directory);
	free(store);
}

const char *imp_store_directory(const struct imp_store *store)
{
	return store->directory;
}

uint64_t imp_store_cap(const struct imp_context *context)
{
	uint64_t cap;

	if (imp_size_parse(imp_slice_of(imp_context_env(context, "IMGPROF_CACHE_SIZE")),
			   &cap))
		return cap;
	return DEFAULT_CAP;
}

static void drop(const struct imp_store *store, enum imp_store_kind kind,
		 const struct imp_digest *digest, const char *reason)
{
	char name[IMP_STORE_NAME + 1];

	imp_store_file_name(digest, name);
	unlinkat(store->folders[kind], name, 0);
	imp_context_log(store->context, 1, "cache entry %s dropped: %s", name, reason);
}

/* Damage is no reason to fail: the entry goes, and is made again. RC is that of reading, with
 * REASON. */
static int drop_damaged(const struct imp_store *store, enum imp_store_kind kind,
			const struct imp_digest *digest, int rc,
			const struct imp_error *reason, struct imp_error *err)
{
	if (rc >= 0)
		return rc;
	if (rc == IMP_E_SYSTEM) {
		*err = *reason;
		return rc;
	}
	drop(store, kind, digest, reason->message);
	return 1;
}

static int get_profile(struct imp_store *store, const struct imp_digest *digest,
		       bool touch, struct imp_stored_layer *out, struct imp_error *err)
{
	struct imp_error reason = {0};
	int rc = imp_store_read_entry(store->folders[IMP_STORE_PROFILE], digest, touch,
				      store->context->limits, out, &reason);

	return drop_damaged(store, IMP_STORE_PROFILE, digest, rc, &reason, err);
}

static int get_report(struct imp_store *store, const struct imp_digest *key, bool touch,
		      struct imp_strbuf *out, struct imp_error *err)
{
	struct imp_error reason = {0};
	int rc = imp_store_read_report(store->folders[IMP_STORE_REPORT], key, touch, out,
				       &reason);

	return drop_damaged(store, IMP_STORE_REPORT, key, rc, &reason, err);
}

int imp_store_get(struct imp_store *store, const struct imp_digest *digest,
		  struct imp_stored_layer *out, struct imp_error *err)
{
	if (digest->algorithm != IMP_DIGEST_SHA256)
		return 1;
	return get_profile(store, digest, true, out, err);
}

int imp_store_get_report(struct imp_store *store, const struct imp_digest *key,
			 struct imp_strbuf *out, struct imp_error *err)
{
	return get_report(store, key, true, out, err);
}

int imp_store_put_report(struct imp_store *store, const struct imp_digest *key,
			 struct imp_slice bytes, struct imp_error *err)
{
	return imp_store_write_report(store->folders[IMP_STORE_REPORT], key, bytes, err);
}

void imp_store_drop_report(struct imp_store *store, const struct imp_digest *key)
{
	drop(store, IMP_STORE_REPORT, key, "malformed");
}

int imp_store_put(struct imp_store *store, const struct imp_profile *profile,
		  const struct imp_digest *tar_digest, struct imp_error *err)
{
	if (imp_profile_summary(profile)->damaged)
		return imp_fail(err, IMP_E_BUG, "a damaged profile offered to the cache");
	/* Entries are found by sha256 alone. */
	if (imp_profile_summary(profile)->blob_digest.algorithm != IMP_DIGEST_SHA256)
		return 0;
	return imp_store_write_entry(store->folders[IMP_STORE_PROFILE], profile,
				     tar_digest, err);
}

/* 1: it did not verify, and is gone. */
static int verify_entry(struct imp_store *store, const struct imp_store_entry *entry,
			struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	struct imp_stored_layer layer = {0};

	if (entry->kind == IMP_STORE_REPORT)
		return get_report(store, &entry->digest, false, &bytes, err);
	int rc = get_profile(store, &entry->digest, false, &layer, err);
	imp_profile_destroy(layer.profile);
	return rc;
}

int imp_store_verify(struct imp_store *store, uint64_t *checked, uint64_t *removed,
		     struct imp_error *err)
{
	imp_auto_free struct imp_store_entry *entries = NULL;
	size_t count;
	int rc = imp_store_list(store, &entries, &count, err);

	*checked = *removed = 0;
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		rc = verify_entry(store, &entries[i], err);
		++*checked;
		*removed += rc == 1;
	}
	return rc < 0 ? rc : 0;
}
