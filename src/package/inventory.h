/*
 * What readers fill: packages, who owns what, who needs whom. One reader a manager, in a file
 * of its own; each looks through the live kept files for its databases and adds what it finds.
 * Nothing here trusts the input: counts are bounded, foreign text is copied into the arena.
 */
#pragma once

#include "imgprof/error.h"
#include "imgprof/map.h"
#include "imgprof/package.h"
#include "imgprof/strbuf.h"

enum {
	IMP_MAX_PACKAGES = 200000, /* of one image; more are left out and said so */
	IMP_MAX_DEPENDENCIES = 4000000,
	IMP_MAX_UNREADABLE = 1000,
};

struct imp_inventory; /* opaque outside inventory*.c but for these */

struct imp_reader {
	const char *name;
	void (*read)(struct imp_inventory *inventory);
};
/* Every reader, in the order in which they run; ends with a NULL name. */
extern const struct imp_reader imp_readers[];
/* imp_packages_read with READERS, ended by a NULL name. */
void imp_inventory_run(const struct imp_reader *readers,
		       const struct imp_packages_input *input, struct imp_arena *arena,
		       struct imp_packages *out);

const struct imp_packages_input *
imp_inventory_input(const struct imp_inventory *inventory);
struct imp_arena *imp_inventory_arena(const struct imp_inventory *inventory);

/* Adds a copy (strings borrowed: keep them in the arena or in kept contents); sum and dependencies
 * are not looked at; home and twin are IMP_NONE or valid. The number holds for this inventory, not for the sorted list. IMP_NONE
 * when there are too many. */
uint32_t imp_inventory_add(struct imp_inventory *inventory,
			   const struct imp_package *package);
/* As it stands so far, to change flags, twin, home; valid until the next add. */
struct imp_package *imp_inventory_get(struct imp_inventory *inventory, uint32_t package);
uint32_t imp_inventory_count(const struct imp_inventory *inventory);
/* A number for the packages of one more installation. */
uint32_t imp_inventory_group(struct imp_inventory *inventory);

/* PACKAGE lists the file at NODE (hard links and files; others are ignored). A path that
 * several list belongs to the manager that comes first in enum imp_manager, in one manager to
 * the package added last (dpkg's Replaces); the others stand in `also`. */
void imp_inventory_own(struct imp_inventory *inventory, uint32_t package, uint32_t node);
/* Who owns the file at NODE so far, or IMP_NONE. */
uint32_t imp_inventory_owner(const struct imp_inventory *inventory, uint32_t node);
/* All files below the folder NODE; a deeper folder that another package owns so is that one's, and
 * what a package of the same manager lists by name stays that package's. */
void imp_inventory_own_below(struct imp_inventory *inventory, uint32_t package,
			     uint32_t node);
/* The manager says that the file at NODE is documentation. */
void imp_inventory_mark_documentation(struct imp_inventory *inventory, uint32_t node);

/* FROM needs TO. Edges of one requirement share CHOICE (distinct in FROM). false when there are too
 * many: the reader stops asking. */
bool imp_inventory_need(struct imp_inventory *inventory, uint32_t from, uint32_t to,
			enum imp_dependency_kind kind, uint32_t choice);
void imp_inventory_unreadable(struct imp_inventory *inventory, enum imp_manager manager,
			      struct imp_slice path, const char *reason);
/* The records of GROUP tell who was asked for. */
void imp_inventory_set_roots_known(struct imp_inventory *inventory, uint32_t group);
void imp_inventory_set_weak(struct imp_inventory *inventory, enum imp_manager manager,
			    bool recommends_hold, bool suggests_hold);

/* inventory_files.c: the kept file that PATH shows, symlinks followed; NULL when there is none or
 * it was too large, which is reported for MANAGER. */
const struct imp_live_file *imp_inventory_file(struct imp_inventory *inventory,
					       enum imp_manager manager,
					       const char *path);
/* The place in the contents' list of the first kept file at or behind PREFIX by path bytes. */
size_t imp_inventory_files_from(const struct imp_inventory *inventory,
				const char *prefix);
/* ID of os-release; empty when there is none. */
struct imp_slice imp_inventory_os(struct imp_inventory *inventory);

/* inventory_paths.c: nodes of paths as packages list them. Folders may be symlinks by now (merged /usr)
 * and are looked up once. Zeroed but for `tree` is valid. */
struct imp_paths {
	const struct imp_tree *tree;
	/* Path to node or IMP_NONE; keys borrow from the callers' paths. */
	struct imp_map folders;
	struct imp_slice last; /* neighbours in a list are often in one folder */
	uint32_t last_node;
};
/* The folder that PATH names, absolute or from the root, all symlinks followed; or IMP_NONE. */
uint32_t imp_paths_folder(struct imp_paths *paths, struct imp_slice path);
/* What PATH names, its last component not followed. */
uint32_t imp_paths_node(struct imp_paths *paths, struct imp_slice path);
void imp_paths_finish(struct imp_paths *paths);

/* inventory_providers.c: which packages go by a name, their own or one they provide. Zeroed is valid. */
struct imp_provider {
	struct imp_slice name; /* borrowed */
	uint32_t package;
};
struct imp_providers {
	struct imp_provider *list;
	size_t count, capacity;
	struct imp_map first; /* place in the list */
};
void imp_providers_add(struct imp_providers *providers, struct imp_slice name,
		       uint32_t package);
void imp_providers_sort(struct imp_providers *providers); /* before the first look-up */
/* The packages of that name, *COUNT of them, by number; NULL when there is none. */
const struct imp_provider *imp_providers_find(const struct imp_providers *providers,
					      struct imp_slice name, size_t *count);
void imp_providers_finish(struct imp_providers *providers);

/* purl.c: a package URL (purl-spec: type, namespace, name, version, qualifiers), percent-coded.
 * NAMESPACE and QUALIFIERS ("arch=amd64") may be empty; QUALIFIERS are coded already
 * (imp_purl_add_coded). In the inventory's arena. */
void imp_purl_add_coded(struct imp_strbuf *out, struct imp_slice text);
const char *imp_purl(struct imp_inventory *inventory, const char *type,
		     struct imp_slice namespace, struct imp_slice name,
		     struct imp_slice version, const char *qualifiers);
/* A system's package: the namespace is the os-release's ID, or OS where there is none. */
const char *imp_purl_system(struct imp_inventory *inventory, const char *type,
			    const char *os, struct imp_slice name,
			    struct imp_slice version, struct imp_slice architecture);
/* "@scope/name", "vendor/name": what stands before the '/' is the namespace. */
const char *imp_purl_scoped(struct imp_inventory *inventory, const char *type,
			    struct imp_slice name, struct imp_slice version);
