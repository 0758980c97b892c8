#include <stdlib.h>

#include "archive_priv.h"
#include "imgprof/decode.h"

struct imp_peek {
	struct imp_stream stream;
	struct imp_stream *inner;
	char head[IMP_PEEK_BYTES];
	size_t head_len;
	bool head_done;        /* handed out */
	struct imp_chunk rest; /* behind the head in INNER's last chunk; len 0: none */
};

static int peek_next(struct imp_stream *stream, struct imp_chunk *out,
		     struct imp_error *err)
{
	struct imp_peek *peek = (struct imp_peek *)stream;

	if (!peek->head_done) {
		peek->head_done = true;
		if (peek->head_len > 0) {
			*out = (struct imp_chunk){.data = (const uint8_t *)peek->head,
						  .len = peek->head_len};
			return 0;
		}
	}
	if (peek->rest.len > 0) {
		*out = peek->rest;
		peek->rest.len = 0;
		return 0;
	}
	return imp_stream_next(peek->inner, out, err);
}

static void peek_destroy(struct imp_stream *stream)
{
	struct imp_peek *peek = (struct imp_peek *)stream;

	imp_stream_destroy(peek->inner);
	free(peek);
}

static const struct imp_stream_ops peek_ops = {peek_next, peek_destroy};

static int fill_head(struct imp_peek *peek, struct imp_error *err)
{
	while (peek->head_len < IMP_PEEK_BYTES) {
		struct imp_chunk chunk;
		int rc = imp_stream_next(peek->inner, &chunk, err);
		if (rc != 0)
			return rc;
		size_t room = IMP_PEEK_BYTES - peek->head_len;
		size_t taken = chunk.len < room ? chunk.len : room;
		memcpy(peek->head + peek->head_len, chunk.data, taken);
		peek->head_len += taken;
		peek->rest = (struct imp_chunk){.data = chunk.data + taken,
						.len = chunk.len - taken};
	}
	return 0;
}

int imp_peek_open(struct imp_stream *inner, struct imp_peek **out, struct imp_error *err)
{
	struct imp_peek *peek = imp_xcalloc(1, sizeof(*peek));

	peek->stream.ops = &peek_ops;
	peek->inner = inner;
	int rc = fill_head(peek, err);
	if (rc < 0) {
		imp_stream_destroy(&peek->stream);
		return rc;
	}
	*out = peek;
	return 0;
}

struct imp_slice imp_peek_head(const struct imp_peek *peek)
{
	return imp_slice(peek->head, peek->head_len);
}

struct imp_stream *imp_peek_stream(struct imp_peek *peek)
{
	return &peek->stream;
}

enum {
	CHECKSUM_AT = 148,
	CHECKSUM_LEN = 8,
};

/* Octal digits behind spaces, up to a space or NUL. */
static long header_checksum(struct imp_slice block)
{
	struct imp_slice field = imp_slice(block.data + CHECKSUM_AT, CHECKSUM_LEN);
	long sum = 0;

	while (field.len > 0 && *field.data == ' ')
		field = imp_slice_skip(field, 1);
	if (field.len == 0 || *field.data < '0' || *field.data > '7')
		return -1;
	while (field.len > 0 && *field.data >= '0' && *field.data <= '7') {
		sum = sum * 8 + (*field.data - '0');
		field = imp_slice_skip(field, 1);
	}
	return sum;
}

static bool is_tar_header(struct imp_slice block)
{
	long expected, as_unsigned = 0, as_signed = 0;

	if (block.len < IMP_PEEK_BYTES)
		return false;
	expected = header_checksum(block);
	for (size_t i = 0; i < IMP_PEEK_BYTES; i++) {
		bool inside = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LEN;
		as_unsigned += inside ? ' ' : (unsigned char)block.data[i];
		as_signed += inside ? ' ' : (signed char)block.data[i];
	}
	return expected == as_unsigned || expected == as_signed;
}

static bool is_zeros(struct imp_slice block)
{
	return block.len == IMP_PEEK_BYTES && block.data[0] == '\0' &&
	       memcmp(block.data, block.data + 1, block.len - 1) == 0;
}

static bool is_json_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum imp_head_kind text_kind(struct imp_slice head)
{
	while (head.len > 0 && is_json_space(*head.data))
		head = imp_slice_skip(head, 1);
	if (head.len == 0)
		return IMP_HEAD_OTHER;
	switch (*head.data) {
	case '{':
	case '[':
		return IMP_HEAD_JSON;
	case '<':
		return IMP_HEAD_MARKUP;
	default:
		return IMP_HEAD_OTHER;
	}
}

enum imp_head_kind imp_head_kind(struct imp_slice head)
{
	enum imp_compression compression;

	if (head.len == 0)
		return IMP_HEAD_EMPTY;
	if (is_tar_header(head))
		return IMP_HEAD_TAR;
	if (is_zeros(head))
		return IMP_HEAD_ZEROS;
	if (imp_compression_sniff(head, &compression, NULL) < 0)
		return IMP_HEAD_PACKED;
	switch (compression) {
	case IMP_COMPRESSION_GZIP:
		return IMP_HEAD_GZIP;
	case IMP_COMPRESSION_ZSTD:
		return IMP_HEAD_ZSTD;
	case IMP_COMPRESSION_NONE:
		break;
	}
	return text_kind(head);
}
