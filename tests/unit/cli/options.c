#include "case.h"

#include "command.h"
#include "surroundings.h"

static struct imp_settings settings;
static struct imp_error err;

static int parse_in(const struct imp_context *context, const struct imp_command *command,
		    const char *const *words)
{
	static char *arguments[IMP_MAX_ARGUMENTS + 2];
	int count = 0;

	while (words[count])
		count++;
	memcpy(arguments, words, (size_t)count * sizeof(*words));
	err = (struct imp_error){0};
	imp_settings_init(&settings);
	return imp_options_parse(command, context, count, arguments, &settings, &err);
}

static int parse_with(const struct imp_command *command, const char *const *words)
{
	struct imp_context nothing = SURROUNDINGS();

	return parse_in(&nothing, command, words);
}

#define WORDS(...) ((const char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL})
#define PARSE(...) parse_with(&imp_command_profile, WORDS(__VA_ARGS__))

CASE(nothing_asked_leaves_the_defaults)
{
	assert_ok(PARSE(), &err);
	assert_int_equal(settings.argument_count, 0);
	assert_int_equal(settings.output_count, 0);
	assert_int_equal(settings.units, IMP_UNITS_DECIMAL);
	assert_int_equal(settings.color, IMP_WHEN_AUTO);
	assert_int_equal(settings.progress, IMP_PROGRESS_AUTO);
	assert_int_equal(settings.threads, 0);
	assert_int_equal(settings.sort, IMP_SORT_DISK);
	assert_null(settings.platform);
	assert_null(settings.path);
	assert_false(settings.partial || settings.no_cache || settings.plain_http);
	assert_memory_equal(&settings.limits, &imp_limits_default,
			    sizeof(settings.limits));
}

CASE(flags_set_what_they_say)
{
	assert_ok(PARSE("--no-tree", "--all-platforms", "--plain-http",
			"--foreign-layers", "--partial", "--no-classify", "--no-cache",
			"--quiet", "--verbose", "--help"),
		  &err);
	assert_true(settings.no_tree && settings.all_platforms && settings.plain_http);
	assert_true(settings.foreign && settings.partial && settings.no_classify);
	assert_true(settings.no_cache && settings.quiet && settings.help);
	assert_int_equal(settings.verbosity, 1);
}

CASE(values_behind_an_equals_sign_or_in_the_next_word)
{
	assert_ok(PARSE("--top=3", "--depth", "4", "--path=usr/lib", "--width", "132",
			"--platform", "linux/arm64", "--threads=7", "--cache-dir", "/c",
			"--verify", "full"),
		  &err);
	assert_int_equal(settings.top, 3);
	assert_int_equal(settings.depth, 4);
	assert_string_equal(settings.path, "usr/lib");
	assert_int_equal(settings.width, 132);
	assert_string_equal(settings.platform, "linux/arm64");
	assert_int_equal(settings.threads, 7);
	assert_string_equal(settings.cache_directory, "/c");
	assert_true(settings.verify_full);
	assert_int_equal(settings.argument_count, 0);
}

CASE(an_empty_value_is_a_value)
{
	assert_ok(PARSE("--path=", "--platform", ""), &err);
	assert_string_equal(settings.path, "");
	assert_string_equal(settings.platform, "");
}

CASE(the_last_word_counts)
{
	assert_ok(PARSE("--units=iec", "--units=bytes", "--verify=full", "--verify=blob"),
		  &err);
	assert_int_equal(settings.units, IMP_UNITS_BYTES);
	assert_false(settings.verify_full);
}

CASE(outputs_are_kept_in_order)
{
	assert_ok(PARSE("-o", "json=a=b.json", "--output=text", "-otree", "--json"),
		  &err);
	assert_int_equal(settings.output_count, 4);
	assert_string_equal(settings.outputs[0].format->name, "json");
	assert_string_equal(settings.outputs[0].file, "a=b.json");
	assert_string_equal(settings.outputs[1].format->name, "text");
	assert_null(settings.outputs[1].file);
	assert_string_equal(settings.outputs[2].format->name, "tree");
	assert_string_equal(settings.outputs[3].format->name, "json");
	assert_null(settings.outputs[3].file);
}

