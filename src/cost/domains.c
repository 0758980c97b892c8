#include <stdlib.h>

#include "cells.h"
#include "imgprof/map.h"

static const char *const names[IMP_DEDUPES] = {
	[IMP_DEDUPE_REPOSITORY] = "repository",
	[IMP_DEDUPE_NAMESPACE] = "namespace",
	[IMP_DEDUPE_REGISTRY] = "registry",
};

const char *imp_dedupe_name(enum imp_dedupe dedupe)
{
	return names[dedupe];
}

bool imp_dedupe_parse(struct imp_slice text, enum imp_dedupe *out)
{
	for (int i = 0; i < IMP_DEDUPES; i++)
		if (imp_slice_is(text, names[i])) {
			*out = (enum imp_dedupe)i;
			return true;
		}
	return false;
}

/* A component of a host or path holds no newline, so keys of one kind cannot meet. */
static struct imp_slice domain_key(const struct imp_cost_repository *repository,
				   enum imp_dedupe dedupe, struct imp_arena *arena)
{
	struct imp_slice rest = repository->path;
	struct imp_slice first = imp_slice_cut(&rest, '/');
	struct imp_slice below = {0};

	if (dedupe == IMP_DEDUPE_REPOSITORY)
		below = repository->path;
	else if (dedupe == IMP_DEDUPE_NAMESPACE && rest.data)
		below = first;
	char *key = imp_arena_alloc(arena, repository->host.len + 1 + below.len);
	if (repository->host.len)
		memcpy(key, repository->host.data, repository->host.len);
	key[repository->host.len] = '\n';
	if (below.len)
		memcpy(key + repository->host.len + 1, below.data, below.len);
	return imp_slice(key, repository->host.len + 1 + below.len);
}

uint32_t *imp_cost_domains(const struct imp_cost_inventory *inventory,
			   enum imp_dedupe dedupe, size_t *count)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto(imp_map_finish) struct imp_map map = {0};
	uint32_t *domains =
		imp_xcalloc(inventory->repository_count + 1, sizeof(*domains));

	for (size_t i = 0; i < inventory->repository_count; i++) {
		uint64_t number = map.count;
		struct imp_slice key =
			domain_key(&inventory->repositories[i], dedupe, arena);
		if (!imp_map_get(&map, key, &number))
			imp_map_set(&map, key, number);
		domains[i] = (uint32_t)number;
	}
	*count = map.count;
	return domains;
}

void imp_cost_repository_name(const struct imp_cost_repository *repository,
			      struct imp_strbuf *out)
{
	if (repository->host.len) {
		imp_strbuf_add_slice(out, repository->host);
		imp_strbuf_add_char(out, '/');
	}
	imp_strbuf_add_slice(out, repository->path);
}
