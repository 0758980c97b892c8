/*
 * Requirements are capabilities: names, "libc.so.6()(64bit)", "/bin/sh", and since rpm 4.13
 * expressions "(a or b)", whose names are taken as ways to meet one requirement. Versions are ignored.
 */
#include "rpm.h"

static void add_providers(struct rpm_system *system)
{
	for (size_t i = 0; i < system->count; i++) {
		const struct rpm_package *package = &system->packages[i];
		struct rpm_strings names =
			imp_rpm_strings(&package->header, RPM_PROVIDES);
		struct imp_slice name;
		imp_providers_add(&system->providers,
				  imp_rpm_string(&package->header, RPM_NAME),
				  package->number);
		while (imp_rpm_strings_next(&names, &name))
			if (name.len > 0)
				imp_providers_add(&system->providers, name,
						  package->number);
	}
	imp_rpm_provide_files(system);
	imp_providers_sort(&system->providers);
}

struct needs {
	struct rpm_system *system;
	uint32_t package;
	uint32_t choice;
	enum imp_dependency_kind kind;
	bool reversed; /* Supplements: what is named recommends the package */
	bool full;
};

static void add_need(struct needs *needs, uint32_t other)
{
	struct imp_inventory *inventory = needs->system->inventory;

	/* A reversed one gets a number that the other's own requirements do not reach. */
	bool room = needs->reversed
			    ? imp_inventory_need(inventory, other, needs->package,
						 needs->kind, UINT32_MAX - needs->package)
			    : imp_inventory_need(inventory, needs->package, other,
						 needs->kind, needs->choice);
	needs->full = needs->full || !room;
}

static void add_name(struct needs *needs, struct imp_slice name)
{
	struct rpm_system *system = needs->system;
	size_t count;
	const struct imp_provider *found =
		imp_providers_find(&system->providers, name, &count);

	for (size_t i = 0; i < count && !needs->full; i++)
		add_need(needs, found[i].package);
	/* listed by nobody under this name: /bin/x where /bin has become a symlink */
	if (count == 0 && imp_slice_starts(name, IMP_SLICE("/")))
		add_need(needs,
			 imp_inventory_owner(system->inventory,
					     imp_paths_node(&system->paths, name)));
}

/* "(b" is b, "c)" is c, "libx(64bit))" is libx(64bit). */
static struct imp_slice strip_brackets(struct imp_slice word)
{
	size_t open = 0, closed = 0;

	while (word.len > 0 && word.data[0] == '(')
		word = imp_slice_skip(word, 1);
	for (size_t i = 0; i < word.len; i++) {
		open += word.data[i] == '(';
		closed += word.data[i] == ')';
	}
	for (; closed > open && word.len > 0; closed--)
		word.len--;
	return word;
}

static bool is_operator(struct imp_slice word)
{
	static const char *const words[] = {"and",  "or",      "if",    "else",
					    "with", "without", "unless"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (imp_slice_is(word, words[i]))
			return true;
	return false;
}

bool imp_rpm_name_next(struct imp_slice *requirement, struct imp_slice *out)
{
	while (requirement->len > 0) {
		struct imp_slice word = imp_slice_cut(requirement, ' ');
		if (word.len > 0 && strchr("<>=", word.data[0])) {
			imp_slice_cut(requirement, ' '); /* the version */
		} else if (word.len > 0 && !is_operator(word)) {
			*out = strip_brackets(word);
			return true;
		}
	}
	return false;
}

static void add_tag(struct needs *needs, const struct rpm_header *header,
		    enum rpm_tag tag)
{
	struct rpm_strings requirements = imp_rpm_strings(header, tag);
	struct imp_slice requirement, name;

	for (; !needs->full && imp_rpm_strings_next(&requirements, &requirement);
	     needs->choice++) {
		if (imp_slice_starts(requirement, IMP_SLICE("rpmlib(")))
			continue;
		while (!needs->full && imp_rpm_name_next(&requirement, &name))
			add_name(needs, name);
	}
}

/* What a -devel package is for: the package without the suffix, or its libraries. */
static void find_twin(struct rpm_system *system, uint32_t package)
{
	static const char *const suffixes[] = {"", "-libs"};
	struct imp_package *devel = imp_inventory_get(system->inventory, package);
	struct imp_slice base = devel->name;

	if (!imp_slice_ends(base, IMP_SLICE("-devel")))
		return;
	base.len -= sizeof("-devel") - 1;
	for (size_t i = 0; i < 2 && devel->twin == IMP_NONE; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		size_t count;
		imp_strbuf_add_slice(&name, base);
		imp_strbuf_add_text(&name, suffixes[i]);
		const struct imp_provider *found = imp_providers_find(
			&system->providers, imp_strbuf_slice(&name), &count);
		if (count > 0)
			devel->twin = found[0].package;
	}
}

void imp_rpm_read_depends(struct rpm_system *system)
{
	struct needs needs = {.system = system};

	add_providers(system);
	for (size_t i = 0; i < system->count && !needs.full; i++) {
		const struct rpm_header *header = &system->packages[i].header;
		needs.package = system->packages[i].number;
		needs.choice = 0;
		needs.kind = IMP_DEPENDENCY_HARD;
		add_tag(&needs, header, RPM_REQUIRES);
		needs.kind = IMP_DEPENDENCY_RECOMMENDS;
		add_tag(&needs, header, RPM_RECOMMENDS);
		needs.reversed = true;
		add_tag(&needs, header, RPM_SUPPLEMENTS);
		needs.reversed = false;
		needs.kind = IMP_DEPENDENCY_SUGGESTS;
		add_tag(&needs, header, RPM_SUGGESTS);
		find_twin(system, needs.package);
	}
}
