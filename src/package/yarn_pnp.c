/*
 * Plug and Play of yarn: a project with .pnp.cjs runs its packages out of the zips in .yarn/cache.
 * yarn.lock says what they are and need; which of a workspace's needs are for development stands in
 * its package.json. A zip belongs to the entry whose checksum starts as the last part of the zip's
 * name.
 */
#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/map.h"

#include "readers.h"
#include "yarn_lock.h"

enum { CHECKSUM_CHARS = 10 };

struct pnp {
	struct imp_inventory *inventory;
	const struct imp_tree *tree;
	const struct imp_live_file *file; /* the lock */
	uint32_t home;
	struct yarn_lock lock;
};

/* The folder of a workspace, as its resolution "site@workspace:packages/a" says. */
static uint32_t folder_of(const struct pnp *pnp, struct imp_slice path)
{
	uint32_t node = pnp->home;

	if (imp_slice_is(path, "."))
		return node;
	while (path.len > 0 && node != IMP_NONE)
		node = imp_tree_find_child(pnp->tree, node, imp_slice_cut(&path, '/'));
	return node;
}

static bool names(const json_t *manifest, const char *list, struct imp_slice name)
{
	return json_object_getn(json_object_get(manifest, list), name.data, name.len) !=
	       NULL;
}

/* The lock does not tell a workspace's development needs from the others. */
static void read_workspace(struct pnp *pnp, struct yarn_entry *entry)
{
	const struct imp_packages_input *input = imp_inventory_input(pnp->inventory);
	uint32_t folder = folder_of(pnp, imp_slice_skip(imp_yarn_range(entry->resolution),
							strlen("workspace:")));
	uint32_t node = folder == IMP_NONE
				? IMP_NONE
				: imp_tree_find_child(pnp->tree, folder,
						      IMP_SLICE("package.json"));
	const struct imp_live_file *file =
		node == IMP_NONE ? NULL : imp_contents_at(input->contents, node);
	struct imp_error err = {0};
	imp_auto_json json_t *manifest = NULL;

	entry->workspace = true;
	if (!file || file->cut ||
	    imp_json_parse(file->content, input->limits, "package.json", &manifest,
			   &err) < 0)
		return;
	for (size_t k = 0; k < entry->need_count; k++) {
		struct yarn_need *need = &pnp->lock.needs[entry->first_need + k];
		need->dev = names(manifest, "devDependencies", need->name) &&
			    !names(manifest, "dependencies", need->name) &&
			    !names(manifest, "optionalDependencies", need->name);
	}
}

static void read_workspaces(struct pnp *pnp)
{
	for (size_t i = 0; i < pnp->lock.entry_count; i++)
		if (imp_slice_starts(imp_yarn_range(pnp->lock.entries[i].resolution),
				     IMP_SLICE("workspace:")))
			read_workspace(pnp, &pnp->lock.entries[i]);
}

/* What the workspaces reach, with development needs or without. */
struct walk {
	struct yarn_lock *lock;
	bool with_dev;
	size_t *queue; /* entries, each once */
	size_t count;
};

static void push(struct walk *walk, size_t number)
{
	struct yarn_entry *entry =
		number == SIZE_MAX ? NULL : &walk->lock->entries[number];

	if (!entry || entry->workspace || (walk->with_dev ? entry->wanted : entry->runs))
		return;
	if (walk->with_dev)
		entry->wanted = true;
	else
		entry->runs = true;
	walk->queue[walk->count++] = number;
}

static void follow_needs(struct walk *walk, const struct yarn_entry *entry)
{
	size_t met[2];

	for (size_t k = 0; k < entry->need_count; k++) {
		const struct yarn_need *need = &walk->lock->needs[entry->first_need + k];
		if (need->dev && !walk->with_dev)
			continue;
		imp_yarn_lock_resolve(walk->lock, need, met);
		push(walk, met[0]);
		push(walk, met[1]);
	}
}

