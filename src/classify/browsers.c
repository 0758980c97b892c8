#include "browsers_priv.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

#include "words_priv.h"

enum { MAX_BROWSERS = 32 };

struct browser {
	uint32_t executable;
	uint32_t root; /* folder of all of its files, or the executable alone */
};

static bool is_browser_name(struct imp_slice name)
{
	static const char *const names[] = {"chrome", "chromium", "chrome-headless-shell",
					    "headless_shell"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (imp_slice_is(name, names[i]))
			return true;
	return false;
}

/* The folder is the browser's own when its data stands there too; /usr/bin is not. */
static uint32_t root_of(const struct imp_tree *tree, uint32_t executable)
{
	uint32_t folder = imp_tree_node(tree, executable)->parent;
	uint32_t data = imp_tree_find_child(tree, folder, IMP_SLICE("icudtl.dat"));

	if (data == IMP_NONE)
		data = imp_tree_find_child(tree, folder, IMP_SLICE("resources.pak"));
	return data != IMP_NONE && imp_tree_node(tree, data)->live ? folder : executable;
}

static size_t find_browsers(const struct imp_tree *tree, uint64_t min_bytes,
			    struct browser out[static MAX_BROWSERS])
{
	size_t count = 0;

	for (uint32_t r = 0; r < imp_tree_record_count(tree) && count < MAX_BROWSERS;
	     r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		bool large =
			record->type == IMP_ENTRY_FILE && record->disk_bytes >= min_bytes;
		if (!large || !record->shown ||
		    !is_browser_name(imp_tree_name(tree, record->node)))
			continue;
		out[count++] =
			(struct browser){record->node, root_of(tree, record->node)};
	}
	return count;
}

static bool is_at_or_below(const struct imp_tree *tree, uint32_t node, uint32_t top)
{
	while (node != IMP_NONE && node != top)
		node = imp_tree_node(tree, node)->parent;
	return node == top;
}

/* Debian's and Google's packages put a wrapper or a link in /usr/bin. */
static struct imp_slice behind_wrapper(struct imp_slice path)
{
	static const struct {
		const char *wrapper, *program;
	} wrappers[] = {
		{"/usr/bin/chromium", "/usr/lib/chromium/chromium"},
		{"/usr/bin/google-chrome", "/opt/google/chrome/chrome"},
		{"/usr/bin/google-chrome-stable", "/opt/google/chrome/chrome"},
	};

	for (size_t i = 0; i < sizeof(wrappers) / sizeof(*wrappers); i++)
		if (imp_slice_is(path, wrappers[i].wrapper))
			return imp_slice_of(wrappers[i].program);
	return path;
}

bool imp_names_browser(struct imp_slice variable)
{
	return imp_slice_is(variable, "CHROME_PATH") ||
	       imp_slice_is(variable, "CHROME_BIN") ||
	       imp_slice_ends(variable, IMP_SLICE("_EXECUTABLE_PATH"));
}

/* The browser that a variable names, and the variable with its value; COUNT when there is none. */
static size_t find_named(const struct imp_survey *survey, const struct browser *browsers,
			 size_t count, struct imp_slice *setting)
{
	const struct imp_config *config = &survey->input->image->config;

	for (size_t v = 0; v < config->environment_count; v++) {
		struct imp_slice value = config->environment[v];
		struct imp_slice name = imp_slice_cut(&value, '=');
		if (!value.data || !imp_names_browser(name))
			continue;
		uint32_t node = imp_survey_find(survey, behind_wrapper(value));
		for (size_t i = 0; node != IMP_NONE && i < count; i++) {
			if (!is_at_or_below(survey->input->tree, node, browsers[i].root))
				continue;
			*setting = config->environment[v];
			return i;
		}
	}
	return count;
}

static size_t find_packaged(const struct imp_tree *tree, const struct browser *browsers,
			    size_t count)
{
	uint32_t packaged = imp_tree_find(tree, IMP_SLICE("usr/lib"));

	for (size_t i = 0; packaged != IMP_NONE && i < count; i++)
		if (is_at_or_below(tree, browsers[i].executable, packaged))
			return i;
	return 0;
}

static const char *explain(struct imp_survey *survey, struct imp_slice setting,
			   struct imp_slice kept)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (setting.len > 0) {
		imp_escape_terminal(&text, setting);
		imp_strbuf_add_text(&text, " names ");
		imp_word_path(&text, kept);
		imp_strbuf_add_text(&text, ", which stays");
	} else {
		imp_word_path(&text, kept);
		imp_strbuf_add_text(&text,
				    " stays; no variable says which one is in use");
	}
	return imp_arena_copy(survey->arena, imp_strbuf_slice(&text)).data;
}

void imp_find_browser_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_rules *rules = survey->input->rules;
	struct browser browsers[MAX_BROWSERS];
	struct imp_slice setting = IMP_SLICE("");
	size_t count = find_browsers(tree, min_bytes, browsers);
	size_t kept = find_named(survey, browsers, count, &setting);
	bool named = kept < count;

	if (count < 2)
		return;
	if (!named)
		kept = find_packaged(tree, browsers, count);
	imp_tree_path(tree, browsers[kept].root, &path);
	struct imp_seed seed = {
		.term = term,
		.confidence = named ? imp_term_confidence(rules, &rules->terms[term])
				    : IMP_CONFIDENCE_POSSIBLE,
		.kept = imp_arena_copy(survey->arena, imp_strbuf_slice(&path)),
		.evidence = explain(survey, setting, imp_strbuf_slice(&path)),
	};
	for (size_t i = 0; i < count; i++) {
		seed.node = browsers[i].root;
		if (!is_at_or_below(tree, seed.node, browsers[kept].root) &&
		    !is_at_or_below(tree, browsers[kept].root, seed.node))
			imp_survey_add_seed(survey, &seed);
	}
}
