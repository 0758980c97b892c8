/*
 * A cost report of any number of repositories and images, with names that nobody would
 * choose; its figures are counted by imgprof/cost.h.
 *
 *	struct costed costed;
 *	costed_make(&costed, 3, 4);
 *	struct imp_report report = {.kind = IMP_REPORT_COST, .cost = &costed.report};
 *	...
 *	costed_finish(&costed);
 */
#pragma once

#include "case.h"

#include "imgprof/arena.h"
#include "imgprof/cost.h"
#include "imgprof/growth.h"
#include "imgprof/stream.h"

struct costed {
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	struct imp_cost_inventory inventory;
	struct imp_cost *cost;
	struct imp_price price;
	struct imp_cost_what_if_result what_ifs[3];
	uint64_t saved_nano[3];
	struct imp_cost_report report;
	struct imp_cost_growth growth;
};

static inline struct imp_digest costed_digest(size_t number)
{
	struct imp_digest digest = {.algorithm = IMP_DIGEST_SHA256};

	for (size_t i = 0; i < sizeof(number); i++)
		digest.bytes[i] = (uint8_t)(number >> 8 * i);
	return digest;
}

/* Each image has a blob of its own, one of its repository's and one of all. */
static inline void costed_image(struct costed *c, struct imp_cost_image *image, size_t i,
				size_t repository)
{
	static const struct imp_pair label = {IMP_SLICE("te\xffm"), IMP_SLICE("=\xfe")};
	struct imp_cost_use *uses = imp_arena_array(c->arena, 3, sizeof(*uses));
	struct imp_slice *tags = imp_arena_array(c->arena, 2, sizeof(*tags));

	uses[0] = (struct imp_cost_use){.blob = (uint32_t)(i + 1), .manifest = true};
	uses[1] = (struct imp_cost_use){
		.blob = (uint32_t)(c->inventory.image_count + 1 + repository),
		.platform = 1};
	uses[2] = (struct imp_cost_use){.platform = IMP_COST_NO_PLATFORM};
	tags[0] = imp_slice_of(imp_arena_printf(c->arena, "a|`%zu</template>", i));
	tags[1] = imp_slice_of(imp_arena_printf(c->arena, "z\xff[x](y)%zu", i));
	*image = (struct imp_cost_image){
		.repository = (uint32_t)repository,
		.digest = costed_digest(i + 1),
		.tags = tags,
		.tag_count = i % 3,
		.dated = i % 4 != 0,
		.time_ns = i % 4 ? (int64_t)i * 86400 * 1000000000 : 0,
		.uses = uses,
		.use_count = 3,
		.labels = i % 2 ? &label : NULL,
		.label_count = i % 2,
	};
}

static inline void costed_blobs(struct costed *c)
{
	size_t count = 1 + c->inventory.image_count + c->inventory.repository_count;
	struct imp_cost_blob *blobs = imp_arena_array(c->arena, count, sizeof(*blobs));

	for (size_t i = 0; i < count; i++)
		blobs[i] = (struct imp_cost_blob){costed_digest(i), 1000003 * (i + 7)};
	c->inventory.blobs = blobs;
	c->inventory.blob_count = count;
}

static inline void costed_inventory(struct costed *c, size_t repositories, size_t images)
{
	static const char *const platforms[] = {"linux/amd64", "lin\xff/\x01"};
	size_t count = repositories * images;
	struct imp_cost_repository *rows =
		imp_arena_array(c->arena, repositories + 1, sizeof(*rows));
	struct imp_cost_image *list = imp_arena_array(c->arena, count + 1, sizeof(*list));

	c->inventory = (struct imp_cost_inventory){
		.repositories = rows,
		.repository_count = repositories,
		.platforms = platforms,
		.platform_count = 2,
		.images = list,
		.image_count = count,
		.foreign_layers = 1,
		.untagged_visible = true,
		.complete = true,
		.warnings = c->warnings,
	};
	for (size_t i = 0; i < repositories; i++)
		rows[i] = (struct imp_cost_repository){
			IMP_SLICE("ghcr.io"),
			imp_slice_of(imp_arena_printf(c->arena, "w<b>`\xfe|%zu", i))};
	for (size_t i = 0; i < count; i++)
		costed_image(c, &list[i], i, i / images);
	costed_blobs(c);
}

static inline void costed_price(struct costed *c)
{
	c->price = (struct imp_price){
		.name = "mi\xffne",
		.currency = "USD",
		.unit_base = UINT64_C(1) << 30,
		.dedupe = IMP_DEDUPE_REGISTRY,
		.tiers = {{1, 300000000}, {UINT64_MAX, 100000000}},
		.tier_count = 2,
		.free_bytes = 5,
		.fixed_nano = 20000000,
		.date = "2020-01-02",
		.replicas = 2,
		.free_tier = true,
	};
}

