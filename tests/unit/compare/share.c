#include "analysed.h"

#include "imgprof/hash.h"
#include "imgprof/share.h"

enum { IMAGES = 4 };

struct share_case {
	struct analysed images[IMAGES];
	size_t count;
	struct imp_arena *arena;
	struct imp_share share;
};

/* Layers are the same where their letters are: one for each layer of each image. */
static void share_read(struct share_case *c, size_t count, const char *const *texts,
		       const char *const *layers)
{
	*c = (struct share_case){.count = count, .arena = imp_arena_create()};
	for (size_t i = 0; i < count; i++) {
		struct analysed *image = &c->images[i];
		analysed_read(image, texts[i]);
		analysed_with_evidence(image);
		image->image.reference =
			imp_arena_printf(image->arena, "example/%c:1", (char)('a' + i));
		for (size_t k = 0; k < image->stack.count; k++) {
			imp_digest_of(IMP_DIGEST_SHA256, imp_slice(&layers[i][k], 1),
				      &image->layers[k].diff_id);
			image->layers[k].summary.blob_digest = image->layers[k].diff_id;
		}
	}
}

static void share_make(struct share_case *c)
{
	const struct imp_analysis *images[IMAGES];

	for (size_t i = 0; i < c->count; i++)
		images[i] = &c->images[i].analysis;
	imp_share_images(images, c->count, c->arena, &c->share);
}

static void share_finish(struct share_case *c)
{
	for (size_t i = 0; i < c->count; i++)
		analysed_finish(&c->images[i]);
	imp_arena_destroy(c->arena);
}

static uint64_t pair_bytes(const struct share_case *c, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < c->share.pair_count; i++)
		if (c->share.pairs[i].a == a && c->share.pairs[i].b == b)
			return c->share.pairs[i].identical_bytes;
	fail_msg("no pair %u %u", a, b);
	return 0;
}

static void assert_groups_add_up(const struct share_case *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->share.group_count; i++)
		sum += c->share.groups[i].sum.disk_bytes;
	assert_int_equal(sum, c->share.identical_all_bytes);
}

static void assert_set(const struct imp_share_set *set, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf seen = {0};

	for (size_t i = 0; i < set->count; i++)
		imp_strbuf_printf(&seen, "%u", set->list[i]);
	assert_string_equal(seen.len ? seen.data : "", expected);
}

CASE(copies_are_counted)
{
	struct share_case c;
	const char *const texts[] = {
		("layer\nfile x 100 seed=1\nfile y 100 seed=1\nfile z 100 seed=1\n"
		 "file w 7 seed=2\n"),
		"layer\nfile p 100 seed=1\nfile q 100 seed=1\nfile r 7 seed=3\n",
		"layer\nfile s 100 seed=1\nfile t 100 seed=9\nfile u 7 seed=2\n",
	};
	const char *const layers[] = {"a", "b", "c"};

	share_read(&c, 3, texts, layers);
	share_make(&c);
	assert_int_equal(pair_bytes(&c, 0, 1), 200);
	assert_int_equal(pair_bytes(&c, 0, 2), 107);
	assert_int_equal(pair_bytes(&c, 1, 2), 100);
	/* 100 * (3 + 2 + 1 - 3) + 7 * (1 + 1 - 1) */
	assert_int_equal(c.share.identical_all_bytes, 307);
	assert_groups_add_up(&c);
	assert_int_equal(c.share.layer_count, 0);
	share_finish(&c);
}

CASE(only_what_is_live_and_not_empty_and_once_for_each_inode)
{
	struct share_case c;
	const char *const texts[] = {
		("layer\nfile x 100 seed=1\nlink y -> x\nfile e 0\nfile gone 50 seed=5\n"
		 "layer\nwhiteout gone\n"),
		("layer\nfile p 100 seed=1\nfile q 100 seed=1\nfile e 0\n"
		 "file here 50 seed=5\n"),
	};
	const char *const layers[] = {"ab", "c"};

	share_read(&c, 2, texts, layers);
	share_make(&c);
	assert_int_equal(pair_bytes(&c, 0, 1), 100);
	assert_int_equal(c.share.identical_all_bytes, 100);
	share_finish(&c);
}

