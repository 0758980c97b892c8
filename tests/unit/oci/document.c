#include "imgprof/image.h"

#include "oci_test.h"

#define OCI_INDEX "application/vnd.oci.image.index.v1+json"
#define DOCKER_LIST "application/vnd.docker.distribution.manifest.list.v2+json"
#define OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define DOCKER_MANIFEST "application/vnd.docker.distribution.manifest.v2+json"
#define OCI_CONFIG "application/vnd.oci.image.config.v1+json"
#define DOCKER_CONFIG "application/vnd.docker.container.image.v1+json"
#define OCI_LAYER "application/vnd.oci.image.layer."
#define DOCKER_LAYER "application/vnd.docker.image.rootfs."

/* A descriptor; MORE are further members, with a comma in front. */
#define DESCRIPTOR(type, digest, more) \
	"{'mediaType':'" type "','digest':'" digest "','size':7" more "}"
#define CONFIG DESCRIPTOR(OCI_CONFIG, SHA_A, "")
#define LAYER DESCRIPTOR(OCI_LAYER "v1.tar+gzip", SHA_B, "")
#define MANIFEST(config, layers, more) \
	"{'schemaVersion':2,'config':" config ",'layers':[" layers "]" more "}"
#define INDEX(entries, more) "{'schemaVersion':2,'manifests':[" entries "]" more "}"
#define ENTRY(more) DESCRIPTOR(OCI_MANIFEST, SHA_A, more)
#define PLATFORM(os, architecture) \
	",'platform':{'os':'" os "','architecture':'" architecture "'}"

static int try_with(const char *text, const char *type, const struct imp_limits *limits,
		    struct imp_arena *arena, struct imp_document *out,
		    struct imp_error *err)
{
	return imp_document_parse(json_of(text, arena), type, "thing", limits, arena, out,
				  err);
}

static struct imp_document parse(const char *text, const char *type,
				 struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_document document;
	memset(&document, 0x55, sizeof(document));
	assert_ok(try_with(text, type, &imp_limits_default, arena, &document, &err),
		  &err);
	return document;
}

static void expect_refused_as(const char *text, const char *type, int category,
			      const char *reason)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_document document = {.media_type = "before"};
	assert_fails(try_with(text, type, &imp_limits_default, arena, &document, &err),
		     category, reason, &err);
	assert_non_null(strstr(err.message, "thing"));
	assert_string_equal(document.media_type, "before");
}

static void expect_refused(const char *text, const char *reason)
{
	expect_refused_as(text, "", IMP_E_FORMAT, reason);
}

static void expect_artifact(const char *text, const char *name)
{
	ARENA(arena);
	struct imp_document document = parse(text, "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_ARTIFACT);
	assert_string_equal(document.artifact_type, name);
}

/* Which type: formats.md 2.3 */

CASE(content_type_decides)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG, LAYER, ""), DOCKER_MANIFEST, arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	assert_string_equal(document.media_type, DOCKER_MANIFEST);
	document = parse(INDEX("", ""), DOCKER_LIST, arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_INDEX);
	assert_string_equal(document.media_type, DOCKER_LIST);
}

CASE(content_type_has_parameters_and_capitals)
{
	ARENA(arena);
	struct imp_document document = parse(
		INDEX("", ""),
		" Application/vnd.docker.distribution.manifest.LIST.v2+json ; charset=utf-8",
		arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_INDEX);
	assert_string_equal(document.media_type, DOCKER_LIST);
}

CASE(body_decides_when_the_content_type_says_nothing)
{
	static const char *const nothing[] = {"", "text/plain", "application/json",
					      "application/octet-stream"};
	ARENA(arena);
	for (size_t i = 0; i < 4; i++) {
		struct imp_document document = parse(
			MANIFEST(CONFIG, LAYER, ",'mediaType':'" DOCKER_MANIFEST "'"),
			nothing[i], arena);
		assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
		assert_string_equal(document.media_type, DOCKER_MANIFEST);
	}
}

CASE(shape_decides_without_media_types)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG, LAYER, ""), "text/plain", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	assert_string_equal(document.media_type, OCI_MANIFEST);
	document = parse(INDEX("", ""), "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_INDEX);
	assert_string_equal(document.media_type, OCI_INDEX);
}

