/* Tags, and what they name now. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/glob.h"
#include "stock_priv.h"

static void run_list(struct imp_job *job)
{
	job->arena = imp_arena_create();
	job->rc = imp_repository_list(job->shelf->source, job->arena, &job->listing,
				      &job->err);
}

static bool has_name(struct imp_stock *inventory, const struct imp_listed *row,
		     const char *wanted)
{
	const char *name = row->name.len && wanted
				   ? imp_stock_full_name(inventory, row->name)
				   : NULL;

	return name && strcmp(name, wanted) == 0;
}

static bool is_wanted(struct imp_stock *inventory, struct imp_shelf *shelf,
		      const struct imp_listed *row)
{
	bool wanted = false;

	for (size_t i = 0; i < shelf->want_count; i++) {
		struct imp_want *want = &shelf->wants[i];
		bool meets = want->glob.data
				     ? imp_glob_name(want->glob, row->tag) ||
					       has_name(inventory, row, want->name)
				     : imp_digest_equal(&want->digest, &row->digest);
		want->met |= meets;
		wanted |= meets;
	}
	return wanted;
}

static void add_row(struct imp_shelf *shelf, struct imp_shelf_row row)
{
	shelf->rows = imp_xgrow(shelf->rows, &shelf->row_capacity, shelf->row_count + 1,
				sizeof(*shelf->rows));
	shelf->rows[shelf->row_count++] = row;
}

/* Where a row of a local source belongs: it may name another repository than its path. */
static struct imp_shelf *shelf_of(struct imp_stock *inventory, struct imp_shelf *shelf,
				  const struct imp_listed *row)
{
	struct imp_error ignored = {0};
	struct imp_reference reference;

	if (!row->name.len ||
	    imp_reference_parse(row->name, inventory->arena, &reference, &ignored) < 0)
		return shelf;
	const char *path = imp_arena_printf(inventory->arena, "%s/%s", reference.domain,
					    reference.path);
	return imp_stock_shelf(inventory, IMP_SLICE(""), imp_slice_of(path),
			       &shelf->location);
}

static void take_rows(struct imp_stock *inventory, struct imp_job *job)
{
	for (size_t i = 0; i < job->listing.count; i++) {
		const struct imp_listed *listed = &job->listing.list[i];
		struct imp_shelf_row row = {
			.tag = imp_arena_copy(inventory->arena, listed->tag),
			.digest = listed->digest,
			.source = job->shelf->index,
			.wanted = is_wanted(inventory, job->shelf, listed),
		};
		row.fallback = imp_fallback_tag_parse(row.tag, &row.subject);
		if (!row.wanted && !row.fallback)
			continue;
		struct imp_shelf *shelf = shelf_of(inventory, job->shelf, listed);
		job->shelf->renamed |= shelf != job->shelf;
		add_row(shelf, row);
	}
}

/* A glob may match nothing; a tag that was named should be there. */
static void miss_tags(struct imp_stock *inventory, const struct imp_shelf *shelf)
{
	for (size_t i = 0; i < shelf->want_count; i++) {
		const struct imp_want *want = &shelf->wants[i];
		struct imp_error missing = {0};
		if (!want->one || want->met)
			continue;
		imp_fail(&missing, IMP_E_NOT_FOUND, "%.*s%s%.*s: no tag '%.*s'",
			 (int)shelf->host.len, shelf->host.data,
			 shelf->host.len ? "/" : "", (int)shelf->path.len,
			 shelf->path.data, (int)want->glob.len, want->glob.data);
		imp_warnings_add(inventory->result.warnings, "no-such-tag", IMP_NO_LAYER,
				 IMP_SLICE(""), "%s", missing.message);
		if (!inventory->no_such_tag.category)
			inventory->no_such_tag = missing;
	}
}

static int compare_rows(const void *left, const void *right)
{
	const struct imp_shelf_row *a = left, *b = right;
	int order = imp_slice_compare(a->tag, b->tag);
	return order ? order : memcmp(&a->digest, &b->digest, sizeof(a->digest));
}

/* A page that came twice gives no tag two rows. */
static void sort_rows(struct imp_shelf *shelf)
{
	size_t kept = 0;

	if (shelf->row_count)
		qsort(shelf->rows, shelf->row_count, sizeof(*shelf->rows), compare_rows);
	for (size_t i = 0; i < shelf->row_count; i++)
		if (kept == 0 || compare_rows(&shelf->rows[kept - 1], &shelf->rows[i]))
			shelf->rows[kept++] = shelf->rows[i];
	shelf->row_count = kept;
}

/* Digests that were named stand for themselves, tagged or not. */
static void add_digests(struct imp_shelf *shelf)
{
	for (size_t i = 0; i < shelf->want_count; i++)
		if (!shelf->wants[i].glob.data && !shelf->local)
			add_row(shelf,
				(struct imp_shelf_row){.tag = IMP_SLICE(""),
						       .digest = shelf->wants[i].digest,
						       .source = shelf->index,
						       .wanted = true});
}

