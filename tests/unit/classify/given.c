#include "given.h"

#include <stdio.h>
#include <stdlib.h>

enum { PACKAGES = 64, DEPENDENCIES = 128, GROUPS = 10, ALSO = 32 };

struct need {
	uint32_t from;
	struct imp_slice names; /* "a|b" */
	uint8_t kind;
};

struct given {
	const struct imp_tree *tree;
	struct imp_arena *arena;
	struct imp_package *list;
	size_t count;
	struct need needs[DEPENDENCIES];
	size_t need_count;
	bool *roots, *reached;
	const char **reasons;
	bool *run;
	bool *imported; /* for each record */
	uint32_t *owner_of;
	struct imp_also *also;
	bool *is_documentation, *knows_roots;
	bool *opened;
	uint64_t opened_files;
	struct imp_unreadable *unreadable;
	struct imp_packages *packages;
	struct imp_runtime *runtime;
};

#define refuse(...) (fprintf(stderr, __VA_ARGS__), abort())

static uint32_t node_of(struct given *given, struct imp_slice path)
{
	uint32_t node = imp_tree_find(given->tree, path);

	if (node == IMP_NONE)
		refuse("given: nothing at %.*s\n", (int)path.len, path.data);
	return node;
}

static unsigned flags_of(struct imp_slice names)
{
	static const char *const words[] = {
		"root",       "essential", "dev",     "dev-optional",  "optional", "peer",
		"extraneous", "weak",      "virtual", "debug-symbols", "foreign"};
	unsigned flags = 0;

	while (names.data) {
		struct imp_slice name = imp_slice_cut(&names, ',');
		for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (imp_slice_is(name, words[i]))
				flags |= 1U << i;
	}
	return flags;
}

static void set_field(struct given *given, struct imp_package *p, struct imp_slice field)
{
	struct imp_slice value = field;
	struct imp_slice key = imp_slice_cut(&value, '=');

	if (imp_slice_is(key, "section"))
		p->section = value;
	else if (imp_slice_is(key, "flags"))
		p->flags = flags_of(value);
	else if (imp_slice_is(key, "home"))
		p->home = node_of(given, value);
	else if (imp_slice_is(key, "database"))
		p->database = node_of(given, value);
	else if (imp_slice_is(key, "tool"))
		p->tool = imp_arena_copy(given->arena, value).data;
	else if (imp_slice_is(key, "group"))
		p->group = (uint32_t)(value.data[0] - '0');
	else if (imp_slice_is(key, "twin"))
		p->source = value; /* resolved at the end */
	else
		refuse("given: field %.*s\n", (int)key.len, key.data);
}

static void add_package(struct given *given, struct imp_slice rest)
{
	struct imp_package *p = &given->list[given->count++];
	struct imp_slice manager = imp_slice_cut(&rest, ' ');

	*p = (struct imp_package){
		.tool = "", .database = IMP_NONE, .home = IMP_NONE, .twin = IMP_NONE};
	if (!imp_manager_parse(manager, &p->manager) || given->count == PACKAGES)
		refuse("given: package %.*s\n", (int)manager.len, manager.data);
	p->name = imp_slice_cut(&rest, ' ');
	p->version = rest.data ? imp_slice_cut(&rest, ' ') : IMP_SLICE("");
	while (rest.data)
		set_field(given, p, imp_slice_cut(&rest, ' '));
}

/* Kept by record, then package. */
static void add_also(struct given *given, uint32_t file, uint32_t package)
{
	size_t i = given->packages->also_count++;

	if (i == ALSO)
		refuse("too many owners\n");
	for (; i > 0 && given->also[i - 1].record > file; i--)
		given->also[i] = given->also[i - 1];
	given->also[i] = (struct imp_also){file, package};
}

static void own(struct given *given, uint32_t top, uint32_t package)
{
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(given->tree, n, true, top)) {
		uint32_t file = imp_tree_file_at(given->tree, n);
		if (file == IMP_NONE)
			continue;
		uint32_t owner = given->owner_of[file];
		bool link =
			imp_tree_record(given->tree, imp_tree_node(given->tree, n)->shown)
				->type == IMP_ENTRY_HARDLINK;
		if (link && owner != IMP_NONE && owner != package) {
			add_also(given, file, package);
			continue;
		}
		given->owner_of[file] = package;
		struct imp_sum *sum = &given->list[package].sum;
		sum->files++;
		sum->disk_bytes += imp_tree_record(given->tree, file)->disk_bytes;
		sum->pull_bytes += imp_tree_record(given->tree, file)->pull_bytes;
	}
}

static void add_needs(struct given *given, struct imp_slice rest, uint8_t kind)
{
	while (rest.data)
		given->needs[given->need_count++] = (struct need){
			(uint32_t)given->count - 1, imp_slice_cut(&rest, ' '), kind};
}

