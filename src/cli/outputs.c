#include "outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"
#include "signals.h"

static int check_kind(const struct imp_format *format, enum imp_report_kind kind,
		      struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	if (format->write[kind])
		return 0;
	for (const struct imp_format *const *other = imp_formats(); *other; other++)
		if ((*other)->write[kind])
			imp_strbuf_printf(&names, " %s", (*other)->name);
	imp_fail(err, IMP_E_USAGE, "no %s as %s", imp_report_kind_name(kind),
		 format->name);
	return imp_hint(err, "one of%s", names.data);
}

int imp_outputs_check(const struct imp_settings *settings, enum imp_report_kind kind,
		      struct imp_error *err)
{
	size_t to_stdout = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->output_count; i++) {
		to_stdout += !settings->outputs[i].file;
		rc = check_kind(settings->outputs[i].format, kind, err);
	}
	if (rc < 0)
		return rc;
	if (to_stdout > 1) {
		imp_fail(err, IMP_E_USAGE, "%zu outputs on standard output", to_stdout);
		return imp_hint(err, "give all but one a file: -o json=report.json");
	}
	return 0;
}

static int failed_write(const char *name, struct imp_error *err)
{
	if (errno == EPIPE) {
		imp_fail(err, IMP_E_SYSTEM, "%s: closed", name);
		return IMP_E_CLOSED_PIPE;
	}
	return imp_fail_errno(err, "writing %s", name);
}

static int flush_stdout(struct imp_error *err)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return failed_write("standard output", err);
	return 0;
}

int imp_output_text(struct imp_slice text, struct imp_error *err)
{
	if (fwrite(text.data, 1, text.len, stdout) != text.len)
		return failed_write("standard output", err);
	return flush_stdout(err);
}

static int write_stdout(const struct imp_output_request *output,
			const struct imp_report *report,
			const struct imp_report_options *options, struct imp_error *err)
{
	int rc = imp_format_write(output->format, report, options, stdout, err);

	return rc < 0 && !ferror(stdout) ? rc : flush_stdout(err);
}

/* Devices, pipes and sockets are written in place. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static mode_t default_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int write_and_close(const struct imp_output_request *output, int fd,
			   const struct imp_report *report,
			   const struct imp_report_options *options,
			   struct imp_error *err)
{
	FILE *file = fdopen(fd, "w");

	if (!file) {
		close(fd);
		return imp_fail_errno(err, "writing %s", output->file);
	}
	int rc = imp_format_write(output->format, report, options, file, err);
	bool bad = ferror(file);
	if (fflush(file) != 0)
		bad = true;
	int saved = errno;
	if (fclose(file) != 0 && !bad) {
		bad = true;
		saved = errno;
	}
	errno = saved;
	return bad ? failed_write(output->file, err) : rc;
}

static int write_replacing(const struct imp_output_request *output,
			   const struct imp_report *report,
			   const struct imp_report_options *options,
			   struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf temporary = {0};

	imp_strbuf_printf(&temporary, "%s.XXXXXX", output->file);
	int fd = mkostemp(temporary.data, O_CLOEXEC);
	if (fd < 0)
		return imp_fail_errno(err, "writing %s", output->file);
	imp_signals_guard_file(temporary.data);
	int rc = fchmod(fd, default_mode()) == 0
			 ? 0
			 : imp_fail_errno(err, "%s", temporary.data);
	if (rc < 0)
		close(fd);
	else
		rc = write_and_close(output, fd, report, options, err);
	if (rc == 0 && rename(temporary.data, output->file) < 0)
		rc = imp_fail_errno(err, "writing %s", output->file);
	if (rc < 0)
		unlink(temporary.data);
	imp_signals_guard_file(NULL);
	return rc;
}

int imp_output_write(const struct imp_output_request *output,
		     const struct imp_report *report,
		     const struct imp_report_options *options, struct imp_error *err)
{
	if (!output->file)
		return write_stdout(output, report, options, err);
	if (!is_special(output->file))
		return write_replacing(output, report, options, err);
	int fd = open(output->file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return imp_fail_errno(err, "writing %s", output->file);
	return write_and_close(output, fd, report, options, err);
}

/* What a runner shows of a step's summary: over it, nothing at all (reference/ecosystem.md 1.4). */
enum { SUMMARY_BYTES = 900000, SMALLEST_BYTES = 4096 };

static int render(const struct imp_format *format, const struct imp_report *report,
		  const struct imp_report_options *options, struct imp_strbuf *out,
		  struct imp_error *err)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		return imp_fail_errno(err, "memory for the summary");
	int rc = imp_format_write(format, report, options, file, err);
	if (fclose(file) != 0 && rc == 0)
		rc = imp_fail_errno(err, "memory for the summary");
	if (rc == 0)
		imp_strbuf_add(out, text, len);
	free(text);
	return rc;
}

static int write_all(int fd, struct imp_slice text, const char *name,
		     struct imp_error *err)
{
	while (text.len > 0) {
		ssize_t written = write(fd, text.data, text.len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return imp_fail_errno(err, "writing %s", name);
		text = imp_slice_skip(text, (size_t)written);
	}
	return 0;
}

int imp_output_append_summary(const char *path, const struct imp_report *report,
			      const struct imp_report_options *options,
			      struct imp_error *err)
{
	const struct imp_format *format = imp_format_find("markdown");
	struct imp_report_options summary = *options;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct stat st;

	if (!format->write[report->kind])
		return 0;
	imp_auto_fd int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || fstat(fd, &st) < 0)
		return imp_fail_errno(err, "writing %s", path);
	if (st.st_size > SUMMARY_BYTES - SMALLEST_BYTES)
		return 0;
	summary.comment = (struct imp_comment_options){
		.forge = IMP_FORGE_GITHUB,
		.name = options->comment.name,
		.max_bytes = (size_t)(SUMMARY_BYTES - st.st_size),
	};
	int rc = render(format, report, &summary, &text, err);
	return rc < 0 ? rc : write_all(fd, imp_strbuf_slice(&text), path, err);
}
