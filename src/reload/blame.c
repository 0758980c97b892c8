/* Kind "blame": what struct imp_blame holds. */
#include "imgprof/blame.h"

#include "diff_lists.h"
#include "kinds.h"

static void read_scope(struct imp_reading *reading, const json_t *document,
		       struct imp_blame_scope *out)
{
	out->path = imp_read_raw(reading, document, "path");
	out->has_class = !json_is_null(json_object_get(document, "class"));
	if (!out->has_class)
		return;
	out->class = imp_read_enum(reading, document, "class", enum imp_class,
				   IMP_CLASSES, imp_class_name);
	if (out->path.len)
		imp_reading_break(reading, "class");
}

/* What is watched, against the readable row before; both have been read. */
static void read_change(struct imp_reading *reading, const json_t *object,
			const struct imp_blame_row *before, struct imp_blame_row *row)
{
	const json_t *change = json_object_get(object, "change_bytes");

	row->has_change = before;
	if (before)
		row->change = (struct imp_before_after){before->watched_bytes,
							row->watched_bytes};
	if (before ? !json_is_integer(change) ||
			     json_integer_value(change) !=
				     (json_int_t)(row->change.after - row->change.before)
		   : !json_is_null(change))
		imp_reading_break(reading, "change_bytes");
}

static void read_cause(struct imp_reading *reading, const json_t *object,
		       const struct imp_blame_row *before, struct imp_blame_row *row)
{
	row->has_cause = !json_is_null(json_object_get(object, "cause"));
	if (!row->has_cause)
		return;
	if (before)
		imp_reload_reason(reading, imp_read_object(reading, object, "cause"),
				  "instruction", before->layers, row->layers,
				  &row->cause);
	else
		imp_reading_break(reading, "cause");
}

static void read_figures(struct imp_reading *reading, const json_t *object,
			 const struct imp_blame_row *before, struct imp_blame_row *row)
{
	row->pull_bytes = imp_read_bytes(reading, object, "pull_bytes");
	row->disk_bytes = imp_read_bytes(reading, object, "disk_bytes");
	row->reclaimable_bytes =
		imp_read_number(reading, object, "reclaimable_bytes", row->disk_bytes);
	row->watched_bytes = imp_read_bytes(reading, object, "watched_bytes");
	row->layers = imp_read_number(reading, object, "layers", reading->limits->layers);
	row->layers_read = imp_read_number(reading, object, "layers_read", row->layers);
	read_change(reading, object, before, row);
	read_cause(reading, object, before, row);
}

/* Figures are there, or the trouble that there was. */
static void read_row(struct imp_reading *reading, const json_t *object,
		     const struct imp_blame_row *before, struct imp_blame_row *row)
{
	row->repository = imp_read_raw(reading, object, "repository");
	row->tags = imp_read_list(reading, object, "tags", &row->tag_count);
	if (row->tag_count == 0)
		imp_reading_break(reading, "tags");
	row->digest = imp_read_digest(reading, object, "digest");
	row->dated = imp_read_time(reading, object, "created", &row->created_ns);
	row->revision = imp_read_raw(reading, object, "revision");
	row->complete = imp_read_flag(reading, object, "complete");
	row->trouble = imp_read_text(reading, object, "trouble");
	row->readable = !row->trouble;
	if (row->readable)
		read_figures(reading, object, before, row);
	else if (row->complete)
		imp_reading_break(reading, "complete");
}

static void read_rows(struct imp_reading *reading, const json_t *document,
		      struct imp_blame *out)
{
	const json_t *list = imp_read_array(reading, document, "rows");
	size_t count = json_array_size(list);
	struct imp_blame_row *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));
	const struct imp_blame_row *before = NULL;

	for (size_t i = 0; i < count && !reading->broken; i++) {
		read_row(reading, imp_read_element(reading, list, i, "rows"), before,
			 &made[i]);
		if (made[i].readable)
			before = &made[i];
		if (out->complete && !made[i].complete)
			imp_reading_break(reading, "complete");
	}
	out->rows = made;
	out->row_count = count;
}

int imp_reload_blame(struct imp_reading *reading, const json_t *document,
		     struct imp_reloaded *out, struct imp_reload_owned *owned,
		     struct imp_error *err)
{
	struct imp_blame *blame = imp_arena_alloc(reading->arena, sizeof(*blame));

	(void)owned, (void)err;
	blame->complete = out->complete;
	blame->title = imp_read_name(reading, document, "title");
	read_scope(reading, document, &blame->scope);
	blame->left_out = imp_read_number(reading, document, "left_out", UINT32_MAX);
	read_rows(reading, document, blame);
	out->blame = blame;
	return 0;
}
