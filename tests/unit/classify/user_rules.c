/* Rules of the user's own: lines of a file, and the section rules: of .imgprof.yaml. */
#include "classify_case.h"

#include <stdio.h>

static struct imp_rules *builtin(void)
{
	struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_builtin(&rules, &err), &err);
	return rules;
}

typedef int add_function(struct imp_rules *rules, struct imp_slice text, const char *name,
			 struct imp_error *err);

static void mistake(add_function *add, const char *text, const char *message,
		    const char *hint)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();
	struct imp_error err = {0};

	assert_fails(add(rules, imp_slice_of(text), "my", &err), IMP_E_USAGE, message,
		     &err);
	if (hint)
		assert_non_null(strstr(err.hint, hint));
}

static void line_mistake(const char *text, const char *message, const char *hint)
{
	mistake(imp_rules_add, text, message, hint);
}

static void yaml_mistake(const char *text, const char *message, const char *hint)
{
	mistake(imp_rules_add_yaml, text, message, hint);
}

/* The verdicts on FILES under the built-in rules with TEXT on top. */
static struct classified *classify_with(add_function *add, const char *text,
					const char *layers)
{
	return classify_case(&(struct image_case){
		.layers = layers, .workdir = "/code", .add = add, .added = text});
}

static const char *rule_at(const struct classified *c, const char *path)
{
	const struct imp_finding *finding = finding_at(c, path);
	return finding ? finding->rule : "-";
}

#define LAYERS \
	"layer\nfile var/log/x.log 10\nfile code/big.bin 20\nfile code/README.md 5\n" \
	"file var/lib/apt/lists/a 7\n"

CASE(a_file_adds_rules)
{
	imp_auto_destroy(classified) struct classified *c = classify_with(
		imp_rules_add,
		"# mine\nrule\tMY-BIN\tAPP/*.bin\tdata\tlikely\t-\tnone\tbig\tF-DELETE\t-\n",
		LAYERS);
	assert_string_equal(rule_at(c, "code/big.bin"), "MY-BIN");
	assert_string_equal(rule_at(c, "var/log/x.log"), "GEN-LOG");
}

CASE(yaml_adds_rules)
{
	imp_auto_destroy(classified) struct classified *c = classify_with(
		imp_rules_add_yaml,
		"rules:\n  add:\n    - id: MY-BIN\n      match: [APP/*.bin, /x]\n"
		"      class: data\n      title: \"big: ones\"\n      fix: F-DELETE\n",
		LAYERS);
	assert_string_equal(rule_at(c, "code/big.bin"), "MY-BIN");
	assert_string_equal(finding_at(c, "code/big.bin")->title, "big: ones");
	assert_int_equal(finding_at(c, "code/big.bin")->confidence,
			 IMP_CONFIDENCE_LIKELY);
}

CASE(a_file_changes_confidence)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_with(imp_rules_add, "confidence\tGEN-LOG\tpossible\n", LAYERS);
	assert_int_equal(finding_at(c, "var/log/x.log")->confidence,
			 IMP_CONFIDENCE_POSSIBLE);
	assert_int_equal(finding_at(c, "var/lib/apt/lists/a")->confidence,
			 IMP_CONFIDENCE_CERTAIN);
}

CASE(yaml_changes_confidence)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_with(imp_rules_add_yaml,
			      "rules:\n  confidence: {GEN-APPDOC: certain}\n", LAYERS);
	assert_int_equal(finding_at(c, "code/README.md")->confidence,
			 IMP_CONFIDENCE_CERTAIN);
}

static void check_ignored(const struct classified *c, const char *path,
			  const char *rule_id, const char *reason)
{
	assert_string_equal(rule_at(c, path), "-");
	assert_int_equal(c->findings.dropped_count, 1);
	assert_string_equal(c->findings.dropped[0].rule, rule_id);
	assert_string_equal(c->findings.dropped[0].anchor, "ignored");
	assert_string_equal(c->findings.dropped[0].evidence, reason);
}

CASE(a_file_ignores_a_rule)
{
	imp_auto_destroy(classified) struct classified *c = classify_with(
		imp_rules_add, "ignore\tDEB-LISTS\tapt runs at start\n", LAYERS);
	check_ignored(c, "var/lib/apt/lists/a", "DEB-LISTS",
		      "ignored by my: apt runs at start");
	assert_int_equal(c->findings.reclaimable.disk_bytes, 15);
}

CASE(a_file_ignores_a_path)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_with(imp_rules_add, "ignore\t/var/log/**\ta volume\n", LAYERS);
	check_ignored(c, "var/log/x.log", "GEN-LOG", "ignored by my: a volume");
	assert_string_equal(rule_at(c, "code/README.md"), "GEN-APPDOC");
}

CASE(yaml_ignores_rules_and_paths)
{
	imp_auto_destroy(classified) struct classified *c = classify_with(
		imp_rules_add_yaml,
		"rules:\n  ignore:\n    - {rule: DEB-LISTS, reason: at start}\n"
		"    - {path: \"/var/log/*.log\", reason: a volume}\n",
		LAYERS);
	assert_string_equal(rule_at(c, "var/log/x.log"), "-");
	assert_string_equal(rule_at(c, "var/lib/apt/lists/a"), "-");
	assert_int_equal(c->findings.dropped_count, 2);
}

