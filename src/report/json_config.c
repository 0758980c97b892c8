/* `config` of an image in json: how it is started, without what looks like a secret. */
#include "json_config.h"

#include "imgprof/arena.h"
#include "imgprof/classify.h"
#include "imgprof/cleanup.h"

static void write_environment(struct imp_json_writer *w, const struct imp_config *config)
{
	imp_auto_free struct imp_slice *settings =
		imp_xcalloc(config->environment_count + 1, sizeof(*settings));
	struct imp_arena *arena = imp_arena_create();

	for (size_t i = 0; i < config->environment_count; i++) {
		struct imp_slice value = config->environment[i];
		struct imp_slice name = imp_slice_cut(&value, '=');
		settings[i] = config->environment[i];
		if (imp_setting_is_secret(settings[i]))
			settings[i] = imp_slice_of(
				imp_arena_printf(arena, "%.*s=" IMP_SECRET_MASK,
						 (int)name.len, name.data));
	}
	imp_json_member_list(w, "env", settings, config->environment_count);
	imp_arena_destroy(arena);
}

static void write_labels(struct imp_json_writer *w, const struct imp_config *config)
{
	imp_json_key(w, "labels");
	imp_json_open(w, '[');
	for (size_t i = 0; i < config->label_count; i++) {
		imp_json_open(w, '{');
		imp_json_member_raw(w, "name", config->labels[i].key);
		imp_json_member_raw(w, "value", config->labels[i].value);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

void imp_json_config(struct imp_json_writer *w, const struct imp_config *config)
{
	imp_json_key(w, "config");
	imp_json_open(w, '{');
	imp_json_member_list(w, "entrypoint", config->entrypoint,
			     config->entrypoint_count);
	imp_json_member_list(w, "cmd", config->command, config->command_count);
	imp_json_member_list(w, "shell", config->shell, config->shell_count);
	imp_json_member_list(w, "healthcheck", config->health_check.test,
			     config->health_check.test_count);
	imp_json_member_raw(w, "user", config->user);
	imp_json_member_raw(w, "working_dir", config->working_directory);
	write_environment(w, config);
	imp_json_member_list(w, "exposed_ports", config->exposed_ports,
			     config->exposed_port_count);
	write_labels(w, config);
	imp_json_close(w, '}');
}
