#include "ledger.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"

/* A queue drops its read part when that is at least this long and half of it. */
enum { COMPACT_AT = 64 };

void imp_ledger_init(struct imp_ledger *ledger, struct imp_profile_writer *writer)
{
	*ledger = (struct imp_ledger){.writer = writer};
	imp_ledger_add_samples(ledger, &(struct imp_position){0, 0}, 1);
}

void imp_ledger_finish(struct imp_ledger *ledger)
{
	free(ledger->samples);
	free(ledger->segments);
	*ledger = (struct imp_ledger){0};
}

void imp_ledger_set_identity(struct imp_ledger *ledger)
{
	ledger->identity = true;
}

static void drop_read_samples(struct imp_ledger *ledger)
{
	size_t read = ledger->sample;
	if (read < COMPACT_AT || read < ledger->sample_count / 2)
		return;
	ledger->sample_count -= read;
	memmove(ledger->samples, ledger->samples + read,
		ledger->sample_count * sizeof(*ledger->samples));
	ledger->sample = 0;
}

static void drop_read_segments(struct imp_ledger *ledger)
{
	size_t read = ledger->segment;
	if (read < COMPACT_AT || read < ledger->segment_count / 2)
		return;
	ledger->segment_count -= read;
	memmove(ledger->segments, ledger->segments + read,
		ledger->segment_count * sizeof(*ledger->segments));
	ledger->segment = 0;
	/* What of the entry is settled was counted into entry_pull. */
	ledger->entry_segment -=
		read < ledger->entry_segment ? read : ledger->entry_segment;
}

/* Moves the window so that its first two samples enclose POSITION; false when no sample is
 * that far yet. */
static bool find_samples(struct imp_ledger *ledger, uint64_t position)
{
	while (ledger->sample + 1 < ledger->sample_count &&
	       ledger->samples[ledger->sample + 1].output <= position)
		ledger->sample++;
	return ledger->sample + 1 < ledger->sample_count ||
	       ledger->samples[ledger->sample].output == position;
}

static uint64_t interpolate(const struct imp_ledger *ledger, uint64_t position)
{
	const struct imp_position *before = &ledger->samples[ledger->sample];
	if (position == before->output)
		return before->input;
	const struct imp_position *after = before + 1;
	return before->input + imp_mul_div(position - before->output,
					   after->input - before->input,
					   after->output - before->output);
}

static void settle_segment(struct imp_ledger *ledger, size_t i, uint64_t pull_position)
{
	unsigned account = ledger->segments[i].account;
	uint64_t pull_bytes = pull_position - ledger->pull_bytes;

	ledger->pull_bytes = pull_position;
	if (account != IMP_ACCOUNT_ENTRY)
		ledger->overheads[account].pull_bytes += pull_bytes;
	else if (i < ledger->entry_segment)
		imp_profile_writer_add_pull(ledger->writer, pull_bytes);
	else
		ledger->entry_settled = true;
	if (i >= ledger->entry_segment)
		ledger->entry_pull[account] += pull_bytes;
}

/* Settles what the samples suffice for. */
static void settle(struct imp_ledger *ledger)
{
	for (; ledger->segment < ledger->segment_count; ledger->segment++) {
		uint64_t end = ledger->segments[ledger->segment].end;
		bool found = find_samples(ledger, end);
		if (!ledger->identity && !found)
			break;
		settle_segment(ledger, ledger->segment,
			       ledger->identity ? end : interpolate(ledger, end));
	}
	drop_read_segments(ledger);
	drop_read_samples(ledger);
}

void imp_ledger_add_samples(struct imp_ledger *ledger, const struct imp_position *samples,
			    size_t count)
{
	if (ledger->identity || count == 0)
		return;
	ledger->samples =
		imp_xgrow(ledger->samples, &ledger->sample_capacity,
			  ledger->sample_count + count, sizeof(*ledger->samples));
	memcpy(ledger->samples + ledger->sample_count, samples, count * sizeof(*samples));
	ledger->sample_count += count;
	settle(ledger);
}

void imp_ledger_begin_entry(struct imp_ledger *ledger)
{
	if (ledger->entry_settled)
		imp_profile_writer_add_pull(ledger->writer,
					    ledger->entry_pull[IMP_ACCOUNT_ENTRY]);
	ledger->entry_settled = false;
	ledger->entry_segment = ledger->segment_count;
	ledger->entry_start = ledger->tar_bytes;
	memset(ledger->entry_tar, 0, sizeof(ledger->entry_tar));
	memset(ledger->entry_pull, 0, sizeof(ledger->entry_pull));
}

void imp_ledger_add(struct imp_ledger *ledger, uint64_t end, unsigned account)
{
	uint64_t tar_bytes = end - ledger->tar_bytes;

	if (tar_bytes == 0)
		return;
	ledger->tar_bytes = end;
	ledger->entry_tar[account] += tar_bytes;
	if (account != IMP_ACCOUNT_ENTRY)
		ledger->overheads[account].tar_bytes += tar_bytes;
	ledger->segments =
		imp_xgrow(ledger->segments, &ledger->segment_capacity,
			  ledger->segment_count + 1, sizeof(*ledger->segments));
	ledger->segments[ledger->segment_count++] =
		(struct imp_ledger_segment){end, account};
	settle(ledger);
}

void imp_ledger_abort_entry(struct imp_ledger *ledger, uint64_t tar_bytes)
{
	struct imp_overhead *rest = &ledger->overheads[IMP_OVERHEAD_AFTER_END];

	if (ledger->segment_count > ledger->entry_segment)
		ledger->segment_count = ledger->entry_segment > ledger->segment
						? ledger->entry_segment
						: ledger->segment;
	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		ledger->overheads[i].tar_bytes -= ledger->entry_tar[i];
		ledger->overheads[i].pull_bytes -= ledger->entry_pull[i];
	}
	for (size_t i = 0; i < IMP_ACCOUNTS; i++)
		rest->pull_bytes += ledger->entry_pull[i];
	ledger->entry_settled = false;
	ledger->tar_bytes = ledger->entry_start;
	imp_ledger_begin_entry(ledger);
	imp_ledger_add(ledger, tar_bytes, IMP_OVERHEAD_AFTER_END);
}

void imp_ledger_close(struct imp_ledger *ledger, uint64_t input_bytes)
{
	const struct imp_position *last = &ledger->samples[ledger->sample_count - 1];
	const struct imp_position end = {ledger->tar_bytes, input_bytes};

	imp_ledger_begin_entry(ledger);
	if (end.output > last->output)
		imp_ledger_add_samples(ledger, &end, 1);
	/* What came in behind the last byte of the tar: trailers. */
	ledger->overheads[IMP_OVERHEAD_AFTER_END].pull_bytes +=
		input_bytes - ledger->pull_bytes;
	ledger->pull_bytes = input_bytes;
}

void imp_ledger_close_damaged(struct imp_ledger *ledger)
{
	const struct imp_position *last = &ledger->samples[ledger->sample_count - 1];
	imp_ledger_close(ledger, ledger->identity ? ledger->tar_bytes : last->input);
}
