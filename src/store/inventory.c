/* What is in the cache, and making it smaller. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/arena.h"
#include "store_priv.h"

enum { NS_PER_S = 1000000000, LEFTOVER_AGE_S = 60, LEFTOVER_OLD_S = 3600 };

/* The folder, to be read from its start; NULL with ERR. */
static DIR *open_entries(const struct imp_store *store, struct imp_error *err)
{
	int fd = openat(store->entries_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder) {
		imp_fail_errno(err, "reading the cache");
		if (fd >= 0)
			close(fd);
	}
	return folder;
}

bool imp_store_entry_name(const char *name, struct imp_digest *out)
{
	char text[sizeof("sha256:") + IMP_STORE_NAME];
	struct imp_error ignored = {0};

	if (strlen(name) != IMP_STORE_NAME)
		return false;
	snprintf(text, sizeof(text), "sha256:%s", name);
	return imp_digest_parse(imp_slice_of(text), out, &ignored) == 0;
}

static int compare_digests(const void *a, const void *b)
{
	const struct imp_store_entry *x = a, *y = b;

	return memcmp(x->digest.bytes, y->digest.bytes, sizeof(x->digest.bytes));
}

int imp_store_list(struct imp_store *store, struct imp_store_entry **out, size_t *count,
		   struct imp_error *err)
{
	DIR *folder = open_entries(store, err);
	struct imp_store_entry *entries = NULL;
	size_t n = 0, capacity = 0;

	if (!folder)
		return IMP_E_SYSTEM;
	for (const struct dirent *item; (item = readdir(folder));) {
		struct imp_store_entry entry = {0};
		struct stat st;
		if (!imp_store_entry_name(item->d_name, &entry.digest) ||
		    fstatat(store->entries_fd, item->d_name, &st, AT_SYMLINK_NOFOLLOW) <
			    0)
			continue;
		entry.bytes = (uint64_t)st.st_size;
		entry.used_ns =
			(int64_t)st.st_mtim.tv_sec * NS_PER_S + st.st_mtim.tv_nsec;
		entries = imp_xgrow(entries, &capacity, n + 1, sizeof(*entries));
		entries[n++] = entry;
	}
	closedir(folder);
	if (n)
		qsort(entries, n, sizeof(*entries), compare_digests);
	*out = entries;
	*count = n;
	return 0;
}

static int compare_use(const void *a, const void *b)
{
	const struct imp_store_entry *x = a, *y = b;

	if (x->used_ns != y->used_ns)
		return x->used_ns < y->used_ns ? -1 : 1;
	return compare_digests(a, b);
}

int imp_store_prune(struct imp_store *store, uint64_t max_bytes, uint64_t *removed,
		    uint64_t *removed_bytes, struct imp_error *err)
{
	imp_auto_free struct imp_store_entry *entries = NULL;
	size_t count;
	uint64_t total = 0;
	int rc = imp_store_list(store, &entries, &count, err);

	*removed = *removed_bytes = 0;
	if (rc < 0)
		return rc;
	imp_store_remove_leftovers(store);
	for (size_t i = 0; i < count; i++)
		total += entries[i].bytes;
	if (count)
		qsort(entries, count, sizeof(*entries), compare_use);
	for (size_t i = 0; i < count && total > max_bytes; i++) {
		char name[IMP_STORE_NAME + 1];
		imp_store_file_name(&entries[i].digest, name);
		if (unlinkat(store->entries_fd, name, 0) < 0 && errno != ENOENT)
			return imp_fail_errno(err, "removing from the cache");
		total -= entries[i].bytes;
		*removed_bytes += entries[i].bytes;
		++*removed;
	}
	return 0;
}

/* The process that writes, or wrote, a temporary file; 0 when NAME is none's. */
static pid_t writer_of(const char *name)
{
	struct imp_slice rest = imp_slice_of(name);
	unsigned long long pid;

	if (!imp_slice_starts(rest, IMP_SLICE(".new-")))
		return 0;
	rest = imp_slice_skip(rest, strlen(".new-"));
	struct imp_slice digits = imp_slice_cut(&rest, '-');
	if (!rest.data || !imp_slice_u64(digits, &pid) || pid > INT_MAX)
		return 0;
	return (pid_t)pid;
}

/* A temporary file is a leftover when its writer is gone for a minute, or it is old:
 * processes of other containers that share the cache have numbers that say nothing here. */
static bool is_leftover(const struct imp_store *store, const char *name)
{
	struct stat st;
	pid_t pid = writer_of(name);

	if (pid == 0 || fstatat(store->entries_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	int64_t age_s = store->context->now_ns(store->context->user) / NS_PER_S -
			st.st_mtim.tv_sec;
	if (age_s > LEFTOVER_OLD_S)
		return true;
	return age_s > LEFTOVER_AGE_S && kill(pid, 0) < 0 && errno == ESRCH;
}

void imp_store_remove_leftovers(const struct imp_store *store)
{
	struct imp_error ignored = {0};
	DIR *folder = open_entries(store, &ignored);

	if (!folder)
		return;
	for (const struct dirent *item; (item = readdir(folder));)
		if (is_leftover(store, item->d_name))
			unlinkat(store->entries_fd, item->d_name, 0);
	closedir(folder);
}
