/*
 * Parts of files: symbols that nothing reads at run time, code for many kinds of GPU. The file
 * keeps its class; of its bytes some are the finding's (classification.md 1.4 and 2.7).
 */
#include "drafts_priv.h"

#include "imgprof/checked.h"

enum {
	STRIP_BYTES = 1000000,
	STRIP_SHARE = 10,     /* of 100 */
	STRIPPED_REST = 4096, /* .comment and its like, in a file that was stripped */
};

/* gdb and valgrind need the symbols of these. */
static bool needs_symbols(struct imp_slice name)
{
	return imp_slice_starts(name, IMP_SLICE("ld-linux")) ||
	       imp_slice_starts(name, IMP_SLICE("ld-musl")) ||
	       imp_slice_starts(name, IMP_SLICE("ld-2.")) ||
	       imp_slice_is(name, "ld.so") || imp_slice_is(name, "ld.so.1") ||
	       imp_slice_is(name, "ld64.so.1") || imp_slice_is(name, "ld64.so.2") ||
	       imp_slice_starts(name, IMP_SLICE("libthread_db"));
}

/* Distributions leave a few bytes in each of a thousand files: GEN-STRIP starts where one line is
 * worth it. A Go or Rust program is somebody's own build (3.7, 3.8): its rules have no such bound. */
static bool is_worth_stripping(const struct imp_elf *elf, uint64_t size)
{
	uint64_t bytes = elf->strip_bytes;

	if (elf->go || elf->rust)
		return bytes > STRIPPED_REST;
	return bytes > STRIP_BYTES || bytes > size / 100 * STRIP_SHARE;
}

/* Which part of the file can go, and how many bytes it has. */
static enum imp_part part_of(const struct imp_elf *elf, struct imp_slice name,
			     uint64_t size, uint64_t *bytes)
{
	if (elf->fatbin_bytes > size / 2) {
		*bytes = elf->fatbin_bytes;
		return IMP_PART_FATBIN;
	}
	*bytes = elf->strip_bytes;
	if (elf->strip_bytes == 0 || needs_symbols(name) ||
	    !is_worth_stripping(elf, size))
		return IMP_PART_NONE;
	if (elf->go)
		return IMP_PART_GO_SYMBOLS;
	return elf->rust ? IMP_PART_RUST_SYMBOLS : IMP_PART_SYMBOLS;
}

/* The term of the rules for each part that no anchor takes back, or IMP_NONE. */
static void find_terms(const struct imp_survey *survey, uint32_t terms[IMP_PARTS])
{
	const struct imp_rules *rules = survey->input->rules;

	for (int part = 0; part < IMP_PARTS; part++)
		terms[part] = IMP_NONE;
	for (size_t i = 0; i < rules->term_count; i++)
		if (rules->terms[i].part != IMP_PART_NONE)
			terms[rules->terms[i].part] = (uint32_t)i;
}

struct cut {
	struct imp_survey *survey;
	struct imp_drafts *drafts, *dropped;
	struct imp_parts *parts;
	uint32_t terms[IMP_PARTS];
};

static uint32_t draft_of(struct cut *cut, uint32_t number)
{
	const struct imp_rules *rules = cut->survey->input->rules;
	const struct imp_term *term = &rules->terms[number];
	uint32_t reason = cut->survey->row_reasons[term->row];
	struct imp_draft_key key = {
		.row = term->row,
		.confidence = reason == IMP_NONE ? imp_term_confidence(cut->survey, term)
						 : cut->survey->reasons[reason].kind,
		.subject = IMP_NONE,
		.writer = IMP_NOT_HIDDEN,
		.hider = IMP_NOT_HIDDEN,
		.package = IMP_NONE,
	};

	return imp_drafts_find(reason == IMP_NONE ? cut->drafts : cut->dropped, rules,
			       &key);
}

static void add_part(struct cut *cut, uint32_t record, uint32_t term, uint64_t bytes)
{
	const struct imp_tree *tree = cut->survey->input->tree;
	const struct imp_record *file = imp_tree_record(tree, record);
	uint32_t reason =
		cut->survey->row_reasons[cut->survey->input->rules->terms[term].row];
	struct imp_drafts *drafts = reason == IMP_NONE ? cut->drafts : cut->dropped;
	struct imp_sum sum = {1, bytes,
			      imp_mul_div(file->pull_bytes, bytes, file->disk_bytes)};
	uint32_t number = draft_of(cut, term);
	struct imp_draft *draft = &drafts->list[number];

	draft->partial = true;
	draft->reason = reason;
	imp_draft_add_part(draft, tree, record, &sum);
	if (reason != IMP_NONE)
		return;
	struct imp_parts *parts = cut->parts;
	parts->list = imp_xgrow(parts->list, &parts->capacity, parts->count + 1,
				sizeof(*parts->list));
	parts->list[parts->count++] =
		(struct imp_partial){record, number, sum.disk_bytes, sum.pull_bytes};
}

static void cut_record(struct cut *cut, uint32_t record)
{
	const struct imp_tree *tree = cut->survey->input->tree;
	const struct imp_record *file = imp_tree_record(tree, record);
	const struct imp_fact *fact =
		imp_contents_fact(cut->survey->input->contents, record);
	uint64_t bytes = 0;

	if (!fact || !fact->elf)
		return;
	enum imp_part part = part_of(fact->elf, imp_tree_name(tree, file->node),
				     file->disk_bytes, &bytes);
	if (part == IMP_PART_NONE || cut->terms[part] == IMP_NONE ||
	    bytes > file->disk_bytes)
		return;
	add_part(cut, record, cut->terms[part], bytes);
}

void imp_parts_draft(struct imp_survey *survey, struct imp_drafts *drafts,
		     struct imp_drafts *dropped, const uint32_t *finding_of,
		     struct imp_parts *parts)
{
	const struct imp_tree *tree = survey->input->tree;
	struct cut cut = {
		.survey = survey, .drafts = drafts, .dropped = dropped, .parts = parts};
	uint32_t count = imp_tree_record_count(tree);

	find_terms(survey, cut.terms);
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (file->type == IMP_ENTRY_FILE && file->fate == IMP_FATE_LIVE &&
		    finding_of[r] == IMP_NONE && file->disk_bytes > 0)
			cut_record(&cut, r);
	}
}
