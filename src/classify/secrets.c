/*
 * Secrets (classification.md 3.14): warned about, never summed, their values never shown. Those in
 * live files are noted by the walk; here are those of the configuration and those that a later
 * layer only hides.
 */
#include "drafts_priv.h"

#include "imgprof/escape.h"
#include "imgprof/strbuf.h"

enum { MAX_NAMES = 64, MAX_NAME_BYTES = 128 };

static uint32_t find_draft(const struct imp_survey *survey, struct imp_drafts *drafts,
			   uint32_t row)
{
	struct imp_draft_key key = {
		.row = row,
		.confidence = survey->input->rules->rows[row].confidence,
		.subject = IMP_NONE,
		.writer = IMP_NOT_HIDDEN,
		.hider = IMP_NOT_HIDDEN,
		.package = IMP_NONE,
	};

	return imp_drafts_find(drafts, survey->input->rules, &key);
}

/* The variables that an .env file sets: names, never values. */
static void note_names(const struct imp_survey *survey, struct imp_draft *draft,
		       uint32_t record)
{
	enum { NOTES = 8, NAMED = 8 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf note = {0};
	const struct imp_fact *fact = imp_contents_fact(survey->input->contents, record);
	struct imp_slice rest = fact ? fact->imports : IMP_SLICE("");

	if (rest.len == 0 || fact->kind != IMP_CONTENT_CREDENTIALS ||
	    draft->note_count >= NOTES)
		return;
	for (int named = 0; rest.len > 0 && named <= NAMED; named++) {
		struct imp_slice name = imp_slice_cut(&rest, '\0');
		imp_strbuf_add_text(&note, named ? ", " : "sets ");
		if (named == NAMED)
			imp_strbuf_add_text(&note, "...");
		else
			imp_escape_terminal(&note, name);
	}
	imp_draft_add_note(draft,
			   imp_arena_copy(survey->arena, imp_strbuf_slice(&note)).data);
}

static void add_file(struct imp_survey *survey, struct imp_drafts *drafts, uint32_t row,
		     uint32_t record)
{
	uint32_t group = imp_tree_record(survey->input->tree, record)->group;
	uint32_t number = find_draft(survey, drafts, row);
	struct imp_sum one = {.files = 1};

	if (group == IMP_NONE)
		return;
	imp_draft_add_part(&drafts->list[number], survey->input->tree, group, &one);
	note_names(survey, &drafts->list[number], group);
}

/* The row that takes what stands in the configuration, or what was hidden; IMP_NONE. */
static uint32_t find_row(const struct imp_rules *rules, bool dead)
{
	for (size_t i = 0; i < rules->row_count; i++)
		if (dead ? rules->rows[i].dead : rules->rows[i].config)
			return (uint32_t)i;
	return IMP_NONE;
}

/* Test keys inside packages are no secrets of this image. */
static bool is_in_package(const struct imp_tree *tree, uint32_t node)
{
	for (; node != IMP_NONE; node = imp_tree_node(tree, node)->parent) {
		struct imp_slice name = imp_tree_name(tree, node);
		if (imp_is_package_folder(name) || imp_slice_is(name, "gems"))
			return true;
	}
	return false;
}

static bool is_hidden_secret(const struct imp_survey *survey, uint32_t record)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_record *file = imp_tree_record(tree, record);
	const struct imp_fact *fact;

	if (file->type != IMP_ENTRY_FILE || file->disk_bytes == 0 ||
	    (file->fate != IMP_FATE_DELETED && file->fate != IMP_FATE_REPLACED &&
	     file->fate != IMP_FATE_OVERWRITTEN))
		return false;
	fact = imp_contents_fact(survey->input->contents, record);
	struct imp_slice name = imp_tree_name(tree, file->node);
	bool named = imp_slice_is(name, ".env") ||
		     imp_slice_is(name, ".git-credentials") ||
		     imp_slice_is(name, ".netrc") ||
		     imp_slice_ends(name, IMP_SLICE(".tfstate"));
	bool told = fact && (fact->kind == IMP_CONTENT_PRIVATE_KEY ||
			     fact->kind == IMP_CONTENT_CREDENTIALS);
	return (named || told) && !is_in_package(tree, file->node);
}

static void add_hidden(struct imp_survey *survey, struct imp_drafts *drafts)
{
	uint32_t row = find_row(survey->input->rules, true);
	uint32_t count = imp_tree_record_count(survey->input->tree);

	for (uint32_t r = 0; row != IMP_NONE && r < count; r++)
		if (is_hidden_secret(survey, r))
			add_file(survey, drafts, row, r);
}

