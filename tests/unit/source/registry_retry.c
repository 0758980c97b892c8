/* When to try again, and small answers' fields. */
#include "case.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

#include "../../../src/source/registry/blob_priv.h"
#include "../../../src/source/registry/tags_priv.h"

#define SECOND INT64_C(1000000000)
#define NOON (INT64_C(1750075200) * SECOND) /* Mon, 16 Jun 2025 12:00:00 GMT */

__attribute__((constructor)) static void start(void)
{
	imp_json_init();
}

CASE(retry_after_seconds)
{
	assert_int_equal(imp_retry_after_parse("0", NOON), 0);
	assert_int_equal(imp_retry_after_parse("17", NOON), 17);
	assert_int_equal(imp_retry_after_parse("99999999999999", NOON), INT32_MAX);
}

CASE(retry_after_dates)
{
	assert_int_equal(imp_retry_after_parse("Mon, 16 Jun 2025 12:00:30 GMT", NOON),
			 30);
	assert_int_equal(imp_retry_after_parse("Mon, 16 Jun 2025 11:00:00 GMT", NOON), 0);
	assert_int_equal(imp_retry_after_parse("Monday, 16-Jun-25 12:01:00 GMT", NOON),
			 60);
}

CASE(retry_after_that_says_nothing)
{
	assert_int_equal(imp_retry_after_parse("", NOON), IMP_NOT_TOLD);
	assert_int_equal(imp_retry_after_parse("-1", NOON), IMP_NOT_TOLD);
	assert_int_equal(imp_retry_after_parse("soon", NOON), IMP_NOT_TOLD);
}

static struct imp_limits limits;
static struct imp_cancel cancel;
static struct imp_context context = {.limits = &limits, .cancel = &cancel};

static struct imp_retry fresh(void)
{
	limits = imp_limits_default;
	limits.retry_wait_s = 0;
	cancel = (struct imp_cancel){0};
	return (struct imp_retry){.context = &context};
}

static unsigned count_attempts(struct imp_retry *retry, enum imp_failure failure,
			       int64_t told_s)
{
	struct imp_error err = {0};
	unsigned count = 0;
	while (imp_retry_wait(retry, failure, told_s, "why", &err) == 0)
		count++;
	return count;
}

CASE(final_failures_are_not_tried_again)
{
	struct imp_retry retry = fresh();
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_FINAL, IMP_NOT_TOLD), 0);
}

CASE(broken_connections_are_tried_five_times)
{
	struct imp_retry retry = fresh();
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_BROKEN, IMP_NOT_TOLD), 5);
}

CASE(unreachable_hosts_are_tried_once_more)
{
	struct imp_retry retry = fresh();
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_UNREACHABLE, IMP_NOT_TOLD),
			 1);
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_BROKEN, IMP_NOT_TOLD), 4);
}

CASE(progress_makes_earlier_failures_void)
{
	struct imp_retry retry = fresh();
	count_attempts(&retry, IMP_FAILURE_BROKEN, IMP_NOT_TOLD);
	imp_retry_progressed(&retry);
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_BROKEN, IMP_NOT_TOLD), 5);
}

CASE(waits_are_bounded_in_sum)
{
	struct imp_retry retry = fresh();
	limits.retry_wait_s = 1;
	limits.retry_total_s = 1;
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_OVERLOAD, 99999), 1);
	assert_int_equal(retry.waited_ms, 1000);
}

CASE(told_time_counts)
{
	struct imp_retry retry = fresh();
	limits.retry_wait_s = 60;
	limits.retry_total_s = 16;
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_OVERLOAD, 0), 5);
	assert_int_equal(retry.waited_ms, 0);
	imp_retry_progressed(&retry);
	assert_int_equal(count_attempts(&retry, IMP_FAILURE_OVERLOAD, 17), 0);
}

static void *cancel_soon(void *unused)
{
	usleep(20000);
	imp_cancel_request(&cancel);
	return unused;
}

CASE(cancel_ends_a_wait)
{
	struct imp_retry retry = fresh();
	struct imp_error err = {0};
	pthread_t thread;
	limits.retry_wait_s = 3600;
	limits.retry_total_s = 10000;
	pthread_create(&thread, NULL, cancel_soon, NULL);
	int rc = imp_retry_wait(&retry, IMP_FAILURE_OVERLOAD, 3600, "why", &err);
	pthread_join(thread, NULL);
	assert_int_equal(rc, IMP_E_CANCELLED);
}

/* Content-Range. */

static void check_range(const char *value, uint64_t first, uint64_t last, uint64_t total)
{
	uint64_t found[3];
	assert_true(imp_content_range_parse(value, &found[0], &found[1], &found[2]));
	assert_int_equal(found[0], first);
	assert_int_equal(found[1], last);
	assert_int_equal(found[2], total);
}

CASE(content_range)
{
	check_range("bytes 5-9/10", 5, 9, 10);
	check_range("bytes 0-0/1", 0, 0, 1);
	check_range("bytes 5-9/*", 5, 9, IMP_UNKNOWN_SIZE);
	check_range(
		"bytes 18446744073709551613-18446744073709551613/18446744073709551614",
		UINT64_MAX - 2, UINT64_MAX - 2, UINT64_MAX - 1);
}

CASE(content_range_malformed)
{
	static const char *const values[] = {
		"",
		"bytes",
		"bytes */10",
		"bytes 5-/10",
		"bytes -9/10",
		"bytes 9-5/10",
		"bytes 5-10/10",
		"bytes 5-9/",
		"bytes 5-9/10x",
		"bytes 5-9/10, 11",
		"bytes 5 - 9/10",
		"bytes +5-9/10",
		"octets 5-9/10",
		"bytes 18446744073709551616-18446744073709551617/*",
	};
	uint64_t found[3];
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (imp_content_range_parse(values[i], &found[0], &found[1], &found[2]))
			fail_msg("'%s'", values[i]);
}

/* Tags. */

static void check_tags(const char *list, const char *wanted, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_tags_nearest(imp_slice_of(list), wanted, &imp_limits_default, &out);
	assert_string_equal(out.len ? out.data : "", expected);
}

CASE(nearest_tags)
{
	check_tags(
		"{\"tags\":[\"3.18\",\"3.19\",\"edge\",\"3.2\",\"latest\",\"3.20\",\"3\"]}",
		"3.21", "the nearest tags are 3.2, 3.20, 3.18, 3.19, 3");
	check_tags("{\"tags\":[\"b\",\"a\"]}", "a", "the tags are a, b");
}

CASE(tags_that_are_none)
{
	check_tags("{\"tags\":null}", "a", "");
	check_tags("{\"tags\":[]}", "a", "");
	check_tags("{\"tags\":[null,1,{},\"a:b\",\"\\u001b[2J\",\"-a\",\"\"]}", "a", "");
	check_tags("{}", "a", "");
	check_tags("[]", "a", "");
	check_tags("<html>", "a", "");
}

CASE(longest_tags_stay_inside_the_table)
{
	char list[400];
	char tag[129];
	memset(tag, 'x', 128);
	tag[128] = '\0';
	snprintf(list, sizeof(list), "{\"tags\":[\"%s\",\"%sx\"]}", tag, tag);
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_tags_nearest(imp_slice_of(list), tag, &imp_limits_default, &out);
	assert_int_equal(out.len, strlen("the tags are ") + 128);
}
