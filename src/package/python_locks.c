#include "python_locks.h"

#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/map.h"
#include "pep508.h"
#include "toml.h"

/* Who wants what. FROM is a package of the lock or one of these. */
enum { WANTED_BY_MAIN = PYTHON_MAX_LOCKED, WANTED_BY_DEV };

struct edge {
	uint32_t from;
	struct imp_slice to; /* normalised */
};

struct reading {
	enum python_lock_kind kind;
	struct imp_arena *arena;
	struct python_locked *list;
	size_t count, capacity;
	struct edge *edges;
	size_t edge_count, edge_capacity;
	bool grouped; /* its packages name their groups */
	bool full;    /* more than is looked at */
};

enum python_lock_kind imp_python_lock_kind(struct imp_slice file_name)
{
	static const char *const names[PYTHON_LOCK_KINDS] = {
		[PYTHON_LOCK_POETRY] = "poetry.lock",
		[PYTHON_LOCK_UV] = "uv.lock",
		[PYTHON_LOCK_PDM] = "pdm.lock",
		[PYTHON_LOCK_PIPENV] = "Pipfile.lock",
	};
	size_t kind = 0;

	while (kind < PYTHON_LOCK_KINDS && !imp_slice_is(file_name, names[kind]))
		kind++;
	return (enum python_lock_kind)kind;
}

/*
 * A group of another name ("prod", "server") may be what runs: it counts as main. Groups are
 * free words, so their parts are looked at: "unit-tests", "dev_tools".
 */
static bool is_development(struct imp_slice group)
{
	static const char *const words[] = {
		"dev",   "develop", "development", "test",   "tests", "testing",
		"lint",  "linting", "lints",       "docs",   "doc",   "documentation",
		"types", "typing",  "mypy",        "format", "style", "formatting",
		"ci",    "qa",      "benchmark",   "debug",  "bench", "coverage",
	};
	size_t start = 0;

	for (size_t i = 0; i <= group.len; i++) {
		if (i < group.len && group.data[i] != '-' && group.data[i] != '_')
			continue;
		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			if (imp_slice_is(imp_slice(group.data + start, i - start),
					 words[w]))
				return true;
		start = i + 1;
	}
	return false;
}

static struct python_locked *start_package(struct reading *reading)
{
	if (reading->count == PYTHON_MAX_LOCKED) {
		reading->full = true;
		return NULL;
	}
	reading->list = imp_xgrow(reading->list, &reading->capacity, reading->count + 1,
				  sizeof(*reading->list));
	reading->list[reading->count] = (struct python_locked){0};
	return &reading->list[reading->count++];
}

static void add_edge(struct reading *reading, uint32_t from, struct imp_slice name)
{
	if (reading->edge_count == PYTHON_MAX_LOCK_EDGES) {
		reading->full = true;
		return;
	}
	reading->edges = imp_xgrow(reading->edges, &reading->edge_capacity,
				   reading->edge_count + 1, sizeof(*reading->edges));
	reading->edges[reading->edge_count++] =
		(struct edge){from, imp_pep503_name(reading->arena, name)};
}

static void add_requirement(struct reading *reading, uint32_t from, struct imp_slice text)
{
	struct imp_requirement requirement;

	if (imp_requirement_parse(text, &requirement))
		add_edge(reading, from, requirement.name);
}

static void join_group(struct reading *reading, struct python_locked *package,
		       struct imp_slice group)
{
	reading->grouped = true;
	if (is_development(group))
		package->dev = true;
	else
		package->main = true;
}

static bool path_is(const struct imp_toml_event *event, size_t i, const char *key)
{
	return i < event->path_count && imp_slice_is(event->path[i], key);
}

/* What poetry, pdm and uv write alike: [[package]] with name and version. */
static void take_common(struct reading *reading, struct python_locked *package,
			const struct imp_toml_event *event)
{
	if (path_is(event, 1, "name") && event->path_count == 2)
		package->name = imp_pep503_name(reading->arena, event->value);
	else if (path_is(event, 1, "version") && event->path_count == 2)
		package->version = imp_arena_copy(reading->arena, event->value);
	else if (path_is(event, 1, "groups") || path_is(event, 1, "category"))
		join_group(reading, package, event->value);
}

/* package.dependencies.NAME = "..." or {...} of poetry; package.dependencies.name = "NAME" and
 * package.dev-dependencies.GROUP.name = "NAME" of uv. */
