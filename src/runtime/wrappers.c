#include "trail.h"

/*
 * Programs that start what follows them. OPTIONS take a word of their own, so that it is not
 * mistaken for the command; OPERANDS stand before the command.
 */
static const struct {
	const char *names;
	const char *options;
	unsigned operands;
} wrappers[] = {
	{"tini tini-static docker-init", "-p -e", 0},
	{"dumb-init", "-r --rewrite", 0},
	{"catatonit pid1 nohup setsid ltrace", "", 0},
	{"gosu su-exec chroot chpst setuidgid s6-setuidgid", "-u", 1},
	{"setpriv",
	 "--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits "
	 "--pdeathsig --selinux-label --apparmor-profile",
	 0},
	{"env", "-u --unset -C --chdir", 0},
	{"nice ionice", "-n -c -p --adjustment --class --classdata", 0},
	{"chrt", "", 1},
	{"exec command busybox", "", 0},
	{"sudo doas", "-u -g -C -h -p --user --group", 0},
	{"runuser", "-u -g -G", 0},
	{"timeout", "-k -s --kill-after --signal", 1},
	{"stdbuf", "-i -o -e --input --output --error", 0},
	{"time", "-f -o --format --output", 0},
	{"taskset", "", 1},
	{"xvfb-run", "-n -s -e -f -l -p -w --server-num --server-args --error-file", 0},
	{"dbus-run-session", "--config-file --dbus-daemon", 0},
	{"dbus-launch", "", 0},
	{"with-contenv s6-envdir", "", 0},
	{"envdir", "", 1},
	{"numactl", "-C -N -m -i -p", 0},
	{"strace", "-o -e -p -s -u", 0},
	{"catchsegv jemalloc.sh", "", 0},
	{"ddtrace-run newrelic-admin opentelemetry-instrument", "", 0},
	{"dockerize", "-wait -timeout -template -stdout -stderr", 0},
	{"wait-for-it wait-for-it.sh wait-for", "-t -h -p --timeout", 0},
	{"dotenv direnv chamber doppler infisical aws-env", "-f -e", 0},
	{"bundle", "", 0},
};

/* Words that a wrapper wants between itself and the command. */
static bool is_subcommand(struct imp_slice name, struct imp_slice word)
{
	if (imp_name_is(name, "bundle"))
		return imp_slice_is(word, "exec");
	if (imp_name_is(name, "newrelic-admin"))
		return imp_slice_is(word, "run-program");
	if (imp_name_in(name, "chamber doppler infisical dotenv direnv"))
		return imp_word_in(word, "exec run");
	return false;
}

/* NAME=value, which env and sudo take. */
static bool is_assignment(struct imp_slice word)
{
	struct imp_slice rest = word, name = imp_slice_cut(&rest, '=');

	return rest.data && name.len > 0 && !memchr(name.data, '/', name.len);
}

static size_t skip_options(const struct imp_slice *argv, size_t argc, const char *options)
{
	size_t at = 1;

	while (at < argc && argv[at].len > 1 && argv[at].data[0] == '-') {
		if (imp_slice_is(argv[at], "--"))
			return at + 1;
		at += imp_word_in(argv[at], options) ? 2 : 1;
	}
	return at;
}

size_t imp_wrapper_words(const struct imp_slice *argv, size_t argc)
{
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(*wrappers); i++) {
		if (!imp_name_in(argv[0], wrappers[i].names))
			continue;
		size_t at = skip_options(argv, argc, wrappers[i].options);
		at += wrappers[i].operands;
		if (imp_name_is(argv[0], "bundle") &&
		    (at >= argc || !is_subcommand(argv[0], argv[at])))
			return 0;
		if (at < argc && is_subcommand(argv[0], argv[at]))
			at++;
		while (imp_name_in(argv[0], "env sudo doas") && at < argc &&
		       is_assignment(argv[at]))
			at++;
		if (imp_name_in(argv[0], "wait-for-it wait-for-it.sh wait-for"))
			while (at > 1 && at < argc && !imp_slice_is(argv[at - 1], "--"))
				at++;
		return at < argc ? at : argc;
	}
	return 0;
}
