/*
 * apt-sweep ROOT SEED...: what goes from the system unpacked at ROOT when the packages SEED go, one
 * name a line, sorted; "held SEED HOLDER" on stderr for each seed that has to stay.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <sys/stat.h>

#include "imgprof/package.h"
#include "imgprof/strbuf.h"

#include "stack.h"

static void copy_file(struct imp_strbuf *layer, const char *root, const char *path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf host = {0};
	struct stat status;

	imp_strbuf_printf(&host, "%s/%s", root, path);
	if (stat(host.data, &status) == 0 && S_ISREG(status.st_mode))
		imp_strbuf_printf(layer, "copy %s %s\n", path, host.data);
}

static void copy_folder(struct imp_strbuf *layer, const char *root, const char *path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf host = {0};

	imp_strbuf_printf(&host, "%s/%s", root, path);
	DIR *folder = opendir(host.data);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
		imp_strbuf_printf(&file, "%s/%s", path, entry->d_name);
		copy_file(layer, root, file.data);
	}
	if (folder)
		closedir(folder);
}

static bool mark_seeds(const struct imp_packages *packages, char **names, bool *seeds)
{
	for (; *names; names++) {
		uint32_t p = imp_packages_find(packages, IMP_MANAGER_DPKG,
					       imp_slice_of(*names));
		if (p == IMP_NONE) {
			fprintf(stderr, "apt-sweep: %s is not installed\n", *names);
			return false;
		}
		seeds[p] = true;
	}
	return true;
}

static void print_name(const struct imp_packages *packages, uint32_t package, FILE *out)
{
	struct imp_slice name = packages->list[package].name;
	fprintf(out, "%.*s", (int)name.len, name.data);
}

static void print_result(const struct imp_packages *packages,
			 const struct imp_sweep_result *result)
{
	for (uint32_t p = 0; p < packages->count; p++) {
		if (result->freed[p]) {
			print_name(packages, p, stdout);
			putchar('\n');
		}
		if (result->holder[p] != IMP_NONE) {
			fputs("held ", stderr);
			print_name(packages, p, stderr);
			fputc(' ', stderr);
			print_name(packages, result->holder[p], stderr);
			fputc('\n', stderr);
		}
	}
}

static int sweep(const struct imp_packages *packages, struct imp_arena *arena,
		 char **names)
{
	bool *seeds = imp_arena_array(arena, packages->count + 1, sizeof(*seeds));
	struct imp_sweep_result result;

	if (!mark_seeds(packages, names, seeds))
		return 1;
	imp_sweep_run(
		&(struct imp_sweep){
			.packages = packages,
			.manager = IMP_MANAGER_DPKG,
			.seeds = seeds,
		},
		arena, &result);
	print_result(packages, &result);
	return 0;
}

int main(int argc, char **argv)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto_destroy(imp_tree) struct imp_tree *tree = NULL;
	struct imp_packages packages;
	struct imp_error err = {0};
	struct stack stack;

	if (argc < 3) {
		fputs("usage: apt-sweep ROOT SEED...\n", stderr);
		return 2;
	}
	imp_strbuf_add_text(&layer, "layer\n");
	copy_file(&layer, argv[1], "var/lib/dpkg/status");
	copy_file(&layer, argv[1], "var/lib/apt/extended_states");
	copy_file(&layer, argv[1], "etc/apt/apt.conf");
	copy_folder(&layer, argv[1], "etc/apt/apt.conf.d");
	stack_read(&stack, layer.data);
	if (imp_tree_build(stack.profiles, stack.count, &imp_limits_default, NULL, &tree,
			   &err) < 0) {
		fprintf(stderr, "apt-sweep: %s\n", err.message);
		return 1;
	}
	struct imp_contents *contents = imp_contents_create(tree, stack.profiles);
	imp_packages_read(
		&(struct imp_packages_input){
			.tree = tree,
			.contents = contents,
			.limits = &imp_limits_default,
		},
		arena, &packages);
	int status = sweep(&packages, arena, argv + 2);
	imp_contents_destroy(contents);
	stack_finish(&stack);
	return status;
}
