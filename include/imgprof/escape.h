/*
 * Escapers: one for each kind of output, and the only ones. Names from images are bytes:
 * they may hold control characters, markup, and need not be UTF-8.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* For a terminal and for plain text: printable UTF-8 as it is; C0, C1, DEL, and bytes
 * that are no UTF-8 as \xNN; bidirectional controls, zero-width characters, line and
 * paragraph separators, tags, private use and unassigned code points as \u{N}. A
 * backslash stays. Space (U+0020) is the only white space that passes. The result is one
 * line. */
void imp_escape_terminal(struct imp_strbuf *out, struct imp_slice text);

/* The inside of a JSON string, without quotes: valid UTF-8 whatever comes in; a byte that
 * is no UTF-8 becomes U+FFFD (the caller adds the raw bytes as base64 beside it). */
void imp_escape_json(struct imp_strbuf *out, struct imp_slice text);

/* WORD as one word of a POSIX shell, quoted when needed. Nothing else is escaped: what the line is
 * printed on has its own escaper. */
void imp_escape_shell(struct imp_strbuf *out, struct imp_slice word);

/* One CSV field by RFC 4180, quoted when needed; one that a spreadsheet would take for a
 * formula (= + - @ tab CR first, full-width forms too) gets a leading apostrophe. Control bytes and invalid
 * UTF-8 as for a terminal. */
void imp_escape_csv(struct imp_strbuf *out, struct imp_slice text);

/* TEXT as one Markdown code span of at most COLUMNS columns, shortened in the middle:
 * nothing in it can become a link, an image, markup or a mention (reference/ecosystem.md 1.5).
 * Escaped as for a terminal first. IN_TABLE: for a cell of a GFM table, where '|' needs a
 * backslash. Empty text is "(empty)". */
void imp_markdown_code(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		       bool in_table);

/* What stands in such a span: escaped as for a terminal, of at most COLUMNS columns, and of as many
 * bytes as those need. Not yet safe for Markdown or HTML. */
void imp_markdown_fit(struct imp_strbuf *out, struct imp_slice text, size_t columns);

/* Words that are ours as long as no stored report was tampered with ("compiler and build
 * tools: ", a manager's name): as they are when nothing in them can be markup, a mention or a
 * link, else as a code span. A space at an end stays outside. */
void imp_markdown_words(struct imp_strbuf *out, struct imp_slice text, size_t columns,
			bool in_table);

/* For the commands that GitHub's runner reads from a log ("::error file=X::MESSAGE"): its
 * percent encoding, after the escape of a terminal. */
void imp_escape_workflow_message(struct imp_strbuf *out, struct imp_slice text);
void imp_escape_workflow_property(struct imp_strbuf *out, struct imp_slice text);

/* Text of an HTML element or of a quoted attribute: & < > " ' as entities, what a terminal must
 * not see as there, for browsers act on text direction, too. One line. */
void imp_escape_html(struct imp_strbuf *out, struct imp_slice text);
/* The inside of an OpenMetrics label value, without quotes: as for a terminal, then its own
 * escapes of backslash and quote. */
void imp_escape_openmetrics(struct imp_strbuf *out, struct imp_slice text);
/* One frame of a folded stack: as for a terminal, and ';' as \x3b, for it divides frames. */
void imp_escape_folded(struct imp_strbuf *out, struct imp_slice text);
/* A path as a relative URI: percent encoding of all but RFC 3986's unreserved and '/'. */
void imp_escape_uri_path(struct imp_strbuf *out, struct imp_slice text);

/* true when every byte belongs to well-formed UTF-8 (RFC 3629: no surrogates). */
bool imp_utf8_valid(struct imp_slice text);

/* Standard base64 with padding. */
void imp_base64_encode(struct imp_strbuf *out, struct imp_slice bytes);
/* Standard alphabet, padding optional, no white space; false leaves OUT as it was. */
bool imp_base64_decode(struct imp_strbuf *out, struct imp_slice text);
