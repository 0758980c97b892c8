#include "imgprof/image.h"

#include "imgprof/json.h"
#include "imgprof/units.h"

#include "field_priv.h"

enum field {
	OS,
	ARCHITECTURE,
	VARIANT,
	OS_VERSION,
	CREATED,
	ROOTFS,
	HISTORY,
	SETTINGS,
	FIELD_COUNT,
};

static const char *const field_names[FIELD_COUNT] = {
	[OS] = "os",           [ARCHITECTURE] = "architecture",
	[VARIANT] = "variant", [OS_VERSION] = "os.version",
	[CREATED] = "created", [ROOTFS] = "rootfs",
	[HISTORY] = "history", [SETTINGS] = "config",
};

/* A time that is absent, malformed, the year 1 or the epoch (a reproducible build's) is
 * not known (formats.md 9.4). */
static int parse_created(const json_t *value, struct imp_arena *arena, int64_t *out_ns,
			 bool *known, struct imp_error *err)
{
	struct imp_slice text;
	int64_t time_ns;
	int rc = imp_field_string(value, "created", arena, &text, err);
	if (rc < 0)
		return rc;
	if (imp_time_parse(text, &time_ns) && time_ns != 0) {
		*out_ns = time_ns;
		*known = true;
	}
	return 0;
}

static int parse_platform(json_t *const *values, struct imp_arena *arena,
			  struct imp_config *config, struct imp_error *err)
{
	const char *parts[3];
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < 3; i++)
		rc = imp_field_text(values[OS + i], field_names[OS + i], arena, &parts[i],
				    err);
	if (rc == 0)
		rc = imp_field_string(values[OS_VERSION], "os.version", arena,
				      &config->os_version, err);
	if (rc < 0)
		return rc;
	config->platform =
		imp_platform_normalise(imp_slice_of(parts[0]), imp_slice_of(parts[1]),
				       imp_slice_of(parts[2]), arena);
	return 0;
}

static int parse_diff_ids(json_t *value, const struct imp_limits *limits,
			  struct imp_arena *arena, struct imp_config *config,
			  struct imp_error *err)
{
	const struct imp_slice *texts;
	size_t count;
	int rc = imp_field_strings(value, "diff_ids", arena, &texts, &count, err);
	if (rc < 0)
		return rc;
	if (count > limits->layers)
		return imp_fail(err, IMP_E_LIMIT,
				"limit layers: 'diff_ids' has %zu entries, at most %u "
				"are read",
				count, (unsigned)limits->layers);
	struct imp_digest *diff_ids = imp_arena_array(arena, count, sizeof(*diff_ids));
	for (size_t i = 0; i < count; i++)
		if (imp_digest_parse(texts[i], &diff_ids[i], err) < 0)
			return imp_wrap(err, "diff_ids[%zu]", i);
	config->diff_ids = diff_ids;
	config->diff_id_count = count;
	return 0;
}

static int parse_rootfs(json_t *value, const struct imp_limits *limits,
			struct imp_arena *arena, struct imp_config *config,
			struct imp_error *err)
{
	enum { TYPE, DIFF_IDS, COUNT };
	static const char *const names[COUNT] = {
		[TYPE] = "type", [DIFF_IDS] = "diff_ids"};
	json_t *values[COUNT];
	struct imp_slice type = {0};
	if (imp_field_absent(value))
		return imp_fail(err, IMP_E_FORMAT, "missing, expected the type 'layers'");
	int rc = imp_fields_bind(value, IMP_FIELD_EXACT, names, COUNT, values, err);
	if (rc == 0)
		rc = imp_field_string(values[TYPE], "type", arena, &type, err);
	if (rc < 0)
		return rc;
	if (!imp_slice_is(type, "layers"))
		return imp_fail(err, IMP_E_FORMAT, "type is '%.*s', expected 'layers'",
				type.len < 64 ? (int)type.len : 64, type.data);
	return parse_diff_ids(values[DIFF_IDS], limits, arena, config, err);
}

