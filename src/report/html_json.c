/*
 * What the page's script reads: for each image or diff its head and its rows, as columns. A
 * column compresses better than rows do, and needs no nesting however deep a path is.
 */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

enum { DRAIN_BYTES = 64 << 10, INSTRUCTION_BYTES = 1000, NOTHING = -1, ALL = -1 };

struct writer {
	struct imp_html_gzip *gzip;
	struct imp_strbuf buffer;
	struct imp_json_writer w; /* writes into buffer */
	const struct imp_html_part *part;
	/* Only packages and findings of rows are worth their bytes: the place of each */
	uint32_t *owner_place, *finding_place;
};

static void drain(struct writer *writer)
{
	if (writer->buffer.len >= DRAIN_BYTES)
		imp_html_gzip_add(writer->gzip, &writer->buffer);
}

/* Names go as they are shown: what a browser would act on (line ends, text direction) is visible. */
static void write_shown(struct writer *writer, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};

	imp_escape_terminal(&shown, text);
	imp_json_string(&writer->w, imp_strbuf_slice(&shown));
}

static int64_t place_or_nothing(uint32_t place)
{
	return place == IMP_NONE ? NOTHING : (int64_t)place;
}

static int64_t layer_or_nothing(uint16_t layer)
{
	return layer == IMP_NOT_HIDDEN ? NOTHING : layer;
}

typedef int64_t value_of(const struct writer *writer, const struct imp_html_row *row);

static int64_t depth_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return row->depth;
}

static int64_t type_of(const struct writer *writer, const struct imp_html_row *row)
{
	enum { FOLDER, LEAF, SMALL };

	(void)writer;
	if (row->folder)
		return FOLDER;
	return row->small ? SMALL : LEAF;
}

static int64_t files_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return row->files;
}

static int64_t disk_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->disk_bytes;
}

static int64_t pull_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->pull_bytes;
}

static int64_t disk_before_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->disk_before_bytes;
}

static int64_t pull_before_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return (int64_t)row->pull_before_bytes;
}

static int64_t goes_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	if (row->goes_bytes && row->goes_bytes == row->disk_bytes)
		return ALL;
	return (int64_t)row->goes_bytes;
}

static int64_t layer_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return layer_or_nothing(row->layer);
}

static int64_t hidden_by_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return layer_or_nothing(row->hidden_by);
}

static int64_t class_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return row->class;
}

static int64_t owner_of(const struct writer *writer, const struct imp_html_row *row)
{
	return row->owner == IMP_NONE ? NOTHING
				      : place_or_nothing(writer->owner_place[row->owner]);
}

static int64_t finding_of(const struct writer *writer, const struct imp_html_row *row)
{
	return row->finding == IMP_NONE
		       ? NOTHING
		       : place_or_nothing(writer->finding_place[row->finding]);
}

static int64_t fate_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return row->fate;
}

static int64_t state_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return row->state;
}

static int64_t origin_of(const struct writer *writer, const struct imp_html_row *row)
{
	(void)writer;
	return row->origin;
}

static const struct named_column {
	const char *name;
	value_of *value;
	bool of_profile, of_diff;
} columns[] = {
	{"depth", depth_of, true, true},
	{"type", type_of, true, true},
	{"files", files_of, true, true},
	{"disk", disk_of, true, true},
	{"pull", pull_of, true, true},
	{"goes", goes_of, true, false},
	{"layer", layer_of, true, false},
	{"hidden", hidden_by_of, true, false},
	{"class", class_of, true, false},
	{"owner", owner_of, true, false},
	{"finding", finding_of, true, false},
	{"fate", fate_of, true, false},
	{"diskBefore", disk_before_of, false, true},
	{"pullBefore", pull_before_of, false, true},
	{"state", state_of, false, true},
	{"origin", origin_of, false, true},
};

static void write_column(struct writer *writer, const struct named_column *column)
{
	const struct imp_html_rows *rows = &writer->part->rows;

	imp_json_key(&writer->w, column->name);
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		imp_json_i64(&writer->w, column->value(writer, &rows->list[i]));
		drain(writer);
	}
	imp_json_close(&writer->w, ']');
}

static void write_rows(struct writer *writer)
{
	const struct imp_html_rows *rows = &writer->part->rows;

	imp_json_key(&writer->w, "rows");
	imp_json_open(&writer->w, '{');
	imp_json_key(&writer->w, "name");
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		write_shown(writer, rows->list[i].name);
		drain(writer);
	}
	imp_json_close(&writer->w, ']');
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (writer->part->diff ? columns[i].of_diff : columns[i].of_profile)
			write_column(writer, &columns[i]);
	imp_json_close(&writer->w, '}');
}

static void write_layers(struct writer *writer)
{
	const struct imp_analysis *image = writer->part->image;

	imp_json_key(&writer->w, "layers");
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < image->layer_count; i++) {
		struct imp_slice text = image->layers[i].instruction;
		if (text.len > INSTRUCTION_BYTES)
			text.len = INSTRUCTION_BYTES;
		write_shown(writer, text);
		drain(writer);
	}
	imp_json_close(&writer->w, ']');
}

