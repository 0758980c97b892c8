#include "imgprof/image.h"

#include "oci_test.h"

#include "imgprof/warning.h"

#define BUILDKIT "buildkit.dockerfile.v0"

static void expect_with(const char *created_by, const char *comment, const char *shown)
{
	ARENA(arena);
	struct imp_slice clean = imp_instruction_clean(imp_slice_of(created_by),
						       imp_slice_of(comment), arena);
	assert_slice(clean, shown);
}

static void expect(const char *created_by, const char *shown)
{
	expect_with(created_by, "", shown);
}

/* The rows of formats.md 9.2. */

CASE(classic_nop)
{
	expect("/bin/sh -c #(nop)  CMD [\"sh\"]", "CMD [\"sh\"]");
	expect("/bin/sh -c #(nop) COPY file:1234 in / ", "COPY file:1234 in /");
	expect("/bin/sh -c #(nop) ADD file:1 in /", "ADD file:1 in /");
	expect("/bin/sh -c #(nop)CMD x", "CMD x");
	expect("/bin/sh -c #(nop)", "");
}

CASE(classic_run)
{
	expect("/bin/sh -c apt-get update", "RUN apt-get update");
	expect("/bin/sh -c ", "RUN");
}

CASE(classic_run_with_build_arguments)
{
	expect("|1 A=b /bin/sh -c make", "RUN make");
	expect("|2 A=b C=d /bin/sh -c make", "RUN make");
	expect("|1 A= /bin/sh -c make", "RUN make");
	expect("|1 a_KEY-2.x=b /bin/sh -c make", "RUN make");
}

CASE(buildkit_run)
{
	expect_with("RUN /bin/sh -c apt-get update # buildkit", BUILDKIT,
		    "RUN apt-get update");
}

CASE(buildkit_run_with_build_arguments)
{
	expect_with("RUN |1 A=b /bin/sh -c make # buildkit", BUILDKIT, "RUN make");
	expect_with("RUN |0 /bin/sh -c make # buildkit", BUILDKIT, "RUN make");
}

CASE(buildkit_others)
{
	expect_with("COPY a b # buildkit", BUILDKIT, "COPY a b");
	expect_with("ENV A=b", BUILDKIT, "ENV A=b");
	expect_with("CMD [\"x\"]", BUILDKIT, "CMD [\"x\"]");
	expect_with("WORKDIR /app", BUILDKIT, "WORKDIR /app");
}

CASE(buildkit_exporter_is_left_alone)
{
	expect_with("/bin/sh -c something # buildkit", "buildkit.exporter.image.v0",
		    "/bin/sh -c something # buildkit");
	expect_with("pulled from a place", "buildkit.exporter.image.v0",
		    "pulled from a place");
}

CASE(other_shells)
{
	expect("/bin/bash -o pipefail -c make", "RUN make");
	expect("/bin/bash -euxo pipefail -c make", "RUN make");
	expect("/bin/bash -ec make", "RUN make");
	expect("/bin/bash --login -c make", "RUN make");
	expect("/busybox/ash -c make", "RUN make");
	expect("RUN /bin/bash -o pipefail -c make # buildkit", "RUN make");
	expect("|1 A=b /bin/bash -o pipefail -c make", "RUN make");
	expect("/bin/bash -o pipefail -c #(nop) COPY dir:1 in /x ", "COPY dir:1 in /x");
}

CASE(windows_shells)
{
	expect("cmd /S /C #(nop)  CMD [\"cmd\"]", "CMD [\"cmd\"]");
	expect("cmd /S /C dir", "RUN dir");
	expect("C:\\Windows\\System32\\cmd.exe /s /c dir", "RUN dir");
	expect("powershell -Command Get-Item x", "RUN Get-Item x");
	expect("PowerShell.exe -NoProfile -ExecutionPolicy Bypass -Command x", "RUN x");
	expect("pwsh -Command x", "RUN x");
}

