/*
 * Gems: specifications/NAME-VERSION[-PLATFORM].gemspec, default gems one folder deeper, their files
 * in gems/ and extensions/ beside it. A gemspec is Ruby; only what RubyGems itself generates
 * is read: the "# stub:" line and add_runtime_dependency(%q<NAME>...).
 */
#include "gem.h"
#include "readers.h"

#include <stdlib.h>

#include "imgprof/path.h"
#include "imgprof/strbuf.h"

enum {
	MAX_NEEDS = 1000,  /* of one gem */
	MAX_VERSIONS = 64, /* that are asked about for one need */
};

/* The specifications folder of a gemspec; IMP_NONE when it is in none. */
static uint32_t specifications_of(const struct imp_tree *tree, uint32_t file)
{
	uint32_t folder = imp_tree_node(tree, file)->parent;

	if (folder != 0 && imp_slice_is(imp_tree_name(tree, folder), "default"))
		folder = imp_tree_node(tree, folder)->parent;
	bool is = folder != 0 &&
		  imp_slice_is(imp_tree_name(tree, folder), "specifications");
	return is ? folder : IMP_NONE;
}

static uint32_t beside(const struct imp_tree *tree, uint32_t folder, const char *name)
{
	uint32_t found = imp_tree_find_child(tree, imp_tree_node(tree, folder)->parent,
					     imp_slice_of(name));

	return found != IMP_NONE && imp_tree_node(tree, found)->directory ? found
									  : IMP_NONE;
}

/* extensions/PLATFORM/ABI/NAME-VERSION */
static void index_extensions(const struct imp_tree *tree, struct gem_set *set)
{
	uint32_t top = beside(tree, set->specifications, "extensions");
	int depth = 0;

	if (top == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_next_below(tree, top, true, top); n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, depth < 3, top)) {
		depth = 0;
		for (uint32_t up = n; up != top && depth < 4; depth++)
			up = imp_tree_node(tree, up)->parent;
		if (depth == 3 && imp_tree_node(tree, n)->live)
			imp_map_set(&set->extension, imp_tree_name(tree, n), n);
	}
}

static struct gem_set *set_of(struct gems *gems, uint32_t specifications)
{
	struct gem_set *last = gems->set_count ? &gems->sets[gems->set_count - 1] : NULL;

	if (last && last->specifications == specifications)
		return last;
	gems->sets = imp_xgrow(gems->sets, &gems->set_capacity, gems->set_count + 1,
			       sizeof(*gems->sets));
	last = &gems->sets[gems->set_count++];
	*last = (struct gem_set){
		.specifications = specifications,
		.group = imp_inventory_group(gems->inventory),
	};
	index_extensions(gems->input->tree, last);
	return last;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "net-http-0.3.0-x86_64-linux": the version starts behind the first '-' that a digit
 * follows. */
static bool split_name(struct imp_slice full, struct imp_slice *name,
		       struct imp_slice *version)
{
	for (size_t i = 1; full.len > 2 && i < full.len - 1; i++) {
		if (full.data[i] != '-' || !is_digit(full.data[i + 1]))
			continue;
		struct imp_slice rest = imp_slice_skip(full, i + 1);
		*name = imp_slice(full.data, i);
		*version = imp_slice_cut(&rest, '-');
		return true;
	}
	return false;
}

/* "# stub: NAME VERSION PLATFORM PATHS" among the first lines. */
static bool read_stub(struct imp_slice text, struct imp_slice *name,
		      struct imp_slice *version)
{
	struct imp_slice mark = IMP_SLICE("# stub: ");

	for (int lines = 0; lines < 4 && text.len > 0; lines++) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		if (!imp_slice_starts(line, mark))
			continue;
		line = imp_slice_skip(line, mark.len);
		*name = imp_slice_cut(&line, ' ');
		*version = imp_slice_cut(&line, ' ');
		return name->len > 0 && version->len > 0;
	}
	return false;
}

static struct imp_slice full_name(const struct imp_live_file *file)
{
	struct imp_slice name = imp_slice_basename(file->path);

	name.len -= strlen(".gemspec");
	return name;
}

static void own(struct gems *gems, const struct gem_set *set, uint32_t package,
		const struct imp_live_file *file)
{
	uint64_t folder;

	imp_inventory_own(gems->inventory, package, file->node);
	imp_inventory_own_below(gems->inventory, package,
				imp_inventory_get(gems->inventory, package)->home);
	if (imp_map_get(&set->extension, full_name(file), &folder))
		imp_inventory_own_below(gems->inventory, package, (uint32_t)folder);
}

