/* What a rule calls its findings in any image: its title without what one image puts in. */
#include "words_priv.h"

#include "imgprof/cleanup.h"

enum { GAP = '\1' }; /* a name or figure of the image, until it is cut */

/* Layers differ from image to image, that it is another one does not. */
static void fill_in(struct imp_strbuf *out, const char *title)
{
	const char gap[] = {GAP, 0};
	struct imp_words words = {0};

	for (int word = 0; word < IMP_WORDS; word++)
		words.values[word] = gap;
	words.values[IMP_WORD_HIDER] = "a later layer";
	words.values[IMP_WORD_WRITER] = "one layer";
	words.values[IMP_WORD_IN] = words.values[IMP_WORD_MORE] = "";
	imp_words_fill(out, title, &words);
}

static bool begins_with_gap(struct imp_slice text)
{
	return text.len > 0 && text.data[0] == GAP;
}

/* "X: compilers" and "X of TeX Live": what stands behind the name. */
static struct imp_slice cut_start(struct imp_slice text)
{
	static const struct imp_slice behind[] = {IMP_SLICE(": "), IMP_SLICE(", "),
						  IMP_SLICE(" of ")};

	if (!begins_with_gap(text))
		return text;
	text = imp_slice_skip(text, 1);
	for (size_t i = 0; i < sizeof(behind) / sizeof(*behind); i++)
		if (imp_slice_starts(text, behind[i]))
			return imp_slice_skip(text, behind[i].len);
	return text;
}

/* "version history of X", "documentation: X, Y": what stands before the name. */
static struct imp_slice cut_end(struct imp_slice text)
{
	static const struct imp_slice joints[] = {IMP_SLICE(": "),   IMP_SLICE(", "),
						  IMP_SLICE(" of "), IMP_SLICE(" in "),
						  IMP_SLICE(" "),    IMP_SLICE("")};
	struct imp_slice rest = text;
	struct imp_slice head = imp_slice_cut(&rest, GAP);

	if (!rest.data)
		return text;
	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++)
		if (imp_slice_ends(head, joints[i]))
			return imp_slice(head.data, head.len - joints[i].len);
	return head;
}

const char *imp_rule_title(struct imp_arena *arena, const char *title)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	fill_in(&text, title);
	return imp_arena_copy(arena, cut_end(cut_start(imp_strbuf_slice(&text)))).data;
}
