/* Dockerfiles as BuildKit splits them, and lines for layers. */
#include "imgprof/dockerfile.h"

#include "oci_test.h"

static struct imp_dockerfile parse(const char *text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_dockerfile file;

	assert_ok(imp_dockerfile_parse(imp_slice_of(text), arena, &file, &err), &err);
	return file;
}

static void expect_instruction(const struct imp_dockerfile *file, size_t number,
			       uint32_t line, uint32_t last_line, const char *keyword,
			       const char *text)
{
	const struct imp_instruction *at = &file->instructions[number];

	assert_true(number < file->instruction_count);
	assert_int_equal(at->line, line);
	assert_int_equal(at->last_line, last_line);
	assert_slice(at->keyword, keyword);
	assert_slice(at->text, text);
}

CASE(one_instruction_a_line)
{
	ARENA(arena);
	struct imp_dockerfile file =
		parse("# x\n\nfrom a\r\n  run  b c \nCMD [\"d\"]", arena);
	assert_int_equal(file.line_count, 5);
	assert_int_equal(file.instruction_count, 3);
	assert_slice(file.lines[2], "from a");
	expect_instruction(&file, 0, 3, 3, "FROM", "a");
	expect_instruction(&file, 1, 4, 4, "RUN", "b c");
	expect_instruction(&file, 2, 5, 5, "CMD", "[\"d\"]");
}

CASE(continued_lines_with_comments_and_gaps)
{
	ARENA(arena);
	struct imp_dockerfile file = parse(
		"FROM a\nRUN b && \\  \n# no\n\n  # no\n  c \\\n  d\nRUN e\n", arena);
	expect_instruction(&file, 1, 2, 7, "RUN", "b &&   c   d");
	expect_instruction(&file, 2, 8, 8, "RUN", "e");
}

/* An escape that is escaped continues nothing. */
CASE(escaped_escape)
{
	ARENA(arena);
	struct imp_dockerfile file = parse("FROM a\nRUN b \\\\\nRUN c\n", arena);
	assert_int_equal(file.instruction_count, 3);
	expect_instruction(&file, 1, 2, 2, "RUN", "b \\\\");
}

CASE(escape_directive)
{
	ARENA(arena);
	struct imp_dockerfile file = parse("# syntax=docker/dockerfile:1\n# Escape = `\n"
					   "FROM a\nRUN dir c:\\\nRUN b `\n c\n",
					   arena);
	expect_instruction(&file, 1, 4, 4, "RUN", "dir c:\\");
	expect_instruction(&file, 2, 5, 6, "RUN", "b  c");
	/* Behind anything else it is a comment. */
	file = parse("# a comment\n# escape=`\nFROM a\nRUN b `\nRUN c\n", arena);
	assert_int_equal(file.instruction_count, 3);
}

CASE(here_documents)
{
	ARENA(arena);
	struct imp_dockerfile file = parse("FROM a\nRUN <<EOF\nFROM x\n# in it\nEOF\n"
					   "COPY <<A <<-'B' /d/\na\nA\n\tb\n\tB\nRUN c\n",
					   arena);
	assert_int_equal(file.stage_count, 1);
	expect_instruction(&file, 1, 2, 5, "RUN", "<<EOF\nFROM x\n# in it");
	expect_instruction(&file, 2, 6, 10, "COPY", "<<A <<-'B' /d/\na\n\tb");
	expect_instruction(&file, 3, 11, 11, "RUN", "c");
}

CASE(what_is_no_here_document)
{
	ARENA(arena);
	struct imp_dockerfile file =
		parse("FROM a\nRUN echo $((1<<2))\nRUN cat <<<word\nRUN echo \" <<X\"\n"
		      "ENV A=<<X\nRUN b\n",
		      arena);
	assert_int_equal(file.instruction_count, 6);
}

CASE(a_here_document_without_end_takes_the_rest)
{
	ARENA(arena);
	struct imp_dockerfile file = parse("FROM a\nRUN <<EOF\nb\nFROM c\n", arena);
	assert_int_equal(file.instruction_count, 2);
	assert_int_equal(file.instructions[1].last_line, 4);
}