CASE(docker_config_makes_a_docker_manifest)
{
	ARENA(arena);
	struct imp_document document = parse(
		MANIFEST(DESCRIPTOR(DOCKER_CONFIG, SHA_A, ""), LAYER, ""), "", arena);
	assert_string_equal(document.media_type, DOCKER_MANIFEST);
}

CASE(body_and_content_type_differ)
{
	expect_refused_as(MANIFEST(CONFIG, LAYER, ",'mediaType':'" OCI_MANIFEST "'"),
			  DOCKER_MANIFEST, IMP_E_FORMAT,
			  "calls itself " OCI_MANIFEST ", but came as " DOCKER_MANIFEST);
	expect_refused_as(MANIFEST(CONFIG, LAYER, ",'mediaType':'" OCI_MANIFEST "'"),
			  OCI_INDEX, IMP_E_FORMAT, "calls itself");
}

CASE(unknown_own_type_beside_a_known_content_type)
{
	ARENA(arena);
	struct imp_document document = parse(
		MANIFEST(CONFIG, LAYER, ",'mediaType':'text/x'"), OCI_MANIFEST, arena);
	assert_string_equal(document.media_type, OCI_MANIFEST);
}

CASE(unknown_own_type_alone)
{
	expect_refused_as(MANIFEST(CONFIG, LAYER, ",'mediaType':'application/x+json'"),
			  "", IMP_E_UNSUPPORTED, "application/x+json");
}

CASE(neither_index_nor_manifest)
{
	expect_refused("{}", "neither an index nor a manifest");
	expect_refused("{'schemaVersion':2}", "neither an index nor a manifest");
	expect_refused("{'schemaVersion':2,'config':" CONFIG "}", "neither an index");
	expect_refused("{'config':" CONFIG ",'layers':[]}", "neither an index");
}

CASE(root_is_no_object)
{
	expect_refused("[]", "an array, expected an object");
}

CASE(broken_json)
{
	expect_refused("{'schemaVersion':2,", "");
	expect_refused("<html>", "");
	expect_refused("", "");
}

CASE(text_behind_the_document)
{
	expect_refused(INDEX("", "") "x", "");
}

CASE(schema_version_of_the_future)
{
	expect_refused_as("{'schemaVersion':3,'manifests':[]}", "", IMP_E_UNSUPPORTED,
			  "schemaVersion is 3");
}

CASE(schema_version_is_text)
{
	expect_refused("{'schemaVersion':'2','manifests':[]}",
		       "schemaVersion is a string");
}

CASE(schema_version_may_be_missing_when_the_type_is_known)
{
	ARENA(arena);
	struct imp_document document = parse("{'manifests':[]}", OCI_INDEX, arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_INDEX);
}

/* Schema 1: formats.md 2.10 */

CASE(schema1_by_version)
{
	expect_refused_as("{'schemaVersion':1,'fsLayers':[],'history':[]}", "",
			  IMP_E_UNSUPPORTED, "docker schema 1 manifest");
}

CASE(schema1_by_content_type)
{
	static const char *const types[] = {
		"application/vnd.docker.distribution.manifest.v1+prettyjws",
		"application/vnd.docker.distribution.manifest.v1+json",
	};
	for (size_t i = 0; i < 2; i++)
		expect_refused_as("{'schemaVersion':1,'fsLayers':[],'signatures':[]}",
				  types[i], IMP_E_UNSUPPORTED,
				  "docker schema 1 manifest");
}

CASE(schema1_has_a_hint)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_document document;
	assert_fails(try_with("{'schemaVersion':1}", "", &imp_limits_default, arena,
			      &document, &err),
		     IMP_E_UNSUPPORTED, "schema 1", &err);
	assert_string_not_equal(err.hint, "");
}

/* Ambiguous documents: formats.md 2.4, 0.5 */

CASE(manifests_beside_layers)
{
	expect_refused(MANIFEST(CONFIG, LAYER, ",'manifests':[]"), "ambiguous");
	expect_refused_as(MANIFEST(CONFIG, LAYER, ",'manifests':[]"), OCI_MANIFEST,
			  IMP_E_FORMAT, "a manifest that also has 'manifests'");
	expect_refused_as(MANIFEST(CONFIG, LAYER, ",'manifests':null"), OCI_MANIFEST,
			  IMP_E_FORMAT, "ambiguous");
}

