/*
 * Any bytes as each of the records that Node's, PHP's and Ruby's managers leave, in an image
 * that has what they speak of. Whatever they say, each package stays in its place, and a
 * file has one owner.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/contents.h"
#include "imgprof/json.h"
#include "imgprof/layer.h"
#include "imgprof/package.h"
#include "imgprof/strbuf.h"
#include "tar_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static const char manifest[] =
	"{\"name\":\"a\",\"version\":\"1.0.0\",\"dependencies\":{\"b\":\"1\"},"
	"\"devDependencies\":{\"d\":\"1\"}}";

/* Where the input stands; each a folder of its own. */
static const char *const places[] = {
	"hidden/node_modules/.package-lock.json",
	"outer/package-lock.json",
	"manifest/node_modules/a/package.json",
	"modules/node_modules/.modules.yaml",
	"pnpm/node_modules/.pnpm/lock.yaml",
	"integrity/node_modules/.yarn-integrity",
	"pnp/yarn.lock",
	"bun/bun.lock",
	"composer/vendor/composer/installed.json",
	"project/composer.json",
	"project/package.json",
	"gems/specifications/a-1.0.0.gemspec",
	"gems/app/Gemfile.lock",
	"ruby/Gemfile",
};

/* Around it: packages and folders that the seeds name. */
static const char *const around[] = {
	"hidden/node_modules/a/package.json",
	"hidden/node_modules/d/node_modules/b/package.json",
	"outer/package.json",
	"outer/node_modules/a/package.json",
	"outer/node_modules/d/package.json",
	"manifest/package.json",
	"manifest/node_modules/b/package.json",
	"modules/node_modules/a/package.json",
	"pnpm/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json",
	"integrity/node_modules/a/package.json",
	"pnp/package.json",
	"pnp/.pnp.cjs",
	"pnp/.yarn/cache/a-npm-1.0.0-0123456789-aaaaaaaaaa.zip",
	"bun/node_modules/a/package.json",
	"composer/vendor/a/b/B.php",
	"project/vendor/composer/installed.json",
	"project/node_modules/a/package.json",
	"project/node_modules/d/package.json",
	"gems/gems/a-1.0.0/lib/a.rb",
	"gems/specifications/b-1.0.0.gemspec",
	"ruby/Gemfile.lock",
	"etc/shadow",
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static struct imp_profile *read_image(struct imp_slice input)
{
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .facts = true,
					    .limits = &imp_limits_default};
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++)
		tar_file(&tar, around[i], manifest);
	tar_symlink(&tar, "pnpm/node_modules/a", ".pnpm/a@1.0.0/node_modules/a");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		tar_file_bytes(&tar, places[i], input);
	tar_end(&tar);
	require(imp_layer_read(imp_stream_memory(imp_strbuf_slice(&tar), 0), &request,
			       &result, &err) == 0);
	return result.profile;
}

static void check_package(const struct imp_packages *packages,
			  const struct imp_package *package, const struct imp_tree *tree)
{
	require(package->name.len > 0 && package->purl != NULL);
	require(package->manager < IMP_MANAGERS);
	require(package->database < imp_tree_node_count(tree));
	for (uint32_t k = 0; k < package->dependency_count; k++)
		require(packages->dependencies[package->first_dependency + k].to <
			packages->count);
	/* Nobody's home is the root, nor the folder of the password file. */
	uint32_t etc = imp_tree_find(tree, IMP_SLICE("etc"));
	require(package->home != 0 && package->home != etc);
}

static void check(const struct imp_packages *packages, const struct imp_tree *tree)
{
	uint64_t files = packages->unowned.files, live = imp_tree_live(tree, 0).files;

	for (size_t i = 0; i < packages->count; i++) {
		check_package(packages, &packages->list[i], tree);
		files += packages->list[i].sum.files;
	}
	require(files == live);
	uint32_t shadow =
		imp_tree_file_at(tree, imp_tree_find(tree, IMP_SLICE("etc/shadow")));
	require(packages->owner_of[shadow] == IMP_NONE);
	for (size_t i = 0; i < packages->unreadable_count; i++)
		require(packages->unreadable[i].reason[0] != '\0');
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	imp_json_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_profile *profile = read_image(imp_slice((const char *)data, size));
	const struct imp_profile *profiles[] = {profile};
	struct imp_image image = {.platform = {"linux", "amd64", ""}};
	struct imp_arena *arena = imp_arena_create();
	struct imp_packages packages;
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;

	require(imp_tree_build(profiles, 1, &imp_limits_default, NULL, &tree, &err) == 0);
	struct imp_contents *contents = imp_contents_create(tree, profiles);
	struct imp_packages_input input = {tree, contents, &image, &imp_limits_default};
	imp_packages_read(&input, arena, &packages);
	check(&packages, tree);
	imp_contents_destroy(contents);
	imp_tree_destroy(tree);
	imp_arena_destroy(arena);
	imp_profile_destroy(profile);
	return 0;
}
