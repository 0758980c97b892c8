#include "imgprof/contents.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/strbuf.h"

/* Some of many numbers, and the place of each among those: 1.5 bits a number. */
struct marks {
	uint64_t *bits;
	uint32_t *before; /* for each word of bits: how many are marked in front of it */
	size_t words;
};

struct imp_contents {
	const struct imp_tree *tree;
	const struct imp_profile *const *profiles;
	struct imp_arena *arena; /* of paths */
	struct imp_live_file *live;
	size_t live_count, live_capacity;
	struct marks live_nodes;
	uint32_t *live_at;      /* for each of live_nodes: its place in live */
	struct marks facts;     /* records with one */
	uint32_t *facts_before; /* for each layer: facts in those below */
};

static struct marks marks_create(size_t numbers)
{
	struct marks marks = {.words = numbers / 64 + 1};

	marks.bits = imp_xcalloc(marks.words, sizeof(*marks.bits));
	marks.before = imp_xcalloc(marks.words, sizeof(*marks.before));
	return marks;
}

static void marks_finish(struct marks *marks)
{
	free(marks->bits);
	free(marks->before);
}

static void mark(struct marks *marks, uint32_t number)
{
	marks->bits[number / 64] |= UINT64_C(1) << number % 64;
}

/* Once all are marked. */
static void count_marks(struct marks *marks)
{
	for (size_t i = 1; i < marks->words; i++)
		marks->before[i] = marks->before[i - 1] +
				   (uint32_t)__builtin_popcountll(marks->bits[i - 1]);
}

/* The place of NUMBER among the marked; IMP_NONE. */
static uint32_t find_mark(const struct marks *marks, uint32_t number)
{
	uint64_t bits = marks->bits[number / 64], bit = UINT64_C(1) << number % 64;

	if (!(bits & bit))
		return IMP_NONE;
	return marks->before[number / 64] +
	       (uint32_t)__builtin_popcountll(bits & (bit - 1));
}

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
	size_t count = imp_profile_fact_count(profile);

	for (size_t i = 0; i < count; i++)
		mark(&contents->facts,
		     imp_tree_record_of(contents->tree, layer,
					imp_profile_fact(profile, i)->entry));
	contents->facts_before[layer + 1] += (uint32_t)count;
}

static void sort_live(struct imp_contents *contents)
{
	if (contents->live_count > 0)
		qsort(contents->live, contents->live_count, sizeof(*contents->live),
		      compare_live);
	for (size_t i = 0; i < contents->live_count; i++)
		mark(&contents->live_nodes, contents->live[i].node);
	count_marks(&contents->live_nodes);
	contents->live_at =
		imp_xcalloc(contents->live_count + 1, sizeof(*contents->live_at));
	for (size_t i = 0; i < contents->live_count; i++)
		contents->live_at[find_mark(&contents->live_nodes,
					    contents->live[i].node)] = (uint32_t)i;
}

struct imp_contents *imp_contents_create(const struct imp_tree *tree,
					 const struct imp_profile *const *profiles)
{
	struct imp_contents *contents = imp_xcalloc(1, sizeof(*contents));

	contents->tree = tree;
	contents->profiles = profiles;
	contents->arena = imp_arena_create();
	contents->live_nodes = marks_create(imp_tree_node_count(tree));
	contents->facts = marks_create(imp_tree_record_count(tree));
	contents->facts_before = imp_xcalloc(imp_tree_layer_count(tree) + 1,
					     sizeof(*contents->facts_before));
	for (size_t layer = 0; layer < imp_tree_layer_count(tree); layer++) {
		contents->facts_before[layer + 1] = contents->facts_before[layer];
		if (!profiles[layer])
			continue;
		take_kept(contents, profiles[layer], layer);
		take_facts(contents, profiles[layer], layer);
	}
	count_marks(&contents->facts);
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
	free(contents->facts_before);
	marks_finish(&contents->live_nodes);
	marks_finish(&contents->facts);
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
	uint32_t node_of_file = imp_tree_record(contents->tree, file)->node;
	uint32_t place = find_mark(&contents->live_nodes, node_of_file);
	return place == IMP_NONE ? NULL : &contents->live[contents->live_at[place]];
}

const struct imp_fact *imp_contents_fact(const struct imp_contents *contents,
					 uint32_t record)
{
	uint32_t place = find_mark(&contents->facts, record);

	if (place == IMP_NONE)
		return NULL;
	size_t layer = imp_tree_record(contents->tree, record)->layer;
	return imp_profile_fact(contents->profiles[layer],
				place - contents->facts_before[layer]);
}

const struct imp_fact *imp_contents_fact_at(const struct imp_contents *contents,
					    uint32_t node)
{
	uint32_t file = imp_tree_file_at(contents->tree, node);

	return file == IMP_NONE ? NULL : imp_contents_fact(contents, file);
}
