/* Rows of a cost report: repositories, images, groups, what if. */
#include "cost.h"

#include "imgprof/checked.h"
#include "imgprof/cleanup.h"
#include "imgprof/stream.h"

/* A row of either list; its part of the month follows from the price. */
static void read_row(struct imp_cost_reading *at, const json_t *object, const char *key,
		     struct imp_cost_row *out)
{
	struct imp_reading *reading = at->reading;
	struct imp_cost_group *group = &out->group;
	uint64_t stored = at->cost->stored_bytes;

	out->name = imp_read_raw(reading, object, key);
	group->stored_bytes = imp_read_number(reading, object, "stored_bytes", stored);
	group->attributed_bytes =
		imp_read_number(reading, object, "attributed_bytes", stored);
	group->exclusive_bytes =
		imp_read_number(reading, object, "exclusive_bytes", stored);
	group->marginal_bytes =
		imp_read_number(reading, object, "marginal_bytes", stored);
	group->median_full_bytes =
		imp_read_number(reading, object, "median_full_bytes", stored);
	group->median_marginal_bytes =
		imp_read_number(reading, object, "median_marginal_bytes", stored);
	group->roots = imp_read_number(reading, object, "roots", UINT32_MAX);
	group->tags = imp_read_number(reading, object, "tags", UINT32_MAX);
	out->month_nano = imp_reload_money_is(
		reading, object, "monthly_cost",
		imp_price_part(at->report->price, group->attributed_bytes, stored));
}

static struct imp_cost_row *read_rows(struct imp_cost_reading *at, const json_t *document,
				      const char *list_key, const char *name_key,
				      size_t *count)
{
	const json_t *list = imp_read_array(at->reading, document, list_key);
	struct imp_cost_row *rows;
	uint64_t sum = 0;

	*count = json_array_size(list);
	rows = imp_arena_array(at->arena, *count + 1, sizeof(*rows));
	for (size_t i = 0; i < *count && !at->reading->broken; i++) {
		read_row(at, imp_read_element(at->reading, list, i, list_key), name_key,
			 &rows[i]);
		imp_reload_cost_add(at->reading, &sum, rows[i].group.attributed_bytes,
				    at->cost->stored_bytes, list_key);
	}
	if (*count && sum != at->cost->stored_bytes)
		imp_reading_break(at->reading, list_key);
	return rows;
}

static uint32_t *in_order(struct imp_cost_reading *at, size_t count)
{
	uint32_t *order = imp_arena_array(at->arena, count + 1, sizeof(*order));

	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	return order;
}

void imp_reload_cost_repositories(struct imp_cost_reading *at, const json_t *document)
{
	size_t count;
	struct imp_cost_row *rows =
		read_rows(at, document, "repositories", "repository", &count);
	struct imp_cost_repository *made =
		imp_arena_array(at->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		made[i] = (struct imp_cost_repository){IMP_SLICE(""), rows[i].name};
		if (imp_map_get(&at->repositories, rows[i].name, NULL))
			imp_reading_break(at->reading, "repositories");
		imp_map_set(&at->repositories, rows[i].name, i);
	}
	at->inventory->repositories = made;
	at->inventory->repository_count = count;
	at->report->repositories = rows;
	at->report->repository_order = in_order(at, count);
}

static uint32_t repository_of(struct imp_cost_reading *at, struct imp_slice name)
{
	uint64_t place = 0;

	if (!imp_map_get(&at->repositories, name, &place))
		imp_reading_break(at->reading, "repository");
	return (uint32_t)place;
}

static void read_label(struct imp_cost_reading *at, const json_t *object,
		       struct imp_cost_image *out)
{
	const json_t *labels = imp_read_object(at->reading, object, "labels");

	if (json_object_size(labels) == 0)
		return;
	struct imp_pair *label = imp_arena_alloc(at->arena, sizeof(*label));
	label->key = imp_read_raw(at->reading, labels, "key");
	label->value = imp_read_raw(at->reading, labels, "value");
	out->labels = label;
	out->label_count = 1;
}

static void read_image(struct imp_cost_reading *at, const json_t *object,
		       struct imp_cost_image *out)
{
	struct imp_reading *reading = at->reading;

