/*
 * Lines of the Dockerfile behind an image. One that was only rebuilt from the history has none
 * that anybody could look up: then nothing is known here.
 */
#pragma once

#include "imgprof/analysis.h"
#include "imgprof/strbuf.h"

/* The line that LAYER was made by; 0: not known. */
uint32_t imp_report_line(const struct imp_analysis *image, size_t layer);
/* That of the layer which wrote most of FINDING, one of the image's; 0. */
uint32_t imp_report_finding_line(const struct imp_analysis *image,
				 const struct imp_finding *finding);
/* Appends "Dockerfile:14", raw; BRIEF: without folders. Nothing for line 0. */
void imp_report_add_line(const struct imp_analysis *image, uint32_t line, bool brief,
			 struct imp_strbuf *out);
/* The file's name, raw; empty: none, or not known. */
struct imp_slice imp_report_dockerfile_name(const struct imp_analysis *image);
