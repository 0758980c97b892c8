#include "imgprof/path.h"

struct imp_slice imp_path_parent(struct imp_slice path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;

	return imp_slice(path.data, slash ? (size_t)(slash - path.data) : 0);
}

static void take_back(struct imp_strbuf *path, size_t start)
{
	struct imp_slice made = imp_slice_skip(imp_strbuf_slice(path), start);

	imp_strbuf_truncate(path, start + imp_path_parent(made).len);
}

bool imp_path_clean(struct imp_slice raw, struct imp_strbuf *out)
{
	size_t start = out->len;
	bool escapes = false;

	while (raw.len > 0) {
		struct imp_slice part = imp_slice_cut(&raw, '/');
		if (part.len == 0 || imp_slice_is(part, "."))
			continue;
		if (imp_slice_is(part, "..")) {
			escapes |= out->len == start;
			take_back(out, start);
			continue;
		}
		if (out->len > start)
			imp_strbuf_add_char(out, '/');
		imp_strbuf_add_slice(out, part);
	}
	return escapes;
}
