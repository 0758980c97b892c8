/* --why PATH on the text screen. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "lines.h"
#include "screen.h"
#include "why.h"

enum { INDENT = 4, MAX_FINDINGS = 5, MAX_OWNERS = 5 };

static void add_line(struct imp_screen *screen, const char *label,
		     const struct imp_strbuf *text)
{
	imp_screen_add_wrapped(screen, INDENT, label, imp_strbuf_slice(text));
}

static void add_sum(const struct imp_screen *screen, struct imp_strbuf *out,
		    const struct imp_sum *sum, bool count)
{
	char files[IMP_SIZE_TEXT], disk[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT];

	if (count)
		imp_strbuf_printf(out, "%s file%s, ", imp_count_text(sum->files, files),
				  sum->files == 1 ? "" : "s");
	imp_strbuf_printf(out, "%s on disk, %s to pull",
			  imp_screen_size_text(screen, sum->disk_bytes, disk),
			  imp_screen_size_text(screen, sum->pull_bytes, pull));
}

static void add_layer(const struct imp_screen *screen, struct imp_strbuf *out,
		      uint16_t layer)
{
	struct imp_slice instruction = screen->image->layers[layer].instruction;
	enum { LONGEST = 200 };

	uint32_t line = imp_analysis_line(screen->image, layer);

	imp_strbuf_printf(out, "layer %u (", layer);
	imp_report_add_line(screen->image, line, false, out);
	imp_strbuf_add_text(out, line ? " " : "");
	if (instruction.len == 0)
		imp_strbuf_add_text(out, "no history");
	imp_strbuf_add(out, instruction.data,
		       instruction.len < LONGEST ? instruction.len : LONGEST);
	imp_strbuf_add_text(out, instruction.len > LONGEST ? "...)" : ")");
}

static void add_path(const struct imp_screen *screen, struct imp_strbuf *out,
		     uint32_t node)
{
	imp_strbuf_add_char(out, '/');
	imp_tree_path(screen->image->tree, node, out);
}

static void add_head(struct imp_screen *screen, const struct imp_why *why)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0}, escaped = {0};
	const struct imp_node *node = imp_tree_node(screen->image->tree, why->node);

	add_path(screen, &path, why->node);
	imp_escape_terminal(&escaped, imp_strbuf_slice(&path));
	imp_screen_add_bold(screen, imp_strbuf_slice(&escaped));
	imp_strbuf_printf(&screen->out, "  (%s)%s\n", screen->image->image->reference,
			  node->live || why->node == 0 ? "" : "  gone from the image");
}

/* One for each time that a layer wrote the path, the newest first. */
static void add_record(struct imp_screen *screen, uint32_t number)
{
	const struct imp_record *record = imp_tree_record(screen->image->tree, number);
	const char *finding = imp_report_finding(screen->image, number);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_printf(&text, "%s", imp_entry_type_name(record->type));
	if (record->type == IMP_ENTRY_FILE) {
		struct imp_sum sum = {1, record->disk_bytes, record->pull_bytes};
		imp_strbuf_add_text(&text, ", ");
		add_sum(screen, &text, &sum, false);
	}
	if (record->link != IMP_NONE) {
		imp_strbuf_add_text(&text, " to ");
		imp_strbuf_add_slice(&text,
				     imp_tree_text(screen->image->tree, record->link));
	}
	imp_strbuf_add_text(&text, ", by ");
	add_layer(screen, &text, record->layer);
	if (imp_report_has_fate(record) && record->hidden_by != IMP_NOT_HIDDEN) {
		imp_strbuf_printf(&text, "; %s by ",
				  imp_fate_name((enum imp_fate)record->fate));
		add_layer(screen, &text, record->hidden_by);
		if (finding)
			imp_strbuf_printf(&text, " [%s]", finding);
	}
	add_line(screen, "written: ", &text);
}

static void add_records(struct imp_screen *screen, uint32_t node)
{
	const struct imp_tree *tree = screen->image->tree;

	for (uint32_t r = imp_tree_node(tree, node)->newest; r != IMP_NONE;
	     r = imp_tree_record(tree, r)->older)
		add_record(screen, r);
}

static void add_package_text(const struct imp_screen *screen, struct imp_strbuf *out,
			     uint32_t number)
{
	const struct imp_package *package = &screen->image->packages->list[number];

	imp_report_package_name(screen->image->packages, number, out);
	if (package->version.len > 0) {
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, package->version);
	}
	if (package->source.len > 0 && !imp_slice_equal(package->source, package->name)) {
		imp_strbuf_add_text(out, ", built from ");
		imp_strbuf_add_slice(out, package->source);
	}
}

