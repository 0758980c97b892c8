#include <inttypes.h>

#include "imgprof/layer.h"
#include "imgprof/path.h"

#include "keep.h"
#include "path_clean.h"
#include "tar_walk_priv.h"

void imp_layer_walk_init(struct imp_layer_walk *walk, struct imp_tar_feed *feed,
			 struct imp_profile_writer *writer, struct imp_warnings *warnings,
			 const struct imp_limits *limits, bool facts)
{
	*walk = (struct imp_layer_walk){
		.limits = limits,
		.feed = feed,
		.positions = feed->positions,
		.writer = writer,
		.warnings = warnings,
		.astray = true,
		.kept_left = limits->kept_total_bytes,
		.facts = facts,
	};
	imp_tar_audit_init(&walk->audit, limits);
	imp_layer_content_init(&walk->content);
}

void imp_layer_walk_finish(struct imp_layer_walk *walk)
{
	imp_tar_archive_close(&walk->archive);
	imp_tar_audit_finish(&walk->audit);
	imp_layer_content_finish(&walk->content);
	imp_strbuf_finish(&walk->path);
	imp_strbuf_finish(&walk->name);
	imp_strbuf_finish(&walk->link);
	imp_strbuf_finish(&walk->scratch);
}

/* Charsets and access lists do not matter here; every other warning means that libarchive
 * left something out. */
static bool is_harmless(const char *warning)
{
	return strstr(warning, "can't be converted") ||
	       strncmp(warning, "Parse error: SCHILY.acl", 23) == 0;
}

static int fail_differ(struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT, "tar readers differ on its headers");
}

/* The audit's opinion, with as much of the stream as it takes: what is said of a
 * malformed header must not depend on where chunks end. Twice as much each time. */
static int audit_alone(struct imp_layer_walk *walk, struct imp_error *err)
{
	struct imp_tar_feed *feed = walk->feed;
	struct imp_tar_view ignored;
	int rc;

	for (;;) {
		uint64_t end = imp_tar_feed_position(feed);
		struct imp_slice region = imp_tar_feed_region(feed, end);
		rc = imp_tar_audit_read(&walk->audit, region, &ignored, err);
		if (rc != 1 || feed->rc != 0)
			return rc;
		while (imp_tar_feed_position(feed) - end <= region.len &&
		       imp_tar_feed_next(feed) == 0)
			;
	}
}

/* libarchive has failed. If the audit fails too it says more precisely why. */
static int explain(struct imp_layer_walk *walk, int rc, struct imp_error *err)
{
	struct imp_tar_feed *feed = walk->feed;
	struct imp_error audited;

	if (feed->rc < 0)
		return rc;
	int audit_rc = audit_alone(walk, &audited);
	if (feed->rc < 0) {
		*err = feed->err;
		return feed->rc;
	}
	uint64_t end = imp_tar_feed_position(feed);
	if (feed->header == 0 && !imp_tar_plausible(imp_tar_feed_region(feed, end)))
		return imp_fail(err, IMP_E_FORMAT, "not a tar archive");
	if (audit_rc == 1)
		return imp_fail(err, IMP_E_FORMAT,
				"the tar ends at byte %" PRIu64 ", inside its headers",
				end);
	if (audit_rc == 0)
		return rc;
	*err = audited;
	return audit_rc;
}

/* Reads the headers once more, from their bytes. */
static int audit_headers(struct imp_layer_walk *walk, const char *warning,
			 struct imp_tar_view *view, struct imp_error *err)
{
	struct imp_tar_feed *feed = walk->feed;
	uint64_t data = imp_tar_archive_position(&walk->archive);

	if (imp_tar_archive_header(&walk->archive) != feed->header ||
	    data < feed->header || data > imp_tar_feed_position(feed))
		return fail_differ(err);
	struct imp_slice region = imp_tar_feed_region(feed, data);
	int rc = imp_tar_audit_read(&walk->audit, region, view, err);
	if (rc < 0)
		return rc;
	if (rc == 1 || view->header_bytes != region.len)
		return fail_differ(err);
	if (warning && !is_harmless(warning))
		return imp_fail(err, IMP_E_FORMAT, "%s", warning);
	return 0;
}

