#include "imgprof/escape.h"

static bool is_plain(struct imp_slice word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./@+=:,-";

	for (size_t i = 0; i < word.len; i++)
		if (!memchr(plain, word.data[i], sizeof(plain) - 1))
			return false;
	return word.len > 0;
}

void imp_escape_shell(struct imp_strbuf *out, struct imp_slice word)
{
	if (is_plain(word)) {
		imp_strbuf_add_slice(out, word);
		return;
	}
	imp_strbuf_add_char(out, '\'');
	while (word.data) {
		imp_strbuf_add_slice(out, imp_slice_cut(&word, '\''));
		imp_strbuf_add_text(out, word.data ? "'\\''" : "'");
	}
}
