#include "kit.h"

#include "imgprof/hash.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEX63 "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct row {
	const char *text;
	int rc;
};

static const struct row rows[] = {
	{"sha256:" HEX64, 0},
	{"sha512:" HEX64 HEX64, 0},
	{"", IMP_E_FORMAT},
	{":", IMP_E_FORMAT},
	{"sha256", IMP_E_FORMAT},
	{"sha256:", IMP_E_FORMAT},
	{HEX64, IMP_E_FORMAT},
	{":" HEX64, IMP_E_FORMAT},
	{"sha256:" HEX63, IMP_E_FORMAT},
	{"sha256:" HEX64 "0", IMP_E_FORMAT},
	{"sha256:" HEX64 HEX64, IMP_E_FORMAT},
	{"sha512:" HEX64, IMP_E_FORMAT},
	{"sha256:A" HEX63, IMP_E_FORMAT},
	{"sha256:g" HEX63, IMP_E_FORMAT},
	{"sha256:/" HEX63, IMP_E_FORMAT},
	{"sha256: " HEX63, IMP_E_FORMAT},
	{"sha256:-" HEX63, IMP_E_FORMAT},
	{"sha256:../../x", IMP_E_FORMAT},
	{"sha256:../../../../../../../../../../../../../../../../../../../../etc",
	 IMP_E_FORMAT},
	{"sha256:" HEX64 "\n", IMP_E_FORMAT},
	{" sha256:" HEX64, IMP_E_FORMAT},
	{"SHA256:" HEX64, IMP_E_FORMAT},
	{"Sha256:" HEX64, IMP_E_FORMAT},
	{"sha256-" HEX64, IMP_E_FORMAT},
	{"sha256:sha256:" HEX64, IMP_E_FORMAT},
	{"../sha256:" HEX64, IMP_E_FORMAT},
	{"sha 256:" HEX64, IMP_E_FORMAT},
	{"+sha256:" HEX64, IMP_E_FORMAT},
	{"sha256+:" HEX64, IMP_E_FORMAT},
	{"sha256++b64:" HEX64, IMP_E_FORMAT},
	{"blake3:", IMP_E_FORMAT},
	{"blake3:a/b", IMP_E_FORMAT},
	{"blake3:a b", IMP_E_FORMAT},
	{"blake3:a:b", IMP_E_FORMAT},
	{"sha384:" HEX64, IMP_E_UNSUPPORTED},
	{"sha1:" HEX63, IMP_E_UNSUPPORTED},
	{"md5:0123", IMP_E_UNSUPPORTED},
	{"blake3:" HEX64, IMP_E_UNSUPPORTED},
	{"sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564=", IMP_E_UNSUPPORTED},
	{"multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
	 IMP_E_UNSUPPORTED},
};

CASE(parse_table)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct imp_digest digest = {.algorithm = 77};
		struct imp_error err = {0};
		int rc = imp_digest_parse(imp_slice_of(rows[i].text), &digest, &err);
		if (rc != rows[i].rc)
			fail_msg("'%s': %d, expected %d", rows[i].text, rc, rows[i].rc);
		if (rc < 0) {
			assert_int_equal(digest.algorithm, 77);
			assert_true(strstr(err.message, "expected") != NULL);
			continue;
		}
		char text[IMP_DIGEST_TEXT];
		assert_string_equal(imp_digest_text(&digest, text), rows[i].text);
	}
}

CASE(parse_stops_at_the_end_of_the_slice)
{
	const char *text = "sha256:" HEX64;
	char *exact = imp_xmalloc(strlen(text));
	memcpy(exact, text, strlen(text));
	struct imp_digest digest;
	struct imp_error err = {0};
	assert_ok(imp_digest_parse(imp_slice(exact, strlen(text)), &digest, &err), &err);
	assert_fails(imp_digest_parse(imp_slice(exact, 40), &digest, &err), IMP_E_FORMAT,
		     "64 lower-case hex digits", &err);
	assert_fails(imp_digest_parse(imp_slice(exact, 6), &digest, &err), IMP_E_FORMAT,
		     "'sha256'", &err);
	free(exact);
}

CASE(parse_refuses_nul)
{
	char text[] = "sha256:" HEX64;
	text[20] = '\0';
	struct imp_digest digest;
	struct imp_error err = {0};
	assert_fails(imp_digest_parse(imp_slice(text, sizeof(text) - 1), &digest, &err),
		     IMP_E_FORMAT, "expected", &err);
}

