/* The text screen of a check. */
#pragma once

#include "screen.h"

int imp_text_check(const struct imp_report *report,
		   const struct imp_report_options *options, FILE *out,
		   struct imp_error *err);
