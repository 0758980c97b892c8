#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_priv.h"

/* An archive as a source. */
struct archive_source {
	struct imp_source source;
	struct imp_archive archive;
	struct imp_stream *stream; /* one-pass: not read yet */
	uint64_t file_bytes;
	bool read; /* the table is filled */
};

/* What the user calls it. */
static const char *called(const struct imp_archive *archive)
{
	return archive->location->transport == IMP_TRANSPORT_STDIN
		       ? "standard input"
		       : archive->location->text;
}

static bool is_one_pass(const struct imp_source *source)
{
	return ((const struct archive_source *)source)->archive.one_pass;
}

static int fill_table(struct archive_source *self, const struct imp_layer_sink *sink,
		      struct imp_error *err)
{
	struct imp_archive *archive = &self->archive;
	int rc;

	if (self->read)
		return 0;
	if (!archive->one_pass)
		rc = imp_archive_scan(archive, self->file_bytes, err);
	else if (!self->stream || !sink)
		return imp_fail(err, IMP_E_BUG,
				"a source that reads once was resolved %s",
				sink ? "twice" : "without a sink");
	else
		rc = imp_archive_read_once(archive, imp_steal(&self->stream), sink, err);
	self->read = rc == 0;
	return rc;
}

static int offer_bytes(const struct imp_layer_sink *sink, const char *name,
		       struct imp_slice bytes, int *id, struct imp_error *err)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_memory(bytes, 0);

	return sink->offer(sink->user, name, stream, id, err);
}

static int check_blob(const struct imp_archive_entry *member,
		      const struct imp_digest *wanted, struct imp_error *err)
{
	char has[IMP_DIGEST_TEXT], expected[IMP_DIGEST_TEXT];

	if (imp_digest_equal(&member->digest, wanted))
		return 0;
	return imp_fail(err, IMP_E_INTEGRITY, "%s: has the digest %s, expected %s",
			member->name.data, imp_digest_text(&member->digest, has),
			imp_digest_text(wanted, expected));
}

/* What the sink made of layer LAYER; -1: missing. */
static int find_id(const struct archive_source *self, const struct imp_image *image,
		   size_t layer, const struct imp_layer_sink *sink, int *id,
		   struct imp_error *err)
{
	const struct imp_archive_entry *member =
		imp_archive_layer(&self->archive, image, layer);
	const struct imp_image_layer *at = &image->layers[layer];

	if (at->blob.data.data)
		return offer_bytes(sink, "embedded data", at->blob.data, id, err);
	if (!member) {
		*id = -1;
		return 0;
	}
	if (member->kind == IMP_ENTRY_OFFERED) {
		*id = member->sink_id;
		/* By its location it is docker's, whose DiffID is checked with the content. */
		return at->location ? 0 : check_blob(member, &at->blob.digest, err);
	}
	/* What is empty is worth an offer only when an image names it. */
	if (member->kind == IMP_ENTRY_USELESS && member->head == IMP_HEAD_EMPTY)
		return offer_bytes(sink, member->name.data, IMP_SLICE(""), id, err);
	if (member->kind == IMP_ENTRY_SPARSE)
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"layer %zu: %s is a sparse member", layer,
				member->name.data);
	return imp_fail(err, IMP_E_FORMAT,
			"layer %zu: %s is neither a tar nor compressed with gzip or zstd",
			layer, member->name.data);
}

static int find_ids(const struct archive_source *self, const struct imp_layer_sink *sink,
		    struct imp_arena *arena, struct imp_resolution *resolution,
		    struct imp_error *err)
{
	const int **ids = imp_arena_array(arena, resolution->image_count, sizeof(*ids));

	for (size_t i = 0; i < resolution->image_count; i++) {
		const struct imp_image *image = &resolution->images[i];
		int *of_image = imp_arena_array(arena, image->layer_count, sizeof(int));
		for (size_t k = 0; k < image->layer_count; k++) {
			int rc = find_id(self, image, k, sink, &of_image[k], err);
			if (rc < 0)
				return rc;
		}
		ids[i] = of_image;
	}
	resolution->one_pass_ids = ids;
	return 0;
}

