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

/* A folder, to be read from its start; NULL with ERR. */
static DIR *open_entries(int folder_fd, struct imp_error *err)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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

static int compare_entries(const void *a, const void *b)
{
	const struct imp_store_entry *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return memcmp(x->digest.bytes, y->digest.bytes, sizeof(x->digest.bytes));
}

struct inventory {
	struct imp_store_entry *entries;
	size_t count, capacity;
};

static int list_kind(const struct imp_store *store, enum imp_store_kind kind,
		     struct inventory *inventory, struct imp_error *err)
{
	DIR *folder = open_entries(store->folders[kind], err);

	if (!folder)
		return IMP_E_SYSTEM;
	for (const struct dirent *item; (item = readdir(folder));) {
		struct imp_store_entry entry = {.kind = kind};
		struct stat st;
		if (!imp_store_entry_name(item->d_name, &entry.digest) ||
		    fstatat(store->folders[kind], item->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		entry.bytes = (uint64_t)st.st_size;
		entry.used_ns =
			(int64_t)st.st_mtim.tv_sec * NS_PER_S + st.st_mtim.tv_nsec;
		inventory->entries =
			imp_xgrow(inventory->entries, &inventory->capacity,
				  inventory->count + 1, sizeof(*inventory->entries));
		inventory->entries[inventory->count++] = entry;
	}
	closedir(folder);
	return 0;
}

int imp_store_list(struct imp_store *store, struct imp_store_entry **out, size_t *count,
		   struct imp_error *err)
{
	struct inventory inventory = {0};
	int rc = 0;

	for (int kind = 0; rc == 0 && kind < IMP_STORE_KINDS; kind++)
		rc = list_kind(store, (enum imp_store_kind)kind, &inventory, err);
	if (rc < 0) {
		free(inventory.entries);
		return rc;
	}
	if (inventory.count)
		qsort(inventory.entries, inventory.count, sizeof(*inventory.entries),
		      compare_entries);
	*out = inventory.entries;
	*count = inventory.count;
	return 0;
}

static int compare_use(const void *a, const void *b)
{
	const struct imp_store_entry *x = a, *y = b;

	if (x->used_ns != y->used_ns)
		return x->used_ns < y->used_ns ? -1 : 1;
	return compare_entries(a, b);
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
		if (unlinkat(store->folders[entries[i].kind], name, 0) < 0 &&
		    errno != ENOENT)
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
static bool is_leftover(const struct imp_store *store, int folder_fd, const char *name)
{
	struct stat st;
	pid_t pid = writer_of(name);

	if (pid == 0 || fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
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

	for (int kind = 0; kind < IMP_STORE_KINDS; kind++) {
		int fd = store->folders[kind];
		DIR *folder = open_entries(fd, &ignored);
		if (!folder)
			continue;
		for (const struct dirent *item; (item = readdir(folder));)
			if (is_leftover(store, fd, item->d_name))
				unlinkat(fd, item->d_name, 0);
		closedir(folder);
	}
}
