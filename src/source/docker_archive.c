#include <stdio.h>

#include "archive_priv.h"
#include "imgprof/json.h"
#include "select_priv.h"

#define MANIFEST "manifest.json"
#define MANIFEST_TYPE "application/vnd.docker.distribution.manifest.v2+json"
#define CONFIG_TYPE "application/vnd.docker.container.image.v1+json"
#define LAYER_TYPE "application/vnd.docker.image.rootfs.diff.tar"

/* An image's own root file system may hold a file of this name: only docker's shape counts
 * (formats.md 7.6, 7.8). */
static bool has_shape(const json_t *root)
{
	for (size_t i = 0; i < json_array_size(root); i++)
		if (imp_json_get_string(json_array_get(root, i), "Config").len == 0)
			return false;
	return json_array_size(root) > 0;
}

int imp_docker_open(const struct imp_archive *archive, json_t **out,
		    struct imp_error *err)
{
	const struct imp_limits *limits = archive->context->limits;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	json_t *root = NULL;
	int rc;

	*out = NULL;
	if (!imp_archive_find(&archive->table, IMP_SLICE(MANIFEST), limits->symlink_hops))
		return 0;
	rc = imp_archive_read(archive, MANIFEST, limits->manifest_bytes, &body, err);
	if (rc == 0)
		rc = imp_json_parse(imp_strbuf_slice(&body), limits, MANIFEST, &root,
				    err);
	if (rc < 0)
		return rc;
	if (has_shape(root))
		*out = root;
	else
		json_decref(root);
	return 0;
}

static struct imp_slice string_at(const json_t *array, size_t i)
{
	const json_t *value = json_array_get(array, i);

	return imp_slice(json_is_string(value) ? json_string_value(value) : "",
			 json_string_length(value));
}

static void add_label(struct imp_strbuf *list, struct imp_slice label)
{
	if (list->len > 0)
		imp_strbuf_add_text(list, ", ");
	imp_strbuf_add_slice(list, label);
}

static void list_images(const json_t *manifest, struct imp_strbuf *list)
{
	for (size_t i = 0; i < json_array_size(manifest); i++) {
		const json_t *tags =
			imp_json_get_array(json_array_get(manifest, i), "RepoTags");
		char number[32];
		int len = snprintf(number, sizeof(number), "@%zu", i);
		for (size_t k = 0; k < json_array_size(tags); k++)
			add_label(list, string_at(tags, k));
		if (json_array_size(tags) == 0)
			add_label(list, imp_slice(number, (size_t)len));
	}
}

static int fail_choice(const struct imp_archive *archive, const json_t *manifest,
		       const char *selector, struct imp_error *err)
{
	const char *path = archive->location->path;
	imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0};

	list_images(manifest, &list);
	if (selector)
		imp_fail(err, IMP_E_NOT_FOUND, "no image '%s', there are: %s", selector,
			 list.data);
	else
		imp_fail(err, IMP_E_NOT_FOUND, "several images, choose one of: %s",
			 list.data);
	return path ? imp_hint(err, "docker-archive:%s:NAME", path) : IMP_E_NOT_FOUND;
}

/* Tags are compared as references: docker writes short ones. */
static bool has_tag(const json_t *entry, const char *wanted, struct imp_arena *arena)
{
	const json_t *tags = imp_json_get_array(entry, "RepoTags");

	for (size_t i = 0; i < json_array_size(tags); i++) {
		struct imp_reference tag;
		if (imp_reference_parse(string_at(tags, i), arena, &tag, NULL) == 0 &&
		    strcmp(imp_reference_text(&tag, arena), wanted) == 0)
			return true;
	}
	return false;
}

static const json_t *find_selected(const json_t *manifest, const char *selector,
				   struct imp_arena *arena)
{
	struct imp_slice text = imp_slice_of(selector);
	struct imp_reference wanted;
	unsigned long long number;
	const char *name;

	if (text.data[0] == '@' && imp_slice_u64(imp_slice_skip(text, 1), &number))
		return number < json_array_size(manifest)
			       ? json_array_get(manifest, number)
			       : NULL;
	if (imp_reference_parse(text, arena, &wanted, NULL) < 0)
		return NULL;
	name = imp_reference_text(&wanted, arena);
	for (size_t i = 0; i < json_array_size(manifest); i++)
		if (has_tag(json_array_get(manifest, i), name, arena))
			return json_array_get(manifest, i);
	return NULL;
}