static void add_holders(struct imp_screen *screen, const struct imp_why *why)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (why->holders_total == 0)
		return;
	for (size_t i = 0; i < why->holders_total && i < IMP_WHY_HOLDERS; i++) {
		imp_strbuf_add_text(&text, i > 0 ? ", " : "");
		imp_report_package_name(screen->image->packages, why->holders[i], &text);
	}
	if (why->holders_total > IMP_WHY_HOLDERS)
		imp_strbuf_printf(&text, " and %zu more",
				  why->holders_total - IMP_WHY_HOLDERS);
	add_line(screen, "needed by: ", &text);
}

static void add_owner(struct imp_screen *screen, const struct imp_why *why)
{
	const struct imp_packages *packages = screen->image->packages;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (!packages || why->file == IMP_NONE)
		return;
	if (why->owner == IMP_NONE) {
		imp_strbuf_add_text(&text, "no package");
		add_line(screen, "owner: ", &text);
		return;
	}
	add_package_text(screen, &text, why->owner);
	for (size_t i = 0; i < packages->also_count; i++)
		if (packages->also[i].record == why->file) {
			imp_strbuf_add_text(&text, "; also listed by ");
			imp_report_package_name(packages, packages->also[i].package,
						&text);
		}
	add_line(screen, "owner: ", &text);
	add_holders(screen, why);
}

static void add_class(struct imp_screen *screen, const struct imp_why *why)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const char *possible;

	if (why->file == IMP_NONE)
		return;
	imp_strbuf_add_text(&text, imp_report_class(screen->image, why->file));
	possible = imp_report_possible_class(screen->image, why->file);
	if (possible)
		imp_strbuf_printf(&text, ", possibly %s", possible);
	add_line(screen, "class: ", &text);
}

static void add_chain(struct imp_screen *screen, const struct imp_why *why)
{
	const struct imp_runtime *runtime = screen->image->runtime;
	const struct imp_tree *tree = screen->image->tree;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	uint8_t reached = runtime->reached[why->file];
	if (reached == 0 && why->chain_count == 0)
		return;
	imp_strbuf_add_text(&text, reached & IMP_REACH_RUN    ? "runs"
				   : reached & IMP_REACH_LINK ? "linked or loaded"
							      : "read");
	for (size_t i = 0; i < why->chain_count; i++) {
		imp_strbuf_add_text(&text, i > 0 ? ", which comes from " : ", from ");
		add_path(screen, &text, imp_tree_record(tree, why->chain[i])->node);
	}
	add_line(screen, "reached: ", &text);
}

static void add_runtime(struct imp_screen *screen, const struct imp_why *why)
{
	const struct imp_runtime *runtime = screen->image->runtime;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (!runtime || why->file == IMP_NONE)
		return;
	add_chain(screen, why);
	if (why->owner != IMP_NONE && runtime->package_reached[why->owner]) {
		const char *reason = runtime->package_reason[why->owner];
		imp_strbuf_printf(&text, "its package is reached%s%s", reason ? ": " : "",
				  reason ? reason : "");
	} else if (runtime->reached[why->file] == 0) {
		imp_strbuf_printf(
			&text, "by nothing that runs%s",
			runtime->readable ? "" : ", as far as that could be followed");
	}
	if (text.len > 0)
		add_line(screen, "reached: ", &text);
	if (runtime->opened && runtime->opened[why->file]) {
		imp_strbuf_reset(&text);
		imp_strbuf_add_text(&text, "in the list of --used");
		add_line(screen, "opened: ", &text);
	}
}

static void add_dropped(struct imp_screen *screen, const struct imp_why *why)
{
	for (size_t i = 0; i < why->dropped_count; i++) {
		const struct imp_dropped *dropped =
			&screen->image->findings->dropped[why->dropped[i]];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_strbuf_printf(&text, "[%s] would take ", dropped->rule);
		imp_strbuf_add_slice(&text, dropped->subject);
		imp_strbuf_printf(&text, ", but %s: %s", dropped->anchor,
				  dropped->evidence);
		add_line(screen, "kept: ", &text);
	}
}

