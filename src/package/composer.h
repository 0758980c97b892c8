/* PHP's composer. */
#pragma once

#include "inventory.h"

void imp_composer_read(struct imp_inventory *inventory);
