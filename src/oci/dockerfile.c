/*
 * The text of a Dockerfile as BuildKit splits it: directives, comments, continued lines,
 * here-documents, stages. Only where instructions begin and end matters here, and what
 * stages are built on; no instruction is understood further, none is run.
 */
#include "imgprof/dockerfile.h"

#include "imgprof/cleanup.h"
#include "imgprof/map.h"
#include "imgprof/search.h"
#include "imgprof/strbuf.h"

#include "ascii_priv.h"
#include "dockerfile_priv.h"

/* Beyond any that is written by hand or by a generator. */
enum { LINES_MAX = 100000, HEREDOCS_MAX = 64 };

struct reading {
	struct imp_arena *arena;
	struct imp_dockerfile *file;
	struct imp_slice *lines;
	struct imp_instruction *instructions;
	struct imp_stage *stages;
	struct imp_map stage_names; /* lower case, to their number: the last counts */
	struct imp_strbuf text;     /* of the instruction at hand */
	size_t next;                /* line to read */
	char escape;
};

static void reading_finish(struct reading *reading)
{
	imp_map_finish(&reading->stage_names);
	imp_strbuf_finish(&reading->text);
}

const char *imp_dockerfile_origin_name(enum imp_dockerfile_origin origin)
{
	static const char *const names[IMP_DOCKERFILE_ORIGINS] = {
		[IMP_DOCKERFILE_PROVENANCE] = "provenance",
		[IMP_DOCKERFILE_FILE] = "file",
		[IMP_DOCKERFILE_HISTORY] = "history",
	};
	return names[origin];
}

/* Lines. */

static size_t count_lines(struct imp_slice text)
{
	size_t count = text.len > 0 && text.data[text.len - 1] != '\n';

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '\n';
	return count;
}

static void split_lines(struct reading *reading, struct imp_slice text)
{
	static const struct imp_slice mark = IMP_SLICE("\xef\xbb\xbf");
	size_t count = count_lines(text);

	if (imp_slice_starts(text, mark))
		text = imp_slice_skip(text, mark.len);
	reading->lines = imp_arena_array(reading->arena, count, sizeof(*reading->lines));
	for (size_t i = 0; i < count; i++) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		if (imp_slice_ends(line, IMP_SLICE("\r")))
			line.len--;
		reading->lines[i] = line;
	}
	reading->file->lines = reading->lines;
	reading->file->line_count = count;
}

struct imp_slice imp_dockerfile_trim(struct imp_slice text)
{
	while (text.len > 0 && imp_is_space(text.data[0]))
		text = imp_slice_skip(text, 1);
	while (text.len > 0 && imp_is_space(text.data[text.len - 1]))
		text.len--;
	return text;
}

static bool is_comment(struct imp_slice line)
{
	return imp_slice_starts(imp_dockerfile_trim(line), IMP_SLICE("#"));
}

static bool is_empty(struct imp_slice line)
{
	return imp_dockerfile_trim(line).len == 0;
}

/* "# NAME = VALUE" */
static bool is_directive(struct imp_slice line, struct imp_slice *name,
			 struct imp_slice *value)
{
	struct imp_slice rest = imp_dockerfile_trim(line);

	if (!imp_slice_starts(rest, IMP_SLICE("#")))
		return false;
	rest = imp_slice_skip(rest, 1);
	*name = imp_dockerfile_trim(imp_slice_cut(&rest, '='));
	if (!rest.data)
		return false;
	*value = imp_dockerfile_trim(rest);
	return name->len > 0 && value->len > 0 && imp_all(*name, imp_is_alnum);
}

/* Directives stand in front of all else. */
static void read_directives(struct reading *reading)
{
	struct imp_slice name, value;

	reading->escape = '\\';
	while (reading->next < reading->file->line_count &&
	       is_directive(reading->lines[reading->next], &name, &value)) {
		if (imp_equal_ignoring_case(name, "escape") && imp_slice_is(value, "`"))
			reading->escape = '`';
		reading->next++;
	}
}

