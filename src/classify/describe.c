#include "describe_priv.h"

#include <stdlib.h>

#include "imgprof/units.h"

enum {
	MAX_PATHS = 100,
	MAX_PATH_BYTES =
		8 << 20, /* of all findings together; beyond them, one path each */
};

static struct imp_slice path_of(const struct imp_describer *describer, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(describer->input->tree, node, &path);
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&path));
}

static const char *keep(const struct imp_describer *describer,
			const struct imp_strbuf *text)
{
	return imp_arena_copy(describer->arena, imp_strbuf_slice(text)).data;
}

uint16_t imp_draft_writer(const struct imp_draft *draft)
{
	return draft->share_count > 0 ? draft->shares[0].layer : IMP_NOT_HIDDEN;
}

static int compare_shares(const void *a, const void *b)
{
	const struct imp_share *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return x->layer - y->layer;
}

static int compare_layers(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void describe_layers(const struct imp_describer *describer,
			    struct imp_draft *draft, struct imp_finding *out)
{
	uint16_t *layers =
		imp_arena_array(describer->arena, draft->share_count, sizeof(*layers));

	if (draft->share_count == 0)
		return;
	qsort(draft->shares, draft->share_count, sizeof(*draft->shares), compare_shares);
	for (size_t i = 0; i < draft->share_count; i++)
		layers[i] = draft->shares[i].layer;
	qsort(layers, draft->share_count, sizeof(*layers), compare_layers);
	out->layers = layers;
	out->layer_count = draft->share_count;
	out->in_base = layers[draft->share_count - 1] < describer->base_layers;
}

/* The largest paths so far, by size and then by name. */
struct largest {
	struct sized_path {
		uint64_t disk_bytes;
		char *text;
		size_t len;
	} list[MAX_PATHS];
	size_t count;
};

static bool stands_before(const struct sized_path *a, const struct sized_path *b)
{
	if (a->disk_bytes != b->disk_bytes)
		return a->disk_bytes > b->disk_bytes;
	return imp_slice_compare(imp_slice(a->text, a->len), imp_slice(b->text, b->len)) <
	       0;
}

static void insert(struct largest *largest, const struct sized_path *path)
{
	size_t at = largest->count;

	if (at == MAX_PATHS)
		free(largest->list[--at].text);
	else
		largest->count++;
	for (; at > 0 && stands_before(path, &largest->list[at - 1]); at--)
		largest->list[at] = largest->list[at - 1];
	largest->list[at] = *path;
	largest->list[at].text = imp_xmalloc(path->len + 1);
	memcpy(largest->list[at].text, path->text, path->len);
}

/* Names are built only for what may be listed. */
static void find_largest(const struct imp_describer *describer,
			 const struct imp_draft *draft, struct largest *largest)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < draft->path_count; i++) {
		const struct sized_path *last = &largest->list[MAX_PATHS - 1];
		struct sized_path path = {.disk_bytes = draft->paths[i].disk_bytes};
		bool full = largest->count == MAX_PATHS;
		if (full && path.disk_bytes < last->disk_bytes)
			continue;
		imp_strbuf_reset(&text);
		imp_tree_path(describer->input->tree, draft->paths[i].node, &text);
		path.text = text.data;
		path.len = text.len;
		if (!full || stands_before(&path, last))
			insert(largest, &path);
	}
}

static void describe_paths(struct imp_describer *describer, const struct imp_draft *draft,
			   struct imp_finding *out)
{
	struct largest largest = {0};
	size_t kept = 0;

	find_largest(describer, draft, &largest);
	struct imp_slice *paths =
		imp_arena_array(describer->arena, largest.count, sizeof(*paths));
	for (size_t i = 0; i < largest.count; i++) {
		struct imp_slice path =
			imp_slice(largest.list[i].text, largest.list[i].len);
		bool affordable = describer->path_bytes + path.len <= MAX_PATH_BYTES;
		if (kept == i && (kept == 0 || affordable)) {
			describer->path_bytes += path.len;
			paths[kept++] = imp_arena_copy(describer->arena, path);
		}
		free(largest.list[i].text);
	}
	out->paths = paths;
	out->path_count = kept;
	out->paths_total = draft->path_count;
}

static const char *layer_word(const struct imp_describer *describer, uint16_t layer)
{
	return imp_arena_printf(describer->arena, "layer %u", layer);
}

static const char *place_word(const struct imp_describer *describer,
			      const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	char count[IMP_SIZE_TEXT];

	if (finding->path_count == 0)
		return "";
	imp_word_path(&text, finding->paths[0]);
	if (finding->paths_total > 1)
		imp_strbuf_printf(&text, " and %s more",
				  imp_count_text(finding->paths_total - 1, count));
	return keep(describer, &text);
}

static const char *shell_word(const struct imp_describer *describer,
			      const struct imp_finding *finding, size_t most)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	char count[IMP_SIZE_TEXT];

	for (size_t i = 0; i < finding->path_count && i < most; i++) {
		if (i > 0)
			imp_strbuf_add_char(&text, ' ');
		imp_word_shell_path(&text, finding->paths[i]);
	}
	if (most > 1 && finding->paths_total > most)
		imp_strbuf_printf(&text, " and %s more",
				  imp_count_text(finding->paths_total - most, count));
	return keep(describer, &text);
}

