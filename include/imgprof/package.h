/*
 * Who owns a path, what is development-only, who needs whom: the records of package
 * managers inside the image, one file per manager (reference/classification.md section 2).
 * Also the sweep over their dependencies: what goes when some packages go (2.2).
 *
 *	imp_packages_read(&input, arena, &packages);
 *	owner = packages->owner_of[record];
 *
 * Reading cannot fail: a database that is damaged, too large or of an unknown kind is
 * listed in `unreadable`, and the rest stands.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/contents.h"
#include "imgprof/image.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"
#include "imgprof/tree.h"

/* In the order of who owns a path that several list: classification.md 1.4. */
enum imp_manager {
	IMP_MANAGER_DPKG,
	IMP_MANAGER_APK,
	IMP_MANAGER_RPM,
	IMP_MANAGER_CHISEL,
	IMP_MANAGER_CONDA,
	IMP_MANAGER_NPM, /* npm, pnpm, yarn, bun: whatever filled node_modules */
	IMP_MANAGER_PYTHON,
	IMP_MANAGER_COMPOSER,
	IMP_MANAGER_GEM,
	IMP_MANAGER_NUGET,
	IMP_MANAGER_JDK,
	IMP_MANAGER_GO,
	IMP_MANAGER_CARGO,
	IMP_MANAGERS
};
const char *imp_manager_name(enum imp_manager manager); /* "dpkg", "npm", ... */
bool imp_manager_parse(struct imp_slice text, enum imp_manager *out);

/* What the manager's own record says of a package. */
enum imp_package_flag {
	IMP_PACKAGE_ROOT = 1 << 0, /* asked for by a person: manual, world, REQUESTED,
	                                   a direct dependency */
	IMP_PACKAGE_ESSENTIAL = 1 << 1,    /* Essential, Protected, Priority required */
	IMP_PACKAGE_DEV = 1 << 2,          /* needed by development dependencies only */
	IMP_PACKAGE_DEV_OPTIONAL = 1 << 3, /* npm: development or optional */
	IMP_PACKAGE_OPTIONAL = 1 << 4,
	IMP_PACKAGE_PEER = 1 << 5,
	IMP_PACKAGE_EXTRANEOUS = 1 << 6, /* npm: nobody asks for it */
	IMP_PACKAGE_WEAK = 1 << 7,       /* dnf: came as a weak dependency */
	IMP_PACKAGE_VIRTUAL = 1 << 8,    /* apk: a world entry that starts with a dot */
	IMP_PACKAGE_DEBUG_SYMBOLS = 1 << 9, /* dpkg: Auto-Built-Package */
	IMP_PACKAGE_FOREIGN = 1 << 10,      /* its os, cpu or libc is not the image's */
};

/* "dev-optional" of the flag 1 << BIT; NULL behind the last. */
const char *imp_package_flag_name(unsigned bit);

struct imp_package {
	enum imp_manager manager;
	/* Raw bytes, from a stranger. VERSION, SOURCE (package it was built from),
	 * SECTION and ARCHITECTURE may be empty. Names as the manager writes them; Python's
	 * normalised (PEP 503). */
	struct imp_slice name, version, source, section, architecture;
	const char
		*tool; /* "pnpm", "uv", "status.d": which of the manager's ways; or "" */
	const char *purl;  /* pkg:deb/debian/curl@7.88.1?arch=amd64; NULL: none */
	uint32_t database; /* node of the file that says so */
	uint32_t
		home; /* node of the folder that is the package's (NM/x, SP/x.dist-info), or
	                  IMP_NONE */
	unsigned flags; /* enum imp_package_flag */
	uint32_t group; /* packages of one installation (one node_modules tree, one
	                   environment, one system database) have the same */
	/* Live files that it owns, and those that it lists while another owns them */
	struct imp_sum sum;
	uint32_t first_dependency, dependency_count;
	uint32_t
		twin; /* in the catalogue's sense: the runtime package of a -dev one; or NONE */
};

