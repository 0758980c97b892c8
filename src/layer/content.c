#include "content.h"

void imp_layer_content_init(struct imp_layer_content *content)
{
	*content = (struct imp_layer_content){
		.hasher = imp_content_hasher_create(),
		.holes_left = IMP_HOLE_BYTES,
	};
	imp_gather_init(&content->gather);
}

void imp_layer_content_finish(struct imp_layer_content *content)
{
	imp_content_hasher_destroy(content->hasher);
	imp_strbuf_finish(&content->kept);
	imp_gather_finish(&content->gather);
}

/* In place of the zeros: what tells this file from any other. */
static void hash_map(struct imp_layer_content *content, const struct imp_sparse_map *map)
{
	struct imp_strbuf text = {0};

	imp_strbuf_printf(&text, "sparse %llu", (unsigned long long)content->disk_bytes);
	for (size_t i = 0; i < map->count; i++)
		imp_strbuf_printf(&text, " %llu+%llu",
				  (unsigned long long)map->regions[i].offset,
				  (unsigned long long)map->regions[i].len);
	imp_strbuf_add_char(&text, '\0');
	imp_content_hasher_add(content->hasher, text.data, text.len);
	imp_strbuf_finish(&text);
}

void imp_layer_content_begin(struct imp_layer_content *content, uint64_t disk_bytes,
			     uint64_t stored_bytes, const struct imp_sparse_map *map,
			     size_t keep_bytes)
{
	content->map = map;
	content->by_map = false;
	content->disk_bytes = disk_bytes;
	content->stored_bytes = stored_bytes;
	content->seen_bytes = 0;
	content->disk_at = 0;
	content->region = 0;
	content->region_seen = 0;
	content->in_one_piece = false;
	content->keep_bytes = keep_bytes;
	imp_strbuf_reset(&content->kept);
	imp_gather_skip(&content->gather);
	imp_content_hasher_reset(content->hasher);
	if (!map)
		return;
	uint64_t holes = disk_bytes - stored_bytes;
	content->by_map = holes > content->holes_left;
	if (content->by_map)
		hash_map(content, map);
	else
		content->holes_left -= holes;
}

/* Up to OFFSET. */
static void hash_hole(struct imp_layer_content *content, uint64_t offset)
{
	static const uint8_t zeros[64 << 10];

	while (!content->by_map && content->disk_at < offset) {
		uint64_t left = offset - content->disk_at;
		size_t n = left < sizeof(zeros) ? (size_t)left : sizeof(zeros);
		imp_content_hasher_add(content->hasher, zeros, n);
		content->disk_at += n;
	}
}

uint64_t imp_layer_content_offset(struct imp_layer_content *content)
{
	const struct imp_sparse_map *map = content->map;

	if (!map)
		return content->seen_bytes;
	while (content->region < map->count &&
	       content->region_seen == map->regions[content->region].len) {
		content->region++;
		content->region_seen = 0;
	}
	return content->region < map->count
		       ? map->regions[content->region].offset + content->region_seen
		       : content->disk_bytes;
}

/* Cuts DATA at the borders of regions and fills the holes before them. */
static void hash_regions(struct imp_layer_content *content, const uint8_t *data,
			 size_t len)
{
	while (len > 0) {
		uint64_t offset = imp_layer_content_offset(content);
		const struct imp_sparse_region *region =
			&content->map->regions[content->region];
		uint64_t left = region->len - content->region_seen;
		size_t n = len < left ? len : (size_t)left;

		hash_hole(content, offset);
		imp_content_hasher_add(content->hasher, data, n);
		content->disk_at = offset + n;
		content->region_seen += n;
		data += n;
		len -= n;
	}
}

static void keep(struct imp_layer_content *content, const void *data, size_t len)
{
	size_t room = content->keep_bytes - content->kept.len;
	imp_strbuf_add(&content->kept, data, len < room ? len : room);
}

void imp_layer_content_add(struct imp_layer_content *content, const void *data,
			   size_t len)
{
	if (content->keep_bytes > 0)
		keep(content, data, len);
	imp_gather_add(&content->gather, data, len);
	if (content->map) {
		hash_regions(content, data, len);
	} else if (len == content->disk_bytes) {
		/* Most files: several times as fast as by steps. */
		content->hash = imp_content_hash_of(data, len);
		content->in_one_piece = true;
	} else {
		imp_content_hasher_add(content->hasher, data, len);
	}
	content->seen_bytes += len;
}

struct imp_content_hash imp_layer_content_end(struct imp_layer_content *content)
{
	imp_gather_end(&content->gather);
	if (content->map)
		hash_hole(content, content->disk_bytes);
	if (content->in_one_piece)
		return content->hash;
	return imp_content_hasher_result(content->hasher);
}
