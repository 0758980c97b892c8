/* Any bytes as a stored analysis of an image with two layers: refused, or fit to be shown. */
#include <stdint.h>
#include <stdlib.h>

#include "../../src/pipeline/stored.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look(const struct imp_analysis *analysis)
{
	const struct imp_findings *findings = analysis->findings;

	for (size_t i = 0; i < findings->count; i++) {
		const struct imp_finding *finding = &findings->list[i];
		require(imp_class_name(finding->class) &&
			imp_confidence_name(finding->confidence));
		require(finding->id && finding->title && finding->rule);
		for (size_t j = 0; j < finding->layer_count; j++)
			require(finding->layers[j] < analysis->layer_count);
		for (size_t j = 0; j < finding->evidence_count; j++)
			require(!finding->evidence[j] ||
				strlen(finding->evidence[j]) < SIZE_MAX);
	}
	for (size_t i = 0; i < findings->dropped_count; i++)
		require(findings->dropped[i].evidence != NULL);
	for (size_t i = 0; analysis->packages && i < analysis->packages->count; i++)
		require(imp_manager_name(analysis->packages->list[i].manager) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_image_layer layers[2] = {0};
	struct imp_image image = {.layers = layers, .layer_count = 2};
	struct imp_arena *arena = imp_arena_create();
	struct imp_warnings *warnings = imp_warnings_create();
	struct imp_analysis *analysis = NULL;
	struct imp_error err = {0};
	int rc = imp_stored_load(imp_slice((const char *)data, size), &image, warnings,
				 arena, &analysis, &err);

	require(rc == 0 || (rc == IMP_E_FORMAT && err.message[0] != '\0'));
	if (rc == 0)
		look(analysis);
	imp_warnings_destroy(warnings);
	imp_arena_destroy(arena);
	return 0;
}
