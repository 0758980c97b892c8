#include "origin.h"

#include "base.h"
#include "imgprof/cleanup.h"

enum { BASES_TRIED = 8 };

static void warn(const struct imp_analyse_request *request, const struct imp_error *err)
{
	bool broken = err->category == IMP_E_FORMAT || err->category == IMP_E_LIMIT ||
		      err->category == IMP_E_INTEGRITY ||
		      err->category == IMP_E_UNSUPPORTED;

	imp_warnings_add(request->warnings,
			 broken ? "provenance" : IMP_WARNING_NO_PROVENANCE, IMP_NO_LAYER,
			 (struct imp_slice){0}, "the builder's record is not used: %s",
			 err->message);
}

/* 1: there is none, or none that can be used. */
static int read_provenance(const struct imp_analyse_request *request,
			   struct imp_provenance *out, struct imp_error *err)
{
	const struct imp_image *image = request->image;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	struct imp_error local = {0};
	int rc = imp_source_read_provenance(request->source, image, &body, &local);

	if (rc == 0)
		rc = imp_provenance_parse(imp_strbuf_slice(&body), &image->digest,
					  request->options->context->limits,
					  request->arena, out, &local);
	if (rc == IMP_E_CANCELLED) {
		*err = local;
		return rc;
	}
	if (rc < 0)
		warn(request, &local);
	return rc == 0 ? 0 : 1;
}

/* The file that the builder read, with the layers where it says. */
static void place(const struct imp_analyse_request *request,
		  const struct imp_provenance *provenance, struct imp_build *build)
{
	struct imp_dockerfile *file = imp_arena_alloc(request->arena, sizeof(*file));
	struct imp_error local = {0};

	if (imp_dockerfile_parse(provenance->text, request->arena, file, &local) < 0) {
		warn(request, &local);
		return;
	}
	file->origin = IMP_DOCKERFILE_PROVENANCE;
	file->filename = provenance->filename;
	imp_dockerfile_place(file, provenance, request->image, request->arena,
			     &build->base);
	build->file = file;
}

/* The user's. Where it is what the builder read, the record's lines are better than a guess. */
static void take_given(const struct imp_analyse_request *request,
		       const struct imp_provenance *provenance, struct imp_build *build)
{
	const struct imp_dockerfile_given *given = &request->options->dockerfile;
	struct imp_dockerfile *file = imp_arena_alloc(request->arena, sizeof(*file));
	struct imp_error local = {0};

	if (build->file && imp_slice_equal(given->text, provenance->text)) {
		build->file->filename = imp_slice_of(given->name);
		return;
	}
	if (imp_dockerfile_parse(given->text, request->arena, file, &local) < 0) {
		imp_warnings_add(request->warnings, "dockerfile", IMP_NO_LAYER,
				 (struct imp_slice){0}, "%s: %s", given->name,
				 local.message);
		return;
	}
	file->origin = IMP_DOCKERFILE_FILE;
	file->filename = imp_slice_of(given->name);
	build->file = file;
}

/* The base. */

static struct imp_base_image annotated_base(const struct imp_pair *pairs, size_t count)
{
	struct imp_base_image base = {
		.name = imp_annotation(pairs, count,
				       "org.opencontainers.image.base.name"),
	};
	struct imp_slice digest =
		imp_annotation(pairs, count, "org.opencontainers.image.base.digest");
	struct imp_error ignored = {0};

	if (digest.len > 0)
		imp_digest_parse(digest, &base.digest, &ignored);
	if (base.name.len > 0 || base.digest.algorithm != IMP_DIGEST_NONE)
		base.origin = IMP_BASE_ANNOTATION;
	return base;
}

static void find_annotation(const struct imp_image *image, struct imp_base_image *base)
{
	if (base->origin == IMP_BASE_UNKNOWN)
		*base = annotated_base(image->manifest.annotations,
				       image->manifest.annotation_count);
	if (base->origin == IMP_BASE_UNKNOWN)
		*base = annotated_base(image->config.labels, image->config.label_count);
}

