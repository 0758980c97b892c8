/*
 * One walk over the live tree. Every folder on the way down has a frame: the patterns' steps
 * that are open in it and the verdicts that all below it inherits.
 */
#include "walk_priv.h"

#include <stdlib.h>

#include "conditions_priv.h"
#include "finders_priv.h"

static void mark(struct walk *walk, uint32_t node)
{
	walk->marks[node / 64] |= UINT64_C(1) << (node % 64);
}

static bool is_marked(const struct walk *walk, uint32_t node)
{
	return walk->marks[node / 64] >> (node % 64) & 1;
}

static void set_up(struct walk *walk, struct imp_survey *survey)
{
	const struct imp_rules *rules = survey->input->rules;
	size_t nodes = imp_tree_node_count(survey->input->tree);

	*walk = (struct walk){
		.survey = survey,
		.tree = survey->input->tree,
		.rules = rules,
		.confidences =
			imp_xcalloc(rules->term_count + 1, sizeof(*walk->confidences)),
		.marks = imp_xcalloc(nodes / 64 + 1, sizeof(*walk->marks)),
	};
	if (survey->input->packages->also_count > 0)
		walk->open_depths = imp_xcalloc(nodes + 1, sizeof(*walk->open_depths));
	for (size_t i = 0; i < rules->term_count; i++)
		walk->confidences[i] = imp_term_confidence(survey, &rules->terms[i]);
	for (size_t i = 0; i < survey->spot_count; i++)
		mark(walk, survey->spots[i].node);
	for (size_t i = 0; i < survey->seed_count; i++)
		mark(walk, survey->seeds[i].node);
}

static void tear_down(struct walk *walk)
{
	free(walk->confidences);
	free(walk->marks);
	free(walk->open_depths);
	free(walk->frames);
	free(walk->trails);
	free(walk->verdicts);
	free(walk->targets.list);
}

/* Opens STEP in the folder whose trails start at FIRST, unless it is open already. */
static void open_step(struct walk *walk, size_t first, const struct trail *trail)
{
	const struct imp_step *step = &walk->rules->steps.list[trail->step];

	if (!step->leaf) {
		for (size_t i = first; i < walk->trail_count; i++)
			if (walk->trails[i].step == trail->step)
				return;
		walk->trails = imp_xgrow(walk->trails, &walk->trail_capacity,
					 walk->trail_count + 1, sizeof(*walk->trails));
		walk->trails[walk->trail_count++] = *trail;
	}
	if (step->deep) {
		struct trail deep = *trail;
		deep.step = step->deep;
		open_step(walk, first, &deep);
	}
}

/* A folder's verdict that is in force already, by its own term or by one of the same rule that
 * says as much, is not repeated further down. */
static bool is_in_force(const struct walk *walk, size_t first, uint32_t term,
			enum imp_confidence confidence)
{
	const struct imp_term *t = &walk->rules->terms[term];

	for (size_t i = first; i < walk->verdict_count; i++) {
		const struct verdict *verdict = &walk->verdicts[i];
		const struct imp_term *other = &walk->rules->terms[verdict->term];
		if (verdict->term == term)
			return true;
		if (other->row == t->row && other->except == t->except &&
		    verdict->confidence <= confidence && other->condition_count == 0)
			return true;
	}
	return false;
}

/* The folder of the frame on top matched TERM. */
static void judge_folder(struct walk *walk, uint32_t term, const struct trail *trail)
{
	struct frame *frame = &walk->frames[walk->frame_count - 1];
	const struct imp_row *row = imp_walk_row(walk, term);
	struct verdict verdict = {term,
				  trail->origin,
				  trail->at,
				  trail->origin_depth,
				  trail->at_depth,
				  walk->confidences[term]};

	if (is_in_force(walk, frame->first_verdict, term, verdict.confidence) ||
	    !imp_walk_meets(walk, term, frame->node, false))
		return;
	if (!row->guard)
		imp_walk_add_verdict(walk, &verdict);
	else
		frame->guarded |= row->guarded;
}

static void accept_folder(struct walk *walk, const struct trail *trail)
{
	const struct imp_steps *steps = &walk->rules->steps;
	struct frame *frame = &walk->frames[walk->frame_count - 1];

	for (uint32_t a = steps->list[trail->step].first_accept; a;
	     a = steps->accepts[a].next)
		judge_folder(walk, steps->accepts[a].term, trail);
	open_step(walk, frame->first_trail, trail);
}

/* Patterns that are anchored to the folder of the frame on top; it, or a folder above it of the
 * same kind, is their ORIGIN. */
