/*
 * Where reports go: standard output, or files that appear whole or not at all (written
 * to a temporary name beside them, then renamed).
 */
#pragma once

#include "imgprof/error.h"
#include "imgprof/report.h"
#include "settings.h"

/* A closed pipe on standard output: not worth a message, status 128 + SIGPIPE. */
#define IMP_E_CLOSED_PIPE (-1000)

/* IMP_E_USAGE: more than one output to standard output, or one that has no report of that
 * KIND. */
int imp_outputs_check(const struct imp_settings *settings, enum imp_report_kind kind,
		      struct imp_error *err);

/* Writes one output. Errors of writing are IMP_E_SYSTEM, or IMP_E_CLOSED_PIPE. */
int imp_output_write(const struct imp_output_request *output,
		     const struct imp_report *report,
		     const struct imp_report_options *options, struct imp_error *err);

/* Appends the Markdown of REPORT to the summary of a job's step at PATH, which others may have
 * begun, as far as there is room for it. Nothing for a kind that has no Markdown. */
int imp_output_append_summary(const char *path, const struct imp_report *report,
			      const struct imp_report_options *options,
			      struct imp_error *err);

/* TEXT to standard output, checked likewise. */
int imp_output_text(struct imp_slice text, struct imp_error *err);
