/* Manifests, indexes and configs by digest, each once. */
#include <stdlib.h>
#include <string.h>

#include "imgprof/json.h"
#include "stock_priv.h"

static struct imp_slice digest_key(const struct imp_digest *digest)
{
	return imp_slice((const char *)digest, sizeof(*digest));
}

/* A copy that outlives the tables, which move. */
static struct imp_slice kept_key(struct imp_stock *inventory,
				 const struct imp_digest *digest)
{
	return imp_arena_copy(inventory->arena, digest_key(digest));
}

uint32_t imp_stock_find_doc(const struct imp_stock *inventory,
			    const struct imp_digest *digest)
{
	uint64_t index = IMP_NO_INDEX;
	imp_map_get(&inventory->doc_by_digest, digest_key(digest), &index);
	return (uint32_t)index;
}

uint32_t imp_stock_doc(struct imp_stock *inventory, const struct imp_digest *digest,
		       uint32_t shelf, uint32_t depth)
{
	uint32_t known = imp_stock_find_doc(inventory, digest);

	if (known != IMP_NO_INDEX)
		return known;
	imp_map_set(&inventory->doc_by_digest, kept_key(inventory, digest),
		    inventory->doc_count);
	inventory->docs = imp_xgrow(inventory->docs, &inventory->doc_capacity,
				    inventory->doc_count + 1, sizeof(*inventory->docs));
	inventory->docs[inventory->doc_count] = (struct imp_doc){
		.digest = *digest,
		.shelf = shelf,
		.blob = IMP_NO_INDEX,
		.depth = depth,
		.config = IMP_NO_INDEX,
	};
	return (uint32_t)inventory->doc_count++;
}

static uint32_t blob_of(struct imp_stock *inventory, const struct imp_digest *digest,
			uint64_t size_bytes)
{
	uint64_t index;

	if (imp_map_get(&inventory->blob_by_digest, digest_key(digest), &index)) {
		struct imp_cost_blob *blob = &inventory->blobs[index];
		if (blob->size_bytes != size_bytes)
			imp_warnings_add(inventory->result.warnings, "size-differs",
					 IMP_NO_LAYER, IMP_SLICE(""),
					 "manifests give a blob two sizes, %llu and %llu "
					 "bytes: the larger counts",
					 (unsigned long long)blob->size_bytes,
					 (unsigned long long)size_bytes);
		if (blob->size_bytes < size_bytes)
			blob->size_bytes = size_bytes;
		return (uint32_t)index;
	}
	imp_map_set(&inventory->blob_by_digest, kept_key(inventory, digest),
		    inventory->blob_count);
	inventory->blobs =
		imp_xgrow(inventory->blobs, &inventory->blob_capacity,
			  inventory->blob_count + 1, sizeof(*inventory->blobs));
	inventory->blobs[inventory->blob_count] =
		(struct imp_cost_blob){*digest, size_bytes};
	return (uint32_t)inventory->blob_count++;
}

/* "linux/arm64"; IMP_COST_NO_PLATFORM for an unknown one. */
static uint16_t platform_of(struct imp_stock *inventory,
			    const struct imp_platform *platform)
{
	uint64_t index;

	if (!*platform->os || strcmp(platform->os, "unknown") == 0)
		return IMP_COST_NO_PLATFORM;
	struct imp_slice name =
		imp_slice_of(imp_platform_text(platform, inventory->arena));
	if (imp_map_get(&inventory->platform_by_name, name, &index))
		return (uint16_t)index;
	if (inventory->platform_count >= IMP_COST_SEVERAL_PLATFORMS)
		return IMP_COST_NO_PLATFORM;
	imp_map_set(&inventory->platform_by_name, name, inventory->platform_count);
	inventory->platforms =
		imp_xgrow(inventory->platforms, &inventory->platform_capacity,
			  inventory->platform_count + 1, sizeof(*inventory->platforms));
	inventory->platforms[inventory->platform_count] = name.data;
	return (uint16_t)inventory->platform_count++;
}

static uint32_t add_config(struct imp_stock *inventory, const struct imp_digest *digest,
			   uint32_t shelf)
{
	uint64_t index;

	if (imp_map_get(&inventory->config_by_digest, digest_key(digest), &index))
		return (uint32_t)index;
	imp_map_set(&inventory->config_by_digest, kept_key(inventory, digest),
		    inventory->config_count);
	inventory->configs =
		imp_xgrow(inventory->configs, &inventory->config_capacity,
			  inventory->config_count + 1, sizeof(*inventory->configs));
	inventory->configs[inventory->config_count] = (struct imp_image_config){
		.digest = *digest, .shelf = shelf, .platform = IMP_COST_NO_PLATFORM};
	return (uint32_t)inventory->config_count++;
}

