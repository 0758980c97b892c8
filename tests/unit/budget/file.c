/* The budget file: every mistake is told with its place (reference/ecosystem.md 1.7). */
#include "case.h"

#include <stdio.h>

#include "imgprof/budget.h"
#include "imgprof/strbuf.h"

#define HEAD "version: 1\nimages:\n  - match: \"*\"\n    budgets:\n"

static void refuse(const char *text, const char *part, const char *hint)
{
	struct imp_budget *budget = NULL;
	struct imp_error err = {0};

	assert_fails(imp_budget_parse(imp_slice_of(text), "b.yaml", &budget, &err),
		     IMP_E_USAGE, part, &err);
	if (!strstr(err.hint, hint))
		fail_msg("hint '%s' lacks '%s'", err.hint, hint);
}

static void accept(const char *text)
{
	struct imp_budget *budget = NULL;
	struct imp_error err = {0};

	assert_ok(imp_budget_parse(imp_slice_of(text), "b.yaml", &budget, &err), &err);
	imp_budget_destroy(budget);
}

CASE(the_sketch_of_the_manual_is_read)
{
	accept("version: 1\n"
	       "images:\n"
	       "  - match: \"ghcr.io/acme/web*\"\n"
	       "    platforms: [linux/amd64, linux/arm64]\n"
	       "    budgets:\n"
	       "      - {metric: pull, max: 450MB, level: fail}\n"
	       "      - {metric: pull, max_rise: 20MB, max_rise_pct: 5, when: both}\n"
	       "      - {metric: wasted, max_pct: 2, only_above: 20MB, level: warn}\n"
	       "      - {path: \"/code/node_modules/**\", max: 60MB}\n"
	       "      - {package: \"npm:lighthouse\", forbid: true, why: \"build tool\"}\n"
	       "    waive:\n"
	       "      - {package: \"npm:lighthouse\", until: 2026-12-31, why: \"I\"}\n"
	       "defaults: {ignore_below: 64kB, require_base: false}\n");
}

CASE(json_of_the_same_schema_is_read)
{
	accept("{\"version\": 1, \"images\": [{\"match\": \"*\", \"budgets\": "
	       "[{\"metric\": \"pull\", \"max\": 1000}]}]}");
}

CASE(the_rules_of_findings_are_somebody_elses)
{
	accept("rules: {whatever: 1}\nimages: []\n");
}

CASE(units_are_never_guessed_at)
{
	static const struct {
		const char *size, *hint;
	} slips[] = {
		{"1mb", "MB"}, {"1Mb", "MB"},    {"1M", "MB"},   {"1KB", "kB"},
		{"1k", "kB"},  {"1mib", "MiB"},  {"1Gi", "GiB"}, {"ten", "a number of"},
		{"-1", "a n"}, {"1.5", "a num"}, {"1PB", "a n"},
	};
	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++) {
		char text[256];
		snprintf(text, sizeof(text), HEAD "      - {metric: pull, max: %s}\n",
			 slips[i].size);
		refuse(text, "b.yaml:5:29: ", slips[i].hint);
	}
	static const char *const good[] = {"0",    "512",  "10 kB", "1.5MB",
					   "2GB",  "1TB",  "1KiB",  "64MiB",
					   "1GiB", "1TiB", "7B"};
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		char text[256];
		snprintf(text, sizeof(text), HEAD "      - {metric: pull, max: %s}\n",
			 good[i]);
		accept(text);
	}
}

CASE(unknown_words_are_told_with_what_is_near)
{
	refuse("image: []\n", "b.yaml:1:1: unknown key 'image'", "images");
	refuse(HEAD "      - {metric: pul, max: 1}\n", "b.yaml:5:18: unknown metric",
	       "pull");
	refuse(HEAD "      - {class: tolchain, max: 1}\n", "b.yaml:5:17: unknown class",
	       "toolchain");
	refuse(HEAD "      - {class: wasted, max: 1}\n",
	       "b.yaml:5:17: ", "metric: wasted");
	refuse(HEAD "      - {package: \"nmp:x\", max: 1}\n", "unknown package manager",
	       "npm");
	refuse(HEAD "      - {package: x, max: 1}\n", "not MANAGER:NAME", "npm:");
	refuse(HEAD "      - {metric: pull, maxi: 1}\n", "b.yaml:5:24: unknown key",
	       "max");
	refuse("defaults: {ignore: 1}\n", "unknown key", "");
	refuse("version: 2\n", "version '2'", "");
}

CASE(a_rule_has_one_selector_and_a_bound)
{
	refuse(HEAD "      - {max: 1}\n", "b.yaml:5:9: expected one of metric", "");
	refuse(HEAD "      - {metric: pull, path: x, max: 1}\n", "found 2", "");
	refuse(HEAD "      - {metric: pull}\n", "without bound", "");
	refuse(HEAD "      - {metric: pull, forbid: false}\n", "without bound", "");
	refuse(HEAD "      - {metric: pull, max_rise: 1, when: both}\n", "when: both",
	       "");
	refuse(HEAD "      - {metric: pull, max: 1, when: always}\n", "both or either",
	       "");
	refuse(HEAD "      - {metric: pull, max: 1, level: error}\n", "fail or warn", "");
	refuse(HEAD "      - {metric: new_layer, max_rise: 1}\n", "a rise itself", "max");
	refuse(HEAD "      - {metric: files, max_pct: 1}\n", "counts things", "");
	refuse(HEAD "      - {metric: files, max: 1MB}\n", "no number of things", "");
	refuse(HEAD "      - {metric: pull, max_rise_pct: 5%}\n", "no percentage", "");
	refuse("images:\n  - budgets: []\n", "no match", "");
}

CASE(a_second_document_is_not_left_out_in_silence)
{
	accept("---\nversion: 1\n...\n# the end\n");
	refuse("version: 1\n---\nimages: []\n", "b.yaml:3:1: a second document", "");
	refuse("version: 1\n---\n\"\n", "no YAML", "");
}

CASE(a_floor_of_rises_needs_a_rise_in_bytes)
{
	refuse(HEAD "      - {metric: pull, max: 1, ignore_below: 1kB}\n",
	       "b.yaml:5:9: ignore_below is a floor of rises", "only_above");
	refuse(HEAD "      - {metric: layers, max_rise: 1, ignore_below: 1}\n",
	       "layers counts things", "");
	accept(HEAD "      - {metric: pull, max_rise: 1, ignore_below: 1kB}\n");
}

CASE(a_waiver_ends_on_a_day)
{
#define WAIVE "images:\n  - match: \"*\"\n    waive:\n"
	refuse(WAIVE "      - {metric: pull}\n", "without end", "");
	refuse(WAIVE "      - {metric: pull, until: soon}\n", "no day", "");
	refuse(WAIVE "      - {metric: pull, until: 2026-02-30}\n", "no day", "");
	refuse(WAIVE "      - {metric: pull, until: 9999-12-31}\n", "no day before 2262",
	       "");
	refuse(WAIVE "      - {until: 2026-02-03}\n", "found 0", "");
	accept(WAIVE "      - {metric: pull, until: 2026-02-28}\n");
}

CASE(aliases_do_not_multiply_rules_without_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "images:\n  - &e\n    match: x\n    budgets: [");
	for (int i = 0; i < 100; i++)
		imp_strbuf_add_text(&text, "{metric: pull, max: 1}, ");
	imp_strbuf_add_text(&text, "]\n");
	for (int i = 0; i < 50000; i++)
		imp_strbuf_add_text(&text, "  - *e\n");
	refuse(text.data, "more than 2000 entries and rules", "");
}
