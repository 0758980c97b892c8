/* imgprof diff BEFORE AFTER: what changed. */
#include <stdlib.h>
#include <string.h>

#include "build_info.h"
#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/compare.h"
#include "imgprof/report.h"
#include "run.h"

struct pair {
	const char *name; /* NULL: none */
	const struct imp_analysis *before, *after;
};

struct pairs {
	struct pair *list;
	size_t count, capacity;
};

static void pairs_finish(struct pairs *pairs)
{
	free(pairs->list);
}

static void add_pair(struct pairs *pairs, struct pair pair)
{
	pairs->list = imp_xgrow(pairs->list, &pairs->capacity, pairs->count + 1,
				sizeof(*pairs->list));
	pairs->list[pairs->count++] = pair;
}

static const char *platform_name(struct imp_arena *arena, const char *name,
				 const char *platform)
{
	return name ? imp_arena_printf(arena, "%s %s", name, platform) : platform;
}

/* Every platform of FROM is in OTHER. */
static int check_platforms(const struct imp_run *run, const struct imp_analysis_set *from,
			   const struct imp_analysis_set *other, struct imp_error *err)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct imp_image *image = from->images[i]->image;
		if (!imp_run_find_platform(other->images, other->count, &image->platform))
			return imp_fail(err, IMP_E_NOT_FOUND,
					"%s has no %s, which %s has",
					other->images[0]->image->reference,
					imp_platform_text(&image->platform, run->arena),
					image->reference);
	}
	return 0;
}

static int add_platforms(struct imp_run *run, const char *name,
			 const struct imp_analysis_set *before,
			 const struct imp_analysis_set *after, struct pairs *pairs,
			 struct imp_error *err)
{
	int rc = check_platforms(run, before, after, err);

	if (rc == 0)
		rc = check_platforms(run, after, before, err);
	for (size_t i = 0; rc == 0 && i < after->count; i++) {
		const char *platform =
			imp_platform_text(&after->images[i]->image->platform, run->arena);
		add_pair(pairs, (struct pair){
					platform_name(run->arena, name, platform),
					imp_run_find_platform(
						before->images, before->count,
						&after->images[i]->image->platform),
					after->images[i],
				});
	}
	return rc;
}

/* "OLD..NEW" of --base-image; what begins like a path ("../x") is no division. */
static size_t find_division(struct imp_slice text)
{
	for (size_t i = 1; i + 2 < text.len; i++) {
		bool dots = text.data[i] == '.' && text.data[i + 1] == '.';
		bool is_path = text.data[i - 1] == ':' || text.data[i - 1] == '/' ||
			       text.data[i + 2] == '/';
		if (dots && !is_path)
			return i;
	}
	return text.len;
}

/* The base of one image of a pair: one --base-image for all pairs, or one for each. */
static int use_base(struct imp_run *run, size_t index, bool after, struct imp_error *err)
{
	const struct imp_words *bases = &run->settings->base_images;

	if (bases->count == 0)
		return 0;
	struct imp_slice text = imp_slice_of(bases->list[bases->count == 1 ? 0 : index]);
	size_t at = find_division(text);
	struct imp_slice base = imp_slice(text.data, at);
	if (after && at < text.len)
		base = imp_slice_skip(text, at + 2);
	return imp_run_use_base(run, imp_arena_copy(run->arena, base).data, err);
}

static int analyse_side(struct imp_run *run, size_t index, bool after,
			const struct imp_analysis_set **out, struct imp_error *err)
{
	const char *argument = run->settings->arguments[2 * index + after];
	int rc = use_base(run, index, after, err);

	return rc < 0 ? rc : imp_run_analyse(run, argument, out, err);
}

static int analyse_pair(struct imp_run *run, size_t index, struct pairs *pairs,
			struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const char *name =
		index < settings->pairs.count ? settings->pairs.list[index] : NULL;
	const struct imp_analysis_set *before = NULL, *after = NULL;
	int rc = analyse_side(run, index, false, &before, err);

	if (rc == 0)
		rc = analyse_side(run, index, true, &after, err);
	if (rc < 0)
		return rc;
	if (settings->all_platforms)
		return add_platforms(run, name, before, after, pairs, err);
	add_pair(pairs, (struct pair){name, before->images[0], after->images[0]});
	return 0;
}

