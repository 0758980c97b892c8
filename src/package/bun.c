/*
 * bun: node_modules as npm lays it out. bun.lock names what its projects ask for; it is
 * asked only for those that have no package.json any more.
 */
#include "imgprof/json.h"

#include "bun_jsonc.h"
#include "npm_forest.h"

static size_t skip_string(struct imp_slice text, size_t i)
{
	for (i++; i < text.len && text.data[i] != '"'; i++)
		if (text.data[i] == '\\')
			i++;
	return i < text.len ? i + 1 : text.len;
}

/* Behind the comment at I; I itself when there is none. */
static size_t skip_comment(struct imp_slice text, size_t i)
{
	if (text.len - i < 2 || text.data[i] != '/')
		return i;
	if (text.data[i + 1] == '/') {
		while (i < text.len && text.data[i] != '\n')
			i++;
		return i;
	}
	if (text.data[i + 1] != '*')
		return i;
	for (i += 2; text.len - i >= 2; i++)
		if (text.data[i] == '*' && text.data[i + 1] == '/')
			return i + 2;
	return text.len;
}

static void add_blank(struct imp_strbuf *out, struct imp_slice comment)
{
	for (size_t i = 0; i < comment.len; i++)
		imp_strbuf_add_char(out, comment.data[i] == '\n' ? '\n' : ' ');
}

void imp_jsonc_clean(struct imp_slice text, struct imp_strbuf *out)
{
	size_t comma = SIZE_MAX; /* place in OUT of one that may be the last */

	for (size_t i = 0, next; i < text.len; i = next) {
		char c = text.data[i];
		next = skip_comment(text, i);
		if (next > i) {
			add_blank(out, imp_slice(text.data + i, next - i));
			continue;
		}
		next = c == '"' ? skip_string(text, i) : i + 1;
		if ((c == '}' || c == ']') && comma != SIZE_MAX)
			out->data[comma] = ' ';
		if (!memchr(" \t\r\n", c, 4))
			comma = c == ',' ? out->len : SIZE_MAX;
		imp_strbuf_add(out, text.data + i, next - i);
	}
}

static json_t *parse(struct npm_forest *forest, const struct imp_live_file *file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf clean = {0};
	struct imp_live_file cleaned = *file;

	if (!file->cut) {
		imp_jsonc_clean(file->content, &clean);
		cleaned.content = imp_strbuf_slice(&clean);
	}
	return imp_npm_parse(forest, &cleaned);
}

static void read_workspace(struct npm_forest *forest, uint32_t node, const json_t *entry,
			   uint32_t database)
{
	uint32_t project = node == IMP_NONE ? IMP_NONE : imp_npm_project(forest, node);

	if (project == IMP_NONE || !json_is_object(entry) ||
	    !forest->folders[project].project)
		return;
	if (!forest->folders[project].known)
		imp_npm_read_manifest(forest, &forest->folders[project]);
	if (!forest->folders[project].known)
		imp_npm_describe(forest, &forest->folders[project], entry, database);
}

bool imp_bun_read(struct npm_forest *forest, struct npm_tree *tree)
{
	const struct imp_live_file *file = imp_npm_file(forest, tree->home, "bun.lock");
	uint32_t binary = imp_tree_find_child(forest->input->tree, tree->home,
					      IMP_SLICE("bun.lockb"));

	if (!file &&
	    (binary == IMP_NONE || !imp_tree_node(forest->input->tree, binary)->live))
		return false;
	tree->tool = "bun";
	if (!file || tree->project == IMP_NONE || forest->folders[tree->project].known)
		return true;
	imp_auto_json json_t *lock = parse(forest, file);
	json_t *workspaces = imp_json_get_object(lock, "workspaces");
	const char *path;
	size_t len;
	json_t *entry;
	json_object_keylen_foreach(workspaces, path, len, entry) read_workspace(
		forest, imp_npm_below(forest, tree->home, imp_slice(path, len)), entry,
		file->node);
	return true;
}
