/*
 * Reads an image from a registry through the interface of source.h, for the cases of
 * cases.py: prints what was resolved and the digest of every layer's bytes, or the category
 * and the message of the failure.
 *
 *	fetch [--limit NAME=N]... [--platform P] [--all-platforms] [--plain-http]
 *	      [--foreign] [--threads] [--cancel-after MS] [--slow] REFERENCE
 */
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/hash.h"
#include "imgprof/json.h"
#include "imgprof/source.h"

enum { MAX_LAYERS = 64 };

static struct imp_limits limits;
static struct imp_cancel cancel;
static struct imp_platform_choice choice;
static struct imp_source_options options;
static bool threaded;
static unsigned cancel_after_ms;
static unsigned slow_ms;

static const char *get_environment(void *user, const char *name)
{
	(void)user;
	return getenv(name);
}

static int64_t now_ns(void *user)
{
	struct timespec now;
	(void)user;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void print_log(void *user, int level, const char *line)
{
	(void)user;
	fprintf(stderr, "log %d: %s\n", level, line);
}

static const struct imp_context context = {
	.getenv = get_environment,
	.now_ns = now_ns,
	.log = print_log,
	.cancel = &cancel,
	.limits = &limits,
	.threads = 4,
};

static const struct {
	const char *name;
	uint32_t *field;
} limit_names[] = {
	{"platforms", &limits.platforms},
	{"index-depth", &limits.index_depth},
	{"redirects", &limits.redirects},
	{"auth-rounds", &limits.auth_rounds},
	{"header-bytes", &limits.header_bytes},
	{"header-lines", &limits.header_lines},
	{"connect-timeout", &limits.connect_timeout_s},
	{"stall-timeout", &limits.stall_timeout_s},
	{"stall-rate", &limits.stall_bytes_per_s},
	{"small-timeout", &limits.small_request_timeout_s},
	{"retries", &limits.retries},
	{"stuck", &limits.retries_without_progress},
	{"retry-wait", &limits.retry_wait_s},
	{"retry-total", &limits.retry_total_s},
	{"helper-timeout", &limits.helper_timeout_s},
};

static void set_limit(char *text)
{
	char *value = strchr(text, '=');
	if (!value)
		exit(2);
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(limit_names) / sizeof(*limit_names); i++) {
		if (strcmp(limit_names[i].name, text) == 0) {
			*limit_names[i].field = (uint32_t)strtoul(value, NULL, 10);
			return;
		}
	}
	fprintf(stderr, "fetch: no limit %s\n", text);
	exit(2);
}

/* Layers. */

struct job {
	struct imp_source *source;
	const struct imp_image *image;
	size_t layer;
	int result;
	struct imp_error error;
	struct imp_verify_result verified;
};

static int drain(struct imp_stream *stream, struct imp_error *err)
{
	struct imp_chunk chunk;
	int rc;
	while ((rc = imp_stream_next(stream, &chunk, err)) == 0)
		if (slow_ms)
			usleep(slow_ms * 1000);
	return rc < 0 ? rc : 0;
}

static void *read_layer(void *argument)
{
	struct job *job = argument;
	const struct imp_descriptor *blob = &job->image->layers[job->layer].blob;
	struct imp_stream *stream = NULL;
	job->result = imp_source_open_layer(job->source, job->image, job->layer, &stream,
					    &job->error);
	if (job->result < 0)
		return NULL;
	stream = imp_stream_verify(stream, &blob->digest, blob->size_bytes, NULL,
				   &job->verified);
	job->result = drain(stream, &job->error);
	imp_stream_destroy(stream);
	return NULL;
}

static void print_failure(const struct imp_error *err)
{
	static const char *const names[] = {
		"none",   "usage", "not-found",   "denied", "network",   "integrity",
		"format", "limit", "unsupported", "system", "cancelled", "bug",
	};
	printf("error %s: %s\n", names[-err->category], err->message);
	if (err->hint[0])
		printf("hint: %s\n", err->hint);
}

