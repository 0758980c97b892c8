#include "world.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

#include "case.h"

/* The world that is read: what the wrapped functions of tree/contents.c answer from. */
static const struct imp_fact **facts;         /* for each record */
static const struct imp_live_file **kept;     /* for each record */
static const struct imp_live_file **in_order; /* by path */
static size_t kept_count;
static const struct imp_tree *current;

const struct imp_live_file *__wrap_imp_contents_at(const struct imp_contents *contents,
						   uint32_t node);
const struct imp_fact *__wrap_imp_contents_fact(const struct imp_contents *contents,
						uint32_t record);
const struct imp_fact *__wrap_imp_contents_fact_at(const struct imp_contents *contents,
						   uint32_t node);
size_t __wrap_imp_contents_live_count(const struct imp_contents *contents);
const struct imp_live_file *__wrap_imp_contents_live(const struct imp_contents *contents,
						     size_t i);

const struct imp_live_file *__wrap_imp_contents_at(const struct imp_contents *contents,
						   uint32_t node)
{
	(void)contents;
	uint32_t record = imp_tree_file_at(current, node);
	return record == IMP_NONE ? NULL : kept[record];
}

const struct imp_fact *__wrap_imp_contents_fact(const struct imp_contents *contents,
						uint32_t record)
{
	(void)contents;
	return facts[record];
}

const struct imp_fact *__wrap_imp_contents_fact_at(const struct imp_contents *contents,
						   uint32_t node)
{
	(void)contents;
	uint32_t record = imp_tree_file_at(current, node);
	return record == IMP_NONE ? NULL : facts[record];
}

size_t __wrap_imp_contents_live_count(const struct imp_contents *contents)
{
	(void)contents;
	return kept_count;
}

const struct imp_live_file *__wrap_imp_contents_live(const struct imp_contents *contents,
						     size_t i)
{
	(void)contents;
	return in_order[i];
}

static struct imp_slice next_word(struct imp_slice *rest)
{
	while (rest->len > 0 && rest->data[0] == ' ')
		*rest = imp_slice_skip(*rest, 1);
	return imp_slice_cut(rest, ' ');
}

/* As the stack decodes its texts. */
static struct imp_slice decode(struct world *world, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '\\' && i + 1 < text.len) {
			c = text.data[++i];
			c = (char)(c == 'n'   ? '\n'
				   : c == 't' ? '\t'
				   : c == 's' ? ' '
					      : c);
		}
		imp_strbuf_add_char(&out, c);
	}
	return imp_arena_copy(world->arena, imp_strbuf_slice(&out));
}

static uint32_t record_at(const struct world *world, struct imp_slice path)
{
	uint32_t node = imp_tree_find(world->tree, path);

	if (node == IMP_NONE)
		fail_msg("the stack has no %.*s", (int)path.len, path.data);
	return imp_tree_file_at(world->tree, node);
}

static struct imp_fact *fact_of(struct world *world, struct imp_slice path,
				enum imp_content_kind kind)
{
	uint32_t record = record_at(world, path);
	struct imp_fact *fact = imp_arena_alloc(world->arena, sizeof(*fact));

	if (facts[record])
		*fact = *facts[record];
	else
		fact->kind = kind;
	facts[record] = fact;
	return fact;
}

/* "a,b" as "a\0b\0". */
static struct imp_slice ended_by_nul(struct world *world, struct imp_slice text,
				     char separator)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	while (text.len > 0) {
		imp_strbuf_add_slice(&out, imp_slice_cut(&text, separator));
		imp_strbuf_add_char(&out, '\0');
	}
	return imp_arena_copy(world->arena, imp_strbuf_slice(&out));
}

static void keep_text(struct world *world, struct imp_slice path, struct imp_slice text)
{
	struct imp_live_file *file = imp_arena_alloc(world->arena, sizeof(*file));
	uint32_t record = record_at(world, path);

	if (record == IMP_NONE || imp_tree_record(world->tree, record)->fate)
		return;
	*file = (struct imp_live_file){
		.node = imp_tree_record(world->tree, record)->node,
		.record = record,
		.path = path,
		.content = decode(world, text),
	};
	kept[record] = in_order[kept_count++] = file;
	struct imp_fact *fact = fact_of(world, path, IMP_CONTENT_OTHER);
	if (imp_slice_starts(file->content, IMP_SLICE("#!"))) {
		struct imp_slice rest = imp_slice_skip(file->content, 2);
		fact->kind = IMP_CONTENT_SCRIPT;
		fact->interpreter = imp_slice_cut(&rest, '\n');
	}
}

