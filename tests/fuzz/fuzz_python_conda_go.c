/*
 * Records of language package managers from any bytes: the input is one layer with the text at
 * every place where a record may be, so that each reader sees it. What comes out must hang
 * together. TOML, markers and Go's modules are also read by themselves.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/json.h"
#include "imgprof/layer.h"
#include "imgprof/package.h"
#include "imgprof/strbuf.h"

#include "tar_writer.h"

#include "../../src/package/cargo.h"
#include "../../src/package/gobuild.h"
#include "../../src/package/pep508.h"
#include "../../src/package/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define SITE "v/lib/python3.11/site-packages/"

/* The first byte of the input says which of them holds the rest. */
static const char *const places[] = {
	SITE "a-1.dist-info/RECORD",
	SITE "a-1.dist-info/METADATA",
	SITE "a-1.dist-info/direct_url.json",
	SITE "a-1.dist-info/top_level.txt",
	SITE "b-1.egg-info/requires.txt",
	SITE "b-1.egg-info/installed-files.txt",
	"v/poetry.lock",
	"v/uv.lock",
	"v/pdm.lock",
	"v/Pipfile.lock",
	"v/pyproject.toml",
	"v/conda-meta/c.json",
	"v/App.deps.json",
	"v/App.runtimeconfig.json",
	"v/release",
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

static void require(bool holds)
{
	if (!holds)
		abort();
}

static struct imp_profile *read_layer(size_t place, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	tar_file(&tar, SITE "a/x.py", "1");
	tar_file(&tar, SITE "a-1.dist-info/WHEEL", "");
	tar_file(&tar, SITE "a-1.dist-info/METADATA",
		 "Name: a\nVersion: 1\nRequires-Dist: b[x]\n");
	tar_file(&tar, SITE "b-1.egg-info/PKG-INFO", "Name: b\nVersion: 1\n");
	tar_file(&tar, "v/bin/java", "");
	tar_file(&tar, "v/App.dll", "");
	tar_symlink(&tar, "v/lib64", "lib");
	tar_symlink(&tar, "v/loop", "loop");
	tar_file_bytes(&tar, places[place], text);
	tar_end(&tar);
	require(imp_layer_read(imp_stream_memory(imp_strbuf_slice(&tar), 0), &request,
			       &result, &err) == 0);
	return result.profile;
}

static void check_packages(const struct imp_tree *tree,
			   const struct imp_packages *packages)
{
	struct imp_sum live = imp_tree_live(tree, 0);
	uint64_t files = packages->unowned.files;

	for (size_t i = 0; i < packages->count; i++) {
		const struct imp_package *package = &packages->list[i];
		files += package->sum.files;
		require(package->manager < IMP_MANAGERS && package->tool);
		require(package->first_dependency + package->dependency_count <=
			packages->dependency_count);
	}
	require(files == live.files);
	for (size_t i = 0; i < packages->dependency_count; i++)
		require(packages->dependencies[i].to < packages->count);
	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++)
		require(packages->owner_of[r] == IMP_NONE ||
			packages->owner_of[r] < packages->count);
}

static void try_readers(size_t place, struct imp_slice text)
{
	struct imp_profile *profile = read_layer(place, text);
	const struct imp_profile *profiles[] = {profile};
	struct imp_arena *arena = imp_arena_create();
	struct imp_tree *tree;
	struct imp_error err = {0};
	struct imp_image image = {.platform = {"linux", "amd64", ""}};
	struct imp_packages packages;

	require(imp_tree_build(profiles, 1, &imp_limits_default, NULL, &tree, &err) == 0);
	struct imp_contents *contents = imp_contents_create(tree, profiles);
	struct imp_packages_input input = {tree, contents, &image, &imp_limits_default};
	imp_packages_read(&input, arena, &packages);
	check_packages(tree, &packages);
	imp_contents_destroy(contents);
	imp_tree_destroy(tree);
	imp_profile_destroy(profile);
	imp_arena_destroy(arena);
}

static void check_event(void *user, const struct imp_toml_event *event)
{
	size_t *count = user;

	(*count)++;
	require(event->path_count > 0 && event->path_count <= IMP_TOML_MAX_KEYS);
	for (size_t i = 0; i < event->path_count; i++)
		require(event->path[i].len == 0 || event->path[i].data);
}

static void try_parsers(struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf crates = {0};
	struct imp_marker_environment environment = {3, 11, "cpython", "x86_64", {0}};
	struct imp_requirement requirement;
	struct imp_go_module module;
	struct imp_error err = {0};
	size_t events = 0, modules = 0;

	if (imp_toml_read(text, check_event, &events, &err) < 0)
		require(err.category == IMP_E_FORMAT || err.category == IMP_E_LIMIT);
	require(events <= text.len);
	if (imp_requirement_parse(text, &requirement))
		imp_marker_holds(requirement.marker, &environment);
	imp_marker_holds(text, &environment);
	for (struct imp_slice rest = imp_go_module_text(text);
	     imp_go_module_next(&rest, &module); modules++)
		require(module.path.len > 0);
	require(modules <= text.len);
	if (imp_cargo_unpack(text, &crates, &err) == 0)
		require(crates.len <= IMP_CARGO_MAX_BYTES + 65536);
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
	struct imp_slice text = imp_slice((const char *)data, size);

	if (size == 0)
		return 0;
	try_readers(data[0] % PLACES, imp_slice_skip(text, 1));
	try_parsers(imp_slice_skip(text, 1));
	return 0;
}
