/*
 * Packages of an image from a few lines of text (stack.h), shown as text, so that a case
 * compares everything at once:
 *
 *	package MANAGER NAME VERSION [root dev] tool=TOOL
 *	needs FROM TO KIND
 *	PATH OWNER [also OWNER...]
 */
#pragma once

#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/package.h"
#include "imgprof/strbuf.h"

#include "case.h"
#include "stack.h"

struct languages {
	struct stack stack;
	struct imp_tree *tree;
	struct imp_contents *contents;
	struct imp_image image;
	struct imp_arena *arena;
	struct imp_packages packages;
};

static inline struct languages *languages_read(const char *layers)
{
	struct languages *l = imp_xcalloc(1, sizeof(*l));
	struct imp_error err = {0};

	imp_json_init();
	l->arena = imp_arena_create();
	l->image.platform = (struct imp_platform){"linux", "amd64", ""};
	stack_read(&l->stack, layers);
	assert_ok(imp_tree_build(l->stack.profiles, l->stack.count, &imp_limits_default,
				 NULL, &l->tree, &err),
		  &err);
	l->contents = imp_contents_create(l->tree, l->stack.profiles);
	struct imp_packages_input input = {l->tree, l->contents, &l->image,
					   &imp_limits_default};
	imp_packages_read(&input, l->arena, &l->packages);
	return l;
}

static inline void languages_destroy(struct languages *l)
{
	if (!l)
		return;
	imp_contents_destroy(l->contents);
	imp_tree_destroy(l->tree);
	stack_finish(&l->stack);
	imp_arena_destroy(l->arena);
	free(l);
}
IMP_DEFINE_DESTROY(languages);

static inline const struct imp_package *
languages_package(const struct languages *l, enum imp_manager manager, const char *name)
{
	uint32_t place = imp_packages_find(&l->packages, manager, imp_slice_of(name));

	if (place == IMP_NONE)
		fail_msg("no package %s", name);
	return &l->packages.list[place];
}

static inline void languages_show_package(const struct imp_package *package,
					  struct imp_strbuf *out)
{
	static const struct {
		unsigned flag;
		const char *name;
	} flags[] = {{IMP_PACKAGE_ROOT, " root"}, {IMP_PACKAGE_DEV, " dev"}};

	imp_strbuf_printf(out, "package %s ", imp_manager_name(package->manager));
	imp_strbuf_add_slice(out, package->name);
	imp_strbuf_add_char(out, ' ');
	imp_strbuf_add_slice(out, package->version);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (package->flags & flags[i].flag)
			imp_strbuf_add_text(out, flags[i].name);
	if (package->tool[0])
		imp_strbuf_printf(out, " tool=%s", package->tool);
	imp_strbuf_add_char(out, '\n');
}

static inline void languages_show_needs(const struct languages *l, struct imp_strbuf *out)
{
	static const char *const kinds[] = {"hard", "recommends", "suggests", "peer"};

	for (size_t p = 0; p < l->packages.count; p++) {
		const struct imp_package *from = &l->packages.list[p];
		for (uint32_t i = 0; i < from->dependency_count; i++) {
			const struct imp_dependency *needed =
				&l->packages.dependencies[from->first_dependency + i];
			imp_strbuf_add_text(out, "needs ");
			imp_strbuf_add_slice(out, from->name);
			imp_strbuf_add_char(out, ' ');
			imp_strbuf_add_slice(out, l->packages.list[needed->to].name);
			imp_strbuf_printf(out, " %s\n", kinds[needed->kind]);
		}
	}
}

static inline void languages_show_owners(const struct languages *l,
					 struct imp_strbuf *out)
{
	for (uint32_t n = 0; n != IMP_NONE; n = imp_tree_next(l->tree, n, true)) {
		uint32_t file = imp_tree_file_at(l->tree, n);
		if (file == IMP_NONE || imp_tree_record(l->tree, file)->node != n)
			continue;
		uint32_t owner = l->packages.owner_of[file];
		imp_tree_path(l->tree, n, out);
		imp_strbuf_add_char(out, ' ');
		if (owner == IMP_NONE)
			imp_strbuf_add_char(out, '-');
		else
			imp_strbuf_add_slice(out, l->packages.list[owner].name);
		for (size_t i = 0; i < l->packages.also_count; i++)
			if (l->packages.also[i].record == file) {
				imp_strbuf_add_text(out, " also ");
				imp_strbuf_add_slice(
					out, l->packages.list[l->packages.also[i].package]
						     .name);
			}
		imp_strbuf_add_char(out, '\n');
	}
}

static inline void languages_compare(const char *what, const struct imp_strbuf *found,
				     const char *expected, const char *file, int line)
{
	if (expected && !imp_slice_is(imp_strbuf_slice(found), expected)) {
		print_error("%s:%d: %s:\n%.*s--- expected:\n%s", file, line, what,
			    (int)found->len, found->data ? found->data : "", expected);
		_fail(file, line);
	}
}

struct languages_case {
	const char *layers;
	const char *packages, *needs, *owners; /* NULL: not compared */
};

static inline void languages_expect(const struct languages_case *wanted, const char *file,
				    int line)
{
	imp_auto_destroy(languages) struct languages *l = languages_read(wanted->layers);
	imp_auto(imp_strbuf_finish) struct imp_strbuf packages = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf needs = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf owners = {0};

	for (size_t i = 0; i < l->packages.count; i++)
		languages_show_package(&l->packages.list[i], &packages);
	languages_show_needs(l, &needs);
	languages_show_owners(l, &owners);
	languages_compare("packages", &packages, wanted->packages, file, line);
	languages_compare("needs", &needs, wanted->needs, file, line);
	languages_compare("owners", &owners, wanted->owners, file, line);
}
#define expect(...) \
	languages_expect(&(struct languages_case){__VA_ARGS__}, __FILE__, __LINE__)
