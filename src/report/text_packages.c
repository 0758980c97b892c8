/* Who owns what, and what the image runs, on the text screen. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "packages.h"
#include "screen.h"

enum { DEFAULT_PACKAGES = 10, MAX_STARTED = 20, MANAGER_COLUMNS = 12 };

bool imp_screen_has_packages(const struct imp_screen *screen)
{
	return screen->image->packages && screen->image->packages->count > 0;
}

/* Something that is started was followed, if not all of it. */
static bool knows_what_runs(const struct imp_analysis *image)
{
	return image->runtime &&
	       (image->runtime->readable || image->runtime->started_count > 0);
}

static void add_manager(struct imp_screen *screen, enum imp_manager manager,
			const struct imp_manager_sum *sum, bool reached,
			const char *between)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_add_text(&screen->out, between);
	if (reached)
		imp_strbuf_printf(&screen->out, "%s of ",
				  imp_count_text(sum->reached, text));
	imp_strbuf_printf(&screen->out, "%s %s", imp_count_text(sum->packages, text),
			  imp_manager_name(manager));
}

static int last_manager(const struct imp_manager_sum *sums)
{
	int last = 0;

	for (int manager = 0; manager < IMP_MANAGERS; manager++)
		last = sums[manager].packages > 0 ? manager : last;
	return last;
}

static const char *packages_label(const struct imp_analysis *image)
{
	if (!knows_what_runs(image))
		return "Packages: ";
	return image->runtime->readable ? "Packages reached by what runs: "
					: "Packages reached, at least: ";
}

/* "Packages reached by what runs: 84 of 613 dpkg, 2 of 703 npm", as many managers as fit. */
void imp_screen_add_packages(struct imp_screen *screen)
{
	size_t width = screen->options->width ? screen->options->width : SIZE_MAX;
	size_t start = screen->out.len;
	bool reached = knows_what_runs(screen->image);
	struct imp_manager_sum sums[IMP_MANAGERS];
	const char *between = "";
	size_t left = 0;

	if (!imp_screen_has_packages(screen))
		return;
	imp_manager_sums(screen->image, sums);
	int last = last_manager(sums);
	imp_strbuf_add_text(&screen->out, packages_label(screen->image));
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		size_t before = screen->out.len;
		size_t room = manager < last ? sizeof(", 9 more") - 1 : 0;
		if (sums[manager].packages == 0)
			continue;
		add_manager(screen, (enum imp_manager)manager, &sums[manager], reached,
			    between);
		between = ", ";
		if (left > 0 || screen->out.len - start + room > width) {
			imp_strbuf_truncate(&screen->out, before);
			left++;
		}
	}
	if (left > 0)
		imp_strbuf_printf(&screen->out, ", %zu more", left);
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_count_and_size(struct imp_screen *screen, size_t count, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&screen->out, imp_slice_of(imp_count_text(count, text)), 9, 1);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_size(screen, bytes);
}

