/* Names of native builds: "linux-x64", "win10-arm64", "darwin-x64+arm64", "x.musl.node". */
#include "conditions_priv.h"

enum subject { SYSTEM, CPU, LIBC, SUBJECTS };

/* What a word stands for, as the platform of an image spells it. */
static const struct {
	const char *word, *means;
	enum subject subject;
} words[] = {
	{"linux", "linux", SYSTEM},     {"linuxmusl", "linux", SYSTEM},
	{"debian", "linux", SYSTEM},    {"rhel", "linux", SYSTEM},
	{"alpine", "linux", SYSTEM},    {"ubuntu", "linux", SYSTEM},
	{"darwin", "darwin", SYSTEM},   {"osx", "darwin", SYSTEM},
	{"macos", "darwin", SYSTEM},    {"maccatalyst", "darwin", SYSTEM},
	{"win", "windows", SYSTEM},     {"windows", "windows", SYSTEM},
	{"android", "android", SYSTEM}, {"ios", "ios", SYSTEM},
	{"tvos", "ios", SYSTEM},        {"freebsd", "freebsd", SYSTEM},
	{"openbsd", "openbsd", SYSTEM}, {"netbsd", "netbsd", SYSTEM},
	{"sunos", "solaris", SYSTEM},   {"solaris", "solaris", SYSTEM},
	{"illumos", "solaris", SYSTEM}, {"aix", "aix", SYSTEM},
	{"x64", "amd64", CPU},          {"amd64", "amd64", CPU},
	{"x86_64", "amd64", CPU},       {"x86", "386", CPU},
	{"ia32", "386", CPU},           {"386", "386", CPU},
	{"arm64", "arm64", CPU},        {"aarch64", "arm64", CPU},
	{"armv8", "arm64", CPU},        {"arm", "arm", CPU},
	{"armel", "arm", CPU},          {"armhf", "arm", CPU},
	{"armv6", "arm", CPU},          {"armv7", "arm", CPU},
	{"ppc64", "ppc64le", CPU},      {"ppc64le", "ppc64le", CPU},
	{"s390x", "s390x", CPU},        {"riscv64", "riscv64", CPU},
	{"loong64", "loong64", CPU},    {"loongarch64", "loong64", CPU},
	{"mips64", "mips64le", CPU},    {"mips64el", "mips64le", CPU},
	{"musl", "musl", LIBC},         {"linuxmusl", "musl", LIBC},
	{"alpine", "musl", LIBC},       {"glibc", "glibc", LIBC},
	{"gnu", "glibc", LIBC},         {"debian", "glibc", LIBC},
	{"rhel", "glibc", LIBC},        {"ubuntu", "glibc", LIBC},
};

static bool has_path(const struct imp_tree *tree, const char *path)
{
	return imp_tree_resolve(tree, 0, imp_slice_of(path)) != IMP_NONE;
}

/* "musl", "glibc"; NULL: no loader, so both would do. */
static const char *libc_of(const struct imp_tree *tree)
{
	static const char *const musl[] = {
		"lib/ld-musl-x86_64.so.1", "lib/ld-musl-aarch64.so.1",
		"lib/ld-musl-armhf.so.1", "lib/ld-musl-i386.so.1"};
	static const char *const glibc[] = {
		"lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1",
		"lib/ld-linux-armhf.so.3", "lib/ld-linux.so.2"};

	for (size_t i = 0; i < sizeof(musl) / sizeof(*musl); i++)
		if (has_path(tree, musl[i]))
			return "musl";
	for (size_t i = 0; i < sizeof(glibc) / sizeof(*glibc); i++)
		if (has_path(tree, glibc[i]))
			return "glibc";
	return NULL;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next run of letters, digits and '_'. */
static struct imp_slice next_word(struct imp_slice *rest)
{
	size_t len = 0;

	while (rest->len > 0 && !is_word_byte(rest->data[0]))
		*rest = imp_slice_skip(*rest, 1);
	while (len < rest->len && is_word_byte(rest->data[len]))
		len++;
	struct imp_slice word = imp_slice(rest->data, len);
	*rest = imp_slice_skip(*rest, len);
	return word;
}

/* "win" of "win32" and "win10": versions of Windows count for nothing. */
static struct imp_slice without_version(struct imp_slice word)
{
	struct imp_slice win = IMP_SLICE("win");

	if (!imp_slice_starts(word, win))
		return word;
	while (word.len > win.len && word.data[word.len - 1] >= '0' &&
	       word.data[word.len - 1] <= '9')
		word.len--;
	return word;
}

bool imp_is_alien(const struct imp_survey *survey, struct imp_slice name)
{
	const struct imp_platform *platform = &survey->input->image->platform;
	const char *own[SUBJECTS] = {platform->os, platform->architecture,
				     libc_of(survey->input->tree)};
	bool named[SUBJECTS] = {0}, meant[SUBJECTS] = {0};
	struct imp_slice rest = name;

	for (struct imp_slice word; (word = next_word(&rest)).len > 0;) {
		word = without_version(word);
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
			enum subject subject = words[i].subject;
			if (!imp_slice_is(word, words[i].word) || !own[subject])
				continue;
			named[subject] = true;
			if (strcmp(own[subject], words[i].means) == 0)
				meant[subject] = true;
		}
	}
	for (int subject = 0; subject < SUBJECTS; subject++)
		if (named[subject] && !meant[subject] && own[subject][0])
			return true;
	return false;
}
