/* What a finding says of packages: which they are, who brought them, what their manager records. */
#include "describe_priv.h"

#include <stdlib.h>

#include "imgprof/escape.h"
#include "imgprof/units.h"

enum { MAX_NAMED = 5 };

struct sized {
	uint32_t package;
	uint64_t disk_bytes;
};

static int compare_sized(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->disk_bytes != y->disk_bytes)
		return x->disk_bytes < y->disk_bytes ? 1 : -1;
	return x->package < y->package ? -1 : x->package > y->package;
}

void imp_draft_packages_sort(struct imp_draft_packages *members,
			     const struct imp_survey *survey,
			     const struct imp_drafts *drafts)
{
	size_t packages = survey->input->packages->count;
	imp_auto_free struct sized *sized = imp_xcalloc(packages + 1, sizeof(*sized));
	size_t *next = imp_xcalloc(drafts->count + 2, sizeof(*next));

	members->order = imp_xcalloc(packages + 1, sizeof(*members->order));
	for (size_t p = 0; p < packages; p++) {
		sized[p] = (struct sized){(uint32_t)p, survey->members[p].sum.disk_bytes};
		if (survey->members[p].draft != IMP_NONE)
			next[survey->members[p].draft + 1]++;
	}
	for (size_t d = 0; d < drafts->count; d++)
		next[d + 1] += next[d];
	members->starts = imp_xcalloc(drafts->count + 1, sizeof(*members->starts));
	memcpy(members->starts, next, (drafts->count + 1) * sizeof(*next));
	if (packages > 0)
		qsort(sized, packages, sizeof(*sized), compare_sized);
	for (size_t i = 0; i < packages; i++) {
		uint32_t draft = survey->members[sized[i].package].draft;
		if (draft != IMP_NONE)
			members->order[next[draft]++] = sized[i].package;
	}
	free(next);
}

void imp_draft_packages_finish(struct imp_draft_packages *members)
{
	free(members->order);
	free(members->starts);
	*members = (struct imp_draft_packages){0};
}

const uint32_t *imp_draft_packages_of(const struct imp_describer *describer,
				      const struct imp_draft *draft, size_t *count)
{
	const struct imp_draft_packages *members = &describer->members;
	size_t number = (size_t)(draft - describer->drafts->list);

	*count = 0;
	if (!members->order)
		return NULL;
	*count = members->starts[number + 1] - members->starts[number];
	return members->order + members->starts[number];
}

static bool is_seed(const struct imp_describer *describer, uint32_t package)
{
	return describer->survey->package_verdicts[package].seed == package;
}

static const char *name_of(const struct imp_describer *describer, uint32_t package)
{
	return imp_package_text(describer->arena, describer->input->packages, package);
}

static const char *count_word(const struct imp_describer *describer, size_t count)
{
	char text[IMP_SIZE_TEXT];

	return imp_arena_printf(describer->arena, "%s package%s",
				imp_count_text(count, text), count == 1 ? "" : "s");
}

/* "701 of 703 packages": of those of the same installation. */
static const char *of_word(const struct imp_describer *describer, uint32_t member,
			   size_t count)
{
	const struct imp_packages *packages = describer->input->packages;
	const struct imp_package *first = &packages->list[member];
	char part[IMP_SIZE_TEXT], whole[IMP_SIZE_TEXT];
	size_t all = 0;

	for (size_t p = 0; p < packages->count; p++)
		all += packages->list[p].manager == first->manager &&
		       packages->list[p].group == first->group;
	return imp_arena_printf(describer->arena, "%s of %s packages",
				imp_count_text(count, part), imp_count_text(all, whole));
}

static uint32_t twin_of(const struct imp_describer *describer, const uint32_t *members,
			size_t count)
{
	const struct imp_packages *packages = describer->input->packages;

	for (size_t i = 0; i < count; i++)
		if (is_seed(describer, members[i]) &&
		    packages->list[members[i]].twin != IMP_NONE)
			return packages->list[members[i]].twin;
	return IMP_NONE;
}

void imp_describe_package_words(const struct imp_describer *describer,
				const struct imp_draft *draft, struct imp_words *words)
{
	size_t count;
	const uint32_t *members = imp_draft_packages_of(describer, draft, &count);

	words->values[IMP_WORD_PACKAGE] = draft->package == IMP_NONE
						  ? "other packages"
						  : name_of(describer, draft->package);
	words->values[IMP_WORD_PACKAGES] = count_word(describer, count);
	words->values[IMP_WORD_MORE] = "";
	if (count == 0)
		return;
	if (count > 1)
		words->values[IMP_WORD_MORE] =
			imp_arena_printf(describer->arena, " with %zu more package%s",
					 count - 1, count == 2 ? "" : "s");
	if (imp_placeholder_in(draft->row->text.title, IMP_WORD_OF))
		words->values[IMP_WORD_OF] = of_word(describer, members[0], count);
	uint32_t twin = twin_of(describer, members, count);
	words->values[IMP_WORD_TWIN] =
		twin == IMP_NONE ? "the library's own package" : name_of(describer, twin);
}

