#include "language_case.h"

#include "imgprof/json.h"

void packages_read(struct packages_image *image, const struct stack *stack,
		   const char *architecture)
{
	struct imp_error err = {0};

	imp_json_init();
	*image = (struct packages_image){.arena = imp_arena_create()};
	image->image.platform = (struct imp_platform){
		.os = "linux",
		.architecture = architecture ? architecture : "amd64",
		.variant = "",
	};
	assert_ok(imp_tree_build(stack->profiles, stack->count, &imp_limits_default, NULL,
				 &image->tree, &err),
		  &err);
	image->contents = imp_contents_create(image->tree, stack->profiles);
	struct imp_packages_input input = {
		.tree = image->tree,
		.contents = image->contents,
		.image = &image->image,
		.limits = &imp_limits_default,
	};
	imp_packages_read(&input, image->arena, &image->packages);
}

void packages_finish(struct packages_image *image)
{
	imp_contents_destroy(image->contents);
	imp_tree_destroy(image->tree);
	imp_arena_destroy(image->arena);
}

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

static void add_home(const struct packages_image *image, struct imp_strbuf *out,
		     const struct imp_package *package)
{
	if (package->home == IMP_NONE)
		imp_strbuf_add_char(out, '-');
	else
		imp_tree_path(image->tree, package->home, out);
}

void packages_add_list(const struct packages_image *image, struct imp_strbuf *out)
{
	for (size_t i = 0; i < image->packages.count; i++) {
		const struct imp_package *package = &image->packages.list[i];
		imp_strbuf_add_text(out, imp_manager_name(package->manager));
		if (package->tool[0])
			imp_strbuf_printf(out, "/%s", package->tool);
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, package->name);
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, package->version);
		imp_strbuf_add_char(out, ' ');
		add_home(image, out, package);
		add_flags(out, package->flags);
		imp_strbuf_add_char(out, '\n');
	}
}

/* By name; by home when another has the name. */
static void add_name(const struct packages_image *image, struct imp_strbuf *out,
		     uint32_t package)
{
	const struct imp_packages *packages = &image->packages;
	const struct imp_package *named = &packages->list[package];
	bool before = package > 0 &&
		      imp_slice_equal(packages->list[package - 1].name, named->name);
	bool after = package + 1 < packages->count &&
		     imp_slice_equal(packages->list[package + 1].name, named->name);

	if (before || after)
		add_home(image, out, named);
	else
		imp_strbuf_add_slice(out, named->name);
}

static void add_needs(const struct packages_image *image, struct imp_strbuf *out)
{
	static const char *const kinds[] = {
		[IMP_DEPENDENCY_HARD] = "",
		[IMP_DEPENDENCY_RECOMMENDS] = " recommends",
		[IMP_DEPENDENCY_SUGGESTS] = " suggests",
		[IMP_DEPENDENCY_PEER] = " peer",
	};

	for (uint32_t i = 0; i < image->packages.count; i++) {
		const struct imp_package *package = &image->packages.list[i];
		for (uint32_t k = 0; k < package->dependency_count; k++) {
			const struct imp_dependency *dependency =
				&image->packages
					 .dependencies[package->first_dependency + k];
			add_name(image, out, i);
			imp_strbuf_add_text(out, " > ");
			add_name(image, out, dependency->to);
			imp_strbuf_printf(out, "%s\n", kinds[dependency->kind]);
		}
	}
}

static void add_owners(const struct packages_image *image, struct imp_strbuf *out)
{
	for (uint32_t n = 0; n != IMP_NONE; n = imp_tree_next(image->tree, n, true)) {
		uint32_t file = imp_tree_file_at(image->tree, n);
		if (file == IMP_NONE || image->packages.owner_of[file] == IMP_NONE)
			continue;
		imp_tree_path(image->tree, n, out);
		imp_strbuf_add_char(out, ' ');
		add_name(image, out, image->packages.owner_of[file]);
		imp_strbuf_add_char(out, '\n');
	}
}

static void add_unreadable(const struct packages_image *image, struct imp_strbuf *out)
{
	for (size_t i = 0; i < image->packages.unreadable_count; i++) {
		imp_strbuf_add_slice(out, image->packages.unreadable[i].path);
		imp_strbuf_printf(out, ": %s\n", image->packages.unreadable[i].reason);
	}
}

static void add_purls(const struct packages_image *image, struct imp_strbuf *out)
{
	for (size_t i = 0; i < image->packages.count; i++)
		imp_strbuf_printf(out, "%s\n",
				  image->packages.list[i].purl
					  ? image->packages.list[i].purl
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
	struct packages_image image;
	struct stack stack;

	stack_read(&stack, layers);
	packages_read(&image, &stack, expected->architecture);
	packages_add_list(&image, &found);
	compare("packages", &found, expected->packages, file, line);
	add_needs(&image, &found);
	compare("needs", &found, expected->needs, file, line);
	add_owners(&image, &found);
	compare("owners", &found, expected->owners, file, line);
	add_purls(&image, &found);
	compare("purls", &found, expected->purls, file, line);
	add_unreadable(&image, &found);
	compare("unreadable", &found, expected->unreadable ? expected->unreadable : "",
		file, line);
	packages_finish(&image);
	stack_finish(&stack);
}