CASE(index_with_the_parts_of_a_manifest)
{
	expect_refused(INDEX("", ",'config':" CONFIG), "an index that also has 'config'");
	expect_refused(INDEX("", ",'layers':[]"), "an index that also has 'layers'");
	expect_refused(INDEX("", ",'fsLayers':[]"), "an index that also has 'fsLayers'");
}

CASE(manifest_with_the_parts_of_schema1)
{
	expect_refused(MANIFEST(CONFIG, LAYER, ",'fsLayers':[]"),
		       "a manifest that also has 'fsLayers'");
}

CASE(manifest_that_came_as_an_index)
{
	expect_refused_as(MANIFEST(CONFIG, LAYER, ""), OCI_INDEX, IMP_E_FORMAT,
			  "ambiguous");
}

CASE(index_that_came_as_a_manifest)
{
	expect_refused_as(INDEX("", ""), OCI_MANIFEST, IMP_E_FORMAT, "ambiguous");
}

CASE(duplicate_keys)
{
	expect_refused("{'schemaVersion':2,'config':" CONFIG
		       ",'layers':[],'layers':[" LAYER "]}",
		       "");
}

CASE(key_in_another_case_beside)
{
	expect_refused(MANIFEST(CONFIG, LAYER, ",'Layers':[]"),
		       "'Layers' differs from 'layers' only in case");
	expect_refused(INDEX("", ",'MANIFESTS':[]"), "only in case");
	expect_refused(MANIFEST(CONFIG, LAYER, ",'Manifests':[]"), "only in case");
}

CASE(key_in_another_case_alone)
{
	expect_refused("{'schemaVersion':2,'config':" CONFIG ",'Layers':[]}",
		       "only in case");
}

CASE(key_that_go_folds)
{
	/* LATIN SMALL LETTER LONG S folds to s. */
	expect_refused(MANIFEST(CONFIG, LAYER, ",'layer\xc5\xbf':[]"), "only in case");
}

CASE(key_in_another_case_in_a_descriptor)
{
	expect_refused(
		MANIFEST(CONFIG, DESCRIPTOR("x", SHA_A, ",'Digest':'" SHA_B "'"), ""),
		"layers[0]: the key 'Digest' differs from 'digest'");
}

CASE(key_in_another_case_in_a_platform)
{
	expect_refused(INDEX(ENTRY(",'platform':{'os':'linux','OS':'windows'}"), ""),
		       "manifests[0]: platform: the key 'OS'");
}

CASE(unknown_keys_are_normal)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG, LAYER, ",'subject':{},'foo':1,'Foo':2,'s':3"), "",
		      arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
}

/* Manifests: formats.md 2.9 */

CASE(manifest_is_read_whole)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG,
			       LAYER "," DESCRIPTOR(OCI_LAYER "v1.tar+zstd", SHA512_A,
						    ",'annotations':{'a':'b'}"),
			       ",'annotations':{'k':'v','n':null,'l':'w'}"),
		      "", arena);
	char digest[IMP_DIGEST_TEXT];
	assert_string_equal(document.config.media_type, OCI_CONFIG);
	assert_string_equal(imp_digest_text(&document.config.digest, digest), SHA_A);
	assert_int_equal(document.entry_count, 2);
	assert_string_equal(document.entries[0].media_type, OCI_LAYER "v1.tar+gzip");
	assert_string_equal(imp_digest_text(&document.entries[0].digest, digest), SHA_B);
	assert_int_equal(document.entries[0].size_bytes, 7);
	assert_null(document.entries[0].data.data);
	assert_string_equal(imp_digest_text(&document.entries[1].digest, digest),
			    SHA512_A);
	assert_slice(imp_annotation(document.entries[1].annotations,
				    document.entries[1].annotation_count, "a"),
		     "b");
	assert_int_equal(document.annotation_count, 3);
	assert_slice(imp_annotation(document.annotations, 3, "k"), "v");
	assert_slice(imp_annotation(document.annotations, 3, "l"), "w");
	assert_slice(imp_annotation(document.annotations, 3, "n"), "");
	assert_slice(imp_annotation(document.annotations, 3, "absent"), "");
	assert_string_equal(document.artifact_type, "");
}

