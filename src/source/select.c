#include "select_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One image of an index. */
struct candidate {
	const struct imp_descriptor *descriptor;
	struct imp_platform platform;
	bool absent;             /* listed, but not held */
	struct imp_image *image; /* when it had to be loaded to learn its platform */
};

/* An index on the way down, and how far it was read. */
struct level {
	struct imp_document index;
	size_t next;
};

struct walk {
	const struct imp_selection *selection;
	const struct imp_limits *limits;
	struct level *levels; /* limits->index_depth */
	uint32_t depth;
	uint32_t fetched; /* documents, over all levels */
	struct candidate *candidates;
	size_t count;
	size_t capacity;
	const struct imp_descriptor **attestations; /* limits->platforms */
	size_t attestation_count;
};

static void walk_finish(struct walk *walk)
{
	free(walk->candidates);
	free(walk->attestations);
}

/* Down an index. */

static bool is_index_type(const char *type)
{
	return strcmp(type, "application/vnd.oci.image.index.v1+json") == 0 ||
	       strcmp(type,
		      "application/vnd.docker.distribution.manifest.list.v2+json") == 0;
}

static bool is_manifest_type(const char *type)
{
	return strcmp(type, "application/vnd.oci.image.manifest.v1+json") == 0 ||
	       strcmp(type, "application/vnd.docker.distribution.manifest.v2+json") == 0;
}

static bool is_absent(const struct walk *walk, const struct imp_descriptor *descriptor)
{
	const struct imp_fetcher *fetcher = walk->selection->fetcher;
	return !descriptor->data.data && fetcher->has &&
	       !fetcher->has(fetcher->user, descriptor);
}

static int count_fetched(struct walk *walk, struct imp_error *err)
{
	if (walk->fetched++ < walk->limits->platforms)
		return 0;
	return imp_fail(err, IMP_E_LIMIT,
			"resource limit platforms: more than %" PRIu32
			" documents below the index",
			walk->limits->platforms);
}

static int push(struct walk *walk, const struct imp_document *index,
		struct imp_error *err)
{
	if (walk->depth == walk->limits->index_depth)
		return imp_fail(err, IMP_E_LIMIT,
				"resource limit index-depth: more than %" PRIu32
				" indexes in each other",
				walk->limits->index_depth);
	walk->levels[walk->depth++] = (struct level){.index = *index};
	return 0;
}

static int descend(struct walk *walk, const struct imp_descriptor *descriptor,
		   struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	struct imp_document index = {0};
	char name[IMP_DOCUMENT_NAME];
	if (is_absent(walk, descriptor))
		return 0;
	int rc = count_fetched(walk, err);
	if (rc == 0)
		rc = imp_fetch_checked(walk->selection->fetcher, IMP_FETCH_MANIFEST,
				       descriptor, walk->limits, &body, err);
	if (rc == 0)
		rc = imp_parse_child(
			walk->selection, imp_strbuf_slice(&body), descriptor->media_type,
			imp_document_name("index", &descriptor->digest, name), &index,
			err);
	if (rc < 0)
		return rc;
	return index.kind == IMP_DOCUMENT_INDEX ? push(walk, &index, err) : 0;
}

static bool is_known(const struct walk *walk, const struct imp_descriptor *descriptor)
{
	for (size_t i = 0; i < walk->count; i++)
		if (imp_digest_equal(&walk->candidates[i].descriptor->digest,
				     &descriptor->digest))
			return true;
	return false;
}

static int add_candidate(struct walk *walk, const struct imp_descriptor *descriptor,
			 struct imp_error *err)
{
	if (is_known(walk, descriptor))
		return 0;
	if (walk->count == walk->limits->platforms)
		return imp_fail(err, IMP_E_LIMIT,
				"resource limit platforms: more than %" PRIu32
				" manifests below the index",
				walk->limits->platforms);
	walk->candidates = imp_xgrow(walk->candidates, &walk->capacity, walk->count + 1,
				     sizeof(*walk->candidates));
	walk->candidates[walk->count++] = (struct candidate){
		.descriptor = descriptor,
		.platform = descriptor->platform,
		.absent = is_absent(walk, descriptor),
	};
	return 0;
}

/* Those beyond as many as there may be images are of none. */
static void note_attestation(struct walk *walk, const struct imp_descriptor *descriptor)
{
	if (walk->attestation_count == walk->limits->platforms)
		return;
	if (!walk->attestations)
		walk->attestations =
			imp_xcalloc(walk->limits->platforms, sizeof(*walk->attestations));
	walk->attestations[walk->attestation_count++] = descriptor;
}

static bool attests(const struct imp_descriptor *attestation,
		    const struct imp_digest *digest)
{
	char text[IMP_DIGEST_TEXT];

	return imp_slice_is(imp_annotation(attestation->annotations,
					   attestation->annotation_count,
					   "vnd.docker.reference.digest"),
			    imp_digest_text(digest, text));
}