CASE(outputs_that_cannot_be)
{
	assert_fails(PARSE("-o", "pdf"), IMP_E_USAGE, "no format 'pdf'", &err);
	assert_fails(PARSE("-o", "json="), IMP_E_USAGE, "no file name", &err);
	assert_fails(PARSE("-o", ""), IMP_E_USAGE, "no format ''", &err);
	assert_fails(PARSE("-o", "a-format-name-that-is-far-too-long-for-any-format"),
		     IMP_E_USAGE, "no format", &err);
}

CASE(more_outputs_than_there_is_room_for)
{
	const char *words[2 * (IMP_MAX_OUTPUTS + 1) + 1] = {0};

	for (size_t i = 0; i <= IMP_MAX_OUTPUTS; i++) {
		words[2 * i] = "-o";
		words[2 * i + 1] = "json=x";
	}
	assert_fails(parse_with(&imp_command_profile, words), IMP_E_USAGE, "outputs",
		     &err);
	words[2 * IMP_MAX_OUTPUTS] = NULL;
	assert_ok(parse_with(&imp_command_profile, words), &err);
}

CASE(letters_share_a_dash)
{
	assert_ok(PARSE("-qvvh", "image"), &err);
	assert_true(settings.quiet && settings.help);
	assert_int_equal(settings.verbosity, 2);
	assert_ok(PARSE("-qo", "json", "image"), &err);
	assert_int_equal(settings.output_count, 1);
	assert_int_equal(settings.argument_count, 1);
}

CASE(a_dash_alone_is_an_argument)
{
	assert_ok(PARSE("-q", "-", "x"), &err);
	assert_int_equal(settings.argument_count, 2);
	assert_string_equal(settings.arguments[0], "-");
}

CASE(options_stand_anywhere)
{
	assert_ok(PARSE("one", "--top", "2", "two", "-q"), &err);
	assert_int_equal(settings.argument_count, 2);
	assert_string_equal(settings.arguments[1], "two");
	assert_int_equal(settings.top, 2);
}

CASE(two_dashes_end_the_options)
{
	assert_ok(PARSE("-q", "--", "--json", "-v", "--"), &err);
	assert_int_equal(settings.argument_count, 3);
	assert_string_equal(settings.arguments[0], "--json");
	assert_string_equal(settings.arguments[2], "--");
	assert_int_equal(settings.output_count, 0);
	assert_int_equal(settings.verbosity, 0);
}

CASE(a_value_may_look_like_an_option)
{
	assert_ok(PARSE("--path", "--json", "--platform", "--"), &err);
	assert_string_equal(settings.path, "--json");
	assert_string_equal(settings.platform, "--");
}

CASE(a_value_is_missing)
{
	assert_fails(PARSE("--threads"), IMP_E_USAGE, "--threads needs N", &err);
	assert_fails(PARSE("-o"), IMP_E_USAGE, "-o needs FORMAT", &err);
	assert_fails(PARSE("-qo"), IMP_E_USAGE, "-o needs FORMAT", &err);
}

CASE(a_flag_takes_no_value)
{
	assert_fails(PARSE("--json=yes"), IMP_E_USAGE, "--json takes no value", &err);
	assert_fails(PARSE("--quiet="), IMP_E_USAGE, "--quiet takes no value", &err);
}

