/*
 * Who owns what: RECORD (CSV: path, hash, size) or installed-files.txt; without either the
 * packages that top_level.txt names, or the one that is named as the distribution.
 */
#include <stdlib.h>

#include "python_priv.h"

/* The folder of the row before: rows of one folder stand together. */
struct folder {
	struct imp_slice path;
	uint32_t node;
};

/* Row's paths are relative to BASE; ".." leads to bin and share, links of folders are
 * followed, the file itself is not. */
static uint32_t resolve_file(const struct python *python, uint32_t base,
			     struct imp_slice path, struct folder *last)
{
	struct imp_slice name = imp_slice_basename(path);
	struct imp_slice folder = imp_slice(path.data, path.len - name.len);

	if (name.len == 0)
		return IMP_NONE;
	if (!last->path.data || !imp_slice_equal(folder, last->path))
		*last = (struct folder){folder,
					imp_tree_resolve(python->tree, base, folder)};
	return last->node == IMP_NONE
		       ? IMP_NONE
		       : imp_tree_find_child(python->tree, last->node, name);
}

/* The first field of the CSV row at *REST, which moves to the next row. A quoted field
 * doubles its quotes and may hold commas and newlines; UNQUOTED holds it then. */
static struct imp_slice take_path(struct imp_slice *rest, struct imp_strbuf *unquoted)
{
	if (rest->len == 0 || rest->data[0] != '"') {
		struct imp_slice row = imp_slice_cut(rest, '\n');
		if (row.len > 0 && row.data[row.len - 1] == '\r')
			row.len--;
		return imp_slice_cut(&row, ',');
	}
	imp_strbuf_reset(unquoted);
	size_t i = 1;
	for (; i < rest->len; i++) {
		if (rest->data[i] == '"' && (++i == rest->len || rest->data[i] != '"'))
			break;
		imp_strbuf_add_char(unquoted, rest->data[i]);
	}
	*rest = imp_slice_skip(*rest, i);
	imp_slice_cut(rest, '\n');
	return imp_strbuf_slice(unquoted);
}

static void own_record(struct python *python, const struct python_dist *dist)
{
	uint32_t base = python->environments[dist->environment].node;
	imp_auto(imp_strbuf_finish) struct imp_strbuf unquoted = {0};
	struct folder last = {0};

	for (struct imp_slice rest = dist->record->content; rest.len > 0;) {
		struct imp_slice path = take_path(&rest, &unquoted);
		imp_inventory_own(python->inventory, dist->package,
				  resolve_file(python, base, path, &last));
		if (path.data == unquoted.data)
			last = (struct folder){0};
	}
}

/* One path a line, relative to the egg-info itself. */
static void own_installed_files(struct python *python, const struct python_dist *dist)
{
	struct folder last = {0};

	for (struct imp_slice rest = dist->installed_files->content; rest.len > 0;) {
		struct imp_slice path = imp_slice_cut(&rest, '\n');
		imp_inventory_own(python->inventory, dist->package,
				  resolve_file(python, dist->home, path, &last));
	}
}

/* Every live file at and below NODE, each folder once for all distributions: the first to
 * name a shared one (a namespace) has it. */
static void own_tree(struct python *python, const struct python_dist *dist, uint32_t top,
		     bool *taken)
{
	bool descend;

	if (top == IMP_NONE || !imp_tree_node(python->tree, top)->live)
		return;
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(python->tree, n, descend, top)) {
		descend = imp_tree_node(python->tree, n)->live && !taken[n];
		if (!descend)
			continue;
		taken[n] = true;
		imp_inventory_own(python->inventory, dist->package, n);
	}
}

/* MODULE in the environment: a folder, a .py, or a library of that name. */
static void own_module(struct python *python, const struct python_dist *dist,
		       struct imp_slice module, bool *taken)
{
	static const char *const endings[] = {"", ".py", ".so"};
	uint32_t folder = python->environments[dist->environment].node;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	if (module.len == 0 || memchr(module.data, '/', module.len))
		return;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		imp_strbuf_reset(&name);
		imp_strbuf_add_slice(&name, module);
		imp_strbuf_add_text(&name, endings[i]);
		own_tree(python, dist,
			 imp_tree_find_child(python->tree, folder,
					     imp_strbuf_slice(&name)),
			 taken);
	}
}

static void own_top_level(struct python *python, const struct python_dist *dist,
			  bool *taken)
{
	if (!dist->top_level) {
		char *module = imp_arena_alloc(python->arena, dist->name.len);
		for (size_t i = 0; i < dist->name.len; i++) {
			char c = dist->name.data[i];
			module[i] = c == '-' ? '_' : c;
		}
		own_module(python, dist, imp_slice(module, dist->name.len), taken);
		return;
	}
	for (struct imp_slice rest = dist->top_level->content; rest.len > 0;) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		while (line.len > 0 && (line.data[line.len - 1] == '\r' ||
					line.data[line.len - 1] == ' '))
			line.len--;
		own_module(python, dist, line, taken);
	}
}

/* Lists of files come last and win over what was guessed from names. */
void imp_python_own_files(struct python *python)
{
	imp_auto_free bool *taken =
		imp_xcalloc(imp_tree_node_count(python->tree), sizeof(*taken));

	for (size_t i = 0; i < python->dist_count; i++) {
		const struct python_dist *dist = &python->dists[i];
		if (!dist->record && !dist->installed_files)
			own_top_level(python, dist, taken);
	}
	for (size_t i = 0; i < python->dist_count; i++) {
		const struct python_dist *dist = &python->dists[i];
		own_tree(python, dist, dist->home, taken);
		if (dist->record)
			own_record(python, dist);
		else if (dist->installed_files)
			own_installed_files(python, dist);
	}
}
