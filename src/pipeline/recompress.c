#include "recompress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "imgprof/arena.h"
#include "imgprof/checked.h"
#include "imgprof/cleanup.h"
#include "imgprof/pool.h"
#include "imgprof/samples.h"
#include "turns.h"

enum {
	BLOCK_BYTES = 256 << 10,
	BLOCKS = IMP_SAMPLES_MAX,
	/* What zstd gains from matches farther back than a sample's window: 1.8 to 2.9 % of real
	 * layers at level 3. */
	ZSTD_ALLOWANCE_PERCENT = 4,
};

/* One layer at all settings. */
struct job {
	const struct imp_recompress_request *request;
	struct imp_turns *turns;
	size_t layer;
	struct imp_progress_slot *slot;
	bool whole;
	/* Bytes of each sample at each setting */
	uint64_t *measured;                   /* [setting * BLOCKS + sample] */
	struct imp_recompress_layer *results; /* one for each setting */
};

static const struct imp_profile_summary *summary_of(const struct job *job)
{
	return &job->request->analysis->layers[job->layer].summary;
}

static int take(void *user, size_t index, struct imp_slice window, struct imp_slice block,
		struct imp_error *err)
{
	struct job *job = user;
	const struct imp_session_options *options = job->request->options;
	int rc = 0;

	for (size_t s = 0; rc == 0 && s < options->recompress_count; s++) {
		struct imp_compress_job compress = {
			.setting = &options->recompress[s],
			.whole = job->whole,
			.window = window,
			.block = block,
		};
		rc = imp_compress_measure(&compress, &job->measured[s * BLOCKS + index],
					  err);
		if (rc == 0 && imp_cancelled(imp_turn_cancel(job->turns, job->layer)))
			rc = imp_fail(err, IMP_E_CANCELLED, "stopped");
	}
	return rc;
}

/* The ratio estimate: what the samples weigh then to what they weigh now; its error from how far
 * single samples are off (Cochran, Sampling Techniques, 6.4; two standard errors) and, for zstd,
 * from what samples cannot show: ALLOWANCE in percent. */
static struct imp_recompress_layer estimate(const struct job *job,
					    const struct imp_sampling *sampling,
					    const uint64_t *then, unsigned allowance)
{
	size_t count = imp_sampling_blocks(sampling);
	double pull = (double)summary_of(job)->pull_bytes;
	double sum_now = 0, sum_then = 0, squares = 0;
	struct imp_recompress_layer result = {
		.known = true,
		.whole = job->whole,
		.sampled_bytes =
			job->whole ? sampling->tar_bytes : (uint64_t)count * BLOCK_BYTES,
	};

	if (job->whole) {
		result.pull_bytes = then[0];
		return result;
	}
	for (size_t i = 0; i < count; i++) {
		sum_now += (double)sampling->pull_bytes[i];
		sum_then += (double)then[i];
	}
	double ratio = sum_now > 0 ? sum_then / sum_now : 1;
	for (size_t i = 0; i < count; i++) {
		double off = (double)then[i] - ratio * (double)sampling->pull_bytes[i];
		squares += off * off;
	}
	double n = (double)count;
	double unsampled = 1 - (double)result.sampled_bytes / (double)sampling->tar_bytes;
	double error =
		sum_now > 0 ? sqrt(squares / (n - 1) / n * unsampled) * n / sum_now : 1;
	result.pull_bytes = (uint64_t)(pull * ratio + 0.5);
	result.error_bytes = (uint64_t)(2 * pull * error + 0.5) +
			     imp_mul_div(result.pull_bytes, allowance, 100);
	return result;
}

static size_t largest_window(const struct imp_session_options *options)
{
	size_t largest = 0;

	for (size_t s = 0; s < options->recompress_count; s++) {
		size_t window = imp_compress_window(&options->recompress[s]);
		largest = window > largest ? window : largest;
	}
	return largest;
}

static int open_blob(const struct job *job, struct imp_stream **blob,
		     struct imp_error *err)
{
	return imp_source_open_layer(job->request->source, job->request->analysis->image,
				     job->layer, blob, err);
}

static int sample_layer(struct job *job, struct imp_error *err)
{
	const struct imp_session_options *options = job->request->options;
	const struct imp_image_layer *layer =
		&job->request->analysis->image->layers[job->layer];
	struct imp_layer_request reading = {
		.blob_digest = layer->blob.digest,
		.blob_bytes = layer->blob.size_bytes,
		.overlap = options->context->threads > 1,
		.limits = options->context->limits,
		.cancel = imp_turn_cancel(job->turns, job->layer),
		.progress = &job->slot->done_bytes,
	};
	struct imp_sampling sampling = {
		.tar_bytes = summary_of(job)->tar_bytes,
		.block_bytes = BLOCK_BYTES,
		.count = BLOCKS,
		.window_bytes = largest_window(options),
		.take = take,
		.user = job,
	};
	struct imp_stream *blob;
	int rc = open_blob(job, &blob, err);

	job->whole = imp_sampling_blocks(&sampling) == 1;
	if (rc == 0)
		rc = imp_layer_sample(blob, &reading, &sampling, err);
	for (size_t s = 0; rc == 0 && s < options->recompress_count; s++)
		job->results[s] = estimate(job, &sampling, job->measured + s * BLOCKS,
					   options->recompress[s].compression ==
							   IMP_COMPRESSION_ZSTD
						   ? ZSTD_ALLOWANCE_PERCENT
						   : 0);
	return rc;
}

