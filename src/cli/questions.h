/* What the options --why, --without and their kin need beyond the option tables. */
#pragma once

#include "imgprof/classify.h"
#include "imgprof/strbuf.h"
#include "settings.h"

/* IMP_E_USAGE: a term of --without that is no rule and no class, a question that no output
 * answers, evidence without rules to use it. */
int imp_questions_check(const struct imp_settings *settings,
			const struct imp_rules *rules, struct imp_error *err);
/* A file that OPTION names; TEXT->data is not NULL then. */
int imp_question_read_file(const char *option, const char *name, uint64_t most_bytes,
			   struct imp_strbuf *text, struct imp_error *err);
/* The text of --used; TEXT->data is not NULL then. */
int imp_questions_read_used(const struct imp_settings *settings, struct imp_strbuf *text,
			    struct imp_error *err);
