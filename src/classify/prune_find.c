/* One command of find that deletes what ends so, and spares what stays. */
#include "prune_priv.h"

enum { MAX_ROOTS = 6, MAX_SPARED = 8 };

/* Where the command begins: folders below the subject, or files. */
struct roots {
	uint32_t list[MAX_ROOTS];
	size_t count;
};

/* Names that no file which goes has, nor a folder above one: "en", "__init__.pyi". */
struct spared {
	struct {
		struct imp_slice name;
		bool folder;
	} list[MAX_SPARED];
	size_t count;
};

static bool ends_so(const struct imp_tree *tree, uint32_t node,
		    const struct imp_endings *endings)
{
	return imp_shows_file(tree, node) &&
	       imp_ending_of(tree, node, endings) < endings->count;
}

/* Whether some certain or likely verdict on the file stands, or that of DRAFT. */
static bool goes(const struct imp_survey *survey, const struct imp_draft *draft,
		 uint32_t file)
{
	uint32_t number = survey->hit_of[file];

	if (number == IMP_NONE || survey->hits[number].reason != IMP_NONE)
		return false;
	const struct imp_hit *hit = &survey->hits[number];
	return hit->confidence != IMP_CONFIDENCE_POSSIBLE ||
	       &draft->rules->rows[draft->rules->terms[hit->term].row] == draft->row;
}

/* Whether below TOP every file that ends so goes anyway, by this finding or another. */
static bool spare_others(const struct imp_describer *describer,
			 const struct imp_draft *draft, uint32_t top,
			 const struct imp_endings *endings)
{
	const struct imp_tree *tree = describer->input->tree;

	for (uint32_t n = top; n != IMP_NONE; n = imp_tree_next_below(tree, n, true, top))
		if (ends_so(tree, n, endings) &&
		    !goes(describer->survey, draft, imp_tree_file_at(tree, n)))
			return false;
	return true;
}

/* Means itself in a pattern of find, and in the quotes of a shell. */
static bool is_plain(struct imp_slice name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.-@+";

	for (size_t i = 0; i < name.len; i++)
		if (!memchr(plain, name.data[i], sizeof(plain) - 1))
			return false;
	return name.len > 0;
}

static bool are_plain(const struct imp_endings *endings)
{
	for (size_t i = 0; i < endings->count; i++)
		if (!is_plain(endings->list[i]))
			return false;
	return endings->count > 0;
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
		       const struct imp_draft *draft, const struct imp_endings *endings,
		       struct roots *roots)
{
	const struct imp_tree *tree = describer->input->tree;

	for (size_t i = 0; i < roots->count;) {
		if (spare_others(describer, draft, roots->list[i], endings)) {
			i++;
			continue;
		}
		if (!imp_tree_node(tree, roots->list[i])->directory ||
		    !divide(tree, draft, roots, i))
			return false;
	}
	return roots->count > 0;
}

/* Names of the files below TOP that end so and go, and of the folders above them, TOP's own
 * included. */
static void note_going(const struct imp_describer *describer,
		       const struct imp_draft *draft, uint32_t top,
		       const struct imp_endings *endings, struct imp_map *names)
{
	const struct imp_tree *tree = describer->input->tree;

	for (uint32_t n = top; n != IMP_NONE; n = imp_tree_node(tree, n)->parent)
		imp_map_set(names, imp_tree_name(tree, n), 1);
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, true, top)) {
		if (!ends_so(tree, n, endings) ||
		    !goes(describer->survey, draft, imp_tree_file_at(tree, n)))
			continue;
		for (uint32_t a = n; a != top; a = imp_tree_node(tree, a)->parent)
			imp_map_set(names, imp_tree_name(tree, a), 1);
	}
}

static bool is_spared(const struct spared *spared, struct imp_slice name)
{
	for (size_t i = 0; i < spared->count; i++)
		if (imp_slice_equal(spared->list[i].name, name))
			return true;
	return false;
}

/* Spares the file NODE, by the topmost name on its way that is none of GOING. false: all are, or
 * there are too many. */
static bool spare(const struct imp_tree *tree, uint32_t top, uint32_t node,
		  const struct imp_map *going, struct spared *spared)
{
	uint32_t best = IMP_NONE;
	uint64_t mark;

	for (uint32_t n = node; n != top; n = imp_tree_node(tree, n)->parent) {
		struct imp_slice name = imp_tree_name(tree, n);
		if (is_spared(spared, name))
			return true;
		if (is_plain(name) && !imp_map_get(going, name, &mark))
			best = n;
	}
	if (best == IMP_NONE || spared->count == MAX_SPARED)
		return false;
	spared->list[spared->count].name = imp_tree_name(tree, best);
	spared->list[spared->count++].folder = best != node;
	return true;
}

static bool find_spared(const struct imp_describer *describer,
			const struct imp_draft *draft, uint32_t top,
			const struct imp_endings *endings, struct spared *spared)
{
	const struct imp_tree *tree = describer->input->tree;
	imp_auto(imp_map_finish) struct imp_map going = {0};
	bool found = true;

	note_going(describer, draft, top, endings, &going);
	for (uint32_t n = top; found && n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, true, top))
		if (ends_so(tree, n, endings) &&
		    !goes(describer->survey, draft, imp_tree_file_at(tree, n)))
			found = spare(tree, top, n, &going, spared);
	return found;
}

static void add_endings(const struct imp_endings *endings, struct imp_strbuf *text)
{
	bool several = endings->count > 1;

	imp_strbuf_add_text(text, several ? " -type f \\(" : " -type f");
	for (size_t i = 0; i < endings->count; i++) {
		struct imp_slice ending = endings->list[i];
		bool whole = ending.data[0] != '.';
		imp_strbuf_printf(text, "%s -name '%s%.*s'", i > 0 ? " -o" : "",
				  whole ? "" : "*", (int)ending.len, ending.data);
	}
	imp_strbuf_add_text(text, several ? " \\)" : "");
}

static void add_find(const struct imp_tree *tree, const struct roots *roots,
		     const struct imp_endings *endings, const struct spared *spared,
		     struct imp_strbuf *text)
{
	imp_strbuf_add_text(text, "`find");
	for (size_t i = 0; i < roots->count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
		imp_tree_path(tree, roots->list[i], &path);
		imp_strbuf_add_char(text, ' ');
		imp_word_shell_path(text, imp_strbuf_slice(&path));
	}
	add_endings(endings, text);
	for (size_t i = 0; i < spared->count; i++) {
		struct imp_slice name = spared->list[i].name;
		imp_strbuf_printf(text,
				  spared->list[i].folder ? " ! -path '*/%.*s/*'"
							 : " ! -name '%.*s'",
				  (int)name.len, name.data);
	}
	imp_strbuf_add_text(text, " -delete`");
}

bool imp_prune_find(const struct imp_describer *describer, const struct imp_draft *draft,
		    uint32_t top, const struct imp_endings *endings,
		    struct imp_strbuf *text)
{
	const struct imp_tree *tree = describer->input->tree;
	struct roots roots = {.list = {top}, .count = 1};
	struct spared spared = {0};

	if (!are_plain(endings))
		return false;
	if (!find_roots(describer, draft, endings, &roots)) {
		roots = (struct roots){.list = {top}, .count = 1};
		if (!find_spared(describer, draft, top, endings, &spared))
			return false;
	}
	add_find(tree, &roots, endings, &spared, text);
	return true;
}
