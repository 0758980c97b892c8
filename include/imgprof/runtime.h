/*
 * What the image runs: the command chain from its configuration, the programs, libraries and
 * language packages that it reaches, and the anchors that follow
 * (reference/classification.md 1.3 and 5). Evidence to keep files, to lower a verdict and
 * to explain; never proof that something is unused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/contents.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/package.h"
#include "imgprof/slice.h"
#include "imgprof/tree.h"

/* classification.md 1.3. A-BASE is no state of the image: see imp_finding.in_base. */
enum imp_anchor {
	IMP_ANCHOR_NODE,
	IMP_ANCHOR_NODEAUX,
	IMP_ANCHOR_CC,
	IMP_ANCHOR_PYH,
	IMP_ANCHOR_CUDA,
	IMP_ANCHOR_CHROME,
	IMP_ANCHOR_DRIVER,
	IMP_ANCHOR_JDK,
	IMP_ANCHOR_GIT,
	IMP_ANCHOR_INSTALL,
	IMP_ANCHOR_LDTOOLS,
	IMP_ANCHOR_DEV,
	IMP_ANCHOR_L10N,
	IMP_ANCHOR_PROF,
	/* Beside those of 1.3, from column "flips" of section 3 */
	IMP_ANCHOR_PERL,   /* scripts of Perl that no package owns */
	IMP_ANCHOR_WINDOW, /* programs that open windows */
	IMP_ANCHOR_SERVED, /* files of node_modules are served as they are; never present,
			      unknown where something names the folder */
	IMP_ANCHORS
};
const char *imp_anchor_name(enum imp_anchor anchor); /* "A-NODE" */
bool imp_anchor_parse(struct imp_slice text, enum imp_anchor *out);

enum imp_anchor_state {
	IMP_ANCHOR_ABSENT,
	IMP_ANCHOR_PRESENT,
	IMP_ANCHOR_UNKNOWN, /* what is started or configured does not tell */
};

const char *imp_anchor_state_name(enum imp_anchor_state state); /* "present" */

struct imp_anchor_fact {
	enum imp_anchor_state state;
	/* Why it is present, or what could not be read: one line, escaped for a terminal; NULL
	 * when absent */
	const char *evidence;
};

/* One thing that is started. */
struct imp_started {
	const char *origin; /* "ENTRYPOINT", "HEALTHCHECK", "/app/Procfile", "--run" */
	const struct imp_slice *argv; /* wrappers and `sh -c` peeled off */
	size_t argc;
	uint32_t
		program; /* node of the file that argv[0] ends at, symlinks followed; NONE */
	uint32_t script; /* node of the script or source file an interpreter runs; NONE */
	uint32_t
		parent; /* the command whose script names this one; IMP_NONE: started first */
	bool certain; /* started for sure, not merely named in a script */
};

enum imp_reach {
	IMP_REACH_RUN = 1,    /* in the command chain: programs, scripts, interpreters */
	IMP_REACH_LINK = 2,   /* ELF closure of those and of extension modules */
	IMP_REACH_IMPORT = 4, /* Python's, imported from a folder of tests or examples */
};

struct imp_runtime {
	struct imp_anchor_fact anchors[IMP_ANCHORS];
	const struct imp_started *started;
	size_t started_count;
	/* All that is started could be read and followed. */
	bool readable;
	const char *unreadable_reason; /* escaped; NULL */
	/* For each record of type file: enum imp_reach bits. */
	const uint8_t *reached;
	/* For each record: the record that reaches it (who runs, links or loads it), or NONE. */
	const uint32_t *reached_from;
	/* For each package of any manager: something started reaches it (1.3: package-level, one
	 * reached file keeps its package), and one line that says how; NULL. */
	const bool *package_reached;
	const char *const *package_reason;
	/* For each package: a root of the sweep (2.2): owns part of the command chain, or a
	 * library that an ELF file of no swept manager needs. */
	const bool *package_root;
	/* Languages that the project's settings name ("de", "pt-br"), each once. */
	const struct imp_slice *languages;
	size_t language_count;
	/* --used: for each record of type file; NULL without. */
	const bool *opened;
	uint64_t opened_files; /* paths of the list that the image has */
};

/* The orchestrator's real commands and what a tracer saw. Zeroed: the image's own. */
struct imp_runtime_options {
	const struct imp_slice
		*runs; /* --run, each one shell line; replaces the image's own */
	size_t run_count;
	struct imp_slice used; /* --used: one opened path a line; data NULL: not given */
};

struct imp_runtime_input {
	const struct imp_tree *tree;
	const struct imp_contents *contents;
	const struct imp_image *image;
	const struct imp_packages *packages;
	const struct imp_runtime_options *options;
};

/* Cannot fail on input. OUT and all it holds live in ARENA. */
void imp_runtime_read(const struct imp_runtime_input *input, struct imp_arena *arena,
		      struct imp_runtime *out);
