#include "imgprof/select.h"

#include "imgprof/cleanup.h"
#include "imgprof/glob.h"
#include "imgprof/strbuf.h"

/* The folder that all matches are in: what stands before the first component with a wildcard. */
static uint32_t folder_of(const struct imp_tree *tree, struct imp_slice glob)
{
	size_t literal = 0;

	for (size_t i = 0; i < glob.len && glob.data[i] != '*' && glob.data[i] != '?';
	     i++)
		if (glob.data[i] == '/')
			literal = i;
	return literal ? imp_tree_find(tree, imp_slice(glob.data, literal)) : 0;
}

/* What matches takes all below it, so that nothing counts twice. */
bool imp_select_path(const struct imp_tree *tree, struct imp_slice glob,
		     uint64_t *out_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	uint32_t top = folder_of(tree, glob);
	bool matches = false, found = false;

	*out_bytes = 0;
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, !matches, top)) {
		imp_strbuf_reset(&path);
		imp_tree_path(tree, n, &path);
		matches = imp_tree_node(tree, n)->live &&
			  imp_glob_path(glob, imp_strbuf_slice(&path));
		if (!matches)
			continue;
		*out_bytes += imp_tree_live(tree, n).disk_bytes;
		found = true;
	}
	return found;
}

static bool select_secrets(const struct imp_findings *findings, uint64_t *out_bytes)
{
	bool found = false;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->list[i].class == IMP_CLASS_SECRET) {
			*out_bytes += findings->list[i].sum.disk_bytes;
			found = true;
		}
	return found;
}

bool imp_select_class(const struct imp_findings *findings, enum imp_class class,
		      uint64_t *out_bytes)
{
	bool found = false;

	*out_bytes = 0;
	if (!findings)
		return false;
	if (class == IMP_CLASS_SECRET)
		return select_secrets(findings, out_bytes);
	for (size_t i = 0; i < findings->class_count; i++)
		if (findings->classes[i].class == class) {
			*out_bytes += findings->classes[i].sum.disk_bytes;
			found = true;
		}
	return found;
}
