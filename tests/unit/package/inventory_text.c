/* The packages of an image as text: expect_packages. */
#include "inventory_case.h"

static void add_flags(struct imp_strbuf *out, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} names[] = {
		{IMP_PACKAGE_ROOT, " root"},
		{IMP_PACKAGE_ESSENTIAL, " essential"},
		{IMP_PACKAGE_DEV, " dev"},
		{IMP_PACKAGE_DEV_OPTIONAL, " dev-optional"},
		{IMP_PACKAGE_OPTIONAL, " optional"},
		{IMP_PACKAGE_PEER, " peer"},
		{IMP_PACKAGE_EXTRANEOUS, " extraneous"},
		{IMP_PACKAGE_WEAK, " weak"},
		{IMP_PACKAGE_VIRTUAL, " virtual"},
		{IMP_PACKAGE_DEBUG_SYMBOLS, " debug-symbols"},
		{IMP_PACKAGE_FOREIGN, " foreign"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			imp_strbuf_add_text(out, names[i].name);
}

static void add_home(const struct inventory_case *c, struct imp_strbuf *out,
		     const struct imp_package *package)
{
	if (package->home == IMP_NONE)
		imp_strbuf_add_char(out, '-');
	else
		imp_tree_path(c->tree, package->home, out);
}

static void add_packages(const struct inventory_case *c, struct imp_strbuf *out,
			 bool with_home)
{
	for (size_t i = 0; i < c->packages.count; i++) {
		const struct imp_package *package = &c->packages.list[i];
		imp_strbuf_add_text(out, imp_manager_name(package->manager));
		if (package->tool[0])
			imp_strbuf_printf(out, "/%s", package->tool);
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, package->name);
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, package->version);
		if (with_home) {
			imp_strbuf_add_char(out, ' ');
			add_home(c, out, package);
		}
		add_flags(out, package->flags);
		imp_strbuf_add_char(out, '\n');
	}
}

static bool has_name(const struct inventory_case *c, uint32_t package,
		     struct imp_slice name)
{
	return package < c->packages.count &&
	       imp_slice_equal(c->packages.list[package].name, name);
}

/* By name; when another has the name by home, or "name@version" without one. */
static void add_name(const struct inventory_case *c, struct imp_strbuf *out,
		     uint32_t package)
{
	const struct imp_package *named = &c->packages.list[package];
	bool shared = has_name(c, package - 1, named->name) ||
		      has_name(c, package + 1, named->name);

	if (shared && named->home != IMP_NONE) {
		imp_tree_path(c->tree, named->home, out);
		return;
	}
	imp_strbuf_add_slice(out, named->name);
	if (shared) {
		imp_strbuf_add_char(out, '@');
		imp_strbuf_add_slice(out, named->version);
	}
}

static void add_needs(const struct inventory_case *c, struct imp_strbuf *out)
{
	static const char *const kinds[] = {
		[IMP_DEPENDENCY_HARD] = "",
		[IMP_DEPENDENCY_RECOMMENDS] = " recommends",
		[IMP_DEPENDENCY_SUGGESTS] = " suggests",
		[IMP_DEPENDENCY_PEER] = " peer",
	};

	for (uint32_t i = 0; i < c->packages.count; i++) {
		const struct imp_package *package = &c->packages.list[i];
		for (uint32_t k = 0; k < package->dependency_count; k++) {
			const struct imp_dependency *dependency =
				&c->packages.dependencies[package->first_dependency + k];
			add_name(c, out, i);
			imp_strbuf_add_text(out, " > ");
			add_name(c, out, dependency->to);
			imp_strbuf_printf(out, "%s\n", kinds[dependency->kind]);
		}
	}
}

static void add_others(const struct inventory_case *c, struct imp_strbuf *out,
		       uint32_t file)
{
	for (size_t i = 0; i < c->packages.also_count; i++)
		if (c->packages.also[i].record == file) {
			imp_strbuf_add_text(out, " also ");
			add_name(c, out, c->packages.also[i].package);
		}
}

static void add_owners(const struct inventory_case *c, struct imp_strbuf *out)
{
	for (uint32_t n = 0; n != IMP_NONE; n = imp_tree_next(c->tree, n, true)) {
		uint32_t file = imp_tree_file_at(c->tree, n);
		if (file == IMP_NONE || c->packages.owner_of[file] == IMP_NONE)
			continue;
		imp_tree_path(c->tree, n, out);
		imp_strbuf_add_char(out, ' ');
		add_name(c, out, c->packages.owner_of[file]);
		add_others(c, out, file);
		imp_strbuf_add_char(out, '\n');
	}
}

static void add_unreadable(const struct inventory_case *c, struct imp_strbuf *out)
{
	for (size_t i = 0; i < c->packages.unreadable_count; i++) {
		imp_strbuf_add_slice(out, c->packages.unreadable[i].path);
		imp_strbuf_printf(out, ": %s\n", c->packages.unreadable[i].reason);
	}
}

static void add_purls(const struct inventory_case *c, struct imp_strbuf *out)
{
	for (size_t i = 0; i < c->packages.count; i++)
		imp_strbuf_printf(out, "%s\n",
				  c->packages.list[i].purl ? c->packages.list[i].purl
							   : "-");
}

static void compare(const char *what, struct imp_strbuf *found, const char *expected,
		    const char *file, int line)
{
	imp_strbuf_add(found, "", 0);
	if (expected && strcmp(found->data, expected) != 0)
		fail_msg("%s:%d: %s:\n%sexpected:\n%s", file, line, what, found->data,
			 expected);
	imp_strbuf_reset(found);
}

void packages_expect(const char *layers, const struct packages_expectation *expected,
		     const char *file, int line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf found = {0};
	struct inventory_case c = {0};

	if (expected->architecture)
		c.image.platform =
			(struct imp_platform){"linux", expected->architecture, ""};
	inventory_load(&c, layers);
	add_packages(&c, &found, true);
	compare("packages", &found, expected->packages, file, line);
	add_packages(&c, &found, false);
	compare("names", &found, expected->names, file, line);
	add_needs(&c, &found);
	compare("needs", &found, expected->needs, file, line);
	add_owners(&c, &found);
	compare("owners", &found, expected->owners, file, line);
	add_purls(&c, &found);
	compare("purls", &found, expected->purls, file, line);
	add_unreadable(&c, &found);
	compare("unreadable", &found, expected->unreadable ? expected->unreadable : "",
		file, line);
	inventory_finish(&c);
}
