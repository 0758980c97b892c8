/* The lists of a diff behind its screen, with -v: each ends in a row for what is not shown. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "text_diff.h"

enum { ROWS = 20 };

/* A list while it is printed: ROWS of it, then the rest in one line. */
struct list {
	struct imp_screen *screen;
	size_t count, most;
	struct imp_change_sum rest;
};

static struct list begin(struct imp_screen *screen, const struct imp_diff *diff,
			 const char *title, size_t count)
{
	imp_strbuf_add_char(&screen->out, '\n');
	imp_screen_add_bold(screen, IMP_SLICE("      disk      pull  "));
	imp_screen_add_bold(screen, imp_slice_of(title));
	imp_strbuf_add_char(&screen->out, '\n');
	size_t most = screen->options->top ? screen->options->top : ROWS;
	return (struct list){
		.screen = screen,
		.count = count,
		.most = count <= most ? count : most - 1,
		.rest = {diff->totals[IMP_TOTAL_DISK], diff->totals[IMP_TOTAL_PULL]},
	};
}

static size_t open_row(struct list *list, const struct imp_change_sum *sum)
{
	size_t start = list->screen->out.len;

	list->rest.disk.before -= sum->disk.before;
	list->rest.disk.after -= sum->disk.after;
	list->rest.pull.before -= sum->pull.before;
	list->rest.pull.after -= sum->pull.after;
	imp_screen_add_change(list->screen, sum->disk.before, sum->disk.after);
	imp_screen_add_change(list->screen, sum->pull.before, sum->pull.after);
	imp_strbuf_add_text(&list->screen->out, "  ");
	return start;
}

static void end(struct list *list)
{
	if (list->most == list->count)
		return;
	size_t left = list->count - list->most;
	imp_screen_add_change(list->screen, list->rest.disk.before,
			      list->rest.disk.after);
	imp_screen_add_change(list->screen, list->rest.pull.before,
			      list->rest.pull.after);
	imp_strbuf_printf(&list->screen->out, "  [other] %zu more (--top)\n", left);
}

static void add_index(struct imp_strbuf *out, uint32_t index)
{
	if (index == IMP_NONE)
		imp_strbuf_add_text(out, "  -");
	else
		imp_strbuf_printf(out, "%3u", index);
}

static void add_layers(struct imp_screen *screen, const struct imp_diff *diff)
{
	struct list list = begin(screen, diff, "layer before, after", diff->layer_count);

	for (size_t i = 0; i < list.most; i++) {
		const struct imp_diff_layer *layer = &diff->layers[i];
		size_t start = open_row(&list, &layer->sum);
		add_index(&screen->out, layer->before_index);
		add_index(&screen->out, layer->after_index);
		imp_strbuf_printf(&screen->out, " %-7s %s",
				  imp_diff_state_name(layer->state),
				  layer->origin == IMP_ORIGIN_BASE ? "base " : "");
		imp_escape_terminal(&screen->out, layer->instruction);
		imp_screen_end_line(screen, start);
	}
	end(&list);
}

static void add_versions(struct imp_strbuf *out, const struct imp_slice *versions,
			 size_t count)
{
	for (size_t i = 0; i < count && i < 3; i++) {
		imp_strbuf_add_text(out, i ? ", " : " ");
		imp_escape_terminal(out, versions[i]);
	}
	if (count > 3)
		imp_strbuf_printf(out, " and %zu more", count - 3);
}

static void add_package(struct imp_screen *screen, const struct imp_diff_package *package)
{
	struct imp_strbuf *out = &screen->out;

	if (package->manager[0])
		imp_strbuf_printf(out, "%s:", package->manager);
	imp_escape_terminal(out, package->name);
	if (package->state != IMP_DIFF_ADDED)
		add_versions(out, package->before_versions,
			     package->before_version_count);
	if (package->state != IMP_DIFF_ADDED && package->state != IMP_DIFF_REMOVED &&
	    package->after_version_count)
		imp_strbuf_add_text(out, " to");
	if (package->state != IMP_DIFF_REMOVED)
		add_versions(out, package->after_versions, package->after_version_count);
	imp_strbuf_printf(out, ", %s", imp_diff_state_name(package->state));
}

static void add_packages(struct imp_screen *screen, const struct imp_diff *diff)
{
	struct list list = begin(screen, diff, "package", diff->package_count);

	for (size_t i = 0; i < list.most; i++) {
		size_t start = open_row(&list, &diff->packages[i].sum);
		add_package(screen, &diff->packages[i]);
		imp_screen_end_line(screen, start);
	}
	end(&list);
}

static void add_classes(struct imp_screen *screen, const struct imp_diff *diff)
{
	struct list list = begin(screen, diff, "class", diff->class_count);

	for (size_t i = 0; i < list.most; i++) {
		const struct imp_change_sum *sum = &diff->classes[i].sum;
		if (sum->disk.before == sum->disk.after &&
		    sum->pull.before == sum->pull.after)
			continue;
		size_t start = open_row(&list, sum);
		imp_strbuf_add_text(&screen->out, diff->classes[i].name);
		imp_screen_end_line(screen, start);
	}
	end(&list);
}

static void add_paths(struct imp_screen *screen, const struct imp_diff *diff)
{
	struct list list = begin(screen, diff, "path", diff->path_count);

	for (size_t i = 0; i < list.most; i++) {
		const struct imp_diff_path *path = &diff->paths[i];
		size_t start = open_row(&list, &path->sum);
		imp_strbuf_printf(&screen->out, "%-7s ",
				  imp_diff_state_name(path->state));
		imp_escape_terminal(&screen->out, path->path);
		if (path->from.len) {
			imp_strbuf_add_text(&screen->out, " from ");
			imp_escape_terminal(&screen->out, path->from);
		}
		imp_screen_end_line(screen, start);
	}
	end(&list);
}

static void add_findings(struct imp_screen *screen, const struct imp_diff *diff)
{
	size_t most = screen->options->top ? screen->options->top : ROWS;

	if (diff->finding_count == 0)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	imp_screen_add_bold(screen, IMP_SLICE("      disk      pull  finding\n"));
	for (size_t i = 0; i < diff->finding_count && i < most; i++) {
		const struct imp_diff_finding *finding = &diff->findings[i];
		size_t start = screen->out.len;
		imp_screen_add_change(screen, finding->sum.disk.before,
				      finding->sum.disk.after);
		imp_screen_add_change(screen, finding->sum.pull.before,
				      finding->sum.pull.after);
		imp_strbuf_printf(&screen->out, "  %-7s %s [%s]",
				  imp_diff_state_name(finding->state), finding->title,
				  finding->rule);
		imp_screen_end_line(screen, start);
	}
	if (diff->finding_count > most)
		imp_strbuf_printf(&screen->out, "%22s%zu more (--top)\n", "",
				  diff->finding_count - most);
}

void imp_screen_add_diff_lists(struct imp_screen *screen, const struct imp_diff *diff)
{
	add_layers(screen, diff);
	add_packages(screen, diff);
	if (!diff->rules_differ) {
		add_classes(screen, diff);
		add_findings(screen, diff);
	}
	add_paths(screen, diff);
}