CASE(stages_and_what_they_are_built_on)
{
	ARENA(arena);
	struct imp_dockerfile file =
		parse("ARG X=1\nFROM --platform=$B a:1 AS Base\nRUN x\nFROM base as two\n"
		      "FROM b\nCOPY --chown=1 --from=TWO /x /y\nCOPY --from=0 / /\n"
		      "COPY --from=img:2 / /\n",
		      arena);
	assert_int_equal(file.stage_count, 3);
	assert_int_equal(file.instructions[0].stage, IMP_DOCKERFILE_NONE);
	assert_slice(file.stages[0].name, "Base");
	assert_slice(file.stages[0].base, "a:1");
	assert_int_equal(file.stages[0].parent, IMP_DOCKERFILE_NONE);
	assert_int_equal(file.stages[0].count, 2);
	assert_int_equal(file.stages[1].parent, 0);
	assert_int_equal(file.stages[2].parent, IMP_DOCKERFILE_NONE);
	assert_int_equal(file.instructions[5].from_stage, 1);
	assert_int_equal(file.instructions[6].from_stage, 0);
	assert_int_equal(file.instructions[7].from_stage, IMP_DOCKERFILE_NONE);
	assert_slice(file.instructions[7].from, "img:2");
	assert_true(file.stages[2].shipped && !file.stages[0].shipped);
	imp_dockerfile_ship(&file, imp_dockerfile_stage(&file, IMP_SLICE("TWO")));
	assert_true(file.stages[0].shipped && file.stages[1].shipped);
	assert_false(file.stages[2].shipped);
}

/* A stage called like its own base is not built on itself. */
CASE(a_stage_is_not_its_own_base)
{
	ARENA(arena);
	struct imp_dockerfile file = parse("FROM a AS a\nFROM a AS a\n", arena);
	assert_int_equal(file.stages[0].parent, IMP_DOCKERFILE_NONE);
	assert_int_equal(file.stages[1].parent, 0);
}

CASE(the_instruction_of_a_line)
{
	ARENA(arena);
	struct imp_dockerfile file = parse("# c\nFROM a\nRUN b \\\n c\n\nRUN d\n", arena);
	assert_int_equal(imp_dockerfile_instruction_at(&file, 1), IMP_DOCKERFILE_NONE);
	assert_int_equal(imp_dockerfile_instruction_at(&file, 4), 1);
	assert_int_equal(imp_dockerfile_instruction_at(&file, 5), IMP_DOCKERFILE_NONE);
	assert_int_equal(imp_dockerfile_instruction_at(&file, 6), 2);
	assert_int_equal(imp_dockerfile_instruction_at(&file, 7), IMP_DOCKERFILE_NONE);
}

CASE(too_many_lines)
{
	ARENA(arena);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_dockerfile file;
	struct imp_error err = {0};

	memset(imp_strbuf_reserve(&text, 200000), '\n', 200000);
	assert_fails(
		imp_dockerfile_parse(imp_slice(text.data, 200000), arena, &file, &err),
		IMP_E_LIMIT, "200000 lines", &err);
}

/* By the history. */

enum { ENTRIES = 12 };

struct past {
	struct imp_history history[ENTRIES];
	struct imp_image_layer layers[ENTRIES];
	struct imp_image image;
};

/* Lines of created_by; one that begins with '-' has no layer. */
static const struct imp_image *recall(struct past *past, const char *text)
{
	struct imp_slice rest = imp_slice_of(text);

	*past = (struct past){0};
	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		struct imp_history *entry =
			&past->history[past->image.config.history_count++];
		entry->empty_layer = imp_slice_starts(line, IMP_SLICE("-"));
		entry->created_by = imp_slice_skip(line, entry->empty_layer);
		entry->comment = IMP_SLICE("");
		past->image.layer_count += !entry->empty_layer;
	}
	past->image.config.history = past->history;
	past->image.layers = past->layers;
	return &past->image;
}

static void expect_lines(const struct imp_dockerfile *file, const uint32_t *lines,
			 size_t count)
{
	assert_int_equal(file->layer_count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(file->layers[i].line, lines[i]);
}
#define EXPECT_LINES(file, ...) \
	expect_lines((file), (const uint32_t[]){__VA_ARGS__}, \
		     sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

CASE(matched_as_buildkit_writes)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file =
		parse("FROM a AS build\nRUN make\nFROM b\nARG V=1\n"
		      "WORKDIR /code\nRUN --mount=type=cache,target=/x \\\n"
		      "  apt-get update\nCOPY --from=build /o /app/\n"
		      "RUN <<EOF\necho hi\nEOF\nCMD [\"x\"]\n",
		      arena);
	imp_dockerfile_match(
		&file,
		recall(&past, "ADD base.tar / # buildkit\n-ARG V=2\nWORKDIR /code\n"
			      "RUN |1 V=2 /bin/sh -c apt-get update # buildkit\n"
			      "COPY /o /app/ # buildkit\n"
			      "RUN |1 V=2 /bin/sh -c echo hi # buildkit\n-CMD [\"x\"]"),
		1, arena);
	EXPECT_LINES(&file, 0, 5, 6, 8, 9);
	assert_int_equal(file.layers[0].place, IMP_LAYER_BASE);
}

CASE(matched_as_docker_writes)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file =
		parse("FROM b\nCOPY x y /srv\nRUN a b\nRUN c d\nADD z /opt/\n", arena);
	imp_dockerfile_match(&file,
			     recall(&past, "/bin/sh -c #(nop) ADD file:1 in / \n"
					   "-/bin/sh -c #(nop)  CMD [\"sh\"]\n"
					   "/bin/sh -c #(nop) COPY multi:2 in /srv/ \n"
					   "/bin/sh -c a b\n/bin/sh -c c d\n"
					   "/bin/sh -c #(nop) ADD file:3 in /opt "),
			     1, arena);
	EXPECT_LINES(&file, 0, 2, 3, 4, 5);
}

