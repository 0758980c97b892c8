/* Image layouts of OCI in archives: which image is meant (formats.md 7.4, 2.8, 2.14). */
#include "case.h"

#include "archive_fixture.h"
#include "imgprof/escape.h"

#define REF_NAME "\"org.opencontainers.image.ref.name\":"
#define FULL_NAME "\"io.containerd.image.name\":"

struct world {
	struct fixture_run run;
	struct fixture_image one, two;
	struct imp_strbuf tar;
};

static void start(struct world *world)
{
	memset(world, 0, sizeof(*world));
	fixture_image_make(&world->one, &(struct fixture_spec){.seed = "one",
							       .packing = FIXTURE_GZIP});
	fixture_image_make(&world->two, &(struct fixture_spec){.seed = "two",
							       .packing = FIXTURE_GZIP,
							       .architecture = "arm64"});
	fixture_run_start(&world->run);
}

static void finish(struct world *world)
{
	fixture_run_finish(&world->run);
	fixture_image_finish(&world->one);
	fixture_image_finish(&world->two);
	imp_strbuf_finish(&world->tar);
}

static void add_images(struct world *world, const char *entries)
{
	fixture_add_blobs(&world->tar, &world->one, "");
	fixture_add_blobs(&world->tar, &world->two, "");
	fixture_add_layout(&world->tar, "");
	tar_file(&world->tar, "index.json", fixture_index(entries));
	tar_end(&world->tar);
}

static int open_file(struct world *world, const char *selector)
{
	fixture_run_again(&world->run);
	fixture_save(&world->run, "x.tar", &world->tar);
	return fixture_open(&world->run, "oci-archive:%s/x.tar%s", world->run.folder,
			    selector);
}

static int open_pipe(struct world *world)
{
	fixture_run_again(&world->run);
	fixture_feed_input(&world->run, &world->tar);
	return fixture_open(&world->run, "-");
}

static void expect_one(struct world *world, const char *selector)
{
	assert_ok(open_file(world, selector), &world->run.err);
	fixture_expect_layers(&world->run, 0, &world->one);
}

static void add_named_images(struct world *world)
{
	add_images(world,
		   fixture_text("%s,%s",
				fixture_descriptor(&world->one,
						   REF_NAME "\"v1\"," FULL_NAME
							    "\"docker.io/library/x:v1\"",
						   ""),
				fixture_descriptor(&world->two,
						   REF_NAME "\"ghcr.io/a/b:c\"", "")));
}

CASE(image_by_its_reference_name)
{
	struct world world;

	start(&world);
	add_named_images(&world);
	expect_one(&world, ":v1");
	assert_ok(open_file(&world, ":ghcr.io/a/b:c"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	finish(&world);
}

CASE(reference_name_is_compared_literally)
{
	struct world world;

	start(&world);
	add_named_images(&world);
	assert_fails(open_file(&world, ":V1"), IMP_E_NOT_FOUND, "no image 'V1'",
		     &world.run.err);
	assert_fails(open_file(&world, ":a/b:c"), IMP_E_NOT_FOUND, "no image 'a/b:c'",
		     &world.run.err);
	finish(&world);
}

CASE(image_by_its_full_name)
{
	struct world world;

	start(&world);
	add_named_images(&world);
	expect_one(&world, ":docker.io/library/x:v1");
	expect_one(&world, ":x:v1");
	finish(&world);
}

CASE(several_images_are_listed_by_name)
{
	struct world world;

	start(&world);
	add_named_images(&world);
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND,
		     "choose one of: docker.io/library/x:v1, ghcr.io/a/b:c",
		     &world.run.err);
	assert_non_null(strstr(world.run.err.hint, "oci-archive:"));
	assert_fails(open_pipe(&world), IMP_E_NOT_FOUND, "standard input: several images",
		     &world.run.err);
	finish(&world);
}

CASE(unknown_name_lists_what_there_is)
{
	struct world world;

	start(&world);
	add_named_images(&world);
	assert_fails(open_file(&world, ":v2"), IMP_E_NOT_FOUND,
		     "no image 'v2', there are: docker.io/library/x:v1, ghcr.io/a/b:c",
		     &world.run.err);
	finish(&world);
}

CASE(image_without_a_name_is_listed_by_number)
{
	struct world world;

	start(&world);
	add_images(&world,
		   fixture_text("%s,%s", fixture_descriptor(&world.one, "", ""),
				fixture_descriptor(&world.two, REF_NAME "\"two\"", "")));
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND, "choose one of: @0, two",
		     &world.run.err);
	finish(&world);
}