/* Of all documents: from the cache, else from where it is. */
static void run_fetch(struct imp_job *job)
{
	struct imp_store *store = job->inventory->options.store;

	job->has_image = job->place == IMP_DOCUMENT_OF_MANIFEST &&
			 !imp_repository_has_manifests(job->shelf->source);
	if (job->has_image) {
		job->arena = imp_arena_create();
		job->rc = imp_repository_image(job->shelf->source, job->digest,
					       job->arena, &job->image, &job->err);
		return;
	}
	if (imp_cached_get(store, job->digest, &job->body) == 0)
		return;
	job->rc = imp_repository_document(job->shelf->source, job->place, job->digest,
					  &job->body, &job->err);
	if (job->rc == 0 && !job->shelf->local)
		imp_cached_put(store, job->digest, imp_strbuf_slice(&job->body));
}

static struct imp_digest read_subject(struct imp_slice body,
				      const struct imp_limits *limits)
{
	struct imp_error ignored = {0};
	struct imp_digest digest = {0};
	imp_auto_json json_t *root = NULL;

	if (!memmem(body.data, body.len, "\"subject\"", 9) ||
	    imp_json_parse(body, limits, "manifest", &root, &ignored) < 0)
		return digest;
	const json_t *subject = imp_json_get_object(root, "subject");
	if (imp_digest_parse(imp_json_get_string(subject, "digest"), &digest, &ignored) <
	    0)
		digest = (struct imp_digest){0};
	return digest;
}

static void take_children(struct imp_stock *inventory, uint32_t index,
			  const struct imp_document *document)
{
	struct imp_doc_child *children = imp_arena_array(
		inventory->arena, document->entry_count, sizeof(*children));
	uint32_t shelf = inventory->docs[index].shelf;
	uint32_t depth = inventory->docs[index].depth + 1;

	for (size_t i = 0; i < document->entry_count; i++) {
		const struct imp_descriptor *entry = &document->entries[i];
		children[i] = (struct imp_doc_child){
			.doc = imp_stock_doc(inventory, &entry->digest, shelf, depth),
			.platform = entry->has_platform && !entry->attestation
					    ? platform_of(inventory, &entry->platform)
					    : IMP_COST_NO_PLATFORM,
			.attached = entry->attestation,
		};
	}
	inventory->docs[index].children = children;
	inventory->docs[index].child_count = document->entry_count;
}

static void take_blobs(struct imp_stock *inventory, uint32_t index,
		       const struct imp_document *document)
{
	uint32_t *blobs = imp_arena_array(inventory->arena, document->entry_count + 1,
					  sizeof(*blobs));
	struct imp_doc *doc = &inventory->docs[index];

	if (document->config.digest.algorithm != IMP_DIGEST_NONE)
		blobs[doc->blob_count++] = blob_of(inventory, &document->config.digest,
						   document->config.size_bytes);
	doc->first_layer = doc->blob_count;
	for (size_t i = 0; i < document->entry_count; i++) {
		const struct imp_descriptor *entry = &document->entries[i];
		if (entry->foreign &&
		    (entry->url_count || entry->size_bytes == IMP_UNKNOWN_SIZE)) {
			doc->foreign_layers++;
			continue;
		}
		blobs[doc->blob_count++] =
			blob_of(inventory, &entry->digest, entry->size_bytes);
		if (entry->declared == IMP_DECLARED_PLAIN &&
		    inventory->shelves[doc->shelf]->local)
			inventory->result.plain_layers++;
	}
	doc->blobs = blobs;
	if (document->kind == IMP_DOCUMENT_MANIFEST)
		doc->config = add_config(inventory, &document->config.digest, doc->shelf);
}

/* A build cache calls its index an artifact; its entries are blobs, not manifests. */
static bool lists_manifests(const struct imp_document *document)
{
	return document->kind == IMP_DOCUMENT_INDEX;
}

