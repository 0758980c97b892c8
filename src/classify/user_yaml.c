/* The section `rules:` of .imgprof.yaml: the same as the lines of a rules file. */
#include "rules_priv.h"

#include <yaml.h>

#include "imgprof/near.h"

enum { MAX_BYTES = 1 << 20 };

struct reader {
	struct imp_rules *rules;
	yaml_document_t *document;
	const char *name;
	struct imp_error *err;
};

/* NAME:LINE:COLUMN before what is wrong. */
static int place(const struct reader *reader, const yaml_node_t *node)
{
	return imp_wrap(reader->err, "%s:%zu:%zu", reader->name,
			node->start_mark.line + 1, node->start_mark.column + 1);
}

#define mistake(reader, node, ...) \
	(imp_fail((reader)->err, IMP_E_USAGE, __VA_ARGS__), place(reader, node))

static yaml_node_t *get(const struct reader *reader, int index)
{
	return yaml_document_get_node(reader->document, index);
}

static struct imp_slice text_of(const yaml_node_t *node)
{
	return imp_slice((const char *)node->data.scalar.value, node->data.scalar.length);
}

static int want(const struct reader *reader, const yaml_node_t *node,
		yaml_node_type_t type)
{
	static const char *const names[] = {
		[YAML_SCALAR_NODE] = "a text",
		[YAML_SEQUENCE_NODE] = "a list",
		[YAML_MAPPING_NODE] = "keys with values",
	};

	if (node->type == type)
		return 0;
	return mistake(reader, node, "expected %s here", names[type]);
}

/* A text that may stand in a column. */
static int read_text(const struct reader *reader, const yaml_node_t *node,
		     struct imp_slice *out)
{
	int rc = want(reader, node, YAML_SCALAR_NODE);

	if (rc < 0)
		return rc;
	*out = text_of(node);
	if (memchr(out->data, '\t', out->len) || memchr(out->data, '\n', out->len) ||
	    memchr(out->data, '\0', out->len))
		return mistake(reader, node, "a tab, a line's end or a NUL in a text");
	return 0;
}

/* The place of KEY's text in KEYS (ended by NULL). */
static int find_key(const struct reader *reader, const yaml_node_t *key,
		    const char *const *keys, size_t *out)
{
	int rc = want(reader, key, YAML_SCALAR_NODE);

	if (rc < 0)
		return rc;
	struct imp_slice text = text_of(key);
	for (*out = 0; keys[*out]; ++*out)
		if (imp_slice_is(text, keys[*out]))
			return 0;
	const char *near = imp_nearest(text, keys);
	mistake(reader, key, "unknown key '%.*s'", (int)text.len, text.data);
	return near ? imp_hint(reader->err, "did you mean %s?", near) : IMP_E_USAGE;
}

/* Several texts count as one, divided by spaces: patterns. */
static int read_list(const struct reader *reader, const yaml_node_t *node,
		     struct imp_strbuf *out)
{
	struct imp_slice text;
	int rc = 0;

	for (const yaml_node_item_t *item = node->data.sequence.items.start;
	     rc == 0 && item < node->data.sequence.items.top; item++) {
		rc = read_text(reader, get(reader, *item), &text);
		if (rc == 0 && out->len > 0)
			imp_strbuf_add_char(out, ' ');
		if (rc == 0)
			imp_strbuf_add_slice(out, text);
	}
	return rc;
}

static int read_column(const struct reader *reader, const yaml_node_t *node,
		       struct imp_strbuf *out)
{
	struct imp_slice text = IMP_SLICE("");

	imp_strbuf_reset(out);
	if (node->type == YAML_SEQUENCE_NODE)
		return read_list(reader, node, out);
	int rc = read_text(reader, node, &text);
	imp_strbuf_add_slice(out, text);
	return rc;
}

enum { RULE_KEYS = 9 };
static const char *const rule_keys[RULE_KEYS + 1] = {
	"id",      "match", "class", "confidence", "needs",
	"subject", "title", "fix",   "source",     NULL};

static void join(const struct imp_strbuf columns[static RULE_KEYS],
		 struct imp_strbuf *line)
{
	static const char *const defaults[RULE_KEYS] = {"-",    "-", "-", "likely", "-",
							"none", "",  "-", "-"};

	imp_strbuf_add_text(line, "rule");
	for (size_t i = 0; i < RULE_KEYS; i++) {
		imp_strbuf_add_char(line, '\t');
		if (columns[i].len > 0)
			imp_strbuf_add_slice(line, imp_strbuf_slice(&columns[i]));
		else
			imp_strbuf_add_text(line, defaults[i]);
	}
}

static int add_rule(const struct reader *reader, const yaml_node_t *node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	struct imp_strbuf columns[RULE_KEYS] = {0};
	int rc = want(reader, node, YAML_MAPPING_NODE);

	for (const yaml_node_pair_t *pair = rc < 0 ? NULL
						   : node->data.mapping.pairs.start;
	     rc == 0 && pair < node->data.mapping.pairs.top; pair++) {
		size_t key = 0;
		rc = find_key(reader, get(reader, pair->key), rule_keys, &key);
		if (rc == 0)
			rc = read_column(reader, get(reader, pair->value), &columns[key]);
	}
	if (rc == 0) {
		join(columns, &line);
		rc = imp_rules_add_line(
			reader->rules,
			imp_arena_copy(reader->rules->arena, imp_strbuf_slice(&line)),
			reader->name, reader->err);
		rc = rc < 0 ? place(reader, node) : 0;
	}
	for (size_t i = 0; i < RULE_KEYS; i++)
		imp_strbuf_finish(&columns[i]);
	return rc;
}

