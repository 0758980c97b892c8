#include "imgprof/contents.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/strbuf.h"

struct imp_contents {
	const struct imp_tree *tree;
	struct imp_arena *arena; /* of paths */
	struct imp_live_file *live;
	size_t live_count, live_capacity;
	uint32_t *live_at; /* for each node: its place in live, or IMP_NONE */
	/* For each record: its fact, or NULL. */
	const struct imp_fact **facts;
};

static int compare_live(const void *a, const void *b)
{
	const struct imp_live_file *x = a, *y = b;

	return imp_slice_compare(x->path, y->path);
}

static void add_live(struct imp_contents *contents, uint32_t node, uint32_t record,
		     const struct imp_kept_file *kept)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(contents->tree, node, &path);
	contents->live = imp_xgrow(contents->live, &contents->live_capacity,
				   contents->live_count + 1, sizeof(*contents->live));
	contents->live[contents->live_count++] = (struct imp_live_file){
		.node = node,
		.record = record,
		.path = imp_arena_copy(contents->arena, imp_strbuf_slice(&path)),
		.content = kept->content,
		.cut = kept->cut,
	};
}

/* A kept file, at the place that its record still shows; its other names find it by group. */
static void take_kept(struct imp_contents *contents, const struct imp_profile *profile,
		      size_t layer)
{
	for (size_t i = 0; i < imp_profile_kept_count(profile); i++) {
		struct imp_kept_file kept = imp_profile_kept(profile, i);
		uint32_t record = imp_tree_record_of(contents->tree, layer, kept.entry);
		const struct imp_record *file = imp_tree_record(contents->tree, record);
		if (file->shown && file->type == IMP_ENTRY_FILE)
			add_live(contents, file->node, record, &kept);
	}
}

static void take_facts(struct imp_contents *contents, const struct imp_profile *profile,
		       size_t layer)
{
	for (size_t i = 0; i < imp_profile_fact_count(profile); i++) {
		const struct imp_fact *fact = imp_profile_fact(profile, i);
		contents->facts[imp_tree_record_of(contents->tree, layer, fact->entry)] =
			fact;
	}
}

static void sort_live(struct imp_contents *contents)
{
	size_t nodes = imp_tree_node_count(contents->tree);

	if (contents->live_count > 0)
		qsort(contents->live, contents->live_count, sizeof(*contents->live),
		      compare_live);
	contents->live_at = imp_xmalloc((nodes + 1) * sizeof(*contents->live_at));
	memset(contents->live_at, 0xff, nodes * sizeof(*contents->live_at));
	for (size_t i = 0; i < contents->live_count; i++)
		contents->live_at[contents->live[i].node] = (uint32_t)i;
}

struct imp_contents *imp_contents_create(const struct imp_tree *tree,
					 const struct imp_profile *const *profiles)
{
	struct imp_contents *contents = imp_xcalloc(1, sizeof(*contents));

	contents->tree = tree;
	contents->arena = imp_arena_create();
	contents->facts = imp_xcalloc((size_t)imp_tree_record_count(tree) + 1,
				      sizeof(*contents->facts));
	for (size_t layer = 0; layer < imp_tree_layer_count(tree); layer++) {
		if (!profiles[layer])
			continue;
		take_kept(contents, profiles[layer], layer);
		take_facts(contents, profiles[layer], layer);
	}
	sort_live(contents);
	return contents;
}

void imp_contents_destroy(struct imp_contents *contents)
{
	if (!contents)
		return;
	imp_arena_destroy(contents->arena);
	free(contents->live);
	free(contents->live_at);
	free(contents->facts);
	free(contents);
}

size_t imp_contents_live_count(const struct imp_contents *contents)
{
	return contents->live_count;
}

const struct imp_live_file *imp_contents_live(const struct imp_contents *contents,
					      size_t i)
{
	return &contents->live[i];
}

const struct imp_live_file *imp_contents_at(const struct imp_contents *contents,
					    uint32_t node)
{
	uint32_t file = imp_tree_file_at(contents->tree, node);

	if (file == IMP_NONE)
		return NULL;
	uint32_t place = contents->live_at[imp_tree_record(contents->tree, file)->node];
	return place == IMP_NONE ? NULL : &contents->live[place];
}

const struct imp_fact *imp_contents_fact(const struct imp_contents *contents,
					 uint32_t record)
{
	return contents->facts[record];
}

const struct imp_fact *imp_contents_fact_at(const struct imp_contents *contents,
					    uint32_t node)
{
	uint32_t file = imp_tree_file_at(contents->tree, node);

	return file == IMP_NONE ? NULL : contents->facts[file];
}
