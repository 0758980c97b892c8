/*
 * Development-only packages: a lock file says which, where it describes what is installed. It
 * does so for an environment when no package of the lock is there in another version, and at
 * least half of its main packages are there (the rest being for other platforms). Only then
 * its development packages of equal version are marked, but for those that something outside
 * of them needs (a tool that was installed beside).
 */
#include <stdlib.h>

#include "python_locks.h"
#include "python_priv.h"

enum { MAX_LOCKS = 64, MAX_SAME_NAME = 256 };

/* What one lock and one environment have in common. */
struct likeness {
	size_t main_there, other_version;
};

struct matching {
	struct python *python;
	struct python_lock lock;
	struct likeness *likeness; /* by environment */
	bool *locked;              /* by dist: in the lock, of that version */
	bool *candidate;           /* by dist: a development package of the lock */
};

static int compare_locked(const void *a, const void *b)
{
	const struct python_locked *x = a, *y = b;
	int order = imp_slice_compare(x->name, y->name);

	return order ? order : imp_slice_compare(x->version, y->version);
}

/* Locked packages of one name, COUNT of them at FIRST: other platforms may have others. */
static const struct python_locked *find_version(const struct python_locked *first,
						size_t count, struct imp_slice version)
{
	for (size_t i = 0; i < count; i++)
		if (imp_slice_equal(first[i].version, version))
			return &first[i];
	return NULL;
}

static void compare_name(struct matching *m, const struct python_locked *first,
			 size_t count)
{
	uint64_t dist = IMP_NONE;
	size_t steps = 0;

	imp_map_get(&m->python->by_name, first->name, &dist);
	for (uint32_t d = (uint32_t)dist; d != IMP_NONE && steps < MAX_SAME_NAME;
	     d = m->python->dists[d].next_same_name, steps++) {
		const struct python_dist *installed = &m->python->dists[d];
		struct likeness *likeness = &m->likeness[installed->environment];
		const struct python_locked *locked =
			find_version(first, count, installed->version);
		m->locked[d] = locked != NULL;
		if (!locked)
			likeness->other_version++;
		else if (locked->main)
			likeness->main_there++;
		else if (locked->dev)
			m->candidate[d] = true;
	}
}

/* How many names the main group has. */
static size_t compare_all(struct matching *m)
{
	const struct python_lock *lock = &m->lock;
	size_t main = 0;

	if (lock->count > 0)
		qsort(lock->list, lock->count, sizeof(*lock->list), compare_locked);
	for (size_t first = 0, end; first < lock->count; first = end) {
		bool in_main = false;
		for (end = first;
		     end < lock->count &&
		     imp_slice_equal(lock->list[end].name, lock->list[first].name);
		     end++)
			in_main |= lock->list[end].main;
		if (lock->list[first].project)
			continue;
		main += in_main;
		compare_name(m, &lock->list[first],
			     end - first < MAX_SAME_NAME ? end - first : MAX_SAME_NAME);
	}
	return main;
}

static void keep_candidates_of_others(struct matching *m, size_t main)
{
	struct python *python = m->python;

	for (size_t i = 0; i < python->dist_count; i++) {
		const struct python_dist *dist = &python->dists[i];
		const struct likeness *likeness = &m->likeness[dist->environment];
		bool described = likeness->other_version == 0 &&
				 likeness->main_there > 0 &&
				 likeness->main_there * 2 >= main;
		if (!described || python->environments[dist->environment].debian)
			m->candidate[i] = false;
	}
}

static size_t keep_met(struct matching *m, const struct python_dist *dist,
		       const struct python_requirement *requirement, uint32_t *queue,
		       size_t queued)
{
	uint32_t found[PYTHON_MAX_CANDIDATES];
	size_t count = imp_python_candidates(m->python, dist->environment,
					     requirement->name, found);

	m->python->work += PYTHON_LOOKUP_WORK;
	for (size_t f = 0; f < count; f++)
		if (m->candidate[found[f]]) {
			m->candidate[found[f]] = false;
			queue[queued++] = found[f];
		}
	return queued;
}

