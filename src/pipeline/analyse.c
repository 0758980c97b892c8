#include "analyse.h"

#include <string.h>

#include "layers.h"
#include "origin.h"

const char *imp_verified_name(enum imp_verified verified)
{
	static const char *const names[] = {
		[IMP_VERIFIED_NONE] = "none",
		[IMP_VERIFIED_BLOB] = "blob",
		[IMP_VERIFIED_DIFF_ID] = "diff_id",
		[IMP_VERIFIED_BOTH] = "both",
	};
	return names[verified];
}

/* The layers of a one-pass source were read while it was resolved. */
static int take_member(const struct imp_analyse_request *request, size_t layer,
		       struct imp_layer_outcome *outcome, struct imp_error *err)
{
	int id = request->member_ids[layer];

	if (id < 0)
		return imp_fail(err, IMP_E_NOT_FOUND, "not in the archive");
	const struct imp_member *member = &request->members->list[id];
	if (!member->page.profile) {
		*err = member->reason;
		return err->category;
	}
	outcome->profile = member->page.profile;
	return imp_layer_accept(request->image, layer, &member->page, &outcome->verified,
				err);
}

static int take_members(const struct imp_analyse_request *request,
			struct imp_layer_outcome *outcomes, struct imp_error *err)
{
	for (size_t i = 0; i < request->image->layer_count; i++) {
		struct imp_layer_outcome *outcome = &outcomes[i];
		int rc = take_member(request, i, outcome, &outcome->reason);
		if (rc == 0)
			continue;
		bool foreign =
			request->image->layers[i].blob.foreign && rc == IMP_E_NOT_FOUND;
		if (!request->options->partial && !foreign) {
			*err = outcome->reason;
			return imp_wrap(err, "layer %zu", i);
		}
		*outcome = (struct imp_layer_outcome){.incomplete = true,
						      .reason = outcome->reason};
	}
	return 0;
}

static int gather_layers(const struct imp_analyse_request *request,
			 struct imp_layer_outcome *outcomes, struct imp_error *err)
{
	if (request->members)
		return take_members(request, outcomes, err);

	struct imp_layers_request layers = {
		.options = request->options,
		.book = request->book,
		.source = request->source,
		.image = request->image,
	};
	size_t added = 0;
	int rc = imp_layers_read(&layers, outcomes, request->warnings, &added, err);
	if (rc == 0 && added && request->options->store) {
		uint64_t removed, removed_bytes;
		struct imp_error ignored = {0};
		imp_store_prune(request->options->store,
				imp_store_cap(request->options->context), &removed,
				&removed_bytes, &ignored);
	}
	return rc;
}

static bool declared_differs(const struct imp_descriptor *blob,
			     enum imp_compression found)
{
	switch (blob->declared) {
	case IMP_DECLARED_PLAIN:
		return found != IMP_COMPRESSION_NONE;
	case IMP_DECLARED_GZIP:
		return found != IMP_COMPRESSION_GZIP;
	case IMP_DECLARED_ZSTD:
		return found != IMP_COMPRESSION_ZSTD;
	case IMP_DECLARED_UNKNOWN:
		break;
	}
	return false;
}

static void warn_of_layer(const struct imp_analyse_request *request, size_t layer,
			  const struct imp_layer_outcome *outcome)
{
	const struct imp_descriptor *blob = &request->image->layers[layer].blob;

	if (outcome->incomplete)
		imp_warnings_add(request->warnings, "incomplete", (int)layer,
				 (struct imp_slice){0}, "%s", outcome->reason.message);
	if (!outcome->profile)
		return;
	enum imp_compression found = imp_profile_summary(outcome->profile)->compression;
	imp_warnings_append(request->warnings, imp_profile_warnings(outcome->profile),
			    (int)layer);
	if (declared_differs(blob, found))
		imp_warnings_add(request->warnings, "media-type", (int)layer,
				 (struct imp_slice){0},
				 "media type %s, but the bytes are %s", blob->media_type,
				 found == IMP_COMPRESSION_NONE
					 ? "not compressed"
					 : imp_compression_name(found));
}

static struct imp_analysed_layer describe_layer(const struct imp_image_layer *layer,
						const struct imp_layer_outcome *outcome)
{
	struct imp_analysed_layer described = {
		.diff_id = layer->diff_id,
		.media_type = layer->blob.media_type,
		.instruction = layer->instruction,
		.verified = outcome->verified,
		.cached = outcome->cached,
		.missing = !outcome->profile,
	};
	if (outcome->profile) {
		described.summary = *imp_profile_summary(outcome->profile);
		return described;
	}
	/* What the manifest says is all there is to say of it. */
	described.summary.blob_digest = layer->blob.digest;
	if (layer->blob.size_bytes != IMP_UNKNOWN_SIZE)
		described.summary.pull_bytes = layer->blob.size_bytes;
	return described;
}

