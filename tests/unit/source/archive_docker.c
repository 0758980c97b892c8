/* docker's archives, generation by generation (formats.md 7.1 to 7.3). */
#include "case.h"

#include "archive_fixture.h"

#define DOCKER_LAYER "application/vnd.docker.image.rootfs.diff.tar"

struct world {
	struct fixture_run run;
	struct fixture_image one, two;
	struct imp_strbuf tar;
};

static void start(struct world *world, enum fixture_packing packing)
{
	memset(world, 0, sizeof(*world));
	fixture_image_make(&world->one,
			   &(struct fixture_spec){.seed = "one", .packing = packing});
	fixture_image_make(&world->two,
			   &(struct fixture_spec){.seed = "two", .packing = packing});
	fixture_run_start(&world->run);
}

static void finish(struct world *world)
{
	fixture_run_finish(&world->run);
	fixture_image_finish(&world->one);
	fixture_image_finish(&world->two);
	imp_strbuf_finish(&world->tar);
}

static int open_file(struct world *world, const char *selector)
{
	fixture_run_again(&world->run);
	fixture_save(&world->run, "x.tar", &world->tar);
	return fixture_open(&world->run, "docker-archive:%s/x.tar%s", world->run.folder,
			    selector);
}

static int open_pipe(struct world *world)
{
	fixture_run_again(&world->run);
	fixture_feed_input(&world->run, &world->tar);
	return fixture_open(&world->run, "-");
}

static void expect_one_everywhere(struct world *world)
{
	assert_ok(open_file(world, ""), &world->run.err);
	fixture_expect_layers(&world->run, 0, &world->one);
	assert_ok(open_pipe(world), &world->run.err);
	fixture_expect_layers(&world->run, 0, &world->one);
}

static void add_manifest(struct world *world, const char *entries)
{
	tar_file(&world->tar, "manifest.json", fixture_text("[%s]", entries));
	tar_end(&world->tar);
}

static void add_config(struct world *world, const struct fixture_image *image)
{
	tar_file_bytes(&world->tar,
		       fixture_text("%s.json", fixture_hex(&image->config_digest)),
		       imp_strbuf_slice(&image->config));
}

/* The layers of world->one as 0/layer.tar, 1/layer.tar ...; the first may be an alias. */
static void add_numbered(struct world *world, size_t from)
{
	for (size_t i = from; i < FIXTURE_LAYERS; i++)
		tar_file_bytes(&world->tar, fixture_text("%zu/layer.tar", i),
			       imp_strbuf_slice(&world->one.layers[i].blob));
	add_config(world, &world->one);
}

static void add_numbered_manifest(struct world *world)
{
	add_manifest(world, fixture_text("{\"Config\":\"%s.json\",\"RepoTags\":null,"
					 "\"Layers\":[\"0/layer.tar\",\"1/layer.tar\","
					 "\"2/layer.tar\"]}",
					 fixture_hex(&world->one.config_digest)));
}

static void add_base(struct world *world)
{
	tar_file_bytes(&world->tar, "other/layer.tar",
		       imp_strbuf_slice(&world->one.layers[0].blob));
}

CASE(symlink_before_its_target)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_symlink(&world.tar, "0/layer.tar", "../other/layer.tar");
	add_base(&world);
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(symlink_behind_its_target)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_base(&world);
	tar_symlink(&world.tar, "0/layer.tar", "../other/layer.tar");
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(hard_link_to_a_layer)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_base(&world);
	tar_hardlink(&world.tar, "./0/layer.tar", "./other/layer.tar");
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(hard_link_before_its_target)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_hardlink(&world.tar, "0/layer.tar", "other/layer.tar");
	add_base(&world);
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(link_to_a_link)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_symlink(&world.tar, "0/layer.tar", "../a/b/../layer.tar");
	tar_symlink(&world.tar, "a/layer.tar", "/other/./layer.tar");
	add_base(&world);
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(link_to_itself_changes_nothing)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_numbered(&world, 0);
	tar_hardlink(&world.tar, "0/layer.tar", "0/layer.tar");
	add_numbered_manifest(&world);
	expect_one_everywhere(&world);
	finish(&world);
}

