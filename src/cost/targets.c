/* What the user names: repositories, globs, digests, paths. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imgprof/glob.h"
#include "stock_priv.h"

static bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static uint32_t host_index(struct imp_stock *inventory, struct imp_slice name)
{
	for (size_t i = 0; i < inventory->host_count; i++)
		if (imp_slice_equal(inventory->hosts[i].name, name))
			return (uint32_t)i;
	inventory->hosts =
		imp_xgrow(inventory->hosts, &inventory->host_capacity,
			  inventory->host_count + 1, sizeof(*inventory->hosts));
	inventory->hosts[inventory->host_count] = (struct imp_host){.name = name};
	return (uint32_t)inventory->host_count++;
}

struct imp_shelf *imp_stock_shelf(struct imp_stock *inventory, struct imp_slice host,
				  struct imp_slice path,
				  const struct imp_location *location)
{
	uint64_t index;
	struct imp_slice key = imp_slice_of(
		imp_arena_printf(inventory->arena, "%.*s/%.*s", (int)host.len,
				 host.data ? host.data : "", (int)path.len, path.data));

	if (imp_map_get(&inventory->shelf_by_name, key, &index))
		return inventory->shelves[index];
	struct imp_shelf *shelf = imp_xcalloc(1, sizeof(*shelf));
	pthread_mutex_init(&shelf->mutex, NULL);
	shelf->host = host;
	shelf->path = path;
	shelf->location = *location;
	shelf->local = location->transport != IMP_TRANSPORT_REGISTRY;
	shelf->index = (uint32_t)inventory->shelf_count;
	shelf->host_index = host_index(inventory, host);
	imp_map_set(&inventory->shelf_by_name, key, inventory->shelf_count);
	inventory->shelves =
		imp_xgrow(inventory->shelves, &inventory->shelf_capacity,
			  inventory->shelf_count + 1, sizeof(*inventory->shelves));
	inventory->shelves[inventory->shelf_count++] = shelf;
	return shelf;
}

static void want_in(struct imp_shelf *shelf, struct imp_want want)
{
	shelf->wants = imp_xgrow(shelf->wants, &shelf->want_capacity,
				 shelf->want_count + 1, sizeof(*shelf->wants));
	shelf->wants[shelf->want_count++] = want;
}

static bool has_wildcard(struct imp_slice text)
{
	return memchr(text.data, '*', text.len) || memchr(text.data, '?', text.len);
}

/* REST:TAGS, where the tags stand behind a colon in the last component. */
static struct imp_slice split_tags(struct imp_slice text, struct imp_slice *tags)
{
	struct imp_slice last = imp_slice_basename(text);
	struct imp_slice behind = last;

	imp_slice_cut(&behind, ':');
	*tags = behind;
	return behind.data ? imp_slice(text.data, text.len - behind.len - 1) : text;
}

static int add_catalog(struct imp_stock *inventory, const char *host,
		       struct imp_slice glob)
{
	size_t count = inventory->registry_count++;

	inventory->registries =
		imp_xgrow(inventory->registries, &inventory->registry_capacity, count + 1,
			  sizeof(*inventory->registries));
	inventory->registry_globs =
		imp_xgrow(inventory->registry_globs, &inventory->registry_glob_capacity,
			  count + 1, sizeof(*inventory->registry_globs));
	inventory->registries[count] = host;
	inventory->registry_globs[count] = glob;
	return 0;
}

static int add_reference(struct imp_stock *inventory, struct imp_slice text,
			 struct imp_slice tags, bool of_catalog, struct imp_error *err)
{
	struct imp_location location = {.transport = IMP_TRANSPORT_REGISTRY};
	int rc = imp_reference_parse(text, inventory->arena, &location.reference, err);

	if (rc < 0)
		return rc;
	location.text = imp_reference_text(&location.reference, inventory->arena);
	struct imp_shelf *shelf =
		imp_stock_shelf(inventory, imp_slice_of(location.reference.domain),
				imp_slice_of(location.reference.path), &location);
	shelf->of_catalog |= of_catalog;
	struct imp_want want = {.glob = tags.data ? tags : IMP_SLICE("*"),
				.one = tags.data && !has_wildcard(tags)};
	if (location.reference.digest.algorithm != IMP_DIGEST_NONE)
		want = (struct imp_want){.digest = location.reference.digest};
	want_in(shelf, want);
	return 0;
}

const char *imp_stock_full_name(struct imp_stock *inventory, struct imp_slice name)
{
	struct imp_error ignored = {0};
	struct imp_reference reference;

	if (imp_reference_parse(name, inventory->arena, &reference, &ignored) < 0)
		return NULL;
	return imp_reference_text(&reference, inventory->arena);
}

static int add_local(struct imp_stock *inventory, const struct imp_location *location,
		     struct imp_error *err)
{
	const char *name = location->path ? location->path : location->text;
	struct imp_shelf *shelf;

