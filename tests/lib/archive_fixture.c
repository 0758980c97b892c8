#include "case.h"

#include "archive_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "imgprof/decode.h"
#include "imgprof/json.h"

const char *fixture_text(const char *format, ...)
{
	static char *texts[FIXTURE_TEXTS];
	static unsigned turn;
	char **slot = &texts[turn++ % FIXTURE_TEXTS];
	va_list args;

	free(*slot);
	va_start(args, format);
	if (vasprintf(slot, format, args) < 0)
		abort();
	va_end(args);
	return *slot;
}

const char *fixture_hex(const struct imp_digest *digest)
{
	char text[IMP_DIGEST_TEXT];

	return fixture_text("%s", strchr(imp_digest_text(digest, text), ':') + 1);
}

const char *fixture_blob(const struct imp_digest *digest)
{
	return fixture_text("blobs/%s/%s",
			    digest->algorithm == IMP_DIGEST_SHA512 ? "sha512" : "sha256",
			    fixture_hex(digest));
}

void fixture_gzip(struct imp_slice data, struct imp_strbuf *out)
{
	z_stream z = {0};
	union {
		const char *in;
		Bytef *out;
	} input = {.in = data.data};

	if (deflateInit2(&z, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	uLong bound = deflateBound(&z, data.len);
	z.next_in = input.out;
	z.avail_in = (uInt)data.len;
	z.next_out = (Bytef *)imp_strbuf_reserve(out, bound);
	z.avail_out = (uInt)bound;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	out->len += z.total_out;
	deflateEnd(&z);
}

void fixture_zstd(struct imp_slice data, struct imp_strbuf *out)
{
	size_t bound = ZSTD_compressBound(data.len);
	size_t len = ZSTD_compress(imp_strbuf_reserve(out, bound), bound, data.data,
				   data.len, 3);

	if (ZSTD_isError(len))
		abort();
	out->len += len;
}

static void make_tar(struct imp_strbuf *tar, size_t i, const char *seed)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf big = {0};
	unsigned noise = 1;

	if (i == 0)
		seed = "base";
	for (size_t k = 0; k < 40000; k++) {
		noise = noise * 1103515245U + 12345U;
		imp_strbuf_add_char(&big, (char)(noise >> 16));
	}
	tar_directory(tar, "etc/");
	tar_file(tar, fixture_text("etc/%s-%zu", seed, i), seed);
	if (i == 1)
		tar_file_bytes(tar, "big", imp_strbuf_slice(&big));
	tar_end(tar);
}

static void make_layer(struct fixture_layer *layer, size_t i,
		       const struct fixture_spec *spec)
{
	memset(layer, 0, sizeof(*layer));
	make_tar(&layer->tar, i, spec->seed);
	switch (spec->packing) {
	case FIXTURE_PLAIN:
		imp_strbuf_add_slice(&layer->blob, imp_strbuf_slice(&layer->tar));
		break;
	case FIXTURE_GZIP:
		fixture_gzip(imp_strbuf_slice(&layer->tar), &layer->blob);
		break;
	case FIXTURE_ZSTD:
		fixture_zstd(imp_strbuf_slice(&layer->tar), &layer->blob);
		break;
	}
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&layer->tar), &layer->diff_id);
	imp_digest_of(spec->sha512 ? IMP_DIGEST_SHA512 : IMP_DIGEST_SHA256,
		      imp_strbuf_slice(&layer->blob), &layer->digest);
}

static void make_config(struct fixture_image *image)
{
	const char *architecture = image->spec.architecture;
	char text[IMP_DIGEST_TEXT];

	imp_strbuf_printf(&image->config,
			  "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{},"
			  "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[",
			  architecture ? architecture : "amd64");
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		imp_strbuf_printf(&image->config, "%s\"%s\"", i ? "," : "",
				  imp_digest_text(&image->layers[i].diff_id, text));
	imp_strbuf_add_text(&image->config, "]},\"history\":[");
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		imp_strbuf_printf(&image->config, "%s{\"created_by\":\"RUN step %zu\"}",
				  i ? "," : "", i);
	imp_strbuf_add_text(&image->config, "]}");
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&image->config),
		      &image->config_digest);
}

static void make_manifest(struct fixture_image *image)
{
	static const char *const suffixes[] = {"", "+gzip", "+zstd"};
	char text[IMP_DIGEST_TEXT];

	imp_strbuf_printf(
		&image->manifest,
		"{\"schemaVersion\":2,\"config\":{\"mediaType\":"
		"\"application/vnd.oci.image.config.v1+json\",\"digest\":\"%s\","
		"\"size\":%zu},\"layers\":[",
		imp_digest_text(&image->config_digest, text), image->config.len);
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		imp_strbuf_printf(
			&image->manifest,
			"%s{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar%s\","
			"\"digest\":\"%s\",\"size\":%zu}",
			i ? "," : "", suffixes[image->spec.packing],
			imp_digest_text(&image->layers[i].digest, text),
			image->layers[i].blob.len);
	imp_strbuf_add_text(&image->manifest, "]}");
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&image->manifest),
		      &image->manifest_digest);
}

