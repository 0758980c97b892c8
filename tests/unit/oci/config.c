#include "imgprof/image.h"

#include "oci_test.h"

#define ROOTFS "'rootfs':{'type':'layers','diff_ids':['" SHA_A "','" SHA_B "']}"
#define CONFIG(more) "{" ROOTFS more "}"
#define SETTINGS(members) CONFIG(",'config':{" members "}")
#define HISTORY(entries) CONFIG(",'history':[" entries "]")

static int try_with(const char *text, const struct imp_limits *limits,
		    struct imp_arena *arena, struct imp_config *out,
		    struct imp_error *err)
{
	return imp_config_parse(json_of(text, arena), "thing", limits, arena, out, err);
}

static struct imp_config parse(const char *text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_config config;
	memset(&config, 0x55, sizeof(config));
	assert_ok(try_with(text, &imp_limits_default, arena, &config, &err), &err);
	return config;
}

static void expect_refused_as(const char *text, int category, const char *reason)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_config config = {.diff_id_count = 77};
	assert_fails(try_with(text, &imp_limits_default, arena, &config, &err), category,
		     reason, &err);
	assert_non_null(strstr(err.message, "thing"));
	assert_int_equal(config.diff_id_count, 77);
}

static void expect_refused(const char *text, const char *reason)
{
	expect_refused_as(text, IMP_E_FORMAT, reason);
}

CASE(platform_is_normalised)
{
	ARENA(arena);
	struct imp_config config =
		parse(CONFIG(",'os':'Linux','architecture':'aarch64','variant':'v8',"
			     "'os.version':'10.0'"),
		      arena);
	assert_string_equal(imp_platform_text(&config.platform, arena), "linux/arm64");
	assert_slice(config.os_version, "10.0");
}

CASE(platform_absent)
{
	ARENA(arena);
	struct imp_config config = parse(CONFIG(""), arena);
	assert_string_equal(config.platform.os, "");
	assert_string_equal(config.platform.architecture, "");
	assert_string_equal(config.platform.variant, "");
	assert_slice(config.os_version, "");
}

CASE(diff_ids)
{
	ARENA(arena);
	char text[IMP_DIGEST_TEXT];
	struct imp_config config = parse(CONFIG(""), arena);
	assert_int_equal(config.diff_id_count, 2);
	assert_string_equal(imp_digest_text(&config.diff_ids[0], text), SHA_A);
	assert_string_equal(imp_digest_text(&config.diff_ids[1], text), SHA_B);
}

CASE(diff_ids_null_or_absent)
{
	ARENA(arena);
	struct imp_config config =
		parse("{'rootfs':{'type':'layers','diff_ids':null}}", arena);
	assert_int_equal(config.diff_id_count, 0);
	config = parse("{'rootfs':{'type':'layers'}}", arena);
	assert_int_equal(config.diff_id_count, 0);
}

CASE(diff_ids_malformed)
{
	expect_refused("{'rootfs':{'type':'layers','diff_ids':['" SHA_A "','x']}}",
		       "rootfs: diff_ids[1]");
	expect_refused("{'rootfs':{'type':'layers','diff_ids':[1]}}",
		       "diff_ids[0] is a number");
	expect_refused("{'rootfs':{'type':'layers','diff_ids':'x'}}",
		       "diff_ids is a string");
	expect_refused_as("{'rootfs':{'type':'layers','diff_ids':['blake3:" HEX_A "']}}",
			  IMP_E_UNSUPPORTED, "blake3");
}

CASE(rootfs_missing)
{
	expect_refused("{}", "rootfs: missing");
	expect_refused("{'rootfs':null}", "rootfs: missing");
}

CASE(rootfs_of_another_type)
{
	expect_refused("{'rootfs':{'type':'base','diff_ids':[]}}",
		       "rootfs: type is 'base', expected 'layers'");
	expect_refused("{'rootfs':{'diff_ids':[]}}", "expected 'layers'");
	expect_refused("{'rootfs':[]}", "rootfs: an array, expected an object");
}

CASE(root_is_no_object)
{
	expect_refused("[]", "an array, expected an object");
}

CASE(duplicate_keys)
{
	expect_refused("{" ROOTFS "," ROOTFS "}", "");
}

CASE(key_in_another_case)
{
	expect_refused(CONFIG(",'RootFS':{}"), "'RootFS' differs from 'rootfs'");
	expect_refused("{'rootfs':{'type':'layers','diff_ids':[],'Diff_IDs':[]}}",
		       "rootfs: the key 'Diff_IDs'");
	expect_refused(HISTORY("{'empty_layer':true,'Empty_Layer':false}"),
		       "history[0]: the key 'Empty_Layer'");
}

