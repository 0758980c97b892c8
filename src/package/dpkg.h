/* dpkg's records inside an image: classification.md 2.2. Shared by dpkg*.c alone. */
#pragma once

#include "inventory.h"
#include "readers.h"

/* The fields of one stanza that imgprof reads; raw values with their continuation lines. */
struct dpkg_stanza {
	struct imp_slice package, status, version, source, section, architecture;
	struct imp_slice priority, essential, protected, important, auto_built;
	struct imp_slice auto_installed; /* of extended_states */
	struct imp_slice provides, pre_depends, depends, recommends, suggests;
	bool damaged; /* there was a line that is no field */
};
/* Cuts the next stanza off *REST; false behind the last. */
bool imp_dpkg_stanza_next(struct imp_slice *rest, struct dpkg_stanza *out);
/* "yes", in any case */
bool imp_dpkg_is_yes(struct imp_slice value);
/* White space in its fields, line ends included. */
#define DPKG_SPACE " \t\r\n"

/* One system: what the stanzas gave, by the names that other records use. */
struct dpkg_system {
	struct imp_inventory *inventory;
	uint32_t group;
	/* For each installed package, from number `first` of the inventory on */
	struct dpkg_stanza *stanzas;
	size_t count, capacity;
	uint32_t first;
	struct imp_map by_name; /* the first of that name */
	struct imp_map by_key;  /* "name:architecture" */
	struct imp_map known;   /* names of all stanzas of status, installed or not */
};
/* An installed package; IMP_NONE when there is one of its name and architecture. */
uint32_t imp_dpkg_add(struct dpkg_system *system, const struct dpkg_stanza *stanza,
		      const char *tool, uint32_t database);
/* The package "name" or "name:architecture", or IMP_NONE. */
uint32_t imp_dpkg_find(const struct dpkg_system *system, struct imp_slice name);

/* Exactly "name:architecture". */
uint32_t imp_dpkg_find_exact(const struct dpkg_system *system, struct imp_slice key);

/* dpkg_depends.c: dependencies of all packages, and twins of -dev packages. */
void imp_dpkg_read_depends(struct dpkg_system *system);
/* dpkg_files.c: the .list files of info/ with diversions; the .md5sums of status.d/ */
void imp_dpkg_read_lists(struct dpkg_system *system);
void imp_dpkg_read_sums(struct dpkg_system *system, uint32_t package,
			const struct imp_live_file *sums);
/* dpkg_apt.c: what apt knows: who was asked for, what weak dependencies hold. */
void imp_dpkg_read_apt(struct dpkg_system *system);