static void set_anchors(struct given *given, struct imp_slice rest)
{
	for (int a = 0; a < IMP_ANCHORS && imp_slice_is(rest, "all"); a++)
		given->runtime->anchors[a].state = IMP_ANCHOR_ABSENT;
	while (rest.data) {
		enum imp_anchor anchor;
		if (imp_anchor_parse(imp_slice_cut(&rest, ' '), &anchor))
			given->runtime->anchors[anchor].state = IMP_ANCHOR_ABSENT;
	}
}

static void set_anchor(struct given *given, struct imp_slice rest,
		       enum imp_anchor_state state)
{
	struct imp_slice name = imp_slice_cut(&rest, ' ');
	enum imp_anchor anchor;

	if (!imp_anchor_parse(name, &anchor))
		refuse("given: anchor %.*s\n", (int)name.len, name.data);
	given->runtime->anchors[anchor] =
		(struct imp_anchor_fact){state, imp_arena_copy(given->arena, rest).data};
}

static void add_unreadable(struct given *given, struct imp_slice rest)
{
	struct imp_unreadable *u =
		&given->unreadable[given->packages->unreadable_count++];
	struct imp_slice manager = imp_slice_cut(&rest, ' ');

	*u = (struct imp_unreadable){.path = rest, .reason = "cut short"};
	imp_manager_parse(manager, &u->manager);
}

static void set_opened(struct given *given, struct imp_slice path)
{
	given->opened[imp_tree_file_at(given->tree, node_of(given, path))] = true;
	given->runtime->opened = given->opened;
	given->opened_files++;
}

static void read_line(struct given *given, struct imp_slice line)
{
	struct imp_slice rest = line;
	struct imp_slice word = imp_slice_cut(&rest, ' ');
	uint32_t last = (uint32_t)given->count - 1;
	enum imp_manager manager;

	if (imp_slice_is(word, "package"))
		add_package(given, rest);
	else if (imp_slice_is(word, "owns"))
		own(given, node_of(given, rest), last);
	else if (imp_slice_is(word, "needs"))
		add_needs(given, rest, IMP_DEPENDENCY_HARD);
	else if (imp_slice_is(word, "recommends"))
		add_needs(given, rest, IMP_DEPENDENCY_RECOMMENDS);
	else if (imp_slice_is(word, "suggests"))
		add_needs(given, rest, IMP_DEPENDENCY_SUGGESTS);
	else if (imp_slice_is(word, "root"))
		given->roots[last] = true;
	else if (imp_slice_is(word, "run"))
		given->run[last] = given->reached[last] = true;
	else if (imp_slice_is(word, "imported"))
		given->imported[imp_tree_file_at(given->tree, node_of(given, rest))] =
			true;
	else if (imp_slice_is(word, "documentation"))
		given->is_documentation[imp_tree_file_at(given->tree,
							 node_of(given, rest))] = true;
	else if (imp_slice_is(word, "unreadable"))
		add_unreadable(given, rest);
	else if (imp_slice_is(word, "norecommends") && imp_manager_parse(rest, &manager))
		given->packages->recommends_hold[manager] = false;
	else if (imp_slice_is(word, "noroots"))
		given->knows_roots[rest.data[0] - '0'] = false;
	else if (imp_slice_is(word, "present"))
		set_anchor(given, rest, IMP_ANCHOR_PRESENT);
	else if (imp_slice_is(word, "unknown"))
		set_anchor(given, rest, IMP_ANCHOR_UNKNOWN);
	else if (imp_slice_is(word, "absent"))
		set_anchors(given, rest);
	else if (imp_slice_is(word, "opened"))
		set_opened(given, rest);
	else if (imp_slice_is(word, "reached"))
		given->reached[last] = true,
		given->reasons[last] = imp_arena_copy(given->arena, rest).data;
	else
		refuse("given: %.*s\n", (int)line.len, line.data);
}

static const struct imp_package *to_sort;

static int compare_packages(const void *a, const void *b)
{
	const struct imp_package *x = &to_sort[*(const uint32_t *)a];
	const struct imp_package *y = &to_sort[*(const uint32_t *)b];
	int order;

	if (x->manager != y->manager)
		return x->manager < y->manager ? -1 : 1;
	if ((order = imp_slice_compare(x->name, y->name)) != 0)
		return order;
	return imp_slice_compare(x->version, y->version);
}

/* Requirement by requirement, each name of it a dependency. */
static void add_dependencies(struct given *given, uint32_t old, struct imp_package *p,
			     struct imp_dependency *all)
{
	struct imp_packages *packages = given->packages;
	uint32_t choice = 0;

