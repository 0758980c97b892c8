/*
 * Readers add packages in any order; inventory_finish.c brings them into theirs.
 */
#include "inventory_priv.h"

#include <stdlib.h>

#include "imgprof/search.h"
#include "imgprof/strbuf.h"

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
	inventory->knows_roots =
		imp_xgrow(inventory->knows_roots, &inventory->group_capacity,
			  inventory->groups + 1, sizeof(*inventory->knows_roots));
	inventory->knows_roots[inventory->groups] = false;
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

void imp_inventory_also(struct imp_inventory *inventory, uint32_t record,
			uint32_t package)
{
	inventory->also = imp_xgrow(inventory->also, &inventory->also_capacity,
				    inventory->also_count + 1, sizeof(*inventory->also));
	inventory->also[inventory->also_count++] = (struct imp_also){record, package};
}

static bool comes_before(const struct imp_inventory *inventory, uint32_t a, uint32_t b)
{
	return inventory->list[a].manager <= inventory->list[b].manager;
}

void imp_inventory_own_record(struct imp_inventory *inventory, uint32_t package,
			      uint32_t record)
{
	uint32_t *owner = &inventory->owner_of[record];

	if (*owner == IMP_NONE || *owner == package) {
		*owner = package;
	} else if (comes_before(inventory, package, *owner)) {
		imp_inventory_also(inventory, record, *owner);
		*owner = package;
	} else {
		imp_inventory_also(inventory, record, package);
	}
}

void imp_inventory_own(struct imp_inventory *inventory, uint32_t package, uint32_t node)
{
	if (package == IMP_NONE || node == IMP_NONE)
		return;
	uint32_t file = imp_tree_file_at(inventory->input->tree, node);
	if (file != IMP_NONE)
		imp_inventory_own_record(inventory, package, file);
}

uint32_t imp_inventory_owner(const struct imp_inventory *inventory, uint32_t node)
{
	uint32_t file = node == IMP_NONE ? IMP_NONE
					 : imp_tree_file_at(inventory->input->tree, node);

	return file == IMP_NONE ? IMP_NONE : inventory->owner_of[file];
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

bool imp_inventory_need(struct imp_inventory *inventory, uint32_t from, uint32_t to,
			enum imp_dependency_kind kind, uint32_t choice)
{
	if (from == IMP_NONE || to == IMP_NONE || from == to)
		return true;
	if (inventory->dependency_count == IMP_MAX_DEPENDENCIES) {
		imp_inventory_unreadable(inventory, inventory->list[from].manager,
					 IMP_SLICE(""),
					 "more dependencies than imgprof follows");
		return false;
	}
	inventory->dependencies = imp_xgrow(
		inventory->dependencies, &inventory->dependency_capacity,
		inventory->dependency_count + 1, sizeof(*inventory->dependencies));
	inventory->dependencies[inventory->dependency_count++] =
		(struct pending_dependency){
			from, {.to = to, .choice = choice, .kind = (uint8_t)kind}};
	return true;
}

/* Whether nothing was said yet of PATH, which becomes the arena's; without a path REASON is what may be
 * said once. */
static bool is_first_mention(struct imp_inventory *inventory, enum imp_manager manager,
			     struct imp_slice *path, const char *reason)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_char(&text, (char)('a' + manager));
	imp_strbuf_add_slice(&text, *path);
	if (path->len == 0)
		imp_strbuf_add_text(&text, reason);
	if (imp_map_get(&inventory->unreadable_seen, imp_strbuf_slice(&text), NULL))
		return false;
	struct imp_slice key = imp_arena_copy(inventory->arena, imp_strbuf_slice(&text));
	imp_map_set(&inventory->unreadable_seen, key, 1);
	*path = imp_slice(key.data + 1, path->len);
	return true;
}

void imp_inventory_unreadable(struct imp_inventory *inventory, enum imp_manager manager,
			      struct imp_slice path, const char *reason)
{
	if (inventory->unreadable_count > IMP_MAX_UNREADABLE)
		return;
	if (inventory->unreadable_count == IMP_MAX_UNREADABLE) {
		path = IMP_SLICE("");
		reason = "more records than imgprof lists";
	}
	if (!is_first_mention(inventory, manager, &path, reason))
		return;
	inventory->unreadable = imp_xgrow(
		inventory->unreadable, &inventory->unreadable_capacity,
		inventory->unreadable_count + 1, sizeof(*inventory->unreadable));
	inventory->unreadable[inventory->unreadable_count++] = (struct imp_unreadable){
		.manager = manager,
		.path = path,
		.reason = imp_arena_text(inventory->arena, reason),
	};
}

void imp_inventory_set_roots_known(struct imp_inventory *inventory, uint32_t group)
{
	inventory->knows_roots[group] = true;
}

void imp_inventory_set_weak(struct imp_inventory *inventory, enum imp_manager manager,
			    bool recommends_hold, bool suggests_hold)
{
	inventory->out->recommends_hold[manager] = recommends_hold;
	inventory->out->suggests_hold[manager] = suggests_hold;
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

void imp_inventory_run(const struct imp_reader *readers,
		       const struct imp_packages_input *input, struct imp_arena *arena,
		       struct imp_packages *out)
{
	struct imp_inventory inventory;

	start(&inventory, input, arena, out);
	for (const struct imp_reader *reader = readers; reader->name; reader++)
		reader->read(&inventory);
	imp_inventory_finish(&inventory);
}

void imp_packages_read(const struct imp_packages_input *input, struct imp_arena *arena,
		       struct imp_packages *out)
{
	imp_inventory_run(imp_readers, input, arena, out);
}

static bool is_before(const struct imp_package *package, enum imp_manager manager,
		      struct imp_slice name)
{
	if (package->manager != manager)
		return package->manager < manager;
	return imp_slice_compare(package->name, name) < 0;
}

uint32_t imp_packages_find(const struct imp_packages *packages, enum imp_manager manager,
			   struct imp_slice name)
{
	size_t found = IMP_FIRST_NOT(packages->count, i,
				     is_before(&packages->list[i], manager, name));

	if (found == packages->count || packages->list[found].manager != manager ||
	    !imp_slice_equal(packages->list[found].name, name))
		return IMP_NONE;
	return (uint32_t)found;
}
