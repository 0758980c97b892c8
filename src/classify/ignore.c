#include "describe_priv.h"

enum { MAX_LINES = 12 };

struct ignore {
	struct imp_strbuf text;
	struct imp_slice lines[MAX_LINES];
	size_t count, left_out;
};

/* The folder that COPY filled: the project around the finding's paths, "" when none is known. */
static struct imp_slice find_project(const struct imp_describer *describer,
				     struct imp_slice path, struct imp_strbuf *project)
{
	const struct imp_survey *survey = describer->survey;

	for (size_t i = 0; survey && i < survey->spot_count; i++) {
		if (survey->spots[i].step != IMP_PLACE_APP)
			continue;
		imp_strbuf_reset(project);
		imp_tree_path(survey->input->tree, survey->spots[i].node, project);
		imp_strbuf_add_char(project, '/');
		if (imp_slice_starts(path, imp_strbuf_slice(project)))
			return imp_strbuf_slice(project);
	}
	return IMP_SLICE("");
}

/* A name that stands in several folders needs one line. */
static bool is_repeated(const struct imp_finding *finding, size_t path)
{
	struct imp_slice name = imp_slice_basename(finding->paths[path]);

	for (size_t i = 0; i < finding->path_count; i++)
		if (i != path &&
		    imp_slice_equal(imp_slice_basename(finding->paths[i]), name))
			return true;
	return false;
}

static void add_line(struct ignore *ignore, const char *prefix, struct imp_slice path)
{
	for (size_t i = 0; i < ignore->count; i++)
		if (imp_slice_equal(ignore->lines[i], path))
			return;
	if (ignore->count == MAX_LINES) {
		ignore->left_out++;
		return;
	}
	ignore->lines[ignore->count] = path;
	imp_strbuf_add_text(&ignore->text, ignore->count++ ? ", `" : "`");
	imp_strbuf_add_text(&ignore->text, prefix);
	imp_escape_terminal(&ignore->text, path);
	imp_strbuf_add_char(&ignore->text, '`');
}

const char *imp_ignore_lines(const struct imp_describer *describer,
			     const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf project = {0};
	struct ignore ignore = {0};

	for (size_t i = 0; i < finding->path_count; i++) {
		struct imp_slice path = finding->paths[i];
		struct imp_slice folder = find_project(describer, path, &project);
		if (folder.len == 0 || is_repeated(finding, i))
			add_line(&ignore, "**/", imp_slice_basename(path));
		else
			add_line(&ignore, "", imp_slice_skip(path, folder.len));
	}
	if (ignore.left_out > 0 || finding->paths_total > finding->path_count)
		imp_strbuf_add_text(&ignore.text, ", ...");
	const char *lines =
		imp_arena_copy(describer->arena, imp_strbuf_slice(&ignore.text)).data;
	imp_strbuf_finish(&ignore.text);
	return lines;
}
