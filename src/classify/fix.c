#include "describe_priv.h"

bool imp_layer_is_copied(const struct imp_image *image, uint16_t layer)
{
	struct imp_slice text = layer < image->layer_count
					? image->layers[layer].instruction
					: (struct imp_slice){0};

	return imp_slice_starts(text, IMP_SLICE("COPY ")) ||
	       imp_slice_starts(text, IMP_SLICE("ADD "));
}

static bool is_apt(const struct imp_draft *draft)
{
	bool hidden = draft->row->fate == IMP_FATE_DELETED ||
		      draft->row->fate == IMP_FATE_OVERWRITTEN;

	return hidden && draft->apt_bytes > 0 &&
	       draft->apt_bytes >= draft->sum.disk_bytes / 2;
}

/* Of a copy that was shipped again: what to do depends on what changed, and who changed it.
 * NULL: owner or mode, which COPY can set. */
static const char *choose_reshipped_key(const struct imp_draft *draft,
					const struct imp_image *image)
{
	unsigned changes = imp_draft_changes(draft);

	if (changes & IMP_CHANGE_XATTRS)
		return draft->row->fix_otherwise;
	if (changes & (IMP_CHANGE_OWNER | IMP_CHANGE_MODE))
		return NULL;
	return imp_layer_is_copied(image, draft->hider) ? "F-TWICE" : "F-REWRITE";
}

static const char *choose_key(const struct imp_describer *describer,
			      const struct imp_draft *draft)
{
	const struct imp_image *image = describer->input->image;
	const struct imp_row *row = draft->row;
	const char *key = NULL;

	if (row->fate == IMP_FATE_RESHIPPED)
		key = choose_reshipped_key(draft, image);
	else if (is_apt(draft))
		key = "F-APT";
	if (key)
		return key;
	bool copied = imp_layer_is_copied(image, imp_draft_writer(draft));
	return row->fix_otherwise && !copied ? row->fix_otherwise : row->text.fix_kind;
}

/* The folder named test or tests in a guard's pattern: "*" for what stands before. */
static void add_guarded_folder(struct imp_strbuf *out, struct imp_slice pattern)
{
	struct imp_slice rest = pattern;

	imp_slice_cut(&rest, '/');
	struct imp_slice path = rest;
	while (rest.data) {
		struct imp_slice name = imp_slice_cut(&rest, '/');
		if (!imp_slice_is(name, "test") && !imp_slice_is(name, "tests"))
			continue;
		path.len = (size_t)(name.data + name.len - path.data);
		imp_strbuf_printf(out, " ! -path '*/%.*s'", (int)path.len, path.data);
		return;
	}
}

/* The outermost folder of tests around NODE in its site-packages; IMP_NONE. */
static uint32_t tests_around(const struct imp_tree *tree, uint32_t node)
{
	uint32_t found = IMP_NONE;

	for (uint32_t at = imp_tree_node(tree, node)->parent; at != IMP_NONE;
	     at = imp_tree_node(tree, at)->parent) {
		struct imp_slice name = imp_tree_name(tree, at);
		if (imp_slice_is(name, "test") || imp_slice_is(name, "tests"))
			found = at;
		if (imp_slice_is(name, "site-packages") ||
		    imp_slice_is(name, "dist-packages"))
			return found;
	}
	return IMP_NONE;
}

/* Suites that what runs imports. */
static void add_imported_folders(const struct imp_describer *describer,
				 struct imp_strbuf *out)
{
	const struct imp_tree *tree = describer->input->tree;
	const uint8_t *reached = describer->input->runtime->reached;
	uint32_t last = IMP_NONE;

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		uint32_t folder =
			reached[r] & IMP_REACH_IMPORT
				? tests_around(tree, imp_tree_record(tree, r)->node)
				: IMP_NONE;
		imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
		if (folder == IMP_NONE || folder == last)
			continue;
		last = folder;
		imp_tree_path(tree, folder, &path);
		imp_strbuf_add_text(out, " ! -path ");
		imp_word_shell_path(out, imp_strbuf_slice(&path));
	}
}

static const char *find_tests_command(const struct imp_describer *describer,
				      const struct imp_draft *draft,
				      const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_rules *rules = draft->rules;
	struct imp_slice packages = IMP_SLICE("SP/");

	imp_strbuf_add_text(&text, "find ");
	imp_word_shell_path(&text, finding->subject);
	imp_strbuf_add_text(&text,
			    " -mindepth 2 -type d \\( -name tests -o -name test \\)");
	for (size_t i = 0; i < rules->term_count; i++) {
		const struct imp_row *row = &rules->rows[rules->terms[i].row];
		struct imp_slice pattern = imp_slice_of(rules->terms[i].text);
		if (row->guard && (row->guarded >> IMP_CLASS_TESTS & 1) &&
		    imp_slice_starts(pattern, packages))
			add_guarded_folder(&text, pattern);
	}
	add_imported_folders(describer, &text);
	imp_strbuf_add_text(&text, " -prune -exec rm -rf {} +");
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}

