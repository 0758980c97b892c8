/* Blocks of a layer's stream: where they stand, what is in front of them, what they weigh. */
#include "case.h"

#include <stdlib.h>
#include <zlib.h>

#include "imgprof/samples.h"

enum { LENGTH = 100000, BLOCK = 1000, WINDOW = 300, COUNT = 4 };

struct taken {
	const char *data;
	size_t count, fail_at;
	struct imp_sampling *sampling;
};

static void fill(char *data)
{
	uint32_t state = 1;

	for (size_t i = 0; i < LENGTH; i++) {
		state = state * 1664525 + 1013904223;
		data[i] = (char)('a' + (state >> 28));
	}
}

static int take(void *user, size_t index, struct imp_slice window, struct imp_slice block,
		struct imp_error *err)
{
	struct taken *taken = user;
	size_t start = (LENGTH - BLOCK) * index / (COUNT - 1);
	size_t before = start < WINDOW ? start : WINDOW;

	if (taken->fail_at == index)
		return imp_fail(err, IMP_E_CANCELLED, "enough");
	assert_int_equal(index, taken->count++);
	assert_int_equal(block.len, BLOCK);
	assert_memory_equal(block.data, taken->data + start, BLOCK);
	assert_int_equal(window.len, before);
	if (before > 0)
		assert_memory_equal(window.data, taken->data + start - before, before);
	return 0;
}

static int sample(struct imp_slice blob, size_t chunk, struct imp_sampling *sampling,
		  struct imp_error *err)
{
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .limits = &imp_limits_default};

	return imp_layer_sample(imp_stream_memory(blob, chunk), &request, sampling, err);
}

static struct imp_sampling grid(struct taken *taken)
{
	return (struct imp_sampling){.tar_bytes = LENGTH,
				     .block_bytes = BLOCK,
				     .window_bytes = WINDOW,
				     .count = COUNT,
				     .take = take,
				     .user = taken};
}

CASE(blocks_stand_on_a_grid_whatever_the_reads)
{
	static const size_t chunks[] = {1, 77, 1000, 4096, 0};
	static char data[LENGTH];

	fill(data);
	for (size_t c = 0; c < sizeof(chunks) / sizeof(*chunks); c++) {
		struct taken taken = {.data = data, .fail_at = COUNT};
		struct imp_sampling sampling = grid(&taken);
		struct imp_error err = {0};
		assert_ok(sample(imp_slice(data, LENGTH), chunks[c], &sampling, &err),
			  &err);
		assert_int_equal(taken.count, COUNT);
		for (size_t i = 0; i < COUNT; i++)
			assert_int_equal(sampling.pull_bytes[i], BLOCK);
	}
}

/* The content is alike everywhere, so each block weighs its share. */
CASE(a_block_weighs_its_part_of_the_blob)
{
	static char data[LENGTH];
	static Bytef packed[2 * LENGTH];
	z_stream z = {0};
	struct taken taken = {.data = data, .fail_at = COUNT};
	struct imp_sampling sampling = grid(&taken);
	struct imp_error err = {0};

	fill(data);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (Bytef *)data;
	z.avail_in = LENGTH;
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size_t len = z.total_out;
	deflateEnd(&z);
	struct imp_slice blob = imp_slice((const char *)packed, len);
	assert_ok(sample(blob, 999, &sampling, &err), &err);
	for (size_t i = 0; i < COUNT; i++) {
		uint64_t share = len * BLOCK / LENGTH;
		assert_in_range(sampling.pull_bytes[i], share * 8 / 10, share * 12 / 10);
	}
}

static int take_whole(void *user, size_t index, struct imp_slice window,
		      struct imp_slice block, struct imp_error *err)
{
	struct taken *taken = user;

	(void)err;
	assert_int_equal(index, 0);
	assert_int_equal(window.len, 0);
	assert_int_equal(block.len, 700);
	assert_memory_equal(block.data, taken->data, 700);
	taken->count++;
	return 0;
}

CASE(a_short_layer_is_one_block)
{
	static char data[LENGTH];
	struct taken taken = {.data = data};
	struct imp_sampling sampling = grid(&taken);
	struct imp_error err = {0};

	fill(data);
	sampling.tar_bytes = 700;
	sampling.take = take_whole;
	assert_int_equal(imp_sampling_blocks(&sampling), 1);
	assert_ok(sample(imp_slice(data, 700), 0, &sampling, &err), &err);
	assert_int_equal(taken.count, 1);
	assert_int_equal(sampling.pull_bytes[0], 700);
	sampling.tar_bytes = BLOCK * COUNT + 1;
	assert_int_equal(imp_sampling_blocks(&sampling), COUNT);
}

CASE(another_length_than_promised)
{
	static char data[LENGTH];
	struct taken taken = {.data = data, .fail_at = COUNT};
	struct imp_sampling sampling = grid(&taken);
	struct imp_error err = {0};

	fill(data);
	assert_fails(sample(imp_slice(data, LENGTH - 1), 0, &sampling, &err),
		     IMP_E_INTEGRITY, "99999", &err);
	taken.count = 0;
	taken.fail_at = 2;
	assert_fails(sample(imp_slice(data, LENGTH), 0, &sampling, &err), IMP_E_CANCELLED,
		     "enough", &err);
	assert_int_equal(taken.count, 2);
}
