/*
 * At the end packages are sorted, dependencies and owners renumbered, folders spread over what is
 * below them, and every live byte counted once.
 */
#include "inventory_priv.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

static bool manager_precedes(const struct imp_inventory *inventory, uint32_t a,
			     uint32_t b)
{
	return inventory->list[a].manager < inventory->list[b].manager;
}

/* One folder claimed by several: the manager that comes first, then the first added. */
static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

/* For each node: the package that has claimed this very folder. */
static uint32_t *claimed_nodes(struct imp_inventory *inventory)
{
	size_t nodes = imp_tree_node_count(inventory->input->tree);
	uint32_t *claimed = imp_xmalloc(nodes * sizeof(*claimed));

	memset(claimed, 0xff, nodes * sizeof(*claimed));
	qsort(inventory->folders, inventory->folder_count, sizeof(*inventory->folders),
	      compare_claims);
	for (size_t i = 0; i < inventory->folder_count; i++) {
		const struct claim *claim = &inventory->folders[i];
		uint32_t *here = &claimed[claim->node];
		if (*here == IMP_NONE ||
		    manager_precedes(inventory, claim->package, *here))
			*here = claim->package;
	}
	return claimed;
}

/* What a package of the same manager lists by name stays that one's. */
static void own_below(struct imp_inventory *inventory, uint32_t package, uint32_t node)
{
	uint32_t file = imp_tree_file_at(inventory->input->tree, node);

	if (file == IMP_NONE)
		return;
	uint32_t owner = inventory->owner_of[file];
	if (owner == IMP_NONE || manager_precedes(inventory, package, owner))
		imp_inventory_own_record(inventory, package, file);
	else if (owner != package)
		imp_inventory_also(inventory, file, package);
}

/* Every live node belongs to the nearest folder at or above it that is claimed. */
static void own_folders(struct imp_inventory *inventory)
{
	const struct imp_tree *tree = inventory->input->tree;
	imp_auto_free uint32_t *nearest = NULL;
	bool live = true;

	if (inventory->folder_count == 0)
		return;
	nearest = claimed_nodes(inventory);
	for (uint32_t n = imp_tree_next(tree, 0, true); n != IMP_NONE;
	     n = imp_tree_next(tree, n, live)) {
		const struct imp_node *node = imp_tree_node(tree, n);
		live = node->live;
		if (nearest[n] == IMP_NONE)
			nearest[n] = nearest[node->parent];
		if (live && nearest[n] != IMP_NONE)
			own_below(inventory, nearest[n], n);
	}
}

/* The .py of "x.cpython-311.opt-1.pyc": where the module's name ends is not known, so the longest is
 * looked for first. */
static uint32_t source_of(const struct imp_tree *tree, uint32_t folder,
			  struct imp_slice name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf source = {0};

	for (size_t len = name.len; len > 0; len--) {
		if (name.data[len - 1] != '.')
			continue;
		imp_strbuf_reset(&source);
		imp_strbuf_add(&source, name.data, len);
		imp_strbuf_add_text(&source, "py");
		uint32_t node =
			imp_tree_find_child(tree, folder, imp_strbuf_slice(&source));
		if (node != IMP_NONE && imp_tree_node(tree, node)->live)
			return imp_tree_file_at(tree, node);
	}
	return IMP_NONE;
}

/* The record of the source that the bytecode at NODE was made of, or IMP_NONE. */
static uint32_t source_of_bytecode(const struct imp_tree *tree, uint32_t node)
{
	uint32_t folder = imp_tree_node(tree, node)->parent;

	if (folder == IMP_NONE)
		return IMP_NONE;
	if (imp_slice_is(imp_tree_name(tree, folder), "__pycache__"))
		folder = imp_tree_node(tree, folder)->parent;
	return source_of(tree, folder, imp_tree_name(tree, node));
}

/* A .pyc belongs to the package of its .py (classification.md 1.4); but an Alpine -pyc package
 * that lists it keeps it from the package of the same manager. */
