/* imgprof rules: what the catalogue looks for. */
#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "imgprof/classify.h"
#include "imgprof/cleanup.h"
#include "imgprof/units.h"
#include "outputs.h"

/* A title or fix with its {placeholders} as WORDS: what fills them depends on the image. */
static void add_general(struct imp_strbuf *out, const char *text)
{
	bool inside = false;

	for (; *text; text++) {
		if (*text == '{' && out->len && out->data[out->len - 1] >= 'a')
			imp_strbuf_add_char(out, ' ');
		if (*text == '{' || *text == '}')
			inside = *text == '{';
		else
			imp_strbuf_add_char(out, inside && *text >= 'a' && *text <= 'z'
							 ? (char)(*text - 'a' + 'A')
							 : *text);
	}
}

static void explain(const struct imp_rules *rules, const struct imp_rule *rule,
		    struct imp_strbuf *out)
{
	const char *fix = imp_fix_text(rules, rule->fix_kind);

	imp_strbuf_printf(out, "%s: ", rule->id);
	add_general(out, rule->title);
	imp_strbuf_printf(out, "\n  class       %s, %s\n  matches     %s\n",
			  rule->class_name, rule->confidence, rule->match);
	if (rule->guard && rule->guard[0])
		imp_strbuf_printf(out, "  unless      %s\n", rule->guard);
	if (fix) {
		imp_strbuf_add_text(out, "  fix         ");
		add_general(out, fix);
		imp_strbuf_add_char(out, '\n');
	}
	if (rule->source && rule->source[0])
		imp_strbuf_printf(out, "  source      %s\n", rule->source);
}

static int explain_one(const struct imp_rules *rules, const char *id,
		       struct imp_strbuf *out, struct imp_error *err)
{
	for (size_t i = 0; i < imp_rules_count(rules); i++) {
		struct imp_rule rule = imp_rules_get(rules, i);
		if (strcmp(rule.id, id) == 0) {
			explain(rules, &rule, out);
			return 0;
		}
	}
	imp_fail(err, IMP_E_USAGE, "no rule '%s'", id);
	return imp_hint(err, "imgprof rules lists them");
}

static void list(const struct imp_rules *rules, struct imp_strbuf *out)
{
	for (size_t i = 0; i < imp_rules_count(rules); i++) {
		struct imp_rule rule = imp_rules_get(rules, i);
		imp_strbuf_printf(out, "%-17s %-10s %-9s ", rule.id, rule.class_name,
				  rule.confidence);
		add_general(out, rule.title);
		imp_strbuf_add_char(out, '\n');
	}
}

static int run(const struct imp_context *context, struct imp_settings *settings,
	       struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_auto_destroy(imp_rules) struct imp_rules *rules = NULL;
	int rc = imp_rules_builtin(&rules, err);

	(void)context;
	if (rc == 0 && settings->argument_count == 0)
		list(rules, &out);
	for (size_t i = 0; rc == 0 && i < settings->argument_count; i++)
		rc = explain_one(rules, settings->arguments[i], &out, err);
	return rc < 0 ? rc : imp_output_text(imp_strbuf_slice(&out), err);
}

static const struct imp_option *const options[] = {imp_common_options, NULL};

const struct imp_command imp_command_rules = {
	.name = "rules",
	.summary = "list the classification rules, or explain some",
	.usage = "rules [ID...]",
	.text = "Lists the rules that say what can go: id, class, confidence and what they\n"
		"look for. With IDs, explains these: pattern, guards, fix and source.",
	.examples = "  imgprof rules\n"
		    "  imgprof rules DEB-LISTS",
	.options = options,
	.run = run,
};
