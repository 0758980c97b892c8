/* Which of the verdicts on a file holds: the path's, its package's, one that an anchor takes back
 * (classification.md 1.4). */
#include "walk_priv.h"

#include "conditions_priv.h"
#include "imgprof/search.h"

const struct imp_row *imp_walk_row(const struct walk *walk, uint32_t term)
{
	return &walk->rules->rows[walk->rules->terms[term].row];
}

/* Conditions of the folder or file itself, or those that only its files can meet. */
bool imp_walk_meets(const struct walk *walk, uint32_t term, uint32_t node, bool of_files)
{
	const struct imp_term *t = &walk->rules->terms[term];

	for (size_t i = 0; i < t->condition_count; i++) {
		const struct imp_condition *condition = &t->conditions[i];
		if (imp_condition_of_files(condition) == of_files &&
		    !imp_condition_holds(walk->survey, condition, node))
			return false;
	}
	return true;
}

void imp_walk_add_verdict(struct walk *walk, const struct verdict *verdict)
{
	walk->verdicts = imp_xgrow(walk->verdicts, &walk->verdict_capacity,
				   walk->verdict_count + 1, sizeof(*walk->verdicts));
	walk->verdicts[walk->verdict_count++] = *verdict;
}

/* These judge a folder as a whole: at equal confidence what they say goes before what is said
 * of single files in it. */
static bool is_whole(const struct imp_row *row)
{
	return row->class == IMP_CLASS_TOOLCHAIN || row->class == IMP_CLASS_DEV_DEP ||
	       row->class == IMP_CLASS_DUP || row->class == IMP_CLASS_VCS;
}

/* Precedence of classification.md 1.4: the surer verdict, then the deeper folder. */
static bool is_better(const struct walk *walk, const struct verdict *a,
		      const struct verdict *b)
{
	bool a_whole = is_whole(imp_walk_row(walk, a->term));

	if (a->confidence != b->confidence)
		return a->confidence < b->confidence;
	if (a_whole != is_whole(imp_walk_row(walk, b->term)))
		return a_whole;
	if (a->at_depth != b->at_depth)
		return a->at_depth > b->at_depth;
	if (a->origin_depth != b->origin_depth)
		return a->origin_depth > b->origin_depth;
	return walk->rules->terms[a->term].row < walk->rules->terms[b->term].row;
}

static bool is_excepted(const struct walk *walk, size_t first, uint32_t row)
{
	for (size_t i = first; i < walk->verdict_count; i++) {
		const struct imp_term *term = &walk->rules->terms[walk->verdicts[i].term];
		if (term->except && term->row == row)
			return true;
	}
	return false;
}

/* The best verdict of those that stand, or (KEPT) of those that an anchor takes back. */
static const struct verdict *choose(const struct walk *walk, size_t first, uint32_t node,
				    uint32_t guarded, bool kept)
{
	const struct verdict *best = NULL;

	for (size_t i = first; i < walk->verdict_count; i++) {
		const struct verdict *verdict = &walk->verdicts[i];
		const struct imp_term *term = &walk->rules->terms[verdict->term];
		const struct imp_row *row = &walk->rules->rows[term->row];
		if (term->except || (guarded >> row->class & 1) ||
		    row->class == IMP_CLASS_SECRET || row->ignores ||
		    (walk->survey->row_reasons[term->row] != IMP_NONE) != kept ||
		    (best && !is_better(walk, verdict, best)))
			continue;
		if (!is_excepted(walk, first, term->row) &&
		    imp_walk_meets(walk, verdict->term, node, true))
			best = verdict;
	}
	return best;
}

/* Secrets take no bytes from any other verdict: they stand beside it. */
void imp_walk_note_secrets(struct walk *walk, const struct visit *visit, uint32_t record)
{
	struct imp_survey *survey = walk->survey;

	for (size_t i = visit->first_verdict; i < walk->verdict_count; i++) {
		uint32_t number = walk->verdicts[i].term;
		const struct imp_term *term = &walk->rules->terms[number];
		if (walk->rules->rows[term->row].class != IMP_CLASS_SECRET ||
		    term->except || survey->row_reasons[term->row] != IMP_NONE ||
		    !imp_walk_meets(walk, number, visit->node, true) ||
		    is_excepted(walk, visit->first_verdict, term->row))
			continue;
		survey->secrets =
			imp_xgrow(survey->secrets, &survey->secret_capacity,
				  survey->secret_count + 1, sizeof(*survey->secrets));
		survey->secrets[survey->secret_count++] =
			(struct imp_secret){record, term->row};
	}
}

/* What the user wrote about the path; IMP_NONE when nothing. */
static uint32_t ignored_reason(const struct walk *walk, const struct visit *visit)
{
	for (size_t i = visit->first_verdict;
	     walk->rules->ignores_paths && i < walk->verdict_count; i++) {
		uint32_t term = walk->verdicts[i].term;
		uint32_t row = walk->rules->terms[term].row;
		if (walk->rules->rows[row].ignores &&
		    imp_walk_meets(walk, term, visit->node, true))
			return walk->survey->row_reasons[row];
	}
	return IMP_NONE;
}

static void add_hit(struct walk *walk, const struct visit *visit, uint32_t record,
		    const struct imp_hit *hit)
{
	uint32_t ignored = ignored_reason(walk, visit);
	struct imp_survey *survey = walk->survey;

	survey->hits = imp_xgrow(survey->hits, &survey->hit_capacity,
				 survey->hit_count + 1, sizeof(*survey->hits));
	survey->hit_of[record] = (uint32_t)survey->hit_count;
	survey->hits[survey->hit_count] = *hit;
	if (ignored != IMP_NONE)
		survey->hits[survey->hit_count].reason = ignored;
	survey->hit_count++;
}

