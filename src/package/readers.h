/* The readers, one a manager, each in the file of its name. */
#pragma once

#include "inventory.h"

void imp_apk_read(struct imp_inventory *inventory);
void imp_cargo_read(struct imp_inventory *inventory);
void imp_chisel_read(struct imp_inventory *inventory);
void imp_composer_read(struct imp_inventory *inventory);
void imp_conda_read(struct imp_inventory *inventory);
void imp_dotnet_read(struct imp_inventory *inventory);
void imp_dpkg_read(struct imp_inventory *inventory);
void imp_gem_read(struct imp_inventory *inventory);
void imp_gobuild_read(struct imp_inventory *inventory);
void imp_jdk_read(struct imp_inventory *inventory);
void imp_npm_read(struct imp_inventory *inventory);
void imp_python_read(struct imp_inventory *inventory);
void imp_rpm_read(struct imp_inventory *inventory);
void imp_yarn_pnp_read(struct imp_inventory *inventory);
