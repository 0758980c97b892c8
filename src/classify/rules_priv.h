/* The rules file in memory: its rows, and the terms of their patterns, compiled. */
#pragma once

#include "imgprof/classify.h"
#include "imgprof/strbuf.h"

#include "names_priv.h"
#include "pattern_priv.h"
#include "steps_priv.h"

/* The names of a condition may be paths, with "*" in the last component where it says globs. */
enum imp_condition_kind {
	IMP_CONDITION_HAS,           /* the folder has all of these below it */
	IMP_CONDITION_HOLDS,         /* some file below has one of these names (globs) */
	IMP_CONDITION_LACKS,         /* none of these stands beside it */
	IMP_CONDITION_BESIDE,        /* one of these does (globs) */
	IMP_CONDITION_INSIDE,        /* a folder around it holds one of these (globs) */
	IMP_CONDITION_OUTSIDE,       /* none does */
	IMP_CONDITION_EXISTS,        /* the image has one of these paths */
	IMP_CONDITION_PACKAGE,       /* the package around it has one of these (globs) */
	IMP_CONDITION_PACKAGE_HOLDS, /* a file somewhere in that package (globs) */
	IMP_CONDITION_SOURCE,        /* of a .pyc: its .py is there */
	IMP_CONDITION_TWIN, /* the same name with one of these endings stands beside it */
	IMP_CONDITION_SINGLE, /* none of those does */
	IMP_CONDITION_STEM, /* as TWIN, with anything in between: x.c, x.cpython-311.so */
	IMP_CONDITION_COPY_IN, /* the same path and content in one of these folders above */
	IMP_CONDITION_UNPACKED, /* of an archive: its folder is there */
	IMP_CONDITION_FOREIGN, /* named after a language that the image does not ask for */
	IMP_CONDITION_ALIEN, /* named after a system, CPU or libc other than the image's */
	IMP_CONDITION_NONEMPTY,        /* of a file */
	IMP_CONDITION_OVER,            /* of a file: larger than */
	IMP_CONDITION_UNDER,           /* of a file: smaller than */
	IMP_CONDITION_KIND,            /* of a file: what its content is */
	IMP_CONDITION_OWNED,           /* of a file: a package manager lists it */
	IMP_CONDITION_UNSET,           /* none of these variables is set */
	IMP_CONDITION_NAMED_ELSEWHERE, /* a variable names a browser outside of the folder */
	IMP_CONDITION_STARTS,          /* one of these is started */
	IMP_CONDITION_IDLE,            /* none of these is */
	IMP_CONDITION_UNIMPORTED, /* of a folder: what runs imports no file below it */
};

struct imp_condition {
	enum imp_condition_kind kind;
	struct imp_texts names;
	uint64_t number; /* bytes; bits of content kinds */
};

/* Finds what no pattern can (finders.c); ARGUMENT as in "code:NAME=ARGUMENT". */
struct imp_survey;
struct imp_finder {
	const char *name;
	void (*find)(struct imp_survey *survey, uint32_t term, uint64_t argument);
};
const struct imp_finder *imp_finder_by_name(struct imp_slice name);

/* What a term asks of package managers: those whose name is one of the globs and that meet all
 * conditions; or, of files, those that a manager itself marks. */
struct imp_package_term {
	enum imp_manager manager;
	bool of_files;
	struct imp_texts globs;    /* with NULs for "*" */
	struct imp_texts sections; /* any of; none: all */
	struct imp_texts tools;    /* which of the manager's ways; likewise */
	unsigned flags;            /* any of enum imp_package_flag; 0: all */
	uint64_t over_bytes;
	bool orphan, weakly, twin, documentation;
};

/* Bytes inside of files: the term is of a partial finding. */
enum imp_part {
	IMP_PART_NONE,
	IMP_PART_SYMBOLS, /* of what is neither Go nor Rust */
	IMP_PART_GO_SYMBOLS,
	IMP_PART_RUST_SYMBOLS,
	IMP_PART_FATBIN,
	IMP_PARTS
};

