#include "inventory_case.h"

CASE(development_packages_are_named)
{
	expect_packages(
		"layer\n"
		"text app/composer.json {\"require\":{\"php\":\">=8\",\"a/b\":\"^1\"},"
		"\"require-dev\":{\"phpunit/phpunit\":\"^9\"}}\n"
		"text app/vendor/composer/installed.json {\"packages\":["
		"{\"name\":\"a/b\",\"version\":\"v1.2.0\",\"require\":{\"php\":\">=8\",\"c/d\":\"*\"},"
		"\"install-path\":\"../a/b\"},"
		"{\"name\":\"c/d\",\"version\":\"2.0.0\",\"install-path\":\"../c/d\"},"
		"{\"name\":\"phpunit/phpunit\",\"version\":\"9.6.0\","
		"\"install-path\":\"../phpunit/phpunit\"}],"
		"\"dev\":true,\"dev-package-names\":[\"phpunit/phpunit\"]}\n"
		"file app/vendor/a/b/src/B.php 10\n"
		"file app/vendor/c/d/D.php 10\n"
		"file app/vendor/phpunit/phpunit/phpunit 10\n"
		"file app/vendor/autoload.php 10\n",
		.packages =
			"composer/composer a/b v1.2.0 app/vendor/a/b root\n"
			"composer/composer c/d 2.0.0 app/vendor/c/d\n"
			"composer/composer phpunit/phpunit 9.6.0 app/vendor/phpunit/phpunit "
			"root dev\n",
		.needs = "a/b > c/d\n",
		.owners = "app/vendor/a/b/src/B.php a/b\n"
			  "app/vendor/c/d/D.php c/d\n"
			  "app/vendor/phpunit/phpunit/phpunit phpunit/phpunit\n",
		.purls = "pkg:composer/a/b@v1.2.0\npkg:composer/c/d@2.0.0\n"
			 "pkg:composer/phpunit/phpunit@9.6.0\n");
}

CASE(version_1_is_a_list_without_marks)
{
	expect_packages("layer\n"
			"text vendor/composer/installed.json "
			"[{\"name\":\"a/b\",\"version\":\"1.0.0\"}]\n"
			"file vendor/a/b/x 10\n",
			.packages = "composer/composer a/b 1.0.0 vendor/a/b\n",
			.owners = "vendor/a/b/x a/b\n");
}

CASE(installed_without_development_marks_none)
{
	expect_packages(
		"layer\n"
		"text app/vendor/composer/installed.json {\"packages\":["
		"{\"name\":\"a/b\",\"version\":\"1\",\"install-path\":\"../a/b\"}],"
		"\"dev\":false,\"dev-package-names\":[\"a/b\"]}\n"
		"dir app/vendor/a/b\n",
		.packages = "composer/composer a/b 1 app/vendor/a/b\n");
}

/* A package must not claim what lies outside its project, nor all of vendor. */
CASE(install_paths_stay_in_the_project)
{
	expect_packages(
		"layer\n"
		"text app/vendor/composer/installed.json {\"packages\":["
		"{\"name\":\"a/up\",\"version\":\"1\",\"install-path\":\"../../../etc\"},"
		"{\"name\":\"b/abs\",\"version\":\"1\",\"install-path\":\"/etc\"},"
		"{\"name\":\"c/all\",\"version\":\"1\",\"install-path\":\"..\"},"
		"{\"name\":\"d/project\",\"version\":\"1\",\"install-path\":\"../..\"},"
		"{\"name\":\"e/link\",\"version\":\"1\",\"install-path\":\"../e/link\"},"
		"{\"name\":\"f/plugin\",\"version\":\"1\",\"install-path\":\"../../plugins/f\"},"
		"7,{\"name\":7}]}\n"
		"symlink app/vendor/e/link -> /etc\n"
		"file app/plugins/f/x 10\n"
		"file etc/passwd 5\n",
		.packages =
			"composer/composer a/up 1 -\ncomposer/composer b/abs 1 -\n"
			"composer/composer c/all 1 -\ncomposer/composer d/project 1 -\n"
			"composer/composer e/link 1 -\n"
			"composer/composer f/plugin 1 app/plugins/f\n",
		.owners = "app/plugins/f/x f/plugin\n");
}

CASE(project_in_the_root_claims_nothing_outside_vendor)
{
	expect_packages(
		"layer\n"
		"text vendor/composer/installed.json {\"packages\":["
		"{\"name\":\"a/b\",\"version\":\"1\",\"install-path\":\"../../etc\"}]}\n"
		"file etc/passwd 5\n",
		.packages = "composer/composer a/b 1 -\n", .owners = "");
}

CASE(damaged_records_are_named)
{
	expect_packages(
		"layer\n"
		"text a/vendor/composer/installed.json {\"packages\":[\n"
		"text b/vendor/composer/installed.json {}\n",
		.packages = "",
		.unreadable = "a/vendor/composer/installed.json: no valid JSON\n"
			      "b/vendor/composer/installed.json: no list of packages\n");
}
