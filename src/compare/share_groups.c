/*
 * Identical bytes of all images by who they belong to: of each content the image with most
 * copies keeps them, every other copy is a byte too many and belongs to its own package, or to
 * its folder.
 */
#include "share_priv.h"

#include <assert.h>
#include <stdlib.h>

enum { FOLDER_DEPTH = 3 }; /* of the folders that files of nobody are put under */

struct group {
	struct imp_share_group row;
	uint64_t images;
	bool versions_differ;
};

struct grouping {
	const struct imp_share_work *work;
	struct imp_map known; /* names to places in list */
	struct group *list;
	size_t count, capacity;
	/* For each image and package, folder node: its group + 1 */
	uint32_t *of_package[IMP_SHARE_IMAGES], *of_folder[IMP_SHARE_IMAGES];
};

static uint32_t find_group(struct grouping *g, const char *manager, struct imp_slice name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	uint64_t place;

	imp_strbuf_printf(&text, "%s:", manager);
	imp_strbuf_add_slice(&text, name);
	if (imp_map_get(&g->known, imp_strbuf_slice(&text), &place))
		return (uint32_t)place;
	struct imp_slice key = imp_arena_copy(g->work->arena, imp_strbuf_slice(&text));
	g->list = imp_xgrow(g->list, &g->capacity, g->count + 1, sizeof(*g->list));
	g->list[g->count] = (struct group){
		.row = {.manager = manager,
			.name = imp_slice_skip(key, strlen(manager) + 1)},
	};
	imp_map_set(&g->known, key, g->count);
	return (uint32_t)g->count++;
}

/* The folder of NODE, at most FOLDER_DEPTH below the root. */
static uint32_t folder_of(const struct imp_tree *tree, uint32_t node)
{
	uint32_t above[FOLDER_DEPTH + 1] = {0};
	uint32_t at = imp_tree_node(tree, node)->parent;

	/* The last that are passed on the way up are the topmost */
	for (size_t i = 0; at != IMP_NONE && at != 0; i++) {
		memmove(above + 1, above, FOLDER_DEPTH * sizeof(*above));
		above[0] = at;
		at = imp_tree_node(tree, at)->parent;
	}
	for (size_t i = FOLDER_DEPTH; i-- > 0;)
		if (above[i] != 0)
			return above[i];
	return 0;
}

static uint32_t group_of_folder(struct grouping *g, const struct imp_share_file *file)
{
	const struct imp_tree *tree = g->work->images[file->image]->tree;
	uint32_t folder = folder_of(tree, imp_tree_record(tree, file->record)->node);
	uint32_t *place;

	if (!g->of_folder[file->image])
		g->of_folder[file->image] =
			imp_xcalloc(imp_tree_node_count(tree), sizeof(uint32_t));
	place = &g->of_folder[file->image][folder];
	if (*place == 0) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
		imp_tree_path(tree, folder, &path);
		*place = find_group(g, "", imp_strbuf_slice(&path)) + 1;
	}
	return *place - 1;
}

static uint32_t group_of_package(struct grouping *g, const struct imp_share_file *file)
{
	const struct imp_packages *packages = g->work->images[file->image]->packages;
	const struct imp_package *package = &packages->list[file->owner];
	uint32_t *place;

	if (!g->of_package[file->image])
		g->of_package[file->image] =
			imp_xcalloc(packages->count + 1, sizeof(uint32_t));
	place = &g->of_package[file->image][file->owner];
	if (*place == 0)
		*place =
			find_group(g, imp_manager_name(package->manager), package->name) +
			1;
	return *place - 1;
}

static void add_version(struct grouping *g, struct group *group,
			const struct imp_share_file *file)
{
	struct imp_slice version =
		g->work->images[file->image]->packages->list[file->owner].version;

	if (!group->versions_differ && !group->row.version.data)
		group->row.version = imp_arena_copy(g->work->arena, version);
	else if (!imp_slice_equal(group->row.version, version))
		group->versions_differ = true;
}

/* KEEPS: of the image that keeps its copies: seen, not counted. */
static void add_copy(struct grouping *g, const struct imp_share_file *file, bool keeps)
{
	uint32_t place = file->owner == IMP_NONE ? group_of_folder(g, file)
						 : group_of_package(g, file);
	assert(g->list);
	struct group *group = &g->list[place];

	if (file->owner != IMP_NONE)
		add_version(g, group, file);
	group->images |= UINT64_C(1) << file->image;
	if (keeps)
		return;
	group->row.sum.files++;
	group->row.sum.disk_bytes += file->size;
	group->row.sum.pull_bytes +=
		imp_tree_record(g->work->images[file->image]->tree, file->record)
			->pull_bytes;
}

static bool is_alone(const struct imp_share_work *work, const struct imp_share_file *file)
{
	uint64_t holders = work->holders[file->layer];

	return (holders & (holders - 1)) == 0;
}

/* The image with most copies in layers of its own, the first of equals; *SPREAD: others have
 * some, too. */
static uint32_t find_keeper(const struct imp_share_work *work,
			    const struct imp_share_run *run, bool *spread)
{
	uint32_t keeper = IMP_NONE;
	size_t most = 0, count = 0, all = 0;

	for (size_t f = run->first; f < run->end; f++) {
		if (f == run->first || work->files[f].image != work->files[f - 1].image)
			count = 0;
		if (!is_alone(work, &work->files[f]))
			continue;
		all++;
		if (++count > most) {
			most = count;
			keeper = work->files[f].image;
		}
	}
	*spread = all > most;
	return keeper;
}

static void add_run(struct grouping *g, const struct imp_share_run *run)
{
	bool spread;
	uint32_t keeper = find_keeper(g->work, run, &spread);

	for (size_t f = run->first; spread && f < run->end; f++)
		if (is_alone(g->work, &g->work->files[f]))
			add_copy(g, &g->work->files[f],
				 g->work->files[f].image == keeper);
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_share_group *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return imp_share_compare_names(x->manager, x->name, y->manager, y->name);
}

static void hand_over(struct grouping *g, struct imp_share *out)
{
	struct imp_share_group *rows =
		imp_arena_array(g->work->arena, g->count + 1, sizeof(*rows));

	for (size_t i = 0; i < g->count; i++) {
		struct group *group = &g->list[i];
		if (group->row.sum.disk_bytes == 0)
			continue;
		if (group->versions_differ)
			group->row.version = IMP_SLICE("");
		group->row.images = imp_share_set_of(group->images, g->work->arena);
		out->identical_all_bytes += group->row.sum.disk_bytes;
		rows[out->group_count++] = group->row;
	}
	qsort(rows, out->group_count, sizeof(*rows), compare_rows);
	out->groups = rows;
}

void imp_share_make_groups(const struct imp_share_work *work, struct imp_share *out)
{
	struct grouping grouping = {.work = work};
	struct imp_share_run run = {0};

	while (imp_share_next_run(work, &run))
		add_run(&grouping, &run);
	hand_over(&grouping, out);
	for (size_t i = 0; i < work->count; i++) {
		free(grouping.of_package[i]);
		free(grouping.of_folder[i]);
	}
	free(grouping.list);
	imp_map_finish(&grouping.known);
}
