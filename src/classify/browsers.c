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

/* What the image starts, or loads, is in the folder of one of the browsers; *FROM is the record
 * that reaches it. COUNT when nothing is seen, or in several. */
static size_t find_reached(const struct imp_survey *survey,
			   const struct browser *browsers, size_t count, uint32_t *from)
{
	const struct imp_runtime *runtime = survey->input->runtime;
	size_t found = count;

	for (size_t i = 0; i < count; i++) {
		uint32_t file =
			imp_tree_file_at(survey->input->tree, browsers[i].executable);
		if (file == IMP_NONE || !(runtime->reached[file] & IMP_REACH_RUN))
			continue;
		if (found != count)
			return count;
		found = i;
		*from = runtime->reached_from[file];
	}
	return found;
}

/* Libraries that start the copy they downloaded unless the program names another. */
static const struct {
	enum imp_manager manager;
	const char *library;
	const char *folder; /* part of the path of its downloads */
} defaults[] = {
	{IMP_MANAGER_PYTHON, "pyppeteer", "local-chromium"},
	{IMP_MANAGER_NPM, "puppeteer", "puppeteer"},
	{IMP_MANAGER_PYTHON, "playwright", "ms-playwright"},
	{IMP_MANAGER_NPM, "playwright", "ms-playwright"},
};

static bool has_component(const struct imp_tree *tree, uint32_t node, const char *name)
{
	for (; node != IMP_NONE; node = imp_tree_node(tree, node)->parent)
		if (imp_slice_is(imp_tree_name(tree, node), name))
			return true;
	return false;
}

/* The copy of a library that something started reaches. */
static size_t find_default(const struct imp_survey *survey,
			   const struct browser *browsers, size_t count,
			   const char **library)
{
	for (size_t d = 0; d < sizeof(defaults) / sizeof(*defaults); d++) {
		const struct imp_packages *packages = survey->input->packages;
		uint32_t package = imp_packages_find(packages, defaults[d].manager,
						     imp_slice_of(defaults[d].library));
		if (package == IMP_NONE ||
		    !survey->input->runtime->package_reached[package])
			continue;
		for (size_t i = 0; i < count; i++) {
			if (!has_component(survey->input->tree, browsers[i].executable,
					   defaults[d].folder))
				continue;
			*library = defaults[d].library;
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

/* Which copy stays, and the words that say why; sure when something shows it to be in use. */
struct choice {
	size_t kept;
	bool sure;
	struct imp_strbuf why;
};

static void add_node(struct imp_strbuf *out, const struct imp_tree *tree, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(tree, node, &path);
	imp_word_path(out, imp_strbuf_slice(&path));
}

static void choose(const struct imp_survey *survey, const struct browser *browsers,
		   size_t count, struct choice *out)
{
	const struct imp_tree *tree = survey->input->tree;
	struct imp_slice setting = IMP_SLICE("");
	const char *library = "";
	uint32_t from = IMP_NONE;

	out->sure = true;
	if ((out->kept = find_reached(survey, browsers, count, &from)) < count) {
		if (from != IMP_NONE)
			add_node(&out->why, tree, imp_tree_record(tree, from)->node);
		imp_strbuf_add_text(&out->why,
				    from == IMP_NONE ? "the image starts " : " starts ");
		add_node(&out->why, tree, browsers[out->kept].root);
		imp_strbuf_add_text(&out->why, ", which stays");
	} else if ((out->kept = find_named(survey, browsers, count, &setting)) < count) {
		imp_escape_terminal(&out->why, setting);
		imp_strbuf_add_text(&out->why, " names ");
		add_node(&out->why, tree, browsers[out->kept].root);
		imp_strbuf_add_text(&out->why, ", which stays");
	} else if ((out->kept = find_default(survey, browsers, count, &library)) <
		   count) {
		imp_strbuf_printf(&out->why, "%s, which the image runs, starts ",
				  library);
		add_node(&out->why, tree, browsers[out->kept].root);
		imp_strbuf_add_text(&out->why, " unless told otherwise");
	} else {
		out->sure = false;
		out->kept = find_packaged(tree, browsers, count);
		add_node(&out->why, tree, browsers[out->kept].root);
		imp_strbuf_add_text(&out->why,
				    " stays; no variable says which one is in use");
	}
}

void imp_find_browser_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_rules *rules = survey->input->rules;
	struct browser browsers[MAX_BROWSERS];
	struct choice choice = {0};
	size_t count = find_browsers(tree, min_bytes, browsers);

	if (count < 2)
		return;
	choose(survey, browsers, count, &choice);
	uint32_t kept = browsers[choice.kept].root;
	imp_tree_path(tree, kept, &path);
	struct imp_seed seed = {
		.term = term,
		.confidence = choice.sure
				      ? imp_term_confidence(survey, &rules->terms[term])
				      : IMP_CONFIDENCE_POSSIBLE,
		.kept = imp_arena_copy(survey->arena, imp_strbuf_slice(&path)),
		.evidence =
			imp_arena_copy(survey->arena, imp_strbuf_slice(&choice.why)).data,
	};
	imp_strbuf_finish(&choice.why);
	for (size_t i = 0; i < count; i++) {
		seed.node = browsers[i].root;
		if (!is_at_or_below(tree, seed.node, kept) &&
		    !is_at_or_below(tree, kept, seed.node))
			imp_survey_add_seed(survey, &seed);
	}
}

void imp_find_browsers(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	struct browser browsers[MAX_BROWSERS];
	size_t count = find_browsers(survey->input->tree, min_bytes, browsers);
	struct imp_seed seed = {
		.term = term,
		.confidence =
			imp_term_confidence(survey, &survey->input->rules->terms[term]),
		.kept = IMP_SLICE(""),
		.evidence = "a browser, by the name and size of its program",
	};

	for (size_t i = 0; i < count; i++) {
		seed.node = browsers[i].root;
		imp_survey_add_seed(survey, &seed);
	}
}
