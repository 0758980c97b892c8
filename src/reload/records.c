/* `records`: the columns of a tree and of what is known by entry. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/strbuf.h"
#include "profile.h"

enum { RECORDS_FORMAT = 1 };

/* Byte strings by number, in one piece. */
struct texts {
	struct imp_strbuf bytes;
	struct imp_slice *list;
	size_t count;
};

static void texts_finish(struct texts *texts)
{
	imp_strbuf_finish(&texts->bytes);
	free(texts->list);
}

static void read_texts(struct imp_reading *reading, const json_t *records,
		       struct texts *texts)
{
	const json_t *object = imp_read_object(reading, records, "texts");
	uint64_t count = imp_read_number(reading, object, "count",
					 2 * (uint64_t)reading->limits->nodes);
	size_t at = 0;

	if (!imp_base64_decode(&texts->bytes, imp_json_get_string(object, "text")) ||
	    count > texts->bytes.len + 1) {
		imp_reading_break(reading, "texts");
		return;
	}
	struct imp_read_column lengths =
		imp_read_column(reading, object, "bytes", texts->bytes.len);
	texts->list = imp_xcalloc(count + 1, sizeof(*texts->list));
	for (size_t i = 0; i < count; i++) {
		uint64_t len = imp_column_take(&lengths);
		if (len > texts->bytes.len - at) {
			imp_reading_break(reading, "texts");
			break;
		}
		texts->list[i] =
			imp_slice(imp_strbuf_slice(&texts->bytes).data + at, len);
		at += len;
	}
	texts->count = count;
	imp_column_end(&lengths);
}

static struct imp_slice text_of(struct imp_reading *reading, const struct texts *texts,
				uint64_t number)
{
	if (number < texts->count)
		return texts->list[number];
	imp_reading_break(reading, "texts");
	return (struct imp_slice){"", 0};
}

static struct imp_slice optional_text(struct imp_reading *reading,
				      const struct texts *texts, uint64_t number)
{
	return number == 0 ? (struct imp_slice){NULL, 0}
			   : text_of(reading, texts, number - 1);
}

/* What a distance from NUMBER stands for: json_records.c. */
static uint32_t resolve(struct imp_reading *reading, uint32_t number, uint64_t distance)
{
	uint64_t by = distance / 2;

	if (distance == 0)
		return IMP_NONE;
	if (distance & 1 ? by <= number : by < IMP_NONE - number)
		return distance & 1 ? number - (uint32_t)by : number + (uint32_t)by;
	imp_reading_break(reading, "entries");
	return IMP_NONE;
}

static void read_nodes(struct imp_reading *reading, const json_t *records,
		       const struct texts *texts, struct imp_node_row *rows, size_t count)
{
	const json_t *object = imp_read_object(reading, records, "nodes");
	struct imp_read_column parent = imp_read_column(reading, object, "parent", count);
	struct imp_read_column name =
		imp_read_column(reading, object, "name", texts->count);
	struct imp_read_column layer =
		imp_read_column(reading, object, "layer", UINT16_MAX);
	struct imp_read_column state = imp_read_column(reading, object, "state", 3);

	for (size_t i = 0; i < count && !reading->broken; i++) {
		rows[i].parent = imp_column_take_optional(&parent);
		rows[i].name = text_of(reading, texts, imp_column_take(&name));
		rows[i].layer = (uint16_t)imp_column_take(&layer);
		uint64_t bits = imp_column_take(&state);
		rows[i].live = bits & 1;
		rows[i].directory = bits & 2;
	}
	imp_column_end(&parent);
	imp_column_end(&name);
	imp_column_end(&layer);
	imp_column_end(&state);
}

static void read_places(struct imp_reading *reading, const json_t *object,
			const struct texts *texts, struct imp_record_row *rows,
			size_t count)
{
	uint64_t far = 2 * (uint64_t)count + 1;
	struct imp_read_column node =
		imp_read_column(reading, object, "node", UINT32_MAX - 1);
	struct imp_read_column older = imp_read_column(reading, object, "older", far);
	struct imp_read_column group = imp_read_column(reading, object, "group", far);
	struct imp_read_column name =
		imp_read_column(reading, object, "name", texts->count);
	struct imp_read_column link =
		imp_read_column(reading, object, "link", texts->count);

	for (uint32_t i = 0; i < count && !reading->broken; i++) {
		rows[i].record.node = (uint32_t)imp_column_take(&node);
		rows[i].record.older = resolve(reading, i, imp_column_take(&older));
		rows[i].record.group = resolve(reading, i, imp_column_take(&group));
		rows[i].name = optional_text(reading, texts, imp_column_take(&name));
		rows[i].link = optional_text(reading, texts, imp_column_take(&link));
	}
	imp_column_end(&node);
	imp_column_end(&older);
	imp_column_end(&group);
	imp_column_end(&name);
	imp_column_end(&link);
}