CASE(numbers_are_numbers)
{
	static const char *const names[] = {"--top", "--depth", "--width", "--threads"};
	static const char *const wrong[] = {"",     "-1", "+1", "1.5",
					    "0x10", " 1", "1 ", "18446744073709551616"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (size_t j = 0; j < sizeof(wrong) / sizeof(*wrong); j++)
			assert_fails(PARSE(names[i], wrong[j]), IMP_E_USAGE, names[i],
				     &err);
	assert_ok(PARSE("--threads", "1024", "--width=10000", "--top=1000000000"), &err);
	assert_fails(PARSE("--threads", "1025"), IMP_E_USAGE, "1024", &err);
	assert_fails(PARSE("--width", "10001"), IMP_E_USAGE, "10000", &err);
	assert_fails(PARSE("--top", "1000000001"), IMP_E_USAGE, "1000000000", &err);
}

/* Calls VISIT with every option of every command. */
static void visit_options(void (*visit)(const struct imp_command *command,
					const struct imp_option *option))
{
	for (const struct imp_command *const *c = imp_commands; *c; c++)
		for (const struct imp_option *const *group = (*c)->options; *group;
		     group++)
			for (const struct imp_option *o = *group; o->name; o++)
				visit(*c, o);
}

static void take_each_choice(const struct imp_command *command,
			     const struct imp_option *option)
{
	char word[64], choice[32];

	if (!option->values)
		return;
	struct imp_slice rest = imp_slice_of(option->values);
	while (rest.len) {
		struct imp_slice one = imp_slice_cut(&rest, ' ');
		snprintf(choice, sizeof(choice), "%.*s", (int)one.len, one.data);
		snprintf(word, sizeof(word), "--%s=%s", option->name, choice);
		assert_ok(parse_with(command, WORDS(word)), &err);
		/* No two names of one choice: the next must change something or fail. */
		snprintf(word, sizeof(word), "--%s=%sx", option->name, choice);
		assert_fails(parse_with(command, WORDS(word)), IMP_E_USAGE, option->name,
			     &err);
	}
}

CASE(every_choice_of_the_tables_is_taken_and_no_other)
{
	visit_options(take_each_choice);
}

CASE(choices_mean_what_they_say)
{
	assert_ok(PARSE("--sort=pull", "--color=always", "--progress=plain"), &err);
	assert_int_equal(settings.sort, IMP_SORT_PULL);
	assert_int_equal(settings.color, IMP_WHEN_ALWAYS);
	assert_int_equal(settings.progress, IMP_PROGRESS_PLAIN);
	assert_ok(PARSE("--sort=name", "--color=never", "--progress=none"), &err);
	assert_int_equal(settings.sort, IMP_SORT_NAME);
	assert_int_equal(settings.color, IMP_WHEN_NEVER);
	assert_int_equal(settings.progress, IMP_PROGRESS_NONE);
	assert_ok(PARSE("--sort=files", "--units=iec", "--progress=tty"), &err);
	assert_int_equal(settings.sort, IMP_SORT_FILES);
	assert_int_equal(settings.units, IMP_UNITS_IEC);
	assert_int_equal(settings.progress, IMP_PROGRESS_TTY);
}

CASE(limits_are_set_by_name)
{
	assert_ok(PARSE("--limit", "nodes=10k", "--limit=layer-tar-bytes=2MiB"), &err);
	assert_int_equal(settings.limits.nodes, 10000);
	assert_int_equal(settings.limits.layer_tar_bytes, 2 << 20);
	assert_int_equal(settings.limits.layers, imp_limits_default.layers);
}

CASE(limits_that_cannot_be)
{
	static const char *const shapeless[] = {"", "nodes", "nodes=", "nodes=x", "=1"};

	for (size_t i = 0; i < sizeof(shapeless) / sizeof(*shapeless); i++)
		assert_fails(PARSE("--limit", shapeless[i]), IMP_E_USAGE, "--limit",
			     &err);
	assert_fails(PARSE("--limit", "noodles=1"), IMP_E_USAGE, "no limit 'noodles'",
		     &err);
	assert_non_null(strstr(err.hint, "imgprof help limits"));
	assert_fails(PARSE("--limit", "nodes=0"), IMP_E_USAGE, "nodes", &err);
	assert_fails(PARSE("--limit", "nodes=4294967296"), IMP_E_USAGE, "nodes", &err);
}

CASE(near_misses_are_suggested)
{
	static const struct {
		const char *wrong, *near;
	} misses[] = {
		{"--jsn", "--json"},          {"--josn", "--json"},
		{"--no-cahce", "--no-cache"}, {"--platfrom", "--platform"},
		{"--color_", "--color"},      {"--treads", "--threads"},
		{"--outptu", "--output"},     {"--hlep", "--help"},
	};
	for (size_t i = 0; i < sizeof(misses) / sizeof(*misses); i++) {
		assert_fails(PARSE(misses[i].wrong), IMP_E_USAGE, misses[i].wrong, &err);
		assert_non_null(strstr(err.hint, misses[i].near));
	}
}

CASE(a_suggestion_knows_a_value_behind_the_name)
{
	assert_fails(PARSE("--platfrom=linux/amd64"), IMP_E_USAGE, "--platfrom", &err);
	assert_non_null(strstr(err.hint, "did you mean --platform?"));
}

CASE(far_misses_point_to_the_help)
{
	static const char *const words[] = {
		"--nothing-like-it", "-Z", "-qZ",
		"--an-option-whose-name-is-much-longer-than-any-that-there-could-be"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		assert_fails(PARSE(words[i]), IMP_E_USAGE, words[i], &err);
		assert_string_equal(err.hint, "try imgprof --help");
	}
	assert_fails(parse_with(&imp_command_cache, WORDS("--nothing-like-it")),
		     IMP_E_USAGE, "--nothing-like-it", &err);
	assert_string_equal(err.hint, "try imgprof cache --help");
}

CASE(a_command_knows_its_own_options_only)
{
	assert_fails(parse_with(&imp_command_cache, WORDS("--platform", "x")),
		     IMP_E_USAGE, "--platform", &err);
	assert_ok(parse_with(&imp_command_cache, WORDS("ls", "--cache-dir=/c")), &err);
	assert_string_equal(settings.cache_directory, "/c");
}

CASE(the_environment_gives_defaults)
{
	struct imp_context context = SURROUNDINGS(
		"IMGPROF_UNITS", "iec", "IMGPROF_THREADS", "3", "IMGPROF_PLATFORM",
		"linux/s390x", "IMGPROF_CACHE_DIR", "/cache", "IMGPROF_COLOR", "always",
		"IMGPROF_PROGRESS", "none");

	assert_ok(parse_in(&context, &imp_command_profile, WORDS("--threads=5")), &err);
	assert_int_equal(settings.units, IMP_UNITS_IEC);
	assert_int_equal(settings.threads, 5);
	assert_string_equal(settings.platform, "linux/s390x");
	assert_string_equal(settings.cache_directory, "/cache");
	assert_int_equal(settings.color, IMP_WHEN_ALWAYS);
	assert_int_equal(settings.progress, IMP_PROGRESS_NONE);
}

CASE(an_empty_variable_is_none)
{
	struct imp_context context = SURROUNDINGS("IMGPROF_UNITS", "");

	assert_ok(parse_in(&context, &imp_command_profile, WORDS()), &err);
	assert_int_equal(settings.units, IMP_UNITS_DECIMAL);
}

CASE(a_wrong_variable_is_named)
{
	struct imp_context context = SURROUNDINGS("IMGPROF_UNITS", "stones");

	assert_fails(parse_in(&context, &imp_command_profile, WORDS()), IMP_E_USAGE,
		     "IMGPROF_UNITS", &err);
}

CASE(more_arguments_than_there_is_room_for)
{
	static const char *words[IMP_MAX_ARGUMENTS + 2];

	for (size_t i = 0; i <= IMP_MAX_ARGUMENTS; i++)
		words[i] = "image";
	assert_fails(parse_with(&imp_command_profile, words), IMP_E_USAGE, "arguments",
		     &err);
	words[IMP_MAX_ARGUMENTS] = NULL;
	assert_ok(parse_with(&imp_command_profile, words), &err);
	assert_int_equal(settings.argument_count, IMP_MAX_ARGUMENTS);
}

static void check_table(const struct imp_command *command,
			const struct imp_option *option)
{
	size_t same_name = 0, same_letter = 0;

	assert_true(option->summary && option->group && option->apply);
	assert_true(strspn(option->name, "abcdefghijklmnopqrstuvwxyz-") ==
		    strlen(option->name));
	assert_true(!option->values || option->argument);
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *o = *group; o->name; o++) {
			same_name += strcmp(o->name, option->name) == 0;
			same_letter += option->letter && o->letter == option->letter;
		}
	assert_int_equal(same_name, 1);
	assert_true(same_letter <= 1);
}

