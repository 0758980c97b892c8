#include "kit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void assert_reads(struct imp_stream *stream, struct imp_slice want)
{
	kit_auto_run run = {0};
	kit_read(stream, &run);
	kit_assert_bytes(&run, want);
	imp_stream_destroy(stream);
}

/* A file without a name that holds DATA. */
static int file_of(struct imp_slice data)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data.data, data.len), (ssize_t)data.len);
	return fd;
}

CASE(memory_in_chunks)
{
	struct imp_slice data = IMP_SLICE("0123456789");
	for (size_t chunk = 0; chunk < 13; chunk++)
		assert_reads(imp_stream_memory(data, chunk), data);
}

CASE(memory_keeps_to_the_chunk)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_memory(IMP_SLICE("0123456789"), 4);
	struct imp_chunk chunk;
	struct imp_error err = {0};
	static const size_t want[] = {4, 4, 2};
	for (int i = 0; i < 3; i++) {
		assert_int_equal(imp_stream_next(stream, &chunk, &err), 0);
		assert_int_equal(chunk.len, want[i]);
		assert_null(chunk.positions);
		assert_int_equal(chunk.position_count, 0);
	}
	assert_int_equal(imp_stream_next(stream, &chunk, &err), 1);
}

CASE(memory_empty)
{
	assert_reads(imp_stream_memory(imp_slice(NULL, 0), 0), imp_slice("", 0));
}

CASE(destroy_takes_null)
{
	imp_stream_destroy(NULL);
}

CASE(file_whole_and_ranges)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 600000, 1);
	struct imp_slice all = imp_strbuf_slice(&data);
	imp_auto_fd int fd = file_of(all);
	assert_reads(imp_stream_file(fd, 0, IMP_TO_END), all);
	assert_reads(imp_stream_file(fd, 0, 600000), all);
	assert_reads(imp_stream_file(fd, 1, 1), imp_slice(all.data + 1, 1));
	assert_reads(imp_stream_file(fd, 100, 300001), imp_slice(all.data + 100, 300001));
	assert_reads(imp_stream_file(fd, 599999, IMP_TO_END),
		     imp_slice_skip(all, 599999));
	assert_reads(imp_stream_file(fd, 600000, IMP_TO_END), imp_slice("", 0));
	assert_reads(imp_stream_file(fd, 5, 0), imp_slice("", 0));
}

/* Two streams of one descriptor do not disturb each other. */
CASE(file_offset_is_its_own)
{
	imp_auto_fd int fd = file_of(IMP_SLICE("abcdef"));
	imp_auto_destroy(imp_stream) struct imp_stream *a = imp_stream_file(fd, 0, 3);
	imp_auto_destroy(imp_stream) struct imp_stream *b = imp_stream_file(fd, 3, 3);
	struct imp_chunk chunk_a, chunk_b;
	struct imp_error err = {0};
	assert_int_equal(imp_stream_next(a, &chunk_a, &err), 0);
	assert_int_equal(imp_stream_next(b, &chunk_b, &err), 0);
	assert_memory_equal(chunk_a.data, "abc", 3);
	assert_memory_equal(chunk_b.data, "def", 3);
}

static void assert_read_fails(struct imp_stream *stream, int category, const char *part)
{
	kit_auto_run run = {0};
	kit_read(stream, &run);
	assert_fails(run.rc, category, part, &run.err);
	imp_stream_destroy(stream);
}

CASE(file_shorter_than_its_range)
{
	imp_auto_fd int fd = file_of(IMP_SLICE("abcdef"));
	assert_read_fails(imp_stream_file(fd, 2, 5), IMP_E_INTEGRITY,
			  "ends at byte 6, expected 7");
	assert_read_fails(imp_stream_file(fd, 9, 1), IMP_E_INTEGRITY, "expected 10");
	assert_read_fails(imp_stream_file(fd, 2, UINT64_MAX - 1), IMP_E_INTEGRITY,
			  "ends at byte 6");
}

CASE(file_that_cannot_be_read)
{
	imp_auto_fd int fd = open("/", O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	assert_read_fails(imp_stream_file(fd, 0, IMP_TO_END), IMP_E_SYSTEM, "directory");
	assert_read_fails(imp_stream_pipe(fd), IMP_E_SYSTEM, "directory");
}

struct writer {
	int fd;
	struct imp_slice data;
};

static void *write_slowly(void *context)
{
	struct writer *w = context;
	while (w->data.len > 0) {
		size_t n = w->data.len < 1001 ? w->data.len : 1001;
		if (write(w->fd, w->data.data, n) != (ssize_t)n)
			break;
		w->data = imp_slice_skip(w->data, n);
	}
	close(w->fd);
	return NULL;
}

CASE(pipe_until_its_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 300000, 2);
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	struct writer w = {fds[1], imp_strbuf_slice(&data)};
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
	assert_reads(imp_stream_pipe(fds[0]), imp_strbuf_slice(&data));
	pthread_join(thread, NULL);
	close(fds[0]);
}

CASE(read_all_up_to_the_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
	imp_strbuf_add_text(&buf, "before ");
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_memory(IMP_SLICE("0123456789"), 3);
	struct imp_error err = {0};
	assert_ok(imp_stream_read_all(stream, 10, "manifest", &buf, &err), &err);
	assert_string_equal(buf.data, "before 0123456789");
}

CASE(read_all_above_the_limit)
{
	for (uint64_t limit = 0; limit < 10; limit++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
		imp_auto_destroy(imp_stream) struct imp_stream *stream =
			imp_stream_memory(IMP_SLICE("0123456789"), 3);
		struct imp_error err = {0};
		char message[64];
		snprintf(message, sizeof(message), "manifest: more than %d bytes",
			 (int)limit);
		assert_fails(imp_stream_read_all(stream, limit, "manifest", &buf, &err),
			     IMP_E_LIMIT, message, &err);
		assert_true(buf.len <= limit);
	}
}

CASE(read_all_and_drain_pass_failures_on)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
	struct imp_error err = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *a =
		kit_failing(IMP_SLICE("abc"), 1);
	assert_fails(imp_stream_read_all(a, 100, "x", &buf, &err), IMP_E_NETWORK,
		     "connection lost", &err);
	imp_auto_destroy(imp_stream) struct imp_stream *b =
		kit_failing(IMP_SLICE("abc"), 1);
	assert_fails(imp_stream_drain(b, &err), IMP_E_NETWORK, "connection lost", &err);
}

CASE(drain_reads_the_rest)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_memory(IMP_SLICE("0123456789"), 1);
	struct imp_chunk chunk;
	struct imp_error err = {0};
	assert_int_equal(imp_stream_next(stream, &chunk, &err), 0);
	assert_int_equal(imp_stream_drain(stream, &err), 0);
	assert_int_equal(imp_stream_next(stream, &chunk, &err), 1);
}