static bool same_text(struct imp_slice ours, const char *theirs)
{
	return imp_slice_equal(ours, imp_slice_of(theirs));
}

/* A name that libarchive takes for another: engines read it as the audit does. */
static void compare_names(struct imp_layer_walk *walk, struct archive_entry *entry,
			  const struct imp_tar_view *view)
{
	const char *path = archive_entry_pathname(entry);
	bool same = same_text(view->path, path);

	if (!same) {
		/* A prefix with a slash at its end gets none or another one. */
		imp_strbuf_reset(&walk->path);
		imp_strbuf_reset(&walk->scratch);
		imp_path_clean(view->path, &walk->path);
		imp_path_clean(imp_slice_of(path), &walk->scratch);
		same = imp_slice_equal(imp_strbuf_slice(&walk->path),
				       imp_strbuf_slice(&walk->scratch));
	}
	if (view->type == IMP_ENTRY_HARDLINK)
		same &= same_text(view->link, archive_entry_hardlink(entry));
	if (view->type == IMP_ENTRY_SYMLINK)
		same &= same_text(view->link, archive_entry_symlink(entry));
	if (!same)
		imp_warnings_add(walk->warnings, "tar-ambiguous", IMP_NO_LAYER,
				 view->path,
				 "tar readers differ on its name or link target; this "
				 "is how engines read it");
}

static void account_for_headers(struct imp_layer_walk *walk,
				const struct imp_tar_view *view)
{
	struct imp_positions *positions = walk->positions;
	uint64_t start = walk->feed->header, own = start + view->special_bytes;
	uint64_t data = start + view->header_bytes;

	imp_positions_begin_entry(positions);
	imp_positions_add(positions, own, IMP_OVERHEAD_PAX);
	imp_positions_add(positions, own + IMP_TAR_BLOCK, IMP_OVERHEAD_HEADERS);
	imp_positions_add(positions, data, IMP_OVERHEAD_PAX);
	imp_positions_add(positions, data + view->stored_bytes, IMP_ACCOUNT_ENTRY);
}

static int read_data(struct imp_layer_walk *walk, struct archive_entry *libarchives,
		     const struct imp_tar_view *view, const struct imp_entry *entry,
		     size_t keep_bytes, struct imp_error *err)
{
	bool agreed = imp_layer_walk_agrees(libarchives, view);
	uint64_t content_bytes =
		view->type == IMP_ENTRY_FILE ? view->disk_bytes : view->stored_bytes;

	if (!agreed && view->type == IMP_ENTRY_FILE &&
	    !(view->remarks & IMP_TAR_FILE_SLASH))
		imp_warnings_add(walk->warnings, "tar-ambiguous", IMP_NO_LAYER,
				 imp_strbuf_slice(&walk->path),
				 "tar readers differ on its size; this is how engines "
				 "read it");
	imp_tar_feed_expect_header(walk->feed,
				   walk->feed->header + view->header_bytes +
					   imp_tar_round_up(view->stored_bytes));
	imp_layer_content_begin(&walk->content, content_bytes, view->stored_bytes,
				view->sparse ? &walk->audit.map : NULL, keep_bytes);
	if (walk->facts && entry->type == IMP_ENTRY_FILE && !entry->leftover &&
	    !view->sparse)
		imp_gather_begin(&walk->content.gather, entry->path, content_bytes);
	return imp_layer_walk_read_data(walk, view, agreed, err);
}

/* What was kept by name, else by what it holds; and the fact. */
static void add_contents(struct imp_layer_walk *walk, struct imp_keep_plan plan)
{
	struct imp_slice fact = imp_strbuf_slice(&walk->content.gather.fact);
	struct imp_slice kept = imp_strbuf_slice(&walk->content.kept);
	bool keep = plan.keep;

	if (!keep) {
		kept = imp_strbuf_slice(&walk->content.gather.kept);
		keep = kept.len > 0 && kept.len <= walk->kept_left;
	}
	if (plan.fields)
		kept.len = imp_layer_fields_bytes(kept);
	if (keep) {
		imp_profile_writer_keep(walk->writer, kept, plan.cut);
		walk->kept_left -= kept.len;
	}
	if (fact.len > 0)
		imp_profile_writer_fact(walk->writer, fact);
}

