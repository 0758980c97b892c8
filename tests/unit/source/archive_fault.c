/* Archives that are damaged, hostile or none at all (formats.md 7.5, 7.6; reliability.md C10). */
#include "case.h"

#include <dirent.h>

#include "archive_fixture.h"

struct world {
	struct fixture_run run;
	struct fixture_image image;
	struct imp_strbuf tar, packed;
};

static void start(struct world *world)
{
	memset(world, 0, sizeof(*world));
	fixture_image_make(&world->image, &(struct fixture_spec){.seed = "one"});
	fixture_run_start(&world->run);
}

static void finish(struct world *world)
{
	fixture_run_finish(&world->run);
	fixture_image_finish(&world->image);
	imp_strbuf_finish(&world->tar);
	imp_strbuf_finish(&world->packed);
}

static int open_file(struct world *world, const struct imp_strbuf *bytes)
{
	fixture_run_again(&world->run);
	fixture_save(&world->run, "x.tar", bytes);
	return fixture_open(&world->run, "%s/x.tar", world->run.folder);
}

static int open_pipe(struct world *world, const struct imp_strbuf *bytes)
{
	fixture_run_again(&world->run);
	fixture_feed_input(&world->run, bytes);
	return fixture_open(&world->run, "-");
}

static void expect_failure(struct world *world, int category, const char *part)
{
	assert_fails(open_file(world, &world->tar), category, part, &world->run.err);
	assert_fails(open_pipe(world, &world->tar), category, part, &world->run.err);
}

static void expect_image(struct world *world)
{
	assert_ok(open_file(world, &world->tar), &world->run.err);
	fixture_expect_layers(&world->run, 0, &world->image);
	assert_ok(open_pipe(world, &world->tar), &world->run.err);
	fixture_expect_layers(&world->run, 0, &world->image);
}

/* Not images. */

CASE(empty_file)
{
	struct world world;

	start(&world);
	imp_strbuf_add_text(&world.tar, "");
	expect_failure(&world, IMP_E_FORMAT, "it is empty");
	finish(&world);
}

CASE(archive_of_nothing)
{
	struct world world;

	start(&world);
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "a tar archive of nothing");
	finish(&world);
}

CASE(html_page)
{
	struct world world;

	start(&world);
	imp_strbuf_add_text(&world.tar,
			    "\n<!DOCTYPE html><html><body>404</body></html>\n");
	expect_failure(&world, IMP_E_FORMAT, "HTML");
	assert_non_null(strstr(world.run.err.hint, "server"));
	finish(&world);
}

CASE(json_answer)
{
	struct world world;

	start(&world);
	imp_strbuf_add_text(&world.tar, "{\"message\":\"no such image\"}");
	expect_failure(&world, IMP_E_FORMAT, "a JSON document, not an archive");
	finish(&world);
}

CASE(any_other_file)
{
	struct world world;

	start(&world);
	for (int i = 0; i < 2000; i++)
		imp_strbuf_add_char(&world.tar, (char)('a' + i % 26));
	expect_failure(&world, IMP_E_FORMAT, "not a tar archive");
	finish(&world);
}

CASE(xz_is_refused_by_name)
{
	struct world world;

	start(&world);
	imp_strbuf_add(&world.tar, "\xfd\x37zXZ\0\0\0", 8);
	expect_failure(&world, IMP_E_UNSUPPORTED, "xz");
	finish(&world);
}

CASE(compressed_twice)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	fixture_gzip(imp_strbuf_slice(&world.tar), &world.packed);
	imp_strbuf_reset(&world.tar);
	fixture_gzip(imp_strbuf_slice(&world.packed), &world.tar);
	expect_failure(&world, IMP_E_UNSUPPORTED, "more than once");
	finish(&world);
}

CASE(root_file_system)
{
	struct world world;

	start(&world);
	tar_symlink(&world.tar, "bin", "usr/bin");
	tar_file(&world.tar, "etc/passwd", "root\n");
	tar_file(&world.tar, "manifest.json", "{\"name\":\"an app\"}");
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "a root file system archive");
	assert_non_null(strstr(world.run.err.hint, "docker save"));
	finish(&world);
}

CASE(manifest_of_a_dir_folder)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "version", "Directory Transport Version: 1.1\n");
	tar_file_bytes(&world.tar, "manifest.json",
		       imp_strbuf_slice(&world.image.manifest));
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "not docker's list of images");
	assert_non_null(strstr(world.run.err.hint, "dir:"));
	finish(&world);
}