CASE(layout_by_number)
{
	struct world world;

	start(&world);
	fixture_save_layout(&world.run, "l", &world.one,
			    fixture_index(fixture_text(
				    "%s,%s", fixture_descriptor(&world.two, "", ""),
				    fixture_descriptor(&world.one, "", ""))));
	assert_ok(fixture_open(&world.run, "oci:%s/l:@1", world.run.folder),
		  &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.one);
	fixture_run_again(&world.run);
	assert_fails(fixture_open(&world.run, "oci:%s/l:@2", world.run.folder),
		     IMP_E_NOT_FOUND, "no image '@2'", &world.run.err);
	finish(&world);
}

CASE(one_image_under_two_names_is_no_choice)
{
	struct world world;

	start(&world);
	add_images(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(&world.one, REF_NAME "\"a\"", ""),
				fixture_descriptor(&world.one, REF_NAME "\"b\"", "")));
	expect_one(&world, "");
	expect_one(&world, ":b");
	finish(&world);
}

CASE(attestation_is_no_image)
{
	struct world world;

	start(&world);
	add_images(
		&world,
		fixture_text(
			"%s,%s",
			fixture_descriptor(
				&world.two,
				"\"vnd.docker.reference.type\":\"attestation-manifest\"",
				",\"platform\":{\"os\":\"unknown\","
				"\"architecture\":\"unknown\"}"),
			fixture_descriptor(&world.one, "", "")));
	expect_one(&world, "");
	finish(&world);
}

CASE(referrer_is_no_image)
{
	struct world world;

	start(&world);
	add_images(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(
					&world.two,
					"\"io.containerd.manifest.subject\":\"x\"", ""),
				fixture_descriptor(&world.one, "", "")));
	expect_one(&world, "");
	finish(&world);
}

CASE(artifact_beside_an_image_is_passed_over)
{
	struct world world;

	start(&world);
	add_images(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(&world.two, "",
						   ",\"artifactType\":\"text/x\""),
				fixture_descriptor(&world.one, "", "")));
	expect_one(&world, "");
	finish(&world);
}

CASE(entry_of_unknown_type_is_passed_over)
{
	struct world world;

	start(&world);
	add_images(&world,
		   fixture_text(
			   "{\"mediaType\":\"application/xml\",\"digest\":\"sha256:%s\","
			   "\"size\":1},%s",
			   fixture_hex(&world.one.config_digest),
			   fixture_descriptor(&world.one, "", "")));
	expect_one(&world, "");
	finish(&world);
}

CASE(index_without_images)
{
	struct world world;

	start(&world);
	add_images(&world, "");
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND, "no image in it",
		     &world.run.err);
	finish(&world);
}

/* Variants for several platforms at the top, as some writers leave them. */

static const char *platform(const char *architecture)
{
	return fixture_text(",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}",
			    architecture);
}

static void add_platforms(struct world *world, const char *annotations)
{
	add_images(world, fixture_text("%s,%s",
				       fixture_descriptor(&world->one, annotations,
							  platform("amd64")),
				       fixture_descriptor(&world->two, annotations,
							  platform("arm64"))));
}

