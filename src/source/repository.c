#include "repository_priv.h"

#include <stdlib.h>

void imp_listing_finish(struct imp_listing *listing)
{
	free(listing->list);
	*listing = (struct imp_listing){0};
}

void imp_listing_add(struct imp_listing *listing, struct imp_arena *arena,
		     struct imp_slice name, struct imp_slice tag,
		     const struct imp_digest *digest)
{
	listing->list = imp_xgrow(listing->list, &listing->capacity, listing->count + 1,
				  sizeof(*listing->list));
	listing->list[listing->count++] = (struct imp_listed){
		.name = imp_arena_copy(arena, name),
		.tag = imp_arena_copy(arena, tag),
		.digest = digest ? *digest : (struct imp_digest){0},
	};
}

int imp_repository_open(const struct imp_context *context,
			const struct imp_location *location,
			const struct imp_source_options *options,
			struct imp_repository **out, struct imp_error *err)
{
	if (location->transport == IMP_TRANSPORT_REGISTRY)
		return imp_registry_repository_create(context, location, options, out,
						      err);
	return imp_local_repository_create(context, location, options, out, err);
}

void imp_repository_destroy(struct imp_repository *repository)
{
	if (repository)
		repository->ops->destroy(repository);
}

int imp_repository_list(struct imp_repository *repository, struct imp_arena *arena,
			struct imp_listing *listing, struct imp_error *err)
{
	return repository->ops->list(repository, arena, listing, err);
}

int imp_repository_head(struct imp_repository *repository, const char *tag,
			struct imp_digest *out, struct imp_error *err)
{
	return repository->ops->head(repository, tag, out, err);
}

int imp_repository_tagged(struct imp_repository *repository, const char *tag,
			  struct imp_digest *digest, struct imp_strbuf *body,
			  struct imp_error *err)
{
	return repository->ops->tagged(repository, tag, digest, body, err);
}

int imp_repository_document(struct imp_repository *repository,
			    enum imp_document_place place,
			    const struct imp_digest *digest, struct imp_strbuf *body,
			    struct imp_error *err)
{
	char text[IMP_DIGEST_TEXT];
	struct imp_digest found;
	int rc = repository->ops->document(repository, place, digest, body, err);

	if (rc < 0)
		return rc;
	imp_digest_of(digest->algorithm, imp_strbuf_slice(body), &found);
	if (imp_digest_equal(&found, digest))
		return 0;
	return imp_fail(err, IMP_E_INTEGRITY, "%s: other bytes came",
			imp_digest_text(digest, text));
}

bool imp_repository_has_manifests(const struct imp_repository *repository)
{
	return !repository->ops->image;
}

int imp_repository_image(struct imp_repository *repository,
			 const struct imp_digest *digest, struct imp_arena *arena,
			 struct imp_document *out, struct imp_error *err)
{
	return repository->ops->image(repository, digest, arena, out, err);
}

int imp_repository_referrers(struct imp_repository *repository,
			     const struct imp_digest *digest, struct imp_arena *arena,
			     struct imp_listing *listing, struct imp_error *err)
{
	if (!repository->ops->referrers)
		return 1;
	return repository->ops->referrers(repository, digest, arena, listing, err);
}

void imp_repository_take_notes(struct imp_repository *repository,
			       struct imp_warnings *warnings)
{
	if (repository->ops->take_notes)
		repository->ops->take_notes(repository, warnings);
}

bool imp_fallback_tag_parse(struct imp_slice tag, struct imp_digest *out)
{
	struct imp_slice rest = tag;
	struct imp_slice algorithm = imp_slice_cut(&rest, '-');
	struct imp_slice hex = imp_slice_cut(&rest, '.');
	char text[IMP_DIGEST_TEXT];
	struct imp_error ignored = {0};

	if (!hex.data || algorithm.len + 1 + hex.len >= sizeof(text))
		return false;
	memcpy(text, algorithm.data, algorithm.len);
	text[algorithm.len] = ':';
	memcpy(text + algorithm.len + 1, hex.data, hex.len);
	return imp_digest_parse(imp_slice(text, algorithm.len + 1 + hex.len), out,
				&ignored) == 0;
}