static int add_entry(struct imp_layer_walk *walk, const struct imp_entry *entry,
		     uint64_t header_bytes, struct imp_keep_plan plan,
		     struct imp_error *err)
{
	uint64_t end =
		walk->no_padding ? imp_tar_feed_position(walk->feed) : walk->feed->header;

	int rc = imp_profile_writer_add(walk->writer, entry, header_bytes, err);
	if (rc < 0)
		return rc;
	add_contents(walk, plan);
	imp_positions_add(walk->positions, end, IMP_OVERHEAD_PADDING);
	walk->in_entry = false;
	return 0;
}

static int read_entry(struct imp_layer_walk *walk, struct archive_entry *libarchives,
		      const char *warning, struct imp_error *err)
{
	struct imp_tar_view view = {0};
	struct imp_entry entry;

	int rc = audit_headers(walk, warning, &view, err);
	if (rc < 0)
		return rc;
	account_for_headers(walk, &view);
	walk->in_entry = true;
	compare_names(walk, libarchives, &view);
	imp_layer_walk_name_entry(walk, &view, &entry);
	struct imp_keep_plan plan = imp_layer_walk_plan_keep(walk, &view, &entry);
	rc = read_data(walk, libarchives, &view, &entry, plan.bytes, err);
	if (rc < 0)
		return rc;
	if (entry.type == IMP_ENTRY_FILE)
		entry.hash = imp_layer_content_end(&walk->content);
	return add_entry(walk, &entry, view.header_bytes, plan, err);
}

static int next_header(struct imp_layer_walk *walk, struct archive_entry **entry,
		       const char **warning, struct imp_error *err)
{
	int rc = 0;

	if (walk->astray)
		rc = imp_tar_archive_open(&walk->archive, walk->feed, walk->feed->header,
					  err);
	walk->astray = false;
	if (rc == 0)
		rc = imp_tar_archive_next(&walk->archive, entry, warning, err);
	return rc < 0 ? explain(walk, rc, err) : rc;
}

static int read_entries(struct imp_layer_walk *walk, struct imp_error *err)
{
	struct archive_entry *entry = NULL;
	const char *warning = NULL;
	int rc = 0;

	while (rc == 0 && !walk->no_padding) {
		uint64_t header = walk->feed->header;
		rc = next_header(walk, &entry, &warning, err);
		if (rc == 0)
			rc = read_entry(walk, entry, warning, err);
		if (rc < 0 && walk->feed->rc >= 0)
			imp_wrap(err, "tar entry at byte %" PRIu64, header);
	}
	return rc < 0 ? rc : 0;
}

int imp_layer_walk_run(struct imp_layer_walk *walk, struct imp_error *err)
{
	int rc = read_entries(walk, err);
	if (rc < 0)
		return rc;
	if (!walk->no_padding)
		return imp_layer_walk_read_tail(walk, err);
	walk->without_end = true;
	imp_warnings_add(walk->warnings, "tar-no-padding", IMP_NO_LAYER,
			 (struct imp_slice){0},
			 "the tar ends in the padding of its last file; only the DiffID "
			 "can show that nothing is missing");
	return 0;
}

void imp_layer_walk_abandon(struct imp_layer_walk *walk)
{
	uint64_t position = imp_tar_feed_position(walk->feed);

	if (walk->in_entry)
		imp_positions_abort_entry(walk->positions, position);
	else
		imp_positions_add(walk->positions, position, IMP_OVERHEAD_AFTER_END);
	walk->in_entry = false;
	imp_tar_feed_expect_header(walk->feed, UINT64_MAX);
}

int imp_layer_walk_drain(struct imp_layer_walk *walk, struct imp_error *err)
{
	int rc;

	while ((rc = imp_tar_feed_next(walk->feed)) == 0)
		imp_positions_add(walk->positions, imp_tar_feed_position(walk->feed),
				  IMP_OVERHEAD_AFTER_END);
	if (rc < 0)
		*err = walk->feed->err;
	return rc < 0 ? rc : 0;
}
