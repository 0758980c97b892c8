/*
 * Every limit on hostile input, in one place: reference/reliability.md section 4 holds
 * the reasons. A limit that is hit ends in IMP_E_LIMIT with the limit's name in the
 * message. Tests make a copy and lower single fields.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/slice.h"

struct imp_limits {
	uint64_t manifest_bytes;          /* manifest or index body */
	uint64_t config_bytes;            /* image config body */
	uint64_t provenance_bytes;        /* what a builder recorded of a build */
	uint64_t token_bytes;             /* a token answer */
	uint64_t error_body_bytes;        /* of an error answer, what is read */
	uint64_t json_heap_bytes;         /* heap of one parsed document */
	uint32_t json_depth;              /* nesting of one document */
	uint32_t json_values;             /* values in one document */
	uint32_t layers;                  /* layers of an image */
	uint32_t platforms;               /* entries of an index */
	uint32_t index_depth;             /* index in index */
	uint64_t layer_tar_bytes;         /* unpacked bytes of one layer */
	uint32_t ratio;                   /* zstd: out per in, above ... */
	uint64_t ratio_after_bytes;       /* ... this many bytes out */
	uint32_t zstd_window_log;         /* one decoder's window */
	uint64_t zstd_window_total_bytes; /* all decoders' windows together */
	uint32_t path_bytes;              /* a path in a layer */
	uint32_t component_bytes;         /* one component of it */
	uint32_t nodes;                   /* nodes of an image tree */
	/* Directories no entry names: this many ... */
	uint32_t implied_directories;
	uint32_t implied_per_entry;    /* ... and this many more for every entry */
	uint32_t special_headers;      /* pax and GNU headers in a row */
	uint64_t special_header_bytes; /* ... and their bytes for one entry */
	uint64_t kept_file_bytes;      /* one small file kept in a profile */
	uint64_t kept_total_bytes;     /* all of one layer */
	uint32_t symlink_hops;         /* links followed for one parent path */
	uint32_t redirects;            /* per request */
	uint32_t auth_rounds;          /* 401 answered, per request */
	uint32_t header_bytes;         /* an answer's headers together */
	uint32_t header_lines;
	uint32_t connect_timeout_s;
	uint32_t stall_timeout_s; /* under stall_bytes_per_s for this long */
	uint32_t stall_bytes_per_s;
	uint32_t small_request_timeout_s;  /* manifest, token */
	uint32_t retries;                  /* per request */
	uint32_t retries_without_progress; /* at one offset of a blob */
	uint32_t retry_wait_s;             /* longest single wait */
	uint32_t retry_total_s;            /* all waits together */
	uint32_t helper_timeout_s;         /* credential helper */
	uint64_t helper_bytes;             /* its output */
	uint32_t archive_members;          /* members of an image archive */
	uint64_t archive_json_bytes;       /* one JSON member that must be kept */
	uint64_t report_bytes;             /* a stored report */
	uint64_t report_heap_bytes;        /* heap of it once parsed */
	uint32_t report_values;            /* values in it */
};

/* The defaults of reference/reliability.md section 4. */
extern const struct imp_limits imp_limits_default;

/* The limits by name (`path-bytes` for path_bytes), in the order above; *NAME is valid
 * until the next call on this thread. false behind the last one. */
bool imp_limits_get(const struct imp_limits *limits, size_t i, const char **name,
		    uint64_t *value);
/* false when there is none of that name, or VALUE does not fit or is 0. */
bool imp_limits_set(struct imp_limits *limits, struct imp_slice name, uint64_t value);
