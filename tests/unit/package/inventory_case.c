#include "inventory_case.h"

#include "imgprof/json.h"

void inventory_lines(struct inventory_case *c, const char *lines)
{
	if (c->text.len == 0)
		imp_strbuf_add_text(&c->text, "layer\n");
	imp_strbuf_add_text(&c->text, lines);
}

void inventory_bytes(struct inventory_case *c, const char *path, struct imp_slice content)
{
	inventory_lines(c, "text ");
	imp_strbuf_printf(&c->text, "%s ", path);
	for (size_t i = 0; i < content.len; i++) {
		unsigned char byte = (unsigned char)content.data[i];
		if (byte > ' ' && byte < 0x7f && byte != '\\')
			imp_strbuf_add_char(&c->text, (char)byte);
		else
			imp_strbuf_printf(&c->text, "\\x%02x", byte);
	}
	imp_strbuf_add_char(&c->text, '\n');
}

void inventory_file(struct inventory_case *c, const char *path, const char *content)
{
	inventory_bytes(c, path, imp_slice_of(content));
}

void inventory_copy(struct inventory_case *c, const char *path, const char *name)
{
	inventory_lines(c, "");
	imp_strbuf_printf(&c->text, "copy %s %s/%s\n", path, TESTDATA, name);
}

static void check_sums(const struct inventory_case *c)
{
	struct imp_sum live = imp_tree_live(c->tree, 0), sum = c->packages.unowned;

	for (size_t i = 0; i < c->packages.count; i++) {
		sum.files += c->packages.list[i].sum.files;
		sum.disk_bytes += c->packages.list[i].sum.disk_bytes;
		sum.pull_bytes += c->packages.list[i].sum.pull_bytes;
	}
	assert_int_equal(sum.files, live.files);
	assert_int_equal(sum.disk_bytes, live.disk_bytes);
	assert_int_equal(sum.pull_bytes, live.pull_bytes);
}

void inventory_read_stack(struct inventory_case *c, const struct imp_reader *readers)
{
	struct imp_error err = {0};

	imp_json_init();
	assert_ok(imp_tree_build(c->stack.profiles, c->stack.count, &imp_limits_default,
				 NULL, &c->tree, &err),
		  &err);
	c->contents = imp_contents_create(c->tree, c->stack.profiles);
	c->arena = imp_arena_create();
	if (c->limits.nodes == 0)
		c->limits = imp_limits_default;
	if (!c->image.platform.os)
		c->image.platform = (struct imp_platform){"linux", "amd64", ""};
	imp_inventory_run(readers,
			  &(struct imp_packages_input){
				  .tree = c->tree,
				  .contents = c->contents,
				  .image = &c->image,
				  .limits = &c->limits,
			  },
			  c->arena, &c->packages);
	check_sums(c);
}

void inventory_read_with(struct inventory_case *c, const struct imp_reader *readers)
{
	inventory_lines(c, "");
	stack_read(&c->stack, c->text.data);
	inventory_read_stack(c, readers);
}

void inventory_read(struct inventory_case *c)
{
	inventory_read_with(c, imp_readers);
}

void inventory_load(struct inventory_case *c, const char *layers)
{
	stack_read(&c->stack, layers);
	inventory_read_stack(c, imp_readers);
}

void inventory_finish(struct inventory_case *c)
{
	imp_contents_destroy(c->contents);
	imp_tree_destroy(c->tree);
	imp_arena_destroy(c->arena);
	stack_finish(&c->stack);
	imp_strbuf_finish(&c->text);
}

uint32_t inventory_find(const struct inventory_case *c, enum imp_manager manager,
			const char *name)
{
	uint32_t p = imp_packages_find(&c->packages, manager, imp_slice_of(name));

	if (p == IMP_NONE)
		fail_msg("no package %s:%s", imp_manager_name(manager), name);
	return p;
}

const struct imp_package *inventory_package(const struct inventory_case *c,
					    enum imp_manager manager, const char *name)
{
	return &c->packages.list[inventory_find(c, manager, name)];
}

bool inventory_knows_roots(const struct inventory_case *c, enum imp_manager manager)
{
	bool known = false;

	for (size_t p = 0; p < c->packages.count; p++)
		known = known || (c->packages.list[p].manager == manager &&
				  c->packages.knows_roots[c->packages.list[p].group]);
	return known;
}

static void add_name(struct imp_strbuf *out, const struct inventory_case *c, uint32_t p)
{
	const struct imp_package *package = &c->packages.list[p];

	imp_strbuf_printf(out, "%s:", imp_manager_name(package->manager));
	imp_strbuf_add_slice(out, package->name);
}

static uint32_t file_at(const struct inventory_case *c, const char *path)
{
	uint32_t node = imp_tree_find(c->tree, imp_slice_of(path));
	uint32_t file = node == IMP_NONE ? IMP_NONE : imp_tree_file_at(c->tree, node);

	if (file == IMP_NONE)
		fail_msg("no file %s", path);
	return file;
}

static void compare(struct imp_strbuf *found, const char *expected, const char *what)
{
	imp_strbuf_add(found, "", 0);
	if (strcmp(imp_strbuf_slice(found).data, expected) != 0)
		fail_msg("%s: '%s', expected '%s'", what, imp_strbuf_slice(found).data,
			 expected);
	imp_strbuf_finish(found);
}

void inventory_expect_owner(const struct inventory_case *c, const char *path,
			    const char *owner)
{
	struct imp_strbuf found = {0};
	uint32_t p = c->packages.owner_of[file_at(c, path)];

	if (p != IMP_NONE)
		add_name(&found, c, p);
	compare(&found, owner, path);
}

void inventory_expect_also(const struct inventory_case *c, const char *path,
			   const char *also)
{
	struct imp_strbuf found = {0};
	uint32_t file = file_at(c, path);

	for (size_t i = 0; i < c->packages.also_count; i++) {
		if (c->packages.also[i].record != file)
			continue;
		if (found.len > 0)
			imp_strbuf_add_char(&found, ' ');
		add_name(&found, c, c->packages.also[i].package);
	}
	compare(&found, also, path);
}

void inventory_expect_needs(const struct inventory_case *c, enum imp_manager manager,
			    const char *name, const char *needs)
{
	const struct imp_package *from = inventory_package(c, manager, name);
	struct imp_strbuf found = {0};

	for (uint32_t i = 0; i < from->dependency_count; i++) {
		const struct imp_dependency *to =
			&c->packages.dependencies[from->first_dependency + i];
		bool weak = to->kind == IMP_DEPENDENCY_RECOMMENDS ||
			    to->kind == IMP_DEPENDENCY_SUGGESTS;
		if (i > 0)
			imp_strbuf_add_char(&found,
					    to->choice == to[-1].choice ? '|' : ' ');
		imp_strbuf_add_text(&found, weak ? "(" : "");
		imp_strbuf_add_slice(&found, c->packages.list[to->to].name);
		imp_strbuf_add_text(&found, weak ? ")" : "");
	}
	compare(&found, needs, name);
}

void inventory_expect_unreadable(const struct inventory_case *c, const char *paths)
{
	struct imp_strbuf found = {0};

	for (size_t i = 0; i < c->packages.unreadable_count; i++) {
		imp_strbuf_add_slice(&found, c->packages.unreadable[i].path);
		imp_strbuf_add_char(&found, ' ');
	}
	compare(&found, paths, "unreadable");
}
