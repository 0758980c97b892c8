#include "keep.h"

#include <stddef.h>

#include "facts_kind.h"

#define KEEP(pattern, keep) \
	{ \
		{pattern, sizeof(pattern) - 1}, IMP_KEEP_##keep \
	}

/* A component may start with '*' for anything; a leading "**" stands for any folders. */
static const struct rule {
	struct imp_slice pattern;
	enum imp_keep keep;
} rules[] = {
	/* The system itself */
	KEEP("etc/passwd", WHOLE),
	KEEP("etc/os-release", WHOLE),
	KEEP("usr/lib/os-release", WHOLE),
	KEEP("etc/ld.so.conf", WHOLE),
	KEEP("etc/ld.so.conf.d/*.conf", WHOLE),
	KEEP("etc/ld-musl-*.path", WHOLE),
	/* dpkg, apt, chisel */
	KEEP("var/lib/dpkg/status", WHOLE),
	KEEP("var/lib/dpkg/status.d/*", WHOLE),
	KEEP("var/lib/dpkg/info/*.list", WHOLE),
	KEEP("var/lib/dpkg/diversions", WHOLE),
	KEEP("etc/dpkg/dpkg.cfg", WHOLE),
	KEEP("etc/dpkg/dpkg.cfg.d/*", WHOLE),
	KEEP("var/lib/apt/extended_states", WHOLE),
	KEEP("etc/apt/apt.conf", WHOLE),
	KEEP("etc/apt/apt.conf.d/*", WHOLE),
	KEEP("var/lib/chisel/manifest.wall", WHOLE),
	/* apk */
	KEEP("lib/apk/db/installed", WHOLE),
	KEEP("usr/lib/apk/db/installed", WHOLE),
	KEEP("etc/apk/world", WHOLE),
	/* rpm, dnf */
	KEEP("var/lib/rpm/rpmdb.sqlite", DATABASE),
	KEEP("var/lib/rpm/rpmdb.sqlite-wal", DATABASE),
	KEEP("var/lib/rpm/Packages", DATABASE),
	KEEP("var/lib/rpm/Packages.db", DATABASE),
	KEEP("usr/lib/sysimage/rpm/rpmdb.sqlite", DATABASE),
	KEEP("usr/lib/sysimage/rpm/rpmdb.sqlite-wal", DATABASE),
	KEEP("usr/lib/sysimage/rpm/Packages", DATABASE),
	KEEP("usr/lib/sysimage/rpm/Packages.db", DATABASE),
	KEEP("usr/share/rpm/rpmdb.sqlite", DATABASE),
	KEEP("usr/share/rpm/rpmdb.sqlite-wal", DATABASE),
	KEEP("var/lib/dnf/history.sqlite", WHOLE),
	KEEP("var/lib/dnf/history.sqlite-wal", WHOLE),
	KEEP("usr/lib/sysimage/libdnf5/*.toml", WHOLE),
	/* npm, pnpm, yarn, bun */
	KEEP("**/node_modules/.package-lock.json", WHOLE),
	KEEP("**/package-lock.json", WHOLE),
	KEEP("**/npm-shrinkwrap.json", WHOLE),
	KEEP("**/package.json", WHOLE),
	KEEP("**/node_modules/.modules.yaml", WHOLE),
	KEEP("**/node_modules/.pnpm/lock.yaml", WHOLE),
	KEEP("**/pnpm-lock.yaml", WHOLE),
	KEEP("**/pnpm-workspace.yaml", WHOLE),
	KEEP("**/yarn.lock", WHOLE),
	KEEP("**/node_modules/.yarn-integrity", WHOLE),
	KEEP("**/node_modules/.yarn-state.yml", WHOLE),
	KEEP("**/.pnp.cjs", SOURCE),
	KEEP("**/bun.lock", WHOLE),
	/* Node's frameworks */
	KEEP("**/.next/BUILD_ID", WHOLE),
	KEEP("**/required-server-files.json", WHOLE),
	KEEP("**/*.nft.json", WHOLE),
	/* Python */
	KEEP("**/*.dist-info/METADATA", FIELDS),
	KEEP("**/*.dist-info/RECORD", WHOLE),
	KEEP("**/*.dist-info/REQUESTED", WHOLE),
	KEEP("**/*.dist-info/INSTALLER", WHOLE),
	KEEP("**/*.dist-info/direct_url.json", WHOLE),
	KEEP("**/*.dist-info/top_level.txt", WHOLE),
	KEEP("**/*.dist-info/entry_points.txt", WHOLE),
	KEEP("**/*.egg-info", FIELDS),
	KEEP("**/*.egg-info/PKG-INFO", FIELDS),
	KEEP("**/*.egg-info/requires.txt", WHOLE),
	KEEP("**/*.egg-info/installed-files.txt", WHOLE),
	KEEP("**/*.egg-info/top_level.txt", WHOLE),
	KEEP("**/*.egg-info/entry_points.txt", WHOLE),
	KEEP("**/*.pth", SOURCE),
	KEEP("**/pyvenv.cfg", WHOLE),
	KEEP("**/poetry.lock", WHOLE),
	KEEP("**/uv.lock", WHOLE),
	KEEP("**/pdm.lock", WHOLE),
	KEEP("**/Pipfile.lock", WHOLE),
	KEEP("**/pyproject.toml", WHOLE),
	KEEP("**/setup.cfg", WHOLE),
	KEEP("**/conda-meta/*.json", WHOLE),
	/* PHP, Ruby, .NET, Java */
	KEEP("**/composer/installed.json", WHOLE),
	KEEP("**/composer.json", WHOLE),
	KEEP("**/composer.lock", WHOLE),
	KEEP("**/specifications/*.gemspec", WHOLE),
	KEEP("**/specifications/default/*.gemspec", WHOLE),
	KEEP("**/Gemfile", WHOLE),
	KEEP("**/gems.rb", WHOLE),
	KEEP("**/Gemfile.lock", WHOLE),
	KEEP("**/gems.locked", WHOLE),
	KEEP("**/*.deps.json", WHOLE),
	KEEP("**/*.runtimeconfig.json", WHOLE),
	KEEP("**/release", SOURCE),
	/* What starts what */
	KEEP("**/Procfile", WHOLE),
	KEEP("etc/supervisord.conf", WHOLE),
	KEEP("**/supervisord.conf", WHOLE),
	KEEP("**/supervisor/*.conf", WHOLE),
	KEEP("**/supervisor/conf.d/*", WHOLE),
	KEEP("**/supervisord.d/*", WHOLE),
	KEEP("etc/service/*/run", SOURCE),
	KEEP("etc/sv/*/run", SOURCE),
	KEEP("etc/services.d/*/run", SOURCE),
	KEEP("etc/s6/*/run", SOURCE),
	KEEP("etc/cont-init.d/*", SOURCE),
	KEEP("etc/s6-overlay/s6-rc.d/*/run", SOURCE),
	KEEP("etc/s6-overlay/s6-rc.d/*/up", SOURCE),
	KEEP("etc/s6-overlay/s6-rc.d/*/type", SOURCE),
	KEEP("**/nginx/*.conf", SOURCE),
	KEEP("**/nginx/conf.d/*", SOURCE),
	KEEP("**/nginx/sites-enabled/*", SOURCE),
	KEEP("**/nginx/modules-enabled/*", SOURCE),
	KEEP("etc/apache2/*.conf", SOURCE),
	KEEP("etc/apache2/*/*.conf", SOURCE),
	KEEP("etc/apache2/*/*.load", SOURCE),
	KEEP("etc/apache2/envvars", SOURCE),
	KEEP("etc/httpd/conf/*.conf", SOURCE),
	KEEP("etc/httpd/*/*.conf", SOURCE),
	KEEP("usr/local/apache2/conf/httpd.conf", SOURCE),
	KEEP("**/ecosystem.config.js", SOURCE),
	KEEP("**/ecosystem.config.cjs", SOURCE),
	KEEP("**/ecosystem.json", SOURCE),
	KEEP("**/pm2.json", SOURCE),
	KEEP("**/process.json", SOURCE),
	KEEP("**/CACHEDIR.TAG", HEAD),
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

/* '*' stands at most once: in front, or between what is in front and behind. */
static bool matches_part(struct imp_slice pattern, struct imp_slice part)
{
	const char *star = memchr(pattern.data, '*', pattern.len);
	if (!star)
		return imp_slice_equal(pattern, part);
	struct imp_slice front = imp_slice(pattern.data, (size_t)(star - pattern.data));
	struct imp_slice behind = imp_slice_skip(pattern, front.len + 1);
	return part.len >= front.len + behind.len && imp_slice_starts(part, front) &&
	       imp_slice_ends(part, behind);
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

/* Those of packages themselves: what tests and bundles carry inside tells nothing. */
static bool is_package_folder(struct imp_slice path)
{
	struct imp_slice name = cut_last(&path), folder = cut_last(&path);
	if (!imp_slice_is(name, "package.json"))
		return true;
	struct imp_slice above = imp_slice_basename(path);
	if (imp_slice_is(above, "node_modules"))
		return folder.len > 0;
	if (imp_slice_starts(above, IMP_SLICE("@"))) {
		cut_last(&path);
		return imp_slice_is(imp_slice_basename(path), "node_modules");
	}
	return !memmem(path.data, path.len, "node_modules", 12);
}

/* Hundreds of thousands of paths are held against all rules: nearly all fail by the last bytes,
 * those of the folder where any file in it is meant. */
static bool ends_like(struct imp_slice pattern, struct imp_slice path,
		      struct imp_slice folder)
{
	enum { TAIL = 3 }; /* no pattern ends in less, nor has a '*' there */

	if (pattern.data[pattern.len - 1] == '*') {
		pattern.len -= 2;
		path = folder;
	}
	return path.len >= TAIL && memcmp(path.data + path.len - TAIL,
					  pattern.data + pattern.len - TAIL, TAIL) == 0;
}

enum imp_keep imp_layer_keep(struct imp_slice path)
{
	struct imp_slice folder = path;

	cut_last(&folder);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (ends_like(rules[i].pattern, path, folder) &&
		    matches(rules[i].pattern, path))
			return is_package_folder(path) ? rules[i].keep : IMP_KEEP_NOT;
	return IMP_KEEP_NOT;
}

size_t imp_layer_fields_bytes(struct imp_slice content)
{
	struct imp_slice rest = content;

	while (rest.len > 0) {
		size_t start = content.len - rest.len;
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (line.len == 0 || imp_slice_is(line, "\r"))
			return start;
	}
	return content.len;
}

/* Where scripts lie by the hundred that no container starts with. */
static bool holds_no_entry(struct imp_slice path)
{
	static const char *const folders[] = {"var/lib/dpkg/", "usr/share/", "usr/src/",
					      "usr/lib/git-core/"};
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (imp_slice_starts(path, imp_slice_of(folders[i])))
			return true;
	return memmem(path.data, path.len, "node_modules/", 13) &&
	       !memmem(path.data, path.len, "/.bin/", 6);
}

static bool lies_in_bin(struct imp_slice path)
{
	cut_last(&path);
	struct imp_slice folder = imp_slice_basename(path);
	return imp_slice_is(folder, "bin") || imp_slice_is(folder, "sbin") ||
	       imp_slice_is(folder, ".bin");
}

static bool is_shell(struct imp_slice program)
{
	static const char *const shells[] = {"sh",           "bash",     "dash",
					     "ash",          "zsh",      "busybox",
					     "with-contenv", "execlineb"};
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (imp_slice_is(program, shells[i]))
			return true;
	return false;
}

size_t imp_layer_keep_script(struct imp_slice path, struct imp_slice interpreter,
			     size_t disk_bytes)
{
	struct imp_slice program = imp_layer_script_program(interpreter);

	if (holds_no_entry(path))
		return 0;
	if (is_shell(program))
		return disk_bytes < IMP_KEEP_SOURCE_BYTES ? disk_bytes
							  : IMP_KEEP_SOURCE_BYTES;
	bool launches = imp_layer_runs_python(program) || imp_layer_runs_node(program);
	return launches && lies_in_bin(path) && disk_bytes <= IMP_KEEP_LAUNCHER_BYTES
		       ? disk_bytes
		       : 0;
}
