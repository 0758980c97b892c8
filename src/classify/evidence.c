#include "describe_priv.h"

#include "imgprof/units.h"

enum {
	MAX_LINES = 16,
	MAX_TERMS = 4,  /* patterns named */
	MAX_SHARES = 3, /* layers named */
};

struct lines {
	const struct imp_describer *describer;
	const char *list[MAX_LINES];
	size_t count;
	struct imp_strbuf text; /* the line that is being written */
};

static void add_line(struct lines *lines, const char *line)
{
	if (lines->count < MAX_LINES)
		lines->list[lines->count++] = line;
}

static void end_line(struct lines *lines)
{
	add_line(lines,
		 imp_arena_copy(lines->describer->arena, imp_strbuf_slice(&lines->text))
			 .data);
	imp_strbuf_reset(&lines->text);
}

static void add_terms(struct lines *lines, const struct imp_draft *draft)
{
	for (size_t i = 0; i < draft->term_count; i++) {
		const struct imp_term *term = &draft->rules->terms[draft->terms[i]];
		if (term->finder || term->package || term->part)
			continue;
		if (i == MAX_TERMS) {
			imp_strbuf_printf(&lines->text, "and %zu more patterns of %s",
					  draft->term_count - i, draft->row->text.id);
			end_line(lines);
			return;
		}
		imp_strbuf_printf(&lines->text, "matches %s", term->text);
		for (size_t c = 0; c < term->condition_count; c++)
			imp_condition_describe(&term->conditions[c], &lines->text);
		end_line(lines);
	}
}

static void add_questions(struct lines *lines, const char *intro, uint32_t anchors,
			  const char *answer)
{
	const char *between = intro;

	for (int a = 0; a < IMP_ANCHORS; a++) {
		if (!(anchors >> a & 1))
			continue;
		imp_strbuf_add_text(&lines->text, between);
		imp_strbuf_add_text(&lines->text,
				    imp_anchor_question((enum imp_anchor)a));
		between = ", or ";
	}
	if (!anchors)
		return;
	imp_strbuf_add_text(&lines->text, answer);
	end_line(lines);
}

/* Why the first of ANCHORS, which are unknown, is so; it may be known of none. */
static const char *why_unknown(const struct lines *lines, uint32_t anchors)
{
	const struct imp_runtime *runtime = lines->describer->input->runtime;
	struct imp_arena *arena = lines->describer->survey->arena;

	for (int a = 0; a < IMP_ANCHORS; a++)
		if ((anchors >> a & 1) && runtime->anchors[a].evidence)
			return imp_arena_printf(arena, " (%s)",
						runtime->anchors[a].evidence);
	return "";
}

/* Of ANCHORS those in STATE. */
static uint32_t in_state(const struct lines *lines, uint32_t anchors,
			 enum imp_anchor_state state)
{
	for (int a = 0; a < IMP_ANCHORS; a++)
		if (!imp_anchor_is(lines->describer->survey, (enum imp_anchor)a, state))
			anchors &= ~(1U << a);
	return anchors;
}

static void add_facts(struct lines *lines, const struct imp_row *row)
{
	const struct imp_runtime *runtime = lines->describer->input->runtime;
	uint32_t absent = in_state(lines, row->absent, IMP_ANCHOR_ABSENT);
	const struct imp_anchor_fact *dev = &runtime->anchors[IMP_ANCHOR_DEV];

	uint32_t unknown = in_state(lines, row->absent, IMP_ANCHOR_UNKNOWN);

	add_questions(lines, "possible only, for it is not known ", unknown,
		      why_unknown(lines, unknown));
	unknown = in_state(lines, row->unless, IMP_ANCHOR_UNKNOWN);
	add_questions(lines, "not checked: ", unknown, why_unknown(lines, unknown));
	if (absent == row->absent)
		add_questions(lines, "checked ", absent, ": no sign of it");
	if (dev->state == IMP_ANCHOR_PRESENT) {
		imp_strbuf_printf(&lines->text, "possible only: %s",
				  dev->evidence ? dev->evidence
						: "the image is made for development");
		end_line(lines);
	}
}

