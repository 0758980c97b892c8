#include "credentials_priv.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/json.h"

#include "ascii_priv.h"

#define HUB_DOMAIN "docker.io"
#define HUB_SERVER "https://index.docker.io/v1/"

/* What a match of a key is worth; a longer namespace adds its length. */
enum {
	MATCH_STRIPPED = 1,
	MATCH_HOST = 2,
	MATCH_EXACT = 3,
	MATCH_NAMESPACE = 4,
};

const char *imp_credentials_server(const struct imp_reference *reference)
{
	return strcmp(reference->domain, HUB_DOMAIN) == 0 ? HUB_SERVER
							  : reference->domain;
}

static bool same_host(struct imp_slice host, const struct imp_reference *reference)
{
	static const char *const hub[] = {HUB_DOMAIN, "index.docker.io",
					  "registry-1.docker.io"};
	if (strcmp(reference->domain, HUB_DOMAIN) == 0) {
		for (size_t i = 0; i < sizeof(hub) / sizeof(*hub); i++)
			if (imp_slice_is(host, hub[i]))
				return true;
		return false;
	}
	return imp_ascii_equal(host, imp_slice_of(reference->domain));
}

static bool cut_scheme(struct imp_slice *key)
{
	static const struct imp_slice schemes[] = {IMP_SLICE("https://"),
						   IMP_SLICE("http://")};
	for (size_t i = 0; i < 2; i++) {
		if (imp_slice_starts(*key, schemes[i])) {
			*key = imp_slice_skip(*key, schemes[i].len);
			return true;
		}
	}
	return false;
}

static bool is_api_path(struct imp_slice path)
{
	if (imp_slice_ends(path, IMP_SLICE("/")))
		path.len--;
	return path.len == 0 || imp_slice_is(path, "v1") || imp_slice_is(path, "v2");
}

/* podman's `host/namespace/repository`; whole components only. */
static bool covers_path(struct imp_slice namespace, struct imp_slice path)
{
	return imp_slice_starts(path, namespace) &&
	       (path.len == namespace.len || path.data[namespace.len] == '/');
}

unsigned imp_auth_key_match(struct imp_slice key, const struct imp_reference *reference)
{
	if (imp_slice_is(key, imp_credentials_server(reference)))
		return MATCH_EXACT;
	bool has_scheme = cut_scheme(&key);
	struct imp_slice path = key;
	struct imp_slice host = imp_slice_cut(&path, '/');
	if (!same_host(host, reference))
		return 0;
	if (path.data == NULL)
		return has_scheme ? MATCH_STRIPPED : MATCH_HOST;
	if (has_scheme || is_api_path(path))
		return MATCH_STRIPPED;
	if (covers_path(path, imp_slice_of(reference->path)))
		return MATCH_NAMESPACE + (unsigned)path.len;
	return 0;
}

static char *copy_member(const json_t *entry, const char *key)
{
	struct imp_slice text = imp_json_get_string(entry, key);
	if (text.len == 0 || memchr(text.data, 0, text.len))
		return NULL;
	return imp_xstrdup(text.data);
}

/* base64(user:password), the password possibly followed by NULs. */
static bool decode_auth(struct imp_slice auth, struct imp_credentials *out)
{
	imp_auto(imp_wipe_buffer) struct imp_strbuf plain = {0};
	imp_strbuf_reserve(&plain, auth.len);
	bool good = imp_base64_decode(&plain, auth);
	struct imp_slice rest = imp_strbuf_slice(&plain);
	while (rest.len && rest.data[rest.len - 1] == '\0')
		rest.len--;
	const char *colon = rest.len ? memchr(rest.data, ':', rest.len) : NULL;
	good = good && colon && !memchr(rest.data, 0, rest.len);
	if (good) {
		struct imp_slice user = imp_slice_cut(&rest, ':');
		out->username = imp_copy_text(user);
		out->password = imp_copy_text(rest);
	}
	return good;
}

/* An empty entry marks that a helper has the credentials: not one, not an error. */
static int read_entry(const struct imp_auth_file *file, const json_t *entry,
		      struct imp_credentials *out)
{
	struct imp_credentials found = {0};
	struct imp_slice auth = imp_json_get_string(entry, "auth");
	if (auth.len && !decode_auth(auth, &found))
		imp_notes_add(file->notes, "credentials-unreadable",
			      "%s: the entry for %s is not base64 of user:password; "
			      "going on without",
			      file->name, file->reference->domain);
	if (!file->inline_only) {
		if (!found.username)
			found.username = copy_member(entry, "username");
		if (!found.password)
			found.password = copy_member(entry, "password");
		found.identity_token = copy_member(entry, "identitytoken");
		found.registry_token = copy_member(entry, "registrytoken");
	}
	if (imp_credentials_empty(&found)) {
		imp_credentials_finish(&found);
		return 1;
	}
	found.origin = imp_xstrdup(file->name);
	*out = found;
	return 0;
}

static int find_entry(const struct imp_auth_file *file, const json_t *auths,
		      struct imp_credentials *out)
{
	const json_t *best = NULL;
	unsigned best_match = 0;
	/* Iterating does not change the object. */
	json_t *object = (json_t *)(uintptr_t)auths;
	for (void *at = json_object_iter(object); at;
	     at = json_object_iter_next(object, at)) {
		struct imp_slice key = imp_slice_of(json_object_iter_key(at));
		unsigned match = imp_auth_key_match(key, file->reference);
		if (match > best_match && json_is_object(json_object_iter_value(at))) {
			best = json_object_iter_value(at);
			best_match = match;
		}
	}
	return best ? read_entry(file, best, out) : 1;
}

/* The helper for this registry, or for all. */
static struct imp_slice helper_suffix(const struct imp_auth_file *file,
				      const json_t *document)
{
	const json_t *helpers = imp_json_get_object(document, "credHelpers");
	const char *server = imp_credentials_server(file->reference);
	struct imp_slice suffix = imp_json_get_string(helpers, server);
	if (suffix.len == 0)
		suffix = imp_json_get_string(helpers, file->reference->domain);
	if (suffix.len == 0)
		suffix = imp_json_get_string(document, "credsStore");
	return suffix;
}

int imp_auth_file_find(const struct imp_auth_file *file, struct imp_slice text,
		       struct imp_credentials *out, struct imp_error *err)
{
	imp_auto_json json_t *document = NULL;
	struct imp_error quoting = {0}; /* its message may quote the document */
	if (imp_json_parse(text, file->context->limits, file->name, &document, &quoting) <
		    0 ||
	    !json_is_object(document))
		return imp_fail(err, IMP_E_FORMAT, "%s: not a JSON object", file->name);
	if (file->old)
		return find_entry(file, document, out);
	struct imp_slice suffix = helper_suffix(file, document);
	if (suffix.len && !file->inline_only) {
		int rc = imp_helper_get(file->context, suffix,
					imp_credentials_server(file->reference),
					file->notes, out, err);
		if (rc <= 0)
			return rc;
	}
	const json_t *auths = imp_json_get_object(document, "auths");
	return auths ? find_entry(file, auths, out) : 1;
}
