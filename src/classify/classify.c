#include <stdlib.h>

#include "describe_priv.h"

static int compare_findings(const void *a, const void *b)
{
	const struct imp_finding *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return strcmp(x->id, y->id);
}

/* A finding and the draft that it was. */
struct numbered {
	struct imp_finding finding;
	uint32_t draft;
};

static int compare_numbered(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return compare_findings(&x->finding, &y->finding);
}

/* Describes and sorts; FINDING_OF goes from drafts to places in the list. */
static void list_findings(struct imp_describer *describer, struct imp_drafts *drafts,
			  struct imp_parts *parts, uint32_t *finding_of,
			  struct imp_findings *out)
{
	size_t count = drafts->count;
	imp_auto_free struct numbered *all = imp_xcalloc(count + 1, sizeof(*all));
	imp_auto_free uint32_t *place = imp_xcalloc(count + 1, sizeof(*place));
	struct imp_finding *list =
		imp_arena_array(describer->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		imp_describe(describer, &drafts->list[i], &all[i].finding);
		all[i].draft = (uint32_t)i;
	}
	qsort(all, count, sizeof(*all), compare_numbered);
	for (size_t i = 0; i < count; i++) {
		list[i] = all[i].finding;
		place[all[i].draft] = (uint32_t)i;
	}
	for (uint32_t r = 0; r < imp_tree_record_count(describer->input->tree); r++)
		if (finding_of[r] != IMP_NONE)
			finding_of[r] = place[finding_of[r]];
	for (size_t i = 0; i < parts->count; i++)
		parts->list[i].finding = place[parts->list[i].finding];
	out->list = list;
	out->count = count;
	out->finding_of = finding_of;
}

/* Class and possible class of every live file and link; the rest is wasted or, for other
 * types, runtime. */
static void mark_records(const struct imp_tree *tree, struct imp_arena *arena,
			 struct imp_findings *out)
{
	uint32_t count = imp_tree_record_count(tree);
	uint8_t *class_of = imp_arena_alloc(arena, count);
	uint8_t *possible_class_of = imp_arena_alloc(arena, count);

	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		uint32_t number = out->finding_of[r];
		if (record->fate != IMP_FATE_LIVE) {
			class_of[r] = IMP_CLASS_WASTED;
		} else if (number != IMP_NONE) {
			const struct imp_finding *finding = &out->list[number];
			bool possible = finding->confidence == IMP_CONFIDENCE_POSSIBLE;
			*(possible ? &possible_class_of[r] : &class_of[r]) =
				(uint8_t)finding->class;
		}
	}
	out->class_of = class_of;
	out->possible_class_of = possible_class_of;
}

static int compare_classes(const void *a, const void *b)
{
	const struct imp_class_sum *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return (int)x->class - (int)y->class;
}

/* Parts of files move from the file's row to their finding's; the file itself stays. */
static void move_parts(const struct imp_findings *findings,
		       struct imp_sum sums[IMP_CLASSES])
{
	for (size_t i = 0; i < findings->partial_count; i++) {
		const struct imp_partial *part = &findings->partials[i];
		const struct imp_finding *finding = &findings->list[part->finding];
		struct imp_sum *from = &sums[findings->class_of[part->record]];
		struct imp_sum *to = &sums[finding->class];
		if (finding->confidence == IMP_CONFIDENCE_POSSIBLE)
			continue;
		from->disk_bytes -= part->disk_bytes;
		from->pull_bytes -= part->pull_bytes;
		to->disk_bytes += part->disk_bytes;
		to->pull_bytes += part->pull_bytes;
	}
}

static void add_up_classes(const struct imp_tree *tree, struct imp_arena *arena,
			   struct imp_findings *out)
{
	struct imp_sum sums[IMP_CLASSES] = {0};
	struct imp_class_sum *classes =
		imp_arena_array(arena, IMP_CLASSES, sizeof(*classes));

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (file->type != IMP_ENTRY_FILE)
			continue;
		imp_sum_add_record(&sums[out->class_of[r]], file);
		imp_sum_add_record(
			file->fate == IMP_FATE_LIVE ? &out->live : &out->wasted, file);
	}
	move_parts(out, sums);
	for (int class = 0; class < IMP_CLASSES; class ++)
		if (class != IMP_CLASS_WASTED &&
		    (sums[class].files > 0 || sums[class].disk_bytes > 0))
			classes[out->class_count++] = (struct imp_class_sum){
				.class = (enum imp_class) class, .sum = sums[class]};
	qsort(classes, out->class_count, sizeof(*classes), compare_classes);
	out->classes = classes;
}

static void add_up_findings(struct imp_findings *out)
{
	for (size_t i = 0; i < out->count; i++)
		if (out->list[i].class != IMP_CLASS_SECRET)
			imp_sum_add_sum(&out->by_confidence[out->list[i].confidence],
					&out->list[i].sum);
	out->reclaimable = out->by_confidence[IMP_CONFIDENCE_CERTAIN];
	imp_sum_add_sum(&out->reclaimable, &out->by_confidence[IMP_CONFIDENCE_LIKELY]);
}

static void keep_parts(struct imp_arena *arena, const struct imp_parts *parts,
		       struct imp_findings *out)
{
	struct imp_partial *list = imp_arena_array(arena, parts->count, sizeof(*list));

	if (parts->count > 0)
		memcpy(list, parts->list, parts->count * sizeof(*list));
	out->partials = list;
	out->partial_count = parts->count;
}

static void warn_of_secrets(const struct imp_classify_input *input,
			    const struct imp_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct imp_finding *finding = &findings->list[i];
		if (finding->class == IMP_CLASS_SECRET)
			imp_warnings_add(input->warnings, "secret", IMP_NO_LAYER,
					 finding->path_count > 0 ? finding->paths[0]
								 : IMP_SLICE(""),
					 "%s", finding->title);
	}
}

