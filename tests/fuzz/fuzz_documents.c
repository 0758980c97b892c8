/*
 * Indexes, manifests and configs from any bytes, under media types that a registry may put
 * on them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/image.h"
#include "imgprof/json.h"
#include "imgprof/warning.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_error(const struct imp_error *err)
{
	require(err->category == IMP_E_FORMAT || err->category == IMP_E_LIMIT ||
		err->category == IMP_E_UNSUPPORTED || err->category == IMP_E_INTEGRITY);
	require(err->message[0] != '\0');
}

static void check_descriptor(const struct imp_descriptor *descriptor)
{
	struct imp_digest digest;
	require(descriptor->digest.algorithm != IMP_DIGEST_NONE);
	require(descriptor->size_bytes <= INT64_MAX);
	if (!descriptor->data.data)
		return;
	require(descriptor->data.len == descriptor->size_bytes);
	imp_digest_of(descriptor->digest.algorithm, descriptor->data, &digest);
	require(imp_digest_equal(&digest, &descriptor->digest));
}

static void try_document(struct imp_slice body, const char *media_type,
			 struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_document document;
	if (imp_document_parse(body, media_type, "input", &imp_limits_default, arena,
			       &document, &err) < 0) {
		check_error(&err);
		return;
	}
	for (size_t i = 0; i < document.entry_count; i++)
		check_descriptor(&document.entries[i]);
	if (document.kind == IMP_DOCUMENT_MANIFEST)
		check_descriptor(&document.config);
	require((document.kind == IMP_DOCUMENT_ARTIFACT) ==
		(document.artifact_type[0] != '\0'));
}

static void check_instructions(const struct imp_config *config, size_t layers,
			       struct imp_arena *arena)
{
	struct imp_warnings *warnings = imp_warnings_create();
	const struct imp_slice *instructions =
		imp_layer_instructions(config, layers, arena, warnings);
	for (size_t i = 0; i < layers; i++)
		require(instructions[i].len == 0 ||
			!memchr(instructions[i].data, '\n', instructions[i].len));
	require(imp_warnings_count(warnings) <= 1);
	imp_warnings_destroy(warnings);
}

static void try_config(struct imp_slice body, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_config config;
	if (imp_config_parse(body, "input", &imp_limits_default, arena, &config, &err) <
	    0) {
		check_error(&err);
		return;
	}
	require(config.diff_id_count <= imp_limits_default.layers);
	check_instructions(&config, config.diff_id_count, arena);
	check_instructions(&config, config.diff_id_count + 2, arena);
}

/* What a builder wrote may stand in a document that is broken elsewhere. */
static void try_instruction(struct imp_slice text, struct imp_arena *arena)
{
	struct imp_slice clean = imp_instruction_clean(text, IMP_SLICE(""), arena);
	require(clean.len <= text.len + 64);
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
	static const char *const media_types[] = {
		"",
		"application/vnd.oci.image.index.v1+json",
		"application/vnd.docker.distribution.manifest.v2+json",
	};
	struct imp_slice body = imp_slice((const char *)data, size);
	struct imp_arena *arena = imp_arena_create();
	for (size_t i = 0; i < sizeof(media_types) / sizeof(media_types[0]); i++)
		try_document(body, media_types[i], arena);
	try_config(body, arena);
	try_instruction(body, arena);
	imp_arena_destroy(arena);
	return 0;
}