static int run_job(void *user, struct imp_error *err)
{
	struct job *job = user;
	int rc = imp_turn_begin(job->turns, job->layer, err);

	job->measured = imp_xcalloc(job->request->options->recompress_count * BLOCKS,
				    sizeof(*job->measured));
	atomic_store(&job->slot->state, IMP_PROGRESS_READING);
	if (rc == 0)
		rc = sample_layer(job, err);
	atomic_store(&job->slot->state, rc < 0 ? IMP_PROGRESS_FAILED : IMP_PROGRESS_DONE);
	free(job->measured);
	if (rc < 0)
		imp_wrap(err, "layer %zu", job->layer);
	imp_turn_end(job->turns, job->layer, rc, err);
	return 0;
}

/* The layer before I with the same blob, or I. */
static size_t first_alike(const struct imp_analysis *analysis, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!analysis->layers[j].missing &&
		    imp_digest_equal(&analysis->layers[j].summary.blob_digest,
				     &analysis->layers[i].summary.blob_digest))
			return j;
	return i;
}

static bool is_readable(const struct imp_analysed_layer *layer)
{
	return !layer->missing && !layer->summary.damaged;
}

static int sample_all(const struct imp_recompress_request *request, struct job *jobs,
		      struct imp_progress_slot *slots, struct imp_error *err)
{
	const struct imp_context *context = request->options->context;
	const struct imp_analysis *analysis = request->analysis;
	imp_auto_destroy(imp_turns) struct imp_turns *turns =
		imp_turns_create(analysis->layer_count, context->cancel);
	imp_auto_free bool *wanted = imp_xcalloc(analysis->layer_count + 1, sizeof(bool));

	for (size_t i = 0; i < analysis->layer_count; i++) {
		wanted[i] = first_alike(analysis, i) == i &&
			    is_readable(&analysis->layers[i]);
		jobs[i].turns = turns;
		if (wanted[i])
			imp_turns_expect(turns, i);
		else
			atomic_store(&slots[i].state, IMP_PROGRESS_CACHED);
	}
	imp_auto_destroy(imp_pool) struct imp_pool *pool =
		imp_pool_create(context->threads, NULL);
	for (size_t i = 0; i < analysis->layer_count; i++)
		if (wanted[i])
			imp_pool_submit(pool, run_job, &jobs[i]);
	imp_pool_wait(pool, NULL, NULL);
	return imp_turns_result(turns, err);
}

static int run_jobs(const struct imp_recompress_request *request, struct job *jobs,
		    struct imp_progress_slot *slots, struct imp_error *err)
{
	const struct imp_session_options *options = request->options;
	const struct imp_analysis *analysis = request->analysis;
	struct imp_progress progress = {.slots = slots, .count = analysis->layer_count};

	for (size_t i = 0; i < analysis->layer_count; i++) {
		imp_digest_short(&analysis->layers[i].summary.blob_digest,
				 slots[i].label);
		slots[i].total_bytes = analysis->layers[i].summary.pull_bytes;
	}
	if (options->watcher.begin)
		options->watcher.begin(options->watcher.user, &progress);
	int rc = sample_all(request, jobs, slots, err);
	if (options->watcher.end)
		options->watcher.end(options->watcher.user, &progress);
	return rc;
}

static void add_up(const struct imp_recompress_request *request, const struct job *jobs,
		   size_t setting, struct imp_recompress_estimate *out)
{
	size_t count = request->analysis->layer_count;
	struct imp_recompress_layer *layers =
		imp_arena_array(request->arena, count + 1, sizeof(*layers));
	double squares = 0;

	*out = (struct imp_recompress_estimate){
		.setting = request->options->recompress[setting], .layers = layers};
	for (size_t i = 0; i < count; i++) {
		layers[i] = jobs[first_alike(request->analysis, i)].results[setting];
		out->pull_bytes += layers[i].pull_bytes;
		squares += (double)layers[i].error_bytes * (double)layers[i].error_bytes;
	}
	out->error_bytes = (uint64_t)(sqrt(squares) + 0.5);
}

int imp_recompress_run(const struct imp_recompress_request *request,
		       const struct imp_recompress **out, struct imp_error *err)
{
	size_t layers = request->analysis->layer_count;
	size_t settings = request->options->recompress_count;
	imp_auto_free struct job *jobs = imp_xcalloc(layers + 1, sizeof(*jobs));
	imp_auto_free struct imp_progress_slot *slots =
		imp_xcalloc(layers + 1, sizeof(*slots));
	struct imp_recompress *result = imp_arena_alloc(request->arena, sizeof(*result));
	struct imp_recompress_estimate *list =
		imp_arena_array(request->arena, settings + 1, sizeof(*list));

	for (size_t i = 0; i < layers; i++)
		jobs[i] = (struct job){
			.request = request,
			.layer = i,
			.slot = &slots[i],
			.results = imp_arena_array(request->arena, settings,
						   sizeof(struct imp_recompress_layer)),
		};
	int rc = run_jobs(request, jobs, slots, err);
	if (rc < 0)
		return rc;
	for (size_t s = 0; s < settings; s++)
		add_up(request, jobs, s, &list[s]);
	result->list = list;
	result->count = settings;
	*out = result;
	return 0;
}
