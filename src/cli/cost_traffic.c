#include "cost_traffic.h"

#include <string.h>

#include "cost_plan.h"
#include "imgprof/cleanup.h"
#include "questions.h"

/* TEXT may be NULL: unknown. At most MOST, in nano. */
static int read_amount(const char *option, const char *text, const char *currency,
		       uint64_t most, uint64_t *nano, struct imp_error *err)
{
	struct imp_slice found = IMP_SLICE("");

	*nano = IMP_COST_UNKNOWN;
	if (!text)
		return 0;
	if (!imp_money_parse(imp_slice_of(text), nano, &found) || *nano > most)
		return imp_fail(err, IMP_E_USAGE, "--%s: '%s' is no such number", option,
				text);
	if (found.len && (!currency || !imp_slice_is(found, currency)))
		return imp_fail(err, IMP_E_USAGE, "--%s: '%s', but the price is in %s",
				option, text, currency ? currency : "no currency");
	return 0;
}

static int read_rates(const struct imp_settings *settings, const char *currency,
		      struct imp_cost_traffic *rates, struct imp_error *err)
{
	static const uint64_t price = UINT64_C(1000000000000000); /* a million */
	static const uint64_t minutes = UINT64_C(10000000000000); /* ten thousand */
	int rc = read_amount("build-minutes", settings->cost.build_minutes, NULL, minutes,
			     &rates->build_minutes_nano, err);

	if (rc == 0)
		rc = read_amount("build-price", settings->cost.build_price, currency,
				 price, &rates->build_minute_nano, err);
	if (rc == 0)
		rc = read_amount("push-price", settings->cost.push_price, currency, price,
				 &rates->push_gb_nano, err);
	if (rc == 0)
		rc = read_amount("pull-price", settings->cost.pull_price, currency, price,
				 &rates->pull_gb_nano, err);
	return rc;
}

static int read_builds(const struct imp_settings *settings,
		       struct imp_cost_traffic *rates, struct imp_error *err)
{
	const char *text = settings->cost.builds_per_week;
	unsigned long long builds;

	rates->builds_per_week = IMP_COST_UNKNOWN;
	if (!text)
		return settings->cost.build_minutes || settings->cost.build_price ||
				       settings->cost.push_price
			       ? imp_fail(err, IMP_E_USAGE,
					  "what builds cost needs --builds-per-week")
			       : 0;
	if (!imp_slice_u64(imp_slice_of(text), &builds) || builds > 100000)
		return imp_fail(err, IMP_E_USAGE,
				"--builds-per-week: '%s' is no number up to 100000",
				text);
	rates->builds_per_week = builds;
	return 0;
}

/* "80%", "80" */
static bool read_percent(struct imp_slice text, uint64_t *out)
{
	unsigned long long percent;

	if (imp_slice_ends(text, IMP_SLICE("%")))
		text.len--;
	if (!imp_slice_u64(text, &percent) || percent > 100)
		return false;
	*out = percent;
	return true;
}

/* Fields are separated by a comma, blanks, or both. */
static struct imp_slice next_field(struct imp_slice *rest)
{
	size_t len = 0;

	*rest = imp_slice_trim(*rest, " \t\r,");
	while (len < rest->len && !memchr(" \t,", rest->data[len], 3))
		len++;
	struct imp_slice field = imp_slice(rest->data, len);
	*rest = imp_slice_skip(*rest, len);
	return field;
}

/* A tag counts where it is written: the usual one is not meant. */
static const char *registry_key(const struct imp_run *run, struct imp_slice text,
				const struct imp_reference *reference)
{
	const char *name =
		imp_arena_printf(run->arena, "%s/%s", reference->domain, reference->path);
	struct imp_slice behind = imp_slice_basename(text);
	char digest[IMP_DIGEST_TEXT];

	if (reference->digest.algorithm != IMP_DIGEST_NONE)
		return imp_arena_printf(run->arena, "%s@%s", name,
					imp_digest_text(&reference->digest, digest));
	imp_slice_cut(&behind, ':');
	return behind.data ? imp_arena_printf(run->arena, "%s:%s", name, reference->tag)
			   : name;
}

static int read_reference(const struct imp_run *run, struct imp_slice text,
			  struct imp_pull_line *line, struct imp_error *err)
{
	struct imp_location location;

	if (memchr(text.data, '\0', text.len))
		return imp_fail(err, IMP_E_USAGE, "no text");
	line->reference = imp_arena_copy(run->arena, text).data;
	int rc = imp_location_parse(line->reference, imp_run_path_exists, run->arena,
				    &location, err);
	if (rc < 0)
		return rc;
	if (location.transport != IMP_TRANSPORT_REGISTRY) {
		const char *name = location.path ? location.path : location.text;
		line->key = location.selector ? imp_arena_printf(run->arena, "%s:%s",
								 name, location.selector)
					      : name;
		return 0;
	}
	line->key = registry_key(run, text, &location.reference);
	return 0;
}
static int read_line(const struct imp_run *run, struct imp_slice text, const char *warm,
		     struct imp_pull_line *line, struct imp_error *err)
{
	struct imp_slice reference = next_field(&text), pulls = next_field(&text);
	struct imp_slice share = next_field(&text);
	unsigned long long count;