CASE(unknown_fields_are_normal)
{
	ARENA(arena);
	struct imp_config config = parse(
		CONFIG(",'docker_version':'20','container_config':{'Cmd':[]},'id':'x'"),
		arena);
	assert_int_equal(config.diff_id_count, 2);
}

CASE(wrong_types)
{
	expect_refused(CONFIG(",'os':7"), "os is a number");
	expect_refused(CONFIG(",'variant':[]"), "variant is an array");
	expect_refused(CONFIG(",'created':1"), "created is a number");
	expect_refused(CONFIG(",'history':{}"), "history is an object");
	expect_refused(CONFIG(",'config':[]"), "config: an array, expected an object");
	expect_refused(HISTORY("'x'"), "history[0]: a string, expected an object");
	expect_refused(HISTORY("{},{'created_by':1}"),
		       "history[1]: created_by is a number");
	expect_refused(HISTORY("{'empty_layer':'true'}"),
		       "empty_layer is a string, expected true or false");
	expect_refused(HISTORY("{'comment':false}"), "comment is a boolean");
	expect_refused(SETTINGS("'Env':'A=b',"
				"'Env2':1,'Cmd':{}"),
		       "config: Cmd is an object");
	expect_refused(SETTINGS("'Entrypoint':[1]"), "Entrypoint[0] is a number");
	expect_refused(SETTINGS("'User':0"), "User is a number");
	expect_refused(SETTINGS("'Labels':[]"), "Labels is an array");
	expect_refused(SETTINGS("'Labels':{'a':1}"), "Labels: a is a number");
	expect_refused(SETTINGS("'ExposedPorts':[]"), "ExposedPorts is an array");
	expect_refused(SETTINGS("'Healthcheck':'x'"), "Healthcheck: a string");
	expect_refused(SETTINGS("'Healthcheck':{'Test':1}"),
		       "config: Healthcheck: Test is a number");
}

CASE(nul_in_a_platform)
{
	expect_refused(CONFIG(",'os':'linux\\u0000x'"), "");
}

CASE(created)
{
	ARENA(arena);
	struct imp_config config =
		parse(CONFIG(",'created':'1970-01-01T00:00:01.123456789Z'"), arena);
	assert_true(config.has_created);
	assert_int_equal(config.created_ns, 1123456789);
}

CASE(created_unknown)
{
	static const char *const texts[] = {
		CONFIG(""),
		CONFIG(",'created':null"),
		CONFIG(",'created':''"),
		CONFIG(",'created':'yesterday'"),
		CONFIG(",'created':'0001-01-01T00:00:00Z'"),
		CONFIG(",'created':'1970-01-01T00:00:00Z'"),
	};
	ARENA(arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct imp_config config = parse(texts[i], arena);
		assert_false(config.has_created);
		assert_int_equal(config.created_ns, 0);
	}
}

CASE(history)
{
	ARENA(arena);
	struct imp_config config =
		parse(HISTORY("{'created_by':'a\\nb','comment':'c','empty_layer':true,"
			      "'created':'1970-01-01T00:00:02Z'},"
			      "{'created_by':'d','empty_layer':null}"),
		      arena);
	assert_int_equal(config.history_count, 2);
	assert_slice(config.history[0].created_by, "a\nb");
	assert_slice(config.history[0].comment, "c");
	assert_true(config.history[0].empty_layer);
	assert_true(config.history[0].has_created);
	assert_int_equal(config.history[0].created_ns, 2000000000);
	assert_slice(config.history[1].created_by, "d");
	assert_slice(config.history[1].comment, "");
	assert_false(config.history[1].empty_layer);
	assert_false(config.history[1].has_created);
}

CASE(history_with_null_entries)
{
	ARENA(arena);
	struct imp_config config = parse(HISTORY("null,{'created_by':'x'}"), arena);
	assert_int_equal(config.history_count, 2);
	assert_slice(config.history[0].created_by, "");
	assert_false(config.history[0].empty_layer);
	assert_slice(config.history[1].created_by, "x");
}

CASE(history_null_or_absent)
{
	ARENA(arena);
	struct imp_config config = parse(CONFIG(",'history':null"), arena);
	assert_int_equal(config.history_count, 0);
	config = parse(CONFIG(""), arena);
	assert_int_equal(config.history_count, 0);
}

