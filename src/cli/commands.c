#include "command.h"

#include <string.h>

const struct imp_command *const imp_commands[] = {
	&imp_command_profile,    &imp_command_diff,
	&imp_command_check,      &imp_command_budget,
	&imp_command_share,      &imp_command_cost,
	&imp_command_blame,      &imp_command_render,
	&imp_command_cache,      &imp_command_rules,
	&imp_command_completion, &imp_command_version,
	&imp_command_help,       NULL,
};

const char *const imp_reserved_commands[] = {
	"scan",
	"explore",
	"config",
	NULL,
};

const struct imp_command *imp_command_find(const char *name)
{
	for (const struct imp_command *const *command = imp_commands; *command; command++)
		if (strcmp((*command)->name, name) == 0)
			return *command;
	return NULL;
}
