#include "inventory.h"

const struct imp_reader imp_readers[] = {
	{NULL, NULL},
};
