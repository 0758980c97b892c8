/*
 * Findings as machines for code review take them (sarif, codequality): one each, where in the
 * sources it begins, and a fingerprint that stays from build to build.
 */
#pragma once

#include "imgprof/report.h"
#include "imgprof/strbuf.h"

enum { IMP_FINGERPRINT_TEXT = 65 };

/* Of rule and subject (without slashes around it): SHA-256 in hex. */
const char *imp_finding_fingerprint(const struct imp_finding *finding,
				    char out[static IMP_FINGERPRINT_TEXT]);
/* What went wrong, how much of it, and the fix: for a reader, one line; IMAGE is named when the
 * report has SEVERAL. Escaped for a terminal. */
void imp_finding_message(const struct imp_analysis *image,
			 const struct imp_finding *finding,
			 const struct imp_report_options *options, bool several,
			 struct imp_strbuf *out);
/* The file as a relative URI; returns its line, 1 when nothing tells it: forges want one. */
uint32_t imp_finding_place(const struct imp_analysis *image,
			   const struct imp_finding *finding, struct imp_strbuf *uri);