CASE(the_tables_are_sound)
{
	visit_options(check_table);
}

CASE(commands_are_found_by_their_whole_name)
{
	for (const struct imp_command *const *c = imp_commands; *c; c++)
		assert_ptr_equal(imp_command_find((*c)->name), *c);
	assert_null(imp_command_find(""));
	assert_null(imp_command_find("cach"));
	assert_null(imp_command_find("caches"));
	for (const char *const *name = imp_reserved_commands; *name; name++)
		assert_null(imp_command_find(*name));
}

static int skipped(const char *const *words)
{
	static char *arguments[32];
	int count = 0;

	while (words[count])
		count++;
	memcpy(arguments, words, (size_t)count * sizeof(*words));
	return imp_options_skip(count, arguments);
}

#define SKIP(...) skipped(WORDS(__VA_ARGS__))

CASE(options_before_a_word_are_skipped_with_their_values)
{
	assert_int_equal(SKIP(), 0);
	assert_int_equal(SKIP("diff", "-q"), 0);
	assert_int_equal(SKIP("-q", "diff", "a"), 1);
	assert_int_equal(SKIP("-qvv", "--json", "diff"), 2);
	assert_int_equal(SKIP("--why", "diff", "web"), 2);
	assert_int_equal(SKIP("--why=diff", "diff"), 1);
	assert_int_equal(SKIP("-o", "json", "diff"), 2);
	assert_int_equal(SKIP("-ojson", "diff"), 1);
	assert_int_equal(SKIP("-qo", "json", "diff"), 2);
	assert_int_equal(SKIP("-qojson", "diff"), 1);
	assert_int_equal(SKIP("--fail-on", "warn", "--price", "1", "check"), 4);
	assert_int_equal(SKIP("--nonsense", "diff"), 1);
}

CASE(two_dashes_one_dash_and_a_missing_value_end_the_skipping)
{
	assert_int_equal(SKIP("-q", "--", "diff"), 1);
	assert_int_equal(SKIP("-q", "-", "diff"), 1);
	assert_int_equal(SKIP("-q", "", "diff"), 1);
	assert_int_equal(SKIP("-q", "-v"), 2);
	assert_int_equal(SKIP("-q", "--top"), 2);
}

static void expect_alike(const struct imp_command *command, const struct imp_option *one)
{
	for (const struct imp_option *const *group = command->options; *group; group++)
		for (const struct imp_option *other = *group; other->name; other++)
			if (strcmp(one->name, other->name) == 0) {
				assert_int_equal(!one->argument, !other->argument);
				assert_int_equal(one->letter, other->letter);
			}
}

CASE(options_of_one_name_are_alike_in_all_commands)
{
	for (const struct imp_command *const *a = imp_commands; *a; a++)
		for (const struct imp_option *const *group = (*a)->options; *group;
		     group++)
			for (const struct imp_option *option = *group; option->name;
			     option++)
				for (const struct imp_command *const *b = imp_commands;
				     *b; b++)
					expect_alike(*b, option);
}