static void take_document(struct imp_stock *inventory, struct imp_job *job)
{
	const struct imp_limits *limits = inventory->options.context->limits;
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	struct imp_slice body = imp_strbuf_slice(&job->body);
	struct imp_document document = job->image;
	char name[IMP_DIGEST_TEXT];

	if (job->rc == 0 && !job->has_image)
		job->rc = imp_document_parse(body, "", imp_digest_text(job->digest, name),
					     limits, scratch, &document, &job->err);
	if (job->rc == 0 && inventory->docs[job->index].depth > limits->index_depth)
		job->rc = imp_fail(&job->err, IMP_E_LIMIT,
				   "%s: resource limit index-depth", name);
	if (job->rc != 0) {
		imp_stock_unseen(inventory, job, "manifest-unseen");
		return;
	}
	/* Where there is no manifest, the config stands for the image */
	uint32_t blob = blob_of(inventory, job->digest,
				job->has_image ? document.config.size_bytes : body.len);
	inventory->docs[job->index].blob = blob;
	inventory->docs[job->index].manifest = !job->has_image;
	inventory->docs[job->index].subject = read_subject(body, limits);
	if (lists_manifests(&document))
		take_children(inventory, job->index, &document);
	else
		take_blobs(inventory, job->index, &document);
}

static void take_config(struct imp_stock *inventory, struct imp_job *job)
{
	const struct imp_limits *limits = inventory->options.context->limits;
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	struct imp_image_config *out = &inventory->configs[job->index];
	struct imp_slice wanted = inventory->options.label;
	struct imp_config config = {0};
	char name[IMP_DIGEST_TEXT];

	if (job->rc == 0)
		job->rc = imp_config_parse(imp_strbuf_slice(&job->body),
					   imp_digest_text(job->digest, name), limits,
					   scratch, &config, &job->err);
	if (job->rc != 0) {
		imp_stock_unseen(inventory, job, "config-unseen");
		return;
	}
	/* The epoch and the future are no dates */
	out->dated = config.has_created && config.created_ns > 0 &&
		     config.created_ns <= inventory->options.now_ns;
	out->created_ns = config.created_ns;
	out->platform = platform_of(inventory, &config.platform);
	for (size_t i = 0; wanted.len && i < config.label_count; i++)
		if (imp_slice_equal(config.labels[i].key, wanted))
			out->label = (struct imp_pair){
				wanted,
				imp_arena_copy(inventory->arena, config.labels[i].value)};
}

typedef void taker(struct imp_stock *inventory, struct imp_job *job);

static int fetch_batch(struct imp_stock *inventory, struct imp_job *jobs, size_t count,
		       taker *take, struct imp_error *err)
{
	int rc = imp_jobs_run(inventory, jobs, count, run_fetch, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		take(inventory, &jobs[i]);
	imp_jobs_finish(jobs, count);
	return rc;
}

int imp_stock_documents(struct imp_stock *inventory, struct imp_error *err)
{
	imp_auto_free struct imp_job *jobs = imp_xcalloc(IMP_JOBS_AT_ONCE, sizeof(*jobs));
	int rc = 0;

	while (rc == 0 && inventory->docs_loaded < inventory->doc_count) {
		size_t count = 0;
		while (count < IMP_JOBS_AT_ONCE &&
		       inventory->docs_loaded < inventory->doc_count) {
			uint32_t index = (uint32_t)inventory->docs_loaded++;
			struct imp_digest *digest =
				imp_arena_alloc(inventory->arena, sizeof(*digest));
			*digest = inventory->docs[index].digest;
			jobs[count++] = (struct imp_job){
				.inventory = inventory,
				.shelf = inventory->shelves[inventory->docs[index].shelf],
				.index = index,
				.digest = digest,
				.place = IMP_DOCUMENT_OF_MANIFEST};
		}
		rc = fetch_batch(inventory, jobs, count, take_document, err);
	}
	return rc;
}

int imp_stock_configs(struct imp_stock *inventory, struct imp_error *err)
{
	imp_auto_free struct imp_job *jobs = imp_xcalloc(IMP_JOBS_AT_ONCE, sizeof(*jobs));
	int rc = 0;

	while (rc == 0 && inventory->configs_loaded < inventory->config_count) {
		size_t count = 0;
		while (count < IMP_JOBS_AT_ONCE &&
		       inventory->configs_loaded < inventory->config_count) {
			size_t index = inventory->configs_loaded++;
			struct imp_image_config *config = &inventory->configs[index];
			jobs[count++] = (struct imp_job){
				.inventory = inventory,
				.shelf = inventory->shelves[config->shelf],
				.index = (uint32_t)index,
				.digest = &config->digest,
				.place = IMP_DOCUMENT_OF_CONFIG};
		}
		rc = fetch_batch(inventory, jobs, count, take_config, err);
	}
	return rc;
}
