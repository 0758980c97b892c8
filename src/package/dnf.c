/*
 * Why a package was installed: dnf 4 writes var/lib/dnf/history.sqlite, dnf 5 packages.toml.
 * What neither knows was there before them and counts as asked for (classification.md 2.1).
 */
#include "rpm.h"

#include <sqlite3.h>
#include <strings.h>

enum reason {
	REASON_UNKNOWN = 0,
	REASON_DEPENDENCY = 1,
	REASON_USER = 2,
	REASON_CLEAN = 3, /* a dependency no longer needed */
	REASON_WEAK = 4,
	REASON_GROUP = 5,
};

struct reasons {
	struct rpm_system *system;
	struct imp_map by_name; /* "name.arch" to the reason, keys in the arena */
	bool known;
};

static void set_reason(struct reasons *reasons, struct imp_slice name, enum reason reason)
{
	struct imp_slice key =
		imp_arena_copy(imp_inventory_arena(reasons->system->inventory), name);

	imp_map_set(&reasons->by_name, key, reason);
	reasons->known = true;
}

/*
 * The last transaction that brought a package in, in any version: not those that only name the old
 * version (3 downgraded, 5 obsoleted, 7 upgraded, 10 reinstalled) or remove it (8).
 */
static const char history_query[] =
	"SELECT i.name || '.' || i.arch, ti.reason FROM trans_item ti "
	"JOIN trans t ON t.id = ti.trans_id JOIN rpm i ON i.item_id = ti.item_id "
	"WHERE t.state = 1 AND ti.action NOT IN (3, 5, 7, 8, 10) "
	"ORDER BY ti.trans_id, ti.id";

static bool read_rows(struct reasons *reasons, sqlite3 *db)
{
	sqlite3_stmt *rows = NULL;
	int rc = sqlite3_prepare_v2(db, history_query, -1, &rows, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(rows);
		if (rc != SQLITE_ROW)
			break;
		const char *name = (const char *)sqlite3_column_text(rows, 0);
		if (name)
			set_reason(reasons,
				   imp_slice(name, (size_t)sqlite3_column_bytes(rows, 0)),
				   (enum reason)sqlite3_column_int(rows, 1));
	}
	sqlite3_finalize(rows);
	return rc == SQLITE_DONE;
}

static void read_history(struct reasons *reasons)
{
	const struct imp_live_file *file =
		imp_inventory_file(reasons->system->inventory, IMP_MANAGER_RPM,
				   "var/lib/dnf/history.sqlite");
	size_t len;

	if (!file)
		return;
	sqlite3 *db = imp_rpm_sqlite_open(reasons->system->inventory, file, &len);
	if (!db || !read_rows(reasons, db))
		imp_inventory_unreadable(reasons->system->inventory, IMP_MANAGER_RPM,
					 file->path, "no history of dnf");
	sqlite3_close(db);
}

static void take_toml(void *context, struct imp_slice package, struct imp_slice reason)
{
	static const struct {
		const char *text;
		enum reason reason;
	} words[] = {
		{"Dependency", REASON_DEPENDENCY},
		{"Weak Dependency", REASON_WEAK},
		{"User", REASON_USER},
		{"External User", REASON_USER},
		{"Group", REASON_GROUP},
	};
	enum reason found = REASON_UNKNOWN;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (imp_slice_is(reason, words[i].text))
			found = words[i].reason;
	set_reason(context, package, found);
}

static void read_toml(struct reasons *reasons)
{
	const struct imp_live_file *file =
		imp_inventory_file(reasons->system->inventory, IMP_MANAGER_RPM,
				   "usr/lib/sysimage/libdnf5/packages.toml");

	if (file && !imp_dnf_toml_read(file->content, take_toml, reasons))
		imp_inventory_unreadable(reasons->system->inventory, IMP_MANAGER_RPM,
					 file->path, "not the TOML that dnf writes");
}

static unsigned flags_of(const struct reasons *reasons, const struct imp_package *package)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	uint64_t reason = REASON_UNKNOWN;

	imp_strbuf_add_slice(&name, package->name);
	imp_strbuf_add_char(&name, '.');
	imp_strbuf_add_slice(&name, package->architecture);
	imp_map_get(&reasons->by_name, imp_strbuf_slice(&name), &reason);
	if (reason == REASON_WEAK)
		return IMP_PACKAGE_WEAK;
	return reason == REASON_DEPENDENCY || reason == REASON_CLEAN ? 0
								     : IMP_PACKAGE_ROOT;
}

void imp_dnf_read(struct rpm_system *system)
{
	struct reasons reasons = {.system = system};

	read_history(&reasons);
	read_toml(&reasons);
	if (reasons.known)
		imp_inventory_set_roots_known(system->inventory, system->group);
	for (size_t i = 0; i < system->count; i++) {
		struct imp_package *package =
			imp_inventory_get(system->inventory, system->packages[i].number);
		package->flags |= flags_of(&reasons, package);
	}
	imp_map_finish(&reasons.by_name);
}