static void cut_text(struct world *world, struct imp_slice path)
{
	struct imp_live_file *file = imp_arena_alloc(world->arena, sizeof(*file));
	uint32_t record = record_at(world, path);

	*file = *kept[record];
	file->content = IMP_SLICE("");
	file->cut = true;
	kept[record] = file;
}

static void add_elf(struct world *world, struct imp_slice rest)
{
	struct imp_fact *fact = fact_of(world, next_word(&rest), IMP_CONTENT_ELF);
	struct imp_elf *elf = imp_arena_alloc(world->arena, sizeof(*elf));

	*elf = (struct imp_elf){.type = IMP_ELF_SHARED, .machine = 62, .bits = 64};
	fact->kind = IMP_CONTENT_ELF;
	fact->elf = elf;
	while (rest.len > 0) {
		struct imp_slice value = next_word(&rest);
		struct imp_slice key = imp_slice_cut(&value, '=');
		unsigned long long number = 0;
		if (imp_slice_is(key, "interp"))
			elf->interpreter = value;
		else if (imp_slice_is(key, "needed"))
			elf->needed = ended_by_nul(world, value, ',');
		else if (imp_slice_is(key, "rpath"))
			elf->rpath = value;
		else if (imp_slice_is(key, "runpath"))
			elf->runpath = value;
		else if (imp_slice_u64(value, &number))
			elf->machine = (uint16_t)number;
	}
}

/* ---- packages */

enum { MAX_PACKAGES = 64 };

struct told {
	struct imp_package package;
	struct imp_slice owns, lists, needs, peers;
};

static int compare_told(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	if (x->package.manager != y->package.manager)
		return x->package.manager < y->package.manager ? -1 : 1;
	return imp_slice_compare(x->package.name, y->package.name);
}

static struct told tell(struct world *world, struct imp_slice rest)
{
	struct told told = {.package.home = IMP_NONE, .package.twin = IMP_NONE};

	if (!imp_manager_parse(next_word(&rest), &told.package.manager))
		fail_msg("no such manager");
	told.package.name = next_word(&rest);
	while (rest.len > 0) {
		struct imp_slice value = next_word(&rest);
		struct imp_slice key = imp_slice_cut(&value, '=');
		if (imp_slice_is(key, "owns"))
			told.owns = value;
		else if (imp_slice_is(key, "lists"))
			told.lists = value;
		else if (imp_slice_is(key, "needs"))
			told.needs = value;
		else if (imp_slice_is(key, "peers"))
			told.peers = value;
		else if (imp_slice_is(key, "home"))
			told.package.home = imp_tree_find(world->tree, value);
		else if (imp_slice_is(key, "dev"))
			told.package.flags |= IMP_PACKAGE_DEV;
	}
	return told;
}

static uint32_t find_named(const struct world *world, struct imp_slice name)
{
	for (uint32_t i = 0; i < world->packages.count; i++)
		if (imp_slice_equal(world->packages.list[i].name, name))
			return i;
	fail_msg("no package %.*s", (int)name.len, name.data);
	return IMP_NONE;
}

static void fill_packages(struct world *world, struct told *told, size_t count)
{
	size_t records = imp_tree_record_count(world->tree);
	struct imp_package *list =
		imp_arena_array(world->arena, count + 1, sizeof(*list));
	struct imp_dependency *dependencies =
		imp_arena_array(world->arena, 1024, sizeof(*dependencies));
	uint32_t *owner_of =
		imp_arena_array(world->arena, records + 1, sizeof(*owner_of));
	struct imp_also *also = imp_arena_array(world->arena, 64, sizeof(*also));
	size_t used = 0;

	if (count > 0)
		qsort(told, count, sizeof(*told), compare_told);
	memset(owner_of, 0xff, (records + 1) * sizeof(*owner_of));
	for (size_t i = 0; i < count; i++)
		list[i] = told[i].package;
	world->packages.list = list;
	world->packages.count = count;
	world->packages.owner_of = owner_of;
	world->packages.dependencies = dependencies;
	world->packages.also = also;
	for (size_t i = 0; i < count; i++) {
		list[i].sum.files = told[i].owns.len > 0;
		while (told[i].owns.len > 0)
			owner_of[record_at(world, imp_slice_cut(&told[i].owns, ','))] =
				(uint32_t)i;
		while (told[i].lists.len > 0)
			also[world->packages.also_count++] = (struct imp_also){
				record_at(world, imp_slice_cut(&told[i].lists, ',')),
				(uint32_t)i};
		list[i].first_dependency = (uint32_t)used;
		while (told[i].needs.len > 0)
			dependencies[used++] = (struct imp_dependency){
				.to = find_named(world,
						 imp_slice_cut(&told[i].needs, ',')),
				.kind = IMP_DEPENDENCY_HARD,
			};
		while (told[i].peers.len > 0)
			dependencies[used++] = (struct imp_dependency){
				.to = find_named(world,
						 imp_slice_cut(&told[i].peers, ',')),
				.kind = IMP_DEPENDENCY_PEER,
			};
		list[i].dependency_count = (uint32_t)used - list[i].first_dependency;
	}
	world->packages.dependency_count = used;
}