CASE(image_in_a_folder_of_the_archive)
{
	struct world world;

	start(&world);
	fixture_add_blobs(&world.tar, &world.image, "sub/");
	fixture_add_layout(&world.tar, "sub/");
	tar_file(&world.tar, "sub/index.json",
		 fixture_index(fixture_descriptor(&world.image, "", "")));
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "in the folder sub");
	assert_non_null(strstr(world.run.err.hint, "tar -C sub"));
	finish(&world);
}

CASE(archive_of_something_else)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "README", "hello");
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "neither an OCI layout nor");
	finish(&world);
}

CASE(broken_manifest)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "manifest.json", "[{\"Config\":");
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "manifest.json");
	finish(&world);
}

CASE(manifest_that_is_no_text)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "manifest.json", "hello");
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "manifest.json");
	finish(&world);
}

/* Damage. */

CASE(cut_inside_a_layer)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	imp_strbuf_truncate(&world.tar, 20000);
	expect_failure(&world, IMP_E_FORMAT, "damaged tar");
	finish(&world);
}

CASE(cut_inside_a_header)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "a", "x");
	tar_file(&world.tar, "b", "x");
	imp_strbuf_truncate(&world.tar, 1024 + 300);
	expect_failure(&world, IMP_E_FORMAT, "damaged tar");
	finish(&world);
}

CASE(cut_before_a_member_that_is_needed)
{
	struct world world;
	size_t whole;

	start(&world);
	tar_file(&world.tar, "manifest.json",
		 fixture_text("[%s]", fixture_docker_entry(&world.image, "null", "%s")));
	whole = world.tar.len;
	fixture_add_docker_files(&world.tar, &world.image, "");
	imp_strbuf_truncate(&world.tar, whole);
	expect_failure(&world, IMP_E_NOT_FOUND, "which is cut short");
	finish(&world);
}

CASE(archive_without_end_blocks)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	imp_strbuf_truncate(&world.tar, world.tar.len - 1024);
	expect_image(&world);
	assert_true(fixture_has_warning(&world.run, "archive-no-end"));
	assert_ok(open_file(&world, &world.tar), &world.run.err);
	assert_true(fixture_has_warning(&world.run, "archive-no-end"));
	finish(&world);
}

CASE(archive_with_its_end_raises_nothing)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	expect_image(&world);
	assert_int_equal(imp_warnings_count(world.run.warnings), 0);
	finish(&world);
}

CASE(wrong_checksum_of_a_header)
{
	struct world world;

	start(&world);
	fixture_add_docker_files(&world.tar, &world.image, "");
	tar_add(&world.tar,
		&(struct tar_entry){.name = "x", .checksum = TAR_CHECKSUM_WRONG});
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "damaged tar");
	finish(&world);
}

/* An engine that fails while it exports appends its error to the stream (formats.md 7.10). */
CASE(error_of_an_engine_in_the_stream)
{
	struct world world;

	start(&world);
	fixture_add_docker_files(&world.tar, &world.image, "");
	imp_strbuf_add_text(&world.tar, "{\"message\":\"disk full\"}\n");
	expect_failure(&world, IMP_E_FORMAT, "damaged tar");
	finish(&world);
}

CASE(gzip_that_is_cut)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	fixture_gzip(imp_strbuf_slice(&world.tar), &world.packed);
	imp_strbuf_truncate(&world.packed, world.packed.len - 20);
	assert_int_equal(open_file(&world, &world.packed), IMP_E_INTEGRITY);
	assert_int_equal(open_pipe(&world, &world.packed), IMP_E_INTEGRITY);
	finish(&world);
}

/* Where the tar is whole only whoever reads on to the end sees it. */
CASE(wrong_checksum_of_the_whole_gzip)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	fixture_gzip(imp_strbuf_slice(&world.tar), &world.packed);
	world.packed.data[world.packed.len - 6] ^= 1;
	assert_int_equal(open_file(&world, &world.packed), IMP_E_INTEGRITY);
	assert_int_equal(open_pipe(&world, &world.packed), IMP_E_INTEGRITY);
	finish(&world);
}

