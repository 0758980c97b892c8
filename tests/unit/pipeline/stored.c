/* An analysis without its tree as bytes, and bytes that are none. */
#include "case.h"

#include "../../../src/pipeline/codec.h"
#include "../../../src/pipeline/stored.h"

static const char *const evidence[] = {"seen by the database"};
static const struct imp_slice paths[] = {{"usr/\x1b[31m", 8}};
static const uint16_t layers[] = {1};
static const uint16_t main_layers[] = {1};

static const struct imp_finding findings[] = {{
	.id = "R-1:x",
	.rule = "R-1",
	.subject = {"x", 1},
	.class = IMP_CLASS_DOCS,
	.confidence = IMP_CONFIDENCE_LIKELY,
	.title = "documentation",
	.rule_title = "documentation of packages",
	.evidence = evidence,
	.evidence_count = 1,
	.layers = layers,
	.layer_count = 1,
	.hidden_by = IMP_NOT_HIDDEN,
	.sum = {1, 30, 20},
	.paths = paths,
	.path_count = 1,
	.paths_total = 7,
	.fix_text = "do less",
}};
static const struct imp_class_sum classes[] = {{IMP_CLASS_RUNTIME, {2, 70, 30}},
					       {IMP_CLASS_DOCS, {1, 30, 20}}};
static const struct imp_package list[] = {
	{.manager = IMP_MANAGER_NPM, .name = {"left-pad", 8}, .sum = {1, 5, 4}}};
static const struct imp_slice homes[] = {{"opt/left-pad", 12}};
static const bool yes[] = {true};
static const char *const reasons[] = {"run by CMD"};

struct sample {
	struct imp_arena *arena;
	struct imp_image_layer image_layers[2];
	struct imp_image image;
	struct imp_analysed_layer analysed[2];
	uint64_t can_go[2];
	struct imp_findings findings;
	struct imp_packages packages;
	struct imp_runtime runtime;
	struct imp_warnings *raised;
	struct imp_analysis analysis;
	struct imp_dockerfile_layer placed[2];
	struct imp_dockerfile dockerfile;
	struct imp_strbuf bytes;
};

static void fill(struct sample *s)
{
	*s = (struct sample){
		.arena = imp_arena_create(),
		.can_go = {0, 30},
		.findings = {.list = findings,
			     .count = 1,
			     .classes = classes,
			     .class_count = 2,
			     .base_layers = 1,
			     .reclaimable = {1, 30, 20}},
		.packages = {.list = list, .count = 1},
		.runtime = {.readable = true,
			    .package_reached = yes,
			    .package_reason = reasons},
		.raised = imp_warnings_create(),
	};
	s->image.layers = s->image_layers;
	s->image.layer_count = 2;
	s->image_layers[1].instruction = IMP_SLICE("RUN x");
	for (size_t i = 0; i < 2; i++)
		s->analysed[i].summary = (struct imp_profile_summary){
			.pull_bytes = 40, .tar_bytes = 900, .disk_bytes = 60};
	imp_warnings_add(s->raised, "resolving", IMP_NO_LAYER, (struct imp_slice){0},
			 "of this run");
	imp_warnings_add(s->raised, "secret", 1, IMP_SLICE("root/key"), "a %s", "key");
	s->placed[1] = (struct imp_dockerfile_layer){
		.place = IMP_LAYER_LINE, .line = 14, .stage = IMP_DOCKERFILE_NONE};
	s->dockerfile = (struct imp_dockerfile){
		.filename = {"Dockerfile", 10}, .layers = s->placed, .layer_count = 2};
	s->analysis = (struct imp_analysis){
		.main_layers = main_layers,
		.dockerfile = &s->dockerfile,
		.base = {.origin = IMP_BASE_PROVENANCE,
			 .name = {"b:1", 3},
			 .digest = {.algorithm = IMP_DIGEST_SHA256, .bytes = {7}},
			 .layer_count = 1},
		.layers = s->analysed,
		.layer_count = 2,
		.can_go_bytes = s->can_go,
		.fates[IMP_FATE_LIVE] = {3, 100, 50},
		.fates[IMP_FATE_DELETED] = {1, 20, 10},
		.findings = &s->findings,
		.dropped_paths = yes,
		.packages = &s->packages,
		.package_homes = homes,
		.runtime = &s->runtime,
		.warnings = s->raised,
	};
}

static void finish(struct sample *s)
{
	imp_warnings_destroy(s->raised);
	imp_strbuf_finish(&s->bytes);
	imp_arena_destroy(s->arena);
}

static int load(struct sample *s, struct imp_slice bytes, struct imp_warnings *warnings,
		struct imp_analysis **out)
{
	struct imp_error err = {0};
	int rc = imp_stored_load(bytes, &s->image, warnings, s->arena, out, &err);

	assert_true(rc == 0 || (rc == IMP_E_FORMAT && err.message[0]));
	return rc;
}

static void write_it(struct sample *s)
{
	imp_strbuf_reset(&s->bytes);
	imp_stored_write(&s->analysis, 1, &s->bytes);
}

static int load_it(struct sample *s)
{
	struct imp_analysis *out;

	write_it(s);
	return load(s, imp_strbuf_slice(&s->bytes), NULL, &out);
}

