#include "rpm_writer.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

enum { CHAR = 1, INT32 = 4, STRING = 6, STRING_ARRAY = 8 };

static void add_number(struct imp_strbuf *out, uint32_t value, size_t bytes,
		       bool big_endian)
{
	for (size_t i = 0; i < bytes; i++)
		imp_strbuf_add_char(
			out, (char)(value >> 8 * (big_endian ? bytes - 1 - i : i)));
}

static void set_number(struct imp_strbuf *out, size_t at, uint32_t value, size_t bytes,
		       bool big_endian)
{
	for (size_t i = 0; i < bytes; i++)
		out->data[at + i] = (char)(value >> 8 * (big_endian ? bytes - 1 - i : i));
}

struct header {
	struct imp_strbuf index, data;
	uint32_t entries;
};

static void add_entry(struct header *header, uint32_t tag, uint32_t type, uint32_t count,
		      const struct imp_strbuf *value)
{
	while (type == INT32 && header->data.len % 4 != 0)
		imp_strbuf_add_char(&header->data, '\0');
	add_number(&header->index, tag, 4, true);
	add_number(&header->index, type, 4, true);
	add_number(&header->index, (uint32_t)header->data.len, 4, true);
	add_number(&header->index, count, 4, true);
	imp_strbuf_add_slice(&header->data, imp_strbuf_slice(value));
	header->entries++;
}

/* The rests of all lines that begin with LETTER. */
static void add_texts(struct header *header, const char *text, char letter, uint32_t tag,
		      uint32_t type)
{
	struct imp_slice rest = imp_slice_of(text);
	struct imp_strbuf value = {0};
	uint32_t count = 0;

	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (line.len < 2 || line.data[0] != letter)
			continue;
		imp_strbuf_add_slice(&value, imp_slice_skip(line, 2));
		imp_strbuf_add_char(&value, '\0');
		count++;
	}
	if (count > 0)
		add_entry(header, tag, type, count, &value);
	imp_strbuf_finish(&value);
}

static uint32_t number_of(struct imp_slice text)
{
	unsigned long long value = 0;
	bool valid = imp_slice_u64(text, &value);

	assert(valid);
	return (uint32_t)value;
}

/* Each file with a folder of its own. */
static void add_files(struct header *header, const char *text)
{
	struct imp_strbuf states = {0}, flags = {0}, folders = {0}, names = {0},
			  indexes = {0};
	struct imp_slice rest = imp_slice_of(text);
	uint32_t count = 0;

	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (!imp_slice_starts(line, IMP_SLICE("F ")))
			continue;
		line = imp_slice_skip(line, 2);
		add_number(&states, number_of(imp_slice_cut(&line, ' ')), 1, true);
		add_number(&flags, number_of(imp_slice_cut(&line, ' ')), 4, true);
		imp_strbuf_add_slice(&folders, imp_slice_cut(&line, ' '));
		imp_strbuf_add(&folders, "/", 2);
		imp_strbuf_add_slice(&names, line);
		imp_strbuf_add_char(&names, '\0');
		add_number(&indexes, count++, 4, true);
	}
	if (count > 0) {
		add_entry(header, 1029, CHAR, count, &states);
		add_entry(header, 1037, INT32, count, &flags);
		add_entry(header, 1116, INT32, count, &indexes);
		add_entry(header, 1117, STRING_ARRAY, count, &names);
		add_entry(header, 1118, STRING_ARRAY, count, &folders);
	}
	imp_strbuf_finish(&states);
	imp_strbuf_finish(&flags);
	imp_strbuf_finish(&folders);
	imp_strbuf_finish(&names);
	imp_strbuf_finish(&indexes);
}

static void add_epoch(struct header *header, const char *text)
{
	struct imp_slice rest = imp_slice_of(text);
	struct imp_strbuf value = {0};

	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (imp_slice_starts(line, IMP_SLICE("E ")))
			add_number(&value, number_of(imp_slice_skip(line, 2)), 4, true);
	}
	if (value.len > 0)
		add_entry(header, 1003, INT32, 1, &value);
	imp_strbuf_finish(&value);
}

