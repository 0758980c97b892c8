/*
 * A blob as a stream that survives broken connections: it goes on where it stopped
 * (reference/formats.md 3.13).
 */
#pragma once

#include "client_priv.h"
#include "imgprof/stream.h"

/* The blob at URL of SIZE_BYTES bytes. The first request is made here, so that what is
 * missing or denied shows at once. REGISTRY: with its credentials. WHAT names it. */
int imp_blob_open(struct imp_client *client, const struct imp_url *url, bool registry,
		  uint64_t size_bytes, const char *what, struct imp_stream **out,
		  struct imp_error *err);

/* "bytes 5-9/10" or "bytes 5-9/" followed by an asterisk: *TOTAL is IMP_UNKNOWN_SIZE
 * then. */
bool imp_content_range_parse(const char *value, uint64_t *first, uint64_t *last,
			     uint64_t *total);