CASE(variants_side_by_side_are_one_image)
{
	struct world world;

	start(&world);
	add_platforms(&world, "");
	expect_one(&world, "");
	assert_int_equal(world.run.resolution.images[0].other_platform_count, 1);
	world.run.choice.platform.architecture = "arm64";
	assert_ok(open_file(&world, ""), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	finish(&world);
}

CASE(variants_under_one_name)
{
	struct world world;

	start(&world);
	add_platforms(&world, REF_NAME "\"v1\"");
	expect_one(&world, ":v1");
	world.run.choice.platform.architecture = "arm64";
	assert_ok(open_file(&world, ":v1"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	finish(&world);
}

CASE(images_of_one_name_without_platforms_are_a_choice)
{
	struct world world;

	start(&world);
	add_images(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(&world.one, REF_NAME "\"v1\"", ""),
				fixture_descriptor(&world.two, REF_NAME "\"v1\"", "")));
	assert_fails(open_file(&world, ":v1"), IMP_E_NOT_FOUND,
		     "several images are called", &world.run.err);
	finish(&world);
}

static void add_nested(struct world *world, const char *entries)
{
	const char *nested = fixture_index(entries);
	struct imp_digest digest;

	imp_digest_of(IMP_DIGEST_SHA256, imp_slice_of(nested), &digest);
	tar_file(&world->tar, fixture_blob(&digest), nested);
	add_images(world,
		   fixture_text("{\"mediaType\":\"application/"
				"vnd.oci.image.index.v1+json\",\"digest\":\"sha256:%s\","
				"\"size\":%zu}",
				fixture_hex(&digest), strlen(nested)));
}

CASE(nested_index)
{
	struct world world;

	start(&world);
	add_nested(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(&world.two, "", platform("arm64")),
				fixture_descriptor(&world.one, "", platform("amd64"))));
	expect_one(&world, "");
	assert_true(imp_digest_equal(&world.run.resolution.images[0].digest,
				     &world.one.manifest_digest));
	finish(&world);
}

CASE(all_platforms_through_a_pipe)
{
	struct world world;

	start(&world);
	add_nested(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(&world.two, "", platform("arm64")),
				fixture_descriptor(&world.one, "", platform("amd64"))));
	world.run.choice.all = true;
	assert_ok(open_pipe(&world), &world.run.err);
	assert_int_equal(world.run.resolution.image_count, 2);
	fixture_expect_layers(&world.run, 0, &world.two);
	fixture_expect_layers(&world.run, 1, &world.one);
	finish(&world);
}

CASE(listed_but_absent_platform)
{
	struct fixture_image absent;
	struct world world;

	start(&world);
	fixture_image_make(&absent, &(struct fixture_spec){.seed = "absent",
							   .architecture = "s390x"});
	add_nested(&world,
		   fixture_text("%s,%s",
				fixture_descriptor(&absent, "", platform("s390x")),
				fixture_descriptor(&world.one, "", platform("amd64"))));
	expect_one(&world, "");
	world.run.choice.platform.architecture = "s390x";
	world.run.choice.explicitly = true;
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND, "linux/s390x",
		     &world.run.err);
	fixture_image_finish(&absent);
	finish(&world);
}

CASE(manifest_called_something_else_is_trusted_by_its_digest)
{
	struct world world;
	char text[IMP_DIGEST_TEXT];

	start(&world);
	add_images(
		&world,
		fixture_text("{\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
			     "\"digest\":\"%s\",\"size\":%zu}",
			     imp_digest_text(&world.one.manifest_digest, text),
			     world.one.manifest.len));
	expect_one(&world, "");
	assert_true(fixture_has_warning(&world.run, "media-type"));
	finish(&world);
}

CASE(layout_of_another_version)
{
	struct world world;

	start(&world);
	fixture_add_blobs(&world.tar, &world.one, "");
	tar_file(&world.tar, "oci-layout", "{\"imageLayoutVersion\":\"2.0.0\"}");
	tar_file(&world.tar, "index.json",
		 fixture_index(fixture_descriptor(&world.one, "", "")));
	tar_end(&world.tar);
	assert_fails(open_file(&world, ""), IMP_E_UNSUPPORTED,
		     "imageLayoutVersion is '2.0.0'", &world.run.err);
	finish(&world);
}

CASE(index_over_the_limit)
{
	struct world world;

	start(&world);
	add_named_images(&world);
	world.run.limits.manifest_bytes = 64;
	assert_fails(open_file(&world, ""), IMP_E_LIMIT, "index.json", &world.run.err);
	assert_fails(open_pipe(&world), IMP_E_LIMIT, "index.json", &world.run.err);
	finish(&world);
}