void rpm_writer_header(struct imp_strbuf *out, const char *text)
{
	struct header header = {0};
	struct imp_strbuf region = {0};

	/* rpm's headers begin with a region, whose 16 bytes stand in the data. */
	imp_strbuf_add(&region, "\0\0\0\x3f\0\0\0\7\0\0\0\0\0\0\0\x10", 16);
	add_entry(&header, 63, 7, 16, &region);
	add_texts(&header, text, 'N', 1000, STRING);
	add_texts(&header, text, 'V', 1001, STRING);
	add_texts(&header, text, 'R', 1002, STRING);
	add_epoch(&header, text);
	add_texts(&header, text, 'G', 1016, STRING_ARRAY);
	add_texts(&header, text, 'A', 1022, STRING);
	add_texts(&header, text, 'S', 1044, STRING);
	add_texts(&header, text, 'o', 1027, STRING_ARRAY);
	add_files(&header, text);
	add_texts(&header, text, 'p', 1047, STRING_ARRAY);
	add_texts(&header, text, 'q', 1049, STRING_ARRAY);
	add_texts(&header, text, 'w', 5046, STRING_ARRAY);
	add_texts(&header, text, 's', 5049, STRING_ARRAY);
	add_texts(&header, text, 'u', 5052, STRING_ARRAY);
	add_number(out, header.entries, 4, true);
	add_number(out, (uint32_t)header.data.len, 4, true);
	imp_strbuf_add_slice(out, imp_strbuf_slice(&header.index));
	imp_strbuf_add_slice(out, imp_strbuf_slice(&header.data));
	imp_strbuf_finish(&region);
	imp_strbuf_finish(&header.index);
	imp_strbuf_finish(&header.data);
}

static void pad(struct imp_strbuf *out, size_t to)
{
	while (out->len % to != 0)
		imp_strbuf_add_char(out, '\0');
}

void rpm_writer_ndb(struct imp_strbuf *out, const struct imp_slice *blobs, size_t count)
{
	imp_strbuf_add(out, "RpmP\0\0\0\0\7\0\0\0\1\0\0\0", 16);
	add_number(out, (uint32_t)count + 1, 4, false);
	imp_strbuf_add(out, "\0\0\0\0\0\0\0\0\0\0\0", 12);
	while (out->len < 4096)
		imp_strbuf_add(out, "Slot\0\0\0\0\0\0\0\0\0\0\0", 16);
	for (size_t i = 0; i < count; i++) {
		/* every other slot is free */
		size_t slot = 32 + 32 * i, at = out->len;
		imp_strbuf_add_text(out, "BlbS");
		add_number(out, (uint32_t)i + 1, 4, false);
		add_number(out, 7, 4, false);
		add_number(out, (uint32_t)blobs[i].len, 4, false);
		imp_strbuf_add_slice(out, blobs[i]);
		pad(out, 4);
		imp_strbuf_add(out, "\0\0\0", 4); /* a checksum that nobody asks for */
		add_number(out, (uint32_t)blobs[i].len, 4, false);
		imp_strbuf_add_text(out, "BlbE");
		pad(out, 16);
		set_number(out, slot + 4, (uint32_t)i + 1, 4, false);
		set_number(out, slot + 8, (uint32_t)(at / 16), 4, false);
		set_number(out, slot + 12, (uint32_t)((out->len - at) / 16), 4, false);
	}
}

enum { PAGE = 512, PAGE_HEAD = 26 };

static size_t add_page(struct imp_strbuf *out, unsigned type, bool big_endian)
{
	size_t at = out->len;
	uint32_t number = (uint32_t)(at / PAGE);

	memset(imp_strbuf_reserve(out, PAGE), 0, PAGE);
	out->len += PAGE;
	set_number(out, at + 8, number, 4, big_endian);
	out->data[at + 25] = (char)type;
	return at;
}

/* A chain of overflow pages; the number of its first. */
static uint32_t add_chain(struct imp_strbuf *out, struct imp_slice blob, bool big_endian)
{
	uint32_t first = (uint32_t)(out->len / PAGE);

	while (blob.len > 0) {
		size_t len = blob.len < PAGE - PAGE_HEAD ? blob.len : PAGE - PAGE_HEAD;
		size_t at = add_page(out, 7, big_endian);
		memcpy(out->data + at + PAGE_HEAD, blob.data, len);
		blob = imp_slice_skip(blob, len);
		set_number(out, at + 22, (uint32_t)len, 2, big_endian);
		if (blob.len > 0)
			set_number(out, at + 16, (uint32_t)(out->len / PAGE), 4,
				   big_endian);
	}
	return first;
}

struct items {
	size_t page, end, count;
	bool big_endian;
};

