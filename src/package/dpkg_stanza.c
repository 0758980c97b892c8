#include "dpkg.h"

#include <ctype.h>
#include <strings.h>

static bool is_same_word(struct imp_slice text, const char *word)
{
	return text.len == strlen(word) && strncasecmp(text.data, word, text.len) == 0;
}

bool imp_dpkg_is_yes(struct imp_slice value)
{
	return is_same_word(value, "yes");
}

/* Where the value of the field NAME goes; NULL for one that is not read. */
static struct imp_slice *field_of(struct dpkg_stanza *stanza, struct imp_slice name)
{
	const struct {
		const char *name;
		struct imp_slice *value;
	} fields[] = {
		{"Package", &stanza->package},
		{"Status", &stanza->status},
		{"Version", &stanza->version},
		{"Source", &stanza->source},
		{"Section", &stanza->section},
		{"Architecture", &stanza->architecture},
		{"Priority", &stanza->priority},
		{"Essential", &stanza->essential},
		{"Protected", &stanza->protected},
		{"Important", &stanza->important},
		{"Auto-Built-Package", &stanza->auto_built},
		{"Auto-Installed", &stanza->auto_installed},
		{"Provides", &stanza->provides},
		{"Pre-Depends", &stanza->pre_depends},
		{"Depends", &stanza->depends},
		{"Recommends", &stanza->recommends},
		{"Suggests", &stanza->suggests},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (is_same_word(name, fields[i].name))
			return fields[i].value;
	return NULL;
}

static bool is_blank(struct imp_slice line)
{
	return imp_slice_trim(line, DPKG_SPACE).len == 0;
}

/* A field's line and the continuation lines behind it, which start with white space. */
static void take_field(struct dpkg_stanza *stanza, struct imp_slice line,
		       struct imp_slice *rest)
{
	struct imp_slice value = line;
	struct imp_slice name = imp_slice_cut(&value, ':');
	const char *end = line.data + line.len;

	while (rest->len > 0 && (rest->data[0] == ' ' || rest->data[0] == '\t')) {
		struct imp_slice more = imp_slice_cut(rest, '\n');
		end = more.data + more.len;
	}
	if (!value.data || name.len == 0) {
		stanza->damaged = true;
		return;
	}
	struct imp_slice *field = field_of(stanza, name);
	if (field)
		*field = imp_slice_trim(imp_slice(value.data, (size_t)(end - value.data)),
					DPKG_SPACE);
}

bool imp_dpkg_stanza_next(struct imp_slice *rest, struct dpkg_stanza *out)
{
	bool found = false;

	*out = (struct dpkg_stanza){0};
	while (rest->len > 0) {
		struct imp_slice line = imp_slice_cut(rest, '\n');
		if (is_blank(line)) {
			if (found)
				return true;
			continue;
		}
		found = true;
		take_field(out, line, rest);
	}
	return found;
}
