/*
 * All of a repository rather than one image of it: what is listed, and manifests and configs
 * by digest; never a layer. A registry's repository, an OCI layout (folder or archive), or
 * an archive of docker's.
 *
 *	imp_repository_open(context, &location, &options, &repository, &err);
 *	imp_repository_list(repository, arena, &listing, &err);
 *	imp_repository_document(repository, IMP_DOCUMENT_OF_MANIFEST, &digest, &body, &err);
 *	imp_repository_destroy(repository);
 */
#pragma once

#include <stdbool.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/reference.h"
#include "imgprof/source.h"
#include "imgprof/strbuf.h"

struct imp_repository; /* opaque */

/* CONTEXT and LOCATION are borrowed. Of a registry's reference the domain and the path
 * count. IMP_E_UNSUPPORTED for what is neither. */
int imp_repository_open(const struct imp_context *context,
			const struct imp_location *location,
			const struct imp_source_options *options,
			struct imp_repository **out, struct imp_error *err);
void imp_repository_destroy(struct imp_repository *repository);
IMP_DEFINE_DESTROY(imp_repository);

struct imp_listed {
	struct imp_slice name;    /* of the whole image, where it says so; else empty */
	struct imp_slice tag;     /* empty: none */
	struct imp_digest digest; /* NONE: imp_repository_head tells */
};

struct imp_listing {
	struct imp_listed *list; /* grows with realloc; strings live in an arena */
	size_t count, capacity;
	size_t pages;
};
void imp_listing_finish(struct imp_listing *listing);

/* What there is, page after page. When that fails, what came before stays in the listing.
 * IMP_E_FORMAT for pages that lead in a circle. */
int imp_repository_list(struct imp_repository *repository, struct imp_arena *arena,
			struct imp_listing *listing, struct imp_error *err);
/* The digest that TAG has now, without counting as a pull; NONE when the registry does
 * not say. IMP_E_NOT_FOUND. */
int imp_repository_head(struct imp_repository *repository, const char *tag,
			struct imp_digest *out, struct imp_error *err);
/* Appends the manifest of TAG and tells its digest. */
int imp_repository_tagged(struct imp_repository *repository, const char *tag,
			  struct imp_digest *digest, struct imp_strbuf *body,
			  struct imp_error *err);

enum imp_document_place { IMP_DOCUMENT_OF_MANIFEST, IMP_DOCUMENT_OF_CONFIG };

/* Appends the bytes that DIGEST names, checked. */
int imp_repository_document(struct imp_repository *repository,
			    enum imp_document_place place,
			    const struct imp_digest *digest, struct imp_strbuf *body,
			    struct imp_error *err);
/* Images of docker's archives have none: their digests are those of their configs. */
bool imp_repository_has_manifests(const struct imp_repository *repository);
/* What stands in for the manifest of such an image: its layers as the archive holds them,
 * each under the digest of its tar. One of IMP_UNKNOWN_SIZE is foreign and not in it. */
int imp_repository_image(struct imp_repository *repository,
			 const struct imp_digest *digest, struct imp_arena *arena,
			 struct imp_document *out, struct imp_error *err);
/* Appends to LISTING what refers to DIGEST, by the referrers API. 1 when there is none: the
 * fallback tag counts (formats.md 2.18). */
int imp_repository_referrers(struct imp_repository *repository,
			     const struct imp_digest *digest, struct imp_arena *arena,
			     struct imp_listing *listing, struct imp_error *err);
/* "sha256-HEX": the tag under which referrers of DIGEST stand, also with a suffix
 * (".sig"). */
bool imp_fallback_tag_parse(struct imp_slice tag, struct imp_digest *out);

/* The repositories of the registry DOMAIN, as tags of the listing. IMP_E_UNSUPPORTED when it
 * does not list them. */
int imp_registry_catalog(const struct imp_context *context, const char *domain,
			 const struct imp_source_options *options,
			 struct imp_arena *arena, struct imp_listing *listing,
			 struct imp_error *err);

/* Notes of the transport, once (warnings of the registry). */
void imp_repository_take_notes(struct imp_repository *repository,
			       struct imp_warnings *warnings);
