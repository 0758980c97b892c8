/* Python: dist-info and egg-info folders, lock files (classification.md 2.6). */
#pragma once

struct imp_inventory;

void imp_python_read(struct imp_inventory *inventory);
