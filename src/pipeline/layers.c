#include "layers.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/layer.h"
#include "imgprof/pool.h"
#include "turns.h"

/* One distinct blob of the image; layers that repeat it share the job. */
struct job {
	const struct imp_layers_request *request;
	struct imp_turns *turns;
	size_t layer; /* the first layer with this blob */
	struct imp_progress_slot *slot;
	struct imp_book_page page;
	bool have_page;
	bool had_facts; /* the stored profile: what is written over it has them too */
	bool store_failed, stored;
	struct imp_error store_error;
	struct imp_error
		reason; /* why it could not be read whole, when that is an outcome */
};

static const struct imp_image_layer *layer_of(const struct job *job)
{
	return &job->request->image->layers[job->layer];
}

int imp_layer_accept(const struct imp_image *image, size_t layer,
		     const struct imp_book_page *page, enum imp_verified *verified,
		     struct imp_error *err)
{
	const struct imp_image_layer *expected = &image->layers[layer];
	const struct imp_profile_summary *summary = imp_profile_summary(page->profile);
	bool blob_known = expected->blob.digest.algorithm != IMP_DIGEST_NONE;
	bool diff_known = expected->diff_id.algorithm == IMP_DIGEST_SHA256;
	char want[IMP_DIGEST_TEXT], got[IMP_DIGEST_TEXT];

	if (expected->blob.size_bytes != IMP_UNKNOWN_SIZE &&
	    expected->blob.size_bytes != summary->pull_bytes)
		return imp_fail(err, IMP_E_INTEGRITY,
				"blob has %llu bytes, expected %llu",
				(unsigned long long)summary->pull_bytes,
				(unsigned long long)expected->blob.size_bytes);
	if (expected->blob.digest.algorithm == IMP_DIGEST_SHA256 &&
	    !imp_digest_equal(&expected->blob.digest, &summary->blob_digest))
		return imp_fail(err, IMP_E_INTEGRITY, "digest is %s, expected %s",
				imp_digest_text(&summary->blob_digest, got),
				imp_digest_text(&expected->blob.digest, want));
	if (page->has_tar_digest && diff_known &&
	    !imp_digest_equal(&page->tar_digest, &expected->diff_id))
		return imp_fail(err, IMP_E_INTEGRITY,
				"the tar's digest is %s, expected diff ID %s",
				imp_digest_text(&page->tar_digest, got),
				imp_digest_text(&expected->diff_id, want));

	bool diff_checked = page->has_tar_digest && diff_known;
	*verified = blob_known
			    ? (diff_checked ? IMP_VERIFIED_BOTH : IMP_VERIFIED_BLOB)
			    : (diff_checked ? IMP_VERIFIED_DIFF_ID : IMP_VERIFIED_NONE);
	return 0;
}

/* Where no blob digest protects the layer, or its tar has no end of its own, the DiffID is
 * what shows that nothing is missing (design section 6). */
static bool needs_tar_digest(const struct job *job, const struct imp_book_page *page)
{
	const struct imp_image_layer *layer = layer_of(job);

	if (layer->diff_id.algorithm != IMP_DIGEST_SHA256 || page->has_tar_digest)
		return false;
	return job->request->options->verify_diff_ids ||
	       layer->blob.digest.algorithm == IMP_DIGEST_NONE ||
	       imp_profile_summary(page->profile)->without_end;
}

/* A page that is known already and good enough; false: the layer must be read. */
static bool find_known(struct job *job)
{
	const struct imp_image_layer *layer = layer_of(job);
	struct imp_store *store = job->request->options->store;
	struct imp_stored_layer stored = {0};
	struct imp_error ignored = {0};

	if (!imp_book_find(job->request->book, &layer->blob.digest, &job->page)) {
		if (!store || layer->blob.digest.algorithm == IMP_DIGEST_NONE ||
		    imp_store_get(store, &layer->blob.digest, &stored, &ignored) != 0)
			return false;
		job->had_facts = imp_profile_summary(stored.profile)->has_facts;
		/* It must not take the place of the one that is read now. */
		if (job->request->options->rules && !job->had_facts) {
			imp_profile_destroy(stored.profile);
			return false;
		}
		job->page = imp_book_enter(
			job->request->book, stored.profile,
			stored.has_tar_digest ? &stored.tar_digest : NULL, true);
	}
	enum imp_verified verified;
	return !needs_tar_digest(job, &job->page) &&
	       imp_layer_accept(job->request->image, job->layer, &job->page, &verified,
				&ignored) == 0;
}

static void put_into_store(struct job *job, const struct imp_layer_result *result)
{
	struct imp_store *store = job->request->options->store;

	if (!store || imp_profile_summary(result->profile)->damaged)
		return;
	if (imp_store_put(store, result->profile,
			  result->has_tar_digest ? &result->tar_digest : NULL,
			  &job->store_error) < 0)
		job->store_failed = true;
	else
		job->stored = true;
}

