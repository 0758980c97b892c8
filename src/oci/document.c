#include "imgprof/image.h"

#include "imgprof/checked.h"
#include "imgprof/json.h"

#include "descriptor_priv.h"
#include "field_priv.h"
#include "media_type_priv.h"

enum field {
	SCHEMA_VERSION,
	MEDIA_TYPE,
	CONFIG,
	LAYERS,
	MANIFESTS,
	FS_LAYERS,
	ANNOTATIONS,
	ARTIFACT_TYPE,
	FIELD_COUNT,
};

static const char *const field_names[FIELD_COUNT] = {
	[SCHEMA_VERSION] = "schemaVersion",
	[MEDIA_TYPE] = "mediaType",
	[CONFIG] = "config",
	[LAYERS] = "layers",
	[MANIFESTS] = "manifests",
	[FS_LAYERS] = "fsLayers",
	[ANNOTATIONS] = "annotations",
	[ARTIFACT_TYPE] = "artifactType",
};

/* What a document is parsed with, and what it is made of. */
struct reading {
	json_t *values[FIELD_COUNT];
	const struct imp_limits *limits;
	struct imp_arena *arena;
};

static bool is_document(enum imp_media_kind kind)
{
	return kind == IMP_MEDIA_INDEX || kind == IMP_MEDIA_MANIFEST ||
	       kind == IMP_MEDIA_SCHEMA1;
}

/* 0 when absent. */
static int parse_schema_version(const json_t *value, uint64_t *out, struct imp_error *err)
{
	uint64_t version = 0;
	int rc = 0;
	if (!imp_field_absent(value)) {
		rc = imp_field_size(value, "schemaVersion", &version, err);
		if (rc == 0 && version != 1 && version != 2)
			rc = imp_fail(err, IMP_E_UNSUPPORTED,
				      "schemaVersion is %llu, expected 2",
				      (unsigned long long)version);
	}
	if (rc == 0)
		*out = version;
	return rc;
}

static int refuse_schema1(struct imp_error *err)
{
	imp_fail(err, IMP_E_UNSUPPORTED,
		 "docker schema 1 manifest, expected schema 2 or OCI");
	return imp_hint(err, "pull the image and push it again");
}

/* A manifest without a media type belongs to the family of its config. */
static int guess_manifest_type(const struct reading *reading, const char **out,
			       struct imp_error *err)
{
	struct imp_descriptor config;
	int rc = imp_descriptor_parse(reading->values[CONFIG], reading->arena, &config,
				      err);
	if (rc < 0)
		return imp_wrap(err, "config");
	bool docker = strcmp(config.media_type, imp_docker_config_type) == 0;
	*out = docker ? imp_docker_manifest_type : imp_oci_manifest_type;
	return 0;
}

static int guess_type(const struct reading *reading, const char *own,
		      uint64_t schema_version, const char **out, struct imp_error *err)
{
	json_t *const *values = reading->values;
	if (*own != '\0')
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"the media type %s is no index's and no manifest's", own);
	if (schema_version == 2 && values[MANIFESTS]) {
		*out = imp_oci_index_type;
		return 0;
	}
	if (schema_version == 2 && values[CONFIG] && values[LAYERS])
		return guess_manifest_type(reading, out, err);
	return imp_fail(err, IMP_E_FORMAT,
			"neither an index nor a manifest: expected schemaVersion 2 with "
			"manifests, or with config and layers");
}

