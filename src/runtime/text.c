#include "imgprof/escape.h"

#include "trail.h"

enum { MAX_SHOWN_BYTES = 200 }; /* of foreign text in one line of evidence */

const char *imp_trail_say(const struct imp_trail *trail, const char *before,
			  struct imp_slice text, const char *after)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	bool cut = text.len > MAX_SHOWN_BYTES;

	imp_strbuf_add_text(&line, before);
	imp_escape_terminal(
		&line, imp_slice(text.data, cut ? (size_t)MAX_SHOWN_BYTES : text.len));
	imp_strbuf_add_text(&line, cut ? "..." : "");
	imp_strbuf_add_text(&line, after);
	return imp_arena_copy(trail->arena, imp_strbuf_slice(&line)).data;
}

struct imp_slice imp_trail_path(const struct imp_trail *trail, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_add_char(&path, '/');
	imp_tree_path(trail->tree, node, &path);
	return imp_arena_copy(trail->arena, imp_strbuf_slice(&path));
}

const char *imp_trail_name(const struct imp_trail *trail, uint32_t node)
{
	return imp_trail_say(trail, "", imp_trail_path(trail, node), "");
}

void imp_trail_unreadable(struct imp_trail *trail, const char *reason)
{
	trail->out->readable = false;
	if (!trail->out->unreadable_reason)
		trail->out->unreadable_reason = reason;
}
