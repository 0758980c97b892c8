#include "command.h"

#include <string.h>

#include "imgprof/near.h"

static const struct imp_option *find_long(const struct imp_command *command,
					  struct imp_slice name)
{
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *option = *group; option->name; option++)
			if (imp_slice_is(name, option->name))
				return option;
	return NULL;
}

static const struct imp_option *find_letter(const struct imp_command *command,
					    char letter)
{
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *option = *group; option->name; option++)
			if (option->letter == letter)
				return option;
	return NULL;
}

/* Whether ARGUMENT is an option whose value is the next word. */
static bool takes_next_word(const struct imp_command *command, const char *argument)
{
	if (argument[1] == '-') {
		struct imp_slice value = imp_slice_of(argument + 2);
		const struct imp_option *option =
			find_long(command, imp_slice_cut(&value, '='));
		return option && option->argument && !value.data;
	}
	for (const char *letter = argument + 1; *letter; letter++) {
		const struct imp_option *option = find_letter(command, *letter);
		if (option && option->argument)
			return !letter[1];
	}
	return false;
}

int imp_options_skip(int argc, char **argv)
{
	int i = 0;

	while (i < argc && argv[i][0] == '-' && argv[i][1] &&
	       strcmp(argv[i], "--") != 0) {
		bool next = false;
		for (const struct imp_command *const *command = imp_commands; *command;
		     command++)
			next = next || takes_next_word(*command, argv[i]);
		i += next ? 2 : 1;
	}
	return i < argc ? i : argc;
}

static int unknown_option(const struct imp_command *command, const char *argument,
			  struct imp_error *err)
{
	struct imp_slice value = imp_slice_skip(imp_slice_of(argument), 2);
	struct imp_slice name = imp_slice_cut(&value, '=');
	const char *nearest = NULL;
	size_t best = 3;

	imp_fail(err, IMP_E_USAGE, "no option '%s'", argument);
	if (argument[1] == '-')
		for (const struct imp_option *const *group = command->options; *group;
		     group++)
			for (const struct imp_option *option = *group; option->name;
			     option++) {
				size_t d = imp_edit_distance(name, option->name);
				if (d < best) {
					best = d;
					nearest = option->name;
				}
			}
	if (nearest)
		return imp_hint(err, "did you mean --%s?", nearest);
	if (command == imp_commands[0])
		return imp_hint(err, "try imgprof --help");
	return imp_hint(err, "try imgprof %s --help", command->name);
}

static int apply(const struct imp_option *option, struct imp_settings *settings,
		 const char *value, struct imp_error *err)
{
	int rc = option->apply(settings, value, err);

	return rc < 0 ? imp_wrap(err, "option --%s", option->name) : 0;
}

static int parse_long(const struct imp_command *command, char **argv, int argc, int *i,
		      struct imp_settings *settings, struct imp_error *err)
{
	struct imp_slice value = imp_slice_of(argv[*i] + 2);
	struct imp_slice name = imp_slice_cut(&value, '=');
	const struct imp_option *option = find_long(command, name);

	if (!option)
		return unknown_option(command, argv[*i], err);
	if (!option->argument && value.data)
		return imp_fail(err, IMP_E_USAGE, "option --%s takes no value",
				option->name);
	if (option->argument && !value.data) {
		if (*i + 1 >= argc)
			return imp_fail(err, IMP_E_USAGE, "option --%s needs %s",
					option->name, option->argument);
		value.data = argv[++*i];
	}
	return apply(option, settings, value.data, err);
}

static int parse_letters(const struct imp_command *command, char **argv, int argc, int *i,
			 struct imp_settings *settings, struct imp_error *err)
{
	const char *argument = argv[*i];

	for (const char *letter = argument + 1; *letter; letter++) {
		const struct imp_option *option = find_letter(command, *letter);
		if (!option)
			return unknown_option(command, argument, err);
		if (option->argument) {
			const char *value = letter[1] ? letter + 1 : NULL;
			if (!value && *i + 1 >= argc)
				return imp_fail(err, IMP_E_USAGE, "option -%c needs %s",
						option->letter, option->argument);
			return apply(option, settings, value ? value : argv[++*i], err);
		}
		int rc = apply(option, settings, NULL, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int apply_environment(const struct imp_command *command,
			     const struct imp_context *context,
			     struct imp_settings *settings, struct imp_error *err)
{
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *option = *group; option->name; option++) {
			const char *value =
				option->variable
					? imp_context_env(context, option->variable)
					: NULL;
			if (value && option->apply(settings, value, err) < 0)
				return imp_wrap(err, "%s in the environment",
						option->variable);
		}
	return 0;
}

int imp_options_parse(const struct imp_command *command,
		      const struct imp_context *context, int argc, char **argv,
		      struct imp_settings *settings, struct imp_error *err)
{
	bool options_over = false;
	int rc = apply_environment(command, context, settings, err);

	for (int i = 0; rc == 0 && i < argc; i++) {
		const char *argument = argv[i];
		if (!options_over && strcmp(argument, "--") == 0)
			options_over = true;
		else if (!options_over && strncmp(argument, "--", 2) == 0)
			rc = parse_long(command, argv, argc, &i, settings, err);
		else if (!options_over && argument[0] == '-' && argument[1])
			rc = parse_letters(command, argv, argc, &i, settings, err);
		else if (settings->argument_count == IMP_MAX_ARGUMENTS)
			rc = imp_fail(err, IMP_E_USAGE, "more than %d arguments",
				      IMP_MAX_ARGUMENTS);
		else
			settings->arguments[settings->argument_count++] = argument;
	}
	return rc;
}
