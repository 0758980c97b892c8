#include "imgprof/reference.h"

#include "ascii_priv.h"

/* What stands behind a prefix. */
enum operand {
	OPERAND_REFERENCE,
	OPERAND_ENGINE,        /* a reference, or the ID of an image */
	OPERAND_PATH,          /* all of it */
	OPERAND_PATH_SELECTOR, /* up to the first ':', and the name of an image behind it */
};

static const struct prefix {
	struct imp_slice text;
	enum imp_transport transport;
	enum operand operand;
	bool slashes; /* "//" may follow */
} prefixes[] = {
	{IMP_SLICE("docker://"), IMP_TRANSPORT_REGISTRY, OPERAND_REFERENCE, false},
	{IMP_SLICE("registry://"), IMP_TRANSPORT_REGISTRY, OPERAND_REFERENCE, false},
	{IMP_SLICE("docker-daemon:"), IMP_TRANSPORT_DOCKER_DAEMON, OPERAND_ENGINE, true},
	{IMP_SLICE("podman:"), IMP_TRANSPORT_PODMAN, OPERAND_ENGINE, true},
	{IMP_SLICE("docker-archive:"), IMP_TRANSPORT_DOCKER_ARCHIVE,
	 OPERAND_PATH_SELECTOR, true},
	{IMP_SLICE("oci-archive:"), IMP_TRANSPORT_OCI_ARCHIVE, OPERAND_PATH_SELECTOR,
	 true},
	{IMP_SLICE("oci:"), IMP_TRANSPORT_OCI, OPERAND_PATH_SELECTOR, true},
	{IMP_SLICE("dir:"), IMP_TRANSPORT_DIR, OPERAND_PATH, true},
};

static const struct prefix *find_prefix(struct imp_slice text)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (imp_slice_starts(text, prefixes[i].text))
			return &prefixes[i];
	return NULL;
}

struct imp_slice imp_location_short_name(struct imp_slice text)
{
	const struct prefix *prefix = find_prefix(text);
	struct imp_slice rest = imp_slice_skip(text, prefix ? prefix->text.len : 0);

	/* A slash behind a layout's colon is its image's, not the path's */
	if (prefix && prefix->operand == OPERAND_PATH_SELECTOR)
		rest = imp_slice_cut(&rest, ':');
	struct imp_slice last = imp_slice_basename(imp_slice_cut(&rest, '@'));
	return imp_slice_cut(&last, ':');
}

/* "sha256:" and 7 digits or more, or all 64 digits (formats.md 1.5). */
static bool is_engine_id(struct imp_slice text)
{
	enum { FEWEST_DIGITS = 7, ALL_DIGITS = 64 };
	size_t fewest = ALL_DIGITS;
	if (imp_slice_starts(text, IMP_SLICE("sha256:"))) {
		text = imp_slice_skip(text, strlen("sha256:"));
		fewest = FEWEST_DIGITS;
	}
	return text.len >= fewest && text.len <= ALL_DIGITS && imp_all(text, imp_is_hex);
}

static int parse_engine(struct imp_slice text, struct imp_arena *arena,
			struct imp_location *location, struct imp_error *err)
{
	if (!is_engine_id(text))
		return imp_reference_parse(text, arena, &location->reference, err);
	location->selector = imp_arena_copy(arena, text).data;
	return 0;
}

/* "@N" counts the images of an archive or layout; anything else is a name. */
static int check_selector(const struct imp_location *location, struct imp_error *err)
{
	struct imp_slice selector = imp_slice_of(location->selector);
	unsigned long long index;
	if (selector.len == 0)
		return imp_fail(err, IMP_E_USAGE, "%s: the name behind ':' is missing",
				location->text);
	if (selector.data[0] != '@' || location->transport == IMP_TRANSPORT_OCI_ARCHIVE)
		return 0;
	if (!imp_slice_u64(imp_slice_skip(selector, 1), &index))
		return imp_fail(err, IMP_E_USAGE,
				"%s: '%s' is no image's number, expected @0, @1 ...",
				location->text, location->selector);
	return 0;
}

static int parse_path(struct imp_slice text, bool with_selector, struct imp_arena *arena,
		      struct imp_location *location, struct imp_error *err)
{
	struct imp_slice selector = {0};
	if (with_selector) {
		selector = text;
		text = imp_slice_cut(&selector, ':');
	}
	if (text.len == 0)
		return imp_fail(err, IMP_E_USAGE, "%s: the path is missing",
				location->text);
	location->path = imp_arena_copy(arena, text).data;
	if (!selector.data)
		return 0;
	location->selector = imp_arena_copy(arena, selector).data;
	return check_selector(location, err);
}

