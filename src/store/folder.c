/* The folders of entries: where they are, and whose. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/strbuf.h"
#include "store_priv.h"

/* What others could write could hold profiles made to lie: that they verify proves only
 * that they are whole. */
static int check_ours(int fd, const char *name, struct imp_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return imp_fail_errno(err, "cache %s", name);
	if (st.st_uid != geteuid())
		return imp_fail(err, IMP_E_SYSTEM, "cache %s: belongs to another user",
				name);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return imp_fail(err, IMP_E_SYSTEM, "cache %s: others can write to it",
				name);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		fchmod(fd, S_IRWXU);
	return 0;
}

static int open_level(int parent, const char *name, struct imp_error *err)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(parent, name, flags);

	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(parent, name, S_IRWXU) < 0 && errno != EEXIST)
			return imp_fail_errno(err, "cache %s", name);
		fd = openat(parent, name, flags);
	}
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return imp_fail(err, IMP_E_SYSTEM, "cache %s: no folder of its own",
				name);
	if (fd < 0)
		return imp_fail_errno(err, "cache %s", name);
	int rc = check_ours(fd, name, err);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

/* The folders above the cache: made for their owner alone where they are missing. */
static void make_parents(const char *directory)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_add_text(&path, directory);
	for (size_t i = 1; i < path.len; i++) {
		if (path.data[i] != '/')
			continue;
		path.data[i] = '\0';
		mkdir(path.data,
		      S_IRWXU); /* what fails here fails again where it is opened */
		path.data[i] = '/';
	}
}

int imp_store_open_folders(const char *directory, int out_fds[static IMP_STORE_KINDS],
			   struct imp_error *err)
{
	static const char *const names[] = {
		[IMP_STORE_PROFILE] = "sha256",
		[IMP_STORE_REPORT] = "report",
	};
	char version[16];

	make_parents(directory);
	snprintf(version, sizeof(version), "v%d", IMP_PROFILE_VERSION);
	imp_auto_fd int top = open_level(AT_FDCWD, directory, err);
	if (top < 0)
		return top;
	imp_auto_fd int level = open_level(top, version, err);
	if (level < 0)
		return level;
	for (int kind = 0; kind < IMP_STORE_KINDS; kind++) {
		out_fds[kind] = open_level(level, names[kind], err);
		if (out_fds[kind] >= 0)
			continue;
		int rc = out_fds[kind];
		while (kind-- > 0)
			close(out_fds[kind]);
		return rc;
	}
	return 0;
}
