/* A diff from two analyses: what is compared, then one list after the other. */
#include "compare_priv.h"

#include <stdlib.h>

static const char *copy_text(struct imp_arena *arena, const char *text)
{
	return text ? imp_arena_text(arena, text) : "";
}

static struct imp_diff_side make_side(const struct imp_analysis *image,
				      const struct imp_diff_options *options, int side,
				      struct imp_arena *arena)
{
	const struct imp_platform *platform = &image->image->platform;
	struct imp_diff_side head = {
		.reference = copy_text(arena, image->image->reference),
		.digest = image->image->digest,
		.platform = {.os = copy_text(arena, platform->os),
			     .architecture = copy_text(arena, platform->architecture),
			     .variant = copy_text(arena, platform->variant)},
		.created_ns = image->image->config.created_ns,
		.has_created = image->image->config.has_created,
		.complete = image->complete,
		.layer_count = image->layer_count,
		.base = image->base,
		.tool_version = copy_text(arena, options->tool_version[side]),
		.rules_version = copy_text(arena, options->rules_version[side]),
	};

	head.base.name = imp_arena_copy(arena, image->base.name);
	return head;
}

/* A guess bounds the base, it does not tell it. */
static bool knows_base(const struct imp_analysis *image)
{
	return image->base.origin != IMP_BASE_UNKNOWN &&
	       image->base.origin != IMP_BASE_GUESSED && image->base.layer_count > 0;
}

static void add_up(struct imp_comparison *c, int side)
{
	for (size_t i = 0; i < c->image[side]->layer_count; i++) {
		const struct imp_profile_summary *summary =
			&c->image[side]->layers[i].summary;
		imp_tally_add(&c->total, imp_part_of(c, side, (uint16_t)i), side,
			      summary->disk_bytes, summary->pull_bytes);
	}
}

static void prepare(struct imp_comparison *c)
{
	c->origin_known = knows_base(c->image[0]) && knows_base(c->image[1]);
	for (int side = 0; side < IMP_SIDES; side++) {
		c->tree[side] = c->image[side]->tree;
		c->base_layers[side] = c->image[side]->base.layer_count;
		add_up(c, side);
	}
	imp_comparison_join(c);
	imp_comparison_match(c);
	c->overhead = c->total;
	for (size_t p = 0; p < c->place_count; p++)
		imp_tally_subtract(&c->overhead, &c->places[p].sum);
}

static void finish(struct imp_comparison *c)
{
	free(c->places);
	for (int side = 0; side < IMP_SIDES; side++) {
		free(c->place_of[side]);
		free(c->match[side]);
	}
}

static void set_origins(const struct imp_comparison *c, struct imp_diff *out)
{
	struct imp_tally parts[IMP_PARTS] = {0};

	for (int part = 0; part < IMP_PARTS; part++)
		for (int side = 0; side < IMP_SIDES; side++)
			parts[part].bytes[part][side] = c->total.bytes[part][side];
	out->origin_known = c->origin_known;
	out->own = imp_tally_sum(&parts[IMP_PART_OWN]);
	out->base = imp_tally_sum(&parts[IMP_PART_BASE]);
}

static bool rules_differ(const struct imp_diff_options *options)
{
	const char *before = options->rules_version[0],
		   *after = options->rules_version[1];

	return strcmp(before ? before : "", after ? after : "") != 0;
}

static void make_lists(const struct imp_comparison *c, bool with_nodes,
		       struct imp_diff *out)
{
	imp_diff_make_layers(c, out);
	imp_diff_make_packages(c, out);
	imp_diff_make_classes(c, out);
	imp_diff_make_paths(c, out);
	imp_diff_make_attributes(c, out);
	imp_diff_make_findings(c, out);
	imp_diff_make_settings(c, out);
	imp_diff_make_reasons(c, out);
	if (with_nodes)
		imp_diff_make_nodes(c, out);
}

void imp_diff_images(const struct imp_analysis *before, const struct imp_analysis *after,
		     const struct imp_diff_options *options, struct imp_arena *arena,
		     struct imp_diff *out)
{
	imp_auto(finish) struct imp_comparison comparison = {.image = {before, after},
							     .arena = arena};

	*out = (struct imp_diff){
		.name = imp_arena_text(arena, options->name),
		.before = make_side(before, options, 0, arena),
		.after = make_side(after, options, 1, arena),
		.rules_differ = rules_differ(options),
		.chain_break = IMP_NONE,
	};
	for (int total = 0; total < IMP_TOTALS; total++)
		out->totals[total] = (struct imp_before_after){
			imp_total_of(before, (enum imp_total)total),
			imp_total_of(after, (enum imp_total)total)};
	comparison.findings = !out->rules_differ && before->findings && after->findings;
	prepare(&comparison);
	set_origins(&comparison, out);
	make_lists(&comparison, !options->no_nodes, out);
}

bool imp_diff_is_empty(const struct imp_diff *diff)
{
	for (int total = 0; total < IMP_TOTALS; total++)
		if (diff->totals[total].before != diff->totals[total].after)
			return false;
	for (size_t i = 0; i < diff->layer_count; i++)
		if (diff->layers[i].state != IMP_DIFF_SAME)
			return false;
	return diff->new_layers == 0 && diff->package_count == 0 &&
	       diff->path_count == 0 && diff->attribute_count == 0 &&
	       diff->finding_count == 0 && diff->setting_count == 0 &&
	       diff->reason_count == 0;
}
