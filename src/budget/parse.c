/* The part of .imgprof.yaml that is the budget: `images` and `defaults`. */
#include "imgprof/yaml.h"
#include "rule.h"

/* Entries, rules, waivers and platforms together: an alias costs nothing to write. */
enum { MAX_ITEMS = 2000, IGNORE_BELOW = 64000 };

struct parsing {
	struct imp_budget *budget;
	struct imp_budget_entry *entry;
};

static int count_item(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      struct imp_budget *budget)
{
	return budget->items++ < MAX_ITEMS
		       ? 0
		       : imp_yaml_mistake(yaml, node, "more than %d entries and rules",
					  MAX_ITEMS);
}

static int read_platform(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			 void *user)
{
	struct parsing *parsing = user;
	struct imp_budget_entry *entry = parsing->entry;
	struct imp_arena *arena = parsing->budget->arena;
	struct imp_platform platform;
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc == 0)
		rc = count_item(yaml, node, parsing->budget);
	if (rc < 0)
		return rc;
	rc = imp_platform_parse(imp_arena_copy(arena, text), arena, &platform, yaml->err);
	if (rc < 0)
		return imp_yaml_place(yaml, node);
	entry->platforms =
		imp_xgrow(entry->platforms, &entry->platform_capacity,
			  entry->platform_count + 1, sizeof(*entry->platforms));
	entry->platforms[entry->platform_count++] = platform;
	return 0;
}

static int read_rule(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		     void *user)
{
	struct parsing *parsing = user;
	struct imp_budget_entry *entry = parsing->entry;
	struct imp_budget_rule rule = {0};
	int rc = count_item(yaml, node, parsing->budget);

	if (rc == 0)
		rc = imp_budget_rule_read(yaml, node, parsing->budget->arena, &rule);
	if (rc < 0)
		return rc;
	entry->rules = imp_xgrow(entry->rules, &entry->rule_capacity,
				 entry->rule_count + 1, sizeof(*entry->rules));
	entry->rules[entry->rule_count++] = rule;
	return 0;
}

static int read_waiver(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		       void *user)
{
	struct parsing *parsing = user;
	struct imp_budget_entry *entry = parsing->entry;
	struct imp_budget_waiver waiver = {0};
	int rc = count_item(yaml, node, parsing->budget);

	if (rc == 0)
		rc = imp_budget_waiver_read(yaml, node, parsing->budget->arena, &waiver);
	if (rc < 0)
		return rc;
	entry->waivers = imp_xgrow(entry->waivers, &entry->waiver_capacity,
				   entry->waiver_count + 1, sizeof(*entry->waivers));
	entry->waivers[entry->waiver_count++] = waiver;
	return 0;
}

static int read_match(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      struct parsing *parsing)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc == 0)
		parsing->entry->match = imp_arena_copy(parsing->budget->arena, text);
	return rc;
}

static int read_entry_key(const struct imp_yaml *yaml, size_t key,
			  const struct imp_yaml_node *value, void *user)
{
	switch (key) {
	case 0:
		return read_match(yaml, value, user);
	case 1:
		return imp_yaml_each(yaml, value, read_platform, user);
	case 2:
		return imp_yaml_each(yaml, value, read_rule, user);
	default:
		return imp_yaml_each(yaml, value, read_waiver, user);
	}
}

static int read_entry(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      void *user)
{
	static const char *const keys[] = {"match", "platforms", "budgets", "waive",
					   NULL};
	struct imp_budget *budget = user;
	int rc = count_item(yaml, node, budget);

	if (rc < 0)
		return rc;
	budget->entries = imp_xgrow(budget->entries, &budget->entry_capacity,
				    budget->entry_count + 1, sizeof(*budget->entries));
	struct parsing parsing = {budget, &budget->entries[budget->entry_count++]};
	*parsing.entry = (struct imp_budget_entry){0};
	rc = imp_yaml_members(yaml, node, keys, read_entry_key, &parsing);
	if (rc == 0 && !parsing.entry->match.len)
		return imp_yaml_mistake(yaml, node,
					"no match: which images is this for?");
	return rc;
}

static int read_default(const struct imp_yaml *yaml, size_t key,
			const struct imp_yaml_node *value, void *user)
{
	struct imp_budget *budget = user;

	return key == 0 ? imp_budget_size_read(yaml, value, &budget->ignore_below)
			: imp_yaml_bool(yaml, value, &budget->require_base);
}

static int read_version(const struct imp_yaml *yaml, const struct imp_yaml_node *node)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc == 0 && !imp_slice_is(text, "1"))
		return imp_yaml_mistake(yaml, node,
					"version '%.*s': this imgprof reads 1",
					(int)text.len, text.data);
	return rc;
}

static int read_top(const struct imp_yaml *yaml, size_t key,
		    const struct imp_yaml_node *value, void *user)
{
	static const char *const defaults[] = {"ignore_below", "require_base", NULL};

	switch (key) {
	case IMP_CONFIG_VERSION:
		return read_version(yaml, value);
	case IMP_CONFIG_IMAGES:
		return imp_yaml_each(yaml, value, read_entry, user);
	case IMP_CONFIG_DEFAULTS:
		return imp_yaml_members(yaml, value, defaults, read_default, user);
	default:
		return 0;
	}
}

static int read_document(const struct imp_yaml *yaml, const struct imp_yaml_node *root,
			 void *user)
{
	return imp_yaml_members(yaml, root, imp_config_keys, read_top, user);
}

int imp_budget_parse(struct imp_slice text, const char *name, struct imp_budget **out,
		     struct imp_error *err)
{
	struct imp_budget *budget = imp_xcalloc(1, sizeof(*budget));

	budget->arena = imp_arena_create();
	budget->name = imp_arena_text(budget->arena, name);
	budget->ignore_below = IGNORE_BELOW;
	int rc = imp_yaml_parse(text, name, read_document, budget, err);
	if (rc < 0)
		imp_budget_destroy(budget);
	else
		*out = budget;
	return rc;
}

void imp_budget_destroy(struct imp_budget *budget)
{
	if (!budget)
		return;
	for (size_t i = 0; i < budget->entry_count; i++) {
		free(budget->entries[i].platforms);
		free(budget->entries[i].rules);
		free(budget->entries[i].waivers);
	}
	free(budget->entries);
	imp_arena_destroy(budget->arena);
	free(budget);
}
