#include "case.h"

#include "imgprof/limits.h"

/* All limits at their largest leave nothing of the struct but padding in front of 64 bits. */
CASE(every_limit_has_a_name)
{
	struct imp_limits limits;
	const unsigned char *byte = (const unsigned char *)&limits;
	const char *name;
	uint64_t value;
	size_t gap = 0;

	memset(&limits, 0, sizeof(limits));
	for (size_t i = 0; imp_limits_get(&limits, i, &name, &value); i++) {
		assert_true(strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name));
		assert_true(imp_limits_set(&limits, imp_slice_of(name), UINT64_MAX) ||
			    imp_limits_set(&limits, imp_slice_of(name), UINT32_MAX));
	}
	for (size_t i = 0; i < sizeof(limits); i++) {
		gap = byte[i] ? 0 : gap + 1;
		assert_true(gap <= 4 && (gap < 4 || (i + 1) % 8 == 0));
	}
}

CASE(no_limit_is_nothing)
{
	const char *name;
	uint64_t value;

	for (size_t i = 0; imp_limits_get(&imp_limits_default, i, &name, &value); i++)
		assert_true(value > 0);
}

CASE(names_stand_in_the_order_of_the_struct)
{
	const char *name;
	uint64_t value;

	assert_true(imp_limits_get(&imp_limits_default, 0, &name, &value));
	assert_string_equal(name, "manifest-bytes");
	assert_int_equal(value, imp_limits_default.manifest_bytes);
	assert_true(imp_limits_get(&imp_limits_default, 6, &name, &value));
	assert_string_equal(name, "json-depth");
	assert_int_equal(value, imp_limits_default.json_depth);
	assert_false(imp_limits_get(&imp_limits_default, 1000, &name, &value));
}

CASE(each_name_sets_its_own_limit)
{
	const char *name;
	uint64_t value;

	for (size_t i = 0; imp_limits_get(&imp_limits_default, i, &name, &value); i++) {
		struct imp_limits limits = imp_limits_default;
		assert_true(imp_limits_set(&limits, imp_slice_of(name), value + 1));
		for (size_t k = 0; imp_limits_get(&limits, k, &name, &value); k++) {
			uint64_t before;
			assert_true(
				imp_limits_get(&imp_limits_default, k, &name, &before));
			assert_int_equal(value, before + (k == i));
		}
	}
}

CASE(dashes_and_underscores_are_the_same)
{
	struct imp_limits limits = imp_limits_default;

	assert_true(imp_limits_set(&limits, IMP_SLICE("path-bytes"), 7));
	assert_int_equal(limits.path_bytes, 7);
	assert_true(imp_limits_set(&limits, IMP_SLICE("path_bytes"), 8));
	assert_int_equal(limits.path_bytes, 8);
}

CASE(names_that_are_none)
{
	static const char *const wrong[] = {
		"", "path", "path-byte", "path-bytess", "PATH-BYTES", "path bytes"};
	struct imp_limits limits = imp_limits_default;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(imp_limits_set(&limits, imp_slice_of(wrong[i]), 5));
	assert_memory_equal(&limits, &imp_limits_default, sizeof(limits));
}

CASE(values_that_do_not_fit)
{
	struct imp_limits limits = imp_limits_default;

	assert_false(imp_limits_set(&limits, IMP_SLICE("nodes"), 0));
	assert_false(imp_limits_set(&limits, IMP_SLICE("nodes"), UINT64_C(1) << 32));
	assert_false(imp_limits_set(&limits, IMP_SLICE("layer-tar-bytes"), 0));
	assert_memory_equal(&limits, &imp_limits_default, sizeof(limits));
	assert_true(imp_limits_set(&limits, IMP_SLICE("nodes"), UINT32_MAX));
	assert_int_equal(limits.nodes, UINT32_MAX);
	assert_true(imp_limits_set(&limits, IMP_SLICE("layer-tar-bytes"), UINT64_MAX));
	assert_int_equal(limits.layer_tar_bytes, UINT64_MAX);
}