static void add_path_hit(struct walk *walk, const struct visit *visit, uint32_t record,
			 const struct verdict *verdict)
{
	struct imp_hit hit = {
		.term = verdict->term,
		.at = verdict->at,
		.origin = verdict->origin,
		.realm = walk->frames[walk->frame_count - 1].realm,
		.package = IMP_NONE,
		.reason =
			walk->survey->row_reasons[walk->rules->terms[verdict->term].row],
		.confidence = verdict->confidence,
	};
	add_hit(walk, visit, record, &hit);
}

static void add_package_hit(struct walk *walk, const struct visit *visit, uint32_t record,
			    uint32_t package)
{
	const struct imp_package_verdict *verdict =
		&walk->survey->package_verdicts[package];
	uint32_t home = walk->survey->input->packages->list[package].home;
	struct imp_hit hit = {
		.term = verdict->term,
		.at = home == IMP_NONE ? visit->node : home,
		.origin = IMP_NONE,
		.realm = IMP_NONE,
		.package = package,
		.reason = verdict->reason,
		.confidence = verdict->confidence,
	};
	add_hit(walk, visit, record, &hit);
}

/* Others that list RECORD: where they start in packages->also. */
static size_t first_other(const struct imp_packages *packages, uint32_t record)
{
	return IMP_FIRST_NOT(packages->also_count, i, packages->also[i].record < record);
}

/* How deep the folder of PACKAGE is around what is looked at; 0 when it is elsewhere. */
static uint32_t depth_around(const struct walk *walk, uint32_t package)
{
	uint32_t home = walk->survey->input->packages->list[package].home;

	return home == IMP_NONE ? 0 : walk->open_depths[home];
}

/* Names of one file (hard links, as pnpm makes) can be in folders of several packages of one
 * manager: each name is that one's whose folder is the nearest around it. OWNER has the first.
 * Nobody's when more list it than are looked through. */
static uint32_t owner_by_place(const struct walk *walk, uint32_t file, uint32_t owner)
{
	enum { MAX_OTHERS = 256 };
	const struct imp_packages *packages = walk->survey->input->packages;
	size_t first = first_other(packages, file), i = first;
	uint32_t best = owner, depth;

	if (i == packages->also_count || packages->also[i].record != file)
		return owner;
	depth = depth_around(walk, owner);
	for (; i < packages->also_count && packages->also[i].record == file; i++) {
		uint32_t other = packages->also[i].package;
		if (i - first == MAX_OTHERS)
			return IMP_NONE;
		if (packages->list[other].manager == packages->list[owner].manager &&
		    depth_around(walk, other) > depth) {
			best = other;
			depth = depth_around(walk, other);
		}
	}
	return best;
}

/* The package that owns the file, when it is judged as a whole and no guard holds that back. */
static uint32_t judged_owner(const struct walk *walk, uint32_t record, uint32_t guarded)
{
	uint32_t group = imp_tree_record(walk->tree, record)->group;
	uint32_t owner = group == IMP_NONE
				 ? IMP_NONE
				 : walk->survey->input->packages->owner_of[group];

	if (owner != IMP_NONE && walk->open_depths)
		owner = owner_by_place(walk, group, owner);
	if (owner == IMP_NONE)
		return IMP_NONE;
	uint32_t term = walk->survey->package_verdicts[owner].term;
	bool held = term == IMP_NONE || (guarded >> imp_walk_row(walk, term)->class & 1);
	return held ? IMP_NONE : owner;
}

/* Precedence between a package as a whole and a path in it: 1.4. */
void imp_walk_judge(struct walk *walk, const struct visit *visit, uint32_t record,
		    uint32_t guarded)
{
	const struct verdict *path =
		choose(walk, visit->first_verdict, visit->node, guarded, false);
	uint32_t owner = judged_owner(walk, record, guarded);
	const struct imp_package_verdict *package =
		owner == IMP_NONE ? NULL : &walk->survey->package_verdicts[owner];

	if (package && package->reason == IMP_NONE &&
	    (!path || package->confidence <= path->confidence)) {
		add_package_hit(walk, visit, record, owner);
		return;
	}
	if (!path && package) {
		add_package_hit(walk, visit, record, owner);
		return;
	}
	if (!path)
		path = choose(walk, visit->first_verdict, visit->node, guarded, true);
	if (path)
		add_path_hit(walk, visit, record, path);
}

/* What rpm itself marks as documentation: "files:rpm?documentation". */
void imp_walk_add_documentation(struct walk *walk, const struct visit *visit,
				uint32_t record)
{
	const struct imp_packages *packages = walk->survey->input->packages;
	uint32_t group = imp_tree_record(walk->tree, record)->group;

	if (group == IMP_NONE || packages->owner_of[group] == IMP_NONE ||
	    !packages->is_documentation[group])
		return;
	for (uint32_t i = 0; i < walk->rules->term_count; i++) {
		const struct imp_package_term *term = walk->rules->terms[i].package;
		struct verdict verdict = {i,
					  visit->node,
					  visit->node,
					  visit->depth,
					  visit->depth,
					  walk->confidences[i]};
		if (term && term->of_files &&
		    term->manager == packages->list[packages->owner_of[group]].manager)
			imp_walk_add_verdict(walk, &verdict);
	}
}
