/*
 * Rows of a part, as columns: a column compresses better than rows do, and needs no nesting
 * however deep a path is.
 */
#include "html_json.h"

enum { NOTHING = -1, ALL = -1 };

static int64_t place_or_nothing(uint32_t place)
{
	return place == IMP_NONE ? NOTHING : (int64_t)place;
}

static int64_t layer_or_nothing(uint16_t layer)
{
	return layer == IMP_NOT_HIDDEN ? NOTHING : layer;
}

typedef int64_t value_of(const struct imp_html_writer *writer,
			 const struct imp_html_row *row);

static int64_t depth_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return row->depth;
}

static int64_t type_of(const struct imp_html_writer *writer,
		       const struct imp_html_row *row)
{
	enum { FOLDER, LEAF, SMALL };

	(void)writer;
	if (row->folder)
		return FOLDER;
	return row->small ? SMALL : LEAF;
}

static int64_t files_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return row->files;
}

static int64_t disk_of(const struct imp_html_writer *writer,
		       const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->disk_bytes;
}

static int64_t pull_of(const struct imp_html_writer *writer,
		       const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->pull_bytes;
}

static int64_t disk_before_of(const struct imp_html_writer *writer,
			      const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->disk_before_bytes;
}

static int64_t pull_before_of(const struct imp_html_writer *writer,
			      const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->pull_before_bytes;
}

static int64_t goes_of(const struct imp_html_writer *writer,
		       const struct imp_html_row *row)
{
	(void)writer;
	if (row->goes_bytes && row->goes_bytes == row->disk_bytes)
		return ALL;
	return (int64_t)row->goes_bytes;
}

static int64_t layer_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return layer_or_nothing(row->layer);
}

static int64_t hidden_by_of(const struct imp_html_writer *writer,
			    const struct imp_html_row *row)
{
	(void)writer;
	return layer_or_nothing(row->hidden_by);
}

static int64_t class_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return row->class;
}

static int64_t owner_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	return row->owner == IMP_NONE ? NOTHING
				      : place_or_nothing(writer->owner_place[row->owner]);
}

static int64_t finding_of(const struct imp_html_writer *writer,
			  const struct imp_html_row *row)
{
	return row->finding == IMP_NONE
		       ? NOTHING
		       : place_or_nothing(writer->finding_place[row->finding]);
}

static int64_t fate_of(const struct imp_html_writer *writer,
		       const struct imp_html_row *row)
{
	(void)writer;
	return row->fate;
}

static int64_t state_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return row->state;
}

static int64_t origin_of(const struct imp_html_writer *writer,
			 const struct imp_html_row *row)
{
	(void)writer;
	return row->origin;
}

static int64_t alone_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->alone_bytes;
}

static int64_t full_of(const struct imp_html_writer *writer,
		       const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->full_bytes;
}

static int64_t month_of(const struct imp_html_writer *writer,
			const struct imp_html_row *row)
{
	(void)writer;
	return row->month_nano > INT64_MAX ? INT64_MAX : (int64_t)row->month_nano;
}

static int64_t day_of(const struct imp_html_writer *writer,
		      const struct imp_html_row *row)
{
	(void)writer;
	return row->day;
}

enum {
	PROFILE = 1 << IMP_REPORT_PROFILE,
	DIFF = 1 << IMP_REPORT_DIFF,
	COST = 1 << IMP_REPORT_COST,
	SHARE = 1 << IMP_REPORT_SHARE,
	EVERY = PROFILE | DIFF | COST | SHARE,
};

static const struct named_column {
	const char *name;
	value_of *value;
	int kinds;
} columns[] = {
	{"depth", depth_of, EVERY},
	{"type", type_of, EVERY},
	{"files", files_of, EVERY},
	{"disk", disk_of, PROFILE | DIFF | SHARE},
	{"pull", pull_of, PROFILE | DIFF | SHARE},
	{"goes", goes_of, PROFILE},
	{"layer", layer_of, PROFILE},
	{"hidden", hidden_by_of, PROFILE},
	{"class", class_of, PROFILE},
	{"owner", owner_of, PROFILE | COST | SHARE},
	{"finding", finding_of, PROFILE},
	{"fate", fate_of, PROFILE},
	{"diskBefore", disk_before_of, DIFF},
	{"pullBefore", pull_before_of, DIFF},
	{"state", state_of, DIFF | COST},
	{"origin", origin_of, DIFF},
	{"attributed", disk_of, COST},
	{"added", pull_of, COST},
	{"alone", alone_of, COST},
	{"full", full_of, COST},
	{"month", month_of, COST},
	{"day", day_of, COST},
};

static void write_column(struct imp_html_writer *writer,
			 const struct named_column *column)
{
	const struct imp_html_rows *rows = &writer->part->rows;

	imp_json_key(&writer->w, column->name);
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		imp_json_i64(&writer->w, column->value(writer, &rows->list[i]));
		imp_html_drain(writer);
	}
	imp_json_close(&writer->w, ']');
}

void imp_html_write_rows(struct imp_html_writer *writer)
{
	const struct imp_html_rows *rows = &writer->part->rows;

	imp_json_key(&writer->w, "rows");
	imp_json_open(&writer->w, '{');
	imp_json_key(&writer->w, "name");
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		imp_html_write_shown(writer, rows->list[i].name);
		imp_html_drain(writer);
	}
	imp_json_close(&writer->w, ']');
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (columns[i].kinds & 1 << writer->part->kind)
			write_column(writer, &columns[i]);
	imp_json_close(&writer->w, '}');
}
