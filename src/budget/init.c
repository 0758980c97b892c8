/* A first budget file: today's numbers and a little air. */
#include "budget_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/reference.h"
#include "imgprof/units.h"

enum { AIR_PERCENT = 5 };

/* In the unit that leaves three digits or more, rounded up, so that today's image passes. */
static void add_size(struct imp_strbuf *out, uint64_t bytes)
{
	static const struct {
		uint64_t bytes;
		const char *name;
	} units[] = {{1000000, "MB"}, {1000, "kB"}, {1, "B"}};
	unsigned __int128 room = (unsigned __int128)bytes * (100 + AIR_PERCENT);
	uint64_t most = (uint64_t)((room + 99) / 100);
	size_t unit = 0;

	while (most < 100 * units[unit].bytes && units[unit].bytes > 1)
		unit++;
	uint64_t count = most / units[unit].bytes + (most % units[unit].bytes != 0);
	imp_strbuf_printf(out, "%llu%s", (unsigned long long)count, units[unit].name);
}

/* As a YAML text in double quotes: JSON's escapes are among YAML's. */
static void add_quoted(struct imp_strbuf *out, struct imp_slice text)
{
	imp_strbuf_add_char(out, '"');
	imp_escape_json(out, text);
	imp_strbuf_add_char(out, '"');
}

/* What an archive calls its image, where that is more than a tag; else NULL. */
static const char *name_inside(const struct imp_image *image, struct imp_arena *arena)
{
	for (size_t i = 0; i < image->name_count; i++) {
		struct imp_slice name = image->names[i];
		struct imp_reference reference;
		bool is_full = memchr(name.data, '/', name.len) ||
			       memchr(name.data, ':', name.len);
		if (is_full && imp_reference_parse(name, arena, &reference, NULL) == 0)
			return imp_reference_text(&reference, arena);
	}
	return NULL;
}

struct metric {
	enum imp_total total;
	const char *comment;
};
static const struct metric metrics[] = {
	{IMP_TOTAL_PULL, "What a registry stores and a node pulls"},
	{IMP_TOTAL_DISK, "What a node holds"},
	{IMP_TOTAL_WASTED, "Hidden by later layers"},
	{IMP_TOTAL_BUILD_ONLY, "Compilers, headers, sources and tests that are shipped"},
};
enum { METRICS = sizeof(metrics) / sizeof(*metrics) };

/* Images of one name and platform share an entry: the first that fits an image holds for it. */
struct entry {
	struct imp_slice stem; /* `match` without its star */
	const struct imp_platform *platform;
	uint64_t most[METRICS]; /* of its images */
};
struct entries {
	struct imp_arena *arena;
	struct entry *list;
	size_t count;
};

/* Every tag of the image's repository; else its path. */
static struct imp_slice stem_of(const struct imp_image *image, struct imp_arena *arena)
{
	const char *inside = name_inside(image, arena);
	struct imp_slice rest = imp_slice_of(inside ? inside : image->reference);
	struct imp_slice name = imp_slice_cut(&rest, '@');
	struct imp_slice last = imp_slice_basename(name);

	return imp_slice(name.data, name.len - last.len + imp_slice_cut(&last, ':').len);
}

/* A new one stands before those whose match takes its images, too. */
static struct entry *insert(struct entries *entries, struct imp_slice stem)
{
	size_t at = 0;

	while (at < entries->count && !imp_slice_starts(stem, entries->list[at].stem))
		at++;
	memmove(&entries->list[at + 1], &entries->list[at],
		(entries->count++ - at) * sizeof(*entries->list));
	entries->list[at] = (struct entry){.stem = stem};
	return &entries->list[at];
}

static void note(struct entries *entries, const struct imp_analysis *image)
{
	struct imp_slice stem = stem_of(image->image, entries->arena);
	const struct imp_platform *platform = &image->image->platform;
	struct entry *entry = NULL;

	for (size_t i = 0; !entry && i < entries->count; i++)
		if (imp_slice_equal(entries->list[i].stem, stem) &&
		    imp_platform_equal(entries->list[i].platform, platform))
			entry = &entries->list[i];
	if (!entry)
		entry = insert(entries, stem);
	entry->platform = platform;
	for (size_t i = 0; i < METRICS; i++) {
		uint64_t now = imp_total_of(image, metrics[i].total);
		if (now > entry->most[i])
			entry->most[i] = now;
	}
}

static void add_match(struct imp_strbuf *out, struct imp_slice stem)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf glob = {0};

	imp_strbuf_add_slice(&glob, stem);
	imp_strbuf_add_char(&glob, '*');
	add_quoted(out, imp_strbuf_slice(&glob));
}

static void add_platform(struct imp_strbuf *out, const struct imp_platform *platform)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_platform_add(&text, platform);
	add_quoted(out, imp_strbuf_slice(&text));
}

static void add_metric(struct imp_strbuf *out, const struct metric *metric, uint64_t now)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "      # %s: %s today\n      - {metric: %s, max: ",
			  metric->comment, imp_size_text(now, IMP_UNITS_DECIMAL, text),
			  imp_total_name(metric->total));
	add_size(out, now);
	imp_strbuf_add_text(out, "}\n");
}

static void add_entry(struct imp_strbuf *out, const struct entry *entry)
{
	imp_strbuf_add_text(out, "  - match: ");
	add_match(out, entry->stem);
	imp_strbuf_add_text(out, "\n    platforms: [");
	add_platform(out, entry->platform);
	imp_strbuf_add_text(out, "]\n    budgets:\n");
	for (size_t i = 0; i < METRICS; i++)
		add_metric(out, &metrics[i], entry->most[i]);
	imp_strbuf_add_text(
		out,
		"      # Against the base of a change (imgprof check --base)\n"
		"      - {metric: pull, max_rise: 20MB, max_rise_pct: 5, when: both}\n"
		"      - {metric: build_only, max_rise: 0, level: warn}\n");
}

void imp_budget_init(const struct imp_analysis *const *images, size_t count,
		     struct imp_strbuf *out)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	struct entries entries = {
		.arena = arena,
		.list = imp_arena_array(arena, count + 1, sizeof(*entries.list)),
	};

	for (size_t i = 0; i < count; i++)
		note(&entries, images[i]);
	imp_strbuf_printf(out,
			  "# What these images may weigh: today's sizes and %d %%. "
			  "imgprof check IMAGE holds it.\n"
			  "# All that a rule can say: imgprof.yaml(5).\n"
			  "version: 1\nimages:\n",
			  AIR_PERCENT);
	for (size_t i = 0; i < entries.count; i++)
		add_entry(out, &entries.list[i]);
	imp_strbuf_add_text(out, "defaults: {ignore_below: 64kB, require_base: false}\n");
}