CASE(layers_that_both_have_are_left_out)
{
	struct share_case c;
	const char *const texts[] = {
		"layer\nfile base 1000 seed=1\nlayer\nfile x 100 seed=2\n",
		("layer\nfile base 1000 seed=1\nlayer\nfile y 100 seed=2\n"
		 "layer\nfile z 10 seed=3\n"),
		"layer\nfile v 10 seed=3\nfile copy 1000 seed=1\n",
	};
	const char *const layers[] = {"xa", "xbc", "d"};

	share_read(&c, 3, texts, layers);
	share_make(&c);
	assert_int_equal(c.share.layer_count, 1);
	assert_int_equal(c.share.layers[0].disk_bytes, 1000);
	assert_set(&c.share.layers[0].images, "01");
	assert_int_equal(pair_bytes(&c, 0, 1), 100);
	assert_int_equal(pair_bytes(&c, 0, 2), 1000);
	assert_int_equal(pair_bytes(&c, 1, 2), 1010);
	/* The layer x is in two images, the copy in the third is alone */
	assert_int_equal(c.share.identical_all_bytes, 110);
	assert_groups_add_up(&c);
	assert_int_equal(c.share.plan.common_layers, 0);
	share_finish(&c);
}

CASE(groups_are_packages_and_folders)
{
	struct share_case c;
	const char *const texts[] = {
		"layer\nfile usr/bin/x 100 seed=1\nfile a/b/c/d/e 30 seed=2\n",
		"layer\nfile usr/bin/x 100 seed=1\nfile a/b/c/f/g/h 30 seed=2\n",
	};
	const char *const layers[] = {"a", "b"};

	share_read(&c, 2, texts, layers);
	for (size_t i = 0; i < 2; i++) {
		uint32_t p = analysed_package(&c.images[i], IMP_MANAGER_DPKG, "x",
					      "usr/bin/x");
		c.images[i].package_list[p].version = IMP_SLICE("1.0");
	}
	share_make(&c);
	assert_int_equal(c.share.group_count, 2);
	assert_string_equal(c.share.groups[0].manager, "dpkg");
	assert_true(imp_slice_is(c.share.groups[0].name, "x"));
	assert_true(imp_slice_is(c.share.groups[0].version, "1.0"));
	assert_int_equal(c.share.groups[0].sum.disk_bytes, 100);
	assert_set(&c.share.groups[0].images, "01");
	assert_string_equal(c.share.groups[1].manager, "");
	assert_true(imp_slice_is(c.share.groups[1].name, "a/b/c"));
	assert_int_equal(c.share.groups[1].sum.disk_bytes, 30);
	assert_groups_add_up(&c);
	share_finish(&c);
}

/* An image each with one file of the package node in VERSION, by MANAGER. */
static void read_versions(struct share_case *c, const enum imp_manager *managers,
			  const char *const *versions)
{
	const char *const texts[] = {
		"layer\nfile usr/bin/node 100 seed=1\n",
		"layer\nfile usr/bin/node 200 seed=2\n",
	};
	const char *const layers[] = {"a", "b"};

	share_read(c, 2, texts, layers);
	for (size_t i = 0; i < 2; i++) {
		uint32_t p = analysed_package(&c->images[i], managers[i], "nodejs",
					      "usr/bin/node");
		c->images[i].package_list[p].version = imp_slice_of(versions[i]);
	}
	share_make(c);
}

CASE(drift_of_versions)
{
	struct share_case c;
	const enum imp_manager managers[] = {IMP_MANAGER_DPKG, IMP_MANAGER_DPKG};
	const char *const same[] = {"18.19.0", "18.19.0"};
	const char *const other[] = {"18.20.4-1nodesource1", "18.19.0+dfsg-6~deb12u2"};

	read_versions(&c, managers, same);
	assert_int_equal(c.share.drift_count, 0);
	share_finish(&c);
	read_versions(&c, managers, other);
	assert_int_equal(c.share.drift_count, 1);
	assert_int_equal(c.share.drift[0].kind, IMP_SHARE_VERSIONS);
	assert_int_equal(c.share.drift[0].disk_bytes, 300);
	assert_int_equal(c.share.drift[0].variant_count, 2);
	assert_string_equal(c.share.drift[0].variants[0].origin, "NodeSource");
	assert_string_equal(c.share.drift[0].variants[1].origin, "Debian");
	share_finish(&c);
}