/* What --used says: "opened at run time: 3 files, 1.20 MB". */
static void add_opened(struct lines *lines, const struct imp_draft *draft)
{
	char size[IMP_SIZE_TEXT];

	if (draft->opened.files == 0)
		return;
	imp_strbuf_add_text(&lines->text, "opened at run time: ");
	imp_word_files(&lines->text, draft->opened.files);
	imp_strbuf_printf(
		&lines->text, ", %s",
		imp_size_text(draft->opened.disk_bytes, IMP_UNITS_DECIMAL, size));
	end_line(lines);
}

static void add_shares(struct lines *lines, const struct imp_draft *draft)
{
	size_t named = draft->share_count < MAX_SHARES ? draft->share_count : MAX_SHARES;

	for (size_t i = 0; i < named; i++) {
		imp_word_files(&lines->text, draft->shares[i].sum.files);
		imp_strbuf_add_text(&lines->text, " from ");
		imp_word_instruction(&lines->text, lines->describer->input->image,
				     draft->shares[i].layer);
		end_line(lines);
	}
	if (named < draft->share_count) {
		imp_strbuf_printf(&lines->text, "and from %zu more layers",
				  draft->share_count - named);
		end_line(lines);
	}
}

static void add_rule_evidence(struct lines *lines, const struct imp_draft *draft)
{
	add_terms(lines, draft);
	if (draft->seed) {
		imp_strbuf_add_text(&lines->text, draft->seed->evidence);
		end_line(lines);
	}
	for (size_t i = 0; i < draft->note_count; i++)
		add_line(lines, draft->notes[i]);
	add_opened(lines, draft);
	add_facts(lines, draft->row);
	add_shares(lines, draft);
}

/* "owner of 1,177 files" */
static void add_change(struct lines *lines, const struct imp_draft *draft, unsigned bit,
		       const char *what, const char **between)
{
	uint64_t files = 0;

	for (unsigned change = 0; change < IMP_CHANGES; change++)
		if (bit ? (change & bit) : change == 0)
			files += draft->changes[change];
	if (files == 0)
		return;
	imp_strbuf_printf(&lines->text, "%s%s of ", *between, what);
	imp_word_files(&lines->text, files);
	*between = ", ";
}

static void add_changes(struct lines *lines, const struct imp_draft *draft)
{
	const char *between = "changed: ";

	add_change(lines, draft, IMP_CHANGE_OWNER, "owner", &between);
	add_change(lines, draft, IMP_CHANGE_MODE, "mode", &between);
	add_change(lines, draft, IMP_CHANGE_TIME, "time", &between);
	add_change(lines, draft, IMP_CHANGE_XATTRS, "extended attributes", &between);
	add_change(lines, draft, 0, "nothing", &between);
	end_line(lines);
}

static void add_ledger_evidence(struct lines *lines, const struct imp_draft *draft)
{
	const struct imp_image *image = lines->describer->input->image;

	imp_strbuf_add_text(&lines->text, "written by ");
	imp_word_instruction(&lines->text, image, draft->writer);
	end_line(lines);
	if (draft->hider != draft->writer) {
		imp_strbuf_add_text(&lines->text, "hidden by ");
		imp_word_instruction(&lines->text, image, draft->hider);
		end_line(lines);
	}
	if (draft->row->fate == IMP_FATE_RESHIPPED)
		add_changes(lines, draft);
}

void imp_describe_evidence(const struct imp_describer *describer,
			   const struct imp_draft *draft, struct imp_finding *out)
{
	struct lines lines = {.describer = describer};

	if (draft->row->fate == IMP_FATE_LIVE)
		add_rule_evidence(&lines, draft);
	else
		add_ledger_evidence(&lines, draft);
	const char **evidence =
		imp_arena_array(describer->arena, lines.count, sizeof(*evidence));
	for (size_t i = 0; i < lines.count; i++)
		evidence[i] = lines.list[i];
	out->evidence = evidence;
	out->evidence_count = lines.count;
	imp_strbuf_finish(&lines.text);
}
