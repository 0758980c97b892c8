#include <stdlib.h>

#include "imgprof/checked.h"
#include "imgprof/cost.h"
#include "imgprof/glob.h"

static bool parse_age(struct imp_slice text, int64_t *out_ns)
{
	static const struct {
		char letter;
		uint64_t seconds;
	} units[] = {{'h', 3600},
		     {'d', 86400},
		     {'w', 7 * UINT64_C(86400)},
		     {'y', 365 * UINT64_C(86400)}};
	unsigned long long number;
	uint64_t ns;

	for (size_t i = 0; text.len && i < sizeof(units) / sizeof(*units); i++) {
		if (text.data[text.len - 1] != units[i].letter)
			continue;
		if (!imp_slice_u64(imp_slice(text.data, text.len - 1), &number) ||
		    imp_mul_overflows(number, units[i].seconds * 1000000000, &ns) ||
		    ns > INT64_MAX)
			return false;
		*out_ns = (int64_t)ns;
		return true;
	}
	return false;
}

static bool parse_term(struct imp_slice term, struct imp_cost_what_if *out)
{
	struct imp_slice value = term;
	struct imp_slice key = imp_slice_cut(&value, '=');
	unsigned long long number;

	if (imp_slice_is(key, "match") && value.len && !out->match.data) {
		out->match = value;
	} else if (imp_slice_is(key, "keep") && !out->has_keep &&
		   imp_slice_u64(value, &number)) {
		out->has_keep = true;
		out->keep = number;
	} else if (imp_slice_is(key, "older") && !out->has_older &&
		   parse_age(value, &out->older_ns)) {
		out->has_older = true;
	} else {
		return false;
	}
	return true;
}

int imp_cost_what_if_parse(const char *expression, struct imp_cost_what_if *out,
			   struct imp_error *err)
{
	struct imp_slice rest = imp_slice_of(expression);
	struct imp_cost_what_if result = {.expression = expression};

	while (rest.data) {
		struct imp_slice term = imp_slice_cut(&rest, ',');
		if (parse_term(term, &result))
			continue;
		imp_fail(err, IMP_E_USAGE, "'%.*s' in '%s'", (int)term.len, term.data,
			 expression);
		return imp_hint(err, "keep=10, match=pr-*, older=14d (h, d, w or y); a "
				     "comma is an and");
	}
	*out = result;
	return 0;
}

/* All its tags match; one without tags has none that could. */
static bool matches(const struct imp_cost_image *image, struct imp_slice glob)
{
	if (!glob.data)
		return true;
	for (size_t i = 0; i < image->tag_count; i++)
		if (!imp_glob_name(glob, image->tags[i]))
			return false;
	return image->tag_count > 0;
}

static void choose(const struct imp_cost *cost, const struct imp_cost_what_if *what_if,
		   int64_t now_ns, struct imp_cost_what_if_result *out)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	bool by_time = what_if->has_keep || what_if->has_older;
	imp_auto_free uint64_t *kept =
		imp_xcalloc(inventory->repository_count + 1, sizeof(*kept));

	/* Newest first: what qualifies by all else is kept up to the number, in each repository */
	for (size_t i = inventory->image_count; i-- > 0;) {
		uint32_t index = cost->order[i];
		const struct imp_cost_image *image = &inventory->images[index];
		if (!matches(image, what_if->match))
			continue;
		if (by_time && !image->dated) {
			out->undated++;
			continue;
		}
		if (what_if->has_older && now_ns - image->time_ns <= what_if->older_ns)
			continue;
		if (what_if->has_keep && kept[image->repository]++ < what_if->keep)
			continue;
		out->chosen[index] = true;
	}
}

/* A stretch of images of one repository. */
struct stretch {
	size_t begin, end;
};

static struct stretch next_stretch(const struct imp_cost_inventory *inventory,
				   size_t begin)
{
	size_t end = begin + 1;

	while (end < inventory->image_count &&
	       inventory->images[end].repository == inventory->images[begin].repository)
		end++;
	return (struct stretch){begin, end};
}

/* Stamps the manifests that images of the stretch which stay lead to. */
static void stamp_kept(const struct imp_cost_inventory *inventory, struct stretch stretch,
		       const bool *chosen, uint32_t *stamps, uint32_t stamp)
{
	for (size_t i = stretch.begin; i < stretch.end; i++)
		for (size_t k = 0; !chosen[i] && k < inventory->images[i].use_count; k++)
			if (inventory->images[i].uses[k].manifest)
				stamps[inventory->images[i].uses[k].blob] = stamp;
}

