/*
 * The cache of layer profiles and of reports: $XDG_CACHE_HOME/imgprof/VERSION/sha256/HEX
 * and .../report/HEX, folders 0700, files 0600, written to a temporary name and renamed.
 * What does not verify is removed and made again. Everything works without it: a cache that
 * cannot be opened or written is reported once, as a warning. Safe for many processes at
 * once, and for many threads.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/hash.h"
#include "imgprof/profile.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

struct imp_store; /* opaque */

/* DIRECTORY NULL: $IMGPROF_CACHE_DIR, else $XDG_CACHE_HOME/imgprof, else
 * $HOME/.cache/imgprof. Made when missing; refused (IMP_E_SYSTEM) when it is a symlink,
 * belongs to another user or can be written by others. */
int imp_store_open(const struct imp_context *context, const char *directory,
		   struct imp_store **out, struct imp_error *err);
void imp_store_close(struct imp_store *store);
static inline void imp_store_destroy(struct imp_store *store)
{
	imp_store_close(store);
}
IMP_DEFINE_DESTROY(imp_store);

const char *imp_store_directory(const struct imp_store *store);

/* What is known of a layer beside its profile. */
struct imp_stored_layer {
	struct imp_profile *profile; /* the caller's */
	bool has_tar_digest;
	struct imp_digest tar_digest;
};

/* The profile of the blob DIGEST. 0 and *OUT; 1 when there is none (or it did not verify
 * and was removed); negative only for IMP_E_SYSTEM. Marks it as used. */
int imp_store_get(struct imp_store *store, const struct imp_digest *digest,
		  struct imp_stored_layer *out, struct imp_error *err);
/* Stores under the profile's own blob digest (and nothing else: the digest is that of
 * bytes read). A damaged profile is a bug. TAR_DIGEST may be NULL. */
int imp_store_put(struct imp_store *store, const struct imp_profile *profile,
		  const struct imp_digest *tar_digest, struct imp_error *err);

/* A report is bytes under a key, the sha256 of all that it rests on; what they mean is for
 * whoever put them. 0 and the bytes in OUT; 1 when there is none (or it did not verify and was
 * removed); negative only for IMP_E_SYSTEM. Marks it as used. */
int imp_store_get_report(struct imp_store *store, const struct imp_digest *key,
			 struct imp_strbuf *out, struct imp_error *err);
int imp_store_put_report(struct imp_store *store, const struct imp_digest *key,
			 struct imp_slice bytes, struct imp_error *err);
/* Its bytes verify, but say nothing: it goes. */
void imp_store_drop_report(struct imp_store *store, const struct imp_digest *key);

enum imp_store_kind { IMP_STORE_PROFILE, IMP_STORE_REPORT, IMP_STORE_KINDS };

struct imp_store_entry {
	enum imp_store_kind kind;
	struct imp_digest digest; /* of a report: its key */
	uint64_t bytes;           /* of the file */
	int64_t used_ns;          /* last use */
};
/* By kind, then digest; *OUT is the caller's (free). */
int imp_store_list(struct imp_store *store, struct imp_store_entry **out, size_t *count,
		   struct imp_error *err);
/* Removes least recently used entries until at most MAX_BYTES stay. */
int imp_store_prune(struct imp_store *store, uint64_t max_bytes, uint64_t *removed,
		    uint64_t *removed_bytes, struct imp_error *err);
/* Loads every entry; those that do not verify are removed. */
int imp_store_verify(struct imp_store *store, uint64_t *checked, uint64_t *removed,
		     struct imp_error *err);
/* Default cap, pruned to after each run that added something: 1 GiB, or
 * $IMGPROF_CACHE_SIZE. */
uint64_t imp_store_cap(const struct imp_context *context);
