/*
 * Who needs whom: "a (>= 1) | b:any, c" is two requirements, the first met by a or b. Every
 * installed alternative and every provider of a virtual name counts; versions are ignored, for what is
 * installed together fits together (classification.md 2.2).
 */
#include "dpkg.h"

/* "libssl3" of "libssl3:any (>= 3.0.0) [amd64] <!nocheck>" */
static struct imp_slice bare_name(struct imp_slice term)
{
	term = imp_slice_trim(term, DPKG_SPACE);
	for (size_t i = 0; i < term.len; i++)
		if (strchr(" \t\r\n:([<", term.data[i]))
			term.len = i;
	return term;
}

static void add_providers(struct dpkg_system *system, struct imp_providers *providers)
{
	for (size_t i = 0; i < system->count; i++) {
		uint32_t package = system->first + (uint32_t)i;
		struct imp_slice provides = system->stanzas[i].provides;
		imp_providers_add(providers, system->stanzas[i].package, package);
		while (provides.len > 0)
			imp_providers_add(providers,
					  bare_name(imp_slice_cut(&provides, ',')),
					  package);
	}
	imp_providers_sort(providers);
}

struct needs {
	struct dpkg_system *system;
	const struct imp_providers *providers;
	uint32_t package;
	uint32_t choice;
	bool full; /* no more dependencies are taken */
};

static void add_alternative(struct needs *needs, struct imp_slice name,
			    enum imp_dependency_kind kind)
{
	size_t count;

	if (name.len == 0)
		return;
	const struct imp_provider *found =
		imp_providers_find(needs->providers, name, &count);

	for (size_t i = 0; i < count && !needs->full; i++)
		needs->full =
			!imp_inventory_need(needs->system->inventory, needs->package,
					    found[i].package, kind, needs->choice);
}

static void add_field(struct needs *needs, struct imp_slice field,
		      enum imp_dependency_kind kind)
{
	while (field.len > 0 && !needs->full) {
		struct imp_slice requirement = imp_slice_cut(&field, ',');
		while (requirement.len > 0 && !needs->full)
			add_alternative(
				needs, bare_name(imp_slice_cut(&requirement, '|')), kind);
		needs->choice++;
	}
}

static bool is_runtime_library(struct dpkg_system *system, uint32_t package,
			       struct imp_slice source)
{
	if (package == IMP_NONE)
		return false;
	const struct imp_package *library = imp_inventory_get(system->inventory, package);
	return imp_slice_starts(library->name, IMP_SLICE("lib")) &&
	       !imp_slice_ends(library->name, IMP_SLICE("-dev")) &&
	       imp_slice_equal(library->source, source);
}

/* The library that a -dev package is for: its first dependency lib* built from its own source. */
static void find_twin(struct dpkg_system *system, uint32_t package,
		      struct imp_slice depends)
{
	struct imp_package *dev = imp_inventory_get(system->inventory, package);

	if (!imp_slice_ends(dev->name, IMP_SLICE("-dev")))
		return;
	while (depends.len > 0) {
		struct imp_slice requirement = imp_slice_cut(&depends, ',');
		uint32_t library = imp_dpkg_find(
			system, bare_name(imp_slice_cut(&requirement, '|')));
		if (is_runtime_library(system, library, dev->source)) {
			dev->twin = library;
			return;
		}
	}
}

void imp_dpkg_read_depends(struct dpkg_system *system)
{
	imp_auto(imp_providers_finish) struct imp_providers providers = {0};
	struct needs needs = {.system = system, .providers = &providers};

	add_providers(system, &providers);
	for (size_t i = 0; i < system->count; i++) {
		const struct dpkg_stanza *stanza = &system->stanzas[i];
		needs.package = system->first + (uint32_t)i;
		needs.choice = 0;
		add_field(&needs, stanza->pre_depends, IMP_DEPENDENCY_HARD);
		add_field(&needs, stanza->depends, IMP_DEPENDENCY_HARD);
		add_field(&needs, stanza->recommends, IMP_DEPENDENCY_RECOMMENDS);
		add_field(&needs, stanza->suggests, IMP_DEPENDENCY_SUGGESTS);
		find_twin(system, needs.package, stanza->depends);
	}
}