static int resolve(struct imp_source *source, const struct imp_platform_choice *choice,
		   const struct imp_layer_sink *sink, struct imp_arena *arena,
		   struct imp_warnings *warnings, struct imp_resolution *out,
		   struct imp_error *err)
{
	struct archive_source *self = (struct archive_source *)source;
	struct imp_archive *archive = &self->archive;
	struct imp_resolution resolution = {0};
	struct imp_selection selection = {
		.context = source->context,
		.choice = choice,
		.arena = arena,
		.warnings = warnings,
		.reference = archive->location->text,
	};
	int rc = fill_table(self, sink, err);

	if (rc == 0)
		rc = imp_archive_images(archive, &selection, &resolution.images,
					&resolution.image_count, err);
	if (rc == 0 && archive->one_pass)
		rc = find_ids(self, sink, arena, &resolution, err);
	if (rc < 0)
		return imp_wrap(err, "%s", called(archive));
	if (archive->cut)
		imp_warnings_add(warnings, "archive-no-end", IMP_NO_LAYER, IMP_SLICE(""),
				 "the archive ends without its end blocks");
	*out = resolution;
	return 0;
}

static int open_layer(struct imp_source *source, const struct imp_image *image,
		      size_t layer, struct imp_stream **out, struct imp_error *err)
{
	const struct imp_archive *archive = &((struct archive_source *)source)->archive;
	const struct imp_archive_entry *member = imp_archive_layer(archive, image, layer);
	const char *location = image->layers[layer].location;
	char digest[IMP_DIGEST_TEXT];

	if (!member && !location)
		location = imp_digest_text(&image->layers[layer].blob.digest, digest);
	if (!member)
		return imp_fail(err, IMP_E_NOT_FOUND, "%s: %s: not in the archive%s",
				called(archive), location,
				archive->cut ? ", which is cut short" : "");
	if (member->kind != IMP_ENTRY_RANGE)
		return imp_fail(err, IMP_E_UNSUPPORTED, "%s: %s: a sparse member",
				called(archive), member->name.data);
	*out = imp_stream_file(archive->fd, member->offset_bytes, member->size_bytes);
	return 0;
}

static int fetch(struct imp_source *source, enum imp_fetch_kind kind,
		 const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		 struct imp_strbuf *body, struct imp_error *err)
{
	const struct imp_archive *archive = &((struct archive_source *)source)->archive;
	char name[IMP_BLOB_NAME];

	(void)kind;
	return imp_archive_read(archive, imp_blob_name(&descriptor->digest, name),
				limit_bytes, body, err);
}

static void destroy(struct imp_source *source)
{
	struct archive_source *self = (struct archive_source *)source;

	imp_stream_destroy(self->stream);
	imp_archive_table_finish(&self->archive.table);
	imp_keep_finish(&self->archive.keep);
	if (self->archive.fd >= 0)
		close(self->archive.fd);
	free(self);
}

/* Whoever asks for documents alone lets the layers go by. */
static int skip_layer(void *user, const char *name, struct imp_stream *bytes, int *id,
		      struct imp_error *err)
{
	(void)user;
	(void)name;
	(void)bytes;
	(void)err;
	*id = -1;
	return 0;
}

static int files(struct imp_source *source, struct imp_files *out, struct imp_error *err)
{
	static const struct imp_layer_sink skip = {.offer = skip_layer};
	struct archive_source *self = (struct archive_source *)source;
	int rc = fill_table(self, self->archive.one_pass ? &skip : NULL, err);

	if (rc < 0)
		return imp_wrap(err, "%s", called(&self->archive));
	*out = imp_archive_files(&self->archive);
	return 0;
}

