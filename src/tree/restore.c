#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"

#include "tree_priv.h"

/* A path through symlinks may be longer than any entry's, but not without end. */
enum { PATHS_LONG = 16, CHANGES = 16 };

struct restoring {
	const struct imp_tree_rows *stored;
	const struct imp_limits *limits;
	struct imp_tree *tree;
	uint32_t *path_bytes; /* of each node */
};

static int refuse(struct imp_error *err, const char *what, size_t number,
		  const char *reason)
{
	return imp_fail(err, IMP_E_FORMAT, "stored tree: %s %zu %s", what, number,
			reason);
}

static bool is_clean(struct imp_slice name)
{
	return name.len > 0 && !memchr(name.data, '/', name.len) &&
	       !memchr(name.data, '\0', name.len) && !imp_slice_is(name, ".") &&
	       !imp_slice_is(name, "..");
}

static int check_counts(const struct restoring *restoring, struct imp_error *err)
{
	const struct imp_tree_rows *stored = restoring->stored;
	const struct imp_limits *limits = restoring->limits;
	uint64_t records = 0;

	if (stored->layer_count > limits->layers || stored->layer_count >= IMP_NOT_HIDDEN)
		return imp_fail(err, IMP_E_LIMIT,
				"stored tree: %zu layers (limit layers)",
				stored->layer_count);
	if (stored->node_count > limits->nodes || stored->record_count > limits->nodes)
		return imp_fail(
			err, IMP_E_LIMIT,
			"stored tree: more than %u paths or entries (limit nodes)",
			limits->nodes);
	for (size_t i = 0; i < stored->layer_count; i++)
		records += stored->layers[i].records;
	if (stored->node_count == 0 || records != stored->record_count)
		return imp_fail(err, IMP_E_FORMAT,
				"stored tree: its layers have %" PRIu64
				" entries, not %zu",
				records, stored->record_count);
	return 0;
}

static int check_node(struct restoring *restoring, uint32_t number, struct imp_error *err)
{
	const struct imp_node_row *node = &restoring->stored->nodes[number];
	const struct imp_node *nodes = restoring->tree->nodes;
	uint64_t longest = (uint64_t)restoring->limits->path_bytes * PATHS_LONG;

	if (node->parent >= number || !is_clean(node->name))
		return refuse(err, "path", number, "has no parent before it or no name");
	uint64_t len = (uint64_t)restoring->path_bytes[node->parent] + node->name.len + 1;
	if (len > longest)
		return imp_fail(err, IMP_E_LIMIT,
				"stored tree: path %u is too long (limit path-bytes)",
				number);
	restoring->path_bytes[number] = (uint32_t)len;
	if (node->layer >= restoring->tree->layer_count && node->layer != 0)
		return refuse(err, "path", number, "names no layer");
	if (node->live && (!nodes[node->parent].live || !nodes[node->parent].directory))
		return refuse(err, "path", number, "lives in no directory");
	if (node->directory && !node->live)
		return refuse(err, "path", number, "is a directory, but gone");
	return 0;
}

static int restore_nodes(struct restoring *restoring, struct imp_error *err)
{
	const struct imp_tree_rows *stored = restoring->stored;
	struct imp_tree *tree = restoring->tree;

	if (stored->nodes[0].parent != IMP_NONE || stored->nodes[0].name.len > 0 ||
	    !stored->nodes[0].live || !stored->nodes[0].directory ||
	    (stored->nodes[0].layer >= tree->layer_count && stored->nodes[0].layer != 0))
		return refuse(err, "path", 0, "is no root");
	imp_tree_start(tree, stored->node_count);
	tree->nodes[0].layer = stored->nodes[0].layer;
	for (uint32_t i = 1; i < stored->node_count; i++) {
		const struct imp_node_row *node = &stored->nodes[i];
		bool made = false;
		uint32_t number;
		int rc = check_node(restoring, i, err);
		if (rc == 0)
			rc = imp_tree_make_child(tree, node->parent, node->name,
						 restoring->limits->nodes, &number, &made,
						 err);
		if (rc < 0)
			return rc;
		if (!made)
			return refuse(err, "path", i, "is there twice");
		tree->nodes[i].live = node->live;
		tree->nodes[i].directory = node->directory;
		tree->nodes[i].layer = node->layer;
	}
	return 0;
}

/* The record of a group, by type. */
static bool group_fits(const struct imp_tree_rows *stored, uint32_t number)
{
	const struct imp_record *record = &stored->records[number].record;

	if (record->type == IMP_ENTRY_FILE)
		return record->group == number;
	if (record->group == IMP_NONE)
		return true;
	return record->type == IMP_ENTRY_HARDLINK &&
	       record->group < stored->record_count &&
	       stored->records[record->group].record.type == IMP_ENTRY_FILE;
}