static void read_fates(struct imp_reading *reading, const json_t *object,
		       struct imp_record_row *rows, size_t count)
{
	struct imp_read_column type =
		imp_read_column(reading, object, "type", IMP_ENTRY_TYPES - 1);
	struct imp_read_column fate =
		imp_read_column(reading, object, "fate", IMP_FATES - 1);
	struct imp_read_column hidden_by =
		imp_read_column(reading, object, "hidden_by", UINT16_MAX);
	struct imp_read_column change =
		imp_read_column(reading, object, "change", UINT8_MAX);
	struct imp_read_column shown = imp_read_column(reading, object, "shown", 1);

	for (size_t i = 0; i < count && !reading->broken; i++) {
		struct imp_record *record = &rows[i].record;
		record->type = (uint8_t)imp_column_take(&type);
		record->fate = (uint8_t)imp_column_take(&fate);
		record->hidden_by = (uint16_t)imp_column_take(&hidden_by);
		record->change = (uint8_t)imp_column_take(&change);
		record->shown = imp_column_take(&shown);
	}
	imp_column_end(&type);
	imp_column_end(&fate);
	imp_column_end(&hidden_by);
	imp_column_end(&change);
	imp_column_end(&shown);
}

static void read_figures(struct imp_reading *reading, const json_t *object,
			 struct imp_record_row *rows, size_t count)
{
	struct imp_read_column disk =
		imp_read_column(reading, object, "disk_bytes", IMP_RELOAD_MAX_BYTES);
	struct imp_read_column pull =
		imp_read_column(reading, object, "pull_bytes", IMP_RELOAD_MAX_BYTES);
	struct imp_read_column mtime =
		imp_read_column(reading, object, "mtime_s", UINT64_MAX);

	for (size_t i = 0; i < count && !reading->broken; i++) {
		rows[i].record.disk_bytes = imp_column_take(&disk);
		rows[i].record.pull_bytes = imp_column_take(&pull);
		rows[i].mtime_s = (int64_t)imp_column_take(&mtime);
	}
	imp_column_end(&disk);
	imp_column_end(&pull);
	imp_column_end(&mtime);
}

static void read_attributes(struct imp_reading *reading, const json_t *object,
			    struct imp_record_row *rows, size_t count)
{
	struct imp_read_column mode =
		imp_read_column(reading, object, "mode", UINT32_MAX);
	struct imp_read_column uid = imp_read_column(reading, object, "uid", UINT64_MAX);
	struct imp_read_column gid = imp_read_column(reading, object, "gid", UINT64_MAX);
	struct imp_read_column xattrs =
		imp_read_column(reading, object, "xattrs", UINT64_MAX);

	for (size_t i = 0; i < count && !reading->broken; i++) {
		rows[i].attributes.mode = imp_column_take(&mode);
		rows[i].attributes.uid = imp_column_take(&uid);
		rows[i].attributes.gid = imp_column_take(&gid);
		rows[i].attributes.xattrs = imp_column_take(&xattrs);
	}
	imp_column_end(&mode);
	imp_column_end(&uid);
	imp_column_end(&gid);
	imp_column_end(&xattrs);
}

/* One for each file, in order. */
static void read_hashes(struct imp_reading *reading, const json_t *object,
			struct imp_record_row *rows, size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};
	size_t at = 0;

	if (!imp_base64_decode(&bytes, imp_json_get_string(object, "hashes")))
		imp_reading_break(reading, "hashes");
	for (size_t i = 0; i < count && !reading->broken; i++) {
		struct imp_content_hash *hash = &rows[i].hash;
		if (rows[i].record.type != IMP_ENTRY_FILE)
			continue;
		if (bytes.len - at < sizeof(hash->bytes)) {
			imp_reading_break(reading, "hashes");
			return;
		}
		memcpy(hash->bytes, bytes.data + at, sizeof(hash->bytes));
		at += sizeof(hash->bytes);
	}
	if (at != bytes.len)
		imp_reading_break(reading, "hashes");
}

static struct imp_layer_row *list_layers(const struct imp_reload_image *image)
{
	size_t count = image->analysis.layer_count;
	struct imp_layer_row *rows = imp_xcalloc(count + 1, sizeof(*rows));

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct imp_layer_row){
			.records = (uint32_t)image->layers[i].summary.entries,
			.added = image->layer_sums[i].added,
			.modified = image->layer_sums[i].modified,
			.removed = image->layer_sums[i].removed,
		};
	return rows;
}