static int parse_operand(const struct prefix *prefix, struct imp_slice operand,
			 struct imp_arena *arena, struct imp_location *location,
			 struct imp_error *err)
{
	location->transport = prefix->transport;
	if (prefix->slashes && imp_slice_starts(operand, IMP_SLICE("//")))
		operand = imp_slice_skip(operand, 2);
	switch (prefix->operand) {
	case OPERAND_REFERENCE:
		return imp_reference_parse(operand, arena, &location->reference, err);
	case OPERAND_ENGINE:
		return parse_engine(operand, arena, location, err);
	case OPERAND_PATH:
		return parse_path(operand, false, arena, location, err);
	case OPERAND_PATH_SELECTOR:
		return parse_path(operand, true, arena, location, err);
	}
	return imp_fail(err, IMP_E_BUG, "%s: operand of an unknown kind", location->text);
}

static int refuse_containers_storage(const char *text, struct imp_error *err)
{
	imp_fail(err, IMP_E_USAGE, "%s: podman's store is not read directly", text);
	return imp_hint(err, "use podman save, or podman:NAME");
}

static bool is_plain_path(struct imp_slice text)
{
	return imp_slice_starts(text, IMP_SLICE("/")) ||
	       imp_slice_starts(text, IMP_SLICE("./")) ||
	       imp_slice_starts(text, IMP_SLICE("../"));
}

/* `registry:2` and `registry:5000/app` are names; only what cannot be one, such as
 * `registry:ghcr.io/x/y`, has a prefix in front. */
static int parse_name(struct imp_slice text, struct imp_arena *arena,
		      struct imp_reference *out, struct imp_error *err)
{
	static const struct imp_slice prefix = IMP_SLICE("registry:");
	struct imp_error ignored = {0};
	if (imp_slice_starts(text, prefix) &&
	    imp_reference_parse(text, arena, out, &ignored) < 0)
		text = imp_slice_skip(text, prefix.len);
	return imp_reference_parse(text, arena, out, err);
}

static int refuse_bare(struct imp_slice text, struct imp_error *err,
		       const struct imp_error *why)
{
	imp_fail(err, why->category, "%s", why->message);
	if (imp_slice_starts(text, IMP_SLICE("docker:")))
		return imp_hint(err, "a registry's prefix is docker://");
	if (why->hint[0] != '\0')
		return imp_hint(err, "%s", why->hint);
	return imp_hint(err, "there is no such file or folder either");
}

/* Neither a prefix nor plainly a path (formats.md 1.8). A folder `ubuntu` must not win
 * over the image, so what exists counts only when it is written like a path, or is no
 * name. */
static int parse_bare(struct imp_slice text, bool exists, struct imp_arena *arena,
		      struct imp_location *location, struct imp_error *err)
{
	struct imp_error why = {0};
	bool like_path =
		memchr(text.data, '/', text.len) || memchr(text.data, '.', text.len);
	int rc = parse_name(text, arena, &location->reference, &why);
	if (exists && (like_path || rc < 0)) {
		location->transport = IMP_TRANSPORT_PATH;
		location->path = location->text;
		location->reference = (struct imp_reference){0};
		return 0;
	}
	location->transport = IMP_TRANSPORT_REGISTRY;
	return rc < 0 ? refuse_bare(text, err, &why) : 0;
}

int imp_location_parse(const char *argument, bool (*path_exists)(const char *path),
		       struct imp_arena *arena, struct imp_location *out,
		       struct imp_error *err)
{
	struct imp_location location = {.text = imp_arena_text(arena, argument)};
	struct imp_slice text = imp_slice_of(location.text);
	const struct prefix *prefix = find_prefix(text);
	int rc = 0;

	if (imp_slice_is(text, "-")) {
		location.transport = IMP_TRANSPORT_STDIN;
	} else if (imp_slice_starts(text, IMP_SLICE("containers-storage:"))) {
		rc = refuse_containers_storage(location.text, err);
	} else if (prefix) {
		rc = parse_operand(prefix, imp_slice_skip(text, prefix->text.len), arena,
				   &location, err);
	} else if (is_plain_path(text)) {
		location.transport = IMP_TRANSPORT_PATH;
		location.path = location.text;
	} else {
		bool exists = text.len != 0 && path_exists(location.text);
		rc = parse_bare(text, exists, arena, &location, err);
	}
	if (rc == 0)
		*out = location;
	return rc;
}
