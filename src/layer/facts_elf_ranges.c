/*
 * Ranges of a file that are held while its bytes pass by: what the reader asked for before they came.
 */
#include <elf.h>

#include "facts_elf_priv.h"

static bool lies_in(const struct imp_elf_range *range, uint64_t offset, uint64_t len)
{
	return offset >= range->offset && offset - range->offset <= range->len &&
	       len <= range->len - (offset - range->offset);
}

void imp_elf_want(struct imp_elf_reader *reader, uint64_t offset, uint64_t len)
{
	if (len == 0 || offset > reader->disk_bytes || len > reader->disk_bytes - offset)
		return;
	for (size_t i = 0; i < reader->range_count; i++)
		if (lies_in(&reader->ranges[i], offset, len))
			return;
	if (offset < reader->at || reader->range_count == IMP_ELF_RANGES)
		return;
	struct imp_elf_range *range = &reader->ranges[reader->range_count++];
	range->offset = offset;
	range->len = len;
}

void imp_elf_extend(struct imp_elf_reader *reader, uint64_t offset, uint64_t len)
{
	if (offset > reader->disk_bytes || len > reader->disk_bytes - offset)
		return;
	for (size_t i = 0; i < reader->range_count; i++) {
		struct imp_elf_range *range = &reader->ranges[i];
		bool full = range->offset + range->len == reader->at;
		if (full && offset >= range->offset && offset < reader->at &&
		    offset + len > reader->at) {
			range->len = offset + len - range->offset;
			return;
		}
	}
}

bool imp_elf_bytes(const struct imp_elf_reader *reader, uint64_t offset, uint64_t len,
		   struct imp_slice *out)
{
	for (size_t i = 0; i < reader->range_count; i++) {
		const struct imp_elf_range *range = &reader->ranges[i];
		if (!lies_in(range, offset, len) ||
		    offset - range->offset + len > range->bytes.len)
			continue;
		*out = imp_slice_skip(imp_strbuf_slice(&range->bytes),
				      (size_t)(offset - range->offset));
		out->len = (size_t)len;
		return true;
	}
	return false;
}

struct imp_slice imp_elf_bytes_from(const struct imp_elf_reader *reader, uint64_t offset,
				    uint64_t most)
{
	struct imp_slice best = imp_slice("", 0);

	for (size_t i = 0; i < reader->range_count; i++) {
		const struct imp_elf_range *range = &reader->ranges[i];
		if (offset < range->offset || offset - range->offset >= range->bytes.len)
			continue;
		struct imp_slice rest = imp_slice_skip(imp_strbuf_slice(&range->bytes),
						       (size_t)(offset - range->offset));
		if (rest.len > best.len)
			best = rest;
	}
	if (best.len > most)
		best.len = (size_t)most;
	return best;
}

size_t imp_elf_next_stop(const struct imp_elf_reader *reader, size_t len)
{
	for (size_t i = 0; i < reader->range_count; i++) {
		const struct imp_elf_range *range = &reader->ranges[i];
		uint64_t end = range->offset + range->len;
		if (end > reader->at && end - reader->at < len)
			len = (size_t)(end - reader->at);
	}
	/* The header tells the rest: the sooner the better for what follows it. */
	if (reader->at < sizeof(Elf64_Ehdr) && len > sizeof(Elf64_Ehdr) - reader->at)
		len = sizeof(Elf64_Ehdr) - (size_t)reader->at;
	return len;
}

static void take(struct imp_elf_reader *reader, struct imp_elf_range *range,
		 const char *data, size_t len)
{
	uint64_t end = range->offset + range->len, stop = reader->at + len;
	uint64_t from = range->offset > reader->at ? range->offset : reader->at;
	uint64_t to = end < stop ? end : stop;

	if (from < to)
		imp_strbuf_add(&range->bytes, data + (from - reader->at),
			       (size_t)(to - from));
}

void imp_elf_hold(struct imp_elf_reader *reader, const char *data, size_t len)
{
	for (size_t i = 0; i < reader->range_count; i++)
		take(reader, &reader->ranges[i], data, len);
}

bool imp_elf_completes_range(const struct imp_elf_reader *reader)
{
	if (reader->at == sizeof(Elf64_Ehdr))
		return true;
	for (size_t i = 0; i < reader->range_count; i++)
		if (reader->ranges[i].offset + reader->ranges[i].len == reader->at)
			return true;
	return false;
}
