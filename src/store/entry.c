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

#define PROFILE_MAGIC "impstor1"
#define REPORT_MAGIC "impsrep1"

enum {
	AT_FLAGS = 8,
	AT_DIGEST = 12,
	AT_LENGTH = 44,
	AT_CHECK = 52,
	DIGEST_BYTES = 32,
	/* Of a report: many times what the largest image needs */
	MAX_REPORT_BYTES = 16 << 20,
};

struct header {
	uint64_t flags;
	uint8_t digest[DIGEST_BYTES];
	size_t length; /* of what stands behind it */
};

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

static int open_entry(int folder_fd, const struct imp_digest *digest,
		      struct imp_error *err)
{
	char name[IMP_STORE_NAME + 1];

	imp_store_file_name(digest, name);
	int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return imp_fail(err, IMP_E_NOT_FOUND, "no cache entry");
	if (fd < 0 && errno == ELOOP)
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry is a symlink");
	return fd < 0 ? imp_fail_errno(err, "reading the cache") : fd;
}

/* Its length is held against the file's. */
static int read_header(int fd, const char *magic, struct header *out,
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
	if (memcmp(header, magic, AT_FLAGS) != 0 ||
	    get_number(header + AT_CHECK, 8) != XXH3_64bits(header, AT_CHECK) ||
	    get_number(header + AT_LENGTH, 8) != (uint64_t)st.st_size - sizeof(header))
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry has a damaged header");
	out->flags = get_number(header + AT_FLAGS, 4);
	memcpy(out->digest, header + AT_DIGEST, DIGEST_BYTES);
	out->length = (size_t)st.st_size - sizeof(header);
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
	struct imp_stored_layer layer = {0};
	struct header header;
	imp_auto_fd int fd = open_entry(entries_fd, digest, err);
	int rc = fd < 0 ? fd : read_header(fd, PROFILE_MAGIC, &header, err);

	if (rc == 0)
		rc = read_profile(fd, header.length, digest, limits, &layer.profile, err);
	if (rc < 0)
		return rc == IMP_E_NOT_FOUND ? 1 : rc;
	layer.has_tar_digest = header.flags == 1;
	if (layer.has_tar_digest) {
		layer.tar_digest.algorithm = IMP_DIGEST_SHA256;
		memcpy(layer.tar_digest.bytes, header.digest, DIGEST_BYTES);
	}
	if (touch)
		futimens(fd, NULL); /* a cache that cannot be marked still serves */
	*out = layer;
	return 0;
}

static int read_hashed(int fd, size_t length, struct imp_strbuf *out,
		       struct imp_error *err)
{
	struct imp_content_hash found;

	if (length < sizeof(found) || length - sizeof(found) > MAX_REPORT_BYTES)
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry of %zu bytes", length);
	char *bytes = imp_strbuf_reserve(out, length);
	int rc = read_all(fd, bytes, length, err);
	if (rc < 0)
		return rc;
	length -= sizeof(found);
	found = imp_content_hash_of(bytes, length);
	if (memcmp(found.bytes, bytes + length, sizeof(found)) != 0)
		return imp_fail(err, IMP_E_INTEGRITY, "cache entry is damaged");
	out->len += length;
	return 0;
}

int imp_store_read_report(int reports_fd, const struct imp_digest *key, bool touch,
			  struct imp_strbuf *out, struct imp_error *err)
{
	struct header header;
	imp_auto_fd int fd = open_entry(reports_fd, key, err);
	int rc = fd < 0 ? fd : read_header(fd, REPORT_MAGIC, &header, err);

	if (rc == 0 && memcmp(header.digest, key->bytes, DIGEST_BYTES) != 0)
		rc = imp_fail(err, IMP_E_INTEGRITY, "cache entry is of another report");
	if (rc == 0)
		rc = read_hashed(fd, header.length, out, err);
	if (rc < 0)
		return rc == IMP_E_NOT_FOUND ? 1 : rc;
	if (touch)
		futimens(fd, NULL);
	return 0;
}

static void fill_header(uint8_t header[static IMP_STORE_HEADER], const char *magic,
			const struct imp_digest *digest, uint64_t flags, size_t length)
{
	memset(header, 0, IMP_STORE_HEADER);
	memcpy(header, magic, AT_FLAGS);
	put_number(header + AT_FLAGS, flags, 4);
	if (digest)
		memcpy(header + AT_DIGEST, digest->bytes, DIGEST_BYTES);
	put_number(header + AT_LENGTH, length, 8);
	put_number(header + AT_CHECK, XXH3_64bits(header, AT_CHECK), 8);
}

/* The entry of DIGEST: PARTS one behind the other. */
static int write_entry(int folder_fd, const struct imp_digest *digest,
		       const struct imp_slice *parts, size_t part_count,
		       struct imp_error *err)
{
	static atomic_uint counter;
	char temporary[48], name[IMP_STORE_NAME + 1];
	int rc = 0;

	snprintf(temporary, sizeof(temporary), ".new-%d-%u", (int)getpid(),
		 atomic_fetch_add(&counter, 1));
	imp_store_file_name(digest, name);
	imp_auto_fd int fd = openat(folder_fd, temporary,
				    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
				    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return imp_fail_errno(err, "writing the cache");
	for (size_t i = 0; rc == 0 && i < part_count; i++)
		rc = write_all(fd, parts[i].data, parts[i].len, err);
	if (rc == 0 && renameat(folder_fd, temporary, folder_fd, name) < 0)
		rc = imp_fail_errno(err, "writing the cache");
	if (rc < 0)
		unlinkat(folder_fd, temporary, 0);
	return rc;
}

int imp_store_write_entry(int entries_fd, const struct imp_profile *profile,
			  const struct imp_digest *tar_digest, struct imp_error *err)
{
	struct imp_slice bytes = imp_profile_bytes(profile);
	uint8_t header[IMP_STORE_HEADER];
	const struct imp_slice parts[] = {imp_slice((const char *)header, sizeof(header)),
					  bytes};

	fill_header(header, PROFILE_MAGIC, tar_digest, tar_digest != NULL, bytes.len);
	return write_entry(entries_fd, &imp_profile_summary(profile)->blob_digest, parts,
			   2, err);
}

int imp_store_write_report(int reports_fd, const struct imp_digest *key,
			   struct imp_slice bytes, struct imp_error *err)
{
	struct imp_content_hash hash = imp_content_hash_of(bytes.data, bytes.len);
	uint8_t header[IMP_STORE_HEADER];
	const struct imp_slice parts[] = {
		imp_slice((const char *)header, sizeof(header)), bytes,
		imp_slice((const char *)hash.bytes, sizeof(hash.bytes))};

	if (bytes.len > MAX_REPORT_BYTES)
		return 0; /* can be made again, at the price of its layers */
	fill_header(header, REPORT_MAGIC, key, 0, bytes.len + sizeof(hash.bytes));
	return write_entry(reports_fd, key, parts, 3, err);
}
