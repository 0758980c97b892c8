#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_priv.h"
#include "select_priv.h"

int imp_source_fail_open(const char *path, struct imp_error *err)
{
	if (errno == ENOENT)
		return imp_error_set(err, IMP_E_SYSTEM, errno, __FILE__, __LINE__,
				     "%s: no such file or folder", path);
	return imp_fail_errno(err, "%s", path);
}

/* What lies in a folder tells what it is (formats.md 1.8). */
static int open_folder(const struct imp_context *context,
		       const struct imp_location *location,
		       const struct imp_source_options *options, struct imp_source **out,
		       struct imp_error *err)
{
	imp_auto_fd int folder = open(location->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return imp_source_fail_open(location->path, err);
	if (imp_folder_has(folder, "oci-layout"))
		return imp_layout_source_create(context, location, options, out, err);
	if (imp_folder_has(folder, "version") && imp_folder_has(folder, "manifest.json"))
		return imp_dir_source_create(context, location, options, out, err);
	imp_fail(err, IMP_E_FORMAT,
		 "%s: no image: expected oci-layout, or version and manifest.json in it",
		 location->path);
	if (imp_folder_has(folder, "manifest.json"))
		return imp_hint(err,
				"an unpacked docker save is read by tar -C %s -c . | "
				"imgprof -",
				location->path);
	return IMP_E_FORMAT;
}

/* A copy that the source can close. */
static int open_standard_input(const struct imp_context *context,
			       const struct imp_location *location,
			       struct imp_source **out, struct imp_error *err)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return imp_fail_errno(err, "standard input");
	return imp_archive_source_of_fd(context, location, fd, out, err);
}

int imp_sniff_source_create(const struct imp_context *context,
			    const struct imp_location *location,
			    const struct imp_source_options *options,
			    struct imp_source **out, struct imp_error *err)
{
	struct stat status;

	if (location->transport == IMP_TRANSPORT_STDIN)
		return open_standard_input(context, location, out, err);
	if (stat(location->path, &status) < 0)
		return imp_source_fail_open(location->path, err);
	if (S_ISDIR(status.st_mode))
		return open_folder(context, location, options, out, err);
	return imp_archive_source_create(context, location, options, out, err);
}

static imp_source_constructor *constructor_for(enum imp_transport transport)
{
	switch (transport) {
	case IMP_TRANSPORT_REGISTRY:
		return imp_registry_source_create;
	case IMP_TRANSPORT_STDIN:
	case IMP_TRANSPORT_PATH:
		return imp_sniff_source_create;
	case IMP_TRANSPORT_DOCKER_ARCHIVE:
	case IMP_TRANSPORT_OCI_ARCHIVE:
		return imp_archive_source_create;
	case IMP_TRANSPORT_OCI:
		return imp_layout_source_create;
	case IMP_TRANSPORT_DIR:
		return imp_dir_source_create;
	case IMP_TRANSPORT_DOCKER_DAEMON:
	case IMP_TRANSPORT_PODMAN:
		return imp_engine_source_create;
	}
	return NULL;
}

int imp_source_open(const struct imp_context *context,
		    const struct imp_location *location,
		    const struct imp_source_options *options, struct imp_source **out,
		    struct imp_error *err)
{
	imp_source_constructor *create = constructor_for(location->transport);

	if (!create)
		return imp_fail(err, IMP_E_BUG, "%s: unknown transport", location->text);
	return create(context, location, options, out, err);
}

void imp_source_destroy(struct imp_source *source)
{
	if (source)
		source->ops->destroy(source);
}

bool imp_source_is_one_pass(const struct imp_source *source)
{
	return source->ops->is_one_pass && source->ops->is_one_pass(source);
}

int imp_source_resolve(struct imp_source *source,
		       const struct imp_platform_choice *choice,
		       const struct imp_layer_sink *sink, struct imp_arena *arena,
		       struct imp_warnings *warnings, struct imp_resolution *out,
		       struct imp_error *err)
{
	return source->ops->resolve(source, choice, sink, arena, warnings, out, err);
}

int imp_source_open_layer(struct imp_source *source, const struct imp_image *image,
			  size_t layer, struct imp_stream **out, struct imp_error *err)
{
	if (imp_source_is_one_pass(source) || layer >= image->layer_count)
		return imp_fail(err, IMP_E_BUG, "layer %zu of %s cannot be opened", layer,
				image->reference);
	if (image->layers[layer].blob.data.data) {
		*out = imp_stream_memory(image->layers[layer].blob.data, 0);
		return 0;
	}
	return source->ops->open_layer(source, image, layer, out, err);
}

/* Of the source's own fetching what documents are checked with. */

static int fetch_later(void *user, enum imp_fetch_kind kind,
		       const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		       struct imp_strbuf *body, struct imp_error *err)
{
	struct imp_source *source = user;

	return source->ops->fetch(source, kind, descriptor, limit_bytes, body, err);
}

/* 1: none. A manifest's statements name their kind, those of old builders do not: then the first
 * will show what it is. */
static int find_statement(const struct imp_document *attestation,
			  struct imp_descriptor *out)
{
	for (size_t i = attestation->entry_count; i-- > 0;) {
		const struct imp_descriptor *entry = &attestation->entries[i];
		struct imp_slice kind =
			imp_annotation(entry->annotations, entry->annotation_count,
				       "in-toto.io/predicate-type");
		if (imp_slice_starts(kind, IMP_SLICE("https://slsa.dev/provenance/")) ||
		    (kind.len == 0 && strstr(entry->media_type, "in-toto")))
			*out = *entry;
	}
	return out->digest.algorithm == IMP_DIGEST_NONE;
}

int imp_source_read_provenance(struct imp_source *source, const struct imp_image *image,
			       struct imp_strbuf *body, struct imp_error *err)
{
	const struct imp_limits *limits = source->context->limits;
	struct imp_fetcher fetcher = {.fetch = fetch_later, .user = source};
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto(imp_strbuf_finish) struct imp_strbuf manifest = {0};
	struct imp_descriptor statement = {0};
	struct imp_document document;
	char name[IMP_DOCUMENT_NAME];

	if (image->attestation.digest.algorithm == IMP_DIGEST_NONE || !source->ops->fetch)
		return 1;
	int rc = imp_fetch_checked(&fetcher, IMP_FETCH_MANIFEST, &image->attestation,
				   limits, &manifest, err);
	if (rc == 0)
		rc = imp_document_parse(
			imp_strbuf_slice(&manifest), "",
			imp_document_name("manifest", &image->attestation.digest, name),
			limits, arena, &document, err);
	if (rc == 0)
		rc = find_statement(&document, &statement);
	if (rc != 0)
		return rc;
	return imp_fetch_checked(&fetcher, IMP_FETCH_STATEMENT, &statement, limits, body,
				 err);
}
