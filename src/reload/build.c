/* `build`: the Dockerfile. */
#include "profile.h"

static const char *place_name(enum imp_layer_place place)
{
	static const char *const names[] = {
		[IMP_LAYER_ELSEWHERE] = "elsewhere",
		[IMP_LAYER_BASE] = "base",
		[IMP_LAYER_LINE] = "line",
	};
	return names[place];
}

/* A number below COUNT; NONE. */
static uint32_t read_place(struct imp_reading *reading, const json_t *object,
			   const char *key, size_t count)
{
	uint32_t number = imp_read_optional(reading, object, key, UINT32_MAX - 1);

	if (number != IMP_NONE && number >= count) {
		imp_reading_break(reading, key);
		return IMP_DOCKERFILE_NONE;
	}
	return number;
}

static void read_instruction(struct imp_reading *reading, const json_t *object,
			     const struct imp_dockerfile *file,
			     struct imp_instruction *out)
{
	out->line = (uint32_t)imp_read_number(reading, object, "line", file->line_count);
	out->last_line =
		(uint32_t)imp_read_number(reading, object, "last_line", file->line_count);
	if (out->line == 0 || out->last_line < out->line)
		imp_reading_break(reading, "last_line");
	out->stage = read_place(reading, object, "stage", file->stage_count);
	out->keyword = imp_read_raw(reading, object, "keyword");
	out->text = imp_read_raw(reading, object, "text");
	out->from = imp_read_raw(reading, object, "from");
	out->from_stage = read_place(reading, object, "from_stage", file->stage_count);
}

static void read_stage(struct imp_reading *reading, const json_t *object, size_t number,
		       size_t instructions, struct imp_stage *out)
{
	out->name = imp_read_raw(reading, object, "name");
	out->base = imp_read_raw(reading, object, "base");
	out->parent = read_place(reading, object, "parent", number);
	out->first = (uint32_t)imp_read_number(reading, object, "first", instructions);
	out->count = (uint32_t)imp_read_number(reading, object, "count",
					       instructions - out->first);
	out->shipped = imp_read_flag(reading, object, "shipped");
}

static void read_layer(struct imp_reading *reading, const json_t *object,
		       const struct imp_dockerfile *file,
		       struct imp_dockerfile_layer *out)
{
	out->place = imp_read_enum(reading, object, "place", enum imp_layer_place,
				   IMP_LAYER_LINE + 1, place_name);
	out->line = (uint32_t)imp_read_number(reading, object, "line", file->line_count);
	out->stage = read_place(reading, object, "stage", file->stage_count);
	out->instruction =
		read_place(reading, object, "instruction", file->instruction_count);
	out->step = imp_read_optional(reading, object, "step", UINT32_MAX - 1);
	if (out->place == IMP_LAYER_LINE &&
	    (out->line == 0 || out->stage == IMP_DOCKERFILE_NONE ||
	     out->instruction == IMP_DOCKERFILE_NONE))
		imp_reading_break(reading, "place");
}

static void read_lists(struct imp_reading *reading, const json_t *build,
		       struct imp_dockerfile *file)
{
	const json_t *instructions = imp_read_array(reading, build, "instructions");
	const json_t *stages = imp_read_array(reading, build, "stages");
	const json_t *layers = imp_read_array(reading, build, "layers");
	struct imp_instruction *made = imp_arena_array(
		reading->arena, json_array_size(instructions) + 1, sizeof(*made));
	struct imp_stage *made_stages = imp_arena_array(
		reading->arena, json_array_size(stages) + 1, sizeof(*made_stages));
	struct imp_dockerfile_layer *made_layers = imp_arena_array(
		reading->arena, json_array_size(layers) + 1, sizeof(*made_layers));

	file->instruction_count = json_array_size(instructions);
	file->stage_count = json_array_size(stages);
	file->layer_count = json_array_size(layers);
	for (size_t i = 0; i < file->instruction_count; i++)
		read_instruction(
			reading,
			imp_read_element(reading, instructions, i, "instructions"), file,
			&made[i]);
	for (size_t i = 0; i < file->stage_count; i++)
		read_stage(reading, imp_read_element(reading, stages, i, "stages"), i,
			   file->instruction_count, &made_stages[i]);
	for (size_t i = 0; i < file->layer_count; i++)
		read_layer(reading, imp_read_element(reading, layers, i, "layers"), file,
			   &made_layers[i]);
	file->instructions = made;
	file->stages = made_stages;
	file->layers = made_layers;
}

void imp_reload_build(struct imp_reading *reading, const json_t *document,
		      struct imp_reload_image *image)
{
	struct imp_dockerfile *file = &image->dockerfile;

	if (json_is_null(json_object_get(document, "build")))
		return;
	const json_t *build = imp_read_object(reading, document, "build");
	file->origin = imp_read_enum(reading, build, "origin", enum imp_dockerfile_origin,
				     IMP_DOCKERFILE_ORIGINS, imp_dockerfile_origin_name);
	file->filename = imp_read_raw(reading, build, "filename");
	file->base_only = imp_read_flag(reading, build, "base_only");
	file->lines = imp_read_list(reading, build, "lines", &file->line_count);
	if (file->line_count >= IMP_DOCKERFILE_NONE)
		imp_reading_break(reading, "lines");
	read_lists(reading, build, file);
	if (file->layer_count != image->analysis.layer_count)
		imp_reading_break(reading, "build");
	image->analysis.dockerfile = file;
}
