/* What BuildKit recorded of a build: reference/formats.md 9.5. Real ones: tests/cli/cases_provenance.py. */
#include "imgprof/dockerfile.h"

#include "oci_test.h"

#define BUILD_TYPE "https://mobyproject.org/buildkit@v1"
#define SUBJECT "'subject':[{'digest':{'sha256':'" HEX_A "'}}]"
#define STATEMENT(predicate) \
	"{'predicateType':'https://slsa.dev/provenance/v0.2'," SUBJECT \
	",'predicate':{'buildType':'" BUILD_TYPE "'" predicate "}}"
#define STEP(id, op, inputs) "{'id':'" id "','op':{'Op':{" op "}},'inputs':[" inputs "]}"
#define IMAGE_OP "'source':{'identifier':'docker-image://b:1@" SHA_B "'}"
#define RUN_OP "'exec':{}"
/* FROM b:1 AS x / RUN y / FROM b:1 / COPY --from=x a b / RUN c */
#define TEXT "RlJPTSBiOjEgQVMgeApSVU4geQpGUk9NIGI6MQpDT1BZIC0tZnJvbT14IGEgYgpSVU4gYwo="
#define AT(line) "{'ranges':[{'start':{'line':" line "}}]}"
#define LAYER(digit) \
	"{'digest':'sha256:" digit digit digit digit digit digit digit digit "'}"
#define ONE "11111111"
#define TWO "22222222"
#define THREE "33333333"
#define OWN(locations, layers) \
	",'metadata':{'" BUILD_TYPE "#metadata':{'source':{'infos':[{'filename':'D'," \
	"'language':'Dockerfile','data':'" TEXT "'}],'locations':{" locations \
	"}},'layers':{" layers "}}}"

static int try_parse(const char *text, struct imp_arena *arena,
		     struct imp_provenance *out, struct imp_error *err)
{
	struct imp_digest subject;

	assert_ok(imp_digest_parse(IMP_SLICE(SHA_A), &subject, err), err);
	return imp_provenance_parse(json_of(text, arena), &subject, &imp_limits_default,
				    arena, out, err);
}

static struct imp_provenance parse(const char *text, struct imp_arena *arena)
{
	struct imp_provenance provenance = {0};
	struct imp_error err = {0};

	assert_ok(try_parse(text, arena, &provenance, &err), &err);
	return provenance;
}

static void expect_refused(const char *text, int category, const char *reason)
{
	ARENA(arena);
	struct imp_provenance provenance = {.step_count = 7};
	struct imp_error err = {0};

	assert_fails(try_parse(text, arena, &provenance, &err), category, reason, &err);
	assert_int_equal(provenance.step_count, 7);
}

CASE(what_is_no_record_of_this_build)
{
	expect_refused("[]", IMP_E_UNSUPPORTED, "no provenance");
	expect_refused("{'predicateType':'https://spdx.dev/Document','predicate':{}}",
		       IMP_E_UNSUPPORTED, "no provenance");
	expect_refused("{'predicateType':'https://slsa.dev/provenance/v1','predicate':{"
		       "'buildDefinition':{'buildType':'https://other'}}}",
		       IMP_E_UNSUPPORTED, "BuildKit did not write");
	expect_refused("{'predicateType':'https://slsa.dev/provenance/v0.2','subject':["
		       "{'digest':{'sha256':'" HEX_B
		       "'}}],'predicate':{'buildType':'" BUILD_TYPE "'}}",
		       IMP_E_INTEGRITY, "another image");
	expect_refused("{", IMP_E_FORMAT, "statement");
}

CASE(nothing_in_it_is_needed)
{
	ARENA(arena);
	struct imp_provenance provenance = parse(STATEMENT(""), arena);
	assert_false(provenance.complete);
	assert_int_equal(imp_provenance_base(&provenance).origin, IMP_BASE_UNKNOWN);
	provenance = parse(STATEMENT(",'materials':{},'buildConfig':[],'metadata':7,"
				     "'invocation':{'parameters':{'args':[]}}"),
			   arena);
	assert_false(provenance.complete);
}

