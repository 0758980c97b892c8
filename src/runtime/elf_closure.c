#include "trail.h"

struct closure {
	struct imp_trail *trail;
	struct imp_loader *loader;
	size_t next; /* in the trail's queue */
};

static void put(void *context, uint32_t node, uint32_t by)
{
	struct imp_trail *trail = ((struct closure *)context)->trail;
	uint32_t record =
		node == IMP_NONE ? IMP_NONE : imp_tree_file_at(trail->tree, node);

	if (record == IMP_NONE || trail->reached[record] & IMP_REACH_LINK)
		return;
	bool queued = trail->reached[record] != 0;
	trail->reached[record] |= IMP_REACH_LINK;
	if (queued)
		return;
	if (by != record)
		trail->reached_from[record] = by;
	trail->queue = imp_xgrow(trail->queue, &trail->queue_capacity,
				 trail->queue_count + 1, sizeof(*trail->queue));
	trail->queue[trail->queue_count++] = record;
}

static void link_one(struct closure *closure, uint32_t record)
{
	const struct imp_trail *trail = closure->trail;
	const struct imp_fact *fact = imp_contents_fact(trail->input->contents, record);

	if (!fact || fact->kind != IMP_CONTENT_ELF || !fact->elf)
		return;
	if (fact->elf->interpreter.len > 0)
		put(closure, imp_tree_resolve(trail->tree, 0, fact->elf->interpreter),
		    record);
	struct imp_slice needed = fact->elf->needed;
	while (needed.len > 0)
		put(closure,
		    imp_loader_find(closure->loader, record,
				    imp_slice_cut(&needed, '\0')),
		    record);
}

static void link_queue(struct closure *closure)
{
	while (closure->next < closure->trail->queue_count)
		link_one(closure, closure->trail->queue[closure->next++]);
}

static bool is_extension(struct imp_slice name)
{
	return imp_slice_ends(name, IMP_SLICE(".so")) ||
	       imp_slice_ends(name, IMP_SLICE(".node")) ||
	       (name.len > 0 && memmem(name.data, name.len, ".so.", 4));
}

/* Extension modules are loaded by whatever imports them: all count. */
static void put_extensions(struct closure *closure, uint32_t folder)
{
	const struct imp_tree *tree = closure->trail->tree;
	bool descend = true;

	for (uint32_t n = imp_tree_next_below(tree, folder, true, folder); n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, descend, folder)) {
		const struct imp_node *node = imp_tree_node(tree, n);
		struct imp_slice name = imp_tree_name(tree, n);
		descend = node->live && node->directory;
		if (!node->live || node->directory || !is_extension(name))
			continue;
		const struct imp_fact *fact =
			imp_contents_fact_at(closure->trail->input->contents, n);
		if (fact && fact->kind == IMP_CONTENT_ELF)
			put(closure, n, IMP_NONE);
	}
}

void imp_trail_link(struct imp_trail *trail, const struct imp_places *places)
{
	struct closure closure = {trail, imp_loader_create(trail), 0};

	for (size_t i = 0; i < places->python_count; i++)
		put_extensions(&closure, places->python[i]);
	for (size_t i = 0; trail->runs_node && i < places->node_count; i++)
		put_extensions(&closure, places->node_modules[i]);
	if (places->project != IMP_NONE && trail->runs_python)
		put_extensions(&closure, places->project);
	link_queue(&closure);
	imp_dlopened(trail, put, &closure);
	link_queue(&closure);
	imp_loader_destroy(closure.loader);
}
