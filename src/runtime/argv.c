/* classification.md 5.1: argv = ENTRYPOINT + CMD, and HEALTHCHECK's test; or --run. */
#include "trail.h"

static struct imp_command first_command(const struct imp_trail *trail, const char *origin)
{
	return (struct imp_command){
		.origin = origin,
		.folder = trail->workdir,
		.bin = IMP_NONE,
		.parent = IMP_NONE,
		.by = IMP_NONE,
		.certain = true,
	};
}

static void start_entrypoint(struct imp_trail *trail)
{
	const struct imp_config *config = &trail->input->image->config;
	size_t argc = config->entrypoint_count + config->command_count;
	imp_auto_free struct imp_slice *argv = imp_xcalloc(argc + 1, sizeof(*argv));
	struct imp_command command =
		first_command(trail, config->entrypoint_count > 0 ? "ENTRYPOINT" : "CMD");

	if (argc == 0) {
		imp_trail_unreadable(trail, "the image names no command to start");
		return;
	}
	for (size_t i = 0; i < config->entrypoint_count; i++)
		argv[i] = config->entrypoint[i];
	for (size_t i = 0; i < config->command_count; i++)
		argv[config->entrypoint_count + i] = config->command[i];
	command.argv = argv;
	command.argc = argc;
	imp_trail_command(trail, &command);
}

/* With config.Shell, else /bin/sh -c. */
static void start_in_shell(struct imp_trail *trail, struct imp_slice text)
{
	const struct imp_config *config = &trail->input->image->config;
	imp_auto_free struct imp_slice *argv =
		imp_xcalloc(config->shell_count + 3, sizeof(*argv));
	struct imp_command command = first_command(trail, "HEALTHCHECK");

	command.argv = argv;
	for (size_t i = 0; i < config->shell_count; i++)
		argv[command.argc++] = config->shell[i];
	if (command.argc == 0) {
		argv[command.argc++] = IMP_SLICE("/bin/sh");
		argv[command.argc++] = IMP_SLICE("-c");
	}
	argv[command.argc++] = text;
	imp_trail_command(trail, &command);
}

static void start_health_check(struct imp_trail *trail)
{
	const struct imp_health_check *check = &trail->input->image->config.health_check;

	if (check->test_count < 2)
		return;
	if (imp_slice_is(check->test[0], "CMD-SHELL")) {
		start_in_shell(trail, check->test[1]);
	} else if (imp_slice_is(check->test[0], "CMD")) {
		imp_auto_free struct imp_slice *argv =
			imp_xcalloc(check->test_count, sizeof(*argv));
		struct imp_command command = first_command(trail, "HEALTHCHECK");
		command.argv = argv;
		command.argc = check->test_count - 1;
		for (size_t i = 0; i < command.argc; i++)
			argv[i] = check->test[i + 1];
		imp_trail_command(trail, &command);
	}
}

/* Browsers that the environment points to. */
static void start_browsers(struct imp_trail *trail)
{
	static const char *const names[] = {
		"CHROME_PATH",
		"CHROME_BIN",
		"CHROMIUM_PATH",
		"GOOGLE_CHROME_BIN",
		"PUPPETEER_EXECUTABLE_PATH",
		"PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct imp_slice path = imp_trail_env(trail, imp_slice_of(names[i]));
		struct imp_command command = first_command(
			trail, imp_arena_printf(trail->arena, "ENV %s", names[i]));
		command.argv = &path;
		command.argc = 1;
		command.certain = false;
		if (path.len > 0)
			imp_trail_command(trail, &command);
	}
}

void imp_trail_start(struct imp_trail *trail)
{
	const struct imp_runtime_options *options = trail->input->options;

	for (size_t i = 0; i < options->run_count; i++) {
		struct imp_command command = first_command(trail, "--run");
		imp_trail_shell(trail, &command, options->runs[i], NULL, 0);
	}
	if (options->run_count == 0)
		start_entrypoint(trail);
	start_health_check(trail);
	start_browsers(trail);
	imp_trail_procfile(trail, trail->workdir, IMP_NONE);
}