/* Blobs that are not what their names say. */

static void add_all_but(struct world *world, const struct imp_digest *digest,
			struct imp_slice instead)
{
	const struct fixture_image *image = &world->one;

	fixture_add_layout(&world->tar, "");
	tar_file(&world->tar, "index.json",
		 fixture_index(fixture_descriptor(image, "", "")));
	fixture_add_blobs(&world->tar, image, "");
	/* The younger of two members counts. */
	if (instead.data)
		tar_add(&world->tar, &(struct tar_entry){.name = fixture_blob(digest),
							 .data = instead,
							 .long_names = TAR_LONG_PAX});
	tar_end(&world->tar);
}

CASE(piped_layer_that_is_not_what_its_name_says)
{
	struct world world;

	start(&world);
	add_all_but(&world, &world.one.layers[1].digest,
		    imp_strbuf_slice(&world.two.layers[1].blob));
	assert_fails(open_pipe(&world), IMP_E_INTEGRITY,
		     fixture_blob(&world.one.layers[1].digest), &world.run.err);
	assert_non_null(
		strstr(world.run.err.message, fixture_hex(&world.two.layers[1].digest)));
	finish(&world);
}

CASE(manifest_that_is_not_what_its_name_says)
{
	struct imp_strbuf other = {0};
	struct world world;

	start(&world);
	imp_strbuf_add_slice(&other, imp_strbuf_slice(&world.one.manifest));
	other.data[other.len - 1] = ' ';
	fixture_add_layout(&world.tar, "");
	tar_file(&world.tar, "index.json",
		 fixture_index(fixture_descriptor(&world.one, "", "")));
	tar_file_bytes(&world.tar, fixture_blob(&world.one.manifest_digest),
		       imp_strbuf_slice(&other));
	tar_end(&world.tar);
	assert_fails(open_file(&world, ""), IMP_E_INTEGRITY, "digest", &world.run.err);
	assert_fails(open_pipe(&world), IMP_E_INTEGRITY, "digest", &world.run.err);
	imp_strbuf_finish(&other);
	finish(&world);
}

CASE(damaged_blob_that_nobody_needs)
{
	struct world world;

	start(&world);
	tar_file_bytes(&world.tar, fixture_blob(&world.two.layers[1].digest),
		       imp_strbuf_slice(&world.two.layers[0].blob));
	add_all_but(&world, NULL, (struct imp_slice){NULL, 0});
	expect_one(&world, "");
	assert_ok(open_pipe(&world), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.one);
	finish(&world);
}

CASE(missing_layer_of_a_layout)
{
	struct imp_stream *stream;
	struct world world;

	start(&world);
	tar_file_bytes(&world.tar, fixture_blob(&world.one.manifest_digest),
		       imp_strbuf_slice(&world.one.manifest));
	tar_file_bytes(&world.tar, fixture_blob(&world.one.config_digest),
		       imp_strbuf_slice(&world.one.config));
	fixture_add_layout(&world.tar, "");
	tar_file(&world.tar, "index.json",
		 fixture_index(fixture_descriptor(&world.one, "", "")));
	tar_end(&world.tar);
	assert_ok(open_file(&world, ""), &world.run.err);
	assert_fails(imp_source_open_layer(world.run.source, world.run.resolution.images,
					   2, &stream, &world.run.err),
		     IMP_E_NOT_FOUND, fixture_hex(&world.one.layers[2].digest),
		     &world.run.err);
	assert_ok(open_pipe(&world), &world.run.err);
	assert_int_equal(world.run.resolution.one_pass_ids[0][2], -1);
	finish(&world);
}

CASE(missing_manifest_of_a_layout)
{
	struct world world;

	start(&world);
	fixture_add_layout(&world.tar, "");
	tar_file(&world.tar, "index.json",
		 fixture_index(fixture_descriptor(&world.one, "", "")));
	tar_end(&world.tar);
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND,
		     fixture_blob(&world.one.manifest_digest), &world.run.err);
	finish(&world);
}

