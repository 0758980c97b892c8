#include "names_priv.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "imgprof/arena.h"
#include "imgprof/map.h"
#include "imgprof/tree.h"

enum { FIRST_SLOTS = 256 };

struct imp_slice imp_names_get(const struct imp_names *names, uint32_t text)
{
	uint32_t len;

	if (text == IMP_NONE)
		return (struct imp_slice){NULL, 0};
	memcpy(&len, names->bytes + text - sizeof(len), sizeof(len));
	return imp_slice(names->bytes + text, len);
}

static size_t find_slot(const struct imp_names *names, struct imp_slice text)
{
	size_t mask = names->slot_count - 1;
	size_t at = XXH3_64bits_withSeed(text.data, text.len, imp_hash_seed()) & mask;

	while (names->slots[at] != IMP_NONE &&
	       !imp_slice_equal(imp_names_get(names, names->slots[at]), text))
		at = (at + 1) & mask;
	return at;
}

static void grow_slots(struct imp_names *names)
{
	uint32_t *old = names->slots;
	size_t old_count = names->slot_count;

	names->slot_count = old_count ? old_count * 2 : FIRST_SLOTS;
	names->slots = imp_xmalloc(names->slot_count * sizeof(*names->slots));
	memset(names->slots, 0xff, names->slot_count * sizeof(*names->slots));
	for (size_t i = 0; i < old_count; i++)
		if (old[i] != IMP_NONE)
			names->slots[find_slot(names, imp_names_get(names, old[i]))] =
				old[i];
	free(old);
}

int imp_names_intern(struct imp_names *names, struct imp_slice text, uint32_t *out,
		     struct imp_error *err)
{
	uint32_t len = (uint32_t)text.len;

	if (names->used >= names->slot_count / 4 * 3)
		grow_slots(names);
	size_t slot = find_slot(names, text);
	if (names->slots[slot] == IMP_NONE) {
		size_t need = names->len + sizeof(len);
		if (text.len >= IMP_NONE || need + text.len >= IMP_NONE)
			return imp_fail(err, IMP_E_LIMIT,
					"image tree: more than 4 GiB of names and links");
		names->bytes =
			imp_xgrow(names->bytes, &names->capacity, need + text.len, 1);
		memcpy(names->bytes + names->len, &len, sizeof(len));
		if (text.len)
			memcpy(names->bytes + need, text.data, text.len);
		names->len = need + text.len;
		names->slots[slot] = (uint32_t)need;
		names->used++;
	}
	*out = names->slots[slot];
	return 0;
}

void imp_names_freeze(struct imp_names *names)
{
	free(names->slots);
	names->slots = NULL;
	names->slot_count = names->used = 0;
}

void imp_names_finish(struct imp_names *names)
{
	free(names->slots);
	free(names->bytes);
	*names = (struct imp_names){0};
}
