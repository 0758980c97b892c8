#include "inventory_priv.h"

#include "imgprof/search.h"

const struct imp_live_file *imp_inventory_file(struct imp_inventory *inventory,
					       enum imp_manager manager, const char *path)
{
	const struct imp_packages_input *input = inventory->input;
	uint32_t node = imp_tree_resolve(input->tree, 0, imp_slice_of(path));
	const struct imp_live_file *file =
		node == IMP_NONE ? NULL : imp_contents_at(input->contents, node);

	if (!file || !file->cut)
		return file;
	imp_inventory_unreadable(inventory, manager, imp_slice_of(path),
				 "larger than what is kept of a file");
	return NULL;
}

size_t imp_inventory_files_from(const struct imp_inventory *inventory, const char *prefix)
{
	const struct imp_contents *contents = inventory->input->contents;
	struct imp_slice from = imp_slice_of(prefix);

	return IMP_FIRST_NOT(
		imp_contents_live_count(contents), i,
		imp_slice_compare(imp_contents_live(contents, i)->path, from) < 0);
}

static struct imp_slice unquote(struct imp_slice value)
{
	if (value.len >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
	    value.data[value.len - 1] == value.data[0])
		return imp_slice(value.data + 1, value.len - 2);
	return value;
}

static struct imp_slice find_id(struct imp_slice text)
{
	while (text.len > 0) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		if (imp_slice_starts(line, IMP_SLICE("ID=")))
			return unquote(imp_slice_skip(line, 3));
	}
	return IMP_SLICE("");
}

struct imp_slice imp_inventory_os(struct imp_inventory *inventory)
{
	static const char *const paths[] = {"etc/os-release", "usr/lib/os-release"};

	for (size_t i = 0; i < 2 && !inventory->os.data; i++) {
		uint32_t node = imp_tree_resolve(inventory->input->tree, 0,
						 imp_slice_of(paths[i]));
		const struct imp_live_file *file =
			node == IMP_NONE
				? NULL
				: imp_contents_at(inventory->input->contents, node);
		if (file && !file->cut)
			inventory->os = find_id(file->content);
	}
	if (!inventory->os.data)
		inventory->os = IMP_SLICE("");
	return inventory->os;
}
