#include "json_records.h"

#include "imgprof/arena.h"
#include "imgprof/columns.h"
#include "imgprof/escape.h"
#include "imgprof/map.h"

/* Raised when a column changes its meaning. */
enum { RECORDS_FORMAT = 1 };

/* Numbers of texts, each kept once, in the order of first use. */
struct texts {
	struct imp_map numbers;
	struct imp_strbuf bytes;
	struct imp_column lengths;
	uint64_t count;
};

static uint64_t number_of(struct texts *texts, struct imp_slice text)
{
	uint64_t number;

	if (imp_map_get(&texts->numbers, text, &number))
		return number;
	imp_strbuf_add_slice(&texts->bytes, text);
	imp_column_add(&texts->lengths, text.len);
	imp_map_set(&texts->numbers, text, texts->count);
	return texts->count++;
}

static void write_base64(struct imp_json_writer *w, const char *key,
			 struct imp_slice bytes)
{
	imp_json_key(w, key);
	imp_json_raw(w);
	imp_strbuf_add_char(w->out, '"');
	imp_base64_encode(w->out, bytes);
	imp_strbuf_add_char(w->out, '"');
}

static void write_column(struct imp_json_writer *w, const char *key,
			 struct imp_column *column)
{
	imp_json_key(w, key);
	imp_json_raw(w);
	imp_strbuf_add_char(w->out, '"');
	imp_column_finish(column, w->out);
	imp_strbuf_add_char(w->out, '"');
}

/* 0: none. */
static uint64_t optional(uint32_t number)
{
	return number == IMP_NONE ? 0 : (uint64_t)number + 1;
}

/* The distance from RECORD to another: 0: none; of itself 1. */
static uint64_t distance(uint32_t record, uint32_t other)
{
	if (other == IMP_NONE)
		return 0;
	return other <= record ? 2 * (uint64_t)(record - other) + 1
			       : 2 * (uint64_t)(other - record);
}

static void write_nodes(struct imp_json_writer *w, const struct imp_tree *tree,
			struct texts *texts)
{
	struct imp_column parent = {0}, name = {0}, layer = {0}, state = {0};

	for (uint32_t i = 0; i < imp_tree_node_count(tree); i++) {
		const struct imp_node *node = imp_tree_node(tree, i);
		imp_column_add(&parent, optional(node->parent));
		imp_column_add(&name, number_of(texts, imp_tree_name(tree, i)));
		imp_column_add(&layer, node->layer);
		imp_column_add(&state, node->live + 2u * node->directory);
	}
	imp_json_key(w, "nodes");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", imp_tree_node_count(tree));
	write_column(w, "parent", &parent);
	write_column(w, "name", &name);
	write_column(w, "layer", &layer);
	write_column(w, "state", &state);
	imp_json_close(w, '}');
}

static uint64_t text_number(struct texts *texts, const struct imp_tree *tree,
			    uint32_t text)
{
	return text == IMP_NONE ? 0 : number_of(texts, imp_tree_text(tree, text)) + 1;
}

static void write_places(struct imp_json_writer *w, const struct imp_tree *tree,
			 struct texts *texts)
{
	struct imp_column node = {0}, older = {0}, group = {0}, name = {0}, link = {0};

	for (uint32_t i = 0; i < imp_tree_record_count(tree); i++) {
		const struct imp_record *record = imp_tree_record(tree, i);
		imp_column_add(&node, record->node);
		imp_column_add(&older, distance(i, record->older));
		imp_column_add(&group, distance(i, record->group));
		imp_column_add(&name, text_number(texts, tree, record->name));
		imp_column_add(&link, text_number(texts, tree, record->link));
	}
	write_column(w, "node", &node);
	write_column(w, "older", &older);
	write_column(w, "group", &group);
	write_column(w, "name", &name);
	write_column(w, "link", &link);
}

static void write_facts(struct imp_json_writer *w, const struct imp_tree *tree)
{
	struct imp_column type = {0}, fate = {0}, hidden_by = {0}, change = {0};
	struct imp_column shown = {0}, disk = {0}, pull = {0}, mtime = {0};

	for (uint32_t i = 0; i < imp_tree_record_count(tree); i++) {
		const struct imp_record *record = imp_tree_record(tree, i);
		imp_column_add(&type, record->type);
		imp_column_add(&fate, record->fate);
		imp_column_add(&hidden_by, record->hidden_by);
		imp_column_add(&change, record->change);
		imp_column_add(&shown, record->shown);
		imp_column_add(&disk, record->disk_bytes);
		imp_column_add(&pull, record->pull_bytes);
		imp_column_add(&mtime, (uint64_t)imp_tree_mtime_s(tree, i));
	}
	write_column(w, "type", &type);
	write_column(w, "fate", &fate);
	write_column(w, "hidden_by", &hidden_by);
	write_column(w, "change", &change);
	write_column(w, "shown", &shown);
	write_column(w, "disk_bytes", &disk);
	write_column(w, "pull_bytes", &pull);
	write_column(w, "mtime_s", &mtime);
}

