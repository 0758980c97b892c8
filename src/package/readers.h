/* The readers, one a manager. */
#pragma once

#include "inventory.h"

void apk_read(struct imp_inventory *inventory);
void chisel_read(struct imp_inventory *inventory);
void dpkg_read(struct imp_inventory *inventory);
void rpm_read(struct imp_inventory *inventory);