static int read_layers(struct imp_source *source, const struct imp_image *image)
{
	struct job jobs[MAX_LAYERS];
	pthread_t threads[MAX_LAYERS] = {0};
	int rc = 0;
	for (size_t i = 0; i < image->layer_count && i < MAX_LAYERS; i++) {
		jobs[i] = (struct job){.source = source, .image = image, .layer = i};
		if (threaded)
			pthread_create(&threads[i], NULL, read_layer, &jobs[i]);
		else
			read_layer(&jobs[i]);
	}
	for (size_t i = 0; i < image->layer_count && i < MAX_LAYERS; i++) {
		char digest[IMP_DIGEST_TEXT];
		if (threaded)
			pthread_join(threads[i], NULL);
		if (jobs[i].result < 0) {
			print_failure(&jobs[i].error);
			rc = imp_exit_status(jobs[i].result);
			continue;
		}
		printf("layer %zu %s %" PRIu64 "\n", i,
		       imp_digest_text(&jobs[i].verified.digest, digest),
		       jobs[i].verified.bytes);
	}
	return rc;
}

static void print_image(const struct imp_image *image)
{
	char digest[IMP_DIGEST_TEXT];
	printf("image %s\n", image->reference);
	printf("digest %s\n", imp_digest_text(&image->digest, digest));
	printf("platform %s/%s%s%s\n", image->platform.os, image->platform.architecture,
	       *image->platform.variant ? "/" : "", image->platform.variant);
	for (size_t i = 0; i < image->other_platform_count; i++)
		printf("other %s\n", image->other_platforms[i]);
}

static int profile(struct imp_source *source, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_resolution found = {0};
	struct imp_warnings *warnings = imp_warnings_create();
	int rc = imp_source_resolve(source, &choice, NULL, arena, warnings, &found, &err);
	for (size_t i = 0; i < imp_warnings_count(warnings); i++) {
		const struct imp_warning *warning = imp_warnings_get(warnings, i);
		printf("warning %s: %s\n", warning->code, warning->message);
	}
	imp_warnings_destroy(warnings);
	if (rc < 0) {
		print_failure(&err);
		return imp_exit_status(rc);
	}
	rc = 0;
	for (size_t i = 0; i < found.image_count; i++) {
		print_image(&found.images[i]);
		int result = read_layers(source, &found.images[i]);
		rc = rc ? rc : result;
	}
	return rc;
}

static void *cancel_later(void *unused)
{
	usleep(cancel_after_ms * 1000);
	imp_cancel_request(&cancel);
	return unused;
}

static void read_options(int argc, char **argv, struct imp_arena *arena)
{
	struct imp_error err = {0};
	for (int i = 1; i < argc - 1; i++) {
		if (strcmp(argv[i], "--limit") == 0)
			set_limit(argv[++i]);
		else if (strcmp(argv[i], "--plain-http") == 0)
			options.plain_http = true;
		else if (strcmp(argv[i], "--foreign") == 0)
			options.foreign = true;
		else if (strcmp(argv[i], "--threads") == 0)
			threaded = true;
		else if (strcmp(argv[i], "--all-platforms") == 0)
			choice.all = true;
		else if (strcmp(argv[i], "--slow") == 0)
			slow_ms = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--cancel-after") == 0)
			cancel_after_ms = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--platform") == 0 &&
			 imp_platform_parse(imp_slice_of(argv[++i]), arena,
					    &choice.platform, &err) == 0)
			choice.explicitly = true;
		else
			exit(2);
	}
}

static bool no_path(const char *path)
{
	(void)path;
	return false;
}

int main(int argc, char **argv)
{
	struct imp_error err = {0};
	struct imp_location location = {0};
	struct imp_source *source = NULL;
	pthread_t canceller = 0;
	if (argc < 2)
		return 2;
	limits = imp_limits_default;
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	imp_json_init();
	struct imp_arena *arena = imp_arena_create();
	choice.platform = (struct imp_platform){"linux", "amd64", ""};
	read_options(argc, argv, arena);
	if (cancel_after_ms)
		pthread_create(&canceller, NULL, cancel_later, NULL);

	int rc = imp_location_parse(argv[argc - 1], no_path, arena, &location, &err);
	if (rc == 0)
		rc = imp_source_open(&context, &location, &options, &source, &err);
	if (rc < 0) {
		print_failure(&err);
		rc = imp_exit_status(rc);
	} else {
		rc = profile(source, arena);
	}
	if (cancel_after_ms)
		pthread_join(canceller, NULL);
	imp_source_destroy(source);
	imp_arena_destroy(arena);
	curl_global_cleanup();
	return rc;
}
