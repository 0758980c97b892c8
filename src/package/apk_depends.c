/*
 * D: and p: are words: "name", "name>=1", "so:libc.musl-x86_64.so.1", "cmd:sh=1.36", "pc:zlib",
 * "/bin/sh", "!conflict". Versions are ignored. A path is met by its owner.
 */
#include "apk.h"

/* Without version; "so:x=1" provides "so:x". */
static struct imp_slice bare_name(struct imp_slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (strchr("=<>~@", word.data[i]))
			word.len = i;
	return word;
}

static struct imp_slice cut_word(struct imp_slice *rest)
{
	struct imp_slice word;

	do {
		word = imp_slice_cut(rest, ' ');
	} while (word.len == 0 && rest->len > 0);
	return word;
}

static void add_provides(struct apk_system *system)
{
	for (size_t i = 0; i < system->count; i++)
		for (struct imp_slice rest = system->packages[i].provides;
		     rest.len > 0;) {
			struct imp_slice name = bare_name(cut_word(&rest));
			if (name.len > 0)
				imp_providers_add(&system->providers, name,
						  system->packages[i].number);
		}
	imp_providers_sort(&system->providers);
}

/* Adds who meets WORD; false when no more is taken. */
static bool add_need(struct apk_system *system, uint32_t from, struct imp_slice word,
		     uint32_t choice)
{
	size_t count;
	const struct imp_provider *found =
		imp_providers_find(&system->providers, bare_name(word), &count);

	for (size_t i = 0; i < count; i++)
		if (!imp_inventory_need(system->inventory, from, found[i].package,
					IMP_DEPENDENCY_HARD, choice))
			return false;
	if (count > 0 || !imp_slice_starts(word, IMP_SLICE("/")))
		return true;
	return imp_inventory_need(
		system->inventory, from,
		imp_inventory_owner(system->inventory,
				    imp_paths_node(&system->paths, word)),
		IMP_DEPENDENCY_HARD, choice);
}

/* The package that a -dev package is for. */
static void find_twin(struct apk_system *system, uint32_t package)
{
	struct imp_package *dev = imp_inventory_get(system->inventory, package);
	size_t count;

	if (!imp_slice_ends(dev->name, IMP_SLICE("-dev")))
		return;
	const struct imp_provider *found = imp_providers_find(
		&system->providers,
		imp_slice(dev->name.data, dev->name.len - sizeof("-dev") + 1), &count);
	if (count > 0)
		dev->twin = found[0].package;
}

void imp_apk_read_depends(struct apk_system *system)
{
	bool room = true;

	add_provides(system);
	for (size_t i = 0; i < system->count && room; i++) {
		struct imp_slice rest = system->packages[i].depends;
		find_twin(system, system->packages[i].number);
		for (uint32_t choice = 0; rest.len > 0 && room; choice++) {
			struct imp_slice word = cut_word(&rest);
			if (word.len > 0 && word.data[0] != '!')
				room = add_need(system, system->packages[i].number, word,
						choice);
		}
	}
}

/* What was asked for, one a line: "curl", "curl>=8", "nginx@edge", "!conflict". */
void imp_apk_read_world(struct apk_system *system)
{
	const struct imp_live_file *file =
		imp_inventory_file(system->inventory, IMP_MANAGER_APK, "etc/apk/world");
	struct imp_slice rest = file ? file->content : (struct imp_slice){0};

	if (!file) {
		for (size_t i = 0; i < system->count; i++)
			imp_inventory_get(system->inventory, system->packages[i].number)
				->flags |= IMP_PACKAGE_ROOT;
		return;
	}
	imp_inventory_set_roots_known(system->inventory, system->group);
	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		size_t count;
		const struct imp_provider *found = imp_providers_find(
			&system->providers, bare_name(cut_word(&line)), &count);
		for (size_t i = 0; i < count; i++)
			imp_inventory_get(system->inventory, found[i].package)->flags |=
				IMP_PACKAGE_ROOT;
	}
}