static bool fate_fits(const struct restoring *restoring, const struct imp_record *record)
{
	const struct imp_record *group =
		record->group == IMP_NONE
			? NULL
			: &restoring->stored->records[record->group].record;

	if (record->fate >= IMP_FATES || record->change >= CHANGES)
		return false;
	if ((record->fate == IMP_FATE_LIVE) != (record->hidden_by == IMP_NOT_HIDDEN))
		return false;
	if (record->hidden_by != IMP_NOT_HIDDEN &&
	    record->hidden_by >= restoring->tree->layer_count)
		return false;
	return !group ||
	       (group->fate == record->fate && group->hidden_by == record->hidden_by);
}

static int check_record(const struct restoring *restoring, uint32_t number,
			struct imp_error *err)
{
	const struct imp_tree_rows *stored = restoring->stored;
	const struct imp_record_row *row = &stored->records[number];
	const struct imp_record *record = &row->record;
	size_t longest = (size_t)restoring->limits->special_header_bytes;

	if (record->type >= IMP_ENTRY_TYPES || record->node >= stored->node_count ||
	    (record->type != IMP_ENTRY_FILE && record->disk_bytes > 0))
		return refuse(err, "entry", number, "has no place or no type");
	if (row->name.len > longest || row->link.len > longest)
		return imp_fail(err, IMP_E_LIMIT,
				"stored tree: a name of entry %u is too long "
				"(limit special-header-bytes)",
				number);
	if (!group_fits(stored, number))
		return refuse(err, "entry", number, "links to no file");
	if (!fate_fits(restoring, record))
		return refuse(err, "entry", number, "has an impossible fate");
	return 0;
}

static int intern(struct imp_tree *tree, struct imp_slice text, uint32_t *out,
		  struct imp_error *err)
{
	*out = IMP_NONE;
	return text.data ? imp_names_intern(&tree->names, text, out, err) : 0;
}

static void make_room(struct imp_tree *tree, size_t records)
{
	tree->record_capacity = tree->hash_capacity = tree->mtime_capacity = records;
	tree->records = imp_xmalloc(records * sizeof(*tree->records));
	tree->hashes = imp_xmalloc(records * sizeof(*tree->hashes));
	tree->mtimes_s = imp_xmalloc(records * sizeof(*tree->mtimes_s));
	tree->attributes_capacity = records;
	tree->attributes_of = imp_xmalloc(records * sizeof(*tree->attributes_of));
}

static int restore_record(struct restoring *restoring, uint32_t number, uint16_t layer,
			  struct imp_error *err)
{
	const struct imp_record_row *row = &restoring->stored->records[number];
	struct imp_tree *tree = restoring->tree;
	struct imp_record *made = &tree->records[number];
	int rc = check_record(restoring, number, err);

	if (rc < 0)
		return rc;
	*made = row->record;
	made->layer = layer;
	tree->mtimes_s[number] = row->mtime_s;
	tree->hashes[number] = row->hash;
	tree->record_count++;
	rc = imp_names_intern(
		&tree->attributes,
		imp_slice((const char *)&row->attributes, sizeof(row->attributes)),
		&tree->attributes_of[number], err);
	if (rc < 0)
		return rc;
	rc = intern(tree, row->name, &made->name, err);
	return rc < 0 ? rc : intern(tree, row->link, &made->link, err);
}

