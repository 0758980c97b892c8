/*
 * Plug and Play of yarn: a project with .pnp.cjs runs its packages out of the zips in .yarn/cache.
 * yarn.lock (YAML, since version 2) says what they are and need; which of a workspace's
 * needs are for development stands in its package.json. A zip belongs to the entry whose
 * checksum starts as the last part of the zip's name.
 */
#include "readers.h"

#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/map.h"
#include "imgprof/strbuf.h"

#include "npm_yaml.h"

enum { CHECKSUM_CHARS = 10, MAX_ENTRIES = 200000, MAX_NEEDS = 2000000 };

struct need {
	struct imp_slice name, range;
	bool dev;
};

struct entry {
	struct imp_slice key; /* "a@npm:^1, a@npm:^1.2" */
	struct imp_slice version, resolution, checksum;
	size_t first_need, need_count;
	uint32_t package;
	bool workspace;
	bool runs, wanted; /* reached without development needs; reached at all */
};

struct lock {
	struct imp_inventory *inventory;
	const struct imp_tree *tree;
	struct imp_arena *arena;
	const struct imp_live_file *file;
	uint32_t home;
	struct entry *entries;
	size_t entry_count, entry_capacity;
	struct need *needs;
	size_t need_count, need_capacity;
	bool cut;                     /* a limit was hit */
	struct imp_map by_descriptor; /* to the entry */
	struct imp_map patches;       /* what a descriptor becomes when it is patched */
};

static struct imp_slice copy(struct lock *lock, struct imp_slice text)
{
	return imp_arena_copy(lock->arena, text);
}

static void add_need(struct lock *lock, struct imp_slice name, struct imp_slice range)
{
	if (lock->need_count == MAX_NEEDS) {
		lock->cut = true;
		return;
	}
	lock->needs = imp_xgrow(lock->needs, &lock->need_capacity, lock->need_count + 1,
				sizeof(*lock->needs));
	lock->needs[lock->need_count++] =
		(struct need){copy(lock, name), copy(lock, range), false};
	lock->entries[lock->entry_count - 1].need_count++;
}

static bool visit(void *context, const struct imp_slice *keys, size_t depth,
		  struct imp_slice value)
{
	struct lock *lock = context;
	struct entry *entry =
		lock->entry_count ? &lock->entries[lock->entry_count - 1] : NULL;

	if (depth < 2 || imp_slice_is(keys[0], "__metadata"))
		return true;
	if (!entry || !imp_slice_equal(entry->key, keys[0])) {
		if (lock->entry_count == MAX_ENTRIES) {
			lock->cut = true;
			return false;
		}
		lock->entries = imp_xgrow(lock->entries, &lock->entry_capacity,
					  lock->entry_count + 1, sizeof(*entry));
		entry = &lock->entries[lock->entry_count++];
		*entry = (struct entry){.key = copy(lock, keys[0]),
					.first_need = lock->need_count,
					.package = IMP_NONE};
	}
	if (depth == 2 && imp_slice_is(keys[1], "version"))
		entry->version = copy(lock, value);
	else if (depth == 2 && imp_slice_is(keys[1], "resolution"))
		entry->resolution = copy(lock, value);
	else if (depth == 2 && imp_slice_is(keys[1], "checksum"))
		entry->checksum = copy(lock, value);
	else if (depth == 3 && imp_slice_is(keys[1], "dependencies"))
		add_need(lock, keys[2], value);
	return true;
}

/* The part in front of the '@' that ends a name: "@a/b" of "@a/b@npm:1". */
static struct imp_slice ident_of(struct imp_slice locator)
{
	for (size_t i = 1; i < locator.len; i++)
		if (locator.data[i] == '@')
			return imp_slice(locator.data, i);
	return locator;
}

static struct imp_slice range_of(struct imp_slice locator)
{
	return imp_slice_skip(locator, ident_of(locator).len + 1);
}

/* "a@patch:a@npm%3A^1#..." stands for "a@npm:^1". */
static void note_patch(struct lock *lock, struct imp_slice descriptor, uint64_t entry)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf plain = {0};
	struct imp_slice inner = range_of(descriptor);

	if (!imp_slice_starts(inner, IMP_SLICE("patch:")))
		return;
	inner = imp_slice_skip(inner, 6);
	inner = imp_slice_cut(&inner, '#');
	for (size_t i = 0; i < inner.len; i++) {
		bool colon = inner.len - i >= 3 && memcmp(inner.data + i, "%3A", 3) == 0;
		imp_strbuf_add_char(&plain, colon ? ':' : inner.data[i]);
		i += colon ? 2 : 0;
	}
	imp_map_set(&lock->patches, copy(lock, imp_strbuf_slice(&plain)), entry);
}

