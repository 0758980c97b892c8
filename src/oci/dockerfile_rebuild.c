/*
 * A Dockerfile out of an image's history: what its builder says was done, one instruction after
 * the other from nothing. Nobody ever wrote this file, so its lines are for showing only.
 */
#include "imgprof/dockerfile.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

#include "ascii_priv.h"
#include "dockerfile_priv.h"
#include "secrets_priv.h"

/* Commands longer than this are broken at "&&". */
enum { BREAK_COLUMNS = 72 };

struct rebuilding {
	const struct imp_image *image;
	struct imp_arena *arena;
	struct imp_dockerfile *file;
	struct imp_slice *lines;
	size_t line_capacity;
	struct imp_instruction *instructions;
	struct imp_dockerfile_layer *layers;
	struct imp_secrets secrets;
};

static void rebuilding_finish(struct rebuilding *rebuilding)
{
	free(rebuilding->lines);
	imp_secrets_finish(&rebuilding->secrets);
}

/* Lines. */

static void add_line(struct rebuilding *rebuilding, struct imp_slice line)
{
	struct imp_dockerfile *file = rebuilding->file;

	rebuilding->lines = imp_xgrow(rebuilding->lines, &rebuilding->line_capacity,
				      file->line_count + 1, sizeof(*rebuilding->lines));
	rebuilding->lines[file->line_count++] = line;
}

/* Where a long command may be broken: behind its first "&&" outside of quotes; 0: nowhere. */
static size_t find_break(struct imp_slice text)
{
	char quote = '\0';

	for (size_t i = 0; i + 4 < text.len; i++) {
		char c = text.data[i];
		if (c == '\\')
			i++;
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (memcmp(text.data + i, " && ", 4) == 0)
			return i + 3;
	}
	return 0;
}

static void add_broken(struct rebuilding *rebuilding, struct imp_slice text)
{
	struct imp_arena *arena = rebuilding->arena;
	const char *indent = "";
	bool may_break =
		text.len > BREAK_COLUMNS && imp_slice_starts(text, IMP_SLICE("RUN "));

	for (;;) {
		size_t at = may_break ? find_break(text) : 0;
		imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
		imp_strbuf_add_text(&line, indent);
		imp_strbuf_add(&line, text.data, at ? at : text.len);
		imp_strbuf_add_text(&line, at ? " \\" : "");
		add_line(rebuilding, imp_arena_copy(arena, imp_strbuf_slice(&line)));
		if (!at)
			break;
		text = imp_slice_skip(text, at + 1);
		indent = "    ";
	}
}

/* What builders of other kinds write down is no instruction. */
static bool is_keyword(struct imp_slice word)
{
	static const char *const keywords[] = {
		"RUN",   "COPY",    "ADD",         "CMD",        "ENTRYPOINT", "ENV",
		"LABEL", "EXPOSE",  "WORKDIR",     "USER",       "VOLUME",     "ARG",
		"SHELL", "ONBUILD", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER", "FROM",
	};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (imp_slice_is(word, keywords[i]))
			return true;
	return false;
}

static uint32_t add_instruction(struct rebuilding *rebuilding, struct imp_slice text)
{
	struct imp_dockerfile *file = rebuilding->file;
	uint32_t number = (uint32_t)file->instruction_count++;
	struct imp_instruction *instruction = &rebuilding->instructions[number];
	struct imp_slice rest = text, keyword = imp_dockerfile_word(&rest);
	uint32_t line = (uint32_t)file->line_count + 1;

	if (is_keyword(keyword))
		add_broken(rebuilding, text);
	else
		add_line(rebuilding,
			 imp_slice_of(imp_arena_printf(rebuilding->arena, "# %.*s",
						       (int)text.len, text.data)));
	*instruction = (struct imp_instruction){
		.line = line,
		.last_line = (uint32_t)file->line_count,
		.keyword = keyword,
		.text = imp_dockerfile_trim(rest),
		.from_stage = IMP_DOCKERFILE_NONE,
	};
	return number;
}

static void add_entry(struct rebuilding *rebuilding, const struct imp_history *entry,
		      size_t *layer)
{
	struct imp_slice text = imp_instruction_clean(entry->created_by, entry->comment,
						      rebuilding->arena);
	bool has_layer = !entry->empty_layer && *layer < rebuilding->image->layer_count;

	*layer += !entry->empty_layer;
	if (text.len == 0)
		return;
	text = imp_secrets_mask_instruction(&rebuilding->secrets, text,
					    rebuilding->arena);
	uint32_t number = add_instruction(rebuilding, text);
	if (has_layer)
		imp_dockerfile_set_line(rebuilding->file, number,
					&rebuilding->layers[*layer - 1]);
}

static void add_stage(struct rebuilding *rebuilding)
{
	struct imp_stage *stage = imp_arena_alloc(rebuilding->arena, sizeof(*stage));

	*stage = (struct imp_stage){
		.base = IMP_SLICE("scratch"),
		.parent = IMP_DOCKERFILE_NONE,
		.shipped = true,
	};
	rebuilding->file->stages = stage;
	rebuilding->file->stage_count = 1;
	add_instruction(rebuilding, IMP_SLICE("FROM scratch"));
}

void imp_dockerfile_rebuild(const struct imp_image *image, struct imp_arena *arena,
			    struct imp_dockerfile *out)
{
	imp_auto(rebuilding_finish) struct rebuilding rebuilding = {
		.image = image, .arena = arena, .file = out};
	const struct imp_config *config = &image->config;
	size_t layer = 0;

	*out = (struct imp_dockerfile){.origin = IMP_DOCKERFILE_HISTORY};
	rebuilding.layers =
		imp_arena_array(arena, image->layer_count, sizeof(*rebuilding.layers));
	rebuilding.instructions = imp_arena_array(arena, config->history_count + 1,
						  sizeof(*rebuilding.instructions));
	out->instructions = rebuilding.instructions;
	out->layers = rebuilding.layers;
	out->layer_count = image->layer_count;
	imp_dockerfile_clear(rebuilding.layers, image->layer_count);
	imp_secrets_add_history(&rebuilding.secrets, config, arena);
	add_stage(&rebuilding);
	for (size_t i = 0; i < config->history_count; i++)
		add_entry(&rebuilding, &config->history[i], &layer);
	struct imp_slice *lines = imp_arena_array(arena, out->line_count, sizeof(*lines));
	memcpy(lines, rebuilding.lines, out->line_count * sizeof(*lines));
	out->lines = lines;
	/* A history ends where the stage does. */
	((struct imp_stage *)(uintptr_t)out->stages)->count =
		(uint32_t)out->instruction_count;
}
