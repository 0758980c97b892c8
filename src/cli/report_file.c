#include "report_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/stream.h"

static int open_report(const char *name, struct imp_error *err)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? imp_fail_errno(err, "reading the report") : fd;
}

int imp_report_file_read(const struct imp_context *context, const char *name,
			 struct imp_strbuf *text, struct imp_error *err)
{
	imp_auto_fd int fd = open_report(name, err);

	if (fd < 0)
		return fd;
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	return imp_stream_read_all(stream, context->limits->report_bytes, "report-bytes",
				   text, err);
}
