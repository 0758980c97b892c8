/* From drafts to the findings that are handed out. */
#pragma once

#include "drafts_priv.h"
#include "words_priv.h"

/* Packages by the draft that they are in, largest first: of draft d those in order from
 * starts[d] up to starts[d + 1]. */
struct imp_draft_packages {
	uint32_t *order;
	size_t *starts;
};

/* What describing needs beside the draft. SURVEY is NULL without rules. */
struct imp_describer {
	const struct imp_classify_input *input;
	const struct imp_survey *survey;
	const struct imp_drafts *drafts;
	struct imp_draft_packages members;
	struct imp_arena *arena;
	size_t base_layers;
	size_t path_bytes; /* of the paths listed so far */
};

/* base.c: how many layers are the base image's, 0: none is known. GIVEN goes before a guess. */
size_t imp_base_layers(const struct imp_image *image, size_t given);

/* draft_packages.c */
void imp_draft_packages_sort(struct imp_draft_packages *members,
			     const struct imp_survey *survey,
			     const struct imp_drafts *drafts);
void imp_draft_packages_finish(struct imp_draft_packages *members);
const uint32_t *imp_draft_packages_of(const struct imp_describer *describer,
				      const struct imp_draft *draft, size_t *count);
void imp_describe_package_words(const struct imp_describer *describer,
				const struct imp_draft *draft, struct imp_words *words);
void imp_note_packages(const struct imp_describer *describer, struct imp_draft *draft);

/* repeats.c: "several copies: lighthouse 3 times 57.8 MB", or nothing. */
void imp_add_repeats(const struct imp_describer *describer, const uint32_t *members,
		     size_t count, struct imp_strbuf *out);

/* dropped.c: what evidence took back, sorted. */
void imp_list_dropped(struct imp_describer *describer, const struct imp_drafts *dropped,
		      struct imp_findings *out);
/* describe.c: the subject of a draft, raw. */
struct imp_slice imp_draft_subject(const struct imp_describer *describer,
				   const struct imp_draft *draft);

/* describe.c: everything of a finding, from its draft. */
void imp_describe(struct imp_describer *describer, struct imp_draft *draft,
		  struct imp_finding *out);

/* evidence.c */
void imp_describe_evidence(const struct imp_describer *describer,
			   const struct imp_draft *draft, struct imp_finding *out);

/* leads.c: packages that somebody asked for, and that brought a finding's bytes. */
enum { IMP_LEADS = 24 };
struct imp_leads {
	uint32_t list[IMP_LEADS];
	size_t count; /* 0: not known, or something of it stays all the same */
	bool more;    /* than are listed */
	bool owned;   /* all bytes are of packages of dpkg, apk or rpm */
};
void imp_leads_find(const struct imp_describer *describer, const struct imp_draft *draft,
		    struct imp_leads *leads);
/* "gcc python3-dev", for a command line when there are few. */
const char *imp_leads_text(const struct imp_describer *describer,
			   const struct imp_leads *leads);
/* "`RUN apk add --no-cache gcc`"; NULL when no system's manager has them, or they are many. */
const char *imp_leads_install(const struct imp_describer *describer,
			      const struct imp_leads *leads);

/* fix.c: fix_kind and fix_text; the paths of OUT are there already. WORDS is completed. */
void imp_describe_fix(const struct imp_describer *describer,
		      const struct imp_draft *draft, struct imp_words *words,
		      struct imp_finding *out);

/* reshipped.c: every change that a file of DRAFT had, as bits of enum imp_change; and the words that
 * a fix for it needs. */
unsigned imp_draft_changes(const struct imp_draft *draft);
void imp_describe_change(const struct imp_describer *describer,
			 const struct imp_draft *draft, struct imp_words *words);

/* ignore.c: lines for .dockerignore, for paths below the project. */
const char *imp_ignore_lines(const struct imp_describer *describer,
			     const struct imp_finding *finding);

/* prune.c: a command that deletes the files of DRAFT and no others; the paths of FINDING are there. */
const char *imp_prune_command(const struct imp_describer *describer,
			      const struct imp_draft *draft,
			      const struct imp_finding *finding);

/* environment.c: where pip installed, for a command line; "/opt/venv" when nothing tells. */
const char *imp_environment_word(const struct imp_describer *describer);

/* The layer that wrote most of a draft's bytes, once imp_describe has sorted its shares. */
uint16_t imp_draft_writer(const struct imp_draft *draft);
/* Whether a COPY or ADD made the layer. */
bool imp_layer_is_copied(const struct imp_image *image, uint16_t layer);