static void reach(struct yarn_lock *lock, bool with_dev)
{
	imp_auto_free size_t *queue = imp_xcalloc(lock->entry_count + 1, sizeof(*queue));
	struct walk walk = {.lock = lock, .with_dev = with_dev, .queue = queue};

	for (size_t i = 0; i < lock->entry_count; i++)
		if (lock->entries[i].workspace)
			queue[walk.count++] = i;
	for (size_t done = 0; done < walk.count; done++)
		follow_needs(&walk, &lock->entries[queue[done]]);
}

static unsigned flags_of(const struct yarn_entry *entry)
{
	return entry->wanted && !entry->runs ? IMP_PACKAGE_DEV : 0;
}

static void publish(struct pnp *pnp, struct yarn_entry *entry, uint32_t zip,
		    uint32_t group)
{
	struct imp_package package = {
		.manager = IMP_MANAGER_NPM,
		.name = imp_yarn_ident(entry->resolution),
		.version = entry->version,
		.tool = "yarn",
		.database = pnp->file->node,
		.home = zip,
		.flags = flags_of(entry),
		.group = group,
		.twin = IMP_NONE,
	};

	package.purl =
		imp_purl_scoped(pnp->inventory, "npm", package.name, package.version);
	entry->package = imp_inventory_add(pnp->inventory, &package);
	imp_inventory_own(pnp->inventory, entry->package, zip);
}

/* The ten characters in front of ".zip". */
static struct imp_slice mark_of(struct imp_slice zip)
{
	size_t tail = CHECKSUM_CHARS + strlen(".zip");

	if (zip.len < tail || !imp_slice_ends(zip, IMP_SLICE(".zip")))
		return (struct imp_slice){0};
	return imp_slice(zip.data + zip.len - tail, CHECKSUM_CHARS);
}

/* The checksum's own start; "10c0/" in front of it is the cache's key. */
static struct imp_slice start_of(struct imp_slice checksum)
{
	struct imp_slice rest = checksum;
	struct imp_slice key = imp_slice_cut(&rest, '/');

	if (!rest.data)
		rest = key;
	return imp_slice(rest.data, rest.len < CHECKSUM_CHARS ? 0 : CHECKSUM_CHARS);
}

/* The folder NAME in the project's .yarn, or IMP_NONE. */
static uint32_t in_yarn(const struct pnp *pnp, struct imp_slice name)
{
	uint32_t yarn = imp_tree_find_child(pnp->tree, pnp->home, IMP_SLICE(".yarn"));

	return yarn == IMP_NONE ? IMP_NONE : imp_tree_find_child(pnp->tree, yarn, name);
}

static void publish_zips(struct pnp *pnp)
{
	struct imp_map zips = {0};
	uint32_t group = imp_inventory_group(pnp->inventory);
	uint32_t cache = in_yarn(pnp, IMP_SLICE("cache"));
	uint64_t zip;

	if (cache == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_node(pnp->tree, cache)->first_child; n != IMP_NONE;
	     n = imp_tree_node(pnp->tree, n)->next_sibling)
		if (imp_tree_file_at(pnp->tree, n) != IMP_NONE)
			imp_map_set(&zips, mark_of(imp_tree_name(pnp->tree, n)), n);
	for (size_t i = 0; i < pnp->lock.entry_count; i++) {
		struct imp_slice start = start_of(pnp->lock.entries[i].checksum);
		if (start.len > 0 && imp_map_get(&zips, start, &zip))
			publish(pnp, &pnp->lock.entries[i], (uint32_t)zip, group);
	}
	imp_map_finish(&zips);
}

