#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "engine_priv.h"
#include "imgprof/json.h"

#define UNIX_SCHEME "unix://"

/* HOST as in DOCKER_HOST. It may hold a user's name: only its scheme is shown. */
static int take_host(struct imp_slice host, struct imp_strbuf *path,
		     struct imp_error *err)
{
	struct imp_slice rest = host;
	struct imp_slice scheme = imp_slice_cut(&rest, ':');

	if (imp_slice_starts(host, IMP_SLICE(UNIX_SCHEME "/"))) {
		imp_strbuf_add_slice(path, imp_slice_skip(host, strlen(UNIX_SCHEME)));
		return 0;
	}
	return imp_fail(err, IMP_E_UNSUPPORTED,
			"an engine at %.*s: only those behind a unix:// socket are asked",
			(int)(scheme.len < 16 ? scheme.len : 16), scheme.data);
}

/* The document at PATH. 1: there is none. */
static int read_document(const struct imp_context *context, const char *path,
			 json_t **out, struct imp_error *err)
{
	imp_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = NULL;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	int rc;

	if (fd < 0)
		return errno == ENOENT ? 1 : imp_fail_errno(err, "%s", path);
	stream = imp_stream_file(fd, 0, IMP_TO_END);
	rc = imp_stream_read_all(stream, context->limits->config_bytes, path, &body, err);
	if (rc == 0)
		rc = imp_json_parse(imp_strbuf_slice(&body), context->limits, path, out,
				    err);
	return rc;
}

/* docker's own configuration; false when there is no home to look in. */
static bool add_docker_folder(const struct imp_context *context, struct imp_strbuf *path)
{
	const char *folder = imp_context_env(context, "DOCKER_CONFIG");
	const char *home = imp_context_env(context, "HOME");

	if (folder)
		imp_strbuf_add_text(path, folder);
	else if (home)
		imp_strbuf_printf(path, "%s/.docker", home);
	return folder || home;
}

/* The name of the context in use; left empty for the default one. */
static int find_context(const struct imp_context *context, struct imp_strbuf *name,
			struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_auto_json json_t *config = NULL;
	const char *chosen = imp_context_env(context, "DOCKER_CONTEXT");
	int rc;

	if (chosen) {
		imp_strbuf_add_text(name, chosen);
		return 0;
	}
	if (!add_docker_folder(context, &path))
		return 0;
	imp_strbuf_add_text(&path, "/config.json");
	rc = read_document(context, path.data, &config, err);
	if (rc == 0)
		imp_strbuf_add_slice(name, imp_json_get_string(config, "currentContext"));
	return rc < 0 ? rc : 0;
}

static int read_context(const struct imp_context *context, struct imp_slice name,
			struct imp_strbuf *socket, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_auto_json json_t *meta = NULL;
	char text[IMP_DIGEST_TEXT];
	struct imp_digest digest;
	const json_t *endpoint;
	int rc = 1;

	imp_digest_of(IMP_DIGEST_SHA256, name, &digest);
	if (add_docker_folder(context, &path)) {
		imp_strbuf_printf(&path, "/contexts/meta/%s/meta.json",
				  strchr(imp_digest_text(&digest, text), ':') + 1);
		rc = read_document(context, path.data, &meta, err);
	}
	if (rc == 1)
		return imp_fail(err, IMP_E_USAGE, "docker context %.*s: no such context",
				(int)name.len, name.data);
	if (rc < 0)
		return rc;
	endpoint = imp_json_get_object(imp_json_get_object(meta, "Endpoints"), "docker");
	return take_host(imp_json_get_string(endpoint, "Host"), socket, err);
}

static int find_docker(const struct imp_context *context, struct imp_strbuf *path,
		       struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	const char *host = imp_context_env(context, "DOCKER_HOST");
	int rc;

	if (host)
		return take_host(imp_slice_of(host), path, err);
	rc = find_context(context, &name, err);
	if (rc < 0)
		return rc;
	if (name.len > 0 && !imp_slice_is(imp_strbuf_slice(&name), "default"))
		return read_context(context, imp_strbuf_slice(&name), path, err);
	imp_strbuf_add_text(path, "/var/run/docker.sock");
	return 0;
}

static int find_podman(const struct imp_context *context, struct imp_strbuf *path,
		       struct imp_error *err)
{
	const char *host = imp_context_env(context, "CONTAINER_HOST");
	const char *run = imp_context_env(context, "XDG_RUNTIME_DIR");

	if (host)
		return take_host(imp_slice_of(host), path, err);
	if (run)
		imp_strbuf_printf(path, "%s/podman/podman.sock", run);
	if (run && access(path->data, F_OK) == 0)
		return 0;
	imp_strbuf_reset(path);
	imp_strbuf_add_text(path, "/run/podman/podman.sock");
	return 0;
}

int imp_engine_socket(const struct imp_context *context, enum imp_transport transport,
		      struct imp_strbuf *path, struct imp_error *err)
{
	return transport == IMP_TRANSPORT_PODMAN ? find_podman(context, path, err)
						 : find_docker(context, path, err);
}
