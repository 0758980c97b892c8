/* Layouts and dir: folders on disk, and what a path may be instead. */
#include "case.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_fixture.h"

struct world {
	struct fixture_run run;
	struct fixture_image image;
};

static void start(struct world *world)
{
	memset(world, 0, sizeof(*world));
	fixture_image_make(
		&world->image,
		&(struct fixture_spec){.seed = "one", .packing = FIXTURE_GZIP});
	fixture_run_start(&world->run);
}

static void start_layout(struct world *world)
{
	start(world);
	fixture_save_layout(&world->run, "l", &world->image,
			    fixture_index(fixture_descriptor(&world->image, "", "")));
}

static void finish(struct world *world)
{
	fixture_run_finish(&world->run);
	fixture_image_finish(&world->image);
}

static const char *path_of(const struct world *world, const char *name)
{
	return fixture_text("%s/%s", world->run.folder, name);
}

static const char *layer_path(const struct world *world, size_t layer)
{
	return fixture_text("%s/l/%s", world->run.folder,
			    fixture_blob(&world->image.layers[layer].digest));
}

static int open_layout(struct world *world)
{
	return fixture_open(&world->run, "oci:%s/l", world->run.folder);
}

static int open_layer(struct world *world, size_t layer)
{
	struct imp_stream *stream;

	return imp_source_open_layer(world->run.source, world->run.resolution.images,
				     layer, &stream, &world->run.err);
}

CASE(layer_that_is_a_symlink_is_not_followed)
{
	struct world world;

	start_layout(&world);
	assert_int_equal(rename(layer_path(&world, 1), path_of(&world, "outside")), 0);
	assert_int_equal(symlink("../../../outside", layer_path(&world, 1)), 0);
	assert_ok(open_layout(&world), &world.run.err);
	assert_fails(open_layer(&world, 1), IMP_E_FORMAT, "symbolic link",
		     &world.run.err);
	finish(&world);
}

CASE(folder_of_blobs_that_is_a_symlink_is_not_followed)
{
	struct world world;

	start_layout(&world);
	assert_int_equal(rename(path_of(&world, "l/blobs"), path_of(&world, "outside")),
			 0);
	assert_int_equal(symlink("../outside", path_of(&world, "l/blobs")), 0);
	assert_fails(open_layout(&world), IMP_E_FORMAT, "symbolic links", &world.run.err);
	finish(&world);
}

CASE(layer_that_is_a_pipe_does_not_block)
{
	struct world world;

	start_layout(&world);
	assert_int_equal(unlink(layer_path(&world, 0)), 0);
	assert_int_equal(mkfifo(layer_path(&world, 0), 0600), 0);
	assert_ok(open_layout(&world), &world.run.err);
	assert_fails(open_layer(&world, 0), IMP_E_FORMAT, "regular file", &world.run.err);
	finish(&world);
}

CASE(missing_layer_of_a_folder)
{
	struct world world;

	start_layout(&world);
	assert_int_equal(unlink(layer_path(&world, 2)), 0);
	assert_ok(open_layout(&world), &world.run.err);
	assert_fails(open_layer(&world, 2), IMP_E_NOT_FOUND,
		     fixture_blob(&world.image.layers[2].digest), &world.run.err);
	finish(&world);
}

CASE(damaged_config_of_a_folder)
{
	struct world world;

	start_layout(&world);
	fixture_save_text(&world.run,
			  fixture_text("l/%s", fixture_blob(&world.image.config_digest)),
			  "{}");
	assert_fails(open_layout(&world), IMP_E_INTEGRITY,
		     "config sha256:", &world.run.err);
	finish(&world);
}

CASE(folder_without_index)
{
	struct world world;

	start_layout(&world);
	assert_int_equal(unlink(path_of(&world, "l/index.json")), 0);
	assert_fails(open_layout(&world), IMP_E_FORMAT, "oci-layout and index.json",
		     &world.run.err);
	finish(&world);
}

CASE(several_images_in_a_folder)
{
	struct fixture_image two;
	struct world world;

	start(&world);
	fixture_image_make(&two, &(struct fixture_spec){.seed = "two"});
	fixture_save_layout(&world.run, "l", &world.image,
			    fixture_index(fixture_text(
				    "%s,%s", fixture_descriptor(&world.image, "", ""),
				    fixture_descriptor(&two, "", ""))));
	assert_fails(open_layout(&world), IMP_E_NOT_FOUND, "choose one of: @0, @1",
		     &world.run.err);
	assert_string_equal(world.run.err.hint,
			    fixture_text("oci:%s/l:NAME", world.run.folder));
	fixture_image_finish(&two);
	finish(&world);
}

CASE(layers_are_opened_side_by_side)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf first = {0}, second = {0};
	struct imp_stream *streams[2];
	struct world world;

	start_layout(&world);
	assert_ok(open_layout(&world), &world.run.err);
	for (size_t i = 0; i < 2; i++)
		assert_ok(imp_source_open_layer(world.run.source,
						world.run.resolution.images, 1,
						&streams[i], &world.run.err),
			  &world.run.err);
	assert_ok(imp_stream_read_all(streams[0], UINT64_MAX, "", &first, &world.run.err),
		  &world.run.err);
	assert_ok(
		imp_stream_read_all(streams[1], UINT64_MAX, "", &second, &world.run.err),
		&world.run.err);
	assert_true(imp_slice_equal(imp_strbuf_slice(&first), imp_strbuf_slice(&second)));
	assert_int_equal(first.len, world.image.layers[1].blob.len);
	imp_stream_destroy(streams[0]);
	imp_stream_destroy(streams[1]);
	finish(&world);
}

