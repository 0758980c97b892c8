#include <stdlib.h>

#include "imgprof/strbuf.h"

#include "pattern_priv.h"

void imp_texts_finish(struct imp_texts *texts)
{
	free(texts->list);
	*texts = (struct imp_texts){0};
}

void imp_texts_add(struct imp_texts *texts, struct imp_slice text)
{
	texts->list = imp_xgrow(texts->list, &texts->capacity, texts->count + 1,
				sizeof(*texts->list));
	texts->list[texts->count++] = text;
}

/* The innermost pair: the first '}' and the last '{' before it. 1 when there is none. */
static int find_pair(struct imp_slice text, size_t *open, size_t *close,
		     struct imp_error *err)
{
	bool opened = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\\') {
			i++;
		} else if (text.data[i] == '{') {
			*open = i;
			opened = true;
		} else if (text.data[i] == '}') {
			*close = i;
			return opened ? 0 : imp_fail(err, IMP_E_USAGE, "'}' without '{'");
		}
	}
	return opened ? imp_fail(err, IMP_E_USAGE, "'{' without '}'") : 1;
}

/* The length of the first alternative in TEXT, up to a ',' that is not escaped. */
static size_t first_alternative(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == ',')
			return i;
	}
	return text.len;
}

/* Replaces the pair at OPEN and CLOSE in entry AT: its first alternative stays there, the
 * others are appended. */
static void choose(struct imp_texts *texts, size_t at, size_t open, size_t close,
		   struct imp_arena *arena)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf built = {0};
	struct imp_slice text = texts->list[at];
	struct imp_slice choices = imp_slice(text.data + open + 1, close - open - 1);

	for (bool first = true, last = false; !last; first = false) {
		size_t len = first_alternative(choices);
		imp_strbuf_reset(&built);
		imp_strbuf_add(&built, text.data, open);
		imp_strbuf_add(&built, choices.data, len);
		imp_strbuf_add_slice(&built, imp_slice_skip(text, close + 1));
		struct imp_slice one = imp_arena_copy(arena, imp_strbuf_slice(&built));
		if (first)
			texts->list[at] = one;
		else
			imp_texts_add(texts, one);
		last = len == choices.len;
		choices = imp_slice_skip(choices, len + 1);
	}
}

int imp_braces_expand(struct imp_slice text, struct imp_arena *arena,
		      struct imp_texts *out, struct imp_error *err)
{
	size_t first = out->count;

	imp_texts_add(out, text);
	for (size_t at = first; at < out->count; at++) {
		size_t open = 0, close = 0;
		int rc;
		while ((rc = find_pair(out->list[at], &open, &close, err)) == 0) {
			choose(out, at, open, close, arena);
			if (out->count - first > IMP_PATTERN_EXPANSIONS)
				return imp_fail(err, IMP_E_USAGE,
						"braces give more than %d patterns",
						IMP_PATTERN_EXPANSIONS);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}
