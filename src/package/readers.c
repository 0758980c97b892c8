#include "composer.h"
#include "gem.h"
#include "inventory.h"

const struct imp_reader imp_readers[] = {
#include "npm.h"
#include "python.h"
#include "readers.h"
#include "yarn_pnp.h"

const struct imp_reader imp_readers[] = {

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
	{NULL, NULL},
};