void fixture_image_make(struct fixture_image *image, const struct fixture_spec *spec)
{
	memset(image, 0, sizeof(*image));
	image->spec = *spec;
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		make_layer(&image->layers[i], i, spec);
	make_config(image);
	make_manifest(image);
}

void fixture_image_finish(struct fixture_image *image)
{
	for (size_t i = 0; i < FIXTURE_LAYERS; i++) {
		imp_strbuf_finish(&image->layers[i].tar);
		imp_strbuf_finish(&image->layers[i].blob);
	}
	imp_strbuf_finish(&image->config);
	imp_strbuf_finish(&image->manifest);
}

static void add_long(struct imp_strbuf *tar, const char *name, struct imp_slice data)
{
	tar_add(tar, &(struct tar_entry){
			     .name = name, .data = data, .long_names = TAR_LONG_PAX});
}

void fixture_add_blobs(struct imp_strbuf *tar, const struct fixture_image *image,
		       const char *prefix)
{
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		add_long(tar,
			 fixture_text("%s%s", prefix,
				      fixture_blob(&image->layers[i].digest)),
			 imp_strbuf_slice(&image->layers[i].blob));
	add_long(tar, fixture_text("%s%s", prefix, fixture_blob(&image->config_digest)),
		 imp_strbuf_slice(&image->config));
	add_long(tar, fixture_text("%s%s", prefix, fixture_blob(&image->manifest_digest)),
		 imp_strbuf_slice(&image->manifest));
}

void fixture_add_layout(struct imp_strbuf *tar, const char *prefix)
{
	tar_file(tar, fixture_text("%soci-layout", prefix),
		 "{\"imageLayoutVersion\":\"1.0.0\"}");
}

void fixture_add_docker_files(struct imp_strbuf *tar, const struct fixture_image *image,
			      const char *prefix)
{
	for (size_t i = 0; i < FIXTURE_LAYERS; i++) {
		const char *id = fixture_hex(&image->layers[i].diff_id);
		tar_directory(tar, fixture_text("%s%s/", prefix, id));
		tar_file(tar, fixture_text("%s%s/VERSION", prefix, id), "1.0");
		tar_file(tar, fixture_text("%s%s/json", prefix, id), "{}");
		tar_file_bytes(tar, fixture_text("%s%s/layer.tar", prefix, id),
			       imp_strbuf_slice(&image->layers[i].blob));
	}
	tar_file_bytes(
		tar,
		fixture_text("%s%s.json", prefix, fixture_hex(&image->config_digest)),
		imp_strbuf_slice(&image->config));
}

const char *fixture_descriptor(const struct fixture_image *image, const char *annotations,
			       const char *more)
{
	char text[IMP_DIGEST_TEXT];

	return fixture_text(
		"{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
		"\"digest\":\"%s\",\"size\":%zu,\"annotations\":{%s}%s}",
		imp_digest_text(&image->manifest_digest, text), image->manifest.len,
		annotations, more);
}

const char *fixture_index(const char *entries)
{
	return fixture_text("{\"schemaVersion\":2,\"manifests\":[%s]}", entries);
}

const char *fixture_docker_entry(const struct fixture_image *image, const char *tags,
				 const char *layer_format)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};
	struct imp_slice format = imp_slice_of(layer_format);
	struct imp_slice before = imp_slice_cut(&format, '%');

	for (size_t i = 0; i < FIXTURE_LAYERS; i++) {
		imp_strbuf_add_text(&layers, i ? ",\"" : "\"");
		imp_strbuf_add_slice(&layers, before);
		imp_strbuf_add_text(&layers, fixture_hex(&image->layers[i].diff_id));
		imp_strbuf_add_slice(&layers, imp_slice_skip(format, 1));
		imp_strbuf_add_char(&layers, '"');
	}
	return fixture_text("{\"Config\":\"%s.json\",\"RepoTags\":%s,\"Layers\":[%s]}",
			    fixture_hex(&image->config_digest), tags, layers.data);
}

void fixture_oci_archive(struct imp_strbuf *tar, const struct fixture_image *image,
			 const char *name)
{
	const char *annotations = "";

	if (name)
		annotations = fixture_text("\"org.opencontainers.image.ref.name\":\"%s\"",
					   name);
	tar_directory(tar, "blobs/");
	tar_directory(tar, "blobs/sha256/");
	fixture_add_blobs(tar, image, "");
	tar_file(tar, "index.json",
		 fixture_index(fixture_descriptor(image, annotations, "")));
	fixture_add_layout(tar, "");
	tar_end(tar);
}

