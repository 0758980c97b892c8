/* An OCI image layout in a folder. */
#include "files_priv.h"

static int read_file(void *user, const char *name, uint64_t limit,
		     struct imp_strbuf *body, struct imp_error *err)
{
	const struct imp_folder_source *self = user;

	return imp_folder_read(self->folder, name, limit, body, err);
}

static bool has_file(void *user, const char *name)
{
	return imp_folder_has(((const struct imp_folder_source *)user)->folder, name);
}

static int find_images(struct imp_folder_source *self, struct imp_selection *selection,
		       struct imp_resolution *resolution, struct imp_error *err)
{
	imp_auto(imp_layout_root_finish) struct imp_layout_root root = {0};
	struct imp_files files = {.read = read_file, .has = has_file, .user = self};
	const char *hint =
		imp_arena_printf(selection->arena, "oci:%s:NAME", self->location->path);
	int rc;

	if (!imp_layout_is_there(&files))
		return imp_fail(
			err, IMP_E_FORMAT,
			"no image: expected oci-layout and index.json in the folder");
	rc = imp_layout_choose(&files, selection, self->location->selector, hint, &root,
			       err);
	if (rc == 1)
		return imp_fail(err, IMP_E_NOT_FOUND, "index.json: no image in it");
	if (rc < 0)
		return rc;
	return imp_layout_load(&files, selection, &root, &resolution->images,
			       &resolution->image_count, err);
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
	char name[IMP_BLOB_NAME];

	imp_blob_name(&image->layers[layer].blob.digest, name);
	return imp_folder_source_stream(source, name, out, err);
}

static int fetch(struct imp_source *source, enum imp_fetch_kind kind,
		 const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		 struct imp_strbuf *body, struct imp_error *err)
{
	char name[IMP_BLOB_NAME];

	(void)kind;
	return read_file(source, imp_blob_name(&descriptor->digest, name), limit_bytes,
			 body, err);
}

static int files(struct imp_source *source, struct imp_files *out, struct imp_error *err)
{
	(void)err;
	*out = (struct imp_files){.read = read_file, .has = has_file, .user = source};
	return 0;
}

static const struct imp_source_ops layout_ops = {
	.resolve = resolve,
	.open_layer = open_layer,
	.fetch = fetch,
	.files = files,
	.destroy = imp_folder_source_destroy,
};

int imp_layout_source_create(const struct imp_context *context,
			     const struct imp_location *location,
			     const struct imp_source_options *options,
			     struct imp_source **out, struct imp_error *err)
{
	(void)options;
	return imp_folder_source_create(context, location, &layout_ops, out, err);
}
