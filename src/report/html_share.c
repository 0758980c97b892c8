/* Rows of a share: what is identical in layers of its own, by manager and package. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/map.h"
#include "share_words.h"

struct builder {
	const struct imp_share *share;
	struct imp_arena *arena;
	struct imp_html_part *part;
	struct imp_slice *labels;  /* of images */
	struct imp_map sets;       /* places of their texts */
	struct imp_slice *texts;   /* of sets */
	struct imp_map managers;   /* places */
	struct imp_slice *folders; /* names of managers */
	size_t folder_count;
};

static struct imp_slice label_of(struct builder *builder, uint32_t image)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf label = {0};

	imp_share_label(builder->share, image, &label);
	return imp_arena_copy(builder->arena, imp_strbuf_slice(&label));
}

static void name_images(struct builder *builder)
{
	size_t count = builder->share->image_count;

	builder->labels =
		imp_arena_array(builder->arena, count + 1, sizeof(*builder->labels));
	for (size_t i = 0; i < count; i++)
		builder->labels[i] = label_of(builder, (uint32_t)i);
}

/* "web, celery" */
static uint32_t set_of(struct builder *builder, const struct imp_share_set *set)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	uint64_t place = builder->part->owner_count;

	for (size_t i = 0; i < set->count; i++) {
		imp_strbuf_add_text(&text, i ? ", " : "");
		imp_strbuf_add_slice(&text, builder->labels[set->list[i]]);
	}
	if (imp_map_get(&builder->sets, imp_strbuf_slice(&text), &place))
		return (uint32_t)place;
	struct imp_slice kept = imp_arena_copy(builder->arena, imp_strbuf_slice(&text));
	imp_map_set(&builder->sets, kept, place);
	builder->texts[builder->part->owner_count++] = kept;
	return (uint32_t)place;
}

static uint32_t folder_of(struct builder *builder, const char *manager)
{
	struct imp_slice name = imp_slice_of(manager[0] ? manager : "[folders]");
	uint64_t place = builder->folder_count;

	if (!imp_map_get(&builder->managers, name, &place)) {
		imp_map_set(&builder->managers, name, place);
		builder->folders[builder->folder_count++] = name;
	}
	return (uint32_t)place;
}

static struct imp_slice leaf_name(struct builder *builder,
				  const struct imp_share_group *group)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_strbuf_add_slice(&name, group->name);
	if (group->version.len) {
		imp_strbuf_add_char(&name, ' ');
		imp_strbuf_add_slice(&name, group->version);
	}
	return imp_arena_copy(builder->arena, imp_strbuf_slice(&name));
}

static void add_group(struct builder *builder, const struct imp_share_group *group)
{
	struct imp_html_row *row =
		imp_html_rows_add(&builder->part->rows, leaf_name(builder, group), 2);

	row->files =
		group->sum.files > UINT32_MAX ? UINT32_MAX : (uint32_t)group->sum.files;
	row->disk_bytes = group->sum.disk_bytes;
	row->pull_bytes = group->sum.pull_bytes;
	row->owner = set_of(builder, &group->images);
}

static void add_groups(struct builder *builder)
{
	const struct imp_share *share = builder->share;
	imp_auto_free struct imp_html_place *places =
		imp_xcalloc(share->group_count + 1, sizeof(*places));

	for (size_t i = 0; i < share->group_count; i++)
		places[i] = (struct imp_html_place){
			folder_of(builder, share->groups[i].manager), (uint32_t)i};
	imp_html_sort_places(places, share->group_count);
	for (size_t i = 0; i < share->group_count; i++) {
		if (i == 0 || places[i].folder != places[i - 1].folder)
			imp_html_rows_add(&builder->part->rows,
					  builder->folders[places[i].folder], 1)
				->folder = true;
		add_group(builder, &share->groups[places[i].leaf]);
	}
}

void imp_html_share_rows(const struct imp_share *share, struct imp_arena *arena,
			 struct imp_html_part *part)
{
	struct builder builder = {.share = share, .arena = arena, .part = part};
	size_t most = share->group_count + 1;

	builder.texts = imp_arena_array(arena, most, sizeof(*builder.texts));
	builder.folders = imp_arena_array(arena, most, sizeof(*builder.folders));
	part->owners = builder.texts;
	imp_html_rows_add(&part->rows, IMP_SLICE(""), 0)->folder = true;
	name_images(&builder);
	add_groups(&builder);
	imp_map_finish(&builder.sets);
	imp_map_finish(&builder.managers);
}
