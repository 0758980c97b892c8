/* One image in every container: the same layers come out. */
#include "case.h"

#include <sys/stat.h>
#include <unistd.h>

#include "archive_fixture.h"

/* What every case starts from. */
struct world {
	struct fixture_run run;
	struct fixture_image image;
	struct imp_strbuf tar, packed;
};

static void start(struct world *world, enum fixture_packing packing)
{
	memset(world, 0, sizeof(*world));
	fixture_image_make(&world->image,
			   &(struct fixture_spec){.seed = "one", .packing = packing});
	fixture_run_start(&world->run);
}

static void finish(struct world *world)
{
	fixture_run_finish(&world->run);
	fixture_image_finish(&world->image);
	imp_strbuf_finish(&world->tar);
	imp_strbuf_finish(&world->packed);
}

/* TAR in a file: read in ranges. */
static void expect_by_file(struct world *world)
{
	fixture_save(&world->run, "x.tar", &world->tar);
	assert_ok(fixture_open(&world->run, "%s/x.tar", world->run.folder),
		  &world->run.err);
	assert_false(imp_source_is_one_pass(world->run.source));
	fixture_expect_layers(&world->run, 0, &world->image);
	fixture_run_again(&world->run);
}

static void expect_by_pipe(struct world *world, const struct imp_strbuf *bytes)
{
	fixture_feed_input(&world->run, bytes);
	assert_ok(fixture_open(&world->run, "-"), &world->run.err);
	assert_true(imp_source_is_one_pass(world->run.source));
	fixture_expect_layers(&world->run, 0, &world->image);
	fixture_run_again(&world->run);
}

/* In a file and through a pipe, plain and compressed as a whole. */
static void expect_everywhere(struct world *world)
{
	expect_by_file(world);
	expect_by_pipe(world, &world->tar);
	fixture_gzip(imp_strbuf_slice(&world->tar), &world->packed);
	expect_by_pipe(world, &world->packed);
	fixture_save(&world->run, "x.tgz", &world->packed);
	assert_ok(fixture_open(&world->run, "%s/x.tgz", world->run.folder),
		  &world->run.err);
	assert_true(imp_source_is_one_pass(world->run.source));
	fixture_expect_layers(&world->run, 0, &world->image);
}

CASE(docker_archive_of_plain_layers)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	expect_everywhere(&world);
	finish(&world);
}

CASE(docker_archive_of_gzip_layers)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	expect_everywhere(&world);
	finish(&world);
}

CASE(oci_archive_of_plain_layers)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_oci_archive(&world.tar, &world.image, "y");
	expect_everywhere(&world);
	finish(&world);
}

CASE(oci_archive_of_gzip_layers)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_oci_archive(&world.tar, &world.image, "y");
	expect_everywhere(&world);
	finish(&world);
}

CASE(oci_archive_of_zstd_layers)
{
	struct world world;

	start(&world, FIXTURE_ZSTD);
	fixture_oci_archive(&world.tar, &world.image, NULL);
	expect_everywhere(&world);
	finish(&world);
}

CASE(oci_archive_with_index_first)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_add_layout(&world.tar, "");
	tar_file(&world.tar, "index.json",
		 fixture_index(fixture_descriptor(&world.image, "", "")));
	fixture_add_blobs(&world.tar, &world.image, "");
	tar_end(&world.tar);
	expect_everywhere(&world);
	finish(&world);
}

CASE(docker_archive_with_manifest_first)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	tar_file(&world.tar, "manifest.json",
		 fixture_text("[%s]", fixture_docker_entry(&world.image, "[\"x:y\"]",
							   "%s/layer.tar")));
	fixture_add_docker_files(&world.tar, &world.image, "");
	tar_end(&world.tar);
	expect_everywhere(&world);
	finish(&world);
}

CASE(names_with_dot_slash_prefix)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	tar_directory(&world.tar, "./");
	fixture_add_blobs(&world.tar, &world.image, "./");
	tar_file(&world.tar, "./index.json",
		 fixture_index(fixture_descriptor(&world.image, "", "")));
	fixture_add_layout(&world.tar, "./");
	tar_end(&world.tar);
	expect_everywhere(&world);
	finish(&world);
}

CASE(absolute_names)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_add_docker_files(&world.tar, &world.image, "/");
	tar_file(&world.tar, "//manifest.json",
		 fixture_text("[%s]", fixture_docker_entry(&world.image, "null",
							   "%s/layer.tar")));
	tar_end(&world.tar);
	expect_everywhere(&world);
	finish(&world);
}

CASE(archive_compressed_with_zstd)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	fixture_zstd(imp_strbuf_slice(&world.tar), &world.packed);
	fixture_save(&world.run, "x", &world.packed);
	assert_ok(fixture_open(&world.run, "docker-archive:%s/x", world.run.folder),
		  &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

CASE(compressed_archive_with_threads)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	world.run.context.threads = 4;
	fixture_oci_archive(&world.tar, &world.image, "y");
	fixture_gzip(imp_strbuf_slice(&world.tar), &world.packed);
	expect_by_pipe(&world, &world.packed);
	finish(&world);
}