enum imp_dependency_kind {
	IMP_DEPENDENCY_HARD, /* hard: Depends, Pre-Depends, dependencies, Requires-Dist */
	IMP_DEPENDENCY_RECOMMENDS,
	IMP_DEPENDENCY_SUGGESTS,
	IMP_DEPENDENCY_PEER,
};

/* One way in which a requirement is met. A requirement that several installed packages
 * meet (alternatives, providers of a virtual name) is several dependencies with one `choice`. */
struct imp_dependency {
	uint32_t to;     /* package */
	uint32_t choice; /* number of the requirement, distinct in its package */
	uint8_t kind;    /* enum imp_dependency_kind */
};

/* A record that could not be read: a finding says so, the rest of the report is whole. */
struct imp_unreadable {
	enum imp_manager manager;
	struct imp_slice path; /* raw */
	const char *reason;    /* no foreign text */
};

struct imp_also {
	uint32_t record, package;
};

struct imp_packages {
	const struct imp_package *list; /* by manager, name, version, home's path */
	size_t count;
	const struct imp_dependency *dependencies;
	size_t dependency_count;
	/* For each record: the package that owns the live file or hard link; IMP_NONE. A group of
	 * hard links has one owner */
	const uint32_t *owner_of;
	/* Others that list a file, by record, then package */
	const struct imp_also *also;
	size_t also_count;
	/* For each record of type file: the manager itself says that it is documentation (rpm) */
	const bool *is_documentation;
	const struct imp_unreadable *unreadable;
	size_t unreadable_count;
	struct imp_sum unowned; /* live bytes of nobody */
	/* For each manager: whether Recommends and Suggests hold packages (apt's settings inside
	 * the image; others: true) */
	bool recommends_hold[IMP_MANAGERS], suggests_hold[IMP_MANAGERS];
	/* For each group: its records tell who was asked for (extended_states, REQUESTED ...) */
	const bool *knows_roots;
	size_t group_count;
};

struct imp_packages_input {
	const struct imp_tree *tree;
	const struct imp_contents *contents;
	const struct imp_image *image;
	const struct imp_limits *limits;
};

/* OUT and all it holds live in ARENA. */
void imp_packages_read(const struct imp_packages_input *input, struct imp_arena *arena,
		       struct imp_packages *out);
/* The first package of that name, or IMP_NONE. */
uint32_t imp_packages_find(const struct imp_packages *packages, enum imp_manager manager,
			   struct imp_slice name);

/*
 * The sweep of classification.md 2.2 over the packages of one manager: `Keep` is what the
 * roots reach over dependencies that hold. SEEDS are deleted from the graph; a seed that a kept
 * package hard-depends on without another installed way is put back; what is kept without
 * the seeds no longer is freed.
 */
struct imp_sweep {
	const struct imp_packages *packages;
	enum imp_manager manager;
	const bool *seeds; /* for each package */
	/* For each package: runs, or is linked to by what does; NULL: none */
	const bool *roots;
};
struct imp_sweep_result {
	bool *freed;      /* for each package; seeds that go among them */
	uint32_t *holder; /* of a seed put back: who needs it; else IMP_NONE */
	/* Of a freed package that is no seed: the one seed whose own sweep frees it, else the
	 * largest that reaches it (1.4); of a freed seed: itself; else IMP_NONE */
	uint32_t *because;
};
void imp_sweep_run(const struct imp_sweep *sweep, struct imp_arena *arena,
		   struct imp_sweep_result *out);
/* Installed, but no root keeps it; false in groups that do not know their roots. */
void imp_sweep_orphans(const struct imp_packages *packages, enum imp_manager manager,
		       const bool *roots, bool *orphan);
/* Reachable only over Recommends or Suggests. */
void imp_sweep_weak(const struct imp_packages *packages, enum imp_manager manager,
		    const bool *roots, bool *weak);
