#include "command.h"

#include <stdlib.h>
#include <string.h>

static int apply_output(struct imp_settings *settings, const char *value,
			struct imp_error *err)
{
	struct imp_slice rest = imp_slice_of(value);
	struct imp_slice name = imp_slice_cut(&rest, '=');
	char text[32];

	if (settings->output_count == IMP_MAX_OUTPUTS)
		return imp_fail(err, IMP_E_USAGE, "more than %d outputs",
				IMP_MAX_OUTPUTS);
	if (name.len >= sizeof(text))
		return imp_fail(err, IMP_E_USAGE, "no format '%s'", value);
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	const struct imp_format *format = imp_format_find(text);
	if (!format) {
		imp_fail(err, IMP_E_USAGE, "no format '%s'", text);
		return imp_hint(err, "see imgprof --help for the list");
	}
	if (rest.data && !rest.len)
		return imp_fail(err, IMP_E_USAGE, "no file name behind '%s='", text);
	settings->outputs[settings->output_count++] = (struct imp_output_request){
		.format = format,
		.file = rest.data,
	};
	return 0;
}

static int apply_json(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)value;
	return apply_output(settings, "json", err);
}

static int apply_units(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	if (!imp_units_parse(imp_slice_of(value), &settings->units))
		return imp_fail(err, IMP_E_USAGE,
				"unknown units '%s': decimal, iec or bytes", value);
	return 0;
}

static int apply_color(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	if (strcmp(value, "always") == 0)
		settings->color = IMP_WHEN_ALWAYS;
	else if (strcmp(value, "never") == 0)
		settings->color = IMP_WHEN_NEVER;
	else if (strcmp(value, "auto") == 0)
		settings->color = IMP_WHEN_AUTO;
	else
		return imp_fail(err, IMP_E_USAGE, "'%s': always, never or auto", value);
	return 0;
}

static int parse_number(const char *value, unsigned long long max,
			unsigned long long *out, struct imp_error *err)
{
	if (!imp_slice_u64(imp_slice_of(value), out) || *out > max)
		return imp_fail(err, IMP_E_USAGE, "'%s' is no number from 0 to %llu",
				value, max);
	return 0;
}

static int apply_width(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	unsigned long long n;
	int rc = parse_number(value, 10000, &n, err);

	if (rc == 0)
		settings->width = (size_t)n;
	return rc;
}

static int apply_top(struct imp_settings *settings, const char *value,
		     struct imp_error *err)
{
	unsigned long long n;
	int rc = parse_number(value, 1000000000, &n, err);

	if (rc == 0)
		settings->top = (uint32_t)n;
	return rc;
}

static int apply_depth(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	unsigned long long n;
	int rc = parse_number(value, 10000, &n, err);

	if (rc == 0)
		settings->depth = (uint32_t)n;
	return rc;
}

static int apply_sort(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	static const struct {
		const char *name;
		enum imp_sort sort;
	} sorts[] = {
		{"disk", IMP_SORT_DISK},
		{"pull", IMP_SORT_PULL},
		{"files", IMP_SORT_FILES},
		{"name", IMP_SORT_NAME},
	};
	for (size_t i = 0; i < sizeof(sorts) / sizeof(*sorts); i++)
		if (strcmp(value, sorts[i].name) == 0) {
			settings->sort = sorts[i].sort;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE, "'%s': disk, pull, files or name", value);
}

static int apply_path(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)err;
	settings->path = value;
	return 0;
}

static int apply_no_tree(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->no_tree = true;
	return 0;
}

static int apply_html_max(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	enum { LEAST_BYTES = 100000 };

	if (!imp_size_parse(imp_slice_of(value), &settings->html_max_bytes) ||
	    settings->html_max_bytes < LEAST_BYTES)
		return imp_fail(err, IMP_E_USAGE, "'%s' is no size from 100kB", value);
	return 0;
}

static int apply_platform(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	(void)err;
	settings->platform = value;
	return 0;
}

static int apply_all_platforms(struct imp_settings *settings, const char *value,
			       struct imp_error *err)
{
	(void)value, (void)err;
	settings->all_platforms = true;
	return 0;
}

static int apply_plain_http(struct imp_settings *settings, const char *value,
			    struct imp_error *err)
{
	(void)value, (void)err;
	settings->plain_http = true;
	return 0;
}

