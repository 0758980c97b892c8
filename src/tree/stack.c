#include "imgprof/arena.h"

#include "stacking_priv.h"

void imp_stacking_warn(struct imp_stacking *stacking, const char *code,
		       struct imp_slice path, const char *message)
{
	imp_warnings_add(stacking->warnings, code, stacking->layer, path, "%s", message);
}

void imp_stacking_warn_node(struct imp_stacking *stacking, const char *code,
			    uint32_t node, const char *message)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(stacking->tree, node, &path);
	imp_stacking_warn(stacking, code, imp_strbuf_slice(&path), message);
}

int imp_stacking_child(struct imp_stacking *stacking, uint32_t parent,
		       struct imp_slice name, uint32_t *out, struct imp_error *err)
{
	struct imp_tree *tree = stacking->tree;
	bool made;
	int rc = imp_tree_make_child(tree, parent, name, stacking->limits->nodes, out,
				     &made, err);

	if (rc < 0 || !made)
		return rc;
	stacking->unnamed++;
	stacking->places = imp_xgrow(stacking->places, &stacking->place_capacity,
				     tree->node_count, sizeof(*stacking->places));
	stacking->places[*out] = (struct imp_place){.previous_live = IMP_NONE,
						    .touched = IMP_NOT_HIDDEN,
						    .implied_below = IMP_NOT_HIDDEN};
	return 0;
}

int imp_stacking_trace(struct imp_stacking *stacking, struct imp_slice path,
		       uint32_t *out, struct imp_error *err)
{
	uint32_t node = 0;

	while (path.len > 0) {
		struct imp_slice name = imp_slice_cut(&path, '/');
		int rc = imp_stacking_child(stacking, node, name, &node, err);
		if (rc < 0)
			return rc;
	}
	*out = node;
	return 0;
}

void imp_stacking_attach(struct imp_stacking *stacking, uint32_t record, uint32_t node)
{
	struct imp_node *n = &stacking->tree->nodes[node];

	if (n->newest == IMP_NONE && node != 0)
		stacking->unnamed--;
	stacking->tree->records[record].node = node;
	stacking->tree->records[record].older = n->newest;
	n->newest = record;
}

/* Hidden from the start; a hard link that reaches a file brings it to life. */
static int place_leftover(struct imp_stacking *stacking, uint32_t record,
			  const struct imp_entry *entry, struct imp_error *err)
{
	struct imp_record *made = &stacking->tree->records[record];
	uint32_t node;
	int rc = imp_stacking_trace(stacking, entry->path, &node, err);

	if (rc < 0)
		return rc;
	imp_stacking_attach(stacking, record, node);
	if (entry->type == IMP_ENTRY_FILE || entry->type == IMP_ENTRY_HARDLINK) {
		made->fate = IMP_FATE_LEFTOVER;
		made->hidden_by = stacking->layer;
	}
	return 0;
}

/* The root is a directory whatever an entry says. */
static void place_root(struct imp_stacking *stacking, uint32_t record)
{
	struct imp_record *made = &stacking->tree->records[record];

	imp_stacking_attach(stacking, record, 0);
	if (made->type == IMP_ENTRY_DIRECTORY) {
		stacking->tree->nodes[0].shown = record;
		stacking->tree->nodes[0].layer = stacking->layer;
		return;
	}
	imp_stacking_warn(stacking, "root-not-directory", IMP_SLICE(""),
			  "an entry for the root is no directory; it is not shown");
	if (made->type == IMP_ENTRY_FILE) {
		made->fate = IMP_FATE_DUPLICATE;
		made->hidden_by = stacking->layer;
	}
}

static void place_directory(struct imp_stacking *stacking, uint32_t record)
{
	uint32_t node = stacking->tree->records[record].node;
	struct imp_node *n = &stacking->tree->nodes[node];

	if (n->directory) {
		n->shown = record;
		n->layer = stacking->layer;
		return;
	}
	if (n->live)
		imp_stacking_drop(stacking, node,
				  &(struct imp_cause){IMP_FATE_REPLACED, IMP_NONE});
	imp_stacking_show(stacking, node, record, true);
}