static void anchor(struct walk *walk, uint32_t step, uint32_t origin)
{
	const struct frame *frame = &walk->frames[walk->frame_count - 1];
	struct trail trail = {step, origin, frame->node, frame->depth, frame->depth};

	accept_folder(walk, &trail);
}

static bool is_project_step(const struct walk *walk, uint32_t step)
{
	return walk->rules->steps.list[step].place == IMP_PLACE_APP;
}

static void anchor_spots(struct walk *walk)
{
	struct frame *frame = &walk->frames[walk->frame_count - 1];
	const struct imp_survey *survey = walk->survey;

	for (size_t i = 0; i < survey->spot_count; i++) {
		if (survey->spots[i].node != frame->node)
			continue;
		if (survey->spots[i].step == IMP_PLACE_APP)
			frame->realm = frame->node;
		anchor(walk, survey->spots[i].step, frame->node);
	}
	size_t count;
	const struct imp_seed *seeds = imp_survey_seeds_of(survey, frame->node, &count);
	for (size_t i = 0; i < count; i++) {
		struct verdict verdict = {seeds[i].term, frame->node,
					  frame->node,   frame->depth,
					  frame->depth,  seeds[i].confidence};
		imp_walk_add_verdict(walk, &verdict);
	}
}

/* Enters a folder of packages: the project ends where they begin. */
static void enter_packages(struct walk *walk, struct imp_slice name)
{
	struct frame *frame = &walk->frames[walk->frame_count - 1];
	bool npm = imp_slice_is(name, "node_modules");
	uint32_t *outermost = npm ? &frame->npm : &frame->python;

	if (frame->npm == IMP_NONE && frame->python == IMP_NONE)
		frame->realm = frame->node;
	if (*outermost == IMP_NONE)
		*outermost = frame->node;
	anchor(walk, npm ? IMP_PLACE_NM : IMP_PLACE_SP, *outermost);
}

static void push_frame(struct walk *walk, const struct visit *visit,
		       const struct frame *parent)
{
	struct frame frame = {.node = visit->node,
			      .depth = visit->depth,
			      .first_trail = walk->trail_count,
			      .first_verdict = walk->verdict_count,
			      .realm = parent ? parent->realm : IMP_NONE,
			      .guarded = parent ? parent->guarded : 0,
			      .npm = parent ? parent->npm : IMP_NONE,
			      .python = parent ? parent->python : IMP_NONE};

	walk->frames = imp_xgrow(walk->frames, &walk->frame_capacity,
				 walk->frame_count + 1, sizeof(*walk->frames));
	walk->frames[walk->frame_count++] = frame;
	if (walk->open_depths)
		walk->open_depths[visit->node] = visit->depth + 1;
}

static void follow_into_folder(struct walk *walk, const struct visit *visit,
			       const struct trail *from)
{
	walk->targets.count = 0;
	imp_steps_follow(&walk->rules->steps, from->step, &visit->name, &walk->targets);
	for (size_t i = 0; i < walk->targets.count; i++) {
		struct trail trail = {walk->targets.list[i].step, from->origin,
				      visit->node, from->origin_depth, visit->depth};
		accept_folder(walk, &trail);
	}
}

static void enter_folder(struct walk *walk, const struct visit *visit)
{
	const struct imp_steps *steps = &walk->rules->steps;
	bool package_folder = imp_is_package_folder(visit->name.text);
	struct frame parent = walk->frames[walk->frame_count - 1];

	push_frame(walk, visit, &parent);
	for (size_t i = visit->first_verdict; i < visit->end_verdict; i++) {
		struct verdict inherited = walk->verdicts[i];
		imp_walk_add_verdict(walk, &inherited);
	}
	for (size_t i = visit->first_trail; i < visit->end_trail; i++) {
		struct trail trail = walk->trails[i];
		bool leaves_project = package_folder && is_project_step(walk, trail.step);
		if (steps->list[trail.step].sticky && !leaves_project)
			open_step(walk, walk->frames[walk->frame_count - 1].first_trail,
				  &trail);
		follow_into_folder(walk, visit, &trail);
	}
	if (package_folder)
		enter_packages(walk, visit->name.text);
	if (is_marked(walk, visit->node))
		anchor_spots(walk);
}

/* The file itself matched TERM: a candidate behind the inherited ones. */
static void judge_file(struct walk *walk, const struct visit *visit, uint32_t term,
		       const struct trail *from, bool literal, uint32_t *guarded)
{
	const struct imp_row *row = imp_walk_row(walk, term);
	struct verdict verdict = {term,
				  from->origin,
				  literal ? visit->node : from->at,
				  from->origin_depth,
				  literal ? visit->depth : from->at_depth,
				  walk->confidences[term]};

	if (!imp_walk_meets(walk, term, visit->node, false))
		return;
	if (row->guard)
		*guarded |= row->guarded;
	else
		imp_walk_add_verdict(walk, &verdict);
}

