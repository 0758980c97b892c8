/*
 * What a project's settings tell of the files that it uses: facts.h, names with a '?', and what
 * configurations of servers name.
 */
#include "trail.h"

static void note(struct imp_trail *trail, const char **evidence, uint32_t node,
		 const char *what)
{
	if (!*evidence)
		*evidence = imp_trail_say(trail, "", imp_trail_path(trail, node), what);
}

/* English needs no files. */
static void add_language(struct imp_trail *trail, uint32_t node, struct imp_slice tag)
{
	if (tag.len == 2 && imp_slice_is(tag, "en"))
		return;
	if (imp_slice_starts(tag, IMP_SLICE("en-")) ||
	    imp_slice_starts(tag, IMP_SLICE("en_")))
		return;
	for (size_t i = 0; i < trail->language_count; i++)
		if (imp_slice_equal(trail->languages[i], tag))
			return;
	trail->languages =
		imp_xgrow(trail->languages, &trail->language_capacity,
			  trail->language_count + 1, sizeof(*trail->languages));
	trail->languages[trail->language_count++] = tag;
	if (!trail->asks_language)
		trail->asks_language = imp_trail_say(
			trail,
			imp_arena_printf(trail->arena, "%s names the language ",
					 imp_trail_name(trail, node)),
			tag, "");
}

bool imp_trail_setting(struct imp_trail *trail, uint32_t node, struct imp_slice name)
{
	struct imp_slice language = IMP_SLICE("?language=");

	if (name.len == 0 || name.data[0] != '?')
		return false;
	if (imp_slice_starts(name, language))
		add_language(trail, node, imp_slice_skip(name, language.len));
	else if (imp_slice_is(name, "?node_modules"))
		note(trail, &trail->names_modules, node, " names node_modules");
	else if (imp_slice_is(name, "?windows"))
		note(trail, &trail->opens_windows, node,
		     " opens a browser that is not headless");
	return true;
}

/* Of nginx and Apache. */
static bool is_of_server(struct imp_slice path)
{
	static const char *const parts[] = {"nginx/", "apache2/", "httpd/"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (memmem(path.data, path.len, parts[i], strlen(parts[i])))
			return true;
	return false;
}

static bool names_modules(struct imp_slice config)
{
	while (config.len > 0) {
		struct imp_slice line =
			imp_slice_trim(imp_slice_cut(&config, '\n'), " \t\r");
		if (line.len > 0 && line.data[0] != '#' &&
		    memmem(line.data, line.len, "node_modules", 12))
			return true;
	}
	return false;
}

void imp_trail_served(struct imp_trail *trail)
{
	const struct imp_contents *contents = trail->input->contents;
	size_t count = imp_contents_live_count(contents);

	for (size_t i = 0; i < count && !trail->names_modules; i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		if (is_of_server(file->path) && names_modules(file->content))
			note(trail, &trail->names_modules, file->node,
			     " names node_modules");
	}
}
