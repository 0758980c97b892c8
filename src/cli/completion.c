#include "completion.h"

#include "imgprof/report.h"

static void add_words(const struct imp_command *command, struct imp_strbuf *out)
{
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *option = *group; option->name; option++) {
			if (option->letter)
				imp_strbuf_printf(out, "-%c ", option->letter);
			imp_strbuf_printf(out, "--%s ", option->name);
		}
}

static void add_format_names(struct imp_strbuf *out)
{
	for (const struct imp_format *const *format = imp_formats(); *format; format++)
		imp_strbuf_printf(out, "%s ", (*format)->name);
}

/* Commands other than the default, which needs no word. */
static void add_command_names(struct imp_strbuf *out)
{
	for (const struct imp_command *const *command = imp_commands + 1; *command;
	     command++)
		imp_strbuf_printf(out, "%s ", (*command)->name);
}

static void add_bash_choices(struct imp_strbuf *out)
{
	const struct imp_command *command = imp_commands[0];

	imp_strbuf_add_text(out, "\t-o | --output) choices='");
	add_format_names(out);
	imp_strbuf_add_text(out, "' ;;\n");
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *option = *group; option->name; option++)
			if (option->values)
				imp_strbuf_printf(out, "\t--%s) choices='%s' ;;\n",
						  option->name, option->values);
}

static void add_bash(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "# bash completion of imgprof\n"
				 "_imgprof() {\n"
				 "\tlocal word=${COMP_WORDS[COMP_CWORD]} choices=''\n"
				 "\tlocal before=${COMP_WORDS[COMP_CWORD-1]}\n"
				 "\tcase $before in\n");
	add_bash_choices(out);
	imp_strbuf_add_text(out, "\tesac\n"
				 "\tif [[ -z $choices ]]; then\n"
				 "\t\tcase $word in\n"
				 "\t\t-*) choices='");
	add_words(imp_commands[0], out);
	imp_strbuf_add_text(out, "' ;;\n"
				 "\t\t*) ((COMP_CWORD == 1)) && choices='");
	add_command_names(out);
	imp_strbuf_add_text(
		out, "' ;;\n"
		     "\t\tesac\n"
		     "\tfi\n"
		     "\tmapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$word\")\n"
		     "}\n"
		     "complete -o default -F _imgprof imgprof\n");
}

static void add_zsh_quoted(const char *text, struct imp_strbuf *out)
{
	for (; *text; text++) {
		if (*text == '\'')
			imp_strbuf_add_text(out, "'\\'");
		if (*text == '[' || *text == ']' || *text == ':')
			imp_strbuf_add_char(out, '\\');
		imp_strbuf_add_char(out, *text);
	}
}

static void add_zsh_option(const struct imp_option *option, struct imp_strbuf *out)
{
	imp_strbuf_printf(out, "\t\t'--%s%s[", option->name, option->argument ? "=" : "");
	add_zsh_quoted(option->summary, out);
	imp_strbuf_add_char(out, ']');
	if (option->values)
		imp_strbuf_printf(out, ":value:(%s)", option->values);
	else if (option->argument)
		imp_strbuf_add_text(out, ":value:");
	imp_strbuf_add_text(out, "' \\\n");
}

static void add_zsh(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "#compdef imgprof\n"
				 "_imgprof() {\n"
				 "\t_arguments -s \\\n");
	for (const struct imp_option *const *group = imp_commands[0]->options; *group;
	     group++)
		for (const struct imp_option *option = *group; option->name; option++)
			add_zsh_option(option, out);
	imp_strbuf_add_text(out, "\t\t'1:command or image:(");
	add_command_names(out);
	imp_strbuf_add_text(out, ")' '*:image:_files'\n}\n_imgprof \"$@\"\n");
}

static void add_fish_option(const struct imp_option *option, struct imp_strbuf *out)
{
	imp_strbuf_printf(out, "complete -c imgprof -l %s", option->name);
	if (option->letter)
		imp_strbuf_printf(out, " -s %c", option->letter);
	if (option->argument)
		imp_strbuf_add_text(out, " -r");
	if (option->values)
		imp_strbuf_printf(out, " -a '%s'", option->values);
	imp_strbuf_printf(out, " -d \"%s\"\n", option->summary);
}

static void add_fish(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "complete -c imgprof -n __fish_use_subcommand -a '");
	add_command_names(out);
	imp_strbuf_add_text(out, "'\n");
	for (const struct imp_option *const *group = imp_commands[0]->options; *group;
	     group++)
		for (const struct imp_option *option = *group; option->name; option++)
			add_fish_option(option, out);
}

int imp_completion(struct imp_slice shell, struct imp_strbuf *out, struct imp_error *err)
{
	if (imp_slice_is(shell, "bash"))
		add_bash(out);
	else if (imp_slice_is(shell, "zsh"))
		add_zsh(out);
	else if (imp_slice_is(shell, "fish"))
		add_fish(out);
	else
		return imp_fail(err, IMP_E_USAGE,
				"no completion for '%.*s': bash, zsh or fish",
				(int)shell.len, shell.data);
	return 0;
}
