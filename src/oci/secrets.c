/* Values of build arguments: builders write them down in what they record of a build. */
#include <stdlib.h>

#include "imgprof/strbuf.h"

#include "ascii_priv.h"
#include "dockerfile_priv.h"
#include "secrets_priv.h"

/* What is replaced; and so many values are looked for, each in all of a text. */
#define MASK "***"
enum {
	VALUES_MAX = 256,
	HISTORY_BYTES = 4, /* shorter values are not looked for in a history */
};

void imp_secrets_add(struct imp_secrets *secrets, struct imp_slice value)
{
	if (value.len == 0 || secrets->count == VALUES_MAX)
		return;
	secrets->values = imp_xgrow(secrets->values, &secrets->capacity,
				    secrets->count + 1, sizeof(*secrets->values));
	secrets->values[secrets->count++] = value;
}

void imp_secrets_finish(struct imp_secrets *secrets)
{
	free(secrets->values);
	*secrets = (struct imp_secrets){0};
}

static bool is_word_letter(char c)
{
	return imp_is_alnum(c) || c == '_';
}

/* VALUE stands at AT in TEXT, and not as a part of a longer word. */
static bool stands_at(struct imp_slice text, size_t at, struct imp_slice value)
{
	size_t end = at + value.len;

	if (memcmp(text.data + at, value.data, value.len) != 0)
		return false;
	if (at > 0 && is_word_letter(text.data[at - 1]) && is_word_letter(value.data[0]))
		return false;
	return end == text.len || !is_word_letter(text.data[end]) ||
	       !is_word_letter(value.data[value.len - 1]);
}

static struct imp_slice mask_one(struct imp_slice text, struct imp_slice value,
				 struct imp_arena *arena)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	size_t kept = 0;

	for (size_t at = 0; at + value.len <= text.len;) {
		const char *found =
			memmem(text.data + at, text.len - at, value.data, value.len);
		if (!found)
			break;
		at = (size_t)(found - text.data);
		if (!stands_at(text, at, value)) {
			at++;
			continue;
		}
		imp_strbuf_add(&out, text.data + kept, at - kept);
		imp_strbuf_add_text(&out, MASK);
		at += value.len;
		kept = at;
	}
	if (kept == 0)
		return text;
	imp_strbuf_add(&out, text.data + kept, text.len - kept);
	return imp_arena_copy(arena, imp_strbuf_slice(&out));
}

struct imp_slice imp_secrets_mask(const struct imp_secrets *secrets,
				  struct imp_slice text, size_t least,
				  struct imp_arena *arena)
{
	for (size_t i = 0; i < secrets->count; i++) {
		struct imp_slice value = secrets->values[i];
		/* One with a line end stands in no line, and lines are counted. */
		if (value.len >= least && !memchr(value.data, '\n', value.len))
			text = mask_one(text, value, arena);
	}
	return text;
}

/* Histories. */

static bool is_version_letter(char c)
{
	return imp_is_digit(c) || c == '.';
}

/* Folders and versions are what most arguments are for: builders put them into many instructions,
 * which would say nothing without. */
static bool tells_nothing(struct imp_slice value)
{
	return imp_slice_starts(value, IMP_SLICE("/")) ||
	       imp_all(value, is_version_letter);
}

void imp_secrets_add_history(struct imp_secrets *secrets, const struct imp_config *config,
			     struct imp_arena *arena)
{
	for (size_t i = 0; i < config->history_count; i++) {
		const struct imp_history *entry = &config->history[i];
		struct imp_slice text =
			imp_instruction_clean(entry->created_by, entry->comment, arena);
		if (!imp_slice_is(imp_dockerfile_word(&text), "ARG"))
			continue;
		imp_slice_cut(&text, '=');
		text = imp_slice_trim(text, "\"'");
		if (!tells_nothing(text))
			imp_secrets_add(secrets, text);
	}
}

static struct imp_slice mask_argument(struct imp_slice text, struct imp_arena *arena)
{
	struct imp_slice rest = text, name = imp_slice_cut(&rest, '=');

	return rest.data && rest.len > 0
		       ? imp_slice_of(imp_arena_printf(arena, "%.*s=***", (int)name.len,
						       name.data))
		       : text;
}

/* A shell replaces no variables in what is written down of a RUN; elsewhere the builder does. */
struct imp_slice imp_secrets_mask_instruction(const struct imp_secrets *secrets,
					      struct imp_slice text,
					      struct imp_arena *arena)
{
	struct imp_slice rest = text, keyword = imp_dockerfile_word(&rest);

	if (imp_slice_is(keyword, "RUN"))
		return text;
	if (imp_slice_is(keyword, "ARG"))
		return mask_argument(text, arena);
	return imp_secrets_mask(secrets, text, HISTORY_BYTES, arena);
}