CASE(what_is_shown_comes_back)
{
	struct sample s;
	struct imp_analysis *got;

	fill(&s);
	write_it(&s);
	imp_auto_destroy(imp_warnings) struct imp_warnings *warnings =
		imp_warnings_create();
	assert_int_equal(load(&s, imp_strbuf_slice(&s.bytes), warnings, &got), 0);
	assert_null(got->tree);
	assert_true(got->complete && got->layers[1].cached);
	assert_int_equal(got->pull_bytes, 80);
	assert_int_equal(got->disk_bytes, 120);
	assert_int_equal(got->can_go_bytes[1], 30);
	assert_int_equal(got->fates[IMP_FATE_DELETED].disk_bytes, 20);
	assert_true(imp_slice_is(got->layers[1].instruction, "RUN x"));
	const struct imp_finding *finding = &got->findings->list[0];
	assert_string_equal(finding->id, "R-1:x");
	assert_string_equal(finding->evidence[0], evidence[0]);
	assert_int_equal(finding->layers[0], 1);
	assert_int_equal(finding->paths_total, 7);
	assert_true(imp_slice_equal(finding->paths[0], paths[0]));
	assert_null(finding->fix_kind);
	assert_int_equal(imp_analysis_finding_line(got, finding), 14);
	assert_int_equal(imp_analysis_line(got, 0), 0);
	assert_true(imp_slice_is(got->dockerfile->filename, "Dockerfile"));
	assert_int_equal(got->base.origin, IMP_BASE_PROVENANCE);
	assert_true(imp_slice_is(got->base.name, "b:1"));
	assert_int_equal(got->base.digest.bytes[0], 7);
	assert_int_equal(got->base.layer_count, 1);
	assert_int_equal(got->findings->classes[1].sum.pull_bytes, 20);
	assert_true(imp_slice_is(got->packages->list[0].name, "left-pad"));
	assert_true(imp_slice_is(got->package_homes[0], "opt/left-pad"));
	assert_string_equal(got->runtime->package_reason[0], "run by CMD");
	assert_int_equal(imp_warnings_count(warnings), 1);
	assert_string_equal(imp_warnings_get(warnings, 0)->message, "a key");
	assert_int_equal(imp_warnings_get(warnings, 0)->layer, 1);
	finish(&s);
}

CASE(every_cut_is_refused)
{
	struct sample s;
	struct imp_analysis *got;

	fill(&s);
	write_it(&s);
	for (size_t len = 0; len < s.bytes.len; len++)
		assert_int_equal(load(&s, imp_slice(s.bytes.data, len), NULL, &got),
				 IMP_E_FORMAT);
	imp_strbuf_add_char(&s.bytes, '\0');
	assert_int_equal(load(&s, imp_strbuf_slice(&s.bytes), NULL, &got), IMP_E_FORMAT);
	finish(&s);
}

/* What verifies byte by byte, but cannot be shown. */
CASE(what_does_not_fit_is_refused)
{
	struct sample s;
	struct imp_finding finding = findings[0];
	static const uint16_t beyond[] = {2};

	fill(&s);
	s.findings.list = &finding;
	assert_int_equal(load_it(&s), 0);
	finding.title = "red \x1b[31m";
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	finding.title = NULL;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	finding.rule_title = NULL;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	finding.layers = beyond;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	finding.hidden_by = 2;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	s.analysis.main_layers = beyond;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.analysis.main_layers = main_layers;
	s.analysis.base.layer_count = 3;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.analysis.base.layer_count = 2;
	s.dockerfile.layer_count = 1;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.dockerfile.layer_count = 2;
	finding = findings[0];
	finding.class = IMP_CLASSES;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	finding.paths_total = 0;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	finding = findings[0];
	s.findings.base_layers = 3;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.findings.base_layers = 0;
	s.analysed[0].summary.disk_bytes++;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.analysed[0].summary.disk_bytes = UINT64_MAX;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.analysed[0].summary.disk_bytes = 60;
	s.image.layer_count = 1;
	assert_int_equal(load_it(&s), IMP_E_FORMAT);
	s.image.layer_count = 2;
	assert_int_equal(load_it(&s), 0);
	finish(&s);
}

CASE(numbers_that_do_not_fit_64_bits)
{
	static const char over[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
	static const char largest[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
	struct imp_codec codec = {.rest = imp_slice(over, 10)};

	assert_int_equal(imp_codec_number(&codec, 0, UINT64_MAX), 0);
	assert_true(codec.damaged);
	codec = (struct imp_codec){.rest = imp_slice(largest, 10)};
	assert_true(imp_codec_number(&codec, 0, UINT64_MAX) == UINT64_MAX);
	assert_false(codec.damaged);
}

/* A count takes no more memory than bytes are there. */
CASE(a_count_beyond_the_bytes)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_codec codec = {.rest = IMP_SLICE("\1\1"), .arena = arena};

	assert_null(imp_codec_list(&codec, NULL, 3, &imp_codec_flag_element));
	assert_true(codec.damaged);
	codec = (struct imp_codec){.rest = IMP_SLICE("\1\1"), .arena = arena};
	const bool *flags = imp_codec_list(&codec, NULL, 2, &imp_codec_flag_element);
	assert_true(!codec.damaged && flags[0] && flags[1]);
	imp_arena_destroy(arena);
}
