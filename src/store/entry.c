/* One entry as a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "imgprof/arena.h"
#include "store_priv.h"

enum { AT_FLAGS = 8, AT_DIGEST = 12, AT_LENGTH = 44, AT_CHECK = 52, DIGEST_BYTES = 32 };

static void put_number(uint8_t *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_number(const uint8_t *at, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

void imp_store_file_name(const struct imp_digest *digest,
			 char out[static IMP_STORE_NAME + 1])
{
	char text[IMP_DIGEST_TEXT];

	imp_digest_text(digest, text);
	memcpy(out, text + sizeof("sha256:") - 1, IMP_STORE_NAME);
	out[IMP_STORE_NAME] = '\0';
}

static int read_all(int fd, void *to, size_t len, struct imp_error *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, (char *)to + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return imp_fail_errno(err, "reading the cache");
		if (n == 0)
			return imp_fail(err, IMP_E_INTEGRITY, "cache entry is cut short");
		done += (size_t)n;
	}
	return 0;
}

static int write_all(int fd, const void *from, size_t len, struct imp_error *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, (const char *)from + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return imp_fail_errno(err, "writing the cache");
		done += (size_t)n;
	}
	return 0;
}

/* The length of the profile behind the header, held against the file's. */
static int read_header(int fd, struct imp_stored_layer *layer, size_t *length,
		       struct imp_error *err)
{
	uint8_t header[IMP_STORE_HEADER];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return imp_fail_errno(err, "reading the cache");
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry is no file of ours");
	int rc = read_all(fd, header, sizeof(header), err);
	if (rc < 0)
		return rc;
	if (memcmp(header, IMP_STORE_MAGIC, AT_FLAGS) != 0 ||
	    get_number(header + AT_CHECK, 8) != XXH3_64bits(header, AT_CHECK) ||
	    get_number(header + AT_LENGTH, 8) != (uint64_t)st.st_size - sizeof(header))
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry has a damaged header");
	layer->has_tar_digest = get_number(header + AT_FLAGS, 4) == 1;
	if (layer->has_tar_digest) {
		layer->tar_digest.algorithm = IMP_DIGEST_SHA256;
		memcpy(layer->tar_digest.bytes, header + AT_DIGEST, DIGEST_BYTES);
	}
	*length = (size_t)st.st_size - sizeof(header);
	return 0;
}

static int read_profile(int fd, size_t length, const struct imp_digest *digest,
			const struct imp_limits *limits, struct imp_profile **out,
			struct imp_error *err)
{
	imp_auto_free void *memory = malloc(length ? length : 1);

	if (!memory)
		return imp_fail(err, IMP_E_SYSTEM,
				"no memory for a cache entry of %zu bytes", length);
	int rc = read_all(fd, memory, length, err);
	if (rc == 0)
		rc = imp_profile_load(imp_steal(&memory), length, limits, out, err);
	if (rc < 0)
		return rc;
	const struct imp_profile_summary *summary = imp_profile_summary(*out);
	if (imp_digest_equal(&summary->blob_digest, digest) && !summary->damaged)
		return 0;
	imp_profile_destroy(*out);
	return imp_fail(err, IMP_E_INTEGRITY, "cache entry is of another layer");
}

int imp_store_read_entry(int entries_fd, const struct imp_digest *digest, bool touch,
			 const struct imp_limits *limits, struct imp_stored_layer *out,
			 struct imp_error *err)
{
	char name[IMP_STORE_NAME + 1];
	struct imp_stored_layer layer = {0};
	size_t length = 0;

	imp_store_file_name(digest, name);
	imp_auto_fd int fd =
		openat(entries_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0 && errno == ELOOP)
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry is a symlink");
	if (fd < 0)
		return imp_fail_errno(err, "reading the cache");
	int rc = read_header(fd, &layer, &length, err);
	if (rc == 0)
		rc = read_profile(fd, length, digest, limits, &layer.profile, err);
	if (rc < 0)
		return rc;
	if (touch)
		futimens(fd, NULL); /* a cache that cannot be marked still serves */
	*out = layer;
	return 0;
}

static void fill_header(uint8_t header[static IMP_STORE_HEADER],
			const struct imp_digest *tar_digest, size_t length)
{
	memset(header, 0, IMP_STORE_HEADER);
	memcpy(header, IMP_STORE_MAGIC, AT_FLAGS);
	if (tar_digest) {
		put_number(header + AT_FLAGS, 1, 4);
		memcpy(header + AT_DIGEST, tar_digest->bytes, DIGEST_BYTES);
	}
	put_number(header + AT_LENGTH, length, 8);
	put_number(header + AT_CHECK, XXH3_64bits(header, AT_CHECK), 8);
}

int imp_store_write_entry(int entries_fd, const struct imp_profile *profile,
			  const struct imp_digest *tar_digest, struct imp_error *err)
{
	static atomic_uint counter;
	struct imp_slice bytes = imp_profile_bytes(profile);
	uint8_t header[IMP_STORE_HEADER];
	char temporary[48], name[IMP_STORE_NAME + 1];

	snprintf(temporary, sizeof(temporary), ".new-%d-%u", (int)getpid(),
		 atomic_fetch_add(&counter, 1));
	imp_store_file_name(&imp_profile_summary(profile)->blob_digest, name);
	fill_header(header, tar_digest, bytes.len);
	imp_auto_fd int fd = openat(entries_fd, temporary,
				    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
				    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return imp_fail_errno(err, "writing the cache");
	int rc = write_all(fd, header, sizeof(header), err);
	if (rc == 0)
		rc = write_all(fd, bytes.data, bytes.len, err);
	if (rc == 0 && renameat(entries_fd, temporary, entries_fd, name) < 0)
		rc = imp_fail_errno(err, "writing the cache");
	if (rc < 0)
		unlinkat(entries_fd, temporary, 0);
	return rc;
}