/* Whom the fix is about, where its text has no place for that. */
static void add_seeds(const struct imp_draft *draft, const char *fix,
		      const struct imp_words *words, struct imp_strbuf *text)
{
	const char *seeds = words->values[IMP_WORD_SEEDS];

	if (seeds && draft->row->sweep && !imp_placeholder_in(fix, IMP_WORD_SEEDS) &&
	    !imp_placeholder_in(fix, IMP_WORD_INSTALL))
		imp_strbuf_printf(text, " (of packages: %s)", seeds);
}

static bool has_text(const struct imp_draft *draft, const char *key)
{
	return imp_fix_text(draft->rules, key) != NULL;
}

/* The instruction leaves out recommended packages already: these are not the way it came. */
static bool has_no_recommends(const struct imp_describer *describer,
			      const struct imp_draft *draft)
{
	const struct imp_image *image = describer->input->image;
	uint16_t writer = imp_draft_writer(draft);
	struct imp_slice rest = writer < image->layer_count
					? image->layers[writer].instruction
					: (struct imp_slice){0};

	while (rest.data)
		if (imp_slice_is(imp_slice_cut(&rest, ' '), "--no-install-recommends"))
			return true;
	return false;
}

/* What a rule says of bytes wherever they come from gives way to how they came here: with a
 * package that a line can leave out, or inside of one that stays. */
static const char *follow_origin(const struct imp_describer *describer,
				 const struct imp_draft *draft,
				 const struct imp_leads *leads, const char *key)
{
	bool built = strcmp(key, "F-STAGE") == 0 || strcmp(key, "F-PYBASE") == 0;

	if (built && leads->owned && leads->count > 0)
		return "F-STAGE";
	if (built && leads->owned && has_text(draft, "F-PRUNE"))
		return "F-PRUNE";
	if (strcmp(key, "F-NOREC") == 0 && has_no_recommends(describer, draft) &&
	    has_text(draft, "F-DELETE"))
		return "F-DELETE";
	return key;
}

static void add_lead_words(const struct imp_describer *describer,
			   const struct imp_leads *leads, struct imp_words *words)
{
	const char *install = imp_leads_install(describer, leads);

	words->values[IMP_WORD_INSTALL] =
		install ? install : words->values[IMP_WORD_INSTRUCTION];
	words->values[IMP_WORD_SEEDS] =
		leads->count > 0 ? imp_leads_text(describer, leads) : NULL;
}

/* The words that FIX needs and no title does. */
static void add_fix_words(const struct imp_describer *describer,
			  const struct imp_draft *draft, const char *fix,
			  struct imp_words *words, const struct imp_finding *finding)
{
	if (draft->row->fate == IMP_FATE_LIVE)
		words->values[IMP_WORD_IGNORE] = imp_ignore_lines(describer, finding);
	if (draft->row->fate == IMP_FATE_RESHIPPED)
		imp_describe_change(describer, draft, words);
	if (draft->row->class == IMP_CLASS_TESTS)
		words->values[IMP_WORD_FINDTESTS] =
			find_tests_command(describer, draft, finding);
	if (imp_placeholder_in(fix, IMP_WORD_PRUNE))
		words->values[IMP_WORD_PRUNE] =
			imp_prune_command(describer, draft, finding);
	if (imp_placeholder_in(fix, IMP_WORD_ENVIRONMENT))
		words->values[IMP_WORD_ENVIRONMENT] = imp_environment_word(describer);
}

void imp_describe_fix(const struct imp_describer *describer,
		      const struct imp_draft *draft, struct imp_words *words,
		      struct imp_finding *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_leads leads;

	imp_leads_find(describer, draft, &leads);
	const char *key =
		follow_origin(describer, draft, &leads, choose_key(describer, draft));
	const char *fix =
		imp_fix_text_for(draft->rules, key, leads.owned && leads.count > 0);
	if (!fix) {
		out->fix_kind = out->fix_text = "";
		return;
	}
	add_lead_words(describer, &leads, words);
	add_fix_words(describer, draft, fix, words, out);
	if (out->in_base && strcmp(key, "F-BASE") != 0)
		imp_strbuf_add_text(&text,
				    "comes from the base image: take a smaller or newer "
				    "one; where you build it yourself: ");
	imp_words_fill(&text, fix, words);
	add_seeds(draft, fix, words, &text);
	out->fix_kind = imp_arena_text(describer->arena, key);
	out->fix_text = imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}
