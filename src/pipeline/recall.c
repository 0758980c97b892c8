#include "recall.h"

#include <string.h>

#include "imgprof/cleanup.h"
#include "origin.h"
#include "stored.h"

static bool pinned(const struct imp_image *image)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (image->layers[i].blob.digest.algorithm == IMP_DIGEST_NONE)
			return false;
	return image->digest.algorithm != IMP_DIGEST_NONE;
}

/* What this run was told beyond the key (files of traces, commands) must not be kept. */
static bool may_recall(const struct imp_analyse_request *request)
{
	const struct imp_session_options *options = request->options;

	return options->store && options->tree_optional && options->program &&
	       !request->members && !options->partial && options->recompress_count == 0 &&
	       !options->resolve_base && !options->base &&
	       options->runtime.run_count == 0 && !options->runtime.used.data &&
	       pinned(request->image);
}

/* All that an analysis rests on. The manifest's digest stands for all bytes of the image. */
static struct imp_digest key_of(const struct imp_analyse_request *request)
{
	const struct imp_session_options *options = request->options;
	const struct imp_image *image = request->image;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	char manifest[IMP_DIGEST_TEXT], config[IMP_DIGEST_TEXT];
	struct imp_digest key;
	const char *name;
	uint64_t value;

	imp_strbuf_printf(&text, "analysis %d\nprofile %d\nprogram %s\n",
			  IMP_ANALYSIS_VERSION, IMP_PROFILE_VERSION, options->program);
	imp_strbuf_printf(&text, "manifest %s\nconfig %s\nplatform %s/%s/%s\n",
			  imp_digest_text(&image->digest, manifest),
			  imp_digest_text(&image->manifest.config.digest, config),
			  image->platform.os, image->platform.architecture,
			  image->platform.variant);
	imp_strbuf_printf(&text, "attestation %s\n",
			  imp_digest_text(&image->attestation.digest, manifest));
	if (options->dockerfile.text.data) {
		imp_digest_of(IMP_DIGEST_SHA256, options->dockerfile.text, &key);
		imp_strbuf_printf(&text, "dockerfile %s %s\n",
				  imp_digest_text(&key, manifest),
				  options->dockerfile.name);
	}
	imp_strbuf_printf(&text, "rules %s\nverify-full %d\nforeign %d\n",
			  options->rules ? imp_rules_version(options->rules) : "none",
			  options->verify_diff_ids, options->source.foreign);
	for (size_t i = 0; imp_limits_get(options->context->limits, i, &name, &value);
	     i++)
		imp_strbuf_printf(&text, "%s %llu\n", name, (unsigned long long)value);
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&text), &key);
	return key;
}

bool imp_recall(const struct imp_analyse_request *request, struct imp_analysis **out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	struct imp_store *store = request->options->store;
	struct imp_error ignored = {0};

	if (!may_recall(request))
		return false;
	struct imp_digest key = key_of(request);
	if (imp_store_get_report(store, &key, &bytes, &ignored) != 0)
		return false;
	if (imp_stored_load(imp_strbuf_slice(&bytes), request->image, request->warnings,
			    request->arena, out, &ignored) == 0)
		return true;
	imp_store_drop_report(store, &key);
	return false;
}

/* The cache did not take a profile: so would a report fare; or the builder's record could not be
 * fetched: it may be next time. */
static bool is_of_this_run(const struct imp_warnings *warnings)
{
	for (size_t i = 0; i < imp_warnings_count(warnings); i++) {
		const char *code = imp_warnings_get(warnings, i)->code;
		if (strcmp(code, "cache") == 0 ||
		    strcmp(code, IMP_WARNING_NO_PROVENANCE) == 0)
			return true;
	}
	return false;
}

void imp_remember(const struct imp_analyse_request *request,
		  const struct imp_analysis *analysis, size_t first_warning)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	const struct imp_session_options *options = request->options;
	struct imp_error failed = {0};
	uint64_t removed, removed_bytes;

	if (!may_recall(request) || !analysis->complete ||
	    is_of_this_run(analysis->warnings))
		return;
	struct imp_digest key = key_of(request);
	imp_stored_write(analysis, first_warning, &bytes);
	if (imp_store_put_report(options->store, &key, imp_strbuf_slice(&bytes),
				 &failed) == 0)
		imp_store_prune(options->store, imp_store_cap(options->context), &removed,
				&removed_bytes, &failed);
	else
		imp_warnings_add(request->warnings, "cache", IMP_NO_LAYER,
				 (struct imp_slice){0}, "%s", failed.message);
}
