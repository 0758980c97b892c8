#include "rules_files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "imgprof/strbuf.h"
#include "imgprof/stream.h"

#define PROJECT_FILE ".imgprof.yaml"

enum { MAX_BYTES = 1 << 20 };

static void close_file(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* 1 when there is no such file and OPTIONAL says that none is needed. */
static int read_file(const char *name, bool optional, struct imp_strbuf *out,
		     struct imp_error *err)
{
	__attribute__((cleanup(close_file))) int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && optional)
		return 1;
	if (fd < 0)
		return imp_fail_errno(err, "%s", name);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	int rc = imp_stream_read_all(stream, MAX_BYTES, name, out, err);
	return rc < 0 ? imp_wrap(err, "%s", name) : 0;
}

typedef int add_function(struct imp_rules *rules, struct imp_slice text, const char *name,
			 struct imp_error *err);

static int add_file(struct imp_rules *rules, const char *name, bool optional,
		    add_function *add, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	int rc = read_file(name, optional, &text, err);

	if (rc != 0)
		return rc < 0 ? rc : 0;
	return add(rules, imp_strbuf_slice(&text), name, err);
}

int imp_settings_rules(const struct imp_settings *settings, struct imp_rules **out,
		       struct imp_error *err)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = NULL;
	int rc = imp_rules_builtin(&rules, err);

	if (rc == 0)
		rc = add_file(rules, PROJECT_FILE, true, imp_rules_add_yaml, err);
	for (size_t i = 0; rc == 0 && i < settings->rules_count; i++)
		rc = add_file(rules, settings->rules[i], false, imp_rules_add, err);
	if (rc == 0)
		*out = imp_steal(&rules);
	return rc;
}
