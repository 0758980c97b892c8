/*
 * yarn in node_modules: version 1 leaves .yarn-integrity, whose flags say whether it
 * installed for production; later ones leave .yarn-state.yml. Neither marks what is for
 * development; Node's own resolution over the folders tells it.
 */
#include "imgprof/json.h"

#include "npm_forest.h"

static bool has_flag(const json_t *integrity, const char *wanted)
{
	const json_t *flags = imp_json_get_array(integrity, "flags");

	for (size_t i = 0; i < json_array_size(flags); i++) {
		const json_t *flag = json_array_get(flags, i);
		if (json_is_string(flag) &&
		    imp_slice_is(
			    imp_slice(json_string_value(flag), json_string_length(flag)),
			    wanted))
			return true;
	}
	return false;
}

bool imp_yarn_read(struct npm_forest *forest, struct npm_tree *tree)
{
	const struct imp_live_file *file =
		imp_npm_file(forest, tree->modules, ".yarn-integrity");
	uint32_t state = imp_tree_find_child(forest->input->tree, tree->modules,
					     IMP_SLICE(".yarn-state.yml"));

	if (!file &&
	    (state == IMP_NONE || !imp_tree_node(forest->input->tree, state)->live))
		return false;
	tree->tool = "yarn";
	if (!file)
		return true;
	imp_auto_json json_t *integrity = imp_npm_parse(forest, file);
	tree->no_dev = integrity && has_flag(integrity, "production");
	return true;
}