void fixture_docker_archive(struct imp_strbuf *tar, const struct fixture_image *image,
			    const char *tag)
{
	const char *tags = tag ? fixture_text("[\"%s\"]", tag) : "null";

	fixture_add_docker_files(tar, image, "");
	tar_file(tar, "manifest.json",
		 fixture_text("[%s]", fixture_docker_entry(image, tags, "%s/layer.tar")));
	tar_file(tar, "repositories", "{}");
	tar_end(tar);
}

static const char *get_variable(void *user, const char *name)
{
	const struct fixture_run *run = user;

	for (size_t i = 0; i < run->variable_count; i++)
		if (strcmp(run->variables[i].name, name) == 0)
			return run->variables[i].value;
	return NULL;
}

void fixture_set(struct fixture_run *run, const char *name, const char *value)
{
	assert_true(run->variable_count <
		    sizeof(run->variables) / sizeof(run->variables[0]));
	run->variables[run->variable_count].name = name;
	run->variables[run->variable_count++].value = value;
}

static int64_t get_time(void *user)
{
	(void)user;
	return 0;
}

static void start_source(struct fixture_run *run)
{
	run->arena = imp_arena_create();
	run->warnings = imp_warnings_create();
	run->source = NULL;
	run->offer_count = 0;
	run->err = (struct imp_error){0};
	run->resolution = (struct imp_resolution){0};
}

static void finish_source(struct fixture_run *run)
{
	imp_source_destroy(run->source);
	imp_warnings_destroy(run->warnings);
	imp_arena_destroy(run->arena);
	for (size_t i = 0; i < run->offer_count; i++)
		free(run->offers[i].name);
}

void fixture_run_start(struct fixture_run *run)
{
	static bool json_is_ready;

	if (!json_is_ready)
		imp_json_init();
	json_is_ready = true;
	memset(run, 0, sizeof(*run));
	run->limits = imp_limits_default;
	run->context = (struct imp_context){
		.getenv = get_variable,
		.now_ns = get_time,
		.user = run,
		.cancel = &run->cancel,
		.limits = &run->limits,
		.threads = 1,
	};
	run->saved_input = -1;
	run->choice.platform = (struct imp_platform){"linux", "amd64", ""};
	strcpy(run->folder, "/tmp/imgprof-test-XXXXXX");
	if (!mkdtemp(run->folder))
		abort();
	start_source(run);
}

static int remove_one(const char *path, const struct stat *status, int kind,
		      struct FTW *ftw)
{
	(void)status;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static void stop_input(struct fixture_run *run)
{
	if (run->saved_input < 0)
		return;
	dup2(run->saved_input, STDIN_FILENO);
	close(run->saved_input);
	run->saved_input = -1;
	if (run->input.data)
		pthread_join(run->writer, NULL);
	run->input.data = NULL;
}

void fixture_run_finish(struct fixture_run *run)
{
	finish_source(run);
	stop_input(run);
	nftw(run->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void fixture_run_again(struct fixture_run *run)
{
	finish_source(run);
	stop_input(run);
	start_source(run);
}

static void make_parents(const char *path)
{
	char *copy = imp_xstrdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			abort();
		*slash = '/';
	}
	free(copy);
}

void fixture_save(struct fixture_run *run, const char *name,
		  const struct imp_strbuf *bytes)
{
	const char *path = fixture_text("%s/%s", run->folder, name);

	make_parents(path);
	unlink(path);
	tar_save(bytes, path);
}

void fixture_save_text(struct fixture_run *run, const char *name, const char *text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf bytes = {0};

	imp_strbuf_add_text(&bytes, text);
	fixture_save(run, name, &bytes);
}

void fixture_save_layout(struct fixture_run *run, const char *name,
			 const struct fixture_image *image, const char *index)
{
	for (size_t i = 0; i < FIXTURE_LAYERS; i++)
		fixture_save(run,
			     fixture_text("%s/%s", name,
					  fixture_blob(&image->layers[i].digest)),
			     &image->layers[i].blob);
	fixture_save(run,
		     fixture_text("%s/%s", name, fixture_blob(&image->config_digest)),
		     &image->config);
	fixture_save(run,
		     fixture_text("%s/%s", name, fixture_blob(&image->manifest_digest)),
		     &image->manifest);
	fixture_save_text(run, fixture_text("%s/index.json", name), index);
	fixture_save_text(run, fixture_text("%s/oci-layout", name),
			  "{\"imageLayoutVersion\":\"1.0.0\"}");
}

static void *write_input(void *user)
{
	struct fixture_run *run = user;
	struct imp_slice rest = run->input;

	while (rest.len > 0) {
		ssize_t n = write(run->writer_fd, rest.data, rest.len);
		if (n < 0)
			break;
		rest = imp_slice_skip(rest, (size_t)n);
	}
	close(run->writer_fd);
	return NULL;
}

void fixture_feed_input(struct fixture_run *run, const struct imp_strbuf *bytes)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe2(ends, O_CLOEXEC) < 0)
		abort();
	run->saved_input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	run->writer_fd = ends[1];
	run->input = imp_strbuf_slice(bytes);
	if (pthread_create(&run->writer, NULL, write_input, run) != 0)
		abort();
}

