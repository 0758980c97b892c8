#include "imgprof/recompress.h"

#include <stdio.h>

static const struct codec {
	const char *name;
	enum imp_compression compression;
	int usual, most;
} codecs[] = {
	{"gzip", IMP_COMPRESSION_GZIP, 6, 9},
	{"zstd", IMP_COMPRESSION_ZSTD, 3, 22},
};
enum { CODECS = sizeof(codecs) / sizeof(*codecs) };

int imp_recompress_parse(struct imp_slice text, struct imp_recompress_setting *out,
			 struct imp_error *err)
{
	struct imp_slice rest = text;
	struct imp_slice name = imp_slice_cut(&rest, ':');
	unsigned long long level;

	for (size_t i = 0; i < CODECS; i++) {
		if (!imp_slice_is(name, codecs[i].name))
			continue;
		*out = (struct imp_recompress_setting){codecs[i].compression,
						       codecs[i].usual};
		if (!rest.data)
			return 0;
		if (!imp_slice_u64(rest, &level) || level < 1 ||
		    level > (unsigned)codecs[i].most)
			return imp_fail(err, IMP_E_USAGE,
					"'%.*s': levels of %s are 1 to %d", (int)text.len,
					text.data, codecs[i].name, codecs[i].most);
		out->level = (int)level;
		return 0;
	}
	return imp_fail(err, IMP_E_USAGE,
			"'%.*s': gzip or zstd, and a level as in zstd:19", (int)text.len,
			text.data);
}

const char *imp_recompress_text(const struct imp_recompress_setting *setting,
				char out[static IMP_RECOMPRESS_SETTING_TEXT])
{
	snprintf(out, IMP_RECOMPRESS_SETTING_TEXT, "%s:%d",
		 imp_compression_name(setting->compression), setting->level);
	return out;
}
