/* imgprof help, completion and version. */
#include <string.h>

#include "build_info.h"
#include "command.h"
#include "completion.h"
#include "imgprof/cleanup.h"
#include "imgprof/decode.h"
#include "imgprof/profile.h"
#include "outputs.h"

static void list_limits(struct imp_strbuf *out)
{
	const char *name;
	uint64_t value;

	imp_strbuf_add_text(out,
			    "Limits on hostile input, changed with --limit NAME=N:\n\n");
	for (size_t i = 0; imp_limits_get(&imp_limits_default, i, &name, &value); i++)
		imp_strbuf_printf(out, "  %-26s%llu\n", name, (unsigned long long)value);
}

static int help(const struct imp_context *context, struct imp_settings *settings,
		struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	const char *topic = settings->argument_count ? settings->arguments[0] : "profile";
	const struct imp_command *command = imp_command_find(topic);

	(void)context;
	if (command)
		imp_help_command(command, &out);
	else if (strcmp(topic, "limits") == 0)
		list_limits(&out);
	else
		return imp_fail(err, IMP_E_USAGE, "no help on '%s'", topic);
	return imp_output_text(imp_strbuf_slice(&out), err);
}

static int completion(const struct imp_context *context, struct imp_settings *settings,
		      struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	const char *shell = settings->argument_count ? settings->arguments[0] : "";
	int rc = imp_completion(imp_slice_of(shell), &out, err);

	(void)context;
	return rc < 0 ? rc : imp_output_text(imp_strbuf_slice(&out), err);
}

static int version(const struct imp_context *context, struct imp_settings *settings,
		   struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	(void)context, (void)settings;
	imp_strbuf_printf(&out, "imgprof %s (%s, inflate: %s, profile version %d)\n",
			  imp_version(), imp_features(), imp_inflate_engine(),
			  IMP_PROFILE_VERSION);
	return imp_output_text(imp_strbuf_slice(&out), err);
}

static const struct imp_option *const options[] = {imp_common_options, NULL};

const struct imp_command imp_command_help = {
	.name = "help",
	.summary = "help on a command, or on limits",
	.usage = "help [COMMAND | limits]",
	.text = "Prints the help of a command, or the limits that --limit changes.",
	.options = options,
	.run = help,
};

const struct imp_command imp_command_completion = {
	.name = "completion",
	.summary = "shell completion: bash, zsh or fish",
	.usage = "completion bash | zsh | fish",
	.text = "Prints the completion script of a shell, made from the option tables.",
	.examples = "  imgprof completion bash > /etc/bash_completion.d/imgprof",
	.options = options,
	.run = completion,
};

const struct imp_command imp_command_version = {
	.name = "version",
	.summary = "version and features of this build",
	.usage = "version",
	.text = "Prints the version and what this build was made with.",
	.options = options,
	.run = version,
};
