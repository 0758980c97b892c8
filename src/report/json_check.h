/* -o json of a check (design section 4). */
#pragma once

#include "writer_priv.h"

int imp_json_write_check(const struct imp_report *report,
			 const struct imp_report_options *options, FILE *out,
			 struct imp_error *err);
