/* Diffs of any size and any names, made by hand, and the comment about them. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "case.h"

#include "imgprof/arena.h"
#include "imgprof/report.h"

/* What random names are made of: markup, controls, invalid UTF-8, marks without width. */
static inline struct imp_slice any_name(struct imp_arena *arena, size_t most)
{
	static const char *const parts[] = {
		"a",
		"Z",
		"|",
		"`",
		"\\",
		"\\|",
		"@octocat",
		"#1",
		"<b>",
		"-->",
		"</details>",
		"\n",
		"\r\n",
		"\xff",
		"\xcc\x81",
		"日本",
		"\x1b",
		"\0x",
		"\n| x | y |\n",
		"deadbeef",
		"[x](y)",
		"~~~",
		"é",
		" ",
	};
	size_t wanted = (size_t)random() % most, len = 0;
	char *text = imp_arena_array(arena, wanted + 32, 1);

	while (len < wanted) {
		const char *part =
			parts[(size_t)random() % (sizeof(parts) / sizeof(*parts))];
		size_t part_len = *part ? strlen(part) : 2;
		memcpy(text + len, part, part_len);
		len += part_len;
	}
	return imp_slice(text, len);
}

static inline const char *any_text(struct imp_arena *arena, size_t most)
{
	struct imp_slice name = any_name(arena, most);
	char *text = imp_arena_array(arena, name.len + 1, 1);

	for (size_t i = 0; i < name.len; i++)
		text[i] = name.data[i] ? name.data[i] : 'x';
	return text;
}

static inline struct imp_before_after any_figure(void)
{
	static const uint64_t sizes[] = {1,        1000,       100000,
					 10000000, 1000000000, 100000000000};
	uint64_t most = sizes[(size_t)random() % 6];

	return (struct imp_before_after){(uint64_t)random() % most,
					 (uint64_t)random() % most};
}

static inline struct imp_change_sum any_sum(void)
{
	return (struct imp_change_sum){any_figure(), any_figure()};
}

#define ANY_LIST(diff, member, count_member, type) \
	struct type *member = imp_arena_array(arena, (count) + 1, sizeof(*member)); \
	(diff)->member = member; \
	(diff)->count_member = (count)

static inline void any_lists(struct imp_diff *diff, struct imp_arena *arena, size_t count,
			     size_t name)
{
	ANY_LIST(diff, layers, layer_count, imp_diff_layer);
	ANY_LIST(diff, packages, package_count, imp_diff_package);
	ANY_LIST(diff, attributes, attribute_count, imp_diff_attributes);
	ANY_LIST(diff, settings, setting_count, imp_diff_setting);
	ANY_LIST(diff, reasons, reason_count, imp_diff_reason);
	ANY_LIST(diff, nodes, node_count, imp_diff_node);
	struct imp_slice *versions = imp_arena_array(arena, 4, sizeof(*versions));

	for (size_t i = 0; i < 4; i++)
		versions[i] = any_name(arena, name);
	for (size_t i = 0; i < count; i++) {
		enum imp_diff_state state =
			(enum imp_diff_state)((size_t)random() % IMP_DIFF_STATES);
		layers[i] = (struct imp_diff_layer){
			.before_index = random() % 3 ? (uint32_t)i : IMP_NONE,
			.after_index = (uint32_t)i,
			.state = state,
			.instruction = any_name(arena, name),
			.line = (uint32_t)random() % 3,
			.sum = any_sum()};
		packages[i] = (struct imp_diff_package){
			.manager = random() % 4 ? "npm" : "",
			.name = any_name(arena, name),
			.before_versions = versions,
			.after_versions = versions,
			.before_version_count = (size_t)random() % 5,
			.after_version_count = (size_t)random() % 5,
			.state = state,
			.sum = any_sum()};
		attributes[i] = (struct imp_diff_attributes){
			any_name(arena, name), 1, any_text(arena, name), "0644"};
		settings[i] = (struct imp_diff_setting){
			any_text(arena, name), random() % 2, random() % 2,
			any_name(arena, name), any_name(arena, name)};
		reasons[i] = (struct imp_diff_reason){
			.kind = (enum imp_reason_kind)((size_t)random() %
						       IMP_REASON_REST),
			.subject = any_name(arena, name),
			.manager = "npm",
			.rule = "",
			.title = any_text(arena, name),
			.version_before = any_name(arena, name),
			.version_after = any_name(arena, name),
			.class_name = random() % 2 ? "dev-dep" : any_text(arena, name),
			.others = (uint64_t)random() % 4,
			.state = state,
			.layer = random() % 2 ? 1 : IMP_NONE,
			.layers = (uint32_t)random() % 3,
			.instruction = any_name(arena, name),
			.sum = any_sum()};
		nodes[i] =
			(struct imp_diff_node){.name = any_name(arena, name),
					       .depth = i == 0 ? 0 : 1 + (uint32_t)i % 3,
					       .folder = i % 2,
					       .sum = any_sum()};
	}
	for (size_t i = 0; i < IMP_TOTALS; i++)
		diff->totals[i] = any_figure();
}

static inline const struct imp_diff *any_diff(struct imp_arena *arena, size_t count,
					      size_t name)
{
	struct imp_diff *diff = imp_arena_array(arena, 1, sizeof(*diff));

	*diff = (struct imp_diff){
		.name = random() % 2 ? any_text(arena, name) : NULL,
		.before = {.reference = any_text(arena, name),
			   .platform = {"linux", "amd64", ""}},
		.after = {.reference = any_text(arena, name),
			  .platform = {any_text(arena, name), "amd64", ""}},
		.new_layer_bytes = (uint64_t)random(),
		.origin_known = random() % 2,
		.base = any_sum()};
	any_lists(diff, arena, count, name);
	return diff;
}

/* As --top; 0: not given. */
static uint32_t rows_wanted __attribute__((unused));

/* The caller frees it. */
static inline char *comment_of(const struct imp_report *report,
			       const struct imp_comment_options *comment)
{
	const struct imp_report_options options = {.version = "0.1.0",
						   .rules_version = "r",
						   .top = rows_wanted,
						   .comment = *comment};
	struct imp_error err = {0};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_ok(imp_format_write(imp_format_find("markdown"), report, &options, out,
				   &err),
		  &err);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}