static void take_edge(struct reading *reading, struct python_locked *package,
		      const struct imp_toml_event *event)
{
	uint32_t from = (uint32_t)(package - reading->list);
	bool is_name = path_is(event, event->path_count - 1, "name");

	if (reading->kind == PYTHON_LOCK_POETRY && path_is(event, 1, "dependencies") &&
	    event->path_count > 2)
		add_edge(reading, from, event->path[2]);
	if (reading->kind != PYTHON_LOCK_UV)
		return;
	if (path_is(event, 1, "source") &&
	    (path_is(event, 2, "virtual") || path_is(event, 2, "editable") ||
	     path_is(event, 2, "directory")))
		package->project = package->main = true;
	if (is_name && (path_is(event, 1, "dependencies") ||
			path_is(event, 1, "optional-dependencies")))
		add_edge(reading, from, event->value);
	if (is_name && path_is(event, 1, "dev-dependencies") && event->path_count > 3)
		add_edge(reading,
			 is_development(event->path[2]) ? WANTED_BY_DEV : WANTED_BY_MAIN,
			 event->value);
}

static void take_lock_event(void *user, const struct imp_toml_event *event)
{
	struct reading *reading = user;

	if (!path_is(event, 0, "package"))
		return;
	if (!event->is_value) {
		if (event->path_count == 1)
			start_package(reading);
		return;
	}
	if (reading->count == 0 || reading->full)
		return;
	struct python_locked *package = &reading->list[reading->count - 1];
	take_common(reading, package, event);
	take_edge(reading, package, event);
}

/* What pyproject.toml asks for: [project], [dependency-groups], [tool.poetry...]. */
static void take_project_event(void *user, const struct imp_toml_event *event)
{
	struct reading *reading = user;
	bool poetry = path_is(event, 0, "tool") && path_is(event, 1, "poetry");

	if (!event->is_value)
		return;
	if (path_is(event, 0, "project") && (path_is(event, 1, "dependencies") ||
					     path_is(event, 1, "optional-dependencies")))
		add_requirement(reading, WANTED_BY_MAIN, event->value);
	else if (path_is(event, 0, "dependency-groups") && event->path_count == 2)
		add_requirement(reading,
				is_development(event->path[1]) ? WANTED_BY_DEV
							       : WANTED_BY_MAIN,
				event->value);
	else if (poetry && path_is(event, 2, "dependencies") && event->path_count > 3)
		add_edge(reading, WANTED_BY_MAIN, event->path[3]);
	else if (poetry && path_is(event, 2, "dev-dependencies") && event->path_count > 3)
		add_edge(reading, WANTED_BY_DEV, event->path[3]);
	else if (poetry && path_is(event, 2, "group") &&
		 path_is(event, 4, "dependencies") && event->path_count > 5)
		add_edge(reading,
			 is_development(event->path[3]) ? WANTED_BY_DEV : WANTED_BY_MAIN,
			 event->path[5]);
}

/* ---- the walk, where packages do not name their groups */

struct walk {
	struct reading *reading;
	struct imp_map by_name; /* last package of that name */
	uint32_t *next;         /* one of the same name, or UINT32_MAX */
	size_t *first_edge;     /* of a package; edges are sorted */
	uint32_t *queue;
};

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return imp_slice_compare(x->to, y->to);
}

static void prepare(struct walk *walk)
{
	const struct reading *reading = walk->reading;

	if (reading->edge_count > 0)
		qsort(reading->edges, reading->edge_count, sizeof(*reading->edges),
		      compare_edges);
	for (size_t i = 0, edge = 0; i < reading->count; i++) {
		uint64_t other = UINT32_MAX;
		imp_map_get(&walk->by_name, reading->list[i].name, &other);
		walk->next[i] = (uint32_t)other;
		imp_map_set(&walk->by_name, reading->list[i].name, i);
		while (edge < reading->edge_count && reading->edges[edge].from < i)
			edge++;
		walk->first_edge[i] = edge;
	}
}

static bool *mark_of(struct python_locked *package, bool main)
{
	return main ? &package->main : &package->dev;
}