/* formats.md 2.3 */
static int decide_type(const struct reading *reading, const char *declared,
		       const char **out, struct imp_error *err)
{
	const char *own;
	uint64_t schema_version = 0;
	int rc = imp_field_text(reading->values[MEDIA_TYPE], "mediaType", reading->arena,
				&own, err);
	if (rc == 0)
		rc = parse_schema_version(reading->values[SCHEMA_VERSION],
					  &schema_version, err);
	if (rc < 0)
		return rc;

	own = imp_media_type_normalise(imp_slice_of(own), reading->arena);
	declared = imp_media_type_normalise(imp_slice_of(declared), reading->arena);
	bool own_known = is_document(imp_media_kind(own));
	bool declared_known = is_document(imp_media_kind(declared));
	if (own_known && declared_known && strcmp(own, declared) != 0)
		return imp_fail(err, IMP_E_FORMAT, "calls itself %s, but came as %s", own,
				declared);
	const char *type = declared_known ? declared : own;
	if (schema_version == 1 || imp_media_kind(type) == IMP_MEDIA_SCHEMA1)
		return refuse_schema1(err);
	if (!own_known && !declared_known)
		return guess_type(reading, own, schema_version, out, err);
	*out = type;
	return 0;
}

/* A document that another reader could take for another kind (formats.md 2.4). */
static int refuse_fields(const struct reading *reading, const char *kind,
			 const enum field *fields, size_t count, struct imp_error *err)
{
	for (size_t i = 0; i < count; i++)
		if (reading->values[fields[i]])
			return imp_fail(err, IMP_E_FORMAT,
					"ambiguous: %s that also has '%s'", kind,
					field_names[fields[i]]);
	return 0;
}

static int parse_entries(const struct reading *reading, enum field field, uint32_t limit,
			 const char *limit_name, struct imp_document *document,
			 struct imp_error *err)
{
	const char *name = field_names[field];
	json_t *array;
	if (!reading->values[field])
		return imp_fail(err, IMP_E_FORMAT, "'%s' is missing", name);
	int rc = imp_field_array(reading->values[field], name, &array, err);
	if (rc < 0)
		return rc;
	size_t count = json_array_size(array);
	if (count > limit)
		return imp_fail(err, IMP_E_LIMIT,
				"limit %s: '%s' has %zu entries, at most %u are read",
				limit_name, name, count, (unsigned)limit);

	struct imp_descriptor *entries =
		imp_arena_array(reading->arena, count, sizeof(*entries));
	for (size_t i = 0; i < count; i++)
		if (imp_descriptor_parse(json_array_get(array, i), reading->arena,
					 &entries[i], err) < 0)
			return imp_wrap(err, "%s[%zu]", name, i);
	document->entries = entries;
	document->entry_count = count;
	return 0;
}

static int parse_index(const struct reading *reading, struct imp_document *document,
		       struct imp_error *err)
{
	static const enum field foreign[] = {CONFIG, LAYERS, FS_LAYERS};
	int rc = refuse_fields(reading, "an index", foreign, 3, err);
	if (rc == 0)
		rc = parse_entries(reading, MANIFESTS, reading->limits->platforms,
				   "platforms", document, err);
	if (rc < 0)
		return rc;
	document->kind = IMP_DOCUMENT_INDEX;
	for (size_t i = 0; i < document->entry_count; i++) {
		if (strcmp(document->entries[i].media_type, imp_build_cache_type) != 0)
			continue;
		document->kind = IMP_DOCUMENT_ARTIFACT;
		document->artifact_type = "build cache";
	}
	return 0;
}

/* Totals of an image are sums over its layers: they must stay sizes. */
static int check_layer_sum(const struct imp_document *document, struct imp_error *err)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < document->entry_count; i++)
		if (imp_add_overflows(sum, document->entries[i].size_bytes, &sum) ||
		    sum > INT64_MAX)
			return imp_fail(
				err, IMP_E_FORMAT,
				"the sizes of 'layers' add up to more than 2^63-1");
	return 0;
}

/* The first layer that is none, or NULL. */
static const struct imp_descriptor *find_other_layer(const struct imp_document *document)
{
	for (size_t i = 0; i < document->entry_count; i++)
		if (imp_media_kind(document->entries[i].media_type) != IMP_MEDIA_LAYER)
			return &document->entries[i];
	return NULL;
}