static void add_subject_words(const struct imp_describer *describer,
			      const struct imp_draft *draft,
			      const struct imp_finding *finding, struct imp_words *words)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	words->values[IMP_WORD_SUBJECT] = "other folders";
	if (finding->subject.len == 0)
		return;
	if (draft->package != IMP_NONE)
		imp_escape_terminal(&text, finding->subject);
	else
		imp_word_path(&text, finding->subject);
	words->values[IMP_WORD_SUBJECT] = keep(describer, &text);
	words->values[IMP_WORD_IN] = imp_arena_printf(describer->arena, " in %s",
						      words->values[IMP_WORD_SUBJECT]);
}

/* The folder of the project; without one, what a reader will know to replace. */
static const char *project_word(const struct imp_describer *describer)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_survey *survey = describer->survey;

	for (size_t i = 0; survey && i < survey->spot_count; i++) {
		if (survey->spots[i].step != IMP_PLACE_APP)
			continue;
		imp_word_shell_path(&text, path_of(describer, survey->spots[i].node));
		return keep(describer, &text);
	}
	return "/app";
}

static struct imp_words make_words(const struct imp_describer *describer,
				   const struct imp_draft *draft,
				   const struct imp_finding *finding)
{
	enum { SOME_PATHS = 4 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_words words = {0};
	char size[IMP_SIZE_TEXT];

	imp_word_files(&text, draft->sum.files);
	words.values[IMP_WORD_FILES] = keep(describer, &text);
	words.values[IMP_WORD_WRITER] = layer_word(describer, imp_draft_writer(draft));
	words.values[IMP_WORD_PROJECT] = project_word(describer);
	imp_strbuf_reset(&text);
	imp_word_quoted_instruction(&text, describer->input->image,
				    imp_draft_writer(draft));
	words.values[IMP_WORD_INSTRUCTION] = keep(describer, &text);
	words.values[IMP_WORD_HIDER] = layer_word(describer, draft->hider);
	words.values[IMP_WORD_PLACE] = place_word(describer, finding);
	words.values[IMP_WORD_PATH] = shell_word(describer, finding, 1);
	words.values[IMP_WORD_PATHS] = shell_word(describer, finding, SOME_PATHS);
	words.values[IMP_WORD_BYTES] =
		imp_arena_text(describer->arena, imp_size_text(draft->sum.disk_bytes,
							       IMP_UNITS_DECIMAL, size));
	if (draft->row->fate == IMP_FATE_LIVE) {
		add_subject_words(describer, draft, finding, &words);
		imp_describe_package_words(describer, draft, &words);
	}
	words.values[IMP_WORD_KEPT] = "the other copy";
	if (draft->seed) {
		imp_strbuf_reset(&text);
		imp_word_path(&text, draft->seed->kept);
		words.values[IMP_WORD_KEPT] = keep(describer, &text);
	}
	return words;
}

struct imp_slice imp_draft_subject(const struct imp_describer *describer,
				   const struct imp_draft *draft)
{
	const char *text;

	if (draft->package != IMP_NONE)
		return describer->input->packages->list[draft->package].name;
	if (draft->row->fate == IMP_FATE_LIVE)
		return draft->subject == IMP_NONE ? IMP_SLICE("")
						  : path_of(describer, draft->subject);
	if (draft->hider == draft->writer)
		text = layer_word(describer, draft->writer);
	else
		text = imp_arena_printf(describer->arena, "layer %u hidden by layer %u",
					draft->writer, draft->hider);
	return imp_slice_of(text);
}

/* RULE or RULE:SUBJECT. A rule may be less sure of some of its paths: these are a finding of
 * their own, told apart by "@". */
static const char *id_of(const struct imp_describer *describer,
			 const struct imp_draft *draft, struct imp_slice subject)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf id = {0};
	struct imp_term term = {.row = (uint32_t)(draft->row - draft->rules->rows),
				.confidence = draft->row->confidence};
	enum imp_confidence usual =
		describer->survey && draft->row->fate == IMP_FATE_LIVE
			? imp_term_confidence(describer->survey, &term)
			: draft->row->confidence;

	imp_strbuf_add_text(&id, draft->row->text.id);
	if (subject.len > 0) {
		imp_strbuf_add_char(&id, ':');
		imp_escape_terminal(&id, subject);
	}
	if (draft->confidence != usual)
		imp_strbuf_printf(&id, "@%s", imp_confidence_name(draft->confidence));
	return keep(describer, &id);
}

void imp_describe(struct imp_describer *describer, struct imp_draft *draft,
		  struct imp_finding *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf title = {0};

	*out = (struct imp_finding){
		.rule = imp_arena_text(describer->arena, draft->row->text.id),
		.subject = imp_draft_subject(describer, draft),
		.class = draft->row->class,
		.confidence = draft->confidence,
		.partial = draft->partial,
		.hidden_by = draft->hider,
		.sum = draft->sum,
	};
	out->id = id_of(describer, draft, out->subject);
	size_t packages;
	imp_draft_packages_of(describer, draft, &packages);
	out->packages = (uint32_t)packages;
	if (describer->survey)
		imp_note_packages(describer, draft);
	describe_layers(describer, draft, out);
	describe_paths(describer, draft, out);
	struct imp_words words = make_words(describer, draft, out);
	imp_words_fill(&title, draft->row->text.title, &words);
	out->title = keep(describer, &title);
	out->rule_title = imp_rule_title(describer->arena, draft->row->text.title);
	imp_describe_evidence(describer, draft, out);
	imp_describe_fix(describer, draft, &words, out);
}
