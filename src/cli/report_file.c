#include "report_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"
#include "imgprof/stream.h"

bool imp_report_file_is(const char *path)
{
	imp_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char start[64];

	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return false;
	ssize_t len = read(fd, start, sizeof(start));
	for (ssize_t i = 0; i < len; i++)
		if (!memchr(" \t\r\n", start[i], 4))
			return start[i] == '{';
	return false;
}

static int open_report(const char *name, struct imp_error *err)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? imp_fail_errno(err, "reading the report") : fd;
}

static int read_text(const char *name, const struct imp_limits *limits,
		     struct imp_strbuf *text, struct imp_error *err)
{
	imp_auto_fd int fd = open_report(name, err);

	if (fd < 0)
		return fd;
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	return imp_stream_read_all(stream, limits->report_bytes, "report-bytes", text,
				   err);
}

int imp_report_file_read(const char *name, const struct imp_limits *limits,
			 struct imp_arena *arena, struct imp_reloaded **out,
			 struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	int rc = read_text(name, limits, &text, err);

	return rc < 0 ? rc : imp_reload(imp_strbuf_slice(&text), limits, arena, out, err);
}

int imp_report_file_check_whole(const struct imp_reloaded *stored, struct imp_error *err)
{
	if (!stored->cut)
		return 0;
	imp_fail(err, IMP_E_USAGE, "its lists are cut");
	return imp_hint(err, "store reports without --top, --manager and --ignore-base");
}
