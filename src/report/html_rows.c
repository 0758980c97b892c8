#include "html_rows.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

struct imp_html_row *imp_html_rows_add(struct imp_html_rows *rows, struct imp_slice name,
				       uint32_t depth)
{
	rows->list = imp_xgrow(rows->list, &rows->capacity, rows->count + 1,
			       sizeof(*rows->list));
	struct imp_html_row *row = &rows->list[rows->count++];

	*row = (struct imp_html_row){
		.name = name,
		.depth = depth,
		.owner = IMP_NONE,
		.finding = IMP_NONE,
		.layer = IMP_NOT_HIDDEN,
		.hidden_by = IMP_NOT_HIDDEN,
	};
	return row;
}

void imp_html_rows_finish(struct imp_html_rows *rows)
{
	free(rows->list);
	*rows = (struct imp_html_rows){0};
}

static int compare_places(const void *a, const void *b)
{
	const struct imp_html_place *x = a, *y = b;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	return x->leaf < y->leaf ? -1 : x->leaf > y->leaf;
}

void imp_html_sort_places(struct imp_html_place *list, size_t count)
{
	if (count)
		qsort(list, count, sizeof(*list), compare_places);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t weight_of(const struct imp_html_row *row)
{
	return larger(larger(row->disk_bytes, row->pull_bytes),
		      larger(row->disk_before_bytes, row->pull_before_bytes));
}

static uint32_t deepest(const struct imp_html_rows *rows)
{
	uint32_t depth = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].depth > depth)
			depth = rows->list[i].depth;
	return depth;
}

uint64_t *imp_html_weigh(const struct imp_html_rows *rows)
{
	uint64_t *weights = imp_xcalloc(rows->count + 1, sizeof(*weights));
	/* By depth: what stands below the folder that comes next, going backwards */
	imp_auto_free uint64_t *below =
		imp_xcalloc((size_t)deepest(rows) + 2, sizeof(*below));

	for (size_t i = rows->count; i-- > 0;) {
		const struct imp_html_row *row = &rows->list[i];
		weights[i] = weight_of(row);
		if (row->folder) {
			weights[i] += below[row->depth + 1];
			below[row->depth + 1] = 0;
		}
		below[row->depth] += weights[i];
	}
	return weights;
}

/* A leaf that gives up its row, and the folder that keeps its bytes. */
struct small {
	size_t folder, row;
	uint64_t kind;
};

struct fold {
	const struct imp_html_rows *rows;
	const uint64_t *weights;
	struct imp_html_cut cut;
	bool *kept;    /* by row */
	size_t *above; /* by depth: the nearest folder that is kept */
	struct small *small;
	size_t small_count, small_capacity;
};

/* Leaves that filters and colours tell apart never share a row. */
static uint64_t kind_of(const struct imp_html_row *row)
{
	return (uint64_t)row->layer << 32 | (uint64_t)row->class << 24 |
	       (uint64_t)row->fate << 16 | (uint64_t)row->state << 8 | row->origin;
}

static int compare_small(const void *a, const void *b)
{
	const struct small *x = a, *y = b;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void add_small(struct fold *fold, size_t folder, size_t row)
{
	fold->small = imp_xgrow(fold->small, &fold->small_capacity, fold->small_count + 1,
				sizeof(*fold->small));
	fold->small[fold->small_count++] = (struct small){
		.folder = folder,
		.row = row,
		.kind = kind_of(&fold->rows->list[row]),
	};
}

/* A folder is kept only where all above it are: weights grow upwards. */
static void choose(struct fold *fold)
{
	for (size_t i = 0; i < fold->rows->count; i++) {
		const struct imp_html_row *row = &fold->rows->list[i];
		uint64_t cut = row->folder ? fold->cut.folder : fold->cut.leaf;
		bool always = row->depth == 0 || (row->folder && cut == 0);

		fold->kept[i] = always || fold->weights[i] > cut;
		size_t above = row->depth ? fold->above[row->depth - 1] : 0;
		if (!fold->kept[i] && !row->folder)
			add_small(fold, above, i);
		if (row->folder)
			fold->above[row->depth] = fold->kept[i] ? i : above;
	}
}

static void merge(struct imp_html_row *into, const struct imp_html_row *row)
{
	into->disk_bytes += row->disk_bytes;
	into->pull_bytes += row->pull_bytes;
	into->goes_bytes += row->goes_bytes;
	into->disk_before_bytes += row->disk_before_bytes;
	into->pull_before_bytes += row->pull_before_bytes;
	into->month_nano += row->month_nano;
	into->files += row->files;
	if (into->day != row->day)
		into->day = 0;
	if (into->owner != row->owner)
		into->owner = IMP_NONE;
	if (into->finding != row->finding)
		into->finding = IMP_NONE;
	if (into->hidden_by != row->hidden_by)
		into->hidden_by = IMP_NOT_HIDDEN;
}

static struct imp_html_row *start_small(struct imp_html_rows *out, uint32_t depth,
					const struct imp_html_row *like)
{
	struct imp_html_row *row = imp_html_rows_add(out, IMP_SLICE(""), depth);

	row->small = true;
	row->day = like->day;
	row->owner = like->owner;
	row->finding = like->finding;
	row->layer = like->layer;
	row->hidden_by = like->hidden_by;
	row->class = like->class;
	row->fate = like->fate;
	row->state = like->state;
	row->origin = like->origin;
	return row;
}

/* The leaves of small files of FOLDER; *NEXT is the first that may be one. */
static void emit_small(const struct fold *fold, size_t folder, size_t *next,
		       struct imp_html_rows *out)
{
	uint32_t depth = fold->rows->list[folder].depth + 1;
	struct imp_html_row *into = NULL;
	uint64_t kind = 0;

	for (; *next < fold->small_count && fold->small[*next].folder == folder;
	     (*next)++) {
		const struct small *small = &fold->small[*next];
		const struct imp_html_row *row = &fold->rows->list[small->row];
		if (!into || small->kind != kind)
			into = start_small(out, depth, row);
		kind = small->kind;
		merge(into, row);
	}
}

void imp_html_fold(const struct imp_html_rows *rows, const uint64_t *weights,
		   struct imp_html_cut cut, struct imp_html_rows *out)
{
	struct fold fold = {
		.rows = rows,
		.weights = weights,
		.cut = cut,
		.kept = imp_xcalloc(rows->count + 1, sizeof(bool)),
		.above = imp_xcalloc((size_t)deepest(rows) + 1, sizeof(size_t)),
	};
	size_t next = 0;

	choose(&fold);
	if (fold.small_count)
		qsort(fold.small, fold.small_count, sizeof(*fold.small), compare_small);
	for (size_t i = 0; i < rows->count; i++) {
		if (!fold.kept[i])
			continue;
		*imp_html_rows_add(out, rows->list[i].name, 0) = rows->list[i];
		emit_small(&fold, i, &next, out);
	}
	free(fold.kept);
	free(fold.above);
	free(fold.small);
}
