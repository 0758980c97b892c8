#include "imgprof/image.h"

#include "oci_test.h"

#define OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define OCI_CONFIG "application/vnd.oci.image.config.v1+json"
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

/* Of an image's manifest, layers most of all: formats.md 2.9 */

CASE(nul_in_a_media_type)
{
	expect_refused(MANIFEST(CONFIG, DESCRIPTOR("a\\u0000b", SHA_A, ""), ""), "");
}

static void expect_size(const char *size, uint64_t expected)
{
	ARENA(arena);
	const char *text =
		imp_arena_printf(arena,
				 MANIFEST(CONFIG,
					  "{'mediaType':'" OCI_LAYER
					  "v1.tar','digest':'" SHA_A "','size':%s}",
					  ""),
				 size);
	struct imp_document document = parse(text, "", arena);
	assert_int_equal(document.entries[0].size_bytes, expected);
}

static void expect_bad_size(const char *member, const char *reason)
{
	ARENA(arena);
	const char *text = imp_arena_printf(arena,
					    MANIFEST(CONFIG,
						     "{'mediaType':'" OCI_LAYER
						     "v1.tar','digest':'" SHA_A "'%s}",
						     ""),
					    member);
	expect_refused(text, reason);
}

CASE(size_from_zero_to_the_largest)
{
	expect_size("0", 0);
	expect_size("9223372036854775807", INT64_MAX);
}

CASE(size_is_integral_real)
{
	expect_size("1.0e3", 1000);
	expect_size("9007199254740992.0", 9007199254740992);
}

CASE(size_negative)
{
	expect_bad_size(",'size':-1", "layers[0]: size is negative");
	expect_bad_size(",'size':-1.5", "layers[0]: size is negative");
}

CASE(size_fractional)
{
	expect_bad_size(",'size':1.5", "layers[0]: size is 1.5, expected a whole number");
}

CASE(size_too_large)
{
	expect_bad_size(",'size':9223372036854775808", "");
	expect_bad_size(",'size':1e30", "size is 1e+30, too large");
}

CASE(size_missing_or_no_number)
{
	expect_bad_size("", "size is missing");
	expect_bad_size(",'size':null", "size is null");
	expect_bad_size(",'size':'7'", "size is a string");
}

CASE(sizes_that_overflow_in_sum)
{
	expect_refused(MANIFEST(CONFIG,
				"{'mediaType':'" OCI_LAYER "v1.tar','digest':'" SHA_A
				"','size':9223372036854775807}," LAYER,
				""),
		       "add up to more than 2^63-1");
}

static void expect_bad_digest(const char *digest, int category, const char *reason)
{
	ARENA(arena);
	const char *text = imp_arena_printf(
		arena, MANIFEST(CONFIG, "{'mediaType':'x','size':1,'digest':%s}", ""),
		digest);
	expect_refused_as(text, "", category, reason);
}

CASE(digest_malformed)
{
	static const char *const digests[] = {
		"''",
		"'sha256'",
		"'sha256:'",
		"'sha256:abcd'",
		"'sha256:" HEX_A "a'",
		"'sha256:../../../x'",
		"'sha256:AAAA" HEX_A "'",
		"'" HEX_A "'",
		"'sha512:" HEX_A "'",
		"' " SHA_A "'",
		"'" SHA_A "\\n'",
	};
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		expect_bad_digest(digests[i], IMP_E_FORMAT, "layers[0]");
}

CASE(digest_missing)
{
	expect_bad_digest("null", IMP_E_FORMAT, "digest is null, expected a string");
	expect_refused(MANIFEST(CONFIG, "{'mediaType':'x','size':1}", ""),
		       "digest is missing");
}

CASE(digest_of_an_unknown_algorithm)
{
	expect_bad_digest("'blake3:" HEX_A "'", IMP_E_UNSUPPORTED, "blake3");
}

/* Layers: formats.md 4.1, 4.10 */

