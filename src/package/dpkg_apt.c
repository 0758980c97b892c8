/*
 * What apt adds to dpkg's records: extended_states, who came as a dependency only; and the settings
 * that decide whether autoremove lets Recommends and Suggests hold a package (Install-Recommends
 * has no say in that). The image's own settings count, never this machine's (2.2).
 */
#include "dpkg.h"

#include <stdlib.h>
#include <strings.h>

#include "dpkg_settings.h"

/* The package of a state: apt writes the machine's architecture for packages of "all". */
static uint32_t find_state(const struct dpkg_system *system,
			   const struct dpkg_stanza *state)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};

	imp_strbuf_add_slice(&key, state->package);
	imp_strbuf_add_char(&key, ':');
	size_t len = key.len;
	imp_strbuf_add_slice(&key, state->architecture);
	uint32_t package = imp_dpkg_find_exact(system, imp_strbuf_slice(&key));
	if (package != IMP_NONE)
		return package;
	imp_strbuf_truncate(&key, len);
	imp_strbuf_add_text(&key, "all");
	return imp_dpkg_find_exact(system, imp_strbuf_slice(&key));
}

/* For each package from `first` on: it was installed as a dependency. */
static void read_states(struct dpkg_system *system, const struct imp_live_file *file,
			bool *is_auto)
{
	struct dpkg_stanza stanza;

	for (struct imp_slice rest = file->content;
	     imp_dpkg_stanza_next(&rest, &stanza);) {
		if (stanza.damaged || stanza.package.len == 0) {
			imp_inventory_unreadable(system->inventory, IMP_MANAGER_DPKG,
						 file->path,
						 "a line that is no field, or a stanza "
						 "of no package");
			continue;
		}
		uint32_t package = imp_slice_is(stanza.auto_installed, "1")
					   ? find_state(system, &stanza)
					   : IMP_NONE;
		if (package != IMP_NONE)
			is_auto[package - system->first] = true;
	}
}

static void mark_roots(struct dpkg_system *system)
{
	imp_auto_free bool *is_auto = imp_xcalloc(system->count + 1, sizeof(*is_auto));
	const struct imp_live_file *file = imp_inventory_file(
		system->inventory, IMP_MANAGER_DPKG, "var/lib/apt/extended_states");

	if (file) {
		read_states(system, file, is_auto);
		imp_inventory_set_roots_known(system->inventory, system->group);
	}
	for (size_t i = 0; i < system->count; i++)
		if (!is_auto[i])
			imp_inventory_get(system->inventory, system->first + (uint32_t)i)
				->flags |= IMP_PACKAGE_ROOT;
}

/* apt reads a part whose name is of these characters and ends in .conf or has no dot. */
static bool is_part_name(struct imp_slice name)
{
	bool dot = false;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		dot = dot || c == '.';
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'))
			return false;
	}
	return name.len > 0 && name.data[0] != '.' &&
	       (!dot || imp_slice_ends(name, IMP_SLICE(".conf")));
}

static void read_settings(struct dpkg_system *system, const struct imp_live_file *file,
			  struct dpkg_settings *settings)
{
	if (file->cut || !imp_dpkg_settings_read(settings, file->content))
		imp_inventory_unreadable(system->inventory, IMP_MANAGER_DPKG, file->path,
					 "not in the syntax of apt's settings");
}

/* In apt's order: parts by name, then the main file, which has the last word. */
static void read_all_settings(struct dpkg_system *system, struct dpkg_settings *settings)
{
	static const char folder[] = "etc/apt/apt.conf.d/";
	const struct imp_packages_input *input = imp_inventory_input(system->inventory);

	for (size_t i = imp_inventory_files_from(system->inventory, folder);
	     i < imp_contents_live_count(input->contents); i++) {
		const struct imp_live_file *file = imp_contents_live(input->contents, i);
		if (!imp_slice_starts(file->path, imp_slice_of(folder)))
			break;
		if (is_part_name(imp_slice_basename(file->path)))
			read_settings(system, file, settings);
	}
	const struct imp_live_file *main_file = imp_inventory_file(
		system->inventory, IMP_MANAGER_DPKG, "etc/apt/apt.conf");
	if (main_file)
		read_settings(system, main_file, settings);
}

void imp_dpkg_read_apt(struct dpkg_system *system)
{
	struct dpkg_settings settings = {true, true};

	mark_roots(system);
	read_all_settings(system, &settings);
	imp_inventory_set_weak(system->inventory, IMP_MANAGER_DPKG,
			       settings.recommends_hold, settings.suggests_hold);
}
