/*
 * Who needs whom. A requirement counts when its marker holds without an extra, or with one
 * that somebody asks for (`celery[redis]` in another's requirements). What a person asked for
 * is recorded nowhere: an extra of a root of which everything is installed may have been, and
 * holds as a suggestion, which keeps but never brings a seed back.
 */
#include <stdlib.h>

#include "python_priv.h"

/* An extra that DIST is asked for; the empty one is the distribution itself. */
struct asked {
	uint32_t dist;
	struct imp_slice extra; /* normalised */
};

struct linking {
	struct python *python;
	struct asked *queue;
	size_t count, capacity;
	struct imp_map seen; /* "DIST EXTRA" */
	uint64_t asked;      /* so far */
	const char *machine;
};

static bool sees(const struct python *python, uint32_t from, uint32_t to)
{
	return from == to || (python->environments[from].dist_packages &&
			      python->environments[to].dist_packages);
}

size_t imp_python_candidates(const struct python *python, uint32_t environment,
			     struct imp_slice name, uint32_t *out)
{
	uint64_t first = IMP_NONE;
	size_t count = 0, steps = 0, others = 0;
	uint32_t other[PYTHON_MAX_CANDIDATES];

	imp_map_get(&python->by_name, name, &first);
	for (uint32_t d = (uint32_t)first; d != IMP_NONE && steps < 256; steps++) {
		if (count == PYTHON_MAX_CANDIDATES)
			break;
		if (sees(python, environment, python->dists[d].environment))
			out[count++] = d;
		else if (others < PYTHON_MAX_CANDIDATES)
			other[others++] = d;
		d = python->dists[d].next_same_name;
	}
	/* A venv that sees the system's packages, a user's folder: any is better than none. */
	if (count == 0 && others > 0)
		memcpy(out, other, others * sizeof(*out));
	return count ? count : others;
}

static void ask(struct linking *linking, uint32_t dist, struct imp_slice extra)
{
	struct imp_arena *arena = linking->python->arena;
	if (linking->asked++ >= PYTHON_MAX_ASKED)
		return;
	struct imp_slice normal = imp_pep503_name(arena, extra);
	struct imp_slice key = imp_slice_of(imp_arena_printf(
		arena, "%u %.*s", dist, (int)(normal.len < 256 ? normal.len : 256),
		normal.data));

	if (imp_map_get(&linking->seen, key, NULL))
		return;
	imp_map_set(&linking->seen, key, 1);
	linking->queue = imp_xgrow(linking->queue, &linking->capacity, linking->count + 1,
				   sizeof(*linking->queue));
	linking->queue[linking->count++] = (struct asked){dist, normal};
}

static bool holds(struct linking *linking, const struct python_dist *dist,
		  const struct python_requirement *requirement, struct imp_slice extra)
{
	const struct python_environment *environment =
		&linking->python->environments[dist->environment];
	struct imp_marker_environment values = {
		.major = environment->major,
		.minor = environment->minor,
		.implementation = environment->implementation,
		.machine = linking->machine,
		.extra = extra,
	};
	linking->python->work += requirement->marker.len;
	return imp_marker_holds(requirement->marker, &values);
}

static void meet(struct linking *linking, const struct python_dist *dist, size_t number,
		 enum imp_dependency_kind kind)
{
	struct python *python = linking->python;
	struct python_requirement *requirement =
		&python->requirements[dist->first_requirement + number];
	uint32_t found[PYTHON_MAX_CANDIDATES];
	size_t count = imp_python_candidates(python, dist->environment, requirement->name,
					     found);

	requirement->met = true;
	requirement->hard = kind == IMP_DEPENDENCY_HARD;
	python->work += PYTHON_LOOKUP_WORK;
	for (size_t i = 0; i < count; i++)
		imp_inventory_need(python->inventory, dist->package,
				   python->dists[found[i]].package, kind,
				   (uint32_t)number);
	if (kind != IMP_DEPENDENCY_HARD)
		return;
	for (struct imp_slice rest = requirement->extras; rest.len > 0;) {
		struct imp_slice extra = imp_requirement_next_extra(&rest);
		for (size_t i = 0; extra.len > 0 && i < count; i++)
			ask(linking, found[i], extra);
	}
}

static void follow(struct linking *linking, struct asked asked)
{
	const struct python_dist *dist = &linking->python->dists[asked.dist];
	const struct python_requirement *requirements =
		linking->python->requirements + dist->first_requirement;

	for (size_t i = 0; i < dist->requirement_count; i++)
		if (linking->python->work++ < PYTHON_MAX_WORK && !requirements[i].met &&
		    holds(linking, dist, &requirements[i], asked.extra))
			meet(linking, dist, i, IMP_DEPENDENCY_HARD);
}

/* A requirement of an extra that nobody is known to have asked for. */
struct optional {
	struct imp_slice extra;
	size_t number;
};

static int compare_optional(const void *a, const void *b)
{
	const struct optional *x = a, *y = b;
	int order = imp_slice_compare(x->extra, y->extra);

	return order ? order : x->number < y->number ? -1 : 1;
}

static size_t list_optional(struct linking *linking, const struct python_dist *dist,
			    struct optional *out)
{
	const struct python_requirement *requirements =
		linking->python->requirements + dist->first_requirement;
	size_t count = 0;

