/* What findings say: titles, evidence and fixes, with the image's own names filled in. Foreign
 * text is escaped for a terminal on its way in. */
#pragma once

#include "imgprof/classify.h"
#include "imgprof/escape.h"
#include "imgprof/strbuf.h"

/* The {placeholders} of titles and fix texts. */
enum imp_word {
	IMP_WORD_FILES,       /* "14 files" */
	IMP_WORD_WRITER,      /* "layer 2": that wrote most of the bytes */
	IMP_WORD_HIDER,       /* "layer 7" */
	IMP_WORD_PLACE,       /* the largest path, and how many more */
	IMP_WORD_SUBJECT,     /* as a path */
	IMP_WORD_IN,          /* " in SUBJECT", or nothing */
	IMP_WORD_PATH,        /* the largest path */
	IMP_WORD_PATHS,       /* some of the paths */
	IMP_WORD_IGNORE,      /* lines for .dockerignore */
	IMP_WORD_COPYFLAGS,   /* "--chown=1000:1000" */
	IMP_WORD_METACOMMAND, /* "`chown -R 1000:1000 /code`" */
	IMP_WORD_FINDTESTS,   /* a command that deletes test suites of Python packages */
	IMP_WORD_KEPT,        /* the copy that stays */
	IMP_WORD_INSTRUCTION, /* "`RUN apt-get install gcc` (layer 2)", or "the RUN of layer 2" */
	IMP_WORD_INSTALL,     /* what installs the seeds alone, or as INSTRUCTION */
	IMP_WORD_PROJECT,     /* the project's folder, "/app" when none is known */
	IMP_WORD_BYTES,       /* "381 MB" */
	IMP_WORD_PACKAGE,     /* the subject: "gcc" */
	IMP_WORD_PACKAGES,    /* "15 packages" */
	IMP_WORD_MORE,        /* " with 14 more packages", or nothing */
	IMP_WORD_OF,          /* "701 of 703 packages" of the installation */
	IMP_WORD_SEEDS,       /* packages that brought the others */
	IMP_WORD_TWIN,        /* the package that is enough when it runs */
	IMP_WORD_PRUNE,       /* a command that deletes the files */
	IMP_WORD_ENVIRONMENT, /* the folder into which pip installed */
	IMP_WORDS
};

struct imp_words {
	const char *values[IMP_WORDS]; /* NULL: nothing is put in */
};

/* TEXT with its placeholders replaced. */
void imp_words_fill(struct imp_strbuf *out, const char *text,
		    const struct imp_words *words);
/* TITLE of a rule without what one image puts in: "compiler and build tools". May be empty. */
const char *imp_rule_title(struct imp_arena *arena, const char *title);
/* The first placeholder of TEXT that there is not; data NULL when all are known. */
struct imp_slice imp_placeholder_unknown(struct imp_slice text);

bool imp_placeholder_in(const char *text, enum imp_word word);

/* A package's name, in ARENA. */
const char *imp_package_text(struct imp_arena *arena, const struct imp_packages *packages,
			     uint32_t package);

/* A path of the tree with its leading slash. */
void imp_word_path(struct imp_strbuf *out, struct imp_slice path);
/* The same for a shell: quoted where needed. */
void imp_word_shell_path(struct imp_strbuf *out, struct imp_slice path);
void imp_word_files(struct imp_strbuf *out, uint64_t files);
/* "`RUN apt-get update` (layer 2)", for the text of a fix; of a long one no part, which nobody could
 * use, but "the RUN of layer 2". */
void imp_word_quoted_instruction(struct imp_strbuf *out, const struct imp_image *image,
				 uint16_t layer);
/* "layer 2 (RUN apt-get update)": the instruction is cut when it is long. */
void imp_word_instruction(struct imp_strbuf *out, const struct imp_image *image,
			  uint16_t layer);
