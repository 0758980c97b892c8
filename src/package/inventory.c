/*
 * Readers add packages in any order; at the end they are sorted, dependencies and owners renumbered,
 * folders spread over what is below them, and every live byte counted once.
 */
#include "inventory.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

struct claim {
	uint32_t node, package;
};

struct pending_dependency {
	uint32_t from;
	struct imp_dependency dependency;
};

struct imp_inventory {
	const struct imp_packages_input *input;
	struct imp_arena *arena;
	struct imp_package *list;
	size_t count, capacity;
	struct pending_dependency *dependencies;
	size_t dependency_count, dependency_capacity;
	struct claim *folders;
	size_t folder_count, folder_capacity;
	struct imp_also *also;
	size_t also_count, also_capacity;
	struct imp_unreadable *unreadable;
	size_t unreadable_count, unreadable_capacity;
	uint32_t *owner_of;
	bool *is_documentation;
	uint32_t groups;
	struct imp_packages *out;
};

const struct imp_packages_input *
imp_inventory_input(const struct imp_inventory *inventory)
{
	return inventory->input;
}

struct imp_arena *imp_inventory_arena(const struct imp_inventory *inventory)
{
	return inventory->arena;
}

uint32_t imp_inventory_count(const struct imp_inventory *inventory)
{
	return (uint32_t)inventory->count;
}

uint32_t imp_inventory_group(struct imp_inventory *inventory)
{
	return inventory->groups++;
}

uint32_t imp_inventory_add(struct imp_inventory *inventory,
			   const struct imp_package *package)
{
	if (inventory->count == IMP_MAX_PACKAGES) {
		imp_inventory_unreadable(inventory, package->manager, IMP_SLICE(""),
					 "more packages than imgprof counts");
		return IMP_NONE;
	}
	inventory->list = imp_xgrow(inventory->list, &inventory->capacity,
				    inventory->count + 1, sizeof(*inventory->list));
	struct imp_package *added = &inventory->list[inventory->count];
	*added = *package;
	if (!added->tool)
		added->tool = "";
	added->sum = (struct imp_sum){0};
	added->first_dependency = added->dependency_count = 0;
	return (uint32_t)inventory->count++;
}

struct imp_package *imp_inventory_get(struct imp_inventory *inventory, uint32_t package)
{
	return &inventory->list[package];
}

static void add_also(struct imp_inventory *inventory, uint32_t record, uint32_t package)
{
	inventory->also = imp_xgrow(inventory->also, &inventory->also_capacity,
				    inventory->also_count + 1, sizeof(*inventory->also));
	inventory->also[inventory->also_count++] = (struct imp_also){record, package};
}

static bool comes_before(const struct imp_inventory *inventory, uint32_t a, uint32_t b)
{
	return inventory->list[a].manager <= inventory->list[b].manager;
}

static void own_record(struct imp_inventory *inventory, uint32_t package, uint32_t record)
{
	uint32_t *owner = &inventory->owner_of[record];

	if (*owner == IMP_NONE || *owner == package) {
		*owner = package;
	} else if (comes_before(inventory, package, *owner)) {
		add_also(inventory, record, *owner);
		*owner = package;
	} else {
		add_also(inventory, record, package);
	}
}

void imp_inventory_own(struct imp_inventory *inventory, uint32_t package, uint32_t node)
{
	if (package == IMP_NONE || node == IMP_NONE)
		return;
	uint32_t file = imp_tree_file_at(inventory->input->tree, node);
	if (file != IMP_NONE)
		own_record(inventory, package, file);
}

void imp_inventory_own_below(struct imp_inventory *inventory, uint32_t package,
			     uint32_t node)
{
	if (package == IMP_NONE || node == IMP_NONE)
		return;
	inventory->folders =
		imp_xgrow(inventory->folders, &inventory->folder_capacity,
			  inventory->folder_count + 1, sizeof(*inventory->folders));
	inventory->folders[inventory->folder_count++] = (struct claim){node, package};
}

void imp_inventory_mark_documentation(struct imp_inventory *inventory, uint32_t node)
{
	uint32_t file = node == IMP_NONE ? IMP_NONE
					 : imp_tree_file_at(inventory->input->tree, node);

	if (file != IMP_NONE)
		inventory->is_documentation[file] = true;
}

void imp_inventory_need(struct imp_inventory *inventory, uint32_t from, uint32_t to,
			enum imp_dependency_kind kind, uint32_t choice)
{
	if (from == IMP_NONE || to == IMP_NONE || from == to ||
	    inventory->dependency_count == IMP_MAX_DEPENDENCIES)
		return;
	inventory->dependencies = imp_xgrow(
		inventory->dependencies, &inventory->dependency_capacity,
		inventory->dependency_count + 1, sizeof(*inventory->dependencies));
	inventory->dependencies[inventory->dependency_count++] =
		(struct pending_dependency){
			from, {.to = to, .choice = choice, .kind = (uint8_t)kind}};
}

void imp_inventory_unreadable(struct imp_inventory *inventory, enum imp_manager manager,
			      struct imp_slice path, const char *reason)
{
	for (size_t i = 0; i < inventory->unreadable_count; i++)
		if (imp_slice_equal(inventory->unreadable[i].path, path) &&
		    inventory->unreadable[i].manager == manager)
			return;
	inventory->unreadable = imp_xgrow(
		inventory->unreadable, &inventory->unreadable_capacity,
		inventory->unreadable_count + 1, sizeof(*inventory->unreadable));
	inventory->unreadable[inventory->unreadable_count++] = (struct imp_unreadable){
		.manager = manager,
		.path = imp_arena_copy(inventory->arena, path),
		.reason = imp_arena_text(inventory->arena, reason),
	};
}

