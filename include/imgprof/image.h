/*
 * The documents of an image as plain structs: index, manifest, config. Parsed under
 * limits from bytes that nobody trusts; all strings are copied into the arena; slices
 * may hold any byte. reference/formats.md section 2.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/hash.h"
#include "imgprof/limits.h"
#include "imgprof/platform.h"
#include "imgprof/slice.h"
#include "imgprof/warning.h"

enum imp_document_kind {
	IMP_DOCUMENT_INDEX,    /* OCI index or docker manifest list */
	IMP_DOCUMENT_MANIFEST, /* OCI or docker schema 2 manifest of an image */
	/* A manifest that is no image: chart, signature, cache ... */
	IMP_DOCUMENT_ARTIFACT,
};

/* How a layer's media type says it is packed; the bytes decide (formats.md 4.1, 4.2). */
enum imp_declared {
	IMP_DECLARED_UNKNOWN,
	IMP_DECLARED_PLAIN,
	IMP_DECLARED_GZIP,
	IMP_DECLARED_ZSTD,
};

/* What a media type (lower-case, without parameters) names. Entries of an index that are
 * neither INDEX nor MANIFEST are skipped, not fatal (formats.md 2.8). */
enum imp_media_kind {
	IMP_MEDIA_OTHER,
	IMP_MEDIA_INDEX,
	IMP_MEDIA_MANIFEST,
	IMP_MEDIA_SCHEMA1,
	IMP_MEDIA_CONFIG, /* of an image */
	IMP_MEDIA_LAYER,  /* the rows of formats.md 4.1, encrypted or not */
};
enum imp_media_kind imp_media_kind(const char *media_type);

struct imp_pair {
	struct imp_slice key, value;
};

struct imp_descriptor {
	const char *media_type; /* lower-case, without parameters; "" when absent */
	struct imp_digest digest;
	uint64_t size_bytes;
	/* Decoded, size and digest checked; data.data NULL: none */
	struct imp_slice data;
	const struct imp_pair *annotations;
	size_t annotation_count;
	/* Of entries of an index. */
	bool has_platform;
	struct imp_platform platform;
	bool attestation;          /* BuildKit's: never chosen, never listed */
	const char *artifact_type; /* "" when absent */
	/* Of layers. */
	bool foreign; /* nondistributable: may be absent from registry and archive */
	/* Other places for a foreign layer; not trusted */
	const struct imp_slice *urls;
	size_t url_count;
	bool encrypted; /* +encrypted, or ocicrypt's annotations */
	enum imp_declared declared;
};

struct imp_document {
	enum imp_document_kind kind;
	const char *media_type; /* as decided: formats.md 2.3 */
	/* Index: its entries. Manifest: its layers, base first. */
	struct imp_descriptor *entries;
	size_t entry_count;
	struct imp_descriptor config; /* of a manifest */
	const char *artifact_type;    /* of an artifact: what to call it */
	const struct imp_pair *annotations;
	size_t annotation_count;
};

/* BODY is one document; MEDIA_TYPE what the transport or descriptor called it ("" when
 * unknown). Refuses ambiguous ones (manifests and layers together), schema 1
 * (IMP_E_UNSUPPORTED, names it), negative sizes, too many entries, duplicate keys, a
 * body that calls itself another known type than MEDIA_TYPE does: where the digest of a
 * descriptor matched, pass "" and warn about the difference (formats.md 2.3). WHAT names
 * it in messages. */
int imp_document_parse(struct imp_slice body, const char *media_type, const char *what,
		       const struct imp_limits *limits, struct imp_arena *arena,
		       struct imp_document *out, struct imp_error *err);

/* {"", 0} when absent. */
struct imp_slice imp_annotation(const struct imp_pair *pairs, size_t count,
				const char *key);

struct imp_health_check {
	/* Argv of HEALTHCHECK, "CMD" / "CMD-SHELL" first */
	const struct imp_slice *test;
	size_t test_count;
};

struct imp_history {
	struct imp_slice created_by; /* raw */
	struct imp_slice comment;
	int64_t created_ns;
	bool has_created;
	bool empty_layer;
};

struct imp_config {
	struct imp_platform platform;
	struct imp_slice os_version;
	int64_t created_ns;
	bool has_created;
	const struct imp_digest *diff_ids;
	size_t diff_id_count;
	const struct imp_history *history;
	size_t history_count;
	/* config.*; strings raw. */
	const struct imp_slice *entrypoint, *command, *environment, *shell;
	size_t entrypoint_count, command_count, environment_count, shell_count;
	struct imp_slice user, working_directory;
	const struct imp_pair *labels;
	size_t label_count;
	const struct imp_slice *exposed_ports;
	size_t exposed_port_count;
	struct imp_health_check health_check;
};

/* rootfs.type must be "layers". */
int imp_config_parse(struct imp_slice body, const char *what,
		     const struct imp_limits *limits, struct imp_arena *arena,
		     struct imp_config *out, struct imp_error *err);

/* The instruction behind each layer, readable: the k-th history entry that is not empty
 * belongs to layer k (formats.md 9.1), builders' noise removed (9.2). Returns an array
 * of LAYER_COUNT slices in the arena; a layer without history gets {"", 0}. Raises
 * "history-mismatch". */
const struct imp_slice *imp_layer_instructions(const struct imp_config *config,
					       size_t layer_count,
					       struct imp_arena *arena,
					       struct imp_warnings *warnings);
/* One raw created_by as it is shown: "RUN apt-get ...", "COPY . /code/". Newlines and
 * tabs inside become single spaces. */
struct imp_slice imp_instruction_clean(struct imp_slice created_by,
				       struct imp_slice comment, struct imp_arena *arena);

/* The image that another was built from, as far as it is known (formats.md 9.3, 9.5). */
enum imp_base_origin {
	IMP_BASE_UNKNOWN,
	IMP_BASE_GUESSED, /* from the history: where the user's own build seems to begin */
	IMP_BASE_ANNOTATION, /* org.opencontainers.image.base.*, as annotation or label */
	IMP_BASE_PROVENANCE, /* what the builder recorded */
	IMP_BASE_GIVEN,      /* by the user */
};
struct imp_base_image {
	enum imp_base_origin origin;
	struct imp_slice name;    /* raw; may be empty */
	struct imp_digest digest; /* of its manifest or index; may be NONE */
	/* Layers from the bottom that are its; 0: not known. Proven (by DiffIDs or the builder's
	 * record) unless guessed */
	size_t layer_count;
};
const char *imp_base_origin_name(enum imp_base_origin origin); /* "provenance" */

/* An image as a source found it: one platform, its documents, its layers. */
struct imp_image_layer {
	/* Size IMP_UNKNOWN_SIZE and digest NONE where an archive does not say */
	struct imp_descriptor blob;
	struct imp_digest diff_id;
	struct imp_slice instruction;
	/* For the source itself: member or file name; NULL: by digest */
	const char *location;
};

struct imp_image {
	const char *reference; /* canonical text, or the path as given */
	/* What the archive or layout itself calls it, raw: references, some of them only a tag */
	const struct imp_slice *names;
	size_t name_count;
	/* Of the manifest; NONE when the archive has none */
	struct imp_digest digest;
	struct imp_platform platform;
	struct imp_document manifest;
	struct imp_config config;
	struct imp_image_layer *layers; /* base first */
	size_t layer_count;
	uint64_t manifest_bytes, config_bytes;
	/* The manifest of what its builder recorded, by the index; digest NONE: there is none */
	struct imp_descriptor attestation;
	/* Others that the index offers, for the note: texts, in index order. */
	const char *const *other_platforms;
	size_t other_platform_count;
};
