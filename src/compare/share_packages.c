/* Packages of all images by manager and name, and which of them only some images run. */
#include "share_priv.h"

#include <stdlib.h>

struct naming {
	struct imp_share_work *work;
	struct imp_map known;
};

static uint32_t find_key(struct naming *n, const struct imp_package *package)
{
	struct imp_share_work *work = n->work;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	uint64_t place;

	imp_strbuf_add_char(&text, (char)package->manager);
	imp_strbuf_add_slice(&text, package->name);
	if (imp_map_get(&n->known, imp_strbuf_slice(&text), &place))
		return (uint32_t)place;
	struct imp_slice key = imp_arena_copy(work->arena, imp_strbuf_slice(&text));
	work->keys = imp_xgrow(work->keys, &work->key_capacity, work->key_count + 1,
			       sizeof(*work->keys));
	work->keys[work->key_count] = (struct imp_share_key){
		.manager = package->manager,
		.name = imp_slice_skip(key, 1),
		.first = IMP_NONE,
		.last = IMP_NONE,
	};
	imp_map_set(&n->known, key, work->key_count);
	return (uint32_t)work->key_count++;
}

static void add_use(struct imp_share_work *work, uint32_t key, uint32_t image,
		    uint32_t package)
{
	uint32_t number = (uint32_t)work->use_count;

	work->uses = imp_xgrow(work->uses, &work->use_capacity, work->use_count + 1,
			       sizeof(*work->uses));
	work->uses[work->use_count++] = (struct imp_share_use){image, package, IMP_NONE};
	if (work->keys[key].first == IMP_NONE)
		work->keys[key].first = number;
	else
		work->uses[work->keys[key].last].next = number;
	work->keys[key].last = number;
}

void imp_share_gather_packages(struct imp_share_work *work)
{
	struct naming naming = {.work = work};

	for (uint32_t i = 0; i < work->count; i++) {
		const struct imp_packages *packages = work->images[i]->packages;
		if (!packages)
			continue;
		work->key_of[i] = imp_xcalloc(packages->count + 1, sizeof(uint32_t));
		for (uint32_t p = 0; p < packages->count; p++) {
			work->key_of[i][p] = find_key(&naming, &packages->list[p]);
			add_use(work, work->key_of[i][p], i, p);
		}
	}
	imp_map_finish(&naming.known);
}

struct reach {
	uint64_t needed_by, has;
};

static struct reach find_reach(const struct imp_share_work *work,
			       const struct imp_share_key *key)
{
	struct reach reach = {0};

	for (uint32_t u = key->first; u != IMP_NONE; u = work->uses[u].next) {
		const struct imp_share_use *use = &work->uses[u];
		const struct imp_analysis *image = work->images[use->image];
		uint64_t bit = UINT64_C(1) << use->image;
		/* What could not be followed may reach anything */
		if (!image->runtime || !image->runtime->readable ||
		    image->runtime->package_reached[use->package])
			reach.needed_by |= bit;
		if (image->packages->list[use->package].sum.disk_bytes > 0)
			reach.has |= bit;
	}
	return reach;
}

static void add(struct imp_sum *to, struct imp_sum more)
{
	to->files += more.files;
	to->disk_bytes += more.disk_bytes;
	to->pull_bytes += more.pull_bytes;
}

static void sum_up(const struct imp_share_work *work, const struct imp_share_key *key,
		   uint64_t idle, struct imp_share_need *row)
{
	struct imp_sum here = {0}; /* of one image */

	for (uint32_t u = key->first; u != IMP_NONE; u = work->uses[u].next) {
		const struct imp_share_use *use = &work->uses[u];
		struct imp_sum sum =
			work->images[use->image]->packages->list[use->package].sum;
		if (idle >> use->image & 1)
			add(&row->idle, sum);
		add(&here, sum);
		if (here.disk_bytes > row->sum.disk_bytes)
			row->sum = here;
		if (use->next == IMP_NONE || work->uses[use->next].image != use->image)
			here = (struct imp_sum){0};
	}
}

/* false when all images need it, or none. */
static bool make_need(const struct imp_share_work *work, const struct imp_share_key *key,
		      struct imp_share_need *out)
{
	struct reach reach = find_reach(work, key);
	uint64_t idle = reach.has & ~reach.needed_by;

	reach.needed_by &= reach.has;
	if (reach.needed_by == 0 ||
	    (size_t)__builtin_popcountll(reach.needed_by) == work->count)
		return false;
	*out = (struct imp_share_need){
		.manager = imp_manager_name(key->manager),
		.name = key->name,
		.needed_by = imp_share_set_of(reach.needed_by, work->arena),
		.idle_in = imp_share_set_of(idle, work->arena),
	};
	sum_up(work, key, idle, out);
	return true;
}

static int compare_needs(const void *a, const void *b)
{
	const struct imp_share_need *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return imp_share_compare_names(x->manager, x->name, y->manager, y->name);
}

void imp_share_make_needs(const struct imp_share_work *work, struct imp_share *out)
{
	struct imp_share_need *needs =
		imp_arena_array(work->arena, work->key_count + 1, sizeof(*needs));

	for (size_t k = 0; k < work->key_count; k++)
		out->need_count +=
			make_need(work, &work->keys[k], &needs[out->need_count]);
	qsort(needs, out->need_count, sizeof(*needs), compare_needs);
	out->needs = needs;
}