static void warn_of_duplicate(struct imp_stacking *stacking, uint32_t node,
			      const struct imp_entry *entry)
{
	uint32_t shown = stacking->tree->nodes[node].shown;

	if (shown == IMP_NONE)
		return;
	const struct imp_record *there = &stacking->tree->records[shown];
	bool merges =
		there->type == IMP_ENTRY_DIRECTORY && entry->type == IMP_ENTRY_DIRECTORY;
	if (there->layer == stacking->layer && !merges)
		imp_stacking_warn(stacking, "duplicate-path", entry->path,
				  "the layer holds this path twice; the last entry wins");
}

static int place_entry(struct imp_stacking *stacking, uint32_t record,
		       const struct imp_entry *entry, struct imp_error *err)
{
	uint32_t parent = 0, node = 0;
	bool elsewhere = false;

	if (entry->path.len == 0) {
		place_root(stacking, record);
		return 0;
	}
	struct imp_record *made = &stacking->tree->records[record];
	struct imp_slice name = imp_slice_basename(entry->path);
	int rc =
		imp_stacking_make_parent(stacking, entry->path, &parent, &elsewhere, err);
	if (rc == 0)
		rc = imp_stacking_child(stacking, parent, name, &node, err);
	if (rc == 0 && elsewhere && made->name == IMP_NONE)
		rc = imp_names_intern(&stacking->tree->names, entry->path, &made->name,
				      err);
	if (rc < 0)
		return rc;
	warn_of_duplicate(stacking, node, entry);
	imp_stacking_attach(stacking, record, node);
	if (entry->type == IMP_ENTRY_HARDLINK)
		return imp_stacking_place_hardlink(stacking, record, entry->path, err);
	if (entry->type == IMP_ENTRY_DIRECTORY)
		place_directory(stacking, record);
	else
		imp_stacking_replace(stacking, node, record);
	return 0;
}

static int place(struct imp_stacking *stacking, const struct imp_entry *entry,
		 struct imp_error *err)
{
	uint32_t record;
	int rc = imp_stacking_add_record(stacking, entry, &record, err);

	if (rc < 0)
		return rc;
	if (entry->leftover)
		return place_leftover(stacking, record, entry, err);
	if (entry->type == IMP_ENTRY_WHITEOUT)
		return imp_stacking_place_whiteout(stacking, record, entry, err);
	if (entry->type == IMP_ENTRY_OPAQUE)
		return imp_stacking_place_opaque(stacking, record, entry, err);
	return place_entry(stacking, record, entry, err);
}

static int check_implied(const struct imp_stacking *stacking, struct imp_error *err)
{
	const struct imp_limits *limits = stacking->limits;
	uint64_t limit = limits->implied_directories +
			 limits->implied_per_entry * stacking->entries;

	if (stacking->unnamed <= limit)
		return 0;
	return imp_fail(
		err, IMP_E_LIMIT,
		"image tree: more than %llu directories that no entry names (limit "
		"implied-directories)",
		(unsigned long long)limit);
}

int imp_stacking_apply(struct imp_stacking *stacking, const struct imp_profile *profile,
		       struct imp_error *err)
{
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	struct imp_entry entry;
	int rc;

	if (stacking->tree->nodes[0].first_child != IMP_NONE &&
	    imp_profile_hides(profile)) {
		imp_stacking_apply_whiteouts(stacking, cursor);
		imp_profile_cursor_rewind(cursor);
	}
	while (imp_profile_cursor_next(cursor, &entry)) {
		rc = place(stacking, &entry, err);
		if (rc == 0)
			rc = check_implied(stacking, err);
		if (rc < 0)
			return rc;
	}
	rc = imp_stacking_resolve_late(stacking, err);
	if (rc == 0)
		imp_stacking_review_whiteouts(stacking);
	return rc;
}
