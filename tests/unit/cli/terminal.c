#include "case.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "surroundings.h"
#include "terminal.h"

/* A pseudo terminal of 24 rows and COLUMNS; 0: of no known size. */
static int open_terminal(unsigned short columns)
{
	static int control = -1;
	int terminal;
	struct winsize size = {.ws_row = columns ? 30 : 0, .ws_col = columns};

	if (control >= 0)
		close(control);
	assert_int_equal(openpty(&control, &terminal, NULL, NULL, &size), 0);
	return terminal;
}

static int open_file(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static bool color(enum imp_when when, int fd, struct imp_context context)
{
	bool found = imp_terminal_color(&context, when, fd);

	close(fd);
	return found;
}

CASE(color_on_a_terminal_only)
{
	assert_true(color(IMP_WHEN_AUTO, open_terminal(80), SURROUNDINGS()));
	assert_true(
		color(IMP_WHEN_AUTO, open_terminal(80), SURROUNDINGS("TERM", "xterm")));
	assert_false(color(IMP_WHEN_AUTO, open_file(), SURROUNDINGS("TERM", "xterm")));
}

CASE(color_by_option_before_all_else)
{
	assert_true(color(IMP_WHEN_ALWAYS, open_file(),
			  SURROUNDINGS("NO_COLOR", "1", "TERM", "dumb")));
	assert_false(color(IMP_WHEN_NEVER, open_terminal(80),
			   SURROUNDINGS("FORCE_COLOR", "1", "CLICOLOR_FORCE", "1")));
}

CASE(no_color_before_forced_color)
{
	assert_false(color(IMP_WHEN_AUTO, open_terminal(80),
			   SURROUNDINGS("NO_COLOR", "1", "FORCE_COLOR", "1")));
	assert_true(
		color(IMP_WHEN_AUTO, open_terminal(80), SURROUNDINGS("NO_COLOR", "")));
}

CASE(forced_color_before_a_dumb_terminal)
{
	assert_true(color(IMP_WHEN_AUTO, open_file(),
			  SURROUNDINGS("FORCE_COLOR", "1", "TERM", "dumb")));
	assert_true(
		color(IMP_WHEN_AUTO, open_file(), SURROUNDINGS("CLICOLOR_FORCE", "1")));
	assert_false(color(IMP_WHEN_AUTO, open_file(), SURROUNDINGS("FORCE_COLOR", "0")));
	assert_false(color(IMP_WHEN_AUTO, open_file(), SURROUNDINGS("FORCE_COLOR", "")));
}

CASE(a_dumb_terminal_has_no_color)
{
	assert_false(
		color(IMP_WHEN_AUTO, open_terminal(80), SURROUNDINGS("TERM", "dumb")));
}

static size_t width(int fd, struct imp_context context)
{
	size_t found = imp_terminal_width(&context, fd);

	close(fd);
	return found;
}

CASE(width_of_the_window_before_columns)
{
	assert_int_equal(width(open_terminal(132), SURROUNDINGS("COLUMNS", "50")), 132);
	assert_int_equal(width(open_terminal(0), SURROUNDINGS("COLUMNS", "50")), 50);
	assert_int_equal(width(open_terminal(0), SURROUNDINGS()), 80);
}

CASE(columns_that_are_no_width)
{
	static const char *const wrong[] = {"",     "0",     "-5",
					    "wide", "10000", "99999999999"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(
			width(open_terminal(0), SURROUNDINGS("COLUMNS", wrong[i])), 80);
}

CASE(nothing_is_cut_without_a_terminal)
{
	assert_int_equal(width(open_file(), SURROUNDINGS("COLUMNS", "50")), 0);
}

CASE(rows_of_the_window)
{
	int terminal = open_terminal(80), file = open_file();

	assert_int_equal(imp_terminal_rows(terminal), 30);
	assert_int_equal(imp_terminal_rows(file), 24);
	close(terminal);
	close(file);
}

static bool unicode(struct imp_context context)
{
	return imp_terminal_unicode(&context);
}

CASE(unicode_by_the_first_locale_variable)
{
	assert_true(unicode(SURROUNDINGS("LANG", "C.UTF-8")));
	assert_true(unicode(SURROUNDINGS("LANG", "tr_TR.utf8")));
	assert_false(unicode(SURROUNDINGS("LC_ALL", "C", "LANG", "C.UTF-8")));
	assert_true(unicode(
		SURROUNDINGS("LC_ALL", "", "LC_CTYPE", "de_DE.UTF-8", "LANG", "C")));
	assert_false(unicode(SURROUNDINGS("LC_CTYPE", "POSIX", "LANG", "C.UTF-8")));
	assert_false(unicode(SURROUNDINGS("LANG", "de_DE.ISO-8859-1")));
	assert_false(unicode(SURROUNDINGS()));
}
