/* An OCI layout, in a folder or an archive, as a repository; else what docker saved. */
#include <stdlib.h>

#include "imgprof/image.h"
#include "repository_priv.h"
#include "source_priv.h"

enum { MOST_LISTED = 100000 };

struct local {
	struct imp_repository base;
	struct imp_source *source;
	struct imp_files files;
};

static struct imp_slice annotation(const struct imp_descriptor *entry, const char *key)
{
	return imp_annotation(entry->annotations, entry->annotation_count, key);
}

struct imp_slice imp_name_tag(struct imp_slice name)
{
	struct imp_slice last = imp_slice_basename(name);
	struct imp_slice tag = last;

	imp_slice_cut(&tag, ':');
	return tag.data ? tag : last;
}

static int list(struct imp_repository *repository, struct imp_arena *arena,
		struct imp_listing *listing, struct imp_error *err)
{
	struct local *self = (struct local *)repository;
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	struct imp_limits limits = *repository->context->limits;
	struct imp_document index;
	int rc = self->files.read(self->files.user, "index.json", limits.manifest_bytes,
				  &body, err);

	/* Here it lists images, not the platforms of one */
	limits.platforms = MOST_LISTED;
	if (rc == 0)
		rc = imp_document_parse(imp_strbuf_slice(&body),
					"application/vnd.oci.image.index.v1+json",
					"index.json", &limits, scratch, &index, err);
	for (size_t i = 0; rc == 0 && i < index.entry_count; i++) {
		const struct imp_descriptor *entry = &index.entries[i];
		struct imp_slice name = annotation(entry, "io.containerd.image.name");
		struct imp_slice tag =
			annotation(entry, "org.opencontainers.image.ref.name");
		imp_listing_add(listing, arena, name, imp_name_tag(tag.len ? tag : name),
				&entry->digest);
	}
	return rc;
}

static int document(struct imp_repository *repository, enum imp_document_place place,
		    const struct imp_digest *digest, struct imp_strbuf *body,
		    struct imp_error *err)
{
	struct local *self = (struct local *)repository;
	const struct imp_limits *limits = repository->context->limits;
	char name[IMP_BLOB_NAME];

	return self->files.read(self->files.user, imp_blob_name(digest, name),
				place == IMP_DOCUMENT_OF_MANIFEST ? limits->manifest_bytes
								  : limits->config_bytes,
				body, err);
}

static void destroy(struct imp_repository *repository)
{
	imp_source_destroy(((struct local *)repository)->source);
	free(repository);
}

/* SOURCE is owned. */
static int open_docker(const struct imp_context *context,
		       const struct imp_location *location, struct imp_source *source,
		       struct imp_repository **out, struct imp_error *err)
{
	struct imp_archive *archive;
	int rc = imp_archive_of_source(source, &archive, err);

	if (rc == 0 && archive)
		return imp_docker_repository_create(context, location, source, archive,
						    out, err);
	imp_source_destroy(source);
	return rc < 0 ? rc
		      : imp_fail(err, IMP_E_UNSUPPORTED,
				 "%s: no oci-layout and index.json in it",
				 location->text);
}

int imp_local_repository_create(const struct imp_context *context,
				const struct imp_location *location,
				const struct imp_source_options *options,
				struct imp_repository **out, struct imp_error *err)
{
	static const struct imp_repository_ops ops = {
		.list = list,
		.document = document,
		.destroy = destroy,
	};
	imp_auto_destroy(imp_source) struct imp_source *source = NULL;
	struct imp_files files;
	int rc = imp_source_open(context, location, options, &source, err);

	if (rc == 0)
		rc = source->ops->files
			     ? source->ops->files(source, &files, err)
			     : imp_fail(err, IMP_E_UNSUPPORTED,
					"%s: not a registry, OCI layout or OCI archive",
					location->text);
	if (rc < 0)
		return rc;
	if (!imp_layout_is_there(&files))
		return open_docker(context, location, imp_steal(&source), out, err);
	struct local *self = imp_xcalloc(1, sizeof(*self));
	self->base = (struct imp_repository){.ops = &ops, .context = context};
	self->source = imp_steal(&source);
	self->files = files;
	*out = &self->base;
	return 0;
}