static char upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static bool has_part(struct imp_slice name, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= name.len; i++) {
		size_t k = 0;
		while (k < len && upper(name.data[i + k]) == part[k])
			k++;
		if (k == len)
			return true;
	}
	return false;
}

static bool ends_with(struct imp_slice name, const char *end)
{
	size_t len = strlen(end);

	return name.len >= len &&
	       has_part(imp_slice(name.data + name.len - len, len), end);
}

static bool names_secret(struct imp_slice name)
{
	static const char *const parts[] = {"PASS", "SECRET", "TOKEN", "CREDENTIAL"};
	static const char *const harmless[] = {"GPG_KEY",  "GPG_KEYS", "_SHA256",
					       "_VERSION", "_FILE",    "_PATH",
					       "_DIR",     "_URL",     "PUBLIC_KEY"};

	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (ends_with(name, harmless[i]))
			return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (has_part(name, parts[i]))
			return true;
	return ends_with(name, "KEY") || ends_with(name, "KEYS");
}

static bool is_name(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
		      c == '-' || (c >= '0' && c <= '9')))
			return false;
	}
	return text.len > 0 && text.len <= MAX_NAME_BYTES;
}

struct config_names {
	struct imp_survey *survey;
	struct imp_drafts *drafts;
	uint32_t row;
	struct imp_slice list[MAX_NAMES];
	size_t count;
};

static bool is_known(struct config_names *names, struct imp_slice name)
{
	for (size_t i = 0; i < names->count; i++)
		if (imp_slice_equal(names->list[i], name))
			return true;
	if (names->count == MAX_NAMES)
		return true;
	names->list[names->count++] = name;
	return false;
}

/* A value that is taken from elsewhere when the step runs is not in the image. */
static bool is_value(struct imp_slice value)
{
	struct imp_slice mount = IMP_SLICE("/run/secrets");

	while (value.len > 0 && (value.data[0] == '"' || value.data[0] == '\''))
		value = imp_slice_skip(value, 1);
	return value.len > 0 && value.data[0] != '$' && value.data[0] != '`' &&
	       !imp_slice_starts(value, mount);
}

/* NAME=value, also as an instruction spells it; *NAME: of it. */
static bool holds_secret(struct imp_slice setting, struct imp_slice *name)
{
	struct imp_slice value = setting;

	*name = imp_slice_cut(&value, '=');
	while (name->len > 0 && (name->data[0] == '-' || name->data[0] == '"'))
		*name = imp_slice_skip(*name, 1);
	return value.data && is_name(*name) && names_secret(*name) && is_value(value);
}

bool imp_setting_is_secret(struct imp_slice setting)
{
	struct imp_slice name;

	return holds_secret(setting, &name);
}

static void look_at(struct config_names *names, struct imp_slice setting,
		    const char *where)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf note = {0};
	struct imp_slice name;

	if (!holds_secret(setting, &name) || is_known(names, name))
		return;
	imp_escape_terminal(&note, name);
	imp_strbuf_printf(&note, " has a value in %s", where);
	uint32_t number = find_draft(names->survey, names->drafts, names->row);
	imp_draft_add_note(
		&names->drafts->list[number],
		imp_arena_copy(names->survey->arena, imp_strbuf_slice(&note)).data);
}

/* The words of an instruction: ARG NAME=value, ENV NAME=value, RUN NAME=value command. */
static void look_at_history(struct config_names *names, struct imp_slice text)
{
	while (text.data) {
		struct imp_slice word = imp_slice_cut(&text, ' ');
		if (word.len > 0)
			look_at(names, word, "the history");
	}
}

static void add_config(struct imp_survey *survey, struct imp_drafts *drafts)
{
	const struct imp_config *config = &survey->input->image->config;
	struct config_names names = {.survey = survey,
				     .drafts = drafts,
				     .row = find_row(survey->input->rules, false)};

	if (names.row == IMP_NONE)
		return;
	for (size_t i = 0; i < config->environment_count; i++)
		look_at(&names, config->environment[i], "the environment");
	for (size_t i = 0; i < config->history_count; i++)
		look_at_history(&names, config->history[i].created_by);
}

void imp_secrets_draft(struct imp_survey *survey, struct imp_drafts *drafts)
{
	for (size_t i = 0; i < survey->secret_count; i++)
		add_file(survey, drafts, survey->secrets[i].row,
			 survey->secrets[i].record);
	add_hidden(survey, drafts);
	add_config(survey, drafts);
}
