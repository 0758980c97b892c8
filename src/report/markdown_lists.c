/* The folded lists behind the reasons. */
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "markdown.h"

static const struct imp_change_sum *layer_sum(const void *list, size_t i)
{
	return &((const struct imp_diff_layer *)list)[i].sum;
}

/* Layers that did not change at all are many and say nothing. */
static size_t changed_layers(const struct imp_diff *diff, struct imp_diff_layer *out)
{
	size_t count = 0;

	for (size_t i = 0; i < diff->layer_count; i++)
		if (diff->layers[i].state != IMP_DIFF_SAME)
			out[count++] = diff->layers[i];
	return count;
}

static void add_layer_name(struct imp_markdown *page, const struct imp_diff_layer *layer)
{
	bool gone = layer->after_index == IMP_NONE;

	imp_strbuf_printf(&page->out, "| %u%s%s | ",
			  gone ? layer->before_index : layer->after_index,
			  gone                              ? ", gone"
			  : layer->before_index == IMP_NONE ? ", new"
							    : "",
			  layer->origin == IMP_ORIGIN_BASE ? ", base" : "");
	imp_markdown_cell(page, layer->instruction);
	if (layer->line && !gone)
		imp_strbuf_printf(&page->out, " Dockerfile:%u", layer->line);
}

static void add_layer_size(struct imp_markdown *page, uint64_t bytes)
{
	struct imp_fixed fixed = imp_fixed_for(bytes, page->options->units);

	imp_strbuf_add_text(&page->out, " | ");
	imp_fixed_add(&fixed, bytes, &page->out);
}

static void add_layer_sizes(struct imp_markdown *page, const struct imp_diff_layer *layer)
{
	if (layer->after_index == IMP_NONE) {
		imp_strbuf_add_text(&page->out, " | - | -");
		return;
	}
	add_layer_size(page, layer->sum.pull.after);
	add_layer_size(page, layer->sum.disk.after);
}

static void add_layers(struct imp_markdown *page, const struct imp_diff *diff)
{
	imp_auto_free struct imp_diff_layer *layers =
		imp_xcalloc(diff->layer_count + 1, sizeof(*layers));
	size_t count = changed_layers(diff, layers);

	if (!imp_markdown_open_section(page, IMP_MARKDOWN_LAYERS, "layers", count))
		return;
	struct imp_markdown_rows rows =
		imp_markdown_rows(page, diff, layers, count,
				  page->plan.rows[IMP_MARKDOWN_LAYERS], layer_sum, false);
	imp_strbuf_add_text(&page->out, "| layer | instruction | pull | disk | change |\n"
					"|:--|:--|--:|--:|--:|\n");
	for (size_t i = 0; i < rows.shown; i++) {
		add_layer_name(page, &layers[i]);
		add_layer_sizes(page, &layers[i]);
		imp_strbuf_add_text(&page->out, " | ");
		imp_markdown_row_change(page, &rows, i);
		imp_strbuf_add_text(&page->out, " |\n");
	}
	if (rows.shown < rows.count) {
		imp_strbuf_printf(&page->out, "| | %zu more | | | ",
				  rows.count - rows.shown);
		imp_markdown_row_change(page, &rows, rows.shown);
		imp_strbuf_add_text(&page->out, " |\n");
	}
	imp_markdown_close(page);
	imp_markdown_rows_finish(&rows);
}

static const struct imp_change_sum *package_sum(const void *list, size_t i)
{
	return &((const struct imp_diff_package *)list)[i].sum;
}

static void add_versions(struct imp_markdown *page, const char *before,
			 const struct imp_slice *versions, size_t count)
{
	for (size_t i = 0; i < count && i < 2; i++)
		imp_markdown_version(page, i ? ", " : before, versions[i]);
	if (count > 2)
		imp_strbuf_printf(&page->out, " and %zu more", count - 2);
}

/* Of what has both versions, they and the change say it. */
static const char *state_words(enum imp_diff_state state)
{
	return state == IMP_DIFF_ADDED     ? ", new"
	       : state == IMP_DIFF_REMOVED ? ", gone"
					   : "";
}

static void add_package(struct imp_markdown *page, const struct imp_diff_package *package)
{
	bool both =
		package->state != IMP_DIFF_ADDED && package->state != IMP_DIFF_REMOVED;

	if (package->manager[0]) {
		imp_markdown_words(&page->out, imp_slice_of(package->manager),
				   page->plan.columns, true);
		imp_strbuf_add_char(&page->out, ' ');
	}
	imp_markdown_cell(page, package->name);
	if (package->state != IMP_DIFF_ADDED)
		add_versions(page, " ", package->before_versions,
			     package->before_version_count);
	if (package->state != IMP_DIFF_REMOVED)
		add_versions(page, both && package->after_version_count ? " to " : " ",
			     package->after_versions, package->after_version_count);
	imp_strbuf_printf(&page->out, "%s |\n", state_words(package->state));
}

