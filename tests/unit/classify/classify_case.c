#include "classify_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgprof/layer.h"

#include "given.h"
#include "tar_writer.h"

static void add_passwd(struct classified *c, const char *content)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .facts = true,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	tar_file(&tar, "etc/passwd", content);
	tar_end(&tar);
	assert_ok(imp_layer_read(imp_stream_memory(imp_strbuf_slice(&tar), 0), &request,
				 &result, &err),
		  &err);
	c->stack.owned[c->stack.count] = result.profile;
	c->stack.profiles[c->stack.count++] = result.profile;
}

static void set_config(struct classified *c, const struct image_case *image)
{
	c->image.platform = (struct imp_platform){
		.os = "linux", .architecture = "amd64", .variant = ""};
	struct imp_config *config = &c->image.config;
	struct imp_slice *environment =
		imp_arena_array(c->arena, 8, sizeof(*environment));

	for (size_t i = 0; i < 8 && image->environment[i]; i++)
		environment[config->environment_count++] =
			imp_slice_of(image->environment[i]);
	config->environment = environment;
	config->working_directory = imp_slice_of(image->workdir);
	config->entrypoint = image->entrypoint;
	while (image->entrypoint && image->entrypoint[config->entrypoint_count].len > 0)
		config->entrypoint_count++;
	config->command = image->command;
	while (image->command && image->command[config->command_count].len > 0)
		config->command_count++;
	struct imp_history *history = imp_arena_array(c->arena, 8, sizeof(*history));
	for (; config->history_count < 8 && image->history[config->history_count];
	     config->history_count++) {
		struct imp_slice text =
			imp_slice_of(image->history[config->history_count]);
		bool empty = text.len > 0 && text.data[0] == '-';
		history[config->history_count] = (struct imp_history){
			.created_by = imp_slice_skip(text, empty), .empty_layer = empty};
	}
	config->history = history;
	c->image.layer_count = c->stack.count;
	c->image.layers =
		imp_arena_array(c->arena, c->stack.count, sizeof(*c->image.layers));
	for (size_t i = 0; i < 8 && i < c->stack.count; i++)
		c->image.layers[i].instruction = imp_slice_of(image->instructions[i]);
}

static const struct imp_slice *split_words(struct classified *c, struct imp_slice line,
					   size_t *count)
{
	enum { WORDS = 16 };
	struct imp_slice *argv = imp_arena_array(c->arena, WORDS, sizeof(*argv));

	for (*count = 0; line.data && *count < WORDS; ++*count)
		argv[*count] = imp_slice_cut(&line, ' ');
	return argv;
}

static void set_started(struct classified *c, const char *commands)
{
	enum { COMMANDS = 8 };
	struct imp_slice rest = imp_slice_of(commands);
	struct imp_started *list = imp_arena_array(c->arena, COMMANDS, sizeof(*list));
	size_t count = 0;

	while (rest.len > 0 && count < COMMANDS) {
		struct imp_started *started = &list[count++];
		*started = (struct imp_started){
			.origin = "CMD", .script = IMP_NONE, .parent = IMP_NONE};
		started->argv =
			split_words(c, imp_slice_cut(&rest, '\n'), &started->argc);
		started->program = imp_tree_resolve(c->tree, 0, started->argv[0]);
		if (started->argc > 1)
			started->script = imp_tree_resolve(c->tree, 0, started->argv[1]);
		started->certain = true;
	}
	c->runtime.started = list;
	c->runtime.started_count = count;
}

static void set_owner(struct classified *c, const char *path)
{
	uint32_t records = imp_tree_record_count(c->tree);
	uint32_t *owners = imp_arena_array(c->arena, records + 1, sizeof(*owners));
	struct imp_package *package = imp_arena_array(c->arena, 1, sizeof(*package));
	uint32_t node = imp_tree_find(c->tree, imp_slice_of(path));

	*package = (struct imp_package){.manager = IMP_MANAGER_PYTHON,
					.name = IMP_SLICE("owner"),
					.home = IMP_NONE,
					.twin = IMP_NONE};
	memset(owners, 0xff, records * sizeof(*owners));
	owners[imp_tree_node(c->tree, node)->shown] = 0;
	c->packages = (struct imp_packages){
		.list = package,
		.count = 1,
		.owner_of = owners,
		.knows_roots = imp_arena_alloc(c->arena, 1),
		.group_count = 1,
		.is_documentation = imp_arena_alloc(c->arena, records + 1)};
}

struct classified *classify_case(const struct image_case *image)
{
	struct classified *c = imp_xcalloc(1, sizeof(*c));
	struct imp_error err = {0};