CASE(unsupported_algorithm_is_named)
{
	struct imp_digest digest;
	struct imp_error err = {0};
	assert_fails(imp_digest_parse(IMP_SLICE("blake3:00"), &digest, &err),
		     IMP_E_UNSUPPORTED, "'blake3'", &err);
}

CASE(text_and_short)
{
	struct imp_digest digest = {.algorithm = IMP_DIGEST_SHA256};
	digest.bytes[0] = 0xab;
	digest.bytes[5] = 0x0c;
	digest.bytes[31] = 0xef;
	char text[IMP_DIGEST_TEXT], brief[16];
	assert_string_equal(imp_digest_text(&digest, text),
			    "sha256:ab000000000c00000000000000000000"
			    "000000000000000000000000000000ef");
	assert_string_equal(imp_digest_short(&digest, brief), "ab000000000c");
	digest.algorithm = IMP_DIGEST_SHA512;
	assert_int_equal(strlen(imp_digest_text(&digest, text)), 7 + 128);
}

CASE(text_of_no_digest)
{
	struct imp_digest none = {0};
	char text[IMP_DIGEST_TEXT], brief[16];
	assert_string_equal(imp_digest_text(&none, text), "");
	assert_string_equal(imp_digest_short(&none, brief), "");
}

CASE(equal)
{
	struct imp_digest a, b;
	imp_digest_of(IMP_DIGEST_SHA256, IMP_SLICE("a"), &a);
	b = a;
	assert_true(imp_digest_equal(&a, &b));
	b.bytes[31] ^= 1;
	assert_false(imp_digest_equal(&a, &b));
	b = a;
	b.algorithm = IMP_DIGEST_SHA512;
	assert_false(imp_digest_equal(&a, &b));
}

static void assert_digest(enum imp_digest_algorithm algorithm, struct imp_slice data,
			  const char *want)
{
	struct imp_digest digest;
	char text[IMP_DIGEST_TEXT];
	imp_digest_of(algorithm, data, &digest);
	assert_string_equal(imp_digest_text(&digest, text), want);
}

CASE(known_digests)
{
	assert_digest(
		IMP_DIGEST_SHA256, imp_slice("", 0),
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_digest(
		IMP_DIGEST_SHA256, IMP_SLICE("{}"),
		"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
	static const char zeros[1024];
	assert_digest(
		IMP_DIGEST_SHA256, imp_slice(zeros, sizeof(zeros)),
		"sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
	assert_digest(
		IMP_DIGEST_SHA512, IMP_SLICE("abc"),
		"sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

CASE(hasher_in_pieces)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 10000, 1);
	struct imp_digest want, got;
	imp_digest_of(IMP_DIGEST_SHA512, imp_strbuf_slice(&data), &want);
	imp_auto_destroy(imp_hasher) struct imp_hasher *hasher =
		imp_hasher_create(IMP_DIGEST_SHA512);
	for (size_t i = 0; i < 10000; i += 100)
		imp_hasher_add(hasher, data.data + i, 100);
	imp_hasher_result(hasher, &got);
	assert_true(imp_digest_equal(&got, &want));
}

CASE(content_hash_known)
{
	/* XXH3-128 of nothing, as xxhsum prints it. */
	static const uint8_t want[] = {0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47, 0x98, 0xd8,
				       0x60, 0x01, 0xc3, 0x24, 0x46, 0x8d, 0x49, 0x7f};
	struct imp_content_hash hash = imp_content_hash_of("", 0);
	assert_memory_equal(hash.bytes, want, sizeof(want));
}

CASE(content_hash_in_pieces)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 10000, 1);
	imp_auto_destroy(imp_content_hasher) struct imp_content_hasher *hasher =
		imp_content_hasher_create();
	for (size_t len = 0; len <= 10000; len = len * 3 + 1) {
		imp_content_hasher_reset(hasher);
		for (size_t i = 0; i < len; i += 7)
			imp_content_hasher_add(hasher, data.data + i,
					       len - i < 7 ? len - i : 7);
		struct imp_content_hash pieces = imp_content_hasher_result(hasher);
		struct imp_content_hash whole = imp_content_hash_of(data.data, len);
		assert_memory_equal(pieces.bytes, whole.bytes, sizeof(whole.bytes));
	}
}