static void publish_need(struct pnp *pnp, const struct yarn_entry *entry, size_t number)
{
	size_t met[2];

	imp_yarn_lock_resolve(&pnp->lock, &pnp->lock.needs[entry->first_need + number],
			      met);
	for (int m = 0; m < 2; m++) {
		uint32_t to =
			met[m] == SIZE_MAX ? IMP_NONE : pnp->lock.entries[met[m]].package;
		imp_inventory_need(pnp->inventory, entry->package, to,
				   IMP_DEPENDENCY_HARD, (uint32_t)number);
		if (entry->workspace && to != IMP_NONE)
			imp_inventory_get(pnp->inventory, to)->flags |= IMP_PACKAGE_ROOT;
	}
}

static void publish_needs(struct pnp *pnp)
{
	for (size_t i = 0; i < pnp->lock.entry_count; i++)
		for (size_t k = 0; k < pnp->lock.entries[i].need_count; k++)
			publish_need(pnp, &pnp->lock.entries[i], k);
}

static bool is_below(const struct pnp *pnp, uint32_t node, uint32_t top)
{
	for (int up = 0; node != IMP_NONE && up < 4; up++) {
		node = imp_tree_node(pnp->tree, node)->parent;
		if (node == top)
			return true;
	}
	return false;
}

/* Packages that cannot run out of a zip lie in .yarn/unplugged/<slug>/node_modules, where the
 * reader of node_modules has found them. */
static void flag_unplugged(struct pnp *pnp)
{
	struct imp_map entries = {0};
	uint32_t top = in_yarn(pnp, IMP_SLICE("unplugged"));

	if (top == IMP_NONE || pnp->lock.entry_count == 0)
		return;
	for (size_t i = 0; i < pnp->lock.entry_count; i++)
		imp_map_set(&entries, pnp->lock.entries[i].resolution, i);
	for (uint32_t p = 0; p < imp_inventory_count(pnp->inventory); p++) {
		struct imp_package *package = imp_inventory_get(pnp->inventory, p);
		if (package->manager != IMP_MANAGER_NPM || package->home == IMP_NONE ||
		    !is_below(pnp, package->home, top))
			continue;
		size_t entry = imp_yarn_lock_find(&entries, package->name,
						  "@npm:", package->version);
		if (entry != SIZE_MAX)
			package->flags |= flags_of(&pnp->lock.entries[entry]);
	}
	imp_map_finish(&entries);
}

static void read_lock(struct imp_inventory *inventory, const struct imp_live_file *file)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	struct pnp pnp = {
		.inventory = inventory,
		.tree = input->tree,
		.file = file,
		.home = imp_tree_node(input->tree, file->node)->parent,
		.lock.arena = imp_inventory_arena(inventory),
	};
	const char *reason = imp_yarn_lock_read(&pnp.lock, file);

	if (reason)
		imp_inventory_unreadable(inventory, IMP_MANAGER_NPM, file->path, reason);
	read_workspaces(&pnp);
	if (!reason) { /* half a lock reaches too little */
		reach(&pnp.lock, false);
		reach(&pnp.lock, true);
	}
	flag_unplugged(&pnp);
	publish_zips(&pnp);
	publish_needs(&pnp);
	imp_yarn_lock_finish(&pnp.lock);
}

static bool has_pnp(const struct imp_tree *tree, uint32_t home)
{
	static const char *const marks[] = {".pnp.cjs", ".pnp.js"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		uint32_t mark = imp_tree_find_child(tree, home, imp_slice_of(marks[i]));
		if (mark != IMP_NONE && imp_tree_node(tree, mark)->live)
			return true;
	}
	return false;
}

void imp_yarn_pnp_read(struct imp_inventory *inventory)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	size_t count = imp_contents_live_count(input->contents);

	for (size_t i = 0; i < count; i++) {
		const struct imp_live_file *file = imp_contents_live(input->contents, i);
		if (imp_slice_is(imp_slice_basename(file->path), "yarn.lock") &&
		    has_pnp(input->tree, imp_tree_node(input->tree, file->node)->parent))
			read_lock(inventory, file);
	}
}