/* Takes back what a package that stays needs, and what that needs (extras that somebody may
 * have asked for only of what the lock does not know); everything when there is
 * too much to look at. */
static void keep_needed(struct matching *m)
{
	struct python *python = m->python;
	imp_auto_free uint32_t *queue =
		imp_xcalloc(python->dist_count + 1, sizeof(*queue));
	size_t queued = 0;

	for (uint32_t d = 0; d < python->dist_count; d++)
		if (!m->candidate[d])
			queue[queued++] = d;
	for (size_t i = 0; i < queued && queued < python->dist_count; i++) {
		const struct python_dist *dist = &python->dists[queue[i]];
		const struct python_requirement *requirements =
			python->requirements + dist->first_requirement;
		for (size_t r = 0; r < dist->requirement_count; r++)
			if (requirements[r].hard ||
			    (requirements[r].met && !m->locked[queue[i]]))
				queued = keep_met(m, dist, &requirements[r], queue,
						  queued);
	}
	if (python->work >= PYTHON_MAX_WORK)
		memset(m->candidate, 0, python->dist_count * sizeof(*m->candidate));
}

static void mark(struct python *python, const struct python_lock *lock)
{
	imp_auto_free struct likeness *likeness =
		imp_xcalloc(python->environment_count + 1, sizeof(*likeness));
	imp_auto_free bool *candidate =
		imp_xcalloc(python->dist_count + 1, sizeof(*candidate));
	imp_auto_free bool *locked = imp_xcalloc(python->dist_count + 1, sizeof(*locked));
	struct matching m = {python, *lock, likeness, locked, candidate};

	keep_candidates_of_others(&m, compare_all(&m));
	keep_needed(&m);
	for (size_t d = 0; d < python->dist_count; d++)
		if (candidate[d] && python->dists[d].package != IMP_NONE)
			imp_inventory_get(python->inventory, python->dists[d].package)
				->flags |= IMP_PACKAGE_DEV;
}

/* The pyproject.toml in the folder of a lock. */
static struct imp_slice project_of(const struct python *python, uint32_t lock)
{
	uint32_t node = imp_tree_find_child(python->tree,
					    imp_tree_node(python->tree, lock)->parent,
					    IMP_SLICE("pyproject.toml"));
	const struct imp_live_file *file =
		node == IMP_NONE
			? NULL
			: imp_contents_at(
				  imp_inventory_input(python->inventory)->contents, node);

	return file ? file->content : (struct imp_slice){0};
}

static void read_lock(struct python *python, const struct imp_live_file *file,
		      enum python_lock_kind kind)
{
	struct python_lock lock;
	struct imp_error err = {0};

	if (file->cut)
		imp_inventory_unreadable(python->inventory, IMP_MANAGER_PYTHON,
					 file->path, "too large to be kept");
	else if (imp_python_lock_read(kind, file->content, project_of(python, file->node),
				      imp_inventory_input(python->inventory)->limits,
				      python->arena, &lock, &err) < 0)
		imp_inventory_unreadable(python->inventory, IMP_MANAGER_PYTHON,
					 file->path,
					 "not a lock file that imgprof reads");
	else
		mark(python, &lock);
}

/* Locks that packages ship in their own folders describe nothing here. */
static bool is_shipped(struct imp_slice path)
{
	while (path.len > 0) {
		struct imp_slice part = imp_slice_cut(&path, '/');
		if (imp_slice_is(part, "site-packages") ||
		    imp_slice_is(part, "dist-packages") ||
		    imp_slice_is(part, "node_modules"))
			return true;
	}
	return false;
}

void imp_python_mark_development(struct python *python)
{
	const struct imp_contents *contents =
		imp_inventory_input(python->inventory)->contents;
	size_t locks = 0;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		enum python_lock_kind kind =
			imp_python_lock_kind(imp_slice_basename(file->path));
		if (kind != PYTHON_LOCK_KINDS && python->dist_count > 0 &&
		    !is_shipped(file->path) && locks++ < MAX_LOCKS &&
		    python->work < PYTHON_MAX_WORK)
			read_lock(python, file, kind);
	}
}
