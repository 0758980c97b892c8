#include "rules_priv.h"

#include <stdlib.h>

/* data/rules.tsv, embedded by scripts/embed. */
extern const char imp_rules_text[];
extern const size_t imp_rules_text_bytes;

int imp_rules_builtin(struct imp_rules **out, struct imp_error *err)
{
	return imp_rules_load(imp_slice(imp_rules_text, imp_rules_text_bytes),
			      "rules.tsv", out, err);
}

void imp_rules_destroy(struct imp_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->term_count; i++) {
		for (size_t c = 0; c < rules->terms[i].condition_count; c++)
			imp_texts_finish(&rules->terms[i].conditions[c].names);
		free(rules->terms[i].conditions);
		imp_package_term_finish(rules->terms[i].package);
	}
	free(rules->rows);
	free(rules->terms);
	free(rules->fixes);
	imp_map_finish(&rules->ids);
	imp_steps_finish(&rules->steps);
	imp_arena_destroy(rules->arena);
	free(rules);
}

const char *imp_rules_version(const struct imp_rules *rules)
{
	return rules->version;
}

size_t imp_rules_count(const struct imp_rules *rules)
{
	return rules->row_count;
}

struct imp_rule imp_rules_get(const struct imp_rules *rules, size_t i)
{
	return rules->rows[i].text;
}

const char *imp_fix_text(const struct imp_rules *rules, const char *fix_kind)
{
	for (size_t i = 0; i < rules->fix_count; i++)
		if (strcmp(rules->fixes[i].key, fix_kind) == 0)
			return rules->fixes[i].text;
	return NULL;
}

const char *imp_fix_text_for(const struct imp_rules *rules, const char *fix_kind,
			     bool packages)
{
	struct imp_slice kind = imp_slice_of(fix_kind);

	for (size_t i = 0; packages && i < rules->fix_count; i++) {
		struct imp_slice key = imp_slice_of(rules->fixes[i].key);
		if (imp_slice_starts(key, kind) &&
		    imp_slice_is(imp_slice_skip(key, kind.len), "-PACKAGES"))
			return rules->fixes[i].text;
	}
	return imp_fix_text(rules, fix_kind);
}

const struct imp_row *imp_rules_ledger_row(const struct imp_rules *rules,
					   enum imp_fate fate)
{
	for (size_t i = 0; i < rules->row_count; i++)
		if (fate != IMP_FATE_LIVE && rules->rows[i].fate == fate)
			return &rules->rows[i];
	return NULL;
}