static void expect_first_layer_missing(struct world *world)
{
	struct imp_stream *stream;

	assert_ok(open_file(world, ""), &world->run.err);
	assert_int_equal(world->run.resolution.images[0].layers[0].blob.digest.algorithm,
			 IMP_DIGEST_NONE);
	assert_true(world->run.resolution.images[0].layers[0].blob.size_bytes ==
		    IMP_UNKNOWN_SIZE);
	assert_fails(imp_source_open_layer(world->run.source,
					   world->run.resolution.images, 0, &stream,
					   &world->run.err),
		     IMP_E_NOT_FOUND, "0/layer.tar", &world->run.err);
	assert_ok(open_pipe(world), &world->run.err);
	assert_int_equal(world->run.resolution.one_pass_ids[0][0], -1);
	assert_int_not_equal(world->run.resolution.one_pass_ids[0][1], -1);
}

CASE(links_in_a_circle_are_a_missing_layer)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_symlink(&world.tar, "0/layer.tar", "../a");
	tar_symlink(&world.tar, "a", "0/layer.tar");
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_first_layer_missing(&world);
	finish(&world);
}

CASE(link_out_of_the_archive_is_a_missing_layer)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_symlink(&world.tar, "0/layer.tar", "../../other/layer.tar");
	add_base(&world);
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_first_layer_missing(&world);
	finish(&world);
}

CASE(absent_layer_is_missing)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_numbered(&world, 1);
	add_numbered_manifest(&world);
	expect_first_layer_missing(&world);
	finish(&world);
}

CASE(foreign_layer_is_described_by_its_source)
{
	char diff_id[IMP_DIGEST_TEXT], digest[IMP_DIGEST_TEXT];
	const struct imp_descriptor *blob;
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_numbered(&world, 1);
	add_manifest(
		&world,
		fixture_text("{\"Config\":\"%s.json\",\"RepoTags\":null,\"Layers\":["
			     "\"0/layer.tar\",\"1/layer.tar\",\"2/layer.tar\"],"
			     "\"LayerSources\":{\"%s\":{\"mediaType\":\"application/vnd."
			     "docker.image.rootfs.foreign.diff.tar.gzip\",\"size\":77,"
			     "\"digest\":\"%s\"}}}",
			     fixture_hex(&world.one.config_digest),
			     imp_digest_text(&world.one.layers[0].diff_id, diff_id),
			     imp_digest_text(&world.two.layers[1].digest, digest)));
	assert_ok(open_file(&world, ""), &world.run.err);
	blob = &world.run.resolution.images[0].layers[0].blob;
	assert_true(blob->foreign);
	assert_int_equal(blob->size_bytes, 77);
	assert_true(imp_digest_equal(&blob->digest, &world.two.layers[1].digest));
	assert_string_equal(blob->media_type,
			    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
	finish(&world);
}

static void add_two_images(struct world *world)
{
	const char *one = fixture_docker_entry(&world->one, "[\"x:1\",\"ghcr.io/a/b:c\"]",
					       "%s/layer.tar");
	const char *two = fixture_docker_entry(
		&world->two, "[\"docker.io/library/y:latest\"]", "%s/layer.tar");

	fixture_add_docker_files(&world->tar, &world->one, "");
	fixture_add_docker_files(&world->tar, &world->two, "");
	add_manifest(world, fixture_text("%s,%s", one, two));
}

CASE(several_images_are_listed)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_two_images(&world);
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND,
		     "x:1, ghcr.io/a/b:c, docker.io/library/y:latest", &world.run.err);
	assert_non_null(strstr(world.run.err.hint, "docker-archive:"));
	assert_fails(open_pipe(&world), IMP_E_NOT_FOUND, "several images",
		     &world.run.err);
	finish(&world);
}

CASE(image_by_its_tag)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_two_images(&world);
	assert_ok(open_file(&world, ":ghcr.io/a/b:c"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.one);
	finish(&world);
}

CASE(tags_are_compared_as_references)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_two_images(&world);
	assert_ok(open_file(&world, ":y"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	assert_ok(open_file(&world, ":docker.io/library/x:1"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.one);
	finish(&world);
}

CASE(image_by_its_number)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_two_images(&world);
	assert_ok(open_file(&world, ":@1"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	assert_fails(open_file(&world, ":@2"), IMP_E_NOT_FOUND, "no image '@2'",
		     &world.run.err);
	finish(&world);
}

CASE(unknown_tag_lists_what_there_is)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_two_images(&world);
	assert_fails(open_file(&world, ":x:2"), IMP_E_NOT_FOUND,
		     "no image 'x:2', there are: x:1", &world.run.err);
	finish(&world);
}

CASE(untagged_images_are_listed_by_number)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_manifest(
		&world,
		fixture_text("%s,%s",
			     fixture_docker_entry(&world.one, "null", "%s/layer.tar"),
			     fixture_docker_entry(&world.two, "[]", "%s/layer.tar")));
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND, "@0, @1", &world.run.err);
	finish(&world);
}

