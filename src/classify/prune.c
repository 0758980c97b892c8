/*
 * A command that deletes the files of a finding and nothing that stays: a few paths as they are, many
 * by the endings of their names, when below the subject nothing ends so that no finding names.
 */
#include "describe_priv.h"

enum { FEW_PATHS = 6, MAX_ENDINGS = 6, MAX_ROOTS = 6 };

/* Where the command begins: folders below the subject, or files. */
struct roots {
	uint32_t list[MAX_ROOTS];
	size_t count;
};

struct endings {
	struct imp_slice
		list[MAX_ENDINGS]; /* ".po"; the whole name of a file without a dot */
	size_t count;
};

static struct imp_slice ending_of(struct imp_slice name)
{
	for (size_t i = name.len; i > 1; i--)
		if (name.data[i - 1] == '.')
			return imp_slice_skip(name, i - 1);
	return name;
}

static bool has_ending(const struct endings *endings, struct imp_slice text)
{
	for (size_t i = 0; i < endings->count; i++)
		if (imp_slice_equal(endings->list[i], text))
			return true;
	return false;
}

static bool is_file(const struct imp_tree *tree, uint32_t node)
{
	const struct imp_node *n = imp_tree_node(tree, node);

	return n->live && !n->directory && imp_tree_file_at(tree, node) != IMP_NONE;
}

/* false: there are too many of them. */
static bool note_endings(const struct imp_tree *tree, uint32_t top,
			 struct endings *endings)
{
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, true, top)) {
		if (!is_file(tree, n))
			continue;
		struct imp_slice text = ending_of(imp_tree_name(tree, n));
		if (has_ending(endings, text))
			continue;
		if (endings->count == MAX_ENDINGS)
			return false;
		endings->list[endings->count++] = text;
	}
	return true;
}

/* Whether some certain or likely verdict on the file stands. */
static bool goes(const struct imp_survey *survey, uint32_t file)
{
	uint32_t hit = survey->hit_of[file];

	return hit != IMP_NONE && survey->hits[hit].reason == IMP_NONE &&
	       survey->hits[hit].confidence != IMP_CONFIDENCE_POSSIBLE;
}

/* Whether below TOP every file that ends so goes anyway, by this finding or another. */
static bool spare_others(const struct imp_describer *describer, uint32_t top,
			 const struct endings *endings)
{
	const struct imp_tree *tree = describer->input->tree;

	for (uint32_t n = top; n != IMP_NONE; n = imp_tree_next_below(tree, n, true, top))
		if (is_file(tree, n) &&
		    has_ending(endings, ending_of(imp_tree_name(tree, n))) &&
		    !goes(describer->survey, imp_tree_file_at(tree, n)))
			return false;
	return true;
}

static bool is_plain(const struct endings *endings)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.-";

	for (size_t i = 0; i < endings->count; i++)
		for (size_t k = 0; k < endings->list[i].len; k++)
			if (!memchr(plain, endings->list[i].data[k], sizeof(plain) - 1))
				return false;
	return endings->count > 0;
}

static bool find_endings(const struct imp_tree *tree, const struct imp_draft *draft,
			 struct endings *endings)
{
	for (size_t i = 0; i < draft->path_count; i++)
		if (!note_endings(tree, draft->paths[i].node, endings))
			return false;
	return is_plain(endings);
}

/* What stands right below TOP on the way to NODE; IMP_NONE when NODE is not below it. */
static uint32_t child_towards(const struct imp_tree *tree, uint32_t top, uint32_t node)
{
	while (node != IMP_NONE && imp_tree_node(tree, node)->parent != top)
		node = imp_tree_node(tree, node)->parent;
	return node;
}

static bool has_root(const struct roots *roots, uint32_t node)
{
	for (size_t i = 0; i < roots->count; i++)
		if (roots->list[i] == node)
			return true;
	return false;
}

/* Puts in the place of root AT what stands below it on the way to the draft's paths. false: too
 * many. */
static bool divide(const struct imp_tree *tree, const struct imp_draft *draft,
		   struct roots *roots, size_t at)
{
	uint32_t top = roots->list[at];

	roots->list[at] = roots->list[--roots->count];
	for (size_t i = 0; i < draft->path_count; i++) {
		uint32_t child = child_towards(tree, top, draft->paths[i].node);
		if (child == IMP_NONE || has_root(roots, child))
			continue;
		if (roots->count == MAX_ROOTS)
			return false;
		roots->list[roots->count++] = child;
	}
	return true;
}

static bool find_roots(const struct imp_describer *describer,
		       const struct imp_draft *draft, const struct endings *endings,
		       struct roots *roots)
{
	const struct imp_tree *tree = describer->input->tree;

	for (size_t i = 0; i < roots->count;) {
		if (spare_others(describer, roots->list[i], endings)) {
			i++;
			continue;
		}
		if (!imp_tree_node(tree, roots->list[i])->directory ||
		    !divide(tree, draft, roots, i))
			return false;
	}
	return roots->count > 0;
}

static void add_find(const struct imp_tree *tree, const struct roots *roots,
		     const struct endings *endings, struct imp_strbuf *text)
{
	bool several = endings->count > 1;

	imp_strbuf_add_text(text, "find");
	for (size_t i = 0; i < roots->count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
		imp_tree_path(tree, roots->list[i], &path);
		imp_strbuf_add_char(text, ' ');
		imp_word_shell_path(text, imp_strbuf_slice(&path));
	}
	imp_strbuf_add_text(text, several ? " -type f \\(" : " -type f");
	for (size_t i = 0; i < endings->count; i++) {
		struct imp_slice ending = endings->list[i];
		bool whole = ending.data[0] != '.';
		imp_strbuf_printf(text, "%s -name '%s%.*s'", i > 0 ? " -o" : "",
				  whole ? "" : "*", (int)ending.len, ending.data);
	}
	imp_strbuf_add_text(text, several ? " \\) -delete" : " -delete");
}

static bool add_command(const struct imp_describer *describer,
			const struct imp_draft *draft, struct imp_strbuf *text)
{
	const struct imp_tree *tree = describer->input->tree;
	struct roots roots = {.list = {draft->subject}, .count = 1};
	struct endings endings = {0};

	if (!describer->survey || draft->subject == IMP_NONE ||
	    draft->package != IMP_NONE || !find_endings(tree, draft, &endings) ||
	    !find_roots(describer, draft, &endings, &roots))
		return false;
	add_find(tree, &roots, &endings, text);
	return true;
}

const char *imp_prune_command(const struct imp_describer *describer,
			      const struct imp_draft *draft,
			      const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (finding->paths_total > FEW_PATHS && add_command(describer, draft, &text))
		return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
	imp_strbuf_add_text(&text, "rm -rf");
	for (size_t i = 0; i < finding->path_count && i < FEW_PATHS; i++) {
		imp_strbuf_add_char(&text, ' ');
		imp_word_shell_path(&text, finding->paths[i]);
	}
	if (finding->paths_total > FEW_PATHS)
		imp_strbuf_add_text(&text, " ...");
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}