	p->first_dependency = (uint32_t)packages->dependency_count;
	for (size_t i = 0; i < given->need_count; i++) {
		struct imp_slice names = given->needs[i].names;
		if (given->needs[i].from != old)
			continue;
		for (; names.data; p->dependency_count++) {
			struct imp_slice name = imp_slice_cut(&names, '|');
			uint32_t to = imp_packages_find(packages, p->manager, name);
			if (to == IMP_NONE)
				refuse("given: needs %.*s\n", (int)name.len, name.data);
			all[packages->dependency_count++] =
				(struct imp_dependency){to, choice, given->needs[i].kind};
		}
		choice++;
	}
}

static void finish(struct given *given)
{
	struct imp_packages *packages = given->packages;
	size_t count = given->count;
	uint32_t order[PACKAGES], place[PACKAGES];
	struct imp_package *list = imp_arena_array(given->arena, PACKAGES, sizeof(*list));
	struct imp_dependency *all =
		imp_arena_array(given->arena, DEPENDENCIES, sizeof(*all));
	bool *roots = imp_arena_array(given->arena, PACKAGES, 1);
	bool *reached = imp_arena_array(given->arena, PACKAGES, 1);
	const char **reasons = imp_arena_array(given->arena, PACKAGES, sizeof(*reasons));
	uint8_t *reach =
		imp_arena_alloc(given->arena, imp_tree_record_count(given->tree) + 1);

	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	to_sort = given->list;
	qsort(order, count, sizeof(*order), compare_packages);
	for (uint32_t i = 0; i < count; i++) {
		place[order[i]] = i;
		list[i] = given->list[order[i]];
		roots[i] = given->roots[order[i]];
		reached[i] = given->reached[order[i]];
		reasons[i] = given->reasons[order[i]];
	}
	for (size_t i = 0; i < packages->also_count; i++)
		given->also[i].package = place[given->also[i].package];
	packages->list = list;
	packages->count = count;
	packages->dependencies = all;
	for (uint32_t i = 0; i < count; i++) {
		add_dependencies(given, order[i], &list[i], all);
		if (list[i].source.len > 0)
			list[i].twin = imp_packages_find(packages, list[i].manager,
							 list[i].source);
	}
	for (uint32_t r = 0; r < imp_tree_record_count(given->tree); r++) {
		reach[r] = given->imported[r] ? IMP_REACH_IMPORT : 0;
		if (given->owner_of[r] == IMP_NONE)
			continue;
		reach[r] |= given->run[given->owner_of[r]] ? IMP_REACH_RUN : 0;
		given->owner_of[r] = place[given->owner_of[r]];
	}
	given->runtime->reached = reach;
	given->runtime->package_root = roots;
	given->runtime->package_reached = reached;
	given->runtime->package_reason = reasons;
}

void given_read(const struct imp_tree *tree, const char *text, struct imp_arena *arena,
		struct imp_packages *packages, struct imp_runtime *runtime)
{
	size_t records = imp_tree_record_count(tree) + 1;
	struct given given = {
		.tree = tree,
		.arena = arena,
		.list = imp_arena_array(arena, PACKAGES, sizeof(struct imp_package)),
		.roots = imp_arena_array(arena, PACKAGES, 1),
		.reached = imp_arena_array(arena, PACKAGES, 1),
		.run = imp_arena_array(arena, PACKAGES, 1),
		.reasons = imp_arena_array(arena, PACKAGES, sizeof(char *)),
		.owner_of = imp_arena_array(arena, records, sizeof(uint32_t)),
		.also = imp_arena_array(arena, ALSO, sizeof(struct imp_also)),
		.is_documentation = imp_arena_array(arena, records, 1),
		.imported = imp_arena_array(arena, records, 1),
		.opened = imp_arena_array(arena, records, 1),
		.unreadable = imp_arena_array(arena, 8, sizeof(struct imp_unreadable)),
		.knows_roots = imp_arena_array(arena, GROUPS, 1),
		.packages = packages,
		.runtime = runtime};
	uint32_t *from = imp_arena_array(arena, records, sizeof(*from));
	struct imp_slice rest = imp_slice_of(text);

	*packages = (struct imp_packages){.owner_of = given.owner_of,
					  .also = given.also,
					  .is_documentation = given.is_documentation,
					  .unreadable = given.unreadable,
					  .knows_roots = given.knows_roots,
					  .group_count = GROUPS};
	*runtime = (struct imp_runtime){.readable = true, .reached_from = from};
	memset(given.owner_of, 0xff, records * sizeof(uint32_t));
	memset(from, 0xff, records * sizeof(uint32_t));
	for (int m = 0; m < IMP_MANAGERS; m++)
		packages->recommends_hold[m] = packages->suggests_hold[m] = true;
	memset(given.knows_roots, true, GROUPS);
	for (int a = 0; a < IMP_ANCHORS; a++)
		runtime->anchors[a].state = IMP_ANCHOR_UNKNOWN;
	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (line.len > 0)
			read_line(&given, line);
	}
	finish(&given);
	runtime->opened_files = given.opened_files;
}
