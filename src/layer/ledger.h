/*
 * Who pays for which bytes of the blob. The tar is a row of segments, each with an account:
 * an entry's data or an overhead. A segment's pull bytes are the difference of the positions
 * at its ends, interpolated between the decoder's samples and rounded down, so that all of them
 * add up to the blob exactly (design section 2, invariants 1 and 2).
 *
 * Segments come in tar order; samples come ahead of them or long after. What is kept is the samples around
 * the next segment's end and the segments that wait for a sample.
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

struct imp_ledger_segment {
	uint64_t end; /* in the tar */
	unsigned account;
};

struct imp_ledger {
	struct imp_profile_writer *writer; /* gets the pull bytes of entries */
	bool identity;                     /* the blob is the tar */
	struct imp_overhead overheads[IMP_OVERHEADS];
	uint64_t pull_bytes; /* position of the last segment that is settled */

	struct imp_position *samples; /* a window, from `sample` on */
	size_t sample, sample_count, sample_capacity;

	struct imp_ledger_segment *segments; /* a queue, from `segment` on */
	size_t segment, segment_count, segment_capacity;
	uint64_t tar_bytes; /* end of the last segment */

	/* The entry under way: what abort takes back. */
	size_t entry_segment; /* its first in the queue */
	uint64_t entry_start; /* in the tar */
	uint64_t entry_tar[IMP_ACCOUNTS], entry_pull[IMP_ACCOUNTS];
	bool entry_settled; /* its pull bytes are known, but not yet given to the writer */
};

void imp_ledger_init(struct imp_ledger *ledger, struct imp_profile_writer *writer);
void imp_ledger_finish(struct imp_ledger *ledger);
/* The stream is not compressed: a byte of the tar is a byte of the blob. */
void imp_ledger_set_identity(struct imp_ledger *ledger);

void imp_ledger_add_samples(struct imp_ledger *ledger, const struct imp_position *samples,
			    size_t count);

/* The entry before is complete; from here on segments belong to one that may yet turn out to
 * be cut. */
void imp_ledger_begin_entry(struct imp_ledger *ledger);
/* The tar from the end of the last segment to END belongs to ACCOUNT; nothing when END is
 * there already. */
void imp_ledger_add(struct imp_ledger *ledger, uint64_t end, unsigned account);
/* The entry's data did not arrive: its bytes up to TAR_BYTES belong to no entry. */
void imp_ledger_abort_entry(struct imp_ledger *ledger, uint64_t tar_bytes);

/* All segments are there. INPUT_BYTES: of the blob that the tar came from. */
void imp_ledger_close(struct imp_ledger *ledger, uint64_t input_bytes);
/* The same where the blob's length is not known: up to the last sample. */
void imp_ledger_close_damaged(struct imp_ledger *ledger);
