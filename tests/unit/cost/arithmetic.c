/* The numbers of reference/ecosystem.md 2.4: the worked example, and random sets against a
 * computation that takes every definition by its word. */
#include <stdio.h>
#include <stdlib.h>

#include "case.h"
#include "imgprof/cost.h"
#include "imgprof/stream.h"

enum { MB = 1000000, MOST_IMAGES = 40, MOST_BLOBS = 30 };

struct world {
	struct imp_arena *arena;
	struct imp_cost_inventory inventory;
	struct imp_cost_repository repositories[8];
	struct imp_cost_blob blobs[MOST_BLOBS];
	struct imp_cost_image images[MOST_IMAGES];
	struct imp_cost *cost;
};

static struct imp_digest digest_of(unsigned number)
{
	struct imp_digest digest = {.algorithm = IMP_DIGEST_SHA256};
	digest.bytes[0] = (uint8_t)(number >> 8);
	digest.bytes[1] = (uint8_t)number;
	return digest;
}

static void begin(struct world *world)
{
	*world = (struct world){.arena = imp_arena_create()};
	world->inventory.repositories = world->repositories;
	world->inventory.blobs = world->blobs;
	world->inventory.images = world->images;
}

static void end(struct world *world)
{
	imp_cost_destroy(world->cost);
	imp_arena_destroy(world->arena);
}

static void count(struct world *world, enum imp_dedupe dedupe)
{
	imp_cost_destroy(world->cost);
	world->cost = imp_cost_create(&world->inventory, dedupe);
}

static void add_repository(struct world *world, const char *host, const char *path)
{
	world->repositories[world->inventory.repository_count++] =
		(struct imp_cost_repository){imp_slice_of(host), imp_slice_of(path)};
}

/* BLOBS: letters, blob A is number 0. */
static struct imp_cost_image *add_image(struct world *world, const char *blobs,
					const char *tag, const char *second_tag)
{
	size_t index = world->inventory.image_count++;
	struct imp_cost_image *image = &world->images[index];
	struct imp_cost_use *uses =
		imp_arena_array(world->arena, strlen(blobs) + 1, sizeof(*uses));
	struct imp_slice *tags = imp_arena_array(world->arena, 2, sizeof(*tags));
	for (size_t i = 0; blobs[i]; i++)
		uses[i] = (struct imp_cost_use){.blob = (uint32_t)(blobs[i] - 'A'),
						.platform = IMP_COST_NO_PLATFORM};
	tags[0] = imp_slice_of(tag);
	tags[1] = imp_slice_of(second_tag);
	*image = (struct imp_cost_image){
		.repository = (uint32_t)world->inventory.repository_count - 1,
		.digest = digest_of((unsigned)index + 1),
		.tags = tags,
		.tag_count = (tag != NULL) + (second_tag != NULL),
		.dated = true,
		.time_ns = (int64_t)index + 1,
		.uses = uses,
		.use_count = strlen(blobs),
	};
	return image;
}

/* B 60, D1 300, D2 310, A1 10, A2 12, A3 14, C 20 are A to G. */
static void begin_example(struct world *world)
{
	static const uint64_t sizes[] = {60, 300, 310, 10, 12, 14, 20};
	begin(world);
	for (unsigned i = 0; i < 7; i++)
		world->blobs[i] =
			(struct imp_cost_blob){digest_of(1000 + i), sizes[i] * MB};
	world->inventory.blob_count = 7;
	add_repository(world, "ghcr.io", "acme/web");
	add_image(world, "ABD", "v1", NULL);
	add_image(world, "ABE", "v2", NULL);
	add_image(world, "ACF", "v3", "latest");
	add_repository(world, "ghcr.io", "acme/celery");
	add_image(world, "ABG", "c1", NULL);
}

