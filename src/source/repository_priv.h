/*
 * Inside src/source: what a repository is made of.
 */
#pragma once

#include "archive_priv.h"
#include "imgprof/repository.h"

struct imp_repository_ops {
	int (*list)(struct imp_repository *repository, struct imp_arena *arena,
		    struct imp_listing *listing, struct imp_error *err);
	/* NULL: everything is listed with its digest */
	int (*head)(struct imp_repository *repository, const char *tag,
		    struct imp_digest *out, struct imp_error *err);
	int (*tagged)(struct imp_repository *repository, const char *tag,
		      struct imp_digest *digest, struct imp_strbuf *body,
		      struct imp_error *err);
	int (*document)(struct imp_repository *repository, enum imp_document_place place,
			const struct imp_digest *digest, struct imp_strbuf *body,
			struct imp_error *err);
	/* Of a repository whose images have no manifests; NULL: they have */
	int (*image)(struct imp_repository *repository, const struct imp_digest *digest,
		     struct imp_arena *arena, struct imp_document *out,
		     struct imp_error *err);
	int (*referrers)(struct imp_repository *repository,
			 const struct imp_digest *digest, struct imp_arena *arena,
			 struct imp_listing *listing, struct imp_error *err);
	void (*take_notes)(struct imp_repository *repository,
			   struct imp_warnings *warnings);
	void (*destroy)(struct imp_repository *repository);
};

/* First member of every kind. */
struct imp_repository {
	const struct imp_repository_ops *ops;
	const struct imp_context *context;
};

int imp_registry_repository_create(const struct imp_context *context,
				   const struct imp_location *location,
				   const struct imp_source_options *options,
				   struct imp_repository **out, struct imp_error *err);
int imp_local_repository_create(const struct imp_context *context,
				const struct imp_location *location,
				const struct imp_source_options *options,
				struct imp_repository **out, struct imp_error *err);

/* Of docker's manifest.json. SOURCE is owned, also when it fails; ARCHIVE is its own. */
int imp_docker_repository_create(const struct imp_context *context,
				 const struct imp_location *location,
				 struct imp_source *source,
				 const struct imp_archive *archive,
				 struct imp_repository **out, struct imp_error *err);

/* The tag in NAME: what stands behind the last colon of its last component; else that. */
struct imp_slice imp_name_tag(struct imp_slice name);
/* One more row. TEXT of the row is copied into ARENA. */
void imp_listing_add(struct imp_listing *listing, struct imp_arena *arena,
		     struct imp_slice name, struct imp_slice tag,
		     const struct imp_digest *digest);
