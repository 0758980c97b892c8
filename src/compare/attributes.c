/* Paths that are only seen otherwise: no byte of theirs changed. */
#include "compare_priv.h"

#include <stdlib.h>

#include "imgprof/escape.h"

/* What a path shows: the entry that its mode stands in, and its kind. */
struct sight {
	uint32_t record; /* IMP_NONE: a directory that no entry names */
	uint8_t type;    /* enum imp_entry_type; a hard link is a file */
};

static bool look(const struct imp_comparison *c, uint32_t place, int side,
		 struct sight *out)
{
	uint32_t node = c->places[place].node[side];

	if (node == IMP_NONE || !imp_tree_node(c->tree[side], node)->live)
		return false;
	*out = (struct sight){imp_tree_node(c->tree[side], node)->shown,
			      IMP_ENTRY_DIRECTORY};
	if (out->record == IMP_NONE)
		return true;
	uint32_t file = imp_place_file(c, place, side);
	if (file != IMP_NONE)
		out->record = file;
	out->type = imp_tree_record(c->tree[side], out->record)->type;
	return true;
}

static struct imp_slice link_of(const struct imp_comparison *c, int side,
				const struct sight *sight)
{
	if (sight->type != IMP_ENTRY_SYMLINK)
		return (struct imp_slice){NULL, 0};
	return imp_tree_text(c->tree[side],
			     imp_tree_record(c->tree[side], sight->record)->link);
}

static unsigned compare(const struct imp_comparison *c, const struct sight sights[])
{
	unsigned what = 0;

	if (sights[0].type != sights[1].type)
		return IMP_ATTRIBUTE_TYPE;
	if (!imp_slice_equal(link_of(c, 0, &sights[0]), link_of(c, 1, &sights[1])))
		what |= IMP_ATTRIBUTE_LINK;
	if (sights[0].record == IMP_NONE || sights[1].record == IMP_NONE)
		return what;
	struct imp_attributes a = imp_tree_attributes(c->tree[0], sights[0].record);
	struct imp_attributes b = imp_tree_attributes(c->tree[1], sights[1].record);
	if (a.mode != b.mode)
		what |= IMP_ATTRIBUTE_MODE;
	if (a.uid != b.uid || a.gid != b.gid)
		what |= IMP_ATTRIBUTE_OWNER;
	return what;
}

static const char *describe(const struct imp_comparison *c, int side,
			    const struct sight *sight, unsigned what)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (what & IMP_ATTRIBUTE_TYPE)
		imp_strbuf_add_text(
			&text, imp_entry_type_name((enum imp_entry_type)sight->type));
	if (what & (IMP_ATTRIBUTE_MODE | IMP_ATTRIBUTE_OWNER)) {
		struct imp_attributes a =
			imp_tree_attributes(c->tree[side], sight->record);
		imp_strbuf_printf(&text, "%04llo %llu:%llu", (unsigned long long)a.mode,
				  (unsigned long long)a.uid, (unsigned long long)a.gid);
	}
	if (what & IMP_ATTRIBUTE_LINK) {
		imp_strbuf_add_text(&text, text.len ? " -> " : "-> ");
		imp_escape_terminal(&text, link_of(c, side, sight));
	}
	return imp_arena_copy(c->arena, imp_strbuf_slice(&text)).data;
}

static bool differs(const struct imp_comparison *c, uint32_t place, struct sight sights[],
		    unsigned *what)
{
	if (c->places[place].changed || !look(c, place, 0, &sights[0]) ||
	    !look(c, place, 1, &sights[1]))
		return false;
	*what = compare(c, sights);
	return *what != 0;
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_diff_attributes *x = a, *y = b;

	return imp_slice_compare(x->path, y->path);
}

void imp_diff_make_attributes(const struct imp_comparison *comparison,
			      struct imp_diff *out)
{
	struct imp_diff_attributes *rows;
	struct sight sights[IMP_SIDES];
	size_t most = 1, count = 0;
	unsigned what;

	for (uint32_t p = 0; p < comparison->place_count; p++)
		most += differs(comparison, p, sights, &what);
	rows = imp_arena_array(comparison->arena, most, sizeof(*rows));
	for (uint32_t p = 0; p < comparison->place_count; p++) {
		if (!differs(comparison, p, sights, &what))
			continue;
		rows[count++] = (struct imp_diff_attributes){
			.path = imp_place_path(comparison, p),
			.what = what,
			.before = describe(comparison, 0, &sights[0], what),
			.after = describe(comparison, 1, &sights[1], what),
		};
	}
	if (count > 1)
		qsort(rows, count, sizeof(*rows), compare_rows);
	out->attributes = rows;
	out->attribute_count = count;
}
