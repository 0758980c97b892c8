/* A budget held against images: which entry an image falls under, and what its rules say. */
#include "budget_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/glob.h"
#include "imgprof/reference.h"

static bool same_platform(const struct imp_platform *wanted,
			  const struct imp_platform *image)
{
	return strcmp(wanted->os, image->os) == 0 &&
	       strcmp(wanted->architecture, image->architecture) == 0 &&
	       (!wanted->variant[0] || strcmp(wanted->variant, image->variant) == 0);
}

static bool has_platform(const struct imp_budget_entry *entry,
			 const struct imp_platform *platform)
{
	for (size_t i = 0; i < entry->platform_count; i++)
		if (same_platform(&entry->platforms[i], platform))
			return true;
	return entry->platform_count == 0;
}

static bool is_called(const struct imp_budget_image *image, struct imp_slice pattern,
		      struct imp_arena *arena)
{
	const struct imp_image *inside = image->image->image;

	if (imp_glob_name(pattern, imp_slice_of(image->name)))
		return true;
	for (size_t i = 0; !image->named && i < inside->name_count; i++) {
		struct imp_reference reference; /* docker writes short ones */
		if (imp_glob_name(pattern, inside->names[i]))
			return true;
		if (imp_reference_parse(inside->names[i], arena, &reference, NULL) == 0 &&
		    imp_glob_name(pattern,
				  imp_slice_of(imp_reference_text(&reference, arena))))
			return true;
	}
	return false;
}

static const struct imp_budget_entry *find_entry(const struct imp_budget *budget,
						 const struct imp_budget_image *image,
						 struct imp_arena *arena)
{
	for (size_t i = 0; i < budget->entry_count; i++)
		if (is_called(image, budget->entries[i].match, arena) &&
		    has_platform(&budget->entries[i], &image->image->image->platform))
			return &budget->entries[i];
	return NULL;
}

static const struct imp_budget_waiver *find_waiver(const struct imp_budget_entry *entry,
						   const struct imp_target *target)
{
	const struct imp_budget_waiver *found = NULL;

	for (size_t i = 0; i < entry->waiver_count; i++) {
		const struct imp_budget_waiver *waiver = &entry->waivers[i];
		if (waiver->target.selector == target->selector &&
		    imp_slice_equal(waiver->target.text, target->text) &&
		    (!found || waiver->end_ns > found->end_ns))
			found = waiver;
	}
	return found;
}

struct checking {
	const struct imp_budget *budget;
	int64_t now_ns;
	struct imp_arena *arena;
	struct imp_budget_row *rows;
	size_t count, capacity;
};

/* Rows outlive the budget: their texts move into the arena of the check. */
static void own(struct imp_budget_row *row, struct imp_arena *arena)
{
	row->subject = imp_arena_copy(arena, row->subject);
	row->why = imp_arena_copy(arena, row->why);
	row->waived_until = imp_arena_copy(arena, row->waived_until);
	row->waived_why = imp_arena_copy(arena, row->waived_why);
}

static void check_rule(struct checking *checking, const struct imp_budget_image *image,
		       const struct imp_budget_entry *entry,
		       const struct imp_budget_rule *rule, const char *platform)
{
	bool has_base = image->diff && image->before;
	struct imp_budget_case c = {
		.rule = rule,
		.waiver = find_waiver(entry, &rule->target),
		.ignore_below = rule->ignore_below.set ? rule->ignore_below.value
						       : checking->budget->ignore_below,
		.now = imp_measure(&rule->target, image->image, image->diff),
		.has_base = has_base,
		.disk_bytes = image->image->disk_bytes,
		.now_ns = checking->now_ns,
	};
	if (has_base)
		c.before = imp_measure(&rule->target, image->before, NULL);
	checking->rows = imp_xgrow(checking->rows, &checking->capacity,
				   checking->count + IMP_BOUNDS, sizeof(*checking->rows));
	size_t count = imp_budget_judge(&c, &checking->rows[checking->count]);
	for (size_t i = 0; i < count; i++) {
		struct imp_budget_row *row = &checking->rows[checking->count++];
		row->image = image->name;
		row->platform = platform;
		own(row, checking->arena);
	}
}

static int check_image(struct checking *checking, const struct imp_budget_image *image,
		       struct imp_error *err)
{
	const struct imp_budget_entry *entry =
		find_entry(checking->budget, image, checking->arena);
	const char *platform =
		imp_platform_text(&image->image->image->platform, checking->arena);

	if (!entry) {
		imp_fail(err, IMP_E_USAGE, "%s: no entry of images matches %s (%s)",
			 checking->budget->name, image->name, platform);
		return imp_hint(err, "imgprof budget init IMAGE writes one");
	}
	if (checking->budget->require_base && !image->diff)
		return imp_fail(err, IMP_E_USAGE,
				"%s: no base to compare %s with, and "
				"require_base is true",
				checking->budget->name, image->name);
	for (size_t i = 0; i < entry->rule_count; i++)
		check_rule(checking, image, entry, &entry->rules[i], platform);
	return 0;
}

static void count_up(const struct checking *checking, struct imp_check *out)
{
	for (size_t i = 0; i < checking->count; i++) {
		enum imp_verdict verdict = checking->rows[i].verdict;
		out->counts[verdict]++;
		if (verdict > out->verdict)
			out->verdict = verdict;
	}
}

int imp_budget_check(const struct imp_budget *budget,
		     const struct imp_budget_image *images, size_t count, int64_t now_ns,
		     struct imp_arena *arena, struct imp_check *out,
		     struct imp_error *err)
{
	struct checking checking = {.budget = budget, .now_ns = now_ns, .arena = arena};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = check_image(&checking, &images[i], err);
	if (rc == 0) {
		struct imp_budget_row *rows =
			imp_arena_array(arena, checking.count, sizeof(*rows));
		if (checking.count)
			memcpy(rows, checking.rows, checking.count * sizeof(*rows));
		out->rows = rows;
		out->row_count = checking.count;
		out->file = imp_arena_text(arena, budget->name);
		count_up(&checking, out);
	}
	free(checking.rows);
	return rc;
}
