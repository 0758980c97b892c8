#include "imgprof/warning.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/map.h"
#include "imgprof/strbuf.h"

#define MORE_FORMAT " (and %" PRIu64 " more)"

enum {
	MESSAGE_BYTES = 512,                      /* of one message, with the NUL */
	MORE_BYTES = sizeof(" (and  more)") + 20, /* what MORE_FORMAT can take */
};

struct record {
	struct imp_warning warning;
	char *message; /* the same as warning.message; room for MORE_BYTES behind it */
	size_t message_len; /* without the count */
};

/* Warnings of one code in one layer. */
struct group {
	size_t kept;
	struct record *last;
};

struct imp_warnings {
	struct imp_arena *arena;
	struct record **records;
	size_t record_capacity;
	size_t count;
	struct group *groups;
	size_t group_capacity;
	size_t group_count;
	struct imp_map group_of; /* layer and code to index of group */
};

struct imp_warnings *imp_warnings_create(void)
{
	struct imp_warnings *warnings = imp_xcalloc(1, sizeof(*warnings));
	warnings->arena = imp_arena_create();
	return warnings;
}

void imp_warnings_destroy(struct imp_warnings *warnings)
{
	if (!warnings)
		return;
	imp_map_finish(&warnings->group_of);
	imp_arena_destroy(warnings->arena);
	free(warnings->records);
	free(warnings->groups);
	free(warnings);
}

static struct group *find_group(struct imp_warnings *warnings, const char *code,
				int layer)
{
	struct imp_strbuf key = {0};
	imp_strbuf_printf(&key, "%d %s", layer, code);
	uint64_t index;
	if (!imp_map_get(&warnings->group_of, imp_strbuf_slice(&key), &index)) {
		index = warnings->group_count++;
		warnings->groups =
			imp_xgrow(warnings->groups, &warnings->group_capacity,
				  warnings->group_count, sizeof(*warnings->groups));
		warnings->groups[index] = (struct group){0};
		imp_map_set(&warnings->group_of,
			    imp_arena_copy(warnings->arena, imp_strbuf_slice(&key)),
			    index);
	}
	imp_strbuf_finish(&key);
	return &warnings->groups[index];
}

static void count_more(struct record *record, uint64_t times)
{
	record->warning.count += times;
	snprintf(record->message + record->message_len, MORE_BYTES, MORE_FORMAT,
		 record->warning.count - 1);
}

/* Without layer and count. */
static struct record *keep(struct imp_warnings *warnings, const char *code,
			   struct imp_slice path, struct imp_slice message)
{
	struct record *record = imp_arena_alloc(warnings->arena, sizeof(*record));
	record->message = imp_arena_alloc(warnings->arena, message.len + MORE_BYTES);
	memcpy(record->message, message.data, message.len);
	record->message_len = message.len;
	if (path.len > IMP_WARNING_PATH_BYTES)
		path.len = IMP_WARNING_PATH_BYTES;
	record->warning = (struct imp_warning){
		.code = imp_arena_text(warnings->arena, code),
		.path = imp_arena_copy(warnings->arena, path),
		.message = record->message,
	};
	warnings->records = imp_xgrow(warnings->records, &warnings->record_capacity,
				      warnings->count + 1, sizeof(struct record *));
	warnings->records[warnings->count++] = record;
	return record;
}

void imp_warnings_restore(struct imp_warnings *warnings,
			  const struct imp_warning *warning)
{
	struct record *record = keep(warnings, warning->code, warning->path,
				     imp_slice_of(warning->message));

	record->warning.layer = warning->layer;
	record->warning.count = warning->count;
}

static void add(struct imp_warnings *warnings, const char *code, int layer,
		struct imp_slice path, struct imp_slice message, uint64_t times)
{
	struct group *group = find_group(warnings, code, layer);
	if (group->kept == IMP_WARNINGS_KEPT) {
		count_more(group->last, times);
		return;
	}
	group->last = keep(warnings, code, path, message);
	group->last->warning.layer = layer;
	group->last->warning.count = 1;
	group->kept++;
	if (times > 1)
		count_more(group->last, times - 1);
}

void imp_warnings_add(struct imp_warnings *warnings, const char *code, int layer,
		      struct imp_slice path, const char *format, ...)
{
	if (!warnings)
		return;
	char message[MESSAGE_BYTES];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (len < 0)
		message[0] = '\0';
	add(warnings, code, layer, path, imp_slice_of(message), 1);
}

void imp_warnings_append(struct imp_warnings *warnings, const struct imp_warnings *from,
			 int layer)
{
	if (!warnings)
		return;
	size_t count = imp_warnings_count(from);
	for (size_t i = 0; i < count; i++) {
		const struct record *record = from->records[i];
		add(warnings, record->warning.code, layer, record->warning.path,
		    imp_slice(record->message, record->message_len),
		    record->warning.count);
	}
}

size_t imp_warnings_count(const struct imp_warnings *warnings)
{
	return warnings ? warnings->count : 0;
}

const struct imp_warning *imp_warnings_get(const struct imp_warnings *warnings, size_t i)
{
	return &warnings->records[i]->warning;
}
