#include "case.h"

#include <stdio.h>

#include "imgprof/checked.h"
#include "imgprof/context.h"
#include "imgprof/limits.h"

static const char *fake_env(void *user, const char *name)
{
	assert_string_equal(user, "the user");
	if (strcmp(name, "FULL") == 0)
		return "value";
	return strcmp(name, "EMPTY") == 0 ? "" : NULL;
}

CASE(environment_comes_from_the_context)
{
	struct imp_context context = {.getenv = fake_env, .user = (char[]){"the user"}};
	assert_string_equal(imp_context_env(&context, "FULL"), "value");
	assert_null(imp_context_env(&context, "EMPTY"));
	assert_null(imp_context_env(&context, "UNSET"));
}

struct heard {
	int level;
	char line[3000];
};

static void hear(void *user, int level, const char *line)
{
	struct heard *heard = user;
	heard->level = level;
	snprintf(heard->line, sizeof(heard->line), "%s", line);
}

CASE(log_passes_whole_lines)
{
	struct heard heard = {0};
	struct imp_context context = {.log = hear, .user = &heard};
	imp_context_log(&context, 2, "GET %s", "/v2/");
	assert_int_equal(heard.level, 2);
	assert_string_equal(heard.line, "GET /v2/");
	imp_context_log(&context, 1, "%2000d", 7);
	assert_int_equal(heard.level, 1);
	assert_int_equal(strlen(heard.line), 2000);
}

CASE(log_without_a_listener_is_dropped)
{
	struct imp_context context = {0};
	imp_context_log(&context, 1, "%s", "nobody");
}

CASE(limits_are_those_of_the_reference)
{
	const struct imp_limits *limits = &imp_limits_default;
	assert_int_equal(limits->manifest_bytes, 4194304);
	assert_int_equal(limits->config_bytes, 8388608);
	assert_int_equal(limits->token_bytes, 1048576);
	assert_int_equal(limits->error_body_bytes, 65536);
	assert_int_equal(limits->json_heap_bytes, 67108864);
	assert_int_equal(limits->json_depth, 64);
	assert_int_equal(limits->json_values, 1000000);
	assert_int_equal(limits->layers, 1024);
	assert_int_equal(limits->platforms, 256);
	assert_int_equal(limits->index_depth, 4);
	assert_int_equal(limits->layer_tar_bytes, 107374182400);
	assert_int_equal(limits->ratio, 1100);
	assert_int_equal(limits->ratio_after_bytes, 1073741824);
	assert_int_equal(limits->zstd_window_log, 27);
	assert_int_equal(limits->zstd_window_total_bytes, 268435456);
	assert_int_equal(limits->path_bytes, 4096);
	assert_int_equal(limits->component_bytes, 255);
	assert_int_equal(limits->nodes, 5000000);
	assert_int_equal(limits->implied_directories, 100000);
	assert_int_equal(limits->implied_per_entry, 4);
	assert_int_equal(limits->special_headers, 16);
	assert_int_equal(limits->special_header_bytes, 1048576);
	assert_int_equal(limits->kept_file_bytes, 16777216);
	assert_int_equal(limits->kept_total_bytes, 67108864);
	assert_int_equal(limits->symlink_hops, 40);
	assert_int_equal(limits->redirects, 5);
	assert_int_equal(limits->auth_rounds, 2);
	assert_int_equal(limits->header_bytes, 262144);
	assert_int_equal(limits->header_lines, 100);
	assert_int_equal(limits->connect_timeout_s, 10);
	assert_int_equal(limits->stall_timeout_s, 30);
	assert_int_equal(limits->stall_bytes_per_s, 1024);
	assert_int_equal(limits->small_request_timeout_s, 60);
	assert_int_equal(limits->retries, 5);
	assert_int_equal(limits->retries_without_progress, 3);
	assert_int_equal(limits->retry_wait_s, 60);
	assert_int_equal(limits->retry_total_s, 900);
	assert_int_equal(limits->helper_timeout_s, 30);
	assert_int_equal(limits->helper_bytes, 65536);
	assert_int_equal(limits->archive_members, 100000);
	assert_int_equal(limits->archive_json_bytes, 8388608);
}

CASE(sums_and_products_that_do_not_fit)
{
	uint64_t out;
	assert_false(imp_add_overflows(UINT64_MAX - 1, 1, &out));
	assert_true(out == UINT64_MAX);
	assert_true(imp_add_overflows(UINT64_MAX, 1, &out));
	assert_false(imp_mul_overflows(UINT32_MAX, UINT32_MAX, &out));
	assert_true(out == (uint64_t)UINT32_MAX * UINT32_MAX);
	assert_true(imp_mul_overflows((uint64_t)1 << 32, (uint64_t)1 << 32, &out));
}

CASE(share_of_large_sizes_is_exact)
{
	assert_true(imp_mul_div(UINT64_MAX, UINT64_MAX, UINT64_MAX) == UINT64_MAX);
	assert_true(imp_mul_div(UINT64_MAX, 1, 2) == UINT64_MAX / 2);
	assert_int_equal(imp_mul_div(7, 3, 2), 10);
	assert_int_equal(imp_mul_div(0, 3, 2), 0);
}
