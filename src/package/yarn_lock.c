#include "yarn_lock.h"

#include <stdlib.h>

#include "npm_yaml.h"

enum { MAX_ENTRIES = 200000, MAX_NEEDS = 2000000 };

static struct imp_slice copy(struct yarn_lock *lock, struct imp_slice text)
{
	return imp_arena_copy(lock->arena, text);
}

static void add_need(struct yarn_lock *lock, struct imp_slice name,
		     struct imp_slice range)
{
	if (lock->need_count == MAX_NEEDS) {
		lock->cut = true;
		return;
	}
	lock->needs = imp_xgrow(lock->needs, &lock->need_capacity, lock->need_count + 1,
				sizeof(*lock->needs));
	lock->needs[lock->need_count++] =
		(struct yarn_need){copy(lock, name), copy(lock, range), false};
	lock->entries[lock->entry_count - 1].need_count++;
}

static struct yarn_entry *add_entry(struct yarn_lock *lock, struct imp_slice key)
{
	if (lock->entry_count == MAX_ENTRIES) {
		lock->cut = true;
		return NULL;
	}
	lock->entries = imp_xgrow(lock->entries, &lock->entry_capacity,
				  lock->entry_count + 1, sizeof(*lock->entries));
	struct yarn_entry *entry = &lock->entries[lock->entry_count++];
	*entry = (struct yarn_entry){.key = copy(lock, key),
				     .first_need = lock->need_count,
				     .package = IMP_NONE};
	return entry;
}

static bool visit(void *context, const struct imp_slice *keys, size_t depth,
		  struct imp_slice value)
{
	struct yarn_lock *lock = context;
	struct yarn_entry *entry =
		lock->entry_count ? &lock->entries[lock->entry_count - 1] : NULL;

	if (depth < 2 || imp_slice_is(keys[0], "__metadata"))
		return true;
	if (!entry || !imp_slice_equal(entry->key, keys[0]))
		entry = add_entry(lock, keys[0]);
	if (!entry)
		return false;
	if (depth == 2 && imp_slice_is(keys[1], "version"))
		entry->version = copy(lock, value);
	else if (depth == 2 && imp_slice_is(keys[1], "resolution"))
		entry->resolution = copy(lock, value);
	else if (depth == 2 && imp_slice_is(keys[1], "checksum"))
		entry->checksum = copy(lock, value);
	else if (depth == 3 && imp_slice_is(keys[1], "dependencies"))
		add_need(lock, keys[2], value);
	return true;
}

struct imp_slice imp_yarn_ident(struct imp_slice locator)
{
	for (size_t i = 1; i < locator.len; i++)
		if (locator.data[i] == '@')
			return imp_slice(locator.data, i);
	return locator;
}

struct imp_slice imp_yarn_range(struct imp_slice locator)
{
	return imp_slice_skip(locator, imp_yarn_ident(locator).len + 1);
}

/* "a@patch:a@npm%3A^1#..." stands for "a@npm:^1". */
static void note_patch(struct yarn_lock *lock, struct imp_slice descriptor,
		       uint64_t entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf plain = {0};
	struct imp_slice inner = imp_yarn_range(descriptor);

	if (!imp_slice_starts(inner, IMP_SLICE("patch:")))
		return;
	inner = imp_slice_skip(inner, 6);
	inner = imp_slice_cut(&inner, '#');
	for (size_t i = 0; i < inner.len; i++) {
		bool colon = inner.len - i >= 3 && memcmp(inner.data + i, "%3A", 3) == 0;
		imp_strbuf_add_char(&plain, colon ? ':' : inner.data[i]);
		i += colon ? 2 : 0;
	}
	imp_map_set(&lock->patches, copy(lock, imp_strbuf_slice(&plain)), entry);
}

static void index_entries(struct yarn_lock *lock)
{
	for (size_t i = 0; i < lock->entry_count; i++) {
		struct imp_slice rest = lock->entries[i].key;
		while (rest.len > 0) {
			struct imp_slice descriptor = imp_slice_cut(&rest, ',');
			if (imp_slice_starts(rest, IMP_SLICE(" ")))
				rest = imp_slice_skip(rest, 1);
			imp_map_set(&lock->by_descriptor, descriptor, i);
			note_patch(lock, descriptor, i);
		}
	}
}

const char *imp_yarn_lock_read(struct yarn_lock *lock, const struct imp_live_file *file)
{
	const char *reason = file->cut ? "larger than imgprof keeps"
				       : imp_yaml_read(file->content, visit, lock);

	index_entries(lock);
	return reason || !lock->cut ? reason : "more than imgprof follows";
}

void imp_yarn_lock_finish(struct yarn_lock *lock)
{
	free(lock->entries);
	free(lock->needs);
	imp_map_finish(&lock->by_descriptor);
	imp_map_finish(&lock->patches);
}

size_t imp_yarn_lock_find(const struct imp_map *map, struct imp_slice name,
			  const char *between, struct imp_slice range)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t entry;

	imp_strbuf_add_slice(&key, name);
	imp_strbuf_add_text(&key, between);
	imp_strbuf_add_slice(&key, range);
	return imp_map_get(map, imp_strbuf_slice(&key), &entry) ? (size_t)entry
								: SIZE_MAX;
}

static size_t find_in(const struct imp_map *map, const struct yarn_need *need)
{
	size_t entry = imp_yarn_lock_find(map, need->name, "@", need->range);

	/* Locks before version 8 leave "npm:" out. */
	return entry != SIZE_MAX
		       ? entry
		       : imp_yarn_lock_find(map, need->name, "@npm:", need->range);
}

void imp_yarn_lock_resolve(const struct yarn_lock *lock, const struct yarn_need *need,
			   size_t out[2])
{
	out[0] = find_in(&lock->by_descriptor, need);
	out[1] = find_in(&lock->patches, need);
}