/* What says most: the config's type says nothing about an artifact that borrows an
 * image's config or has an empty one. */
static const char *name_artifact(const struct imp_document *document, const char *own)
{
	const char *config = document->config.media_type;
	bool telling = imp_media_kind(config) != IMP_MEDIA_CONFIG &&
		       strcmp(config, imp_empty_config_type) != 0 && *config != '\0';
	const struct imp_descriptor *layer = find_other_layer(document);
	if (strcmp(config, imp_build_cache_type) == 0)
		return "build cache";
	if (*own != '\0')
		return own;
	if (!telling && layer && *layer->media_type != '\0')
		return layer->media_type;
	return *config != '\0' ? config : "a manifest without media types";
}

/* formats.md 2.13 */
static int decide_kind(const struct reading *reading, struct imp_document *document,
		       struct imp_error *err)
{
	const char *own;
	int rc = imp_field_text(reading->values[ARTIFACT_TYPE], "artifactType",
				reading->arena, &own, err);
	if (rc < 0)
		return rc;
	if (imp_media_kind(document->config.media_type) == IMP_MEDIA_CONFIG &&
	    !find_other_layer(document)) {
		document->kind = IMP_DOCUMENT_MANIFEST;
		return 0;
	}
	document->kind = IMP_DOCUMENT_ARTIFACT;
	document->artifact_type = name_artifact(document, own);
	return 0;
}

static int parse_manifest(const struct reading *reading, struct imp_document *document,
			  struct imp_error *err)
{
	static const enum field foreign[] = {MANIFESTS, FS_LAYERS};
	int rc = refuse_fields(reading, "a manifest", foreign, 2, err);
	if (rc < 0)
		return rc;
	if (!reading->values[CONFIG])
		return imp_fail(err, IMP_E_FORMAT, "'config' is missing");
	if (imp_descriptor_parse(reading->values[CONFIG], reading->arena,
				 &document->config, err) < 0)
		return imp_wrap(err, "config");
	rc = parse_entries(reading, LAYERS, reading->limits->layers, "layers", document,
			   err);
	if (rc == 0)
		rc = check_layer_sum(document, err);
	if (rc == 0)
		rc = decide_kind(reading, document, err);
	return rc;
}

static int parse_root(json_t *root, const char *media_type,
		      const struct imp_limits *limits, struct imp_arena *arena,
		      struct imp_document *document, struct imp_error *err)
{
	struct reading reading = {.limits = limits, .arena = arena};
	int rc = imp_fields_bind(root, IMP_FIELD_EXACT, field_names, FIELD_COUNT,
				 reading.values, err);
	if (rc == 0)
		rc = decide_type(&reading, media_type, &document->media_type, err);
	if (rc == 0)
		rc = imp_field_pairs(reading.values[ANNOTATIONS], "annotations", arena,
				     &document->annotations, &document->annotation_count,
				     err);
	if (rc < 0)
		return rc;
	if (imp_media_kind(document->media_type) == IMP_MEDIA_INDEX)
		return parse_index(&reading, document, err);
	return parse_manifest(&reading, document, err);
}

int imp_document_parse(struct imp_slice body, const char *media_type, const char *what,
		       const struct imp_limits *limits, struct imp_arena *arena,
		       struct imp_document *out, struct imp_error *err)
{
	if (body.len > limits->manifest_bytes)
		return imp_fail(err, IMP_E_LIMIT,
				"%s: limit manifest-bytes: %zu bytes, at most %llu "
				"are read",
				what, body.len,
				(unsigned long long)limits->manifest_bytes);
	imp_auto_json json_t *root = NULL;
	int rc = imp_json_parse(body, limits, what, &root, err);
	if (rc < 0)
		return rc;
	struct imp_document document = {.artifact_type = ""};
	if (parse_root(root, media_type, limits, arena, &document, err) < 0)
		return imp_wrap(err, "%s", what);
	*out = document;
	return 0;
}
