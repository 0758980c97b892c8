#include "keep.h"

#include <stddef.h>

/* A component may start with '*' for anything; a leading "**" stands for any folders. */
static const struct {
	const char *pattern;
	enum imp_keep keep;
} rules[] = {
	{"etc/passwd", IMP_KEEP_WHOLE},
	{"etc/os-release", IMP_KEEP_WHOLE},
	{"usr/lib/os-release", IMP_KEEP_WHOLE},
	{"var/lib/dpkg/status", IMP_KEEP_WHOLE},
	{"var/lib/dpkg/status.d/*", IMP_KEEP_WHOLE},
	{"var/lib/dpkg/info/*.list", IMP_KEEP_WHOLE},
	{"var/lib/dpkg/diversions", IMP_KEEP_WHOLE},
	{"var/lib/apt/extended_states", IMP_KEEP_WHOLE},
	{"etc/apt/apt.conf", IMP_KEEP_WHOLE},
	{"etc/apt/apt.conf.d/*", IMP_KEEP_WHOLE},
	{"lib/apk/db/installed", IMP_KEEP_WHOLE},
	{"usr/lib/apk/db/installed", IMP_KEEP_WHOLE},
	{"etc/apk/world", IMP_KEEP_WHOLE},
	{"var/lib/chisel/manifest.wall", IMP_KEEP_WHOLE},
	{"var/lib/rpm/rpmdb.sqlite", IMP_KEEP_WHOLE},
	{"var/lib/rpm/Packages.db", IMP_KEEP_WHOLE},
	{"var/lib/rpm/Packages", IMP_KEEP_WHOLE},
	{"usr/lib/sysimage/rpm/rpmdb.sqlite", IMP_KEEP_WHOLE},
	{"usr/lib/sysimage/rpm/Packages.db", IMP_KEEP_WHOLE},
	{"usr/lib/sysimage/rpm/Packages", IMP_KEEP_WHOLE},
	{"usr/share/rpm/rpmdb.sqlite", IMP_KEEP_WHOLE},
	{"var/lib/dnf/history.sqlite", IMP_KEEP_WHOLE},
	{"usr/lib/sysimage/libdnf5/packages.toml", IMP_KEEP_WHOLE},
	{"**/node_modules/.package-lock.json", IMP_KEEP_WHOLE},
	{"**/package-lock.json", IMP_KEEP_WHOLE},
	{"**/npm-shrinkwrap.json", IMP_KEEP_WHOLE},
	{"**/package.json", IMP_KEEP_WHOLE},
	{"**/node_modules/.modules.yaml", IMP_KEEP_WHOLE},
	{"**/node_modules/.pnpm/lock.yaml", IMP_KEEP_WHOLE},
	{"**/pnpm-lock.yaml", IMP_KEEP_WHOLE},
	{"**/node_modules/.yarn-integrity", IMP_KEEP_WHOLE},
	{"**/yarn.lock", IMP_KEEP_WHOLE},
	{"**/bun.lock", IMP_KEEP_WHOLE},
	{"**/composer/installed.json", IMP_KEEP_WHOLE},
	{"**/composer.json", IMP_KEEP_WHOLE},
	{"**/specifications/*.gemspec", IMP_KEEP_WHOLE},
	{"**/specifications/default/*.gemspec", IMP_KEEP_WHOLE},
	{"**/Gemfile.lock", IMP_KEEP_WHOLE},
	{"**/gems.locked", IMP_KEEP_WHOLE},
	{"**/*.dist-info/METADATA", IMP_KEEP_WHOLE},
	{"**/*.dist-info/RECORD", IMP_KEEP_WHOLE},
	{"**/*.dist-info/REQUESTED", IMP_KEEP_WHOLE},
	{"**/*.dist-info/INSTALLER", IMP_KEEP_WHOLE},
	{"**/*.dist-info/direct_url.json", IMP_KEEP_WHOLE},
	{"**/*.dist-info/top_level.txt", IMP_KEEP_WHOLE},
	{"**/*.egg-info", IMP_KEEP_WHOLE},
	{"**/*.egg-info/PKG-INFO", IMP_KEEP_WHOLE},
	{"**/*.egg-info/top_level.txt", IMP_KEEP_WHOLE},
	{"**/*.egg-info/requires.txt", IMP_KEEP_WHOLE},
	{"**/*.egg-info/installed-files.txt", IMP_KEEP_WHOLE},
	{"**/poetry.lock", IMP_KEEP_WHOLE},
	{"**/uv.lock", IMP_KEEP_WHOLE},
	{"**/pdm.lock", IMP_KEEP_WHOLE},
	{"**/Pipfile.lock", IMP_KEEP_WHOLE},
	{"**/pyproject.toml", IMP_KEEP_WHOLE},
	{"**/conda-meta/*.json", IMP_KEEP_WHOLE},
	{"**/*.deps.json", IMP_KEEP_WHOLE},
	{"**/*.runtimeconfig.json", IMP_KEEP_WHOLE},
	{"**/release", IMP_KEEP_WHOLE},
	{"**/CACHEDIR.TAG", IMP_KEEP_HEAD},
};

/* Cuts the last component off. */
static struct imp_slice cut_last(struct imp_slice *path)
{
	struct imp_slice last = imp_slice_basename(*path);
	path->len -= last.len;
	if (path->len > 0)
		path->len--;
	return last;
}

static bool matches_part(struct imp_slice pattern, struct imp_slice part)
{
	if (imp_slice_starts(pattern, IMP_SLICE("*")))
		return imp_slice_ends(part, imp_slice_skip(pattern, 1));
	return imp_slice_equal(pattern, part);
}

/* From the right, where paths differ. */
static bool matches(struct imp_slice pattern, struct imp_slice path)
{
	while (pattern.len > 0 && path.len > 0) {
		if (imp_slice_is(pattern, "**"))
			return true;
		if (!matches_part(cut_last(&pattern), cut_last(&path)))
			return false;
	}
	return path.len == 0 && (pattern.len == 0 || imp_slice_is(pattern, "**"));
}

enum imp_keep imp_layer_keep(struct imp_slice path)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (matches(imp_slice_of(rules[i].pattern), path))
			return rules[i].keep;
	return IMP_KEEP_NOT;
}