static void check_root(const struct world *world, size_t i, uint64_t full,
		       uint64_t exclusive, uint64_t attributed, uint64_t marginal)
{
	const struct imp_cost_root *root = &world->cost->roots[i];
	assert_int_equal(root->full_bytes, full * MB);
	assert_int_equal(root->exclusive_bytes, exclusive * MB);
	assert_int_equal(root->attributed_bytes, attributed * MB);
	assert_int_equal(root->marginal_bytes, marginal * MB);
}

CASE(worked_example_by_repository)
{
	struct world world;
	begin_example(&world);
	count(&world, IMP_DEDUPE_REPOSITORY);
	assert_int_equal(world.cost->stored_bytes, UINT64_C(1086) * MB);
	assert_int_equal(world.cost->naive_bytes, UINT64_C(1890) * MB);
	check_root(&world, 0, 370, 10, 180, 370);
	check_root(&world, 1, 372, 12, 182, 12);
	check_root(&world, 2, 384, 324, 344, 324);
	check_root(&world, 3, 380, 380, 380, 380);
	bool both[] = {true, true, false, false};
	assert_int_equal(imp_cost_free_bytes(world.cost, both), UINT64_C(322) * MB);
	uint32_t of[] = {0, 0, 0, 1};
	struct imp_cost_group groups[2];
	imp_cost_groups(world.cost, of, 2, groups);
	assert_int_equal(groups[0].stored_bytes, UINT64_C(706) * MB);
	assert_int_equal(groups[1].stored_bytes, UINT64_C(380) * MB);
	assert_int_equal(groups[0].tags, 4);
	end(&world);
}

CASE(worked_example_by_registry)
{
	struct world world;
	begin_example(&world);
	for (int i = 0; i < 2; i++) {
		count(&world, i ? IMP_DEDUPE_REGISTRY : IMP_DEDUPE_NAMESPACE);
		assert_int_equal(world.cost->stored_bytes, UINT64_C(726) * MB);
		bool both[] = {true, true, false, false};
		assert_int_equal(imp_cost_free_bytes(world.cost, both),
				 UINT64_C(22) * MB);
	}
	end(&world);
}

CASE(a_namespace_ends_at_its_slash)
{
	struct world world;
	begin_example(&world);
	world.repositories[1].path = IMP_SLICE("acm/celery");
	count(&world, IMP_DEDUPE_NAMESPACE);
	assert_int_equal(world.cost->stored_bytes, UINT64_C(1086) * MB);
	world.repositories[0].path = IMP_SLICE("web");
	world.repositories[1].path = IMP_SLICE("celery");
	count(&world, IMP_DEDUPE_NAMESPACE); /* one component: the host */
	assert_int_equal(world.cost->stored_bytes, UINT64_C(726) * MB);
	world.repositories[1].host = IMP_SLICE("quay.io");
	count(&world, IMP_DEDUPE_REGISTRY);
	assert_int_equal(world.cost->stored_bytes, UINT64_C(1086) * MB);
	end(&world);
}

CASE(left_over_bytes_go_to_the_first)
{
	struct world world;
	begin(&world);
	world.blobs[0] = (struct imp_cost_blob){digest_of(1), 11};
	world.inventory.blob_count = 1;
	add_repository(&world, "h", "r");
	for (int i = 0; i < 4; i++)
		add_image(&world, "A", "t", NULL);
	world.images[3].dated = false; /* so it is the first */
	count(&world, IMP_DEDUPE_REPOSITORY);
	assert_int_equal(world.cost->roots[3].attributed_bytes, 3);
	assert_int_equal(world.cost->roots[0].attributed_bytes, 3);
	assert_int_equal(world.cost->roots[1].attributed_bytes, 3);
	assert_int_equal(world.cost->roots[2].attributed_bytes, 2);
	assert_int_equal(world.cost->roots[3].marginal_bytes, 11);
	end(&world);
}

