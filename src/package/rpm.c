/*
 * rpm: the database of the installed packages, in whichever of its three forms stands in the
 * image, at the old place or the new one (classification.md 2.1, 2.4).
 */
#include "rpm.h"

#include <stdlib.h>

void imp_rpm_report(struct rpm_system *system, const char *reason)
{
	imp_inventory_unreadable(system->inventory, IMP_MANAGER_RPM, system->file->path,
				 reason);
}

static struct imp_slice keep(struct rpm_system *system, struct imp_slice text)
{
	return imp_arena_copy(imp_inventory_arena(system->inventory), text);
}

/* "bash" of "bash-5.1.8-6.el9.src.rpm" */
static struct imp_slice source_name(struct imp_slice file)
{
	for (int dashes = 2; dashes > 0; dashes--) {
		const char *dash = file.len ? memrchr(file.data, '-', file.len) : NULL;
		if (!dash)
			return IMP_SLICE("");
		file.len = (size_t)(dash - file.data);
	}
	return file;
}

/* VERSION-RELEASE, and as rpm shows it with "EPOCH:" in front when there is one. */
static struct imp_slice version_of(struct rpm_system *system,
				   const struct rpm_header *header, bool with_epoch)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_slice release = imp_rpm_string(header, RPM_RELEASE);
	uint32_t epoch;

	if (with_epoch && imp_rpm_integer(header, RPM_EPOCH, 0, &epoch))
		imp_strbuf_printf(&text, "%u:", epoch);
	imp_strbuf_add_slice(&text, imp_rpm_string(header, RPM_VERSION));
	if (release.len > 0)
		imp_strbuf_add_char(&text, '-');
	imp_strbuf_add_slice(&text, release);
	return keep(system, imp_strbuf_slice(&text));
}

static const char *purl_of(struct rpm_system *system, const struct rpm_header *header)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf qualifiers = {0};
	struct imp_slice architecture = imp_rpm_string(header, RPM_ARCH);
	uint32_t epoch;

	if (architecture.len > 0) {
		imp_strbuf_add_text(&qualifiers, "arch=");
		imp_purl_add_coded(&qualifiers, architecture);
	}
	if (imp_rpm_integer(header, RPM_EPOCH, 0, &epoch))
		imp_strbuf_printf(&qualifiers, "%sepoch=%u",
				  qualifiers.len > 0 ? "&" : "", epoch);
	return imp_purl(system->inventory, "rpm", imp_inventory_os(system->inventory),
			imp_rpm_string(header, RPM_NAME),
			version_of(system, header, false), qualifiers.data);
}

static uint32_t add_package(struct rpm_system *system, const struct rpm_header *header)
{
	struct imp_slice group = imp_rpm_string(header, RPM_GROUP);

	if (imp_slice_is(group, "Unspecified"))
		group = IMP_SLICE("");
	return imp_inventory_add(
		system->inventory,
		&(struct imp_package){
			.manager = IMP_MANAGER_RPM,
			.name = keep(system, imp_rpm_string(header, RPM_NAME)),
			.version = version_of(system, header, true),
			.source = keep(system,
				       source_name(imp_rpm_string(header, RPM_SOURCE))),
			.section = keep(system, group),
			.architecture = keep(system, imp_rpm_string(header, RPM_ARCH)),
			.purl = purl_of(system, header),
			.database = system->file->node,
			.home = IMP_NONE,
			.group = system->group,
			.twin = IMP_NONE,
		});
}

bool imp_rpm_take(struct rpm_system *system, struct imp_slice blob)
{
	struct rpm_package package = {0};

	if (blob.len > system->budget) {
		imp_rpm_report(system, "headers that share their pages");
		return false;
	}
	system->budget -= blob.len;
	package.blob = imp_xmalloc(blob.len + 1);
	memcpy(package.blob, blob.data ? blob.data : "", blob.len);
	if (!imp_rpm_header_read(imp_slice(package.blob, blob.len), &package.header) ||
	    imp_rpm_string(&package.header, RPM_NAME).len == 0) {
		imp_rpm_report(system, "a damaged header");
		free(package.blob);
		return true;
	}
	package.number = add_package(system, &package.header);
	if (package.number == IMP_NONE) {
		free(package.blob);
		return false;
	}
	system->packages = imp_xgrow(system->packages, &system->capacity,
				     system->count + 1, sizeof(*system->packages));
	system->packages[system->count++] = package;
	return true;
}

/* rpm's own order of preference; a database left behind by a conversion is passed over. */
static const struct {
	const char *path;
	void (*read)(struct rpm_system *system);
} databases[] = {
	{"usr/lib/sysimage/rpm/rpmdb.sqlite", imp_rpm_read_sqlite},
	{"var/lib/rpm/rpmdb.sqlite", imp_rpm_read_sqlite},
	{"usr/share/rpm/rpmdb.sqlite", imp_rpm_read_sqlite},
	{"usr/lib/sysimage/rpm/Packages.db", imp_rpm_read_ndb},
	{"var/lib/rpm/Packages.db", imp_rpm_read_ndb},
	{"usr/lib/sysimage/rpm/Packages", imp_rpm_read_bdb},
	{"var/lib/rpm/Packages", imp_rpm_read_bdb},
};

static void read_database(struct rpm_system *system)
{
	for (size_t i = 0; i < sizeof(databases) / sizeof(databases[0]); i++) {
		system->file = imp_inventory_file(system->inventory, IMP_MANAGER_RPM,
						  databases[i].path);
		if (!system->file)
			continue;
		system->budget = system->file->content.len;
		databases[i].read(system);
		return;
	}
}

void imp_rpm_read(struct imp_inventory *inventory)
{
	struct rpm_system system = {
		.inventory = inventory,
		.group = imp_inventory_group(inventory),
		.paths.tree = imp_inventory_input(inventory)->tree,
	};

	read_database(&system);
	for (size_t i = 0; i < system.count; i++)
		imp_rpm_own_files(&system, &system.packages[i]);
	if (system.count > 0) {
		imp_rpm_read_depends(&system);
		imp_dnf_read(&system);
	}
	for (size_t i = 0; i < system.count; i++)
		free(system.packages[i].blob);
	free(system.packages);
	imp_providers_finish(&system.providers);
	imp_paths_finish(&system.paths);
}
