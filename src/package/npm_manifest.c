/*
 * What a package.json, or the entry of a lock that repeats it, says of a package.
 */
#include <string.h>

#include "imgprof/json.h"

#include "npm_forest.h"

static struct imp_slice copy(struct npm_forest *forest, struct imp_slice text)
{
	return text.len == 0 ? IMP_SLICE("") : imp_arena_copy(forest->arena, text);
}

struct needs {
	struct npm_forest *forest;
	struct npm_need *list;
	uint32_t count;
	const json_t *meta; /* peerDependenciesMeta */
};

static void add_need(struct needs *needs, const char *name, size_t len,
		     enum npm_need_kind kind)
{
	if (needs->forest->need_count == NPM_MAX_NEEDS) {
		needs->forest->cut = true;
		return;
	}
	needs->forest->need_count++;
	needs->list[needs->count++] = (struct npm_need){
		copy(needs->forest, imp_slice(name, len)),
		kind,
	};
}

static bool has(const json_t *object, const char *name, size_t len)
{
	return json_object_getn(object, name, len) != NULL;
}

static enum npm_need_kind peer_kind(const struct needs *needs, const char *name,
				    size_t len)
{
	const json_t *meta = json_object_getn(needs->meta, name, len);

	return imp_json_get_bool(meta, "optional", false) ? NPM_NEED_OPTIONAL_PEER
							  : NPM_NEED_PEER;
}

static const json_t *first_value(json_t *object)
{
	return json_object_iter_value(json_object_iter(object));
}

/* Those of LIST that none of HIDING names. */
static void add_list(struct needs *needs, json_t *list, enum npm_need_kind kind,
		     const json_t *const hiding[3])
{
	for (void *at = json_object_iter(list); at;
	     at = json_object_iter_next(list, at)) {
		const char *name = json_object_iter_key(at);
		size_t len = json_object_iter_key_len(at);
		if (!has(hiding[0], name, len) && !has(hiding[1], name, len) &&
		    !has(hiding[2], name, len))
			add_need(needs, name, len,
				 kind == NPM_NEED_PEER ? peer_kind(needs, name, len)
						       : kind);
	}
}

/* A name in several lists counts where it holds most, but that optionalDependencies repeats
 * itself in dependencies. */
static void add_needs(struct needs *needs, const json_t *entry, bool project)
{
	json_t *runtime = imp_json_get_object(entry, "dependencies");
	json_t *optional = imp_json_get_object(entry, "optionalDependencies");
	json_t *peer = imp_json_get_object(entry, "peerDependencies");
	json_t *meta = imp_json_get_object(entry, "peerDependenciesMeta");
	json_t *dev = project ? imp_json_get_object(entry, "devDependencies") : NULL;

	/* Lock v1: `dependencies` is what is nested, `requires` what is needed. */
	if (!runtime || json_is_object(first_value(runtime)))
		runtime = imp_json_get_object(entry, "requires");
	needs->meta = meta;
	add_list(needs, runtime, NPM_NEED_RUNTIME, (const json_t *[3]){optional});
	add_list(needs, optional, NPM_NEED_OPTIONAL, (const json_t *[3]){NULL});
	add_list(needs, peer, NPM_NEED_PEER, (const json_t *[3]){runtime, optional, dev});
	/* webpack names webpack-cli here alone. */
	add_list(needs, meta, NPM_NEED_KNOWN_PEER,
		 (const json_t *[3]){runtime, optional, peer});
	add_list(needs, dev, NPM_NEED_DEV, (const json_t *[3]){runtime, optional});
}

static size_t count_needs(const json_t *entry)
{
	static const char *const lists[] = {
		"dependencies",     "optionalDependencies", "requires",
		"peerDependencies", "peerDependenciesMeta", "devDependencies"};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		count += json_object_size(imp_json_get_object(entry, lists[i]));
	return count;
}

static struct imp_slice string_of(const json_t *value)
{
	if (!json_is_string(value))
		return IMP_SLICE("");
	return imp_slice(json_string_value(value), json_string_length(value));
}