static void index_entries(struct lock *lock)
{
	for (size_t i = 0; i < lock->entry_count; i++) {
		struct imp_slice rest = lock->entries[i].key;
		while (rest.len > 0) {
			struct imp_slice descriptor = imp_slice_cut(&rest, ',');
			if (imp_slice_starts(rest, IMP_SLICE(" ")))
				rest = imp_slice_skip(rest, 1);
			imp_map_set(&lock->by_descriptor, descriptor, i);
			note_patch(lock, descriptor, i);
		}
	}
}

/* The folder of a workspace, as its resolution "site@workspace:packages/a" says. */
static uint32_t folder_of(const struct lock *lock, struct imp_slice path)
{
	uint32_t node = lock->home;

	if (imp_slice_is(path, "."))
		return node;
	while (path.len > 0 && node != IMP_NONE)
		node = imp_tree_find_child(lock->tree, node, imp_slice_cut(&path, '/'));
	return node;
}

static bool names(const json_t *manifest, const char *list, struct imp_slice name)
{
	return json_object_getn(json_object_get(manifest, list), name.data, name.len) !=
	       NULL;
}

/* The lock does not tell a workspace's development needs from the others. */
static void read_workspace(struct lock *lock, struct entry *entry)
{
	const struct imp_packages_input *input = imp_inventory_input(lock->inventory);
	uint32_t folder = folder_of(
		lock, imp_slice_skip(range_of(entry->resolution), strlen("workspace:")));
	uint32_t node = folder == IMP_NONE
				? IMP_NONE
				: imp_tree_find_child(lock->tree, folder,
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
		struct need *need = &lock->needs[entry->first_need + k];
		need->dev = names(manifest, "devDependencies", need->name) &&
			    !names(manifest, "dependencies", need->name) &&
			    !names(manifest, "optionalDependencies", need->name);
	}
}

static size_t find(const struct imp_map *map, const struct need *need,
		   const char *between)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t entry;

	imp_strbuf_add_slice(&key, need->name);
	imp_strbuf_add_text(&key, between);
	imp_strbuf_add_slice(&key, need->range);
	return imp_map_get(map, imp_strbuf_slice(&key), &entry) ? (size_t)entry
								: SIZE_MAX;
}

/* What meets NEED, at most two: the entry, and the patched one. Locks before version 8 leave
 * "npm:" out. */
static void resolve(const struct lock *lock, const struct need *need, size_t out[2])
{
	out[0] = find(&lock->by_descriptor, need, "@");
	if (out[0] == SIZE_MAX)
		out[0] = find(&lock->by_descriptor, need, "@npm:");
	out[1] = find(&lock->patches, need, "@");
	if (out[1] == SIZE_MAX)
		out[1] = find(&lock->patches, need, "@npm:");
}

/* What the workspaces reach, with development needs or without. */
static void reach(struct lock *lock, bool with_dev)
{
	size_t *queue = imp_xcalloc(lock->entry_count + 1, sizeof(*queue));
	size_t count = 0, met[2];

	for (size_t i = 0; i < lock->entry_count; i++)
		if (lock->entries[i].workspace)
			queue[count++] = i;
	for (size_t done = 0; done < count; done++) {
		const struct entry *entry = &lock->entries[queue[done]];
		for (size_t k = 0; k < entry->need_count; k++) {
			const struct need *need = &lock->needs[entry->first_need + k];
			if (need->dev && !with_dev)
				continue;
			resolve(lock, need, met);
			for (int m = 0; m < 2; m++) {
				struct entry *to = met[m] == SIZE_MAX
							   ? NULL
							   : &lock->entries[met[m]];
				bool *seen = !to        ? NULL
					     : with_dev ? &to->wanted
							: &to->runs;
				if (!to || *seen || to->workspace)
					continue;
				*seen = true;
				queue[count++] = met[m];
			}
		}
	}
	free(queue);
}

static unsigned flags_of(const struct entry *entry)
{
	return entry->wanted && !entry->runs ? IMP_PACKAGE_DEV : 0;
}

static const char *purl_of(struct lock *lock, struct imp_slice name,
			   struct imp_slice version)
{
	struct imp_slice scope = IMP_SLICE("");

	if (imp_slice_starts(name, IMP_SLICE("@")) && memchr(name.data, '/', name.len))
		scope = imp_slice_cut(&name, '/');
	return imp_purl(lock->inventory, "npm", scope, name, version, NULL);
}