CASE(layers_by_sha512)
{
	struct fixture_image image;
	struct world world;

	start(&world);
	fixture_image_make(&image, &(struct fixture_spec){.seed = "long",
							  .packing = FIXTURE_GZIP,
							  .sha512 = true});
	fixture_oci_archive(&world.tar, &image, NULL);
	assert_ok(open_file(&world, ""), &world.run.err);
	fixture_expect_layers(&world.run, 0, &image);
	assert_ok(open_pipe(&world), &world.run.err);
	fixture_expect_layers(&world.run, 0, &image);
	fixture_image_finish(&image);
	finish(&world);
}

CASE(piped_layer_that_is_not_its_sha512)
{
	struct fixture_image image;
	struct world world;

	start(&world);
	fixture_image_make(&image, &(struct fixture_spec){.seed = "long",
							  .packing = FIXTURE_GZIP,
							  .sha512 = true});
	imp_strbuf_add(&image.layers[2].blob, "junk", 4);
	fixture_oci_archive(&world.tar, &image, NULL);
	assert_fails(open_pipe(&world), IMP_E_INTEGRITY, "blobs/sha512/", &world.run.err);
	fixture_image_finish(&image);
	finish(&world);
}

/* Puts layer LAYER into the manifest itself (formats.md 2.12). */
static void embed_layer(struct fixture_image *image, size_t layer)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf manifest = {0}, data = {0};
	const struct fixture_layer *at = &image->layers[layer];
	const char *digest =
		fixture_text("\"digest\":\"sha256:%s\"", fixture_hex(&at->digest));
	const char *found = strstr(image->manifest.data, digest);

	imp_base64_encode(&data, imp_strbuf_slice(&at->blob));
	imp_strbuf_add(&manifest, image->manifest.data,
		       (size_t)(found - image->manifest.data));
	imp_strbuf_printf(&manifest, "\"data\":\"%s\",%s", data.data, found);
	imp_strbuf_reset(&image->manifest);
	imp_strbuf_add_slice(&image->manifest, imp_strbuf_slice(&manifest));
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&image->manifest),
		      &image->manifest_digest);
}

CASE(layer_in_the_manifest_itself)
{
	struct world world;

	start(&world);
	embed_layer(&world.one, 0);
	for (size_t i = 1; i < FIXTURE_LAYERS; i++)
		tar_file_bytes(&world.tar, fixture_blob(&world.one.layers[i].digest),
			       imp_strbuf_slice(&world.one.layers[i].blob));
	tar_file_bytes(&world.tar, fixture_blob(&world.one.config_digest),
		       imp_strbuf_slice(&world.one.config));
	tar_file_bytes(&world.tar, fixture_blob(&world.one.manifest_digest),
		       imp_strbuf_slice(&world.one.manifest));
	fixture_add_layout(&world.tar, "");
	tar_file(&world.tar, "index.json",
		 fixture_index(fixture_descriptor(&world.one, "", "")));
	tar_end(&world.tar);
	expect_one(&world, "");
	assert_ok(open_pipe(&world), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.one);
	finish(&world);
}

CASE(alias_does_not_evade_the_digest)
{
	struct fixture_image image;
	struct world world;

	start(&world);
	fixture_image_make(&image, &(struct fixture_spec){.seed = "long",
							  .packing = FIXTURE_GZIP,
							  .sha512 = true});
	fixture_oci_archive(&world.tar, &image, NULL);
	imp_strbuf_truncate(&world.tar, world.tar.len - 1024);
	tar_file_bytes(&world.tar, "other", imp_strbuf_slice(&world.one.layers[1].blob));
	tar_add(&world.tar,
		&(struct tar_entry){.name = fixture_blob(&image.layers[1].digest),
				    .type = '1',
				    .link = "other",
				    .long_names = TAR_LONG_PAX});
	tar_end(&world.tar);
	assert_fails(open_pipe(&world), IMP_E_INTEGRITY, "other: has the digest",
		     &world.run.err);
	fixture_image_finish(&image);
	finish(&world);
}
