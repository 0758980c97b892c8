/* What packages and commands have to do with paths and with each other. */
#include "profile.h"

static uint64_t counted(struct imp_reading *reading, const json_t *object, uint64_t most)
{
	return imp_read_number(reading, object, "count", most);
}

static void read_groups(struct imp_reading *reading, const json_t *records,
			struct imp_packages *packages)
{
	const json_t *object = imp_read_object(reading, records, "groups");
	size_t count = counted(reading, object, reading->document_bytes);
	bool *knows_roots =
		imp_arena_array(reading->arena, count + 1, sizeof(*knows_roots));
	struct imp_read_column column =
		imp_read_column(reading, object, "knows_roots", 1);

	for (size_t i = 0; i < count && !reading->broken; i++)
		knows_roots[i] = imp_column_take(&column);
	imp_column_end(&column);
	packages->knows_roots = knows_roots;
	packages->group_count = count;
	if (packages->count > 0 && count == 0)
		imp_reading_break(reading, "groups");
}

static void read_places(struct imp_reading *reading, const json_t *records,
			struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "packages");
	size_t count = image->packages.count;
	uint64_t nodes = imp_tree_node_count(image->tree);
	bool *roots = imp_arena_array(reading->arena, count + 1, sizeof(*roots));
	struct imp_package *list =
		imp_arena_array(reading->arena, count + 1, sizeof(*list));
	struct imp_read_column database =
		imp_read_column(reading, object, "database", nodes);
	struct imp_read_column home = imp_read_column(reading, object, "home", nodes);
	struct imp_read_column group =
		imp_read_column(reading, object, "group", image->packages.group_count);
	struct imp_read_column twin = imp_read_column(reading, object, "twin", count);
	struct imp_read_column root = imp_read_column(reading, object, "root", 1);

	for (size_t i = 0; i < count; i++) {
		list[i] = image->packages.list[i];
		list[i].database = imp_column_take_optional(&database);
		list[i].home = imp_column_take_optional(&home);
		list[i].group = (uint32_t)imp_column_take(&group);
		if (list[i].group >= image->packages.group_count)
			imp_reading_break(reading, "group");
		list[i].twin = imp_column_take_optional(&twin);
		roots[i] = imp_column_take(&root);
	}
	imp_column_end(&database);
	imp_column_end(&home);
	imp_column_end(&group);
	imp_column_end(&twin);
	imp_column_end(&root);
	image->packages.list = list;
	image->runtime.package_root = roots;
}

static void take_dependencies(struct imp_reading *reading, const json_t *object,
			      struct imp_packages *packages, uint64_t total)
{
	struct imp_dependency *made =
		imp_arena_array(reading->arena, total + 1, sizeof(*made));
	struct imp_read_column to = imp_read_column(
		reading, object, "to", packages->count ? packages->count - 1 : 0);
	struct imp_read_column choice =
		imp_read_column(reading, object, "choice", UINT32_MAX);
	struct imp_read_column kind =
		imp_read_column(reading, object, "kind", IMP_DEPENDENCY_PEER);

	for (uint64_t i = 0; i < total && !reading->broken; i++) {
		made[i].to = (uint32_t)imp_column_take(&to);
		made[i].choice = (uint32_t)imp_column_take(&choice);
		made[i].kind = (uint8_t)imp_column_take(&kind);
	}
	imp_column_end(&to);
	imp_column_end(&choice);
	imp_column_end(&kind);
	packages->dependencies = made;
	packages->dependency_count = total;
}

/* Dependencies stand by package: as many as each has. */
static void read_dependencies(struct imp_reading *reading, const json_t *records,
			      struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "dependencies");
	struct imp_packages *packages = &image->packages;
	uint64_t total = counted(reading, object, reading->limits->nodes), first = 0;
	struct imp_package *list =
		imp_arena_array(reading->arena, packages->count + 1, sizeof(*list));
	struct imp_read_column of = imp_read_column(reading, object, "of_package", total);

	if (packages->count == 0 && total > 0)
		imp_reading_break(reading, "dependencies");
	for (size_t i = 0; i < packages->count; i++) {
		list[i] = packages->list[i];
		list[i].first_dependency = (uint32_t)first;
		list[i].dependency_count = (uint32_t)imp_column_take(&of);
		first += list[i].dependency_count;
	}
	imp_column_end(&of);
	packages->list = list;
	if (first != total)
		imp_reading_break(reading, "dependencies");
	else
		take_dependencies(reading, object, packages, total);
}

static bool stands_behind(const struct imp_also *a, const struct imp_also *b)
{
	return a->record != b->record ? a->record < b->record : a->package < b->package;
}

static void read_also(struct imp_reading *reading, const json_t *records,
		      struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "also");
	uint64_t entries = imp_tree_record_count(image->tree);
	size_t count = counted(reading, object, reading->limits->nodes);
	struct imp_also *also = imp_arena_array(reading->arena, count + 1, sizeof(*also));
	struct imp_read_column entry =
		imp_read_column(reading, object, "entry", entries ? entries - 1 : 0);
	struct imp_read_column package =
		imp_read_column(reading, object, "package",
				image->packages.count ? image->packages.count - 1 : 0);

	if (count > 0 && (entries == 0 || image->packages.count == 0))
		imp_reading_break(reading, "also");
	for (size_t i = 0; i < count && !reading->broken; i++) {
		also[i].record = (uint32_t)imp_column_take(&entry);
		also[i].package = (uint32_t)imp_column_take(&package);
		if (i > 0 && !stands_behind(&also[i - 1], &also[i]))
			imp_reading_break(reading, "also");
	}
	imp_column_end(&entry);
	imp_column_end(&package);
	image->packages.also = also;
	image->packages.also_count = count;
}

static void read_managers(struct imp_reading *reading, const json_t *records,
			  struct imp_packages *packages)
{
	const json_t *list = imp_read_array(reading, records, "managers");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = imp_read_element(reading, list, i, "managers");
		enum imp_manager manager;
		if (!imp_manager_parse(imp_json_get_string(one, "manager"), &manager)) {
			imp_reading_break(reading, "managers");
			return;
		}
		packages->recommends_hold[manager] =
			imp_read_flag(reading, one, "recommends_hold");
		packages->suggests_hold[manager] =
			imp_read_flag(reading, one, "suggests_hold");
	}
}

static void read_started(struct imp_reading *reading, const json_t *records,
			 struct imp_reload_image *image)
{
	const json_t *object = imp_read_object(reading, records, "started");
	uint64_t nodes = imp_tree_node_count(image->tree);
	size_t count = image->runtime.started_count;
	struct imp_started *started =
		imp_arena_array(reading->arena, count + 1, sizeof(*started));
	struct imp_read_column program =
		imp_read_column(reading, object, "program", nodes);
	struct imp_read_column script = imp_read_column(reading, object, "script", nodes);

	for (size_t i = 0; i < count; i++) {
		started[i] = image->runtime.started[i];
		started[i].program = imp_column_take_optional(&program);
		started[i].script = imp_column_take_optional(&script);
	}
	imp_column_end(&program);
	imp_column_end(&script);
	image->runtime.started = started;
}

void imp_reload_relations(struct imp_reading *reading, const json_t *records,
			  struct imp_reload_image *image)
{
	read_groups(reading, records, &image->packages);
	read_places(reading, records, image);
	read_dependencies(reading, records, image);
	read_also(reading, records, image);
	read_managers(reading, records, &image->packages);
	read_started(reading, records, image);
}