static void publish(struct lock *lock, struct entry *entry, uint32_t zip, uint32_t group)
{
	struct imp_package package = {
		.manager = IMP_MANAGER_NPM,
		.name = ident_of(entry->resolution),
		.version = entry->version,
		.tool = "yarn",
		.database = lock->file->node,
		.home = zip,
		.flags = flags_of(entry),
		.group = group,
		.twin = IMP_NONE,
	};

	package.purl = purl_of(lock, package.name, package.version);
	entry->package = imp_inventory_add(lock->inventory, &package);
	imp_inventory_own(lock->inventory, entry->package, zip);
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

static void publish_zips(struct lock *lock)
{
	struct imp_map zips = {0};
	uint32_t group = imp_inventory_group(lock->inventory);
	uint32_t yarn = imp_tree_find_child(lock->tree, lock->home, IMP_SLICE(".yarn"));
	uint32_t cache = yarn == IMP_NONE ? IMP_NONE
					  : imp_tree_find_child(lock->tree, yarn,
								IMP_SLICE("cache"));
	uint64_t zip;

	if (cache == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_node(lock->tree, cache)->first_child; n != IMP_NONE;
	     n = imp_tree_node(lock->tree, n)->next_sibling)
		if (imp_tree_file_at(lock->tree, n) != IMP_NONE)
			imp_map_set(&zips, mark_of(imp_tree_name(lock->tree, n)), n);
	for (size_t i = 0; i < lock->entry_count; i++) {
		struct imp_slice start = start_of(lock->entries[i].checksum);
		if (start.len > 0 && imp_map_get(&zips, start, &zip))
			publish(lock, &lock->entries[i], (uint32_t)zip, group);
	}
	imp_map_finish(&zips);
}

static void publish_needs(struct lock *lock)
{
	size_t met[2];

	for (size_t i = 0; i < lock->entry_count; i++) {
		const struct entry *entry = &lock->entries[i];
		for (size_t k = 0; k < entry->need_count; k++) {
			resolve(lock, &lock->needs[entry->first_need + k], met);
			for (int m = 0; m < 2; m++) {
				uint32_t to = met[m] == SIZE_MAX
						      ? IMP_NONE
						      : lock->entries[met[m]].package;
				imp_inventory_need(lock->inventory, entry->package, to,
						   IMP_DEPENDENCY_HARD, (uint32_t)k);
				if (entry->workspace && to != IMP_NONE)
					imp_inventory_get(lock->inventory, to)->flags |=
						IMP_PACKAGE_ROOT;
			}
		}
	}
}

static bool is_below(const struct lock *lock, uint32_t node, uint32_t top)
{
	for (int up = 0; node != IMP_NONE && up < 4; up++) {
		node = imp_tree_node(lock->tree, node)->parent;
		if (node == top)
			return true;
	}
	return false;
}

/* Packages that cannot run out of a zip lie in .yarn/unplugged/<slug>/node_modules, where the
 * reader of node_modules has found them. */
static void flag_unplugged(struct lock *lock)
{
	struct imp_map entries = {0};
	uint32_t yarn = imp_tree_find_child(lock->tree, lock->home, IMP_SLICE(".yarn"));
	uint32_t top = yarn == IMP_NONE ? IMP_NONE
					: imp_tree_find_child(lock->tree, yarn,
							      IMP_SLICE("unplugged"));
	for (size_t i = 0; top != IMP_NONE && i < lock->entry_count; i++)
		imp_map_set(&entries, lock->entries[i].resolution, i);
	for (uint32_t p = 0; top != IMP_NONE && p < imp_inventory_count(lock->inventory);
	     p++) {
		struct imp_package *package = imp_inventory_get(lock->inventory, p);
		if (package->manager != IMP_MANAGER_NPM || package->home == IMP_NONE ||
		    !is_below(lock, package->home, top))
			continue;
		struct need self = {package->name, package->version, false};
		size_t entry = find(&entries, &self, "@npm:");
		if (entry != SIZE_MAX)
			package->flags |= flags_of(&lock->entries[entry]);
	}
	imp_map_finish(&entries);
}

static void finish_lock(struct lock *lock)
{
	free(lock->entries);
	free(lock->needs);
	imp_map_finish(&lock->by_descriptor);
	imp_map_finish(&lock->patches);
}

static void read_lock(struct imp_inventory *inventory, const struct imp_live_file *file)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	struct lock lock = {
		.inventory = inventory,
		.tree = input->tree,
		.arena = imp_inventory_arena(inventory),
		.file = file,
		.home = imp_tree_node(input->tree, file->node)->parent,
	};
	const char *reason = file->cut ? "larger than imgprof keeps"
				       : imp_yaml_read(file->content, visit, &lock);

	if (!reason && lock.cut)
		reason = "more than imgprof follows";
	if (reason)
		imp_inventory_unreadable(inventory, IMP_MANAGER_NPM, file->path, reason);
	index_entries(&lock);
	for (size_t i = 0; i < lock.entry_count; i++)
		if (imp_slice_starts(range_of(lock.entries[i].resolution),
				     IMP_SLICE("workspace:")))
			read_workspace(&lock, &lock.entries[i]);
	if (!reason) { /* half a lock reaches too little */
		reach(&lock, false);
		reach(&lock, true);
	}
	flag_unplugged(&lock);
	publish_zips(&lock);
	publish_needs(&lock);
	finish_lock(&lock);
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