	out->repository = repository_of(at, imp_read_raw(reading, object, "repository"));
	out->digest = imp_read_digest(reading, object, "digest");
	if (!imp_json_get_string(object, "digest").len)
		imp_reading_break(reading, "digest");
	out->tags = imp_read_list(reading, object, "tags", &out->tag_count);
	out->dated = imp_read_time(reading, object, "created", &out->time_ns);
	read_label(at, object, out);
}

static struct imp_cost_root read_root(struct imp_cost_reading *at, const json_t *object)
{
	struct imp_reading *reading = at->reading;
	uint64_t stored = at->cost->stored_bytes;

	return (struct imp_cost_root){
		.full_bytes = imp_read_number(reading, object, "full_bytes", stored),
		.exclusive_bytes =
			imp_read_number(reading, object, "exclusive_bytes", stored),
		.attributed_bytes =
			imp_read_number(reading, object, "attributed_bytes", stored),
		.marginal_bytes =
			imp_read_number(reading, object, "marginal_bytes", stored),
	};
}

/* What images add up to. */
struct sums {
	struct imp_cost_group *repositories;
	uint64_t naive_bytes;
};

static void add_root(struct imp_cost_reading *at, const struct imp_cost_image *image,
		     const struct imp_cost_root *root, struct sums *sums)
{
	struct imp_reading *reading = at->reading;
	struct imp_cost_group *sum = &sums->repositories[image->repository];
	uint64_t stored = at->cost->stored_bytes, full;

	imp_reload_cost_add(reading, &sum->attributed_bytes, root->attributed_bytes,
			    stored, "roots");
	imp_reload_cost_add(reading, &sum->marginal_bytes, root->marginal_bytes, stored,
			    "roots");
	sum->roots++;
	sum->tags += image->tag_count;
	if (imp_mul_overflows(root->full_bytes, image->tag_count ? image->tag_count : 1,
			      &full))
		imp_reading_break(reading, "roots");
	else
		imp_reload_cost_add(reading, &sums->naive_bytes, full,
				    at->cost->naive_bytes, "roots");
}

static void check_sums(struct imp_cost_reading *at, const struct sums *sums)
{
	for (size_t i = 0; i < at->inventory->repository_count; i++) {
		const struct imp_cost_group *sum = &sums->repositories[i];
		const struct imp_cost_group *row = &at->report->repositories[i].group;
		if (sum->attributed_bytes != row->attributed_bytes ||
		    sum->marginal_bytes != row->marginal_bytes ||
		    sum->roots != row->roots || sum->tags != row->tags)
			imp_reading_break(at->reading, "roots");
	}
	if (sums->naive_bytes != at->cost->naive_bytes)
		imp_reading_break(at->reading, "naive_bytes");
}

static void read_one_root(struct imp_cost_reading *at, const json_t *object, size_t i,
			  uint64_t *attributed, uint64_t *avoidable)
{
	const struct imp_price *price = at->report->price;
	uint64_t stored = at->cost->stored_bytes;
	struct imp_cost_root *root = &at->cost->roots[i];

	*root = read_root(at, object);
	attributed[i] = imp_reload_money_is(
		at->reading, object, "monthly_cost",
		imp_price_part(price, root->attributed_bytes, stored));
	avoidable[i] = imp_reload_money_is(
		at->reading, object, "avoidable_monthly_cost",
		at->report->month_nano -
			imp_price_month(price, stored - root->exclusive_bytes));
}

static uint64_t read_unpacked(struct imp_cost_reading *at, const json_t *object)
{
	static const char key[] = "unpacked_bytes";

	return json_is_null(json_object_get(object, key))
		       ? IMP_UNKNOWN_SIZE
		       : imp_reload_cost_bytes(at->reading, object, key);
}