/* Takes the mark of a continued line off the end of *LINE: an escape that is not escaped, blanks
 * behind it aside. */
static bool take_continuation(struct imp_slice *line, char escape)
{
	struct imp_slice text = *line;

	while (text.len > 0 &&
	       (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
		text.len--;
	if (text.len == 0 || text.data[text.len - 1] != escape ||
	    (text.len > 1 && text.data[text.len - 2] == escape))
		return false;
	text.len--;
	*line = text;
	return true;
}

/* From the line at hand to the last that continues it, joined. */
static void read_joined(struct reading *reading)
{
	size_t count = reading->file->line_count;
	bool continued = true;

	imp_strbuf_reset(&reading->text);
	for (bool first = true; continued && reading->next < count; first = false) {
		struct imp_slice line = reading->lines[reading->next++];
		if (!first && (is_comment(line) || is_empty(line)))
			continue;
		continued = take_continuation(&line, reading->escape);
		imp_strbuf_add_slice(&reading->text, line);
	}
}

/* Here-documents. */

struct heredoc {
	struct imp_slice name;
	bool tabs; /* leading ones do not count */
};

/* WORD is "<<NAME", "3<<-'NAME'" ... */
static bool parse_heredoc(struct imp_slice word, struct heredoc *out)
{
	while (word.len > 0 && imp_is_digit(word.data[0]))
		word = imp_slice_skip(word, 1);
	if (!imp_slice_starts(word, IMP_SLICE("<<")))
		return false;
	word = imp_slice_skip(word, 2);
	out->tabs = imp_slice_starts(word, IMP_SLICE("-"));
	out->name = imp_slice_trim(imp_slice_skip(word, out->tabs), "\"'");
	return out->name.len > 0 && !memchr(out->name.data, '<', out->name.len);
}

/* The next word of a shell line, quotes inside kept; *REST moves behind it. */
static struct imp_slice take_shell_word(struct imp_slice *rest, char escape)
{
	char quote = '\0';
	size_t i = 0;

	while (rest->len > 0 && imp_is_space(rest->data[0]))
		*rest = imp_slice_skip(*rest, 1);
	for (; i < rest->len && (quote || !imp_is_space(rest->data[i])); i++) {
		char c = rest->data[i];
		if (c == escape && quote != '\'')
			i++;
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
	}
	struct imp_slice word = imp_slice(rest->data, i < rest->len ? i : rest->len);
	*rest = imp_slice_skip(*rest, word.len);
	return word;
}

static size_t find_heredocs(struct imp_slice text, char escape,
			    struct heredoc out[static HEREDOCS_MAX])
{
	size_t count = 0;

	while (text.len > 0 && count < HEREDOCS_MAX)
		if (parse_heredoc(take_shell_word(&text, escape), &out[count]))
			count++;
	return count;
}

static bool ends_heredoc(struct imp_slice line, const struct heredoc *heredoc)
{
	while (heredoc->tabs && imp_slice_starts(line, IMP_SLICE("\t")))
		line = imp_slice_skip(line, 1);
	return imp_slice_equal(line, heredoc->name);
}

/* Behind the joined line its documents, their ends left out. One that never ends takes the rest. */
static void read_heredocs(struct reading *reading)
{
	struct heredoc heredocs[HEREDOCS_MAX];
	imp_auto(imp_strbuf_finish) struct imp_strbuf head = {0};

	/* Their names point into it. */
	imp_strbuf_add_slice(&head, imp_strbuf_slice(&reading->text));
	size_t count = find_heredocs(imp_strbuf_slice(&head), reading->escape, heredocs);
	for (size_t i = 0; i < count; i++)
		while (reading->next < reading->file->line_count) {
			struct imp_slice line = reading->lines[reading->next++];
			if (ends_heredoc(line, &heredocs[i]))
				break;
			imp_strbuf_add_char(&reading->text, '\n');
			imp_strbuf_add_slice(&reading->text, line);
		}
}

/* Instructions. */

struct imp_slice imp_dockerfile_word(struct imp_slice *rest)
{
	size_t len = 0;

	while (rest->len > 0 && imp_is_space(rest->data[0]))
		*rest = imp_slice_skip(*rest, 1);
	while (len < rest->len && !imp_is_space(rest->data[len]))
		len++;
	struct imp_slice word = imp_slice(rest->data, len);
	*rest = imp_slice_skip(*rest, len);
	return word;
}

static struct imp_slice copy_in_case(struct imp_arena *arena, struct imp_slice text,
				     bool upper)
{
	char *copy = imp_arena_alloc(arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++) {
		copy[i] = imp_to_lower(text.data[i]);
		if (upper && imp_is_lower(copy[i]))
			copy[i] = (char)(copy[i] - 'a' + 'A');
	}
	return imp_slice(copy, text.len);
}

static bool has_heredocs(struct imp_slice keyword)
{
	return imp_slice_is(keyword, "RUN") || imp_slice_is(keyword, "COPY") ||
	       imp_slice_is(keyword, "ADD") || imp_slice_is(keyword, "ONBUILD");
}

static uint32_t find_stage(const struct reading *reading, struct imp_slice name)
{
	struct imp_slice lower = copy_in_case(reading->arena, name, false);
	uint64_t number;

	return imp_map_get(&reading->stage_names, lower, &number) ? (uint32_t)number
								  : IMP_DOCKERFILE_NONE;
}

struct imp_slice imp_dockerfile_take_flag(struct imp_slice *rest)
{
	struct imp_slice after = *rest, word = imp_dockerfile_word(&after);

	if (!imp_slice_starts(word, IMP_SLICE("--")))
		return (struct imp_slice){0};
	*rest = after;
	return word;
}

static void read_from(struct reading *reading, struct imp_instruction *instruction)
{
	uint32_t number = (uint32_t)reading->file->stage_count++;
	struct imp_stage *stage = &reading->stages[number];
	struct imp_slice rest = instruction->text;

	while (imp_dockerfile_take_flag(&rest).data)
		;
	*stage = (struct imp_stage){
		.base = imp_dockerfile_word(&rest),
		.first = (uint32_t)(instruction - reading->instructions),
	};
	stage->parent = find_stage(reading, stage->base);
	if (imp_equal_ignoring_case(imp_dockerfile_word(&rest), "as"))
		stage->name = imp_dockerfile_word(&rest);
	if (stage->name.len > 0)
		imp_map_set(&reading->stage_names,
			    copy_in_case(reading->arena, stage->name, false), number);
	instruction->stage = number;
}

static void read_copy(const struct reading *reading, struct imp_instruction *instruction)
{
	static const struct imp_slice from = IMP_SLICE("--from=");
	struct imp_slice rest = instruction->text, flag;
	unsigned long long number;

	while ((flag = imp_dockerfile_take_flag(&rest)).data)
		if (imp_slice_starts(flag, from))
			instruction->from =
				imp_slice_trim(imp_slice_skip(flag, from.len), "\"'");
	if (instruction->from.len == 0)
		return;
	instruction->from_stage = find_stage(reading, instruction->from);
	if (instruction->from_stage == IMP_DOCKERFILE_NONE &&
	    imp_slice_u64(instruction->from, &number) &&
	    number < reading->file->stage_count)
		instruction->from_stage = (uint32_t)number;
}

static void read_instruction(struct reading *reading)
{
	struct imp_instruction *instruction =
		&reading->instructions[reading->file->instruction_count++];
	size_t stages = reading->file->stage_count;
	uint32_t line = (uint32_t)reading->next + 1;

	read_joined(reading);
	struct imp_slice rest = imp_strbuf_slice(&reading->text);
	struct imp_slice keyword =
		copy_in_case(reading->arena, imp_dockerfile_word(&rest), true);
	if (has_heredocs(keyword))
		read_heredocs(reading);
	rest = imp_strbuf_slice(&reading->text);
	imp_dockerfile_word(&rest);
	*instruction = (struct imp_instruction){
		.line = line,
		.last_line = (uint32_t)reading->next,
		.stage = stages > 0 ? (uint32_t)stages - 1 : IMP_DOCKERFILE_NONE,
		.keyword = keyword,
		.text = imp_arena_copy(reading->arena, imp_dockerfile_trim(rest)),
		.from_stage = IMP_DOCKERFILE_NONE,
	};
	if (imp_slice_is(keyword, "FROM"))
		read_from(reading, instruction);
	else if (imp_slice_is(keyword, "COPY"))
		read_copy(reading, instruction);
}

static void count_stages(struct reading *reading)
{
	struct imp_dockerfile *file = reading->file;

	for (size_t i = 0; i < file->stage_count; i++) {
		size_t end = i + 1 < file->stage_count ? reading->stages[i + 1].first
						       : file->instruction_count;
		reading->stages[i].count = (uint32_t)end - reading->stages[i].first;
	}
}

int imp_dockerfile_parse(struct imp_slice text, struct imp_arena *arena,
			 struct imp_dockerfile *out, struct imp_error *err)
{
	imp_auto(reading_finish) struct reading reading = {.arena = arena, .file = out};
	size_t count = count_lines(text);

	*out = (struct imp_dockerfile){0};
	if (count > LINES_MAX)
		return imp_fail(err, IMP_E_LIMIT,
				"a Dockerfile of %zu lines, at most %d are read", count,
				LINES_MAX);
	split_lines(&reading, text);
	reading.instructions =
		imp_arena_array(arena, count, sizeof(*reading.instructions));
	reading.stages = imp_arena_array(arena, count, sizeof(*reading.stages));
	out->instructions = reading.instructions;
	out->stages = reading.stages;
	read_directives(&reading);
	while (reading.next < count) {
		struct imp_slice line = reading.lines[reading.next];
		if (is_comment(line) || is_empty(line))
			reading.next++;
		else
			read_instruction(&reading);
	}
	count_stages(&reading);
	if (out->stage_count > 0)
		imp_dockerfile_ship(out, (uint32_t)out->stage_count - 1);
	return 0;
}

/* Looking things up. */

uint32_t imp_dockerfile_instruction_at(const struct imp_dockerfile *file, uint64_t line)
{
	size_t first = IMP_FIRST_NOT(file->instruction_count, i,
				     file->instructions[i].last_line < line);

	if (first == file->instruction_count || file->instructions[first].line > line)
		return IMP_DOCKERFILE_NONE;
	return (uint32_t)first;
}

static bool same_name(struct imp_slice a, struct imp_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (imp_to_lower(a.data[i]) != imp_to_lower(b.data[i]))
			return false;
	return true;
}

uint32_t imp_dockerfile_stage(const struct imp_dockerfile *file, struct imp_slice name)
{
	unsigned long long number;

	for (size_t i = file->stage_count; name.len > 0 && i-- > 0;)
		if (same_name(file->stages[i].name, name))
			return (uint32_t)i;
	if (imp_slice_u64(name, &number) && number < file->stage_count)
		return (uint32_t)number;
	return IMP_DOCKERFILE_NONE;
}

void imp_dockerfile_ship(struct imp_dockerfile *file, uint32_t target)
{
	struct imp_stage *stages = (struct imp_stage *)(uintptr_t)file->stages;

	for (size_t i = 0; i < file->stage_count; i++)
		stages[i].shipped = false;
	/* A parent stands further up: this ends. */
	for (uint32_t at = target; at != IMP_DOCKERFILE_NONE; at = stages[at].parent)
		stages[at].shipped = true;
}
