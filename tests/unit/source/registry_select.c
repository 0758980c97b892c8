/* From an index to images, with documents from memory. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

#include "../../../src/source/source_priv.h"

#define INDEX "application/vnd.oci.image.index.v1+json"
#define MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define CONFIG "application/vnd.oci.image.config.v1+json"

enum { MAX_DOCUMENTS = 32 };

__attribute__((constructor)) static void start(void)
{
	imp_json_init();
}

static const char *no_environment(void *user, const char *name)
{
	(void)user;
	(void)name;
	return NULL;
}

/* Documents by digest, some of which are only listed. */
struct world {
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	struct imp_limits limits;
	struct imp_context context;
	struct imp_platform_choice choice;
	struct imp_slice documents[MAX_DOCUMENTS];
	struct imp_digest digests[MAX_DOCUMENTS];
	size_t count;
	unsigned fetches;
	struct imp_image *images;
	size_t image_count;
	struct imp_error err;
};

static size_t find(const struct world *world, const struct imp_digest *digest)
{
	size_t i = 0;
	while (i < world->count && !imp_digest_equal(&world->digests[i], digest))
		i++;
	return i;
}

static int fetch(void *user, enum imp_fetch_kind kind,
		 const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		 struct imp_strbuf *body, struct imp_error *err)
{
	struct world *world = user;
	size_t i = find(world, &descriptor->digest);
	(void)kind;
	assert_true(limit_bytes >= descriptor->size_bytes);
	world->fetches++;
	if (i == world->count)
		return imp_fail(err, IMP_E_NOT_FOUND, "gone");
	imp_strbuf_add_slice(body, world->documents[i]);
	return 0;
}

static bool has(void *user, const struct imp_descriptor *descriptor)
{
	const struct world *world = user;
	return find(world, &descriptor->digest) < world->count;
}

static void world_start(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->arena = imp_arena_create();
	world->warnings = imp_warnings_create();
	world->limits = imp_limits_default;
	world->context = (struct imp_context){
		.getenv = no_environment,
		.limits = &world->limits,
	};
	world->choice.platform = (struct imp_platform){"linux", "amd64", ""};
}

static void world_finish(struct world *world)
{
	imp_warnings_destroy(world->warnings);
	imp_arena_destroy(world->arena);
}

/* The descriptor of TEXT, which is kept unless it is only LISTED. */
static const char *add(struct world *world, const char *media_type, const char *text,
		       bool listed, const char *more)
{
	struct imp_digest digest;
	char digest_text[IMP_DIGEST_TEXT];
	imp_digest_of(IMP_DIGEST_SHA256, imp_slice_of(text), &digest);
	if (!listed) {
		assert_true(world->count < MAX_DOCUMENTS);
		world->digests[world->count] = digest;
		world->documents[world->count++] = imp_slice_of(text);
	}
	return imp_arena_printf(
		world->arena, "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu%s}",
		media_type, imp_digest_text(&digest, digest_text), strlen(text), more);
}

/* The manifest of an image without layers. */
static const char *image(struct world *world, const char *architecture)
{
	const char *config = imp_arena_printf(
		world->arena,
		"{\"os\":\"linux\",\"architecture\":\"%s\",\"rootfs\":{\"type\":"
		"\"layers\",\"diff_ids\":[]}}",
		architecture);
	return imp_arena_printf(world->arena,
				"{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST
				"\",\"config\":%s,"
				"\"layers\":[]}",
				add(world, CONFIG, config, false, ""));
}

static const char *entry(struct world *world, const char *architecture, bool listed)
{
	const char *platform = imp_arena_printf(
		world->arena, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}",
		architecture);
	return add(world, MANIFEST, image(world, architecture), listed, platform);
}

static const char *index_of(struct world *world, const char *entries)
{
	return imp_arena_printf(world->arena,
				"{\"schemaVersion\":2,\"mediaType\":\"" INDEX
				"\",\"manifests\":[%s]}",
				entries);
}

static int choose(struct world *world, const char *root, const struct imp_digest *digest)
{
	struct imp_fetcher fetcher = {.fetch = fetch, .has = has, .user = world};
	struct imp_selection selection = {
		.context = &world->context,
		.fetcher = &fetcher,
		.choice = &world->choice,
		.arena = world->arena,
		.warnings = world->warnings,
		.reference = "ref",
		.root_digest = digest,
	};
	return imp_select_images(&selection, imp_slice_of(root), "", &world->images,
				 &world->image_count, &world->err);
}

