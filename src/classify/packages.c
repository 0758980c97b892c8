/*
 * Verdicts on packages as a whole: which rules name them, what their going would free (2.2), and
 * what keeps them. One pass over the rules, a sweep for each manager, nothing per file.
 */
#include "judge_priv.h"
#include "words_priv.h"

#include <stdlib.h>

static uint32_t count_groups(const struct imp_packages *packages)
{
	uint32_t groups = 0;

	for (size_t i = 0; i < packages->count; i++)
		if (packages->list[i].group >= groups)
			groups = packages->list[i].group + 1;
	return groups;
}

static void mark_running(struct judge *judge)
{
	const struct imp_packages *packages = judge->packages;
	uint32_t records = imp_tree_record_count(judge->survey->input->tree);

	for (uint32_t r = 0; r < records; r++)
		if ((judge->runtime->reached[r] & IMP_REACH_RUN) &&
		    packages->owner_of[r] != IMP_NONE)
			judge->run[packages->owner_of[r]] = true;
	for (size_t p = packages->count; p-- > 0;)
		if (judge->run[p] && (packages->list[p].flags & IMP_PACKAGE_DEV))
			judge->runners[packages->list[p].group].package = (uint32_t)p;
}

static void set_up(struct judge *judge, struct imp_survey *survey)
{
	const struct imp_packages *packages = survey->input->packages;
	size_t count = packages->count + 1;

	*judge = (struct judge){
		.survey = survey,
		.packages = packages,
		.runtime = survey->input->runtime,
		.rules = survey->input->rules,
		.verdicts = imp_xmalloc(count * sizeof(*judge->verdicts)),
		.seeds = imp_xmalloc(count * sizeof(*judge->seeds)),
		.roots = imp_xcalloc(count, sizeof(*judge->roots)),
		.excepted = imp_xcalloc(count, sizeof(*judge->excepted)),
		.run = imp_xcalloc(count, sizeof(*judge->run)),
		.groups = count_groups(packages),
	};
	survey->package_verdicts = judge->verdicts;
	judge->runners = imp_xmalloc((judge->groups + 1) * sizeof(*judge->runners));
	memset(judge->runners, 0xff, judge->groups * sizeof(*judge->runners));
	memset(judge->verdicts, 0xff, count * sizeof(*judge->verdicts));
	memset(judge->seeds, 0xff, count * sizeof(*judge->seeds));
	for (size_t p = 0; p < packages->count; p++)
		judge->roots[p] = judge->runtime->package_root[p] ||
				  judge->runtime->package_reached[p];
	judge->marks.roots = judge->roots;
	mark_running(judge);
}

static void tear_down(struct judge *judge)
{
	free(judge->seeds);
	free(judge->roots);
	free(judge->excepted);
	free(judge->run);
	free(judge->runners);
}

/* Precedence of 1.4: what stands, the surer verdict, the manager's own record, the earlier row. */
static bool is_better(const struct judge *judge, const struct imp_package_verdict *a,
		      const struct imp_package_verdict *b)
{
	if (b->term == IMP_NONE)
		return true;
	const struct imp_term *x = &judge->rules->terms[a->term];
	const struct imp_term *y = &judge->rules->terms[b->term];
	if ((a->reason == IMP_NONE) != (b->reason == IMP_NONE))
		return a->reason == IMP_NONE;
	if (a->confidence != b->confidence)
		return a->confidence < b->confidence;
	if (imp_term_is_record(x) != imp_term_is_record(y))
		return imp_term_is_record(x);
	return x->row < y->row;
}

void imp_judge_offer(const struct judge *judge, struct imp_package_verdict *slot,
		     const struct imp_package_verdict *verdict)
{
	if (is_better(judge, verdict, slot))
		*slot = *verdict;
}

const char *imp_judge_name(struct judge *judge, uint32_t package)
{
	return imp_package_text(judge->survey->arena, judge->packages, package);
}

/* 3.4 NPM-DEV: an installation whose development packages run keeps them all. */
static uint32_t find_runner(struct judge *judge, uint32_t package)
{
	struct runner *runner = &judge->runners[judge->packages->list[package].group];

	if (runner->package != IMP_NONE && runner->reason == IMP_NONE)
		runner->reason = imp_survey_add_reason(
			judge->survey, IMP_REASON_DEV_COMMAND,
			imp_arena_printf(judge->survey->arena,
					 "the image runs %s, a development package",
					 imp_judge_name(judge, runner->package)));
	return runner->reason;
}

/* What is not needed to run can be reached all the same: a driver, a second copy. */
static bool is_vetoed(const struct judge *judge, const struct imp_term *term)
{
	const uint32_t vetoed = 1U << IMP_CLASS_TOOLCHAIN | 1U << IMP_CLASS_DEV_DEP |
				1U << IMP_CLASS_DEV_FILES | 1U << IMP_CLASS_DEBUG |
				1U << IMP_CLASS_VCS | 1U << IMP_CLASS_META;

	return vetoed >> judge->rules->rows[term->row].class & 1;
}

/* Something started reaches the package: a veto, but not of what the manager's own flag says. */
static uint32_t find_reason(struct judge *judge, const struct imp_term *term,
			    uint32_t package)
{
	struct imp_survey *survey = judge->survey;
	unsigned flags = term->package ? term->package->flags : 0;

	if (survey->row_reasons[term->row] != IMP_NONE)
		return survey->row_reasons[term->row];
	if (flags & IMP_PACKAGE_DEV)
		return find_runner(judge, package);
	if ((flags & IMP_PACKAGE_EXTRANEOUS) || !is_vetoed(judge, term) ||
	    !judge->runtime->package_reached[package])
		return IMP_NONE;
	const char *reason = judge->runtime->package_reason[package];
	return imp_survey_add_reason(survey, IMP_REASON_REACHED,
				     reason ? reason : "something started reaches it");
}

