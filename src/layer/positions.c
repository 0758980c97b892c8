#include "positions.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"

/* A queue drops its read part when that is at least this long and half of it. */
enum { COMPACT_AT = 64 };

void imp_positions_init(struct imp_positions *positions,
			struct imp_profile_writer *writer)
{
	*positions = (struct imp_positions){.writer = writer};
	imp_positions_add_samples(positions, &(struct imp_position){0, 0}, 1);
}

void imp_positions_finish(struct imp_positions *positions)
{
	free(positions->samples);
	free(positions->segments);
	*positions = (struct imp_positions){0};
}

void imp_positions_set_identity(struct imp_positions *positions)
{
	positions->identity = true;
}

static void drop_read_samples(struct imp_positions *positions)
{
	size_t read = positions->sample;
	if (read < COMPACT_AT || read < positions->sample_count / 2)
		return;
	positions->sample_count -= read;
	memmove(positions->samples, positions->samples + read,
		positions->sample_count * sizeof(*positions->samples));
	positions->sample = 0;
}

static void drop_read_segments(struct imp_positions *positions)
{
	size_t read = positions->segment;
	if (read < COMPACT_AT || read < positions->segment_count / 2)
		return;
	positions->segment_count -= read;
	memmove(positions->segments, positions->segments + read,
		positions->segment_count * sizeof(*positions->segments));
	positions->segment = 0;
	/* What of the entry is settled was counted into entry_pull. */
	positions->entry_segment -=
		read < positions->entry_segment ? read : positions->entry_segment;
}

/* Moves the window so that its first two samples enclose POSITION; false when no sample
 * is that far yet. */
static bool find_samples(struct imp_positions *positions, uint64_t position)
{
	while (positions->sample + 1 < positions->sample_count &&
	       positions->samples[positions->sample + 1].output <= position)
		positions->sample++;
	return positions->sample + 1 < positions->sample_count ||
	       positions->samples[positions->sample].output == position;
}

static uint64_t interpolate(const struct imp_positions *positions, uint64_t position)
{
	const struct imp_position *before = &positions->samples[positions->sample];
	if (position == before->output)
		return before->input;
	const struct imp_position *after = before + 1;
	return before->input + imp_mul_div(position - before->output,
					   after->input - before->input,
					   after->output - before->output);
}

static void settle_segment(struct imp_positions *positions, size_t i,
			   uint64_t pull_position)
{
	unsigned account = positions->segments[i].account;
	uint64_t pull_bytes = pull_position - positions->pull_bytes;

	positions->pull_bytes = pull_position;
	if (account != IMP_ACCOUNT_ENTRY)
		positions->overheads[account].pull_bytes += pull_bytes;
	else if (i < positions->entry_segment)
		imp_profile_writer_add_pull(positions->writer, pull_bytes);
	else
		positions->entry_settled = true;
	if (i >= positions->entry_segment)
		positions->entry_pull[account] += pull_bytes;
}

/* Settles what the samples suffice for. */
static void settle(struct imp_positions *positions)
{
	for (; positions->segment < positions->segment_count; positions->segment++) {
		uint64_t end = positions->segments[positions->segment].end;
		bool found = find_samples(positions, end);
		if (!positions->identity && !found)
			break;
		settle_segment(positions, positions->segment,
			       positions->identity ? end : interpolate(positions, end));
	}
	drop_read_segments(positions);
	drop_read_samples(positions);
}

void imp_positions_add_samples(struct imp_positions *positions,
			       const struct imp_position *samples, size_t count)
{
	if (positions->identity || count == 0)
		return;
	positions->samples =
		imp_xgrow(positions->samples, &positions->sample_capacity,
			  positions->sample_count + count, sizeof(*positions->samples));
	memcpy(positions->samples + positions->sample_count, samples,
	       count * sizeof(*samples));
	positions->sample_count += count;
	settle(positions);
}

void imp_positions_begin_entry(struct imp_positions *positions)
{
	if (positions->entry_settled)
		imp_profile_writer_add_pull(positions->writer,
					    positions->entry_pull[IMP_ACCOUNT_ENTRY]);
	positions->entry_settled = false;
	positions->entry_segment = positions->segment_count;
	positions->entry_start = positions->tar_bytes;
	memset(positions->entry_tar, 0, sizeof(positions->entry_tar));
	memset(positions->entry_pull, 0, sizeof(positions->entry_pull));
}

void imp_positions_add(struct imp_positions *positions, uint64_t end, unsigned account)
{
	uint64_t tar_bytes = end - positions->tar_bytes;

	if (tar_bytes == 0)
		return;
	positions->tar_bytes = end;
	positions->entry_tar[account] += tar_bytes;
	if (account != IMP_ACCOUNT_ENTRY)
		positions->overheads[account].tar_bytes += tar_bytes;
	positions->segments =
		imp_xgrow(positions->segments, &positions->segment_capacity,
			  positions->segment_count + 1, sizeof(*positions->segments));
	positions->segments[positions->segment_count++] =
		(struct imp_positions_segment){end, account};
	settle(positions);
}

void imp_positions_abort_entry(struct imp_positions *positions, uint64_t tar_bytes)
{
	struct imp_overhead *rest = &positions->overheads[IMP_OVERHEAD_AFTER_END];

	if (positions->segment_count > positions->entry_segment)
		positions->segment_count = positions->entry_segment > positions->segment
						   ? positions->entry_segment
						   : positions->segment;
	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		positions->overheads[i].tar_bytes -= positions->entry_tar[i];
		positions->overheads[i].pull_bytes -= positions->entry_pull[i];
	}
	for (size_t i = 0; i < IMP_ACCOUNTS; i++)
		rest->pull_bytes += positions->entry_pull[i];
	positions->entry_settled = false;
	positions->tar_bytes = positions->entry_start;
	imp_positions_begin_entry(positions);
	imp_positions_add(positions, tar_bytes, IMP_OVERHEAD_AFTER_END);
}

void imp_positions_close(struct imp_positions *positions, uint64_t input_bytes)
{
	const struct imp_position *last =
		&positions->samples[positions->sample_count - 1];
	const struct imp_position end = {positions->tar_bytes, input_bytes};

	imp_positions_begin_entry(positions);
	if (end.output > last->output)
		imp_positions_add_samples(positions, &end, 1);
	/* What came in behind the last byte of the tar: trailers. */
	positions->overheads[IMP_OVERHEAD_AFTER_END].pull_bytes +=
		input_bytes - positions->pull_bytes;
	positions->pull_bytes = input_bytes;
}

void imp_positions_close_damaged(struct imp_positions *positions)
{
	const struct imp_position *last =
		&positions->samples[positions->sample_count - 1];
	imp_positions_close(positions,
			    positions->identity ? positions->tar_bytes : last->input);
}