static size_t reach(struct walk *walk, struct imp_slice name, bool main, size_t queued)
{
	uint64_t first = UINT32_MAX;

	imp_map_get(&walk->by_name, name, &first);
	for (uint32_t i = (uint32_t)first; i != UINT32_MAX; i = walk->next[i]) {
		bool *mark = mark_of(&walk->reading->list[i], main);
		/* All of one name are marked together. */
		if (*mark)
			break;
		*mark = true;
		walk->queue[queued++] = i;
	}
	return queued;
}

/* Marks all that WANTED reaches, and what its projects reach. */
static void walk_from(struct walk *walk, uint32_t wanted, bool main)
{
	const struct reading *reading = walk->reading;
	size_t queued = 0;

	for (uint32_t i = 0; main && i < reading->count; i++)
		if (reading->list[i].project)
			walk->queue[queued++] = i;
	for (size_t e = 0; e < reading->edge_count; e++)
		if (reading->edges[e].from == wanted)
			queued = reach(walk, reading->edges[e].to, main, queued);
	for (size_t i = 0; i < queued; i++)
		for (size_t e = walk->first_edge[walk->queue[i]];
		     e < reading->edge_count && reading->edges[e].from == walk->queue[i];
		     e++)
			queued = reach(walk, reading->edges[e].to, main, queued);
}

static void walk_groups(struct reading *reading)
{
	size_t count = reading->count + 1;
	imp_auto_free uint32_t *next = imp_xcalloc(count, sizeof(*next));
	imp_auto_free uint32_t *queue = imp_xcalloc(count, sizeof(*queue));
	imp_auto_free size_t *first_edge = imp_xcalloc(count, sizeof(*first_edge));
	struct walk walk = {.reading = reading,
			    .next = next,
			    .first_edge = first_edge,
			    .queue = queue};

	prepare(&walk);
	walk_from(&walk, WANTED_BY_MAIN, true);
	walk_from(&walk, WANTED_BY_DEV, false);
	imp_map_finish(&walk.by_name);
}

/* ---- pipenv */

static void take_section(struct reading *reading, const json_t *document,
			 const char *name, bool main)
{
	json_t *section = imp_json_get_object(document, name);

	for (void *at = json_object_iter(section); at;
	     at = json_object_iter_next(section, at)) {
		struct imp_slice key = imp_slice_of(json_object_iter_key(at));
		struct imp_slice version =
			imp_json_get_string(json_object_iter_value(at), "version");
		struct python_locked *package = start_package(reading);
		if (!package)
			return;
		if (imp_slice_starts(version, IMP_SLICE("==")))
			version = imp_slice_skip(version, 2);
		package->name = imp_pep503_name(reading->arena, key);
		package->version = imp_arena_copy(reading->arena, version);
		*mark_of(package, main) = true;
	}
}

static int read_pipfile(struct reading *reading, struct imp_slice text,
			const struct imp_limits *limits, struct imp_error *err)
{
	imp_auto_json json_t *document = NULL;
	int rc = imp_json_parse(text, limits, "Pipfile.lock", &document, err);

	if (rc < 0)
		return rc;
	reading->grouped = true;
	take_section(reading, document, "default", true);
	take_section(reading, document, "develop", false);
	return 0;
}

static int read_toml(struct reading *reading, struct imp_slice text,
		     struct imp_slice project, struct imp_error *err)
{
	int rc = imp_toml_read(text, take_lock_event, reading, err);

	if (rc == 0 && reading->kind == PYTHON_LOCK_POETRY && !reading->grouped)
		rc = imp_toml_read(project, take_project_event, reading, err);
	if (rc == 0 && !reading->grouped)
		walk_groups(reading);
	return rc;
}

int imp_python_lock_read(enum python_lock_kind kind, struct imp_slice text,
			 struct imp_slice project, const struct imp_limits *limits,
			 struct imp_arena *arena, struct python_lock *out,
			 struct imp_error *err)
{
	struct reading reading = {.kind = kind, .arena = arena};
	int rc = kind == PYTHON_LOCK_PIPENV ? read_pipfile(&reading, text, limits, err)
					    : read_toml(&reading, text, project, err);

	if (rc == 0 && reading.full)
		rc = imp_fail(err, IMP_E_LIMIT, "more than %d packages",
			      PYTHON_MAX_LOCKED);
	out->count = reading.count;
	out->list = imp_arena_array(arena, reading.count + 1, sizeof(*out->list));
	if (reading.count > 0)
		memcpy(out->list, reading.list, reading.count * sizeof(*out->list));
	free(reading.list);
	free(reading.edges);
	return rc;
}
