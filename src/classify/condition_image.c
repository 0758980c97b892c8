#include "conditions_priv.h"

#include "browsers_priv.h"

static bool is_below(const struct imp_tree *tree, uint32_t node, uint32_t top)
{
	while (node != IMP_NONE && node != top)
		node = imp_tree_node(tree, node)->parent;
	return node == top;
}

static bool is_any_set(const struct imp_survey *survey, const struct imp_texts *names)
{
	const struct imp_config *config = &survey->input->image->config;

	for (size_t i = 0; i < names->count; i++)
		if (imp_environment(config, names->list[i]).data)
			return true;
	return false;
}

static bool is_browser_elsewhere(const struct imp_survey *survey, uint32_t folder)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_config *config = &survey->input->image->config;

	for (size_t i = 0; i < config->environment_count; i++) {
		struct imp_slice value = config->environment[i];
		struct imp_slice name = imp_slice_cut(&value, '=');
		if (!value.data || !imp_names_browser(name))
			continue;
		uint32_t node = imp_survey_find(survey, value);
		if (node != IMP_NONE && !is_below(tree, node, folder))
			return true;
	}
	return false;
}

static bool contains(struct imp_slice text, struct imp_slice part)
{
	return part.len > 0 && memmem(text.data, text.len, part.data, part.len);
}

static struct imp_slice argument(const struct imp_started *started, size_t i)
{
	return i < started->argc ? started->argv[i] : IMP_SLICE("");
}

static bool is_managed(const struct imp_tree *tree, const struct imp_started *started)
{
	static const struct imp_slice ending = {".runtimeconfig.json", 19};
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	if (imp_slice_is(imp_slice_basename(argument(started, 0)), "dotnet"))
		return imp_slice_ends(argument(started, 1), IMP_SLICE(".dll"));
	if (started->program == IMP_NONE)
		return false;
	imp_strbuf_add_slice(&name, imp_tree_name(tree, started->program));
	imp_strbuf_add_slice(&name, ending);
	uint32_t node =
		imp_tree_find_child(tree, imp_tree_node(tree, started->program)->parent,
				    imp_strbuf_slice(&name));
	return node != IMP_NONE && imp_tree_node(tree, node)->live;
}

static const struct imp_elf *elf_of(const struct imp_survey *survey,
				    const struct imp_started *started)
{
	if (started->program == IMP_NONE || started->script != IMP_NONE)
		return NULL;
	const struct imp_fact *fact =
		imp_contents_fact_at(survey->input->contents, started->program);
	return fact ? fact->elf : NULL;
}

/* WORD is "go-program", "native-program" (Go or Rust), "dotnet-app", a part of a path
 * ("/envs/"), a program's name, or that and its first argument ("dotnet run"). */
static bool is_started(const struct imp_survey *survey, const struct imp_started *started,
		       struct imp_slice word)
{
	const struct imp_elf *elf = elf_of(survey, started);
	struct imp_slice second = word;
	struct imp_slice first = imp_slice_cut(&second, ' ');

	if (imp_slice_is(word, "go-program"))
		return elf && elf->go;
	if (imp_slice_is(word, "native-program"))
		return elf && (elf->go || elf->rust);
	if (imp_slice_is(word, "dotnet-app"))
		return is_managed(survey->input->tree, started);
	if (memchr(word.data, '/', word.len)) {
		for (size_t i = 0; i < started->argc; i++)
			if (contains(started->argv[i], word))
				return true;
		return false;
	}
	return imp_slice_equal(imp_slice_basename(argument(started, 0)), first) &&
	       (!second.data || imp_slice_equal(argument(started, 1), second));
}

static bool find_started(const struct imp_survey *survey, const struct imp_texts *words)
{
	const struct imp_runtime *runtime = survey->input->runtime;

	for (size_t s = 0; s < runtime->started_count; s++)
		for (size_t i = 0; i < words->count; i++)
			if (is_started(survey, &runtime->started[s], words->list[i]))
				return true;
	return false;
}

/* The same for every file: looked for once. */
static bool is_any_started(const struct imp_survey *survey,
			   const struct imp_condition *condition)
{
	struct imp_memo *memo = imp_memo_of(survey, condition);

	if (memo->folder == IMP_NONE) {
		memo->folder = 0;
		memo->holds = find_started(survey, &condition->names);
	}
	return memo->holds;
}

/* What runs imports a file below FOLDER. */
static bool is_imported(const struct imp_survey *survey, uint32_t folder)
{
	const struct imp_tree *tree = survey->input->tree;
	const uint8_t *reached = survey->input->runtime->reached;

	for (uint32_t n = imp_tree_next_below(tree, folder, true, folder); n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, true, folder)) {
		uint32_t record = imp_tree_file_at(tree, n);
		if (record != IMP_NONE && reached[record] & IMP_REACH_IMPORT)
			return true;
	}
	return false;
}

bool imp_condition_of_image(const struct imp_survey *survey,
			    const struct imp_condition *condition, uint32_t node)
{
	switch ((int)condition->kind) {
	case IMP_CONDITION_UNSET:
		return !is_any_set(survey, &condition->names);
	case IMP_CONDITION_NAMED_ELSEWHERE:
		return is_browser_elsewhere(survey, node);
	case IMP_CONDITION_STARTS:
		return is_any_started(survey, condition);
	case IMP_CONDITION_UNIMPORTED:
		return !is_imported(survey, node);
	case IMP_CONDITION_IDLE:
		return !is_any_started(survey, condition);
	default:
		return false;
	}
}
