#include "imgprof/samples.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"
#include "layer_streams.h"

/* The last bytes of the tar so far: a buffer of twice what one sample needs, so that bytes are
 * moved once for every sample's length. */
struct tail {
	char *bytes;
	size_t need, capacity, len;
};

struct sampler {
	struct imp_sampling *sampling;
	size_t blocks, next;      /* how many there are; the one that is waited for */
	size_t edge;              /* of blocks: 2 * i begins block i, 2 * i + 1 ends it */
	uint64_t offset;          /* of the tar, behind what came so far */
	struct imp_position last; /* that the decoder gave */
	struct tail tail;
};

size_t imp_sampling_blocks(const struct imp_sampling *sampling)
{
	uint64_t sampled = (uint64_t)sampling->count * sampling->block_bytes;

	return sampling->tar_bytes <= sampled ? 1 : sampling->count;
}

static uint64_t block_length(const struct sampler *sampler)
{
	return sampler->blocks == 1 ? sampler->sampling->tar_bytes
				    : sampler->sampling->block_bytes;
}

static uint64_t block_start(const struct sampler *sampler, size_t index)
{
	const struct imp_sampling *sampling = sampler->sampling;

	if (sampler->blocks == 1)
		return 0;
	return imp_mul_div(sampling->tar_bytes - sampling->block_bytes, index,
			   sampler->blocks - 1);
}

static uint64_t edge_offset(const struct sampler *sampler, size_t edge)
{
	return block_start(sampler, edge / 2) + (edge % 2 ? block_length(sampler) : 0);
}

/* Edges up to POSITION get their place in the blob: between it and the position before. */
static void pass_position(struct sampler *sampler, struct imp_position position)
{
	const struct imp_position last = sampler->last;

	while (sampler->edge < 2 * sampler->blocks &&
	       edge_offset(sampler, sampler->edge) <= position.output) {
		uint64_t at = edge_offset(sampler, sampler->edge);
		uint64_t *pull = &sampler->sampling->pull_bytes[sampler->edge / 2];
		uint64_t input = last.input;
		if (position.output > last.output)
			input +=
				imp_mul_div(position.input - last.input, at - last.output,
					    position.output - last.output);
		*pull = sampler->edge % 2 ? input - *pull : input;
		sampler->edge++;
	}
	sampler->last = position;
}

static void append(struct tail *tail, const uint8_t *data, size_t len)
{
	if (tail->len + len > tail->capacity) {
		size_t keep = tail->len < tail->need ? tail->len : tail->need;
		memmove(tail->bytes, tail->bytes + tail->len - keep, keep);
		tail->len = keep;
	}
	memcpy(tail->bytes + tail->len, data, len);
	tail->len += len;
}

static int take_block(struct sampler *sampler, struct imp_error *err)
{
	struct imp_sampling *sampling = sampler->sampling;
	const struct tail *tail = &sampler->tail;
	size_t length = (size_t)block_length(sampler);
	size_t before = tail->len - length;
	size_t window = before < sampling->window_bytes ? before : sampling->window_bytes;
	const char *block = tail->bytes + before;

	return sampling->take(sampling->user, sampler->next++,
			      imp_slice(block - window, window), imp_slice(block, length),
			      err);
}

/* Appends piece by piece, so that the tail ends where a block ends. */
static int pass_bytes(struct sampler *sampler, const uint8_t *data, size_t len,
		      struct imp_error *err)
{
	while (len > 0) {
		size_t piece = len < sampler->tail.need ? len : sampler->tail.need;
		uint64_t end = UINT64_MAX;
		if (sampler->next < sampler->blocks)
			end = block_start(sampler, sampler->next) + block_length(sampler);
		if (end - sampler->offset < piece)
			piece = (size_t)(end - sampler->offset);
		append(&sampler->tail, data, piece);
		sampler->offset += piece;
		data += piece;
		len -= piece;
		int rc = sampler->offset == end ? take_block(sampler, err) : 0;
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int read_all(struct sampler *sampler, struct imp_layer_streams *streams,
		    struct imp_error *err)
{
	struct imp_chunk chunk;
	int rc;

	while ((rc = imp_stream_next(streams->tar, &chunk, err)) == 0) {
		rc = pass_bytes(sampler, chunk.data, chunk.len, err);
		if (rc < 0)
			return rc;
		if (streams->decoded.compression == IMP_COMPRESSION_NONE)
			pass_position(sampler, (struct imp_position){sampler->offset,
								     sampler->offset});
		for (size_t i = 0; i < chunk.position_count; i++)
			pass_position(sampler, chunk.positions[i]);
	}
	if (rc < 0)
		return rc;
	if (sampler->offset != sampler->sampling->tar_bytes)
		return imp_fail(err, IMP_E_INTEGRITY,
				"the tar has %llu bytes, its profile says %llu",
				(unsigned long long)sampler->offset,
				(unsigned long long)sampler->sampling->tar_bytes);
	/* The blob may end behind the last position. */
	pass_position(sampler,
		      (struct imp_position){sampler->offset,
					    streams->decoded.input_bytes -
						    streams->decoded.toc_bytes -
						    streams->decoded.trailing_bytes});
	return 0;
}

int imp_layer_sample(struct imp_stream *blob, const struct imp_layer_request *request,
		     struct imp_sampling *sampling, struct imp_error *err)
{
	struct imp_layer_streams streams;
	struct sampler sampler = {.sampling = sampling,
				  .blocks = imp_sampling_blocks(sampling)};

	sampler.tail.need = (size_t)block_length(&sampler) + sampling->window_bytes;
	sampler.tail.capacity = 2 * sampler.tail.need;
	sampler.tail.bytes = imp_xmalloc(sampler.tail.capacity + 1);
	imp_layer_streams_open(&streams, blob, request);
	int rc = read_all(&sampler, &streams, err);
	imp_layer_streams_close(&streams);
	free(sampler.tail.bytes);
	return rc;
}
