/* The section `rules:` of .imgprof.yaml: the same as the lines of a rules file. */
#include "imgprof/yaml.h"
#include "rules_priv.h"

/* Several texts count as one, divided by spaces: patterns. */
static int read_pattern(const struct imp_yaml *yaml, const struct imp_yaml_node *item,
			void *user)
{
	struct imp_strbuf *out = user;
	struct imp_slice text = IMP_SLICE("");
	int rc = imp_yaml_text(yaml, item, &text);

	if (rc < 0)
		return rc;
	if (out->len > 0)
		imp_strbuf_add_char(out, ' ');
	imp_strbuf_add_slice(out, text);
	return 0;
}

enum { RULE_KEYS = 9 };
static const char *const rule_keys[RULE_KEYS + 1] = {
	"id",      "match", "class", "confidence", "needs",
	"subject", "title", "fix",   "source",     NULL};

static int read_column(const struct imp_yaml *yaml, size_t key,
		       const struct imp_yaml_node *value, void *user)
{
	struct imp_strbuf *columns = user;

	if (imp_yaml_is(value, IMP_YAML_LIST))
		return imp_yaml_each(yaml, value, read_pattern, &columns[key]);
	return read_pattern(yaml, value, &columns[key]);
}

static void join(const struct imp_strbuf columns[static RULE_KEYS],
		 struct imp_strbuf *line)
{
	static const char *const defaults[RULE_KEYS] = {"-",    "-", "-", "likely", "-",
							"none", "",  "-", "-"};

	imp_strbuf_add_text(line, "rule");
	for (size_t i = 0; i < RULE_KEYS; i++) {
		imp_strbuf_add_char(line, '\t');
		if (columns[i].len > 0)
			imp_strbuf_add_slice(line, imp_strbuf_slice(&columns[i]));
		else
			imp_strbuf_add_text(line, defaults[i]);
	}
}

static int add_rule(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		    void *user)
{
	struct imp_rules *rules = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	struct imp_strbuf columns[RULE_KEYS] = {0};
	int rc = imp_yaml_members(yaml, node, rule_keys, read_column, columns);

	if (rc == 0) {
		join(columns, &line);
		rc = imp_rules_add_line(
			rules, imp_arena_copy(rules->arena, imp_strbuf_slice(&line)),
			yaml->name, yaml->err);
		rc = rc < 0 ? imp_yaml_place(yaml, node) : 0;
	}
	for (size_t i = 0; i < RULE_KEYS; i++)
		imp_strbuf_finish(&columns[i]);
	return rc;
}

static int set_confidence(const struct imp_yaml *yaml, const struct imp_yaml_node *key,
			  const struct imp_yaml_node *value, void *user)
{
	struct imp_slice id = {0}, level = {0};
	int rc = imp_yaml_text(yaml, key, &id);

	if (rc == 0)
		rc = imp_yaml_text(yaml, value, &level);
	if (rc < 0)
		return rc;
	rc = imp_rules_set_confidence(user, id, level, yaml->err);
	return rc < 0 ? imp_yaml_place(yaml, key) : 0;
}

enum ignore_key { IGNORE_RULE, IGNORE_PATH, IGNORE_REASON, IGNORE_KEYS };

static int read_text(const struct imp_yaml *yaml, size_t key,
		     const struct imp_yaml_node *value, void *user)
{
	struct imp_slice *texts = user;

	return imp_yaml_text(yaml, value, &texts[key]);
}

static int ignore_one(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      void *user)
{
	static const char *const keys[IGNORE_KEYS + 1] = {"rule", "path", "reason", NULL};
	struct imp_slice texts[IGNORE_KEYS] = {0};
	int rc = imp_yaml_members(yaml, node, keys, read_text, texts);

	if (rc < 0)
		return rc;
	bool by_rule = texts[IGNORE_RULE].data != NULL;
	if (by_rule == (texts[IGNORE_PATH].data != NULL))
		return imp_yaml_mistake(yaml, node, "expected either rule or path");
	rc = imp_rules_ignore(user, texts[by_rule ? IGNORE_RULE : IGNORE_PATH],
			      texts[IGNORE_REASON], yaml->name, yaml->err);
	return rc < 0 ? imp_yaml_place(yaml, node) : 0;
}

static int read_section(const struct imp_yaml *yaml, size_t key,
			const struct imp_yaml_node *value, void *user)
{
	switch (key) {
	case 0:
		return imp_yaml_each(yaml, value, add_rule, user);
	case 1:
		return imp_yaml_each_pair(yaml, value, set_confidence, user);
	default:
		return imp_yaml_each(yaml, value, ignore_one, user);
	}
}

static int read_top(const struct imp_yaml *yaml, size_t key,
		    const struct imp_yaml_node *value, void *user)
{
	static const char *const keys[] = {"add", "confidence", "ignore", NULL};

	/* The others are the budget's. */
	return key == IMP_CONFIG_RULES
		       ? imp_yaml_members(yaml, value, keys, read_section, user)
		       : 0;
}

static int read_document(const struct imp_yaml *yaml, const struct imp_yaml_node *root,
			 void *user)
{
	return imp_yaml_members(yaml, root, imp_config_keys, read_top, user);
}

int imp_rules_add_yaml(struct imp_rules *rules, struct imp_slice text, const char *name,
		       struct imp_error *err)
{
	int rc = imp_yaml_parse(text, name, read_document, rules, err);

	return rc == 0 ? imp_rules_check(rules, text, name, err) : rc;
}
