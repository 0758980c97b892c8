/* What formats write of a report, and that one that was stored gives the same in each. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "case.h"

#include "imgprof/report.h"

/* malloc */
static inline char *written(const char *format, const struct imp_report *report,
			    const struct imp_report_options *options)
{
	struct imp_error err = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_ok(imp_format_write(imp_format_find(format), report, options, out, &err),
		  &err);
	assert_int_equal(fclose(out), 0);
	return text;
}

static inline void same_in_all_formats(const struct imp_report *stored,
				       const struct imp_report *direct,
				       const struct imp_report_options *options)
{
	for (const struct imp_format *const *f = imp_formats(); *f; f++) {
		if (!(*f)->write[direct->kind])
			continue;
		char *expected = written((*f)->name, direct, options);
		char *found = written((*f)->name, stored, options);
		assert_string_equal(found, expected);
		free(expected);
		free(found);
	}
}
