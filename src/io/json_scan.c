#include "json_priv.h"

/* The index behind the string whose first quote is at I. */
static size_t skip_string(struct imp_slice text, size_t i)
{
	for (i++; i < text.len && text.data[i] != '"'; i++)
		if (text.data[i] == '\\')
			i++;
	return i < text.len ? i + 1 : text.len;
}

static bool ends_word(char c)
{
	return memchr(" \t\r\n,:[]{}\"", c, 11) != NULL;
}

static size_t skip_word(struct imp_slice text, size_t i)
{
	while (i < text.len && !ends_word(text.data[i]))
		i++;
	return i;
}

struct imp_json_shape imp_json_scan(struct imp_slice text)
{
	uint64_t depth = 0, words = 0, keys = 0;
	struct imp_json_shape shape = {0};
	for (size_t i = 0; i < text.len;) {
		char c = text.data[i];
		if (c == '"' || !ends_word(c)) {
			words++;
			i = c == '"' ? skip_string(text, i) : skip_word(text, i);
			continue;
		}
		if (c == '{' || c == '[') {
			words++;
			if (++depth > shape.depth)
				shape.depth = depth;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		} else if (c == ':') {
			keys++;
		}
		i++;
	}
	shape.values = words > keys ? words - keys : 0;
	return shape;
}
