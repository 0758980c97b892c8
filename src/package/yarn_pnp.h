/* yarn's Plug'n'Play; after the reader of node_modules. */
#pragma once

#include "inventory.h"

void imp_yarn_pnp_read(struct imp_inventory *inventory);