static void write_attributes(struct imp_json_writer *w, const struct imp_tree *tree)
{
	struct imp_column mode = {0}, uid = {0}, gid = {0}, xattrs = {0};

	for (uint32_t i = 0; i < imp_tree_record_count(tree); i++) {
		struct imp_attributes attributes = imp_tree_attributes(tree, i);
		imp_column_add(&mode, attributes.mode);
		imp_column_add(&uid, attributes.uid);
		imp_column_add(&gid, attributes.gid);
		imp_column_add(&xattrs, attributes.xattrs);
	}
	write_column(w, "mode", &mode);
	write_column(w, "uid", &uid);
	write_column(w, "gid", &gid);
	write_column(w, "xattrs", &xattrs);
}

static void write_hashes(struct imp_json_writer *w, const struct imp_tree *tree)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};

	for (uint32_t i = 0; i < imp_tree_record_count(tree); i++) {
		struct imp_content_hash hash = imp_tree_hash(tree, i);
		if (imp_tree_record(tree, i)->type == IMP_ENTRY_FILE)
			imp_strbuf_add(&bytes, hash.bytes, sizeof(hash.bytes));
	}
	write_base64(w, "hashes", imp_strbuf_slice(&bytes));
}

static void write_verdicts(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_findings *findings = image->findings;
	struct imp_column class = {0}, possible = {0}, finding = {0};

	for (uint32_t i = 0; i < imp_tree_record_count(image->tree); i++) {
		imp_column_add(&class, findings->class_of[i]);
		imp_column_add(&possible, findings->possible_class_of[i]);
		imp_column_add(&finding, optional(findings->finding_of[i]));
	}
	write_column(w, "class", &class);
	write_column(w, "possible_class", &possible);
	write_column(w, "finding", &finding);
}

static void write_evidence(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_runtime *runtime = image->runtime;
	struct imp_column owner = {0}, reached = {0}, from = {0}, opened = {0};

	if (!image->packages || !runtime)
		return;
	for (uint32_t i = 0; i < imp_tree_record_count(image->tree); i++) {
		imp_column_add(&owner, optional(image->packages->owner_of[i]));
		imp_column_add(&reached, runtime->reached[i]);
		imp_column_add(&from, optional(runtime->reached_from[i]));
		if (runtime->opened)
			imp_column_add(&opened, runtime->opened[i]);
	}
	write_column(w, "owner", &owner);
	write_column(w, "reached", &reached);
	write_column(w, "reached_from", &from);
	if (runtime->opened)
		write_column(w, "opened", &opened);
}

static void write_entries(struct imp_json_writer *w, const struct imp_analysis *image,
			  struct texts *texts)
{
	imp_json_key(w, "entries");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", imp_tree_record_count(image->tree));
	write_places(w, image->tree, texts);
	write_facts(w, image->tree);
	write_attributes(w, image->tree);
	write_hashes(w, image->tree);
	write_verdicts(w, image);
	write_evidence(w, image);
	imp_json_close(w, '}');
}

static void write_texts(struct imp_json_writer *w, struct texts *texts)
{
	imp_json_key(w, "texts");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", texts->count);
	write_column(w, "bytes", &texts->lengths);
	write_base64(w, "text", imp_strbuf_slice(&texts->bytes));
	imp_json_close(w, '}');
	imp_strbuf_finish(&texts->bytes);
	imp_map_finish(&texts->numbers);
}

/* Numbers mean nothing from one version to the next: names do. */
static void write_classes(struct imp_json_writer *w)
{
	imp_json_key(w, "classes");
	imp_json_open(w, '[');
	for (int class = 0; class < IMP_CLASSES; class ++)
		imp_json_text(w, imp_class_name((enum imp_class) class));
	imp_json_close(w, ']');
}

static void write_partials(struct imp_json_writer *w, const struct imp_findings *findings)
{
	struct imp_column entry = {0}, finding = {0}, disk = {0}, pull = {0};

	for (size_t i = 0; i < findings->partial_count; i++) {
		imp_column_add(&entry, findings->partials[i].record);
		imp_column_add(&finding, findings->partials[i].finding);
		imp_column_add(&disk, findings->partials[i].disk_bytes);
		imp_column_add(&pull, findings->partials[i].pull_bytes);
	}
	imp_json_key(w, "partials");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", findings->partial_count);
	write_column(w, "entry", &entry);
	write_column(w, "finding", &finding);
	write_column(w, "disk_bytes", &disk);
	write_column(w, "pull_bytes", &pull);
	imp_json_close(w, '}');
}

