#include "blob_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"

/* An attempt that brings less has not brought the blob on. */
enum { PROGRESS_BYTES = 1 << 20 };

struct blob {
	struct imp_stream base;
	struct imp_client *client;
	struct imp_url url;
	char *what;
	bool registry;
	uint64_t size_bytes;
	uint64_t received_bytes;       /* handed out */
	uint64_t skip_bytes;           /* of the answer: handed out before */
	uint64_t skipped_bytes;        /* in all */
	uint64_t mark_bytes;           /* received when there was last progress */
	unsigned breaks;               /* since then */
	uint64_t ended_bytes;          /* where an answer ended early, without a break */
	struct imp_transfer *transfer; /* NULL: to be opened */
	struct imp_retry retry;
	int result; /* once it is 1 or negative, for good */
	struct imp_error error;
};

static bool take_number(const char **at, uint64_t *out)
{
	size_t len = strspn(*at, "0123456789");
	unsigned long long number;
	if (!imp_slice_u64(imp_slice(*at, len), &number))
		return false;
	*out = number;
	*at += len;
	return true;
}

bool imp_content_range_parse(const char *value, uint64_t *first, uint64_t *last,
			     uint64_t *total)
{
	static const char unit[] = "bytes ";
	if (strncmp(value, unit, sizeof(unit) - 1) != 0)
		return false;
	value += sizeof(unit) - 1;
	if (!take_number(&value, first) || *value++ != '-' ||
	    !take_number(&value, last) || *value++ != '/')
		return false;
	if (strcmp(value, "*") == 0) {
		*total = IMP_UNKNOWN_SIZE;
		return *first <= *last;
	}
	return take_number(&value, total) && *value == '\0' && *first <= *last &&
	       *last < *total;
}

static int check_range(struct blob *blob, struct imp_error *err)
{
	const char *value = imp_transfer_header(blob->transfer, "Content-Range", 0);
	uint64_t first;
	uint64_t last;
	uint64_t total;
	if (blob->received_bytes == 0)
		return imp_fail(err, IMP_E_NETWORK,
				"%s: a part was sent (206) where all was asked for",
				blob->what);
	if (!imp_content_range_parse(value, &first, &last, &total) ||
	    first != blob->received_bytes)
		return imp_fail(err, IMP_E_NETWORK,
				"%s: asked for bytes from %" PRIu64
				" on, was sent the range '%.60s'",
				blob->what, blob->received_bytes, value);
	if (total != IMP_UNKNOWN_SIZE && total != blob->size_bytes)
		return imp_fail(err, IMP_E_INTEGRITY,
				"%s: has %" PRIu64 " bytes, the manifest says %" PRIu64,
				blob->what, total, blob->size_bytes);
	return 0;
}

/* A registry that knows no ranges sends all again; not for ever. */
static int check_whole(struct blob *blob, struct imp_error *err)
{
	int64_t length = imp_transfer_length(blob->transfer);
	if (length >= 0 && (uint64_t)length != blob->size_bytes) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf type = {0};
		const char *encoding =
			imp_transfer_header(blob->transfer, "Content-Encoding", 0);
		imp_transfer_content_type(blob->transfer, &type);
		if (imp_slice_is(imp_strbuf_slice(&type), "text/html"))
			return imp_fail(err, IMP_E_NETWORK,
					"%s: not a registry's answer (text/html)",
					blob->what);
		return imp_fail(err, IMP_E_INTEGRITY,
				"%s: has %" PRId64
				" bytes%s%.20s, the manifest says %" PRIu64,
				blob->what, length, *encoding ? " in the encoding " : "",
				encoding, blob->size_bytes);
	}
	blob->skip_bytes = blob->received_bytes;
	blob->skipped_bytes += blob->skip_bytes;
	if (blob->skipped_bytes > blob->size_bytes)
		return imp_fail(
			err, IMP_E_NETWORK,
			"%s: the connection breaks again and again, and the server "
			"does not go on where it broke",
			blob->what);
	return 0;
}

static int fail_status(struct blob *blob, const struct imp_exchange *exchange,
		       struct imp_error *err)
{
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	struct imp_error ignored = {0};
	enum imp_failure failure;
	imp_answer_read(blob->transfer, blob->client->context->limits->error_body_bytes,
			&answer, &failure, &ignored);
	return imp_answer_fail(blob->client, exchange, &answer, err);
}

static int open_transfer(struct blob *blob, struct imp_error *err)
{
	struct imp_exchange exchange = {
		.what = blob->what,
		.missing = "the registry does not have it",
		.url = &blob->url,
		.registry = blob->registry,
		.offset = blob->received_bytes,
		.redirects = blob->client->context->limits->redirects,
	};
	int rc = imp_client_open(blob->client, &exchange, &blob->retry, &blob->transfer,
				 err);
	if (rc < 0)
		return rc;
	switch (imp_transfer_status(blob->transfer)) {
	case 200:
		return check_whole(blob, err);
	case 206:
		return check_range(blob, err);
	default:
		return fail_status(blob, &exchange, err);
	}
}

static void close_transfer(struct blob *blob)
{
	imp_transfer_destroy(blob->transfer);
	blob->transfer = NULL;
}