/* Whatever could not be read may hold what would have kept or freed files. */
static void warn_of_unreadable(const struct imp_classify_input *input)
{
	const struct imp_packages *packages = input->packages;

	for (size_t i = 0; i < packages->unreadable_count; i++) {
		const struct imp_unreadable *unreadable = &packages->unreadable[i];
		imp_warnings_add(input->warnings, "unreadable", IMP_NO_LAYER,
				 unreadable->path, "unreadable record of %s: %s",
				 imp_manager_name(unreadable->manager),
				 unreadable->reason);
	}
}

/* All that is drafted before it is described. */
struct drafted {
	struct imp_drafts drafts, dropped;
	struct imp_parts parts;
	uint32_t *finding_of; /* in the arena */
};

static void drafted_finish(struct drafted *drafted)
{
	imp_drafts_finish(&drafted->drafts);
	imp_drafts_finish(&drafted->dropped);
	free(drafted->parts.list);
}

static void finish(struct imp_describer *describer, struct drafted *drafted,
		   struct imp_findings *out)
{
	const struct imp_tree *tree = describer->input->tree;

	*out = (struct imp_findings){.base_layers = describer->base_layers};
	describer->drafts = &drafted->drafts;
	imp_collapse(tree, describer->survey, &drafted->drafts, drafted->finding_of);
	if (describer->survey)
		imp_draft_packages_sort(&describer->members, describer->survey,
					&drafted->drafts);
	list_findings(describer, &drafted->drafts, &drafted->parts, drafted->finding_of,
		      out);
	keep_parts(describer->arena, &drafted->parts, out);
	imp_list_dropped(describer, &drafted->dropped, out);
	mark_records(tree, describer->arena, out);
	add_up_classes(tree, describer->arena, out);
	add_up_findings(out);
	imp_draft_packages_finish(&describer->members);
}

static void survey_image(struct imp_survey *survey,
			 const struct imp_classify_input *input, struct imp_arena *arena)
{
	uint32_t records = imp_tree_record_count(input->tree);

	*survey = (struct imp_survey){.input = input, .arena = arena};
	survey->memos = imp_xcalloc(1, sizeof(*survey->memos));
	survey->hit_of = imp_xmalloc((records + 1) * sizeof(*survey->hit_of));
	memset(survey->hit_of, 0xff, records * sizeof(*survey->hit_of));
	imp_survey_standing(survey);
	imp_survey_places(survey);
	imp_survey_languages(survey);
	imp_survey_find_all(survey);
	imp_survey_packages(survey);
	imp_survey_walk(survey);
}

static void draft_live(struct imp_survey *survey, struct drafted *drafted)
{
	imp_verdicts_draft(survey, &drafted->drafts, &drafted->dropped,
			   drafted->finding_of);
	imp_parts_draft(survey, &drafted->drafts, &drafted->dropped, drafted->finding_of,
			&drafted->parts);
	imp_secrets_draft(survey, &drafted->drafts);
}

static bool has_ledger(const struct imp_rules *rules)
{
	for (int fate = IMP_FATE_LIVE + 1; rules && fate < IMP_FATES; fate++)
		if (!imp_rules_ledger_row(rules, (enum imp_fate)fate))
			return false;
	return rules;
}

static void warn(const struct imp_classify_input *input,
		 const struct imp_findings *findings)
{
	warn_of_unreadable(input);
	warn_of_secrets(input, findings);
}

/* RULES NULL: the ledger alone. */
static int classify(const struct imp_classify_input *input, const struct imp_rules *rules,
		    struct imp_arena *arena, struct imp_findings *out,
		    struct imp_error *err)
{
	imp_auto_destroy(imp_rules) struct imp_rules *builtin = NULL;
	imp_auto(imp_survey_finish) struct imp_survey survey = {0};
	imp_auto(drafted_finish) struct drafted drafted = {0};
	uint32_t records = imp_tree_record_count(input->tree);

	imp_drafts_init(&drafted.drafts);
	imp_drafts_init(&drafted.dropped);
	if (!has_ledger(input->rules) && imp_rules_builtin(&builtin, err) < 0)
		return imp_fail(err, IMP_E_BUG, "the built-in rules do not load");
	drafted.finding_of = imp_arena_array(arena, records, sizeof(uint32_t));
	memset(drafted.finding_of, 0xff, records * sizeof(uint32_t));
	imp_ledger_draft(input->tree, builtin ? builtin : input->rules, &drafted.drafts,
			 drafted.finding_of);
	if (rules) {
		survey_image(&survey, input, arena);
		draft_live(&survey, &drafted);
	}
	struct imp_describer describer = {
		.input = input,
		.survey = rules ? &survey : NULL,
		.arena = arena,
		.base_layers = input->base_known ? input->base_layers
						 : imp_base_layers(input->image,
								   input->base_layers)};
	struct imp_findings findings;
	finish(&describer, &drafted, &findings);
	int rc = imp_findings_check(input->tree, &findings, err);
	if (rc == 0) {
		*out = findings;
		if (rules)
			warn(input, out);
	}
	return rc;
}

int imp_classify(const struct imp_classify_input *input, struct imp_arena *arena,
		 struct imp_findings *out, struct imp_error *err)
{
	return classify(input, input->rules, arena, out, err);
}

int imp_classify_ledger(const struct imp_classify_input *input, struct imp_arena *arena,
			struct imp_findings *out, struct imp_error *err)
{
	return classify(input, NULL, arena, out, err);
}
