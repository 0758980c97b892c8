#include "imgprof/without.h"

#include <string.h>

#include "imgprof/checked.h"
#include "imgprof/cleanup.h"

bool imp_finding_is_named(const struct imp_finding *finding, const char *term)
{
	if (strcmp(term, finding->rule) == 0 || strcmp(term, finding->id) == 0)
		return true;
	return finding->confidence != IMP_CONFIDENCE_POSSIBLE &&
	       strcmp(term, imp_class_name(finding->class)) == 0;
}

bool imp_term_is_known(const char *term, const struct imp_rules *rules)
{
	struct imp_slice rest = imp_slice_of(term);
	struct imp_slice rule = imp_slice_cut(&rest, ':');

	for (int class = IMP_CLASS_RUNTIME + 1; class < IMP_CLASSES; class ++)
		if (strcmp(term, imp_class_name((enum imp_class) class)) == 0)
			return true;
	for (size_t i = 0; i < imp_rules_count(rules); i++)
		if (imp_slice_is(rule, imp_rules_get(rules, i).id))
			return true;
	return false;
}

struct removal {
	const struct imp_tree *tree;
	const struct imp_findings *findings;
	const bool *chosen;
	bool *gone;      /* for each node: a live file or link at it goes */
	bool *removed;   /* for each record of type file: goes whole */
	uint64_t *files; /* for each layer: entries that go */
	struct imp_without *out;
};

static bool is_chosen(const struct removal *removal, uint32_t record)
{
	uint32_t finding = removal->findings->finding_of[record];

	return finding != IMP_NONE && removal->chosen[finding] &&
	       !removal->findings->list[finding].partial;
}

/* Live files and links of chosen findings, and hidden files that are chosen themselves. A group of
 * hard links goes as one, for a finding has all of it. */
static void mark(struct removal *removal)
{
	for (uint32_t r = 0; r < imp_tree_record_count(removal->tree); r++) {
		const struct imp_record *record = imp_tree_record(removal->tree, r);
		bool is_file = record->type == IMP_ENTRY_FILE;
		if (record->group == IMP_NONE || !is_chosen(removal, record->group))
			continue;
		if (is_file)
			removal->removed[r] = true;
		if (record->fate == IMP_FATE_LIVE)
			removal->gone[record->node] = true;
	}
}

static void take(struct removal *removal, const struct imp_record *record, uint64_t disk,
		 uint64_t pull)
{
	struct imp_without_layer *layer = &removal->out->layers[record->layer];

	layer->disk_bytes -= disk;
	layer->pull_bytes -= pull;
	removal->out->removed.disk_bytes += disk;
	removal->out->removed.pull_bytes += pull;
}

static void take_files(struct removal *removal)
{
	struct imp_without *out = removal->out;

	for (uint32_t r = 0; r < imp_tree_record_count(removal->tree); r++) {
		const struct imp_record *file = imp_tree_record(removal->tree, r);
		bool is_file = file->type == IMP_ENTRY_FILE;
		bool copy = is_file && file->fate != IMP_FATE_LIVE &&
			    removal->gone[file->node];
		if (!is_file || (!removal->removed[r] && !copy))
			continue;
		take(removal, file, file->disk_bytes, file->pull_bytes);
		out->removed.files++;
		removal->files[file->layer]++;
		if (!copy)
			continue;
		out->dead_copies.files++;
		out->dead_copies.disk_bytes += file->disk_bytes;
		out->dead_copies.pull_bytes += file->pull_bytes;
	}
}

/* The same part goes from hidden copies with the same content. */
static void take_part_of_copies(struct removal *removal,
				const struct imp_partial *partial)
{
	const struct imp_record *whole = imp_tree_record(removal->tree, partial->record);

	for (uint32_t r = whole->older; r != IMP_NONE;
	     r = imp_tree_record(removal->tree, r)->older) {
		const struct imp_record *copy = imp_tree_record(removal->tree, r);
		if (copy->fate != IMP_FATE_RESHIPPED || removal->removed[r] ||
		    copy->disk_bytes != whole->disk_bytes)
			continue;
		uint64_t pull = imp_mul_div(copy->pull_bytes, partial->disk_bytes,
					    copy->disk_bytes ? copy->disk_bytes : 1);
		take(removal, copy, partial->disk_bytes, pull);
		removal->out->dead_copies.disk_bytes += partial->disk_bytes;
		removal->out->dead_copies.pull_bytes += pull;
	}
}

static void take_parts(struct removal *removal)
{
	const struct imp_findings *findings = removal->findings;

	for (size_t i = 0; i < findings->partial_count; i++) {
		const struct imp_partial *partial = &findings->partials[i];
		if (!removal->chosen[partial->finding] ||
		    removal->removed[partial->record])
			continue;
		take(removal, imp_tree_record(removal->tree, partial->record),
		     partial->disk_bytes, partial->pull_bytes);
		take_part_of_copies(removal, partial);
	}
}

/* Headers and padding of the entries that go, as the average entry of the layer has them. */
static void take_overheads(struct removal *removal,
			   const struct imp_profile_summary *const *summaries)
{
	static const enum imp_overhead_kind kinds[] = {
		IMP_OVERHEAD_HEADERS, IMP_OVERHEAD_PADDING, IMP_OVERHEAD_PAX};
	struct imp_without *out = removal->out;

	for (size_t l = 0; l < imp_tree_layer_count(removal->tree); l++) {
		uint64_t pull = 0;
		for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
			pull += summaries[l]->overheads[kinds[k]].pull_bytes;
		if (summaries[l]->entries == 0)
			continue;
		uint64_t share =
			imp_mul_div(pull, removal->files[l], summaries[l]->entries);
		out->layers[l].pull_bytes -= share;
		out->removed_overhead_pull_bytes += share;
	}
}

void imp_without(const struct imp_tree *tree,
		 const struct imp_profile_summary *const *summaries,
		 const struct imp_findings *findings, const bool *chosen,
		 struct imp_arena *arena, struct imp_without *out)
{
	size_t layers = imp_tree_layer_count(tree);
	imp_auto_free bool *gone =
		imp_xcalloc(imp_tree_node_count(tree) + 1, sizeof(*gone));
	imp_auto_free bool *removed =
		imp_xcalloc(imp_tree_record_count(tree) + 1, sizeof(*removed));
	imp_auto_free uint64_t *files = imp_xcalloc(layers + 1, sizeof(*files));
	struct removal removal = {tree, findings, chosen, gone, removed, files, out};

	*out = (struct imp_without){
		.layers = imp_arena_array(arena, layers + 1, sizeof(*out->layers))};
	for (size_t l = 0; l < layers; l++)
		out->layers[l] = (struct imp_without_layer){summaries[l]->disk_bytes,
							    summaries[l]->pull_bytes};
	for (size_t i = 0; i < findings->count; i++)
		out->findings += chosen[i];
	mark(&removal);
	take_files(&removal);
	take_parts(&removal);
	take_overheads(&removal, summaries);
	for (size_t l = 0; l < layers; l++) {
		out->disk_bytes += out->layers[l].disk_bytes;
		out->pull_bytes += out->layers[l].pull_bytes;
	}
}