static int apply_foreign(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->foreign = true;
	return 0;
}

static int apply_verify(struct imp_settings *settings, const char *value,
			struct imp_error *err)
{
	if (strcmp(value, "full") == 0)
		settings->verify_full = true;
	else if (strcmp(value, "blob") == 0)
		settings->verify_full = false;
	else
		return imp_fail(err, IMP_E_USAGE, "'%s': blob or full", value);
	return 0;
}

static int apply_dockerfile(struct imp_settings *settings, const char *value,
			    struct imp_error *err)
{
	if (!value[0])
		return imp_fail(err, IMP_E_USAGE, "--dockerfile needs a file");
	settings->dockerfile = value;
	return 0;
}

static int apply_partial(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->partial = true;
	return 0;
}

static int apply_no_classify(struct imp_settings *settings, const char *value,
			     struct imp_error *err)
{
	(void)value, (void)err;
	settings->no_classify = true;
	return 0;
}

static int apply_rules(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	if (settings->rules_count == IMP_MAX_RULES_FILES)
		return imp_fail(err, IMP_E_USAGE, "more than %d files of rules",
				IMP_MAX_RULES_FILES);
	settings->rules[settings->rules_count++] = value;
	return 0;
}

static int apply_test(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)value, (void)err;
	settings->test_rules = true;
	return 0;
}

static int apply_workdir(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)err;
	settings->workdir = value;
	return 0;
}

static int apply_threads(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	unsigned long long n;
	int rc = parse_number(value, 1024, &n, err);

	if (rc == 0)
		settings->threads = (unsigned)n;
	return rc;
}

static int apply_no_cache(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	(void)value, (void)err;
	settings->no_cache = true;
	return 0;
}

static int apply_cache_directory(struct imp_settings *settings, const char *value,
				 struct imp_error *err)
{
	(void)err;
	settings->cache_directory = value;
	return 0;
}

static int apply_limit(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	struct imp_slice rest = imp_slice_of(value);
	struct imp_slice name = imp_slice_cut(&rest, '=');
	uint64_t number;

	if (!rest.data || !imp_size_parse(rest, &number))
		return imp_fail(err, IMP_E_USAGE, "'%s' is not NAME=NUMBER", value);
	if (!imp_limits_set(&settings->limits, name, number)) {
		imp_fail(err, IMP_E_USAGE, "no limit '%.*s', or %llu is too much for it",
			 (int)name.len, name.data, (unsigned long long)number);
		return imp_hint(err, "imgprof help limits lists them");
	}
	return 0;
}

static int apply_progress(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	static const char *const names[] = {"auto", "tty", "plain", "none"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(value, names[i]) == 0) {
			settings->progress = (enum imp_progress_style)i;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE, "'%s': auto, tty, plain or none", value);
}

static int apply_quiet(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	(void)value, (void)err;
	settings->quiet = true;
	return 0;
}

static int apply_verbose(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->verbosity++;
	return 0;
}

static int apply_help(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)value, (void)err;
	settings->help = true;
	return 0;
}

/* clang-format off */
const struct imp_option imp_output_options[] = {
	{"output", 'o', "FORMAT[=FILE]", "what to print; may be repeated", "Output", NULL, NULL, apply_output},
	{"json", 0, NULL, "short for -o json", "Output", NULL, NULL, apply_json},
	{"top", 0, "N", "rows of each list", "Output", NULL, NULL, apply_top},
	{"depth", 0, "N", "levels of the tree", "Output", NULL, NULL, apply_depth},
	{"sort", 0, "KEY", "tree by disk, pull, files or name", "Output", "disk pull files name", NULL, apply_sort},
	{"path", 0, "PATH", "tree: look inside this folder", "Output", NULL, NULL, apply_path},
	{"no-tree", 0, NULL, "json without the file tree", "Output", NULL, NULL, apply_no_tree},
	{"html-max", 0, "SIZE", "html: fold small files until the page fits (5MB)", "Output", NULL, NULL, apply_html_max},
	{"units", 0, "UNITS", "decimal (MB), iec (MiB) or bytes", "Output", "decimal iec bytes", "IMGPROF_UNITS", apply_units},
	{"color", 0, "WHEN", "always, never or auto", "Output", "always never auto", "IMGPROF_COLOR", apply_color},
	{"width", 0, "COLUMNS", "fit text into this many columns", "Output", NULL, NULL, apply_width},
	{0},
};