CASE(images_that_the_build_used)
{
	ARENA(arena);
	struct imp_provenance provenance = parse(
		STATEMENT(
			",'materials':[{'uri':'pkg:docker/docker/dockerfile@1'},"
			"{'uri':'https://x'},{'uri':'pkg:docker/r%3A5000/a@v1?platform=x',"
			"'digest':{'sha256':'" HEX_B "'}}]"),
		arena);
	assert_int_equal(provenance.image_count, 1);
	struct imp_base_image base = imp_provenance_base(&provenance);
	assert_slice(base.name, "r:5000/a:v1");
	assert_int_equal(base.digest.algorithm, IMP_DIGEST_SHA256);
	assert_int_equal(base.layer_count, 0);
	provenance = parse(STATEMENT(",'materials':[{'uri':'pkg:docker/a'},{'uri':"
				     "'pkg:docker/b@%'}]"),
			   arena);
	assert_slice(provenance.images[0].name, "a");
	assert_slice(provenance.images[1].name, "b:%");
	assert_int_equal(imp_provenance_base(&provenance).origin, IMP_BASE_UNKNOWN);
}

#define STEPS \
	",'buildConfig':{'llbDefinition':[" STEP("s0", IMAGE_OP, "") "," STEP( \
		"s1", RUN_OP, \
		"'s0:0'") "," STEP("s2", \
				   "'file':{'actions':[{'secondaryInput':1,'Action':{" \
				   "'copy':{'src':'/a','dest':'/b'}}}]}", \
				   "'s0:0','s1:0'") "," STEP("s3", RUN_OP, \
							     "'s2:0'") "]}"
#define LOCATIONS \
	"'s0':{'locations':[" AT("3") "," AT("1") "]},'s1':{'locations':[" AT( \
		"2") "]},'s2':{'locations':[" AT("4") "]},'s3':{'locations':[" AT("5") "]}"
#define CHAINS \
	"'s0:0':[[" LAYER(ONE) "]],'s2:0':[[" LAYER(ONE) "," LAYER( \
		TWO) "]],'s3:0':[[" LAYER(ONE) "," LAYER(TWO) "," LAYER(THREE) "]]"

CASE(steps_and_where_they_copy_from)
{
	ARENA(arena);
	struct imp_provenance provenance =
		parse(STATEMENT(STEPS OWN(LOCATIONS, CHAINS)), arena);
	assert_true(provenance.complete);
	assert_slice(provenance.filename, "D");
	assert_int_equal(provenance.step_count, 4);
	assert_int_equal(provenance.steps[0].kind, IMP_STEP_IMAGE);
	assert_int_equal(provenance.steps[1].kind, IMP_STEP_EXEC);
	assert_int_equal(provenance.steps[2].kind, IMP_STEP_FILE);
	assert_int_equal(provenance.steps[2].copies[0].step, 1);
	assert_slice(provenance.steps[2].copies[0].destination, "/b");
	assert_int_equal(provenance.steps[0].line_count, 2);
	assert_int_equal(provenance.steps[3].chains[0].count, 3);
}

struct placed {
	struct imp_image_layer layers[3];
	struct imp_image image;
	struct imp_dockerfile file;
	struct imp_base_image base;
};

/* DIGITS: what the digest of each layer consists of. */
static void place(struct placed *placed, const char *statement, const char *digits,
		  struct imp_arena *arena)
{
	struct imp_provenance provenance = parse(statement, arena);
	struct imp_error err = {0};

	*placed = (struct placed){0};
	placed->image.layers = placed->layers;
	placed->image.layer_count = strlen(digits);
	for (size_t i = 0; digits[i]; i++) {
		char text[] = SHA_A;
		memset(text + 7, digits[i], 64);
		assert_ok(imp_digest_parse(imp_slice_of(text),
					   &placed->layers[i].blob.digest, &err),
			  &err);
	}
	assert_ok(imp_dockerfile_parse(provenance.text, arena, &placed->file, &err),
		  &err);
	imp_dockerfile_place(&placed->file, &provenance, &placed->image, arena,
			     &placed->base);
}