static void write_also(struct imp_json_writer *w, const struct imp_packages *packages)
{
	struct imp_column entry = {0}, package = {0};

	for (size_t i = 0; i < packages->also_count; i++) {
		imp_column_add(&entry, packages->also[i].record);
		imp_column_add(&package, packages->also[i].package);
	}
	imp_json_key(w, "also");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", packages->also_count);
	write_column(w, "entry", &entry);
	write_column(w, "package", &package);
	imp_json_close(w, '}');
}

static void write_packages(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_packages *packages = image->packages;
	struct imp_column database = {0}, home = {0}, group = {0}, twin = {0}, root = {0};

	for (size_t i = 0; i < packages->count; i++) {
		const struct imp_package *package = &packages->list[i];
		imp_column_add(&database, optional(package->database));
		imp_column_add(&home, optional(package->home));
		imp_column_add(&group, package->group);
		imp_column_add(&twin, optional(package->twin));
		imp_column_add(&root, image->runtime->package_root[i]);
	}
	imp_json_key(w, "packages");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", packages->count);
	write_column(w, "database", &database);
	write_column(w, "home", &home);
	write_column(w, "group", &group);
	write_column(w, "twin", &twin);
	write_column(w, "root", &root);
	imp_json_close(w, '}');
}

static void write_dependencies(struct imp_json_writer *w,
			       const struct imp_packages *packages)
{
	struct imp_column count = {0}, to = {0}, choice = {0}, kind = {0};
	uint64_t total = 0;

	for (size_t i = 0; i < packages->count; i++) {
		const struct imp_package *package = &packages->list[i];
		imp_column_add(&count, package->dependency_count);
		total += package->dependency_count;
		for (uint32_t d = 0; d < package->dependency_count; d++) {
			const struct imp_dependency *dependency =
				&packages->dependencies[package->first_dependency + d];
			imp_column_add(&to, dependency->to);
			imp_column_add(&choice, dependency->choice);
			imp_column_add(&kind, dependency->kind);
		}
	}
	imp_json_key(w, "dependencies");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", total);
	write_column(w, "of_package", &count);
	write_column(w, "to", &to);
	write_column(w, "choice", &choice);
	write_column(w, "kind", &kind);
	imp_json_close(w, '}');
}

static void write_managers(struct imp_json_writer *w, const struct imp_packages *packages)
{
	imp_json_key(w, "managers");
	imp_json_open(w, '[');
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		imp_json_open(w, '{');
		imp_json_member_text(w, "manager",
				     imp_manager_name((enum imp_manager)manager));
		imp_json_member_bool(w, "recommends_hold",
				     packages->recommends_hold[manager]);
		imp_json_member_bool(w, "suggests_hold",
				     packages->suggests_hold[manager]);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_groups(struct imp_json_writer *w, const struct imp_packages *packages)
{
	struct imp_column knows_roots = {0};

	for (size_t i = 0; i < packages->group_count; i++)
		imp_column_add(&knows_roots, packages->knows_roots[i]);
	imp_json_key(w, "groups");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", packages->group_count);
	write_column(w, "knows_roots", &knows_roots);
	imp_json_close(w, '}');
}

static void write_started(struct imp_json_writer *w, const struct imp_runtime *runtime)
{
	struct imp_column program = {0}, script = {0};

	for (size_t i = 0; i < runtime->started_count; i++) {
		imp_column_add(&program, optional(runtime->started[i].program));
		imp_column_add(&script, optional(runtime->started[i].script));
	}
	imp_json_key(w, "started");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", runtime->started_count);
	write_column(w, "program", &program);
	write_column(w, "script", &script);
	imp_json_close(w, '}');
}

void imp_json_records(struct imp_json_writer *w, const struct imp_analysis *image)
{
	struct texts texts = {0};

	imp_json_open(w, '{');
	imp_json_member_u64(w, "format", RECORDS_FORMAT);
	write_nodes(w, image->tree, &texts);
	write_entries(w, image, &texts);
	write_texts(w, &texts);
	write_classes(w);
	write_partials(w, image->findings);
	if (image->packages && image->runtime) {
		write_groups(w, image->packages);
		write_packages(w, image);
		write_dependencies(w, image->packages);
		write_also(w, image->packages);
		write_managers(w, image->packages);
		write_started(w, image->runtime);
	}
	imp_json_close(w, '}');
}