struct imp_term {
	uint32_t row;
	bool except;                    /* takes away from its rule */
	enum imp_confidence confidence; /* the row's, or lower */
	const char *text;               /* the pattern as it is written */
	struct imp_condition *conditions;
	size_t condition_count, condition_capacity;
	const struct imp_finder *finder; /* NULL: none */
	uint64_t argument;
	struct imp_package_term *package; /* NULL: none */
	enum imp_part part;
};

struct imp_row {
	struct imp_rule text;
	bool guard;
	enum imp_fate fate; /* of a row of the ledger; else IMP_FATE_LIVE */
	enum imp_class class;
	uint32_t guarded; /* bits of the classes that a guard holds back */
	enum imp_confidence confidence;
	enum imp_subject subject;
	uint32_t unless, absent; /* bits of enum imp_anchor */
	/* A-NODE counts only when one of these programs is started, divided by commas; empty:
	 * always */
	struct imp_slice with;
	bool sweep;  /* packages are seeds: what only they need is counted with them */
	bool config; /* found in the image's configuration (secrets.c) */
	bool dead;   /* secrets that a later layer hid */
	const char
		*fix_otherwise; /* where no COPY or ADD wrote the bytes; NULL: fix_kind */
	size_t line;
	/* The user's: why its findings are not wanted, "ignored by FILE: REASON"; NULL */
	const char *ignored;
	bool ignores; /* only a place for such patterns: it finds nothing itself */
};

struct imp_fix {
	const char *key, *text;
};

struct imp_rules {
	struct imp_arena *arena;
	struct imp_row *rows;
	size_t row_count, row_capacity;
	struct imp_term *terms;
	size_t term_count, term_capacity;
	struct imp_fix *fixes;
	size_t fix_count, fix_capacity;
	struct imp_map ids; /* of rows and fixes: their lines */
	struct imp_steps steps;
	bool ignores_paths;
	char version[16];
};

/* rules.c: the text behind "KIND-PACKAGES" where the PACKAGES are known that brought the bytes and
 * there is one, else that behind KIND. NULL when unknown. */
const char *imp_fix_text_for(const struct imp_rules *rules, const char *fix_kind,
			     bool packages);

/* condition_parse.c: "has=a,b" of a term. */
int imp_condition_parse(struct imp_slice text, struct imp_arena *arena,
			struct imp_condition *out, struct imp_error *err);
/* What the condition says in words: ", and has a, b"; empty for what needs none. */
void imp_condition_describe(const struct imp_condition *condition,
			    struct imp_strbuf *out);

/* load.c: one line of a rules file, without a place in front of what is wrong with it. */
int imp_rules_add_line(struct imp_rules *rules, struct imp_slice line, const char *name,
		       struct imp_error *err);

/* Whether every fix that rules name is there; takes TEXT into the version. */
int imp_rules_check(struct imp_rules *rules, struct imp_slice text, const char *name,
		    struct imp_error *err);

/* user_rules.c: what users say about rules that are there. Errors are IMP_E_USAGE. */
int imp_rules_set_confidence(struct imp_rules *rules, struct imp_slice id,
			     struct imp_slice level, struct imp_error *err);
/* WHAT is an id, or a pattern. */
int imp_rules_ignore(struct imp_rules *rules, struct imp_slice what,
		     struct imp_slice reason, const char *name, struct imp_error *err);
/* Hints at a rule whose id is near to ID. */
int imp_hint_rule(const struct imp_rules *rules, struct imp_slice id,
		  struct imp_error *err);

/* term.c: one term of the MATCH column of the last row, added to RULES. */
int imp_term_add(struct imp_rules *rules, struct imp_slice text, struct imp_error *err);

/* package_term.c: "pkg:MANAGER:NAME" or "files:MANAGER", without what stands behind. */
int imp_package_term_parse(struct imp_slice text, struct imp_package_term *out,
			   struct imp_arena *arena, struct imp_error *err);
int imp_package_condition_add(struct imp_package_term *term, struct imp_slice text,
			      struct imp_arena *arena, struct imp_error *err);
void imp_package_term_finish(struct imp_package_term *term); /* NULL allowed */

/* The row of the ledger for FATE, or NULL. */
const struct imp_row *imp_rules_ledger_row(const struct imp_rules *rules,
					   enum imp_fate fate);