CASE(drift_of_managers_and_programs)
{
	struct share_case c;
	const enum imp_manager managers[] = {IMP_MANAGER_DPKG, IMP_MANAGER_CONDA};
	const char *const versions[] = {"18", "18"};

	read_versions(&c, managers, versions);
	assert_int_equal(c.share.drift_count, 2);
	assert_int_equal(c.share.drift[0].kind, IMP_SHARE_PROGRAMS);
	assert_true(imp_slice_is(c.share.drift[0].name, "node"));
	assert_int_equal(c.share.drift[1].kind, IMP_SHARE_MANAGERS);
	assert_true(imp_slice_is(c.share.drift[1].name, "nodejs"));
	share_finish(&c);
}

CASE(a_program_of_no_package_drifts_from_one_that_has_one)
{
	struct share_case c;
	const char *const texts[] = {
		"layer\nfile usr/bin/node 100 seed=1\n",
		"layer\nfile usr/local/bin/node 200 seed=2\n",
	};
	const char *const layers[] = {"a", "b"};

	share_read(&c, 2, texts, layers);
	analysed_package(&c.images[0], IMP_MANAGER_DPKG, "nodejs", "usr/bin/node");
	share_make(&c);
	assert_int_equal(c.share.drift_count, 1);
	assert_int_equal(c.share.drift[0].kind, IMP_SHARE_PROGRAMS);
	assert_string_equal(c.share.drift[0].variants[0].manager, "dpkg");
	assert_string_equal(c.share.drift[0].variants[1].manager, "");
	assert_true(
		imp_slice_is(c.share.drift[0].variants[1].path, "usr/local/bin/node"));
	share_finish(&c);
}

CASE(needed_by_one_of_three)
{
	struct share_case c;
	const char *const texts[] = {
		"layer\nfile chrome 500 seed=1\nfile libc 90 seed=2\n",
		"layer\nfile chrome 500 seed=1\nfile libc 90 seed=2\n",
		"layer\nfile libc 90 seed=2\n",
	};
	const char *const layers[] = {"a", "b", "c"};

	share_read(&c, 3, texts, layers);
	for (size_t i = 0; i < 3; i++) {
		uint32_t libc =
			analysed_package(&c.images[i], IMP_MANAGER_DPKG, "libc", "libc");
		analysed_reach(&c.images[i], libc, "linked");
		if (i < 2)
			analysed_package(&c.images[i], IMP_MANAGER_DPKG, "chrome",
					 "chrome");
	}
	analysed_reach(&c.images[1], 1, "started");
	share_make(&c);
	assert_int_equal(c.share.need_count, 1);
	assert_true(imp_slice_is(c.share.needs[0].name, "chrome"));
	assert_set(&c.share.needs[0].needed_by, "1");
	assert_set(&c.share.needs[0].idle_in, "0");
	assert_int_equal(c.share.needs[0].sum.disk_bytes, 500);
	assert_int_equal(c.share.needs[0].idle.disk_bytes, 500);
	share_finish(&c);
}

/*
 * All have the base layer and django; a and b have a browser, too, which is worth a stage; each
 * has something of its own, and the application in /code.
 */
static void read_plan(struct share_case *c)
{
	static const char base[] = "layer\nfile base 1000 seed=1\n";
	static const char browser[] = "file chrome 2000000 seed=3\n";
	const char *const layers[] = {"xam", "xbn", "xco"};
	char *texts[3];

	for (int i = 0; i < 3; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_strbuf_printf(&text,
				  "%slayer\nfile django 300 seed=2\n%sfile own 4%d "
				  "seed=1%d\nfile etc/alike 20 seed=4\n"
				  "layer\nfile code/app.py 6 seed=5\n",
				  base, i < 2 ? browser : "", i, i);
		texts[i] = imp_strbuf_steal(&text);
	}
	share_read(c, 3, (const char *const *)texts, layers);
	for (size_t i = 0; i < 3; i++) {
		free(texts[i]);
		c->images[i].image.config.working_directory = IMP_SLICE("/code");
		analysed_package(&c->images[i], IMP_MANAGER_PYTHON, "django", "django");
		if (i < 2)
			analysed_package(&c->images[i], IMP_MANAGER_DPKG, "chrome",
					 "chrome");
	}
	share_make(c);
}

