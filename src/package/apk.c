/*
 * apk: one file of blocks, a letter, a colon and a value a line; a blank line ends a package. Its
 * files follow its fields, F a folder and R a name in it (classification.md 2.3).
 */
#include "apk.h"

#include <stdlib.h>

static uint32_t add_package(struct apk_system *system, struct apk_package *package,
			    uint32_t database)
{
	package->number = imp_inventory_add(
		system->inventory,
		&(struct imp_package){
			.manager = IMP_MANAGER_APK,
			.name = package->name,
			.version = package->version,
			.source =
				package->origin.len > 0 ? package->origin : package->name,
			.architecture = package->architecture,
			.purl = imp_purl_system(system->inventory, "apk", "alpine",
						package->name, package->version,
						package->architecture),
			.database = database,
			.home = IMP_NONE,
			.flags = imp_slice_starts(package->name, IMP_SLICE("."))
					 ? IMP_PACKAGE_VIRTUAL
					 : 0,
			.group = system->group,
			.twin = IMP_NONE,
		});
	if (package->number == IMP_NONE)
		return IMP_NONE;
	system->packages = imp_xgrow(system->packages, &system->capacity,
				     system->count + 1, sizeof(*system->packages));
	system->packages[system->count++] = *package;
	imp_providers_add(&system->providers, package->name, package->number);
	return package->number;
}

/* Fields stand before the files. */
static void take_field(struct apk_package *package, char letter, struct imp_slice value)
{
	switch (letter) {
	case 'P':
		package->name = value;
		break;
	case 'V':
		package->version = value;
		break;
	case 'A':
		package->architecture = value;
		break;
	case 'o':
		package->origin = value;
		break;
	case 'D':
		package->depends = value;
		break;
	case 'p':
		package->provides = value;
		break;
	default:
		break;
	}
}

static uint32_t folder_at(struct apk_system *system, struct imp_slice path)
{
	return path.len == 0 ? 0 : imp_paths_folder(&system->paths, path);
}

static void own_files(struct apk_system *system, uint32_t package, struct imp_slice files)
{
	uint32_t folder = IMP_NONE;

	while (files.len > 0) {
		struct imp_slice line = imp_slice_cut(&files, '\n');
		if (imp_slice_starts(line, IMP_SLICE("F:")))
			folder = folder_at(system, imp_slice_skip(line, 2));
		else if (imp_slice_starts(line, IMP_SLICE("R:")) && folder != IMP_NONE)
			imp_inventory_own(system->inventory, package,
					  imp_tree_find_child(system->paths.tree, folder,
							      imp_slice_skip(line, 2)));
	}
}

static bool is_field(struct imp_slice line)
{
	return line.len >= 2 && line.data[1] == ':' &&
	       ((line.data[0] >= 'A' && line.data[0] <= 'Z') ||
		(line.data[0] >= 'a' && line.data[0] <= 'z'));
}

/* Cuts a block off *REST, without its blank line; *WELL_FORMED: every line is a field. */
static struct imp_slice cut_block(struct imp_slice *rest, bool *well_formed)
{
	struct imp_slice block = *rest;

	*well_formed = true;
	while (rest->len > 0) {
		struct imp_slice line = imp_slice_cut(rest, '\n');
		if (line.len == 0) {
			block.len = (size_t)(line.data - block.data);
			return block;
		}
		*well_formed = *well_formed && is_field(line);
	}
	return block;
}

static void read_block(struct apk_system *system, struct imp_slice block,
		       const struct imp_live_file *file)
{
	struct apk_package package = {0};
	struct imp_slice files = block;

	for (struct imp_slice rest = block; rest.len > 0;) {
		files = rest;
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (imp_slice_starts(line, IMP_SLICE("F:")))
			break;
		if (is_field(line))
			take_field(&package, line.data[0], imp_slice_skip(line, 2));
	}
	if (package.name.len == 0)
		imp_inventory_unreadable(system->inventory, IMP_MANAGER_APK, file->path,
					 "a block of no package");
	else
		own_files(system, add_package(system, &package, file->node), files);
}

static void read_installed(struct apk_system *system, const struct imp_live_file *file)
{
	struct imp_slice rest = file->content;

	while (rest.len > 0) {
		bool well_formed;
		struct imp_slice block = cut_block(&rest, &well_formed);
		if (!well_formed)
			imp_inventory_unreadable(system->inventory, IMP_MANAGER_APK,
						 file->path, "a line that is no field");
		if (block.len > 0)
			read_block(system, block, file);
	}
}

void imp_apk_read(struct imp_inventory *inventory)
{
	struct apk_system system = {
		.inventory = inventory,
		.group = imp_inventory_group(inventory),
		.paths.tree = imp_inventory_input(inventory)->tree,
	};
	/* One of them is a symlink to the other's folder where /lib is merged. */
	const struct imp_live_file *old_place =
		imp_inventory_file(inventory, IMP_MANAGER_APK, "lib/apk/db/installed");
	const struct imp_live_file *new_place = imp_inventory_file(
		inventory, IMP_MANAGER_APK, "usr/lib/apk/db/installed");

	if (old_place)
		read_installed(&system, old_place);
	if (new_place && new_place != old_place)
		read_installed(&system, new_place);
	if (system.count > 0) {
		imp_apk_read_depends(&system);
		imp_apk_read_world(&system);
	}
	free(system.packages);
	imp_providers_finish(&system.providers);
	imp_paths_finish(&system.paths);
}
