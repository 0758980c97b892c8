/* Lock files cut to what is read, each as its tool writes it. */
#include "inventory_case.h"

#define SP "app/.venv/lib/python3.11/site-packages/"
#define DIST(name, more) \
	"text " SP name "-1.dist-info/METADATA Name:\\s" name "\\nVersion:\\s1\\n" more \
	"\n"
#define INSTALLED \
	DIST("flask", "Requires-Dist:\\sclick\\n") \
	DIST("click", "") \
	DIST("pytest", "Requires-Dist:\\spluggy\\n") \
	DIST("pluggy", "") DIST("gunicorn", "")
#define EXPECTED \
	"python click 1\n" \
	"python flask 1\n" \
	"python gunicorn 1\n" \
	"python pluggy 1 dev\n" \
	"python pytest 1 dev\n"
#define NO_DEV \
	"python click 1\n" \
	"python flask 1\n" \
	"python gunicorn 1\n" \
	"python pluggy 1\n" \
	"python pytest 1\n"
#define P(name) "[[package]]\\nname\\s=\\s\"" name "\"\\nversion\\s=\\s\"1\"\\n"

CASE(poetry_with_groups)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/poetry.lock " P("Flask") "groups=[\"main\"]\\n" P("click") "groups=[\"main\",\"dev\"]\\n" P(
			"pytest") "groups=[\"dev\"]\\n" P("pluggy") "groups=[\"unit_tests\"]\\n" P("gunicorn") "groups=[\"prod\"]\\n\n",
		.names = EXPECTED);
}

CASE(poetry_with_categories)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/poetry.lock " P("flask") "category=\"main\"\\n" P("click") "category=\"main\"\\n" P(
			"pytest") "category=\"dev\"\\n" P("pluggy") "category=\"dev\"\\n\n",
		.names = EXPECTED);
}

CASE(poetry_without_groups_walks_from_pyproject)
{
	expect_packages(
		"layer\n" INSTALLED "text app/poetry.lock " P(
			"flask") "[package.dependencies]\\nclick={version=\"*\"}\\n" P("click")
			P("pytest") "[package.dependencies]\\npluggy=\">=1\"\\n" P(
				"pluggy")
				P("gunicorn") "\n"
					      "text app/pyproject.toml "
					      "[tool.poetry.dependencies]\\npython=\"^3.11\"\\nFlask=\"*\"\\n"
					      "[tool.poetry.group.dev.dependencies]\\npytest=\"*\"\\n"
					      "[tool.poetry.group.server.dependencies]\\ngunicorn=\"*\"\\n\n",
		.names = EXPECTED);
	/* Nobody says what is asked for */
	expect_packages("layer\n" INSTALLED "text app/poetry.lock " P("flask") P("pytest")
				P("pluggy") "\n",
			.names = NO_DEV);
}

CASE(uv_walks_from_the_project)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/uv.lock " P("flask") "dependencies=[{name=\"click\"}]\\n" P(
			"click") P("pytest") "dependencies=[{name=\"pluggy\"}]\\n" P("pluggy")
			P("gunicorn") "[[package]]\\nname=\"app\"\\nversion=\"0\"\\nsource={virtual=\".\"}\\n"
				      "dependencies=[\\n{name=\"flask\"},\\n]\\n"
				      "[package.optional-dependencies]\\nserver=[{name=\"gunicorn\"}]\\n"
				      "[package.dev-dependencies]\\ndev=[{name=\"pytest\"}]\\n"
				      "[package.metadata]\\nrequires-dist=[{name=\"pytest\"}]\\n\n",
		.names = EXPECTED);
}

CASE(pdm_groups)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/pdm.lock " P("flask") "groups=[\"default\"]\\n" P("click") "groups=[\"default\"]\\n" P(
			"pytest") "groups=[\"test\"]\\n" P("pluggy") "groups=[\"test\"]\\n\n",
		.names = EXPECTED);
}

CASE(pipenv_develop)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/Pipfile.lock {\"default\":{\"Flask\":{\"version\":\"==1\"},"
		"\"click\":{\"version\":\"==1\"},\"absent\":{\"version\":\"==1\"}},"
		"\"develop\":{\"click\":{\"version\":\"==1\"},"
		"\"pytest\":{\"version\":\"==1\"},\"pluggy\":{\"version\":\"==1\"}}}\n",
		.names = EXPECTED);
}

CASE(a_lock_of_other_versions_says_nothing)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/Pipfile.lock {\"default\":{\"flask\":{\"version\":\"==2\"},"
		"\"click\":{\"version\":\"==1\"}},"
		"\"develop\":{\"pytest\":{\"version\":\"==1\"}}}\n",
		.names = NO_DEV);
}

CASE(a_lock_of_something_else_says_nothing)
{
	expect_packages(
		"layer\n" INSTALLED
		"text app/Pipfile.lock {\"default\":{\"flask\":{\"version\":\"==1\"},"
		"\"x\":{\"version\":\"==1\"},\"y\":{\"version\":\"==1\"}},"
		"\"develop\":{\"pytest\":{\"version\":\"==1\"}}}\n",
		.names = NO_DEV);
	expect_packages("layer\n" INSTALLED "text " SP
			"x/Pipfile.lock {\"default\":{\"flask\":{\"version\":\"==1\"}},"
			"\"develop\":{\"pytest\":{\"version\":\"==1\"}}}\n",
			.names = NO_DEV);
}

/* A tool that was installed beside needs what the lock has for development. */
CASE(what_others_need_is_not_development)
{
	expect_packages(
		"layer\n" DIST("flask", "") DIST("pluggy", "") DIST("pytest", "") DIST(
			"tox",
			"Requires-Dist:\\spluggy\\n") "text app/Pipfile.lock {\"default\":{\"flask\":{\"version\":\"==1\"}},"
						      "\"develop\":{\"pytest\":{\"version\":\"==1\"},"
						      "\"pluggy\":{\"version\":\"==1\"}}}\n",
		.names = "python flask 1\n"
			 "python pluggy 1\n"
			 "python pytest 1 dev\n"
			 "python tox 1\n");
}

CASE(damaged_locks_are_unreadable)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(
		&c, "layer\n" DIST("flask", "") "text a/Pipfile.lock {\n"
						"text a/uv.lock [[package]]\\nname=\"x\n"
						"text a/poetry.lock =\n");

	assert_int_equal(c.packages.unreadable_count, 3);
}