CASE(same_manifest_in_two_repositories_of_a_domain)
{
	struct world world;
	begin_example(&world);
	world.images[3].digest = world.images[2].digest;
	world.images[3].time_ns = world.images[2].time_ns;
	world.images[3].uses = world.images[2].uses;
	count(&world, IMP_DEDUPE_REGISTRY);
	/* acme/celery comes before acme/web */
	assert_int_equal(world.cost->roots[3].marginal_bytes, UINT64_C(324) * MB);
	assert_int_equal(world.cost->roots[2].marginal_bytes, 0);
	assert_int_equal(world.cost->roots[2].exclusive_bytes, 0);
	assert_int_equal(world.cost->stored_bytes, UINT64_C(706) * MB);
	end(&world);
}

CASE(platforms_and_attachments_add_up)
{
	static const char *const platforms[] = {"linux/amd64", "linux/arm64"};
	struct world world;
	begin_example(&world);
	world.inventory.platforms = platforms;
	world.inventory.platform_count = 2;
	struct imp_cost_use uses[] = {
		{.blob = 0, .platform = 0},
		{.blob = 1, .platform = 1},
		{.blob = 3, .platform = IMP_COST_NO_PLATFORM, .attached = true}};
	world.images[0].uses = uses;
	count(&world, IMP_DEDUPE_REGISTRY);
	/* Other images have no platform. A: amd64 and none, B: arm64, D: attached */
	assert_int_equal(world.cost->platform_bytes[0], 60 * MB);
	assert_int_equal(world.cost->platform_bytes[1], 300 * MB);
	assert_int_equal(world.cost->platform_bytes[2], 0);
	assert_int_equal(world.cost->platform_bytes[3], (726 - 360) * MB);
	assert_int_equal(world.cost->referrer_bytes, 10 * MB);
	end(&world);
}

CASE(sizes_that_do_not_fit)
{
	struct world world;
	begin_example(&world);
	assert_true(imp_cost_sizes_fit(&world.inventory));
	world.blobs[2].size_bytes = INT64_MAX / 2;
	assert_false(imp_cost_sizes_fit(&world.inventory)); /* it has two tags */
	end(&world);
}

/* By the words of the definitions: sets as bits, one domain at a time. */
struct slow {
	uint64_t stored, naive, exclusive[MOST_IMAGES], attributed[MOST_IMAGES],
		marginal[MOST_IMAGES];
};

static uint32_t closure(const struct world *world, size_t image)
{
	uint32_t bits = 0;
	for (size_t k = 0; k < world->images[image].use_count; k++)
		bits |= UINT32_C(1) << world->images[image].uses[k].blob;
	return bits;
}

static uint64_t size_of(const struct world *world, uint32_t bits)
{
	uint64_t sum = 0;
	for (size_t b = 0; b < world->inventory.blob_count; b++)
		if (bits >> b & 1)
			sum += world->blobs[b].size_bytes;
	return sum;
}

static bool same_domain(const struct world *world, size_t a, size_t b,
			enum imp_dedupe dedupe)
{
	uint32_t left = world->images[a].repository, right = world->images[b].repository;
	if (dedupe == IMP_DEDUPE_REPOSITORY)
		return left == right;
	/* Repositories 0 and 1 are of one namespace, 2 of another, 3 on another host */
	if (dedupe == IMP_DEDUPE_NAMESPACE)
		return left == right || left + right == 1;
	return (left == 3) == (right == 3);
}

static bool before(const struct world *world, size_t a, size_t b)
{
	const struct imp_cost_image *left = &world->images[a], *right = &world->images[b];
	if (left->dated != right->dated)
		return !left->dated;
	if (left->dated && left->time_ns != right->time_ns)
		return left->time_ns < right->time_ns;
	int order = memcmp(&left->digest, &right->digest, sizeof(left->digest));
	if (order)
		return order < 0;
	static const unsigned rank[] = {1, 0, 2, 3}; /* of their names */
	return rank[left->repository] < rank[right->repository];
}