/* What a finding has of a folder. */
static void add_findings_below(struct imp_screen *screen, const struct imp_why *why)
{
	for (size_t i = 0; i < why->finding_count && i < MAX_FINDINGS; i++) {
		const struct imp_finding *finding =
			&screen->image->findings->list[why->findings[i].number];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		add_sum(screen, &text, &why->findings[i].sum, true);
		imp_strbuf_printf(&text,
				  ", %s: ", imp_confidence_name(finding->confidence));
		imp_strbuf_add_slice(&text, imp_report_headline(finding));
		imp_strbuf_printf(&text, " [%s]", finding->rule);
		add_line(screen, "finding: ", &text);
	}
	if (why->finding_count > MAX_FINDINGS)
		imp_strbuf_printf(&screen->out, "%*sfinding: %zu smaller\n", INDENT, "",
				  why->finding_count - MAX_FINDINGS);
}

static void add_owners_below(struct imp_screen *screen, const struct imp_why *why)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < why->owner_count && i < MAX_OWNERS; i++) {
		imp_strbuf_reset(&text);
		add_package_text(screen, &text, why->owners[i].number);
		imp_strbuf_add_text(&text, ": ");
		add_sum(screen, &text, &why->owners[i].sum, true);
		add_line(screen, "owner: ", &text);
	}
	if (why->owner_count > MAX_OWNERS)
		imp_strbuf_printf(&screen->out, "%*sowner: %zu more packages\n", INDENT,
				  "", why->owner_count - MAX_OWNERS);
	if (screen->image->packages && why->unowned.files > 0) {
		imp_strbuf_reset(&text);
		imp_strbuf_add_text(&text, "no package: ");
		add_sum(screen, &text, &why->unowned, true);
		add_line(screen, "owner: ", &text);
	}
}

static void add_folder(struct imp_screen *screen, const struct imp_why *why)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	add_sum(screen, &text, &why->live, true);
	add_line(screen, "live: ", &text);
	if (why->hidden.files > 0) {
		imp_strbuf_reset(&text);
		add_sum(screen, &text, &why->hidden, true);
		add_line(screen, "hidden: ", &text);
	}
	add_owners_below(screen, why);
	add_findings_below(screen, why);
	add_dropped(screen, why);
}

static void add_file(struct imp_screen *screen, const struct imp_why *why)
{
	add_records(screen, why->node);
	add_owner(screen, why);
	add_class(screen, why);
	add_runtime(screen, why);
	add_dropped(screen, why);
	for (size_t i = 0; i < why->finding_count; i++)
		imp_screen_add_finding(
			screen, &screen->image->findings->list[why->findings[i].number]);
	if (why->finding_count == 0 && why->file != IMP_NONE)
		imp_strbuf_printf(&screen->out,
				  "%*sno rule says that it can go: it counts as "
				  "runtime\n",
				  INDENT, "");
}

static void add_node(struct imp_screen *screen, uint32_t node)
{
	imp_auto(imp_why_finish) struct imp_why why;

	imp_why_make(&why, screen->image, node);
	add_head(screen, &why);
	if (why.folder)
		add_folder(screen, &why);
	else
		add_file(screen, &why);
}

/* What a live symlink leads to in the end. */
static uint32_t symlink_target(const struct imp_tree *tree, uint32_t node)
{
	uint32_t shown = imp_tree_node(tree, node)->shown;

	if (shown == IMP_NONE || imp_tree_record(tree, shown)->type != IMP_ENTRY_SYMLINK)
		return IMP_NONE;
	struct imp_slice link = imp_tree_text(tree, imp_tree_record(tree, shown)->link);
	uint32_t target = imp_tree_resolve(tree, imp_tree_node(tree, node)->parent, link);
	return target == node ? IMP_NONE : target;
}

static void add_answer(struct imp_screen *screen, const char *path)
{
	uint32_t node = imp_why_find(screen->image, path);

	if (node == IMP_NONE) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_strbuf_add_text(&text, path);
		imp_strbuf_printf(&text, ": not in %s", screen->image->image->reference);
		imp_screen_add_wrapped(screen, 0, "", imp_strbuf_slice(&text));
		return;
	}
	add_node(screen, node);
	uint32_t target = symlink_target(screen->image->tree, node);
	if (target != IMP_NONE)
		add_node(screen, target);
}

void imp_screen_add_why(struct imp_screen *screen)
{
	const struct imp_report_questions *questions = &screen->options->questions;
	struct imp_report_options in_full = *screen->options;
	const struct imp_report_options *options = screen->options;

	/* One path is worth its findings in full. */
	in_full.detail = true;
	screen->options = &in_full;
	for (size_t i = 0; i < questions->why_count; i++)
		add_answer(screen, questions->why[i]);
	screen->options = options;
}
