/*
 * rpm's headers and databases from little text, written from classification.md 2.4:
 *
 *	rpm_writer_header(&blob, "N bash\nV 5.1\nR 6\nA x86_64\nE 1\nG Unspecified\n"
 *				 "S bash-5.1-6.src.rpm\n"
 *				 "F 0 2 /usr/share/doc/bash README\n"  -- state, flags, folder, name
 *				 "q libc.so.6()(64bit)\np sh\n"        -- requires, provides; w recommends,
 *									  s suggests, u supplements
 *	rpm_writer_ndb(&file, blobs, count);
 *	rpm_writer_bdb(&file, blobs, count, big_endian);
 *	rpm_writer_sqlite(&file, blobs, count);
 *
 * and a write-ahead log of SQLite changed: https://www.sqlite.org/walformat.html.
 */
#pragma once

#include <stdint.h>

#include "imgprof/strbuf.h"

void rpm_writer_header(struct imp_strbuf *out, const char *text);
void rpm_writer_ndb(struct imp_strbuf *out, const struct imp_slice *blobs, size_t count);
void rpm_writer_bdb(struct imp_strbuf *out, const struct imp_slice *blobs, size_t count,
		    bool big_endian);
void rpm_writer_sqlite(struct imp_strbuf *out, const struct imp_slice *blobs,
		       size_t count);
/* The head of the frame at AT; 0 leaves a number as it is. */
void rpm_writer_set_frame(struct imp_strbuf *log, size_t at, uint32_t page,
			  uint32_t page_count);
/* All sums anew, and the salts of all frames those of the head. */
void rpm_writer_sum_log(struct imp_strbuf *log, size_t page_bytes);
