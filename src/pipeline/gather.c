/* What reports show of a tree that they do not go through themselves. */
#include <stdlib.h>

#include "imgprof/analysis.h"
#include "imgprof/search.h"
#include "imgprof/strbuf.h"

static const uint64_t *sum_can_go(const struct imp_analysis *analysis,
				  struct imp_arena *arena)
{
	uint64_t *sums = imp_arena_array(arena, analysis->layer_count + 1, sizeof(*sums));
	const struct imp_findings *findings = analysis->findings;

	for (uint32_t r = 0; r < imp_tree_record_count(analysis->tree); r++) {
		const struct imp_record *record = imp_tree_record(analysis->tree, r);
		uint32_t finding = findings->finding_of[r];
		if (record->type == IMP_ENTRY_FILE && finding != IMP_NONE &&
		    findings->list[finding].confidence != IMP_CONFIDENCE_POSSIBLE)
			sums[record->layer] += record->disk_bytes;
	}
	for (size_t i = 0; i < findings->partial_count; i++) {
		const struct imp_partial *partial = &findings->partials[i];
		if (findings->list[partial->finding].confidence !=
		    IMP_CONFIDENCE_POSSIBLE)
			sums[imp_tree_record(analysis->tree, partial->record)->layer] +=
				partial->disk_bytes;
	}
	return sums;
}

static const struct imp_slice *list_homes(const struct imp_analysis *analysis,
					  struct imp_arena *arena)
{
	const struct imp_packages *packages = analysis->packages;
	size_t count = packages ? packages->count : 0;
	struct imp_slice *homes = imp_arena_array(arena, count + 1, sizeof(*homes));
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	for (size_t i = 0; i < count; i++) {
		if (packages->list[i].home == IMP_NONE)
			continue;
		imp_strbuf_reset(&path);
		imp_tree_path(analysis->tree, packages->list[i].home, &path);
		homes[i] = imp_arena_copy(arena, imp_strbuf_slice(&path));
	}
	return homes;
}

static const bool *mark_paths(const struct imp_analysis *analysis,
			      struct imp_arena *arena)
{
	const struct imp_findings *findings = analysis->findings;
	bool *paths = imp_arena_array(arena, findings->dropped_count + 1, sizeof(*paths));

	for (size_t i = 0; i < findings->dropped_count; i++) {
		struct imp_slice subject = findings->dropped[i].subject;
		paths[i] = subject.len > 0 &&
			   imp_tree_find(analysis->tree, subject) != IMP_NONE;
	}
	return paths;
}

/* Bytes by finding and layer of it: those of one finding from STARTS[finding] on. */
struct shares {
	size_t *starts;
	uint64_t *bytes;
};

static void make_shares(const struct imp_findings *findings, struct shares *shares)
{
	size_t count = 0;

	shares->starts = imp_xcalloc(findings->count + 1, sizeof(*shares->starts));
	for (size_t i = 0; i < findings->count; i++) {
		shares->starts[i] = count;
		count += findings->list[i].layer_count;
	}
	shares->bytes = imp_xcalloc(count + 1, sizeof(*shares->bytes));
}

static void add_share(const struct imp_findings *findings, struct shares *shares,
		      uint32_t number, uint16_t layer, uint64_t bytes)
{
	const struct imp_finding *finding = &findings->list[number];
	size_t first = IMP_FIRST_NOT(finding->layer_count, i, finding->layers[i] < layer);

	if (first < finding->layer_count && finding->layers[first] == layer)
		shares->bytes[shares->starts[number] + first] += bytes;
}

static const uint16_t *find_main_layers(const struct imp_analysis *analysis,
					struct imp_arena *arena)
{
	const struct imp_findings *findings = analysis->findings;
	uint16_t *layers = imp_arena_array(arena, findings->count + 1, sizeof(*layers));
	struct shares shares;

	make_shares(findings, &shares);
	for (uint32_t r = 0; r < imp_tree_record_count(analysis->tree); r++) {
		const struct imp_record *record = imp_tree_record(analysis->tree, r);
		if (record->type == IMP_ENTRY_FILE && findings->finding_of[r] != IMP_NONE)
			add_share(findings, &shares, findings->finding_of[r],
				  record->layer, record->disk_bytes);
	}
	for (size_t i = 0; i < findings->partial_count; i++) {
		const struct imp_partial *partial = &findings->partials[i];
		add_share(findings, &shares, partial->finding,
			  imp_tree_record(analysis->tree, partial->record)->layer,
			  partial->disk_bytes);
	}
	for (size_t i = 0; i < findings->count; i++) {
		const uint64_t *bytes = &shares.bytes[shares.starts[i]];
		size_t best = 0;
		for (size_t k = 1; k < findings->list[i].layer_count; k++)
			best = bytes[k] > bytes[best] ? k : best;
		layers[i] = findings->list[i].layer_count ? findings->list[i].layers[best]
							  : UINT16_MAX;
	}
	free(shares.starts);
	free(shares.bytes);
	return layers;
}

void imp_analysis_gather(struct imp_analysis *analysis, struct imp_arena *arena)
{
	analysis->can_go_bytes = sum_can_go(analysis, arena);
	analysis->main_layers = find_main_layers(analysis, arena);
	analysis->package_homes = list_homes(analysis, arena);
	analysis->dropped_paths = mark_paths(analysis, arena);
}

uint32_t imp_analysis_line(const struct imp_analysis *analysis, size_t layer)
{
	const struct imp_dockerfile *file = analysis->dockerfile;

	return file && file->origin != IMP_DOCKERFILE_HISTORY &&
			       layer < file->layer_count &&
			       file->layers[layer].place == IMP_LAYER_LINE
		       ? file->layers[layer].line
		       : 0;
}

uint32_t imp_analysis_finding_line(const struct imp_analysis *analysis,
				   const struct imp_finding *finding)
{
	size_t number = (size_t)(finding - analysis->findings->list);

	return imp_analysis_line(analysis, analysis->main_layers[number]);
}