/* npm-install-checks: one match is enough, "!x" forbids, "any" allows. */
static bool allows(const json_t *list, const char *mine)
{
	bool listed = false, matched = false;
	size_t count = json_is_array(list) ? json_array_size(list) : list ? 1 : 0;

	for (size_t i = 0; i < count; i++) {
		struct imp_slice name =
			string_of(json_is_array(list) ? json_array_get(list, i) : list);
		if (imp_slice_starts(name, IMP_SLICE("!"))) {
			if (imp_slice_is(imp_slice_skip(name, 1), mine))
				return false;
		} else if (name.len > 0) {
			listed = true;
			matched = matched || imp_slice_is(name, mine) ||
				  imp_slice_is(name, "any");
		}
	}
	return matched || !listed;
}

static bool is_foreign(const struct npm_forest *forest, const json_t *entry)
{
	const json_t *libc = json_object_get(entry, "libc");

	if (forest->os[0] && !allows(json_object_get(entry, "os"), forest->os))
		return true;
	if (forest->cpu[0] && !allows(json_object_get(entry, "cpu"), forest->cpu))
		return true;
	if (!libc || forest->musl == forest->glibc)
		return false;
	return !allows(libc, forest->musl ? "musl" : "glibc");
}

void imp_npm_describe(struct npm_forest *forest, struct npm_folder *folder,
		      const json_t *entry, uint32_t database)
{
	struct needs needs = {.forest = forest};
	struct imp_slice name = imp_json_get_string(entry, "name");

	if (folder->name.len == 0)
		folder->name = copy(forest, name);
	if (folder->version.len == 0)
		folder->version = copy(forest, imp_json_get_string(entry, "version"));
	size_t count = count_needs(entry);
	if (count > 0) {
		needs.list = imp_arena_array(forest->arena, count, sizeof(*needs.list));
		add_needs(&needs, entry, folder->project);
	}
	folder->needs = needs.list;
	folder->need_count = needs.count;
	folder->database = database;
	folder->known = true;
	if (is_foreign(forest, entry))
		folder->flags |= IMP_PACKAGE_FOREIGN;
}

void imp_npm_read_manifest(struct npm_forest *forest, struct npm_folder *folder)
{
	const struct imp_live_file *file =
		imp_npm_file(forest, folder->node, "package.json");

	if (!file)
		return;
	imp_auto_json json_t *manifest = imp_npm_parse(forest, file);
	if (manifest)
		imp_npm_describe(forest, folder, manifest, file->node);
	else
		folder->unreadable = true;
}

static bool has_loader(const struct npm_forest *forest, const char *folder,
		       const char *start)
{
	const struct imp_tree *tree = forest->input->tree;
	uint32_t node = imp_tree_resolve(tree, 0, imp_slice_of(folder));

	if (node == IMP_NONE)
		return false;
	for (uint32_t n = imp_tree_node(tree, node)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling)
		if (imp_tree_node(tree, n)->live &&
		    imp_slice_starts(imp_tree_name(tree, n), imp_slice_of(start)))
			return true;
	return false;
}

/* Go's names for processors and systems, as images have them, in Node's words. */
static const char *translate(const char *const pairs[][2], const char *text)
{
	for (size_t i = 0; pairs[i][0]; i++)
		if (strcmp(pairs[i][0], text) == 0)
			return pairs[i][1];
	return text;
}

void imp_npm_set_platform(struct npm_forest *forest)
{
	static const char *const cpus[][2] = {
		{"amd64", "x64"},         {"386", "ia32"},      {"ppc64le", "ppc64"},
		{"mips64le", "mips64el"}, {"mipsle", "mipsel"}, {NULL, NULL},
	};
	static const char *const systems[][2] = {{"windows", "win32"}, {NULL, NULL}};
	const struct imp_platform *platform = &forest->input->image->platform;

	forest->cpu =
		translate(cpus, platform->architecture ? platform->architecture : "");
	forest->os = translate(systems, platform->os ? platform->os : "");
	forest->musl = has_loader(forest, "lib", "ld-musl-");
	forest->glibc = has_loader(forest, "lib", "ld-linux") ||
			has_loader(forest, "lib64", "ld-linux");
}
