#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive_priv.h"
#include "engine_priv.h"
#include "imgprof/json.h"
#include "registry/transfer_priv.h"

/* What an engine exports, asked for when the first byte is wanted. */
struct engine_stream {
	struct imp_stream stream;
	const struct imp_context *context;
	const struct imp_location *location;
	struct imp_lines lines;
	struct imp_transfer *transfer;
	int last; /* the answer behind the last byte */
	struct imp_error failure;
};

static const char *program(const struct engine_stream *self)
{
	return self->location->transport == IMP_TRANSPORT_PODMAN ? "podman" : "docker";
}

static int check_socket(const struct engine_stream *self, const char *path,
			struct imp_error *err)
{
	if (access(path, R_OK | W_OK) == 0)
		return 0;
	if (errno == ENOENT) {
		imp_fail(err, IMP_E_SYSTEM, "no %s engine listens at %s", program(self),
			 path);
		return imp_hint(err, "where it runs: %s save NAME | imgprof -",
				program(self));
	}
	imp_fail_errno(err, "the engine's socket %s", path);
	return imp_hint(err, "whoever may run %s may read it", program(self));
}

/* What the engine says in its error document, or nothing. */
static void read_message(struct engine_stream *self, struct imp_strbuf *message)
{
	const struct imp_limits *limits = self->context->limits;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	imp_auto_json json_t *document = NULL;
	struct imp_error ignored = {0};
	enum imp_failure failure;
	struct imp_slice bytes;

	while (body.len < limits->error_body_bytes &&
	       imp_transfer_read(self->transfer, &bytes, &failure, &ignored) == 0)
		imp_strbuf_add_slice(&body, bytes);
	if (imp_json_parse(imp_strbuf_slice(&body), limits, "answer", &document,
			   &ignored) == 0)
		imp_strbuf_add_slice(message, imp_json_get_string(document, "message"));
}

static int check_status(struct engine_stream *self, struct imp_error *err)
{
	long status = imp_transfer_status(self->transfer);
	imp_auto(imp_strbuf_finish) struct imp_strbuf message = {0};

	if (status == 200)
		return 0;
	read_message(self, &message);
	if (message.len == 0)
		imp_strbuf_printf(&message, "status %ld", status);
	if (status == 404)
		return imp_fail(err, IMP_E_NOT_FOUND, "the engine has no such image: %s",
				message.data);
	return imp_fail(err, IMP_E_NETWORK, "the engine refuses: %s", message.data);
}

/* Slashes and colons of the name are taken as they stand. */
static int export_url(const struct engine_stream *self, struct imp_url *url,
		      struct imp_error *err)
{
	const struct imp_location *location = self->location;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_arena *arena = imp_arena_create();
	int rc;

	imp_strbuf_printf(&text, "http://localhost/images/%s/get",
			  location->selector
				  ? location->selector
				  : imp_reference_text(&location->reference, arena));
	rc = imp_url_parse(text.data, NULL, url, err);
	imp_arena_destroy(arena);
	return rc;
}

static int ask(struct engine_stream *self, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_auto(imp_url_finish) struct imp_url url = {0};
	struct imp_transfer_request request = {.url = &url, .trusted = true};
	enum imp_failure failure;
	int rc = imp_engine_socket(self->context, self->location->transport, &path, err);

	if (rc == 0)
		rc = check_socket(self, path.data, err);
	if (rc == 0)
		rc = export_url(self, &url, err);
	if (rc < 0)
		return rc;
	request.socket_path = path.data;
	imp_context_log(self->context, 1, "asking the engine at %s", path.data);
	rc = imp_transfer_open(&self->lines, &request, &self->transfer, &failure, err);
	return rc < 0 ? rc : check_status(self, err);
}

static int read_some(struct engine_stream *self, struct imp_chunk *out,
		     struct imp_error *err)
{
	enum imp_failure failure;
	struct imp_slice bytes;
	int rc = self->transfer ? 0 : ask(self, err);

	if (rc == 0)
		rc = imp_transfer_read(self->transfer, &bytes, &failure, err);
	if (rc == 0)
		*out = (struct imp_chunk){.data = (const uint8_t *)bytes.data,
					  .len = bytes.len};
	return rc;
}

static int engine_next(struct imp_stream *stream, struct imp_chunk *out,
		       struct imp_error *err)
{
	struct engine_stream *self = (struct engine_stream *)stream;

	if (self->last == 0)
		self->last = read_some(self, out, &self->failure);
	if (self->last < 0 && err)
		*err = self->failure;
	return self->last;
}

static void engine_destroy(struct imp_stream *stream)
{
	struct engine_stream *self = (struct engine_stream *)stream;

	imp_transfer_destroy(self->transfer);
	imp_lines_finish(&self->lines);
	free(self);
}

static const struct imp_stream_ops engine_ops = {engine_next, engine_destroy};

int imp_engine_source_create(const struct imp_context *context,
			     const struct imp_location *location,
			     const struct imp_source_options *options,
			     struct imp_source **out, struct imp_error *err)
{
	struct engine_stream *self = imp_xcalloc(1, sizeof(*self));

	(void)options;
	(void)err;
	self->stream.ops = &engine_ops;
	self->context = context;
	self->location = location;
	imp_lines_start(&self->lines, context);
	*out = imp_archive_source_of_stream(context, location, &self->stream);
	return 0;
}
