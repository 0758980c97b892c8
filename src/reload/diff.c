/* Kind "diff": what struct imp_diff_set holds. */
#include "diff_lists.h"

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"
#include "kinds.h"

static struct imp_before_after read_figure(struct imp_reading *reading,
					   const json_t *object, const char *key)
{
	const json_t *figure = imp_read_object(reading, object, key);

	return (struct imp_before_after){
		.before = imp_read_bytes(reading, figure, "before"),
		.after = imp_read_bytes(reading, figure, "after"),
	};
}

static struct imp_change_sum read_sum(struct imp_reading *reading, const json_t *object,
				      const char *key)
{
	const json_t *sum = imp_read_object(reading, object, key);

	return (struct imp_change_sum){
		.disk = read_figure(reading, sum, "disk_bytes"),
		.pull = read_figure(reading, sum, "pull_bytes"),
	};
}

static void read_side(struct imp_reading *reading, const json_t *object, const char *key,
		      struct imp_diff_side *out)
{
	const json_t *side;
	const json_t *tool;

	if (json_is_null(json_object_get(object, key))) {
		out->platform = (struct imp_platform){"", "", ""};
		return;
	}
	side = imp_read_object(reading, object, key);
	tool = imp_read_object(reading, side, "tool");
	out->reference = imp_read_name(reading, side, "reference");
	out->digest = imp_read_digest(reading, side, "digest");
	out->platform = imp_read_platform(reading, side);
	out->has_created = imp_read_time(reading, side, "created", &out->created_ns);
	out->complete = imp_read_flag(reading, side, "complete");
	out->layer_count =
		imp_read_number(reading, side, "layers", reading->limits->layers);
	out->base = imp_read_base(reading, side);
	out->tool_version = imp_read_line(reading, tool, "version");
	out->rules_version = imp_read_line(reading, tool, "rules");
}

static void read_totals(struct imp_reading *reading, const json_t *object,
			struct imp_diff *out)
{
	const json_t *totals = imp_read_object(reading, object, "totals");
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	for (int total = 0; total < IMP_TOTALS; total++) {
		bool count = total == IMP_TOTAL_FILES || total == IMP_TOTAL_ENTRIES;
		imp_strbuf_reset(&name);
		imp_strbuf_printf(&name, "%s%s", imp_total_name((enum imp_total)total),
				  count ? "" : "_bytes");
		if (!json_object_get(totals, name.data)) {
			imp_reading_break(reading, "totals");
			return;
		}
		out->totals[total] = read_figure(reading, totals, name.data);
		if (reading->broken)
			reading->broken = "totals";
	}
}

static void read_origin(struct imp_reading *reading, const json_t *object,
			struct imp_diff *out)
{
	if (json_is_null(json_object_get(object, "origin")))
		return;
	const json_t *origin = imp_read_object(reading, object, "origin");
	out->origin_known = true;
	out->base = read_sum(reading, origin, "base");
	out->own = read_sum(reading, origin, "own");
}

static void read_diff(struct imp_reading *reading, const json_t *object,
		      struct imp_diff *out)
{
	out->name = imp_read_text(reading, object, "name");
	read_side(reading, object, "before", &out->before);
	read_side(reading, object, "after", &out->after);
	out->rules_differ = imp_read_flag(reading, object, "rules_differ");
	read_totals(reading, object, out);
	out->new_layer_bytes = imp_read_bytes(reading, object, "new_layer_bytes");
	out->new_layers =
		imp_read_number(reading, object, "new_layers", reading->limits->layers);
	out->chain_break = imp_read_optional(reading, object, "chain_break",
					     reading->limits->layers);
	read_origin(reading, object, out);
	imp_reload_diff_lists(reading, object, out);
	if (out->chain_break != IMP_NONE && out->chain_break >= out->after.layer_count)
		imp_reading_break(reading, "chain_break");
}

static bool was_cut(const struct imp_diff_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct imp_diff *diff = set->list[i];
		if (diff->reason_count > 0 &&
		    diff->reasons[diff->reason_count - 1].kind == IMP_REASON_REST)
			return true;
	}
	return false;
}

static bool is_complete(const struct imp_diff_side *side)
{
	return side->complete || !side->reference;
}

/* Not the document's: of a check, images without a base count there, too. */
static bool all_complete(const struct imp_diff_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (!is_complete(&set->list[i]->before) ||
		    !is_complete(&set->list[i]->after))
			return false;
	return true;
}

void imp_reload_pairs(struct imp_reading *reading, const json_t *document,
		      struct imp_reloaded *out)
{
	const json_t *pairs = imp_json_get_array(document, "pairs");
	size_t count = pairs ? json_array_size(pairs) : 1;
	struct imp_diff_set *set = imp_arena_alloc(reading->arena, sizeof(*set));
	const struct imp_diff **list =
		imp_arena_array(reading->arena, count + 1, sizeof(*list));

	if (count == 0)
		imp_reading_break(reading, "pairs");
	for (size_t i = 0; i < count && !reading->broken; i++) {
		struct imp_diff *diff = imp_arena_alloc(reading->arena, sizeof(*diff));
		read_diff(reading,
			  pairs ? imp_read_element(reading, pairs, i, "pairs") : document,
			  diff);
		out->without_tree |= diff->node_count == 0;
		list[i] = diff;
	}
	set->list = list;
	set->count = reading->broken ? 0 : count;
	set->complete = all_complete(set);
	if (out->complete && !set->complete)
		imp_reading_break(reading, "complete");
	set->distinct = read_sum(reading, document, "distinct");
	out->diffs = set;
	out->cut |= json_object_get(document, "top") || was_cut(set);
}

int imp_reload_diff(struct imp_reading *reading, const json_t *document,
		    struct imp_reloaded *out, struct imp_reload_owned *owned,
		    struct imp_error *err)
{
	(void)owned, (void)err;
	imp_reload_pairs(reading, document, out);
	return 0;
}
