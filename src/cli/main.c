/* Takes what the surroundings offer into a context, finds the command, ends with its status. */
#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/json.h"
#include "imgprof/pool.h"
#include "messages.h"
#include "outputs.h"
#include "signals.h"

static struct imp_cancel cancel;

static const char *get_environment(void *user, const char *name)
{
	(void)user;
	return getenv(name);
}

static int64_t get_time(void *user)
{
	struct timespec now;

	(void)user;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void log_line(void *user, int level, const char *line)
{
	const struct imp_settings *settings = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	if (level > settings->verbosity)
		return;
	imp_strbuf_add_text(&out, "imgprof: ");
	imp_escape_terminal(&out, imp_slice_of(line));
	fprintf(stderr, "%s\n", out.data);
}

/* Descriptors 0 to 2 may come closed: what is opened next must not become one of them. Reading
 * and writing fail as they would have. */
static void open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void complain(const struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_message_error(err, &line);
	fprintf(stderr, "%s\n", line.data);
}

static int status_of(int rc, const struct imp_error *err)
{
	if (imp_signals_caught())
		return 128 + imp_signals_caught();
	if (rc == 0)
		return 0;
	if (rc == IMP_E_CLOSED_PIPE)
		return 128 + SIGPIPE;
	complain(err);
	return imp_exit_status(rc);
}

static int refuse_reserved(const char *name, struct imp_error *err)
{
	for (const char *const *reserved = imp_reserved_commands; *reserved; reserved++)
		if (strcmp(name, *reserved) == 0) {
			imp_fail(err, IMP_E_USAGE, "%s: not in this version", name);
			return imp_hint(
				err, "an image of that name: docker.io/library/%s", name);
		}
	return 0;
}

static int run_command(const struct imp_command *command, int argc, char **argv,
		       struct imp_context *context, struct imp_settings *settings,
		       struct imp_error *err)
{
	int rc = imp_options_parse(command, context, argc, argv, settings, err);

	if (rc < 0)
		return rc;
	if (settings->help) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		imp_help_command(command, &out);
		return imp_output_text(imp_strbuf_slice(&out), err);
	}
	context->limits = &settings->limits;
	context->threads = settings->threads ? settings->threads : imp_cores();
	return command->run(context, settings, err);
}

static int dispatch(int argc, char **argv, struct imp_context *context,
		    struct imp_settings *settings, struct imp_error *err)
{
	if (argc == 1) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		imp_help_short(&out);
		fputs(out.data, stderr);
		return imp_fail(err, IMP_E_USAGE, "no image given");
	}
	int options = imp_options_skip(argc - 1, argv + 1);
	const char *word = 1 + options < argc ? argv[1 + options] : "";
	const struct imp_command *command = imp_command_find(word);
	if (command) {
		/* Those before its name go behind it. */
		memmove(argv + 2, argv + 1, (size_t)options * sizeof(*argv));
		return run_command(command, argc - 2, argv + 2, context, settings, err);
	}
	if (strcmp(argv[1], "--version") == 0)
		return run_command(&imp_command_version, 0, NULL, context, settings, err);
	int rc = refuse_reserved(word, err);
	return rc < 0 ? rc
		      : run_command(imp_commands[0], argc - 1, argv + 1, context,
				    settings, err);
}

int main(int argc, char **argv)
{
	static struct imp_settings settings; /* too large for a small stack */
	struct imp_context context = {
		.getenv = get_environment,
		.now_ns = get_time,
		.log = log_line,
		.user = &settings,
		.cancel = &cancel,
		.limits = &settings.limits,
		.threads = 1,
	};
	struct imp_error err = {0};

	imp_memory_start();
	open_standard_descriptors();
	imp_signals_start(&cancel);
	imp_json_init();
	imp_settings_init(&settings);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		imp_fail(&err, IMP_E_SYSTEM, "libcurl does not start");
		return status_of(IMP_E_SYSTEM, &err);
	}
	int rc = dispatch(argc, argv, &context, &settings, &err);
	curl_global_cleanup();
	return status_of(rc, &err);
}