void imp_screen_add_package_table(struct imp_screen *screen)
{
	struct imp_manager_sum sums[IMP_MANAGERS];

	if (!imp_screen_has_packages(screen))
		return;
	imp_manager_sums(screen->image, sums);
	imp_screen_add_bold(
		screen,
		IMP_SLICE("Packages           shipped     disk    reached by what runs"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		if (sums[manager].packages == 0)
			continue;
		imp_strbuf_add_text(&screen->out, "    ");
		imp_pad(&screen->out,
			imp_slice_of(imp_manager_name((enum imp_manager)manager)),
			MANAGER_COLUMNS, 0);
		add_count_and_size(screen, sums[manager].packages,
				   sums[manager].sum.disk_bytes);
		add_count_and_size(screen, sums[manager].reached,
				   sums[manager].reached_sum.disk_bytes);
		imp_strbuf_add_char(&screen->out, '\n');
	}
	imp_strbuf_add_text(&screen->out, "    ");
	imp_pad(&screen->out, IMP_SLICE("no package"), MANAGER_COLUMNS + 10, 0);
	imp_screen_add_size(screen, screen->image->packages->unowned.disk_bytes);
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_package(struct imp_screen *screen, uint32_t number)
{
	const struct imp_package *package = &screen->image->packages->list[number];
	const struct imp_runtime *runtime = screen->image->runtime;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	size_t start = screen->out.len;

	imp_report_package_name(screen->image->packages, number, &name);
	imp_strbuf_add_text(&screen->out, "    ");
	imp_screen_add_size(screen, package->sum.pull_bytes);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_size(screen, package->sum.disk_bytes);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&name));
	imp_strbuf_add_char(&screen->out, ' ');
	imp_escape_terminal(&screen->out, package->version);
	if (screen->image->package_homes[number].len > 0) {
		imp_strbuf_add_text(&screen->out, "  /");
		imp_escape_terminal(&screen->out, screen->image->package_homes[number]);
	}
	if (runtime && runtime->package_reached[number]) {
		const char *reason = runtime->package_reason[number];
		imp_strbuf_printf(&screen->out, "  reached%s%s", reason ? ": " : "",
				  reason ? reason : "");
	}
	imp_screen_end_line(screen, start);
}

void imp_screen_add_largest_packages(struct imp_screen *screen)
{
	const struct imp_report_options *options = screen->options;
	imp_auto(imp_package_rows_finish) struct imp_package_rows rows = {0};
	char text[IMP_SIZE_TEXT];

	if (!imp_screen_has_packages(screen))
		return;
	imp_package_rows_make(&rows, screen->image, &options->filter,
			      options->top ? options->top : DEFAULT_PACKAGES);
	imp_screen_add_bold(screen, IMP_SLICE("        pull     disk package"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < rows.count; i++)
		add_package(screen, rows.list[i].package);
	if (rows.left_out_count == 0)
		return;
	imp_strbuf_add_text(&screen->out, "    ");
	imp_screen_add_size(screen, rows.left_out.pull_bytes);
	imp_strbuf_add_char(&screen->out, ' ');
	imp_screen_add_size(screen, rows.left_out.disk_bytes);
	imp_strbuf_printf(&screen->out, " (%s others)\n",
			  imp_count_text(rows.left_out_count, text));
}

static void add_argv(struct imp_strbuf *out, const struct imp_started *started)
{
	for (size_t i = 0; i < started->argc; i++) {
		if (i > 0)
			imp_strbuf_add_char(out, ' ');
		imp_escape_terminal(out, started->argv[i]);
	}
}

void imp_screen_add_started(struct imp_screen *screen)
{
	const struct imp_runtime *runtime = screen->image->runtime;

	if (!runtime)
		return;
	imp_screen_add_bold(screen, IMP_SLICE("What runs"));
	imp_strbuf_add_char(&screen->out, '\n');
	for (size_t i = 0; i < runtime->started_count && i < MAX_STARTED; i++) {
		const struct imp_started *started = &runtime->started[i];
		size_t start = screen->out.len;
		imp_strbuf_add_text(&screen->out, "    ");
		imp_escape_terminal(&screen->out, imp_slice_of(started->origin));
		imp_strbuf_add_text(&screen->out, started->certain ? ": " : " (named): ");
		add_argv(&screen->out, started);
		imp_screen_end_line(screen, start);
	}
	if (runtime->started_count > MAX_STARTED)
		imp_strbuf_printf(&screen->out, "    and %zu more\n",
				  runtime->started_count - MAX_STARTED);
	if (!runtime->readable)
		imp_screen_add_wrapped(screen, 4, "not followed whole: ",
				       imp_slice_of(runtime->unreadable_reason));
	else if (runtime->started_count == 0)
		imp_strbuf_add_text(&screen->out, "    nothing: no ENTRYPOINT, no CMD\n");
}
