/* Options that ask something of an image, and those that say what it really runs. */
#include "questions.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"
#include "imgprof/stream.h"
#include "imgprof/without.h"

static int apply_why(struct imp_settings *settings, const char *value,
		     struct imp_error *err)
{
	return imp_words_add(&settings->why, "why", value, err);
}

static int apply_without(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	return imp_words_add(&settings->without, "without", value, err);
}

static int apply_run(struct imp_settings *settings, const char *value,
		     struct imp_error *err)
{
	return imp_words_add(&settings->runs, "run", value, err);
}

static int apply_used(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)err;
	settings->used = value;
	return 0;
}

static int apply_fixes(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	(void)value, (void)err;
	settings->fixes = true;
	return 0;
}

static int apply_recompress(struct imp_settings *settings, const char *value,
			    struct imp_error *err)
{
	struct imp_slice rest = imp_slice_of(value);

	do {
		/* "zstd:19|gzip:9" and "zstd:19,gzip:9" are lists. */
		struct imp_slice item = rest;
		item.len = 0;
		while (item.len < rest.len && !strchr(",|", rest.data[item.len]))
			item.len++;
		rest = item.len < rest.len ? imp_slice_skip(rest, item.len + 1)
					   : (struct imp_slice){0};
		if (settings->recompress_count == IMP_MAX_RECOMPRESS)
			return imp_fail(err, IMP_E_USAGE, "more than %d settings",
					IMP_MAX_RECOMPRESS);
		int rc = imp_recompress_parse(
			item, &settings->recompress[settings->recompress_count], err);
		if (rc < 0)
			return rc;
		settings->recompress_count++;
	} while (rest.data);
	return 0;
}

static int apply_manager(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	if (imp_manager_parse(imp_slice_of(value), &settings->filter.manager)) {
		settings->filter.has_manager = true;
		return 0;
	}
	for (int manager = 0; manager < IMP_MANAGERS; manager++)
		imp_strbuf_printf(&names, " %s",
				  imp_manager_name((enum imp_manager)manager));
	imp_fail(err, IMP_E_USAGE, "no package manager '%s'", value);
	return imp_hint(err, "one of%s", names.data);
}

static int apply_ignore_base(struct imp_settings *settings, const char *value,
			     struct imp_error *err)
{
	(void)value, (void)err;
	settings->filter.ignore_base = true;
	return 0;
}

#define MANAGERS "dpkg apk rpm chisel conda npm python composer gem nuget jdk go cargo"

/* clang-format off */
const struct imp_option imp_question_options[] = {
	{"why", 0, "PATH", "what PATH is: owner, class, what keeps it; repeatable", "Questions", NULL, NULL, apply_why},
	{"fixes", 0, NULL, "what to change, in order of bytes", "Questions", NULL, NULL, apply_fixes},
	{"without", 0, "RULE|CLASS", "the size without these findings; repeatable", "Questions", NULL, NULL, apply_without},
	{"recompress", 0, "SETTING", "what layers would weigh: zstd:19, gzip:9", "Questions", NULL, NULL, apply_recompress},
	{"manager", 0, "NAME", "list packages and findings of one manager only", "Questions", MANAGERS, NULL, apply_manager},
	{"ignore-base", 0, NULL, "list nothing that the base image brought", "Questions", NULL, NULL, apply_ignore_base},
	{0},
};

const struct imp_option imp_evidence_options[] = {
	{"run", 0, "COMMAND", "what really runs, not the image's own; repeatable", "Evidence", NULL, NULL, apply_run},
	{"used", 0, "FILE", "paths that a real run opened, one a line", "Evidence", NULL, NULL, apply_used},
	{0},
};
/* clang-format on */

/* What rests on rules, packages or what runs says nothing without classification. */
static const char *needs_classes(const struct imp_settings *settings)
{
	if (settings->runs.count > 0)
		return "run";
	if (settings->used)
		return "used";
	if (settings->filter.has_manager)
		return "manager";
	return settings->filter.ignore_base ? "ignore-base" : NULL;
}

static const char *first_question(const struct imp_settings *settings)
{
	if (settings->why.count > 0)
		return "why";
	if (settings->fixes)
		return "fixes";
	if (settings->without.count > 0)
		return "without";
	return settings->recompress_count > 0 ? "recompress" : NULL;
}

static bool answers(const struct imp_settings *settings)
{
	if (settings->output_count == 0)
		return true;
	for (size_t i = 0; i < settings->output_count; i++)
		if (strcmp(settings->outputs[i].format->name, "text") == 0 ||
		    strcmp(settings->outputs[i].format->name, "json") == 0)
			return true;
	return false;
}

static int check_terms(const struct imp_settings *settings, const struct imp_rules *rules,
		       struct imp_error *err)
{
	for (size_t i = 0; i < settings->without.count; i++) {
		if (imp_term_is_known(settings->without.list[i], rules))
			continue;
		imp_fail(err, IMP_E_USAGE, "--without %s: no rule and no class",
			 settings->without.list[i]);
		return imp_hint(err, "imgprof rules lists the rules");
	}
	return 0;
}

int imp_questions_check(const struct imp_settings *settings,
			const struct imp_rules *rules, struct imp_error *err)
{
	const char *question = first_question(settings);
	const char *resting = needs_classes(settings);

	if (settings->no_classify && resting)
		return imp_fail(err, IMP_E_USAGE, "--%s says nothing with --no-classify",
				resting);
	if (question && !answers(settings))
		return imp_fail(err, IMP_E_USAGE,
				"--%s is answered by the formats text and json only",
				question);
	return check_terms(settings, rules, err);
}

int imp_question_read_file(const char *option, const char *name, uint64_t most_bytes,
			   struct imp_strbuf *text, struct imp_error *err)
{
	imp_auto_fd int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return imp_fail_errno(err, "--%s %s", option, name);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_pipe(fd);
	int rc = imp_stream_read_all(stream, most_bytes, name, text, err);
	/* An empty file is one: `data` NULL means that there is none. */
	imp_strbuf_reserve(text, 1);
	return rc;
}

int imp_questions_read_used(const struct imp_settings *settings, struct imp_strbuf *text,
			    struct imp_error *err)
{
	enum { MOST_BYTES = 64 << 20 };

	return settings->used ? imp_question_read_file("used", settings->used, MOST_BYTES,
						       text, err)
			      : 0;
}
