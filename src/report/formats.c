#include <string.h>

#include "writer_priv.h"

const char *imp_report_kind_name(enum imp_report_kind kind)
{
	static const char *const names[IMP_REPORT_KINDS] = {
		[IMP_REPORT_PROFILE] = "profile", [IMP_REPORT_DIFF] = "diff",
		[IMP_REPORT_CHECK] = "check",     [IMP_REPORT_COST] = "cost",
		[IMP_REPORT_SHARE] = "share",     [IMP_REPORT_BLAME] = "blame",
		[IMP_REPORT_HISTORY] = "history",
	};
	return names[kind];
}

int imp_format_write(const struct imp_format *format, const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	if (!format->write[report->kind])
		return imp_fail(err, IMP_E_USAGE, "no %s as %s",
				imp_report_kind_name(report->kind), format->name);
	return format->write[report->kind](report, options, out, err);
}

static const struct imp_format *const formats[] = {
	&imp_format_text,        &imp_format_tree,
	&imp_format_json,        &imp_format_ndjson,
	&imp_format_csv,         &imp_format_csv_packages,
	&imp_format_dockerfile,  &imp_format_ncdu,
	&imp_format_folded,      &imp_format_markdown,
	&imp_format_github,
#ifdef IMP_WITH_HTML
	&imp_format_html,
#endif
	&imp_format_sarif,       &imp_format_codequality,
	&imp_format_openmetrics, NULL,
};

const struct imp_format *const *imp_formats(void)
{
	return formats;
}

const struct imp_format *imp_format_find(const char *name)
{
	for (const struct imp_format *const *format = formats; *format; format++)
		if (strcmp((*format)->name, name) == 0)
			return *format;
	return NULL;
}
