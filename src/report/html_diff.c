/* What changed: its rows, and what the page says of it without script. */
#include "diff_words.h"
#include "html_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

enum { TOP_ROWS = 50 };

void imp_html_diff_rows(const struct imp_diff *diff, struct imp_html_rows *out)
{
	if (diff->node_count == 0)
		imp_html_rows_add(out, IMP_SLICE(""), 0)->folder = true;
	for (size_t i = 0; i < diff->node_count; i++) {
		const struct imp_diff_node *node = &diff->nodes[i];
		struct imp_html_row *row =
			imp_html_rows_add(out, node->name, node->depth);
		row->folder = node->folder;
		row->state = (uint8_t)node->state;
		row->origin = (uint8_t)node->origin;
		if (node->folder)
			continue;
		row->small = node->files > 0;
		row->files = node->files ? node->files : 1;
		row->disk_bytes = node->sum.disk.after;
		row->pull_bytes = node->sum.pull.after;
		row->disk_before_bytes = node->sum.disk.before;
		row->pull_before_bytes = node->sum.pull.before;
	}
}

struct page {
	struct imp_strbuf *out;
	const struct imp_diff *diff;
	enum imp_units units;
	size_t top;
};

static size_t rows_of(const struct page *page, size_t count)
{
	return count < page->top ? count : page->top;
}

static void add_sum(const struct page *page, const struct imp_change_sum *sum)
{
	imp_html_open_row(page->out);
	imp_html_cell_change(page->out, sum->disk, page->units);
	imp_html_cell_change(page->out, sum->pull, page->units);
}

static void end_row(const struct page *page)
{
	imp_html_close_row(page->out);
}

static void add_title(const struct page *page)
{
	const struct imp_diff *diff = page->diff;
	const char *before = diff->before.reference, *after = diff->after.reference;

	imp_strbuf_add_text(page->out, "<h2>");
	imp_escape_html(page->out,
			imp_slice_of(diff->name ? diff->name : "What changed"));
	imp_strbuf_add_text(page->out, "</h2>\n<p>");
	imp_escape_html(page->out, imp_slice_of(before ? before : "nothing"));
	imp_strbuf_add_text(page->out, " → ");
	imp_escape_html(page->out, imp_slice_of(after ? after : "nothing"));
	imp_strbuf_add_text(page->out, "</p>\n");
	if (!diff->before.complete || !diff->after.complete)
		imp_strbuf_printf(page->out, "<p><strong>%s</strong></p>\n",
				  IMP_REPORT_INCOMPLETE);
	if (diff->rules_differ)
		imp_strbuf_add_text(page->out,
				    "<p>Made with other rules: classes and findings are "
				    "not compared.</p>\n");
}

static void add_total(const struct page *page, const char *name, enum imp_total total)
{
	struct imp_before_after figure = page->diff->totals[total];

	imp_html_open_row(page->out);
	imp_html_cell_size(page->out, figure.before, page->units);
	imp_html_cell_size(page->out, figure.after, page->units);
	imp_html_cell_change(page->out, figure, page->units);
	imp_html_cell_text(page->out, name);
	end_row(page);
}

static void add_totals(const struct page *page)
{
	imp_html_open_table(page->out, "Totals", "#Before|#After|#Change|Size");
	add_total(page, "to pull", IMP_TOTAL_PULL);
	add_total(page, "on disk", IMP_TOTAL_DISK);
	add_total(page, "live", IMP_TOTAL_LIVE);
	add_total(page, "hidden by later layers", IMP_TOTAL_WASTED);
	add_total(page, "can go, on disk", IMP_TOTAL_RECLAIMABLE);
	imp_strbuf_add_text(page->out, "<tr><td></td>");
	imp_html_cell_size(page->out, page->diff->new_layer_bytes, page->units);
	imp_strbuf_add_text(page->out, "<td></td><td>download where the image before "
				       "is there</td>");
	end_row(page);
	imp_html_close_table(page->out, 0);
}