static void read_comments(struct world *world, const char *text)
{
	struct told told[MAX_PACKAGES];
	struct imp_slice rest = imp_slice_of(text);
	size_t count = 0;

	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		struct imp_slice word = next_word(&line);
		if (imp_slice_is(word, "text")) {
			struct imp_slice path = next_word(&line);
			keep_text(world, path, line);
		}
		if (!imp_slice_is(word, "#"))
			continue;
		word = next_word(&line);
		if (imp_slice_is(word, "elf"))
			add_elf(world, line);
		else if (imp_slice_is(word, "package"))
			told[count++] = tell(world, line);
		else if (imp_slice_is(word, "cut"))
			cut_text(world, next_word(&line));
		else if (imp_slice_is(word, "imports")) {
			struct imp_slice path = next_word(&line);
			struct imp_fact *fact = fact_of(world, path, IMP_CONTENT_OTHER);
			fact->imports = ended_by_nul(world, line, ' ');
		} else {
			fail_msg("unknown comment: %.*s", (int)word.len, word.data);
		}
	}
	fill_packages(world, told, count);
}

/* ---- the image */

static size_t part(struct world *world, const char *text, const struct imp_slice **out)
{
	struct imp_slice *list = imp_arena_array(world->arena, 4096, sizeof(*list));
	struct imp_slice rest = imp_slice_of(text);
	size_t count = 0;

	while (rest.len > 0 && count < 4096) {
		struct imp_slice word = next_word(&rest);
		if (word.len > 0)
			list[count++] = decode(world, word);
	}
	*out = list;
	return count;
}

static void configure(struct world *world, const struct world_config *from)
{
	struct imp_config *config = &world->image.config;
	struct imp_slice label = imp_slice_of(from->label);

	config->entrypoint_count = part(world, from->entrypoint, &config->entrypoint);
	config->command_count = part(world, from->command, &config->command);
	config->environment_count = part(world, from->environment, &config->environment);
	config->shell_count = part(world, from->shell, &config->shell);
	config->health_check.test_count =
		part(world, from->health, &config->health_check.test);
	config->working_directory = imp_slice_of(from->workdir);
	world->options.run_count = from->run ? 1 : 0;
	struct imp_slice *run = imp_arena_alloc(world->arena, sizeof(*run));
	*run = imp_slice_of(from->run);
	world->options.runs = run;
	if (from->used)
		world->options.used = imp_slice_of(from->used);
	if (label.len > 0) {
		struct imp_pair *pair = imp_arena_alloc(world->arena, sizeof(*pair));
		pair->key = imp_slice_cut(&label, '=');
		pair->value = label;
		config->labels = pair;
		config->label_count = 1;
	}
}

void world_read(struct world *world, const char *text, const struct world_config *config)
{
	struct imp_error err = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};

	*world = (struct world){.arena = imp_arena_create()};
	imp_strbuf_printf(&layer, "layer\n%s", text);
	stack_read(&world->stack, layer.data);
	assert_ok(imp_tree_build(world->stack.profiles, world->stack.count,
				 &imp_limits_default, NULL, &world->tree, &err),
		  &err);
	world->contents = imp_contents_create(world->tree, world->stack.profiles);
	size_t records = (size_t)imp_tree_record_count(world->tree) + 1;
	current = world->tree;
	kept_count = 0;
	facts = imp_arena_array(world->arena, records, sizeof(void *));
	kept = imp_arena_array(world->arena, records, sizeof(void *));
	in_order = imp_arena_array(world->arena, records, sizeof(void *));
	read_comments(world, text);
	configure(world, config);
	struct imp_runtime_input input = {
		.tree = world->tree,
		.contents = world->contents,
		.image = &world->image,
		.packages = &world->packages,
		.options = &world->options,
	};
	imp_runtime_read(&input, world->arena, &world->runtime);
}

void world_finish(struct world *world)
{
	imp_contents_destroy(world->contents);
	imp_tree_destroy(world->tree);
	stack_finish(&world->stack);
	imp_arena_destroy(world->arena);
}

uint32_t world_record(const struct world *world, const char *path)
{
	return record_at(world, imp_slice_of(path));
}

bool world_reaches(const struct world *world, const char *path, unsigned bits)
{
	return (world->runtime.reached[world_record(world, path)] & bits) == bits;
}

uint32_t world_package(const struct world *world, const char *name)
{
	return find_named(world, imp_slice_of(name));
}
