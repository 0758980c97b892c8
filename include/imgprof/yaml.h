/*
 * YAML documents that users write, JSON among them: read with libyaml, scalars stay text, every
 * mistake is told with its place. Depth and size are bounded; an alias is the node it names.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"

enum imp_yaml_kind { IMP_YAML_TEXT, IMP_YAML_LIST, IMP_YAML_MAP };

struct imp_yaml_node; /* opaque */

/* Top-level keys of .imgprof.yaml; each is read by the folder that it belongs to. */
enum imp_config_key {
	IMP_CONFIG_VERSION,
	IMP_CONFIG_RULES,  /* classify/ */
	IMP_CONFIG_IMAGES, /* budget/ */
	IMP_CONFIG_DEFAULTS,
	IMP_CONFIG_KEYS
};
extern const char *const imp_config_keys[IMP_CONFIG_KEYS + 1]; /* ends with NULL */

/* A document while it is read. */
struct imp_yaml {
	void *document;
	const char *name; /* of the file, for messages */
	struct imp_error *err;
};

/* Calls READ with the root (not for an empty document) and hands on what it returns.
 * IMP_E_USAGE with NAME:LINE:COLUMN when TEXT is no YAML or more than 1 MiB. */
typedef int imp_yaml_read(const struct imp_yaml *yaml, const struct imp_yaml_node *root,
			  void *user);
int imp_yaml_parse(struct imp_slice text, const char *name, imp_yaml_read *read,
		   void *user, struct imp_error *err);

/* Fills the error with the message, NAME:LINE:COLUMN in front; returns IMP_E_USAGE. */
int imp_yaml_mistake(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		     const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Puts the place before an error that is there already. */
int imp_yaml_place(const struct imp_yaml *yaml, const struct imp_yaml_node *node);
uint32_t imp_yaml_line(const struct imp_yaml_node *node); /* from 1 */
uint32_t imp_yaml_column(const struct imp_yaml_node *node);

bool imp_yaml_is(const struct imp_yaml_node *node, enum imp_yaml_kind kind);
/* One line of text, borrowed from the document. */
int imp_yaml_text(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		  struct imp_slice *out);
/* "true" or "false". */
int imp_yaml_bool(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		  bool *out);

/* Calls EACH for every item; stops at the first that fails. */
typedef int imp_yaml_item(const struct imp_yaml *yaml, const struct imp_yaml_node *item,
			  void *user);
int imp_yaml_each(const struct imp_yaml *yaml, const struct imp_yaml_node *list,
		  imp_yaml_item *each, void *user);
/* Calls EACH for every pair of a map with its key and value. */
typedef int imp_yaml_pair(const struct imp_yaml *yaml, const struct imp_yaml_node *key,
			  const struct imp_yaml_node *value, void *user);
int imp_yaml_each_pair(const struct imp_yaml *yaml, const struct imp_yaml_node *map,
		       imp_yaml_pair *each, void *user);
/* The same for a map whose keys are KEYS (ended by NULL): EACH gets the key's number. Another
 * key is a mistake, with the nearest as a hint; so is one that stands there twice. */
typedef int imp_yaml_member(const struct imp_yaml *yaml, size_t key,
			    const struct imp_yaml_node *value, void *user);
int imp_yaml_members(const struct imp_yaml *yaml, const struct imp_yaml_node *map,
		     const char *const *keys, imp_yaml_member *each, void *user);
