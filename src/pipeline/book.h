/*
 * The book of a session: the layer profiles read so far, by blob digest. It owns them, so
 * analyses borrow, until the session ends or imp_book_trim. Thread-safe.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/hash.h"
#include "imgprof/profile.h"

struct imp_book; /* opaque */

struct imp_book_page {
	const struct imp_profile *profile;
	bool has_tar_digest;
	struct imp_digest tar_digest;
	bool cached; /* came from the cache on disk */
};

struct imp_book *imp_book_create(void);
void imp_book_destroy(struct imp_book *book);

/* A new turn, for what is found and entered from here on; its number. */
uint64_t imp_book_turn(struct imp_book *book);
/* Drops profiles that were last used before TURN, those that were used longest ago first,
 * until all that are left take no more than MOST_BYTES. Nobody may borrow them any more. */
void imp_book_trim(struct imp_book *book, uint64_t turn, size_t most_bytes);

/* false when DIGEST (or algorithm NONE) is not in the book. */
bool imp_book_find(struct imp_book *book, const struct imp_digest *digest,
		   struct imp_book_page *out);

/* Enters a profile under its own blob digest and takes it over. When that digest is
 * there already the first profile stays, gaining a tar digest it lacked. A damaged
 * profile is owned but cannot be found. Returns the page that counts. */
struct imp_book_page imp_book_enter(struct imp_book *book, struct imp_profile *profile,
				    const struct imp_digest *tar_digest, bool cached);
