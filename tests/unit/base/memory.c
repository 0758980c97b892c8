#include "case.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

CASE(arena_memory_is_zeroed_and_aligned)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	for (size_t size = 0; size < 3000; size++) {
		char *memory = imp_arena_alloc(arena, size);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		if (size)
			memset(memory, 0xaa, size);
	}
}

CASE(arena_pieces_do_not_overlap)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	enum { COUNT = 4000 };
	static unsigned char *pieces[COUNT];
	for (unsigned i = 0; i < COUNT; i++) {
		pieces[i] = imp_arena_alloc(arena, 1 + i % 700);
		memset(pieces[i], (int)(i % 251), 1 + i % 700);
	}
	for (unsigned i = 0; i < COUNT; i++)
		for (unsigned j = 0; j < 1 + i % 700; j++)
			assert_int_equal(pieces[i][j], i % 251);
}

CASE(arena_takes_large_pieces_between_small_ones)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	char *first = imp_arena_alloc(arena, (size_t)5 << 20);
	char *small = imp_arena_alloc(arena, 16);
	char *second = imp_arena_alloc(arena, (size_t)3 << 20);
	char *next = imp_arena_alloc(arena, 16);
	memset(first, 1, (size_t)5 << 20);
	memset(second, 2, (size_t)3 << 20);
	memset(small, 3, 16);
	memset(next, 4, 16);
	/* The large piece has not made the arena give up the block being filled. */
	assert_true(next > small && next - small <= 64);
	assert_int_equal(first[((size_t)5 << 20) - 1], 1);
	assert_int_equal(small[15], 3);
}

CASE(arena_counts_what_it_hands_out)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	assert_int_equal(imp_arena_used(arena), 0);
	imp_arena_alloc(arena, 100);
	size_t used = imp_arena_used(arena);
	assert_in_range(used, 100, 100 + _Alignof(max_align_t));
	imp_arena_array(arena, 1000, 24);
	assert_in_range(imp_arena_used(arena) - used, 24000,
			24000 + _Alignof(max_align_t));
}

CASE(arena_copies_are_terminated)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	struct imp_slice copy = imp_arena_copy(arena, imp_slice("a\0bcd", 3));
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.data, "a\0b\0", 4);
	copy = imp_arena_copy(arena, imp_slice(NULL, 0));
	assert_int_equal(copy.len, 0);
	assert_string_equal(copy.data, "");
	assert_string_equal(imp_arena_text(arena, "text"), "text");
	assert_null(imp_arena_text(arena, NULL));
	assert_string_equal(imp_arena_printf(arena, "%s-%d", "x", 12), "x-12");
}

CASE(arena_destroy_takes_null)
{
	imp_arena_destroy(NULL);
}

CASE(grow_doubles_and_keeps_the_contents)
{
	size_t capacity = 0;
	int *numbers = NULL;
	for (int i = 0; i < 1000; i++) {
		numbers = imp_xgrow(numbers, &capacity, (size_t)i + 1, sizeof(*numbers));
		assert_true(capacity > (size_t)i);
		numbers[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	assert_int_equal(capacity, 1024);
	const int *before = numbers;
	numbers = imp_xgrow(numbers, &capacity, 1024, sizeof(*numbers));
	assert_ptr_equal(numbers, before);
	free(numbers);
}

CASE(sizes_of_zero_give_memory)
{
	imp_auto_free void *a = imp_xmalloc(0);
	imp_auto_free void *b = imp_xcalloc(0, 8);
	imp_auto_free void *c = imp_xrealloc(NULL, 0);
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
}

CASE(strdup_copies)
{
	imp_auto_free char *copy = imp_xstrdup("text");
	assert_string_equal(copy, "text");
}

/* Runs ASK in a child, whose standard error becomes OUT; returns its exit status. */
static int status_of(void (*ask)(void), char *out, size_t size)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		ask();
		_exit(0);
	}
	close(ends[1]);
	size_t len = 0;
	ssize_t got;
	while (len < size - 1 && (got = read(ends[0], out + len, size - 1 - len)) > 0)
		len += (size_t)got;
	out[len] = '\0';
	close(ends[0]);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void ask_arena_for_too_many(void)
{
	imp_arena_array(imp_arena_create(), SIZE_MAX / 8, 9);
}

static void ask_arena_for_everything(void)
{
	imp_arena_alloc(imp_arena_create(), SIZE_MAX);
}

static void ask_arena_for_nearly_everything(void)
{
	imp_arena_alloc(imp_arena_create(), SIZE_MAX - 40);
}

static void ask_arena_for_a_little_less(void)
{
	imp_arena_alloc(imp_arena_create(), SIZE_MAX - 20);
}

static void ask_grow_for_too_much(void)
{
	size_t capacity = 16;
	imp_xgrow(NULL, &capacity, SIZE_MAX / 2 + 2, 1);
}

static void ask_grow_for_too_many(void)
{
	size_t capacity = 16;
	imp_xgrow(NULL, &capacity, SIZE_MAX / 8, 24);
}

static void ask_for_a_string_that_overflows(void)
{
	struct imp_strbuf buf = {.data = NULL, .len = 10};
	imp_strbuf_add(&buf, "", SIZE_MAX - 5);
}

CASE(no_memory_is_one_line_and_status_6)
{
	void (*const asks[])(void) = {
		ask_arena_for_too_many,          ask_arena_for_everything,
		ask_arena_for_nearly_everything, ask_arena_for_a_little_less,
		ask_grow_for_too_much,           ask_grow_for_too_many,
		ask_for_a_string_that_overflows,
	};
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		char out[4096];
		assert_int_equal(status_of(asks[i], out, sizeof(out)), 6);
		assert_memory_equal(out, "imgprof: out of memory: ", 24);
		assert_ptr_equal(strchr(out, '\n'), out + strlen(out) - 1);
	}
}

static int closed_fd(void)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	imp_auto_fd int fd = ends[1];
	imp_auto_fd int none = -1;
	assert_true(none < 0);
	return fd;
}

CASE(fd_is_closed_at_the_end_of_its_scope)
{
	char c = 0;
	assert_int_equal(write(closed_fd(), &c, 1), -1);
}

static char *stolen_text(void)
{
	imp_auto_free char *text = imp_xstrdup("kept");
	char *mine = imp_steal(&text);
	assert_null(text);
	return mine;
}

CASE(steal_takes_ownership_out_of_the_scope)
{
	char *text = stolen_text();
	assert_string_equal(text, "kept");
	free(text);
}
