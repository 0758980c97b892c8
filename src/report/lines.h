/*
 * Lines of the Dockerfile behind an image as text; the numbers are imp_analysis_line()'s.
 */
#pragma once

#include "imgprof/analysis.h"
#include "imgprof/strbuf.h"

/* Appends "Dockerfile:14", raw; BRIEF: without folders. Nothing for line 0. */
void imp_report_add_line(const struct imp_analysis *image, uint32_t line, bool brief,
			 struct imp_strbuf *out);
/* The file's name, raw; empty: none, or not known. */
struct imp_slice imp_report_dockerfile_name(const struct imp_analysis *image);
