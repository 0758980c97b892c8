/* Settings of --recompress and what single blocks weigh, against the libraries' own one-call
 * functions. */
#include "case.h"

#include <zlib.h>
#include <zstd.h>

#include "../../../src/pipeline/compress.h"

enum { LENGTH = 300000 };

static char data[2 * LENGTH];

/* Words of a small language: something that compresses. */
static void fill(void)
{
	uint32_t state = 7;

	for (size_t i = 0; i < sizeof(data); i++) {
		state = state * 1664525 + 1013904223;
		data[i] = i % 11 == 0 ? ' ' : (char)('a' + (state >> 29));
	}
}

static uint64_t measure(const char *setting_text, bool whole, struct imp_slice window,
			struct imp_slice block)
{
	struct imp_recompress_setting setting;
	struct imp_error err = {0};
	uint64_t bytes;

	assert_ok(imp_recompress_parse(imp_slice_of(setting_text), &setting, &err), &err);
	struct imp_compress_job job = {&setting, whole, window, block};
	assert_ok(imp_compress_measure(&job, &bytes, &err), &err);
	return bytes;
}

CASE(settings_have_a_level_or_the_usual_one)
{
	static const char *const wrong[] = {"",        "zip",     "gzip:0",
					    "gzip:10", "gzip:",   "zstd:23",
					    "zstd:x",  "zstd:-1", "zstd:19 "};
	static const char *const right[][2] = {{"gzip", "gzip:6"},
					       {"zstd", "zstd:3"},
					       {"zstd:22", "zstd:22"},
					       {"gzip:1", "gzip:1"}};
	char text[IMP_RECOMPRESS_SETTING_TEXT];
	struct imp_recompress_setting setting;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct imp_error err = {0};
		assert_fails(imp_recompress_parse(imp_slice_of(wrong[i]), &setting, &err),
			     IMP_E_USAGE, "", &err);
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		struct imp_error err = {0};
		assert_ok(imp_recompress_parse(imp_slice_of(right[i][0]), &setting, &err),
			  &err);
		assert_string_equal(imp_recompress_text(&setting, text), right[i][1]);
	}
}

CASE(a_whole_gzip_is_what_zlib_makes)
{
	static Bytef out[2 * LENGTH];
	uLongf len = sizeof(out);

	fill();
	assert_int_equal(compress2(out, &len, (const Bytef *)data, LENGTH, 9), Z_OK);
	/* compress2 writes zlib's 6 bytes around the stream, gzip has 18. */
	assert_int_equal(
		measure("gzip:9", true, (struct imp_slice){0}, imp_slice(data, LENGTH)),
		len - 6 + 18);
}

CASE(a_whole_zstd_is_what_zstd_makes)
{
	static char out[2 * LENGTH];
	fill();
	size_t len = ZSTD_compress(out, sizeof(out), data, LENGTH, 3);

	/* Streamed, without a promised length: another header, other tables. */
	assert_in_range(
		measure("zstd:3", true, (struct imp_slice){0}, imp_slice(data, LENGTH)),
		len * 9 / 10, len * 11 / 10);
}

CASE(what_stands_in_front_helps)
{
	struct imp_slice block = imp_slice(data + LENGTH, 20000);
	static const char *const settings[] = {"gzip:6", "zstd:3", "zstd:19"};

	fill();
	memcpy(data + LENGTH - 20000, data + LENGTH, 20000);
	for (size_t i = 0; i < 3; i++) {
		uint64_t alone =
			measure(settings[i], false, (struct imp_slice){0}, block);
		uint64_t behind = measure(settings[i], false,
					  imp_slice(data + LENGTH - 32768, 32768), block);
		if (behind > alone / 10)
			fail_msg("%s: %llu, alone %llu", settings[i],
				 (unsigned long long)behind, (unsigned long long)alone);
	}
}
