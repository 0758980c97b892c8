#include "budget_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/stream.h"

enum { MAX_BYTES = 1 << 20, MAX_FOLDERS = 64 };

#define PROJECT_FILE ".imgprof.yaml"

int imp_small_file_read(const char *name, struct imp_strbuf *out, struct imp_error *err)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return imp_fail_errno(err, "%s", name);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	int rc = imp_stream_read_all(stream, MAX_BYTES, name, out, err);
	return rc < 0 ? imp_wrap(err, "%s", name) : 0;
}

static bool there_is(const char *folder, const char *name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_printf(&path, "%s%s", folder, name);
	return access(path.data, F_OK) == 0;
}

/* The first above, in "", "../", "../../" ...; false: none up to the repository's root. */
static bool find_file(struct imp_strbuf *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf folder = {0};

	imp_strbuf_add_text(&folder, "");
	for (size_t i = 0; i < MAX_FOLDERS; i++) {
		if (there_is(folder.data, PROJECT_FILE)) {
			imp_strbuf_printf(out, "%s" PROJECT_FILE, folder.data);
			return true;
		}
		if (there_is(folder.data, ".git"))
			return false;
		imp_strbuf_add_text(&folder, "../");
	}
	return false;
}

int imp_budget_file_read(const struct imp_settings *settings, struct imp_budget **out,
			 struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (settings->budget) {
		imp_strbuf_add_text(&name, settings->budget);
	} else if (!find_file(&name)) {
		if (settings->dive_ci)
			return 0;
		imp_fail(err, IMP_E_USAGE, "no " PROJECT_FILE " here or above");
		return imp_hint(err,
				"--budget FILE; imgprof budget init IMAGE writes one");
	}
	int rc = imp_small_file_read(name.data, &text, err);
	if (rc == 0)
		rc = imp_budget_parse(imp_strbuf_slice(&text), name.data, out, err);
	return rc;
}