CASE(one_image_listed_twice_is_no_choice)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_add_docker_files(&world.tar, &world.one, "");
	add_manifest(&world, fixture_text("%s,%s",
					  fixture_docker_entry(&world.one, "[\"a:1\"]",
							       "%s/layer.tar"),
					  fixture_docker_entry(&world.one, "[\"a:2\"]",
							       "%s/layer.tar")));
	expect_one_everywhere(&world);
	finish(&world);
}

/* As go-containerregistry and kaniko write. */
CASE(config_with_a_colon_and_compressed_layers)
{
	struct world world;
	char config[IMP_DIGEST_TEXT];

	start(&world, FIXTURE_GZIP);
	imp_digest_text(&world.one.config_digest, config);
	tar_file_bytes(&world.tar, config, imp_strbuf_slice(&world.one.config));
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		tar_file_bytes(&world.tar, fixture_text("%zu.tar.gz", i),
			       imp_strbuf_slice(&world.one.layers[i].blob));
	add_manifest(
		&world,
		fixture_text("{\"Config\":\"%s\",\"RepoTags\":[\"a/b:c\"],\"Layers\":["
			     "\"0.tar.gz\",\"1.tar.gz\",\"2.tar.gz\"]}",
			     config));
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(plain_layer_has_its_diff_id_as_digest)
{
	const struct imp_image_layer *layer;
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.one, "x");
	assert_ok(open_file(&world, ""), &world.run.err);
	for (size_t i = 0; i < FIXTURE_LAYERS; i++) {
		layer = &world.run.resolution.images[0].layers[i];
		assert_true(imp_digest_equal(&layer->blob.digest, &layer->diff_id));
		assert_int_equal(layer->blob.size_bytes, world.one.layers[i].tar.len);
		assert_string_equal(layer->blob.media_type, DOCKER_LAYER);
		assert_int_equal(layer->blob.declared, IMP_DECLARED_PLAIN);
	}
	finish(&world);
}

CASE(compressed_layer_has_no_digest_until_it_is_read)
{
	const struct imp_image_layer *layer;
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_docker_archive(&world.tar, &world.one, "x");
	assert_ok(open_file(&world, ""), &world.run.err);
	layer = &world.run.resolution.images[0].layers[1];
	assert_int_equal(layer->blob.digest.algorithm, IMP_DIGEST_NONE);
	assert_int_equal(layer->blob.size_bytes, world.one.layers[1].blob.len);
	assert_string_equal(layer->blob.media_type, DOCKER_LAYER ".gzip");
	assert_int_equal(layer->blob.declared, IMP_DECLARED_GZIP);

	assert_ok(open_pipe(&world), &world.run.err);
	layer = &world.run.resolution.images[0].layers[1];
	assert_true(imp_digest_equal(&layer->blob.digest, &world.one.layers[1].digest));
	finish(&world);
}

CASE(zstd_layer_is_called_so)
{
	const struct imp_image_layer *layer;
	struct world world;

	start(&world, FIXTURE_ZSTD);
	fixture_docker_archive(&world.tar, &world.one, "x");
	expect_one_everywhere(&world);
	layer = &world.run.resolution.images[0].layers[0];
	assert_string_equal(layer->blob.media_type, DOCKER_LAYER ".zstd");
	assert_int_equal(layer->blob.declared, IMP_DECLARED_ZSTD);
	finish(&world);
}

CASE(manifest_of_the_image_is_filled)
{
	const struct imp_image *image;
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.one, "x");
	assert_ok(open_file(&world, ""), &world.run.err);
	image = world.run.resolution.images;
	assert_int_equal(image->manifest.kind, IMP_DOCUMENT_MANIFEST);
	assert_int_equal(image->manifest.entry_count, FIXTURE_LAYERS);
	assert_true(imp_digest_equal(&image->manifest.config.digest,
				     &world.one.config_digest));
	assert_int_equal(image->manifest_bytes, 0);
	finish(&world);
}

CASE(fewer_layers_than_diff_ids)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_numbered(&world, 0);
	add_manifest(&world, fixture_text("{\"Config\":\"%s.json\",\"RepoTags\":null,"
					  "\"Layers\":[\"0/layer.tar\",\"1/layer.tar\"]}",
					  fixture_hex(&world.one.config_digest)));
	assert_fails(open_file(&world, ""), IMP_E_FORMAT,
		     "2 layers, but the config has 3", &world.run.err);
	finish(&world);
}

