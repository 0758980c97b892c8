/* Rows of a cost report: the folders of repositories' paths, and their images. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/map.h"
#include "imgprof/width.h"

#define DAY_NS (INT64_C(24) * 3600 * 1000000000)

enum { NAME_COLUMNS = 120 };

struct builder {
	const struct imp_cost_report *report;
	struct imp_arena *arena;
	struct imp_html_part *part;
	struct imp_slice *paths; /* by repository, without empty components */
	uint32_t *rank;          /* of a repository among the paths */
	struct imp_map labels;   /* places of their values */
	struct imp_slice *values;
};

static struct imp_slice path_of(struct builder *builder, struct imp_slice name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	while (name.data) {
		struct imp_slice part = imp_slice_cut(&name, '/');
		if (part.len && path.len)
			imp_strbuf_add_char(&path, '/');
		imp_strbuf_add_slice(&path, part);
	}
	return imp_arena_copy(builder->arena, imp_strbuf_slice(&path));
}

/* By components: what stands below a folder stands together. */
static int compare_paths(struct imp_slice a, struct imp_slice b)
{
	size_t at = 0;

	while (at < a.len && at < b.len && a.data[at] == b.data[at])
		at++;
	if (at == a.len || at == b.len)
		return (a.len > b.len) - (a.len < b.len);
	if (a.data[at] == '/' || b.data[at] == '/')
		return a.data[at] == '/' ? -1 : 1;
	return (uint8_t)a.data[at] < (uint8_t)b.data[at] ? -1 : 1;
}

static int compare_repositories(const void *left, const void *right, void *user)
{
	const struct builder *builder = user;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	int order = compare_paths(builder->paths[a], builder->paths[b]);

	return order ? order
		     : imp_slice_compare(builder->report->repositories[a].name,
					 builder->report->repositories[b].name);
}

static void rank_repositories(struct builder *builder)
{
	const struct imp_cost_report *report = builder->report;
	size_t count = report->inventory->repository_count;
	imp_auto_free uint32_t *order = imp_xcalloc(count + 1, sizeof(*order));

	builder->paths =
		imp_arena_array(builder->arena, count + 1, sizeof(*builder->paths));
	builder->rank =
		imp_arena_array(builder->arena, count + 1, sizeof(*builder->rank));
	for (size_t i = 0; i < count; i++) {
		builder->paths[i] = path_of(builder, report->repositories[i].name);
		order[i] = (uint32_t)i;
	}
	qsort_r(order, count, sizeof(*order), compare_repositories, builder);
	for (size_t i = 0; i < count; i++)
		builder->rank[order[i]] = (uint32_t)i;
}

static uint32_t label_of(struct builder *builder, const struct imp_cost_image *image)
{
	struct imp_html_part *part = builder->part;
	uint64_t place = part->owner_count;

	if (image->label_count == 0)
		return IMP_NONE;
	if (!imp_map_get(&builder->labels, image->labels->value, &place)) {
		imp_map_set(&builder->labels, image->labels->value, place);
		builder->values[part->owner_count++] = image->labels->value;
	}
	return (uint32_t)place;
}

/* "v3, latest" or "@0123456789ab" */
static struct imp_slice leaf_name(struct builder *builder,
				  const struct imp_cost_image *image)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0}, fitted = {0};
	char digest[16];

	if (image->tag_count == 0)
		imp_strbuf_printf(&name, "@%s", imp_digest_short(&image->digest, digest));
	for (size_t i = 0; i < image->tag_count && name.len < (size_t)4 * NAME_COLUMNS;
	     i++) {
		imp_strbuf_add_text(&name, i ? ", " : "");
		imp_strbuf_add_slice(&name, image->tags[i]);
	}
	imp_fit_end(&fitted, imp_strbuf_slice(&name), NAME_COLUMNS, true);
	return imp_arena_copy(builder->arena, imp_strbuf_slice(&fitted));
}

static void add_image(struct builder *builder, uint32_t index, uint32_t depth)
{
	const struct imp_cost_report *report = builder->report;
	const struct imp_cost_image *image = &report->inventory->images[index];
	const struct imp_cost_root *root = &report->cost->roots[index];
	struct imp_html_row *row =
		imp_html_rows_add(&builder->part->rows, leaf_name(builder, image), depth);

	row->files = 1;
	row->attributed_bytes = root->attributed_bytes;
	row->added_bytes = root->marginal_bytes;
	row->alone_bytes = root->exclusive_bytes;
	row->full_bytes = root->full_bytes;
	row->month_nano = report->attributed_nano[index];
	if (image->dated && image->time_ns > 0)
		row->day = (uint32_t)(image->time_ns / DAY_NS);
	row->state = image->tag_count == 0;
	row->owner = label_of(builder, image);
}

/* The folders of PATH that are not open from BEFORE; the depth of what is in them. */
static uint32_t add_folders(struct builder *builder, struct imp_slice before,
			    struct imp_slice path)
{
	bool same = true;
	uint32_t depth = 1;

	for (; path.len; depth++) {
		struct imp_slice wanted = imp_slice_cut(&path, '/');
		struct imp_slice open = before.len ? imp_slice_cut(&before, '/') : before;
		same = same && imp_slice_equal(open, wanted);
		if (!same)
			imp_html_rows_add(&builder->part->rows, wanted, depth)->folder =
				true;
	}
	return depth;
}

static struct imp_html_place *sort_images(const struct builder *builder)
{
	const struct imp_cost_report *report = builder->report;
	size_t count = report->inventory->image_count;
	struct imp_html_place *places = imp_xcalloc(count + 1, sizeof(*places));

	for (size_t i = 0; i < count; i++) {
		uint32_t image = report->order[i];
		uint32_t repository = report->inventory->images[image].repository;
		places[i] =
			(struct imp_html_place){builder->rank[repository], (uint32_t)i};
	}
	imp_html_sort_places(places, count);
	return places;
}

static void add_images(struct builder *builder)
{
	const struct imp_cost_report *report = builder->report;
	imp_auto_free struct imp_html_place *places = sort_images(builder);
	struct imp_slice open = IMP_SLICE("");
	uint32_t depth = 1;

	for (size_t i = 0; i < report->inventory->image_count; i++) {
		uint32_t image = report->order[places[i].leaf];
		struct imp_slice path =
			builder->paths[report->inventory->images[image].repository];
		if (i == 0 || places[i].folder != places[i - 1].folder)
			depth = add_folders(builder, open, path);
		open = path;
		add_image(builder, image, depth);
	}
}

void imp_html_cost_rows(const struct imp_cost_report *report, struct imp_arena *arena,
			struct imp_html_part *part)
{
	struct builder builder = {.report = report, .arena = arena, .part = part};

	builder.values = imp_arena_array(arena, report->inventory->image_count + 1,
					 sizeof(*builder.values));
	part->owners = builder.values;
	imp_html_rows_add(&part->rows, IMP_SLICE(""), 0)->folder = true;
	rank_repositories(&builder);
	add_images(&builder);
	imp_map_finish(&builder.labels);
}
