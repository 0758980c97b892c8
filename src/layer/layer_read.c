#include <inttypes.h>
#include <locale.h>

#include "imgprof/layer.h"
#include "imgprof/warning.h"

#include "layer_streams.h"
#include "tar_walk.h"

/* Everything that one layer needs while it is read. */
struct reading {
	const struct imp_layer_request *request;
	struct imp_layer_streams streams;
	struct imp_warnings *warnings;
	struct imp_profile_writer *writer;
	struct imp_positions positions;
	struct imp_tar_feed feed;
	struct imp_layer_walk walk;
};

static void reading_init(struct reading *reading, struct imp_stream *blob,
			 const struct imp_layer_request *request)
{
	*reading = (struct reading){
		.request = request,
		.warnings = imp_warnings_create(),
		.writer = imp_profile_writer_create(request->limits),
	};
	imp_layer_streams_open(&reading->streams, blob, request);
	imp_positions_init(&reading->positions, reading->writer);
	imp_tar_feed_init(&reading->feed, reading->streams.tar, &reading->streams.decoded,
			  &reading->positions, request->limits, request->cancel);
	imp_layer_walk_init(&reading->walk, &reading->feed, reading->writer,
			    reading->warnings, request->limits, request->facts);
}

static void reading_finish(struct reading *reading)
{
	imp_layer_walk_finish(&reading->walk);
	imp_tar_feed_finish(&reading->feed);
	imp_positions_finish(&reading->positions);
	imp_layer_streams_close(&reading->streams);
	imp_profile_writer_destroy(reading->writer);
	imp_warnings_destroy(reading->warnings);
}

static void warn_of_trailing(struct reading *reading)
{
	const struct imp_decode_result *decoded = &reading->streams.decoded;

	if (decoded->trailing_bytes > 0)
		imp_warnings_add(reading->warnings, "gzip-trailing-data", IMP_NO_LAYER,
				 (struct imp_slice){0},
				 "%" PRIu64 " bytes%s behind the gzip stream; some "
				 "engines refuse them",
				 decoded->trailing_bytes,
				 decoded->trailing_zeros ? " of zeros" : "");
}

/* The stream was read to its end: all positions are known. */
static void close_positions(struct reading *reading)
{
	const struct imp_decode_result *decoded = &reading->streams.decoded;
	struct imp_positions *positions = &reading->positions;
	uint64_t apart = decoded->toc_bytes + decoded->trailing_bytes;

	imp_positions_close(positions, decoded->input_bytes - apart);
	positions->overheads[IMP_OVERHEAD_TOC].pull_bytes += decoded->toc_bytes;
	positions->overheads[IMP_OVERHEAD_AFTER_END].pull_bytes +=
		decoded->trailing_bytes;
	positions->pull_bytes += apart;
}

static int make_profile(struct reading *reading, bool damaged, struct imp_profile **out,
			struct imp_error *err)
{
	const struct imp_layer_streams *streams = &reading->streams;
	struct imp_profile_summary summary = {
		.compression = streams->decoded.compression,
		.pull_bytes = reading->positions.pull_bytes,
		.tar_bytes = reading->positions.tar_bytes,
		.without_end = reading->walk.without_end,
		.damaged = damaged,
		.has_facts = reading->request->facts,
	};

	if (!damaged)
		summary.blob_digest = streams->blob.digest;
	memcpy(summary.overheads, reading->positions.overheads,
	       sizeof(summary.overheads));
	return imp_profile_writer_finish(reading->writer, &summary, reading->warnings,
					 out, err);
}

static int finish_well(struct reading *reading, struct imp_layer_result *out,
		       struct imp_error *err)
{
	const struct imp_layer_streams *streams = &reading->streams;
	struct imp_layer_result result = {0};

	warn_of_trailing(reading);
	close_positions(reading);
	int rc = make_profile(reading, false, &result.profile, err);
	if (rc < 0)
		return rc;
	bool plain = streams->decoded.compression == IMP_COMPRESSION_NONE &&
		     streams->blob.digest.algorithm == IMP_DIGEST_SHA256;
	result.has_tar_digest = plain || streams->hashes_tar;
	if (result.has_tar_digest)
		result.tar_digest =
			plain ? streams->blob.digest : streams->tar_hash.digest;
	*out = result;
	return 0;
}

/* The tar is malformed. Whether it came so or was damaged on its way shows at the blob's
 * end. *ENDED: the stream has been read whole. */
static int judge_blob(struct reading *reading, int rc, bool *ended, struct imp_error *err)
{
	struct imp_error later;
	bool known = reading->request->blob_digest.algorithm != IMP_DIGEST_NONE;
	int drain_rc = imp_layer_walk_drain(&reading->walk, &later);

	*ended = drain_rc == 0;
	if (drain_rc == IMP_E_INTEGRITY || drain_rc == IMP_E_CANCELLED) {
		*err = later;
		return drain_rc;
	}
	if (drain_rc == 0 && known)
		imp_hint(err, "the blob has the promised digest: the image itself is "
			      "broken, not its transfer");
	return rc;
}

static bool may_keep(int category)
{
	return category == IMP_E_INTEGRITY || category == IMP_E_FORMAT ||
	       category == IMP_E_LIMIT || category == IMP_E_NETWORK;
}

/* Returns the category of what went wrong, ERR tells it. */
static int finish_badly(struct reading *reading, int rc, struct imp_layer_result *out,
			struct imp_error *err)
{
	struct imp_error bug;
	bool ended = false;

	imp_layer_walk_abandon(&reading->walk);
	if (rc == IMP_E_FORMAT)
		rc = judge_blob(reading, rc, &ended, err);
	if (!reading->request->keep_damaged || !may_keep(rc) ||
	    reading->positions.tar_bytes == 0)
		return rc;
	if (ended)
		close_positions(reading);
	else
		imp_positions_close_damaged(&reading->positions);
	struct imp_layer_result result = {0};
	int made = make_profile(reading, true, &result.profile, &bug);
	if (made < 0) {
		*err = bug;
		return made;
	}
	*out = result;
	return rc;
}

static int read_layer(struct imp_stream *blob, const struct imp_layer_request *request,
		      struct imp_layer_result *out, struct imp_error *err)
{
	struct reading reading;

	reading_init(&reading, blob, request);
	int rc = imp_layer_walk_run(&reading.walk, err);
	rc = rc == 0 ? finish_well(&reading, out, err)
		     : finish_badly(&reading, rc, out, err);
	reading_finish(&reading);
	return rc;
}

int imp_layer_read(struct imp_stream *blob, const struct imp_layer_request *request,
		   struct imp_layer_result *out, struct imp_error *err)
{
	/* libarchive converts names into the locale's charset; in C's it leaves them. */
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t before = uselocale(c);

	int rc = read_layer(blob, request, out, err);
	uselocale(before);
	freelocale(c);
	return rc;
}
