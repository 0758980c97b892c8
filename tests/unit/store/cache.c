/* The cache of layer profiles, each case in a folder of its own. */
#include "case.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/store.h"
#include "imgprof/strbuf.h"
#include "stack.h"

struct cache {
	char directory[64];
	struct imp_context context;
	struct imp_store *store;
	struct stack stack;
	int64_t now_ns;
	const char *size; /* IMGPROF_CACHE_SIZE */
};

static const char *no_environment(void *user, const char *name)
{
	const struct cache *cache = user;

	return strcmp(name, "IMGPROF_CACHE_SIZE") == 0 ? cache->size : NULL;
}

static int64_t fixed_time(void *user)
{
	return ((struct cache *)user)->now_ns;
}

static void prepare(struct cache *cache)
{
	*cache = (struct cache){.directory = "/tmp/imgprof-store-XXXXXX"};
	assert_non_null(mkdtemp(cache->directory));
	cache->context = (struct imp_context){
		.getenv = no_environment,
		.now_ns = fixed_time,
		.user = cache,
		.limits = &imp_limits_default,
		.threads = 1,
	};
	stack_read(&cache->stack, "layer\nfile a 10 seed=1\n"
				  "layer\nfile b 20 seed=2\n"
				  "layer\nfile c 30 seed=3\n");
}

static void open_cache(struct cache *cache)
{
	struct imp_error err = {0};

	prepare(cache);
	assert_ok(imp_store_open(&cache->context, cache->directory, &cache->store, &err),
		  &err);
}

static void close_cache(struct cache *cache)
{
	char command[128];

	imp_store_close(cache->store);
	stack_finish(&cache->stack);
	snprintf(command, sizeof(command), "rm -rf %s", cache->directory);
	assert_int_equal(system(command), 0);
}

static struct imp_digest digest_of(const struct imp_profile *profile)
{
	return imp_profile_summary(profile)->blob_digest;
}

static void entry_path(const struct cache *cache, size_t layer, char out[static 256])
{
	struct imp_digest digest = digest_of(cache->stack.profiles[layer]);
	char text[IMP_DIGEST_TEXT];

	snprintf(out, 256, "%s/v%d/sha256/%s", cache->directory, IMP_PROFILE_VERSION,
		 imp_digest_text(&digest, text) + strlen("sha256:"));
}

static void put(struct cache *cache, size_t layer, const struct imp_digest *tar_digest)
{
	struct imp_error err = {0};

	assert_ok(imp_store_put(cache->store, cache->stack.profiles[layer], tar_digest,
				&err),
		  &err);
}

static int get(struct cache *cache, size_t layer, struct imp_stored_layer *out)
{
	struct imp_digest digest = digest_of(cache->stack.profiles[layer]);
	struct imp_error err = {0};

	*out = (struct imp_stored_layer){0};
	return imp_store_get(cache->store, &digest, out, &err);
}

static void flip_byte(const char *path, long at)
{
	FILE *file = fopen(path, "r+b");

	assert_non_null(file);
	fseek(file, at, SEEK_SET);
	int byte = fgetc(file);
	fseek(file, at, SEEK_SET);
	fputc(byte ^ 0x20, file);
	fclose(file);
}

static long size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (long)st.st_size;
}

CASE(what_was_put_comes_back)
{
	struct cache cache;
	struct imp_stored_layer layer;

	open_cache(&cache);
	put(&cache, 0, NULL);
	assert_int_equal(get(&cache, 0, &layer), 0);
	assert_false(layer.has_tar_digest);
	assert_true(imp_slice_equal(imp_profile_bytes(layer.profile),
				    imp_profile_bytes(cache.stack.profiles[0])));
	imp_profile_destroy(layer.profile);
	assert_int_equal(get(&cache, 1, &layer), 1);
	close_cache(&cache);
}

CASE(the_tar_digest_is_kept)
{
	struct cache cache;
	struct imp_stored_layer layer;
	struct imp_digest tar;

	open_cache(&cache);
	imp_digest_of(IMP_DIGEST_SHA256, IMP_SLICE("tar"), &tar);
	put(&cache, 0, &tar);
	assert_int_equal(get(&cache, 0, &layer), 0);
	assert_true(layer.has_tar_digest);
	assert_true(imp_digest_equal(&layer.tar_digest, &tar));
	imp_profile_destroy(layer.profile);
	close_cache(&cache);
}