void imp_reload_cost_roots(struct imp_cost_reading *at, const json_t *document)
{
	const json_t *list = imp_read_array(at->reading, document, "roots");
	size_t count = json_array_size(list);
	struct imp_cost_image *images =
		imp_arena_array(at->arena, count + 1, sizeof(*images));
	uint64_t *attributed = imp_arena_array(at->arena, count + 1, sizeof(uint64_t));
	uint64_t *avoidable = imp_arena_array(at->arena, count + 1, sizeof(uint64_t));
	uint64_t *unpacked = imp_arena_array(at->arena, count + 1, sizeof(uint64_t));
	struct sums sums = {
		.repositories =
			imp_arena_array(at->arena, at->inventory->repository_count + 1,
					sizeof(*sums.repositories)),
	};

	at->cost->roots = imp_arena_array(at->arena, count + 1, sizeof(*at->cost->roots));
	for (size_t i = 0; i < count && !at->reading->broken; i++) {
		const json_t *one = imp_read_element(at->reading, list, i, "roots");
		read_image(at, one, &images[i]);
		read_one_root(at, one, i, attributed, avoidable);
		unpacked[i] = read_unpacked(at, one);
		if (!at->reading->broken)
			add_root(at, &images[i], &at->cost->roots[i], &sums);
	}
	check_sums(at, &sums);
	at->inventory->images = images;
	at->inventory->image_count = count;
	at->cost->order = in_order(at, count);
	at->report->order = at->cost->order;
	at->report->attributed_nano = attributed;
	at->report->avoidable_nano = avoidable;
	at->unpacked_bytes = unpacked;
}

void imp_reload_cost_groups(struct imp_cost_reading *at, const json_t *document)
{
	struct imp_cost_report *report = at->report;

	report->group_by = imp_read_text(at->reading, document, "group_by");
	report->groups = read_rows(at, document, "groups", "group", &report->group_count);
	if (!report->group_by && report->group_count)
		imp_reading_break(at->reading, "group_by");
}

/* "REPOSITORY@DIGEST" */
static void read_name(struct imp_cost_reading *at, struct imp_slice name,
		      struct imp_cost_digest *out)
{
	const char *sign = memrchr(name.data, '@', name.len);
	size_t before = sign ? (size_t)(sign - name.data) : 0;
	struct imp_error ignored = {0};

	out->repository = repository_of(at, imp_slice(name.data, before));
	if (!sign || imp_digest_parse(imp_slice_skip(name, before + 1), &out->digest,
				      &ignored) < 0)
		imp_reading_break(at->reading, "digests");
}

static void read_digests(struct imp_cost_reading *at, const json_t *object,
			 struct imp_cost_what_if_result *out)
{
	const struct imp_slice *names =
		imp_read_list(at->reading, object, "digests", &out->digest_count);
	struct imp_cost_digest *made =
		imp_arena_array(at->arena, out->digest_count + 1, sizeof(*made));

	for (size_t i = 0; i < out->digest_count && !at->reading->broken; i++)
		read_name(at, names[i], &made[i]);
	out->digests = made;
}

static void read_what_if(struct imp_cost_reading *at, const json_t *object,
			 struct imp_cost_what_if_result *out)
{
	struct imp_reading *reading = at->reading;
	size_t images = at->inventory->image_count;

	out->expression = imp_read_text(reading, object, "expression");
	out->images = imp_read_number(reading, object, "images", images);
	out->undated = imp_read_number(reading, object, "undated", images);
	out->held = imp_read_number(reading, object, "held", images);
	out->free_bytes =
		imp_read_number(reading, object, "free_bytes", at->cost->stored_bytes);
	read_digests(at, object, out);
}

void imp_reload_cost_what_ifs(struct imp_cost_reading *at, const json_t *document)
{
	const json_t *list = imp_read_array(at->reading, document, "what_if");
	size_t count = json_array_size(list);
	struct imp_cost_what_if_result *made =
		imp_arena_array(at->arena, count + 1, sizeof(*made));
	uint64_t *saved = imp_arena_array(at->arena, count + 1, sizeof(*saved));
	struct imp_cost_report *report = at->report;

	for (size_t i = 0; i < count && !at->reading->broken; i++) {
		const json_t *one = imp_read_element(at->reading, list, i, "what_if");
		read_what_if(at, one, &made[i]);
		saved[i] = imp_reload_money_is(
			at->reading, one, "monthly_saving",
			report->month_nano - imp_price_month(report->price,
							     at->cost->stored_bytes -
								     made[i].free_bytes));
	}
	report->what_ifs = made;
	report->saved_nano = saved;
	report->what_if_count = count;
}
