/* Roots of the sweep (classification.md 2.2): what runs, and what files of nobody that is swept
 * link to. */
#include "trail.h"

static void root(struct imp_trail *trail, uint32_t node)
{
	uint32_t record =
		node == IMP_NONE ? IMP_NONE : imp_tree_file_at(trail->tree, node);
	uint32_t owner =
		record == IMP_NONE ? IMP_NONE : trail->input->packages->owner_of[record];

	if (owner != IMP_NONE)
		trail->package_root[owner] = true;
}

static void root_links(struct imp_trail *trail, struct imp_loader *loader,
		       uint32_t record)
{
	const struct imp_fact *fact = imp_contents_fact(trail->input->contents, record);

	if (!fact || fact->kind != IMP_CONTENT_ELF || !fact->elf ||
	    imp_trail_swept(trail, record))
		return;
	if (fact->elf->interpreter.len > 0)
		root(trail, imp_tree_resolve(trail->tree, 0, fact->elf->interpreter));
	struct imp_slice needed = fact->elf->needed;
	while (needed.len > 0)
		root(trail,
		     imp_loader_find(loader, record, imp_slice_cut(&needed, '\0')));
}

/* bin/python of a virtual environment, and `home` of its pyvenv.cfg. */
static void root_environment(struct imp_trail *trail, uint32_t config)
{
	const struct imp_tree *tree = trail->tree;
	uint32_t prefix = imp_tree_node(tree, config)->parent;
	const struct imp_live_file *file =
		imp_contents_at(trail->input->contents, config);
	struct imp_slice rest = file ? file->content : IMP_SLICE("");

	root(trail, imp_tree_resolve(tree, prefix, IMP_SLICE("bin/python")));
	root(trail, imp_tree_resolve(tree, prefix, IMP_SLICE("bin/python3")));
	while (rest.len > 0) {
		struct imp_slice value = imp_slice_cut(&rest, '\n');
		struct imp_slice key = imp_slice_cut(&value, '=');
		while (value.len > 0 && value.data[0] == ' ')
			value = imp_slice_skip(value, 1);
		while (key.len > 0 && key.data[key.len - 1] == ' ')
			key.len--;
		uint32_t home = imp_slice_is(key, "home") && value.len > 0
					? imp_tree_resolve(tree, 0, value)
					: IMP_NONE;
		if (home != IMP_NONE)
			root(trail, imp_tree_resolve(tree, home, IMP_SLICE("python3")));
	}
}

void imp_trail_roots(struct imp_trail *trail)
{
	const struct imp_tree *tree = trail->tree;
	struct imp_loader *loader = imp_loader_create(trail);
	uint32_t records = imp_tree_record_count(tree);

	for (uint32_t r = 0; r < records; r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (record->type != IMP_ENTRY_FILE || record->fate != IMP_FATE_LIVE)
			continue;
		uint32_t owner = trail->input->packages->owner_of[r];
		if (trail->reached[r] & IMP_REACH_RUN && owner != IMP_NONE)
			trail->package_root[owner] = true;
		root_links(trail, loader, r);
		if (record->shown &&
		    imp_slice_is(imp_tree_name(tree, record->node), "pyvenv.cfg"))
			root_environment(trail, record->node);
	}
	imp_loader_destroy(loader);
}