/* The connection broke, or ended early: 0 when the stream is to go on. */
static int survive(struct blob *blob, enum imp_failure failure,
		   const struct imp_error *cause, struct imp_error *err)
{
	close_transfer(blob);
	if (blob->received_bytes - blob->mark_bytes >= PROGRESS_BYTES) {
		blob->mark_bytes = blob->received_bytes;
		blob->breaks = 0;
		imp_retry_progressed(&blob->retry);
		imp_context_log(blob->client->context, 1, "%s; going on at byte %" PRIu64,
				cause->message, blob->received_bytes);
		return 0;
	}
	int rc = 1;
	if (blob->breaks++ < blob->client->context->limits->retries_without_progress)
		rc = imp_retry_wait(&blob->retry, failure, IMP_NOT_TOLD, cause->message,
				    err);
	if (rc != 1)
		return rc;
	*err = *cause;
	return imp_wrap(err, "%s: after %" PRIu64 " of %" PRIu64 " bytes", blob->what,
			blob->received_bytes, blob->size_bytes);
}

/* An orderly end before SIZE may be a proxy's; twice at one place it is the blob's. */
static int fail_early_end(struct blob *blob, enum imp_failure *failure,
			  struct imp_error *err)
{
	const char *server = imp_transfer_server(blob->transfer);
	bool again = blob->received_bytes == blob->ended_bytes;
	blob->ended_bytes = blob->received_bytes;
	*failure = again ? IMP_FAILURE_FINAL : IMP_FAILURE_BROKEN;
	if (again)
		return imp_fail(err, IMP_E_INTEGRITY,
				"ends after %" PRIu64
				" bytes, the manifest says %" PRIu64,
				blob->received_bytes, blob->size_bytes);
	return imp_fail(err, IMP_E_NETWORK, "%s: the answer ended early", server);
}

/* What was handed out before a break is dropped. */
static void drop_known(struct blob *blob, struct imp_slice *bytes)
{
	size_t len =
		bytes->len < blob->skip_bytes ? bytes->len : (size_t)blob->skip_bytes;
	*bytes = imp_slice_skip(*bytes, len);
	blob->skip_bytes -= len;
}

static int take_bytes(struct blob *blob, struct imp_slice bytes, struct imp_chunk *out,
		      struct imp_error *err)
{
	if (bytes.len > blob->size_bytes - blob->received_bytes)
		return imp_fail(err, IMP_E_INTEGRITY,
				"%s: has more bytes than the %" PRIu64
				" that the manifest says",
				blob->what, blob->size_bytes);
	blob->received_bytes += bytes.len;
	*out = (struct imp_chunk){.data = (const uint8_t *)bytes.data, .len = bytes.len};
	return 0;
}

/* 0 with bytes; 1 at the end; 2 when there are none yet. */
static int step(struct blob *blob, struct imp_chunk *out, struct imp_error *err)
{
	enum { AGAIN = 2 };
	struct imp_error cause = {0};
	struct imp_slice bytes;
	enum imp_failure failure = IMP_FAILURE_BROKEN;
	if (!blob->transfer) {
		int rc = open_transfer(blob, err);
		if (rc < 0)
			return rc;
	}
	int rc = imp_transfer_read(blob->transfer, &bytes, &failure, &cause);
	if (rc == 0) {
		drop_known(blob, &bytes);
		return bytes.len ? take_bytes(blob, bytes, out, err) : AGAIN;
	}
	bool whole = blob->received_bytes == blob->size_bytes;
	if (whole && (rc == 1 || failure == IMP_FAILURE_BROKEN))
		return 1; /* an end that is missing takes nothing away */
	if (rc == 1)
		rc = fail_early_end(blob, &failure, &cause);
	if (rc == IMP_E_CANCELLED || failure == IMP_FAILURE_FINAL) {
		*err = cause;
		return imp_wrap(err, "%s", blob->what);
	}
	rc = survive(blob, failure, &cause, err);
	return rc < 0 ? rc : AGAIN;
}

static int blob_next(struct imp_stream *stream, struct imp_chunk *out,
		     struct imp_error *err)
{
	struct blob *blob = (struct blob *)stream;
	int rc = blob->result;
	if (rc == 0) {
		do
			rc = step(blob, out, &blob->error);
		while (rc > 1);
	}
	if (rc != 0) {
		blob->result = rc;
		close_transfer(blob);
	}
	if (rc < 0)
		*err = blob->error;
	return rc;
}

static void blob_destroy(struct imp_stream *stream)
{
	struct blob *blob = (struct blob *)stream;
	close_transfer(blob);
	imp_url_finish(&blob->url);
	free(blob->what);
	free(blob);
}

int imp_blob_open(struct imp_client *client, const struct imp_url *url, bool registry,
		  uint64_t size_bytes, const char *what, struct imp_stream **out,
		  struct imp_error *err)
{
	static const struct imp_stream_ops ops = {
		.next = blob_next,
		.destroy = blob_destroy,
	};
	struct blob *blob = imp_xcalloc(1, sizeof(*blob));
	blob->base.ops = &ops;
	blob->client = client;
	blob->what = imp_xstrdup(what);
	blob->registry = registry;
	blob->ended_bytes = IMP_UNKNOWN_SIZE;
	blob->size_bytes = size_bytes;
	imp_url_copy(url, &blob->url);
	int rc = open_transfer(blob, err);
	if (rc < 0)
		blob_destroy(&blob->base);
	else
		*out = &blob->base;
	return rc;
}