CASE(same_layer_twice)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG,
			       DESCRIPTOR(OCI_LAYER "v1.tar", SHA_A,
					  "") "," LAYER "," CONFIG "," LAYER,
			       ""),
		      "", arena);
	assert_int_equal(document.entry_count, 4);
	assert_true(imp_digest_equal(&document.entries[1].digest,
				     &document.entries[3].digest));
}

CASE(layers_empty_or_null)
{
	ARENA(arena);
	struct imp_document document = parse(MANIFEST(CONFIG, "", ""), "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	assert_int_equal(document.entry_count, 0);
	document =
		parse("{'schemaVersion':2,'config':" CONFIG ",'layers':null}", "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	assert_int_equal(document.entry_count, 0);
}

CASE(layers_missing)
{
	expect_refused_as("{'schemaVersion':2,'config':" CONFIG "}", OCI_MANIFEST,
			  IMP_E_FORMAT, "'layers' is missing");
}

CASE(config_missing)
{
	expect_refused_as("{'schemaVersion':2,'layers':[]}", OCI_MANIFEST, IMP_E_FORMAT,
			  "'config' is missing");
}

CASE(wrong_types)
{
	expect_refused("{'schemaVersion':2,'config':" CONFIG ",'layers':{}}",
		       "layers is an object, expected an array");
	expect_refused("{'schemaVersion':2,'config':[],'layers':[]}",
		       "config: an array, expected an object");
	expect_refused(MANIFEST(CONFIG, "7", ""),
		       "layers[0]: a number, expected an object");
	expect_refused(MANIFEST(CONFIG, LAYER ",null", ""),
		       "layers[1]: null, expected an object");
	expect_refused("{'schemaVersion':2,'manifests':'x'}", "manifests is a string");
	expect_refused(MANIFEST(CONFIG, LAYER, ",'mediaType':true"),
		       "mediaType is a boolean");
	expect_refused(MANIFEST(CONFIG, LAYER, ",'annotations':[]"),
		       "annotations is an array");
	expect_refused(MANIFEST(CONFIG, LAYER, ",'annotations':{'k':1}"),
		       "annotations: k is a number");
	expect_refused(MANIFEST(CONFIG, LAYER, ",'artifactType':{}"),
		       "artifactType is an object");
}

/* Artifacts: formats.md 2.13, 7.7 */

CASE(both_config_types_are_images)
{
	ARENA(arena);
	struct imp_document document = parse(MANIFEST(CONFIG, LAYER, ""), "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	document = parse(MANIFEST(DESCRIPTOR(DOCKER_CONFIG, SHA_A, ""), LAYER, ""), "",
			 arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
}

CASE(cosign_signature)
{
	expect_artifact(
		MANIFEST(CONFIG,
			 DESCRIPTOR("application/vnd.dev.cosign.simplesigning.v1+json",
				    SHA_A, ""),
			 ""),
		"application/vnd.dev.cosign.simplesigning.v1+json");
}

CASE(helm_chart)
{
	expect_artifact(
		MANIFEST(
			DESCRIPTOR("application/vnd.cncf.helm.config.v1+json", SHA_A, ""),
			DESCRIPTOR("application/vnd.cncf.helm.chart.content.v1.tar+gzip",
				   SHA_B, ""),
			""),
		"application/vnd.cncf.helm.config.v1+json");
}

CASE(empty_config_artifact)
{
	expect_artifact(
		MANIFEST(DESCRIPTOR("application/vnd.oci.empty.v1+json", SHA_A, ""),
			 DESCRIPTOR("application/x.sbom", SHA_B, ""),
			 ",'artifactType':'application/x.sbom.bundle'"),
		"application/x.sbom.bundle");
	expect_artifact(
		MANIFEST(DESCRIPTOR("application/vnd.oci.empty.v1+json", SHA_A, ""),
			 DESCRIPTOR("application/x.sbom", SHA_B, ""), ""),
		"application/x.sbom");
}

CASE(docker_plugin_with_real_layers)
{
	expect_artifact(
		MANIFEST(DESCRIPTOR("application/vnd.docker.plugin.v1+json", SHA_A, ""),
			 DESCRIPTOR(DOCKER_LAYER "diff.tar.gzip", SHA_B, ""), ""),
		"application/vnd.docker.plugin.v1+json");
}

CASE(one_layer_of_another_type)
{
	expect_artifact(
		MANIFEST(CONFIG,
			 LAYER "," DESCRIPTOR(OCI_LAYER "nydus.blob.v1", SHA_A, ""), ""),
		OCI_LAYER "nydus.blob.v1");
}

CASE(attestation_is_no_image)
{
	expect_artifact(MANIFEST(CONFIG,
				 DESCRIPTOR("application/vnd.in-toto+json", SHA_A, ""),
				 ""),
			"application/vnd.in-toto+json");
}

CASE(config_without_media_type)
{
	expect_artifact(MANIFEST("{'digest':'" SHA_A "','size':1}", "", ""),
			"a manifest without media types");
}

CASE(build_cache_manifest)
{
	expect_artifact(
		MANIFEST(DESCRIPTOR("application/vnd.buildkit.cacheconfig.v0", SHA_A, ""),
			 LAYER, ""),
		"build cache");
}

CASE(build_cache_index)
{
	expect_artifact(INDEX(LAYER
			      "," DESCRIPTOR("application/vnd.buildkit.cacheconfig.v0",
					     SHA_A, ""),
			      ""),
			"build cache");
}

/* Indexes: formats.md 2.8, 2.14 */

CASE(index_is_read_whole)
{
	ARENA(arena);
	struct imp_document document =
		parse(INDEX(ENTRY(PLATFORM("Linux", "x86_64")) "," ENTRY(
				    ",'platform':{'os':'linux','architecture':'arm64',"
				    "'variant':'v8','os.features':['x']}"
				    ",'artifactType':'application/y'") "," ENTRY(""),
			    ",'annotations':{'a':'b'}"),
		      "", arena);
	assert_int_equal(document.entry_count, 3);
	assert_true(document.entries[0].has_platform);
	assert_string_equal(document.entries[0].platform.os, "linux");
	assert_string_equal(document.entries[0].platform.architecture, "amd64");
	assert_string_equal(document.entries[0].artifact_type, "");
	assert_string_equal(document.entries[1].platform.variant, "");
	assert_string_equal(document.entries[1].artifact_type, "application/y");
	assert_false(document.entries[2].has_platform);
	assert_string_equal(document.entries[2].platform.os, "");
	assert_int_equal(document.annotation_count, 1);
}

CASE(index_empty_or_null)
{
	ARENA(arena);
	struct imp_document document = parse(INDEX("", ""), "", arena);
	assert_int_equal(document.entry_count, 0);
	document = parse("{'schemaVersion':2,'manifests':null}", "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_INDEX);
	assert_int_equal(document.entry_count, 0);
}

CASE(index_without_manifests)
{
	expect_refused_as("{'schemaVersion':2}", OCI_INDEX, IMP_E_FORMAT,
			  "'manifests' is missing");
}

CASE(index_keeps_entries_of_unknown_types)
{
	ARENA(arena);
	struct imp_document document =
		parse(INDEX(DESCRIPTOR("application/xml", SHA_A, "") "," ENTRY(""), ""),
		      "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_INDEX);
	assert_int_equal(document.entry_count, 2);
	assert_int_equal(imp_media_kind(document.entries[0].media_type), IMP_MEDIA_OTHER);
	assert_int_equal(imp_media_kind(document.entries[1].media_type),
			 IMP_MEDIA_MANIFEST);
}

CASE(media_kinds)
{
	assert_int_equal(imp_media_kind(OCI_INDEX), IMP_MEDIA_INDEX);
	assert_int_equal(imp_media_kind(DOCKER_LIST), IMP_MEDIA_INDEX);
	assert_int_equal(imp_media_kind(DOCKER_MANIFEST), IMP_MEDIA_MANIFEST);
	assert_int_equal(imp_media_kind(OCI_CONFIG), IMP_MEDIA_CONFIG);
	assert_int_equal(imp_media_kind(DOCKER_CONFIG), IMP_MEDIA_CONFIG);
	assert_int_equal(imp_media_kind("application/vnd.docker.distribution.manifest."
					"v1+prettyjws"),
			 IMP_MEDIA_SCHEMA1);
	assert_int_equal(imp_media_kind(OCI_LAYER "v1.tar+encrypted"), IMP_MEDIA_LAYER);
	assert_int_equal(imp_media_kind(OCI_LAYER "v1.tar+encrypted+encrypted"),
			 IMP_MEDIA_OTHER);
	assert_int_equal(imp_media_kind(OCI_LAYER "v1.tar+gzi"), IMP_MEDIA_OTHER);
	assert_int_equal(imp_media_kind(""), IMP_MEDIA_OTHER);
}

CASE(index_in_an_index)
{
	ARENA(arena);
	struct imp_document document =
		parse(INDEX(DESCRIPTOR(OCI_INDEX, SHA_A, ""), ""), "", arena);
	assert_int_equal(imp_media_kind(document.entries[0].media_type), IMP_MEDIA_INDEX);
}

CASE(attestation_by_annotation)
{
	ARENA(arena);
	struct imp_document document = parse(
		INDEX(ENTRY(PLATFORM(
			      "linux",
			      "amd64") ",'annotations':{"
				       "'vnd.docker.reference.type':'attestation-manifest',"
				       "'vnd.docker.reference.digest':'" SHA_B
				       "'}") "," ENTRY(PLATFORM("linux", "amd64")),
		      ""),
		"", arena);
	assert_true(document.entries[0].attestation);
	assert_false(document.entries[1].attestation);
}

CASE(attestation_by_unknown_platform)
{
	ARENA(arena);
	struct imp_document document =
		parse(INDEX(ENTRY(PLATFORM("unknown", "unknown")) "," ENTRY(
				    PLATFORM("linux", "unknown")) "," ENTRY(""),
			    ""),
		      "", arena);
	assert_true(document.entries[0].attestation);
	assert_false(document.entries[1].attestation);
	assert_false(document.entries[2].attestation);
}

CASE(platform_of_wrong_types)
{
	expect_refused(INDEX(ENTRY(",'platform':'linux/amd64'"), ""),
		       "manifests[0]: platform: a string, expected an object");
	expect_refused(INDEX(ENTRY(",'platform':{'os':1}"), ""),
		       "manifests[0]: platform: os is a number");
	expect_refused(INDEX(ENTRY(",'platform':{'os':'a\\u0000b'}"), ""), "");
}

CASE(platform_null_is_absent)
{
	ARENA(arena);
	struct imp_document document =
		parse(INDEX(ENTRY(",'platform':null"), ""), "", arena);
	assert_false(document.entries[0].has_platform);
}

/* Limits: reliability.md 4 */

static void expect_limit(const char *text, const struct imp_limits *limits,
			 const char *name)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_document document;
	assert_fails(try_with(text, "", limits, arena, &document, &err), IMP_E_LIMIT,
		     name, &err);
}

CASE(limit_of_layers)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_document document;
	struct imp_limits limits = imp_limits_default;
	limits.layers = 2;
	assert_ok(try_with(MANIFEST(CONFIG, LAYER "," LAYER, ""), "", &limits, arena,
			   &document, &err),
		  &err);
	expect_limit(MANIFEST(CONFIG, LAYER "," LAYER "," LAYER, ""), &limits,
		     "limit layers");
}

CASE(limit_of_platforms)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_document document;
	struct imp_limits limits = imp_limits_default;
	limits.platforms = 2;
	assert_ok(try_with(INDEX(ENTRY("") "," ENTRY(""), ""), "", &limits, arena,
			   &document, &err),
		  &err);
	expect_limit(INDEX(ENTRY("") "," ENTRY("") "," ENTRY(""), ""), &limits,
		     "limit platforms");
}

CASE(limit_of_bytes)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_document document;
	struct imp_limits limits = imp_limits_default;
	limits.manifest_bytes = strlen(INDEX("", ""));
	assert_ok(try_with(INDEX("", ""), "", &limits, arena, &document, &err), &err);
	expect_limit(INDEX("", "") " ", &limits, "limit manifest-bytes");
}

CASE(limit_of_depth)
{
	struct imp_limits limits = imp_limits_default;
	limits.json_depth = 4;
	expect_limit("{'a':[[[[[[[]]]]]]]}", &limits, "depth");
}

CASE(ten_thousand_platforms)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	imp_strbuf_add_text(&text, "{'schemaVersion':2,'manifests':[");
	for (int i = 0; i < 10000; i++)
		imp_strbuf_printf(&text, "%s%s", i ? "," : "", ENTRY(""));
	imp_strbuf_add_text(&text, "]}");
	expect_limit(text.data, &imp_limits_default,
		     "limit platforms: "
		     "'manifests' has 10000 entries");
}
