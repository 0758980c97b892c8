#include "descriptor_priv.h"

#include "imgprof/escape.h"
#include "imgprof/strbuf.h"

#include "ascii_priv.h"
#include "field_priv.h"
#include "media_type_priv.h"

enum field {
	MEDIA_TYPE,
	DIGEST,
	SIZE,
	DATA,
	URLS,
	ANNOTATIONS,
	PLATFORM,
	ARTIFACT_TYPE,
	FIELD_COUNT,
};

static const char *const field_names[FIELD_COUNT] = {
	[MEDIA_TYPE] = "mediaType",
	[DIGEST] = "digest",
	[SIZE] = "size",
	[DATA] = "data",
	[URLS] = "urls",
	[ANNOTATIONS] = "annotations",
	[PLATFORM] = "platform",
	[ARTIFACT_TYPE] = "artifactType",
};

struct imp_slice imp_annotation(const struct imp_pair *pairs, size_t count,
				const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (imp_slice_is(pairs[i].key, key))
			return pairs[i].value;
	return IMP_SLICE("");
}

static int parse_media_type(const json_t *value, struct imp_arena *arena,
			    const char **out, struct imp_error *err)
{
	const char *text;
	int rc = imp_field_text(value, "mediaType", arena, &text, err);
	if (rc == 0)
		*out = imp_media_type_normalise(imp_slice_of(text), arena);
	return rc;
}

static int parse_digest(const json_t *value, struct imp_digest *out,
			struct imp_error *err)
{
	if (!json_is_string(value))
		return imp_field_refuse(value, "digest", "a string", err);
	return imp_digest_parse(
		imp_slice(json_string_value(value), json_string_length(value)), out, err);
}

static int check_data(struct imp_slice data, const struct imp_descriptor *descriptor,
		      struct imp_error *err)
{
	if (data.len != descriptor->size_bytes)
		return imp_fail(err, IMP_E_INTEGRITY,
				"data has %zu bytes, expected %llu as size says",
				data.len, (unsigned long long)descriptor->size_bytes);
	struct imp_digest actual;
	imp_digest_of(descriptor->digest.algorithm, data, &actual);
	if (imp_digest_equal(&actual, &descriptor->digest))
		return 0;
	char has[IMP_DIGEST_TEXT], expected[IMP_DIGEST_TEXT];
	return imp_fail(err, IMP_E_INTEGRITY, "data has the digest %s, expected %s",
			imp_digest_text(&actual, has),
			imp_digest_text(&descriptor->digest, expected));
}

static int parse_data(const json_t *value, struct imp_arena *arena,
		      struct imp_descriptor *descriptor, struct imp_error *err)
{
	if (imp_field_absent(value))
		return 0;
	if (!json_is_string(value))
		return imp_field_refuse(value, "data", "a string", err);
	imp_auto(imp_strbuf_finish) struct imp_strbuf decoded = {0};
	struct imp_slice text =
		imp_slice(json_string_value(value), json_string_length(value));
	if (!imp_base64_decode(&decoded, text))
		return imp_fail(err, IMP_E_FORMAT, "data is no base64");
	int rc = check_data(imp_strbuf_slice(&decoded), descriptor, err);
	if (rc == 0)
		descriptor->data = imp_arena_copy(arena, imp_strbuf_slice(&decoded));
	return rc;
}

static int parse_platform_parts(json_t *value, struct imp_arena *arena,
				struct imp_platform *out, struct imp_error *err)
{
	static const char *const names[3] = {"os", "architecture", "variant"};
	json_t *values[3];
	const char *parts[3];
	int rc = imp_fields_bind(value, IMP_FIELD_EXACT, names, 3, values, err);
	for (size_t i = 0; rc == 0 && i < 3; i++)
		rc = imp_field_text(values[i], names[i], arena, &parts[i], err);
	if (rc == 0)
		*out = imp_platform_normalise(imp_slice_of(parts[0]),
					      imp_slice_of(parts[1]),
					      imp_slice_of(parts[2]), arena);
	return rc;
}

static int parse_platform(json_t *value, struct imp_arena *arena,
			  struct imp_descriptor *descriptor, struct imp_error *err)
{
	if (imp_field_absent(value))
		return 0;
	if (parse_platform_parts(value, arena, &descriptor->platform, err) < 0)
		return imp_wrap(err, "platform");
	descriptor->has_platform = true;
	return 0;
}

static bool is_attestation(const struct imp_descriptor *descriptor)
{
	struct imp_slice type =
		imp_annotation(descriptor->annotations, descriptor->annotation_count,
			       "vnd.docker.reference.type");
	return imp_slice_is(type, "attestation-manifest") ||
	       (descriptor->has_platform &&
		strcmp(descriptor->platform.os, "unknown") == 0 &&
		strcmp(descriptor->platform.architecture, "unknown") == 0);
}

static bool has_encryption_keys(const struct imp_descriptor *descriptor)
{
	static const struct imp_slice keys =
		IMP_SLICE("org.opencontainers.image.enc.keys.");
	for (size_t i = 0; i < descriptor->annotation_count; i++) {
		struct imp_slice key = descriptor->annotations[i].key;
		if (imp_slice_starts(key, keys) ||
		    imp_slice_is(key, "org.opencontainers.image.enc.pubopts"))
			return true;
	}
	return false;
}

static void classify(struct imp_descriptor *descriptor)
{
	struct imp_layer_type type = {0};
	imp_layer_type_find(descriptor->media_type, &type);
	descriptor->declared = type.declared;
	descriptor->foreign = type.foreign;
	descriptor->encrypted = type.encrypted || has_encryption_keys(descriptor);
	descriptor->attestation = is_attestation(descriptor);
}

static int parse_values(json_t *const *values, struct imp_arena *arena,
			struct imp_descriptor *out, struct imp_error *err)
{
	int rc = parse_media_type(values[MEDIA_TYPE], arena, &out->media_type, err);
	if (rc == 0)
		rc = parse_digest(values[DIGEST], &out->digest, err);
	if (rc == 0)
		rc = imp_field_size(values[SIZE], "size", &out->size_bytes, err);
	if (rc == 0)
		rc = parse_data(values[DATA], arena, out, err);
	if (rc == 0)
		rc = imp_field_strings(values[URLS], "urls", arena, &out->urls,
				       &out->url_count, err);
	if (rc == 0)
		rc = imp_field_pairs(values[ANNOTATIONS], "annotations", arena,
				     &out->annotations, &out->annotation_count, err);
	if (rc == 0)
		rc = parse_platform(values[PLATFORM], arena, out, err);
	if (rc == 0)
		rc = imp_field_text(values[ARTIFACT_TYPE], "artifactType", arena,
				    &out->artifact_type, err);
	return rc;
}

int imp_descriptor_parse(json_t *value, struct imp_arena *arena,
			 struct imp_descriptor *out, struct imp_error *err)
{
	json_t *values[FIELD_COUNT];
	struct imp_descriptor descriptor = {
		.platform = {.os = "", .architecture = "", .variant = ""},
	};
	int rc = imp_fields_bind(value, IMP_FIELD_EXACT, field_names, FIELD_COUNT, values,
				 err);
	if (rc == 0)
		rc = parse_values(values, arena, &descriptor, err);
	if (rc < 0)
		return rc;
	classify(&descriptor);
	*out = descriptor;
	return 0;
}