/* dir: folders. */

static void save_dir(struct world *world, const char *version)
{
	const struct fixture_image *image = &world->image;

	if (version)
		fixture_save_text(&world->run, "d/version", version);
	fixture_save(&world->run, "d/manifest.json", &image->manifest);
	fixture_save(&world->run,
		     fixture_text("d/%s", fixture_hex(&image->config_digest)),
		     &image->config);
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		fixture_save(&world->run,
			     fixture_text("d/%s", fixture_hex(&image->layers[i].digest)),
			     &image->layers[i].blob);
}

static int open_dir(struct world *world)
{
	return fixture_open(&world->run, "dir:%s/d", world->run.folder);
}

CASE(dir_of_another_version)
{
	struct world world;

	start(&world);
	save_dir(&world, "Directory Transport Version: 2.0\n");
	assert_fails(open_dir(&world), IMP_E_UNSUPPORTED, "version", &world.run.err);
	finish(&world);
}

CASE(dir_without_version)
{
	struct world world;

	start(&world);
	save_dir(&world, NULL);
	assert_fails(open_dir(&world), IMP_E_FORMAT, "no image: version", &world.run.err);
	finish(&world);
}

CASE(dir_with_a_list_of_platforms)
{
	const struct fixture_image *image;
	struct world world;

	start(&world);
	image = &world.image;
	save_dir(&world, "Directory Transport Version: 1.1\n");
	fixture_save(
		&world.run,
		fixture_text("d/%s.manifest.json", fixture_hex(&image->manifest_digest)),
		&image->manifest);
	fixture_save_text(&world.run, "d/manifest.json",
			  fixture_index(fixture_descriptor(image, "", "")));
	assert_ok(open_dir(&world), &world.run.err);
	fixture_expect_layers(&world.run, 0, image);
	finish(&world);
}

CASE(dir_with_docker_s_manifest)
{
	struct world world;

	start(&world);
	save_dir(&world, "Directory Transport Version: 1.1\n");
	fixture_save_text(
		&world.run, "d/manifest.json",
		fixture_text("[%s]", fixture_docker_entry(&world.image, "null", "%s")));
	assert_int_equal(open_dir(&world), IMP_E_FORMAT);
	finish(&world);
}

CASE(dir_layer_that_is_a_symlink_is_not_followed)
{
	struct world world;
	const char *path;

	start(&world);
	save_dir(&world, "Directory Transport Version: 1.1\n");
	path = path_of(&world,
		       fixture_text("d/%s", fixture_hex(&world.image.layers[0].digest)));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_ok(open_dir(&world), &world.run.err);
	assert_fails(open_layer(&world, 0), IMP_E_FORMAT, "symbolic link",
		     &world.run.err);
	finish(&world);
}

/* Paths. */

CASE(missing_path)
{
	static const char *const prefixes[] = {
		"", "docker-archive:", "oci-archive:", "oci:", "dir:"};
	struct world world;

	start(&world);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		fixture_run_again(&world.run);
		assert_fails(fixture_open(&world.run, "%s%s/none", prefixes[i],
					  world.run.folder),
			     IMP_E_SYSTEM, "no such file", &world.run.err);
		assert_int_equal(imp_exit_status(world.run.err.category), 6);
	}
	finish(&world);
}

CASE(unreadable_path_names_the_reason)
{
	struct world world;

	start(&world);
	assert_int_equal(symlink("loop", path_of(&world, "loop")), 0);
	assert_int_equal(fixture_open(&world.run, "%s/loop", world.run.folder),
			 IMP_E_SYSTEM);
	assert_non_null(strstr(world.run.err.message, "symbolic links"));
	finish(&world);
}

CASE(folder_in_place_of_an_archive)
{
	struct world world;

	start_layout(&world);
	assert_fails(fixture_open(&world.run, "docker-archive:%s/l", world.run.folder),
		     IMP_E_USAGE, "a folder, expected an archive", &world.run.err);
	finish(&world);
}

CASE(file_in_place_of_a_folder)
{
	struct world world;

	start(&world);
	fixture_save_text(&world.run, "f", "x");
	assert_fails(fixture_open(&world.run, "oci:%s/f", world.run.folder), IMP_E_USAGE,
		     "expected a folder", &world.run.err);
	finish(&world);
}

CASE(folder_that_holds_no_image)
{
	struct world world;

	start(&world);
	assert_fails(fixture_open(&world.run, "%s", world.run.folder), IMP_E_FORMAT,
		     "no image", &world.run.err);
	finish(&world);
}

CASE(unpacked_docker_save_has_a_hint)
{
	struct world world;

	start(&world);
	fixture_save_text(&world.run, "u/manifest.json", "[]");
	assert_fails(fixture_open(&world.run, "%s/u", world.run.folder), IMP_E_FORMAT,
		     "no image", &world.run.err);
	assert_non_null(strstr(world.run.err.hint, "tar -C"));
	finish(&world);
}