/* The only image, which may stand there more than once. */
static const json_t *find_only(const json_t *manifest)
{
	const json_t *first = json_array_get(manifest, 0);

	for (size_t i = 1; i < json_array_size(manifest); i++)
		if (!imp_slice_equal(
			    imp_json_get_string(json_array_get(manifest, i), "Config"),
			    imp_json_get_string(first, "Config")))
			return NULL;
	return first;
}

int imp_docker_choose(const struct imp_archive *archive, const json_t *manifest,
		      struct imp_arena *arena, const json_t **out, struct imp_error *err)
{
	const char *selector = archive->selector;
	const json_t *found =
		selector ? find_selected(manifest, selector, arena) : find_only(manifest);

	if (!found)
		return fail_choice(archive, manifest, selector, err);
	*out = found;
	return 0;
}

bool imp_docker_config_digest(const json_t *entry, struct imp_digest *out)
{
	return imp_blob_name_parse(imp_json_get_string(entry, "Config"), out);
}

size_t imp_docker_names(const json_t *entry, struct imp_arena *arena,
			const struct imp_slice **out)
{
	const json_t *tags = imp_json_get_array(entry, "RepoTags");
	size_t count = json_array_size(tags);
	struct imp_slice *names = imp_arena_array(arena, count, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = imp_arena_copy(arena, string_at(tags, i));
	*out = names;
	return count;
}

/* An image of manifest.json while it is put together. */
struct loading {
	const struct imp_archive *archive;
	const struct imp_selection *selection;
	const json_t *entry;
	struct imp_image image;
};

static int check_config_digest(const struct loading *loading,
			       const struct imp_digest *has, struct imp_error *err)
{
	char has_text[IMP_DIGEST_TEXT];
	struct imp_slice name = imp_json_get_string(loading->entry, "Config");
	struct imp_digest promised;

	if (!imp_docker_config_digest(loading->entry, &promised) ||
	    promised.algorithm != has->algorithm || imp_digest_equal(&promised, has))
		return 0;
	return imp_fail(err, IMP_E_INTEGRITY,
			"%.*s: has the digest %s, not that of its name", (int)name.len,
			name.data, imp_digest_text(has, has_text));
}

static int load_config(struct loading *loading, struct imp_error *err)
{
	const struct imp_limits *limits = loading->selection->context->limits;
	struct imp_arena *arena = loading->selection->arena;
	struct imp_image *image = &loading->image;
	struct imp_slice name =
		imp_arena_copy(arena, imp_json_get_string(loading->entry, "Config"));
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	struct imp_descriptor *config = &image->manifest.config;
	int rc = imp_archive_read(loading->archive, name.data, limits->config_bytes,
				  &body, err);

	if (rc == 0)
		rc = imp_config_parse(imp_strbuf_slice(&body), name.data, limits, arena,
				      &image->config, err);
	if (rc < 0)
		return rc;
	config->media_type = CONFIG_TYPE;
	config->artifact_type = "";
	config->size_bytes = image->config_bytes = body.len;
	image->platform = image->config.platform;
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&body), &config->digest);
	return check_config_digest(loading, &config->digest, err);
}

static void describe_plain(struct imp_image_layer *layer)
{
	/* Nothing is compressed, so the blob is what the DiffID was taken of. */
	layer->blob.digest = layer->diff_id;
	layer->blob.declared = IMP_DECLARED_PLAIN;
}

static int describe_member(const struct loading *loading,
			   const struct imp_archive_entry *member,
			   struct imp_image_layer *layer, struct imp_error *err)
{
	enum imp_head_kind head;
	int rc = imp_archive_entry_head(loading->archive, member, &head, err);

	if (rc < 0)
		return rc;
	layer->blob.size_bytes = member->size_bytes;
	layer->blob.digest = member->digest;
	switch (head) {
	case IMP_HEAD_GZIP:
		layer->blob.media_type = LAYER_TYPE ".gzip";
		layer->blob.declared = IMP_DECLARED_GZIP;
		break;
	case IMP_HEAD_ZSTD:
		layer->blob.media_type = LAYER_TYPE ".zstd";
		layer->blob.declared = IMP_DECLARED_ZSTD;
		break;
	case IMP_HEAD_TAR:
	case IMP_HEAD_ZEROS:
	case IMP_HEAD_EMPTY:
		describe_plain(layer);
		break;
	case IMP_HEAD_PACKED:
	case IMP_HEAD_JSON:
	case IMP_HEAD_MARKUP:
	case IMP_HEAD_OTHER:
		break;
	}
	return 0;
}

