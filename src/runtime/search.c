#include "trail.h"

static const char default_path[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

struct imp_slice imp_trail_env(const struct imp_trail *trail, struct imp_slice name)
{
	const struct imp_config *config = &trail->input->image->config;

	for (size_t i = config->environment_count; i-- > 0;) {
		struct imp_slice value = config->environment[i];
		if (imp_slice_equal(imp_slice_cut(&value, '='), name))
			return value.data ? value : IMP_SLICE("");
	}
	return (struct imp_slice){0};
}

static uint32_t file_in(const struct imp_trail *trail, uint32_t folder,
			struct imp_slice name)
{
	uint32_t node = imp_tree_resolve(trail->tree, folder, name);

	return node != IMP_NONE && imp_tree_file_at(trail->tree, node) != IMP_NONE
		       ? node
		       : IMP_NONE;
}

static struct imp_found find_by_path(const struct imp_trail *trail, struct imp_slice name,
				     uint32_t folder)
{
	struct imp_slice base = imp_slice_basename(name);
	struct imp_slice parent = imp_slice(name.data, name.len - base.len);

	return (struct imp_found){
		.file = file_in(trail, folder, name),
		.folder = imp_tree_resolve(trail->tree, folder, parent),
	};
}

struct imp_found imp_trail_find(const struct imp_trail *trail, struct imp_slice name,
				uint32_t folder, uint32_t bin)
{
	struct imp_slice path = imp_trail_env(trail, IMP_SLICE("PATH"));
	uint32_t file;

	if (name.len == 0 || imp_slice_is(name, ".") || imp_slice_is(name, ".."))
		return (struct imp_found){IMP_NONE, IMP_NONE};
	if (memchr(name.data, '/', name.len))
		return find_by_path(trail, name, folder);
	if (bin != IMP_NONE && (file = file_in(trail, bin, name)) != IMP_NONE)
		return (struct imp_found){file, bin};
	if (!path.data)
		path = IMP_SLICE(default_path);
	while (path.data) {
		uint32_t at =
			imp_tree_resolve(trail->tree, folder, imp_slice_cut(&path, ':'));
		if (at != IMP_NONE && (file = file_in(trail, at, name)) != IMP_NONE)
			return (struct imp_found){file, at};
	}
	return (struct imp_found){IMP_NONE, IMP_NONE};
}

bool imp_trail_swept(const struct imp_trail *trail, uint32_t record)
{
	uint32_t owner = trail->input->packages->owner_of[record];

	return owner != IMP_NONE &&
	       trail->input->packages->list[owner].manager <= IMP_MANAGER_RPM;
}
