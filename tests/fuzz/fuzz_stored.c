/* Any bytes as a stored analysis of an image with two layers: refused, or shown. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "imgprof/report.h"

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

/* What formats show that need no tree: the text is never empty, nor has it a control byte. */
static void render(const struct imp_analysis *analysis, bool detail)
{
	struct imp_report report = {
		.kind = IMP_REPORT_PROFILE, .images = &analysis, .image_count = 1};
	struct imp_report_options options = {.width = 80,
					     .detail = detail,
					     .version = "0",
					     .features = "",
					     .rules_version = ""};
	struct imp_error err = {0};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	require(out && imp_format_write(imp_format_find("text"), &report, &options, out,
					&err) == 0);
	require(fclose(out) == 0 && len > 0);
	for (size_t i = 0; i < len; i++)
		require((unsigned char)text[i] >= ' ' || text[i] == '\n');
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_image_layer layers[2] = {{.blob.media_type = "x"},
					    {.blob.media_type = "x"}};
	struct imp_image image = {.reference = "a:b",
				  .platform = {"linux", "amd64", ""},
				  .layers = layers,
				  .layer_count = 2};
	struct imp_arena *arena = imp_arena_create();
	struct imp_warnings *warnings = imp_warnings_create();
	struct imp_analysis *analysis = NULL;
	struct imp_error err = {0};
	int rc = imp_stored_load(imp_slice((const char *)data, size), &image, warnings,
				 arena, &analysis, &err);

	require(rc == 0 || (rc == IMP_E_FORMAT && err.message[0] != '\0'));
	if (rc == 0) {
		look(analysis);
		render(analysis, false);
		render(analysis, true);
	}
	imp_warnings_destroy(warnings);
	imp_arena_destroy(arena);
	return 0;
}
