/*
 * What readers fill: packages, who owns what, who needs whom. One reader a manager, in a file
 * of its own; each looks through the live kept files for its databases and adds what it finds.
 * Nothing here trusts the input: counts are bounded, foreign text is copied into the arena.
 */
#pragma once

#include "imgprof/error.h"
#include "imgprof/map.h"
#include "imgprof/package.h"

enum {
	IMP_MAX_PACKAGES = 200000, /* of one image; more are left out and said so */
	IMP_MAX_DEPENDENCIES = 4000000,
};

struct imp_inventory; /* opaque outside inventory*.c but for these */

struct imp_reader {
	const char *name;
	void (*read)(struct imp_inventory *inventory);
};
/* Every reader, in the order in which they run; ends with a NULL name. */
extern const struct imp_reader imp_readers[];

const struct imp_packages_input *
imp_inventory_input(const struct imp_inventory *inventory);
struct imp_arena *imp_inventory_arena(const struct imp_inventory *inventory);

/* Adds a copy (strings borrowed: keep them in the arena or in kept contents); sum and dependencies
 * are not looked at. The number holds for this inventory, not for the sorted list. IMP_NONE
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
/* All files below the folder NODE; a deeper folder that another package owns so is that one's. */
void imp_inventory_own_below(struct imp_inventory *inventory, uint32_t package,
			     uint32_t node);
/* The manager says that the file at NODE is documentation. */
void imp_inventory_mark_documentation(struct imp_inventory *inventory, uint32_t node);

/* FROM needs TO. Edges of one requirement share CHOICE (distinct in FROM). */
void imp_inventory_need(struct imp_inventory *inventory, uint32_t from, uint32_t to,
			enum imp_dependency_kind kind, uint32_t choice);
void imp_inventory_unreadable(struct imp_inventory *inventory, enum imp_manager manager,
			      struct imp_slice path, const char *reason);
void imp_inventory_set_roots_known(struct imp_inventory *inventory,
				   enum imp_manager manager);
void imp_inventory_set_weak(struct imp_inventory *inventory, enum imp_manager manager,
			    bool recommends_hold, bool suggests_hold);

/* purl.c: a package URL (purl-spec: type, namespace, name, version, qualifiers), percent-coded.
 * NAMESPACE and QUALIFIERS ("arch=amd64") may be empty. In the inventory's arena. */
const char *imp_purl(struct imp_inventory *inventory, const char *type,
		     struct imp_slice namespace, struct imp_slice name,
		     struct imp_slice version, const char *qualifiers);
