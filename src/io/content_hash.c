#include "imgprof/hash.h"

#include <xxhash.h>

#include "imgprof/arena.h"

struct imp_content_hasher {
	XXH3_state_t *state; /* aligned as XXH3 wants it, which malloc does not promise */
};

static struct imp_content_hash canonical(XXH128_hash_t hash)
{
	XXH128_canonical_t text;
	XXH128_canonicalFromHash(&text, hash);
	struct imp_content_hash out;
	_Static_assert(sizeof(out.bytes) == sizeof(text.digest), "XXH3-128 has 16 bytes");
	memcpy(out.bytes, text.digest, sizeof(out.bytes));
	return out;
}

struct imp_content_hasher *imp_content_hasher_create(void)
{
	struct imp_content_hasher *hasher = imp_xmalloc(sizeof(*hasher));
	hasher->state = XXH3_createState();
	if (!hasher->state)
		imp_die_of_memory(sizeof(*hasher));
	imp_content_hasher_reset(hasher);
	return hasher;
}

void imp_content_hasher_reset(struct imp_content_hasher *hasher)
{
	XXH3_128bits_reset(hasher->state);
}

void imp_content_hasher_add(struct imp_content_hasher *hasher, const void *data,
			    size_t len)
{
	XXH3_128bits_update(hasher->state, data, len);
}

struct imp_content_hash imp_content_hasher_result(const struct imp_content_hasher *hasher)
{
	return canonical(XXH3_128bits_digest(hasher->state));
}

void imp_content_hasher_destroy(struct imp_content_hasher *hasher)
{
	if (!hasher)
		return;
	XXH3_freeState(hasher->state);
	free(hasher);
}

struct imp_content_hash imp_content_hash_of(const void *data, size_t len)
{
	return canonical(XXH3_128bits(data, len));
}