static void add_up(struct imp_analysis *analysis)
{
	for (size_t i = 0; i < analysis->layer_count; i++) {
		const struct imp_profile_summary *summary = &analysis->layers[i].summary;
		const struct imp_layer_sums *sums = imp_tree_layer(analysis->tree, i);
		analysis->pull_bytes += summary->pull_bytes;
		analysis->tar_bytes += summary->tar_bytes;
		analysis->disk_bytes += summary->disk_bytes;
		analysis->entries += summary->entries;
		for (int fate = 0; fate < IMP_FATES; fate++) {
			analysis->fates[fate].files += sums->fates[fate].files;
			analysis->fates[fate].disk_bytes += sums->fates[fate].disk_bytes;
			analysis->fates[fate].pull_bytes += sums->fates[fate].pull_bytes;
		}
	}
}

static int build_tree(const struct imp_analyse_request *request,
		      const struct imp_profile *const *profiles, struct imp_tree **tree,
		      struct imp_error *err)
{
	int rc = imp_tree_build(profiles, request->image->layer_count,
				request->options->context->limits, request->warnings,
				tree, err);
	if (rc == 0)
		rc = imp_tree_check(*tree, profiles, err);
	return rc;
}

/* What the rules rest on: contents, packages, what is started. */
static void gather_evidence(const struct imp_analyse_request *request,
			    struct imp_analysis *analysis)
{
	struct imp_arena *arena = request->arena;
	struct imp_packages *packages = imp_arena_alloc(arena, sizeof(*packages));
	struct imp_runtime *runtime = imp_arena_alloc(arena, sizeof(*runtime));
	struct imp_packages_input owned = {
		.tree = analysis->tree,
		.contents = analysis->contents,
		.image = request->image,
		.limits = request->options->context->limits,
	};
	struct imp_runtime_input started = {
		.tree = analysis->tree,
		.contents = analysis->contents,
		.image = request->image,
		.packages = packages,
		.options = &request->options->runtime,
	};

	imp_packages_read(&owned, arena, packages);
	imp_runtime_read(&started, arena, runtime);
	analysis->packages = packages;
	analysis->runtime = runtime;
}

static int find(const struct imp_analyse_request *request,
		const struct imp_profile *const *profiles,
		const struct imp_analysis *analysis, const struct imp_base_image *base,
		struct imp_findings *findings, struct imp_error *err)
{
	struct imp_classify_input input = {
		.tree = analysis->tree,
		.image = request->image,
		.profiles = profiles,
		.contents = analysis->contents,
		.packages = analysis->packages,
		.runtime = analysis->runtime,
		.rules = request->options->rules,
		.warnings = request->warnings,
		.base_layers = base->layer_count,
		.base_known = imp_base_is_counted(base),
	};
	return input.rules ? imp_classify(&input, request->arena, findings, err)
			   : imp_classify_ledger(&input, request->arena, findings, err);
}

/* Reads the image's layers: PROFILES of them, and what ANALYSIS tells of each. */
static int read_layers(const struct imp_analyse_request *request,
		       const struct imp_profile **profiles, struct imp_analysis *analysis,
		       struct imp_error *err)
{
	size_t count = request->image->layer_count;
	struct imp_layer_outcome *outcomes =
		imp_arena_array(request->arena, count + 1, sizeof(*outcomes));
	struct imp_analysed_layer *layers =
		imp_arena_array(request->arena, count + 1, sizeof(*layers));
	int rc = gather_layers(request, outcomes, err);

	if (rc < 0)
		return rc;
	analysis->complete = true;
	for (size_t i = 0; i < count; i++) {
		profiles[i] = outcomes[i].profile;
		layers[i] = describe_layer(&request->image->layers[i], &outcomes[i]);
		analysis->complete &= !outcomes[i].incomplete;
		warn_of_layer(request, i, &outcomes[i]);
	}
	analysis->layers = layers;
	analysis->layer_count = count;
	return 0;
}

int imp_analyse_image(const struct imp_analyse_request *request, struct imp_tree **tree,
		      struct imp_contents **contents, struct imp_analysis **out,
		      struct imp_error *err)
{
	struct imp_arena *arena = request->arena;
	const struct imp_profile **profiles = imp_arena_array(
		arena, request->image->layer_count + 1, sizeof(*profiles));
	struct imp_findings *findings = imp_arena_alloc(arena, sizeof(*findings));
	struct imp_analysis *analysis = imp_arena_alloc(arena, sizeof(*analysis));
	struct imp_build build;
	int rc = imp_build_read(request, &build, err);

	analysis->image = request->image;
	analysis->warnings = request->warnings;
	if (rc == 0)
		rc = read_layers(request, profiles, analysis, err);
	if (rc == 0)
		rc = build_tree(request, profiles, tree, err);
	if (rc < 0)
		return rc;
	analysis->tree = *tree;
	if (request->options->rules) {
		*contents = imp_contents_create(*tree, profiles);
		analysis->contents = *contents;
		gather_evidence(request, analysis);
	}
	rc = find(request, profiles, analysis, &build.base, findings, err);
	if (rc < 0)
		return rc;
	analysis->findings = findings;
	imp_build_finish(request, &build, findings->base_layers, analysis);
	add_up(analysis);
	imp_analysis_gather(analysis, arena);
	*out = analysis;
	return 0;
}
