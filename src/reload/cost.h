#pragma once

#include "fields.h"
#include "imgprof/cost.h"
#include "imgprof/map.h"

struct imp_cost_reading {
	struct imp_reading *reading;
	struct imp_arena *arena;
	struct imp_cost_inventory *inventory;
	struct imp_cost *cost;
	struct imp_cost_report *report;
	struct imp_map repositories;    /* places by name */
	const uint64_t *unpacked_bytes; /* one for each image */
};

/* Sizes of registries: what an inventory may hold (imp_cost_sizes_fit). */
uint64_t imp_reload_cost_bytes(struct imp_reading *reading, const json_t *object,
			       const char *key);
/* "0.108600000", as nano-units. */
uint64_t imp_reload_money(struct imp_reading *reading, const json_t *object,
			  const char *key);
/* The same, where the price says what it must be. */
uint64_t imp_reload_money_is(struct imp_reading *reading, const json_t *object,
			     const char *key, uint64_t expected_nano);
/* `price` of OBJECT; of the arena. */
const struct imp_price *imp_reload_price(struct imp_cost_reading *at,
					 const json_t *object);

/* Adds to a SUM that must not become more than MOST. */
void imp_reload_cost_add(struct imp_reading *reading, uint64_t *sum, uint64_t more,
			 uint64_t most, const char *key);

void imp_reload_cost_repositories(struct imp_cost_reading *at, const json_t *document);
/* Of these repositories, to which they must add up. */
void imp_reload_cost_roots(struct imp_cost_reading *at, const json_t *document);
void imp_reload_cost_groups(struct imp_cost_reading *at, const json_t *document);
void imp_reload_cost_what_ifs(struct imp_cost_reading *at, const json_t *document);
/* Of these repositories; nothing when the document has none. */
void imp_reload_cost_traffic(struct imp_cost_reading *at, const json_t *document);
