#include "progress.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "imgprof/arena.h"
#include "imgprof/strbuf.h"
#include "imgprof/units.h"
#include "signals.h"
#include "terminal.h"

enum {
	DELAY_MS = 500,
	REDRAW_MS = 100,
	BAR_CELLS = 20,
};

struct imp_progress_display {
	bool tty;
	enum imp_units units;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool running, stop;
	struct imp_progress *progress; /* valid while running */
	bool *told;                    /* plain style: this layer's line is out */
	size_t drawn_lines;
};

static bool wants_tty(const struct imp_context *context,
		      const struct imp_settings *settings)
{
	if (settings->progress != IMP_PROGRESS_AUTO)
		return settings->progress == IMP_PROGRESS_TTY;
	const char *term = imp_context_env(context, "TERM");
	return isatty(STDERR_FILENO) && !imp_context_env(context, "CI") &&
	       !(term && strcmp(term, "dumb") == 0);
}

struct imp_progress_display *
imp_progress_display_create(const struct imp_context *context,
			    const struct imp_settings *settings)
{
	if (settings->quiet || settings->progress == IMP_PROGRESS_NONE)
		return NULL;
	struct imp_progress_display *display = imp_xcalloc(1, sizeof(*display));
	pthread_condattr_t attributes;

	display->tty = wants_tty(context, settings);
	display->units = settings->units;
	pthread_mutex_init(&display->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&display->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	return display;
}

void imp_progress_display_destroy(struct imp_progress_display *display)
{
	if (!display)
		return;
	pthread_mutex_destroy(&display->lock);
	pthread_cond_destroy(&display->wake);
	free(display);
}

static void write_all(const struct imp_strbuf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(STDERR_FILENO, text->data + done, text->len - done);
		if (n <= 0)
			return; /* progress is not worth an error */
		done += (size_t)n;
	}
}

/* OUT, after which the display's drawn lines are what stands on the terminal. */
static void show(const struct imp_progress_display *display, const struct imp_strbuf *out)
{
	write_all(out);
	imp_signals_guard_terminal(display->drawn_lines);
}

/* Back to the first drawn line, and everything from there on gone. */
static void add_erase(struct imp_progress_display *display, struct imp_strbuf *out)
{
	if (display->drawn_lines)
		imp_strbuf_printf(out, IMP_TERMINAL_ERASE_LINES, display->drawn_lines);
	display->drawn_lines = 0;
}

static void add_bar(uint64_t done, uint64_t total, struct imp_strbuf *out)
{
	uint64_t cells = total ? (done < total ? done : total) * BAR_CELLS / total : 0;

	imp_strbuf_add_char(out, '[');
	for (uint64_t i = 0; i < BAR_CELLS; i++)
		imp_strbuf_add_char(out, i < cells ? '=' : ' ');
	imp_strbuf_add_char(out, ']');
}

static void add_line(struct imp_progress_display *display, const char *label,
		     uint64_t done, uint64_t total, struct imp_strbuf *out)
{
	char done_text[IMP_SIZE_TEXT], total_text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "%-12s ", label);
	add_bar(done, total, out);
	imp_strbuf_printf(out, " %s", imp_size_text(done, display->units, done_text));
	if (total)
		imp_strbuf_printf(out, " of %s",
				  imp_size_text(total, display->units, total_text));
	imp_strbuf_add_char(out, '\n');
	display->drawn_lines++;
}

static void draw(struct imp_progress_display *display)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	const struct imp_progress *progress = display->progress;
	size_t active = 0, rows = imp_terminal_rows(STDERR_FILENO);
	uint64_t done = 0, total = 0;

	add_erase(display, &out);
	for (size_t i = 0; i < progress->count; i++) {
		int state = atomic_load(&progress->slots[i].state);
		active += state == IMP_PROGRESS_READING;
		if (state == IMP_PROGRESS_CACHED)
			continue;
		done += atomic_load(&progress->slots[i].done_bytes);
		total += progress->slots[i].total_bytes;
	}
	for (size_t i = 0; i < progress->count && active < rows; i++) {
		struct imp_progress_slot *slot = &progress->slots[i];
		if (atomic_load(&slot->state) == IMP_PROGRESS_READING)
			add_line(display, slot->label, atomic_load(&slot->done_bytes),
				 slot->total_bytes, &out);
	}
	add_line(display, "total", done, total, &out);
	show(display, &out);
}

static void tell(struct imp_progress_display *display)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	char size[IMP_SIZE_TEXT];

	for (size_t i = 0; i < display->progress->count; i++) {
		struct imp_progress_slot *slot = &display->progress->slots[i];
		if (display->told[i] || atomic_load(&slot->state) != IMP_PROGRESS_DONE)
			continue;
		display->told[i] = true;
		imp_strbuf_printf(&out, "imgprof: layer %zu %s read, %s\n", i,
				  slot->label,
				  imp_size_text(atomic_load(&slot->done_bytes),
						display->units, size));
	}
	write_all(&out);
}

static struct timespec after_ms(long ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	now.tv_nsec += ms * 1000000L;
	now.tv_sec += now.tv_nsec / 1000000000L;
	now.tv_nsec %= 1000000000L;
	return now;
}

static void *run(void *user)
{
	struct imp_progress_display *display = user;
	struct timespec until = after_ms(DELAY_MS);

	pthread_mutex_lock(&display->lock);
	while (!display->stop) {
		int rc = pthread_cond_timedwait(&display->wake, &display->lock, &until);
		if (rc == 0 || display->stop)
			continue;
		if (display->tty)
			draw(display);
		else
			tell(display);
		until = after_ms(REDRAW_MS);
	}
	pthread_mutex_unlock(&display->lock);
	return NULL;
}

static void begin(void *user, struct imp_progress *progress)
{
	struct imp_progress_display *display = user;

	display->progress = progress;
	display->stop = false;
	display->told = imp_xcalloc(progress->count + 1, sizeof(bool));
	display->running = pthread_create(&display->thread, NULL, run, display) == 0;
}

static void end(void *user, struct imp_progress *progress)
{
	struct imp_progress_display *display = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	(void)progress;
	if (display->running) {
		pthread_mutex_lock(&display->lock);
		display->stop = true;
		pthread_cond_signal(&display->wake);
		pthread_mutex_unlock(&display->lock);
		pthread_join(display->thread, NULL);
		display->running = false;
	}
	add_erase(display, &out);
	show(display, &out);
	display->progress = NULL;
	free(display->told);
	display->told = NULL;
}

struct imp_progress_watcher
imp_progress_display_watcher(struct imp_progress_display *display)
{
	if (!display)
		return (struct imp_progress_watcher){0};
	return (struct imp_progress_watcher){.begin = begin, .end = end, .user = display};
}

void imp_progress_display_line(struct imp_progress_display *display, const char *line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	if (display) {
		pthread_mutex_lock(&display->lock);
		add_erase(display, &out);
	}
	imp_strbuf_printf(&out, "%s\n", line);
	if (display) {
		show(display, &out);
		pthread_mutex_unlock(&display->lock);
	} else {
		write_all(&out);
	}
}
