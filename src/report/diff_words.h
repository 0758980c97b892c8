/* What formats say about a diff, in the same words. */
#pragma once

#include "imgprof/compare.h"
#include "imgprof/strbuf.h"

/* One cause of a change as words around a name from the image, which each format escapes or
 * fences: BEFORE SUBJECT AFTER, "npm package " "lighthouse" " 13.0.1, new, dev-dep". */
struct imp_reason_words {
	struct imp_strbuf before, after; /* no foreign text */
	struct imp_slice subject;        /* raw; empty: none */
	/* Versions of a package, raw, between SUBJECT and AFTER: empty, one, or old and new */
	struct imp_slice version_before, version_after;
};
void imp_reason_words(const struct imp_diff_reason *reason, struct imp_reason_words *out);
void imp_reason_words_finish(struct imp_reason_words *words);

/* The platforms of both images are known and are not the same. */
bool imp_platforms_differ(const struct imp_diff *diff);
/* Where it was written: "9", "3 (before)", "5 layers"; "" where nothing says. */
void imp_reason_layer(const struct imp_diff_reason *reason, struct imp_strbuf *out);

/* What reasons from number FIRST on say together: the row that closes a short list. */
struct imp_diff_reason imp_reasons_rest(const struct imp_diff *diff, size_t first);
/* How many reasons a list of at most ROWS rows shows; what is left gets one of them. */
size_t imp_reasons_shown(const struct imp_diff *diff, size_t rows);

/* "3 of 14 layers are new"; "all layers are shared". */
void imp_new_layers_words(const struct imp_diff *diff, struct imp_strbuf *out);
