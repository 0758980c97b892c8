/*
 * Any bytes as files of a layer: as ELF, Python, JavaScript, .env and without a name; whole
 * and in small pieces, which must tell the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../src/layer/facts.h"
#include "../../src/layer/profile_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void gather(struct imp_gather *gather, const char *path, const uint8_t *data,
		   size_t size, size_t step)
{
	imp_gather_begin(gather, imp_slice_of(path), size);
	for (size_t at = 0; at < size; at += step)
		imp_gather_add(gather, data + at, size - at < step ? size - at : step);
	imp_gather_end(gather);
}

static void check(const struct imp_gather *gathered)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	struct imp_slice text = imp_strbuf_slice(&gathered->fact);
	struct imp_part_reader in = {.at = (const uint8_t *)text.data};
	struct imp_fact fact;

	if (text.len == 0)
		return;
	in.end = in.at + text.len;
	imp_fact_decode(&in, arena, &fact);
	if (in.bad || in.at != in.end)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"x", "x.py", "x.js", ".env", "a/.git/config"};
	struct imp_gather whole, pieces;

	imp_gather_init(&whole);
	imp_gather_init(&pieces);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		gather(&whole, paths[i], data, size, size ? size : 1);
		gather(&pieces, paths[i], data, size, 61);
		check(&whole);
		if (!imp_slice_equal(imp_strbuf_slice(&whole.fact),
				     imp_strbuf_slice(&pieces.fact)) ||
		    !imp_slice_equal(imp_strbuf_slice(&whole.kept),
				     imp_strbuf_slice(&pieces.kept)))
			abort();
	}
	imp_gather_finish(&whole);
	imp_gather_finish(&pieces);
	return 0;
}
