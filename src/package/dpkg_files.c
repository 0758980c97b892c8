/*
 * Which files are a package's: info/NAME.list and NAME:ARCH.list name absolute paths as they stand
 * in the package. What another package diverted lies elsewhere, folders may be symlinks by now
 * (merged /usr), and files that path-exclude dropped are listed still.
 */
#include "dpkg.h"

#include <stdlib.h>

struct diversion {
	struct imp_slice from, to, package;
};

struct listing {
	struct dpkg_system *system;
	struct imp_paths paths;
	struct diversion *diversions;
	size_t diversion_count, diversion_capacity;
	struct imp_map diverted; /* path to its place in diversions */
};

/* Where the file of PACKAGE lies that it calls PATH. */
static struct imp_slice divert(const struct listing *listing, struct imp_slice package,
			       struct imp_slice path)
{
	uint64_t place;

	if (!imp_map_get(&listing->diverted, path, &place))
		return path;
	const struct diversion *diversion = &listing->diversions[place];
	return imp_slice_equal(diversion->package, package) ? path : diversion->to;
}

static void own_path(struct listing *listing, uint32_t package, struct imp_slice name,
		     struct imp_slice path)
{
	imp_inventory_own(listing->system->inventory, package,
			  imp_paths_node(&listing->paths, divert(listing, name, path)));
}

/* Three lines each: the path, where other packages' file goes, who diverts (":" a person). */
static void read_diversions(struct listing *listing)
{
	const struct imp_live_file *file = imp_inventory_file(
		listing->system->inventory, IMP_MANAGER_DPKG, "var/lib/dpkg/diversions");
	struct imp_slice rest = file ? file->content : (struct imp_slice){0};

	while (rest.len > 0) {
		struct diversion one;
		one.from = imp_slice_cut(&rest, '\n');
		one.to = imp_slice_cut(&rest, '\n');
		one.package = imp_slice_cut(&rest, '\n');
		if (one.package.len == 0) {
			imp_inventory_unreadable(listing->system->inventory,
						 IMP_MANAGER_DPKG, file->path,
						 "a diversion without its three lines");
			return;
		}
		imp_map_set(&listing->diverted, one.from, listing->diversion_count);
		listing->diversions = imp_xgrow(
			listing->diversions, &listing->diversion_capacity,
			listing->diversion_count + 1, sizeof(*listing->diversions));
		listing->diversions[listing->diversion_count++] = one;
	}
}

/* Whose files are listed, status tells at least what became of. */
static void check_known(const struct listing *listing, struct imp_slice key)
{
	const struct imp_map *known = &listing->system->known;

	if (known->count > 0 && !imp_map_get(known, imp_slice_cut(&key, ':'), NULL))
		imp_inventory_unreadable(
			listing->system->inventory, IMP_MANAGER_DPKG,
			IMP_SLICE("var/lib/dpkg/status"),
			"packages are missing whose files are listed in info/");
}

/* "libc6:amd64.list": the package's name is what stands before the colon. */
static void read_list(struct listing *listing, const struct imp_live_file *file)
{
	struct imp_slice key = imp_slice_basename(file->path);

	key.len -= sizeof(".list") - 1;
	uint32_t package = imp_dpkg_find(listing->system, key);
	if (package == IMP_NONE) {
		check_known(listing, key); /* else: removed, its configuration left */
		return;
	}
	if (file->cut) {
		imp_inventory_unreadable(listing->system->inventory, IMP_MANAGER_DPKG,
					 file->path,
					 "larger than what is kept of a file");
		return;
	}
	struct imp_slice name = imp_slice_cut(&key, ':');
	for (struct imp_slice rest = file->content; rest.len > 0;)
		own_path(listing, package, name, imp_slice_cut(&rest, '\n'));
}

static void finish(struct listing *listing)
{
	free(listing->diversions);
	imp_paths_finish(&listing->paths);
	imp_map_finish(&listing->diverted);
}

void imp_dpkg_read_lists(struct dpkg_system *system)
{
	static const char folder[] = "var/lib/dpkg/info/";
	const struct imp_packages_input *input = imp_inventory_input(system->inventory);
	struct listing listing = {.system = system, .paths.tree = input->tree};

	read_diversions(&listing);
	for (size_t i = imp_inventory_files_from(system->inventory, folder);
	     i < imp_contents_live_count(input->contents); i++) {
		const struct imp_live_file *file = imp_contents_live(input->contents, i);
		if (!imp_slice_starts(file->path, imp_slice_of(folder)))
			break;
		if (imp_slice_ends(file->path, IMP_SLICE(".list")))
			read_list(&listing, file);
	}
	finish(&listing);
}

/* Lines of md5sum: the digest, two spaces (or one and '*'), a path without leading slash. */
void imp_dpkg_read_sums(struct dpkg_system *system, uint32_t package,
			const struct imp_live_file *sums)
{
	imp_auto(imp_paths_finish) struct imp_paths paths = {
		.tree = imp_inventory_input(system->inventory)->tree,
	};

	if (sums->cut)
		imp_inventory_unreadable(system->inventory, IMP_MANAGER_DPKG, sums->path,
					 "larger than what is kept of a file");
	for (struct imp_slice rest = sums->content; rest.len > 0;) {
		struct imp_slice path = imp_slice_cut(&rest, '\n');
		imp_slice_cut(&path, ' ');
		path = imp_slice_skip(path, 1);
		if (imp_slice_starts(path, IMP_SLICE("./")))
			path = imp_slice_skip(path, 2);
		imp_inventory_own(system->inventory, package,
				  imp_paths_node(&paths, path));
	}
}
