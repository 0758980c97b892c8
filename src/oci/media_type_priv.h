/*
 * The media types that imgprof knows, in one table (reference/formats.md 2.2, 2.11, 4.1).
 */
#pragma once

#include "imgprof/image.h"

extern const char imp_oci_index_type[];
extern const char imp_docker_list_type[];
extern const char imp_oci_manifest_type[];
extern const char imp_docker_manifest_type[];
extern const char imp_oci_config_type[];
extern const char imp_docker_config_type[];
extern const char imp_empty_config_type[];
extern const char imp_build_cache_type[];

/* Lower-case, without parameters and the white space around. */
const char *imp_media_type_normalise(struct imp_slice text, struct imp_arena *arena);

/* What the type of a layer says. false when it is no layer's. */
struct imp_layer_type {
	enum imp_declared declared;
	bool foreign;
	bool encrypted;
};
bool imp_layer_type_find(const char *media_type, struct imp_layer_type *out);
