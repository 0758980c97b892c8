/* How much of an image a rule's selector finds. */
#include "budget_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/glob.h"
#include "imgprof/package.h"

static uint64_t metric_of(unsigned metric, const struct imp_analysis *image,
			  const struct imp_diff *diff)
{
	if (metric == IMP_METRIC_LAYERS)
		return image->layer_count;
	if (metric == IMP_METRIC_NEW_LAYER)
		return diff ? diff->new_layer_bytes : 0;
	return imp_total_of(image, (enum imp_total)metric);
}

/* The folder that all matches are in: what stands before the first component with a wildcard. */
static uint32_t folder_of(const struct imp_tree *tree, struct imp_slice glob)
{
	size_t literal = 0;

	for (size_t i = 0; i < glob.len && glob.data[i] != '*' && glob.data[i] != '?';
	     i++)
		if (glob.data[i] == '/')
			literal = i;
	return literal ? imp_tree_find(tree, imp_slice(glob.data, literal)) : 0;
}

/* What matches takes all below it, so that nothing counts twice. */
static struct imp_measure measure_path(const struct imp_tree *tree, struct imp_slice glob)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	uint32_t top = folder_of(tree, glob);
	struct imp_measure found = {0};
	bool matches = false;

	for (uint32_t n = top; n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, !matches, top)) {
		imp_strbuf_reset(&path);
		imp_tree_path(tree, n, &path);
		matches = imp_tree_node(tree, n)->live &&
			  imp_glob_path(glob, imp_strbuf_slice(&path));
		if (!matches)
			continue;
		found.value += imp_tree_live(tree, n).disk_bytes;
		found.matched = true;
	}
	return found;
}

static struct imp_measure measure_package(const struct imp_target *target,
					  const struct imp_packages *packages)
{
	struct imp_measure found = {0};

	for (size_t i = 0; packages && i < packages->count; i++) {
		const struct imp_package *package = &packages->list[i];
		if (package->manager != target->manager ||
		    !imp_glob_name(target->glob, package->name))
			continue;
		found.value += package->sum.disk_bytes;
		found.matched = true;
	}
	return found;
}

/* A secret sets no class of its file: there the findings count. */
static struct imp_measure measure_secrets(const struct imp_findings *findings)
{
	struct imp_measure found = {0};

	for (size_t i = 0; i < findings->count; i++)
		if (findings->list[i].class == IMP_CLASS_SECRET) {
			found.value += findings->list[i].sum.disk_bytes;
			found.matched = true;
		}
	return found;
}

static struct imp_measure measure_class(enum imp_class class,
					const struct imp_findings *findings)
{
	struct imp_measure found = {0};

	if (!findings)
		return found;
	if (class == IMP_CLASS_SECRET)
		return measure_secrets(findings);
	for (size_t i = 0; i < findings->class_count; i++)
		if (findings->classes[i].class == class) {
			found.value += findings->classes[i].sum.disk_bytes;
			found.matched = true;
		}
	return found;
}

static bool holds(struct imp_slice text, struct imp_slice part)
{
	return part.len == 0 ||
	       (text.len >= part.len &&
		memmem(text.data, text.len, part.data, part.len) != NULL);
}

static struct imp_measure measure_layers(const struct imp_analysis *image,
					 struct imp_slice part)
{
	struct imp_measure found = {0};

	for (size_t i = 0; i < image->layer_count; i++) {
		if (!holds(image->layers[i].instruction, part))
			continue;
		found.value +=
			imp_tree_layer(image->tree, i)->fates[IMP_FATE_LIVE].disk_bytes;
		found.matched = true;
	}
	return found;
}

struct imp_measure imp_measure(const struct imp_target *target,
			       const struct imp_analysis *image,
			       const struct imp_diff *diff)
{
	switch (target->selector) {
	case IMP_SELECT_PATH:
		return measure_path(image->tree, target->glob);
	case IMP_SELECT_PACKAGE:
		return measure_package(target, image->packages);
	case IMP_SELECT_CLASS:
		return measure_class(target->class, image->findings);
	case IMP_SELECT_LAYER:
		return measure_layers(image, target->text);
	case IMP_SELECT_METRIC:
	case IMP_SELECTORS:
		break;
	}
	uint64_t value = metric_of(target->metric, image, diff);
	return (struct imp_measure){value, value > 0};
}
