/*
 * dpkg: the stanzas of var/lib/dpkg/status and, in distroless images, of status.d/ become
 * packages; what else dpkg and apt know of them is read beside (classification.md 2.2).
 */
#include "dpkg.h"

#include <stdlib.h>

static struct imp_slice text_key(struct imp_arena *arena, struct imp_slice name,
				 struct imp_slice architecture)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};

	imp_strbuf_add_slice(&key, name);
	imp_strbuf_add_char(&key, ':');
	imp_strbuf_add_slice(&key, architecture);
	return imp_arena_copy(arena, imp_strbuf_slice(&key));
}

/* "glibc (2.36-9)" names the version when it is another; without a Source field the package was
 * built from a source of its own name. */
static struct imp_slice source_name(const struct dpkg_stanza *stanza)
{
	struct imp_slice source = stanza->source;

	return source.len == 0 ? stanza->package : imp_slice_cut(&source, ' ');
}

/* "non-free/libs" is "libs" of another area. */
static struct imp_slice section_name(struct imp_slice section)
{
	return imp_slice_basename(section);
}

static unsigned flags_of(const struct dpkg_stanza *stanza)
{
	unsigned flags = 0;

	if (imp_dpkg_is_yes(stanza->essential) || imp_dpkg_is_yes(stanza->protected) ||
	    imp_dpkg_is_yes(stanza->important) ||
	    imp_slice_is(stanza->priority, "required"))
		flags |= IMP_PACKAGE_ESSENTIAL;
	if (imp_slice_is(stanza->auto_built, "debug-symbols"))
		flags |= IMP_PACKAGE_DEBUG_SYMBOLS;
	return flags;
}

static uint32_t add_package(struct dpkg_system *system, const struct dpkg_stanza *stanza,
			    const char *tool, uint32_t database)
{
	return imp_inventory_add(
		system->inventory,
		&(struct imp_package){
			.manager = IMP_MANAGER_DPKG,
			.name = stanza->package,
			.version = stanza->version,
			.source = source_name(stanza),
			.section = section_name(stanza->section),
			.architecture = stanza->architecture,
			.tool = tool,
			.purl = imp_purl_system(system->inventory, "deb", "debian",
						stanza->package, stanza->version,
						stanza->architecture),
			.database = database,
			.home = IMP_NONE,
			.flags = flags_of(stanza),
			.group = system->group,
			.twin = IMP_NONE,
		});
}

uint32_t imp_dpkg_add(struct dpkg_system *system, const struct dpkg_stanza *stanza,
		      const char *tool, uint32_t database)
{
	struct imp_slice key = text_key(imp_inventory_arena(system->inventory),
					stanza->package, stanza->architecture);

	if (imp_map_get(&system->by_key, key, NULL))
		return IMP_NONE;
	uint32_t package = add_package(system, stanza, tool, database);
	if (package == IMP_NONE)
		return IMP_NONE;
	imp_map_set(&system->by_key, key, package);
	if (!imp_map_get(&system->by_name, stanza->package, NULL))
		imp_map_set(&system->by_name, stanza->package, package);
	system->stanzas = imp_xgrow(system->stanzas, &system->capacity, system->count + 1,
				    sizeof(*system->stanzas));
	system->stanzas[system->count++] = *stanza;
	return package;
}

uint32_t imp_dpkg_find_exact(const struct dpkg_system *system, struct imp_slice key)
{
	uint64_t package;

	return imp_map_get(&system->by_key, key, &package) ? (uint32_t)package : IMP_NONE;
}

uint32_t imp_dpkg_find(const struct dpkg_system *system, struct imp_slice name)
{
	uint64_t package;

	if (imp_map_get(&system->by_key, name, &package) ||
	    imp_map_get(&system->by_name, name, &package))
		return (uint32_t)package;
	return IMP_NONE;
}

/* The third word: "install ok installed". */
static bool is_installed(struct imp_slice status)
{
	imp_slice_cut(&status, ' ');
	imp_slice_cut(&status, ' ');
	return imp_slice_is(status, "installed");
}

static void report(struct dpkg_system *system, const struct imp_live_file *file,
		   const char *reason)
{
	imp_inventory_unreadable(system->inventory, IMP_MANAGER_DPKG, file->path, reason);
}

static void read_status(struct dpkg_system *system)
{
	const struct imp_live_file *file = imp_inventory_file(
		system->inventory, IMP_MANAGER_DPKG, "var/lib/dpkg/status");
	struct dpkg_stanza stanza;

	if (!file)
		return;
	for (struct imp_slice rest = file->content;
	     imp_dpkg_stanza_next(&rest, &stanza);) {
		if (stanza.damaged || stanza.package.len == 0)
			report(system, file,
			       "a line that is no field, or a stanza of no package");
		imp_map_set(&system->known, stanza.package, 1);
		if (stanza.package.len > 0 && is_installed(stanza.status))
			imp_dpkg_add(system, &stanza, "", file->node);
	}
	if (file->content.len > 0 && !imp_slice_ends(file->content, IMP_SLICE("\n")))
		report(system, file, "it ends in the middle of a line");
}

/* distroless: a package is a file; beside it stands NAME.md5sums, and no list. */
static void read_part(struct dpkg_system *system, const struct imp_live_file *file,
		      const struct imp_live_file *sums)
{
	struct imp_slice rest = file->content;
	struct dpkg_stanza stanza;

	if (file->cut || !imp_dpkg_stanza_next(&rest, &stanza) ||
	    stanza.package.len == 0) {
		report(system, file, "no stanza of a package");
		return;
	}
	uint32_t package = imp_dpkg_add(system, &stanza, "status.d", file->node);
	if (sums && package != IMP_NONE)
		imp_dpkg_read_sums(system, package, sums);
}

/* The file beside FILE whose name is FILE's and SUFFIX, or NULL. */
static const struct imp_live_file *file_beside(const struct imp_packages_input *input,
					       const struct imp_live_file *file,
					       const char *suffix)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_strbuf_add_slice(&name, imp_slice_basename(file->path));
	imp_strbuf_add_text(&name, suffix);
	uint32_t node = imp_tree_find_child(
		input->tree, imp_tree_node(input->tree, file->node)->parent,
		imp_strbuf_slice(&name));
	return node == IMP_NONE ? NULL : imp_contents_at(input->contents, node);
}

static void read_parts(struct dpkg_system *system)
{
	static const char folder[] = "var/lib/dpkg/status.d/";
	const struct imp_packages_input *input = imp_inventory_input(system->inventory);

	for (size_t i = imp_inventory_files_from(system->inventory, folder);
	     i < imp_contents_live_count(input->contents); i++) {
		const struct imp_live_file *file = imp_contents_live(input->contents, i);
		if (!imp_slice_starts(file->path, imp_slice_of(folder)))
			break;
		if (!imp_slice_ends(file->path, IMP_SLICE(".md5sums")))
			read_part(system, file, file_beside(input, file, ".md5sums"));
	}
}

void imp_dpkg_read(struct imp_inventory *inventory)
{
	struct dpkg_system system = {
		.inventory = inventory,
		.group = imp_inventory_group(inventory),
		.first = imp_inventory_count(inventory),
	};

	read_status(&system);
	read_parts(&system);
	if (system.count > 0) {
		imp_dpkg_read_lists(&system);
		imp_dpkg_read_depends(&system);
		imp_dpkg_read_apt(&system);
	}
	free(system.stanzas);
	imp_map_finish(&system.known);
	imp_map_finish(&system.by_name);
	imp_map_finish(&system.by_key);
}
