#include "imgprof/reference.h"

#include "ascii_priv.h"

enum {
	PATH_MAX_BYTES = 255,
	TAG_MAX_BYTES = 128,
	ID_HEX_DIGITS = 64,
	SHOWN_MAX_BYTES = 200, /* of a reference in a message */
};

static const char HUB[] = "docker.io";
static const char HUB_ALIAS[] = "index.docker.io";
static const char HUB_HOST[] = "registry-1.docker.io";
static const char LIBRARY[] = "library/";

struct parts {
	struct imp_slice domain, path, tag, digest;
	bool has_tag, has_digest;
	bool hub;
	bool library; /* the path stands for "library/" PATH */
};

static int refuse_url(struct imp_slice text, struct imp_error *err)
{
	static const struct imp_slice schemes[] = {
		IMP_SLICE("https://"),
		IMP_SLICE("http://"),
	};
	for (size_t i = 0; i < 2; i++) {
		if (!imp_slice_starts(text, schemes[i]))
			continue;
		imp_fail(err, IMP_E_USAGE, "this is a URL, expected an image name");
		return imp_hint(err, "leave out %s", schemes[i].data);
	}
	return 0;
}

/* Identifiers of images in an engine's store (formats.md 1.5). `sha256:abcd` would be the
 * tag `abcd` of the repository `sha256`, which nobody means. */
static int refuse_image_id(struct imp_slice text, struct imp_error *err)
{
	struct imp_slice hex = text;
	bool prefixed = imp_slice_starts(text, IMP_SLICE("sha256:"));
	if (prefixed)
		hex = imp_slice_skip(text, strlen("sha256:"));
	if (hex.len == 0 || !imp_all(hex, imp_is_hex))
		return 0;
	if (!prefixed && hex.len != ID_HEX_DIGITS)
		return 0;
	imp_fail(err, IMP_E_USAGE, "this is an image ID, expected an image name");
	return imp_hint(err, "an ID is known to an engine only; "
			     "for a registry write NAME@sha256:DIGEST");
}

/* The first part is a domain when it cannot be a part of a path (formats.md 1.2). */
static bool looks_like_domain(struct imp_slice first)
{
	return imp_slice_is(first, "localhost") || imp_any(first, imp_is_upper) ||
	       (first.len != 0 && (memchr(first.data, '.', first.len) ||
				   memchr(first.data, ':', first.len)));
}

static struct parts split(struct imp_slice text)
{
	struct parts parts = {.domain = imp_slice_of(HUB)};
	struct imp_slice digest = text;
	struct imp_slice name = imp_slice_cut(&digest, '@');
	parts.has_digest = digest.data != NULL;
	parts.digest = digest;

	struct imp_slice rest = name;
	struct imp_slice first = imp_slice_cut(&rest, '/');
	if (rest.data && looks_like_domain(first)) {
		parts.domain = first;
		name = rest;
	}
	struct imp_slice tag = imp_slice_basename(name);
	struct imp_slice last = imp_slice_cut(&tag, ':');
	parts.has_tag = tag.data != NULL;
	parts.tag = tag;
	parts.path = imp_slice(name.data, (size_t)(last.data - name.data) + last.len);

	parts.hub =
		imp_slice_is(parts.domain, HUB) || imp_slice_is(parts.domain, HUB_ALIAS);
	parts.library = parts.hub && parts.path.len != 0 &&
			!memchr(parts.path.data, '/', parts.path.len);
	return parts;
}