static int read_once(struct job *job, bool hash_tar, struct imp_layer_result *result,
		     struct imp_error *err)
{
	const struct imp_session_options *options = job->request->options;
	const struct imp_context *context = options->context;
	const struct imp_image_layer *layer = layer_of(job);
	struct imp_layer_request request = {
		.blob_digest = layer->blob.digest,
		.blob_bytes = layer->blob.size_bytes,
		.hash_tar = hash_tar,
		.facts = options->rules || job->had_facts,
		.overlap = context->threads > 1,
		.keep_damaged = options->partial,
		.limits = context->limits,
		.cancel = imp_turn_cancel(job->turns, job->layer),
		.progress = &job->slot->done_bytes,
	};
	struct imp_stream *blob;
	int rc = imp_source_open_layer(job->request->source, job->request->image,
				       job->layer, &blob, err);
	if (rc < 0)
		return rc;
	atomic_store(&job->slot->done_bytes, 0);
	return imp_layer_read(blob, &request, result, err);
}

static int read_and_enter(struct job *job, bool hash_tar, struct imp_error *err)
{
	struct imp_layer_result result = {0};
	int rc = read_once(job, hash_tar, &result, err);

	if (!result.profile)
		return rc;
	if (rc == 0)
		put_into_store(job, &result);
	job->page =
		imp_book_enter(job->request->book, result.profile,
			       result.has_tar_digest ? &result.tar_digest : NULL, false);
	job->have_page = true;
	return rc;
}

static int read_layer(struct job *job, struct imp_error *err)
{
	const struct imp_image_layer *layer = layer_of(job);
	bool hash_tar = job->request->options->verify_diff_ids ||
			layer->blob.digest.algorithm == IMP_DIGEST_NONE;

	if (layer->blob.encrypted)
		return imp_fail(err, IMP_E_UNSUPPORTED, "encrypted");
	if (find_known(job)) {
		job->have_page = true;
		atomic_store(&job->slot->state, IMP_PROGRESS_CACHED);
		return 0;
	}
	atomic_store(&job->slot->state, IMP_PROGRESS_READING);
	int rc = read_and_enter(job, hash_tar, err);
	if (rc == 0 && needs_tar_digest(job, &job->page))
		rc = read_and_enter(job, true, err);
	if (rc < 0)
		return rc;
	enum imp_verified verified;
	rc = imp_layer_accept(job->request->image, job->layer, &job->page, &verified,
			      err);
	atomic_store(&job->slot->state, rc < 0 ? IMP_PROGRESS_FAILED : IMP_PROGRESS_DONE);
	return rc;
}

/* Layers that nobody can read are no fault of this run; with --partial nothing is, short
 * of a bug, a signal or this machine. */
static bool is_outcome(const struct job *job, int category)
{
	const struct imp_image_layer *layer = layer_of(job);

	if (category == IMP_E_BUG || category == IMP_E_CANCELLED ||
	    category == IMP_E_SYSTEM)
		return false;
	return job->request->options->partial || layer->blob.encrypted ||
	       (layer->blob.foreign && category == IMP_E_NOT_FOUND);
}

static int wrap_with_layer(const struct job *job, struct imp_error *err)
{
	const struct imp_image_layer *layer = layer_of(job);
	const struct imp_digest *digest = layer->blob.digest.algorithm != IMP_DIGEST_NONE
						  ? &layer->blob.digest
						  : &layer->diff_id;
	char text[IMP_DIGEST_TEXT];

	return imp_wrap(err, "layer %zu %s", job->layer, imp_digest_text(digest, text));
}

static int read_or_give_reason(struct job *job, struct imp_error *err)
{
	int rc = imp_turn_begin(job->turns, job->layer, err);

	if (rc == 0)
		rc = read_layer(job, err);
	if (rc == 0)
		return 0;
	atomic_store(&job->slot->state, IMP_PROGRESS_FAILED);
	if (!is_outcome(job, rc))
		return wrap_with_layer(job, err);
	job->reason = *err;
	return 0;
}

static int run_job(void *context, struct imp_error *err)
{
	struct job *job = context;
	int rc = read_or_give_reason(job, err);

	imp_turn_end(job->turns, job->layer, rc, err);
	return 0;
}

static int compare_by_size(const void *a, const void *b)
{
	const struct job *x = *(struct job *const *)a, *y = *(struct job *const *)b;
	uint64_t x_bytes = layer_of(x)->blob.size_bytes,
		 y_bytes = layer_of(y)->blob.size_bytes;

	if (x_bytes != y_bytes)
		return x_bytes < y_bytes ? 1 : -1;
	return x->layer < y->layer ? -1 : x->layer > y->layer;
}

/* The layer before this one with the same blob, or this one. */
static size_t first_with_blob(const struct imp_image *image, size_t layer)
{
	const struct imp_digest *digest = &image->layers[layer].blob.digest;

	for (size_t i = 0; i < layer && digest->algorithm != IMP_DIGEST_NONE; i++)
		if (imp_digest_equal(&image->layers[i].blob.digest, digest) &&
		    imp_digest_equal(&image->layers[i].diff_id,
				     &image->layers[layer].diff_id))
			return i;
	return layer;
}

