#include "target.h"

#include "imgprof/near.h"
#include "imgprof/package.h"

static int suggest(const struct imp_yaml *yaml, struct imp_slice word,
		   const char *const *words)
{
	const char *near = imp_nearest(word, words);

	return near ? imp_hint(yaml->err, "did you mean %s?", near) : IMP_E_USAGE;
}

static int read_metric(const struct imp_yaml *yaml, const struct imp_yaml_node *value,
		       struct imp_target *out)
{
	const char *names[IMP_METRICS + 1] = {NULL};

	for (unsigned i = 0; i < IMP_METRICS; i++) {
		names[i] = imp_metric_name(i);
		if (imp_slice_is(out->text, names[i])) {
			out->metric = i;
			return 0;
		}
	}
	imp_yaml_mistake(yaml, value, "unknown metric '%.*s'", (int)out->text.len,
			 out->text.data);
	return suggest(yaml, out->text, names);
}

static int read_class(const struct imp_yaml *yaml, const struct imp_yaml_node *value,
		      struct imp_target *out)
{
	const char *names[IMP_CLASSES + 1] = {NULL};

	for (int i = 0; i < IMP_CLASSES; i++) {
		names[i] = imp_class_name((enum imp_class)i);
		out->class = (enum imp_class)i;
		if (!imp_slice_is(out->text, names[i]))
			continue;
		if (i != IMP_CLASS_WASTED)
			return 0;
		imp_yaml_mistake(yaml, value, "no live file has the class wasted");
		return imp_hint(yaml->err, "metric: wasted holds the hidden bytes");
	}
	imp_yaml_mistake(yaml, value, "unknown class '%.*s'", (int)out->text.len,
			 out->text.data);
	return suggest(yaml, out->text, names);
}

static int read_package(const struct imp_yaml *yaml, const struct imp_yaml_node *value,
			struct imp_target *out)
{
	const char *names[IMP_MANAGERS + 1] = {NULL};
	struct imp_slice name = out->text;
	struct imp_slice manager = imp_slice_cut(&name, ':');

	for (int i = 0; i < IMP_MANAGERS; i++)
		names[i] = imp_manager_name((enum imp_manager)i);
	out->glob = name;
	if (!name.len) {
		imp_yaml_mistake(yaml, value, "'%.*s' is not MANAGER:NAME",
				 (int)out->text.len, out->text.data);
		return imp_hint(yaml->err, "as in npm:lighthouse or dpkg:gcc*");
	}
	if (imp_manager_parse(manager, &out->manager))
		return 0;
	imp_yaml_mistake(yaml, value, "unknown package manager '%.*s'", (int)manager.len,
			 manager.data);
	return suggest(yaml, manager, names);
}

int imp_target_read(const struct imp_yaml *yaml, enum imp_selector selector,
		    const struct imp_yaml_node *value, struct imp_arena *arena,
		    struct imp_target *out)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, value, &text);

	if (rc < 0)
		return rc;
	if (!text.len)
		return imp_yaml_mistake(yaml, value, "%s names nothing",
					imp_selector_name(selector));
	out->selector = selector;
	out->text = imp_arena_copy(arena, text);
	switch (selector) {
	case IMP_SELECT_METRIC:
		return read_metric(yaml, value, out);
	case IMP_SELECT_CLASS:
		return read_class(yaml, value, out);
	case IMP_SELECT_PACKAGE:
		return read_package(yaml, value, out);
	case IMP_SELECT_PATH:
		out->glob = imp_slice_trim(out->text, "/");
		break;
	case IMP_SELECT_LAYER:
	case IMP_SELECTORS:
		break;
	}
	return 0;
}