static int visit(struct walk *walk, const struct imp_descriptor *descriptor,
		 struct imp_error *err)
{
	if (descriptor->attestation)
		note_attestation(walk, descriptor);
	if (descriptor->attestation || *descriptor->artifact_type != '\0')
		return 0;
	if (is_index_type(descriptor->media_type))
		return descend(walk, descriptor, err);
	if (is_manifest_type(descriptor->media_type))
		return add_candidate(walk, descriptor, err);
	return 0;
}

static int collect(struct walk *walk, const struct imp_document *root,
		   struct imp_error *err)
{
	walk->levels = imp_arena_array(walk->selection->arena, walk->limits->index_depth,
				       sizeof(*walk->levels));
	int rc = push(walk, root, err);
	while (rc == 0 && walk->depth > 0) {
		struct level *level = &walk->levels[walk->depth - 1];
		if (level->next == level->index.entry_count) {
			walk->depth--;
			continue;
		}
		rc = visit(walk, &level->index.entries[level->next++], err);
	}
	return rc;
}

static void find_beside(const struct imp_document *index, struct imp_image *image)
{
	for (size_t i = index ? index->entry_count : 0; i-- > 0;)
		if (index->entries[i].attestation &&
		    attests(&index->entries[i], &image->digest))
			image->attestation = index->entries[i];
}

static int load_candidate(struct walk *walk, struct candidate *candidate,
			  struct imp_error *err)
{
	const struct imp_selection *selection = walk->selection;
	const struct imp_descriptor *descriptor = candidate->descriptor;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	if (candidate->image)
		return 0;
	int rc = count_fetched(walk, err);
	if (rc == 0)
		rc = imp_fetch_checked(selection->fetcher, IMP_FETCH_MANIFEST, descriptor,
				       walk->limits, &body, err);
	if (rc < 0)
		return rc;
	struct imp_image *image = imp_arena_alloc(selection->arena, sizeof(*image));
	rc = imp_load_image(selection, imp_strbuf_slice(&body), descriptor->media_type,
			    &descriptor->digest, image, err);
	if (rc < 0)
		return rc;
	if (*image->platform.os == '\0' && *image->platform.architecture == '\0')
		image->platform = descriptor->platform;
	find_beside(selection->beside, image);
	for (size_t i = walk->attestation_count; i-- > 0;)
		if (attests(walk->attestations[i], &descriptor->digest))
			image->attestation = *walk->attestations[i];
	candidate->image = image;
	return 0;
}

/* Entries without a platform say it in their config; artifacts among them are dropped. */
static int learn_platforms(struct walk *walk, struct imp_error *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < walk->count; i++) {
		struct candidate candidate = walk->candidates[i];
		if (!candidate.descriptor->has_platform && !candidate.absent) {
			struct imp_error local = {0};
			int rc = load_candidate(walk, &candidate, &local);
			if (rc == IMP_E_UNSUPPORTED)
				continue;
			if (rc < 0) {
				*err = local;
				return rc;
			}
			candidate.platform = candidate.image->platform;
		}
		walk->candidates[kept++] = candidate;
	}
	walk->count = kept;
	return 0;
}

/* The choice. */

static struct candidate *best_candidate(const struct walk *walk)
{
	struct candidate *best = NULL;
	int best_match = 0;
	for (size_t i = 0; i < walk->count; i++) {
		struct candidate *candidate = &walk->candidates[i];
		int match = imp_platform_match(&walk->selection->choice->platform,
					       &candidate->platform);
		if (!candidate->absent && match > best_match) {
			best = candidate;
			best_match = match;
		}
	}
	return best;
}

static size_t count_present(const struct walk *walk)
{
	size_t count = 0;
	for (size_t i = 0; i < walk->count; i++)
		count += !walk->candidates[i].absent;
	return count;
}

static bool is_listed(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(texts[i], text) == 0)
			return true;
	return false;
}

/* The platforms there are but that of CHOSEN (NULL: all), each once. */
static const char *const *list_platforms(const struct walk *walk,
					 const struct candidate *chosen, size_t *count)
{
	struct imp_arena *arena = walk->selection->arena;
	const char **texts = imp_arena_array(arena, walk->count, sizeof(*texts));
	*count = 0;
	for (size_t i = 0; i < walk->count; i++) {
		const struct candidate *candidate = &walk->candidates[i];
		const char *text = imp_platform_text(&candidate->platform, arena);
		if (candidate != chosen && !candidate->absent &&
		    !is_listed(texts, *count, text))
			texts[(*count)++] = text;
	}
	return texts;
}

static int fail_platform(const struct walk *walk, struct imp_error *err)
{
	const struct imp_selection *selection = walk->selection;
	imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0};
	size_t count;
	const char *const *texts = list_platforms(walk, NULL, &count);
	for (size_t i = 0; i < count; i++)
		imp_strbuf_printf(&list, "%s%s", i ? ", " : "", texts[i]);
	const char *wanted =
		imp_platform_text(&selection->choice->platform, selection->arena);
	if (count == 0)
		return imp_fail(err, IMP_E_NOT_FOUND,
				"the index has no image in it that is there");
	imp_fail(err, IMP_E_NOT_FOUND, "no image for %s, only for %s", wanted, list.data);
	return imp_hint(err, "choose one with --platform");
}

