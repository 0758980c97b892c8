#include "imgprof/image.h"

#include "imgprof/cleanup.h"

#include "secrets_priv.h"

const char *imp_base_origin_name(enum imp_base_origin origin)
{
	static const char *const names[] = {
		[IMP_BASE_UNKNOWN] = "unknown",
		[IMP_BASE_GUESSED] = "guessed",
		[IMP_BASE_ANNOTATION] = "annotation",
		[IMP_BASE_PROVENANCE] = "provenance",
		[IMP_BASE_GIVEN] = "given",
	};
	return names[origin];
}

const struct imp_slice *imp_layer_instructions(const struct imp_config *config,
					       size_t layer_count,
					       struct imp_arena *arena,
					       struct imp_warnings *warnings)
{
	struct imp_slice *instructions =
		imp_arena_array(arena, layer_count, sizeof(*instructions));
	imp_auto(imp_secrets_finish) struct imp_secrets secrets = {0};

	imp_secrets_add_history(&secrets, config, arena);
	for (size_t i = 0; i < layer_count; i++)
		instructions[i] = IMP_SLICE("");

	/* From the base up: tools that write no history for their layers add them on top,
	 * and BuildKit takes surplus entries on top for empty ones. */
	size_t entries = 0;
	for (size_t i = 0; i < config->history_count; i++) {
		const struct imp_history *entry = &config->history[i];
		if (entry->empty_layer)
			continue;
		if (entries < layer_count)
			instructions[entries] = imp_secrets_mask_instruction(
				&secrets,
				imp_instruction_clean(entry->created_by, entry->comment,
						      arena),
				arena);
		entries++;
	}

	if (config->history_count != 0 && entries != layer_count)
		imp_warnings_add(warnings, "history-mismatch", IMP_NO_LAYER,
				 IMP_SLICE(""),
				 "history entries with a layer: %zu, layers: %zu",
				 entries, layer_count);
	return instructions;
}
