/* The readers, one a manager. */
#pragma once

#include "inventory.h"

void dpkg_read(struct imp_inventory *inventory);