static int restore(struct imp_reading *reading, const json_t *records, size_t nodes,
		   size_t entries, struct imp_reload_image *image, struct imp_error *err)
{
	const json_t *object = imp_read_object(reading, records, "entries");
	imp_auto(texts_finish) struct texts texts = {0};
	imp_auto_free struct imp_node_row *node_rows =
		imp_xcalloc(nodes + 1, sizeof(*node_rows));
	imp_auto_free struct imp_record_row *rows =
		imp_xcalloc(entries + 1, sizeof(*rows));
	imp_auto_free struct imp_layer_row *layers = list_layers(image);
	struct imp_tree_rows tree = {
		layers, image->analysis.layer_count, node_rows, nodes, rows, entries};

	read_texts(reading, records, &texts);
	read_nodes(reading, records, &texts, node_rows, nodes);
	read_places(reading, object, &texts, rows, entries);
	read_fates(reading, object, rows, entries);
	read_figures(reading, object, rows, entries);
	read_attributes(reading, object, rows, entries);
	read_hashes(reading, object, rows, entries);
	return reading->broken
		       ? 0
		       : imp_tree_restore(&tree, reading->limits, &image->tree, err);
}

/* The document's numbers of classes, for ours. */
static void read_classes(struct imp_reading *reading, const json_t *records,
			 uint8_t classes[static IMP_CLASSES], size_t *count)
{
	const json_t *list = imp_read_array(reading, records, "classes");

	*count = json_array_size(list);
	if (*count > IMP_CLASSES) {
		imp_reading_break(reading, "classes");
		return;
	}
	for (size_t i = 0; i < *count; i++) {
		const char *name = json_string_value(json_array_get(list, i));
		int class = 0;
		while (class < IMP_CLASSES &&
		       !(name &&
			 strcmp(name, imp_class_name((enum imp_class) class)) == 0))
			class ++;
		if (class == IMP_CLASSES)
			imp_reading_break(reading, "classes");
		classes[i] = (uint8_t) class;
	}
}

static void read_verdicts(struct imp_reading *reading, const json_t *records,
			  struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "entries");
	size_t count = imp_tree_record_count(image->tree), class_count;
	uint8_t classes[IMP_CLASSES] = {0};
	uint8_t *class_of = imp_arena_alloc(reading->arena, count + 1);
	uint8_t *possible_of = imp_arena_alloc(reading->arena, count + 1);
	uint32_t *finding_of =
		imp_arena_array(reading->arena, count + 1, sizeof(*finding_of));

	read_classes(reading, records, classes, &class_count);
	if (reading->broken || class_count == 0)
		return imp_reading_break(reading, "classes");
	struct imp_read_column class =
		imp_read_column(reading, object, "class", class_count - 1);
	struct imp_read_column possible =
		imp_read_column(reading, object, "possible_class", class_count - 1);
	struct imp_read_column finding =
		imp_read_column(reading, object, "finding", image->findings.count);
	for (size_t i = 0; i < count; i++) {
		class_of[i] = classes[imp_column_take(&class)];
		possible_of[i] = classes[imp_column_take(&possible)];
		finding_of[i] = imp_column_take_optional(&finding);
	}
	imp_column_end(&class);
	imp_column_end(&possible);
	imp_column_end(&finding);
	image->findings.class_of = class_of;
	image->findings.possible_class_of = possible_of;
	image->findings.finding_of = finding_of;
}

static void read_partials(struct imp_reading *reading, const json_t *records,
			  struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "partials");
	uint64_t entries = imp_tree_record_count(image->tree);
	size_t findings = image->findings.count;
	size_t count = imp_read_number(reading, object, "count", entries);
	struct imp_partial *list =
		imp_arena_array(reading->arena, count + 1, sizeof(*list));
	struct imp_read_column entry =
		imp_read_column(reading, object, "entry", entries ? entries - 1 : 0);
	struct imp_read_column finding =
		imp_read_column(reading, object, "finding", findings ? findings - 1 : 0);
	struct imp_read_column disk =
		imp_read_column(reading, object, "disk_bytes", IMP_RELOAD_MAX_BYTES);
	struct imp_read_column pull =
		imp_read_column(reading, object, "pull_bytes", IMP_RELOAD_MAX_BYTES);

	if (count > 0 && findings == 0)
		imp_reading_break(reading, "partials");
	for (size_t i = 0; i < count && !reading->broken; i++) {
		list[i].record = (uint32_t)imp_column_take(&entry);
		list[i].finding = (uint32_t)imp_column_take(&finding);
		list[i].disk_bytes = imp_column_take(&disk);
		list[i].pull_bytes = imp_column_take(&pull);
		const struct imp_record *file =
			imp_tree_record(image->tree, list[i].record);
		if (file->type != IMP_ENTRY_FILE ||
		    list[i].disk_bytes > file->disk_bytes ||
		    list[i].pull_bytes > file->pull_bytes ||
		    (i > 0 && list[i - 1].record > list[i].record))
			imp_reading_break(reading, "partials");
	}
	imp_column_end(&entry);
	imp_column_end(&finding);
	imp_column_end(&disk);
	imp_column_end(&pull);
	image->findings.partials = list;
	image->findings.partial_count = count;
}