CASE(sparse_layer)
{
	static const struct tar_record records[] = {
		{"GNU.sparse.major", IMP_SLICE("1")},
		{"GNU.sparse.minor", IMP_SLICE("0")},
		{"GNU.sparse.name", IMP_SLICE("0")},
		{"GNU.sparse.realsize", IMP_SLICE("2048")},
	};
	char map[1024] = "2\n0\n512\n2048\n0\n";
	struct imp_stream *stream;
	struct world world;

	start(&world);
	tar_pax(&world.tar, 'x', records, 4);
	tar_file_bytes(&world.tar, "x", imp_slice(map, sizeof(map)));
	for (size_t i = 1; i < FIXTURE_LAYERS; i++)
		tar_file_bytes(&world.tar, fixture_text("%zu", i),
			       imp_strbuf_slice(&world.image.layers[i].tar));
	tar_file_bytes(&world.tar, "c.json", imp_strbuf_slice(&world.image.config));
	tar_file(&world.tar, "manifest.json",
		 "[{\"Config\":\"c.json\",\"Layers\":[\"0\",\"1\",\"2\"]}]");
	tar_end(&world.tar);
	assert_ok(open_file(&world, &world.tar), &world.run.err);
	assert_fails(imp_source_open_layer(world.run.source, world.run.resolution.images,
					   0, &stream, &world.run.err),
		     IMP_E_UNSUPPORTED, "sparse", &world.run.err);
	assert_fails(open_pipe(&world, &world.tar), IMP_E_UNSUPPORTED, "sparse",
		     &world.run.err);
	finish(&world);
}

CASE(layer_of_text)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "0", "no layer at all");
	tar_file(&world.tar, "c.json",
		 fixture_text("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{"
			      "\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}",
			      fixture_hex(&world.image.config_digest)));
	tar_file(&world.tar, "manifest.json",
		 "[{\"Config\":\"c.json\",\"Layers\":[\"0\"]}]");
	tar_end(&world.tar);
	/* In ranges the layer is looked at when it is read. */
	assert_ok(open_file(&world, &world.tar), &world.run.err);
	assert_int_equal(world.run.resolution.images[0].layers[0].blob.digest.algorithm,
			 IMP_DIGEST_NONE);
	assert_fails(open_pipe(&world, &world.tar), IMP_E_FORMAT, "neither a tar nor",
		     &world.run.err);
	finish(&world);
}

/* Names. */

CASE(names_that_leave_the_archive_are_passed_over)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "../manifest.json", "[]");
	tar_file(&world.tar, "a/../../manifest.json", "[]");
	fixture_docker_archive(&world.tar, &world.image, "x");
	expect_image(&world);
	finish(&world);
}

CASE(folder_in_place_of_a_document)
{
	struct world world;

	start(&world);
	tar_directory(&world.tar, "manifest.json");
	tar_file(&world.tar, "a", "x");
	tar_end(&world.tar);
	expect_failure(&world, IMP_E_FORMAT, "neither an OCI layout nor");
	finish(&world);
}

CASE(long_names_are_read)
{
	char folder[300];
	struct world world;

	start(&world);
	memset(folder, 'd', sizeof(folder) - 1);
	folder[sizeof(folder) - 1] = '\0';
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		tar_add(&world.tar,
			&(struct tar_entry){
				.name = fixture_text("%s/%zu", folder, i),
				.data = imp_strbuf_slice(&world.image.layers[i].tar),
				.long_names = i % 2 ? TAR_LONG_PAX : TAR_LONG_GNU});
	tar_file_bytes(&world.tar, "caf\xc3\xa9.json",
		       imp_strbuf_slice(&world.image.config));
	tar_file(
		&world.tar, "manifest.json",
		fixture_text(
			"[{\"Config\":\"caf\xc3\xa9.json\",\"Layers\":[\"%s/0\",\"%s/1\","
			"\"%s/2\"]}]",
			folder, folder, folder));
	tar_end(&world.tar);
	expect_image(&world);
	finish(&world);
}

CASE(pax_name_outside_ascii)
{
	static const struct tar_record record = {"path", IMP_SLICE("caf\xc3\xa9.json")};
	struct world world;

	start(&world);
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		tar_file_bytes(&world.tar, fixture_text("%zu", i),
			       imp_strbuf_slice(&world.image.layers[i].tar));
	tar_pax(&world.tar, 'x', &record, 1);
	tar_file_bytes(&world.tar, "x", imp_strbuf_slice(&world.image.config));
	tar_file(&world.tar, "manifest.json",
		 "[{\"Config\":\"caf\xc3\xa9.json\",\"Layers\":[\"0\",\"1\",\"2\"]}]");
	tar_end(&world.tar);
	expect_image(&world);
	finish(&world);
}

