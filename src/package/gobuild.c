#include "gobuild.h"

#include "readers.h"

enum { MARK_BYTES = 16 };

struct imp_slice imp_go_module_text(struct imp_slice text)
{
	static const char mark[] = "\x30\x77\xaf\x0c\x92\x74\x08\x02"
				   "\x41\xe1\xc1\x07\xe6\xd6\x18\xe6";

	if (text.len < 2 * (size_t)MARK_BYTES || memcmp(text.data, mark, MARK_BYTES) != 0)
		return text;
	return imp_slice(text.data + MARK_BYTES, text.len - 2 * (size_t)MARK_BYTES);
}

/* A line that says KEY: its fields. */
static bool parse_line(struct imp_slice line, const char *key, struct imp_go_module *out)
{
	if (!imp_slice_is(imp_slice_cut(&line, '\t'), key))
		return false;
	struct imp_slice path = imp_slice_cut(&line, '\t');
	if (path.len == 0)
		return false;
	out->path = path;
	out->version = imp_slice_cut(&line, '\t');
	return true;
}

static bool starts_module(struct imp_slice line, struct imp_go_module *out)
{
	out->main = parse_line(line, "mod", out);
	return out->main || parse_line(line, "dep", out);
}

bool imp_go_module_next(struct imp_slice *rest, struct imp_go_module *out)
{
	while (rest->len > 0) {
		struct imp_slice line = imp_slice_cut(rest, '\n');
		struct imp_go_module program;
		if (parse_line(line, "path", &program) &&
		    !imp_slice_starts(*rest, IMP_SLICE("mod\t"))) {
			*out = (struct imp_go_module){true, program.path, {0}};
			return true;
		}
		if (!starts_module(line, out))
			continue;
		struct imp_slice behind = *rest;
		if (parse_line(imp_slice_cut(&behind, '\n'), "=>", out))
			*rest = behind;
		return true;
	}
	return false;
}

struct gobuild {
	struct imp_inventory *inventory;
	uint32_t group;
	struct imp_map seen; /* "PATH@VERSION": package */
};

/* github.com/x/y: namespace and name; a build from a checkout has no version to name. */
static const char *purl_of(struct gobuild *go, struct imp_slice path,
			   struct imp_slice version)
{
	struct imp_slice name = imp_slice_basename(path);
	size_t before = path.len - name.len;

	if (imp_slice_is(version, "(devel)"))
		version.len = 0;
	return imp_purl(go->inventory, "golang",
			imp_slice(path.data, before ? before - 1 : 0), name, version,
			NULL);
}

/* Programs of one image share modules: one package a version. */
static uint32_t find_package(struct gobuild *go, const struct imp_go_module *module,
			     uint32_t node)
{
	struct imp_arena *arena = imp_inventory_arena(go->inventory);
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t place;

	imp_strbuf_add_slice(&key, module->path);
	imp_strbuf_add_char(&key, '@');
	imp_strbuf_add_slice(&key, module->version);
	if (imp_map_get(&go->seen, imp_strbuf_slice(&key), &place))
		return (uint32_t)place;
	struct imp_package package = {
		.manager = IMP_MANAGER_GO,
		.name = imp_arena_copy(arena, module->path),
		.version = imp_arena_copy(arena, module->version),
		.purl = purl_of(go, module->path, module->version),
		.database = node,
		.home = IMP_NONE,
		.group = go->group,
		.flags = module->main ? IMP_PACKAGE_ROOT : 0,
		.twin = IMP_NONE,
	};
	place = imp_inventory_add(go->inventory, &package);
	imp_map_set(&go->seen, imp_arena_copy(arena, imp_strbuf_slice(&key)), place);
	return (uint32_t)place;
}

static void read_program(struct gobuild *go, struct imp_slice text, uint32_t node)
{
	struct imp_slice rest = imp_go_module_text(text);
	struct imp_go_module module;
	uint32_t program = IMP_NONE, choice = 0;

	while (imp_go_module_next(&rest, &module)) {
		uint32_t package = find_package(go, &module, node);
		if (package == IMP_NONE)
			return;
		if (!module.main) {
			imp_inventory_need(go->inventory, program, package,
					   IMP_DEPENDENCY_HARD, choice++);
		} else if (program == IMP_NONE) {
			program = package;
			imp_inventory_own(go->inventory, program, node);
		}
	}
}

void imp_gobuild_read(struct imp_inventory *inventory)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	struct gobuild go = {.inventory = inventory};

	for (uint32_t r = 0; r < imp_tree_record_count(input->tree); r++) {
		const struct imp_fact *fact = imp_contents_fact(input->contents, r);
		const struct imp_record *record = imp_tree_record(input->tree, r);
		if (!fact || !fact->elf || fact->elf->go_modules.len == 0 ||
		    record->fate != IMP_FATE_LIVE)
			continue;
		if (go.seen.count == 0)
			go.group = imp_inventory_group(inventory);
		read_program(&go, fact->elf->go_modules, record->node);
	}
	imp_map_finish(&go.seen);
}
