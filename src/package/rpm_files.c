/* Files of a package: three arrays, or in old headers one of whole paths. */
#include "rpm.h"

#include <stdlib.h>

enum {
	STATE_NORMAL = 0, /* others are not there, or another package's by now */
	FLAG_DOCUMENTATION = 1 << 1,
};

static void own_file(struct rpm_system *system, const struct rpm_package *package,
		     uint32_t i, uint32_t node)
{
	uint32_t state, flags;

	if (node == IMP_NONE)
		return;
	if (imp_rpm_integer(&package->header, RPM_FILE_STATES, i, &state) &&
	    state != STATE_NORMAL)
		return;
	imp_inventory_own(system->inventory, package->number, node);
	if (imp_rpm_integer(&package->header, RPM_FILE_FLAGS, i, &flags) &&
	    (flags & FLAG_DOCUMENTATION))
		imp_inventory_mark_documentation(system->inventory, node);
}

/* Nodes of the folders, by their place in the array. */
static uint32_t *read_directories(struct rpm_system *system,
				  const struct rpm_header *header, size_t *count)
{
	struct rpm_strings names = imp_rpm_strings(header, RPM_DIRECTORY_NAMES);
	struct imp_slice name;
	uint32_t *nodes = NULL;
	size_t capacity = 0;

	*count = 0;
	while (*count < RPM_MAX_FOLDERS && imp_rpm_strings_next(&names, &name)) {
		nodes = imp_xgrow(nodes, &capacity, *count + 1, sizeof(*nodes));
		nodes[(*count)++] = imp_paths_folder(&system->paths, name);
	}
	return nodes;
}

void imp_rpm_own_files(struct rpm_system *system, const struct rpm_package *package)
{
	size_t count;
	imp_auto_free uint32_t *folders =
		read_directories(system, &package->header, &count);
	struct rpm_strings names = imp_rpm_strings(&package->header, RPM_BASE_NAMES);
	struct imp_slice name;
	uint32_t folder;

	for (uint32_t i = 0; imp_rpm_strings_next(&names, &name); i++)
		if (imp_rpm_integer(&package->header, RPM_DIRECTORY_INDEXES, i,
				    &folder) &&
		    folder < count && folders[folder] != IMP_NONE)
			own_file(system, package, i,
				 imp_tree_find_child(system->paths.tree, folders[folder],
						     name));
	names = imp_rpm_strings(&package->header, RPM_OLD_FILE_NAMES);
	for (uint32_t i = 0; imp_rpm_strings_next(&names, &name); i++)
		own_file(system, package, i, imp_paths_node(&system->paths, name));
}
