/* The configuration, setting by setting. Lists that one image can make long (environment, labels,
 * ports) are sorted and merged by name. */
#include "compare_priv.h"

#include <stdlib.h>

#include "imgprof/escape.h"

struct setting {
	const char *kind; /* "env", "label", "port": distinct texts of this file */
	struct imp_slice name, value;
	bool secret; /* the value is not to be shown */
	size_t place; /* in the configuration: of several the last counts, as for the engine */
};
struct settings {
	struct setting *list;
	size_t count, capacity;
};

static void add(struct settings *settings, const char *kind, struct imp_slice name,
		struct imp_slice value)
{
	settings->list = imp_xgrow(settings->list, &settings->capacity,
				   settings->count + 1, sizeof(*settings->list));
	settings->list[settings->count] = (struct setting){
		.kind = kind, .name = name, .value = value, .place = settings->count};
	settings->count++;
}

static void add_text(struct settings *settings, const char *kind, struct imp_slice value)
{
	if (value.len > 0)
		add(settings, kind, IMP_SLICE(""), value);
}

static void add_environment(struct settings *settings, const struct imp_config *config)
{
	for (size_t i = 0; i < config->environment_count; i++) {
		struct imp_slice value = config->environment[i];
		struct imp_slice name = imp_slice_cut(&value, '=');
		add(settings, "env", name, value);
		settings->list[settings->count - 1].secret =
			imp_setting_is_secret(config->environment[i]);
	}
}

/* An argument vector as people write it: ["a", "b c"]. */
static void add_words(const struct imp_comparison *c, struct settings *settings,
		      const char *kind, const struct imp_slice *words, size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_add_text(&text, i ? ", \"" : "[\"");
		imp_escape_json(&text, words[i]);
		imp_strbuf_add_char(&text, '"');
	}
	imp_strbuf_add_char(&text, ']');
	add(settings, kind, IMP_SLICE(""),
	    imp_arena_copy(c->arena, imp_strbuf_slice(&text)));
}

static void gather(const struct imp_comparison *c, int side, struct settings *out)
{
	const struct imp_config *config = &c->image[side]->image->config;

	add_words(c, out, "cmd", config->command, config->command_count);
	add_words(c, out, "entrypoint", config->entrypoint, config->entrypoint_count);
	add_words(c, out, "healthcheck", config->health_check.test,
		  config->health_check.test_count);
	add_words(c, out, "shell", config->shell, config->shell_count);
	add_text(out, "user", config->user);
	add_text(out, "workdir", config->working_directory);
	add_environment(out, config);
	for (size_t i = 0; i < config->label_count; i++)
		add(out, "label", config->labels[i].key, config->labels[i].value);
	for (size_t i = 0; i < config->exposed_port_count; i++)
		add(out, "port", config->exposed_ports[i], IMP_SLICE("exposed"));
}

/* A stored report has no more than the mask of a secret: nothing tells it from any value. */
static bool is_same(const struct setting *before, const struct setting *after)
{
	struct imp_slice mask = IMP_SLICE(IMP_SECRET_MASK);

	if (before->secret && after->secret &&
	    (imp_slice_equal(before->value, mask) || imp_slice_equal(after->value, mask)))
		return true;
	return imp_slice_equal(before->value, after->value);
}

static int compare_keys(const struct setting *a, const struct setting *b)
{
	int order = strcmp(a->kind, b->kind);

	return order ? order : imp_slice_compare(a->name, b->name);
}

static int compare_settings(const void *a, const void *b)
{
	const struct setting *x = a, *y = b;
	int order = compare_keys(x, y);

	if (order == 0)
		order = x->place < y->place ? -1 : 1;
	return order;
}

/* In order of names, each once. */
static void sort(struct settings *settings)
{
	size_t kept = 0;

	if (settings->count > 1)
		qsort(settings->list, settings->count, sizeof(*settings->list),
		      compare_settings);
	for (size_t i = 0; i < settings->count; i++)
		if (i + 1 == settings->count ||
		    compare_keys(&settings->list[i], &settings->list[i + 1]) != 0)
			settings->list[kept++] = settings->list[i];
	settings->count = kept;
}

static struct imp_slice show(const struct imp_comparison *c,
			     const struct setting *setting)
{
	if (!setting)
		return IMP_SLICE("");
	return setting->secret ? IMP_SLICE(IMP_SECRET_MASK)
			       : imp_arena_copy(c->arena, setting->value);
}

static struct imp_diff_setting make_row(const struct imp_comparison *c,
					const struct setting *any,
					const struct setting *before,
					const struct setting *after)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf what = {0};

	imp_strbuf_add_text(&what, any->kind);
	if (any->name.len > 0) {
		imp_strbuf_add_char(&what, ' ');
		imp_escape_terminal(&what, any->name);
	}
	return (struct imp_diff_setting){
		.what = imp_arena_copy(c->arena, imp_strbuf_slice(&what)).data,
		.had = before != NULL,
		.has = after != NULL,
		.before = show(c, before),
		.after = show(c, after),
	};
}

static void merge(const struct imp_comparison *c, const struct settings sides[],
		  struct imp_diff_setting *rows, size_t *count)
{
	size_t i = 0, k = 0;

	while (i < sides[0].count || k < sides[1].count) {
		const struct setting *before = &sides[0].list[i];
		const struct setting *after = &sides[1].list[k];
		int order = i == sides[0].count   ? 1
			    : k == sides[1].count ? -1
						  : compare_keys(before, after);
		i += order <= 0;
		k += order >= 0;
		if (order == 0 && is_same(before, after))
			continue;
		rows[(*count)++] =
			make_row(c, order <= 0 ? before : after,
				 order <= 0 ? before : NULL, order >= 0 ? after : NULL);
	}
}

void imp_diff_make_settings(const struct imp_comparison *comparison, struct imp_diff *out)
{
	struct settings sides[IMP_SIDES] = {0};
	struct imp_diff_setting *rows;

	for (int side = 0; side < IMP_SIDES; side++) {
		gather(comparison, side, &sides[side]);
		sort(&sides[side]);
	}
	rows = imp_arena_array(comparison->arena, sides[0].count + sides[1].count + 1,
			       sizeof(*rows));
	merge(comparison, sides, rows, &out->setting_count);
	out->settings = rows;
	free(sides[0].list);
	free(sides[1].list);
}
