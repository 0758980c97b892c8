/* The rules file: what it may say, and what is said about its mistakes. */
#include "classify_case.h"

#define FIX "fix\tF-A\tdelete it\n"

static void mistake(const char *text, const char *message)
{
	struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_fails(imp_rules_load(imp_slice_of(text), "my.tsv", &rules, &err),
		     IMP_E_USAGE, message, &err);
	assert_null(rules);
}

/* A mistake in the MATCH column of an otherwise good rule. */
static void bad_match(const char *match, const char *message)
{
	mistake(rule_of(match), message);
}

static struct imp_rules *load(const char *text)
{
	struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_load(imp_slice_of(text), "my.tsv", &rules, &err), &err);
	return rules;
}

CASE(builtin_rules_load)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_builtin(&rules, &err), &err);
	assert_true(imp_rules_count(rules) > 40);
}

CASE(builtin_rules_have_a_fix_each)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_builtin(&rules, &err), &err);
	for (size_t i = 0; i < imp_rules_count(rules); i++) {
		struct imp_rule rule = imp_rules_get(rules, i);
		if (strcmp(rule.class_name, "keep") != 0 &&
		    !imp_fix_text(rules, rule.fix_kind))
			fail_msg("%s: no fix", rule.id);
	}
}

CASE(builtin_rules_give_a_title_and_a_source)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_builtin(&rules, &err), &err);
	for (size_t i = 0; i < imp_rules_count(rules); i++) {
		struct imp_rule rule = imp_rules_get(rules, i);
		if (!rule.title[0] || !rule.source[0])
			fail_msg("%s: no title or source", rule.id);
	}
}

CASE(a_rule_is_shown_as_it_is_written)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = load(
		"# comment\n\nrule\tA-1\t/a/** /b\tcache\tlikely\tunless:A-CC\tat\ta "
		"title\tF-A|F-B\tmeasured\n" FIX "fix\tF-B\tor that\n");
	struct imp_rule rule = imp_rules_get(rules, 0);

	assert_int_equal(imp_rules_count(rules), 1);
	assert_string_equal(rule.id, "A-1");
	assert_string_equal(rule.match, "/a/** /b");
	assert_string_equal(rule.class_name, "cache");
	assert_string_equal(rule.confidence, "likely");
	assert_string_equal(rule.guard, "unless:A-CC");
	assert_string_equal(rule.title, "a title");
	assert_string_equal(rule.fix_kind, "F-A");
	assert_string_equal(rule.source, "measured");
}

CASE(a_guard_is_shown_as_keep)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules =
		load("guard\tK\t/a\tdocs,tests\t-\t-\t-\twhy\t-\tread\n");
	struct imp_rule rule = imp_rules_get(rules, 0);

	assert_string_equal(rule.class_name, "keep");
	assert_string_equal(rule.confidence, "always");
	assert_string_equal(rule.guard, "docs,tests");
	assert_string_equal(rule.title, "why");
}

CASE(a_fix_is_found_by_its_key)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = load(FIX);

	assert_string_equal(imp_fix_text(rules, "F-A"), "delete it");
	assert_null(imp_fix_text(rules, "F-B"));
}

CASE(an_empty_file_has_no_rules)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = load("");

	assert_int_equal(imp_rules_count(rules), 0);
}

CASE(the_last_line_needs_no_newline)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = load("fix\tF-A\tx");

	assert_string_equal(imp_fix_text(rules, "F-A"), "x");
}

CASE(the_version_follows_the_text)
{
	imp_auto_destroy(imp_rules) struct imp_rules *one = load(FIX);
	imp_auto_destroy(imp_rules) struct imp_rules *same = load(FIX);
	imp_auto_destroy(imp_rules) struct imp_rules *other = load(FIX "\n");

	assert_int_equal(strlen(imp_rules_version(one)), 12);
	assert_string_equal(imp_rules_version(one), imp_rules_version(same));
	assert_string_not_equal(imp_rules_version(one), imp_rules_version(other));
}

CASE(an_unknown_kind_is_named_with_line_and_column)
{
	mistake("# x\n\nrul\tX\n",
		"my.tsv:3:1: expected rule, guard, fix, confidence or ignore, not 'rul'");
}

CASE(missing_columns_are_counted)
{
	mistake("rule\tX\t/a\n", "my.tsv:1:1: a line of rule has 10 columns, not 3");
	mistake("fix\tF-A\n", "my.tsv:1:1: a line of fix has 3 columns, not 2");
}

CASE(surplus_columns_are_counted)
{
	mistake("fix\tF-A\tx\ty\n", "a line of fix has 3 columns, not 4");
	mistake("rule\ta\tb\tc\td\te\tf\tg\th\ti\tj\tk\n",
		"a line of rule has 10 columns, not 12");
}

CASE(an_unknown_class_is_named)
{
	mistake(RULE_ROW("X", "/a", "junkk", "certain", "-", "none"),
		"my.tsv:1:11: unknown class 'junkk'");
}

CASE(an_unknown_confidence_is_named)
{
	mistake(RULE_ROW("X", "/a", "junk", "sure", "-", "none"),
		"my.tsv:1:16: unknown confidence 'sure'");
}

CASE(an_unknown_subject_is_named)
{
	mistake(RULE_ROW("X", "/a", "junk", "likely", "-", "here"),
		"my.tsv:1:25: unknown subject 'here'");
}