static int parse_history_entry(json_t *value, struct imp_arena *arena,
			       struct imp_history *entry, struct imp_error *err)
{
	enum { CREATED_BY, COMMENT, CREATED_AT, EMPTY_LAYER, COUNT };
	static const char *const names[COUNT] = {
		[CREATED_BY] = "created_by",
		[COMMENT] = "comment",
		[CREATED_AT] = "created",
		[EMPTY_LAYER] = "empty_layer",
	};
	json_t *values[COUNT];
	int rc = imp_fields_bind(value, IMP_FIELD_EXACT, names, COUNT, values, err);
	if (rc == 0)
		rc = imp_field_string(values[CREATED_BY], "created_by", arena,
				      &entry->created_by, err);
	if (rc == 0)
		rc = imp_field_string(values[COMMENT], "comment", arena, &entry->comment,
				      err);
	if (rc == 0)
		rc = parse_created(values[CREATED_AT], arena, &entry->created_ns,
				   &entry->has_created, err);
	if (rc == 0)
		rc = imp_field_bool(values[EMPTY_LAYER], "empty_layer",
				    &entry->empty_layer, err);
	return rc;
}

/* An entry that is null stands for a layer about which nothing is known. */
static int parse_history(json_t *value, struct imp_arena *arena,
			 struct imp_config *config, struct imp_error *err)
{
	json_t *array;
	int rc = imp_field_array(value, "history", &array, err);
	if (rc < 0)
		return rc;
	size_t count = json_array_size(array);
	struct imp_history *history = imp_arena_array(arena, count, sizeof(*history));
	for (size_t i = 0; i < count; i++) {
		json_t *item = json_array_get(array, i);
		history[i].created_by = IMP_SLICE("");
		history[i].comment = IMP_SLICE("");
		if (imp_field_absent(item))
			continue;
		if (parse_history_entry(item, arena, &history[i], err) < 0)
			return imp_wrap(err, "history[%zu]", i);
	}
	config->history = history;
	config->history_count = count;
	return 0;
}

/* A list of arguments; a lone string is a list of one, as docker reads it. */
static int parse_arguments(json_t *value, const char *name, struct imp_arena *arena,
			   const struct imp_slice **out, size_t *count,
			   struct imp_error *err)
{
	if (!json_is_string(value))
		return imp_field_strings(value, name, arena, out, count, err);
	struct imp_slice *one = imp_arena_array(arena, 1, sizeof(*one));
	int rc = imp_field_string(value, name, arena, one, err);
	if (rc == 0) {
		*out = one;
		*count = 1;
	}
	return rc;
}

/* The keys of an object of anything. */
static int parse_keys(json_t *value, const char *name, struct imp_arena *arena,
		      const struct imp_slice **out, size_t *count, struct imp_error *err)
{
	json_t *object;
	int rc = imp_field_object(value, name, &object, err);
	if (rc < 0)
		return rc;
	size_t total = json_object_size(object);
	struct imp_slice *keys = imp_arena_array(arena, total, sizeof(*keys));
	size_t filled = 0;
	const char *key;
	json_t *item;
	json_object_foreach(object, key, item)
	{
		keys[filled++] = imp_arena_copy(arena, imp_slice_of(key));
	}
	*out = keys;
	*count = total;
	return 0;
}

static int parse_health_check(json_t *value, struct imp_arena *arena,
			      struct imp_health_check *out, struct imp_error *err)
{
	static const char *const names[1] = {"Test"};
	json_t *values[1];
	if (imp_field_absent(value))
		return 0;
	int rc = imp_fields_bind(value, IMP_FIELD_ANY_CASE, names, 1, values, err);
	if (rc == 0)
		rc = parse_arguments(values[0], "Test", arena, &out->test,
				     &out->test_count, err);
	return rc < 0 ? imp_wrap(err, "Healthcheck") : 0;
}

enum setting {
	ENTRYPOINT,
	COMMAND,
	ENVIRONMENT,
	SHELL,
	USER,
	WORKING_DIRECTORY,
	LABELS,
	EXPOSED_PORTS,
	HEALTH_CHECK,
	SETTING_COUNT,
};