static uint32_t home_of(const struct gems *gems, const struct gem_set *set,
			const struct imp_live_file *file)
{
	const struct imp_tree *tree = gems->input->tree;
	uint32_t folder = beside(tree, set->specifications, "gems");
	uint32_t home = folder == IMP_NONE
				? IMP_NONE
				: imp_tree_find_child(tree, folder, full_name(file));

	return home != IMP_NONE && imp_tree_node(tree, home)->live &&
			       imp_tree_node(tree, home)->directory
		       ? home
		       : IMP_NONE;
}

static struct imp_slice key_of(struct gems *gems, struct imp_slice name,
			       struct imp_slice version)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};

	imp_strbuf_add_slice(&key, name);
	imp_strbuf_add_char(&key, ' ');
	imp_strbuf_add_slice(&key, version);
	return imp_arena_copy(imp_inventory_arena(gems->inventory),
			      imp_strbuf_slice(&key));
}

static void note_gem(struct gems *gems, struct gem_set *set, struct gem gem,
		     const struct imp_package *package)
{
	uint64_t other;

	gem.next_of_name = imp_map_get(&set->by_name, package->name, &other)
				   ? (uint32_t)other
				   : IMP_NONE;
	gems->list = imp_xgrow(gems->list, &gems->capacity, gems->count + 1,
			       sizeof(*gems->list));
	imp_map_set(&set->by_name, package->name, gems->count);
	imp_map_set(&gems->by_version, key_of(gems, package->name, package->version),
		    gems->count);
	gems->list[gems->count++] = gem;
}

static void add_gem(struct gems *gems, const struct imp_live_file *file,
		    uint32_t specifications)
{
	struct gem_set *set = set_of(gems, specifications);
	struct imp_package package = {
		.manager = IMP_MANAGER_GEM,
		.database = file->node,
		.group = set->group,
		.tool = "gem",
		.twin = IMP_NONE,
	};

	if (!read_stub(file->content, &package.name, &package.version) &&
	    !split_name(full_name(file), &package.name, &package.version)) {
		imp_inventory_unreadable(gems->inventory, IMP_MANAGER_GEM, file->path,
					 "no name and version");
		return;
	}
	package.home = home_of(gems, set, file);
	package.purl = imp_purl(gems->inventory, "gem", IMP_SLICE(""), package.name,
				package.version, NULL);
	uint32_t number = imp_inventory_add(gems->inventory, &package);
	if (number == IMP_NONE)
		return;
	own(gems, set, number, file);
	note_gem(gems, set,
		 (struct gem){.package = number,
			      .home_set = (uint32_t)(set - gems->sets),
			      .file = file,
			      .is_default = imp_slice_is(
				      imp_slice_basename(imp_path_parent(file->path)),
				      "default")},
		 &package);
}

/* The NAME of a line "s.add_runtime_dependency(%q<NAME>.freeze, [...])". */
static struct imp_slice need_in(struct imp_slice line)
{
	static const char *const calls[] = {"s.add_runtime_dependency(%q<",
					    "s.add_dependency(%q<"};

	while (imp_slice_starts(line, IMP_SLICE(" ")))
		line = imp_slice_skip(line, 1);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct imp_slice call = imp_slice_of(calls[i]);
		if (!imp_slice_starts(line, call))
			continue;
		struct imp_slice rest = imp_slice_skip(line, call.len);
		struct imp_slice name = imp_slice_cut(&rest, '>');
		return rest.data ? name : (struct imp_slice){0};
	}
	return (struct imp_slice){0};
}

static void add_need(struct gems *gems, struct gem *gem, uint32_t to, uint32_t choice)
{
	if (!imp_inventory_need(gems->inventory, gem->package, gems->list[to].package,
				IMP_DEPENDENCY_HARD, choice))
		return;
	gems->edges = imp_xgrow(gems->edges, &gems->edge_capacity, gems->edge_count + 1,
				sizeof(*gems->edges));
	gems->edges[gems->edge_count++] = to;
	gem->edge_count++;
}

