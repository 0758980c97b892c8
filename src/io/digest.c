#include "imgprof/hash.h"

#include <stdio.h>

struct algorithm {
	const char *name;
	enum imp_digest_algorithm id;
	size_t bytes;
};

static const struct algorithm algorithms[] = {
	{"sha256", IMP_DIGEST_SHA256, 32},
	{"sha512", IMP_DIGEST_SHA512, 64},
};

enum { ALGORITHM_COUNT = sizeof(algorithms) / sizeof(algorithms[0]) };

static bool is_lower_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Runs of lower-case letters and digits, joined by single separators. */
static bool is_algorithm_name(struct imp_slice name)
{
	bool run = false;
	for (size_t i = 0; i < name.len; i++) {
		bool alphanumeric = is_lower_alphanumeric(name.data[i]);
		if (!alphanumeric && (!run || !memchr("+._-", name.data[i], 4)))
			return false;
		run = alphanumeric;
	}
	return run;
}

static bool is_encoded(struct imp_slice encoded)
{
	for (size_t i = 0; i < encoded.len; i++) {
		char c = encoded.data[i];
		if (!is_lower_alphanumeric(c) && !(c >= 'A' && c <= 'Z') &&
		    !memchr("=_-", c, 3))
			return false;
	}
	return encoded.len > 0;
}

/* -1 unless a lower-case hex digit. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode_hex(struct imp_slice hex, uint8_t *out)
{
	for (size_t i = 0; i < hex.len; i += 2) {
		int high = hex_value(hex.data[i]);
		int low = hex_value(hex.data[i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* For a message: foreign, so never more than a digest is long. */
static int shown(struct imp_slice text)
{
	return text.len < IMP_DIGEST_TEXT ? (int)text.len : IMP_DIGEST_TEXT;
}

int imp_digest_parse(struct imp_slice text, struct imp_digest *out, struct imp_error *err)
{
	struct imp_slice hex = text;
	struct imp_slice name = imp_slice_cut(&hex, ':');
	for (size_t i = 0; i < ALGORITHM_COUNT; i++) {
		const struct algorithm *a = &algorithms[i];
		if (!imp_slice_is(name, a->name))
			continue;
		struct imp_digest digest = {.algorithm = (uint8_t)a->id};
		if (hex.len != 2 * a->bytes || !decode_hex(hex, digest.bytes))
			return imp_fail(err, IMP_E_FORMAT,
					"digest '%.*s': expected %s and %zu lower-case "
					"hex digits",
					shown(text), text.data, a->name, 2 * a->bytes);
		*out = digest;
		return 0;
	}
	if (is_algorithm_name(name) && is_encoded(hex))
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"digest algorithm '%.*s': expected sha256 or sha512",
				shown(name), name.data);
	return imp_fail(err, IMP_E_FORMAT, "digest '%.*s': expected algorithm:hex",
			shown(text), text.data);
}

static const struct algorithm *algorithm_of(const struct imp_digest *digest)
{
	for (size_t i = 0; i < ALGORITHM_COUNT; i++)
		if (digest->algorithm == algorithms[i].id)
			return &algorithms[i];
	return NULL;
}

static void encode_hex(const uint8_t *bytes, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < count; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

const char *imp_digest_text(const struct imp_digest *digest,
			    char out[static IMP_DIGEST_TEXT])
{
	const struct algorithm *a = algorithm_of(digest);
	if (!a) {
		out[0] = '\0';
		return out;
	}
	int prefix = snprintf(out, IMP_DIGEST_TEXT, "%s:", a->name);
	encode_hex(digest->bytes, a->bytes, out + prefix);
	return out;
}

const char *imp_digest_short(const struct imp_digest *digest, char out[static 16])
{
	encode_hex(digest->bytes, algorithm_of(digest) ? 6 : 0, out);
	return out;
}

bool imp_digest_equal(const struct imp_digest *a, const struct imp_digest *b)
{
	return a->algorithm == b->algorithm &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
