#include "json_build.h"

static const char *const places[] = {
	[IMP_LAYER_ELSEWHERE] = "elsewhere",
	[IMP_LAYER_BASE] = "base",
	[IMP_LAYER_LINE] = "line",
};

static void write_number(struct imp_json_writer *w, const char *key, uint32_t number)
{
	imp_json_member_known(w, key, number != IMP_DOCKERFILE_NONE, number);
}

static void write_instructions(struct imp_json_writer *w,
			       const struct imp_dockerfile *file)
{
	imp_json_key(w, "instructions");
	imp_json_open(w, '[');
	for (size_t i = 0; i < file->instruction_count; i++) {
		const struct imp_instruction *one = &file->instructions[i];
		imp_json_open(w, '{');
		imp_json_member_u64(w, "line", one->line);
		imp_json_member_u64(w, "last_line", one->last_line);
		write_number(w, "stage", one->stage);
		imp_json_member_raw(w, "keyword", one->keyword);
		imp_json_member_raw(w, "text", one->text);
		imp_json_member_raw(w, "from", one->from);
		write_number(w, "from_stage", one->from_stage);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_stages(struct imp_json_writer *w, const struct imp_dockerfile *file)
{
	imp_json_key(w, "stages");
	imp_json_open(w, '[');
	for (size_t i = 0; i < file->stage_count; i++) {
		const struct imp_stage *stage = &file->stages[i];
		imp_json_open(w, '{');
		imp_json_member_raw(w, "name", stage->name);
		imp_json_member_raw(w, "base", stage->base);
		write_number(w, "parent", stage->parent);
		imp_json_member_u64(w, "first", stage->first);
		imp_json_member_u64(w, "count", stage->count);
		imp_json_member_bool(w, "shipped", stage->shipped);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_layers(struct imp_json_writer *w, const struct imp_dockerfile *file)
{
	imp_json_key(w, "layers");
	imp_json_open(w, '[');
	for (size_t i = 0; i < file->layer_count; i++) {
		const struct imp_dockerfile_layer *layer = &file->layers[i];
		imp_json_open(w, '{');
		imp_json_member_text(w, "place", places[layer->place]);
		imp_json_member_u64(w, "line", layer->line);
		write_number(w, "stage", layer->stage);
		write_number(w, "instruction", layer->instruction);
		write_number(w, "step", layer->step);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

void imp_json_build(struct imp_json_writer *w, const struct imp_dockerfile *file)
{
	imp_json_key(w, "build");
	if (!file) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_member_text(w, "origin", imp_dockerfile_origin_name(file->origin));
	imp_json_member_raw(w, "filename", file->filename);
	imp_json_member_bool(w, "base_only", file->base_only);
	imp_json_member_list(w, "lines", file->lines, file->line_count);
	write_instructions(w, file);
	write_stages(w, file);
	write_layers(w, file);
	imp_json_close(w, '}');
}
