#include "npm_yaml.h"

#include <stdint.h>
#include <yaml.h>

#include "imgprof/arena.h"
#include "imgprof/strbuf.h"

/* A mapping or list that is open. */
struct level {
	struct imp_strbuf key; /* the key whose value is read; empty in a list */
	bool mapping;
	bool has_key;
	bool empty;
};

struct reader {
	struct level levels[NPM_YAML_DEPTH];
	size_t depth;
	size_t scalars;
	imp_yaml_visit *visit;
	void *context;
	bool done;
	const char *reason;
};

static void give(struct reader *reader, struct imp_slice value)
{
	struct imp_slice keys[NPM_YAML_DEPTH];

	for (size_t i = 0; i < reader->depth; i++)
		keys[i] = imp_strbuf_slice(&reader->levels[i].key);
	if (!reader->visit(reader->context, keys, reader->depth, value))
		reader->done = true;
	if (reader->depth > 0)
		reader->levels[reader->depth - 1].has_key = false;
}

static void take_scalar(struct reader *reader, struct imp_slice text)
{
	struct level *level = reader->depth ? &reader->levels[reader->depth - 1] : NULL;

	if (reader->scalars++ == NPM_YAML_SCALARS) {
		reader->reason = "more values than imgprof reads";
		return;
	}
	if (level)
		level->empty = false;
	if (level && level->mapping && !level->has_key) {
		imp_strbuf_reset(&level->key);
		imp_strbuf_add_slice(&level->key, text);
		level->has_key = true;
		return;
	}
	give(reader, text);
}

static void open_level(struct reader *reader, bool mapping)
{
	if (reader->depth == NPM_YAML_DEPTH) {
		reader->reason = "deeper than imgprof reads";
		return;
	}
	if (reader->depth > 0) {
		struct level *outer = &reader->levels[reader->depth - 1];
		outer->empty = false;
		if (outer->mapping && !outer->has_key) {
			reader->reason = "a key that is no text";
			return;
		}
	}
	struct level *level = &reader->levels[reader->depth++];
	imp_strbuf_reset(&level->key);
	level->mapping = mapping;
	level->has_key = false;
	level->empty = true;
}

static void close_level(struct reader *reader)
{
	bool empty = reader->levels[--reader->depth].empty;

	if (empty)
		give(reader, IMP_SLICE(""));
	else if (reader->depth > 0)
		reader->levels[reader->depth - 1].has_key = false;
}

static void take_event(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		take_scalar(reader, imp_slice((const char *)event->data.scalar.value,
					      event->data.scalar.length));
		break;
	case YAML_MAPPING_START_EVENT:
		open_level(reader, true);
		break;
	case YAML_SEQUENCE_START_EVENT:
		open_level(reader, false);
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		close_level(reader);
		break;
	case YAML_ALIAS_EVENT:
		reader->reason = "has aliases";
		break;
	case YAML_STREAM_END_EVENT:
		reader->done = true;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

const char *imp_yaml_read(struct imp_slice text, imp_yaml_visit *visit, void *context)
{
	struct reader reader = {.visit = visit, .context = context};
	yaml_parser_t parser;
	yaml_event_t event;

	if (!yaml_parser_initialize(&parser))
		imp_die_of_memory(sizeof(parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
	while (!reader.done && !reader.reason) {
		if (!yaml_parser_parse(&parser, &event)) {
			reader.reason = "no valid YAML";
			break;
		}
		take_event(&reader, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	for (size_t i = 0; i < NPM_YAML_DEPTH; i++)
		imp_strbuf_finish(&reader.levels[i].key);
	return reader.reason;
}
