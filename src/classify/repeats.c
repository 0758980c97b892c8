/* Packages of one name that a draft has several times: nested copies in node_modules. */
#include "describe_priv.h"

#include <stdlib.h>

#include "imgprof/units.h"

enum { MAX_NAMED = 5 };

struct repeat {
	uint32_t package; /* the first of its name */
	uint32_t count;
	uint64_t disk_bytes; /* of all copies */
};

static int compare_names(const void *a, const void *b)
{
	const struct repeat *x = a, *y = b;

	return (x->package > y->package) - (x->package < y->package);
}

/* Those that lie there once go last; packages stand in the order of their names. */
static int compare_weights(const void *a, const void *b)
{
	const struct repeat *x = a, *y = b;

	if ((x->count > 1) != (y->count > 1))
		return x->count > 1 ? -1 : 1;
	if (x->disk_bytes != y->disk_bytes)
		return x->disk_bytes < y->disk_bytes ? 1 : -1;
	return compare_names(a, b);
}

/* LIST is sorted by package: one entry each. */
static size_t unite(struct repeat *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && list[kept - 1].package == list[i].package) {
			list[kept - 1].count++;
			list[kept - 1].disk_bytes += list[i].disk_bytes;
		} else {
			list[kept++] = list[i];
		}
	}
	return kept;
}

void imp_add_repeats(const struct imp_describer *describer, const uint32_t *members,
		     size_t count, struct imp_strbuf *out)
{
	const struct imp_survey *survey = describer->survey;
	imp_auto_free struct repeat *list = imp_xmalloc((count + 1) * sizeof(*list));
	size_t repeated = 0;
	char size[IMP_SIZE_TEXT];

	for (size_t i = 0; i < count; i++)
		list[i] = (struct repeat){survey->first_of_name[members[i]], 1,
					  survey->members[members[i]].sum.disk_bytes};
	qsort(list, count, sizeof(*list), compare_names);
	count = unite(list, count);
	qsort(list, count, sizeof(*list), compare_weights);
	while (repeated < count && list[repeated].count > 1)
		repeated++;
	for (size_t i = 0; i < repeated && i < MAX_NAMED; i++)
		imp_strbuf_printf(
			out, "%s%s %u times %s", i ? ", " : "several copies: ",
			imp_package_text(describer->arena, describer->input->packages,
					 list[i].package),
			list[i].count,
			imp_size_text(list[i].disk_bytes, IMP_UNITS_DECIMAL, size));
	if (repeated > MAX_NAMED)
		imp_strbuf_printf(out, ", and %zu more", repeated - MAX_NAMED);
}
