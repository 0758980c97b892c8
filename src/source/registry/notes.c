#include "notes_priv.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A registry that sends another text with every answer is not worth remembering. */
enum { MAX_NOTES = 100 };

void imp_notes_start(struct imp_notes *notes, const struct imp_context *context)
{
	*notes = (struct imp_notes){.context = context, .list = imp_warnings_create()};
	pthread_mutex_init(&notes->mutex, NULL);
}

void imp_notes_finish(struct imp_notes *notes)
{
	imp_warnings_destroy(notes->list);
	pthread_mutex_destroy(&notes->mutex);
}

static bool is_new(const struct imp_notes *notes, const char *text)
{
	size_t count = imp_warnings_count(notes->list);
	for (size_t i = 0; i < count; i++)
		if (strcmp(imp_warnings_get(notes->list, i)->message, text) == 0)
			return false;
	return count < MAX_NOTES;
}

void imp_notes_add(struct imp_notes *notes, const char *code, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);

	pthread_mutex_lock(&notes->mutex);
	bool added = is_new(notes, text);
	if (added)
		imp_warnings_add(notes->list, code, IMP_NO_LAYER, IMP_SLICE(""), "%s",
				 text);
	pthread_mutex_unlock(&notes->mutex);
	if (added)
		imp_context_log(notes->context, 1, "%s", text);
}

void imp_notes_take(struct imp_notes *notes, struct imp_warnings *warnings)
{
	pthread_mutex_lock(&notes->mutex);
	size_t count = imp_warnings_count(notes->list);
	for (; notes->taken < count; notes->taken++) {
		const struct imp_warning *note =
			imp_warnings_get(notes->list, notes->taken);
		imp_warnings_add(warnings, note->code, IMP_NO_LAYER, IMP_SLICE(""), "%s",
				 note->message);
	}
	pthread_mutex_unlock(&notes->mutex);
}
