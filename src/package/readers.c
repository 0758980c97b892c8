#include "readers.h"

const struct imp_reader imp_readers[] = {
	{"dpkg", dpkg_read},
	{NULL, NULL},
};
