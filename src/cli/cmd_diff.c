/* imgprof diff BEFORE AFTER: what changed. */
#include <stdlib.h>
#include <string.h>

#include "build_info.h"
#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/compare.h"
#include "imgprof/report.h"
#include "report_file.h"
#include "run.h"

/* What one argument names: one image, or one for each platform. */
struct side {
	const struct imp_analysis *const *images;
	size_t count;
	const char *argument;
	const char *tool_version, *rules_version; /* that made them */
};

struct pair {
	const char *name; /* NULL: none */
	const struct imp_analysis *image[2];
	const char *tool_version[2], *rules_version[2];
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

/* Every platform of FROM is in OTHER. */
static int check_platforms(const struct imp_run *run, const struct side *from,
			   const struct side *other, struct imp_error *err)
{
	for (size_t i = 0; i < from->count; i++) {
		const char *platform =
			imp_platform_text(&from->images[i]->image->platform, run->arena);
		if (!imp_run_find_platform(other->images, other->count,
					   &from->images[i]->image->platform))
			return imp_fail(err, IMP_E_NOT_FOUND,
					"%s has no %s, which %s has", other->argument,
					platform, from->argument);
	}
	return 0;
}

static struct pair make_pair(const char *name, const struct side sides[2])
{
	return (struct pair){
		.name = name,
		.image = {sides[0].images[0], sides[1].images[0]},
		.tool_version = {sides[0].tool_version, sides[1].tool_version},
		.rules_version = {sides[0].rules_version, sides[1].rules_version},
	};
}

static int add_platforms(struct imp_run *run, const char *name,
			 const struct side sides[2], struct pairs *pairs,
			 struct imp_error *err)
{
	int rc = check_platforms(run, &sides[0], &sides[1], err);

	if (rc == 0)
		rc = check_platforms(run, &sides[1], &sides[0], err);
	for (size_t i = 0; rc == 0 && i < sides[1].count; i++) {
		const struct imp_analysis *after = sides[1].images[i];
		const char *platform =
			imp_platform_text(&after->image->platform, run->arena);
		struct pair pair = make_pair(platform, sides);
		if (name)
			pair.name = imp_arena_printf(run->arena, "%s %s", name, platform);
		pair.image[0] = imp_run_find_platform(sides[0].images, sides[0].count,
						      &after->image->platform);
		pair.image[1] = after;
		add_pair(pairs, pair);
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

/* A stored report of several images: the one for the platform that is asked for. */
static int choose_image(const struct imp_run *run, struct side *side,
			struct imp_error *err)
{
	const char *platform = run->settings->platform;
	struct imp_platform host = imp_platform_host();

	if (run->settings->all_platforms || side->count == 1)
		return 0;
	if (!platform)
		platform = imp_platform_text(&host, run->arena);
	for (size_t i = 0; i < side->count; i++) {
		if (strcmp(imp_platform_text(&side->images[i]->image->platform,
					     run->arena),
			   platform) != 0)
			continue;
		side->images += i;
		side->count = 1;
		return 0;
	}
	return imp_fail(err, IMP_E_NOT_FOUND, "%s: none of its %zu images is for %s",
			side->argument, side->count, platform);
}

static int reload_side(struct imp_run *run, struct side *side, struct imp_error *err)
{
	const struct imp_reloaded *stored = NULL;

	if (run->settings->base_images.count > 0)
		return imp_fail(err, IMP_E_USAGE,
				"%s: --base-image needs the image itself",
				side->argument);
	int rc = imp_run_reload(run, side->argument, &stored, err);
	if (rc != 0)
		return rc;
	side->images = stored->images;
	side->count = stored->image_count;
	side->tool_version = stored->tool_version;
	side->rules_version = stored->rules_version;
	return choose_image(run, side, err);
}

static int analyse_side(struct imp_run *run, size_t index, bool after, struct side *side,
			struct imp_error *err)
{
	const struct imp_analysis_set *set = NULL;

	*side = (struct side){
		.argument = run->settings->arguments[2 * index + after],
		.tool_version = imp_version(),
		.rules_version = imp_rules_version(run->rules),
	};
	if (imp_report_file_is(side->argument))
		return reload_side(run, side, err);
	int rc = use_base(run, index, after, err);
	if (rc == 0)
		rc = imp_run_analyse(run, side->argument, &set, err);
	if (rc != 0)
		return rc;
	side->images = set->images;
	side->count = set->count;
	return 0;
}

static int analyse_pair(struct imp_run *run, size_t index, struct pairs *pairs,
			struct imp_error *err)
{
	const struct imp_words *names = &run->settings->pairs;
	const char *name = index < names->count ? names->list[index] : NULL;
	struct side sides[2];
	int rc = 0;

	for (int side = 0; rc == 0 && side < 2; side++)
		rc = analyse_side(run, index, side, &sides[side], err);
	if (rc != 0)
		return rc;
	if (run->settings->all_platforms)
		return add_platforms(run, name, sides, pairs, err);
	add_pair(pairs, make_pair(name, sides));
	return 0;
}

static const struct imp_diff *compare(const struct imp_run *run, const struct pair *pair)
{
	struct imp_diff *diff = imp_arena_alloc(run->arena, sizeof(*diff));
	struct imp_diff_options options = {
		.name = pair->name,
		.tool_version = {pair->tool_version[0], pair->tool_version[1]},
		.rules_version = {pair->rules_version[0], pair->rules_version[1]},
		.no_nodes = run->settings->no_tree,
	};

	imp_diff_images(pair->image[0], pair->image[1], &options, run->arena, diff);
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
		before[i] = pairs->list[i].image[0];
		after[i] = pairs->list[i].image[1];
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

/* Reports tell their images by name. */
static int check_names(const struct imp_words *names, struct imp_error *err)
{
	for (size_t i = 0; i < names->count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(names->list[i], names->list[k]) == 0)
				return imp_fail(err, IMP_E_USAGE,
						"--pair '%s' stands here twice",
						names->list[i]);
	return 0;
}

static int check_arguments(const struct imp_settings *settings, struct imp_error *err)
{
	size_t pairs = settings->pairs.count ? settings->pairs.count : 1;

	if (settings->base_images.count > 1 && settings->base_images.count != pairs)
		return imp_fail(err, IMP_E_USAGE,
				"%zu of --base-image: one for all, or one for each pair",
				settings->base_images.count);
	if (settings->argument_count == 2 * pairs)
		return check_names(&settings->pairs, err);
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
		"have are read once, and not at all when the cache knows them. A report that\n"
		"imgprof IMAGE -o json=FILE stored stands for its image.",
	.examples =
		"  imgprof diff ghcr.io/x/web:main ghcr.io/x/web:pr-7\n"
		"  imgprof diff old.tar new.tar -o markdown=comment.md -o json=diff.json\n"
		"  imgprof diff main.json new.tar\n"
		"  imgprof diff --pair web OLD NEW --pair worker OLD2 NEW2",
	.options = options,
	.run = run_diff,
};
