/*
 * Gemfile.lock: sections start in the first column. Below "specs:" of GEM, GIT and PATH a
 * line "    name (version[-platform])" is a gem, a deeper one what it needs; below DEPENDENCIES
 * "  name[ (requirement)][!]" is what the Gemfile asks for; in which group, the lock does not
 * say (gem_groups.c).
 */
#include "gem.h"

#include "imgprof/map.h"

enum { MAX_LINES = 1000000 };

static size_t indent_of(struct imp_slice line)
{
	size_t indent = 0;

	while (indent < line.len && line.data[indent] == ' ')
		indent++;
	return indent;
}

/* "name (1.2.3)" in parts. */
static struct imp_slice split(struct imp_slice line, struct imp_slice *version)
{
	struct imp_slice name = imp_slice_cut(&line, ' ');

	*version = (struct imp_slice){0};
	if (imp_slice_starts(line, IMP_SLICE("(")) &&
	    imp_slice_ends(line, IMP_SLICE(")")))
		*version = imp_slice(line.data + 1, line.len - 2);
	if (imp_slice_ends(name, IMP_SLICE("!")))
		name.len--;
	return name;
}

static struct imp_slice next_line(struct imp_slice *rest)
{
	struct imp_slice line = imp_slice_cut(rest, '\n');

	if (imp_slice_ends(line, IMP_SLICE("\r")))
		line.len--;
	return line;
}

/* Name to the place of its version in TEXT. */
static void index_specs(struct imp_slice text, struct imp_map *specs)
{
	struct imp_slice rest = text, version;
	bool in_specs = false;

	for (int lines = 0; rest.len > 0 && lines < MAX_LINES; lines++) {
		struct imp_slice line = next_line(&rest);
		size_t indent = indent_of(line);
		if (indent == 0)
			in_specs = false;
		else if (indent == 2)
			in_specs = imp_slice_is(line, "  specs:");
		if (indent != 4 || !in_specs)
			continue;
		struct imp_slice name = split(imp_slice_skip(line, 4), &version);
		if (version.len > 0 && !imp_map_get(specs, name, NULL))
			imp_map_set(specs, name, (uint64_t)(version.data - text.data));
	}
}

/* From its place to the ")" or the "-" of a platform. */
static struct imp_slice version_at(struct imp_slice text, size_t place)
{
	size_t end = place;

	while (end < text.len && !memchr(")-\n", text.data[end], 3))
		end++;
	return imp_slice(text.data + place, end - place);
}

void imp_gem_lock_read(struct imp_slice text, imp_gem_root *root, void *context)
{
	struct imp_map specs = {0};
	struct imp_slice rest = text, requirement;
	bool in_dependencies = false;
	uint64_t place;

	index_specs(text, &specs);
	for (int lines = 0; rest.len > 0 && lines < MAX_LINES; lines++) {
		struct imp_slice line = next_line(&rest);
		if (indent_of(line) == 0)
			in_dependencies = imp_slice_is(line, "DEPENDENCIES");
		if (!in_dependencies || indent_of(line) != 2)
			continue;
		struct imp_slice name = split(imp_slice_skip(line, 2), &requirement);
		if (imp_map_get(&specs, name, &place))
			root(context, name, version_at(text, (size_t)place));
	}
	imp_map_finish(&specs);
}
