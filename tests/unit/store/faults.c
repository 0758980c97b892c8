/*
 * What can go wrong around the cache: whose its folder is, what it takes for an entry,
 * many processes, a full disk. Faults F2 to F6 of reference/reliability.md.
 */
#include "case.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "imgprof/layer.h"
#include "imgprof/store.h"
#include "imgprof/strbuf.h"

#include "tar_writer.h"

/* A folder of its own under $TMPDIR, and a context with the test's environment. */
struct place {
	char *top, *cache;
	struct imp_context context;
	const char *variables[8]; /* name, value, ..., NULL */
	struct imp_store *store;
};

static const char *place_getenv(void *user, const char *name)
{
	const struct place *place = user;
	for (size_t i = 0; place->variables[i]; i += 2)
		if (strcmp(place->variables[i], name) == 0)
			return place->variables[i + 1];
	return NULL;
}

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...)
{
	char *out;
	va_list args;
	va_start(args, format);
	if (vasprintf(&out, format, args) < 0)
		abort();
	va_end(args);
	return out;
}

static void place_init(struct place *place)
{
	const char *base = getenv("TMPDIR");
	*place = (struct place){
		.top = text("%s/imgprof-store-XXXXXX", base ? base : "/tmp")};
	assert_non_null(mkdtemp(place->top));
	place->cache = text("%s/cache", place->top);
	place->context = (struct imp_context){
		.getenv = place_getenv,
		.user = place,
		.limits = &imp_limits_default,
		.threads = 1,
	};
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static void place_finish(struct place *place)
{
	imp_store_close(place->store);
	nftw(place->top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place->top);
	free(place->cache);
}

static struct imp_store *place_open(struct place *place)
{
	struct imp_error err = {0};
	if (!place->store)
		assert_ok(imp_store_open(&place->context, place->cache, &place->store,
					 &err),
			  &err);
	return place->store;
}

/* Where entries are. */
static char *entries_folder(const struct place *place)
{
	return text("%s/v%d/sha256", place->cache, IMP_PROFILE_VERSION);
}

static char *entry_path(const struct place *place, const struct imp_digest *digest)
{
	char name[IMP_DIGEST_TEXT];
	imp_auto_free char *folder = entries_folder(place);
	imp_digest_text(digest, name);
	return text("%s/%s", folder, name + strlen("sha256:"));
}

static size_t count_files(const struct place *place)
{
	imp_auto_free char *folder = entries_folder(place);
	DIR *entries = opendir(folder);
	size_t count = 0;
	assert_non_null(entries);
	for (const struct dirent *item; (item = readdir(entries));)
		count +=
			strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0;
	closedir(entries);
	return count;
}

/* The profile of a layer with one file of this name. */
static struct imp_profile *profile_of(const char *name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = {
		.blob_bytes = IMP_UNKNOWN_SIZE,
		.limits = &imp_limits_default,
	};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	tar_file(&tar, name, "content");
	tar_end(&tar);
	assert_ok(imp_layer_read(imp_stream_memory(imp_strbuf_slice(&tar), 0), &request,
				 &result, &err),
		  &err);
	return result.profile;
}

static struct imp_digest digest_of(const struct imp_profile *profile)
{
	return imp_profile_summary(profile)->blob_digest;
}

static struct imp_digest put(struct place *place, const char *name)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = profile_of(name);
	struct imp_error err = {0};
	assert_ok(imp_store_put(place_open(place), profile, NULL, &err), &err);
	return digest_of(profile);
}

/* 0 when it is there, 1 when not. */
static int get(struct place *place, const struct imp_digest *digest)
{
	struct imp_stored_layer layer = {0};
	struct imp_error err = {0};
	int rc = imp_store_get(place_open(place), digest, &layer, &err);
	assert_ok(rc, &err);
	assert_int_equal(rc == 0, layer.profile != NULL);
	imp_profile_destroy(layer.profile);
	return rc;
}