static const bool *read_opened(struct imp_reading *reading, const json_t *object,
			       size_t count)
{
	bool *opened = imp_arena_array(reading->arena, count + 1, sizeof(*opened));

	if (!json_object_get(object, "opened"))
		return NULL;
	struct imp_read_column column = imp_read_column(reading, object, "opened", 1);
	for (size_t i = 0; i < count; i++)
		opened[i] = imp_column_take(&column);
	imp_column_end(&column);
	return opened;
}

static void read_evidence(struct imp_reading *reading, const json_t *records,
			  struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "entries");
	size_t count = imp_tree_record_count(image->tree);
	uint32_t *owner_of =
		imp_arena_array(reading->arena, count + 1, sizeof(*owner_of));
	uint32_t *from = imp_arena_array(reading->arena, count + 1, sizeof(*from));
	uint8_t *reached = imp_arena_alloc(reading->arena, count + 1);
	struct imp_read_column owner =
		imp_read_column(reading, object, "owner", image->packages.count);
	struct imp_read_column reach =
		imp_read_column(reading, object, "reached", UINT8_MAX);
	struct imp_read_column by =
		imp_read_column(reading, object, "reached_from", count);

	for (size_t i = 0; i < count; i++) {
		owner_of[i] = imp_column_take_optional(&owner);
		reached[i] = (uint8_t)imp_column_take(&reach);
		from[i] = imp_column_take_optional(&by);
	}
	imp_column_end(&owner);
	imp_column_end(&reach);
	imp_column_end(&by);
	image->packages.owner_of = owner_of;
	image->packages.is_documentation = imp_arena_alloc(reading->arena, count + 1);
	image->runtime.reached = reached;
	image->runtime.reached_from = from;
	image->runtime.opened = read_opened(reading, object, count);
	imp_reload_relations(reading, records, image);
}

static bool same_sum(const struct imp_sum *a, const struct imp_sum *b)
{
	return a->files == b->files && a->disk_bytes == b->disk_bytes &&
	       a->pull_bytes == b->pull_bytes;
}

/* What the document says of its layers is what their entries add up to. */
static void check_layers(struct imp_reading *reading,
			 const struct imp_reload_image *image)
{
	for (size_t i = 0; i < image->analysis.layer_count; i++) {
		const struct imp_layer_sums *sums = imp_tree_layer(image->tree, i);
		for (int fate = 0; fate < IMP_FATES; fate++)
			if (!same_sum(&sums->fates[fate],
				      &image->layer_sums[i].fates[fate]))
				imp_reading_break(reading, "fates");
	}
}

static int check_findings(const struct imp_reload_image *image, struct imp_error *err)
{
	struct imp_error broken = {0};

	if (imp_findings_check(image->tree, &image->findings, &broken) == 0)
		return 0;
	return imp_fail(err, IMP_E_FORMAT, "%s", broken.message);
}

int imp_reload_records(struct imp_reading *reading, const json_t *document,
		       struct imp_reload_image *image, struct imp_error *err)
{
	const json_t *records = imp_read_object(reading, document, "records");
	/* An entry takes a byte at least, however well its neighbours foretell it. */
	uint64_t most = reading->limits->nodes < reading->document_bytes
				? reading->limits->nodes
				: reading->document_bytes;

	imp_read_number(reading, records, "format", RECORDS_FORMAT);
	size_t nodes = imp_read_number(
		reading, imp_read_object(reading, records, "nodes"), "count", most);
	size_t entries = imp_read_number(
		reading, imp_read_object(reading, records, "entries"), "count", most);
	if (reading->broken)
		return 0;
	int rc = restore(reading, records, nodes, entries, image, err);
	if (rc < 0 || reading->broken)
		return rc;
	image->analysis.tree = image->tree;
	check_layers(reading, image);
	read_verdicts(reading, records, image);
	read_partials(reading, records, image);
	if (image->analysis.packages)
		read_evidence(reading, records, image);
	return reading->broken ? 0 : check_findings(image, err);
}
