/* Files that a layer shipped again: what it changed of them, and the command that does it in time. */
#include "describe_priv.h"

unsigned imp_draft_changes(const struct imp_draft *draft)
{
	unsigned all = 0;

	for (unsigned change = 0; change < IMP_CHANGES; change++)
		if (draft->changes[change] > 0)
			all |= change;
	return all;
}

/* The entry that took the place of the draft's largest file. false when its layer was not read. */
static bool find_newer(const struct imp_describer *describer,
		       const struct imp_draft *draft, uint32_t *mode, uint64_t *uid,
		       uint64_t *gid)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_tree *tree = describer->input->tree;
	const struct imp_profile *profile = describer->input->profiles[draft->hider];
	struct imp_entry entry;
	bool found = false;

	if (!profile)
		return false;
	imp_tree_path(tree, imp_tree_record(tree, draft->largest)->node, &path);
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	while (imp_profile_cursor_next(cursor, &entry)) {
		if (entry.type != IMP_ENTRY_FILE ||
		    !imp_slice_equal(entry.path, imp_strbuf_slice(&path)))
			continue;
		*mode = entry.mode;
		*uid = entry.uid;
		*gid = entry.gid;
		found = true;
	}
	return found;
}

/* What the layer runs that shipped the files again, when it is short enough to be repeated. */
static const char *same_command(const struct imp_describer *describer,
				const struct imp_draft *draft)
{
	enum { SHORT_BYTES = 80 };
	const struct imp_image *image = describer->input->image;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_slice run = draft->hider < image->layer_count
				       ? image->layers[draft->hider].instruction
				       : (struct imp_slice){0};

	if (!imp_slice_starts(run, IMP_SLICE("RUN ")) || run.len > SHORT_BYTES)
		return "the same command";
	imp_strbuf_add_char(&text, '`');
	imp_escape_terminal(&text, imp_slice_skip(run, strlen("RUN ")));
	imp_strbuf_add_char(&text, '`');
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}

void imp_describe_change(const struct imp_describer *describer,
			 const struct imp_draft *draft, struct imp_words *words)
{
	unsigned changes = imp_draft_changes(draft);
	struct imp_arena *arena = describer->arena;
	const char *path = words->values[IMP_WORD_PATH];
	unsigned long long u, g;
	uint64_t uid = 0, gid = 0;
	uint32_t mode = 0;

	words->values[IMP_WORD_METACOMMAND] = same_command(describer, draft);
	if (!(changes & (IMP_CHANGE_OWNER | IMP_CHANGE_MODE)) ||
	    !find_newer(describer, draft, &mode, &uid, &gid))
		return;
	u = uid;
	g = gid;
	bool owner = changes & IMP_CHANGE_OWNER, chmod = changes & IMP_CHANGE_MODE;
	if (owner && chmod)
		words->values[IMP_WORD_COPYFLAGS] = imp_arena_printf(
			arena, "--chown=%llu:%llu --chmod=%o", u, g, mode);
	else if (owner)
		words->values[IMP_WORD_COPYFLAGS] =
			imp_arena_printf(arena, "--chown=%llu:%llu", u, g);
	else
		words->values[IMP_WORD_COPYFLAGS] =
			imp_arena_printf(arena, "--chmod=%o", mode);
	if (owner && !chmod)
		words->values[IMP_WORD_METACOMMAND] =
			imp_arena_printf(arena, "`chown -R %llu:%llu %s`", u, g, path);
}