static void expect_placed(const struct placed *placed)
{
	assert_int_equal(placed->file.layers[0].place, IMP_LAYER_BASE);
	assert_int_equal(placed->file.layers[1].line, 4);
	assert_int_equal(placed->file.layers[1].stage, 1);
	assert_int_equal(placed->file.layers[2].line, 5);
	assert_int_equal(placed->base.layer_count, 1);
	assert_slice(placed->base.name, "b:1");
}

CASE(layers_by_digest_and_by_place)
{
	ARENA(arena);
	struct placed placed;

	place(&placed, STATEMENT(STEPS OWN(LOCATIONS, CHAINS)), "123", arena);
	expect_placed(&placed);
	/* Compressed again: other digests, as many. */
	place(&placed, STATEMENT(STEPS OWN(LOCATIONS, CHAINS)), "456", arena);
	expect_placed(&placed);
}

CASE(a_target_that_is_not_the_last_stage)
{
	ARENA(arena);
	struct placed placed;

	place(&placed,
	      STATEMENT(",'invocation':{'parameters':{'args':{'target':'X'}}}" STEPS OWN(
		      "'s1':{'locations':[" AT("5") "," AT("2") "]}",
		      "'s1:0':[[" LAYER(ONE) "]]")),
	      "1", arena);
	assert_int_equal(placed.file.layers[0].line, 2);
	assert_true(placed.file.stages[0].shipped && !placed.file.stages[1].shipped);
}

/* COPY --link: a merge puts a layer on the base without a step of its own in the chain. */
CASE(layers_of_a_merge)
{
	ARENA(arena);
	struct placed placed;

	place(&placed,
	      STATEMENT(",'buildConfig':{'llbDefinition':[" STEP("s0", IMAGE_OP, "") "," STEP(
		      "s1", "'merge':{}",
		      "'s0:0'") "]}" OWN("'s1':{'locations':[" AT("5") "]}",
					 "'s0:0':[[" LAYER(ONE) "]],'s1:0':[[" LAYER(
						 ONE) "," LAYER(TWO) "," LAYER(THREE) "]]")),
	      "123", arena);
	assert_int_equal(placed.file.layers[1].line, 5);
	assert_int_equal(placed.file.layers[2].line, 5);
}

/* A base that added nothing to the chain is not counted as one. */
CASE(a_chain_that_begins_elsewhere)
{
	ARENA(arena);
	struct placed placed;

	place(&placed,
	      STATEMENT(
		      STEPS OWN(LOCATIONS, "'s0:0':[[" LAYER(THREE) "]],'s3:0':[[" LAYER(
						   ONE) "," LAYER(TWO) "]]")),
	      "12", arena);
	assert_int_equal(placed.base.layer_count, 0);
	assert_int_equal(placed.file.layers[0].place, IMP_LAYER_ELSEWHERE);
	assert_int_equal(placed.file.layers[1].line, 5);
}

CASE(lines_and_numbers_out_of_range)
{
	ARENA(arena);
	struct placed placed;

	place(&placed,
	      STATEMENT(STEPS OWN("'s3':{'locations':[" AT("0") "," AT("-1") "," AT(
					  "99") "," AT("4294967296") ",7]},'s9':{}",
				  "'s3:0':[[" LAYER(ONE) "]],'nobody:0':[[" LAYER(
					  ONE) "]],'s2':[7,[],"
					       "[{'digest':'sha256:1'}]]")),
	      "1", arena);
	assert_int_equal(placed.file.layers[0].place, IMP_LAYER_ELSEWHERE);
	assert_int_equal(placed.file.layers[0].step, 3);
}

CASE(values_of_build_arguments_are_masked)
{
	ARENA(arena);
	/* RUN y: too short to be looked for; "b:1 AS x" stands there as words. */
	struct imp_provenance provenance = parse(
		STATEMENT(",'invocation':{'parameters':{'args':{'build-arg:A':'b:1 AS "
			  "x','build-arg:B':'y','label:C':'RUN y'}}}" STEPS OWN("", "")),
		arena);
	assert_slice(provenance.text,
		     "FROM ***\nRUN y\nFROM b:1\nCOPY --from=x a b\nRUN c\n");
}