CASE(other_tools_are_left_alone)
{
	static const char *const texts[] = {
		"bazel build ...",
		"apko",
		"ko build ko://x",
		"kaniko",
		"jib-gradle-plugin",
		"",
		"sh",
		"bash script.sh",
		"sh -x",
		"shellcheck -c x",
		"apt-get install",
		"cmd",
		"cmd dir /c",
		"cmd xy /c",
		"b2 sdk",
		"powershell xy -Command y",
		"|",
		"|x A=b",
		"RUNNING",
		"RUN",
		"RUN make",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], texts[i]);
}

CASE(white_space_is_single)
{
	expect("RUN /bin/sh -c a &&     b\t\n\r c  # buildkit", "RUN a && b c");
	expect("\n\n", "");
	expect("  COPY  a\v\fb  ", "COPY a b");
}

CASE(heredoc)
{
	expect("RUN /bin/sh -c <<EOF\napt-get update\n  apt-get install x\nEOF # buildkit",
	       "RUN <<EOF apt-get update apt-get install x EOF");
	expect("RUN /bin/sh -c set -e\nmake\n# buildkit", "RUN set -e make");
}

CASE(argument_values_with_spaces)
{
	expect("|1 FLAGS=-O2 -g /bin/sh -c make", "RUN make");
	expect("|2 A=b c d E=f g /bin/sh -c make", "RUN make");
	expect("RUN |1 MSG=a=b c=d e /bin/sh -c make # buildkit", "RUN make");
}

CASE(argument_values_with_newlines)
{
	expect("|1 KEY=first\nsecond\n/bin/sh\n /bin/sh -c make", "RUN make");
}

CASE(argument_value_that_holds_a_shell)
{
	expect("|1 A=x /bin/sh -c secret /bin/sh -c make", "RUN ... make");
}

CASE(command_that_holds_a_shell)
{
	expect("|1 A=b /bin/sh -c make && bash -c install", "RUN ... install");
	expect("/bin/sh -c make && bash -c install", "RUN make && bash -c install");
	expect("|1 A=b /bin/sh -c make && 'bash -c install'",
	       "RUN make && 'bash -c install'");
}

CASE(arguments_counted_by_words)
{
	/* buildah counts the words of all values. */
	expect("|3 A=b c d /bin/sh -c make", "RUN make");
}

CASE(arguments_that_do_not_fit_are_hidden)
{
	static const char *const texts[] = {
		"|2 A=secret /bin/sh -c make",
		"|1 secret /bin/sh -c make",
		"|1 A=secret make",
		"|1 A=secret",
		"|99999999999 A=secret /bin/sh -c make",
		"RUN |2 A=secret /bin/sh -c make # buildkit",
	};
	ARENA(arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct imp_slice clean = imp_instruction_clean(imp_slice_of(texts[i]),
							       IMP_SLICE(""), arena);
		const char *text = imp_arena_copy(arena, clean).data;
		assert_null(strstr(text, "secret"));
		assert_non_null(strstr(text, "RUN (a command behind "));
	}
	expect("|1 A=b", "RUN (a command behind 1 build argument, not shown)");
	expect("|2 A=b", "RUN (a command behind 2 build arguments, not shown)");
}

CASE(argument_count_without_arguments)
{
	expect("|1", "RUN (a command behind 1 build argument, not shown)");
	expect("|0 make", "RUN make");
}

CASE(control_characters_stay_raw)
{
	ARENA(arena);
	struct imp_slice clean = imp_instruction_clean(
		IMP_SLICE("RUN /bin/sh -c a\x1b[31m\0b"), IMP_SLICE(""), arena);
	assert_true(imp_slice_equal(clean, IMP_SLICE("RUN a\x1b[31m\0b")));
}

CASE(many_shells_take_no_time)
{
	/* 1 MiB of words that all start a shell whose options never end. */
	ARENA(arena);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	imp_strbuf_add_text(&text, "|1 A=b");
	while (text.len < 1 << 20)
		imp_strbuf_add_text(&text, " sh -o");
	struct imp_slice clean =
		imp_instruction_clean(imp_strbuf_slice(&text), IMP_SLICE(""), arena);
	assert_slice(clean, "RUN (a command behind 1 build argument, not shown)");
}

