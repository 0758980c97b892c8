#include "imgprof/strbuf.h"

#include "pattern_priv.h"

bool imp_glob_match(struct imp_slice glob, struct imp_slice name)
{
	size_t g = 0, n = 0, star = SIZE_MAX, retry = 0;
	char end = (char)(glob.len ? glob.data[glob.len - 1] : '\0');

	if (end && (name.len == 0 || name.data[name.len - 1] != end))
		return false;
	while (n < name.len) {
		if (g < glob.len && glob.data[g] == '\0') {
			star = g++;
			retry = n;
		} else if (g < glob.len && glob.data[g] == name.data[n]) {
			g++;
			n++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			n = ++retry;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.data[g] == '\0')
		g++;
	return g == glob.len;
}

int imp_glob_parse(struct imp_slice text, struct imp_arena *arena, struct imp_slice *out,
		   struct imp_error *err)
{
	char *built = imp_arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '\\' && i + 1 == text.len)
			return imp_fail(err, IMP_E_USAGE, "a backslash at the end");
		if (c == '\\')
			built[len++] = text.data[++i] == 's' ? ' ' : text.data[i];
		else
			built[len++] = (char)(c == '*' ? '\0' : c);
	}
	*out = imp_slice(built, len);
	return 0;
}

/* Runs of "*" say no more than one. */
static struct imp_slice merge_stars(struct imp_slice glob, struct imp_arena *arena)
{
	char *merged = imp_arena_alloc(arena, glob.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < glob.len; i++)
		if (glob.data[i] != '\0' || i == 0 || glob.data[i - 1] != '\0')
			merged[len++] = glob.data[i];
	return imp_slice(merged, len);
}

/* What the suffix table takes: "*" and a text of few dots that starts with one. */
static bool is_suffix(struct imp_slice glob)
{
	size_t dots = 0;

	if (glob.len < 2 || glob.len > IMP_SUFFIX_BYTES || glob.data[0] != '\0' ||
	    glob.data[1] != '.')
		return false;
	for (size_t i = 1; i < glob.len; i++) {
		if (glob.data[i] == '\0')
			return false;
		dots += glob.data[i] == '.';
	}
	return dots <= IMP_SUFFIX_DOTS;
}

static int parse_segment(struct imp_slice text, struct imp_arena *arena,
			 struct imp_segment *out, struct imp_error *err)
{
	struct imp_slice glob = {0};

	if (imp_slice_is(text, "**") || imp_slice_is(text, "PKG")) {
		out->kind = text.len == 2 ? IMP_SEGMENT_DEEP : IMP_SEGMENT_PACKAGE;
		out->text = text;
		return 0;
	}
	if (text.len == 0)
		return imp_fail(err, IMP_E_USAGE, "an empty component");
	if (imp_slice_is(text, ".") || imp_slice_is(text, ".."))
		return imp_fail(err, IMP_E_USAGE,
				"'.' and '..' name nothing in an image");
	int rc = imp_glob_parse(text, arena, &glob, err);
	if (rc < 0)
		return rc;
	glob = merge_stars(glob, arena);
	bool star = memchr(glob.data, '\0', glob.len);
	bool suffix = star && is_suffix(glob);
	out->kind = !star    ? IMP_SEGMENT_LITERAL
		    : suffix ? IMP_SEGMENT_SUFFIX
			     : IMP_SEGMENT_GLOB;
	out->text = suffix ? imp_slice_skip(glob, 1) : glob;
	return 0;
}

/* Takes the part that says where the pattern is anchored off TEXT. */
static int take_place(struct imp_slice *text, struct imp_pattern *out,
		      struct imp_error *err)
{
	static const struct {
		const char *word;
		enum imp_place place;
	} words[] = {
		{"", IMP_PLACE_ROOT}, {"APP", IMP_PLACE_APP}, {"HOME", IMP_PLACE_HOME},
		{"SP", IMP_PLACE_SP}, {"NM", IMP_PLACE_NM},   {"**", IMP_PLACE_ANYWHERE},
	};
	struct imp_slice rest = *text;
	struct imp_slice first = imp_slice_cut(&rest, '/');

	out->place = IMP_PLACE_ANYWHERE;
	if (!rest.data)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (imp_slice_is(first, words[i].word)) {
			out->place = words[i].place;
			*text = rest;
			return 0;
		}
	}
	if (first.data[0] != '$')
		return 0;
	if (first.len == 1)
		return imp_fail(err, IMP_E_USAGE, "a '$' without the variable's name");
	out->place = IMP_PLACE_VARIABLE;
	out->variable = imp_slice_skip(first, 1);
	*text = rest;
	return 0;
}

static bool is_place_word(struct imp_slice text)
{
	return imp_slice_is(text, "APP") || imp_slice_is(text, "HOME") ||
	       imp_slice_is(text, "SP") || imp_slice_is(text, "NM");
}

static int add_segment(struct imp_slice text, struct imp_arena *arena,
		       struct imp_pattern *out, struct imp_error *err)
{
	struct imp_segment segment = {0};

	if (is_place_word(text))
		return imp_fail(err, IMP_E_USAGE, "'%.*s' stands first or not at all",
				(int)text.len, text.data);
	int rc = parse_segment(text, arena, &segment, err);
	if (rc < 0)
		return rc;
	bool again = segment.kind == IMP_SEGMENT_DEEP && out->count > 0 &&
		     out->segments[out->count - 1].kind == IMP_SEGMENT_DEEP;
	if (again)
		return 0;
	if (out->count == IMP_PATTERN_SEGMENTS)
		return imp_fail(err, IMP_E_USAGE, "more than %d components",
				IMP_PATTERN_SEGMENTS);
	out->segments[out->count++] = segment;
	return 0;
}

int imp_pattern_parse(struct imp_slice text, struct imp_arena *arena,
		      struct imp_pattern *out, struct imp_error *err)
{
	struct imp_pattern pattern = {0};
	struct imp_slice rest = text;
	int rc = take_place(&rest, &pattern, err);

	if (rest.len > 0 && rest.data[rest.len - 1] == '/') {
		pattern.below = true;
		rest.len--;
	}
	while (rc == 0 && rest.data && (rest.len > 0 || !pattern.below))
		rc = add_segment(imp_slice_cut(&rest, '/'), arena, &pattern, err);
	if (rc < 0)
		return rc;
	if (pattern.count > 0 &&
	    pattern.segments[pattern.count - 1].kind == IMP_SEGMENT_DEEP) {
		pattern.below = true;
		pattern.count--;
	}
	bool everything = pattern.count == 0 && (pattern.place == IMP_PLACE_ANYWHERE ||
						 pattern.place == IMP_PLACE_ROOT);
	if (everything)
		return imp_fail(err, IMP_E_USAGE, "matches the whole image");
	*out = pattern;
	return 0;
}
