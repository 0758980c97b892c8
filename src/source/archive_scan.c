#include <stdlib.h>

#include "archive_priv.h"
#include "imgprof/decode.h"
#include "imgprof/hash.h"

enum {
	/* Room for a member's name on average: it bounds all names together. */
	NAME_BYTES = 256,
	READAHEAD_DEPTH = 8,
};

struct scan {
	struct imp_archive *archive;
	struct imp_tar_walk *walk;
	const struct imp_layer_sink *sink; /* NULL: the archive can be read again */
	uint32_t members;
};

static int check_limits(struct scan *scan, const struct imp_tar_head *head,
			struct imp_error *err)
{
	const struct imp_limits *limits = scan->archive->context->limits;
	size_t room = (size_t)limits->archive_members * NAME_BYTES;
	size_t used = imp_arena_used(scan->archive->table.arena);

	if (++scan->members > limits->archive_members)
		return imp_fail(err, IMP_E_LIMIT,
				"resource limit archive-members: more than %u members",
				limits->archive_members);
	if (used > room || head->name.len + head->target.len > room - used)
		return imp_fail(
			err, IMP_E_LIMIT,
			"resource limit archive-members: names too long for %u members",
			limits->archive_members);
	return 0;
}

static struct imp_slice folder_of(struct imp_slice name)
{
	size_t len = name.len - imp_slice_basename(name).len;

	return imp_slice(name.data, len > 0 ? len - 1 : 0);
}

static void add_alias(struct scan *scan, const struct imp_tar_head *head,
		      struct imp_archive_entry *entry)
{
	bool relative = head->kind == IMP_TAR_SYMLINK &&
			!imp_slice_starts(head->target, IMP_SLICE("/"));
	struct imp_slice base = relative ? folder_of(entry->name) : IMP_SLICE("");

	entry->kind = IMP_ENTRY_ALIAS;
	/* A target outside the archive leads nowhere, and a link to itself changes nothing. */
	if (imp_archive_name(scan->archive->table.arena, base, head->target,
			     &entry->target) &&
	    !imp_slice_equal(entry->target, entry->name))
		imp_archive_table_add(&scan->archive->table, entry);
}

static int keep_document(struct scan *scan, struct imp_stream *bytes,
			 struct imp_archive_entry *entry, struct imp_error *err)
{
	entry->kind = IMP_ENTRY_TOO_LARGE;
	if (!imp_keep_has_room(&scan->archive->keep, entry->size_bytes))
		return 0;
	entry->kind = IMP_ENTRY_KEPT;
	return imp_keep_add(&scan->archive->keep, bytes, &entry->kept, err);
}

/* BYTES is owned. Its digest is taken in the algorithm that the name promises. */
static int offer_layer(struct scan *scan, struct imp_stream *bytes,
		       struct imp_archive_entry *entry, struct imp_error *err)
{
	const struct imp_layer_sink *sink = scan->sink;
	struct imp_verify_result result = {0};
	struct imp_digest promised;
	bool other = imp_blob_name_parse(entry->name, &promised) &&
		     promised.algorithm != IMP_DIGEST_SHA256;
	imp_auto_destroy(imp_stream) struct imp_stream *hashed = imp_stream_verify(
		bytes, other ? &promised : NULL, IMP_UNKNOWN_SIZE, NULL, &result);
	int rc;

	entry->kind = IMP_ENTRY_OFFERED;
	rc = sink->offer(sink->user, entry->name.data, hashed, &entry->sink_id, err);
	if (rc < 0)
		return rc;
	rc = imp_stream_drain(hashed, err);
	/* That a blob is not what its name says matters when an image needs it; a failure of
	 * the archive itself comes back with the next member. */
	if (rc < 0 && !(other && rc == IMP_E_INTEGRITY))
		return rc;
	entry->digest = result.digest;
	return 0;
}

static int read_member(struct scan *scan, struct imp_archive_entry *entry,
		       struct imp_error *err)
{
	imp_auto_destroy(imp_stream) struct imp_stream *bytes = NULL;
	struct imp_peek *peek;
	int rc = imp_peek_open(imp_tar_walk_data(scan->walk), &peek, err);

	if (rc < 0)
		return rc;
	bytes = imp_peek_stream(peek);
	entry->head = imp_head_kind(imp_peek_head(peek));
	switch (entry->head) {
	case IMP_HEAD_TAR:
	case IMP_HEAD_ZEROS:
	case IMP_HEAD_GZIP:
	case IMP_HEAD_ZSTD:
	case IMP_HEAD_PACKED:
		return offer_layer(scan, imp_steal(&bytes), entry, err);
	case IMP_HEAD_JSON:
		return keep_document(scan, bytes, entry, err);
	case IMP_HEAD_EMPTY:
	case IMP_HEAD_MARKUP:
	case IMP_HEAD_OTHER:
		break;
	}
	entry->kind = IMP_ENTRY_USELESS;
	return 0;
}

static int add_file(struct scan *scan, const struct imp_tar_head *head,
		    struct imp_archive_entry *entry, struct imp_error *err)
{
	int rc = 0;