static void add_packages(struct imp_markdown *page, const struct imp_diff *diff)
{
	if (!imp_markdown_open_section(page, IMP_MARKDOWN_PACKAGES, "packages",
				       diff->package_count))
		return;
	struct imp_markdown_rows rows = imp_markdown_rows(
		page, diff, diff->packages, diff->package_count,
		page->plan.rows[IMP_MARKDOWN_PACKAGES], package_sum, true);
	imp_strbuf_add_text(&page->out, "| change | package |\n|--:|:--|\n");
	for (size_t i = 0; i < rows.shown; i++) {
		imp_markdown_row(page, &rows, i);
		add_package(page, &diff->packages[i]);
	}
	imp_markdown_close_section(page, &rows);
}

static void add_finding(struct imp_markdown *page, const struct imp_diff_finding *finding)
{
	imp_strbuf_add_text(&page->out, "| ");
	imp_markdown_change(page, finding->sum.disk);
	imp_strbuf_add_text(&page->out, " | ");
	if (finding->rule_title[0]) {
		imp_markdown_words(&page->out, imp_slice_of(finding->rule_title),
				   page->plan.columns, true);
		imp_strbuf_add_text(&page->out, finding->subject.len ? ": " : "");
	}
	if (finding->subject.len)
		imp_markdown_cell(page, finding->subject);
	imp_strbuf_printf(&page->out, "%s | ", state_words(finding->state));
	imp_markdown_words(&page->out, imp_slice_of(finding->class_name),
			   page->plan.columns, true);
	imp_strbuf_add_text(&page->out, ", ");
	imp_markdown_words(&page->out, imp_slice_of(finding->confidence),
			   page->plan.columns, true);
	imp_strbuf_add_text(&page->out, " |\n");
}

/* They do not add up to the change: most of its bytes may be in no finding. */
static void add_findings(struct imp_markdown *page, const struct imp_diff *diff)
{
	size_t most = page->plan.rows[IMP_MARKDOWN_FINDINGS];

	if (diff->rules_differ ||
	    !imp_markdown_open_section(page, IMP_MARKDOWN_FINDINGS, "findings",
				       diff->finding_count))
		return;
	imp_strbuf_add_text(&page->out, "| change | finding | class |\n|--:|:--|:--|\n");
	for (size_t i = 0; i < diff->finding_count && i < most; i++)
		add_finding(page, &diff->findings[i]);
	if (diff->finding_count > most)
		imp_strbuf_printf(&page->out, "| | %zu more | |\n",
				  diff->finding_count - most);
	imp_markdown_close(page);
}

static void add_unseen(struct imp_markdown *page, const struct imp_diff *diff)
{
	size_t most = page->plan.rows[IMP_MARKDOWN_UNSEEN], row = 0;

	if (!imp_markdown_open_section(page, IMP_MARKDOWN_UNSEEN,
				       "settings, modes and owners",
				       diff->setting_count + diff->attribute_count))
		return;
	imp_strbuf_add_text(&page->out, "| what | base | this change |\n|:--|:--|:--|\n");
	for (size_t i = 0; i < diff->setting_count && row < most; i++, row++) {
		const struct imp_diff_setting *setting = &diff->settings[i];
		imp_strbuf_add_text(&page->out, "| ");
		imp_markdown_cell(page, imp_slice_of(setting->what));
		imp_strbuf_add_text(&page->out, " | ");
		if (setting->had)
			imp_markdown_cell(page, setting->before);
		imp_strbuf_add_text(&page->out, " | ");
		if (setting->has)
			imp_markdown_cell(page, setting->after);
		imp_strbuf_add_text(&page->out, " |\n");
	}
	for (size_t i = 0; i < diff->attribute_count && row < most; i++, row++) {
		imp_strbuf_add_text(&page->out, "| ");
		imp_markdown_cell(page, diff->attributes[i].path);
		imp_strbuf_add_text(&page->out, " | ");
		imp_markdown_cell(page, imp_slice_of(diff->attributes[i].before));
		imp_strbuf_add_text(&page->out, " | ");
		imp_markdown_cell(page, imp_slice_of(diff->attributes[i].after));
		imp_strbuf_add_text(&page->out, " |\n");
	}
	if (row < diff->setting_count + diff->attribute_count)
		imp_strbuf_printf(&page->out, "| %zu more | | |\n",
				  diff->setting_count + diff->attribute_count - row);
	imp_markdown_close(page);
}

void imp_markdown_lists(struct imp_markdown *page, const struct imp_diff *diff)
{
	imp_markdown_causes(page, diff);
	add_layers(page, diff);
	add_packages(page, diff);
	add_findings(page, diff);
	imp_markdown_folders(page, diff);
	add_unseen(page, diff);
}