/* What the manager's record says of the packages that the row names by it. */
static const char *record_text(unsigned flags)
{
	if (flags & IMP_PACKAGE_DEV)
		return "marked as needed by development only";
	if (flags & IMP_PACKAGE_EXTRANEOUS)
		return "marked as extraneous: no manifest asks for them";
	if (flags & IMP_PACKAGE_VIRTUAL)
		return "kept by a virtual package alone";
	if (flags & IMP_PACKAGE_WEAK)
		return "installed as weak dependencies";
	if (flags & IMP_PACKAGE_DEBUG_SYMBOLS)
		return "marked as debug symbols";
	return "made for another system";
}

static void add_path(const struct imp_describer *describer, uint32_t node,
		     struct imp_strbuf *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(describer->input->tree, node, &path);
	imp_word_path(out, imp_strbuf_slice(&path));
}

/* "/code/node_modules/.package-lock.json: marked as needed by development only" */
static void add_record(const struct imp_describer *describer,
		       const struct imp_draft *draft, uint32_t member,
		       struct imp_strbuf *out)
{
	const struct imp_packages *packages = describer->input->packages;
	const struct imp_package *package = &packages->list[member];
	unsigned flags = 0;
	bool orphan = false;

	for (size_t i = 0; i < draft->term_count; i++) {
		const struct imp_package_term *term =
			draft->rules->terms[draft->terms[i]].package;
		flags |= term ? term->flags : 0;
		orphan = orphan || (term && term->orphan);
	}
	if (package->database != IMP_NONE)
		add_path(describer, package->database, out);
	else
		imp_strbuf_add_text(out, imp_manager_name(package->manager));
	if (flags)
		imp_strbuf_printf(out, ": %s", record_text(flags));
	else if (orphan)
		imp_strbuf_add_text(out, ": not asked for, and nothing that is kept "
					 "needs them");
	else
		imp_strbuf_add_text(out, ": installed");
}

static void add_largest(const struct imp_describer *describer, const uint32_t *members,
			size_t count, struct imp_strbuf *out)
{
	char size[IMP_SIZE_TEXT];

	for (size_t i = 0; i < count && i < MAX_NAMED; i++) {
		const struct imp_sum *sum = &describer->survey->members[members[i]].sum;
		imp_strbuf_printf(
			out, "%s%s %s",
			i ? ", " : "largest: ", name_of(describer, members[i]),
			imp_size_text(sum->disk_bytes, IMP_UNITS_DECIMAL, size));
	}
	if (count > MAX_NAMED)
		imp_strbuf_printf(out, ", and %zu more", count - MAX_NAMED);
}

static const char *keep(const struct imp_describer *describer, struct imp_strbuf *text)
{
	const char *kept = imp_arena_copy(describer->arena, imp_strbuf_slice(text)).data;

	imp_strbuf_reset(text);
	return kept;
}

/* "typescript all the same: imported by /code/x.js", for the verdict that this lowers. */
static void add_contradiction(const struct imp_describer *describer,
			      struct imp_draft *draft, const uint32_t *members,
			      size_t count)
{
	const struct imp_runtime *runtime = describer->input->runtime;
	const struct imp_package_term *term =
		draft->rules->terms[draft->terms[0]].package;

	if (!term || !(term->flags & IMP_PACKAGE_DEV) ||
	    draft->confidence != IMP_CONFIDENCE_POSSIBLE)
		return;
	for (size_t i = 0; i < count && i < MAX_NAMED; i++) {
		const char *reason = runtime->package_reason[members[i]];
		if (runtime->package_reached[members[i]] && reason)
			imp_draft_add_note(
				draft,
				imp_arena_printf(describer->arena, "%s all the same: %s",
						 name_of(describer, members[i]), reason));
	}
}

/* The manager's record, and what makes less of it. */
static void note_record(const struct imp_describer *describer, struct imp_draft *draft,
			const uint32_t *members, size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_packages *packages = describer->input->packages;
	enum imp_manager manager = packages->list[members[0]].manager;

	add_record(describer, draft, members[0], &text);
	imp_draft_add_note(draft, keep(describer, &text));
	if (imp_manager_is_doubted(packages, manager)) {
		imp_strbuf_printf(&text,
				  "possible only: what %s records could not be read "
				  "whole",
				  imp_manager_name(manager));
		imp_draft_add_note(draft, keep(describer, &text));
	}
	add_contradiction(describer, draft, members, count);
}

static void note_members(const struct imp_describer *describer, struct imp_draft *draft,
			 const uint32_t *members, size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	size_t seeds = 0;

	for (size_t i = 0; i < count; i++)
		seeds += is_seed(describer, members[i]);
	if (seeds < count) {
		imp_strbuf_printf(&text, "%s that nothing else needs",
				  count_word(describer, count - seeds));
		imp_draft_add_note(draft, keep(describer, &text));
	}
	if (count == 1)
		return;
	add_largest(describer, members, count, &text);
	imp_draft_add_note(draft, keep(describer, &text));
	imp_add_repeats(describer, members, count, &text);
	if (text.len > 0)
		imp_draft_add_note(draft, keep(describer, &text));
}

void imp_note_packages(const struct imp_describer *describer, struct imp_draft *draft)
{
	size_t count;
	const uint32_t *members = imp_draft_packages_of(describer, draft, &count);

	if (count == 0)
		return;
	note_record(describer, draft, members, count);
	note_members(describer, draft, members, count);
	uint32_t twin = twin_of(describer, members, count);
	if (twin != IMP_NONE)
		imp_draft_add_note(
			draft, imp_arena_printf(describer->arena,
						"%s is enough to run what links to it",
						name_of(describer, twin)));
}
