/* METADATA and PKG-INFO (headers as in mail, up to the first empty line), requires.txt. */
#include <stdlib.h>

#include "python_priv.h"

static struct imp_slice take_line(struct imp_slice *rest)
{
	struct imp_slice line = imp_slice_cut(rest, '\n');

	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

static void add_requirement(struct python *python, struct python_dist *dist,
			    struct imp_slice text, struct imp_slice marker)
{
	struct imp_requirement requirement;

	if (!imp_requirement_parse(text, &requirement))
		return;
	if (python->requirement_count == PYTHON_MAX_REQUIREMENTS) {
		imp_inventory_unreadable(python->inventory, IMP_MANAGER_PYTHON,
					 IMP_SLICE(""),
					 "more requirements than imgprof follows");
		return;
	}
	python->requirements =
		imp_xgrow(python->requirements, &python->requirement_capacity,
			  python->requirement_count + 1, sizeof(*python->requirements));
	python->requirements[python->requirement_count++] = (struct python_requirement){
		.name = imp_pep503_name(python->arena, requirement.name),
		.extras = requirement.extras,
		.marker = marker.len > 0 ? marker : requirement.marker,
	};
	dist->requirement_count++;
}

static void read_headers(struct python *python, struct python_dist *dist,
			 bool with_requirements)
{
	for (struct imp_slice rest = dist->metadata->content; rest.len > 0;) {
		struct imp_slice value = take_line(&rest);
		if (value.len == 0)
			return;
		struct imp_slice key = imp_slice_cut(&value, ':');
		value = imp_slice_trim(value, " \t");
		if (imp_slice_is(key, "Name") && value.len > 0)
			dist->name = value;
		else if (imp_slice_is(key, "Version"))
			dist->version = value;
		else if (with_requirements && imp_slice_is(key, "Requires-Dist"))
			add_requirement(python, dist, value, (struct imp_slice){0});
	}
}

/* The marker of what stands below "[extra]", "[extra:marker]" or "[:marker]". */
static struct imp_slice section_marker(struct python *python, struct imp_slice section)
{
	struct imp_slice extra = imp_slice_cut(&section, ':');
	imp_auto(imp_strbuf_finish) struct imp_strbuf marker = {0};

	if (section.len > 0) {
		imp_strbuf_add_char(&marker, '(');
		imp_strbuf_add_slice(&marker, section);
		imp_strbuf_add_char(&marker, ')');
	}
	if (extra.len > 0) {
		imp_strbuf_add_text(&marker,
				    marker.len ? " and extra == \"" : "extra == \"");
		imp_strbuf_add_slice(&marker, extra);
		imp_strbuf_add_char(&marker, '"');
	}
	return imp_arena_copy(python->arena, imp_strbuf_slice(&marker));
}

static void read_requires(struct python *python, struct python_dist *dist)
{
	struct imp_slice marker = {0};

	for (struct imp_slice rest = dist->requires->content; rest.len > 0;) {
		struct imp_slice line = imp_slice_trim(take_line(&rest), " \t");
		if (line.len > 1 && line.data[0] == '[' && line.data[line.len - 1] == ']')
			marker = section_marker(python,
						imp_slice(line.data + 1, line.len - 2));
		else
			add_requirement(python, dist, line, marker);
	}
}

/* "zope.interface-6.1.dist-info", "six-1.16.0-py3.11.egg-info": what is said when there is
 * no metadata. */
static void read_folder_name(struct python *python, struct python_dist *dist)
{
	struct imp_slice rest = imp_tree_name(python->tree, dist->home);
	const char *dot = memrchr(rest.data, '.', rest.len);

	rest.len = (size_t)(dot - rest.data);
	dist->name = imp_slice_cut(&rest, '-');
	dist->version = imp_slice_cut(&rest, '-');
}

void imp_python_read_metadata(struct python *python, struct python_dist *dist)
{
	dist->first_requirement = (uint32_t)python->requirement_count;
	read_folder_name(python, dist);
	if (dist->metadata)
		read_headers(python, dist, !dist->requires);
	if (dist->requires)
		read_requires(python, dist);
}