const struct imp_option imp_page_options[] = {
	{"html-max", 0, "SIZE", "html: fold small rows until the page fits (5MB)", "Output", NULL, NULL, apply_html_max},
	{0},
};

const struct imp_option imp_list_options[] = {
	{"output", 'o', "FORMAT[=FILE]", "what to print; may be repeated", "Output", NULL, NULL, apply_output},
	{"json", 0, NULL, "short for -o json", "Output", NULL, NULL, apply_json},
	{"top", 0, "N", "rows of each list", "Output", NULL, NULL, apply_top},
	{"units", 0, "UNITS", "decimal (MB), iec (MiB) or bytes", "Output", "decimal iec bytes", "IMGPROF_UNITS", apply_units},
	{"color", 0, "WHEN", "always, never or auto", "Output", "always never auto", "IMGPROF_COLOR", apply_color},
	{"width", 0, "COLUMNS", "fit text into this many columns", "Output", NULL, NULL, apply_width},
	{0},
};

const struct imp_option imp_request_options[] = {
	{"plain-http", 0, NULL, "http for a registry beyond this machine", "Registry", NULL, NULL, apply_plain_http},
	{0},
};

const struct imp_option imp_image_options[] = {
	{"platform", 0, "OS/ARCH", "which image of an index (default: linux, this host)", "Image", NULL, "IMGPROF_PLATFORM", apply_platform},
	{"all-platforms", 0, NULL, "every image of an index", "Image", NULL, NULL, apply_all_platforms},
	{"plain-http", 0, NULL, "http for a registry beyond this machine", "Image", NULL, NULL, apply_plain_http},
	{"foreign-layers", 0, NULL, "fetch foreign layers from their own urls", "Image", NULL, NULL, apply_foreign},
	{"verify", 0, "HOW", "blob digests (blob), or DiffIDs as well (full)", "Image", "blob full", NULL, apply_verify},
	{"dockerfile", 0, "FILE", "the Dockerfile that it was built with, for its lines", "Image", NULL, NULL, apply_dockerfile},
	{"partial", 0, NULL, "show what can be read of a damaged image (exit 5)", "Image", NULL, NULL, apply_partial},
	{"no-classify", 0, NULL, "sizes and hidden bytes only", "Image", NULL, NULL, apply_no_classify},
	{0},
};

const struct imp_option imp_rules_options[] = {
	{"rules", 0, "FILE", "rules of your own, on top; may be repeated", "Rules", NULL, NULL, apply_rules},
	{0},
};

const struct imp_option imp_test_options[] = {
	{"test", 0, NULL, "say which rules would match these paths", "Rules", NULL, NULL, apply_test},
	{"workdir", 0, "DIR", "with --test: where the project is", "Rules", NULL, NULL, apply_workdir},
	{0},
};

const struct imp_option imp_limit_options[] = {
	{"limit", 0, "NAME=N", "change a limit (imgprof help limits)", "Run", NULL, NULL, apply_limit},
	{0},
};

const struct imp_option imp_run_options[] = {
	{"threads", 0, "N", "layers at once (default: cores)", "Run", NULL, "IMGPROF_THREADS", apply_threads},
	{"no-cache", 0, NULL, "neither use nor fill the profile cache", "Run", NULL, NULL, apply_no_cache},
	{"limit", 0, "NAME=N", "change a limit (imgprof help limits)", "Run", NULL, NULL, apply_limit},
	{"progress", 0, "STYLE", "auto, tty, plain or none", "Run", "auto tty plain none", "IMGPROF_PROGRESS", apply_progress},
	{0},
};

const struct imp_option imp_cache_options[] = {
	{"cache-dir", 0, "DIR", "where the profile cache is", "Cache", NULL, "IMGPROF_CACHE_DIR", apply_cache_directory},
	{0},
};

const struct imp_option imp_common_options[] = {
	{"quiet", 'q', NULL, "no progress, no warnings, no advice", "General", NULL, NULL, apply_quiet},
	{"verbose", 'v', NULL, "findings in full, what is done; twice: each request", "General", NULL, NULL, apply_verbose},
	{"help", 'h', NULL, "this text", "General", NULL, NULL, apply_help},
	{0},
};
/* clang-format on */