/* Mapping to layers: formats.md 9.1. HISTORY is a string of letters: 'e' an empty layer,
 * '0' an entry that was null, any other the created_by of a layer. */
static const struct imp_slice *map(const char *history, size_t layers,
				   struct imp_arena *arena, struct imp_warnings *warnings)
{
	size_t count = strlen(history);
	struct imp_history *entries = imp_arena_array(arena, count, sizeof(*entries));
	for (size_t i = 0; i < count; i++) {
		struct imp_slice letter = imp_slice(&history[i], 1);
		entries[i].created_by = history[i] == '0' ? IMP_SLICE("") : letter;
		entries[i].comment = IMP_SLICE("");
		entries[i].empty_layer = history[i] == 'e';
	}
	struct imp_config config = {.history = entries, .history_count = count};
	return imp_layer_instructions(&config, layers, arena, warnings);
}

static void destroy_warnings(struct imp_warnings **warnings)
{
	imp_warnings_destroy(*warnings);
}

static void assert_empty(struct imp_slice slice)
{
	assert_non_null(slice.data);
	assert_int_equal(slice.len, 0);
}

/* EXPECTED is one letter for each layer, '0' for none. */
static void expect_map(const char *history, const char *expected, const char *warning)
{
	ARENA(arena);
	imp_auto(destroy_warnings) struct imp_warnings *warnings = imp_warnings_create();
	size_t layers = strlen(expected);
	const struct imp_slice *instructions = map(history, layers, arena, warnings);
	for (size_t i = 0; i < layers; i++)
		if (expected[i] == '0')
			assert_empty(instructions[i]);
		else
			assert_true(imp_slice_equal(instructions[i],
						    imp_slice(&expected[i], 1)));
	assert_int_equal(imp_warnings_count(warnings), warning ? 1 : 0);
	if (!warning)
		return;
	const struct imp_warning *raised = imp_warnings_get(warnings, 0);
	assert_string_equal(raised->code, "history-mismatch");
	assert_int_equal(raised->layer, IMP_NO_LAYER);
	assert_string_equal(raised->message, warning);
}

CASE(history_fits)
{
	expect_map("abc", "abc", NULL);
}

CASE(history_with_empty_layers)
{
	expect_map("eaebee", "ab", NULL);
}

CASE(history_with_null_entries)
{
	expect_map("a0b", "a0b", NULL);
}

CASE(no_history)
{
	expect_map("", "000", NULL);
}

CASE(fewer_entries_than_layers)
{
	expect_map("aeb", "ab00", "history entries with a layer: 2, layers: 4");
}

CASE(more_entries_than_layers)
{
	expect_map("abecd", "ab", "history entries with a layer: 4, layers: 2");
}

CASE(all_entries_empty)
{
	expect_map("eee", "00", "history entries with a layer: 0, layers: 2");
}

CASE(no_layers)
{
	expect_map("ee", "", NULL);
	expect_map("", "", NULL);
	expect_map("a", "", "history entries with a layer: 1, layers: 0");
}

CASE(warnings_may_be_dropped)
{
	ARENA(arena);
	const struct imp_slice *instructions = map("a", 2, arena, NULL);
	assert_slice(instructions[0], "a");
}

CASE(layers_get_clean_instructions)
{
	ARENA(arena);
	const struct imp_history history[] = {
		{.created_by = IMP_SLICE("/bin/sh -c #(nop) ADD file:1 in / "),
		 .comment = IMP_SLICE("")},
		{.created_by = IMP_SLICE("RUN |1 T=s /bin/sh -c x # buildkit"),
		 .comment = IMP_SLICE(BUILDKIT)},
	};
	struct imp_config config = {.history = history, .history_count = 2};
	const struct imp_slice *instructions =
		imp_layer_instructions(&config, 2, arena, NULL);
	assert_slice(instructions[0], "ADD file:1 in /");
	assert_slice(instructions[1], "RUN x");
}
