#include "credentials_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/stream.h"

void imp_wipe_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void imp_wipe_buffer(struct imp_strbuf *buf)
{
	if (buf->data)
		explicit_bzero(buf->data, buf->capacity);
	imp_strbuf_finish(buf);
}

char *imp_copy_text(struct imp_slice text)
{
	char *copy = imp_xmalloc(text.len + 1);
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}

void imp_credentials_finish(struct imp_credentials *credentials)
{
	imp_wipe_text(credentials->username);
	imp_wipe_text(credentials->password);
	imp_wipe_text(credentials->identity_token);
	imp_wipe_text(credentials->registry_token);
	free(credentials->origin);
	*credentials = (struct imp_credentials){0};
}

bool imp_credentials_empty(const struct imp_credentials *credentials)
{
	return !credentials->password && !credentials->identity_token &&
	       !credentials->registry_token;
}

/* A place where credentials may stand. */
struct place {
	const char *variable; /* NULL, or unset: under HOME */
	const char *below_home;
	const char *file;
	bool named; /* the variable names the file itself: it must be there */
	bool old;
};

static const struct place places[] = {
	{.variable = "REGISTRY_AUTH_FILE", .named = true},
	{.variable = "DOCKER_CONFIG", .below_home = "/.docker", .file = "/config.json"},
	{.variable = "XDG_RUNTIME_DIR", .file = "/containers/auth.json"},
	{.variable = "XDG_CONFIG_HOME",
	 .below_home = "/.config",
	 .file = "/containers/auth.json"},
	{.below_home = "", .file = "/.dockercfg", .old = true},
};

/* false when the environment does not say. */
static bool place_path(const struct imp_context *context, const struct place *place,
		       struct imp_strbuf *path)
{
	const char *base =
		place->variable ? imp_context_env(context, place->variable) : NULL;
	const char *home = imp_context_env(context, "HOME");
	if (base) {
		imp_strbuf_add_text(path, base);
	} else if (place->below_home && home) {
		imp_strbuf_add_text(path, home);
		imp_strbuf_add_text(path, place->below_home);
	} else if (place->variable && strcmp(place->variable, "XDG_RUNTIME_DIR") == 0) {
		imp_strbuf_printf(path, "/run/containers/%u", (unsigned)getuid());
	} else {
		return false;
	}
	if (place->file)
		imp_strbuf_add_text(path, place->file);
	return true;
}

static int read_file(const struct imp_context *context, const char *path,
		     struct imp_strbuf *text, struct imp_error *err)
{
	imp_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return imp_fail_errno(err, "%s", path);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	return imp_stream_read_all(stream, context->limits->manifest_bytes, path, text,
				   err);
}

static int find_in_text(const struct imp_auth_file *file, struct imp_slice text,
			struct imp_credentials *out, struct imp_error *err)
{
	struct imp_error local = {0};
	int rc = imp_auth_file_find(file, text, out, &local);
	if (rc == IMP_E_CANCELLED) {
		*err = local;
		return rc;
	}
	if (rc < 0) { /* another place may do */
		imp_notes_add(file->notes, "credentials-unreadable", "%s", local.message);
		return 1;
	}
	return rc;
}

static int find_in_place(const struct imp_auth_file *common, const struct place *place,
			 struct imp_credentials *out, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_auto(imp_wipe_buffer) struct imp_strbuf text = {0};
	if (!place_path(common->context, place, &path))
		return 1;
	struct imp_error local = {0};
	int rc = read_file(common->context, path.data, &text, &local);
	if (rc < 0 && place->named) {
		imp_fail(err, IMP_E_USAGE, "%s: %s", place->variable, local.message);
		return IMP_E_USAGE;
	}
	if (rc < 0) {
		if (local.system_errno != ENOENT && local.system_errno != ENOTDIR)
			imp_notes_add(common->notes, "credentials-unreadable", "%s",
				      local.message);
		return 1;
	}
	struct imp_auth_file file = *common;
	file.name = path.data;
	file.old = place->old;
	return find_in_text(&file, imp_strbuf_slice(&text), out, err);
}

static int find_inline(const struct imp_auth_file *common, struct imp_credentials *out,
		       struct imp_error *err)
{
	const char *text = imp_context_env(common->context, "DOCKER_AUTH_CONFIG");
	if (!text)
		return 1;
	struct imp_auth_file file = *common;
	file.name = "DOCKER_AUTH_CONFIG";
	file.inline_only = true;
	return find_in_text(&file, imp_slice_of(text), out, err);
}

int imp_credentials_find(const struct imp_context *context,
			 const struct imp_reference *reference, struct imp_notes *notes,
			 struct imp_credentials *out, struct imp_error *err)
{
	struct imp_auth_file common = {
		.context = context,
		.reference = reference,
		.notes = notes,
	};
	int rc = find_in_place(&common, &places[0], out, err);
	if (rc == 1)
		rc = find_inline(&common, out, err);
	for (size_t i = 1; rc == 1 && i < sizeof(places) / sizeof(*places); i++)
		rc = find_in_place(&common, &places[i], out, err);
	return rc;
}
