/*
 * SQLite's write-ahead log: pages that were committed and do not stand in the database yet
 * (https://www.sqlite.org/walformat.html). A head of 32 bytes, then frames, each a head of 24 bytes
 * and a page. A frame's checksum goes on from that of the frame before, so the log ends where one
 * does not fit: what lies behind is of an older log, or was cut off. SQLite reads it the same way.
 */
#include "rpm.h"

enum {
	HEAD_BYTES = 32,
	FRAME_HEAD_BYTES = 24,
	MAGIC = 0x377f0682, /* the last bit: sums are over big-endian numbers */
	VERSION = 3007000,
	MIN_PAGE_BYTES = 512,
	MAX_PAGE_BYTES = 65536,
};

struct sum {
	uint32_t a, b;
	bool big_endian;
};

/* LEN is a multiple of 8. */
static void add_to_sum(struct sum *sum, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		sum->a += (sum->big_endian ? rpm_big_u32(data + i)
					   : rpm_little_u32(data + i)) +
			  sum->b;
		sum->b += (sum->big_endian ? rpm_big_u32(data + i + 4)
					   : rpm_little_u32(data + i + 4)) +
			  sum->a;
	}
}

/* The sum as it stands at DATA is big-endian whatever it was made over. */
static bool sum_is(const struct sum *sum, const char *data)
{
	return sum->a == rpm_big_u32(data) && sum->b == rpm_big_u32(data + 4);
}

static bool head_is_whole(struct imp_slice log, struct sum *sum)
{
	if (log.len < HEAD_BYTES || (rpm_big_u32(log.data) & ~1U) != MAGIC)
		return false;
	uint32_t page_bytes = rpm_big_u32(log.data + 8);
	if (page_bytes < MIN_PAGE_BYTES || page_bytes > MAX_PAGE_BYTES ||
	    (page_bytes & (page_bytes - 1)) != 0)
		return false;
	sum->big_endian = rpm_big_u32(log.data) & 1;
	add_to_sum(sum, log.data, 24);
	return sum_is(sum, log.data + 24);
}

/* SALT: which log a frame is of. */
static bool frame_is_whole(const char *frame, size_t page_bytes, const char *salt,
			   struct sum *sum)
{
	if (memcmp(frame + 8, salt, 8) != 0 || rpm_big_u32(frame) == 0)
		return false;
	add_to_sum(sum, frame, 8);
	add_to_sum(sum, frame + FRAME_HEAD_BYTES, page_bytes);
	return sum_is(sum, frame + 16);
}

bool imp_rpm_wal_read(struct imp_slice log, struct rpm_wal *out)
{
	struct sum sum = {0};

	*out = (struct rpm_wal){0};
	if (!head_is_whole(log, &sum))
		return true;
	if (rpm_big_u32(log.data + 4) != VERSION)
		return false;
	out->page_bytes = rpm_big_u32(log.data + 8);
	size_t frame_bytes = FRAME_HEAD_BYTES + out->page_bytes;
	struct imp_slice frames = imp_slice_skip(log, HEAD_BYTES);
	for (size_t at = 0; frames.len - at >= frame_bytes; at += frame_bytes) {
		const char *frame = frames.data + at;
		if (!frame_is_whole(frame, out->page_bytes, log.data + 16, &sum))
			break;
		uint32_t page_count = rpm_big_u32(frame + 4);
		if (page_count == 0)
			continue; /* not the last of its transaction */
		out->page_count = page_count;
		out->frames = imp_slice(frames.data, at + frame_bytes);
	}
	return true;
}

size_t imp_rpm_wal_frames(const struct rpm_wal *wal)
{
	return wal->frames.len / (FRAME_HEAD_BYTES + (size_t)wal->page_bytes);
}

void imp_rpm_wal_apply(const struct rpm_wal *wal, unsigned char *image, size_t len)
{
	size_t frame_bytes = FRAME_HEAD_BYTES + (size_t)wal->page_bytes;

	for (size_t at = 0; at < wal->frames.len; at += frame_bytes) {
		const char *frame = wal->frames.data + at;
		uint64_t end = (uint64_t)rpm_big_u32(frame) * wal->page_bytes;
		if (end <= len)
			memcpy(image + end - wal->page_bytes, frame + FRAME_HEAD_BYTES,
			       wal->page_bytes);
	}
}