	entry->size_bytes = head->size_bytes;
	entry->offset_bytes = head->offset_bytes;
	entry->kind = IMP_ENTRY_RANGE;
	if (head->sparse)
		entry->kind = IMP_ENTRY_SPARSE;
	else if (scan->sink)
		rc = read_member(scan, entry, err);
	if (rc < 0)
		return imp_wrap(err, "member %s", entry->name.data);
	imp_archive_table_add(&scan->archive->table, entry);
	return 0;
}

static int add_member(struct scan *scan, const struct imp_tar_head *head,
		      struct imp_error *err)
{
	struct imp_archive_entry entry = {.sink_id = -1};
	int rc = check_limits(scan, head, err);

	if (rc < 0)
		return rc;
	if (head->name.len > scan->archive->context->limits->path_bytes ||
	    !imp_archive_name(scan->archive->table.arena, IMP_SLICE(""), head->name,
			      &entry.name))
		return 0;
	switch (head->kind) {
	case IMP_TAR_SYMLINK:
	case IMP_TAR_HARDLINK:
		add_alias(scan, head, &entry);
		return 0;
	case IMP_TAR_FILE:
		return add_file(scan, head, &entry, err);
	case IMP_TAR_OTHER:
		break;
	}
	return 0;
}

static int walk_all(struct scan *scan, struct imp_error *err)
{
	struct imp_tar_head head;
	int rc;

	while ((rc = imp_tar_walk_next(scan->walk, &head, err)) == 0) {
		rc = add_member(scan, &head, err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	scan->archive->cut = imp_tar_walk_is_cut(scan->walk);
	return 0;
}

int imp_archive_scan(struct imp_archive *archive, uint64_t file_bytes,
		     struct imp_error *err)
{
	imp_auto_destroy(imp_tar_walk) struct imp_tar_walk *walk =
		imp_tar_walk_file(archive->fd, file_bytes, archive->context->cancel);
	struct scan scan = {.archive = archive, .walk = walk};

	return walk_all(&scan, err);
}

/* Unpacks STREAM (owned) when it is compressed. */
static struct imp_stream *unpack(struct imp_archive *archive, struct imp_peek *peek,
				 struct imp_decode_result *result)
{
	const struct imp_context *context = archive->context;
	struct imp_decode_options options = {
		.limits = context->limits,
		.max_output_bytes = context->limits->layer_tar_bytes,
		.limit_name = "layer-tar-bytes",
	};
	enum imp_head_kind kind = imp_head_kind(imp_peek_head(peek));
	struct imp_stream *stream = imp_peek_stream(peek);

	if (kind != IMP_HEAD_GZIP && kind != IMP_HEAD_ZSTD)
		return stream;
	stream = imp_stream_decode(stream, &options, result);
	if (context->threads > 1)
		stream = imp_stream_readahead(stream, READAHEAD_DEPTH, context->cancel);
	return stream;
}

int imp_archive_read_once(struct imp_archive *archive, struct imp_stream *stream,
			  const struct imp_layer_sink *sink, struct imp_error *err)
{
	imp_auto_destroy(imp_tar_walk) struct imp_tar_walk *walk = NULL;
	struct imp_decode_result result = {0};
	struct imp_peek *peek;
	int rc = imp_peek_open(stream, &peek, err);

	if (rc < 0)
		return rc;
	rc = imp_peek_open(unpack(archive, peek, &result), &peek, err);
	if (rc < 0)
		return rc;
	walk = imp_tar_walk_stream(imp_peek_stream(peek), archive->context->cancel);
	rc = imp_archive_check_head(imp_peek_head(peek), err);
	if (rc < 0)
		return rc;
	struct scan scan = {.archive = archive, .walk = walk, .sink = sink};
	rc = walk_all(&scan, err);
	return rc < 0 ? rc : imp_tar_walk_drain(walk, err);
}

int imp_archive_check_head(struct imp_slice head, struct imp_error *err)
{
	enum imp_compression compression;

	switch (imp_head_kind(head)) {
	case IMP_HEAD_TAR:
		return 0;
	case IMP_HEAD_EMPTY:
		return imp_fail(err, IMP_E_FORMAT, "no image: it is empty");
	case IMP_HEAD_ZEROS:
		return imp_fail(err, IMP_E_FORMAT, "no image: a tar archive of nothing");
	case IMP_HEAD_GZIP:
	case IMP_HEAD_ZSTD:
		return imp_fail(err, IMP_E_UNSUPPORTED, "compressed more than once");
	case IMP_HEAD_PACKED:
		return imp_compression_sniff(head, &compression, err);
	case IMP_HEAD_JSON:
		imp_fail(err, IMP_E_FORMAT, "no image: a JSON document, not an archive");
		return imp_hint(err, "perhaps a server's answer was saved in its place");
	case IMP_HEAD_MARKUP:
		imp_fail(err, IMP_E_FORMAT,
			 "no image: an HTML or XML page, not an archive");
		return imp_hint(err, "perhaps a server's answer was saved in its place");
	case IMP_HEAD_OTHER:
		break;
	}
	return imp_fail(err, IMP_E_FORMAT, "no image: not a tar archive");
}