CASE(only_the_owner_can_look_whatever_the_umask)
{
	struct cache cache;
	struct stat st;
	char path[256];
	mode_t before = umask(0);

	open_cache(&cache);
	put(&cache, 0, NULL);
	umask(before);
	entry_path(&cache, 0, path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	*strrchr(path, '/') = '\0';
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	close_cache(&cache);
}

CASE(every_flipped_byte_is_noticed_and_the_entry_dropped)
{
	struct cache cache;
	struct imp_stored_layer layer;
	char path[256];

	open_cache(&cache);
	entry_path(&cache, 0, path);
	put(&cache, 0, NULL);
	long size = size_of(path);
	for (long at = 0; at < size; at++) {
		put(&cache, 0, NULL);
		flip_byte(path, at);
		if (get(&cache, 0, &layer) != 1)
			fail_msg("byte %ld of %ld went unnoticed", at, size);
		assert_int_not_equal(access(path, F_OK), 0);
	}
	close_cache(&cache);
}

CASE(a_cut_entry_is_dropped)
{
	struct cache cache;
	struct imp_stored_layer layer;
	char path[256];

	open_cache(&cache);
	entry_path(&cache, 0, path);
	put(&cache, 0, NULL);
	for (long size = size_of(path) - 1; size >= 0; size--) {
		put(&cache, 0, NULL);
		assert_int_equal(truncate(path, size), 0);
		assert_int_equal(get(&cache, 0, &layer), 1);
	}
	close_cache(&cache);
}

CASE(an_entry_of_another_layer_is_dropped)
{
	struct cache cache;
	struct imp_stored_layer layer;
	char a[256], b[256];

	open_cache(&cache);
	put(&cache, 0, NULL);
	entry_path(&cache, 0, a);
	entry_path(&cache, 1, b);
	assert_int_equal(rename(a, b), 0);
	assert_int_equal(get(&cache, 1, &layer), 1);
	assert_int_not_equal(access(b, F_OK), 0);
	close_cache(&cache);
}

CASE(a_symlink_or_fifo_is_no_entry)
{
	struct cache cache;
	struct imp_stored_layer layer;
	char path[256], real[300];

	open_cache(&cache);
	put(&cache, 0, NULL);
	entry_path(&cache, 0, path);
	snprintf(real, sizeof(real), "%s.real", path);
	assert_int_equal(rename(path, real), 0);
	assert_int_equal(symlink(real, path), 0);
	assert_int_equal(get(&cache, 0, &layer), 1);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(get(&cache, 0, &layer), 1);
	close_cache(&cache);
}

CASE(a_folder_that_others_can_write_is_refused)
{
	struct cache cache;
	struct imp_error err = {0};

	prepare(&cache);
	assert_int_equal(chmod(cache.directory, 0777), 0);
	assert_fails(imp_store_open(&cache.context, cache.directory, &cache.store, &err),
		     IMP_E_SYSTEM, "others can write", &err);
	close_cache(&cache);
}

CASE(a_symlink_for_the_folder_is_refused)
{
	struct cache cache;
	struct imp_error err = {0};
	char link[80];

	prepare(&cache);
	snprintf(link, sizeof(link), "%s.link", cache.directory);
	assert_int_equal(symlink(cache.directory, link), 0);
	assert_fails(imp_store_open(&cache.context, link, &cache.store, &err),
		     IMP_E_SYSTEM, "folder", &err);
	assert_int_equal(unlink(link), 0);
	close_cache(&cache);
}

CASE(a_folder_that_others_can_read_is_closed)
{
	struct cache cache;
	struct imp_error err = {0};
	struct stat st;

	prepare(&cache);
	assert_int_equal(chmod(cache.directory, 0755), 0);
	assert_ok(imp_store_open(&cache.context, cache.directory, &cache.store, &err),
		  &err);
	assert_int_equal(stat(cache.directory, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	close_cache(&cache);
}

CASE(without_a_home_there_is_no_cache)
{
	struct cache cache;
	struct imp_error err = {0};

	prepare(&cache);
	assert_fails(imp_store_open(&cache.context, NULL, &cache.store, &err),
		     IMP_E_SYSTEM, "HOME", &err);
	close_cache(&cache);
}

static void set_used(const struct cache *cache, size_t layer, time_t when)
{
	char path[256];
	struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};

	entry_path(cache, layer, path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

CASE(prune_removes_what_was_used_longest_ago)
{
	struct cache cache;
	struct imp_stored_layer layer;
	struct imp_error err = {0};
	uint64_t removed, bytes;
	char path[256];

	open_cache(&cache);
	for (size_t i = 0; i < 3; i++) {
		put(&cache, i, NULL);
		set_used(&cache, i, (time_t)(1000 - 10 * (time_t)i));
	}
	entry_path(&cache, 0, path);
	uint64_t one = (uint64_t)size_of(path);
	assert_ok(imp_store_prune(cache.store, 2 * one + 8, &removed, &bytes, &err),
		  &err);
	assert_int_equal(removed, 1);
	assert_int_equal(get(&cache, 2, &layer), 1);
	assert_int_equal(get(&cache, 0, &layer), 0);
	imp_profile_destroy(layer.profile);
	close_cache(&cache);
}

CASE(use_moves_an_entry_behind_the_others)
{
	struct cache cache;
	struct imp_stored_layer layer;
	struct imp_error err = {0};
	uint64_t removed, bytes;

	open_cache(&cache);
	for (size_t i = 0; i < 3; i++) {
		put(&cache, i, NULL);
		set_used(&cache, i, (time_t)(1000 + 10 * (time_t)i));
	}
	assert_int_equal(get(&cache, 0, &layer), 0);
	imp_profile_destroy(layer.profile);
	char path[256];
	entry_path(&cache, 0, path);
	assert_ok(imp_store_prune(cache.store, (uint64_t)size_of(path) + 8, &removed,
				  &bytes, &err),
		  &err);
	assert_int_equal(removed, 2);
	assert_int_equal(access(path, F_OK), 0);
	close_cache(&cache);
}

CASE(prune_removes_what_dead_writers_left)
{
	struct cache cache;
	struct imp_error err = {0};
	uint64_t removed, bytes;
	char path[256];

	open_cache(&cache);
	put(&cache, 0, NULL);
	entry_path(&cache, 0, path);
	strcpy(strrchr(path, '/'), "/.new-1-0");
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	cache.now_ns =
		(int64_t)4000000000 * 1000000000; /* long after the file was written */
	assert_ok(imp_store_prune(cache.store, UINT64_MAX, &removed, &bytes, &err), &err);
	assert_int_equal(removed, 0);
	assert_int_not_equal(access(path, F_OK), 0);
	close_cache(&cache);
}

CASE(list_is_sorted_by_digest)
{
	struct cache cache;
	struct imp_error err = {0};
	struct imp_store_entry *entries = NULL;
	size_t count;

	open_cache(&cache);
	for (size_t i = 0; i < 3; i++)
		put(&cache, i, NULL);
	assert_ok(imp_store_list(cache.store, &entries, &count, &err), &err);
	assert_int_equal(count, 3);
	for (size_t i = 1; i < count; i++)
		assert_true(memcmp(entries[i - 1].digest.bytes, entries[i].digest.bytes,
				   32) < 0);
	free(entries);
	close_cache(&cache);
}

CASE(verify_drops_only_what_is_damaged)
{
	struct cache cache;
	struct imp_error err = {0};
	uint64_t checked, removed;
	char path[256];

	open_cache(&cache);
	for (size_t i = 0; i < 3; i++)
		put(&cache, i, NULL);
	entry_path(&cache, 1, path);
	flip_byte(path, size_of(path) / 2);
	assert_ok(imp_store_verify(cache.store, &checked, &removed, &err), &err);
	assert_int_equal(checked, 3);
	assert_int_equal(removed, 1);
	close_cache(&cache);
}

CASE(the_cap_comes_from_the_environment)
{
	struct cache cache;

	open_cache(&cache);
	assert_int_equal(imp_store_cap(&cache.context), (uint64_t)1 << 30);
	cache.size = "100MB";
	assert_int_equal(imp_store_cap(&cache.context), 100000000);
	cache.size = "much";
	assert_int_equal(imp_store_cap(&cache.context), (uint64_t)1 << 30);
	close_cache(&cache);
}

CASE(a_sha512_is_not_looked_for)
{
	struct cache cache;
	struct imp_stored_layer layer = {0};
	struct imp_error err = {0};
	struct imp_digest digest;

	open_cache(&cache);
	imp_digest_of(IMP_DIGEST_SHA512, IMP_SLICE("x"), &digest);
	assert_int_equal(imp_store_get(cache.store, &digest, &layer, &err), 1);
	close_cache(&cache);
}