/* Limits. */

CASE(more_members_than_the_limit)
{
	struct world world;

	start(&world);
	for (int i = 0; i < 6; i++)
		tar_file(&world.tar, fixture_text("%d", i), "");
	tar_end(&world.tar);
	world.run.limits.archive_members = 5;
	expect_failure(&world, IMP_E_LIMIT, "archive-members");
	finish(&world);
}

CASE(longer_names_than_the_limit)
{
	char name[2000];
	struct world world;

	start(&world);
	for (int i = 0; i < 2; i++) {
		memset(name, 'a' + i, sizeof(name) - 1);
		name[sizeof(name) - 1] = '\0';
		tar_add(&world.tar,
			&(struct tar_entry){.name = name, .long_names = TAR_LONG_PAX});
	}
	tar_end(&world.tar);
	world.run.limits.archive_members = 10;
	expect_failure(&world, IMP_E_LIMIT, "archive-members");
	finish(&world);
}

CASE(large_document_that_nobody_needs)
{
	struct imp_strbuf big = {0};
	struct world world;

	start(&world);
	imp_strbuf_add_text(&big, "{\"_type\":\"in-toto\",\"pad\":\"");
	while (big.len < 5000)
		imp_strbuf_add_char(&big, 'x');
	world.run.limits.archive_json_bytes = 4000;
	tar_file_bytes(&world.tar, "blobs/x", imp_strbuf_slice(&big));
	fixture_docker_archive(&world.tar, &world.image, "x");
	expect_image(&world);
	imp_strbuf_finish(&big);
	finish(&world);
}

CASE(large_document_that_is_needed)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	world.run.limits.archive_json_bytes = 200;
	assert_fails(open_pipe(&world, &world.tar), IMP_E_LIMIT, "manifest.json",
		     &world.run.err);
	finish(&world);
}

/* Documents that wait. */

static void add_large_documents(struct world *world, size_t count, size_t bytes)
{
	struct imp_strbuf body = {0};

	imp_strbuf_add_text(&body, "{\"pad\":\"");
	while (body.len < bytes - 2)
		imp_strbuf_add_char(&body, 'x');
	imp_strbuf_add_text(&body, "\"}");
	for (size_t i = 0; i < count; i++)
		tar_file_bytes(&world->tar, fixture_text("pad/%zu.json", i),
			       imp_strbuf_slice(&body));
	imp_strbuf_finish(&body);
}

static size_t count_files(const char *path)
{
	DIR *folder = opendir(path);
	size_t count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 2;
}

CASE(documents_beyond_memory_are_spilled)
{
	struct world world;

	start(&world);
	fixture_set(&world.run, "TMPDIR", world.run.folder);
	add_large_documents(&world, 3, 6 << 20);
	/* Behind them: the documents that matter are in the file. */
	fixture_docker_archive(&world.tar, &world.image, "x");
	assert_ok(open_pipe(&world, &world.tar), &world.run.err);
	fixture_expect_layers(&world.run, 0, &world.image);
	assert_int_equal(count_files(world.run.folder), 0);
	finish(&world);
}

CASE(no_room_for_what_is_spilled)
{
	struct world world;

	start(&world);
	fixture_set(&world.run, "TMPDIR", "/nonexistent");
	add_large_documents(&world, 3, 6 << 20);
	tar_end(&world.tar);
	assert_fails(open_pipe(&world, &world.tar), IMP_E_SYSTEM, "/nonexistent",
		     &world.run.err);
	assert_non_null(strstr(world.run.err.hint, "TMPDIR"));
	finish(&world);
}

CASE(more_documents_than_may_be_kept)
{
	struct world world;

	start(&world);
	world.run.limits.archive_json_bytes = 2000;
	/* 64 documents of the greatest size: those behind them are not kept. */
	add_large_documents(&world, 64, 2000);
	fixture_docker_archive(&world.tar, &world.image, "x");
	assert_fails(open_pipe(&world, &world.tar), IMP_E_LIMIT, "manifest.json",
		     &world.run.err);
	assert_ok(open_file(&world, &world.tar), &world.run.err);
	finish(&world);
}

