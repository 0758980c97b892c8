/* The figures of one image by name, and those of several images together. */
#include "compare_priv.h"

#include "imgprof/map.h"

static struct imp_sum wasted(const struct imp_analysis *analysis)
{
	struct imp_sum sum = {0};

	for (int fate = 0; fate < IMP_FATES; fate++) {
		if (fate == IMP_FATE_LIVE)
			continue;
		sum.files += analysis->fates[fate].files;
		sum.disk_bytes += analysis->fates[fate].disk_bytes;
		sum.pull_bytes += analysis->fates[fate].pull_bytes;
	}
	return sum;
}

static uint64_t count_files(const struct imp_analysis *analysis)
{
	uint64_t files = 0;

	for (int fate = 0; fate < IMP_FATES; fate++)
		files += analysis->fates[fate].files;
	return files;
}

static uint64_t build_only(const struct imp_findings *findings)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < findings->class_count; i++) {
		enum imp_class class = findings->classes[i].class;
		if (class == IMP_CLASS_TOOLCHAIN || class == IMP_CLASS_DEV_FILES ||
		    class == IMP_CLASS_DEV_DEP || class == IMP_CLASS_SOURCE ||
		    class == IMP_CLASS_TESTS)
			bytes += findings->classes[i].sum.disk_bytes;
	}
	return bytes;
}

uint64_t imp_total_of(const struct imp_analysis *analysis, enum imp_total total)
{
	static const struct imp_findings none;
	const struct imp_findings *findings =
		analysis->findings ? analysis->findings : &none;
	const struct imp_sum *by = findings->by_confidence;
	uint64_t totals[IMP_TOTALS] = {
		[IMP_TOTAL_PULL] = analysis->pull_bytes,
		[IMP_TOTAL_DISK] = analysis->disk_bytes,
		[IMP_TOTAL_TAR] = analysis->tar_bytes,
		[IMP_TOTAL_LIVE] = analysis->fates[IMP_FATE_LIVE].disk_bytes,
		[IMP_TOTAL_WASTED] = wasted(analysis).disk_bytes,
		[IMP_TOTAL_WASTED_PULL] = wasted(analysis).pull_bytes,
		[IMP_TOTAL_RECLAIMABLE] = findings->reclaimable.disk_bytes,
		[IMP_TOTAL_RECLAIMABLE_PULL] = findings->reclaimable.pull_bytes,
		[IMP_TOTAL_CERTAIN] = by[IMP_CONFIDENCE_CERTAIN].disk_bytes,
		[IMP_TOTAL_LIKELY] = by[IMP_CONFIDENCE_LIKELY].disk_bytes,
		[IMP_TOTAL_POSSIBLE] = by[IMP_CONFIDENCE_POSSIBLE].disk_bytes,
		[IMP_TOTAL_FILES] = count_files(analysis),
		[IMP_TOTAL_ENTRIES] = analysis->entries,
		[IMP_TOTAL_BUILD_ONLY] = build_only(findings),
	};

	return totals[total];
}

struct distinct {
	struct imp_map seen;
	struct imp_arena *arena;
	uint64_t disk, pull;
};

/* A layer of which nobody knows the digest is like no other. */
static bool is_first(struct distinct *distinct, const struct imp_digest *digest)
{
	struct imp_slice key = imp_slice((const char *)digest, sizeof(*digest));

	if (digest->algorithm == IMP_DIGEST_NONE)
		return true;
	if (imp_map_get(&distinct->seen, key, NULL))
		return false;
	imp_map_set(&distinct->seen, imp_arena_copy(distinct->arena, key), 1);
	return true;
}

static void add_up(const struct imp_analysis *const *images, size_t count,
		   struct distinct *distinct)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();

	distinct->arena = arena;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < images[i]->layer_count; k++) {
			struct imp_digest digest = imp_layer_digest(images[i], k);
			if (!is_first(distinct, &digest))
				continue;
			distinct->disk += images[i]->layers[k].summary.disk_bytes;
			distinct->pull += images[i]->layers[k].summary.pull_bytes;
		}
	}
	imp_map_finish(&distinct->seen);
}

void imp_diff_distinct(const struct imp_analysis *const *before,
		       const struct imp_analysis *const *after, size_t count,
		       struct imp_change_sum *out)
{
	struct distinct sums[IMP_SIDES] = {0};

	add_up(before, count, &sums[0]);
	add_up(after, count, &sums[1]);
	*out = (struct imp_change_sum){
		.disk = {sums[0].disk, sums[1].disk},
		.pull = {sums[0].pull, sums[1].pull},
	};
}
