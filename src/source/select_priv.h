/*
 * One document or image at a time, for the walk in select.c and for archives.
 */
#pragma once

#include "source_priv.h"

#define IMP_DOCUMENT_NAME 64

/* "manifest sha256:0123456789ab" */
const char *imp_document_name(const char *kind, const struct imp_digest *digest,
			      char out[static IMP_DOCUMENT_NAME]);
/* BODY was found by a digest that fits. MEDIA_TYPE: what its descriptor called it. */
int imp_parse_child(const struct imp_selection *selection, struct imp_slice body,
		    const char *media_type, const char *name, struct imp_document *out,
		    struct imp_error *err);
/* The image of a manifest of SIZE_BYTES bytes. IMP_E_UNSUPPORTED for an artifact. */
int imp_load_document(const struct imp_selection *selection,
		      const struct imp_document *document, uint64_t size_bytes,
		      const struct imp_digest *digest, struct imp_image *out,
		      struct imp_error *err);
/* A lone image for PLATFORM is no choice: it is taken, and a warning says what differs. With
 * --platform it is IMP_E_NOT_FOUND. */
int imp_accept_platform(const struct imp_selection *selection,
			const struct imp_platform *platform, struct imp_error *err);
