#include "path_clean.h"

#include "imgprof/path.h"

#define WHITEOUT ".wh."
#define OPAQUE ".wh..wh..opq"
#define AUFS ".wh..wh."

static bool is_below_whiteout(struct imp_slice path)
{
	while (path.len > 0) {
		struct imp_slice part = imp_slice_cut(&path, '/');
		if (path.data && imp_slice_starts(part, IMP_SLICE(WHITEOUT)))
			return true;
	}
	return false;
}

enum imp_path_sense imp_layer_path_read(struct imp_strbuf *path)
{
	struct imp_slice whole = imp_strbuf_slice(path);
	if (is_below_whiteout(whole))
		return IMP_PATH_LEFTOVER;

	struct imp_slice base = imp_slice_basename(whole);
	if (imp_slice_is(base, OPAQUE)) {
		imp_strbuf_truncate(path, imp_path_parent(whole).len);
		return IMP_PATH_OPAQUE;
	}
	if (imp_slice_starts(base, IMP_SLICE(AUFS)))
		return IMP_PATH_LEFTOVER;
	if (!imp_slice_starts(base, IMP_SLICE(WHITEOUT)))
		return IMP_PATH_PLAIN;

	struct imp_slice hidden = imp_slice_skip(base, strlen(WHITEOUT));
	if (hidden.len == 0 || imp_slice_is(hidden, ".") || imp_slice_is(hidden, ".."))
		return IMP_PATH_INERT;
	memmove(path->data + (whole.len - base.len), hidden.data, hidden.len);
	imp_strbuf_truncate(path, whole.len - strlen(WHITEOUT));
	return IMP_PATH_WHITEOUT;
}

/* No component is empty, '.', '..', or longer than MOST. */
static bool components_fit(struct imp_slice path, size_t most)
{
	if (path.len == 0)
		return true;
	while (path.data) {
		struct imp_slice part = imp_slice_cut(&path, '/');
		if (part.len == 0 || part.len > most || imp_slice_is(part, ".") ||
		    imp_slice_is(part, ".."))
			return false;
	}
	return true;
}

static bool has_nul(struct imp_slice text)
{
	return text.len > 0 && memchr(text.data, '\0', text.len);
}

bool imp_layer_path_continues(struct imp_slice path, size_t shared,
			      const struct imp_limits *limits)
{
	size_t start = shared;

	while (start > 0 && path.data[start - 1] != '/')
		start--;
	struct imp_slice tail = imp_slice_skip(path, start);
	return path.len <= limits->path_bytes && (start == 0 || tail.len > 0) &&
	       components_fit(tail, limits->component_bytes) && !has_nul(tail);
}

bool imp_layer_path_fits(struct imp_slice path, const struct imp_limits *limits)
{
	return path.len <= limits->path_bytes &&
	       components_fit(path, limits->component_bytes);
}
