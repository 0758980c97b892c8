/*
 * Commands and options as tables: parsing, help, completion and the man page's synopsis
 * all come from them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/strbuf.h"
#include "settings.h"

struct imp_option {
	const char *name;     /* without the dashes */
	char letter;          /* short form, or 0 */
	const char *argument; /* its name in the help; NULL: takes none */
	const char *summary;
	const char *group;  /* heading in the help */
	const char *values; /* fixed choices, separated by spaces; NULL: any */
	const char
		*variable; /* environment variable that gives its default; NULL: none */
	int (*apply)(struct imp_settings *settings, const char *value,
		     struct imp_error *err);
};

struct imp_command {
	const char *name;
	const char *summary;
	const char *usage; /* behind "imgprof " */
	const char *text;  /* what it does, ends without newline */
	const char *examples;
	const struct imp_option *const *
		/* Groups of options, each ended by a zeroed one; ends with NULL */
		options;
	int (*run)(const struct imp_context *context, struct imp_settings *settings,
		   struct imp_error *err);
};

/* All, in the order of the help; ends with NULL. The first is the default command. */
extern const struct imp_command *const imp_commands[];

/* Words that design.md reserves for commands of later releases; ends with NULL. */
extern const char *const imp_reserved_commands[];

const struct imp_command *imp_command_find(const char *name);

/* Options may stand anywhere; `--` ends them; the rest goes to settings->arguments.
 * Values from the environment are applied first. IMP_E_USAGE names the option and
 * suggests a near one. */
int imp_options_parse(const struct imp_command *command,
		      const struct imp_context *context, int argc, char **argv,
		      struct imp_settings *settings, struct imp_error *err);

/* How many words at the start are options, of any command, and their values. An option of
 * one name takes a value in all commands or in none. */
int imp_options_skip(int argc, char **argv);

/* Full help of a command, at most 80 columns. */
void imp_help_command(const struct imp_command *command, struct imp_strbuf *out);
/* What `imgprof` alone says. */
void imp_help_short(struct imp_strbuf *out);

extern const struct imp_option imp_output_options[];
/* The ones of these that any list has. */
extern const struct imp_option imp_list_options[];
/* What a page has beside them. */
extern const struct imp_option imp_page_options[];
/* The ones of imp_image_options that any request has. */
extern const struct imp_option imp_request_options[];
extern const struct imp_option imp_question_options[];
extern const struct imp_option imp_evidence_options[];
extern const struct imp_option imp_image_options[];
extern const struct imp_option imp_rules_options[];
extern const struct imp_option imp_test_options[];
extern const struct imp_option imp_run_options[];
/* The ones of these that reading a stored report has. */
extern const struct imp_option imp_limit_options[];
extern const struct imp_option imp_cache_options[];
extern const struct imp_option imp_comment_options[];
extern const struct imp_option imp_gate_options[];
extern const struct imp_option imp_cost_options[];
/* What stored cost reports can be asked, too. */
extern const struct imp_option imp_digests_options[];
extern const struct imp_option imp_common_options[];

extern const struct imp_command imp_command_profile;
extern const struct imp_command imp_command_diff;
extern const struct imp_command imp_command_check;
extern const struct imp_command imp_command_budget;
extern const struct imp_command imp_command_cost;
extern const struct imp_command imp_command_blame;
extern const struct imp_command imp_command_share;
extern const struct imp_command imp_command_render;
extern const struct imp_command imp_command_cache;
extern const struct imp_command imp_command_rules;
extern const struct imp_command imp_command_completion;
extern const struct imp_command imp_command_version;
extern const struct imp_command imp_command_help;
