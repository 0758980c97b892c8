#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_priv.h"

int imp_folder_open(const char *path, int *out, struct imp_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOTDIR)
		return imp_fail(err, IMP_E_USAGE, "%s: expected a folder", path);
	if (fd < 0)
		return imp_source_fail_open(path, err);
	*out = fd;
	return 0;
}

static int open_component(int folder, struct imp_slice component, int flags)
{
	char name[NAME_MAX + 1] = "";

	if (component.len > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, component.data, component.len);
	return openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC);
}

/* One component at a time: O_NOFOLLOW speaks of the last one only. */
static int open_below(int folder, const char *name)
{
	struct imp_slice rest = imp_slice_of(name);
	int at = folder;

	while (rest.data) {
		struct imp_slice component = imp_slice_cut(&rest, '/');
		int flags = rest.data ? O_PATH | O_DIRECTORY : O_RDONLY | O_NONBLOCK;
		int next = open_component(at, component, flags);
		int error = errno;
		if (at != folder)
			close(at);
		errno = error;
		if (next < 0)
			return -1;
		at = next;
	}
	return at;
}

static int fail_open(const char *name, struct imp_error *err)
{
	switch (errno) {
	case ENOENT:
		return imp_fail(err, IMP_E_NOT_FOUND, "%s: no such file", name);
	case ELOOP:
		return imp_fail(err, IMP_E_FORMAT, "%s: a symbolic link is not followed",
				name);
	case ENOTDIR:
		return imp_fail(err, IMP_E_FORMAT,
				"%s: expected folders on the way, symbolic links are not "
				"followed",
				name);
	default:
		return imp_fail_errno(err, "%s", name);
	}
}

static int check_regular(int fd, const char *name, struct imp_error *err)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return imp_fail_errno(err, "%s", name);
	if (!S_ISREG(status.st_mode))
		return imp_fail(err, IMP_E_FORMAT, "%s: expected a regular file", name);
	return 0;
}

int imp_folder_open_file(int folder, const char *name, int *out, struct imp_error *err)
{
	int fd = open_below(folder, name);
	int rc;

	if (fd < 0)
		return fail_open(name, err);
	rc = check_regular(fd, name, err);
	if (rc < 0)
		close(fd);
	else
		*out = fd;
	return rc;
}

int imp_folder_read(int folder, const char *name, uint64_t limit, struct imp_strbuf *body,
		    struct imp_error *err)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream = NULL;
	int rc = imp_folder_stream(folder, name, &stream, err);

	return rc < 0 ? rc : imp_stream_read_all(stream, limit, name, body, err);
}

bool imp_folder_has(int folder, const char *name)
{
	imp_auto_fd int fd = -1;

	return imp_folder_open_file(folder, name, &fd, NULL) == 0;
}

/* imp_stream_file lends a descriptor: this one owns it. */
struct file_stream {
	struct imp_stream stream;
	struct imp_stream *inner;
	int fd;
};

static int file_next(struct imp_stream *stream, struct imp_chunk *out,
		     struct imp_error *err)
{
	return imp_stream_next(((struct file_stream *)stream)->inner, out, err);
}

static void file_destroy(struct imp_stream *stream)
{
	struct file_stream *file = (struct file_stream *)stream;

	imp_stream_destroy(file->inner);
	close(file->fd);
	free(file);
}

static const struct imp_stream_ops file_ops = {file_next, file_destroy};

int imp_folder_stream(int folder, const char *name, struct imp_stream **out,
		      struct imp_error *err)
{
	struct file_stream *file;
	int fd = -1;
	int rc = imp_folder_open_file(folder, name, &fd, err);

	if (rc < 0)
		return rc;
	file = imp_xcalloc(1, sizeof(*file));
	file->stream.ops = &file_ops;
	file->inner = imp_stream_file(fd, 0, IMP_TO_END);
	file->fd = fd;
	*out = &file->stream;
	return 0;
}
