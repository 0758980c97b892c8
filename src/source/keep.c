#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive_priv.h"
#include "imgprof/checked.h"

enum {
	MEMORY_BYTES = 16 << 20,
	/* Documents of an archive together, in documents of the greatest size. */
	TOTAL_DOCUMENTS = 64,
};

void imp_keep_init(struct imp_keep *keep, const struct imp_context *context)
{
	*keep = (struct imp_keep){.context = context, .fd = -1};
}

void imp_keep_finish(struct imp_keep *keep)
{
	imp_strbuf_finish(&keep->memory);
	if (keep->fd >= 0)
		close(keep->fd);
	keep->fd = -1;
}

bool imp_keep_has_room(const struct imp_keep *keep, uint64_t bytes)
{
	uint64_t limit = keep->context->limits->archive_json_bytes, total;

	if (bytes > limit || imp_mul_overflows(limit, TOTAL_DOCUMENTS, &limit) ||
	    imp_add_overflows(keep->memory.len, keep->spilled_bytes, &total))
		return false;
	return total <= limit && bytes <= limit - total;
}

/* A name that is gone before anything is written to it. */
static int open_unlinked(const char *folder)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd;
	imp_strbuf_printf(&name, "%s/imgprof-XXXXXX", folder);
	fd = mkostemp(name.data, O_CLOEXEC);
	if (fd >= 0)
		unlink(name.data);
	return fd;
}

static int ensure_file(struct imp_keep *keep, struct imp_error *err)
{
	const char *folder = imp_context_env(keep->context, "TMPDIR");

	if (keep->fd >= 0)
		return 0;
	if (!folder)
		folder = "/tmp";
	keep->fd = open_unlinked(folder);
	if (keep->fd < 0) {
		imp_fail_errno(err, "temporary file in %s", folder);
		return imp_hint(err, "set TMPDIR to a folder with room");
	}
	return 0;
}

static int write_all(struct imp_keep *keep, const struct imp_chunk *chunk,
		     struct imp_error *err)
{
	size_t done = 0;

	while (done < chunk->len) {
		ssize_t n = pwrite(keep->fd, chunk->data + done, chunk->len - done,
				   (off_t)keep->spilled_bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return imp_fail_errno(err, "write to a temporary file");
		done += (size_t)n;
		keep->spilled_bytes += (uint64_t)n;
	}
	return 0;
}

static int add_chunk(struct imp_keep *keep, const struct imp_chunk *chunk,
		     struct imp_kept *kept, struct imp_error *err)
{
	if (!imp_keep_has_room(keep, chunk->len))
		return imp_fail(err, IMP_E_LIMIT,
				"resource limit archive-json-bytes: a document that "
				"is longer than its header says");
	kept->size_bytes += chunk->len;
	if (kept->spilled)
		return write_all(keep, chunk, err);
	imp_strbuf_add(&keep->memory, chunk->data, chunk->len);
	return 0;
}

/* What of KEPT went to memory moves to the file: a document lies in one place. */
static int move_to_file(struct imp_keep *keep, struct imp_kept *kept,
			struct imp_error *err)
{
	struct imp_chunk chunk = {.len = keep->memory.len - kept->offset_bytes};
	int rc = ensure_file(keep, err);

	if (rc < 0)
		return rc;
	chunk.data = (const uint8_t *)keep->memory.data + kept->offset_bytes;
	kept->spilled = true;
	rc = chunk.len > 0 ? write_all(keep, &chunk, err) : 0;
	imp_strbuf_truncate(&keep->memory, kept->offset_bytes);
	kept->offset_bytes = keep->spilled_bytes - chunk.len;
	return rc;
}

int imp_keep_add(struct imp_keep *keep, struct imp_stream *stream, struct imp_kept *out,
		 struct imp_error *err)
{
	struct imp_kept kept = {.offset_bytes = keep->memory.len};
	struct imp_chunk chunk;
	int rc;

	while ((rc = imp_stream_next(stream, &chunk, err)) == 0) {
		if (!kept.spilled && chunk.len > MEMORY_BYTES - keep->memory.len)
			rc = move_to_file(keep, &kept, err);
		if (rc == 0)
			rc = add_chunk(keep, &chunk, &kept, err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	*out = kept;
	return 0;
}

static int read_spilled(const struct imp_keep *keep, const struct imp_kept *kept,
			struct imp_strbuf *body, struct imp_error *err)
{
	char *to = imp_strbuf_reserve(body, kept->size_bytes);
	size_t done = 0;

	while (done < kept->size_bytes) {
		ssize_t n = pread(keep->fd, to + done, kept->size_bytes - done,
				  (off_t)(kept->offset_bytes + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return imp_fail_errno(err, "read of a temporary file");
		if (n == 0)
			return imp_fail(err, IMP_E_SYSTEM, "temporary file was cut");
		done += (size_t)n;
	}
	body->len += done;
	return 0;
}

int imp_keep_read(const struct imp_keep *keep, const struct imp_kept *kept,
		  struct imp_strbuf *body, struct imp_error *err)
{
	if (kept->spilled)
		return read_spilled(keep, kept, body, err);
	imp_strbuf_add(body, keep->memory.data + kept->offset_bytes, kept->size_bytes);
	return 0;
}