static int read_each(const struct reader *reader, const yaml_node_t *node,
		     int (*read)(const struct reader *, const yaml_node_t *))
{
	int rc = want(reader, node, YAML_SEQUENCE_NODE);

	for (const yaml_node_item_t *item = rc < 0 ? NULL
						   : node->data.sequence.items.start;
	     rc == 0 && item < node->data.sequence.items.top; item++)
		rc = read(reader, get(reader, *item));
	return rc;
}

static int read_added(const struct reader *reader, const yaml_node_t *node)
{
	return read_each(reader, node, add_rule);
}

static int read_confidences(const struct reader *reader, const yaml_node_t *node)
{
	int rc = want(reader, node, YAML_MAPPING_NODE);

	for (const yaml_node_pair_t *pair = rc < 0 ? NULL
						   : node->data.mapping.pairs.start;
	     rc == 0 && pair < node->data.mapping.pairs.top; pair++) {
		struct imp_slice id = {0}, level = {0};
		rc = read_text(reader, get(reader, pair->key), &id);
		if (rc == 0)
			rc = read_text(reader, get(reader, pair->value), &level);
		if (rc < 0)
			return rc;
		rc = imp_rules_set_confidence(reader->rules, id, level, reader->err);
		if (rc < 0)
			return place(reader, get(reader, pair->key));
	}
	return rc;
}

static int ignore_one(const struct reader *reader, const yaml_node_t *node)
{
	static const char *const keys[] = {"rule", "path", "reason", NULL};
	struct imp_slice values[3] = {0};
	int rc = want(reader, node, YAML_MAPPING_NODE);

	for (const yaml_node_pair_t *pair = rc < 0 ? NULL
						   : node->data.mapping.pairs.start;
	     rc == 0 && pair < node->data.mapping.pairs.top; pair++) {
		size_t key = 0;
		rc = find_key(reader, get(reader, pair->key), keys, &key);
		if (rc == 0)
			rc = read_text(reader, get(reader, pair->value), &values[key]);
	}
	if (rc < 0)
		return rc;
	if (!values[0].data == !values[1].data)
		return mistake(reader, node, "expected either rule or path");
	rc = imp_rules_ignore(reader->rules, values[0].data ? values[0] : values[1],
			      values[2], reader->name, reader->err);
	return rc < 0 ? place(reader, node) : 0;
}

static int read_ignored(const struct reader *reader, const yaml_node_t *node)
{
	return read_each(reader, node, ignore_one);
}

static int read_rules(const struct reader *reader, const yaml_node_t *node)
{
	static const char *const keys[] = {"add", "confidence", "ignore", NULL};
	static int (*const readers[])(const struct reader *, const yaml_node_t *) = {
		read_added, read_confidences, read_ignored};
	int rc = want(reader, node, YAML_MAPPING_NODE);

	for (const yaml_node_pair_t *pair = rc < 0 ? NULL
						   : node->data.mapping.pairs.start;
	     rc == 0 && pair < node->data.mapping.pairs.top; pair++) {
		size_t key = 0;
		rc = find_key(reader, get(reader, pair->key), keys, &key);
		if (rc == 0 && key < sizeof(readers) / sizeof(*readers))
			rc = readers[key](reader, get(reader, pair->value));
	}
	return rc;
}

static int read_document(const struct reader *reader)
{
	static const char *const keys[] = {"rules", NULL};
	const yaml_node_t *root = yaml_document_get_root_node(reader->document);
	int rc = 0;

	if (!root)
		return 0;
	rc = want(reader, root, YAML_MAPPING_NODE);
	for (const yaml_node_pair_t *pair = rc < 0 ? NULL
						   : root->data.mapping.pairs.start;
	     rc == 0 && pair < root->data.mapping.pairs.top; pair++) {
		size_t key = 0;
		rc = find_key(reader, get(reader, pair->key), keys, &key);
		if (rc == 0)
			rc = read_rules(reader, get(reader, pair->value));
	}
	return rc;
}

static int load_document(yaml_parser_t *parser, yaml_document_t *document,
			 const char *name, struct imp_error *err)
{
	if (yaml_parser_load(parser, document))
		return 0;
	imp_fail(err, IMP_E_USAGE, "no YAML: %s",
		 parser->problem ? parser->problem : "cannot be read");
	return imp_wrap(err, "%s:%zu:%zu", name, parser->problem_mark.line + 1,
			parser->problem_mark.column + 1);
}

int imp_rules_add_yaml(struct imp_rules *rules, struct imp_slice text, const char *name,
		       struct imp_error *err)
{
	yaml_document_t document;
	yaml_parser_t parser;

	if (text.len > MAX_BYTES)
		return imp_fail(err, IMP_E_USAGE, "%s: more than %d bytes", name,
				MAX_BYTES);
	if (!yaml_parser_initialize(&parser))
		imp_die_of_memory(sizeof(parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
	int rc = load_document(&parser, &document, name, err);
	if (rc == 0) {
		struct reader reader = {rules, &document, name, err};
		rc = read_document(&reader);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	return rc == 0 ? imp_rules_check(rules, text, name, err) : rc;
}