static void write_file(const char *path, const void *data, size_t len)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void read_file(const char *path, struct imp_strbuf *out)
{
	FILE *file = fopen(path, "rb");
	char buffer[4096];
	assert_non_null(file);
	for (size_t n; (n = fread(buffer, 1, sizeof(buffer), file)) > 0;)
		imp_strbuf_add(out, buffer, n);
	fclose(file);
}

CASE(only_sha256_is_a_key)
{
	imp_auto(place_finish) struct place place;
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	place_init(&place);
	tar_end(&tar);
	imp_digest_of(IMP_DIGEST_SHA512, imp_strbuf_slice(&tar), &request.blob_digest);
	assert_ok(imp_layer_read(imp_stream_memory(imp_strbuf_slice(&tar), 0), &request,
				 &result, &err),
		  &err);
	imp_auto_destroy(imp_profile) struct imp_profile *profile = result.profile;
	assert_ok(imp_store_put(place_open(&place), profile, NULL, &err), &err);
	assert_int_equal(get(&place, &request.blob_digest), 1);
	assert_int_equal(count_files(&place), 0);
}

CASE(a_damaged_profile_is_a_bug)
{
	imp_auto(place_finish) struct place place;
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .keep_damaged = true,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	place_init(&place);
	tar_file(&tar, "a", "x");
	tar_add(&tar, &(struct tar_entry){.name = "b", .checksum = TAR_CHECKSUM_WRONG});
	assert_int_equal(imp_layer_read(imp_stream_memory(imp_strbuf_slice(&tar), 0),
					&request, &result, &err),
			 IMP_E_FORMAT);
	imp_auto_destroy(imp_profile) struct imp_profile *profile = result.profile;
	int rc = imp_store_put(place_open(&place), profile, NULL, &err);
	assert_fails(rc, IMP_E_BUG, "damaged", &err);
	assert_int_equal(count_files(&place), 0);
}

static void expect_mode(const char *path, mode_t mode)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void expect_no_store(struct place *place, const char *directory, const char *part)
{
	struct imp_store *store = NULL;
	struct imp_error err = {0};
	int rc = imp_store_open(&place->context, directory, &store, &err);
	assert_null(store);
	assert_fails(rc, IMP_E_SYSTEM, part, &err);
}

CASE(f2_a_folder_that_is_a_symlink)
{
	imp_auto(place_finish) struct place place;
	place_init(&place);
	imp_auto_free char *real = text("%s/real", place.top);
	imp_auto_free char *slashed = text("%s/", place.cache);
	assert_int_equal(mkdir(real, 0700), 0);
	assert_int_equal(symlink(real, place.cache), 0);
	expect_no_store(&place, place.cache, "no folder of its own");
	expect_no_store(&place, slashed, "no folder of its own");
}

CASE(f2_a_folder_of_another_user)
{
	imp_auto(place_finish) struct place place;
	place_init(&place);
	assert_int_equal(mkdir(place.cache, 0700), 0);
	if (chown(place.cache, 12345, 12345) < 0)
		skip(); /* only root can give it away */
	expect_no_store(&place, place.cache, "another user");
}

CASE(f2_a_file_in_place_of_the_folder)
{
	imp_auto(place_finish) struct place place;
	place_init(&place);
	write_file(place.cache, "x", 1);
	expect_no_store(&place, place.cache, "no folder of its own");
}

/* The entry goes, so that it is made again. */
static void expect_dropped(struct place *place, const struct imp_digest *digest,
			   struct imp_slice bytes)
{
	imp_auto_free char *path = entry_path(place, digest);
	struct stat st;
	write_file(path, bytes.data, bytes.len);
	assert_int_equal(get(place, digest), 1);
	assert_int_equal(lstat(path, &st), -1);
}

CASE(f3_every_other_length)
{
	imp_auto(place_finish) struct place place;
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	place_init(&place);
	struct imp_digest digest = put(&place, "a");
	imp_auto_free char *path = entry_path(&place, &digest);
	read_file(path, &bytes);
	for (size_t len = 0; len < bytes.len; len++)
		expect_dropped(&place, &digest, imp_slice(bytes.data, len));
	imp_strbuf_add_char(&bytes, '\0');
	expect_dropped(&place, &digest, imp_strbuf_slice(&bytes));
}

