/* Findings as causes: by rule and subject in both images. What is hidden is named by its largest
 * path: the numbers of layers mean nothing in another image. */
#include "reasons_priv.h"

#include "imgprof/escape.h"

static size_t find_text(struct imp_slice text, struct imp_slice part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (memcmp(text.data + i, part.data, part.len) == 0)
			return i;
	return text.len;
}

static bool is_digit(struct imp_slice text)
{
	return text.len > 0 && text.data[0] >= '0' && text.data[0] <= '9';
}

/* Without ", 25.5 MB" at the end. */
static struct imp_slice cut_size(struct imp_slice title)
{
	for (size_t i = title.len; i-- > 0;)
		if (title.data[i] == ',' && i + 2 < title.len &&
		    is_digit(imp_slice_skip(title, i + 2)))
			return imp_slice(title.data, i);
	return title;
}

/* "gcc with 29 more packages: compilers" and "development packages: 3 of 4 packages": the words
 * that hold no count. */
static struct imp_slice cut_count(struct imp_slice title)
{
	struct imp_slice colon = IMP_SLICE(": "), with = IMP_SLICE(" with ");
	size_t at = find_text(title, colon);
	struct imp_slice head = imp_slice(title.data, at);

	if (at == title.len)
		return title;
	struct imp_slice rest = imp_slice_skip(title, at + colon.len);
	if (is_digit(imp_slice_skip(head, find_text(head, with) + with.len)))
		return rest;
	return is_digit(rest) ? head : title;
}

/* Without the subject at the end and the word before it: the row names it. */
static struct imp_slice cut_subject(struct imp_slice title, struct imp_slice subject)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf end = {0};
	size_t len = title.len;

	imp_strbuf_add_char(&end, '/');
	imp_escape_terminal(&end, subject);
	if (subject.len == 0 || !imp_slice_ends(title, imp_strbuf_slice(&end)))
		return title;
	for (len -= end.len; len > 0 && title.data[len - 1] == ' ';)
		len--;
	while (len > 0 && title.data[len - 1] != ' ')
		len--;
	return len > 1 ? imp_slice(title.data, len - 1) : title;
}

static struct imp_slice cut_layer(struct imp_slice title)
{
	return imp_slice(title.data, find_text(title, IMP_SLICE(" by layer")));
}

static void set_words(const struct imp_comparison *c, const struct imp_finding *finding,
		      struct imp_diff_reason *row)
{
	struct imp_slice title = imp_slice_of(finding->title);

	if (finding->class == IMP_CLASS_WASTED) {
		title = cut_layer(title);
		row->title = imp_arena_printf(c->arena, "%.*s by a later layer",
					      (int)title.len, title.data);
		return;
	}
	title = cut_subject(cut_count(cut_size(title)), row->subject);
	/* A title that begins with its subject says all by itself. */
	if (title.len > 0 && title.data[0] == '/')
		row->subject = IMP_SLICE("");
	row->title = imp_arena_copy(c->arena, title).data;
}

/* What tells findings apart, and matches those of both images. */
static struct imp_diff_reason key_of(const struct imp_finding *finding)
{
	bool wasted = finding->class == IMP_CLASS_WASTED;

	return (struct imp_diff_reason){
		.kind = IMP_REASON_FINDING,
		.manager = "",
		.rule = finding->rule,
		.class_name = imp_class_name(finding->class),
		.subject = !wasted                   ? finding->subject
			   : finding->path_count > 0 ? finding->paths[0]
						     : IMP_SLICE(""),
	};
}

void imp_causes_note_findings(struct imp_causes *causes, int side)
{
	const struct imp_comparison *c = causes->comparison;
	const struct imp_findings *findings = c->image[side]->findings;

	for (size_t i = 0; c->findings && i < findings->count; i++) {
		struct imp_diff_reason key = key_of(&findings->list[i]);
		struct imp_cause *cause = imp_causes_get(causes, &key);
		if (cause)
			cause->there[side] = true;
	}
}

uint32_t imp_cause_of_finding(struct imp_causes *causes, int side, uint32_t record)
{
	const struct imp_comparison *c = causes->comparison;
	const struct imp_findings *findings = c->image[side]->findings;

	if (!c->findings || findings->finding_of[record] == IMP_NONE)
		return IMP_NONE;
	uint32_t *known = &causes->of_finding[side][findings->finding_of[record]];
	if (*known != IMP_NONE)
		return *known;
	const struct imp_finding *finding = &findings->list[findings->finding_of[record]];
	struct imp_diff_reason row = key_of(finding);
	uint32_t cause = imp_causes_find(causes, &row);
	struct imp_cause *made = &causes->list[cause];
	if (!made->row.title)
		set_words(c, finding, &made->row);
	if (finding->packages > made->packages[side] + 1)
		made->packages[side] = finding->packages - 1;
	*known = cause;
	return cause;
}
