#include "blame.h"
#include "diff_words.h"

void imp_blame_tags(const struct imp_blame_row *row, struct imp_strbuf *out)
{
	for (size_t i = 0; i < row->tag_count; i++) {
		imp_strbuf_add_text(out, i ? ", " : "");
		imp_strbuf_add_slice(out, row->tags[i]);
	}
}

static void add_version(const struct imp_reason_words *words, struct imp_strbuf *out)
{
	if (words->version_before.len) {
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, words->version_before);
	}
	if (words->version_after.len) {
		imp_strbuf_add_text(out, words->version_before.len ? " -> " : " ");
		imp_strbuf_add_slice(out, words->version_after);
	}
}

void imp_blame_cause(const struct imp_blame_row *row, struct imp_strbuf *out)
{
	struct imp_reason_words words;

	if (!row->has_cause)
		return;
	imp_reason_words(&row->cause, &words);
	imp_strbuf_add_slice(out, imp_strbuf_slice(&words.before));
	imp_strbuf_add_slice(out, words.subject);
	add_version(&words, out);
	imp_strbuf_add_slice(out, imp_strbuf_slice(&words.after));
	imp_reason_words_finish(&words);
	if (row->cause.instruction.len) {
		imp_strbuf_add_text(out, " by ");
		imp_strbuf_add_slice(out, row->cause.instruction);
	}
}

void imp_blame_watched(const struct imp_blame *blame, struct imp_strbuf *out)
{
	if (blame->scope.path.len) {
		imp_strbuf_add_text(out, "in /");
		imp_strbuf_add_slice(out, blame->scope.path);
	} else if (blame->scope.has_class) {
		imp_strbuf_printf(out, "of %s", imp_class_name(blame->scope.class));
	} else {
		imp_strbuf_add_text(out, "on disk");
	}
}

void imp_blame_trouble(const struct imp_blame_row *row, struct imp_strbuf *out)
{
	if (!row->readable)
		imp_strbuf_printf(out, "[not read: %s]", row->trouble);
	else if (!row->complete)
		imp_strbuf_add_text(out, IMP_REPORT_INCOMPLETE);
}

const char *imp_blame_day(const struct imp_blame_row *row, char out[static IMP_SIZE_TEXT])
{
	enum { DAY = 10 };

	out[0] = '\0';
	if (row->dated)
		imp_time_text(row->created_ns, out);
	if (row->dated)
		out[DAY] = '\0';
	return out;
}
