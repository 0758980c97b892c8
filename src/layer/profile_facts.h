/* A fact as a profile holds it (docs/profile-format.md). */
#pragma once

#include "imgprof/arena.h"
#include "imgprof/facts.h"

#include "profile_format.h"

/* All but the entry's number. */
void imp_fact_encode(const struct imp_fact *fact, struct imp_strbuf *out);
/* FACT's slices borrow from what IN reads. Sets IN's `bad` where it does not fit. */
void imp_fact_decode(struct imp_part_reader *in, struct imp_arena *arena,
		     struct imp_fact *fact);
