/* Where the dynamic loader looks for a library: classification.md 5.2, ld.so(8), musl's path file. */
#include <stdlib.h>

#include "trail.h"

enum {
	MAX_FOLDERS = 256,
	MAX_RPATH_HOPS = 8, /* who loaded it, and who loaded that, for DT_RPATH */
	MAX_RUN_PATH_FOLDERS = 64,
};

struct imp_loader {
	const struct imp_trail *trail;
	uint32_t folders[MAX_FOLDERS]; /* of the whole image, in order */
	size_t count;
	size_t library_path_count; /* those of LD_LIBRARY_PATH, in front */
	struct imp_arena *arena;   /* of keys */
	struct imp_map known;      /* machine, bits, name -> node; what folders gave */
};

static const char *const default_folders[] = {
	"/lib/x86_64-linux-gnu",
	"/usr/lib/x86_64-linux-gnu",
	"/lib/aarch64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
	"/lib/arm-linux-gnueabihf",
	"/usr/lib/arm-linux-gnueabihf",
	"/lib/arm-linux-gnueabi",
	"/usr/lib/arm-linux-gnueabi",
	"/lib/i386-linux-gnu",
	"/usr/lib/i386-linux-gnu",
	"/lib/powerpc64le-linux-gnu",
	"/usr/lib/powerpc64le-linux-gnu",
	"/lib/s390x-linux-gnu",
	"/usr/lib/s390x-linux-gnu",
	"/lib/riscv64-linux-gnu",
	"/usr/lib/riscv64-linux-gnu",
	"/lib/mips64el-linux-gnuabi64",
	"/usr/lib/mips64el-linux-gnuabi64",
	"/lib64",
	"/usr/lib64",
	"/lib",
	"/usr/lib",
	"/usr/local/lib",
};

static void add_folder(struct imp_loader *loader, struct imp_slice path)
{
	uint32_t node =
		path.len > 0 ? imp_tree_resolve(loader->trail->tree, 0, path) : IMP_NONE;

	if (node == IMP_NONE || !imp_tree_node(loader->trail->tree, node)->directory ||
	    loader->count == MAX_FOLDERS)
		return;
	for (size_t i = 0; i < loader->count; i++)
		if (loader->folders[i] == node)
			return;
	loader->folders[loader->count++] = node;
}

static struct imp_slice content_of(const struct imp_loader *loader, uint32_t node)
{
	const struct imp_live_file *file =
		node == IMP_NONE ? NULL
				 : imp_contents_at(loader->trail->input->contents, node);

	return file ? file->content : IMP_SLICE("");
}

/* A folder a line; "include" names more files, and Debian's is conf.d, which is read anyway. */
static void add_lines(struct imp_loader *loader, struct imp_slice text)
{
	while (text.len > 0) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		line = imp_slice_cut(&line, '#');
		while (line.len > 0 && memchr(" \t\r", line.data[line.len - 1], 3))
			line.len--;
		if (line.len > 0 && line.data[0] == '/')
			add_folder(loader, line);
	}
}

static void add_configured(struct imp_loader *loader)
{
	const struct imp_tree *tree = loader->trail->tree;
	uint32_t folder = imp_tree_resolve(tree, 0, IMP_SLICE("/etc/ld.so.conf.d"));

	add_lines(loader,
		  content_of(loader,
			     imp_tree_resolve(tree, 0, IMP_SLICE("/etc/ld.so.conf"))));
	for (uint32_t n = folder == IMP_NONE ? IMP_NONE
					     : imp_tree_node(tree, folder)->first_child;
	     n != IMP_NONE; n = imp_tree_node(tree, n)->next_sibling)
		if (imp_slice_ends(imp_tree_name(tree, n), IMP_SLICE(".conf")))
			add_lines(loader,
				  content_of(loader,
					     imp_tree_resolve(tree, folder,
							      imp_tree_name(tree, n))));
}

/* /etc/ld-musl-ARCH.path: folders parted by newlines or colons. */
static void add_musl(struct imp_loader *loader)
{
	const struct imp_tree *tree = loader->trail->tree;
	uint32_t etc = imp_tree_resolve(tree, 0, IMP_SLICE("/etc"));

	for (uint32_t n = etc == IMP_NONE ? IMP_NONE
					  : imp_tree_node(tree, etc)->first_child;
	     n != IMP_NONE; n = imp_tree_node(tree, n)->next_sibling) {
		struct imp_slice name = imp_tree_name(tree, n);
		if (!imp_slice_starts(name, IMP_SLICE("ld-musl-")) ||
		    !imp_slice_ends(name, IMP_SLICE(".path")))
			continue;
		struct imp_slice text = content_of(loader, n);
		while (text.len > 0) {
			struct imp_slice line = imp_slice_cut(&text, '\n');
			while (line.data)
				add_folder(loader, imp_slice_cut(&line, ':'));
		}
	}
}

struct imp_loader *imp_loader_create(const struct imp_trail *trail)
{
	struct imp_loader *loader = imp_xcalloc(1, sizeof(*loader));
	struct imp_slice path = imp_trail_env(trail, IMP_SLICE("LD_LIBRARY_PATH"));