/* What is offered as a layer. */

CASE(layer_whose_first_name_looks_like_json)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};
	struct world world;

	start(&world);
	tar_file(&layer, "{\"a\":1}", "x");
	tar_end(&layer);
	tar_file_bytes(&world.tar, "l.tar", imp_strbuf_slice(&layer));
	fixture_docker_archive(&world.tar, &world.image, "x");
	assert_ok(open_pipe(&world, &world.tar), &world.run.err);
	assert_string_equal(world.run.offers[0].name, "l.tar");
	finish(&world);
}

CASE(only_what_could_be_a_layer_is_offered)
{
	struct world world;

	start(&world);
	tar_file(&world.tar, "empty", "");
	tar_file(&world.tar, "text", "hello");
	tar_file(&world.tar, "page", "<html>");
	fixture_docker_archive(&world.tar, &world.image, "x");
	assert_ok(open_pipe(&world, &world.tar), &world.run.err);
	assert_int_equal(world.run.offer_count, FIXTURE_LAYERS);
	finish(&world);
}

static int take_nothing(void *user, const char *name, struct imp_stream *bytes, int *id,
			struct imp_error *err)
{
	(void)name;
	(void)bytes;
	(void)err;
	*id = (*(int *)user)++;
	return 0;
}

static int refuse(void *user, const char *name, struct imp_stream *bytes, int *id,
		  struct imp_error *err)
{
	(void)user;
	(void)bytes;
	(void)id;
	return imp_fail(err, IMP_E_SYSTEM, "no more room for %s", name);
}

static int resolve_with(struct world *world, struct imp_layer_sink *sink)
{
	struct fixture_run *run = &world->run;
	struct imp_source_options options = {0};

	fixture_run_again(run);
	fixture_docker_archive(&world->tar, &world->image, "x");
	fixture_feed_input(run, &world->tar);
	run->location =
		(struct imp_location){.transport = IMP_TRANSPORT_STDIN, .text = "-"};
	assert_ok(imp_source_open(&run->context, &run->location, &options, &run->source,
				  &run->err),
		  &run->err);
	return imp_source_resolve(run->source, &run->choice, sink, run->arena,
				  run->warnings, &run->resolution, &run->err);
}

CASE(what_the_sink_leaves_unread_is_skipped)
{
	struct world world;
	int count = 0;
	struct imp_layer_sink sink = {.offer = take_nothing, .user = &count};

	start(&world);
	assert_ok(resolve_with(&world, &sink), &world.run.err);
	assert_int_equal(count, FIXTURE_LAYERS);
	for (int i = 0; i < FIXTURE_LAYERS; i++)
		assert_int_equal(world.run.resolution.one_pass_ids[0][i], i);
	finish(&world);
}

CASE(failure_of_the_sink_ends_the_run)
{
	struct world world;
	struct imp_layer_sink sink = {.offer = refuse};

	start(&world);
	assert_fails(resolve_with(&world, &sink), IMP_E_SYSTEM, "no more room for",
		     &world.run.err);
	finish(&world);
}

CASE(one_pass_source_opens_no_layers)
{
	struct imp_stream *stream;
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	assert_ok(open_pipe(&world, &world.tar), &world.run.err);
	assert_fails(imp_source_open_layer(world.run.source, world.run.resolution.images,
					   0, &stream, &world.run.err),
		     IMP_E_BUG, "cannot be opened", &world.run.err);
	finish(&world);
}

CASE(one_pass_source_is_resolved_once)
{
	struct imp_layer_sink sink = {.offer = refuse};
	struct world world;

	start(&world);
	imp_strbuf_add_text(&world.tar, "{}");
	assert_int_equal(open_pipe(&world, &world.tar), IMP_E_FORMAT);
	assert_fails(imp_source_resolve(world.run.source, &world.run.choice, &sink,
					world.run.arena, world.run.warnings,
					&world.run.resolution, &world.run.err),
		     IMP_E_BUG, "twice", &world.run.err);
	finish(&world);
}

CASE(cancelled)
{
	struct world world;

	start(&world);
	fixture_docker_archive(&world.tar, &world.image, "x");
	imp_cancel_request(&world.run.cancel);
	assert_int_equal(open_file(&world, &world.tar), IMP_E_CANCELLED);
	assert_int_equal(open_pipe(&world, &world.tar), IMP_E_CANCELLED);
	finish(&world);
}
