/* Which packages a term means. The list is sorted by manager and name, so that a glob is held
 * against the names with its first bytes only. */
#include "survey_priv.h"

#include "imgprof/search.h"

static int compare_to(const struct imp_package *package, enum imp_manager manager,
		      struct imp_slice prefix)
{
	struct imp_slice name = package->name;

	if (package->manager != manager)
		return package->manager < manager ? -1 : 1;
	if (name.len > prefix.len)
		name.len = prefix.len;
	return imp_slice_compare(name, prefix);
}

/* The first package that is not before (or, BEHIND, not equal to) those with PREFIX. */
static uint32_t bound(const struct imp_packages *packages, enum imp_manager manager,
		      struct imp_slice prefix, bool behind)
{
	return (uint32_t)IMP_FIRST_NOT(packages->count, i,
				       compare_to(&packages->list[i], manager, prefix) <
					       (int)behind);
}

void imp_package_range(const struct imp_packages *packages, enum imp_manager manager,
		       struct imp_slice glob, uint32_t *first, uint32_t *end)
{
	const char *star = memchr(glob.data, '\0', glob.len);
	struct imp_slice prefix =
		imp_slice(glob.data, star ? (size_t)(star - glob.data) : glob.len);

	*first = bound(packages, manager, prefix, false);
	*end = bound(packages, manager, prefix, true);
}

static bool is_one_of(const struct imp_texts *texts, struct imp_slice text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (imp_slice_equal(texts->list[i], text))
			return true;
	return texts->count == 0;
}

/* "devel" of "non-free/devel". */
static struct imp_slice bare_section(struct imp_slice section)
{
	return imp_slice_basename(section);
}

static bool is_orphan(struct imp_survey *survey, struct imp_package_marks *marks,
		      enum imp_manager manager, uint32_t package)
{
	const struct imp_packages *packages = survey->input->packages;

	if (!marks->orphans[manager]) {
		marks->orphans[manager] =
			imp_arena_array(survey->arena, packages->count + 1, sizeof(bool));
		imp_sweep_orphans(packages, manager, marks->roots,
				  marks->orphans[manager]);
	}
	return marks->orphans[manager][package];
}

static bool is_weak(struct imp_survey *survey, struct imp_package_marks *marks,
		    enum imp_manager manager, uint32_t package)
{
	const struct imp_packages *packages = survey->input->packages;

	if (!marks->weak[manager]) {
		marks->weak[manager] =
			imp_arena_array(survey->arena, packages->count + 1, sizeof(bool));
		imp_sweep_weak(packages, manager, marks->roots, marks->weak[manager]);
	}
	return marks->weak[manager][package];
}

bool imp_package_matches(struct imp_survey *survey, struct imp_package_marks *marks,
			 const struct imp_term *term, uint32_t number)
{
	const struct imp_package_term *t = term->package;
	const struct imp_package *package = &survey->input->packages->list[number];

	return (t->flags == 0 || (package->flags & t->flags)) &&
	       package->sum.disk_bytes >= t->over_bytes &&
	       is_one_of(&t->sections, bare_section(package->section)) &&
	       is_one_of(&t->tools, imp_slice_of(package->tool)) &&
	       (!t->twin || package->twin != IMP_NONE) &&
	       (!t->orphan || is_orphan(survey, marks, t->manager, number)) &&
	       (!t->weakly || is_weak(survey, marks, t->manager, number));
}

bool imp_term_is_record(const struct imp_term *term)
{
	return term->package && (term->package->flags || term->package->orphan);
}