static void write_owners(struct writer *writer)
{
	const struct imp_html_rows *rows = &writer->part->rows;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	uint32_t place = 0;

	imp_json_key(&writer->w, "owners");
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		uint32_t owner = rows->list[i].owner;
		if (owner == IMP_NONE || writer->owner_place[owner] != IMP_NONE)
			continue;
		writer->owner_place[owner] = place++;
		imp_strbuf_reset(&name);
		imp_report_package_name(writer->part->image->packages, owner, &name);
		write_shown(writer, imp_strbuf_slice(&name));
		drain(writer);
	}
	imp_json_close(&writer->w, ']');
}

static void write_finding(struct writer *writer, const struct imp_finding *finding)
{
	imp_json_open(&writer->w, '{');
	imp_json_member_text(&writer->w, "id", finding->id);
	imp_json_member_text(&writer->w, "title", finding->title);
	imp_json_member_text(&writer->w, "confidence",
			     imp_confidence_name(finding->confidence));
	imp_json_member_text(&writer->w, "fix", finding->fix_text);
	imp_json_close(&writer->w, '}');
	drain(writer);
}

static void write_findings(struct writer *writer)
{
	const struct imp_html_rows *rows = &writer->part->rows;
	uint32_t place = 0;

	imp_json_key(&writer->w, "findings");
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		uint32_t finding = rows->list[i].finding;
		if (finding == IMP_NONE || writer->finding_place[finding] != IMP_NONE)
			continue;
		writer->finding_place[finding] = place++;
		write_finding(writer, &writer->part->image->findings->list[finding]);
	}
	imp_json_close(&writer->w, ']');
}

static uint32_t *no_places(size_t count)
{
	uint32_t *places = imp_xcalloc(count + 1, sizeof(*places));

	for (size_t i = 0; i < count; i++)
		places[i] = IMP_NONE;
	return places;
}

static void write_profile(struct writer *writer)
{
	const struct imp_analysis *image = writer->part->image;
	imp_auto_free uint32_t *owners =
		no_places(image->packages ? image->packages->count : 0);
	imp_auto_free uint32_t *findings = no_places(image->findings->count);

	writer->owner_place = owners;
	writer->finding_place = findings;
	imp_json_key(&writer->w, "title");
	write_shown(writer, imp_slice_of(image->image->reference));
	write_layers(writer);
	write_owners(writer);
	write_findings(writer);
	write_rows(writer);
}

static void write_diff(struct writer *writer)
{
	const struct imp_diff *diff = writer->part->diff;
	const char *title = diff->name ? diff->name : diff->after.reference;

	imp_json_key(&writer->w, "title");
	write_shown(writer, imp_slice_of(title ? title : ""));
	write_rows(writer);
}

static void write_part(struct writer *writer, const struct imp_html_part *part)
{
	writer->part = part;
	imp_json_open(&writer->w, '{');
	if (part->diff)
		write_diff(writer);
	else
		write_profile(writer);
	imp_json_close(&writer->w, '}');
}

typedef const char *name_at(int i);

static const char *class_name(int i)
{
	if (i == IMP_HTML_CLASS_OVERHEAD)
		return "[overhead]";
	if (i == IMP_HTML_CLASS_UNREAD)
		return "[not read]";
	return imp_class_name((enum imp_class)i);
}

static const char *fate_name(int i)
{
	return imp_fate_name((enum imp_fate)i);
}

static const char *state_name(int i)
{
	return imp_diff_state_name((enum imp_diff_state)i);
}

static const char *origin_name(int i)
{
	return imp_origin_name((enum imp_origin)i);
}

static void write_names(struct imp_json_writer *w, const char *key, name_at *name,
			int count)
{
	imp_json_key(w, key);
	imp_json_open(w, '[');
	for (int i = 0; i < count; i++)
		imp_json_text(w, name(i));
	imp_json_close(w, ']');
}

void imp_html_write_parts(const struct imp_html_part *parts, size_t count,
			  enum imp_units units, struct imp_html_gzip *gzip)
{
	static const char *const unit_names[] = {
		[IMP_UNITS_DECIMAL] = "decimal",
		[IMP_UNITS_IEC] = "iec",
		[IMP_UNITS_BYTES] = "bytes",
	};
	struct writer writer = {.gzip = gzip};

	writer.w = imp_json_writer(&writer.buffer, 0);
	imp_json_open(&writer.w, '{');
	imp_json_member_text(&writer.w, "units", unit_names[units]);
	imp_json_member_bool(&writer.w, "diff", count > 0 && parts[0].diff);
	write_names(&writer.w, "classes", class_name, IMP_HTML_CLASSES);
	write_names(&writer.w, "fates", fate_name, IMP_FATES);
	write_names(&writer.w, "states", state_name, IMP_DIFF_STATES);
	write_names(&writer.w, "origins", origin_name, IMP_ORIGINS);
	imp_json_key(&writer.w, "parts");
	imp_json_open(&writer.w, '[');
	for (size_t i = 0; i < count; i++)
		write_part(&writer, &parts[i]);
	imp_json_close(&writer.w, ']');
	imp_json_close(&writer.w, '}');
	imp_html_gzip_add(gzip, &writer.buffer);
	imp_strbuf_finish(&writer.buffer);
}