/* LayerSources tells by DiffID what a foreign layer, which is left out, would be. */
static void describe_missing(const struct loading *loading, struct imp_image_layer *layer)
{
	const json_t *sources = imp_json_get_object(loading->entry, "LayerSources");
	char diff_id[IMP_DIGEST_TEXT];
	const json_t *source =
		imp_json_get_object(sources, imp_digest_text(&layer->diff_id, diff_id));
	struct imp_slice type = imp_json_get_string(source, "mediaType");
	struct imp_digest digest;

	if (!source)
		return;
	imp_json_get_u64(source, "size", &layer->blob.size_bytes);
	if (imp_digest_parse(imp_json_get_string(source, "digest"), &digest, NULL) == 0)
		layer->blob.digest = digest;
	if (type.len > 0)
		layer->blob.media_type =
			imp_arena_copy(loading->selection->arena, type).data;
	layer->blob.foreign = strstr(layer->blob.media_type, ".foreign.") ||
			      strstr(layer->blob.media_type, ".nondistributable.");
}

static int load_layer(struct loading *loading, struct imp_slice name, size_t i,
		      struct imp_error *err)
{
	const struct imp_archive_entry *member = NULL;
	struct imp_image_layer *layer = &loading->image.layers[i];
	struct imp_slice location = name;

	layer->diff_id = loading->image.config.diff_ids[i];
	layer->blob.media_type = LAYER_TYPE;
	layer->blob.artifact_type = "";
	layer->blob.size_bytes = IMP_UNKNOWN_SIZE;
	if (imp_archive_name(loading->selection->arena, IMP_SLICE(""), name, &location))
		member =
			imp_archive_find(&loading->archive->table, location,
					 loading->archive->context->limits->symlink_hops);
	layer->location = imp_arena_copy(loading->selection->arena, location).data;
	if (member)
		return describe_member(loading, member, layer, err);
	describe_missing(loading, layer);
	return 0;
}

static int check_count(const struct loading *loading, size_t layers,
		       struct imp_error *err)
{
	size_t diff_ids = loading->image.config.diff_id_count;

	if (layers == diff_ids)
		return 0;
	return imp_fail(err, IMP_E_FORMAT,
			MANIFEST " has %zu layers, but the config has %zu diff_ids",
			layers, diff_ids);
}

static int load_layers(struct loading *loading, struct imp_error *err)
{
	const json_t *names = imp_json_get_array(loading->entry, "Layers");
	size_t count = json_array_size(names);
	struct imp_arena *arena = loading->selection->arena;
	struct imp_image *image = &loading->image;
	const struct imp_slice *instructions;
	int rc = check_count(loading, count, err);

	if (rc < 0)
		return rc;
	image->layer_count = image->manifest.entry_count = count;
	image->layers = imp_arena_array(arena, count, sizeof(*image->layers));
	image->manifest.entries =
		imp_arena_array(arena, count, sizeof(*image->manifest.entries));
	instructions = imp_layer_instructions(&image->config, count, arena,
					      loading->selection->warnings);
	for (size_t i = 0; i < count; i++) {
		rc = load_layer(loading, string_at(names, i), i, err);
		if (rc < 0)
			return rc;
		image->layers[i].instruction = instructions[i];
		image->manifest.entries[i] = image->layers[i].blob;
	}
	return 0;
}

int imp_docker_load(const struct imp_archive *archive,
		    const struct imp_selection *selection, const json_t *entry,
		    struct imp_image *out, struct imp_error *err)
{
	struct loading loading = {
		.archive = archive, .selection = selection, .entry = entry};
	struct imp_image *image = &loading.image;
	int rc;

	image->reference = selection->reference;
	image->manifest.kind = IMP_DOCUMENT_MANIFEST;
	image->manifest.media_type = MANIFEST_TYPE;
	image->manifest.artifact_type = "";
	rc = load_config(&loading, err);
	if (rc == 0)
		rc = imp_accept_platform(selection, &image->platform, err);
	if (rc == 0)
		rc = load_layers(&loading, err);
	if (rc == 0)
		*out = loading.image;
	return rc;
}
