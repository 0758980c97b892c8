/* Which layers the images have in common. */
#include "share_priv.h"

#include <stdlib.h>

#include "compare_priv.h"

static struct imp_digest identity_of(const struct imp_analysis *image, size_t layer)
{
	return image->layers[layer].diff_id.algorithm != IMP_DIGEST_NONE
		       ? image->layers[layer].diff_id
		       : imp_layer_digest(image, layer);
}

static size_t all_layers(const struct imp_share_work *work)
{
	size_t sum = 0;

	for (size_t i = 0; i < work->count; i++)
		sum += work->images[i]->layer_count;
	return sum;
}

/* A layer without any digest is like no other. */
static uint32_t number_of(struct imp_share_work *work, struct imp_map *known,
			  const struct imp_digest *identity)
{
	struct imp_slice key = imp_slice((const char *)identity, sizeof(*identity));
	uint64_t number;

	if (identity->algorithm != IMP_DIGEST_NONE && imp_map_get(known, key, &number))
		return (uint32_t)number;
	if (identity->algorithm != IMP_DIGEST_NONE)
		imp_map_set(known, key, work->layer_id_count);
	return (uint32_t)work->layer_id_count++;
}

static size_t count_common(const struct imp_share_work *work)
{
	for (size_t layer = 0;; layer++)
		for (size_t i = 0; i < work->count; i++)
			if (layer >= work->images[i]->layer_count ||
			    work->layer_ids[i][layer] != work->layer_ids[0][layer])
				return layer;
}

void imp_share_number_layers(struct imp_share_work *work)
{
	imp_auto(imp_map_finish) struct imp_map known = {0};
	size_t total = all_layers(work), at = 0;
	struct imp_digest *identities =
		imp_arena_array(work->arena, total + 1, sizeof(*identities));

	work->holders = imp_arena_array(work->arena, total + 1, sizeof(*work->holders));
	for (size_t i = 0; i < work->count; i++) {
		size_t layers = work->images[i]->layer_count;
		work->layer_ids[i] =
			imp_arena_array(work->arena, layers + 1, sizeof(uint32_t));
		for (size_t k = 0; k < layers; k++, at++) {
			identities[at] = identity_of(work->images[i], k);
			uint32_t id = number_of(work, &known, &identities[at]);
			work->layer_ids[i][k] = id;
			work->holders[id] |= UINT64_C(1) << i;
		}
	}
	work->common_layers = count_common(work);
}

/* Calls ADD for each distinct layer, at the first image and place that has it. */
static void each_layer(const struct imp_share_work *work,
		       void (*add)(const struct imp_share_work *, size_t, size_t, void *),
		       void *user)
{
	imp_auto_free bool *seen = imp_xcalloc(work->layer_id_count + 1, sizeof(*seen));

	for (size_t i = 0; i < work->count; i++) {
		for (size_t k = 0; k < work->images[i]->layer_count; k++) {
			uint32_t id = work->layer_ids[i][k];
			if (!seen[id])
				add(work, i, k, user);
			seen[id] = true;
		}
	}
}

static bool blobs_differ(const struct imp_share_work *work, uint32_t id)
{
	struct imp_digest first = {0};

	for (size_t i = 0; i < work->count; i++) {
		for (size_t k = 0; k < work->images[i]->layer_count; k++) {
			if (work->layer_ids[i][k] != id)
				continue;
			struct imp_digest digest = imp_layer_digest(work->images[i], k);
			if (first.algorithm == IMP_DIGEST_NONE)
				first = digest;
			if (!imp_digest_equal(&first, &digest))
				return true;
		}
	}
	return false;
}

static void add_row(const struct imp_share_work *work, size_t image, size_t layer,
		    void *user)
{
	struct imp_share *out = user;
	const struct imp_analysed_layer *l = &work->images[image]->layers[layer];
	uint32_t id = work->layer_ids[image][layer];

	if ((work->holders[id] & (work->holders[id] - 1)) == 0)
		return;
	struct imp_share_layer *row =
		(struct imp_share_layer *)(uintptr_t)&out->layers[out->layer_count++];
	*row = (struct imp_share_layer){
		.digest = imp_layer_digest(work->images[image], layer),
		.diff_id = l->diff_id,
		.instruction = imp_arena_copy(work->arena, l->instruction),
		.images = imp_share_set_of(work->holders[id], work->arena),
		.pull_bytes = l->summary.pull_bytes,
		.disk_bytes = l->summary.disk_bytes,
		.blobs_differ = blobs_differ(work, id),
	};
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_share_layer *x = a, *y = b;

	if (x->disk_bytes != y->disk_bytes)
		return x->disk_bytes < y->disk_bytes ? 1 : -1;
	return memcmp(&x->digest, &y->digest, sizeof(x->digest));
}

void imp_share_make_layers(const struct imp_share_work *work, struct imp_share *out)
{
	out->layers = imp_arena_array(work->arena, work->layer_id_count + 1,
				      sizeof(*out->layers));
	each_layer(work, add_row, out);
	qsort((void *)(uintptr_t)out->layers, out->layer_count, sizeof(*out->layers),
	      compare_rows);
}

struct sum {
	uint64_t mask, bytes;
};

static void add_bytes(const struct imp_share_work *work, size_t image, size_t layer,
		      void *user)
{
	struct sum *sum = user;

	if ((work->holders[work->layer_ids[image][layer]] & sum->mask) == sum->mask)
		sum->bytes += work->images[image]->layers[layer].summary.disk_bytes;
}

uint64_t imp_share_layer_bytes(const struct imp_share_work *work, uint64_t mask)
{
	struct sum sum = {.mask = mask};

	each_layer(work, add_bytes, &sum);
	return sum.bytes;
}