CASE(more_layers_than_the_limit)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.one, "x");
	world.run.limits.layers = 2;
	assert_fails(open_file(&world, ""), IMP_E_LIMIT, "limit layers", &world.run.err);
	finish(&world);
}

CASE(config_is_missing)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	add_manifest(&world, fixture_docker_entry(&world.one, "null", "%s/layer.tar"));
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND, "not in the archive",
		     &world.run.err);
	finish(&world);
}

CASE(config_over_the_limit)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.one, "x");
	world.run.limits.config_bytes = 100;
	assert_fails(open_file(&world, ""), IMP_E_LIMIT, "100", &world.run.err);
	assert_fails(open_pipe(&world), IMP_E_LIMIT, "100", &world.run.err);
	finish(&world);
}

CASE(image_without_layers)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_file(&world.tar, "c.json",
		 "{\"architecture\":\"amd64\",\"os\":\"linux\","
		 "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
	add_manifest(&world, "{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":null}");
	assert_ok(open_file(&world, ""), &world.run.err);
	assert_int_equal(world.run.resolution.images[0].layer_count, 0);
	assert_ok(open_pipe(&world), &world.run.err);
	assert_int_equal(world.run.resolution.images[0].layer_count, 0);
	finish(&world);
}

/* An empty layer in the two forms that engines accept: nothing, and two zero blocks. */
CASE(empty_layers)
{
	struct imp_digest nothing, zeros, content;
	char blocks[1024] = {0}, a[IMP_DIGEST_TEXT], b[IMP_DIGEST_TEXT];
	struct world world;

	start(&world, FIXTURE_PLAIN);
	imp_digest_of(IMP_DIGEST_SHA256, IMP_SLICE(""), &nothing);
	imp_digest_of(IMP_DIGEST_SHA256, imp_slice(blocks, sizeof(blocks)), &zeros);
	tar_file(&world.tar, "0/layer.tar", "");
	tar_file_bytes(&world.tar, "1/layer.tar", imp_slice(blocks, sizeof(blocks)));
	tar_file(&world.tar, "c.json",
		 fixture_text("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{"
			      "\"type\":\"layers\",\"diff_ids\":[\"%s\",\"%s\"]}}",
			      imp_digest_text(&nothing, a), imp_digest_text(&zeros, b)));
	add_manifest(&world, "{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":["
			     "\"0/layer.tar\",\"1/layer.tar\"]}");
	for (int piped = 0; piped < 2; piped++) {
		assert_ok(piped ? open_pipe(&world) : open_file(&world, ""),
			  &world.run.err);
		assert_ok(fixture_layer_content(&world.run, 0, 0, &content),
			  &world.run.err);
		assert_true(imp_digest_equal(&content, &nothing));
		assert_ok(fixture_layer_content(&world.run, 0, 1, &content),
			  &world.run.err);
		assert_true(imp_digest_equal(&content, &zeros));
	}
	finish(&world);
}

CASE(only_repositories_is_too_old)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_file_bytes(&world.tar, "0/layer.tar",
		       imp_strbuf_slice(&world.one.layers[0].tar));
	tar_file(&world.tar, "0/json", "{\"id\":\"0\"}");
	tar_file(&world.tar, "repositories", "{\"x\":{\"latest\":\"0\"}}");
	tar_end(&world.tar);
	assert_fails(open_file(&world, ""), IMP_E_UNSUPPORTED, "before manifest.json",
		     &world.run.err);
	finish(&world);
}

CASE(manifest_twice_with_one_content)
{
	struct world world;
	const char *manifest;

	start(&world, FIXTURE_PLAIN);
	fixture_add_docker_files(&world.tar, &world.one, "");
	manifest = fixture_text("[%s]",
				fixture_docker_entry(&world.one, "null", "%s/layer.tar"));
	tar_file(&world.tar, "manifest.json", manifest);
	tar_file(&world.tar, "./manifest.json", manifest);
	tar_end(&world.tar);
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(manifest_twice_with_other_content)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_add_docker_files(&world.tar, &world.one, "");
	fixture_add_docker_files(&world.tar, &world.two, "");
	tar_file(&world.tar, "manifest.json",
		 fixture_text("[%s]",
			      fixture_docker_entry(&world.two, "null", "%s/layer.tar")));
	add_manifest(&world, fixture_docker_entry(&world.one, "null", "%s/layer.tar"));
	assert_fails(open_file(&world, ""), IMP_E_FORMAT, "manifest.json: twice",
		     &world.run.err);
	assert_fails(open_pipe(&world), IMP_E_FORMAT, "manifest.json: twice",
		     &world.run.err);
	finish(&world);
}

