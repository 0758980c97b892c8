/*
 * rpm's database as SQLite keeps it, with a write-ahead log: a byte, 1 to make the log's sums right;
 * a byte, the database's length in pages of 512 bytes; the database; the log.
 */
#include "fuzz_package.h"

#include "rpm_writer.h"

#define DATABASE "var/lib/rpm/rpmdb.sqlite"

enum { PAGE_BYTES = 512, LOG_HEAD_BYTES = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf log = {0}, layer = {0};

	if (size < 2)
		return 0;
	struct imp_slice rest = imp_slice((const char *)data + 2, size - 2);
	struct imp_slice file = rest;
	rest = imp_slice_skip(rest, (size_t)data[1] * PAGE_BYTES);
	file.len -= rest.len;
	imp_strbuf_add_slice(&log, rest);
	if ((data[0] & 1) && log.len >= LOG_HEAD_BYTES)
		rpm_writer_sum_log(&log, PAGE_BYTES);
	imp_strbuf_add_text(&layer, "layer\n");
	fuzz_add_file(&layer, DATABASE, file);
	fuzz_add_file(&layer, DATABASE "-wal", imp_strbuf_slice(&log));
	fuzz_packages(&layer, imp_rpm_read);
	return 0;
}