void imp_inventory_set_roots_known(struct imp_inventory *inventory,
				   enum imp_manager manager)
{
	inventory->out->knows_roots[manager] = true;
}

void imp_inventory_set_weak(struct imp_inventory *inventory, enum imp_manager manager,
			    bool recommends_hold, bool suggests_hold)
{
	inventory->out->recommends_hold[manager] = recommends_hold;
	inventory->out->suggests_hold[manager] = suggests_hold;
}

/* One folder claimed by several: the manager that comes first, then the first added. */
static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

/* For each node: the package that has claimed the nearest folder at or above it. */
static void own_folders(struct imp_inventory *inventory)
{
	const struct imp_tree *tree = inventory->input->tree;
	size_t nodes = imp_tree_node_count(tree);
	imp_auto_free uint32_t *nearest = imp_xmalloc((nodes + 1) * sizeof(*nearest));

	if (inventory->folder_count == 0)
		return;
	memset(nearest, 0xff, nodes * sizeof(*nearest));
	qsort(inventory->folders, inventory->folder_count, sizeof(*inventory->folders),
	      compare_claims);
	for (size_t i = 0; i < inventory->folder_count; i++) {
		const struct claim *claim = &inventory->folders[i];
		uint32_t *here = &nearest[claim->node];
		if (*here == IMP_NONE || inventory->list[claim->package].manager <
						 inventory->list[*here].manager)
			*here = claim->package;
	}
	bool live = true;
	for (uint32_t n = imp_tree_next(tree, 0, true); n != IMP_NONE;
	     n = imp_tree_next(tree, n, live)) {
		const struct imp_node *node = imp_tree_node(tree, n);
		live = node->live;
		if (nearest[n] == IMP_NONE)
			nearest[n] = nearest[node->parent];
		if (live && nearest[n] != IMP_NONE)
			imp_inventory_own(inventory, nearest[n], n);
	}
}

/* "x" of "x.cpython-311.opt-1.pyc": what stands before the first dot that ends a module's name is
 * not known, so the source is looked for from the longest. */
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
			return node;
	}
	return IMP_NONE;
}

/* A .pyc belongs to the package of its .py (classification.md 1.4). */
static void own_bytecode(struct imp_inventory *inventory)
{
	const struct imp_tree *tree = inventory->input->tree;

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (file->type != IMP_ENTRY_FILE || !file->shown ||
		    inventory->owner_of[r] != IMP_NONE ||
		    !imp_slice_ends(imp_tree_name(tree, file->node), IMP_SLICE(".pyc")))
			continue;
		uint32_t folder = imp_tree_node(tree, file->node)->parent;
		if (!imp_slice_is(imp_tree_name(tree, folder), "__pycache__"))
			continue;
		uint32_t source = source_of(tree, imp_tree_node(tree, folder)->parent,
					    imp_tree_name(tree, file->node));
		uint32_t owner =
			source == IMP_NONE ? IMP_NONE : imp_tree_file_at(tree, source);
		if (owner != IMP_NONE)
			inventory->owner_of[r] = inventory->owner_of[owner];
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
	for (size_t i = 0; i < count; i++) {
		struct imp_package *from = &list[inventory->dependencies[i].from];
		dependencies[i] = inventory->dependencies[i].dependency;
		if (from->dependency_count++ == 0)
			from->first_dependency = (uint32_t)i;
	}
	inventory->out->dependencies = dependencies;
	inventory->out->dependency_count = count;
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

static void start(struct imp_inventory *inventory, const struct imp_packages_input *input,
		  struct imp_arena *arena, struct imp_packages *out)
{
	size_t records = imp_tree_record_count(input->tree);

	*out = (struct imp_packages){0};
	for (int manager = 0; manager < IMP_MANAGERS; manager++)
		out->recommends_hold[manager] = out->suggests_hold[manager] = true;
	*inventory = (struct imp_inventory){.input = input, .arena = arena, .out = out};
	inventory->owner_of =
		imp_arena_array(arena, records + 1, sizeof(*inventory->owner_of));
	memset(inventory->owner_of, 0xff, (records + 1) * sizeof(*inventory->owner_of));
	inventory->is_documentation =
		imp_arena_array(arena, records + 1, sizeof(*inventory->is_documentation));
}

static void finish(struct imp_inventory *inventory)
{
	struct imp_packages *out = inventory->out;
	imp_auto_free uint32_t *place = imp_xcalloc(inventory->count + 1, sizeof(*place));

	own_folders(inventory);
	own_bytecode(inventory);
	struct imp_package *list = sort_packages(inventory, place);
	list_dependencies(inventory, list, place);
	count_files(inventory, list, place);
	list_also(inventory, place);
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
}

void imp_packages_read(const struct imp_packages_input *input, struct imp_arena *arena,
		       struct imp_packages *out)
{
	struct imp_inventory inventory;

	start(&inventory, input, arena, out);
	for (const struct imp_reader *reader = imp_readers; reader->name; reader++)
		reader->read(&inventory);
	finish(&inventory);
}

uint32_t imp_packages_find(const struct imp_packages *packages, enum imp_manager manager,
			   struct imp_slice name)
{
	size_t low = 0, high = packages->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct imp_package *package = &packages->list[middle];
		bool before = package->manager != manager
				      ? package->manager < manager
				      : imp_slice_compare(package->name, name) < 0;
		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < packages->count && packages->list[low].manager == manager &&
		     imp_slice_equal(packages->list[low].name, name);
	return found ? (uint32_t)low : IMP_NONE;
}