/* What runs may open a development package where it is there (`debug` tries supports-color), and
 * run without it as well: the flag says no, an import says yes, and neither is certain. */
static bool is_contradicted(const struct judge *judge, const struct imp_term *term,
			    uint32_t package)
{
	return term->package && (term->package->flags & IMP_PACKAGE_DEV) &&
	       judge->runtime->package_reached[package];
}

static void name_package(struct judge *judge, uint32_t term, uint32_t package,
			 enum imp_confidence confidence)
{
	const struct imp_term *t = &judge->rules->terms[term];
	if (is_contradicted(judge, t, package))
		confidence = IMP_CONFIDENCE_POSSIBLE;
	struct imp_package_verdict verdict = {term, package,
					      find_reason(judge, t, package), confidence};
	bool sweep = judge->rules->rows[t->row].sweep;

	if (verdict.reason != IMP_NONE)
		judge->roots[package] = true;
	if (sweep && verdict.reason == IMP_NONE)
		imp_judge_offer(judge, &judge->seeds[package], &verdict);
	else
		imp_judge_offer(judge, &judge->verdicts[package], &verdict);
}

/* Calls for each package that TERM matches. */
static void match_term(struct judge *judge, uint32_t number)
{
	const struct imp_term *term = &judge->rules->terms[number];
	enum imp_confidence confidence = imp_term_confidence(judge->survey, term);

	for (size_t g = 0; g < term->package->globs.count; g++) {
		struct imp_slice glob = term->package->globs.list[g];
		uint32_t first, end;
		imp_package_range(judge->packages, term->package->manager, glob, &first,
				  &end);
		for (uint32_t p = first; p < end; p++) {
			if (!imp_glob_match(glob, judge->packages->list[p].name) ||
			    !imp_package_matches(judge->survey, &judge->marks, term, p))
				continue;
			if (term->except)
				judge->excepted[p] = term->row + 1;
			else if (judge->excepted[p] != term->row + 1)
				name_package(judge, number, p, confidence);
		}
	}
}

static void match_row(struct judge *judge, size_t first, size_t end, bool except)
{
	for (size_t t = first; t < end; t++) {
		const struct imp_term *term = &judge->rules->terms[t];
		if (term->package && !term->package->of_files && term->except == except)
			match_term(judge, (uint32_t)t);
	}
}

/* The package that owns the largest file at or below NODE, if its manager's packages can go. */
static uint32_t owner_below(const struct judge *judge, uint32_t node)
{
	const struct imp_tree *tree = judge->survey->input->tree;
	uint64_t largest = 0;
	uint32_t owner = IMP_NONE;

	for (uint32_t n = node; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, imp_tree_node(tree, n)->live, node)) {
		uint32_t file = imp_tree_file_at(tree, n);
		if (file == IMP_NONE || imp_tree_record(tree, file)->disk_bytes < largest)
			continue;
		largest = imp_tree_record(tree, file)->disk_bytes;
		owner = judge->packages->owner_of[file];
	}
	bool system = owner != IMP_NONE &&
		      judge->packages->list[owner].manager <= IMP_MANAGER_RPM;
	return system ? owner : IMP_NONE;
}

/* What functions found, where a package of the system brought it. */
static void name_owners(struct judge *judge)
{
	struct imp_survey *survey = judge->survey;

	survey->seed_owners = imp_arena_array(survey->arena, survey->seed_count + 1,
					      sizeof(*survey->seed_owners));
	for (size_t i = 0; i < survey->seed_count; i++) {
		const struct imp_seed *seed = &survey->seeds[i];
		const struct imp_term *term = &judge->rules->terms[seed->term];
		uint32_t owner = judge->rules->rows[term->row].sweep
					 ? owner_below(judge, seed->node)
					 : IMP_NONE;
		survey->seed_owners[i] = owner;
		if (owner != IMP_NONE)
			name_package(judge, seed->term, owner, seed->confidence);
	}
}

/* A row's exceptions are marked before its other terms are looked at. */
static void match_all(struct judge *judge)
{
	const struct imp_rules *rules = judge->rules;
	size_t end;

	for (size_t i = 0; i < rules->term_count; i = end) {
		for (end = i; end < rules->term_count; end++)
			if (rules->terms[end].row != rules->terms[i].row)
				break;
		match_row(judge, i, end, true);
		match_row(judge, i, end, false);
	}
	name_owners(judge);
}

bool imp_manager_is_doubted(const struct imp_packages *packages, enum imp_manager manager)
{
	if (manager != IMP_MANAGER_DPKG && manager != IMP_MANAGER_APK &&
	    manager != IMP_MANAGER_RPM)
		return false;
	for (size_t i = 0; i < packages->unreadable_count; i++)
		if (packages->unreadable[i].manager == manager)
			return true;
	return false;
}

/* Of packages that are missing nobody knows what they need: a sweep frees too much. */
static void doubt(struct judge *judge, enum imp_manager manager)
{
	if (!imp_manager_is_doubted(judge->packages, manager))
		return;
	for (size_t p = 0; p < judge->packages->count; p++)
		if (judge->packages->list[p].manager == manager &&
		    judge->verdicts[p].term != IMP_NONE)
			judge->verdicts[p].confidence = IMP_CONFIDENCE_POSSIBLE;
}

void imp_survey_packages(struct imp_survey *survey)
{
	struct judge judge;

	set_up(&judge, survey);
	match_all(&judge);
	for (int m = 0; m < IMP_MANAGERS; m++) {
		imp_judge_sweep(&judge, (enum imp_manager)m);
		doubt(&judge, (enum imp_manager)m);
	}
	tear_down(&judge);
}
