#include "imgprof/platform.h"

#include "ascii_priv.h"

enum {
	/* What imp_platform_match gives, best first. A level is at most 9999. */
	MATCH_EXACT = 30000,
	MATCH_LOWER_VARIANT = 20000, /* less the distance between the levels */
	MATCH_OTHER_ARCHITECTURE = 100,
	/* Levels of variants: 100 for each whole step. */
	LEVEL_NONE = -1,
	LEVEL_STEP = 100,
};

/* Spellings of architectures; VARIANT NULL leaves the variant that was given. */
static const struct alias {
	const char *spelling, *architecture, *variant;
} aliases[] = {
	{"x86_64", "amd64", NULL}, {"x86-64", "amd64", NULL}, {"aarch64", "arm64", NULL},
	{"i386", "386", ""},       {"armhf", "arm", "v7"},    {"armel", "arm", "v6"},
};

static const char *const known_systems[] = {
	"linux",   "windows",   "darwin", "macos",   "freebsd", "netbsd",
	"openbsd", "dragonfly", "plan9",  "solaris", "illumos", "android",
	"aix",     "ios",       "js",     "wasi",
};

static const char *const known_architectures[] = {
	"386",    "amd64", "arm",      "arm64",   "loong64", "mips",  "mipsle",
	"mips64", "ppc64", "mips64le", "ppc64le", "riscv64", "s390x", "wasm",
};

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, list[i]) == 0)
			return true;
	return false;
}

static bool is_system(const char *text)
{
	return is_one_of(text, known_systems,
			 sizeof(known_systems) / sizeof(known_systems[0]));
}

static bool is_architecture(const char *text)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(text, aliases[i].spelling) == 0)
			return true;
	return is_one_of(text, known_architectures,
			 sizeof(known_architectures) / sizeof(known_architectures[0]));
}

static char *lower(struct imp_slice text, struct imp_arena *arena)
{
	char *copy = imp_arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		copy[i] = imp_to_lower(text.data[i]);
	return copy;
}

static const char *normal_arm_variant(const char *variant)
{
	static const char *const names[] = {"v5", "v6", "v7", "v8"};
	if (*variant == '\0')
		return "v7";
	if (variant[0] >= '5' && variant[0] <= '8' && variant[1] == '\0')
		return names[variant[0] - '5'];
	return variant;
}

static const char *normal_variant(const char *architecture, const char *variant)
{
	static const char *const arm64_default[] = {"8", "v8", "v8.0"};
	if (strcmp(architecture, "arm") == 0)
		return normal_arm_variant(variant);
	if (strcmp(architecture, "arm64") == 0)
		return is_one_of(variant, arm64_default, 3) ? "" : variant;
	if (strcmp(architecture, "amd64") == 0)
		return strcmp(variant, "v1") == 0 ? "" : variant;
	return variant;
}

struct imp_platform imp_platform_normalise(struct imp_slice os,
					   struct imp_slice architecture,
					   struct imp_slice variant,
					   struct imp_arena *arena)
{
	struct imp_platform platform = {
		.os = lower(os, arena),
		.architecture = lower(architecture, arena),
		.variant = lower(variant, arena),
	};
	if (strcmp(platform.os, "macos") == 0)
		platform.os = "darwin";
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(platform.architecture, aliases[i].spelling) != 0)
			continue;
		platform.architecture = aliases[i].architecture;
		if (aliases[i].variant)
			platform.variant = aliases[i].variant;
		break;
	}
	platform.variant = normal_variant(platform.architecture, platform.variant);
	return platform;
}

struct imp_platform imp_platform_host(void)
{
	struct imp_platform host = {.os = "linux", .architecture = "", .variant = ""};
#if defined(__x86_64__)
	host.architecture = "amd64";
#elif defined(__aarch64__)
	host.architecture = "arm64";
#elif defined(__i386__)
	host.architecture = "386";
#elif defined(__arm__)
	host.architecture = "arm";
	host.variant = "v7";
#elif defined(__riscv) && __riscv_xlen == 64
	host.architecture = "riscv64";
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	host.architecture = "ppc64le";
#elif defined(__s390x__)
	host.architecture = "s390x";
#elif defined(__loongarch__)
	host.architecture = "loong64";
#elif defined(__mips64) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	host.architecture = "mips64le";
#endif
	return host;
}

bool imp_platform_equal(const struct imp_platform *a, const struct imp_platform *b)
{
	return strcmp(a->os, b->os) == 0 &&
	       strcmp(a->architecture, b->architecture) == 0 &&
	       strcmp(a->variant, b->variant) == 0;
}

void imp_platform_add(struct imp_strbuf *out, const struct imp_platform *platform)
{
	imp_strbuf_printf(out, "%s/%s%s%s", platform->os, platform->architecture,
			  *platform->variant ? "/" : "", platform->variant);
}

char *imp_platform_text(const struct imp_platform *platform, struct imp_arena *arena)
{
	const char *os = *platform->os ? platform->os : "unknown";
	const char *architecture =
		*platform->architecture ? platform->architecture : "unknown";
	return imp_arena_printf(arena, "%s/%s%s%s", os, architecture,
				*platform->variant ? "/" : "", platform->variant);
}

