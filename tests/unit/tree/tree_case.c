#include "tree_case.h"

#include <inttypes.h>

static void add_path(struct imp_strbuf *out, const struct imp_tree *tree, uint32_t node)
{
	if (node == 0)
		imp_strbuf_add_text(out, ".");
	imp_tree_path(tree, node, out);
}

static void add_changes(struct imp_strbuf *out, unsigned change)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
		{IMP_CHANGE_MODE, " mode"},
		{IMP_CHANGE_OWNER, " owner"},
		{IMP_CHANGE_TIME, " mtime"},
		{IMP_CHANGE_XATTRS, " xattrs"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (change & names[i].bit)
			imp_strbuf_add_text(out, names[i].name);
}

static void add_instances(struct imp_strbuf *out, const struct imp_tree *tree)
{
	for (uint32_t i = 0; i < imp_tree_record_count(tree); i++) {
		const struct imp_record *record = imp_tree_record(tree, i);
		if (record->type != IMP_ENTRY_FILE)
			continue;
		imp_strbuf_printf(out, "%u ", record->layer);
		add_path(out, tree, record->node);
		imp_strbuf_printf(out, " %s", imp_fate_name((enum imp_fate)record->fate));
		if (record->hidden_by != IMP_NOT_HIDDEN)
			imp_strbuf_printf(out, " %u", record->hidden_by);
		add_changes(out, record->change);
		imp_strbuf_add_char(out, '\n');
	}
}

static void add_shown(struct imp_strbuf *out, const struct imp_tree *tree, uint32_t node)
{
	const struct imp_node *n = imp_tree_node(tree, node);

	imp_tree_path(tree, node, out);
	imp_strbuf_printf(out, "%s %u", n->directory ? "/" : "", n->layer);
	if (n->shown == IMP_NONE) {
		imp_strbuf_add_text(out, " implied\n");
		return;
	}
	const struct imp_record *record = imp_tree_record(tree, n->shown);
	if (record->type == IMP_ENTRY_HARDLINK) {
		imp_strbuf_add_text(out, " = ");
		if (record->group == IMP_NONE)
			imp_strbuf_add_text(out, "nothing");
		else
			add_path(out, tree, imp_tree_record(tree, record->group)->node);
	}
	if (record->type == IMP_ENTRY_SYMLINK) {
		imp_strbuf_add_text(out, " -> ");
		imp_strbuf_add_slice(out, imp_tree_text(tree, record->link));
	}
	imp_strbuf_add_char(out, '\n');
}

static void add_shows(struct imp_strbuf *out, const struct imp_tree *tree)
{
	for (uint32_t n = 0; n != IMP_NONE; n = imp_tree_next(tree, n, true))
		if (n != 0 && imp_tree_node(tree, n)->live)
			add_shown(out, tree, n);
}

static void add_warnings(struct imp_strbuf *out, const struct imp_warnings *warnings)
{
	for (size_t i = 0; i < imp_warnings_count(warnings); i++) {
		const struct imp_warning *warning = imp_warnings_get(warnings, i);
		imp_strbuf_printf(out, "%d %s ", warning->layer, warning->code);
		imp_strbuf_add_slice(out, warning->path);
		imp_strbuf_add_char(out, '\n');
	}
}

static void compare(const char *what, struct imp_strbuf *found, const char *expected,
		    const char *file, int line)
{
	imp_strbuf_add(found, "", 0);
	if (strcmp(found->data, expected) != 0)
		fail_msg("%s:%d: %s:\n%sexpected:\n%s", file, line, what, found->data,
			 expected);
	imp_strbuf_finish(found);
}

void tree_expect(const char *layers, const struct tree_expectation *expected,
		 const char *file, int line)
{
	struct imp_strbuf instances = {0}, shows = {0}, warned = {0};
	struct imp_warnings *warnings = imp_warnings_create();
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;
	struct stack stack;

	stack_read(&stack, layers);
	assert_ok(imp_tree_build(stack.profiles, stack.count, &imp_limits_default,
				 warnings, &tree, &err),
		  &err);
	assert_ok(imp_tree_check(tree, stack.profiles, &err), &err);
	stack_finish(&stack);

	add_instances(&instances, tree);
	add_shows(&shows, tree);
	add_warnings(&warned, warnings);
	imp_tree_destroy(tree);
	imp_warnings_destroy(warnings);
	if (expected->instances)
		compare("instances", &instances, expected->instances, file, line);
	if (expected->shows)
		compare("shows", &shows, expected->shows, file, line);
	compare("warnings", &warned, expected->warnings ? expected->warnings : "", file,
		line);
	imp_strbuf_finish(&instances);
	imp_strbuf_finish(&shows);
}

struct imp_tree *tree_of(const char *layers)
{
	struct imp_error err = {0};
	struct imp_tree *tree = NULL;
	struct stack stack;

	stack_read(&stack, layers);
	assert_ok(imp_tree_build(stack.profiles, stack.count, &imp_limits_default, NULL,
				 &tree, &err),
		  &err);
	assert_ok(imp_tree_check(tree, stack.profiles, &err), &err);
	stack_finish(&stack);
	return tree;
}

uint32_t tree_node_at(const struct imp_tree *tree, const char *path)
{
	uint32_t node = imp_tree_find(tree, imp_slice_of(path));

	if (node == IMP_NONE)
		fail_msg("no node %s", path);
	return node;
}

const struct imp_record *tree_record_at(const struct imp_tree *tree, const char *path)
{
	uint32_t record = imp_tree_node(tree, tree_node_at(tree, path))->newest;

	if (record == IMP_NONE)
		fail_msg("no record at %s", path);
	return imp_tree_record(tree, record);
}