	if (!imp_slice_u64(pulls, &count) || count > IMP_TRAFFIC_MOST ||
	    imp_slice_trim(text, " \t\r,").len)
		return imp_fail(
			err, IMP_E_USAGE,
			"not REFERENCE, PULLS per month and perhaps a percentage");
	line->pulls = count;
	if (share.len == 0)
		share = imp_slice_of(warm);
	if (share.len == 0) {
		imp_fail(err, IMP_E_USAGE,
			 "which part of the pulls finds the image before on its node?");
		return imp_hint(err, "a third field such as 80%%, or --warm-share 80%%");
	}
	if (!read_percent(share, &line->warm_percent))
		return imp_fail(err, IMP_E_USAGE, "'%.*s' is no percentage",
				(int)share.len, share.data);
	return read_reference(run, reference, line, err);
}

static int read_pulls(const struct imp_run *run, struct imp_traffic_plan *plan,
		      struct imp_error *err)
{
	const char *name = run->settings->cost.pulls,
		   *warm = run->settings->cost.warm_share;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_slice rest;
	size_t lines = 1;

	if (!name)
		return run->settings->cost.pull_price || warm
			       ? imp_fail(err, IMP_E_USAGE,
					  "what pulls cost needs --pulls")
			       : 0;
	int rc = imp_question_read_file("pulls", name, IMP_COST_FILE_BYTES, &text, err);
	if (rc < 0)
		return rc;
	rest = imp_strbuf_slice(&text);
	for (size_t i = 0; i < rest.len; i++)
		lines += rest.data[i] == '\n';
	plan->lines = imp_arena_array(run->arena, lines, sizeof(*plan->lines));
	for (size_t number = 1; rest.data; number++) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		line = imp_slice_trim(imp_slice_cut(&line, '#'), " \t\r");
		if (line.len == 0)
			continue;
		if (read_line(run, line, warm, &plan->lines[plan->line_count++], err) < 0)
			return imp_wrap(err, "--pulls: %s:%zu", name, number);
	}
	plan->rates.has_pulls = true;
	return 0;
}

int imp_traffic_plan_make(const struct imp_run *run, const char *currency,
			  struct imp_traffic_plan *plan, struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	int rc = read_rates(settings, currency, &plan->rates, err);

	if (rc == 0)
		rc = read_builds(settings, &plan->rates, err);
	if (rc == 0)
		rc = read_pulls(run, plan, err);
	plan->asked = settings->cost.builds_per_week || settings->cost.pulls;
	return rc;
}

static void index_image(const struct imp_run *run, struct imp_map *map,
			struct imp_slice name, char separator, struct imp_slice behind,
			uint32_t image)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};

	imp_strbuf_add_slice(&key, name);
	imp_strbuf_add_char(&key, separator);
	imp_strbuf_add_slice(&key, behind);
	imp_map_set(map, imp_arena_copy(run->arena, imp_strbuf_slice(&key)), image);
}

/* Where lines find their image: by repository, with a tag, with its digest. */
static void index_images(const struct imp_run *run, const struct imp_cost_report *report,
			 struct imp_map *map)
{
	const struct imp_cost_inventory *inventory = report->inventory;
	char digest[IMP_DIGEST_TEXT];

	for (size_t i = 0; i < inventory->image_count; i++) {
		uint32_t index = report->cost->order[i]; /* the newest comes last */
		const struct imp_cost_image *image = &inventory->images[index];
		struct imp_slice name = report->repositories[image->repository].name;
		imp_map_set(map, name, index);
		index_image(run, map, name, '@',
			    imp_slice_of(imp_digest_text(&image->digest, digest)), index);
		for (size_t t = 0; t < image->tag_count; t++)
			index_image(run, map, name, ':', image->tags[t], index);
	}
}

static struct imp_cost_pull *match_pulls(const struct imp_run *run,
					 const struct imp_traffic_plan *plan,
					 const struct imp_cost_report *report,
					 size_t *count)
{
	imp_auto(imp_map_finish) struct imp_map map = {0};
	struct imp_cost_pull *pulls =
		imp_arena_array(run->arena, plan->line_count + 1, sizeof(*pulls));

	index_images(run, report, &map);
	*count = 0;
	for (size_t i = 0; i < plan->line_count; i++) {
		const struct imp_pull_line *line = &plan->lines[i];
		struct imp_cost_pull pull = {.pulls = line->pulls,
					     .warm_percent = line->warm_percent};
		uint64_t image;
		if (imp_map_get(&map, imp_slice_of(line->key), &image)) {
			pull.image = (uint32_t)image;
			pulls[(*count)++] = pull;
			continue;
		}
		imp_warnings_add(report->inventory->warnings, "pulls-unmatched",
				 IMP_NO_LAYER, imp_slice_of(line->reference),
				 "pulled, but not among the images here");
	}
	return pulls;
}

void imp_traffic_count(const struct imp_run *run, const struct imp_traffic_plan *plan,
		       struct imp_cost_report *report)
{
	struct imp_cost_traffic *traffic;
	struct imp_cost_pull *pulls;
	size_t count;

	if (!plan->asked)
		return;
	traffic = imp_arena_alloc(run->arena, sizeof(*traffic));
	*traffic = plan->rates;
	pulls = match_pulls(run, plan, report, &count);
	imp_cost_traffic_count(report->cost, report->price->unit_base, pulls, count,
			       imp_arena_array(run->arena,
					       report->inventory->repository_count + 1,
					       sizeof(*traffic->rows)),
			       traffic);
	report->traffic = traffic;
}