static const struct imp_diff *compare(const struct imp_run *run, const struct pair *pair)
{
	struct imp_diff *diff = imp_arena_alloc(run->arena, sizeof(*diff));
	const char *rules = imp_rules_version(run->rules);
	struct imp_diff_options options = {
		.name = pair->name,
		.tool_version = imp_version(),
		.rules_version = {rules, rules},
		.no_nodes = run->settings->no_tree,
	};

	imp_diff_images(pair->before, pair->after, &options, run->arena, diff);
	return diff;
}

static void add_up(struct imp_run *run, const struct pairs *pairs,
		   struct imp_diff_set *set)
{
	const struct imp_analysis **before =
		imp_arena_array(run->arena, pairs->count, sizeof(*before));
	const struct imp_analysis **after =
		imp_arena_array(run->arena, pairs->count, sizeof(*after));

	set->complete = true;
	for (size_t i = 0; i < pairs->count; i++) {
		before[i] = pairs->list[i].before;
		after[i] = pairs->list[i].after;
		set->complete &= before[i]->complete && after[i]->complete;
	}
	imp_diff_distinct(before, after, pairs->count, &set->distinct);
}

static int write_diffs(struct imp_run *run, const struct pairs *pairs,
		       struct imp_error *err)
{
	const struct imp_diff **list =
		imp_arena_array(run->arena, pairs->count, sizeof(*list));
	struct imp_diff_set set = {.list = list, .count = pairs->count};
	struct imp_report report = {.kind = IMP_REPORT_DIFF, .diffs = &set};

	for (size_t i = 0; i < pairs->count; i++)
		list[i] = compare(run, &pairs->list[i]);
	add_up(run, pairs, &set);
	return imp_run_write(run, &report, err);
}

static int check_arguments(const struct imp_settings *settings, struct imp_error *err)
{
	size_t pairs = settings->pairs.count ? settings->pairs.count : 1;

	if (settings->base_images.count > 1 && settings->base_images.count != pairs)
		return imp_fail(err, IMP_E_USAGE,
				"%zu of --base-image: one for all, or one for each pair",
				settings->base_images.count);
	if (settings->argument_count == 2 * pairs)
		return 0;
	if (settings->pairs.count) {
		imp_fail(err, IMP_E_USAGE, "%zu of --pair, %zu images", pairs,
			 settings->argument_count);
		return imp_hint(err, "each takes a name and two images: --pair web OLD "
				     "NEW --pair api OLD NEW");
	}
	imp_fail(err, IMP_E_USAGE, "%zu images, two are compared",
		 settings->argument_count);
	return imp_hint(err, "imgprof diff BEFORE AFTER");
}

static int run_diff(const struct imp_context *context, struct imp_settings *settings,
		    struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};
	imp_auto(pairs_finish) struct pairs pairs = {0};
	int rc = check_arguments(settings, err);

	if (rc == 0)
		rc = imp_run_start(&run, context, settings, IMP_REPORT_DIFF, false, err);
	for (size_t i = 0; rc == 0 && i < settings->argument_count / 2; i++)
		rc = analyse_pair(&run, i, &pairs, err);
	if (rc == 0)
		rc = write_diffs(&run, &pairs, err);
	return rc < 0 ? rc : imp_run_conclude(&run, err);
}

static int apply_pair(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	return imp_words_add(&settings->pairs, "pair", value, err);
}

static int apply_base(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	return imp_words_add(&settings->base_images, "base-image", value, err);
}

static const struct imp_option diff_options[] = {
	{"pair", 0, "NAME", "names the next BEFORE AFTER; may be repeated", "Comparison",
	 NULL, NULL, apply_pair},
	{"base-image", 0, "OLD[..NEW]", "what they are built on, to tell its bytes apart",
	 "Comparison", NULL, NULL, apply_base},
	{0},
};

static const struct imp_option *const options[] = {
	diff_options,       imp_comment_options,
	imp_output_options, imp_evidence_options,
	imp_image_options,  imp_rules_options,
	imp_run_options,    imp_cache_options,
	imp_common_options, NULL,
};

const struct imp_command imp_command_diff = {
	.name = "diff",
	.summary = "what changed between two images, and why",
	.usage = "diff [OPTIONS] BEFORE AFTER",
	.text = "Compares two images of any source by layer, package, class, finding and\n"
		"path, and tells what made the difference in both sizes. Layers that both\n"
		"have are read once, and not at all when the cache knows them.",
	.examples =
		"  imgprof diff ghcr.io/x/web:main ghcr.io/x/web:pr-7\n"
		"  imgprof diff old.tar new.tar -o markdown=comment.md -o json=diff.json\n"
		"  imgprof diff --pair web OLD NEW --pair worker OLD2 NEW2",
	.options = options,
	.run = run_diff,
};
