/*
 * Inside src/source: what a source is made of, its constructors, and the walk from an
 * index to images that every source with manifests shares.
 */
#pragma once

#include "imgprof/source.h"
#include "imgprof/strbuf.h"

enum imp_fetch_kind {
	IMP_FETCH_MANIFEST, /* a manifest or an index */
	IMP_FETCH_CONFIG,
	IMP_FETCH_STATEMENT, /* of an attestation */
};

struct imp_files; /* files_priv.h */

struct imp_source_ops {
	int (*resolve)(struct imp_source *source,
		       const struct imp_platform_choice *choice,
		       const struct imp_layer_sink *sink, struct imp_arena *arena,
		       struct imp_warnings *warnings, struct imp_resolution *out,
		       struct imp_error *err);
	/* Thread-safe. NULL in a one-pass source. */
	int (*open_layer)(struct imp_source *source, const struct imp_image *image,
			  size_t layer, struct imp_stream **out, struct imp_error *err);
	/* What fetchers fetch, for documents that are asked for later; NULL: there are none */
	int (*fetch)(struct imp_source *source, enum imp_fetch_kind kind,
		     const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		     struct imp_strbuf *body, struct imp_error *err);
	bool (*is_one_pass)(const struct imp_source *source); /* NULL: never */
	/* Its documents by name, as long as the source is there; NULL: it has none. One thread
	 * at a time. */
	int (*files)(struct imp_source *source, struct imp_files *out,
		     struct imp_error *err);
	void (*destroy)(struct imp_source *source);
};

/* First member of every kind of source. */
struct imp_source {
	const struct imp_source_ops *ops;
	const struct imp_context *context; /* borrowed */
};

/* Constructors. CONTEXT and LOCATION are borrowed and outlive the source; OPTIONS is copied
 * where needed. Nothing is fetched yet; what can be opened is opened. */
typedef int imp_source_constructor(const struct imp_context *context,
				   const struct imp_location *location,
				   const struct imp_source_options *options,
				   struct imp_source **out, struct imp_error *err);
imp_source_constructor imp_registry_source_create;
imp_source_constructor imp_archive_source_create; /* docker-archive:, oci-archive: */
imp_source_constructor imp_layout_source_create;  /* oci: */
imp_source_constructor imp_dir_source_create;     /* dir: */
imp_source_constructor imp_sniff_source_create;   /* a bare path, or standard input */
imp_source_constructor imp_engine_source_create;  /* docker-daemon:, podman: */

/* From a document to images (select.c; reference/formats.md 2.8, 2.13 to 2.15). */

struct imp_fetcher {
	/* Appends the bytes that DESCRIPTOR names to BODY (empty before); more than
	 * LIMIT_BYTES is IMP_E_LIMIT. Size and digest are checked by the caller.
	 * IMP_E_NOT_FOUND when they are missing. Runs on the calling thread. */
	int (*fetch)(void *user, enum imp_fetch_kind kind,
		     const struct imp_descriptor *descriptor, uint64_t limit_bytes,
		     struct imp_strbuf *body, struct imp_error *err);
	/* Whether a manifest is there, without any work; NULL: taken to be. An archive may
	 * list platforms that it does not hold: they are not offered. */
	bool (*has)(void *user, const struct imp_descriptor *descriptor);
	void *user;
};

const char *imp_fetch_word(enum imp_fetch_kind kind); /* "config" */

/* The embedded data of DESCRIPTOR, or what FETCHER gives; size and digest are checked. */
int imp_fetch_checked(const struct imp_fetcher *fetcher, enum imp_fetch_kind kind,
		      const struct imp_descriptor *descriptor,
		      const struct imp_limits *limits, struct imp_strbuf *body,
		      struct imp_error *err);

struct imp_selection {
	const struct imp_context *context;
	const struct imp_fetcher *fetcher;
	const struct imp_platform_choice *choice;
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	const char *reference; /* canonical text or path: for messages and images */
	const struct imp_digest *root_digest; /* NULL: the sha256 of the root is taken */
	/* An index beside the root that may list its attestation; NULL: none */
	const struct imp_document *beside;
};

/* ROOT is the body of an index or of a manifest, checked by the caller where it has a
 * digest; MEDIA_TYPE what the transport or its descriptor called it ("" when unknown).
 * Chooses by platform, fetches and checks what that takes, and fills *IMAGES (arena), which
 * has one element, or with choice->all as many as there are platforms, in index order.
 * IMP_E_UNSUPPORTED names an artifact that is no image. `location` of the layers is NULL. */
int imp_select_images(const struct imp_selection *selection, struct imp_slice root,
		      const char *media_type, struct imp_image **images, size_t *count,
		      struct imp_error *err);

/* One image from a manifest that was chosen already; DIGEST is the manifest's. */
int imp_load_image(const struct imp_selection *selection, struct imp_slice manifest,
		   const char *media_type, const struct imp_digest *digest,
		   struct imp_image *out, struct imp_error *err);