/* A line that was changed or added since has no layer, and the others keep theirs. */
CASE(matched_with_a_file_that_went_on)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file =
		parse("FROM b\nRUN new thing entirely\nRUN apt-get install -y curl git\n"
		      "COPY . /code\n",
		      arena);
	imp_dockerfile_match(&file,
			     recall(&past, "RUN /bin/sh -c apt-get install -y curl\n"
					   "RUN /bin/sh -c gone now\nCOPY . /code"),
			     0, arena);
	EXPECT_LINES(&file, 3, 0, 4);
	assert_int_equal(file.layers[1].place, IMP_LAYER_ELSEWHERE);
}

/* Of a base with the same instructions the last ones are the file's. */
CASE(matched_from_the_end)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file = parse("FROM b\nWORKDIR /x\nCOPY . .\n", arena);
	imp_dockerfile_match(&file,
			     recall(&past, "WORKDIR /x\nCOPY . .\n-CMD [\"y\"]\nWORKDIR "
					   "/x\nCOPY . ."),
			     2, arena);
	EXPECT_LINES(&file, 0, 0, 2, 3);
}

CASE(more_history_than_layers)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file = parse("FROM b\nRUN a\n", arena);
	recall(&past, "RUN a\nRUN a\nRUN a");
	past.image.layer_count = 1;
	imp_dockerfile_match(&file, &past.image, 9, arena);
	assert_int_equal(file.layer_count, 1);
	imp_dockerfile_rebuild(&past.image, arena, &file);
	EXPECT_LINES(&file, 2);
}

CASE(rebuilt_from_the_history)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file;

	imp_dockerfile_rebuild(
		recall(&past,
		       "bazel build ...\n-ARG TOKEN=s3cret-s3cret\n-ENV A=s3cret-s3cret\n"
		       "RUN /bin/sh -c aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa && "
		       "echo \"b && c\" && dddddddddddddddddddddd # buildkit\n"
		       "COPY s3cret-s3cret /x"),
		arena, &file);
	assert_int_equal(file.origin, IMP_DOCKERFILE_HISTORY);
	static const char *const lines[] = {
		"FROM scratch",
		"# bazel build ...",
		"ARG TOKEN=***",
		"ENV A=***",
		"RUN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa && \\",
		"    echo \"b && c\" && \\",
		"    dddddddddddddddddddddd",
		"COPY *** /x",
	};
	assert_int_equal(file.line_count, sizeof(lines) / sizeof(*lines));
	for (size_t i = 0; i < file.line_count; i++)
		assert_slice(file.lines[i], lines[i]);
	EXPECT_LINES(&file, 2, 5, 8);
}

CASE(no_history_no_lines)
{
	ARENA(arena);
	struct past past;
	struct imp_dockerfile file;

	recall(&past, "");
	past.image.layer_count = 2;
	imp_dockerfile_rebuild(&past.image, arena, &file);
	assert_int_equal(file.line_count, 1);
	EXPECT_LINES(&file, 0, 0);
}

/* Folders and versions are no secrets: instructions would say nothing without them. */
CASE(layers_show_no_build_arguments)
{
	ARENA(arena);
	struct past past;
	recall(&past, "-ARG KEY=abcd1234\n-ARG DIR=/code\n-ARG V=1.2.3\n"
		      "ADD https://abcd1234@x/y /code\nCOPY v1.2.3 xabcd1234 abcd1234\n"
		      "RUN /bin/sh -c echo abcd1234");
	const struct imp_slice *layers =
		imp_layer_instructions(&past.image.config, 3, arena, NULL);
	assert_slice(layers[0], "ADD https://***@x/y /code");
	assert_slice(layers[1], "COPY v1.2.3 xabcd1234 ***");
	/* A shell's variables are not replaced: what stands there the author wrote. */
	assert_slice(layers[2], "RUN echo abcd1234");
}
