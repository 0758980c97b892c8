/* Which files a profile keeps the content of, and how much of them. */
#include "layer_case.h"

#include "../../../src/layer/keep.h"

CASE(paths_that_are_kept)
{
	static const char *const whole[] = {
		"etc/passwd",
		"etc/os-release",
		"usr/lib/os-release",
		"var/lib/dpkg/status",
		"var/lib/dpkg/status.d/base",
		"var/lib/dpkg/info/libc6:amd64.list",
		"var/lib/dpkg/diversions",
		"var/lib/apt/extended_states",
		"lib/apk/db/installed",
		"usr/lib/apk/db/installed",
		"etc/apk/world",
		"node_modules/.package-lock.json",
		"opt/app/node_modules/.package-lock.json",
		"six-1.16.0.dist-info/RECORD",
		"x/y.dist-info/REQUESTED",
		"x/y.dist-info/INSTALLER",
		"x/y.dist-info/direct_url.json",
		"x/y.dist-info/top_level.txt",
		"x/y.egg-info/top_level.txt",
		"x/y.egg-info/requires.txt",
		"x/y.egg-info/installed-files.txt",
		"app/poetry.lock",
		"app/uv.lock",
		"app/pdm.lock",
		"Pipfile.lock",
		"app/pyproject.toml",
		"opt/conda/conda-meta/python-3.11.4-h955ad1f_0.json",
		"app/App.deps.json",
		"app/App.runtimeconfig.json",
		"etc/supervisor/conf.d/x",
	};
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		assert_int_equal(imp_layer_keep(imp_slice_of(whole[i])), IMP_KEEP_WHOLE);
	assert_int_equal(imp_layer_keep(IMP_SLICE("six-1.16.0.dist-info/METADATA")),
			 IMP_KEEP_FIELDS);
	assert_int_equal(imp_layer_keep(IMP_SLICE("x/y.egg-info")), IMP_KEEP_FIELDS);
	assert_int_equal(imp_layer_keep(IMP_SLICE("opt/jdk/release")), IMP_KEEP_SOURCE);
	assert_int_equal(imp_layer_keep(IMP_SLICE("release")), IMP_KEEP_SOURCE);
	assert_int_equal(imp_layer_keep(IMP_SLICE("etc/s6-overlay/s6-rc.d/x/up")),
			 IMP_KEEP_SOURCE);
	assert_int_equal(imp_layer_keep(IMP_SLICE("CACHEDIR.TAG")), IMP_KEEP_HEAD);
	assert_int_equal(imp_layer_keep(IMP_SLICE("a/b/CACHEDIR.TAG")), IMP_KEEP_HEAD);
}

CASE(paths_that_are_not_kept)
{
	static const char *const not [] = {
		"",
		"passwd",
		"a/etc/passwd",
		"etc/passwd/x",
		"etc/passwd-",
		"var/lib/dpkg/info/libc6.md5sums",
		"var/lib/dpkg/info/sub/x.list",
		"var/lib/dpkg/status.d",
		".package-lock.json",
		"a/.package-lock.json",
		"node_modules/x/.package-lock.json",
		"METADATA",
		"x.dist-info/METADATA/x",
		"x.dist-info/LICENSE",
		"CACHEDIR.TAG.old",
	};
	for (size_t i = 0; i < sizeof(not ) / sizeof(not [0]); i++)
		assert_int_equal(imp_layer_keep(imp_slice_of(not [i])), IMP_KEEP_NOT);
}

static struct imp_profile *read_limited(const struct imp_strbuf *tar,
					const struct imp_limits *limits)
{
	struct imp_layer_request request = layer_request();
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	request.limits = limits;
	assert_ok(layer_read(imp_strbuf_slice(tar), &request, &result, &err), &err);
	return result.profile;
}

static void expect_kept(const struct imp_profile *profile, size_t i, uint64_t entry,
			const char *path, const char *content, bool cut)
{
	struct imp_kept_file kept = imp_profile_kept(profile, i);
	assert_int_equal(kept.entry, entry);
	assert_true(imp_slice_is(kept.path, path));
	assert_true(imp_slice_is(kept.content, content));
	assert_int_equal(kept.cut, cut);
}

CASE(contents_come_with_their_entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, status = {0};
	add_noise(&status, 300000, 1);
	for (size_t i = 0; i < status.len; i++)
		status.data[i] = (char)('a' + (status.data[i] & 15));
	tar_directory(&tar, "etc/");
	tar_file(&tar, "./etc/passwd", "root:x:0:0::/:/bin/sh\n");
	tar_file(&tar, "etc/other", "not kept");
	tar_file_bytes(&tar, "var/lib/dpkg/status", imp_strbuf_slice(&status));
	tar_file(&tar, "etc/apk/world", "");
	tar_hardlink(&tar, "etc/os-release", "etc/passwd");
	tar_file(&tar, "etc/passwd", "again");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		read_limited(&tar, &imp_limits_default);
	assert_int_equal(imp_profile_kept_count(profile), 4);
	expect_kept(profile, 0, 1, "etc/passwd", "root:x:0:0::/:/bin/sh\n", false);
	expect_kept(profile, 1, 3, "var/lib/dpkg/status", status.data, false);
	expect_kept(profile, 2, 4, "etc/apk/world", "", false);
	expect_kept(profile, 3, 6, "etc/passwd", "again", false);
}

CASE(only_the_head_of_a_cache_tag)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0}, tag = {0}, head = {0};
	imp_strbuf_add_text(&tag, "Signature: 8a477f597d28d172789f06886806bc55\n");
	for (int i = 0; i < 10000; i++)
		imp_strbuf_add_text(&tag, "# more\n");
	imp_strbuf_add(&head, tag.data, IMP_KEEP_HEAD_BYTES);
	tar_file(&tar, "a/CACHEDIR.TAG", tag.data);
	tar_file(&tar, "b/CACHEDIR.TAG", "short");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		read_limited(&tar, &imp_limits_default);
	expect_kept(profile, 0, 0, "a/CACHEDIR.TAG", head.data, false);
	expect_kept(profile, 1, 1, "b/CACHEDIR.TAG", "short", false);
	struct imp_content_hash hash = imp_content_hash_of(tag.data, tag.len);
	assert_memory_equal(layer_entry(profile, 0).hash.bytes, hash.bytes, 16);
}

CASE(what_is_too_large_is_named_but_cut)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_limits limits = imp_limits_default;
	limits.kept_file_bytes = 10;
	limits.kept_total_bytes = 15;
	tar_file(&tar, "etc/passwd", "12345678901");
	tar_file(&tar, "etc/os-release", "1234567890");
	tar_file(&tar, "etc/apk/world", "123456");
	tar_file(&tar, "usr/lib/os-release", "12345");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		read_limited(&tar, &limits);
	expect_kept(profile, 0, 0, "etc/passwd", "", true);
	expect_kept(profile, 1, 1, "etc/os-release", "1234567890", false);
	expect_kept(profile, 2, 2, "etc/apk/world", "", true);
	expect_kept(profile, 3, 3, "usr/lib/os-release", "12345", false);
}

CASE(only_files_are_kept)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_symlink(&tar, "etc/os-release", "../usr/lib/os-release");
	tar_directory(&tar, "etc/passwd/");
	tar_file(&tar, "var/lib/dpkg/.wh.status", "");
	tar_file(&tar, ".wh.x/y.dist-info/METADATA", "leftover");
	tar_end(&tar);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		read_limited(&tar, &imp_limits_default);
	assert_int_equal(imp_profile_kept_count(profile), 0);
}
