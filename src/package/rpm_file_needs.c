/*
 * A path as requirement is met by each package that lists it, as file, folder or symlink, whether it
 * is there or not. Of the many files that packages list only those with a required file's name
 * are looked at.
 */
#include "rpm.h"

#include <stdlib.h>

struct wanted {
	struct rpm_system *system;
	struct imp_slice *paths;
	size_t count, capacity;
	struct imp_map by_path; /* place in paths */
	struct imp_map names;   /* their last parts */
};

static void want(struct wanted *wanted, struct imp_slice path)
{
	if (imp_map_get(&wanted->by_path, path, NULL))
		return;
	wanted->paths = imp_xgrow(wanted->paths, &wanted->capacity, wanted->count + 1,
				  sizeof(*wanted->paths));
	wanted->paths[wanted->count] = path;
	imp_map_set(&wanted->by_path, path, wanted->count++);
	imp_map_set(&wanted->names, imp_slice_basename(path), 0);
}

static void want_all(struct wanted *wanted, const struct rpm_header *header)
{
	static const enum rpm_tag tags[] = {RPM_REQUIRES, RPM_RECOMMENDS, RPM_SUPPLEMENTS,
					    RPM_SUGGESTS};
	struct imp_slice requirement, name;

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct rpm_strings all = imp_rpm_strings(header, tags[i]);
		while (imp_rpm_strings_next(&all, &requirement))
			while (imp_rpm_name_next(&requirement, &name))
				if (imp_slice_starts(name, IMP_SLICE("/")))
					want(wanted, name);
	}
}

static void provide(struct wanted *wanted, struct imp_slice path, uint32_t package)
{
	uint64_t place;

	if (imp_map_get(&wanted->by_path, path, &place))
		imp_providers_add(&wanted->system->providers, wanted->paths[place],
				  package);
}

static struct imp_slice *read_folders(const struct rpm_header *header, size_t *count)
{
	struct rpm_strings names = imp_rpm_strings(header, RPM_DIRECTORY_NAMES);
	struct imp_slice *folders = NULL, name;
	size_t capacity = 0;

	*count = 0;
	while (*count < RPM_MAX_FOLDERS && imp_rpm_strings_next(&names, &name)) {
		folders = imp_xgrow(folders, &capacity, *count + 1, sizeof(*folders));
		folders[(*count)++] = name;
	}
	return folders;
}

static void provide_all(struct wanted *wanted, const struct rpm_package *package)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	size_t count;
	imp_auto_free struct imp_slice *folders = read_folders(&package->header, &count);
	struct rpm_strings names = imp_rpm_strings(&package->header, RPM_BASE_NAMES);
	struct imp_slice name;
	uint32_t folder;

	for (uint32_t i = 0; imp_rpm_strings_next(&names, &name); i++) {
		if (!imp_map_get(&wanted->names, name, NULL) ||
		    !imp_rpm_integer(&package->header, RPM_DIRECTORY_INDEXES, i,
				     &folder) ||
		    folder >= count)
			continue;
		imp_strbuf_reset(&path);
		imp_strbuf_add_slice(&path, folders[folder]);
		imp_strbuf_add_slice(&path, name);
		provide(wanted, imp_strbuf_slice(&path), package->number);
	}
	names = imp_rpm_strings(&package->header, RPM_OLD_FILE_NAMES);
	while (imp_rpm_strings_next(&names, &name))
		provide(wanted, name, package->number);
}

void imp_rpm_provide_files(struct rpm_system *system)
{
	struct wanted wanted = {.system = system};

	for (size_t i = 0; i < system->count; i++)
		want_all(&wanted, &system->packages[i].header);
	for (size_t i = 0; i < system->count && wanted.count > 0; i++)
		provide_all(&wanted, &system->packages[i]);
	free(wanted.paths);
	imp_map_finish(&wanted.by_path);
	imp_map_finish(&wanted.names);
}