static const char *const setting_names[SETTING_COUNT] = {
	[ENTRYPOINT] = "Entrypoint",
	[COMMAND] = "Cmd",
	[ENVIRONMENT] = "Env",
	[SHELL] = "Shell",
	[USER] = "User",
	[WORKING_DIRECTORY] = "WorkingDir",
	[LABELS] = "Labels",
	[EXPOSED_PORTS] = "ExposedPorts",
	[HEALTH_CHECK] = "Healthcheck",
};

static int parse_command_lines(json_t *const *values, struct imp_arena *arena,
			       struct imp_config *config, struct imp_error *err)
{
	const struct {
		enum setting setting;
		const struct imp_slice **out;
		size_t *count;
	} lists[] = {
		{ENTRYPOINT, &config->entrypoint, &config->entrypoint_count},
		{COMMAND, &config->command, &config->command_count},
		{ENVIRONMENT, &config->environment, &config->environment_count},
		{SHELL, &config->shell, &config->shell_count},
	};
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof(lists) / sizeof(lists[0]); i++)
		rc = parse_arguments(values[lists[i].setting],
				     setting_names[lists[i].setting], arena, lists[i].out,
				     lists[i].count, err);
	return rc;
}

/* config.*: engines write these names with capitals, people's tools in any case. */
static int parse_settings(json_t *value, struct imp_arena *arena,
			  struct imp_config *config, struct imp_error *err)
{
	json_t *values[SETTING_COUNT] = {0};
	int rc = 0;
	if (!imp_field_absent(value))
		rc = imp_fields_bind(value, IMP_FIELD_ANY_CASE, setting_names,
				     SETTING_COUNT, values, err);
	if (rc == 0)
		rc = parse_command_lines(values, arena, config, err);
	if (rc == 0)
		rc = imp_field_string(values[USER], "User", arena, &config->user, err);
	if (rc == 0)
		rc = imp_field_string(values[WORKING_DIRECTORY], "WorkingDir", arena,
				      &config->working_directory, err);
	if (rc == 0)
		rc = imp_field_pairs(values[LABELS], "Labels", arena, &config->labels,
				     &config->label_count, err);
	if (rc == 0)
		rc = parse_keys(values[EXPOSED_PORTS], "ExposedPorts", arena,
				&config->exposed_ports, &config->exposed_port_count, err);
	if (rc == 0)
		rc = parse_health_check(values[HEALTH_CHECK], arena,
					&config->health_check, err);
	return rc;
}

static int parse_root(json_t *root, const struct imp_limits *limits,
		      struct imp_arena *arena, struct imp_config *config,
		      struct imp_error *err)
{
	json_t *values[FIELD_COUNT];
	int rc = imp_fields_bind(root, IMP_FIELD_EXACT, field_names, FIELD_COUNT, values,
				 err);
	if (rc == 0)
		rc = parse_platform(values, arena, config, err);
	if (rc == 0)
		rc = parse_created(values[CREATED], arena, &config->created_ns,
				   &config->has_created, err);
	if (rc == 0)
		rc = parse_history(values[HISTORY], arena, config, err);
	if (rc < 0)
		return rc;
	if (parse_rootfs(values[ROOTFS], limits, arena, config, err) < 0)
		return imp_wrap(err, "rootfs");
	if (parse_settings(values[SETTINGS], arena, config, err) < 0)
		return imp_wrap(err, "config");
	return 0;
}

int imp_config_parse(struct imp_slice body, const char *what,
		     const struct imp_limits *limits, struct imp_arena *arena,
		     struct imp_config *out, struct imp_error *err)
{
	if (body.len > limits->config_bytes)
		return imp_fail(err, IMP_E_LIMIT,
				"%s: limit config-bytes: %zu bytes, at most %llu are "
				"read",
				what, body.len, (unsigned long long)limits->config_bytes);
	imp_auto_json json_t *root = NULL;
	int rc = imp_json_parse(body, limits, what, &root, err);
	if (rc < 0)
		return rc;
	struct imp_config config = {0};
	if (parse_root(root, limits, arena, &config, err) < 0)
		return imp_wrap(err, "%s", what);
	*out = config;
	return 0;
}
