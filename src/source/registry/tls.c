#include "tls_priv.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"
#include "imgprof/stream.h"

enum { MAX_BUNDLE_BYTES = 16 << 20 };

static int ignore_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int append_file(struct imp_strbuf *bundle, const char *path, struct imp_error *err)
{
	imp_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return imp_fail_errno(err, "%s", path);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	int rc = imp_stream_read_all(stream, MAX_BUNDLE_BYTES, path, bundle, err);
	imp_strbuf_add_char(bundle, '\n');
	return rc;
}

/* SSL_CERT_FILE as in all programs that use OpenSSL, else libcurl's own. */
static const char *system_bundle(const struct imp_context *context)
{
	const char *named = imp_context_env(context, "SSL_CERT_FILE");
	return named ? named : curl_version_info(CURLVERSION_NOW)->cainfo;
}

/* libcurl takes one bundle in place of its own: the system's and ours, joined. */
static int add_authority(struct imp_strbuf *bundle, const struct imp_context *context,
			 const char *path, struct imp_error *err)
{
	const char *system = system_bundle(context);
	struct imp_error ignored = {0};
	if (bundle->len == 0 && system) /* a machine without one has ours alone */
		append_file(bundle, system, &ignored);
	return append_file(bundle, path, err);
}

static int use_client_pair(CURL *easy, const char *certificate, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	imp_strbuf_add(&key, certificate, strlen(certificate) - strlen(".cert"));
	imp_strbuf_add_text(&key, ".key");
	if (access(key.data, R_OK) != 0) {
		imp_fail(err, IMP_E_USAGE, "%s: there is no key %s", certificate,
			 key.data);
		return imp_hint(err, "a certificate authority is named *.crt, a client's "
				     "pair NAME.cert and NAME.key");
	}
	curl_easy_setopt(easy, CURLOPT_SSLCERT, certificate);
	curl_easy_setopt(easy, CURLOPT_SSLKEY, key.data);
	return 0;
}

static int read_entry(CURL *easy, const struct imp_context *context, const char *path,
		      struct imp_strbuf *bundle, struct imp_error *err)
{
	struct imp_slice name = imp_slice_of(path);
	if (imp_slice_ends(name, IMP_SLICE(".crt")))
		return add_authority(bundle, context, path, err);
	if (imp_slice_ends(name, IMP_SLICE(".cert")))
		return use_client_pair(easy, path, err);
	return 0;
}

/* A folder that cannot be read is passed over, as engines do. */
static int read_folder(CURL *easy, const struct imp_context *context, const char *folder,
		       struct imp_strbuf *bundle, struct imp_error *err)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, ignore_dots, alphasort);
	int rc = 0;
	for (int i = 0; i < count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
		imp_strbuf_printf(&path, "%s/%s", folder, entries[i]->d_name);
		if (rc == 0)
			rc = read_entry(easy, context, path.data, bundle, err);
		free(entries[i]);
	}
	free(entries);
	return rc;
}

static bool is_folder_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && !strchr(name, '/');
}

/* The INDEXth folder for NAME; false behind the last. */
static bool folder_of(const struct imp_context *context, const char *name, size_t index,
		      struct imp_strbuf *folder)
{
	static const char *const system_folders[] = {"/etc/containers", "/etc/docker"};
	const char *home = imp_context_env(context, "HOME");
	imp_strbuf_reset(folder);
	if (index == 0)
		imp_strbuf_printf(folder, "%s/.config/containers", home ? home : "");
	else if (index <= 2)
		imp_strbuf_add_text(folder, system_folders[index - 1]);
	imp_strbuf_printf(folder, "/certs.d/%s", name);
	return index <= 2 && is_folder_name(name);
}

bool imp_tls_is_configured(const struct imp_context *context, const char *name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf folder = {0};
	for (size_t i = 0; folder_of(context, name, i, &folder); i++)
		if (access(folder.data, R_OK | X_OK) == 0)
			return true;
	return false;
}

int imp_tls_apply(CURL *easy, const struct imp_context *context, const char *name,
		  struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bundle = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf folder = {0};
	int rc = 0;
	if (imp_context_env(context, "SSL_CERT_FILE"))
		curl_easy_setopt(easy, CURLOPT_CAINFO, system_bundle(context));
	for (size_t i = 0; rc == 0 && folder_of(context, name, i, &folder); i++)
		rc = read_folder(easy, context, folder.data, &bundle, err);
	if (rc == 0 && bundle.len) {
		struct curl_blob blob = {bundle.data, bundle.len, CURL_BLOB_COPY};
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	}
	return rc;
}
