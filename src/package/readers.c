#include "readers.h"

const struct imp_reader imp_readers[] = {
	{"dpkg", imp_dpkg_read},
	{"apk", imp_apk_read},
	{"chisel", imp_chisel_read},
	{"rpm", imp_rpm_read},
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
