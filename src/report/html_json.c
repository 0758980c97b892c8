/* What the page's script reads: for each part of the page its head and its rows. */
#include <stdlib.h>

#include "html_json.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "lines.h"

enum { DRAIN_BYTES = 64 << 10, INSTRUCTION_BYTES = 1000 };

void imp_html_drain(struct imp_html_writer *writer)
{
	if (writer->buffer.len >= DRAIN_BYTES)
		imp_html_gzip_add(writer->gzip, &writer->buffer);
}

void imp_html_write_shown(struct imp_html_writer *writer, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};

	imp_escape_terminal(&shown, text);
	imp_json_string(&writer->w, imp_strbuf_slice(&shown));
}

static void write_layers(struct imp_html_writer *writer)
{
	const struct imp_analysis *image = writer->part->image;

	imp_json_key(&writer->w, "layers");
	imp_json_open(&writer->w, '[');
	for (size_t i = 0; i < image->layer_count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf instruction = {0};
		imp_report_add_instruction(image, i, &instruction);
		struct imp_slice text = imp_strbuf_slice(&instruction);
		if (text.len > INSTRUCTION_BYTES)
			text.len = INSTRUCTION_BYTES;
		imp_html_write_shown(writer, text);
		imp_html_drain(writer);
	}
	imp_json_close(&writer->w, ']');
}

static size_t owners_of(const struct imp_html_part *part)
{
	if (part->kind != IMP_REPORT_PROFILE)
		return part->owner_count;
	return part->image->packages ? part->image->packages->count : 0;
}

static void add_owner(const struct imp_html_part *part, uint32_t owner,
		      struct imp_strbuf *out)
{
	if (part->kind == IMP_REPORT_PROFILE)
		imp_report_package_name(part->image->packages, owner, out);
	else
		imp_strbuf_add_slice(out, part->owners[owner]);
}

static void write_owners(struct imp_html_writer *writer)
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
		add_owner(writer->part, owner, &name);
		imp_html_write_shown(writer, imp_strbuf_slice(&name));
		imp_html_drain(writer);
	}
	imp_json_close(&writer->w, ']');
}

static void write_finding(struct imp_html_writer *writer,
			  const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf fix = {0};

	imp_json_open(&writer->w, '{');
	imp_json_member_text(&writer->w, "id", finding->id);
	imp_json_member_text(&writer->w, "title", finding->title);
	imp_json_member_text(&writer->w, "confidence",
			     imp_confidence_name(finding->confidence));
	imp_report_add_fix(writer->part->image, finding, &fix);
	imp_json_key(&writer->w, "fix");
	imp_html_write_shown(writer, imp_strbuf_slice(&fix));
	imp_json_close(&writer->w, '}');
	imp_html_drain(writer);
}

static void write_findings(struct imp_html_writer *writer)
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

static void write_profile(struct imp_html_writer *writer)
{
	const struct imp_analysis *image = writer->part->image;
	imp_auto_free uint32_t *findings = no_places(image->findings->count);

	writer->finding_place = findings;
	imp_json_key(&writer->w, "title");
	imp_html_write_shown(writer, imp_slice_of(image->image->reference));
	write_layers(writer);
	write_owners(writer);
	write_findings(writer);
	imp_html_write_rows(writer);
}

static void write_diff(struct imp_html_writer *writer)
{
	const struct imp_diff *diff = writer->part->diff;
	const char *title = diff->name ? diff->name : diff->after.reference;

	imp_json_key(&writer->w, "title");
	imp_html_write_shown(writer, imp_slice_of(title ? title : ""));
	imp_html_write_rows(writer);
}

/* Money is called by the price's currency; labels are of one key. */
static void write_cost(struct imp_html_writer *writer)
{
	const struct imp_cost_report *cost = writer->part->cost;

	imp_json_key(&writer->w, "title");
	imp_html_write_shown(writer, imp_slice_of(cost->title));
	imp_json_key(&writer->w, "currency");
	imp_html_write_shown(writer, imp_slice_of(cost->price->currency));
	write_owners(writer);
	imp_html_write_rows(writer);
}

static void write_share(struct imp_html_writer *writer)
{
	imp_json_member_text(&writer->w, "title", "identical, but not shared");
	write_owners(writer);
	imp_html_write_rows(writer);
}

static void write_part(struct imp_html_writer *writer, const struct imp_html_part *part)
{
	imp_auto_free uint32_t *owners = no_places(owners_of(part));

	writer->part = part;
	writer->owner_place = owners;
	imp_json_open(&writer->w, '{');
	if (part->kind == IMP_REPORT_DIFF)
		write_diff(writer);
	else if (part->kind == IMP_REPORT_COST)
		write_cost(writer);
	else if (part->kind == IMP_REPORT_SHARE)
		write_share(writer);
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

/* Of a cost report's images. */
static const char *tagged_name(int i)
{
	return i ? "untagged" : "tagged";
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
	struct imp_html_writer writer = {.gzip = gzip};

	writer.w = imp_json_writer(&writer.buffer, 0);
	imp_json_open(&writer.w, '{');
	imp_json_member_text(&writer.w, "units", unit_names[units]);
	imp_json_member_text(
		&writer.w, "kind",
		imp_report_kind_name(count ? parts[0].kind : IMP_REPORT_PROFILE));
	write_names(&writer.w, "classes", class_name, IMP_HTML_CLASSES);
	write_names(&writer.w, "fates", fate_name, IMP_FATES);
	if (count && parts[0].kind == IMP_REPORT_COST)
		write_names(&writer.w, "states", tagged_name, 2);
	else
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
