/* imgprof rules: what the catalogue looks for. */
#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "imgprof/arena.h"
#include "imgprof/classify.h"
#include "imgprof/cleanup.h"
#include "imgprof/near.h"
#include "imgprof/width.h"
#include "outputs.h"
#include "rules_files.h"

enum { COLUMNS = 80, LABEL = 14 };

/* Of what may be missing in a title. */
static bool is_optional(struct imp_slice placeholder)
{
	return imp_slice_is(placeholder, "more") || imp_slice_is(placeholder, "in");
}

static void add_capitals(struct imp_strbuf *out, struct imp_slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];
		imp_strbuf_add_char(out,
				    c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
}

/* A title or fix with its {placeholders} as WORDS: what fills them depends on the image. */
static void add_general(struct imp_strbuf *out, const char *text)
{
	struct imp_slice rest = imp_slice_of(text);

	while (rest.data) {
		imp_strbuf_add_slice(out, imp_slice_cut(&rest, '{'));
		if (!rest.data)
			return;
		struct imp_slice word = imp_slice_cut(&rest, '}');
		if (!is_optional(word))
			add_capitals(out, word);
	}
}

/* "  label       TEXT", wrapped between words; nothing for an empty text. */
static void add_field(struct imp_strbuf *out, const char *label, struct imp_slice text)
{
	size_t column = LABEL;

	if (text.len == 0)
		return;
	imp_strbuf_printf(out, "  %-*s", LABEL - 2, label);
	while (text.data) {
		struct imp_slice word = imp_slice_cut(&text, ' ');
		size_t width = imp_width(word);
		if (column > LABEL && column + 1 + width > COLUMNS) {
			imp_strbuf_printf(out, "\n%*s", LABEL, "");
			column = LABEL;
		} else if (column > LABEL) {
			imp_strbuf_add_char(out, ' ');
			column++;
		}
		imp_strbuf_add_slice(out, word);
		column += width;
	}
	imp_strbuf_add_char(out, '\n');
}

static void add_general_field(struct imp_strbuf *out, const char *label, const char *text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf general = {0};

	add_general(&general, text);
	add_field(out, label, imp_strbuf_slice(&general));
}

/* Where a rule names packages, the text for these. */
static const char *fix_of(const struct imp_rules *rules, const struct imp_rule *rule)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	const char *text = NULL;

	imp_strbuf_printf(&key, "%s-PACKAGES", rule->fix_kind);
	if (strstr(rule->match, "pkg:"))
		text = imp_fix_text(rules, key.data);
	return text ? text : imp_fix_text(rules, rule->fix_kind);
}

static void explain(const struct imp_rules *rules, size_t number, struct imp_arena *arena,
		    struct imp_strbuf *out)
{
	struct imp_rule rule = imp_rules_get(rules, number);
	const char *fix = fix_of(rules, &rule);

	imp_strbuf_printf(out, "%s: ", rule.id);
	add_general(out, rule.title);
	imp_strbuf_printf(out, "\n  %-*s%s, %s\n", LABEL - 2, "class", rule.class_name,
			  rule.confidence);
	add_field(out, "matches", imp_slice_of(rule.match));
	if (strstr(rule.guard, "sweep"))
		add_field(out, "takes",
			  IMP_SLICE("these packages, and those that nothing else needs"));
	add_field(out, "kept by", imp_slice_of(imp_rule_needs(rules, number, arena)));
	if (strcmp(rule.class_name, "keep") != 0)
		add_field(out, "guards",
			  imp_slice_of(imp_rule_guards(rules, number, arena)));
	if (fix)
		add_general_field(out, "fix", fix);
	add_field(out, "seen", imp_slice_of(rule.source));
}

static int no_rule(const struct imp_rules *rules, const char *id, struct imp_error *err)
{
	size_t count = imp_rules_count(rules);
	imp_auto_free const char **ids = imp_xcalloc(count + 1, sizeof(*ids));

	for (size_t i = 0; i < count; i++)
		ids[i] = imp_rules_get(rules, i).id;
	const char *near = imp_nearest(imp_slice_of(id), ids);
	imp_fail(err, IMP_E_USAGE, "no rule '%s'", id);
	return near ? imp_hint(err, "did you mean %s?", near)
		    : imp_hint(err, "imgprof rules lists them");
}

