#include "credentials_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

#include "retry_priv.h"

#define PREFIX "docker-credential-"
#define NOT_FOUND "credentials not found in native keychain"
#define IDENTITY_USER "<token>"

enum {
	SUFFIX_BYTES = 64,
	POLL_MS = 50,
	STEP_BYTES = 4096,  /* of its output, at once */
	QUOTED_BYTES = 120, /* of a failed helper's output, in the note */
};

enum ending {
	ENDED,
	TIMED_OUT,
	TOO_LONG,
	CANCELLED,
};

static bool suffix_is_valid(struct imp_slice suffix)
{
	if (suffix.len == 0 || suffix.len > SUFFIX_BYTES || suffix.data[0] == '-' ||
	    suffix.data[0] == '.')
		return false;
	for (size_t i = 0; i < suffix.len; i++) {
		char c = suffix.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
			return false;
	}
	return true;
}

/* An absolute folder of PATH that has the program; relative ones are passed over. */
static bool find_program(const struct imp_context *context, struct imp_slice suffix,
			 struct imp_strbuf *path)
{
	struct imp_slice folders = imp_slice_of(imp_context_env(context, "PATH"));
	while (folders.len) {
		struct imp_slice folder = imp_slice_cut(&folders, ':');
		if (folder.len == 0 || folder.data[0] != '/')
			continue;
		imp_strbuf_reset(path);
		imp_strbuf_add_slice(path, folder);
		imp_strbuf_add_text(path, "/" PREFIX);
		imp_strbuf_add_slice(path, suffix);
		if (access(path->data, X_OK) == 0)
			return true;
	}
	return false;
}

/* A pipe with TEXT in it, closed for writing: a child that does not read blocks nobody. */
static int pipe_with(const char *text)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	size_t len = strlen(text);
	ssize_t written = write(ends[1], text, len);
	close(ends[1]);
	if (written == (ssize_t)len)
		return ends[0];
	close(ends[0]);
	return -1;
}

/* In a session of its own: it has no terminal to prompt on, and can be killed with all
 * that it started. Returns 0 or an errno. */
static int spawn(const char *path, int input, int output, pid_t *pid)
{
	char name[] = PREFIX;
	char verb[] = "get";
	char *argv[] = {name, verb, NULL};
	sigset_t none;
	sigset_t defaults;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);

	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
					 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID |
						      POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	int number = posix_spawn(pid, path, &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return number;
}

/* Reads what there is; false at the end. */
static bool read_some(int fd, struct imp_strbuf *output)
{
	ssize_t n = read(fd, imp_strbuf_reserve(output, STEP_BYTES), STEP_BYTES);
	if (n > 0) {
		output->len += (size_t)n;
		output->data[output->len] = '\0';
	}
	return n > 0 || (n < 0 && errno == EINTR);
}

/* The buffer is reserved in full before: growing would leave copies of a secret behind. */
static enum ending read_output(const struct imp_context *context, int fd,
			       struct imp_strbuf *output)
{
	const struct imp_limits *limits = context->limits;
	int64_t end_ns =
		imp_monotonic_ns() + limits->helper_timeout_s * INT64_C(1000000000);
	for (;;) {
		if (imp_cancelled(context->cancel))
			return CANCELLED;
		if (imp_monotonic_ns() >= end_ns)
			return TIMED_OUT;
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		if (poll(&wait, 1, POLL_MS) <= 0)
			continue;
		if (!read_some(fd, output))
			return ENDED;
		if (output->len > limits->helper_bytes)
			return TOO_LONG;
	}
}

/* A helper may close its output and stay. */
static enum ending await_exit(const struct imp_context *context, pid_t pid)
{
	int64_t end_ns = imp_monotonic_ns() +
			 context->limits->helper_timeout_s * INT64_C(1000000000);
	for (;;) {
		siginfo_t info = {0};
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid == pid)
			return ENDED;
		if (imp_cancelled(context->cancel))
			return CANCELLED;
		if (imp_monotonic_ns() >= end_ns)
			return TIMED_OUT;
		poll(NULL, 0, POLL_MS / 10);
	}
}