CASE(archive_padded_to_records)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	tar_pad_record(&world.tar, 1 << 20);
	expect_everywhere(&world);
	finish(&world);
}

CASE(layout_folder)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_save_layout(&world.run, "l", &world.image,
			    fixture_index(fixture_descriptor(&world.image, "", "")));
	assert_ok(fixture_open(&world.run, "oci:%s/l", world.run.folder), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

CASE(layout_folder_is_sniffed)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	fixture_save_layout(&world.run, "l", &world.image,
			    fixture_index(fixture_descriptor(&world.image, "", "")));
	assert_ok(fixture_open(&world.run, "%s/l", world.run.folder), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

static void save_dir(struct world *world)
{
	const struct fixture_image *image = &world->image;

	fixture_save_text(&world->run, "d/version", "Directory Transport Version: 1.1\n");
	fixture_save(&world->run, "d/manifest.json", &image->manifest);
	fixture_save(&world->run,
		     fixture_text("d/%s", fixture_hex(&image->config_digest)),
		     &image->config);
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		fixture_save(&world->run,
			     fixture_text("d/%s", fixture_hex(&image->layers[i].digest)),
			     &image->layers[i].blob);
}

CASE(dir_folder)
{
	struct world world;

	start(&world, FIXTURE_ZSTD);
	save_dir(&world);
	assert_ok(fixture_open(&world.run, "dir:%s/d", world.run.folder), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	assert_true(imp_digest_equal(&world.run.resolution.images[0].digest,
				     &world.image.manifest_digest));
	finish(&world);
}

CASE(dir_folder_is_sniffed)
{
	struct world world;

	start(&world, FIXTURE_GZIP);
	save_dir(&world);
	assert_ok(fixture_open(&world.run, "%s/d", world.run.folder), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

CASE(standard_input_from_a_file_is_read_in_ranges)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	fixture_save(&world.run, "x.tar", &world.tar);
	fixture_redirect_input(&world.run, fixture_text("%s/x.tar", world.run.folder));
	assert_ok(fixture_open(&world.run, "-"), &world.run.err);
	assert_false(imp_source_is_one_pass(world.run.source));
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

CASE(standard_input_goes_on_where_it_stands)
{
	struct world world;
	char skipped[100];

	start(&world, FIXTURE_PLAIN);
	for (size_t i = 0; i < sizeof(skipped); i++)
		imp_strbuf_add_char(&world.tar, 'x');
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	fixture_save(&world.run, "x", &world.tar);
	fixture_redirect_input(&world.run, fixture_text("%s/x", world.run.folder));
	assert_int_equal(read(STDIN_FILENO, skipped, sizeof(skipped)), sizeof(skipped));
	assert_ok(fixture_open(&world.run, "-"), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

CASE(named_pipe_is_read_once)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	/* A pipe's other name: what a shell's <(...) gives. */
	fixture_feed_input(&world.run, &world.tar);
	assert_ok(fixture_open(&world.run, "docker-archive:/dev/fd/0"), &world.run.err);
	assert_true(imp_source_is_one_pass(world.run.source));
	fixture_expect_layers(&world.run, 0, &world.image);
	finish(&world);
}

CASE(reference_is_what_was_typed)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_oci_archive(&world.tar, &world.image, "y");
	fixture_save(&world.run, "x.tar", &world.tar);
	assert_ok(fixture_open(&world.run, "oci-archive:%s/x.tar:y", world.run.folder),
		  &world.run.err);
	assert_string_equal(world.run.resolution.images[0].reference,
			    fixture_text("oci-archive:%s/x.tar:y", world.run.folder));
	finish(&world);
}

CASE(digest_is_the_manifest_s_or_none)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_oci_archive(&world.tar, &world.image, "y");
	fixture_save(&world.run, "x.tar", &world.tar);
	assert_ok(fixture_open(&world.run, "%s/x.tar", world.run.folder), &world.run.err);
	assert_true(imp_digest_equal(&world.run.resolution.images[0].digest,
				     &world.image.manifest_digest));
	fixture_run_again(&world.run);

	imp_strbuf_reset(&world.tar);
	fixture_docker_archive(&world.tar, &world.image, "y");
	fixture_save(&world.run, "x.tar", &world.tar);
	assert_ok(fixture_open(&world.run, "%s/x.tar", world.run.folder), &world.run.err);
	assert_int_equal(world.run.resolution.images[0].digest.algorithm,
			 IMP_DIGEST_NONE);
	finish(&world);
}

CASE(input_behind_the_end_is_read_too)
{
	struct world world;

	start(&world, FIXTURE_PLAIN);
	fixture_docker_archive(&world.tar, &world.image, "x:y");
	/* More than a pipe holds: the writer would be stuck, or killed. */
	tar_zero_blocks(&world.tar, 1024);
	fixture_feed_input(&world.run, &world.tar);
	assert_ok(fixture_open(&world.run, "-"), &world.run.err);
	pthread_join(world.run.writer, NULL);
	assert_int_equal(read(STDIN_FILENO, &(char){0}, 1), 0);
	world.run.input.data = NULL;
	finish(&world);
}