CASE(an_ignored_path_finds_nothing_itself)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_with(imp_rules_add, "ignore\t/code/**\tmine\n", LAYERS);
	assert_string_equal(rule_at(c, "code/big.bin"), "-");
	assert_string_equal(rule_at(c, "code/README.md"), "-");
	assert_int_equal(c->findings.dropped_count, 1);
}

CASE(the_version_changes_with_them)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();
	struct imp_error err = {0};
	char before[32];

	snprintf(before, sizeof(before), "%s", imp_rules_version(rules));
	assert_ok(imp_rules_add(rules, IMP_SLICE("confidence\tGEN-LOG\tlikely\n"), "my",
				&err),
		  &err);
	assert_string_not_equal(imp_rules_version(rules), before);
}

CASE(an_empty_document_says_nothing)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();
	struct imp_error err = {0};

	assert_ok(imp_rules_add_yaml(rules, IMP_SLICE("# nothing\n"), "my", &err), &err);
	assert_ok(imp_rules_add(rules, IMP_SLICE("# nothing\n"), "my", &err), &err);
}

CASE(mistakes_in_a_file_are_placed)
{
	line_mistake("\nrul\tX\n", "my:2:1: expected rule, guard, fix", "rule");
	line_mistake("confidence\tGEN-LOGS\tlikely\n", "my:1:12: no rule 'GEN-LOGS'",
		     "GEN-LOG");
	line_mistake("confidence\tGEN-LOG\tsure\n", "my:1:12: unknown confidence 'sure'",
		     NULL);
	line_mistake("confidence\tKEEP-YAML\tlikely\n", "is a guard", NULL);
	line_mistake("ignore\tWASTE-DELETED\tx\n", "always counted", NULL);
	line_mistake("ignore\tGEN-LOG\t-\n", "a reason is missing", NULL);
	line_mistake("ignore\tNO-SUCH\tx\n", "no rule 'NO-SUCH'", NULL);
	line_mistake("ignore\t/a/{b\tx\n", "'{' without '}'", NULL);
	line_mistake("ignore\t/a\n", "has 3 columns, not 2", NULL);
	line_mistake("rule\tGEN-LOG\t/a\tjunk\tlikely\t-\tnone\tx\t-\t-\n",
		     "stands in line", NULL);
	line_mistake("rule\tX\t/a\tjnuk\tlikely\t-\tnone\tx\t-\t-\n",
		     "my:1:11: unknown class 'jnuk'", "junk");
	line_mistake("rule\tX\t/a\tjunk\tlikely\t-\tnone\tx\tF-NONE\t-\n", "no fix",
		     NULL);
}

CASE(mistakes_in_yaml_are_placed)
{
	yaml_mistake("rule:\n  add: []\n", "my:1:1: unknown key 'rule'", "rules");
	yaml_mistake("rules:\n  ad: []\n", "my:2:3: unknown key 'ad'", "add");
	yaml_mistake("rules:\n  add:\n    - idd: X\n", "my:3:7: unknown key 'idd'", "id");
	yaml_mistake("rules:\n  add: x\n", "my:2:8: expected a list", NULL);
	yaml_mistake("rules:\n  add:\n    - {id: X, match: \"/a?b=c\", class: junk}\n",
		     "my:3:7: unknown condition 'b'", NULL);
	yaml_mistake("rules:\n  add:\n    - {id: X, match: /a, class: jnuk}\n",
		     "my:3:7: unknown class 'jnuk'", "junk");
	yaml_mistake("rules:\n  confidence: {GEN-LGO: likely}\n", "my:2:16: no rule",
		     "GEN-LOG");
	yaml_mistake("rules:\n  ignore:\n    - {reason: x}\n",
		     "my:3:7: expected either rule or path", NULL);
	yaml_mistake("rules:\n  ignore:\n    - {rule: GEN-LOG}\n",
		     "my:3:7: a reason is missing", NULL);
	yaml_mistake("rules: [\n", "my:2:1: no YAML", NULL);
	yaml_mistake("- a\n", "my:1:1: expected keys with values", NULL);
	yaml_mistake("rules:\n  add:\n    - id: \"A\\tB\"\n", "my:3:11: a tab", NULL);
}

static const char *matches_of(const char *path)
{
	static char text[2048];
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	const struct imp_rule_match *list;
	size_t count, len = 0;

	imp_rules_match(rules, imp_slice_of(path), IMP_SLICE("/code"), arena, &list,
			&count);
	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					imp_rules_get(rules, list[i].rule).id,
					list[i].conditions[0] ? "? " : " ");
	return text;
}

CASE(a_path_alone_is_matched)
{
	assert_string_equal(matches_of("/var/lib/apt/lists/x"), "DEB-LISTS ");
	assert_string_equal(matches_of("var/lib/apt/lists/lock"), "");
	assert_string_equal(matches_of("/code/README.md"), "GEN-APPDOC? ");
	assert_string_equal(matches_of("/srv/README.md"), "");
	assert_string_equal(matches_of("/root/.npm/_cacache/x"), "NPM-CACHE ");
	assert_string_equal(matches_of("/home/u/.npm/_cacache/x"), "NPM-CACHE ");
	assert_string_equal(matches_of("/code/node_modules/.cache/x"),
			    "NPM-TREE NM-CACHE NEXT-BOTH? NUXT-SRC? SPA-SRC? RB-ASSET? ");
}