/* Any installed version may be the one that is meant. */
static void add_needs(struct gems *gems, struct gem *gem)
{
	const struct gem_set *set = &gems->sets[gem->home_set];
	struct imp_slice rest = gem->file->content;
	uint32_t choice = 0;
	uint64_t found;

	gem->first_edge = (uint32_t)gems->edge_count;
	while (rest.len > 0 && choice < MAX_NEEDS) {
		struct imp_slice name = need_in(imp_slice_cut(&rest, '\n'));
		if (name.len == 0 || !imp_map_get(&set->by_name, name, &found))
			continue;
		uint32_t g = (uint32_t)found;
		for (int n = 0; g != IMP_NONE && n < MAX_VERSIONS;
		     g = gems->list[g].next_of_name, n++)
			add_need(gems, gem, g, choice);
		choice++;
	}
}

struct lock {
	struct gems *gems;
	struct imp_map groups; /* of the Gemfile beside it */
};

static void mark_root(void *context, struct imp_slice name, struct imp_slice version)
{
	struct lock *lock = context;
	struct gems *gems = lock->gems;
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t place, group = GEM_RUNTIME;

	imp_strbuf_add_slice(&key, name);
	imp_strbuf_add_char(&key, ' ');
	imp_strbuf_add_slice(&key, version);
	if (!imp_map_get(&gems->by_version, imp_strbuf_slice(&key), &place))
		return;
	struct gem *gem = &gems->list[place];
	imp_map_get(&lock->groups, name, &group);
	if (group == GEM_DEVELOPMENT)
		gem->asked_dev = true;
	else
		gem->asked = true;
	imp_inventory_get(gems->inventory, gem->package)->flags |= IMP_PACKAGE_ROOT;
}

static bool is_lock(struct imp_slice path)
{
	struct imp_slice name = imp_slice_basename(path);

	return imp_slice_is(name, "Gemfile.lock") || imp_slice_is(name, "gems.locked");
}

/* The Gemfile of a Gemfile.lock, the gems.rb of a gems.locked. */
static const struct imp_live_file *find_gemfile(const struct gems *gems,
						const struct imp_live_file *lock)
{
	const struct imp_tree *tree = gems->input->tree;
	bool old = imp_slice_is(imp_slice_basename(lock->path), "Gemfile.lock");
	uint32_t node =
		imp_tree_find_child(tree, imp_tree_node(tree, lock->node)->parent,
				    old ? IMP_SLICE("Gemfile") : IMP_SLICE("gems.rb"));

	return node == IMP_NONE ? NULL : imp_contents_at(gems->input->contents, node);
}

static void read_lock(struct gems *gems, const struct imp_live_file *file)
{
	struct lock lock = {.gems = gems};
	const struct imp_live_file *gemfile = find_gemfile(gems, file);

	if (file->cut)
		imp_inventory_unreadable(gems->inventory, IMP_MANAGER_GEM, file->path,
					 "larger than imgprof keeps");
	if (gemfile &&
	    (gemfile->cut || !imp_gem_groups_read(gemfile->content, &lock.groups))) {
		imp_map_finish(&lock.groups);
		lock.groups = (struct imp_map){0};
	}
	imp_gem_lock_read(file->content, mark_root, &lock);
	imp_map_finish(&lock.groups);
}

static void read_locks(struct gems *gems)
{
	const struct imp_contents *contents = gems->input->contents;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		if (is_lock(file->path))
			read_lock(gems, file);
	}
	imp_gem_mark_development(gems);
}

static void finish(struct gems *gems)
{
	for (size_t i = 0; i < gems->set_count; i++) {
		imp_map_finish(&gems->sets[i].by_name);
		imp_map_finish(&gems->sets[i].extension);
	}
	imp_map_finish(&gems->by_version);
	free(gems->edges);
	free(gems->sets);
	free(gems->list);
}

void imp_gem_read(struct imp_inventory *inventory)
{
	struct gems gems = {
		.inventory = inventory,
		.input = imp_inventory_input(inventory),
	};
	const struct imp_contents *contents = gems.input->contents;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		if (!imp_slice_ends(file->path, IMP_SLICE(".gemspec")))
			continue;
		uint32_t folder = specifications_of(gems.input->tree, file->node);
		if (folder != IMP_NONE)
			add_gem(&gems, file, folder);
	}
	for (size_t i = 0; i < gems.count; i++)
		add_needs(&gems, &gems.list[i]);
	if (gems.count > 0)
		read_locks(&gems);
	finish(&gems);
}