CASE(plan_in_stages)
{
	struct share_case c;

	read_plan(&c);
	const struct imp_share_plan *plan = &c.share.plan;
	assert_int_equal(plan->common_layers, 1);
	assert_int_equal(plan->common_disk_bytes, 1000);
	assert_int_equal(plan->common_kept.disk_bytes, 1000);
	assert_int_equal(plan->stage_count, 2);
	assert_int_equal(plan->stages[0].package_count, 2);
	assert_true(imp_slice_is(plan->stages[0].packages[0].name, "django"));
	assert_true(imp_slice_is(plan->stages[0].packages[1].name, "[no package]"));
	assert_int_equal(plan->stages[0].sum.disk_bytes, 320);
	assert_set(&plan->stages[0].images, "012");
	assert_set(&plan->stages[1].images, "01");
	assert_int_equal(plan->stages[1].sum.disk_bytes, 2000000);
	for (int i = 0; i < 3; i++)
		assert_int_equal(plan->images[i].own.disk_bytes, 40 + i + 6);
	assert_int_equal(plan->images[0].disk_after, 1000 + 320 + 2000000 + 46);
	assert_int_equal(plan->images[2].disk_after, 1000 + 320 + 48);
	share_finish(&c);
}

CASE(plan_costs)
{
	struct share_case c;
	uint64_t stored, pushed = 0;

	read_plan(&c);
	const struct imp_share_plan *plan = &c.share.plan;
	stored = c.images[0].layers[0].summary.pull_bytes;
	for (int i = 0; i < 3; i++) {
		stored += c.images[i].layers[1].summary.pull_bytes +
			  c.images[i].layers[2].summary.pull_bytes;
		pushed += c.images[i].layers[2].summary.pull_bytes;
		assert_int_equal(plan->images[i].application_layer, 2);
		assert_int_equal(plan->images[i].application.disk_bytes, 6);
	}
	assert_int_equal(plan->before.stored_bytes, stored);
	assert_int_equal(plan->before.first_pull_bytes, stored);
	assert_int_equal(plan->before.push_bytes, pushed);
	assert_int_equal(plan->before.disk_bytes,
			 1000 + 3 * (300 + 20 + 6) + 40 + 41 + 42 + 2 * 2000000);
	assert_int_equal(plan->after.disk_bytes,
			 1000 + 300 + 20 + 3 * 6 + 40 + 41 + 42 + 2000000);
	assert_true(plan->after.stored_bytes < stored);
	assert_true(plan->estimate);
	share_finish(&c);
}

CASE(what_findings_take_is_not_planned)
{
	struct share_case c;
	const char *const texts[] = {
		"layer\nfile cache 500 seed=1\nfile x 10 seed=2\n",
		"layer\nfile cache 500 seed=1\nfile x 10 seed=2\n",
	};
	const char *const layers[] = {"a", "b"};
	struct imp_finding finding = {.confidence = IMP_CONFIDENCE_LIKELY};

	share_read(&c, 2, texts, layers);
	for (size_t i = 0; i < 2; i++) {
		uint32_t *finding_of = analysed_edit(c.images[i].findings.finding_of);
		finding_of[analysed_file(&c.images[i], "cache")] = 0;
		c.images[i].findings.list = &finding;
		c.images[i].findings.count = 1;
	}
	share_make(&c);
	assert_int_equal(c.share.identical_all_bytes, 510);
	assert_int_equal(c.share.plan.stages[0].sum.disk_bytes, 10);
	assert_int_equal(c.share.plan.after.disk_bytes, 10);
	share_finish(&c);
}

CASE(an_image_with_itself)
{
	struct share_case c;
	const char *const texts[] = {"layer\nfile x 100 seed=1\n",
				     "layer\nfile x 100 seed=1\n"};
	const char *const layers[] = {"a", "a"};

	share_read(&c, 2, texts, layers);
	share_make(&c);
	assert_int_equal(c.share.layer_count, 1);
	assert_int_equal(c.share.identical_all_bytes, 0);
	assert_int_equal(c.share.plan.common_layers, 1);
	assert_int_equal(c.share.plan.before.stored_bytes,
			 c.share.plan.after.stored_bytes);
	assert_false(c.share.plan.estimate);
	share_finish(&c);
}

CASE(images_without_layers)
{
	struct share_case c;
	const char *const texts[] = {"", ""};
	const char *const layers[] = {"", ""};

	share_read(&c, 2, texts, layers);
	share_make(&c);
	assert_int_equal(c.share.identical_all_bytes, 0);
	assert_int_equal(c.share.plan.after.stored_bytes, 0);
	share_finish(&c);
}
