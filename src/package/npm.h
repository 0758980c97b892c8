/* node_modules: npm, pnpm, yarn, bun. */
#pragma once

#include "inventory.h"

void imp_npm_read(struct imp_inventory *inventory);
