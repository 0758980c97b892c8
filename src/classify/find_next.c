/* What Next.js traced its server to: its *.nft.json list the files that each page can reach. */
#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/strbuf.h"

#include "finders_priv.h"

enum { MAX_FILES = 1000000 };

struct next {
	struct imp_survey *survey;
	const struct imp_tree *tree;
	uint32_t build;   /* node of .next */
	uint64_t *traced; /* bits: nodes that a list names, and the folders above them */
	uint32_t files;
	bool whole; /* every list could be read */
};

static bool is_traced(const struct next *next, uint32_t node)
{
	return next->traced[node / 64] >> (node % 64) & 1;
}

static void trace(struct next *next, uint32_t node)
{
	while (node != IMP_NONE && !is_traced(next, node)) {
		next->traced[node / 64] |= UINT64_C(1) << (node % 64);
		node = imp_tree_node(next->tree, node)->parent;
	}
}

static void read_list(struct next *next, const struct imp_live_file *file)
{
	imp_auto_json json_t *document = NULL;
	struct imp_error err = {0};
	uint32_t folder = imp_tree_node(next->tree, file->node)->parent;

	if (file->cut || imp_json_parse(file->content, &imp_limits_default,
					"list of Next.js", &document, &err) < 0) {
		next->whole = false;
		return;
	}
	const json_t *files = imp_json_get_array(document, "files");
	for (size_t i = 0; i < json_array_size(files); i++) {
		const json_t *path = json_array_get(files, i);
		if (next->files == MAX_FILES) {
			next->whole = false;
			return;
		}
		next->files++;
		if (!json_is_string(path))
			continue;
		struct imp_slice text =
			imp_slice(json_string_value(path), json_string_length(path));
		uint32_t node = imp_tree_resolve(next->tree, folder, text);
		if (node != IMP_NONE)
			trace(next, node);
	}
}

/* Lists below FOLDER; how many there were. */
static size_t read_lists(struct next *next, uint32_t folder)
{
	const struct imp_contents *contents = next->survey->input->contents;
	size_t count = 0;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		if (!imp_slice_ends(file->path, IMP_SLICE(".nft.json")) ||
		    !imp_is_at_or_below(next->tree, file->node, folder))
			continue;
		read_list(next, file);
		count++;
	}
	return count;
}

static void trace_below(struct next *next, uint32_t top)
{
	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(next->tree, n, true, top))
		if (imp_tree_node(next->tree, n)->live)
			trace(next, n);
}

/* Big parts of next/dist/compiled that serve pages: the lists name what of them is used. */
static bool is_listed_part(struct imp_slice name)
{
	static const char *const parts[] = {
		"@",     "amphtml-validator", "babel", "next-devtools", "next-server",
		"react", "postcss-preset-env"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (imp_slice_starts(name, imp_slice_of(parts[i])))
			return true;
	return false;
}

/* What `next start` needs beyond the lists: its own programs, and what reads the settings, which
 * requires webpack and other tools of the build. The lists are made for a server without both. */
static void trace_own(struct next *next, uint32_t modules)
{
	static const char *const own[] = {
		"next/package.json", "next/dist/bin",       "next/dist/build",
		"next/dist/cli",     "next/dist/lib",       "next/dist/server",
		"next/dist/shared",  "next/dist/telemetry", "next/dist/trace"};
	uint32_t compiled =
		imp_tree_resolve(next->tree, modules, IMP_SLICE("next/dist/compiled"));

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		trace_below(next,
			    imp_tree_resolve(next->tree, modules, imp_slice_of(own[i])));
	if (compiled == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_next_below(next->tree, compiled, true, compiled);
	     n != IMP_NONE; n = imp_tree_next_below(next->tree, n, false, compiled))
		if (!is_listed_part(imp_tree_name(next->tree, n)))
			trace_below(next, n);
}

/* npm and its kin start what package.json says, which is among the started itself. */
static bool is_manager(const struct next *next, uint32_t node)
{
	static const char *const managers[] = {"npm", "pnpm", "yarn", "corepack"};
	const struct imp_tree *tree = next->tree;

	for (; node != IMP_NONE; node = imp_tree_node(tree, node)->parent) {
		uint32_t folder = imp_tree_node(tree, node)->parent;
		if (folder == IMP_NONE)
			break;
		struct imp_slice holder = imp_tree_name(tree, folder);
		if (!imp_slice_is(holder, "node_modules") &&
		    !imp_slice_is(holder, "nodejs"))
			continue;
		for (size_t i = 0; i < sizeof(managers) / sizeof(*managers); i++)
			if (imp_slice_is(imp_tree_name(tree, node), managers[i]))
				return true;
	}
	return false;
}

/* A program of the project that is started may require more than the lists say. */
static bool has_own_server(const struct next *next, uint32_t modules)
{
	const struct imp_runtime *runtime = next->survey->input->runtime;

	for (size_t i = 0; i < runtime->started_count; i++) {
		uint32_t script = runtime->started[i].script;
		if (script != IMP_NONE && !is_traced(next, script) &&
		    !imp_is_at_or_below(next->tree, script, modules) &&
		    !imp_is_at_or_below(next->tree, script, next->build) &&
		    !is_manager(next, script))
			return true;
	}
	return false;
}

static void seed_untraced(struct next *next, uint32_t term, uint32_t modules)
{
	const struct imp_rules *rules = next->survey->input->rules;
	bool descend = true;
	struct imp_seed seed = {
		.term = term,
		.confidence =
			has_own_server(next, modules)
				? IMP_CONFIDENCE_POSSIBLE
				: imp_term_confidence(next->survey, &rules->terms[term]),
		.evidence = "in no .nft.json list of .next",
	};

	for (uint32_t n = imp_tree_next_below(next->tree, modules, true, modules);
	     n != IMP_NONE; n = imp_tree_next_below(next->tree, n, descend, modules)) {
		descend = is_traced(next, n);
		seed.node = n;
		if (!descend && imp_tree_node(next->tree, n)->live)
			imp_survey_add_seed(next->survey, &seed);
	}
}

void imp_find_next_untraced(struct imp_survey *survey, uint32_t term, uint64_t unused)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_nodes *builds =
		&imp_survey_index(survey)->named[IMP_INDEXED_BUILD_ID];
	size_t words = imp_tree_node_count(tree) / 64 + 1;

	(void)unused;
	for (size_t i = 0; i < builds->count; i++) {
		uint32_t build = imp_tree_node(tree, builds->list[i])->parent;
		uint32_t project = imp_tree_node(tree, build)->parent;
		uint32_t modules =
			project == IMP_NONE
				? IMP_NONE
				: imp_tree_find_child(tree, project,
						      IMP_SLICE("node_modules"));
		if (!imp_slice_is(imp_tree_name(tree, build), ".next") ||
		    modules == IMP_NONE || !imp_tree_node(tree, modules)->live)
			continue;
		struct next next = {
			.survey = survey, .tree = tree, .build = build, .whole = true};
		next.traced = imp_xcalloc(words, sizeof(*next.traced));
		bool any = read_lists(&next, build) > 0;
		trace_own(&next, modules);
		if (any && next.whole)
			seed_untraced(&next, term, modules);
		free(next.traced);
		if (i == 15) /* of one image; a bit set each */
			break;
	}
}