static void own_bytecode(struct imp_inventory *inventory)
{
	const struct imp_tree *tree = inventory->input->tree;

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (file->type != IMP_ENTRY_FILE || file->fate != IMP_FATE_LIVE ||
		    !imp_slice_ends(imp_tree_name(tree, file->node), IMP_SLICE(".pyc")))
			continue;
		uint32_t source = source_of_bytecode(tree, file->node);
		uint32_t owner =
			source == IMP_NONE ? IMP_NONE : inventory->owner_of[source];
		uint32_t lister = inventory->owner_of[r];
		if (owner != IMP_NONE &&
		    (lister == IMP_NONE || manager_precedes(inventory, owner, lister)))
			imp_inventory_own_record(inventory, owner, r);
	}
}

/* The order of the list, from numbers of the inventory. */
struct numbered {
	const struct imp_package *package;
	struct imp_slice home; /* path */
	uint32_t number;
};

static int compare_packages(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	int order;

	if (x->package->manager != y->package->manager)
		return x->package->manager < y->package->manager ? -1 : 1;
	if ((order = imp_slice_compare(x->package->name, y->package->name)) != 0 ||
	    (order = imp_slice_compare(x->package->version, y->package->version)) != 0 ||
	    (order = imp_slice_compare(x->home, y->home)) != 0)
		return order;
	return x->number < y->number ? -1 : 1;
}

static struct imp_slice home_path(struct imp_inventory *inventory, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	if (node == IMP_NONE)
		return IMP_SLICE("");
	imp_tree_path(inventory->input->tree, node, &path);
	return imp_arena_copy(inventory->arena, imp_strbuf_slice(&path));
}

/* PLACE[number] becomes the place in the list. */
static struct imp_package *sort_packages(struct imp_inventory *inventory, uint32_t *place)
{
	size_t count = inventory->count;
	imp_auto_free struct numbered *order = imp_xcalloc(count + 1, sizeof(*order));
	struct imp_package *list =
		imp_arena_array(inventory->arena, count + 1, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		order[i] = (struct numbered){
			&inventory->list[i],
			home_path(inventory, inventory->list[i].home), (uint32_t)i};
	if (count > 0)
		qsort(order, count, sizeof(*order), compare_packages);
	for (size_t i = 0; i < count; i++) {
		list[i] = *order[i].package;
		place[order[i].number] = (uint32_t)i;
	}
	for (size_t i = 0; i < count; i++)
		list[i].twin = list[i].twin == IMP_NONE ? IMP_NONE : place[list[i].twin];
	return list;
}

static int compare_dependencies(const void *a, const void *b)
{
	const struct pending_dependency *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->dependency.choice != y->dependency.choice)
		return x->dependency.choice < y->dependency.choice ? -1 : 1;
	if (x->dependency.to != y->dependency.to)
		return x->dependency.to < y->dependency.to ? -1 : 1;
	return (int)x->dependency.kind - (int)y->dependency.kind;
}

static void list_dependencies(struct imp_inventory *inventory, struct imp_package *list,
			      const uint32_t *place)
{
	size_t count = inventory->dependency_count;
	struct imp_dependency *dependencies =
		imp_arena_array(inventory->arena, count + 1, sizeof(*dependencies));

	for (size_t i = 0; i < count; i++) {
		inventory->dependencies[i].from = place[inventory->dependencies[i].from];
		inventory->dependencies[i].dependency.to =
			place[inventory->dependencies[i].dependency.to];
	}
	if (count > 0)
		qsort(inventory->dependencies, count, sizeof(*inventory->dependencies),
		      compare_dependencies);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		const struct pending_dependency *pending = &inventory->dependencies[i];
		if (i > 0 && compare_dependencies(pending - 1, pending) == 0)
			continue;
		struct imp_package *from = &list[pending->from];
		if (from->dependency_count++ == 0)
			from->first_dependency = (uint32_t)kept;
		dependencies[kept++] = pending->dependency;
	}
	inventory->out->dependencies = dependencies;
	inventory->out->dependency_count = kept;
}