	c->arena = imp_arena_create();
	c->warnings = imp_warnings_create();
	stack_read(&c->stack, image->layers);
	if (image->passwd)
		add_passwd(c, image->passwd);
	assert_ok(imp_tree_build(c->stack.profiles, c->stack.count, &imp_limits_default,
				 NULL, &c->tree, &err),
		  &err);
	c->contents = imp_contents_create(c->tree, c->stack.profiles);
	set_config(c, image);
	if (image->rules)
		assert_ok(imp_rules_load(imp_slice_of(image->rules), "test", &c->rules,
					 &err),
			  &err);
	else
		assert_ok(imp_rules_builtin(&c->rules, &err), &err);
	if (image->add)
		assert_ok(image->add(c->rules, imp_slice_of(image->added), "my", &err),
			  &err);
	given_read(c->tree, image->given ? image->given : "", c->arena, &c->packages,
		   &c->runtime);
	if (image->owned)
		set_owner(c, image->owned);
	if (image->started)
		set_started(c, image->started);
	struct imp_classify_input input = {.tree = c->tree,
					   .image = &c->image,
					   .profiles = c->stack.profiles,
					   .contents = c->contents,
					   .packages = &c->packages,
					   .runtime = &c->runtime,
					   .rules = image->ledger_only ? NULL : c->rules,
					   .warnings = c->warnings,
					   .base_layers = image->base_layers};
	assert_ok(image->ledger_only
			  ? imp_classify_ledger(&input, c->arena, &c->findings, &err)
			  : imp_classify(&input, c->arena, &c->findings, &err),
		  &err);
	return c;
}

void classified_destroy(struct classified *c)
{
	if (!c)
		return;
	imp_contents_destroy(c->contents);
	imp_warnings_destroy(c->warnings);
	imp_tree_destroy(c->tree);
	imp_rules_destroy(c->rules);
	stack_finish(&c->stack);
	imp_arena_destroy(c->arena);
	free(c);
}

const struct imp_finding *finding_of(const struct classified *c, const char *id)
{
	for (size_t i = 0; i < c->findings.count; i++)
		if (strcmp(c->findings.list[i].id, id) == 0)
			return &c->findings.list[i];
	fail_msg("no finding %s", id);
	return NULL;
}

const struct imp_finding *finding_at(const struct classified *c, const char *path)
{
	uint32_t node = imp_tree_find(c->tree, imp_slice_of(path));

	if (node == IMP_NONE || imp_tree_node(c->tree, node)->shown == IMP_NONE)
		fail_msg("nothing at %s", path);
	uint32_t number = c->findings.finding_of[imp_tree_node(c->tree, node)->shown];
	return number == IMP_NONE ? NULL : &c->findings.list[number];
}

const char *evidence_of(const struct classified *c, const char *id)
{
	const struct imp_finding *finding = finding_of(c, id);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < finding->evidence_count; i++)
		imp_strbuf_printf(&text, "%s\n", finding->evidence[i]);
	return imp_arena_copy(c->arena, imp_strbuf_slice(&text)).data;
}

const char *paths_of(const struct classified *c, const char *id)
{
	const struct imp_finding *finding = finding_of(c, id);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < finding->path_count; i++) {
		imp_strbuf_add_text(&text, i ? " " : "");
		imp_strbuf_add_slice(&text, finding->paths[i]);
	}
	return imp_arena_copy(c->arena, imp_strbuf_slice(&text)).data;
}

static void list_verdicts(const struct classified *c, struct imp_strbuf *out)
{
	for (uint32_t n = 0; n != IMP_NONE; n = imp_tree_next(c->tree, n, true)) {
		uint32_t shown = imp_tree_node(c->tree, n)->shown;
		if (shown == IMP_NONE ||
		    imp_tree_record(c->tree, shown)->group == IMP_NONE)
			continue;
		uint32_t number = c->findings.finding_of[shown];
		imp_tree_path(c->tree, n, out);
		if (number == IMP_NONE)
			imp_strbuf_add_text(out, " -\n");
		else
			imp_strbuf_printf(
				out, " %s %s\n", c->findings.list[number].id,
				imp_confidence_name(c->findings.list[number].confidence));
	}
}

static void list_dropped(const struct classified *c, struct imp_strbuf *out)
{
	for (size_t i = 0; i < c->findings.dropped_count; i++) {
		const struct imp_dropped *dropped = &c->findings.dropped[i];
		imp_strbuf_printf(
			out, "%s:%.*s %s %llu: %s\n", dropped->rule,
			(int)dropped->subject.len, dropped->subject.data, dropped->anchor,
			(unsigned long long)dropped->sum.disk_bytes, dropped->evidence);
	}
}

static void list_findings(const struct classified *c, struct imp_strbuf *out)
{
	for (size_t i = 0; i < c->findings.count; i++) {
		const struct imp_finding *finding = &c->findings.list[i];
		imp_strbuf_printf(out, "%s %llu %llu\n", finding->id,
				  (unsigned long long)finding->sum.files,
				  (unsigned long long)finding->sum.disk_bytes);
	}
}

static void compare(const char *what, const struct imp_strbuf *found,
		    const char *expected, const char *file, int line)
{
	if (expected && !imp_slice_is(imp_strbuf_slice(found), expected)) {
		print_error("%s:%d: %s:\n%.*s--- expected:\n%s", file, line, what,
			    (int)found->len, found->data ? found->data : "", expected);
		_fail(file, line);
	}
}

void expect_image(const struct image_case *image, const char *file, int line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf verdicts = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf findings = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf dropped = {0};
	imp_auto_destroy(classified) struct classified *c = classify_case(image);

	list_verdicts(c, &verdicts);
	compare("verdicts", &verdicts, image->verdicts, file, line);
	list_findings(c, &findings);
	compare("findings", &findings, image->findings, file, line);
	list_dropped(c, &dropped);
	compare("dropped", &dropped, image->dropped, file, line);
}

const char *rule_of(const char *match)
{
	static char row[1024];

	snprintf(row, sizeof(row), "rule\tX\t%s\tjunk\tcertain\t-\tnone\tx\t-\t-\n",
		 match);
	return row;
}
