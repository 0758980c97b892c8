#include "imgprof/json.h"

#include <inttypes.h>
#include <malloc.h>

#include "json_priv.h"

/* What the document that this thread is parsing may still allocate. Blocks are freed long
 * after that, by any thread, so nothing is counted then. */
struct budget {
	bool active;
	bool exceeded;
	uint64_t left;
};

static _Thread_local struct budget budget;

/* What malloc itself needs beside each block. */
enum { BLOCK_OVERHEAD_BYTES = 16 };

static void *counting_malloc(size_t size)
{
	if (!budget.active)
		return malloc(size);

	if (budget.exceeded || size > budget.left) {
		budget.exceeded = true;
		return NULL;
	}
	void *block = malloc(size);
	if (!block)
		imp_die_of_memory(size);
	uint64_t cost = malloc_usable_size(block) + BLOCK_OVERHEAD_BYTES;
	budget.left -= cost < budget.left ? cost : budget.left;
	return block;
}

static void counting_free(void *block)
{
	if (block && budget.active)
		budget.left += malloc_usable_size(block) + BLOCK_OVERHEAD_BYTES;
	free(block);
}

void imp_json_init(void)
{
	json_set_alloc_funcs(counting_malloc, counting_free);
}

static int check_shape(struct imp_slice text, const struct imp_limits *limits,
		       const char *what, struct imp_error *err)
{
	struct imp_json_shape shape = imp_json_scan(text);
	if (shape.depth > limits->json_depth)
		return imp_fail(err, IMP_E_LIMIT,
				"%s: json-depth: nested deeper than %" PRIu32, what,
				limits->json_depth);
	if (shape.values > limits->json_values)
		return imp_fail(err, IMP_E_LIMIT,
				"%s: json-values: more than %" PRIu32 " values", what,
				limits->json_values);
	return 0;
}

static int parse(struct imp_slice text, const struct imp_limits *limits, const char *what,
		 size_t flags, json_t **out, struct imp_error *err)
{
	int rc = check_shape(text, limits, what, err);
	if (rc < 0)
		return rc;

	budget = (struct budget){.active = true, .left = limits->json_heap_bytes};
	json_error_t why;
	json_t *json = json_loadb(text.data, text.len, flags, &why);
	budget.active = false;
	if (budget.exceeded) {
		json_decref(json);
		return imp_fail(err, IMP_E_LIMIT,
				"%s: json-heap-bytes: needs more than %" PRIu64 " bytes",
				what, limits->json_heap_bytes);
	}
	if (!json)
		return imp_fail(err, IMP_E_FORMAT, "%s: line %d, column %d: %s", what,
				why.line, why.column, why.text);
	*out = json;
	return 0;
}

int imp_json_parse(struct imp_slice text, const struct imp_limits *limits,
		   const char *what, json_t **out, struct imp_error *err)
{
	return parse(text, limits, what, JSON_REJECT_DUPLICATES, out, err);
}

int imp_json_parse_any(struct imp_slice text, const struct imp_limits *limits,
		       const char *what, json_t **out, struct imp_error *err)
{
	return parse(text, limits, what, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, out,
		     err);
}