/* Letters and digits with inner '-'. */
static bool label_valid(struct imp_slice label)
{
	if (label.len == 0 || label.data[0] == '-' || label.data[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!imp_is_alnum(label.data[i]) && label.data[i] != '-')
			return false;
	return true;
}

static bool host_valid(struct imp_slice host)
{
	do {
		if (!label_valid(imp_slice_cut(&host, '.')))
			return false;
	} while (host.data);
	return true;
}

static bool is_hex_or_colon(char c)
{
	return imp_is_hex(c) || c == ':';
}

/* "[", address, "]" off the front of *TEXT. */
static bool take_ipv6(struct imp_slice *text)
{
	struct imp_slice rest = imp_slice_skip(*text, 1);
	struct imp_slice address = imp_slice_cut(&rest, ']');
	if (!rest.data || address.len == 0 || !imp_all(address, is_hex_or_colon))
		return false;
	*text = rest;
	return true;
}

static bool port_valid(struct imp_slice port)
{
	return port.len != 0 && imp_all(port, imp_is_digit);
}

static bool domain_valid(struct imp_slice domain)
{
	if (domain.len != 0 && domain.data[0] == '[') {
		if (!take_ipv6(&domain))
			return false;
		return domain.len == 0 ||
		       (domain.data[0] == ':' && port_valid(imp_slice_skip(domain, 1)));
	}
	struct imp_slice port = domain;
	struct imp_slice host = imp_slice_cut(&port, ':');
	return host_valid(host) && (!port.data || port_valid(port));
}

static bool is_path_letter(char c)
{
	return imp_is_lower(c) || imp_is_digit(c);
}

/* Length of the separator at the start of TEXT: one of . _ __ or any number of '-'. */
static size_t separator_len(struct imp_slice text)
{
	size_t run = 1;
	while (run < text.len && text.data[run] == text.data[0])
		run++;
	switch (text.data[0]) {
	case '-':
		return run;
	case '_':
		return run <= 2 ? run : 0;
	case '.':
		return run == 1 ? run : 0;
	default:
		return 0;
	}
}

static bool component_valid(struct imp_slice rest)
{
	for (;;) {
		size_t letters = 0;
		while (letters < rest.len && is_path_letter(rest.data[letters]))
			letters++;
		if (letters == 0)
			return false;
		rest = imp_slice_skip(rest, letters);
		if (rest.len == 0)
			return true;
		size_t separator = separator_len(rest);
		if (separator == 0)
			return false;
		rest = imp_slice_skip(rest, separator);
	}
}

static int check_path(struct imp_slice path, bool library, struct imp_error *err)
{
	size_t len = path.len + (library ? strlen(LIBRARY) : 0);
	if (path.len == 0)
		return imp_fail(err, IMP_E_USAGE, "the repository's name is missing");
	if (len > PATH_MAX_BYTES)
		return imp_fail(
			err, IMP_E_USAGE,
			"the repository's name has %zu bytes, at most %d are allowed",
			len, PATH_MAX_BYTES);
	if (imp_any(path, imp_is_upper))
		return imp_fail(err, IMP_E_USAGE,
				"the repository's name must be in lower case");
	struct imp_slice rest = path;
	do {
		struct imp_slice component = imp_slice_cut(&rest, '/');
		if (!component_valid(component))
			return imp_fail(
				err, IMP_E_USAGE,
				"'%.*s' is no part of a repository's name, expected "
				"letters and digits joined by one of . _ __ -",
				(int)component.len, component.data);
	} while (rest.data);
	return 0;
}

static bool is_tag_letter(char c)
{
	return imp_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

static int check_tag(struct imp_slice tag, struct imp_error *err)
{
	if (tag.len == 0)
		return imp_fail(err, IMP_E_USAGE, "the tag behind ':' is missing");
	if (tag.len > TAG_MAX_BYTES)
		return imp_fail(err, IMP_E_USAGE,
				"the tag has %zu bytes, at most %d are allowed", tag.len,
				TAG_MAX_BYTES);
	if (!imp_all(tag, is_tag_letter) || tag.data[0] == '.' || tag.data[0] == '-')
		return imp_fail(err, IMP_E_USAGE,
				"'%.*s' is no tag, expected letters, digits, _ . -",
				(int)tag.len, tag.data);
	return 0;
}

static int check_digest(struct imp_slice text, struct imp_digest *out,
			struct imp_error *err)
{
	struct imp_error why = {0};
	if (imp_digest_parse(text, out, &why) < 0)
		return imp_fail(err, IMP_E_USAGE, "%s", why.message);
	return 0;
}

static int check_domain(struct imp_slice domain, struct imp_error *err)
{
	if (domain_valid(domain))
		return 0;
	return imp_fail(
		err, IMP_E_USAGE,
		"the part before the first '/' is no host, expected HOST or HOST:PORT");
}

static int parse_parts(struct imp_slice text, struct parts *parts,
		       struct imp_digest *digest, struct imp_error *err)
{
	if (text.len == 0)
		return imp_fail(err, IMP_E_USAGE, "empty, expected an image name");
	int rc = refuse_url(text, err);
	if (rc == 0)
		rc = refuse_image_id(text, err);
	if (rc < 0)
		return rc;

	*parts = split(text);
	rc = check_domain(parts->domain, err);
	if (rc == 0)
		rc = check_path(parts->path, parts->library, err);
	if (rc == 0 && parts->has_tag)
		rc = check_tag(parts->tag, err);
	if (rc == 0 && parts->has_digest)
		rc = check_digest(parts->digest, digest, err);
	return rc;
}

static const char *copy(struct imp_slice text, struct imp_arena *arena)
{
	return imp_arena_copy(arena, text).data;
}

int imp_reference_parse(struct imp_slice text, struct imp_arena *arena,
			struct imp_reference *out, struct imp_error *err)
{
	struct parts parts = {0};
	struct imp_digest digest = {0};
	if (parse_parts(text, &parts, &digest, err) < 0) {
		size_t shown = text.len < SHOWN_MAX_BYTES ? text.len : SHOWN_MAX_BYTES;
		return imp_wrap(err, "image '%.*s'", (int)shown, text.data);
	}

	struct imp_reference reference = {.digest = digest};
	reference.domain = parts.hub ? HUB : copy(parts.domain, arena);
	reference.path = copy(parts.path, arena);
	if (parts.library)
		reference.path = imp_arena_printf(arena, "%s%s", LIBRARY, reference.path);
	if (parts.has_tag)
		reference.tag = copy(parts.tag, arena);
	else if (!parts.has_digest)
		reference.tag = "latest";
	*out = reference;
	return 0;
}

char *imp_reference_text(const struct imp_reference *reference, struct imp_arena *arena)
{
	char digest[IMP_DIGEST_TEXT] = "";
	if (reference->digest.algorithm != IMP_DIGEST_NONE)
		imp_digest_text(&reference->digest, digest);
	return imp_arena_printf(arena, "%s/%s%s%s%s%s", reference->domain,
				reference->path, reference->tag ? ":" : "",
				reference->tag ? reference->tag : "", *digest ? "@" : "",
				digest);
}

const char *imp_reference_host(const struct imp_reference *reference)
{
	return strcmp(reference->domain, HUB) == 0 ? HUB_HOST : reference->domain;
}
