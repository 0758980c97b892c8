/* How much of an image a rule's selector finds. */
#include "budget_priv.h"
#include "imgprof/glob.h"
#include "imgprof/package.h"
#include "imgprof/select.h"

static uint64_t metric_of(unsigned metric, const struct imp_analysis *image,
			  const struct imp_diff *diff)
{
	if (metric == IMP_METRIC_LAYERS)
		return image->layer_count;
	if (metric == IMP_METRIC_NEW_LAYER)
		return diff ? diff->new_layer_bytes : 0;
	return imp_total_of(image, (enum imp_total)metric);
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
	struct imp_measure found = {0};

	switch (target->selector) {
	case IMP_SELECT_PATH:
		found.matched = imp_select_path(image->tree, target->glob, &found.value);
		return found;
	case IMP_SELECT_PACKAGE:
		return measure_package(target, image->packages);
	case IMP_SELECT_CLASS:
		found.matched =
			imp_select_class(image->findings, target->class, &found.value);
		return found;
	case IMP_SELECT_LAYER:
		return measure_layers(image, target->text);
	case IMP_SELECT_METRIC:
	case IMP_SELECTORS:
		break;
	}
	uint64_t value = metric_of(target->metric, image, diff);
	return (struct imp_measure){value, value > 0};
}