static int explain_one(const struct imp_rules *rules, const char *id,
		       struct imp_arena *arena, struct imp_strbuf *out,
		       struct imp_error *err)
{
	for (size_t i = 0; i < imp_rules_count(rules); i++)
		if (strcmp(imp_rules_get(rules, i).id, id) == 0) {
			explain(rules, i, arena, out);
			return 0;
		}
	return no_rule(rules, id, err);
}

/* "GEN-LOG            junk       certain   log files", cut to the width. */
static void add_row(struct imp_strbuf *out, const char *id, const char *class_name,
		    const char *confidence, const char *text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf title = {0};
	size_t before = out->len;

	imp_strbuf_printf(out, "  %-17s %-10s %-9s ", id, class_name, confidence);
	add_general(&title, text);
	imp_fit_end(out, imp_strbuf_slice(&title), COLUMNS - (out->len - before), 0);
	imp_strbuf_add_char(out, '\n');
}

static void list(const struct imp_rules *rules, struct imp_strbuf *out)
{
	const char *group = "";

	for (size_t i = 0; i < imp_rules_count(rules); i++) {
		struct imp_rule rule = imp_rules_get(rules, i);
		if (strcmp(rule.group, group) != 0)
			imp_strbuf_printf(out, "%s%s\n", i ? "\n" : "", rule.group);
		group = rule.group;
		add_row(out, rule.id, rule.class_name, rule.confidence, rule.title);
	}
}

static void test_path(const struct imp_rules *rules, const char *path,
		      const char *workdir, struct imp_arena *arena,
		      struct imp_strbuf *out)
{
	const struct imp_rule_match *matches;
	size_t count;

	imp_rules_match(rules, imp_slice_of(path), imp_slice_of(workdir), arena, &matches,
			&count);
	imp_strbuf_add_text(out, path);
	if (count == 0)
		imp_strbuf_add_text(out, workdir && workdir[0]
						 ? ": no rule for its path"
						 : ": no rule for its path (in a "
						   "project: --workdir DIR)");
	imp_strbuf_add_char(out, '\n');
	for (size_t i = 0; i < count; i++) {
		const struct imp_rule_match *match = &matches[i];
		struct imp_rule rule = imp_rules_get(rules, match->rule);
		add_row(out, rule.id, rule.class_name,
			match->guard ? "always" : imp_confidence_name(match->confidence),
			rule.title);
		add_field(out, "    pattern", imp_slice_of(match->pattern));
		add_field(out, "    if", imp_slice_of(match->conditions));
		add_field(out, "    unless",
			  imp_slice_of(imp_rule_needs(rules, match->rule, arena)));
	}
}

static int answer(const struct imp_rules *rules, const struct imp_settings *settings,
		  struct imp_strbuf *out, struct imp_error *err)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	int rc = 0;

	if (settings->test_rules && settings->argument_count == 0)
		return imp_fail(err, IMP_E_USAGE, "--test needs a path");
	if (settings->argument_count == 0)
		list(rules, out);
	for (size_t i = 0; rc == 0 && i < settings->argument_count; i++) {
		const char *argument = settings->arguments[i];
		if (settings->test_rules)
			test_path(rules, argument, settings->workdir, arena, out);
		else
			rc = explain_one(rules, argument, arena, out, err);
	}
	return rc;
}

static int run(const struct imp_context *context, struct imp_settings *settings,
	       struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_auto_destroy(imp_rules) struct imp_rules *rules = NULL;
	int rc = imp_settings_rules(settings, &rules, err);

	(void)context;
	if (rc == 0)
		rc = answer(rules, settings, &out, err);
	return rc < 0 ? rc : imp_output_text(imp_strbuf_slice(&out), err);
}

static const struct imp_option *const options[] = {imp_test_options, imp_rules_options,
						   imp_common_options, NULL};

const struct imp_command imp_command_rules = {
	.name = "rules",
	.summary = "list the classification rules, or explain some",
	.usage = "rules [ID...] | rules --test PATH...",
	.text = "Lists the rules that say what can go: id, class, confidence and what they\n"
		"look for. With IDs, explains these: pattern, guards, fix and source. With\n"
		"--test, says which rules would match a path, were it in an image alone:\n"
		"what only an image can tell is named behind \"if\" and \"unless\".\n"
		"\n"
		"Rules of your own: --rules FILE, or rules: in .imgprof.yaml of the working\n"
		"directory (imgprof.yaml(5)).",
	.examples = "  imgprof rules\n"
		    "  imgprof rules DEB-LISTS\n"
		    "  imgprof rules --test --workdir /code /code/tests/test_app.py",
	.options = options,
	.run = run,
};