static uint64_t slow_attributed(const struct world *world, size_t image,
				enum imp_dedupe dedupe)
{
	uint64_t sum = 0;
	for (size_t b = 0; b < world->inventory.blob_count; b++) {
		uint64_t roots = 0, earlier = 0, bytes = world->blobs[b].size_bytes;
		if (!(closure(world, image) >> b & 1))
			continue;
		for (size_t j = 0; j < world->inventory.image_count; j++)
			if (same_domain(world, image, j, dedupe) &&
			    (closure(world, j) >> b & 1)) {
				roots++;
				earlier += before(world, j, image);
			}
		sum += bytes / roots + (earlier < bytes % roots);
	}
	return sum;
}

static uint32_t others(const struct world *world, size_t image, enum imp_dedupe dedupe,
		       bool only_before)
{
	uint32_t bits = 0;
	for (size_t j = 0; j < world->inventory.image_count; j++)
		if (j != image && same_domain(world, image, j, dedupe) &&
		    (!only_before || before(world, j, image)))
			bits |= closure(world, j);
	return bits;
}

static uint64_t slow_free(const struct world *world, const bool *chosen,
			  enum imp_dedupe dedupe)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < world->inventory.image_count; i++) {
		uint32_t kept = 0, counted = 0;
		for (size_t j = 0; j < world->inventory.image_count; j++)
			if (same_domain(world, i, j, dedupe)) {
				if (!chosen[j])
					kept |= closure(world, j);
				else if (j < i)
					counted |= closure(world, j);
			}
		if (chosen[i])
			sum += size_of(world, closure(world, i) & ~kept & ~counted);
	}
	return sum;
}

static void randomise(struct world *world)
{
	begin(world);
	add_repository(world, "h", "n/b");
	add_repository(world, "h", "n/a");
	add_repository(world, "h", "o/c");
	add_repository(world, "i", "n/b");
	world->inventory.blob_count = 1 + (size_t)rand() % MOST_BLOBS;
	for (unsigned b = 0; b < world->inventory.blob_count; b++)
		world->blobs[b] =
			(struct imp_cost_blob){digest_of(b), (uint64_t)rand() % 1000};
	size_t images = (size_t)rand() % MOST_IMAGES;
	for (size_t i = 0; i < images; i++) {
		char blobs[MOST_BLOBS + 1] = "";
		size_t uses = 0;
		for (unsigned b = 0; b < world->inventory.blob_count; b++)
			if (rand() % 3 == 0)
				blobs[uses++] = (char)('A' + b);
		blobs[uses] = '\0';
		struct imp_cost_image *image =
			add_image(world, blobs, rand() % 4 ? "x" : NULL, NULL);
		image->repository = (uint32_t)(i * 4 / images);
		image->digest = digest_of((unsigned)(image->repository * 100 + i));
		if (rand() % 3 == 0 && image->repository > 0)
			image->digest = digest_of((unsigned)i / 4 * 2);
		image->time_ns = rand() % 3;
		image->dated = rand() % 4 != 0;
	}
	/* Two roots of one repository have two digests */
	for (size_t i = 0; i < images; i++)
		for (size_t j = 0; j < i; j++)
			if (world->images[i].repository == world->images[j].repository &&
			    imp_digest_equal(&world->images[i].digest,
					     &world->images[j].digest))
				world->images[i].digest = digest_of(5000 + (unsigned)i);
}

