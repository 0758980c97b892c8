/*
 * Inside store/: the folders of entries, and one entry as a file.
 *
 *	profile = magic (8) flags (4) tar-digest (32) length (8) check (8) profile (length)
 *	report  = magic (8) flags (4) key (32)        length (8) check (8) bytes (length)
 *	flags   = of a profile: 1 when the tar digest is known, else 0; of a report: 0
 *	check   = XXH3-64 of all bytes before it
 *	length  = of a report: with the XXH3-128 of its bytes, which stands behind them
 *
 * Numbers are little-endian. The profile carries a hash of its own
 * (docs/profile-format.md).
 */
#pragma once

#include "imgprof/store.h"

enum {
	IMP_STORE_HEADER = 60,
	IMP_STORE_NAME = 64, /* hex digits of a sha256: an entry's file name */
};

struct imp_store {
	const struct imp_context *context;
	char *directory;              /* as told to people */
	int folders[IMP_STORE_KINDS]; /* DIRECTORY/vN/sha256, .../report */
};

/* Whether NAME is an entry's, and its digest. */
bool imp_store_entry_name(const char *name, struct imp_digest *out);

/* Opens the folders in DIRECTORY/vN and what leads to them, made when missing, each checked to
 * be a folder of ours that nobody else can write. */
int imp_store_open_folders(const char *directory, int out_fds[static IMP_STORE_KINDS],
			   struct imp_error *err);

/* The entry FILE of ENTRIES_FD; 0, 1 when there is none, IMP_E_INTEGRITY when it does
 * not verify as the profile of DIGEST, IMP_E_SYSTEM. TOUCH marks it as used. */
int imp_store_read_entry(int entries_fd, const struct imp_digest *digest, bool touch,
			 const struct imp_limits *limits, struct imp_stored_layer *out,
			 struct imp_error *err);

/* Writes an entry under a temporary name and renames it. */
int imp_store_write_entry(int entries_fd, const struct imp_profile *profile,
			  const struct imp_digest *tar_digest, struct imp_error *err);

/* The same of a report: its bytes. */
int imp_store_read_report(int reports_fd, const struct imp_digest *key, bool touch,
			  struct imp_strbuf *out, struct imp_error *err);
int imp_store_write_report(int reports_fd, const struct imp_digest *key,
			   struct imp_slice bytes, struct imp_error *err);

/* Removes what writers that are gone left behind. */
void imp_store_remove_leftovers(const struct imp_store *store);

/* The file name of DIGEST (sha256). */
void imp_store_file_name(const struct imp_digest *digest,
			 char out[static IMP_STORE_NAME + 1]);