/* Kills the whole session before the leader is reaped, while its id is still taken. */
static int end_session(pid_t pid)
{
	int status = 0;
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Returns an errno when it cannot be started. */
static int run(const struct imp_context *context, const char *path, const char *server,
	       struct imp_strbuf *output, enum ending *ending, int *status)
{
	imp_auto_fd int input = pipe_with(server);
	int ends[2];
	if (input < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	imp_auto_fd int from = ends[0];
	pid_t pid;
	int number = spawn(path, input, ends[1], &pid);
	close(ends[1]);
	if (number)
		return number;
	*ending = read_output(context, from, output);
	if (*ending == ENDED)
		*ending = await_exit(context, pid);
	*status = end_session(pid);
	return 0;
}

static int read_answer(const struct imp_context *context, struct imp_slice text,
		       struct imp_credentials *out)
{
	struct imp_error ignored = {0};
	imp_auto_json json_t *answer = NULL;
	if (imp_json_parse(text, context->limits, "helper", &answer, &ignored) < 0)
		return -1;
	struct imp_slice username = imp_json_get_string(answer, "Username");
	struct imp_slice secret = imp_json_get_string(answer, "Secret");
	if (secret.len == 0 || memchr(secret.data, 0, secret.len) ||
	    (username.len && memchr(username.data, 0, username.len)))
		return -1;
	*out = (struct imp_credentials){0};
	if (imp_slice_is(username, IDENTITY_USER)) {
		out->identity_token = imp_copy_text(secret);
	} else {
		out->username = imp_copy_text(username);
		out->password = imp_copy_text(secret);
	}
	return 0;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct imp_slice trim(struct imp_slice text)
{
	while (text.len && is_space(text.data[text.len - 1]))
		text.len--;
	while (text.len && is_space(*text.data))
		text = imp_slice_skip(text, 1);
	return text;
}

/* What the helper says on failure stands on its standard output. */
static int judge(const struct imp_context *context, const char *program,
		 struct imp_slice output, int status, struct imp_notes *notes,
		 struct imp_credentials *out)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		if (read_answer(context, output, out) == 0)
			return 0;
		imp_notes_add(notes, "credential-helper",
			      "%s gave no credentials that can be read; going on without",
			      program);
		return 1;
	}
	output = trim(output);
	if (imp_slice_is(output, NOT_FOUND))
		return 1;
	size_t shown = output.len < QUOTED_BYTES ? output.len : QUOTED_BYTES;
	imp_notes_add(notes, "credential-helper", "%s failed%s%.*s; going on without",
		      program, shown ? ": " : "", (int)shown, output.data);
	return 1;
}

static int fetch(const struct imp_context *context, const char *path, const char *program,
		 const char *server, struct imp_notes *notes, struct imp_credentials *out,
		 struct imp_error *err)
{
	imp_auto(imp_wipe_buffer) struct imp_strbuf output = {0};
	imp_strbuf_reserve(&output, (size_t)context->limits->helper_bytes +
					    2 * (size_t)STEP_BYTES);
	enum ending ending = ENDED;
	int status = 0;
	int number = run(context, path, server, &output, &ending, &status);
	if (number) {
		imp_notes_add(notes, "credential-helper",
			      "%s cannot be started: %s; going on without", program,
			      strerrordesc_np(number));
		return 1;
	}
	switch (ending) {
	case CANCELLED:
		return imp_fail_cancelled(err);
	case TIMED_OUT:
	case TOO_LONG:
		imp_notes_add(notes, "credential-helper", "%s %s; going on without",
			      program,
			      ending == TIMED_OUT ? "did not answer in time"
						  : "printed too much");
		return 1;
	case ENDED:
		break;
	}
	return judge(context, program, imp_strbuf_slice(&output), status, notes, out);
}

int imp_helper_get(const struct imp_context *context, struct imp_slice suffix,
		   const char *server, struct imp_notes *notes,
		   struct imp_credentials *out, struct imp_error *err)
{
	if (!suffix_is_valid(suffix)) {
		imp_notes_add(notes, "credential-helper",
			      "a credential helper with an invalid name is not run");
		return 1;
	}
	imp_auto(imp_strbuf_finish) struct imp_strbuf program = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_strbuf_add_text(&program, PREFIX);
	imp_strbuf_add_slice(&program, suffix);
	if (!find_program(context, suffix, &path)) {
		imp_notes_add(notes, "credential-helper",
			      "%s is not on PATH; going on without", program.data);
		return 1;
	}
	int rc = fetch(context, path.data, program.data, server, notes, out, err);
	if (rc == 0)
		out->origin = imp_strbuf_steal(&program);
	return rc;
}