CASE(an_unknown_fact_is_named)
{
	mistake(RULE_ROW("X", "/a", "junk", "likely", "unless:A-CC,A-XX", "none"),
		"my.tsv:1:35: unknown fact 'A-XX'");
	mistake(RULE_ROW("X", "/a", "junk", "likely", "when:A-CC", "none"),
		"expected unless:, absent:, with: or sweep, not 'when:A-CC'");
}

CASE(an_id_stands_once)
{
	mistake(RULE_ROW("X", "/a", "junk", "likely", "-", "none")
			RULE_ROW("X", "/b", "junk", "likely", "-", "none"),
		"my.tsv:2:6: 'X' stands in line 1 already");
	mistake(FIX FIX, "'F-A' stands in line 1 already");
}

CASE(an_id_is_of_capitals)
{
	mistake(RULE_ROW("x", "/a", "junk", "likely", "-", "none"),
		"my.tsv:1:6: 'x': capitals, digits and '-' only");
	mistake(RULE_ROW("-", "/a", "junk", "likely", "-", "none"), "an id is missing");
	mistake(RULE_ROW("", "/a", "junk", "likely", "-", "none"), "an id is missing");
}

CASE(a_fix_must_exist)
{
	mistake("rule\tX\t/a\tjunk\tlikely\t-\tnone\tx\tF-NO\t-\n",
		"my.tsv:1: X: no fix 'F-NO'");
	mistake("rule\tX\t/a\tjunk\tlikely\t-\tnone\tx\tF-A|F-NO\t-\n" FIX,
		"no fix 'F-NO'");
}

CASE(a_placeholder_must_exist)
{
	mistake("fix\tF-A\tgo to {nowhere}\n",
		"my.tsv:1:16: unknown placeholder '{nowhere}'");
	mistake("rule\tX\t/a\tjunk\tlikely\t-\tnone\tin {x}\t-\t-\n",
		"unknown placeholder '{x}'");
}

CASE(a_pattern_must_be_there)
{
	bad_match("-", "a pattern is missing");
	bad_match("", "divided by one space");
	bad_match("/a  /b", "divided by one space");
}

CASE(a_mistake_in_a_term_has_its_column)
{
	bad_match("/a /b//c", "my.tsv:1:11: pattern '/b//c': an empty component");
}

CASE(the_whole_image_is_no_pattern)
{
	bad_match("/**", "matches the whole image");
	bad_match("**", "matches the whole image");
	bad_match("/", "an empty component");
}

CASE(dots_are_no_components)
{
	bad_match("/a/../b", "'.' and '..' name nothing");
	bad_match("./a", "'.' and '..' name nothing");
}

CASE(places_stand_first)
{
	bad_match("/a/APP/b", "'APP' stands first or not at all");
	bad_match("SP", "'SP' stands first or not at all");
}

CASE(a_variable_needs_a_name)
{
	bad_match("$/x", "a '$' without the variable's name");
}

CASE(braces_must_be_closed)
{
	bad_match("/a/{b,c", "'{' without '}'");
	bad_match("/a/b}", "'}' without '{'");
}

CASE(braces_are_bounded)
{
	bad_match("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
		  "braces give more than 512 patterns");
}

CASE(components_are_bounded)
{
	bad_match("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
		  "more than 24 components");
}

CASE(a_backslash_takes_something)
{
	bad_match("/a\\", "a backslash at the end");
}

CASE(conditions_must_exist)
{
	bad_match("/a?big", "unknown condition 'big'");
	bad_match("/a?has", "condition 'has' needs names");
	bad_match("/a?source=x", "condition 'source' takes no names");
	bad_match("/a?has=x,,y", "an empty name in a condition");
	bad_match(
		"/a?has=*.x",
		"'*' works in holds=, package-holds=, beside=, inside=, outside= and package= only");
}

CASE(a_term_cannot_be_surer_than_its_rule)
{
	mistake(RULE_ROW("X", "/a@certain", "junk", "likely", "-", "none"),
		"'@certain' is more than the rule's own");
	bad_match("/a@sure", "unknown confidence 'sure'");
}

CASE(functions_must_exist)
{
	bad_match("code:nothing=1", "no function 'code:nothing'");
	bad_match("code:browser-copies", "'code:browser-copies' needs a size");
}

CASE(fates_must_exist)
{
	bad_match("ledger:lost", "no fate 'ledger:lost'");
	bad_match("ledger:live", "no fate 'ledger:live'");
}

CASE(a_guard_names_its_classes)
{
	mistake("guard\tK\t/a\tdocs,doc\t-\t-\t-\twhy\t-\t-\n",
		"my.tsv:1:17: unknown class 'doc'");
}

CASE(any_bytes_are_a_mistake_at_worst)
{
	char text[] = "rule\tX\t/\xff{\x80,}\x01**?has=\t\x02\t\0\t-\n";

	struct imp_rules *rules = NULL;
	struct imp_error err = {0};
	assert_fails(
		imp_rules_load(imp_slice(text, sizeof(text) - 1), "my.tsv", &rules, &err),
		IMP_E_USAGE, "my.tsv:1:", &err);
}

CASE(classes_have_names)
{
	assert_string_equal(imp_class_name(IMP_CLASS_RUNTIME), "runtime");
	assert_string_equal(imp_class_name(IMP_CLASS_DEV_FILES), "dev-files");
	assert_string_equal(imp_class_name(IMP_CLASS_WASTED), "wasted");
	assert_string_equal(imp_confidence_name(IMP_CONFIDENCE_POSSIBLE), "possible");
}
