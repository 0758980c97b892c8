/*
 * A statement and a Dockerfile from any bytes, 0x1e between them: read, put on layers, matched
 * with a history that is made of the same text, rebuilt.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/dockerfile.h"
#include "imgprof/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { LAYERS = 4, ENTRIES = 6 };

static void require(bool holds)
{
	if (!holds)
		abort();
}

struct target {
	struct imp_history history[ENTRIES];
	struct imp_image_layer layers[LAYERS];
	struct imp_image image;
};

static void fill(struct target *target, struct imp_slice text)
{
	*target = (struct target){.image = {.layers = target->layers,
					    .layer_count = LAYERS,
					    .config = {.history = target->history,
						       .history_count = ENTRIES}}};
	for (size_t i = 0; i < ENTRIES; i++) {
		target->history[i].created_by = imp_slice_cut(&text, '\n');
		if (!target->history[i].created_by.data)
			target->history[i].created_by = IMP_SLICE("");
		target->history[i].comment = IMP_SLICE("");
		target->history[i].empty_layer = i == 1;
	}
	for (size_t i = 0; i < LAYERS; i++) {
		target->layers[i].blob.digest.algorithm = IMP_DIGEST_SHA256;
		memset(target->layers[i].blob.digest.bytes, 0x11 * ((int)i + 1), 32);
	}
}

/* Instructions follow each other inside the file, and layers stand on their first lines. */
static void check_file(const struct imp_dockerfile *file)
{
	uint32_t last = 0;

	for (size_t i = 0; i < file->instruction_count; i++) {
		const struct imp_instruction *at = &file->instructions[i];
		require(at->line > last && at->last_line >= at->line);
		require(at->stage == IMP_DOCKERFILE_NONE ||
			at->stage < file->stage_count);
		require(at->from_stage == IMP_DOCKERFILE_NONE ||
			at->from_stage < file->stage_count);
		require(imp_dockerfile_instruction_at(file, at->last_line) == i);
		last = at->last_line;
	}
	require(last <= file->line_count);
	for (size_t i = 0; i < file->layer_count; i++) {
		const struct imp_dockerfile_layer *layer = &file->layers[i];
		require((layer->place == IMP_LAYER_LINE) == (layer->line > 0));
		require(layer->line == 0 ||
			file->instructions[layer->instruction].line == layer->line);
	}
}

static void check_stages(const struct imp_dockerfile *file)
{
	for (size_t i = 0; i < file->stage_count; i++)
		require(file->stages[i].parent == IMP_DOCKERFILE_NONE ||
			file->stages[i].parent < i);
}

static void try_file(struct imp_slice text, const struct imp_provenance *provenance,
		     struct imp_arena *arena)
{
	struct target target;
	struct imp_dockerfile file;
	struct imp_base_image base;
	struct imp_error err = {0};

	fill(&target, text);
	imp_dockerfile_rebuild(&target.image, arena, &file);
	check_file(&file);
	if (imp_dockerfile_parse(text, arena, &file, &err) < 0) {
		require(err.category == IMP_E_LIMIT);
		return;
	}
	check_stages(&file);
	imp_dockerfile_match(&file, &target.image, 1, arena);
	check_file(&file);
	imp_dockerfile_place(&file, provenance, &target.image, arena, &base);
	check_file(&file);
	require(base.layer_count <= LAYERS);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	imp_json_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_slice rest = imp_slice((const char *)data, size);
	struct imp_arena *arena = imp_arena_create();
	struct imp_provenance provenance = {0};
	struct imp_digest subject = {.algorithm = IMP_DIGEST_SHA256};
	struct imp_error err = {0};
	struct imp_slice statement = imp_slice_cut(&rest, '\x1e');

	if (imp_provenance_parse(statement, &subject, &imp_limits_default, arena,
				 &provenance, &err) < 0)
		require(err.category == IMP_E_FORMAT || err.category == IMP_E_LIMIT ||
			err.category == IMP_E_UNSUPPORTED ||
			err.category == IMP_E_INTEGRITY);
	try_file(provenance.text, &provenance, arena);
	try_file(rest.data ? rest : statement, &provenance, arena);
	imp_arena_destroy(arena);
	return 0;
}