static int restore_records(struct restoring *restoring, struct imp_error *err)
{
	const struct imp_tree_rows *stored = restoring->stored;
	uint32_t number = 0;

	make_room(restoring->tree, stored->record_count);
	for (size_t layer = 0; layer < stored->layer_count; layer++) {
		struct imp_tree_layer *made = &restoring->tree->layers[layer];
		const struct imp_layer_row *row = &stored->layers[layer];
		made->first_record = number;
		made->record_count = row->records;
		made->sums.added = row->added;
		made->sums.modified = row->modified;
		made->sums.removed = row->removed;
		for (uint32_t i = 0; i < row->records; i++) {
			int rc =
				restore_record(restoring, number++, (uint16_t)layer, err);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

static int check_sizes(const struct imp_tree *tree, struct imp_error *err)
{
	uint64_t disk_bytes = 0, pull_bytes = 0;

	for (size_t i = 0; i < tree->record_count; i++)
		if (imp_add_overflows(disk_bytes, tree->records[i].disk_bytes,
				      &disk_bytes) ||
		    imp_add_overflows(pull_bytes, tree->records[i].pull_bytes,
				      &pull_bytes))
			return imp_fail(err, IMP_E_FORMAT,
					"stored tree: the sizes of all files pass 2^64 "
					"bytes");
	return 0;
}

/* The records of a node are one chain, newest first: nothing points at the newest, and each
 * other is pointed at by one. */
static int link_records(struct imp_tree *tree, struct imp_error *err)
{
	imp_auto_free bool *pointed = imp_xcalloc(tree->record_count + 1, 1);
	size_t linked = 0;

	for (uint32_t i = 0; i < tree->record_count; i++) {
		uint32_t older = tree->records[i].older;
		if (older == IMP_NONE)
			continue;
		if (older >= tree->record_count || pointed[older] ||
		    tree->records[older].node != tree->records[i].node)
			return refuse(err, "entry", i, "stands on no other of its path");
		pointed[older] = true;
	}
	for (uint32_t i = 0; i < tree->record_count; i++) {
		struct imp_node *node = &tree->nodes[tree->records[i].node];
		if (pointed[i])
			continue;
		if (node->newest != IMP_NONE)
			return refuse(err, "entry", i, "is not the only newest");
		node->newest = i;
		for (uint32_t r = i; r != IMP_NONE; r = tree->records[r].older)
			linked++;
	}
	return linked == tree->record_count
		       ? 0
		       : imp_fail(err, IMP_E_FORMAT,
				  "stored tree: entries stand on each other in a circle");
}

static bool may_show(const struct imp_node *node, const struct imp_record *record)
{
	if (!node->live || node->shown != IMP_NONE)
		return false;
	if (node->directory)
		return record->type == IMP_ENTRY_DIRECTORY;
	return record->type != IMP_ENTRY_DIRECTORY &&
	       record->type != IMP_ENTRY_WHITEOUT && record->type != IMP_ENTRY_OPAQUE;
}

/* What each path shows; only a directory may be there without an entry. */
static int show_records(struct imp_tree *tree, struct imp_error *err)
{
	for (uint32_t i = 0; i < tree->record_count; i++) {
		const struct imp_record *record = &tree->records[i];
		struct imp_node *node = &tree->nodes[record->node];
		if (!record->shown)
			continue;
		if (!may_show(node, record))
			return refuse(err, "entry", i, "is not what its path shows");
		node->shown = i;
	}
	for (size_t i = 0; i < tree->node_count; i++)
		if (tree->nodes[i].live && !tree->nodes[i].directory &&
		    tree->nodes[i].shown == IMP_NONE)
			return refuse(err, "path", i, "shows nothing");
	return 0;
}

/* Invariants 3 and 4, and fates; a broken one is the document's fault here. */
static int check_invariants(const struct imp_tree *tree, struct imp_error *err)
{
	imp_auto_free const struct imp_profile **none =
		imp_xcalloc(tree->layer_count + 1, sizeof(struct imp_profile *));
	struct imp_error broken = {0};

	if (imp_tree_check(tree, none, &broken) == 0)
		return 0;
	return imp_fail(err, IMP_E_FORMAT, "stored tree: %s", broken.message);
}

static int restore(struct restoring *restoring, struct imp_error *err)
{
	struct imp_tree *tree = restoring->tree;
	int rc = restore_nodes(restoring, err);

	if (rc == 0)
		rc = restore_records(restoring, err);
	if (rc == 0)
		rc = check_sizes(tree, err);
	if (rc == 0)
		rc = link_records(tree, err);
	if (rc == 0)
		rc = show_records(tree, err);
	if (rc < 0)
		return rc;
	imp_names_freeze(&tree->names);
	imp_names_freeze(&tree->attributes);
	imp_tree_order(tree);
	imp_tree_add_up(tree);
	return check_invariants(tree, err);
}

int imp_tree_restore(const struct imp_tree_rows *stored, const struct imp_limits *limits,
		     struct imp_tree **out, struct imp_error *err)
{
	imp_auto_destroy(imp_tree) struct imp_tree *tree = imp_xcalloc(1, sizeof(*tree));
	struct restoring restoring = {stored, limits, tree, NULL};
	int rc = check_counts(&restoring, err);

	if (rc < 0)
		return rc;
	imp_auto_free uint32_t *path_bytes =
		imp_xcalloc(stored->node_count, sizeof(*path_bytes));
	restoring.path_bytes = path_bytes;
	tree->layer_count = stored->layer_count;
	tree->layers = imp_xcalloc(stored->layer_count + 1, sizeof(*tree->layers));
	rc = restore(&restoring, err);
	if (rc < 0)
		return rc;
	*out = imp_steal(&tree);
	return 0;
}