bool imp_base_is_counted(const struct imp_base_image *base)
{
	return base->layer_count > 0 || imp_slice_is(base->name, "scratch");
}

static int try_base(const struct imp_analyse_request *request,
		    struct imp_base_image *base, struct imp_error *err)
{
	struct imp_error local = {0};
	int rc = imp_resolve_base(request->options, request->image, base, &local);

	if (rc == IMP_E_CANCELLED)
		*err = local;
	else if (rc < 0)
		imp_warnings_add(request->warnings, "base", IMP_NO_LAYER,
				 (struct imp_slice){0}, "base image: %s", local.message);
	return rc == IMP_E_CANCELLED ? rc : 0;
}

/* The user's word, where the layers bear it out. */
static int take_given_base(const struct imp_analyse_request *request,
			   struct imp_base_image *base, struct imp_error *err)
{
	const struct imp_location *location = request->options->base;
	struct imp_base_image given = {
		.origin = IMP_BASE_GIVEN,
		.name = imp_slice_of(imp_arena_text(request->arena, location->text)),
	};
	int rc = imp_resolve_base_at(request->options, request->image, location, &given,
				     err);

	if (rc < 0)
		return imp_wrap(err, "base image %s", location->text);
	if (given.layer_count > 0)
		*base = given;
	else
		imp_warnings_add(request->warnings, "base", IMP_NO_LAYER,
				 (struct imp_slice){0},
				 "the layers of %s are not the lowest of this image",
				 location->text);
	return 0;
}

/* Of a build that used several images that whose layers are the lowest. */
static int count_base(const struct imp_analyse_request *request,
		      const struct imp_provenance *provenance,
		      struct imp_base_image *base, struct imp_error *err)
{
	int rc = 0;

	if (imp_base_is_counted(base))
		return 0;
	if (base->origin != IMP_BASE_UNKNOWN && base->name.len > 0)
		return try_base(request, base, err);
	for (size_t i = 0; rc == 0 && i < provenance->image_count && i < BASES_TRIED;
	     i++) {
		struct imp_base_image candidate = provenance->images[i];
		rc = try_base(request, &candidate, err);
		if (rc == 0 && candidate.layer_count > base->layer_count)
			*base = candidate;
	}
	return rc;
}

int imp_build_read(const struct imp_analyse_request *request, struct imp_build *build,
		   struct imp_error *err)
{
	struct imp_provenance provenance = {0};
	int rc = read_provenance(request, &provenance, err);

	*build = (struct imp_build){0};
	if (rc < 0)
		return rc;
	if (rc == 0 && provenance.complete)
		place(request, &provenance, build);
	else if (rc == 0)
		build->base = imp_provenance_base(&provenance);
	build->base_only = rc == 0 && !build->file;
	if (request->options->dockerfile.text.data)
		take_given(request, &provenance, build);
	find_annotation(request->image, &build->base);
	rc = request->options->base ? take_given_base(request, &build->base, err) : 0;
	if (rc < 0 || !request->options->resolve_base)
		return rc;
	return count_base(request, &provenance, &build->base, err);
}

void imp_build_finish(const struct imp_analyse_request *request,
		      const struct imp_build *build, size_t base_layers,
		      struct imp_analysis *analysis)
{
	struct imp_dockerfile *file = build->file;

	analysis->base = build->base;
	if (build->base.origin == IMP_BASE_UNKNOWN && base_layers > 0)
		analysis->base = (struct imp_base_image){
			.origin = IMP_BASE_GUESSED,
			.layer_count = base_layers,
		};
	if (!file) {
		file = imp_arena_alloc(request->arena, sizeof(*file));
		imp_dockerfile_rebuild(request->image, request->arena, file);
		file->base_only = build->base_only;
	} else if (file->origin == IMP_DOCKERFILE_FILE) {
		imp_dockerfile_match(file, request->image, base_layers, request->arena);
	}
	analysis->dockerfile = file;
}