static void work(struct place *place, unsigned seed)
{
	for (unsigned i = 0; i < 40; i++) {
		char name[16];
		snprintf(name, sizeof(name), "f%u", (seed + i) % 5);
		struct imp_digest digest = put(place, name);
		get(place, &digest);
	}
}

CASE(f4_many_processes_at_once)
{
	enum { PROCESSES = 8 };
	imp_auto(place_finish) struct place place;
	pid_t children[PROCESSES];
	place_init(&place);
	for (unsigned i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			work(&place, i);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < PROCESSES; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	place_open(&place);
	assert_int_equal(count_files(&place), 5);
}

CASE(f6_no_room_on_the_disk)
{
	imp_auto(place_finish) struct place place;
	imp_auto_destroy(imp_profile) struct imp_profile *profile = profile_of("a");
	struct imp_error err = {0};
	struct rlimit before, small;
	place_init(&place);
	struct imp_store *store = place_open(&place);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 100;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int rc = imp_store_put(store, profile, NULL, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	assert_fails(rc, IMP_E_SYSTEM, "writing the cache", &err);
	assert_int_equal(count_files(&place), 0);
	assert_ok(imp_store_put(store, profile, NULL, &err), &err);
}

CASE(f6_the_folder_goes_away)
{
	imp_auto(place_finish) struct place place;
	imp_auto_destroy(imp_profile) struct imp_profile *profile = profile_of("a");
	struct imp_error err = {0};
	place_init(&place);
	struct imp_store *store = place_open(&place);
	imp_auto_free char *folder = entries_folder(&place);
	struct imp_digest digest = digest_of(profile);
	assert_int_equal(rmdir(folder), 0);
	assert_fails(imp_store_put(store, profile, NULL, &err), IMP_E_SYSTEM, "cache",
		     &err);
	assert_int_equal(get(&place, &digest), 1);
}

CASE(an_empty_list)
{
	imp_auto(place_finish) struct place place;
	imp_auto_free struct imp_store_entry *entries = NULL;
	struct imp_error err = {0};
	size_t count = 7;
	place_init(&place);
	assert_ok(imp_store_list(place_open(&place), &entries, &count, &err), &err);
	assert_int_equal(count, 0);
}

static void expect_directory(struct place *place, const char *expected)
{
	struct imp_error err = {0};
	imp_auto_destroy(imp_store) struct imp_store *store = NULL;
	assert_ok(imp_store_open(&place->context, NULL, &store, &err), &err);
	assert_string_equal(imp_store_directory(store), expected);
	expect_mode(expected, 0700);
}

CASE(where_the_cache_is)
{
	imp_auto(place_finish) struct place place;
	place_init(&place);
	imp_auto_free char *home = text("%s/home", place.top);
	imp_auto_free char *xdg = text("%s/deep/xdg", place.top);
	imp_auto_free char *own = text("%s/own", place.top);
	imp_auto_free char *in_home = text("%s/.cache/imgprof", home);
	imp_auto_free char *in_xdg = text("%s/imgprof", xdg);

	memcpy(place.variables, (const char *[]){"HOME", home, NULL}, 3 * sizeof(char *));
	expect_directory(&place, in_home);
	memcpy(place.variables,
	       (const char *[]){"HOME", home, "XDG_CACHE_HOME", "relative", NULL},
	       5 * sizeof(char *));
	expect_directory(&place, in_home);
	memcpy(place.variables,
	       (const char *[]){"HOME", home, "XDG_CACHE_HOME", xdg, NULL},
	       5 * sizeof(char *));
	expect_directory(&place, in_xdg);
	memcpy(place.variables,
	       (const char *[]){"IMGPROF_CACHE_DIR", own, "XDG_CACHE_HOME", xdg, NULL},
	       5 * sizeof(char *));
	expect_directory(&place, own);
}

CASE(nowhere_to_put_it)
{
	imp_auto(place_finish) struct place place;
	place_init(&place);
	expect_no_store(&place, NULL, "HOME");
	expect_no_store(&place, "/proc/imgprof", "cache");
}
