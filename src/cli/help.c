#include "command.h"

#include <string.h>

#include "imgprof/report.h"

enum { OPTION_COLUMN = 27, HELP_WIDTH = 79 };

/* "  -o, --output FORMAT[=FILE]", then the summary at a fixed column or on the next line. */
static void add_option(const struct imp_option *option, struct imp_strbuf *out)
{
	size_t start = out->len;

	if (option->letter)
		imp_strbuf_printf(out, "  -%c, --%s", option->letter, option->name);
	else
		imp_strbuf_printf(out, "      --%s", option->name);
	if (option->argument)
		imp_strbuf_printf(out, " %s", option->argument);
	if (out->len - start >= OPTION_COLUMN) {
		imp_strbuf_add_char(out, '\n');
		start = out->len;
	}
	imp_strbuf_printf(out, "%*s%s\n", (int)(OPTION_COLUMN - (out->len - start)), "",
			  option->summary);
}

static void add_options(const struct imp_command *command, struct imp_strbuf *out)
{
	const char *group_name = "";

	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *option = *group; option->name; option++) {
			if (strcmp(option->group, group_name) != 0)
				imp_strbuf_printf(out, "\n%s:\n", option->group);
			group_name = option->group;
			add_option(option, out);
		}
}

static void add_commands(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "\nCommands:\n");
	for (const struct imp_command *const *command = imp_commands; *command; command++)
		imp_strbuf_printf(out, "  %-13s%s\n", (*command)->name,
				  (*command)->summary);
}

static void add_formats(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "\nFormats:\n");
	for (const struct imp_format *const *format = imp_formats(); *format; format++)
		imp_strbuf_printf(out, "  %-13s%s\n", (*format)->name,
				  (*format)->summary);
}

static void add_statuses(struct imp_strbuf *out)
{
	imp_strbuf_add_text(
		out,
		"\nExit status:\n"
		"  0  done             3  no such image, or no access   6  this machine\n"
		"  1  budget broken    4  registry or network          70  a bug\n"
		"  2  wrong usage      5  damaged, or incomplete       128+n  by signal\n");
}

void imp_help_command(const struct imp_command *command, struct imp_strbuf *out)
{
	bool is_default = command == imp_commands[0];

	imp_strbuf_printf(out, "Usage: imgprof %s\n\n%s\n", command->usage,
			  command->text);
	if (command->examples)
		imp_strbuf_printf(out, "\nExamples:\n%s\n", command->examples);
	add_options(command, out);
	if (is_default) {
		add_formats(out);
		add_commands(out);
	}
	add_statuses(out);
}

void imp_help_short(struct imp_strbuf *out)
{
	imp_strbuf_add_text(
		out,
		"imgprof tells where the megabytes of a container image come from,\n"
		"which of them can go, and what to change so that they go.\n"
		"\n"
		"  imgprof ghcr.io/x/web:latest       an image in a registry\n"
		"  docker save x | imgprof -          an image from docker\n"
		"  imgprof x.tar -o tree --depth 3    its largest folders\n"
		"\n"
		"imgprof --help lists the options, man imgprof explains the words.\n");
}
