/*
 * Any bytes as a shell's text, and as every file that says what is started: the tokenizer ends
 * within its limits, the follower within its own.
 */
#include <stdint.h>
#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/runtime.h"

#include "../../src/runtime/shell_words.h"
#include "stack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
const struct imp_live_file *__wrap_imp_contents_at(const struct imp_contents *contents,
						   uint32_t node);
size_t __wrap_imp_contents_live_count(const struct imp_contents *contents);
const struct imp_live_file *__wrap_imp_contents_live(const struct imp_contents *contents,
						     size_t i);

static struct stack stack;
static struct imp_tree *tree;
static struct imp_contents *contents;
static struct imp_live_file file;
static size_t commands;

static void require(bool holds)
{
	if (!holds)
		abort();
}

const struct imp_live_file *__wrap_imp_contents_at(const struct imp_contents *unused,
						   uint32_t node)
{
	(void)unused;
	return imp_tree_file_at(tree, node) == IMP_NONE ? NULL : &file;
}

size_t __wrap_imp_contents_live_count(const struct imp_contents *unused)
{
	(void)unused;
	return 1;
}

const struct imp_live_file *__wrap_imp_contents_live(const struct imp_contents *unused,
						     size_t i)
{
	(void)unused;
	require(i == 0);
	return &file;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct imp_error err = {0};

	(void)argc;
	(void)argv;
	imp_json_init();
	stack_read(&stack,
		   "layer\nfile bin/sh 1\nfile usr/bin/python3 1\nfile usr/bin/node 1\n"
		   "file usr/bin/npm 1\nfile usr/bin/env 1\nfile entry.sh 1\n"
		   "file usr/bin/supervisord 1\nfile usr/bin/pm2 1\nfile code/a.js 1\n"
		   "file etc/supervisord.conf 1\nfile code/package.json 1\n"
		   "file code/Procfile 1\nsymlink code/loop -> loop\n");
	require(imp_tree_build(stack.profiles, stack.count, &imp_limits_default, NULL,
			       &tree, &err) == 0);
	contents = imp_contents_create(tree, stack.profiles);
	return 0;
}

static struct imp_slice variable(void *context, struct imp_slice name)
{
	(void)context;
	return name.len % 2 ? IMP_SLICE("a value") : (struct imp_slice){0};
}

static void command(void *context, const struct imp_shell_word *words, size_t count)
{
	(void)context;
	require(count > 0 && count <= IMP_SHELL_WORDS);
	require(++commands <= IMP_SHELL_COMMANDS);
	for (size_t i = 0; i < count; i++)
		require(words[i].text.len <= IMP_SHELL_TEXT_BYTES);
}

static void follow(struct imp_slice text, struct imp_slice path)
{
	static const struct imp_slice entrypoint[] = {
		{"/entry.sh", 9}, {"npm", 3}, {"start", 5}};
	struct imp_image image = {.config = {.entrypoint = entrypoint,
					     .entrypoint_count = 3,
					     .working_directory = IMP_SLICE("/code")}};
	uint32_t *owner_of =
		calloc((size_t)imp_tree_record_count(tree) + 1, sizeof(*owner_of));
	struct imp_packages packages = {.owner_of = owner_of};
	struct imp_runtime_options options = {.runs = &text, .used = text};
	struct imp_runtime_input input = {tree, contents, &image, &packages, &options};
	struct imp_arena *arena = imp_arena_create();
	struct imp_runtime runtime;

	require(owner_of != NULL);
	memset(owner_of, 0xff, ((size_t)imp_tree_record_count(tree) + 1) * 4);
	file = (struct imp_live_file){
		.node = imp_tree_find(tree, path), .path = path, .content = text};
	for (size_t runs = 0; runs < 2; runs++) {
		options.run_count = runs;
		imp_runtime_read(&input, arena, &runtime);
		require(runtime.readable == (runtime.unreadable_reason == NULL));
		for (size_t i = 0; i < runtime.started_count; i++)
			require(runtime.started[i].parent == IMP_NONE ||
				runtime.started[i].parent < i);
	}
	imp_arena_destroy(arena);
	free(owner_of);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_slice text = imp_slice((const char *)data, size);

	commands = 0;
	imp_shell_read(&(struct imp_shell){
		.text = text, .variable = variable, .command = command});
	follow(text, IMP_SLICE("etc/supervisord.conf"));
	return 0;
}
