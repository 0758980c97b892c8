/* Signatures, attestations, SBOMs: what names a manifest as its subject. */
#include <stdlib.h>

#include "reach.h"

static void attach(struct imp_stock *inventory, uint32_t shelf, uint32_t subject,
		   uint32_t attached)
{
	if (subject == attached)
		return;
	inventory->attachments = imp_xgrow(
		inventory->attachments, &inventory->attachment_capacity,
		inventory->attachment_count + 1, sizeof(*inventory->attachments));
	inventory->attachments[inventory->attachment_count++] =
		(struct imp_attachment){shelf, subject, attached};
}

/* Fallback tags of what is known by now; more may be known when they are loaded. */
static int attach_fallback_tags(struct imp_stock *inventory, struct imp_error *err)
{
	const uint32_t most_rounds = inventory->options.context->limits->index_depth;
	int rc = 0;

	for (uint32_t round = 0; rc == 0 && round < most_rounds; round++) {
		for (uint32_t s = 0; s < inventory->shelf_count; s++) {
			const struct imp_shelf *shelf = inventory->shelves[s];
			for (size_t i = 0; i < shelf->row_count; i++) {
				const struct imp_shelf_row *row = &shelf->rows[i];
				if (!row->fallback ||
				    row->digest.algorithm == IMP_DIGEST_NONE)
					continue;
				uint32_t subject =
					imp_stock_find_doc(inventory, &row->subject);
				if (subject == IMP_NO_INDEX)
					continue;
				attach(inventory, s, subject,
				       imp_stock_doc(inventory, &row->digest, row->source,
						     0));
			}
		}
		if (inventory->docs_loaded == inventory->doc_count)
			break;
		rc = imp_stock_documents(inventory, err);
	}
	return rc;
}

/* Listed manifests that say themselves what they belong to. */
static void attach_by_subject(struct imp_stock *inventory)
{
	for (uint32_t s = 0; s < inventory->shelf_count; s++) {
		const struct imp_shelf *shelf = inventory->shelves[s];
		for (size_t i = 0; i < shelf->row_count; i++) {
			uint32_t doc =
				imp_stock_find_doc(inventory, &shelf->rows[i].digest);
			if (doc == IMP_NO_INDEX ||
			    inventory->docs[doc].subject.algorithm == IMP_DIGEST_NONE)
				continue;
			uint32_t subject = imp_stock_find_doc(
				inventory, &inventory->docs[doc].subject);
			if (subject != IMP_NO_INDEX)
				attach(inventory, s, subject, doc);
		}
	}
}

static void run_referrers(struct imp_job *job)
{
	job->arena = imp_arena_create();
	job->rc = imp_repository_referrers(job->shelf->source, job->digest, job->arena,
					   &job->listing, &job->err);
}

struct asking {
	struct imp_stock *inventory;
	struct imp_map asked; /* (shelf, document) */
	struct imp_job *jobs;
	size_t count;
};

static void asking_finish(struct asking *asking)
{
	imp_map_finish(&asking->asked);
	free(asking->jobs);
}

static void take_referrers(struct asking *asking, struct imp_job *job)
{
	struct imp_stock *inventory = asking->inventory;
	struct imp_host *host = &inventory->hosts[job->shelf->host_index];
	uint32_t shelf = job->shelf->index;

	host->probed = true;
	if (job->rc == 1)
		host->no_referrers = true;
	if (job->rc < 0)
		imp_stock_unseen(inventory, job, "referrers-unseen");
	for (size_t i = 0; i < job->listing.count; i++) {
		uint32_t doc =
			imp_stock_doc(inventory, &job->listing.list[i].digest, shelf, 0);
		attach(inventory, shelf, job->index, doc);
	}
}

static int flush(struct asking *asking, struct imp_error *err)
{
	int rc = imp_jobs_run(asking->inventory, asking->jobs, asking->count,
			      run_referrers, err);

	for (size_t i = 0; rc == 0 && i < asking->count; i++)
		take_referrers(asking, &asking->jobs[i]);
	imp_jobs_finish(asking->jobs, asking->count);
	asking->count = 0;
	return rc;
}

/* The first question of a host is asked alone: its answer may spare all others. */
static int ask_about(struct asking *asking, uint32_t shelf_index, uint32_t doc,
		     struct imp_error *err)
{
	struct imp_stock *inventory = asking->inventory;
	struct imp_shelf *shelf = inventory->shelves[shelf_index];
	uint32_t pair[2] = {shelf_index, doc};
	struct imp_slice key = imp_slice((const char *)pair, sizeof(pair));
	bool first = !inventory->hosts[shelf->host_index].probed;

	if (inventory->hosts[shelf->host_index].no_referrers ||
	    inventory->docs[doc].blob == IMP_NO_INDEX ||
	    imp_map_get(&asking->asked, key, NULL))
		return 0;
	imp_map_set(&asking->asked, imp_arena_copy(inventory->arena, key), 0);
	struct imp_digest *digest = imp_arena_alloc(inventory->arena, sizeof(*digest));
	*digest = inventory->docs[doc].digest;
	asking->jobs[asking->count++] = (struct imp_job){
		.inventory = inventory, .shelf = shelf, .index = doc, .digest = digest};
	if (first || asking->count == IMP_JOBS_AT_ONCE)
		return flush(asking, err);
	return 0;
}

/* One round over what is known by now. */
static int ask_round(struct asking *asking, struct imp_error *err)
{
	struct imp_stock *inventory = asking->inventory;
	imp_auto(imp_reach_finish) struct imp_reach reach = {0};
	size_t docs = inventory->doc_count;
	int rc = 0;

	imp_reach_sort(inventory);
	imp_reach_start(&reach, inventory);
	imp_auto_free uint32_t *list = imp_xcalloc(docs + 1, sizeof(*list));
	for (uint32_t s = 0; rc == 0 && s < inventory->shelf_count; s++) {
		const struct imp_shelf *shelf = inventory->shelves[s];
		if (shelf->local || inventory->hosts[shelf->host_index].no_referrers)
			continue;
		imp_reach_reset(&reach);
		for (size_t i = 0; i < shelf->row_count; i++) {
			uint32_t doc =
				imp_stock_find_doc(inventory, &shelf->rows[i].digest);
			if (doc != IMP_NO_INDEX && doc < docs)
				imp_reach_add(&reach, s, doc);
		}
		size_t count = reach.count;
		for (size_t i = 0; i < count; i++)
			list[i] = reach.list[i].doc;
		for (size_t i = 0; rc == 0 && i < count; i++)
			rc = ask_about(asking, s, list[i], err);
	}
	return rc < 0 ? rc : flush(asking, err);
}

int imp_stock_referrers(struct imp_stock *inventory, struct imp_error *err)
{
	imp_auto(asking_finish) struct asking asking = {
		.inventory = inventory,
		.jobs = imp_xcalloc(IMP_JOBS_AT_ONCE, sizeof(struct imp_job)),
	};
	const uint32_t most_rounds = inventory->options.context->limits->index_depth;
	int rc = attach_fallback_tags(inventory, err);

	if (rc < 0)
		return rc;
	attach_by_subject(inventory);
	for (uint32_t round = 0; rc == 0 && round < most_rounds; round++) {
		rc = ask_round(&asking, err);
		if (rc == 0 && inventory->docs_loaded == inventory->doc_count)
			break;
		if (rc == 0)
			rc = imp_stock_documents(inventory, err);
	}
	imp_reach_sort(inventory);
	return rc;
}
