/* The book of a session: one profile for each blob, whoever read it. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../../src/pipeline/book.h"
#include "imgprof/hash.h"
#include "stack.h"

/* A second profile of the same bytes. */
static struct imp_profile *copy_of(const struct imp_profile *profile)
{
	struct imp_slice bytes = imp_profile_bytes(profile);
	void *memory = malloc(bytes.len);
	struct imp_profile *copy = NULL;
	struct imp_error err = {0};

	memcpy(memory, bytes.data, bytes.len);
	assert_ok(imp_profile_load(memory, bytes.len, &imp_limits_default, &copy, &err),
		  &err);
	return copy;
}

CASE(a_profile_is_found_by_its_blob_digest)
{
	struct stack stack = {0};
	struct imp_book *book = imp_book_create();
	struct imp_book_page page;

	stack_read(&stack, "layer\nfile a 1\nlayer\nfile b 2\n");
	struct imp_digest a = imp_profile_summary(stack.profiles[0])->blob_digest;
	struct imp_digest b = imp_profile_summary(stack.profiles[1])->blob_digest;
	assert_false(imp_book_find(book, &a, &page));
	imp_book_enter(book, copy_of(stack.profiles[0]), NULL, true);
	assert_true(imp_book_find(book, &a, &page));
	assert_true(page.cached);
	assert_false(page.has_tar_digest);
	assert_false(imp_book_find(book, &b, &page));
	imp_book_destroy(book);
	stack_finish(&stack);
}

CASE(nothing_is_found_without_a_digest)
{
	struct imp_book *book = imp_book_create();
	struct imp_digest none = {0};
	struct imp_book_page page;

	assert_false(imp_book_find(book, &none, &page));
	imp_book_destroy(book);
}

CASE(the_first_profile_stays_and_gains_a_tar_digest)
{
	struct stack stack = {0};
	struct imp_book *book = imp_book_create();
	struct imp_digest tar;

	stack_read(&stack, "layer\nfile a 1\n");
	imp_digest_of(IMP_DIGEST_SHA256, IMP_SLICE("tar"), &tar);
	struct imp_book_page first =
		imp_book_enter(book, copy_of(stack.profiles[0]), NULL, false);
	struct imp_book_page second =
		imp_book_enter(book, copy_of(stack.profiles[0]), &tar, false);
	assert_ptr_equal(first.profile, second.profile);
	assert_false(first.has_tar_digest);
	assert_true(second.has_tar_digest);
	assert_true(imp_digest_equal(&second.tar_digest, &tar));
	imp_book_destroy(book);
	stack_finish(&stack);
}

CASE(a_hundred_profiles_stay_apart)
{
	struct imp_book *book = imp_book_create();
	struct stack stacks[100] = {0};

	for (int i = 0; i < 100; i++) {
		char text[64];
		snprintf(text, sizeof(text), "layer\nfile f %d\n", i);
		stack_read(&stacks[i], text);
		imp_book_enter(book, copy_of(stacks[i].profiles[0]), NULL, false);
	}
	for (int i = 0; i < 100; i++) {
		struct imp_digest digest =
			imp_profile_summary(stacks[i].profiles[0])->blob_digest;
		struct imp_book_page page;
		assert_true(imp_book_find(book, &digest, &page));
		assert_int_equal(imp_profile_summary(page.profile)->disk_bytes, i);
		stack_finish(&stacks[i]);
	}
	imp_book_destroy(book);
}

CASE(what_is_used_stays_when_the_book_is_trimmed)
{
	struct imp_book *book = imp_book_create();
	struct stack stack = {0};
	struct imp_digest digests[3];
	struct imp_book_page page;

	stack_read(&stack, "layer\nfile a 1\nlayer\nfile b 2\nlayer\nfile c 3\n");
	size_t bytes = 0;
	for (int i = 0; i < 3; i++) {
		imp_book_turn(book);
		imp_book_enter(book, copy_of(stack.profiles[i]), NULL, false);
		digests[i] = imp_profile_summary(stack.profiles[i])->blob_digest;
		bytes += imp_profile_memory_bytes(stack.profiles[i]);
	}
	uint64_t turn = imp_book_turn(book);
	assert_true(imp_book_find(book, &digests[0], &page));
	imp_book_trim(book, turn, bytes);
	assert_true(imp_book_find(book, &digests[2], &page)); /* there was room */
	turn = imp_book_turn(book);
	assert_true(imp_book_find(book, &digests[0], &page));
	imp_book_trim(book, turn, bytes - 1);
	assert_false(imp_book_find(book, &digests[1], &page)); /* of the oldest turn */
	assert_true(imp_book_find(book, &digests[2], &page));
	imp_book_trim(book, turn + 1, 0);
	assert_false(imp_book_find(book, &digests[0], &page));
	imp_book_enter(book, copy_of(stack.profiles[1]), NULL, true);
	assert_true(imp_book_find(book, &digests[1], &page));
	assert_true(page.cached);
	imp_book_destroy(book);
	stack_finish(&stack);
}
