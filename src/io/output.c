#include "decode_priv.h"

#include "imgprof/arena.h"

/* A step of a codec takes at most this many samples. */
enum { SAMPLES_PER_STEP = 4 };

void imp_output_init(struct imp_output *out)
{
	*out = (struct imp_output){
		/* A full buffer may hide whether the decoder had more to say, so whether the
		 * sample at its last byte is due. With one byte more than is handed out, the
		 * last one that is handed out is never the last that there is. */
		.data = imp_xmalloc(IMP_OUTPUT_BYTES + 1),
		.positions = imp_xcalloc(IMP_OUTPUT_POSITIONS, sizeof(*out->positions)),
	};
}

void imp_output_finish(struct imp_output *out)
{
	free(out->data);
	free(out->positions);
}

size_t imp_output_room(const struct imp_output *out)
{
	if (out->position_count > IMP_OUTPUT_POSITIONS - SAMPLES_PER_STEP)
		return 0;
	return IMP_OUTPUT_BYTES + 1 - out->fill;
}

uint64_t imp_output_total(const struct imp_output *out)
{
	return out->start + out->fill;
}

void imp_output_sample(struct imp_output *out, uint64_t input, size_t held)
{
	uint64_t total = imp_output_total(out) + held;
	if (total == out->sampled)
		return;
	out->positions[out->position_count++] = (struct imp_position){total, input};
	out->sampled = total;
}

bool imp_output_may_hold(const struct imp_output *out)
{
	return out->position_count < IMP_OUTPUT_POSITIONS / 2;
}

static size_t handed_out(const struct imp_output *out)
{
	return out->fill < IMP_OUTPUT_BYTES ? out->fill : IMP_OUTPUT_BYTES;
}

/* How many samples lie before or at TOTAL. */
static size_t positions_until(const struct imp_output *out, uint64_t total)
{
	size_t n = 0;
	while (n < out->position_count && out->positions[n].output <= total)
		n++;
	return n;
}

void imp_output_cut(struct imp_output *out, uint64_t total)
{
	out->fill = (size_t)(total - out->start);
	out->position_count = positions_until(out, total);
}

void imp_output_take_chunk(struct imp_output *out, struct imp_chunk *chunk)
{
	size_t n = handed_out(out);
	*chunk = (struct imp_chunk){
		.data = out->data,
		.len = n,
		.positions = out->positions,
		.position_count = positions_until(out, out->start + n),
	};
}

void imp_output_next(struct imp_output *out)
{
	size_t n = handed_out(out);
	out->start += n;
	out->fill -= n;
	memmove(out->data, out->data + n, out->fill);

	size_t done = positions_until(out, out->start);
	out->position_count -= done;
	memmove(out->positions, out->positions + done,
		out->position_count * sizeof(*out->positions));
}