static const char *pair(struct world *world, const char *a, const char *b)
{
	return index_of(world, imp_arena_printf(world->arena, "%s,%s", a, b));
}

CASE(listed_but_absent_is_not_offered)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	const char *root =
		pair(&world, entry(&world, "amd64", true), entry(&world, "arm64", false));
	assert_ok(choose(&world, root, NULL), &world.err);
	assert_string_equal(world.images[0].platform.architecture, "arm64");
	assert_int_equal(world.images[0].other_platform_count, 0);
	assert_int_equal(imp_warnings_count(world.warnings), 1);
}

CASE(listed_but_absent_is_not_named)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	world.choice.explicitly = true;
	const char *root =
		pair(&world, entry(&world, "amd64", true), entry(&world, "arm64", false));
	assert_fails(choose(&world, root, NULL), IMP_E_NOT_FOUND,
		     "no image for linux/amd64, only for linux/arm64", &world.err);
}

CASE(all_absent)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	const char *root = index_of(&world, entry(&world, "amd64", true));
	assert_fails(choose(&world, root, NULL), IMP_E_NOT_FOUND, "no image in it",
		     &world.err);
	world.choice.all = true;
	assert_fails(choose(&world, root, NULL), IMP_E_NOT_FOUND, "no image in it",
		     &world.err);
}

CASE(only_what_is_chosen_is_fetched)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	const char *root = pair(&world, entry(&world, "arm64", false),
				entry(&world, "amd64", false));
	assert_ok(choose(&world, root, NULL), &world.err);
	assert_int_equal(world.fetches, 2);
	assert_int_equal(world.image_count, 1);
	assert_string_equal(world.images[0].other_platforms[0], "linux/arm64");
}

CASE(all_in_the_order_of_the_index)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	world.choice.all = true;
	const char *root = pair(&world, entry(&world, "riscv64", false),
				entry(&world, "amd64", false));
	assert_ok(choose(&world, root, NULL), &world.err);
	assert_int_equal(world.image_count, 2);
	assert_string_equal(world.images[0].platform.architecture, "riscv64");
	assert_string_equal(world.images[1].platform.architecture, "amd64");
}

CASE(same_manifest_twice_is_one_image)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	world.choice.all = true;
	const char *amd64 = entry(&world, "amd64", false);
	assert_ok(choose(&world, pair(&world, amd64, amd64), NULL), &world.err);
	assert_int_equal(world.image_count, 1);
}

CASE(digest_of_a_lone_manifest)
{
	imp_auto(world_finish) struct world world;
	struct imp_digest expected;
	world_start(&world);
	const char *root = image(&world, "amd64");
	imp_digest_of(IMP_DIGEST_SHA256, imp_slice_of(root), &expected);
	assert_ok(choose(&world, root, NULL), &world.err);
	assert_true(imp_digest_equal(&world.images[0].digest, &expected));
	imp_digest_of(IMP_DIGEST_SHA512, imp_slice_of(root), &expected);
	assert_ok(choose(&world, root, &expected), &world.err);
	assert_true(imp_digest_equal(&world.images[0].digest, &expected));
}

CASE(no_depth_at_all)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	world.limits.index_depth = 0;
	const char *root = index_of(&world, entry(&world, "amd64", false));
	assert_fails(choose(&world, root, NULL), IMP_E_LIMIT, "index-depth", &world.err);
}

CASE(depth_is_counted_from_the_root)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	const char *root = index_of(&world, entry(&world, "amd64", false));
	for (int i = 1; i < 4; i++)
		root = index_of(&world, add(&world, INDEX, root, false, ""));
	assert_ok(choose(&world, root, NULL), &world.err);
	root = index_of(&world, add(&world, INDEX, root, false, ""));
	assert_fails(choose(&world, root, NULL), IMP_E_LIMIT, "index-depth", &world.err);
}

CASE(failure_leaves_the_results_alone)
{
	imp_auto(world_finish) struct world world;
	world_start(&world);
	assert_fails(choose(&world, "{}", NULL), IMP_E_FORMAT, "manifest", &world.err);
	assert_null(world.images);
	assert_int_equal(world.image_count, 0);
}
