/* A folder as skopeo's dir: writes it: the registry's manifest, and blobs named by the hex
 * digits of their digests (formats.md 7.8). */
#include "files_priv.h"

enum { VERSION_BYTES = 4096 };

static const char *hex_digits(const struct imp_digest *digest,
			      char text[static IMP_DIGEST_TEXT])
{
	return strchr(imp_digest_text(digest, text), ':') + 1;
}

/* Manifests of single platforms have a suffix: DIGITS.manifest.json. */
static void document_name(const struct imp_digest *digest, enum imp_fetch_kind kind,
			  struct imp_strbuf *name)
{
	char text[IMP_DIGEST_TEXT];

	imp_strbuf_add_text(name, hex_digits(digest, text));
	if (kind == IMP_FETCH_MANIFEST)
		imp_strbuf_add_text(name, ".manifest.json");
}

static int fetch(void *user, enum imp_fetch_kind kind,
		 const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		 struct imp_strbuf *body, struct imp_error *err)
{
	const struct imp_folder_source *self = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	document_name(&descriptor->digest, kind, &name);
	return imp_folder_read(self->folder, name.data, limit_bytes, body, err);
}

static bool has(void *user, const struct imp_descriptor *descriptor)
{
	const struct imp_folder_source *self = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	document_name(&descriptor->digest, IMP_FETCH_MANIFEST, &name);
	return imp_folder_has(self->folder, name.data);
}

static int check_version(const struct imp_folder_source *self, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	int rc = imp_folder_read(self->folder, "version", VERSION_BYTES, &body, err);

	if (rc < 0)
		return rc;
	if (!imp_slice_starts(imp_strbuf_slice(&body),
			      IMP_SLICE("Directory Transport Version: 1.")))
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"version: expected 'Directory Transport Version: 1.1'");
	return 0;
}

static int find_images(struct imp_folder_source *self, struct imp_selection *selection,
		       struct imp_resolution *resolution, struct imp_error *err)
{
	struct imp_fetcher fetcher = {.fetch = fetch, .has = has, .user = self};
	imp_auto(imp_strbuf_finish) struct imp_strbuf manifest = {0};
	int rc = check_version(self, err);

	if (rc == 0)
		rc = imp_folder_read(self->folder, "manifest.json",
				     selection->context->limits->manifest_bytes,
				     &manifest, err);
	if (rc < 0)
		return rc == IMP_E_NOT_FOUND
			       ? imp_fail(err, IMP_E_FORMAT, "no image: %s", err->message)
			       : rc;
	selection->fetcher = &fetcher;
	return imp_select_images(selection, imp_strbuf_slice(&manifest), "",
				 &resolution->images, &resolution->image_count, err);
}

static int resolve(struct imp_source *source, const struct imp_platform_choice *choice,
		   const struct imp_layer_sink *sink, struct imp_arena *arena,
		   struct imp_warnings *warnings, struct imp_resolution *out,
		   struct imp_error *err)
{
	(void)sink;
	return imp_folder_source_resolve(source, find_images, choice, arena, warnings,
					 out, err);
}

static int open_layer(struct imp_source *source, const struct imp_image *image,
		      size_t layer, struct imp_stream **out, struct imp_error *err)
{
	char text[IMP_DIGEST_TEXT];
	const char *name = hex_digits(&image->layers[layer].blob.digest, text);

	return imp_folder_source_stream(source, name, out, err);
}

static const struct imp_source_ops dir_ops = {
	.resolve = resolve,
	.open_layer = open_layer,
	.destroy = imp_folder_source_destroy,
};

int imp_dir_source_create(const struct imp_context *context,
			  const struct imp_location *location,
			  const struct imp_source_options *options,
			  struct imp_source **out, struct imp_error *err)
{
	(void)options;
	return imp_folder_source_create(context, location, &dir_ops, out, err);
}
