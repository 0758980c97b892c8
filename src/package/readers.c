#include "readers.h"

const struct imp_reader imp_readers[] = {
	{"dpkg", dpkg_read},
	{"apk", apk_read},
	{"chisel", chisel_read},
	{NULL, NULL},
};
