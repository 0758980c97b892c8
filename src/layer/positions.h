/*
 * Who pays for which bytes of the blob. The tar is a row of segments, each with an
 * account: an entry's data or an overhead. A segment's pull bytes are the difference of
 * the positions at its ends, interpolated between the decoder's samples and rounded down,
 * so that all of them add up to the blob exactly (design section 2, invariants 1 and 2).
 *
 * Segments come in tar order; samples come ahead of them or long after. What is kept is
 * the samples around the next segment's end and the segments that wait for a sample.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/profile.h"
#include "imgprof/stream.h"

#include "profile_write.h"

/* An account: enum imp_overhead_kind, or the entry whose data it is. */
enum { IMP_ACCOUNT_ENTRY = IMP_OVERHEADS, IMP_ACCOUNTS };

struct imp_positions_segment {
	uint64_t end; /* in the tar */
	unsigned account;
};

struct imp_positions {
	struct imp_profile_writer *writer; /* gets the pull bytes of entries */
	bool identity;                     /* the blob is the tar */
	struct imp_overhead overheads[IMP_OVERHEADS];
	uint64_t pull_bytes; /* position of the last segment that is settled */

	struct imp_position *samples; /* a window, from `sample` on */
	size_t sample, sample_count, sample_capacity;

	struct imp_positions_segment *segments; /* a queue, from `segment` on */
	size_t segment, segment_count, segment_capacity;
	uint64_t tar_bytes; /* end of the last segment */

	/* The entry under way: what abort takes back. */
	size_t entry_segment; /* its first in the queue */
	uint64_t entry_start; /* in the tar */
	uint64_t entry_tar[IMP_ACCOUNTS], entry_pull[IMP_ACCOUNTS];
	bool entry_settled; /* its pull bytes are known; the writer waits for them */
};

void imp_positions_init(struct imp_positions *positions,
			struct imp_profile_writer *writer);
void imp_positions_finish(struct imp_positions *positions);
/* The stream is not compressed: a byte of the tar is a byte of the blob. */
void imp_positions_set_identity(struct imp_positions *positions);

void imp_positions_add_samples(struct imp_positions *positions,
			       const struct imp_position *samples, size_t count);

/* The entry before is complete; from here on segments belong to one that may yet turn out
 * to be cut. */
void imp_positions_begin_entry(struct imp_positions *positions);
/* The tar from the end of the last segment to END belongs to ACCOUNT; nothing when END is
 * there already. */
void imp_positions_add(struct imp_positions *positions, uint64_t end, unsigned account);
/* The entry's data did not arrive: its bytes up to TAR_BYTES belong to no entry. */
void imp_positions_abort_entry(struct imp_positions *positions, uint64_t tar_bytes);

/* All segments are there. INPUT_BYTES: of the blob that the tar came from. */
void imp_positions_close(struct imp_positions *positions, uint64_t input_bytes);
/* The same where the blob's length is not known: up to the last sample. */
void imp_positions_close_damaged(struct imp_positions *positions);