static void check_random(struct world *world, enum imp_dedupe dedupe)
{
	bool chosen[MOST_IMAGES];
	uint64_t attributed = 0, marginal = 0, naive = 0;
	count(world, dedupe);
	for (size_t i = 0; i < world->inventory.image_count; i++) {
		const struct imp_cost_root *root = &world->cost->roots[i];
		uint32_t own = closure(world, i);
		chosen[i] = rand() % 2;
		assert_int_equal(root->full_bytes, size_of(world, own));
		assert_int_equal(root->exclusive_bytes,
				 size_of(world, own & ~others(world, i, dedupe, false)));
		assert_int_equal(root->marginal_bytes,
				 size_of(world, own & ~others(world, i, dedupe, true)));
		assert_int_equal(root->attributed_bytes,
				 slow_attributed(world, i, dedupe));
		attributed += root->attributed_bytes;
		marginal += root->marginal_bytes;
		naive += root->full_bytes;
	}
	assert_int_equal(attributed, world->cost->stored_bytes);
	assert_int_equal(marginal, world->cost->stored_bytes);
	assert_int_equal(naive, world->cost->naive_bytes);
	assert_true(naive >= world->cost->stored_bytes);
	assert_int_equal(imp_cost_free_bytes(world->cost, chosen),
			 slow_free(world, chosen, dedupe));
	for (size_t i = 0; i < world->inventory.image_count; i++)
		chosen[i] = world->images[i].tag_count == 0;
	assert_int_equal(world->cost->untagged_bytes, slow_free(world, chosen, dedupe));
}

CASE(random_sets_against_the_definitions)
{
	srand(7);
	for (int round = 0; round < 200; round++) {
		struct world world;
		randomise(&world);
		for (int dedupe = 0; dedupe < IMP_DEDUPES; dedupe++)
			check_random(&world, (enum imp_dedupe)dedupe);
		end(&world);
	}
}

CASE(a_million_uses)
{
	enum { IMAGES = 5000, USES = 200, BLOBS = 60000 };
	struct imp_arena *arena = imp_arena_create();
	struct imp_cost_blob *blobs = imp_arena_array(arena, BLOBS, sizeof(*blobs));
	struct imp_cost_image *images = imp_arena_array(arena, IMAGES, sizeof(*images));
	struct imp_cost_repository repository = {IMP_SLICE("h"), IMP_SLICE("r")};
	uint64_t attributed = 0, marginal = 0, all = 0;
	for (unsigned b = 0; b < BLOBS; b++) {
		blobs[b] = (struct imp_cost_blob){digest_of(b), 1000 + b};
		all += blobs[b].size_bytes;
	}
	for (unsigned i = 0; i < IMAGES; i++) {
		struct imp_cost_use *uses = imp_arena_array(arena, USES, sizeof(*uses));
		for (unsigned k = 0; k < USES; k++)
			uses[k].blob = (i * 12 + k * 300) % BLOBS;
		images[i] = (struct imp_cost_image){
			.digest = digest_of(i), .uses = uses, .use_count = USES};
	}
	struct imp_cost_inventory inventory = {.repositories = &repository,
					       .repository_count = 1,
					       .blobs = blobs,
					       .blob_count = BLOBS,
					       .images = images,
					       .image_count = IMAGES};
	struct imp_cost *cost = imp_cost_create(&inventory, IMP_DEDUPE_REGISTRY);
	for (unsigned i = 0; i < IMAGES; i++) {
		attributed += cost->roots[i].attributed_bytes;
		marginal += cost->roots[i].marginal_bytes;
	}
	assert_int_equal(attributed, cost->stored_bytes);
	assert_int_equal(marginal, cost->stored_bytes);
	assert_true(cost->stored_bytes <= all);
	imp_cost_destroy(cost);
	imp_arena_destroy(arena);
}

static struct imp_cost_what_if_result ask(struct world *world, const char *expression,
					  int64_t now_ns)
{
	struct imp_error err = {0};
	struct imp_cost_what_if what_if;
	struct imp_cost_what_if_result result;
	assert_ok(imp_cost_what_if_parse(expression, &what_if, &err), &err);
	imp_cost_what_if_apply(world->cost, &what_if, now_ns, world->arena, &result);
	return result;
}

