#include <string.h>

#include "writer_priv.h"

static const struct imp_format *const formats[] = {
	&imp_format_text, &imp_format_tree,         &imp_format_json, &imp_format_ndjson,
	&imp_format_csv,  &imp_format_csv_packages, &imp_format_ncdu, NULL,
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
