/*
 * Programs that are told in words which modules to load. Options differ from one to the next, so
 * every word that could be a module's name is tried: what is none is found nowhere.
 */
#include "trail.h"

static const char python_servers[] =
	"gunicorn uvicorn hypercorn daphne celery flask waitress-serve uwsgi dramatiq rq "
	"rqworker huey_consumer huey_consumer.py arq taskiq faststream fastapi streamlit granian "
	"django-admin django-admin.py manage.py flower twistd scrapy alembic pytest py.test "
	"mod_wsgi-express jupyter airflow prefect dagster locust gradio chainlit litestar sanic "
	"kopf meltano superset mlflow bentoml ray";

/* Variables by which modules are named. */
static const char *const module_variables[] = {
	"DJANGO_SETTINGS_MODULE",
	"FLASK_APP",
	"CELERY_APP",
	"UVICORN_APP",
	"GUNICORN_CMD_ARGS",
	"PYTHONSTARTUP",
	"FASTAPI_APP",
	"APP_MODULE",
	"MODULE_NAME",
	"CELERY_CONFIG_MODULE",
};

static bool is_identifier(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

/* "config.wsgi" of "config.wsgi:application", also behind a '='; empty when it is none. */
static struct imp_slice module_in(struct imp_slice word)
{
	struct imp_slice rest = word, module;

	if (word.len > 0 && word.data[0] == '-') {
		imp_slice_cut(&rest, '=');
		if (!rest.data)
			return (struct imp_slice){0};
	}
	module = imp_slice_cut(&rest, ':');
	if (imp_slice_ends(module, IMP_SLICE(".py")))
		module.len -= 3;
	for (size_t i = 0; i < module.len; i++)
		if (module.data[i] != '.' &&
		    !is_identifier(module.data[i], i == 0 || module.data[i - 1] == '.'))
			return (struct imp_slice){0};
	return module;
}

static void add_module(struct imp_trail *trail, const struct imp_command *command,
		       struct imp_slice word)
{
	struct imp_slice module = module_in(word);

	if (module.len == 0)
		return;
	imp_trail_entry(trail,
			&(struct imp_graph_start){
				.language = IMP_LANGUAGE_PYTHON,
				.node = IMP_NONE,
				.module = module,
				.folder = command->folder,
				.reason = imp_arena_printf(trail->arena, "run by %s",
							   command->origin),
			});
}

void imp_trail_server(struct imp_trail *trail, const struct imp_command *command,
		      uint32_t started, struct imp_slice name, size_t first)
{
	(void)started;
	if (!imp_name_in(name, python_servers))
		return;
	for (size_t at = first; at < command->argc; at++)
		add_module(trail, command, command->argv[at]);
	for (size_t i = 0; i < sizeof(module_variables) / sizeof(*module_variables);
	     i++) {
		struct imp_slice value =
			imp_trail_env(trail, imp_slice_of(module_variables[i]));
		if (value.len > 0)
			add_module(trail, command, value);
	}
}