static inline struct imp_cost_row *costed_rows(struct costed *c, const uint32_t *of,
					       size_t count)
{
	struct imp_cost_row *rows = imp_arena_array(c->arena, count + 1, sizeof(*rows));
	struct imp_cost_group *groups =
		imp_arena_array(c->arena, count + 1, sizeof(*groups));

	imp_cost_groups(c->cost, of, count, groups);
	for (size_t i = 0; i < count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		imp_cost_repository_name(&c->inventory.repositories[i], &name);
		rows[i].name = imp_arena_copy(c->arena, imp_strbuf_slice(&name));
		rows[i].group = groups[i];
		rows[i].month_nano = imp_price_part(&c->price, groups[i].attributed_bytes,
						    c->cost->stored_bytes);
	}
	return rows;
}

static inline void costed_what_ifs(struct costed *c)
{
	static const char *const expressions[] = {"keep=1", "match=z\xff*"};
	struct imp_error err = {0};
	struct imp_cost_what_if what_if;

	for (size_t i = 0; i < 2; i++) {
		assert_ok(imp_cost_what_if_parse(expressions[i], &what_if, &err), &err);
		imp_cost_what_if_apply(c->cost, &what_if, c->report.as_of_ns, c->arena,
				       &c->what_ifs[i]);
	}
	imp_cost_what_if_union(c->cost, c->what_ifs, 2, c->arena, &c->what_ifs[2]);
	for (size_t i = 0; i < 3; i++)
		c->saved_nano[i] =
			c->report.month_nano -
			imp_price_month(&c->price, c->cost->stored_bytes -
							   c->what_ifs[i].free_bytes);
	c->report.what_ifs = c->what_ifs;
	c->report.saved_nano = c->saved_nano;
	c->report.what_if_count = 3;
}

/* All of the first repository is known, of the others every second image. */
static inline void costed_unpacked(struct costed *c)
{
	size_t count = c->inventory.image_count;
	uint64_t *bytes = imp_arena_array(c->arena, count + 1, sizeof(uint64_t));
	struct imp_cost_unpacked *unpacked = imp_arena_alloc(c->arena, sizeof(*unpacked));

	for (size_t i = 0; i < count; i++)
		bytes[i] = c->inventory.images[i].repository == 0 || i % 2
				   ? 3 * c->cost->roots[i].full_bytes
				   : IMP_UNKNOWN_SIZE;
	imp_cost_unpacked_add_up(&c->inventory, bytes, c->arena, unpacked);
	c->report.unpacked = unpacked;
}

static inline void costed_images(struct costed *c)
{
	size_t count = c->inventory.image_count;
	uint64_t *attributed = imp_arena_array(c->arena, count + 1, sizeof(uint64_t));
	uint64_t *avoidable = imp_arena_array(c->arena, count + 1, sizeof(uint64_t));

	for (size_t i = 0; i < count; i++) {
		const struct imp_cost_root *root = &c->cost->roots[i];
		uint64_t stored = c->cost->stored_bytes;
		attributed[i] = imp_price_part(&c->price, root->attributed_bytes, stored);
		avoidable[i] = c->report.month_nano -
			       imp_price_month(&c->price, stored - root->exclusive_bytes);
	}
	costed_unpacked(c);
	c->report.order = c->cost->order;
	c->report.attributed_nano = attributed;
	c->report.avoidable_nano = avoidable;
}

static inline void costed_lists(struct costed *c)
{
	size_t count = c->inventory.repository_count;
	uint32_t *of =
		imp_arena_array(c->arena, c->inventory.image_count + 1, sizeof(*of));
	uint32_t *order = imp_arena_array(c->arena, count + 1, sizeof(*order));

	for (size_t i = 0; i < c->inventory.image_count; i++)
		of[i] = c->inventory.images[i].repository;
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)(count - 1 - i);
	c->report.repositories = costed_rows(c, of, count);
	c->report.repository_order = order;
	c->report.group_by = "label:te\xffm";
	c->report.groups = c->report.repositories;
	c->report.group_count = count;
}

static inline void costed_make(struct costed *c, size_t repositories, size_t images)
{
	*c = (struct costed){.arena = imp_arena_create(),
			     .warnings = imp_warnings_create()};
	costed_inventory(c, repositories, images);
	costed_price(c);
	c->cost = imp_cost_create(&c->inventory, IMP_DEDUPE_REGISTRY);
	c->report = (struct imp_cost_report){
		.inventory = &c->inventory,
		.cost = c->cost,
		.price = &c->price,
		.price_is_stale = true,
		.title = "ghcr.io/*\xff",
		.as_of_ns = INT64_C(1790000000123456789),
		.scope_is_part = true,
		.month_nano = imp_price_month(&c->price, c->cost->stored_bytes),
		.naive_month_nano = imp_price_month(&c->price, c->cost->naive_bytes),
		.has_max = true,
		.max_nano = 1,
	};
	/* 20.5 days before `as_of` */
	imp_cost_growth_find(&(struct imp_cost_point){1790000000 - 1771200, 4711}, 1,
			     1790000000, c->cost->stored_bytes, &c->price, &c->growth);
	c->report.growth = &c->growth;
	costed_lists(c);
	costed_images(c);
	costed_what_ifs(c);
}

static inline void costed_finish(struct costed *c)
{
	imp_cost_destroy(c->cost);
	imp_warnings_destroy(c->warnings);
	imp_arena_destroy(c->arena);
}