static struct imp_descriptor layer_of(const char *type, struct imp_arena *arena)
{
	const char *text = imp_arena_printf(
		arena, MANIFEST(CONFIG, DESCRIPTOR("%s", SHA_A, ""), ""), type);
	struct imp_document document = parse(text, "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	return document.entries[0];
}

CASE(layer_types)
{
	static const struct {
		const char *type;
		enum imp_declared declared;
		bool foreign;
	} rows[] = {
		{OCI_LAYER "v1.tar", IMP_DECLARED_PLAIN, false},
		{OCI_LAYER "v1.tar+gzip", IMP_DECLARED_GZIP, false},
		{OCI_LAYER "v1.tar+zstd", IMP_DECLARED_ZSTD, false},
		{OCI_LAYER "nondistributable.v1.tar", IMP_DECLARED_PLAIN, true},
		{OCI_LAYER "nondistributable.v1.tar+gzip", IMP_DECLARED_GZIP, true},
		{OCI_LAYER "nondistributable.v1.tar+zstd", IMP_DECLARED_ZSTD, true},
		{DOCKER_LAYER "diff.tar", IMP_DECLARED_UNKNOWN, false},
		{DOCKER_LAYER "diff.tar.gzip", IMP_DECLARED_GZIP, false},
		{DOCKER_LAYER "diff.tar.zstd", IMP_DECLARED_ZSTD, false},
		{DOCKER_LAYER "foreign.diff.tar", IMP_DECLARED_UNKNOWN, true},
		{DOCKER_LAYER "foreign.diff.tar.gzip", IMP_DECLARED_GZIP, true},
	};
	ARENA(arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s\n", rows[i].type);
		struct imp_descriptor layer = layer_of(rows[i].type, arena);
		assert_int_equal(layer.declared, rows[i].declared);
		assert_int_equal(layer.foreign, rows[i].foreign);
		assert_false(layer.encrypted);
		assert_int_equal(imp_media_kind(rows[i].type), IMP_MEDIA_LAYER);
	}
}

CASE(layer_type_has_parameters_and_capitals)
{
	ARENA(arena);
	struct imp_descriptor layer =
		layer_of("Application/vnd.oci.image.layer.v1.TAR+gzip; x=y", arena);
	assert_string_equal(layer.media_type, OCI_LAYER "v1.tar+gzip");
	assert_int_equal(layer.declared, IMP_DECLARED_GZIP);
}

CASE(encrypted_by_type)
{
	ARENA(arena);
	struct imp_descriptor layer = layer_of(OCI_LAYER "v1.tar+gzip+encrypted", arena);
	assert_true(layer.encrypted);
	assert_int_equal(layer.declared, IMP_DECLARED_GZIP);
	layer = layer_of(DOCKER_LAYER "diff.tar.gzip+encrypted", arena);
	assert_true(layer.encrypted);
}

CASE(encrypted_by_annotation)
{
	static const char *const keys[] = {
		"org.opencontainers.image.enc.keys.jwe",
		"org.opencontainers.image.enc.keys.provider.x",
		"org.opencontainers.image.enc.pubopts",
	};
	ARENA(arena);
	for (size_t i = 0; i < 3; i++) {
		const char *text = imp_arena_printf(
			arena,
			MANIFEST(CONFIG,
				 DESCRIPTOR(OCI_LAYER "v1.tar", SHA_A,
					    ",'annotations':{'a':'b','%s':'x'}"),
				 ""),
			keys[i]);
		struct imp_document document = parse(text, "", arena);
		assert_true(document.entries[0].encrypted);
	}
}

CASE(encrypted_layer_in_the_middle)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG,
			       LAYER "," DESCRIPTOR(OCI_LAYER "v1.tar+gzip+encrypted",
						    SHA_A, "") "," LAYER,
			       ""),
		      "", arena);
	assert_int_equal(document.kind, IMP_DOCUMENT_MANIFEST);
	assert_false(document.entries[0].encrypted);
	assert_true(document.entries[1].encrypted);
	assert_false(document.entries[2].encrypted);
}

CASE(foreign_layer_has_urls)
{
	ARENA(arena);
	struct imp_document document =
		parse(MANIFEST(CONFIG,
			       DESCRIPTOR(DOCKER_LAYER "foreign.diff.tar.gzip", SHA_A,
					  ",'urls':['https://a/x','file:///etc/passwd']"),
			       ""),
		      "", arena);
	assert_int_equal(document.entries[0].url_count, 2);
	assert_slice(document.entries[0].urls[0], "https://a/x");
	assert_slice(document.entries[0].urls[1], "file:///etc/passwd");
	expect_refused(MANIFEST(CONFIG, DESCRIPTOR("x", SHA_A, ",'urls':[1]"), ""),
		       "urls[0] is a number");
	expect_refused(MANIFEST(CONFIG, DESCRIPTOR("x", SHA_A, ",'urls':'x'"), ""),
		       "urls is a string");
}

/* Embedded data: formats.md 2.12 */

#define EMPTY_OBJECT_SHA \
	"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

static void expect_bad_data(const char *digest, const char *size, const char *data,
			    int category, const char *reason)
{
	ARENA(arena);
	const char *text =
		imp_arena_printf(arena,
				 "{'schemaVersion':2,'layers':[],'config':{'mediaType':"
				 "'" OCI_CONFIG "','digest':'%s','size':%s,'data':%s}}",
				 digest, size, data);
	expect_refused_as(text, OCI_MANIFEST, category, reason);
}

CASE(embedded_data)
{
	ARENA(arena);
	struct imp_document document =
		parse("{'schemaVersion':2,'layers':[],'config':{'mediaType':'" OCI_CONFIG
		      "','digest':'" EMPTY_OBJECT_SHA "','size':2,'data':'e30='}}",
		      "", arena);
	assert_non_null(document.config.data.data);
	assert_slice(document.config.data, "{}");
}

CASE(embedded_data_of_no_bytes)
{
	ARENA(arena);
	struct imp_document document = parse(
		INDEX("{'mediaType':'x','size':0,'data':'','digest':'sha256:"
		      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}",
		      ""),
		"", arena);
	assert_non_null(document.entries[0].data.data);
	assert_int_equal(document.entries[0].data.len, 0);
}

CASE(embedded_data_null_is_absent)
{
	ARENA(arena);
	struct imp_document document = parse(INDEX(ENTRY(",'data':null"), ""), "", arena);
	assert_null(document.entries[0].data.data);
}

CASE(embedded_data_of_another_size)
{
	expect_bad_data(EMPTY_OBJECT_SHA, "3", "'e30='", IMP_E_INTEGRITY,
			"config: data has 2 bytes, expected 3");
}

CASE(embedded_data_of_another_digest)
{
	expect_bad_data(SHA_A, "2", "'e30='", IMP_E_INTEGRITY,
			"config: data has the digest " EMPTY_OBJECT_SHA
			", expected " SHA_A);
}

CASE(embedded_data_is_no_base64)
{
	expect_bad_data(EMPTY_OBJECT_SHA, "2", "'e3_='", IMP_E_FORMAT,
			"config: data is no base64");
	expect_bad_data(EMPTY_OBJECT_SHA, "2", "7", IMP_E_FORMAT,
			"config: data is a number");
}
