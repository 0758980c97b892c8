/*
 * ndb: pages of slots at the start, each slot one blob in blocks of 16 bytes; all numbers are
 * little-endian (classification.md 2.4).
 */
#include "rpm.h"

enum {
	PAGE_BYTES = 4096,
	BLOCK_BYTES = 16,
	SLOT_BYTES = 16,
	HEAD_BYTES = 32, /* two slots' worth */
	BLOB_HEAD_BYTES = 16,
};

/* The header in the blob of the slot at OFFSET; false when the slot is damaged. */
static bool read_slot(struct imp_slice file, size_t offset, struct imp_slice *out)
{
	const char *slot = file.data + offset;
	uint64_t at = (uint64_t)rpm_little_u32(slot + 8) * BLOCK_BYTES;

	if (memcmp(slot, "Slot", 4) != 0 || at > file.len ||
	    file.len - at < BLOB_HEAD_BYTES)
		return false;
	const char *blob = file.data + at;
	uint32_t len = rpm_little_u32(blob + 12);
	if (memcmp(blob, "BlbS", 4) != 0 ||
	    rpm_little_u32(blob + 4) != rpm_little_u32(slot + 4) ||
	    len > file.len - at - BLOB_HEAD_BYTES)
		return false;
	*out = imp_slice(blob + BLOB_HEAD_BYTES, len);
	return true;
}

void imp_rpm_read_ndb(struct rpm_system *system)
{
	struct imp_slice file = system->file->content, blob;

	if (file.len < PAGE_BYTES || memcmp(file.data, "RpmP", 4) != 0) {
		imp_rpm_report(system, "no ndb database");
		return;
	}
	uint64_t pages = rpm_little_u32(file.data + 12);
	if (pages == 0 || pages > file.len / PAGE_BYTES) {
		imp_rpm_report(system, "more pages of slots than the file has");
		return;
	}
	for (size_t at = HEAD_BYTES; at < pages * PAGE_BYTES; at += SLOT_BYTES) {
		if (rpm_little_u32(file.data + at + 4) == 0)
			continue; /* free */
		if (!read_slot(file, at, &blob))
			imp_rpm_report(system, "a damaged slot");
		else if (!imp_rpm_take(system, blob))
			return;
	}
}
