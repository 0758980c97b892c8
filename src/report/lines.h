/*
 * Lines of the Dockerfile behind an image as text; the numbers are imp_analysis_line()'s.
 */
#pragma once

#include "imgprof/analysis.h"
#include "imgprof/strbuf.h"

/* Appends "Dockerfile:14", raw; BRIEF: without folders. Nothing for line 0. */
void imp_report_add_line(const struct imp_analysis *image, uint32_t line, bool brief,
			 struct imp_strbuf *out);
/* What made LAYER, behind the line that it stands on; raw. */
void imp_report_add_instruction(const struct imp_analysis *image, size_t layer,
				struct imp_strbuf *out);
/* What to change for a finding, behind the line that needs it; raw. */
void imp_report_add_fix(const struct imp_analysis *image,
			const struct imp_finding *finding, struct imp_strbuf *out);
/* The file's name, raw; empty: none, or not known. */
struct imp_slice imp_report_dockerfile_name(const struct imp_analysis *image);
