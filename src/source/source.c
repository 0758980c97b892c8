#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_priv.h"

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