void fixture_redirect_input(struct fixture_run *run, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		abort();
	run->saved_input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	dup2(fd, STDIN_FILENO);
	close(fd);
}

static int unpack(struct fixture_run *run, struct imp_slice bytes, struct imp_digest *out,
		  struct imp_error *err)
{
	struct imp_decode_options options = {.limits = &run->limits,
					     .max_output_bytes = UINT64_MAX,
					     .limit_name = "none"};
	struct imp_decode_result result = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf plain = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_decode(imp_stream_memory(bytes, 0), &options, &result);
	int rc = imp_stream_read_all(stream, UINT64_MAX, "layer", &plain, err);

	if (rc == 0)
		imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&plain), out);
	return rc;
}

static int take_offer(void *user, const char *name, struct imp_stream *bytes, int *id,
		      struct imp_error *err)
{
	struct fixture_run *run = user;
	struct fixture_offer *offer = &run->offers[run->offer_count];
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	struct imp_error ignored = {0};

	(void)err;
	assert_true(run->offer_count < sizeof(run->offers) / sizeof(run->offers[0]));
	*offer = (struct fixture_offer){.name = imp_xstrdup(name)};
	*id = (int)run->offer_count++;
	if (imp_stream_read_all(bytes, UINT64_MAX, name, &body, &ignored) < 0)
		return 0;
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&body), &offer->digest);
	offer->readable =
		unpack(run, imp_strbuf_slice(&body), &offer->diff_id, &ignored) == 0;
	return 0;
}

static bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

int fixture_open(struct fixture_run *run, const char *format, ...)
{
	struct imp_source_options options = {0};
	struct imp_layer_sink sink = {.offer = take_offer, .user = run};
	va_list args;
	char *text;
	int rc;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	rc = imp_location_parse(text, path_exists, run->arena, &run->location, &run->err);
	free(text);
	if (rc == 0)
		rc = imp_source_open(&run->context, &run->location, &options,
				     &run->source, &run->err);
	if (rc == 0)
		rc = imp_source_resolve(run->source, &run->choice, &sink, run->arena,
					run->warnings, &run->resolution, &run->err);
	return rc;
}

int fixture_layer_content(struct fixture_run *run, size_t image, size_t layer,
			  struct imp_digest *out)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream = NULL;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	int rc;

	if (imp_source_is_one_pass(run->source)) {
		int id = run->resolution.one_pass_ids[image][layer];
		if (id < 0 || !run->offers[id].readable)
			return imp_fail(&run->err, IMP_E_NOT_FOUND,
					"layer %zu was not offered", layer);
		*out = run->offers[id].diff_id;
		return 0;
	}
	rc = imp_source_open_layer(run->source, &run->resolution.images[image], layer,
				   &stream, &run->err);
	if (rc == 0)
		rc = imp_stream_read_all(stream, UINT64_MAX, "layer", &body, &run->err);
	return rc < 0 ? rc : unpack(run, imp_strbuf_slice(&body), out, &run->err);
}

void fixture_expect_layers(struct fixture_run *run, size_t i,
			   const struct fixture_image *image)
{
	const struct imp_image *found;
	const char *architecture = image->spec.architecture;

	assert_true(i < run->resolution.image_count);
	found = &run->resolution.images[i];
	assert_int_equal(found->layer_count, FIXTURE_LAYERS);
	assert_string_equal(found->platform.os, "linux");
	assert_string_equal(found->platform.architecture,
			    architecture ? architecture : "amd64");
	assert_int_equal(found->config_bytes, image->config.len);
	for (size_t k = 0; k < FIXTURE_LAYERS; k++) {
		struct imp_digest content;
		assert_true(imp_digest_equal(&found->layers[k].diff_id,
					     &image->layers[k].diff_id));
		assert_true(imp_slice_is(found->layers[k].instruction,
					 fixture_text("RUN step %zu", k)));
		assert_ok(fixture_layer_content(run, i, k, &content), &run->err);
		assert_true(imp_digest_equal(&content, &image->layers[k].diff_id));
	}
}

bool fixture_has_warning(const struct fixture_run *run, const char *code)
{
	for (size_t i = 0; i < imp_warnings_count(run->warnings); i++)
		if (strcmp(imp_warnings_get(run->warnings, i)->code, code) == 0)
			return true;
	return false;
}
