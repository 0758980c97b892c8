/*
 * What cargo-auditable leaves in a Rust program (.dep-v0): zlib, inside it JSON with the
 * crates that it was built from. classification.md 2.1, 3.8.
 */
#pragma once

#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

enum {
	IMP_CARGO_MAX_BYTES = 8 << 20
}; /* of the JSON; what the format's own reader takes */

/* Appends the unpacked text. IMP_E_FORMAT, IMP_E_LIMIT. */
int imp_cargo_unpack(struct imp_slice packed, struct imp_strbuf *out,
		     struct imp_error *err);
