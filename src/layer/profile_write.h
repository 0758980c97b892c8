/*
 * Builds a profile entry by entry, in tar order. Everything is kept in its final form
 * from the start: about 30 bytes an entry.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/profile.h"
#include "imgprof/slice.h"
#include "imgprof/warning.h"

struct imp_profile_writer; /* opaque */

struct imp_profile_writer *imp_profile_writer_create(const struct imp_limits *limits);
void imp_profile_writer_destroy(struct imp_profile_writer *writer); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_profile_writer);

/* ENTRY->name is the spelling in the tar, whatever it is; pull_bytes and tar_offset are
 * not looked at. HEADER_BYTES: of all its headers. IMP_E_LIMIT for too many entries or
 * too much text. */
int imp_profile_writer_add(struct imp_profile_writer *writer,
			   const struct imp_entry *entry, uint64_t header_bytes,
			   struct imp_error *err);
/* The pull bytes of the next entry that stores data, in tar order. */
void imp_profile_writer_add_pull(struct imp_profile_writer *writer, uint64_t pull_bytes);
/* The content of the entry added last. CUT: too large, CONTENT is empty. */
void imp_profile_writer_keep(struct imp_profile_writer *writer, struct imp_slice content,
			     bool cut);
/* Its fact, as imp_fact_encode writes it. Left out once there are too many. */
void imp_profile_writer_fact(struct imp_profile_writer *writer, struct imp_slice fact);

/* disk_bytes, entries and files of SUMMARY are filled in here. The result has been
 * loaded, so it is valid: what is not is IMP_E_BUG. The writer is used up. */
int imp_profile_writer_finish(struct imp_profile_writer *writer,
			      const struct imp_profile_summary *summary,
			      const struct imp_warnings *warnings,
			      struct imp_profile **out, struct imp_error *err);
