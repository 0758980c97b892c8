/* docker's manifest.json as a repository: images without manifests (formats.md 7.1). */
#include <stdlib.h>

#include "archive_priv.h"
#include "imgprof/json.h"
#include "repository_priv.h"

/* Configs of an archive together, in configs of the greatest size: each is parsed. */
enum { TOTAL_CONFIGS = 64 };

struct saved_image {
	struct imp_image image;
	const char *config; /* the member's name */
};

struct docker {
	struct imp_repository base;
	const struct imp_location *location;
	struct imp_source *source;
	const struct imp_archive *archive;
	json_t *manifest;
	struct imp_arena *arena; /* of what belongs to the images */
	struct saved_image *images;
	size_t count, capacity;
	struct imp_map by_digest; /* of the config */
	uint64_t config_bytes;
};

static struct imp_slice key_of(const struct imp_digest *digest)
{
	return imp_slice((const char *)digest, sizeof(*digest));
}

static const struct saved_image *find_image(const struct docker *self,
					    const struct imp_digest *digest,
					    struct imp_error *err)
{
	char text[IMP_DIGEST_TEXT];
	uint64_t index;

	if (imp_map_get(&self->by_digest, key_of(digest), &index))
		return &self->images[index];
	imp_fail(err, IMP_E_NOT_FOUND, "%s: %s: not in the archive", self->location->text,
		 imp_digest_text(digest, text));
	return NULL;
}

/* Only what is foreign may be left out of an archive; then it has no size there. */
static int check_layers(const struct docker *self, struct imp_image *image,
			struct imp_error *err)
{
	for (size_t i = 0; i < image->layer_count; i++) {
		struct imp_image_layer *layer = &image->layers[i];
		if (imp_archive_layer(self->archive, image, i))
			continue;
		if (!layer->blob.foreign)
			return imp_fail(err, IMP_E_NOT_FOUND, "%s: not in the archive",
					layer->location);
		layer->blob.size_bytes = IMP_UNKNOWN_SIZE;
	}
	return 0;
}

/* Of whatever platform. */
static int load_image(struct docker *self, const json_t *entry,
		      struct imp_warnings *warnings, struct imp_image *out,
		      struct imp_error *err)
{
	static const struct imp_platform_choice any = {.all = true};
	struct imp_selection selection = {
		.context = self->base.context,
		.choice = &any,
		.arena = self->arena,
		.warnings = warnings,
		.reference = self->location->text,
	};
	uint64_t most_bytes = self->base.context->limits->config_bytes;
	int rc = imp_docker_load(self->archive, &selection, entry, out, err);

	if (rc == 0)
		rc = check_layers(self, out, err);
	if (rc < 0)
		return rc;
	self->config_bytes += out->config_bytes;
	if (self->config_bytes / TOTAL_CONFIGS > most_bytes)
		return imp_fail(err, IMP_E_LIMIT,
				"resource limit config-bytes: %d times as much in one "
				"archive",
				TOTAL_CONFIGS);
	return 0;
}

static void keep_image(struct docker *self, const json_t *entry,
		       const struct imp_image *image)
{
	struct imp_slice name = imp_json_get_string(entry, "Config");
	struct imp_slice key =
		imp_arena_copy(self->arena, key_of(&image->manifest.config.digest));

	if (imp_map_get(&self->by_digest, key, NULL))
		return;
	imp_map_set(&self->by_digest, key, self->count);
	self->images = imp_xgrow(self->images, &self->capacity, self->count + 1,
				 sizeof(*self->images));
	self->images[self->count++] =
		(struct saved_image){*image, imp_arena_copy(self->arena, name).data};
}

static void list_names(const json_t *entry, const struct imp_digest *digest,
		       struct imp_arena *arena, struct imp_listing *listing)
{
	const json_t *tags = imp_json_get_array(entry, "RepoTags");
	size_t names = 0;

	for (size_t i = 0; i < json_array_size(tags); i++) {
		const json_t *text = json_array_get(tags, i);
		if (!json_is_string(text))
			continue;
		struct imp_slice name =
			imp_slice(json_string_value(text), json_string_length(text));
		imp_listing_add(listing, arena, name, imp_name_tag(name), digest);
		names++;
	}
	if (names == 0)
		imp_listing_add(listing, arena, IMP_SLICE(""), IMP_SLICE(""), digest);
}

/* An image that cannot be read does not hide the others. */
static int list(struct imp_repository *repository, struct imp_arena *arena,
		struct imp_listing *listing, struct imp_error *err)
{
	struct docker *self = (struct docker *)repository;
	imp_auto_destroy(imp_warnings) struct imp_warnings *ignored =
		imp_warnings_create();
	int first = 0;

	for (size_t i = 0; i < json_array_size(self->manifest); i++) {
		const json_t *entry = json_array_get(self->manifest, i);
		struct imp_error failed = {0};
		struct imp_image image = {0};
		int rc = load_image(self, entry, ignored, &image, &failed);
		if (rc == 0) {
			keep_image(self, entry, &image);
			list_names(entry, &image.manifest.config.digest, arena, listing);
		} else if (first == 0) {
			first = rc;
			*err = failed;
			imp_wrap(err, "%s: manifest.json: image %zu",
				 self->location->text, i);
		}
		if (rc == IMP_E_LIMIT)
			break;
	}
	return first;
}

static int document(struct imp_repository *repository, enum imp_document_place place,
		    const struct imp_digest *digest, struct imp_strbuf *body,
		    struct imp_error *err)
{
	const struct docker *self = (const struct docker *)repository;
	const struct saved_image *found = find_image(self, digest, err);

	(void)place;
	return found ? imp_archive_read(self->archive, found->config,
					repository->context->limits->config_bytes, body,
					err)
		     : err->category;
}

static int image(struct imp_repository *repository, const struct imp_digest *digest,
		 struct imp_arena *arena, struct imp_document *out, struct imp_error *err)
{
	const struct saved_image *found =
		find_image((const struct docker *)repository, digest, err);

	if (!found)
		return err->category;
	*out = found->image.manifest;
	out->entries =
		imp_arena_array(arena, found->image.layer_count, sizeof(*out->entries));
	for (size_t i = 0; i < found->image.layer_count; i++) {
		out->entries[i] = found->image.layers[i].blob;
		/* What a layer is, packed or not: nobody has read it */
		out->entries[i].digest = found->image.layers[i].diff_id;
	}
	return 0;
}

static void destroy(struct imp_repository *repository)
{
	struct docker *self = (struct docker *)repository;

	json_decref(self->manifest);
	imp_map_finish(&self->by_digest);
	imp_arena_destroy(self->arena);
	imp_source_destroy(self->source);
	free(self->images);
	free(self);
}

int imp_docker_repository_create(const struct imp_context *context,
				 const struct imp_location *location,
				 struct imp_source *source,
				 const struct imp_archive *archive,
				 struct imp_repository **out, struct imp_error *err)
{
	static const struct imp_repository_ops ops = {
		.list = list,
		.document = document,
		.image = image,
		.destroy = destroy,
	};
	json_t *manifest;
	int rc = imp_docker_open(archive, &manifest, err);

	if (rc == 0 && !manifest)
		rc = imp_archive_no_image(archive, err);
	if (rc < 0) {
		imp_source_destroy(source);
		return imp_wrap(err, "%s", location->text);
	}
	struct docker *self = imp_xcalloc(1, sizeof(*self));
	self->base = (struct imp_repository){.ops = &ops, .context = context};
	self->location = location;
	self->source = source;
	self->archive = archive;
	self->manifest = manifest;
	self->arena = imp_arena_create();
	*out = &self->base;
	return 0;
}