static void add_words(const struct page *page, const struct imp_reason_words *words)
{
	struct imp_strbuf *out = page->out;

	imp_strbuf_add_text(out, "<td>");
	imp_escape_html(out, imp_strbuf_slice(&words->before));
	imp_escape_html(out, words->subject);
	if (words->version_before.len) {
		imp_strbuf_add_char(out, ' ');
		imp_escape_html(out, words->version_before);
	}
	if (words->version_after.len) {
		imp_strbuf_add_text(out, words->version_before.len ? " to " : " ");
		imp_escape_html(out, words->version_after);
	}
	imp_escape_html(out, imp_strbuf_slice(&words->after));
	imp_strbuf_add_text(out, "</td>");
}

static void add_reason(const struct page *page, const struct imp_diff_reason *reason)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};
	struct imp_reason_words words;

	imp_reason_words(reason, &words);
	add_sum(page, &reason->sum);
	add_words(page, &words);
	if (reason->layer != IMP_NONE)
		imp_reason_layer(reason, &layer);
	imp_html_cell(page->out, imp_strbuf_slice(&layer));
	imp_html_cell(page->out, reason->instruction);
	end_row(page);
	imp_reason_words_finish(&words);
}

static void add_reasons(const struct page *page)
{
	const struct imp_diff *diff = page->diff;
	size_t shown = imp_reasons_shown(diff, page->top);

	imp_html_open_table(page->out, "Reasons", "#Disk|#Pull|Why|Layer|Instruction");
	for (size_t i = 0; i < shown; i++)
		add_reason(page, &diff->reasons[i]);
	if (shown < diff->reason_count) {
		struct imp_diff_reason rest = imp_reasons_rest(diff, shown);
		add_reason(page, &rest);
	}
	imp_html_close_table(page->out, 0);
}

static void add_index(const struct page *page, uint32_t index)
{
	if (index == IMP_NONE)
		imp_strbuf_add_text(page->out, "<td class=\"n\"></td>");
	else
		imp_strbuf_printf(page->out, "<td class=\"n\">%u</td>", index);
}

/* Behind the line that it stands on: lines are those of the file after. */
static struct imp_slice instruction_of(const struct imp_diff_layer *layer,
				       struct imp_strbuf *text)
{
	imp_strbuf_reset(text);
	if (layer->line > 0 && layer->after_index != IMP_NONE)
		imp_strbuf_printf(text, "Dockerfile:%u ", layer->line);
	imp_strbuf_add_slice(text, layer->instruction);
	return imp_strbuf_slice(text);
}

static void add_layers(const struct page *page)
{
	const struct imp_diff *diff = page->diff;
	imp_auto(imp_strbuf_finish) struct imp_strbuf instruction = {0};

	imp_html_open_table(page->out, "Layers",
			    "#Disk|#Pull|#Before|#After|State|Instruction");
	for (size_t i = 0; i < diff->layer_count; i++) {
		const struct imp_diff_layer *layer = &diff->layers[i];
		add_sum(page, &layer->sum);
		add_index(page, layer->before_index);
		add_index(page, layer->after_index);
		imp_html_cell_text(page->out, imp_diff_state_name(layer->state));
		imp_html_cell(page->out, instruction_of(layer, &instruction));
		end_row(page);
	}
	imp_html_close_table(page->out, 0);
}

static void add_versions(const struct page *page, const struct imp_slice *list,
			 size_t count)
{
	imp_strbuf_add_text(page->out, "<td>");
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_add_text(page->out, i ? ", " : "");
		imp_escape_html(page->out, list[i]);
	}
	imp_strbuf_add_text(page->out, "</td>");
}

static void add_packages(const struct page *page)
{
	const struct imp_diff *diff = page->diff;

	imp_html_open_table(page->out, "Packages",
			    "#Disk|#Pull|State|Manager|Package|Before|After");
	for (size_t i = 0; i < rows_of(page, diff->package_count); i++) {
		const struct imp_diff_package *package = &diff->packages[i];
		add_sum(page, &package->sum);
		imp_html_cell_text(page->out, imp_diff_state_name(package->state));
		imp_html_cell_text(page->out, package->manager);
		imp_html_cell(page->out, package->name);
		add_versions(page, package->before_versions,
			     package->before_version_count);
		add_versions(page, package->after_versions, package->after_version_count);
		end_row(page);
	}
	imp_html_close_table(page->out,
			     diff->package_count - rows_of(page, diff->package_count));
}