	if (location->transport == IMP_TRANSPORT_DOCKER_DAEMON ||
	    location->transport == IMP_TRANSPORT_PODMAN)
		return imp_fail(err, IMP_E_USAGE, "%s: an engine is no registry",
				location->text);
	shelf = imp_stock_shelf(inventory, IMP_SLICE(""), imp_slice_of(name), location);
	struct imp_want want = {.glob = IMP_SLICE("*")};
	if (location->selector) {
		want.glob = imp_slice_of(location->selector);
		want.name = imp_stock_full_name(inventory, want.glob);
		want.one = !has_wildcard(want.glob);
	}
	want_in(shelf, want);
	return 0;
}

int imp_stock_add(struct imp_stock *inventory, const char *argument,
		  struct imp_error *err)
{
	static const struct imp_slice scheme = IMP_SLICE("docker://");
	struct imp_slice text = imp_slice_of(argument), tags;
	struct imp_location location;

	if (imp_slice_starts(text, scheme))
		text = imp_slice_skip(text, scheme.len);
	struct imp_slice repository = split_tags(text, &tags);
	if (memchr(text.data, '@', text.len))
		return add_reference(inventory, text, (struct imp_slice){0}, false, err);
	if (has_wildcard(repository) && !path_exists(argument)) {
		struct imp_slice path = repository;
		struct imp_slice host = imp_slice_cut(&path, '/');
		if (!path.data || has_wildcard(host) || tags.data)
			return imp_fail(err, IMP_E_USAGE,
					"%s: a glob over repositories is HOST/GLOB",
					argument);
		return add_catalog(inventory, imp_arena_copy(inventory->arena, host).data,
				   path);
	}
	if (tags.data && has_wildcard(tags) && text.data[0] != '.' && text.data[0] != '/')
		return add_reference(inventory, repository, tags, false, err);
	int rc = imp_location_parse(argument, path_exists, inventory->arena, &location,
				    err);
	if (rc < 0)
		return rc;
	if (location.transport == IMP_TRANSPORT_REGISTRY)
		return add_reference(inventory, repository, tags, false, err);
	return add_local(inventory, &location, err);
}

int imp_stock_add_registry(struct imp_stock *inventory, const char *host,
			   struct imp_error *err)
{
	if (!*host || strchr(host, '/'))
		return imp_fail(err, IMP_E_USAGE, "'%s' is no host", host);
	return add_catalog(inventory, host, IMP_SLICE("**"));
}

int imp_stock_add_lines(struct imp_stock *inventory, struct imp_slice text,
			const char *name, struct imp_error *err)
{
	for (size_t number = 1; text.data; number++) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		line = imp_slice_trim(imp_slice_cut(&line, '#'), " \t\r");
		if (line.len == 0)
			continue;
		if (memchr(line.data, '\0', line.len))
			return imp_fail(err, IMP_E_USAGE, "%s:%zu: no text", name,
					number);
		const char *argument = imp_arena_copy(inventory->arena, line).data;
		if (imp_stock_add(inventory, argument, err) < 0)
			return imp_wrap(err, "%s:%zu", name, number);
	}
	return 0;
}

static int add_listed(struct imp_stock *inventory, const char *host,
		      struct imp_slice path, bool whole, struct imp_error *err)
{
	const char *text = imp_arena_printf(inventory->arena, "%s/%.*s", host,
					    (int)path.len, path.data);

	return add_reference(inventory, imp_slice_of(text), (struct imp_slice){0}, whole,
			     err);
}

static int read_catalog(struct imp_stock *inventory, const char *host,
			struct imp_slice glob, struct imp_error *err)
{
	imp_auto(imp_listing_finish) struct imp_listing listing = {0};
	bool whole = imp_slice_is(glob, "**");
	int rc = imp_registry_catalog(inventory->options.context, host,
				      &inventory->options.source, inventory->arena,
				      &listing, err);

	/* A name that is no name is skipped, as nothing could be asked about it */
	for (size_t i = 0; i < listing.count; i++) {
		struct imp_error ignored = {0};
		if (imp_glob_path(glob, listing.list[i].tag))
			add_listed(inventory, host, listing.list[i].tag, whole, &ignored);
	}
	return rc;
}

int imp_stock_catalogs(struct imp_stock *inventory, struct imp_error *err)
{
	for (size_t i = 0; i < inventory->registry_count; i++) {
		struct imp_job job = {0};
		job.rc = read_catalog(inventory, inventory->registries[i],
				      inventory->registry_globs[i], &job.err);
		if (job.rc == IMP_E_CANCELLED) {
			*err = job.err;
			return job.rc;
		}
		if (job.rc < 0)
			imp_stock_unseen(inventory, &job, "catalog-unseen");
	}
	return 0;
}