static void follow_to_file(struct walk *walk, const struct visit *visit,
			   uint32_t *guarded)
{
	const struct imp_steps *steps = &walk->rules->steps;

	for (size_t i = visit->first_trail; i < visit->end_trail; i++) {
		struct trail from = walk->trails[i];
		walk->targets.count = 0;
		imp_steps_follow(steps, from.step, &visit->name, &walk->targets);
		for (size_t t = 0; t < walk->targets.count; t++) {
			struct imp_target target = walk->targets.list[t];
			uint32_t a = steps->list[target.step].first_accept;
			for (; a; a = steps->accepts[a].next)
				if (!steps->accepts[a].below)
					judge_file(walk, visit, steps->accepts[a].term,
						   &from, target.literal, guarded);
		}
	}
	if (!is_marked(walk, visit->node))
		return;
	size_t count;
	const struct imp_seed *seeds =
		imp_survey_seeds_of(walk->survey, visit->node, &count);
	for (size_t i = 0; i < count; i++) {
		struct verdict verdict = {seeds[i].term, visit->node,
					  visit->node,   visit->depth,
					  visit->depth,  seeds[i].confidence};
		imp_walk_add_verdict(walk, &verdict);
	}
}

static void visit_file(struct walk *walk, const struct visit *visit, uint32_t record)
{
	uint32_t guarded = walk->frames[walk->frame_count - 1].guarded;

	follow_to_file(walk, visit, &guarded);
	imp_walk_add_documentation(walk, visit, record);
	imp_walk_note_secrets(walk, visit, record);
	imp_walk_judge(walk, visit, record, guarded);
	walk->verdict_count = visit->end_verdict;
}

static void leave_folders(struct walk *walk, uint32_t parent)
{
	while (walk->frames[walk->frame_count - 1].node != parent) {
		const struct frame *frame = &walk->frames[--walk->frame_count];
		walk->trail_count = frame->first_trail;
		walk->verdict_count = frame->first_verdict;
		if (walk->open_depths)
			walk->open_depths[frame->node] = 0;
	}
}

static void visit_node(struct walk *walk, uint32_t n, const struct imp_node *node)
{
	leave_folders(walk, node->parent);
	const struct frame *frame = &walk->frames[walk->frame_count - 1];
	struct visit visit = {.node = n,
			      .depth = frame->depth + 1,
			      .first_trail = frame->first_trail,
			      .end_trail = walk->trail_count,
			      .first_verdict = frame->first_verdict,
			      .end_verdict = walk->verdict_count};

	imp_name_look_up(&walk->rules->steps, imp_tree_name(walk->tree, n), &visit.name);
	if (node->directory) {
		if (node->first_child != IMP_NONE)
			enter_folder(walk, &visit);
		return;
	}
	uint8_t type = imp_tree_record(walk->tree, node->shown)->type;
	if (type == IMP_ENTRY_FILE || type == IMP_ENTRY_HARDLINK)
		visit_file(walk, &visit, node->shown);
}

static void enter_root(struct walk *walk)
{
	struct visit visit = {.node = 0};

	push_frame(walk, &visit, NULL);
	anchor(walk, IMP_PLACE_ANYWHERE, 0);
	anchor(walk, IMP_PLACE_ROOT, 0);
	if (is_marked(walk, 0))
		anchor_spots(walk);
}

void imp_survey_walk(struct imp_survey *survey)
{
	struct walk walk;
	bool live = true;

	set_up(&walk, survey);
	enter_root(&walk);
	for (uint32_t n = imp_tree_next(walk.tree, 0, true); n != IMP_NONE;
	     n = imp_tree_next(walk.tree, n, live)) {
		const struct imp_node *node = imp_tree_node(walk.tree, n);
		live = node->live;
		if (live)
			visit_node(&walk, n, node);
	}
	tear_down(&walk);
}

void imp_survey_finish(struct imp_survey *survey)
{
	free(survey->spots);
	imp_texts_finish(&survey->languages);
	free(survey->seeds);
	for (size_t i = 0; survey->memos && i < survey->memos->count; i++)
		imp_map_finish(&survey->memos->list[i].stems);
	if (survey->memos)
		free(survey->memos->list);
	free(survey->memos);
	imp_index_destroy(survey->index);
	free(survey->hit_of);
	free(survey->hits);
	free(survey->reasons);
	free(survey->row_reasons);
	free(survey->package_verdicts);
	free(survey->held);
	free(survey->secrets);
	*survey = (struct imp_survey){0};
}
