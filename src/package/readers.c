#include "readers.h"
#include "cargo.h"
#include "composer.h"
#include "conda.h"
#include "dotnet.h"
#include "gem.h"
#include "gobuild.h"
#include "inventory.h"
#include "jdk.h"
#include "npm.h"
#include "python.h"
#include "yarn_pnp.h"

const struct imp_reader imp_readers[] = {
	{"dpkg", dpkg_read},
	{"apk", apk_read},
	{"chisel", chisel_read},
	{"rpm", rpm_read},
	{"npm", imp_npm_read},
	{"python", imp_python_read},
	{"yarn-pnp", imp_yarn_pnp_read},
	{"composer", imp_composer_read},
	{"gem", imp_gem_read},
	{"conda", imp_conda_read},
	{"nuget", imp_dotnet_read},
	{"jdk", imp_jdk_read},
	{"go", imp_gobuild_read},
	{"cargo", imp_cargo_read},
	{NULL, NULL},
};