static void add_item(struct imp_strbuf *out, struct items *items, const void *data,
		     size_t len)
{
	items->end -= len;
	memcpy(out->data + items->page + items->end, data, len);
	set_number(out, items->page + PAGE_HEAD + 2 * items->count++,
		   (uint32_t)items->end, 2, items->big_endian);
	set_number(out, items->page + 20, (uint32_t)items->count, 2, items->big_endian);
}

void rpm_writer_bdb(struct imp_strbuf *out, const struct imp_slice *blobs, size_t count,
		    bool big_endian)
{
	size_t meta = add_page(out, 8, big_endian);
	/* Both kinds of hash page, the counter's record on the first. */
	struct items pages[2] = {
		{add_page(out, 13, big_endian), PAGE, 0, big_endian},
		{add_page(out, 2, big_endian), PAGE, 0, big_endian},
	};

	set_number(out, meta + 12, 0x061561, 4, big_endian);
	set_number(out, meta + 16, 9, 4, big_endian);
	set_number(out, meta + 20, PAGE, 4, big_endian);
	add_item(out, &pages[0], "\1\0\0\0", 5);
	add_item(out, &pages[0], "\1\7\0\0", 5);
	for (size_t i = 0; i < count; i++) {
		struct imp_strbuf item = {0};
		add_item(out, &pages[i % 2], "\1\1\0\0", 5);
		if (blobs[i].len < 128) {
			imp_strbuf_add_char(&item, 1);
			imp_strbuf_add_slice(&item, blobs[i]);
		} else {
			imp_strbuf_add(&item, "\3\0\0", 4);
			add_number(&item, add_chain(out, blobs[i], big_endian), 4,
				   big_endian);
			add_number(&item, (uint32_t)blobs[i].len, 4, big_endian);
		}
		add_item(out, &pages[i % 2], item.data, item.len);
		imp_strbuf_finish(&item);
	}
	set_number(out, meta + 32, (uint32_t)(out->len / PAGE - 1), 4, big_endian);
}

void rpm_writer_sqlite(struct imp_strbuf *out, const struct imp_slice *blobs,
		       size_t count)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *insert = NULL;
	sqlite3_int64 size;
	int rc = sqlite3_open(":memory:", &db);

	rc |= sqlite3_exec(db,
			   "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY "
			   "AUTOINCREMENT, blob BLOB NOT NULL)",
			   NULL, NULL, NULL);
	rc |= sqlite3_prepare_v2(db, "INSERT INTO Packages (blob) VALUES (?)", -1,
				 &insert, NULL);
	for (size_t i = 0; i < count; i++) {
		rc |= sqlite3_bind_blob(insert, 1, blobs[i].data, (int)blobs[i].len,
					SQLITE_STATIC);
		rc |= sqlite3_step(insert) != SQLITE_DONE;
		rc |= sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	unsigned char *bytes = sqlite3_serialize(db, "main", &size, 0);
	assert(rc == SQLITE_OK && bytes);
	imp_strbuf_add(out, bytes, (size_t)size);
	sqlite3_free(bytes);
	sqlite3_close(db);
	(void)rc;
}

void rpm_writer_set_frame(struct imp_strbuf *log, size_t at, uint32_t page,
			  uint32_t page_count)
{
	if (page != 0)
		set_number(log, at, page, 4, true);
	if (page_count != 0)
		set_number(log, at + 4, page_count, 4, true);
}

static void add_sum(uint32_t sum[2], const struct imp_strbuf *log, size_t at, size_t len)
{
	bool big_endian = log->data[3] & 1;

	for (size_t i = 0; i < len / 4; i++) {
		uint32_t word = 0;
		for (size_t k = 0; k < 4; k++)
			word |= (uint32_t)(unsigned char)log->data[at + 4 * i + k]
				<< 8 * (big_endian ? 3 - k : k);
		sum[i % 2] += word + sum[1 - i % 2];
	}
}

void rpm_writer_sum_log(struct imp_strbuf *log, size_t page_bytes)
{
	uint32_t sum[2] = {0};

	add_sum(sum, log, 0, 24);
	set_number(log, 24, sum[0], 4, true);
	set_number(log, 28, sum[1], 4, true);
	for (size_t at = 32; at + 24 + page_bytes <= log->len; at += 24 + page_bytes) {
		memcpy(log->data + at + 8, log->data + 16, 8);
		add_sum(sum, log, at, 8);
		add_sum(sum, log, at + 24, page_bytes);
		set_number(log, at + 16, sum[0], 4, true);
		set_number(log, at + 20, sum[1], 4, true);
	}
}
