#include <stdlib.h>

#include "archive_priv.h"

void imp_archive_table_init(struct imp_archive_table *table)
{
	*table = (struct imp_archive_table){.arena = imp_arena_create()};
}

void imp_archive_table_finish(struct imp_archive_table *table)
{
	imp_map_finish(&table->by_name);
	free(table->entries);
	imp_arena_destroy(table->arena);
}

/* Adds one component to PATH; false when ".." leaves the archive. */
static bool add_component(struct imp_strbuf *path, struct imp_slice component)
{
	if (component.len == 0 || imp_slice_is(component, "."))
		return true;
	if (imp_slice_is(component, "..")) {
		if (path->len == 0)
			return false;
		while (path->len > 0 && path->data[path->len - 1] != '/')
			imp_strbuf_truncate(path, path->len - 1);
		if (path->len > 0)
			imp_strbuf_truncate(path, path->len - 1);
		return true;
	}
	if (path->len > 0)
		imp_strbuf_add_char(path, '/');
	imp_strbuf_add_slice(path, component);
	return true;
}

bool imp_archive_name(struct imp_arena *arena, struct imp_slice base,
		      struct imp_slice name, struct imp_slice *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_add_slice(&path, base);
	while (name.len > 0)
		if (!add_component(&path, imp_slice_cut(&name, '/')))
			return false;
	if (path.len == 0)
		return false;
	*out = imp_arena_copy(arena, imp_strbuf_slice(&path));
	return true;
}

void imp_archive_table_add(struct imp_archive_table *table,
			   const struct imp_archive_entry *entry)
{
	struct imp_archive_entry *added;
	uint64_t older = 0;

	table->entries = imp_xgrow(table->entries, &table->capacity, table->count + 1,
				   sizeof(*entry));
	added = &table->entries[table->count];
	*added = *entry;
	if (imp_map_get(&table->by_name, entry->name, &older))
		added->older = (size_t)older + 1;
	imp_map_set(&table->by_name, added->name, table->count++);
}

const struct imp_archive_entry *imp_archive_find(const struct imp_archive_table *table,
						 struct imp_slice name, uint32_t max_hops)
{
	const struct imp_archive_entry *entry;
	uint64_t i;

	for (uint32_t hops = 0; hops <= max_hops; hops++) {
		if (!imp_map_get(&table->by_name, name, &i))
			return NULL;
		entry = &table->entries[i];
		if (entry->kind != IMP_ENTRY_ALIAS)
			return entry;
		name = entry->target;
	}
	return NULL;
}