static void add_classes(const struct page *page)
{
	imp_html_open_table(page->out, "Classes", "#Disk|#Pull|Class");
	for (size_t i = 0; i < page->diff->class_count; i++) {
		add_sum(page, &page->diff->classes[i].sum);
		imp_html_cell_text(page->out, page->diff->classes[i].name);
		end_row(page);
	}
	imp_html_close_table(page->out, 0);
}

static void add_findings(const struct page *page)
{
	const struct imp_diff *diff = page->diff;

	imp_html_open_table(page->out, "Findings",
			    "#Disk|#Pull|State|Confidence|Rule|What");
	for (size_t i = 0; i < rows_of(page, diff->finding_count); i++) {
		const struct imp_diff_finding *finding = &diff->findings[i];
		add_sum(page, &finding->sum);
		imp_html_cell_text(page->out, imp_diff_state_name(finding->state));
		imp_html_cell_text(page->out, finding->confidence);
		imp_html_cell_text(page->out, finding->rule);
		imp_html_cell_text(page->out, finding->title);
		end_row(page);
	}
	imp_html_close_table(page->out,
			     diff->finding_count - rows_of(page, diff->finding_count));
}

static void add_settings(const struct page *page)
{
	const struct imp_diff *diff = page->diff;

	imp_html_open_table(page->out, "Configuration", "What|Before|After");
	for (size_t i = 0; i < rows_of(page, diff->setting_count); i++) {
		const struct imp_diff_setting *setting = &diff->settings[i];
		imp_html_open_row(page->out);
		imp_html_cell_text(page->out, setting->what);
		imp_html_cell(page->out, setting->had ? setting->before : IMP_SLICE(""));
		imp_html_cell(page->out, setting->has ? setting->after : IMP_SLICE(""));
		end_row(page);
	}
	imp_html_close_table(page->out,
			     diff->setting_count - rows_of(page, diff->setting_count));
}

static void add_attributes(const struct page *page)
{
	const struct imp_diff *diff = page->diff;

	imp_html_open_table(page->out, "Mode, owner or link changed, no bytes",
			    "Path|Before|After");
	for (size_t i = 0; i < rows_of(page, diff->attribute_count); i++) {
		const struct imp_diff_attributes *row = &diff->attributes[i];
		imp_html_open_row(page->out);
		imp_html_cell(page->out, row->path);
		imp_html_cell_text(page->out, row->before);
		imp_html_cell_text(page->out, row->after);
		end_row(page);
	}
	imp_html_close_table(page->out, diff->attribute_count -
						rows_of(page, diff->attribute_count));
}

static void add_paths(const struct page *page)
{
	const struct imp_diff *diff = page->diff;

	imp_html_open_table(page->out, "Largest changes",
			    "#Disk|#Pull|State|Path|Moved from");
	for (size_t i = 0; i < rows_of(page, diff->path_count); i++) {
		const struct imp_diff_path *path = &diff->paths[i];
		add_sum(page, &path->sum);
		imp_html_cell_text(page->out, imp_diff_state_name(path->state));
		imp_html_cell(page->out, path->path);
		imp_html_cell(page->out, path->from);
		end_row(page);
	}
	imp_html_close_table(page->out,
			     diff->path_count - rows_of(page, diff->path_count));
}

void imp_html_diff_tables(struct imp_strbuf *out, const struct imp_diff *diff,
			  const struct imp_report_options *options)
{
	struct page page = {
		.out = out,
		.diff = diff,
		.units = options->units,
		.top = options->top ? options->top : TOP_ROWS,
	};

	add_title(&page);
	add_totals(&page);
	add_reasons(&page);
	add_layers(&page);
	if (diff->package_count)
		add_packages(&page);
	if (diff->class_count)
		add_classes(&page);
	if (diff->finding_count)
		add_findings(&page);
	if (diff->setting_count)
		add_settings(&page);
	if (diff->attribute_count)
		add_attributes(&page);
	add_paths(&page);
}
