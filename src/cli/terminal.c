#include "terminal.h"

#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set_and_not_zero(const char *value)
{
	return value && strcmp(value, "0") != 0;
}

bool imp_terminal_color(const struct imp_context *context, enum imp_when when, int fd)
{
	const char *term = imp_context_env(context, "TERM");

	if (when != IMP_WHEN_AUTO)
		return when == IMP_WHEN_ALWAYS;
	if (imp_context_env(context, "NO_COLOR"))
		return false;
	if (is_set_and_not_zero(imp_context_env(context, "CLICOLOR_FORCE")) ||
	    is_set_and_not_zero(imp_context_env(context, "FORCE_COLOR")))
		return true;
	if (term && strcmp(term, "dumb") == 0)
		return false;
	return isatty(fd);
}

size_t imp_terminal_width(const struct imp_context *context, int fd)
{
	struct winsize size;
	unsigned long long columns;

	if (!isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (imp_slice_u64(imp_slice_of(imp_context_env(context, "COLUMNS")), &columns) &&
	    columns > 0 && columns < 10000)
		return (size_t)columns;
	return 80;
}

size_t imp_terminal_rows(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
		return size.ws_row;
	return 24;
}

bool imp_terminal_unicode(const struct imp_context *context)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = imp_context_env(context, names[i]);
		if (value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}
