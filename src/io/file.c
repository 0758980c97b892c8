#include "imgprof/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "imgprof/arena.h"

enum { BUFFER_BYTES = 256 << 10 };

struct file {
	struct imp_stream base;
	int fd;
	bool seekable;   /* pread(2) from OFFSET, else read(2) */
	uint64_t offset; /* of the next byte */
	uint64_t end;    /* offset behind the last byte, or IMP_TO_END */
	int rc;          /* sticky, with ERR */
	struct imp_error err;
	uint8_t buffer[BUFFER_BYTES];
};

static ssize_t read_some(struct file *f, size_t want)
{
	for (;;) {
		ssize_t n = f->seekable ? pread(f->fd, f->buffer, want, (off_t)f->offset)
					: read(f->fd, f->buffer, want);
		if (n >= 0 || errno != EINTR)
			return n;
	}
}

/* As next, without memory of earlier failures. */
static int file_read(struct file *f, struct imp_chunk *out, struct imp_error *err)
{
	uint64_t left = f->end - f->offset;
	if (left == 0)
		return 1;

	ssize_t n = read_some(f, left < BUFFER_BYTES ? (size_t)left : BUFFER_BYTES);
	if (n < 0)
		return imp_fail_errno(err, "reading at byte %" PRIu64, f->offset);
	if (n == 0 && f->end == IMP_TO_END)
		return 1;
	if (n == 0)
		return imp_fail(err, IMP_E_INTEGRITY,
				"file ends at byte %" PRIu64 ", expected %" PRIu64,
				f->offset, f->end);

	f->offset += (uint64_t)n;
	*out = (struct imp_chunk){.data = f->buffer, .len = (size_t)n};
	return 0;
}

static int file_next(struct imp_stream *stream, struct imp_chunk *out,
		     struct imp_error *err)
{
	struct file *f = (struct file *)stream;
	if (f->rc == 0)
		f->rc = file_read(f, out, &f->err);
	if (f->rc < 0 && err)
		*err = f->err;
	return f->rc;
}

static void file_destroy(struct imp_stream *stream)
{
	free(stream);
}

static const struct imp_stream_ops file_ops = {file_next, file_destroy};

static struct imp_stream *create(int fd, bool seekable, uint64_t offset, uint64_t end)
{
	struct file *f = imp_xmalloc(sizeof(*f));
	f->base.ops = &file_ops;
	f->fd = fd;
	f->seekable = seekable;
	f->offset = offset;
	f->end = end;
	f->rc = 0;
	return &f->base;
}

struct imp_stream *imp_stream_file(int fd, uint64_t offset, uint64_t length)
{
	uint64_t end = IMP_TO_END;
	if (length != IMP_TO_END && __builtin_add_overflow(offset, length, &end))
		end = IMP_TO_END - 1;
	posix_fadvise(fd, (off_t)offset, length == IMP_TO_END ? 0 : (off_t)length,
		      POSIX_FADV_SEQUENTIAL);
	return create(fd, true, offset, end);
}

struct imp_stream *imp_stream_pipe(int fd)
{
	return create(fd, false, 0, IMP_TO_END);
}
