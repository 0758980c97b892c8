#include "imgprof/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "imgprof/arena.h"
#include "imgprof/near.h"

enum { MAX_BYTES = 1 << 20, MAX_KEYS = 64 };

const char *const imp_config_keys[IMP_CONFIG_KEYS + 1] = {"version", "rules", "images",
							  "defaults", NULL};

static const yaml_node_t *raw(const struct imp_yaml_node *node)
{
	return (const yaml_node_t *)node;
}

static const struct imp_yaml_node *get(const struct imp_yaml *yaml, int index)
{
	return (const struct imp_yaml_node *)yaml_document_get_node(yaml->document,
								    index);
}

static int load(yaml_parser_t *parser, yaml_document_t *document, const char *name,
		struct imp_error *err)
{
	if (yaml_parser_load(parser, document))
		return 0;
	imp_fail(err, IMP_E_USAGE, "no YAML: %s",
		 parser->problem ? parser->problem : "cannot be read");
	return imp_wrap(err, "%s:%zu:%zu", name, parser->problem_mark.line + 1,
			parser->problem_mark.column + 1);
}

/* What stands behind the first document would be left out without a word. */
static int check_end(yaml_parser_t *parser, const char *name, struct imp_error *err)
{
	yaml_document_t more;
	int rc = load(parser, &more, name, err);

	if (rc < 0)
		return rc;
	const yaml_node_t *root = yaml_document_get_root_node(&more);
	if (root) {
		imp_fail(err, IMP_E_USAGE, "a second document: one is read");
		rc = imp_wrap(err, "%s:%zu:%zu", name, root->start_mark.line + 1,
			      root->start_mark.column + 1);
	}
	yaml_document_delete(&more);
	return rc;
}

int imp_yaml_parse(struct imp_slice text, const char *name, imp_yaml_read *read,
		   void *user, struct imp_error *err)
{
	yaml_document_t document;
	yaml_parser_t parser;

	if (text.len > MAX_BYTES)
		return imp_fail(err, IMP_E_USAGE, "%s: more than %d bytes", name,
				MAX_BYTES);
	if (!yaml_parser_initialize(&parser))
		imp_die_of_memory(sizeof(parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
	int rc = load(&parser, &document, name, err);
	if (rc == 0) {
		struct imp_yaml yaml = {&document, name, err};
		const void *root = yaml_document_get_root_node(&document);
		rc = root ? check_end(&parser, name, err) : 0;
		if (rc == 0 && root)
			rc = read(&yaml, root, user);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	return rc;
}

uint32_t imp_yaml_line(const struct imp_yaml_node *node)
{
	return (uint32_t)raw(node)->start_mark.line + 1;
}

uint32_t imp_yaml_column(const struct imp_yaml_node *node)
{
	return (uint32_t)raw(node)->start_mark.column + 1;
}

int imp_yaml_place(const struct imp_yaml *yaml, const struct imp_yaml_node *node)
{
	return imp_wrap(yaml->err, "%s:%u:%u", yaml->name, imp_yaml_line(node),
			imp_yaml_column(node));
}

int imp_yaml_mistake(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		     const char *format, ...)
{
	char message[256];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	imp_fail(yaml->err, IMP_E_USAGE, "%s", message);
	return imp_yaml_place(yaml, node);
}

static yaml_node_type_t type_of(enum imp_yaml_kind kind)
{
	static const yaml_node_type_t types[] = {
		[IMP_YAML_TEXT] = YAML_SCALAR_NODE,
		[IMP_YAML_LIST] = YAML_SEQUENCE_NODE,
		[IMP_YAML_MAP] = YAML_MAPPING_NODE,
	};
	return types[kind];
}

bool imp_yaml_is(const struct imp_yaml_node *node, enum imp_yaml_kind kind)
{
	return raw(node)->type == type_of(kind);
}

static int want(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		enum imp_yaml_kind kind)
{
	static const char *const names[] = {
		[IMP_YAML_TEXT] = "a text",
		[IMP_YAML_LIST] = "a list",
		[IMP_YAML_MAP] = "keys with values",
	};
	return imp_yaml_is(node, kind)
		       ? 0
		       : imp_yaml_mistake(yaml, node, "expected %s here", names[kind]);
}

int imp_yaml_text(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		  struct imp_slice *out)
{
	int rc = want(yaml, node, IMP_YAML_TEXT);

	if (rc < 0)
		return rc;
	*out = imp_slice((const char *)raw(node)->data.scalar.value,
			 raw(node)->data.scalar.length);
	if (memchr(out->data, '\t', out->len) || memchr(out->data, '\n', out->len) ||
	    memchr(out->data, '\0', out->len))
		return imp_yaml_mistake(yaml, node,
					"a tab, a line's end or a NUL in a text");
	return 0;
}

int imp_yaml_bool(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		  bool *out)
{
	struct imp_slice text;
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc < 0)
		return rc;
	*out = imp_slice_is(text, "true");
	if (!*out && !imp_slice_is(text, "false"))
		return imp_yaml_mistake(yaml, node, "'%.*s': true or false",
					(int)text.len, text.data);
	return 0;
}

int imp_yaml_each(const struct imp_yaml *yaml, const struct imp_yaml_node *list,
		  imp_yaml_item *each, void *user)
{
	int rc = want(yaml, list, IMP_YAML_LIST);

	for (const yaml_node_item_t *item = rc < 0 ? NULL
						   : raw(list)->data.sequence.items.start;
	     rc == 0 && item < raw(list)->data.sequence.items.top; item++)
		rc = each(yaml, get(yaml, *item), user);
	return rc;
}

int imp_yaml_each_pair(const struct imp_yaml *yaml, const struct imp_yaml_node *map,
		       imp_yaml_pair *each, void *user)
{
	int rc = want(yaml, map, IMP_YAML_MAP);

	for (const yaml_node_pair_t *pair = rc < 0 ? NULL
						   : raw(map)->data.mapping.pairs.start;
	     rc == 0 && pair < raw(map)->data.mapping.pairs.top; pair++)
		rc = each(yaml, get(yaml, pair->key), get(yaml, pair->value), user);
	return rc;
}

static int find_key(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		    const char *const *keys, size_t *out)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc < 0)
		return rc;
	for (*out = 0; keys[*out]; ++*out)
		if (imp_slice_is(text, keys[*out]))
			return 0;
	const char *near = imp_nearest(text, keys);
	imp_yaml_mistake(yaml, node, "unknown key '%.*s'", (int)text.len, text.data);
	return near ? imp_hint(yaml->err, "did you mean %s?", near) : IMP_E_USAGE;
}

struct members {
	const char *const *keys;
	imp_yaml_member *each;
	void *user;
	bool seen[MAX_KEYS];
};

static int read_member(const struct imp_yaml *yaml, const struct imp_yaml_node *key,
		       const struct imp_yaml_node *value, void *user)
{
	struct members *members = user;
	size_t number = 0;
	int rc = find_key(yaml, key, members->keys, &number);

	if (rc < 0)
		return rc;
	if (number < MAX_KEYS && members->seen[number])
		return imp_yaml_mistake(yaml, key, "'%s' stands here twice",
					members->keys[number]);
	if (number < MAX_KEYS)
		members->seen[number] = true;
	return members->each(yaml, number, value, members->user);
}

int imp_yaml_members(const struct imp_yaml *yaml, const struct imp_yaml_node *map,
		     const char *const *keys, imp_yaml_member *each, void *user)
{
	struct members members = {.keys = keys, .each = each, .user = user};

	return imp_yaml_each_pair(yaml, map, read_member, &members);
}
