/*
 * Berkeley DB's hash, of either byte order: pages of pairs, key and value; values too large for a page
 * stand in chains of overflow pages (classification.md 2.4).
 */
#include "rpm.h"

enum {
	PAGE_HEAD_BYTES = 26,
	META_BYTES = 72,
	LAST_PAGE = 32, /* in the meta page: the number of the last one */
	MIN_PAGE_BYTES = 512,
	MAX_PAGE_BYTES = 65536,
	MAGIC = 0x061561,
	PAGE_HASH_UNSORTED = 2,
	PAGE_OVERFLOW = 7,
	PAGE_HASH = 13,
	ITEM_PLAIN = 1,
	ITEM_OVERFLOW = 3,
	ITEM_OVERFLOW_BYTES = 12,
	COUNTER_BYTES = 4, /* of the record that counts headers */
};

struct bdb {
	struct rpm_system *system;
	struct imp_slice file;
	size_t page_bytes, page_count;
	size_t hops; /* overflow pages that may still be read: each is in one chain */
	bool big_endian;
	struct imp_strbuf value;
};

static uint32_t read_number(const struct bdb *bdb, const char *data, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 |
			(unsigned char)data[bdb->big_endian ? i : bytes - 1 - i];
	return value;
}

static const char *page_at(const struct bdb *bdb, size_t number)
{
	return bdb->file.data + number * bdb->page_bytes;
}

static unsigned type_of(const char *page)
{
	return (unsigned char)page[25];
}

static bool open_file(struct bdb *bdb)
{
	if (bdb->file.len < META_BYTES)
		return false;
	bdb->big_endian = read_number(bdb, bdb->file.data + 12, 4) != MAGIC;
	if (read_number(bdb, bdb->file.data + 12, 4) != MAGIC)
		return false;
	bdb->page_bytes = read_number(bdb, bdb->file.data + 20, 4);
	bool encrypted = bdb->file.data[24] != 0;
	if (encrypted || bdb->page_bytes < MIN_PAGE_BYTES ||
	    bdb->page_bytes > MAX_PAGE_BYTES ||
	    (bdb->page_bytes & (bdb->page_bytes - 1)) != 0)
		return false;
	bdb->page_count = bdb->hops = bdb->file.len / bdb->page_bytes;
	return true;
}

/* Collects a chain into bdb->value; false when it is damaged. */
static bool read_chain(struct bdb *bdb, uint32_t number, size_t bytes)
{
	imp_strbuf_reset(&bdb->value);
	while (number != 0) {
		if (number >= bdb->page_count || bdb->hops == 0)
			return false;
		bdb->hops--;
		const char *page = page_at(bdb, number);
		size_t len = read_number(bdb, page + 22, 2);
		if (type_of(page) != PAGE_OVERFLOW ||
		    len > bdb->page_bytes - PAGE_HEAD_BYTES ||
		    len > bytes - bdb->value.len)
			return false;
		imp_strbuf_add(&bdb->value, page + PAGE_HEAD_BYTES, len);
		number = read_number(bdb, page + 16, 4);
	}
	return bdb->value.len == bytes;
}

/* The value at OFFSET of a page, END being where the item before it begins; false when reading has to
 * end. */
static bool read_value(struct bdb *bdb, const char *page, size_t offset, size_t end)
{
	const char *item = page + offset;

	if (item[0] == ITEM_OVERFLOW && end - offset >= ITEM_OVERFLOW_BYTES) {
		if (read_chain(bdb, read_number(bdb, item + 4, 4),
			       read_number(bdb, item + 8, 4)))
			return imp_rpm_take(bdb->system, imp_strbuf_slice(&bdb->value));
		imp_rpm_report(bdb->system, "a damaged chain of pages");
	} else if (item[0] == ITEM_PLAIN && end - offset > 1 + COUNTER_BYTES) {
		return imp_rpm_take(bdb->system, imp_slice(item + 1, end - offset - 1));
	}
	return true;
}

/* Items stand from the page's end to its front, their offsets behind its head: key, value ... */
static bool read_page(struct bdb *bdb, const char *page)
{
	size_t entries = read_number(bdb, page + 20, 2);
	size_t end = bdb->page_bytes;

	if (entries > (bdb->page_bytes - PAGE_HEAD_BYTES) / 2) {
		imp_rpm_report(bdb->system, "a damaged page");
		return true;
	}
	for (size_t i = 0; i < entries; i++) {
		size_t offset = read_number(bdb, page + PAGE_HEAD_BYTES + 2 * i, 2);
		if (offset >= end || offset < PAGE_HEAD_BYTES) {
			imp_rpm_report(bdb->system, "a damaged page");
			return true;
		}
		if (i % 2 == 1 && !read_value(bdb, page, offset, end))
			return false;
		end = offset;
	}
	return true;
}

void imp_rpm_read_bdb(struct rpm_system *system)
{
	struct bdb bdb = {.system = system, .file = system->file->content};

	if (!open_file(&bdb)) {
		imp_rpm_report(system, "no hash database of Berkeley DB");
		return;
	}
	if (read_number(&bdb, bdb.file.data + LAST_PAGE, 4) >= bdb.page_count)
		imp_rpm_report(system, "shorter than it says");
	for (size_t i = 1; i < bdb.page_count; i++) {
		unsigned type = type_of(page_at(&bdb, i));
		if ((type == PAGE_HASH || type == PAGE_HASH_UNSORTED) &&
		    !read_page(&bdb, page_at(&bdb, i)))
			break;
	}
	imp_strbuf_finish(&bdb.value);
}
