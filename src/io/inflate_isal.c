#include "inflate_priv.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "imgprof/arena.h"

/* ISA-L takes dynamic blocks whose codes leave some bit patterns unused, which zlib refuses
 * when it reads the table. Data that meets such a pattern is damaged for both; data that
 * does not decodes here only. No encoder writes such blocks. */
static void *isal_create(void)
{
	struct inflate_state *state = imp_xcalloc(1, sizeof(*state));
	isal_inflate_init(state);
	state->crc_flag = ISAL_DEFLATE;
	return state;
}

static void isal_reset(void *opaque)
{
	isal_inflate_reset(opaque);
}

/* ISA-L reads up to 64 bits ahead and keeps them when the deflate data ends; the rest of
 * the last byte is padding. */
static void take_behind(struct inflate_state *state, struct imp_inflate_step *step)
{
	uint64_t bits = state->read_in >> (state->read_in_length % 8);
	step->behind_count = (size_t)state->read_in_length / 8;
	for (size_t i = 0; i < step->behind_count; i++)
		step->behind[i] = (uint8_t)(bits >> 8 * i);
}

/* Output that ISA-L has decoded into its own buffer and not handed over. */
static size_t held(const struct inflate_state *state)
{
	return (size_t)(state->tmp_out_valid - state->tmp_out_processed);
}

/* Each call that hands output over moves 32 KiB of history, which costs a tenth of the time
 * with steps of 4 KiB. Without room for output, ISA-L decodes into its own buffer. */
static bool can_hold(const struct inflate_state *state,
		     const struct imp_inflate_step *step)
{
	return step->may_hold && step->in_len > 0 &&
	       state->tmp_out_valid < 2 * ISAL_DEF_HIST_SIZE;
}

static int inflate_into(struct inflate_state *state, struct imp_inflate_step *step,
			size_t out_len)
{
	/* Not const in ISA-L's header, but never written. */
	state->next_in = (uint8_t *)(uintptr_t)step->in;
	state->avail_in = (uint32_t)step->in_len;
	state->next_out = step->out;
	state->avail_out = (uint32_t)out_len;
	int rc = isal_inflate(state);
	step->in = state->next_in;
	step->in_len = state->avail_in;
	step->out_len -= (size_t)(state->next_out - step->out);
	step->out = state->next_out;
	return rc;
}

static enum imp_inflate_status isal_run(void *opaque, struct imp_inflate_step *step)
{
	struct inflate_state *state = opaque;
	int rc = ISAL_DECOMP_OK;
	bool hold = can_hold(state, step);
	if (hold)
		rc = inflate_into(state, step, 0);
	if (rc == ISAL_DECOMP_OK && state->block_state != ISAL_BLOCK_FINISH &&
	    (!hold || step->in_len > 0 || state->block_state == ISAL_BLOCK_INPUT_DONE))
		rc = inflate_into(state, step, step->out_len);
	step->held = held(state);
	step->behind_count = 0;

	if (rc != ISAL_DECOMP_OK)
		return IMP_INFLATE_DAMAGED;
	if (state->block_state == ISAL_BLOCK_FINISH) {
		take_behind(state, step);
		return IMP_INFLATE_DONE;
	}
	/* With room for output it reads all; a state in which it does not must not make the
	 * caller go on for ever. */
	bool stuck = step->in_len > 0 && step->out_len > 0;
	return stuck ? IMP_INFLATE_DAMAGED : IMP_INFLATE_MORE;
}

static void isal_destroy(void *opaque)
{
	free(opaque);
}

static uint32_t isal_crc32(uint32_t crc, const uint8_t *data, size_t len)
{
	return crc32_gzip_refl(crc, data, len);
}

const struct imp_inflate_engine imp_inflate_isal = {
	.name = "isa-l",
	.create = isal_create,
	.reset = isal_reset,
	.run = isal_run,
	.destroy = isal_destroy,
	.crc32 = isal_crc32,
};