CASE(other_platform_is_taken_with_a_warning)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.one, "x");
	world.run.choice.platform.architecture = "arm64";
	assert_ok(open_file(&world, ""), &world.run.err);
	assert_true(fixture_has_warning(&world.run, "platform"));
	finish(&world);
}

CASE(other_platform_than_asked_for)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.one, "x");
	world.run.choice.platform.architecture = "arm64";
	world.run.choice.explicitly = true;
	assert_fails(open_file(&world, ""), IMP_E_NOT_FOUND, "linux/arm64",
		     &world.run.err);
	finish(&world);
}

/* docker save since 25: a layout, and manifest.json beside it. */

static const char *layout_entry(const struct fixture_image *image, const char *tags)
{
	return fixture_text(
		"{\"Config\":\"%s\",\"RepoTags\":%s,\"Layers\":[\"%s\",\"%s\","
		"\"%s\"]}",
		fixture_blob(&image->config_digest), tags,
		fixture_blob(&image->layers[0].digest),
		fixture_blob(&image->layers[1].digest),
		fixture_blob(&image->layers[2].digest));
}

static void add_both(struct world *world, const char *index, const char *entries)
{
	fixture_add_blobs(&world->tar, &world->one, "");
	fixture_add_blobs(&world->tar, &world->two, "");
	tar_file(&world->tar, "index.json", fixture_index(index));
	fixture_add_layout(&world->tar, "");
	add_manifest(world, entries);
}

CASE(layout_in_docker_archive_is_preferred)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	add_both(&world, fixture_descriptor(&world.one, "", ""),
		 layout_entry(&world.one, "[\"x:1\"]"));
	expect_one_everywhere(&world);
	assert_true(imp_digest_equal(&world.run.resolution.images[0].digest,
				     &world.one.manifest_digest));
	finish(&world);
}

CASE(tag_of_docker_leads_to_the_document_of_oci)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	add_both(&world,
		 fixture_text("%s,%s", fixture_descriptor(&world.one, "", ""),
			      fixture_descriptor(&world.two, "", "")),
		 fixture_text("%s,%s", layout_entry(&world.one, "[\"x:1\"]"),
			      layout_entry(&world.two, "[\"x:2\"]")));
	assert_ok(open_file(&world, ":x:2"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	assert_true(imp_digest_equal(&world.run.resolution.images[0].digest,
				     &world.two.manifest_digest));
	assert_ok(open_file(&world, ":@0"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.one);
	finish(&world);
}

CASE(tag_below_a_nested_index)
{
	struct imp_strbuf nested = {0};
	struct imp_digest digest;
	struct world world;
	char text[IMP_DIGEST_TEXT];

	start(&world, FIXTURE_GZIP);
	imp_strbuf_add_text(&nested,
			    fixture_index(fixture_descriptor(&world.one, "", "")));
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&nested), &digest);
	tar_file(&world.tar, fixture_blob(&digest), nested.data);
	add_both(
		&world,
		fixture_text("{\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
			     "\"digest\":\"%s\",\"size\":%zu}",
			     imp_digest_text(&digest, text), nested.len),
		layout_entry(&world.one, "[\"x:1\"]"));
	assert_ok(open_file(&world, ":x:1"), &world.run.err);
	assert_true(imp_digest_equal(&world.run.resolution.images[0].digest,
				     &world.one.manifest_digest));
	imp_strbuf_finish(&nested);
	finish(&world);
}

CASE(docker_s_image_that_the_index_lacks)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	add_both(&world, fixture_descriptor(&world.one, "", ""),
		 layout_entry(&world.two, "[\"x:2\"]"));
	assert_ok(open_file(&world, ":x:2"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.two);
	assert_int_equal(world.run.resolution.images[0].digest.algorithm,
			 IMP_DIGEST_NONE);
	finish(&world);
}

CASE(index_without_images_falls_back_to_docker)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	add_both(&world, "", layout_entry(&world.one, "[\"x:1\"]"));
	expect_one_everywhere(&world);
	finish(&world);
}

CASE(config_that_is_not_what_its_name_says)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_add_blobs(&world.tar, &world.one, "");
	tar_file_bytes(&world.tar, fixture_blob(&world.two.config_digest),
		       imp_strbuf_slice(&world.one.config));
	add_manifest(&world, layout_entry(&world.two, "null"));
	assert_fails(open_file(&world, ""), IMP_E_INTEGRITY, "not that of its name",
		     &world.run.err);
	finish(&world);
}
