/* A stored report as text. */
#pragma once

#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/strbuf.h"

/* NAME is a file or "-"; IMP_E_LIMIT beyond report-bytes. */
int imp_report_file_read(const struct imp_context *context, const char *name,
			 struct imp_strbuf *text, struct imp_error *err);
