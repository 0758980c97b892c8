/*
 * A command that deletes the files of a finding and nothing that stays: a few paths as they are, many
 * by the endings of their names.
 */
#include "imgprof/units.h"

#include "prune_priv.h"

enum { FEW_PATHS = 6 };

static struct imp_slice ending_of(struct imp_slice name)
{
	for (size_t i = name.len; i > 1; i--)
		if (name.data[i - 1] == '.')
			return imp_slice_skip(name, i - 1);
	return name;
}

size_t imp_ending_of(const struct imp_tree *tree, uint32_t node,
		     const struct imp_endings *endings)
{
	struct imp_slice text = ending_of(imp_tree_name(tree, node));
	size_t i = 0;

	while (i < endings->count && !imp_slice_equal(endings->list[i], text))
		i++;
	return i;
}

bool imp_shows_file(const struct imp_tree *tree, uint32_t node)
{
	const struct imp_node *n = imp_tree_node(tree, node);

	return n->live && !n->directory && imp_tree_file_at(tree, node) != IMP_NONE;
}

/* false: there are too many of them. */
static bool note_endings(const struct imp_tree *tree, uint32_t top,
			 struct imp_endings *endings)
{
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, true, top)) {
		if (!imp_shows_file(tree, n))
			continue;
		size_t at = imp_ending_of(tree, n, endings);
		if (at == IMP_ENDINGS)
			return false;
		if (at == endings->count)
			endings->list[endings->count++] =
				ending_of(imp_tree_name(tree, n));
		endings->files[at]++;
	}
	return true;
}

static bool find_endings(const struct imp_tree *tree, const struct imp_draft *draft,
			 struct imp_endings *endings)
{
	for (size_t i = 0; i < draft->path_count; i++)
		if (!note_endings(tree, draft->paths[i].node, endings))
			return false;
	return endings->count > 0;
}

static size_t depth_of(const struct imp_tree *tree, uint32_t node)
{
	size_t depth = 0;

	while ((node = imp_tree_node(tree, node)->parent) != IMP_NONE)
		depth++;
	return depth;
}

static uint32_t common_folder(const struct imp_tree *tree, uint32_t a, uint32_t b)
{
	size_t at = depth_of(tree, a), bt = depth_of(tree, b);

	for (; at > bt; at--)
		a = imp_tree_node(tree, a)->parent;
	for (; bt > at; bt--)
		b = imp_tree_node(tree, b)->parent;
	for (; a != b; b = imp_tree_node(tree, b)->parent)
		a = imp_tree_node(tree, a)->parent;
	return a;
}

/* The subject, or else the folder that all paths are in; IMP_NONE when it is none of its own. */
static uint32_t top_of(const struct imp_tree *tree, const struct imp_draft *draft)
{
	enum { SHALLOW = 2 }; /* "/usr/lib" */
	uint32_t top = draft->subject;

	if (top != IMP_NONE || draft->path_count == 0)
		return top;
	top = draft->paths[0].node;
	for (size_t i = 1; i < draft->path_count; i++)
		top = common_folder(tree, top, draft->paths[i].node);
	return depth_of(tree, top) > SHALLOW ? top : IMP_NONE;
}

/* Of many endings the one that most files have, when these are more than half; *LEFT is how many
 * have another. */
static bool keep_main_ending(struct imp_endings *endings, uint64_t *left)
{
	uint64_t all = 0;
	size_t most = 0;

	for (size_t i = 0; i < endings->count; i++) {
		all += endings->files[i];
		most = endings->files[i] > endings->files[most] ? i : most;
	}
	endings->list[0] = endings->list[most];
	*left = all - endings->files[most];
	endings->count = 1;
	return *left > 0 && *left < all / 2;
}

static void add_left(uint64_t left, struct imp_strbuf *text)
{
	char count[IMP_SIZE_TEXT];

	if (left > 0)
		imp_strbuf_printf(text, " and %s more, which `-o ndjson` lists",
				  imp_count_text(left, count));
}

static bool add_by_ending(const struct imp_describer *describer,
			  const struct imp_draft *draft, struct imp_strbuf *text)
{
	const struct imp_tree *tree = describer->input->tree;
	struct imp_endings endings = {0};
	uint64_t left = 0;

	if (!describer->survey || draft->package != IMP_NONE ||
	    !find_endings(tree, draft, &endings))
		return false;
	uint32_t top = top_of(tree, draft);
	if (top == IMP_NONE)
		return false;
	if (!imp_prune_find(describer, draft, top, &endings, text) &&
	    !(keep_main_ending(&endings, &left) &&
	      imp_prune_find(describer, draft, top, &endings, text)))
		return false;
	add_left(left, text);
	return true;
}

static void add_by_name(const struct imp_finding *finding, struct imp_strbuf *text)
{
	size_t count = finding->path_count < FEW_PATHS ? finding->path_count : FEW_PATHS;

	imp_strbuf_add_text(text, "`rm -rf");
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_add_char(text, ' ');
		imp_word_shell_path(text, finding->paths[i]);
	}
	imp_strbuf_add_char(text, '`');
	add_left(finding->paths_total - count, text);
}

const char *imp_prune_command(const struct imp_describer *describer,
			      const struct imp_draft *draft,
			      const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (finding->paths_total <= FEW_PATHS || !add_by_ending(describer, draft, &text))
		add_by_name(finding, &text);
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}