	loader->trail = trail;
	loader->arena = imp_arena_create();
	while (path.data)
		add_folder(loader, imp_slice_cut(&path, ':'));
	loader->library_path_count = loader->count;
	add_configured(loader);
	add_musl(loader);
	for (size_t i = 0; i < sizeof(default_folders) / sizeof(*default_folders); i++)
		add_folder(loader, imp_slice_of(default_folders[i]));
	return loader;
}

void imp_loader_destroy(struct imp_loader *loader)
{
	imp_map_finish(&loader->known);
	imp_arena_destroy(loader->arena);
	free(loader);
}

static const struct imp_elf *elf_of(const struct imp_loader *loader, uint32_t record)
{
	const struct imp_fact *fact =
		imp_contents_fact(loader->trail->input->contents, record);

	return fact && fact->kind == IMP_CONTENT_ELF ? fact->elf : NULL;
}

/* The ELF file NAME in FOLDER, when it is for the same machine. */
static uint32_t look_in(const struct imp_loader *loader, uint32_t folder,
			struct imp_slice name, const struct imp_elf *by)
{
	uint32_t node = imp_tree_resolve(loader->trail->tree, folder, name);
	uint32_t record =
		node == IMP_NONE ? IMP_NONE : imp_tree_file_at(loader->trail->tree, node);
	const struct imp_elf *elf = record == IMP_NONE ? NULL : elf_of(loader, record);

	return elf && elf->machine == by->machine && elf->bits == by->bits ? node
									   : IMP_NONE;
}

/* One folder of a run path; $ORIGIN is the folder of the file that has it. */
static uint32_t look_along(const struct imp_loader *loader, struct imp_slice folder,
			   uint32_t origin, struct imp_slice name,
			   const struct imp_elf *by)
{
	uint32_t from = 0;

	if (imp_slice_starts(folder, IMP_SLICE("$ORIGIN"))) {
		folder = imp_slice_skip(folder, 7);
		from = origin;
	} else if (imp_slice_starts(folder, IMP_SLICE("${ORIGIN}"))) {
		folder = imp_slice_skip(folder, 9);
		from = origin;
	}
	if (from == origin)
		while (folder.len > 0 && folder.data[0] == '/')
			folder = imp_slice_skip(folder, 1);
	uint32_t at = imp_tree_resolve(loader->trail->tree, from, folder);
	return at == IMP_NONE ? IMP_NONE : look_in(loader, at, name, by);
}

static uint32_t look_along_all(const struct imp_loader *loader, struct imp_slice path,
			       uint32_t record, struct imp_slice name,
			       const struct imp_elf *by)
{
	const struct imp_tree *tree = loader->trail->tree;
	uint32_t origin =
		imp_tree_node(tree, imp_tree_record(tree, record)->node)->parent;
	uint32_t node = IMP_NONE;

	for (int i = 0; path.len > 0 && node == IMP_NONE && i < MAX_RUN_PATH_FOLDERS; i++)
		node = look_along(loader, imp_slice_cut(&path, ':'), origin, name, by);
	return node;
}

/* DT_RPATH of the file and of those that loaded it, unless it has a DT_RUNPATH. */
static uint32_t look_by_rpath(const struct imp_loader *loader, uint32_t record,
			      struct imp_slice name, const struct imp_elf *by)
{
	uint32_t at = record, node = IMP_NONE;

	for (int hops = 0; at != IMP_NONE && node == IMP_NONE && hops < MAX_RPATH_HOPS;
	     hops++) {
		const struct imp_elf *elf = elf_of(loader, at);
		if (elf && elf->rpath.len > 0 && elf->runpath.len == 0)
			node = look_along_all(loader, elf->rpath, at, name, by);
		at = loader->trail->reached_from[at];
	}
	return node;
}

static uint32_t look_in_folders(struct imp_loader *loader, size_t first, size_t end,
				struct imp_slice name, const struct imp_elf *by)
{
	for (size_t i = first; i < end; i++) {
		uint32_t node = look_in(loader, loader->folders[i], name, by);
		if (node != IMP_NONE)
			return node;
	}
	return IMP_NONE;
}

/* The same for every file of a machine, so it is looked for once. */
static uint32_t look_in_system(struct imp_loader *loader, struct imp_slice name,
			       const struct imp_elf *by)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t known;

	imp_strbuf_printf(&key, "%u %u ", by->machine, by->bits);
	imp_strbuf_add_slice(&key, name);
	if (imp_map_get(&loader->known, imp_strbuf_slice(&key), &known))
		return (uint32_t)known;
	uint32_t node = look_in_folders(loader, loader->library_path_count, loader->count,
					name, by);
	imp_map_set(&loader->known, imp_arena_copy(loader->arena, imp_strbuf_slice(&key)),
		    node);
	return node;
}

uint32_t imp_loader_find(struct imp_loader *loader, uint32_t record,
			 struct imp_slice name)
{
	const struct imp_elf *by = elf_of(loader, record);
	uint32_t node;

	if (!by || name.len == 0)
		return IMP_NONE;
	if (memchr(name.data, '/', name.len))
		return look_in(loader, 0, name, by);
	if (by->runpath.len == 0 &&
	    (node = look_by_rpath(loader, record, name, by)) != IMP_NONE)
		return node;
	node = look_in_folders(loader, 0, loader->library_path_count, name, by);
	if (node == IMP_NONE && by->runpath.len > 0)
		node = look_along_all(loader, by->runpath, record, name, by);
	return node == IMP_NONE ? look_in_system(loader, name, by) : node;
}