static const struct imp_source_ops archive_ops = {
	.resolve = resolve,
	.open_layer = open_layer,
	.fetch = fetch,
	.is_one_pass = is_one_pass,
	.files = files,
	.destroy = destroy,
};

int imp_archive_of_source(struct imp_source *source, struct imp_archive **out,
			  struct imp_error *err)
{
	struct imp_files ignored;

	*out = NULL;
	if (source->ops != &archive_ops)
		return 0;
	*out = &((struct archive_source *)source)->archive;
	return files(source, &ignored, err);
}

static struct archive_source *create(const struct imp_context *context,
				     const struct imp_location *location)
{
	struct archive_source *self = imp_xcalloc(1, sizeof(*self));

	self->source = (struct imp_source){.ops = &archive_ops, .context = context};
	self->archive.context = context;
	self->archive.location = location;
	/* An engine's selector names the archive, not an image in it. */
	self->archive.selector = location->path ? location->selector : NULL;
	self->archive.fd = -1;
	imp_archive_table_init(&self->archive.table);
	imp_keep_init(&self->archive.keep, context);
	return self;
}

struct imp_source *imp_archive_source_of_stream(const struct imp_context *context,
						const struct imp_location *location,
						struct imp_stream *stream)
{
	struct archive_source *self = create(context, location);

	self->archive.one_pass = true;
	self->stream = stream;
	return &self->source;
}

/* Whether the file can be read again where it matters: a plain tar, or nothing that could be
 * unpacked either. */
static int look_at_file(struct archive_source *self, struct imp_error *err)
{
	char head[IMP_PEEK_BYTES];
	ssize_t len = pread(self->archive.fd, head, sizeof(head), 0);
	enum imp_head_kind kind;

	if (len < 0)
		return imp_fail_errno(err, "%s", called(&self->archive));
	kind = imp_head_kind(imp_slice(head, (size_t)len));
	if (kind == IMP_HEAD_GZIP || kind == IMP_HEAD_ZSTD) {
		self->archive.one_pass = true;
		self->stream = imp_stream_file(self->archive.fd, 0, IMP_TO_END);
		return 0;
	}
	if (imp_archive_check_head(imp_slice(head, (size_t)len), err) < 0)
		return imp_wrap(err, "%s", called(&self->archive));
	return 0;
}

static int look_at(struct archive_source *self, struct imp_error *err)
{
	struct stat status;

	if (fstat(self->archive.fd, &status) < 0)
		return imp_fail_errno(err, "%s", called(&self->archive));
	if (S_ISDIR(status.st_mode)) {
		imp_fail(err, IMP_E_USAGE, "%s: a folder, expected an archive",
			 called(&self->archive));
		return imp_hint(err, "a layout's prefix is oci:, a skopeo folder's dir:");
	}
	/* Of a file that was read from before only the rest is meant. */
	if (S_ISREG(status.st_mode) && lseek(self->archive.fd, 0, SEEK_CUR) == 0) {
		self->file_bytes = (uint64_t)status.st_size;
		return look_at_file(self, err);
	}
	self->archive.one_pass = true;
	self->stream = imp_stream_pipe(self->archive.fd);
	return 0;
}

int imp_archive_source_of_fd(const struct imp_context *context,
			     const struct imp_location *location, int fd,
			     struct imp_source **out, struct imp_error *err)
{
	struct archive_source *self = create(context, location);
	int rc;

	self->archive.fd = fd;
	rc = look_at(self, err);
	if (rc < 0) {
		destroy(&self->source);
		return rc;
	}
	*out = &self->source;
	return 0;
}

int imp_archive_source_create(const struct imp_context *context,
			      const struct imp_location *location,
			      const struct imp_source_options *options,
			      struct imp_source **out, struct imp_error *err)
{
	int fd = open(location->path, O_RDONLY | O_CLOEXEC);

	(void)options;
	if (fd < 0)
		return imp_source_fail_open(location->path, err);
	return imp_archive_source_of_fd(context, location, fd, out, err);
}