CASE(what_if_matches_all_tags)
{
	struct world world;
	begin_example(&world);
	count(&world, IMP_DEDUPE_REPOSITORY);
	struct imp_cost_what_if_result result = ask(&world, "match=v*", 100);
	assert_int_equal(result.images, 2); /* v3 is also latest */
	assert_int_equal(result.free_bytes, UINT64_C(322) * MB);
	result = ask(&world, "keep=1", 100);
	assert_int_equal(result.images, 2);
	assert_true(result.chosen[0] && result.chosen[1]);
	result = ask(&world, "match=v?,keep=1", 100);
	assert_int_equal(result.images, 1);
	assert_true(result.chosen[0]);
	end(&world);
}

CASE(what_if_never_takes_the_undated_by_age)
{
	static const int64_t day_ns = INT64_C(86400) * 1000000000;
	struct world world;
	begin_example(&world);
	world.images[0].dated = false;
	count(&world, IMP_DEDUPE_REPOSITORY);
	struct imp_cost_what_if_result result = ask(&world, "older=14d", 20 * day_ns);
	assert_int_equal(result.images, 3);
	assert_int_equal(result.undated, 1);
	assert_false(result.chosen[0]);
	result = ask(&world, "match=v*,older=21d", 20 * day_ns);
	assert_int_equal(result.images, 0);
	assert_int_equal(ask(&world, "match=v1", 0).images, 1);
	end(&world);
}

CASE(what_if_union_counts_once)
{
	struct world world;
	begin_example(&world);
	count(&world, IMP_DEDUPE_REPOSITORY);
	struct imp_cost_what_if_result both[2] = {ask(&world, "match=v1", 0),
						  ask(&world, "match=v2", 0)};
	struct imp_cost_what_if_result all;
	imp_cost_what_if_union(world.cost, both, 2, world.arena, &all);
	assert_int_equal(both[0].free_bytes, 10 * MB);
	assert_int_equal(both[1].free_bytes, 12 * MB);
	assert_int_equal(all.free_bytes, 322 * MB);
	end(&world);
}

/* v1 is an index that lists v2: blob H is the manifest of v2. */
CASE(what_if_holds_children_of_kept_indexes)
{
	struct world world;
	begin_example(&world);
	world.blobs[7] = (struct imp_cost_blob){world.images[1].digest, 5};
	world.blobs[8] = (struct imp_cost_blob){world.images[0].digest, 6};
	world.inventory.blob_count = 9;
	struct imp_cost_use index[] = {{.blob = 8, .manifest = true},
				       {.blob = 7, .manifest = true},
				       {.blob = 0}};
	struct imp_cost_use child[] = {{.blob = 7, .manifest = true}, {.blob = 0}};
	world.images[0].uses = index;
	world.images[1].uses = child;
	world.images[1].use_count = 2;
	count(&world, IMP_DEDUPE_REPOSITORY);
	struct imp_cost_what_if_result result = ask(&world, "match=v2", 0);
	assert_int_equal(result.images, 0);
	assert_int_equal(result.held, 1);
	assert_int_equal(result.digest_count, 0);
	result = ask(&world, "match=v1", 0);
	assert_int_equal(result.images, 1);
	assert_int_equal(result.digest_count, 1); /* the child has a tag of its own */
	result = ask(&world, "match=v*", 0);
	assert_int_equal(result.images, 2);
	assert_int_equal(result.digest_count, 2);
	assert_true(imp_digest_equal(&result.digests[0].digest, &world.images[0].digest));
	end(&world);
}

CASE(what_if_refuses_what_it_does_not_know)
{
	static const char *const wrong[] = {"",        "keep",    "keep=x",
					    "kept=1",  "match=",  "older=14",
					    "older=d", "keep=1,", "keep=1,keep=2"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct imp_error err = {0};
		struct imp_cost_what_if what_if;
		assert_fails(imp_cost_what_if_parse(wrong[i], &what_if, &err),
			     IMP_E_USAGE, "in '", &err);
	}
}