static bool needs_tags(const struct imp_shelf *shelf)
{
	for (size_t i = 0; i < shelf->want_count; i++)
		if (shelf->wants[i].glob.data)
			return true;
	return shelf->local;
}

int imp_stock_list(struct imp_stock *inventory, struct imp_error *err)
{
	size_t shelves = inventory->shelf_count;
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < shelves; at += IMP_JOBS_AT_ONCE / 8) {
		struct imp_job jobs[IMP_JOBS_AT_ONCE / 8] = {0};
		size_t count = 0;
		for (size_t i = at; i < shelves && i < at + IMP_JOBS_AT_ONCE / 8; i++)
			if (needs_tags(inventory->shelves[i]))
				jobs[count++] =
					(struct imp_job){.inventory = inventory,
							 .shelf = inventory->shelves[i]};
			else
				inventory->visible++;
		rc = imp_jobs_run(inventory, jobs, count, run_list, err);
		for (size_t i = 0; i < count; i++) {
			take_rows(inventory, &jobs[i]);
			inventory->visible += jobs[i].rc == 0 || jobs[i].listing.count;
			if (jobs[i].rc < 0)
				imp_stock_unseen(inventory, &jobs[i], "tags-unseen");
			else
				miss_tags(inventory, jobs[i].shelf);
		}
		imp_jobs_finish(jobs, count);
	}
	for (size_t i = 0; i < inventory->shelf_count; i++) {
		add_digests(inventory->shelves[i]);
		sort_rows(inventory->shelves[i]);
	}
	return rc;
}

static void announce(struct imp_stock *inventory)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	size_t tags = 0, pulls = 0, repositories = 0;

	for (size_t i = 0; i < inventory->shelf_count; i++) {
		const struct imp_shelf *shelf = inventory->shelves[i];
		repositories += !shelf->local;
		if (shelf->local)
			continue;
		tags += shelf->row_count;
		if (imp_slice_is(shelf->host, "docker.io"))
			pulls += shelf->row_count;
	}
	if (!repositories || !inventory->options.say)
		return;
	imp_strbuf_printf(&line,
			  "%zu %s, %zu %s: %zu requests, then two for each image that "
			  "the cache does not know",
			  repositories, repositories == 1 ? "repository" : "repositories",
			  tags, tags == 1 ? "tag" : "tags", tags);
	if (pulls)
		imp_strbuf_printf(&line, "; docker.io counts up to %zu of them as pulls",
				  pulls);
	inventory->options.say(inventory->options.user, line.data);
}

/* A registry that does not say the digest is asked for the manifest itself. */
static void run_head(struct imp_job *job)
{
	job->rc =
		imp_repository_head(job->shelf->source, job->tag, &job->found, &job->err);
	if (job->rc == 0 && job->found.algorithm == IMP_DIGEST_NONE)
		job->rc = imp_repository_tagged(job->shelf->source, job->tag, &job->found,
						&job->body, &job->err);
	if (job->rc == 0 && job->body.len)
		imp_cached_put(job->inventory->options.store, &job->found,
			       imp_strbuf_slice(&job->body));
}

static void take_head(struct imp_stock *inventory, struct imp_job *job)
{
	struct imp_shelf_row *row = &job->shelf->rows[job->index];

	row->digest = job->found;
	if (job->rc == 0)
		return;
	row->digest = (struct imp_digest){0};
	if (job->rc == IMP_E_NOT_FOUND)
		imp_warnings_add(inventory->result.warnings, "tag-vanished", IMP_NO_LAYER,
				 IMP_SLICE(""), "%s", job->err.message);
	else
		imp_stock_unseen(inventory, job, "tag-unseen");
}

static int flush_heads(struct imp_stock *inventory, struct imp_job *jobs, size_t *count,
		       struct imp_error *err)
{
	int rc = imp_jobs_run(inventory, jobs, *count, run_head, err);

	for (size_t i = 0; i < *count; i++)
		take_head(inventory, &jobs[i]);
	imp_jobs_finish(jobs, *count);
	*count = 0;
	return rc;
}

int imp_stock_heads(struct imp_stock *inventory, struct imp_error *err)
{
	imp_auto_free struct imp_job *jobs = imp_xcalloc(IMP_JOBS_AT_ONCE, sizeof(*jobs));
	size_t count = 0;
	int rc = 0;

	announce(inventory);
	for (size_t s = 0; s < inventory->shelf_count; s++) {
		struct imp_shelf *shelf = inventory->shelves[s];
		for (size_t i = 0; rc == 0 && i < shelf->row_count; i++) {
			if (shelf->rows[i].digest.algorithm != IMP_DIGEST_NONE)
				continue;
			jobs[count++] = (struct imp_job){.inventory = inventory,
							 .shelf = shelf,
							 .index = (uint32_t)i,
							 .tag = shelf->rows[i].tag.data};
			if (count == IMP_JOBS_AT_ONCE)
				rc = flush_heads(inventory, jobs, &count, err);
		}
	}
	return rc < 0 ? rc : flush_heads(inventory, jobs, &count, err);
}
