#include "imgprof/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Drops a UTF-8 sequence that a cut left incomplete at the end of TEXT. */
static void drop_partial_sequence(char *text)
{
	size_t len = strlen(text);
	size_t lead = len;
	while (lead > 0 && len - lead < 3 &&
	       ((unsigned char)text[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	unsigned char first = (unsigned char)text[lead - 1];
	size_t want = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	if (len - (lead - 1) < want)
		text[lead - 1] = '\0';
}

__attribute__((format(printf, 3, 0))) static void
format_cut(char *out, size_t size, const char *format, va_list args)
{
	int len = vsnprintf(out, size, format, args);
	if (len < 0)
		out[0] = '\0';
	else if ((size_t)len >= size)
		drop_partial_sequence(out);
}

/* TEXT and TAIL into OUT; what does not fit is cut at the end. */
static void join_cut(char *out, size_t size, const char *text, const char *tail)
{
	int len = snprintf(out, size, "%s%s", text, tail);
	if (len < 0 || (size_t)len >= size)
		drop_partial_sequence(out);
}

static void fill(struct imp_error *err, int category, int system_errno, const char *file,
		 int line)
{
	err->category = category;
	err->system_errno = system_errno;
	err->file = file;
	err->line = line;
	err->hint[0] = '\0';
}

int imp_error_set(struct imp_error *err, int category, int system_errno, const char *file,
		  int line, const char *format, ...)
{
	if (!err)
		return category;

	/* The arguments may point into ERR. */
	char message[sizeof(err->message)];
	va_list args;
	va_start(args, format);
	format_cut(message, sizeof(message), format, args);
	va_end(args);

	fill(err, category, system_errno, file, line);
	memcpy(err->message, message, sizeof(message));
	return category;
}

int imp_error_set_errno(struct imp_error *err, const char *file, int line,
			const char *format, ...)
{
	int number = errno;
	if (!err)
		return IMP_E_SYSTEM;

	/* Not strerror(3), which follows the locale. */
	const char *description = strerrordesc_np(number);
	char reason[96];
	if (description)
		snprintf(reason, sizeof(reason), ": %s", description);
	else
		snprintf(reason, sizeof(reason), ": error %d", number);

	/* A long path must not push the reason out. */
	char message[sizeof(err->message)];
	va_list args;
	va_start(args, format);
	format_cut(message, sizeof(message) - strlen(reason), format, args);
	va_end(args);

	fill(err, IMP_E_SYSTEM, number, file, line);
	join_cut(err->message, sizeof(err->message), message, reason);
	return IMP_E_SYSTEM;
}

int imp_wrap(struct imp_error *err, const char *format, ...)
{
	if (!err)
		return IMP_E_BUG;

	char prefix[sizeof(err->message)];
	va_list args;
	va_start(args, format);
	format_cut(prefix, sizeof(prefix), format, args);
	va_end(args);

	char message[sizeof(err->message) + 2];
	if (err->category == 0) {
		fill(err, IMP_E_BUG, 0, __FILE__, __LINE__);
		join_cut(message, sizeof(message), ": ", "failed without a reason");
	} else {
		join_cut(message, sizeof(message), ": ", err->message);
	}
	join_cut(err->message, sizeof(err->message), prefix, message);
	return err->category;
}

int imp_hint(struct imp_error *err, const char *format, ...)
{
	if (!err)
		return IMP_E_BUG;

	char hint[sizeof(err->hint)];
	va_list args;
	va_start(args, format);
	format_cut(hint, sizeof(hint), format, args);
	va_end(args);
	memcpy(err->hint, hint, sizeof(hint));
	return err->category;
}

int imp_exit_status(int category)
{
	if (category == 0)
		return 0;
	switch ((enum imp_category)category) {
	case IMP_E_BUDGET:
		return 1;
	case IMP_E_USAGE:
		return 2;
	case IMP_E_NOT_FOUND:
	case IMP_E_DENIED:
		return 3;
	case IMP_E_NETWORK:
		return 4;
	case IMP_E_INTEGRITY:
	case IMP_E_FORMAT:
	case IMP_E_LIMIT:
	case IMP_E_UNSUPPORTED:
		return 5;
	case IMP_E_SYSTEM:
		return 6;
	case IMP_E_CANCELLED:
		return 130; /* as by SIGINT; who knows the signal returns 128 + n */
	case IMP_E_BUG:
		break;
	}
	return 70;
}