static void prepare_slot(struct imp_progress_slot *slot,
			 const struct imp_image_layer *layer)
{
	char digest[16];

	imp_digest_short(layer->blob.digest.algorithm != IMP_DIGEST_NONE
				 ? &layer->blob.digest
				 : &layer->diff_id,
			 digest);
	memcpy(slot->label, digest, sizeof(digest));
	slot->total_bytes =
		layer->blob.size_bytes == IMP_UNKNOWN_SIZE ? 0 : layer->blob.size_bytes;
}

/* The largest blob first: with a few cores and layers of unequal size the last to end is then
 * a small one. */
static int run_jobs(struct job *jobs, const size_t *job_of, size_t layer_count,
		    const struct imp_context *context, struct imp_error *err)
{
	imp_auto_free struct job **order =
		imp_xcalloc(layer_count + 1, sizeof(struct job *));
	imp_auto_destroy(imp_turns) struct imp_turns *turns =
		imp_turns_create(layer_count, context->cancel);
	size_t count = 0;

	for (size_t i = 0; i < layer_count; i++) {
		if (job_of[i] != i)
			continue;
		imp_turns_expect(turns, i);
		jobs[i].turns = turns;
		order[count++] = &jobs[i];
	}
	qsort(order, count, sizeof(struct job *), compare_by_size);

	imp_auto_destroy(imp_pool) struct imp_pool *pool =
		imp_pool_create(context->threads, NULL);
	for (size_t i = 0; i < count; i++)
		imp_pool_submit(pool, run_job, order[i]);
	imp_pool_wait(pool, NULL, NULL);
	return imp_turns_result(turns, err);
}

static void conclude(const struct job *job, struct imp_layer_outcome *outcome)
{
	struct imp_error ignored = {0};

	outcome->reason = job->reason;
	outcome->incomplete = job->reason.category != 0;
	if (!job->have_page)
		return;
	outcome->profile = job->page.profile;
	outcome->cached = job->page.cached;
	if (outcome->incomplete ||
	    imp_layer_accept(job->request->image, job->layer, &job->page,
			     &outcome->verified, &ignored) < 0)
		outcome->verified = IMP_VERIFIED_NONE;
}

static void report_store(const struct job *jobs, size_t count,
			 struct imp_warnings *warnings, size_t *added)
{
	bool told = false;

	for (size_t i = 0; i < count; i++) {
		if (jobs[i].stored)
			++*added;
		if (jobs[i].store_failed && !told)
			imp_warnings_add(warnings, "cache", IMP_NO_LAYER,
					 (struct imp_slice){0}, "%s",
					 jobs[i].store_error.message);
		told |= jobs[i].store_failed;
	}
}

int imp_layers_read(const struct imp_layers_request *request,
		    struct imp_layer_outcome *outcomes, struct imp_warnings *warnings,
		    size_t *added, struct imp_error *err)
{
	const struct imp_session_options *options = request->options;
	size_t count = request->image->layer_count;
	imp_auto_free struct job *jobs = imp_xcalloc(count + 1, sizeof(*jobs));
	imp_auto_free size_t *job_of = imp_xcalloc(count + 1, sizeof(*job_of));
	imp_auto_free struct imp_progress_slot *slots =
		imp_xcalloc(count + 1, sizeof(*slots));
	struct imp_progress progress = {.slots = slots, .count = count};

	for (size_t i = 0; i < count; i++) {
		job_of[i] = first_with_blob(request->image, i);
		jobs[i].request = request;
		jobs[i].layer = i;
		jobs[i].slot = &slots[i];
		prepare_slot(&slots[i], &request->image->layers[i]);
	}
	if (options->watcher.begin)
		options->watcher.begin(options->watcher.user, &progress);
	int rc = run_jobs(jobs, job_of, count, options->context, err);
	if (options->watcher.end)
		options->watcher.end(options->watcher.user, &progress);
	/* The threads' buffers: rules need as much again. */
	imp_memory_trim();
	report_store(jobs, count, warnings, added);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		conclude(&jobs[job_of[i]], &outcomes[i]);
	return 0;
}

int imp_layer_read_member(const struct imp_session_options *options,
			  struct imp_book *book, struct imp_stream *bytes,
			  struct imp_book_page *out, struct imp_error *err)
{
	const struct imp_context *context = options->context;
	struct imp_layer_request request = {
		.blob_bytes = IMP_UNKNOWN_SIZE,
		.hash_tar = true,
		.facts = options->rules != NULL,
		.overlap = context->threads > 1,
		.limits = context->limits,
		.cancel = context->cancel,
	};
	struct imp_layer_result result = {0};
	int rc = imp_layer_read(bytes, &request, &result, err);

	if (rc < 0)
		return rc;
	*out = imp_book_enter(book, result.profile, &result.tar_digest, false);
	return 0;
}
