/*
 * What the formats share: a JSON writer that drains into a FILE, and the figures that
 * several of them print.
 */
#pragma once

#include <stdio.h>

#include "imgprof/json_writer.h"
#include "imgprof/report.h"

struct imp_json_file {
	struct imp_strbuf buffer;
	struct imp_json_writer w; /* writes into buffer: never copy the struct */
	FILE *out;
};

void imp_json_file_init(struct imp_json_file *file, FILE *out, int indent);
/* Hands what is in the buffer to the FILE when there is enough of it. */
void imp_json_file_drain(struct imp_json_file *file);
void imp_json_file_finish(struct imp_json_file *file); /* writes the rest, frees */
/* One line of ndjson: an object that begins with its `record`. */
void imp_json_begin_line(struct imp_json_file *file, const char *record);
void imp_json_end_line(struct imp_json_file *file);

/* How a report of an image that could not be read whole says so. */
#define IMP_REPORT_INCOMPLETE "[incomplete: layers are missing or damaged]"

/* Every write function ends with this: the FILE's error flag as an IMP_E_SYSTEM. */
int imp_report_end(FILE *out, struct imp_error *err);

/* Fields of IMAGE that json and ndjson share, from `reference` to `classes`. */
void imp_json_image_head(struct imp_json_writer *w, const struct imp_analysis *image);
/* The whole of an image: an object. NESTED: with `tree`, which is for people; `records` says the same. */
void imp_json_image(struct imp_json_file *file, const struct imp_analysis *image,
		    const struct imp_report_options *options, bool nested);
/* The fields of one layer. */
void imp_json_layer(struct imp_json_writer *w, const struct imp_analysis *image,
		    size_t index);
/* One of the image's. */
void imp_json_finding(struct imp_json_writer *w, const struct imp_analysis *image,
		      size_t index, uint32_t top);
void imp_json_dropped(struct imp_json_writer *w, const struct imp_analysis *image,
		      size_t index);
void imp_json_sum(struct imp_json_writer *w, struct imp_sum sum); /* members */
/* The objects of `packages`, each between BEGIN and END. */
struct imp_json_rows {
	void (*begin)(void *user);
	void (*end)(void *user);
	void *user;
};
void imp_json_packages(struct imp_json_writer *w, const struct imp_analysis *image,
		       const struct imp_report_options *options,
		       const struct imp_json_rows *around);
/* `runtime`, `unreadable`, `filter`. */
void imp_json_evidence(struct imp_json_writer *w, const struct imp_analysis *image,
		       const struct imp_report_filter *filter);
/* What was asked beside the usual report. */
void imp_json_questions(struct imp_json_writer *w, const struct imp_analysis *image,
			const struct imp_report_options *options);
void imp_json_warning(struct imp_json_writer *w, const struct imp_warning *warning);
void imp_json_tool(struct imp_json_writer *w, const struct imp_report_options *options);
/* The raw bytes beside an escaped string that could not hold them: `KEY_base64`. */
void imp_json_raw_bytes(struct imp_json_writer *w, const char *key,
			struct imp_slice text);
/* A string with its raw bytes beside it where it needs them. */
void imp_json_member_raw(struct imp_json_writer *w, const char *key,
			 struct imp_slice text);
/* A list of strings; `KEY_base64`, with all of them, where one needs it. */
void imp_json_member_list(struct imp_json_writer *w, const char *key,
			  const struct imp_slice *list, size_t count);
void imp_json_digest(struct imp_json_writer *w, const char *key,
		     const struct imp_digest *digest); /* null: none */
void imp_json_time(struct imp_json_writer *w, const char *key, bool known,
		   int64_t time_ns);
void imp_json_platform(struct imp_json_writer *w, const struct imp_platform *platform);
void imp_json_base(struct imp_json_writer *w, const struct imp_base_image *base);

/* The title without the bytes at its end: for where they stand beside it. */
struct imp_slice imp_report_headline(const struct imp_finding *finding);
/* Pull bytes that no file has: named overheads, and data of entries that are no files. */
uint64_t imp_report_overhead_pull(const struct imp_analysis *image);
/* Of layers that could not be read at all, by their manifest. */
uint64_t imp_report_unread_pull(const struct imp_analysis *image);
/* All dead files. */
struct imp_sum imp_report_wasted(const struct imp_analysis *image);
/* A file that is not in the final tree. */
bool imp_report_dead_file(const struct imp_record *record);
/* By node, whether there is one below it; the caller frees. */
bool *imp_report_dead_below(const struct imp_tree *tree);

/* PART of WHOLE in CELLS, rounded; at least one for a part that is not nothing. */
uint64_t imp_report_share(uint64_t part, uint64_t whole, uint64_t cells);

/* The names of classes that count a record: for a file, else NULL. */
const char *imp_report_class(const struct imp_analysis *image, uint32_t record);
const char *imp_report_possible_class(const struct imp_analysis *image, uint32_t record);
/* The id of its finding, also of one that takes a part of it; else NULL. */
const char *imp_report_finding(const struct imp_analysis *image, uint32_t record);
/* Its place in the list; else IMP_NONE. */
uint32_t imp_report_finding_index(const struct imp_analysis *image, uint32_t record);
/* Disk bytes of a file that certain and likely findings take. */
uint64_t imp_report_goes(const struct imp_analysis *image, uint32_t record);
/* Disk bytes of a file that partial findings take. */
uint64_t imp_report_partial(const struct imp_analysis *image, uint32_t record);
/* "dpkg:curl", raw; false without owner. */
bool imp_report_owner(const struct imp_analysis *image, uint32_t record,
		      struct imp_strbuf *out);
/* The same of a package. */
void imp_report_package_name(const struct imp_packages *packages, uint32_t package,
			     struct imp_strbuf *out);
/* true for files and hard links that belong to a file: they carry a fate. */
bool imp_report_has_fate(const struct imp_record *record);

/* json of a diff. */
imp_report_write imp_json_write_diff;

extern const struct imp_format imp_format_text;
extern const struct imp_format imp_format_tree;
extern const struct imp_format imp_format_json;
extern const struct imp_format imp_format_ndjson;
extern const struct imp_format imp_format_csv;
extern const struct imp_format imp_format_csv_packages;
extern const struct imp_format imp_format_dockerfile;
extern const struct imp_format imp_format_ncdu;
extern const struct imp_format imp_format_markdown;
extern const struct imp_format imp_format_html;
extern const struct imp_format imp_format_folded;
extern const struct imp_format imp_format_github;
extern const struct imp_format imp_format_sarif;
extern const struct imp_format imp_format_codequality;
extern const struct imp_format imp_format_openmetrics;