/* Layers of 1, 2 and 4 bytes unpacked; a config and an attestation are no layers. */
CASE(unpacked_times_tags)
{
	static const uint64_t bytes[MOST_BLOBS] = {1, 2, 4, 1000, IMP_UNKNOWN_SIZE};
	struct imp_cost_unpacked found;
	struct world world;

	begin(&world);
	add_repository(&world, "r", "web");
	struct imp_cost_image *both = add_image(&world, "ABD", "v1", "latest");
	struct imp_cost_image *one = add_image(&world, "C", "v2", NULL);
	struct imp_cost_use two_layers[] = {
		{.blob = 0, .layer = true}, {.blob = 1, .layer = true}, {.blob = 3}};
	struct imp_cost_use one_layer[] = {{.blob = 2, .layer = true}};
	both->uses = two_layers;
	one->uses = one_layer;
	one->tag_count = 0; /* untagged: once */
	imp_cost_unpack(&world.inventory, bytes, world.arena, &found);
	assert_int_equal(found.image_bytes[0], 3);
	assert_int_equal(found.image_bytes[1], 4);
	assert_int_equal(found.total.bytes, 2 * 3 + 4);
	assert_int_equal(found.repositories[0].bytes, 10);
	assert_true(imp_cost_unpacked_is_known(&found.total));
	end(&world);
}

CASE(unpacked_is_not_known_when_a_layer_is_not)
{
	static const uint64_t bytes[MOST_BLOBS] = {1, IMP_UNKNOWN_SIZE, 4};
	struct imp_cost_unpacked found;
	struct world world;

	begin(&world);
	add_repository(&world, "r", "web");
	struct imp_cost_image *partly = add_image(&world, "AB", "v1", NULL);
	struct imp_cost_image *foreign = add_image(&world, "A", "v2", NULL);
	struct imp_cost_image *whole = add_image(&world, "C", "v3", NULL);
	struct imp_cost_use layers[] = {{.blob = 0, .layer = true},
					{.blob = 1, .layer = true},
					{.blob = 2, .layer = true}};
	partly->uses = layers;
	foreign->uses = layers;
	foreign->has_foreign = true;
	whole->uses = layers + 2;
	imp_cost_unpack(&world.inventory, bytes, world.arena, &found);
	assert_true(found.image_bytes[0] == IMP_UNKNOWN_SIZE);
	assert_true(found.image_bytes[1] == IMP_UNKNOWN_SIZE);
	assert_int_equal(found.image_bytes[2], 4);
	assert_int_equal(found.total.known_tags, 1);
	assert_int_equal(found.total.tags, 3);
	assert_false(imp_cost_unpacked_is_known(&found.total));
	end(&world);
}

CASE(groups_by_prefix_and_label)
{
	struct world world;
	struct imp_error err = {0};
	struct imp_cost_grouping by;
	struct imp_pair team = {IMP_SLICE("team"), IMP_SLICE("blue")};
	begin_example(&world);
	world.images[3].labels = &team;
	world.images[3].label_count = 1;
	assert_ok(imp_cost_grouping(&world.inventory, IMP_SLICE("tag-prefix"),
				    world.arena, &by, &err),
		  &err);
	assert_int_equal(by.count, 2); /* c, v */
	assert_true(imp_slice_is(by.names[0], "c"));
	assert_int_equal(by.group_of[3], 0);
	assert_int_equal(by.group_of[2], 1);
	assert_ok(imp_cost_grouping(&world.inventory, IMP_SLICE("label:team"),
				    world.arena, &by, &err),
		  &err);
	assert_int_equal(by.count, 2);
	assert_true(imp_slice_is(by.names[by.group_of[3]], "blue"));
	assert_fails(imp_cost_grouping(&world.inventory, IMP_SLICE("label:"), world.arena,
				       &by, &err),
		     IMP_E_USAGE, "label:KEY", &err);
	end(&world);
}