static int compare_also(const void *a, const void *b)
{
	const struct imp_also *x = a, *y = b;

	if (x->record != y->record)
		return x->record < y->record ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

static void list_also(struct imp_inventory *inventory, const uint32_t *place)
{
	struct imp_also *also = imp_arena_array(inventory->arena,
						inventory->also_count + 1, sizeof(*also));
	size_t count = 0;

	for (size_t i = 0; i < inventory->also_count; i++)
		inventory->also[i].package = place[inventory->also[i].package];
	if (inventory->also_count > 0)
		qsort(inventory->also, inventory->also_count, sizeof(*also),
		      compare_also);
	for (size_t i = 0; i < inventory->also_count; i++)
		if (inventory->owner_of[inventory->also[i].record] !=
			    inventory->also[i].package &&
		    (count == 0 ||
		     compare_also(&also[count - 1], &inventory->also[i]) != 0))
			also[count++] = inventory->also[i];
	inventory->out->also = also;
	inventory->out->also_count = count;
}

/* Renumbers owners, gives links their group's, and counts. */
static void count_files(struct imp_inventory *inventory, struct imp_package *list,
			const uint32_t *place)
{
	const struct imp_tree *tree = inventory->input->tree;
	uint32_t *owner_of = inventory->owner_of;

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (file->type != IMP_ENTRY_FILE || file->fate != IMP_FATE_LIVE)
			continue;
		if (owner_of[r] != IMP_NONE)
			owner_of[r] = place[owner_of[r]];
		struct imp_sum *sum = owner_of[r] == IMP_NONE ? &inventory->out->unowned
							      : &list[owner_of[r]].sum;
		sum->files++;
		sum->disk_bytes += file->disk_bytes;
		sum->pull_bytes += file->pull_bytes;
	}
	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *link = imp_tree_record(tree, r);
		if (link->type == IMP_ENTRY_HARDLINK)
			owner_of[r] =
				link->group == IMP_NONE || link->fate != IMP_FATE_LIVE
					? IMP_NONE
					: owner_of[link->group];
	}
}

static void list_groups(struct imp_inventory *inventory)
{
	bool *knows_roots = imp_arena_array(inventory->arena, inventory->groups + 1,
					    sizeof(*knows_roots));

	if (inventory->groups > 0)
		memcpy(knows_roots, inventory->knows_roots,
		       inventory->groups * sizeof(*knows_roots));
	inventory->out->knows_roots = knows_roots;
	inventory->out->group_count = inventory->groups;
}

void imp_inventory_finish(struct imp_inventory *inventory)
{
	struct imp_packages *out = inventory->out;
	imp_auto_free uint32_t *place = imp_xcalloc(inventory->count + 1, sizeof(*place));

	own_folders(inventory);
	own_bytecode(inventory);
	struct imp_package *list = sort_packages(inventory, place);
	list_dependencies(inventory, list, place);
	count_files(inventory, list, place);
	list_also(inventory, place);
	list_groups(inventory);
	struct imp_unreadable *unreadable = imp_arena_array(
		inventory->arena, inventory->unreadable_count + 1, sizeof(*unreadable));
	if (inventory->unreadable_count > 0)
		memcpy(unreadable, inventory->unreadable,
		       inventory->unreadable_count * sizeof(*unreadable));
	out->list = list;
	out->count = inventory->count;
	out->unreadable = unreadable;
	out->unreadable_count = inventory->unreadable_count;
	out->owner_of = inventory->owner_of;
	out->is_documentation = inventory->is_documentation;
	free(inventory->list);
	free(inventory->dependencies);
	free(inventory->folders);
	free(inventory->also);
	free(inventory->unreadable);
	free(inventory->knows_roots);
	imp_map_finish(&inventory->unreadable_seen);
}
