/*
 * list-packages TAR...: what imgprof reads out of the package records in layers, base first, as
 * lines to compare with what the managers themselves say. Fields are separated by tabs, lists
 * in the order of imp_packages:
 *
 *	package MANAGER NAME VERSION TOOL FLAGS GROUP PURL HOME
 *	needs NAME NAME KIND CHOICE
 *	file PATH MANAGER:NAME
 *	also PATH MANAGER:NAME
 *	documentation PATH
 *	roots MANAGER
 *	unreadable MANAGER PATH REASON
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"
#include "imgprof/layer.h"
#include "imgprof/package.h"
#include "imgprof/stream.h"

enum { MAX_LAYERS = 32 };

struct listing {
	struct imp_profile *profiles[MAX_LAYERS];
	struct imp_tree *tree;
	struct imp_contents *contents;
	struct imp_arena *arena;
	struct imp_packages packages;
	struct imp_image image;
};

static void fail(const char *what, const struct imp_error *err)
{
	fprintf(stderr, "list-packages: %s: %s\n", what, err->message);
	exit(1);
}

static struct imp_profile *read_layer(const char *path)
{
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .facts = true,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	imp_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(path);
		exit(1);
	}
	if (imp_layer_read(imp_stream_file(fd, 0, IMP_TO_END), &request, &result, &err) <
	    0)
		fail(path, &err);
	return result.profile;
}

static void print_path(const struct listing *l, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	if (node != IMP_NONE)
		imp_tree_path(l->tree, node, &path);
	printf("%.*s", (int)path.len, path.data ? path.data : "");
}

static void print_package(const struct listing *l, const struct imp_package *package)
{
	printf("package\t%s\t%.*s\t%.*s\t%s\t%u\t%u\t%s\t",
	       imp_manager_name(package->manager), (int)package->name.len,
	       package->name.data, (int)package->version.len,
	       package->version.len ? package->version.data : "", package->tool,
	       package->flags, package->group, package->purl ? package->purl : "");
	print_path(l, package->home);
	printf("\n");
	for (uint32_t i = 0; i < package->dependency_count; i++) {
		const struct imp_dependency *dependency =
			&l->packages.dependencies[package->first_dependency + i];
		const struct imp_package *to = &l->packages.list[dependency->to];
		printf("needs\t%.*s\t%.*s\t%u\t%u\n", (int)package->name.len,
		       package->name.data, (int)to->name.len, to->name.data,
		       dependency->kind, dependency->choice);
	}
}

static void print_owner(const struct listing *l, const char *kind, uint32_t record,
			uint32_t owner)
{
	const struct imp_package *package = &l->packages.list[owner];

	printf("%s\t", kind);
	print_path(l, imp_tree_record(l->tree, record)->node);
	printf("\t%s:%.*s\n", imp_manager_name(package->manager), (int)package->name.len,
	       package->name.data);
}

static void print_documentation(const struct listing *l)
{
	for (uint32_t r = 0; r < imp_tree_record_count(l->tree); r++) {
		if (!l->packages.is_documentation[r])
			continue;
		printf("documentation\t");
		print_path(l, imp_tree_record(l->tree, r)->node);
		printf("\n");
	}
}

static void print_all(const struct listing *l)
{
	const struct imp_packages *packages = &l->packages;

	for (size_t i = 0; i < packages->count; i++)
		print_package(l, &packages->list[i]);
	for (uint32_t r = 0; r < imp_tree_record_count(l->tree); r++)
		if (packages->owner_of[r] != IMP_NONE)
			print_owner(l, "file", r, packages->owner_of[r]);
	for (size_t i = 0; i < packages->also_count; i++)
		print_owner(l, "also", packages->also[i].record,
			    packages->also[i].package);
	print_documentation(l);
	for (size_t group = 0; group < packages->group_count; group++)
		if (packages->knows_roots[group])
			printf("roots\t%zu\n", group);
	for (size_t i = 0; i < packages->unreadable_count; i++)
		printf("unreadable\t%s\t%.*s\t%s\n",
		       imp_manager_name(packages->unreadable[i].manager),
		       (int)packages->unreadable[i].path.len,
		       packages->unreadable[i].path.data, packages->unreadable[i].reason);
}

int main(int argc, char **argv)
{
	struct listing l = {.arena = imp_arena_create()};
	struct imp_error err = {0};
	size_t count = 0;

	imp_json_init();
	for (int i = 1; i < argc && count < MAX_LAYERS; i++)
		l.profiles[count++] = read_layer(argv[i]);
	if (imp_tree_build((const struct imp_profile *const *)l.profiles, count,
			   &imp_limits_default, NULL, &l.tree, &err) < 0)
		fail("stacking", &err);
	l.contents = imp_contents_create(l.tree,
					 (const struct imp_profile *const *)l.profiles);
	l.image.platform = imp_platform_host();
	struct imp_packages_input input = {l.tree, l.contents, &l.image,
					   &imp_limits_default};
	imp_packages_read(&input, l.arena, &l.packages);
	print_all(&l);
	imp_contents_destroy(l.contents);
	imp_tree_destroy(l.tree);
	for (size_t i = 0; i < count; i++)
		imp_profile_destroy(l.profiles[i]);
	imp_arena_destroy(l.arena);
	return 0;
}