CASE(settings)
{
	ARENA(arena);
	struct imp_config config = parse(
		SETTINGS(
			"'Entrypoint':['/e','x'],'Cmd':['c'],'Env':['A=b','C=d'],"
			"'Shell':['/bin/bash','-c'],'User':'u','WorkingDir':'/w',"
			"'Labels':{'l':'m','n':null},'ExposedPorts':{'80/tcp':{},'53/udp':1},"
			"'Healthcheck':{'Test':['CMD','true'],'Interval':1}"),
		arena);
	assert_int_equal(config.entrypoint_count, 2);
	assert_slice(config.entrypoint[1], "x");
	assert_int_equal(config.command_count, 1);
	assert_slice(config.command[0], "c");
	assert_int_equal(config.environment_count, 2);
	assert_slice(config.environment[1], "C=d");
	assert_int_equal(config.shell_count, 2);
	assert_slice(config.shell[0], "/bin/bash");
	assert_slice(config.user, "u");
	assert_slice(config.working_directory, "/w");
	assert_int_equal(config.label_count, 2);
	assert_slice(imp_annotation(config.labels, 2, "l"), "m");
	assert_slice(imp_annotation(config.labels, 2, "n"), "");
	assert_int_equal(config.exposed_port_count, 2);
	assert_slice(config.exposed_ports[0], "80/tcp");
	assert_slice(config.exposed_ports[1], "53/udp");
	assert_int_equal(config.health_check.test_count, 2);
	assert_slice(config.health_check.test[0], "CMD");
}

CASE(settings_absent_or_null)
{
	static const char *const texts[] = {
		CONFIG(""),
		CONFIG(",'config':null"),
		SETTINGS("'Entrypoint':null,'Cmd':null,'Env':null,'Shell':null,"
			 "'User':null,'WorkingDir':null,'Labels':null,"
			 "'ExposedPorts':null,'Healthcheck':null"),
	};
	ARENA(arena);
	for (size_t i = 0; i < 3; i++) {
		struct imp_config config = parse(texts[i], arena);
		assert_int_equal(config.entrypoint_count, 0);
		assert_int_equal(config.command_count, 0);
		assert_int_equal(config.environment_count, 0);
		assert_int_equal(config.shell_count, 0);
		assert_int_equal(config.user.len, 0);
		assert_int_equal(config.label_count, 0);
		assert_int_equal(config.exposed_port_count, 0);
		assert_int_equal(config.health_check.test_count, 0);
	}
}

CASE(settings_in_another_case_as_engines_read_them)
{
	ARENA(arena);
	struct imp_config config = parse(SETTINGS("'cmd':['x'],'ENV':['A=b']"), arena);
	assert_int_equal(config.command_count, 1);
	assert_int_equal(config.environment_count, 1);
}

CASE(settings_twice_in_different_case)
{
	expect_refused(SETTINGS("'Cmd':['x'],'cmd':['y']"),
		       "config: the key 'cmd' differs from 'Cmd' only in case");
}

CASE(settings_that_go_folds)
{
	/* KELVIN SIGN folds to k. */
	expect_refused(SETTINGS("'WorkingDir':'/a','Wor\xe2\x84\xaaingDir':'/b'"),
		       "only in case");
}

CASE(command_as_a_lone_string)
{
	ARENA(arena);
	struct imp_config config = parse(SETTINGS("'Cmd':'/bin/x y'"), arena);
	assert_int_equal(config.command_count, 1);
	assert_slice(config.command[0], "/bin/x y");
}

CASE(slices_hold_any_byte)
{
	ARENA(arena);
	struct imp_config config = parse(SETTINGS("'User':'a\\u001bb\\u2028'"), arena);
	assert_slice(config.user, "a\x1b"
				  "b\xe2\x80\xa8");
}

CASE(limit_of_layers)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_config config;
	struct imp_limits limits = imp_limits_default;
	limits.layers = 2;
	assert_ok(try_with(CONFIG(""), &limits, arena, &config, &err), &err);
	limits.layers = 1;
	assert_fails(try_with(CONFIG(""), &limits, arena, &config, &err), IMP_E_LIMIT,
		     "limit layers", &err);
}

CASE(limit_of_bytes)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_config config;
	struct imp_limits limits = imp_limits_default;
	limits.config_bytes = strlen(CONFIG(""));
	assert_ok(try_with(CONFIG(""), &limits, arena, &config, &err), &err);
	limits.config_bytes--;
	assert_fails(try_with(CONFIG(""), &limits, arena, &config, &err), IMP_E_LIMIT,
		     "limit config-bytes", &err);
}

CASE(labels_and_commands_of_a_mebibyte)
{
	ARENA(arena);
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	imp_strbuf_add_text(&text, "{" ROOTFS ",'config':{'Labels':{'l':'");
	memset(imp_strbuf_reserve(&text, 1 << 20), 'x', 1 << 20);
	text.len += 1 << 20;
	imp_strbuf_add_text(&text, "'}}}");
	struct imp_config config = parse(text.data, arena);
	assert_int_equal(config.labels[0].value.len, 1 << 20);
}
