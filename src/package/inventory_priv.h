/* What an inventory holds while readers fill it: shared by inventory*.c alone. */
#pragma once

#include "inventory.h"

struct claim {
	uint32_t node, package;
};

struct pending_dependency {
	uint32_t from;
	struct imp_dependency dependency;
};

struct imp_inventory {
	const struct imp_packages_input *input;
	struct imp_arena *arena;
	struct imp_package *list;
	size_t count, capacity;
	struct pending_dependency *dependencies;
	size_t dependency_count, dependency_capacity;
	struct claim *folders;
	size_t folder_count, folder_capacity;
	struct imp_also *also;
	size_t also_count, also_capacity;
	struct imp_unreadable *unreadable;
	size_t unreadable_count, unreadable_capacity;
	struct imp_map unreadable_seen; /* manager's number and path */
	uint32_t *owner_of;             /* by numbers of this inventory */
	bool *is_documentation;
	uint32_t groups;
	bool *knows_roots; /* by group */
	size_t group_capacity;
	struct imp_slice os; /* data NULL: not looked for yet */
	struct imp_packages *out;
};

/* PACKAGE lists the file RECORD: precedence as imp_inventory_own. */
void imp_inventory_own_record(struct imp_inventory *inventory, uint32_t package,
			      uint32_t record);
/* PACKAGE lists it while another owns it. */
void imp_inventory_also(struct imp_inventory *inventory, uint32_t record,
			uint32_t package);
/* Spreads folders, sorts, renumbers and counts into inventory->out. */
void imp_inventory_finish(struct imp_inventory *inventory);