int imp_accept_platform(const struct imp_selection *selection,
			const struct imp_platform *platform, struct imp_error *err)
{
	const struct imp_platform_choice *choice = selection->choice;
	if (choice->all || imp_platform_match(&choice->platform, platform) > 0)
		return 0;
	const char *wanted = imp_platform_text(&choice->platform, selection->arena);
	const char *is = imp_platform_text(platform, selection->arena);
	if (choice->explicitly)
		return imp_fail(err, IMP_E_NOT_FOUND, "no image for %s, only for %s",
				wanted, *is ? is : "a platform that it does not name");
	imp_warnings_add(selection->warnings, "platform", IMP_NO_LAYER, IMP_SLICE(""),
			 "the image is for %s, not for %s",
			 *is ? is : "a platform that it does not name", wanted);
	return 0;
}

static int take_one(struct walk *walk, struct imp_image **images, size_t *count,
		    struct imp_error *err)
{
	struct candidate *chosen = best_candidate(walk);
	if (!chosen && !walk->selection->choice->explicitly && count_present(walk) == 1) {
		for (chosen = walk->candidates; chosen->absent; chosen++)
			;
		int rc = imp_accept_platform(walk->selection, &chosen->platform, err);
		if (rc < 0)
			return rc;
	}
	if (!chosen)
		return fail_platform(walk, err);
	int rc = load_candidate(walk, chosen, err);
	if (rc < 0)
		return rc;
	chosen->image->other_platforms =
		list_platforms(walk, chosen, &chosen->image->other_platform_count);
	*images = chosen->image;
	*count = 1;
	return 0;
}

/* A sparse index lists manifests that its registry does not hold. */
static int take_all(struct walk *walk, struct imp_image **images, size_t *count,
		    struct imp_error *err)
{
	const struct imp_selection *selection = walk->selection;
	struct imp_image *all =
		imp_arena_array(selection->arena, walk->count, sizeof(*all));
	size_t taken = 0;
	for (size_t i = 0; i < walk->count; i++) {
		struct candidate *candidate = &walk->candidates[i];
		struct imp_error local = {0};
		int rc = candidate->absent ? imp_fail(&local, IMP_E_NOT_FOUND,
						      "listed, but not there")
					   : load_candidate(walk, candidate, &local);
		if (rc == IMP_E_NOT_FOUND || rc == IMP_E_UNSUPPORTED) {
			imp_warnings_add(
				selection->warnings, "platform-skipped", IMP_NO_LAYER,
				IMP_SLICE(""), "%s: %s",
				imp_platform_text(&candidate->platform, selection->arena),
				local.message);
			continue;
		}
		if (rc < 0) {
			*err = local;
			return rc;
		}
		all[taken++] = *candidate->image;
	}
	if (taken == 0)
		return fail_platform(walk, err);
	*images = all;
	*count = taken;
	return 0;
}

static int select_from_index(const struct imp_selection *selection,
			     const struct imp_document *root, struct imp_image **images,
			     size_t *count, struct imp_error *err)
{
	imp_auto(walk_finish) struct walk walk = {
		.selection = selection,
		.limits = selection->context->limits,
	};
	int rc = collect(&walk, root, err);
	if (rc == 0)
		rc = learn_platforms(&walk, err);
	if (rc < 0)
		return rc;
	if (selection->choice->all)
		return take_all(&walk, images, count, err);
	return take_one(&walk, images, count, err);
}

static int select_manifest(const struct imp_selection *selection,
			   const struct imp_document *root, struct imp_slice body,
			   struct imp_image **images, size_t *count,
			   struct imp_error *err)
{
	struct imp_image *image = imp_arena_alloc(selection->arena, sizeof(*image));
	struct imp_digest digest;
	if (selection->root_digest)
		digest = *selection->root_digest;
	else
		imp_digest_of(IMP_DIGEST_SHA256, body, &digest);
	int rc = imp_load_document(selection, root, body.len, &digest, image, err);
	if (rc == 0)
		rc = imp_accept_platform(selection, &image->platform, err);
	if (rc < 0)
		return rc;
	find_beside(selection->beside, image);
	*images = image;
	*count = 1;
	return 0;
}

int imp_select_images(const struct imp_selection *selection, struct imp_slice root,
		      const char *media_type, struct imp_image **images, size_t *count,
		      struct imp_error *err)
{
	struct imp_document document;
	int rc = imp_document_parse(root, media_type, "manifest",
				    selection->context->limits, selection->arena,
				    &document, err);
	if (rc < 0)
		return rc;
	if (document.kind == IMP_DOCUMENT_INDEX)
		return select_from_index(selection, &document, images, count, err);
	return select_manifest(selection, &document, root, images, count, err);
}
