#include <inttypes.h>

#include "tar_walk_priv.h"

bool imp_layer_walk_agrees(struct archive_entry *entry, const struct imp_tar_view *view)
{
	bool file = view->type == IMP_ENTRY_FILE;

	if (!file && view->type_flag != 'D')
		return archive_entry_size(entry) == 0;
	if (file && archive_entry_filetype(entry) == AE_IFDIR)
		return false;
	return view->sparse ||
	       (archive_entry_sparse_count(entry) == 0 &&
		(uint64_t)archive_entry_size(entry) == view->stored_bytes);
}

static int fail_cut(const struct imp_layer_walk *walk, struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT,
			"the tar ends at byte %" PRIu64 ", %" PRIu64
			" bytes before the file's end",
			imp_tar_feed_position(walk->feed),
			imp_layer_content_missing(&walk->content));
}

static int fail_differ(struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT, "tar readers differ on its data");
}

/* All of it as libarchive hands it out, and the padding. */
static int read_blocks(struct imp_layer_walk *walk, struct imp_error *err)
{
	struct imp_layer_content *content = &walk->content;
	struct imp_slice data;
	uint64_t offset;
	int rc;

	while ((rc = imp_tar_archive_data(&walk->archive, &data, &offset, err)) == 0) {
		if (data.len > imp_layer_content_missing(content) ||
		    offset != imp_layer_content_offset(content))
			return fail_differ(err);
		imp_layer_content_add(content, data.data, data.len);
	}
	bool missing = imp_layer_content_missing(content) > 0;
	if (rc < 0 && walk->feed->rc == 1) {
		walk->no_padding = !missing;
		return missing ? fail_cut(walk, err) : 0;
	}
	if (rc < 0)
		return rc;
	return missing ? fail_differ(err) : 0;
}

static int next_piece(struct imp_layer_walk *walk, struct imp_error *err)
{
	int rc = imp_tar_feed_next(walk->feed);
	if (rc < 0)
		*err = walk->feed->err;
	return rc;
}

/* All of it past libarchive, from POSITION on, and the padding. */
static int read_pieces(struct imp_layer_walk *walk, uint64_t position,
		       struct imp_error *err)
{
	struct imp_layer_content *content = &walk->content;
	struct imp_tar_feed *feed = walk->feed;
	int rc = 0;

	for (uint64_t missing; (missing = imp_layer_content_missing(content)) > 0;) {
		struct imp_slice piece = imp_tar_feed_piece_from(feed, position);
		if (piece.len > missing)
			piece.len = (size_t)missing;
		imp_layer_content_add(content, piece.data, piece.len);
		position += piece.len;
		if (piece.len < missing && (rc = next_piece(walk, err)) != 0)
			return rc < 0 ? rc : fail_cut(walk, err);
	}
	while (rc == 0 && imp_tar_feed_position(feed) < feed->header)
		rc = next_piece(walk, err);
	walk->no_padding = rc == 1;
	return rc < 0 ? rc : 0;
}

int imp_layer_walk_read_data(struct imp_layer_walk *walk, const struct imp_tar_view *view,
			     bool agreed, struct imp_error *err)
{
	uint64_t start = imp_tar_archive_position(&walk->archive);

	if (agreed)
		return view->stored_bytes > 0 ? read_blocks(walk, err) : 0;
	walk->astray = true;
	return read_pieces(walk, start, err);
}