	for (size_t i = 0; i < dist->requirement_count; i++) {
		struct imp_slice extra = {0};
		if (!requirements[i].met && requirements[i].marker.len > 0)
			extra = imp_marker_extra(requirements[i].marker);
		if (extra.len > 0 && holds(linking, dist, &requirements[i], extra) &&
		    !imp_slice_equal(requirements[i].name, dist->name))
			out[count++] = (struct optional){extra, i};
	}
	if (count > 0)
		qsort(out, count, sizeof(*out), compare_optional);
	return count;
}

static bool is_installed(const struct python *python, const struct python_dist *dist,
			 const struct python_requirement *requirement)
{
	uint32_t found[PYTHON_MAX_CANDIDATES];

	return imp_python_candidates(python, dist->environment, requirement->name,
				     found) > 0;
}

/* Whether all that DIST needs for EXTRA alone is there; LINK says so to the inventory. */
static bool extra_installed(struct linking *linking, const struct python_dist *dist,
			    struct imp_slice extra, bool link)
{
	struct python *python = linking->python;

	for (size_t i = 0; i < dist->requirement_count; i++) {
		const struct python_requirement *requirement =
			&python->requirements[dist->first_requirement + i];
		if (linking->python->work++ >= PYTHON_MAX_WORK)
			return false;
		if (!imp_pep503_equal(imp_marker_extra(requirement->marker), extra) ||
		    !holds(linking, dist, requirement, extra))
			continue;
		if (link)
			meet(linking, dist, i, IMP_DEPENDENCY_SUGGESTS);
		else if (!is_installed(python, dist, requirement))
			return false;
	}
	return true;
}

/* The requirement and, one step deep, the extras in it: `kombu[redis]`. */
static bool fully_installed(struct linking *linking, const struct python_dist *dist,
			    const struct python_requirement *requirement, bool link)
{
	const struct python *python = linking->python;
	uint32_t found[PYTHON_MAX_CANDIDATES];

	if (imp_python_candidates(python, dist->environment, requirement->name, found) ==
	    0)
		return false;
	for (struct imp_slice rest = requirement->extras; rest.len > 0;) {
		struct imp_slice extra = imp_requirement_next_extra(&rest);
		if (extra.len > 0 &&
		    !extra_installed(linking, &python->dists[found[0]], extra, link))
			return false;
	}
	return true;
}

/* Somebody may have asked for an extra of it by hand. */
static bool may_have_extras(const struct python *python, const struct python_dist *dist)
{
	return dist->requirement_count > 0 &&
	       (dist->requested ||
		!python->environments[dist->environment].has_requested);
}

static void suggest_extra(struct linking *linking, const struct python_dist *dist,
			  const struct optional *list, size_t count)
{
	const struct python_requirement *requirements =
		linking->python->requirements + dist->first_requirement;

	for (size_t i = 0; i < count; i++)
		if (!fully_installed(linking, dist, &requirements[list[i].number], false))
			return;
	for (size_t i = 0; i < count; i++) {
		meet(linking, dist, list[i].number, IMP_DEPENDENCY_SUGGESTS);
		fully_installed(linking, dist, &requirements[list[i].number], true);
	}
}

static void suggest_extras(struct linking *linking, const struct python_dist *dist)
{
	if (!may_have_extras(linking->python, dist) ||
	    linking->python->work >= PYTHON_MAX_WORK)
		return;
	imp_auto_free struct optional *list =
		imp_xcalloc(dist->requirement_count, sizeof(*list));
	size_t count = list_optional(linking, dist, list);

	for (size_t first = 0, end; first < count; first = end) {
		for (end = first + 1;
		     end < count && imp_slice_equal(list[end].extra, list[first].extra);)
			end++;
		suggest_extra(linking, dist, &list[first], end - first);
	}
}

static const char *machine_of(const struct imp_packages_input *input)
{
	static const char *const machines[][2] = {
		{"amd64", "x86_64"},    {"arm64", "aarch64"}, {"386", "i686"},
		{"ppc64le", "ppc64le"}, {"s390x", "s390x"},   {"riscv64", "riscv64"},
		{"arm", "armv7l"},
	};
	struct imp_slice architecture =
		imp_slice_of(input->image ? input->image->platform.architecture : NULL);

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (imp_slice_is(architecture, machines[i][0]))
			return machines[i][1];
	return NULL;
}

void imp_python_link(struct python *python)
{
	struct linking linking = {
		.python = python,
		.machine = machine_of(imp_inventory_input(python->inventory))};

	for (uint32_t d = 0; d < python->dist_count; d++)
		ask(&linking, d, IMP_SLICE(""));
	for (size_t i = 0; i < linking.count; i++)
		follow(&linking, linking.queue[i]);
	for (uint32_t d = 0; d < python->dist_count; d++)
		suggest_extras(&linking, &python->dists[d]);
	if (python->work >= PYTHON_MAX_WORK)
		imp_inventory_unreadable(python->inventory, IMP_MANAGER_PYTHON,
					 IMP_SLICE(""),
					 "more requirements than imgprof follows");
	free(linking.queue);
	imp_map_finish(&linking.seen);
}
