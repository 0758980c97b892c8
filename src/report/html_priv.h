/*
 * The page of -o html. It is put together in this order: a head with the policy that lets nothing in but the
 * page's own script and style (their hashes), plain tables that need no script, the views, the
 * payload (JSON, gzip, base64), the scripts.
 */
#pragma once

#include "html_rows.h"
#include "writer_priv.h"

/* Texts of data/html and of d3-hierarchy, embedded. */
extern const char imp_html_style[], imp_html_views[], imp_html_script[], imp_html_d3[],
	imp_html_d3_licence[];
extern const size_t imp_html_style_bytes, imp_html_views_bytes, imp_html_script_bytes,
	imp_html_d3_bytes, imp_html_d3_licence_bytes;

/* One image or report of a page: what the script gets to know of it. */
struct imp_html_part {
	enum imp_report_kind kind; /* which of these is there */
	const struct imp_analysis *image;
	const struct imp_diff *diff;
	const struct imp_cost_report *cost;
	const struct imp_share *share;
	struct imp_html_rows rows;
	/* What `owner` of rows counts where that is no package, raw: labels of a cost report,
	 * images of a share */
	const struct imp_slice *owners;
	size_t owner_count;
};

/* Live files, dead files below "[hidden by later layers]", and what no file has: sums are those of
 * the image's totals, in every size. */
void imp_html_profile_rows(const struct imp_analysis *image, struct imp_html_rows *out);
void imp_html_diff_rows(const struct imp_diff *diff, struct imp_html_rows *out);
/* Repositories by their paths with their images; `owners` are the arena's. */
void imp_html_cost_rows(const struct imp_cost_report *report, struct imp_arena *arena,
			struct imp_html_part *part);
/* What is identical, but in layers of its own: by manager. */
void imp_html_share_rows(const struct imp_share *share, struct imp_arena *arena,
			 struct imp_html_part *part);

/* What fits into MAX_BYTES, base64. PARTS' rows are folded until it does. */
int imp_html_payload(const struct imp_html_part *parts, size_t count,
		     enum imp_units units, uint64_t max_bytes, struct imp_strbuf *out,
		     struct imp_error *err);
/* JSON of the parts, piece by piece, to a stream of gzip. */
struct imp_html_gzip;
void imp_html_write_parts(const struct imp_html_part *parts, size_t count,
			  enum imp_units units, struct imp_html_gzip *gzip);

struct imp_html_gzip *imp_html_gzip_create(void);
void imp_html_gzip_destroy(struct imp_html_gzip *gzip);
IMP_DEFINE_DESTROY(imp_html_gzip);
/* Takes what is in TEXT and empties it. */
void imp_html_gzip_add(struct imp_html_gzip *gzip, struct imp_strbuf *text);
struct imp_slice imp_html_gzip_end(struct imp_html_gzip *gzip); /* once */

/* Sections without script. */
void imp_html_profile_tables(struct imp_strbuf *out, const struct imp_analysis *image,
			     const struct imp_html_rows *rows,
			     const struct imp_report_options *options);
void imp_html_diff_tables(struct imp_strbuf *out, const struct imp_diff *diff,
			  const struct imp_report_options *options);
void imp_html_cost_tables(struct imp_strbuf *out, const struct imp_cost_report *report,
			  const struct imp_report_options *options);
void imp_html_share_tables(struct imp_strbuf *out, const struct imp_share *share,
			   const struct imp_report_options *options);

/* Pieces of tables: all foreign text passes imp_escape_html. */
void imp_html_open_table(struct imp_strbuf *out, const char *caption,
			 const char *columns); /* "Disk|Pull|Path": numbers first */
void imp_html_open_row(struct imp_strbuf *out);
void imp_html_close_row(struct imp_strbuf *out);
void imp_html_cell(struct imp_strbuf *out, struct imp_slice text);
void imp_html_cell_text(struct imp_strbuf *out, const char *text);
/* Lists may be as long as they like: the middle of what is too long goes. */
void imp_html_cell_cut(struct imp_strbuf *out, struct imp_slice text);
void imp_html_cell_count(struct imp_strbuf *out, uint64_t count);
void imp_html_cell_money(struct imp_strbuf *out, uint64_t nano);
/* How many of COUNT rows a table of a cost or share page shows: --top, within bounds. */
size_t imp_html_table_rows(const struct imp_report_options *options, size_t count);
void imp_html_cell_size(struct imp_strbuf *out, uint64_t bytes, enum imp_units units);
void imp_html_cell_change(struct imp_strbuf *out, struct imp_before_after figure,
			  enum imp_units units);
void imp_html_close_table(struct imp_strbuf *out, size_t more); /* rows left out */