static bool is_platform_letter(char c)
{
	return imp_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

static int refuse(struct imp_slice text, struct imp_error *err)
{
	enum { SHOWN_MAX_BYTES = 100 };
	size_t shown = text.len < SHOWN_MAX_BYTES ? text.len : SHOWN_MAX_BYTES;
	imp_fail(err, IMP_E_USAGE,
		 "platform '%.*s': expected OS[/ARCHITECTURE[/VARIANT]]", (int)shown,
		 text.data);
	return imp_hint(err, "such as linux/arm64 or arm64");
}

/* Cuts TEXT at '/' into at most 3 parts; 0 when it does not fit the syntax. */
static size_t split(struct imp_slice text, struct imp_slice parts[static 3])
{
	size_t count = 0;
	do {
		if (count == 3)
			return 0;
		parts[count] = imp_slice_cut(&text, '/');
		if (parts[count].len == 0 || !imp_all(parts[count], is_platform_letter))
			return 0;
		count++;
	} while (text.data);
	return count;
}

/* A single word is a system or an architecture; the other is this machine's, or linux. */
static int parse_word(struct imp_slice word, struct imp_arena *arena,
		      struct imp_platform *out, struct imp_error *err)
{
	const char *name = lower(word, arena);
	struct imp_slice none = {0};
	struct imp_platform host = imp_platform_host();
	if (is_system(name)) {
		*out = imp_platform_normalise(word, imp_slice_of(host.architecture),
					      imp_slice_of(host.variant), arena);
		return 0;
	}
	if (!is_architecture(name))
		return refuse(word, err);
	*out = imp_platform_normalise(imp_slice_of(host.os), word, none, arena);
	return 0;
}

int imp_platform_parse(struct imp_slice text, struct imp_arena *arena,
		       struct imp_platform *out, struct imp_error *err)
{
	struct imp_slice parts[3] = {0};
	size_t count = split(text, parts);
	if (count == 0)
		return refuse(text, err);
	if (count == 1)
		return parse_word(parts[0], arena, out, err);
	if (is_architecture(lower(parts[0], arena))) {
		refuse(text, err);
		return imp_hint(err, "%.*s is an architecture: write linux/%.*s",
				(int)parts[0].len, parts[0].data, (int)text.len,
				text.data);
	}
	*out = imp_platform_normalise(parts[0], parts[1], parts[2], arena);
	return 0;
}

/* At most two digits off the front of *TEXT; -1 without any. */
static int take_number(const char **text)
{
	int value = LEVEL_NONE;
	for (int digits = 0; digits < 2 && imp_is_digit(**text); digits++, (*text)++)
		value = (value < 0 ? 0 : value * 10) + (**text - '0');
	return value;
}

/* How much a variant "vN" or "vN.M" asks of the processor: N * 100 + M. LEVEL_NONE when
 * it is spelled otherwise. */
static int variant_level(const struct imp_platform *platform)
{
	const char *text = platform->variant;
	if (*text == '\0' && strcmp(platform->architecture, "amd64") == 0)
		return LEVEL_STEP;
	if (*text == '\0' && strcmp(platform->architecture, "arm64") == 0)
		return 8 * LEVEL_STEP;
	if (*text++ != 'v')
		return LEVEL_NONE;
	int major = take_number(&text);
	int minor = 0;
	if (*text == '.') {
		text++;
		minor = take_number(&text);
	}
	if (major < 0 || minor < 0 || *text != '\0')
		return LEVEL_NONE;
	return major * LEVEL_STEP + minor;
}

/* Processors that run an older architecture's programs too. */
static int match_other_architecture(const struct imp_platform *wanted,
				    const struct imp_platform *offered)
{
	if (strcmp(wanted->architecture, "amd64") == 0 &&
	    strcmp(offered->architecture, "386") == 0)
		return MATCH_OTHER_ARCHITECTURE;
	if (strcmp(wanted->architecture, "arm64") != 0 ||
	    strcmp(offered->architecture, "arm") != 0)
		return 0;
	int level = variant_level(offered);
	bool runs = level >= 5 * LEVEL_STEP && level <= 8 * LEVEL_STEP;
	return runs ? MATCH_OTHER_ARCHITECTURE + level : 0;
}

int imp_platform_match(const struct imp_platform *wanted,
		       const struct imp_platform *offered)
{
	/* Configs of old images name no system. */
	const char *os = *offered->os ? offered->os : "linux";
	if (strcmp(wanted->os, os) != 0)
		return 0;
	if (strcmp(wanted->architecture, offered->architecture) != 0)
		return match_other_architecture(wanted, offered);
	if (strcmp(wanted->variant, offered->variant) == 0)
		return MATCH_EXACT;
	int wanted_level = variant_level(wanted);
	int offered_level = variant_level(offered);
	if (wanted_level < 0 || offered_level < 0 || offered_level > wanted_level)
		return 0;
	return MATCH_LOWER_VARIANT - (wanted_level - offered_level);
}
