#include "sparse_map.h"

#include <inttypes.h>
#include <stdlib.h>

#include "imgprof/arena.h"

#include "tar_header.h"
#include "tar_pax.h"

static const size_t FIELD_LEN = 12;

void imp_sparse_map_finish(struct imp_sparse_map *map)
{
	free(map->regions);
	*map = (struct imp_sparse_map){0};
}

void imp_sparse_map_reset(struct imp_sparse_map *map)
{
	map->count = 0;
}

void imp_sparse_map_add(struct imp_sparse_map *map, uint64_t offset, uint64_t len)
{
	map->regions = imp_xgrow(map->regions, &map->capacity, map->count + 1,
				 sizeof(*map->regions));
	map->regions[map->count++] = (struct imp_sparse_region){offset, len};
}

static int fail_map(struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT, "malformed sparse map");
}

int imp_sparse_map_read_fields(struct imp_sparse_map *map, const uint8_t *fields,
			       size_t count, struct imp_error *err)
{
	const char *at = (const char *)fields;
	for (size_t i = 0; i < count && at[0] != '\0'; i++, at += 2 * FIELD_LEN) {
		int64_t offset, len;
		if (!imp_tar_number(imp_slice(at, FIELD_LEN), &offset) ||
		    !imp_tar_number(imp_slice(at + FIELD_LEN, FIELD_LEN), &len) ||
		    offset < 0 || len < 0)
			return fail_map(err);
		imp_sparse_map_add(map, (uint64_t)offset, (uint64_t)len);
	}
	return 0;
}

int imp_sparse_map_read_list(struct imp_sparse_map *map, struct imp_slice numblocks,
			     struct imp_slice list, struct imp_error *err)
{
	uint64_t expected;
	if (!imp_tar_decimal(numblocks, &expected) ||
	    imp_slice_ends(list, IMP_SLICE(",")))
		return fail_map(err);
	while (list.len > 0) {
		uint64_t offset, len;
		if (!imp_tar_decimal(imp_slice_cut(&list, ','), &offset) ||
		    !imp_tar_decimal(imp_slice_cut(&list, ','), &len))
			return fail_map(err);
		imp_sparse_map_add(map, offset, len);
	}
	return map->count == expected ? 0 : fail_map(err);
}

/* 0, 1 when DATA holds no whole line, or negative. */
static int read_line(struct imp_slice *data, uint64_t *out, struct imp_error *err)
{
	const char *end = data->len ? memchr(data->data, '\n', data->len) : NULL;
	if (!end)
		return 1;
	struct imp_slice line = imp_slice(data->data, (size_t)(end - data->data));
	if (!imp_tar_decimal(line, out))
		return fail_map(err);
	*data = imp_slice_skip(*data, line.len + 1);
	return 0;
}

int imp_sparse_map_read_lines(struct imp_sparse_map *map, struct imp_slice data,
			      uint64_t *used, struct imp_error *err)
{
	struct imp_slice rest = data;
	uint64_t count = 0;
	int rc = read_line(&rest, &count, err);
	for (uint64_t i = 0; rc == 0 && i < count; i++) {
		uint64_t offset, len;
		if ((rc = read_line(&rest, &offset, err)) == 0 &&
		    (rc = read_line(&rest, &len, err)) == 0)
			imp_sparse_map_add(map, offset, len);
	}
	if (rc != 0)
		return rc;
	uint64_t blocks = imp_tar_round_up(data.len - rest.len);
	if (blocks > data.len)
		return 1;
	*used = blocks;
	return 0;
}

int imp_sparse_map_check(const struct imp_sparse_map *map, uint64_t disk_bytes,
			 uint64_t stored_bytes, struct imp_error *err)
{
	uint64_t end = 0, stored = 0;
	for (size_t i = 0; i < map->count; i++) {
		const struct imp_sparse_region *region = &map->regions[i];
		if (region->offset < end || region->offset > disk_bytes ||
		    region->len > disk_bytes - region->offset)
			return imp_fail(err, IMP_E_FORMAT,
					"sparse map leaves the file's %" PRIu64
					" bytes or goes back",
					disk_bytes);
		end = region->offset + region->len;
		stored += region->len;
	}
	if (stored != stored_bytes)
		return imp_fail(err, IMP_E_FORMAT,
				"sparse map names %" PRIu64 " bytes, %" PRIu64
				" are stored",
				stored, stored_bytes);
	return 0;
}
