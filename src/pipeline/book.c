#include "book.h"

#include <pthread.h>
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/map.h"

struct page {
	struct imp_book_page page;
	struct imp_profile *owned; /* NULL: dropped */
	struct imp_digest digest;  /* the map's key points here: pages never move */
	uint64_t used;             /* the last turn */
};

struct imp_book {
	pthread_mutex_t lock;
	struct imp_arena *arena;
	struct imp_map by_digest; /* to an index into pages */
	struct page **pages;
	size_t count, capacity;
	uint64_t turn;
};

struct imp_book *imp_book_create(void)
{
	struct imp_book *book = imp_xcalloc(1, sizeof(*book));
	pthread_mutex_init(&book->lock, NULL);
	book->arena = imp_arena_create();
	return book;
}

void imp_book_destroy(struct imp_book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->count; i++)
		imp_profile_destroy(book->pages[i]->owned);
	free(book->pages);
	imp_map_finish(&book->by_digest);
	imp_arena_destroy(book->arena);
	pthread_mutex_destroy(&book->lock);
	free(book);
}

static struct imp_slice key_of(const struct imp_digest *digest)
{
	return imp_slice((const char *)digest, sizeof(*digest));
}

static struct page *find(struct imp_book *book, const struct imp_digest *digest)
{
	uint64_t index;

	if (digest->algorithm == IMP_DIGEST_NONE ||
	    !imp_map_get(&book->by_digest, key_of(digest), &index))
		return NULL;
	return book->pages[index];
}

bool imp_book_find(struct imp_book *book, const struct imp_digest *digest,
		   struct imp_book_page *out)
{
	pthread_mutex_lock(&book->lock);
	struct page *page = find(book, digest);
	bool found = page && page->owned;
	if (found) {
		page->used = book->turn;
		*out = page->page;
	}
	pthread_mutex_unlock(&book->lock);
	return found;
}

static void fill(struct page *page, struct imp_profile *profile, bool cached)
{
	page->owned = profile;
	page->page.profile = profile;
	page->page.cached = cached;
}

static struct page *add(struct imp_book *book, const struct imp_profile_summary *summary)
{
	struct page *page = imp_arena_alloc(book->arena, sizeof(*page));

	page->digest = summary->blob_digest;
	book->pages = imp_xgrow(book->pages, &book->capacity, book->count + 1,
				sizeof(struct page *));
	book->pages[book->count] = page;
	if (!summary->damaged)
		imp_map_set(&book->by_digest, key_of(&page->digest), book->count);
	book->count++;
	return page;
}

struct imp_book_page imp_book_enter(struct imp_book *book, struct imp_profile *profile,
				    const struct imp_digest *tar_digest, bool cached)
{
	const struct imp_profile_summary *summary = imp_profile_summary(profile);

	pthread_mutex_lock(&book->lock);
	struct page *page = summary->damaged ? NULL : find(book, &summary->blob_digest);
	if (!page)
		page = add(book, summary);
	if (page->owned)
		imp_profile_destroy(profile);
	else
		fill(page, profile, cached);
	page->used = book->turn;
	if (tar_digest && !page->page.has_tar_digest) {
		page->page.has_tar_digest = true;
		page->page.tar_digest = *tar_digest;
	}
	struct imp_book_page result = page->page;
	pthread_mutex_unlock(&book->lock);
	return result;
}

uint64_t imp_book_turn(struct imp_book *book)
{
	pthread_mutex_lock(&book->lock);
	uint64_t turn = ++book->turn;
	pthread_mutex_unlock(&book->lock);
	return turn;
}

static int compare_use(const void *left, const void *right)
{
	const struct page *a = *(struct page *const *)left;
	const struct page *b = *(struct page *const *)right;

	return a->used < b->used ? -1 : a->used > b->used;
}

void imp_book_trim(struct imp_book *book, uint64_t turn, size_t most_bytes)
{
	size_t bytes = 0, count = 0;

	pthread_mutex_lock(&book->lock);
	imp_auto_free struct page **old =
		imp_xcalloc(book->count + 1, sizeof(struct page *));
	for (size_t i = 0; i < book->count; i++) {
		if (!book->pages[i]->owned)
			continue;
		bytes += imp_profile_memory_bytes(book->pages[i]->owned);
		if (book->pages[i]->used < turn)
			old[count++] = book->pages[i];
	}
	if (count)
		qsort(old, count, sizeof(struct page *), compare_use);
	for (size_t i = 0; i < count && bytes > most_bytes; i++) {
		bytes -= imp_profile_memory_bytes(old[i]->owned);
		imp_profile_destroy(old[i]->owned);
		fill(old[i], NULL, false);
	}
	pthread_mutex_unlock(&book->lock);
}
