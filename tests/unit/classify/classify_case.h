/*
 * An image from a few lines of text, classified, so that a case shows everything at once:
 *
 *	expect(.layers = "layer\nfile var/lib/apt/lists/x 10\n",
 *	       .verdicts = "var/lib/apt/lists/x DEB-LISTS certain\n");
 *
 * The verdicts are of every live file and hard link, in tree order: its finding's id, "-" for
 * none. Invariant 5 is checked each time, by imp_classify itself.
 */
#pragma once

#include "imgprof/classify.h"

#include "case.h"
#include "stack.h"

struct image_case {
	const char *layers; /* as stack.h reads them */
	const char *rules;  /* NULL: the built-in ones */
	/* On top of the rules: how they are added, and their text */
	int (*add)(struct imp_rules *rules, struct imp_slice text, const char *name,
		   struct imp_error *err);
	const char *added;
	const char *workdir;
	const char *environment[8];
	const char *instructions[8]; /* of the layers, base first */
	const char *history[8];      /* as the configuration has it; "-CMD x": no layer */
	const char *given; /* packages and evidence: given.h; NULL: nothing is known */
	size_t base_layers;
	const char *
		passwd; /* content of /etc/passwd, in a layer of its own on top; NULL: none */
	/* In place of what the runtime folder finds: command lines, one a line, words divided by
	 * spaces, the first an absolute path; NULL: its own */
	const char *started;
	const char *
		owned; /* a path that some package lists; NULL: none beyond the readers' */
	const struct imp_slice *entrypoint,
		*command; /* ended by an empty one; NULL: none */
	bool ledger_only;
	const char *verdicts; /* NULL: not compared */
	const char *
		findings; /* "ID files bytes\n" in the order of the list; NULL: not compared */
	const char *
		dropped; /* "RULE:SUBJECT ANCHOR bytes: evidence\n"; NULL: not compared */
};

struct classified {
	struct stack stack;
	struct imp_tree *tree;
	struct imp_contents *contents;
	struct imp_packages packages;
	struct imp_runtime runtime;
	struct imp_image image;
	struct imp_rules *rules;
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	struct imp_findings findings;
};

struct classified *classify_case(const struct image_case *image);
void classified_destroy(struct classified *classified);
IMP_DEFINE_DESTROY(classified);

/* By its id; the case fails when there is none. */
const struct imp_finding *finding_of(const struct classified *classified, const char *id);
/* The finding of the file that PATH shows, or NULL. */
const struct imp_finding *finding_at(const struct classified *classified,
				     const char *path);
/* Its lines, joined by newlines. */
const char *evidence_of(const struct classified *classified, const char *id);
/* Its paths, joined by spaces. */
const char *paths_of(const struct classified *classified, const char *id);

void expect_image(const struct image_case *image, const char *file, int line);
#define expect(...) expect_image(&(struct image_case){__VA_ARGS__}, __FILE__, __LINE__)

/* One rule, X, of one MATCH: certain junk. */
const char *rule_of(const char *match);
#define RULE_ROW(id, match, class, confidence, needs, subject) \
	"rule\t" id "\t" match "\t" class "\t" confidence "\t" needs "\t" subject \
					  "\ttitle of " id "\t-\t-\n"
