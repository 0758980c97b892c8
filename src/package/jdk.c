/* Java's `release` file: NAME="VALUE" lines at the top of a JAVA_HOME. */
#include "readers.h"

struct release {
	struct imp_slice version, implementor, modules;
};

static struct imp_slice unquoted(struct imp_slice value)
{
	if (value.len > 0 && value.data[value.len - 1] == '\r')
		value.len--;
	if (value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"')
		return imp_slice(value.data + 1, value.len - 2);
	return value;
}

static void parse_release(struct imp_slice text, struct release *out)
{
	*out = (struct release){0};
	while (text.len > 0) {
		struct imp_slice value = imp_slice_cut(&text, '\n');
		struct imp_slice key = imp_slice_cut(&value, '=');
		if (imp_slice_is(key, "JAVA_VERSION"))
			out->version = unquoted(value);
		else if (imp_slice_is(key, "IMPLEMENTOR"))
			out->implementor = unquoted(value);
		else if (imp_slice_is(key, "MODULES"))
			out->modules = unquoted(value);
	}
}

static bool has_module(struct imp_slice modules, const char *name)
{
	while (modules.len > 0)
		if (imp_slice_is(imp_slice_cut(&modules, ' '), name))
			return true;
	return false;
}

static bool has_file(const struct imp_tree *tree, uint32_t home, const char *path)
{
	return imp_tree_resolve(tree, home, imp_slice_of(path)) != IMP_NONE;
}

/* The compiler makes the difference; before Java 9 there were no modules. */
static const char *name_of(const struct imp_tree *tree, uint32_t home,
			   const struct release *release)
{
	return has_file(tree, home, "bin/javac") ||
			       has_module(release->modules, "jdk.compiler")
		       ? "jdk"
		       : "jre";
}

static void read_home(struct imp_inventory *inventory, const struct imp_live_file *file)
{
	const struct imp_tree *tree = imp_inventory_input(inventory)->tree;
	uint32_t home = imp_tree_node(tree, file->node)->parent;
	struct release release;

	parse_release(file->content, &release);
	if (release.version.len == 0 || home == 0 ||
	    (!has_file(tree, home, "bin/java") && !has_file(tree, home, "lib/modules")))
		return;
	struct imp_package package = {
		.manager = IMP_MANAGER_JDK,
		.name = imp_slice_of(name_of(tree, home, &release)),
		.version = release.version,
		.purl = imp_purl(inventory, "generic", release.implementor,
				 imp_slice_of(name_of(tree, home, &release)),
				 release.version, NULL),
		.database = file->node,
		.home = home,
		.group = imp_inventory_group(inventory),
		.twin = IMP_NONE,
	};
	imp_inventory_own_below(inventory, imp_inventory_add(inventory, &package), home);
}

void imp_jdk_read(struct imp_inventory *inventory)
{
	const struct imp_contents *contents = imp_inventory_input(inventory)->contents;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		if (imp_slice_is(imp_slice_basename(file->path), "release") && !file->cut)
			read_home(inventory, file);
	}
}