/* What a kept index lists stays, also when its own tags say otherwise. */
static void hold_children(const struct imp_cost_inventory *inventory, uint32_t *stamps,
			  struct imp_cost_what_if_result *out)
{
	uint32_t stamp = 0;

	for (size_t at = 0; at < inventory->image_count;) {
		struct stretch stretch = next_stretch(inventory, at);
		stamp_kept(inventory, stretch, out->chosen, stamps, ++stamp);
		for (size_t i = stretch.begin; i < stretch.end; i++) {
			if (!out->chosen[i] || !inventory->images[i].use_count ||
			    stamps[inventory->images[i].uses[0].blob] != stamp)
				continue;
			out->chosen[i] = false;
			out->held++;
		}
		at = stretch.end;
	}
}

/* OWN: the chosen themselves, else what they list; without what a kept image or an earlier
 * one of the list led to. */
static void list_manifests(const struct imp_cost_inventory *inventory,
			   struct stretch stretch, bool own, uint32_t *stamps,
			   uint32_t stamp, struct imp_cost_what_if_result *out,
			   struct imp_cost_digest *digests)
{
	for (size_t i = stretch.begin; i < stretch.end; i++) {
		const struct imp_cost_image *image = &inventory->images[i];
		size_t end = own && image->use_count ? 1 : image->use_count;
		for (size_t k = own ? 0 : 1; out->chosen[i] && k < end; k++) {
			uint32_t blob = image->uses[k].blob;
			if (!image->uses[k].manifest || stamps[blob] == stamp)
				continue;
			stamps[blob] = stamp;
			digests[out->digest_count++] = (struct imp_cost_digest){
				image->repository, inventory->blobs[blob].digest};
		}
	}
}

static void list_digests(const struct imp_cost_inventory *inventory, uint32_t *stamps,
			 struct imp_arena *arena, struct imp_cost_what_if_result *out)
{
	uint32_t stamp = (uint32_t)inventory->image_count;
	size_t most = 0;

	for (size_t i = 0; i < inventory->image_count; i++)
		for (size_t k = 0; out->chosen[i] && k < inventory->images[i].use_count;
		     k++)
			most += inventory->images[i].uses[k].manifest;
	struct imp_cost_digest *digests =
		imp_arena_array(arena, most + 1, sizeof(*digests));
	for (size_t at = 0; at < inventory->image_count;) {
		struct stretch stretch = next_stretch(inventory, at);
		stamp_kept(inventory, stretch, out->chosen, stamps, ++stamp);
		list_manifests(inventory, stretch, true, stamps, stamp, out, digests);
		list_manifests(inventory, stretch, false, stamps, stamp, out, digests);
		at = stretch.end;
	}
	out->digests = digests;
}

static void sum_up(const struct imp_cost *cost, struct imp_arena *arena,
		   struct imp_cost_what_if_result *out)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	imp_auto_free uint32_t *stamps =
		imp_xcalloc(inventory->blob_count + 1, sizeof(*stamps));

	hold_children(inventory, stamps, out);
	for (size_t i = 0; i < inventory->image_count; i++)
		out->images += out->chosen[i];
	out->free_bytes = imp_cost_free_bytes(cost, out->chosen);
	list_digests(inventory, stamps, arena, out);
}

static struct imp_cost_what_if_result
start(const struct imp_cost *cost, const char *expression, struct imp_arena *arena)
{
	return (struct imp_cost_what_if_result){
		.expression = expression,
		.chosen = imp_arena_array(arena, cost->inventory->image_count + 1,
					  sizeof(bool)),
	};
}

void imp_cost_what_if_apply(const struct imp_cost *cost,
			    const struct imp_cost_what_if *what_if, int64_t now_ns,
			    struct imp_arena *arena, struct imp_cost_what_if_result *out)
{
	*out = start(cost, what_if->expression, arena);
	choose(cost, what_if, now_ns, out);
	sum_up(cost, arena, out);
}

void imp_cost_what_if_union(const struct imp_cost *cost,
			    const struct imp_cost_what_if_result *results, size_t count,
			    struct imp_arena *arena, struct imp_cost_what_if_result *out)
{
	*out = start(cost, NULL, arena);
	for (size_t r = 0; r < count; r++)
		for (size_t i = 0; i < cost->inventory->image_count; i++)
			out->chosen[i] |= results[r].chosen[i];
	sum_up(cost, arena, out);
}
