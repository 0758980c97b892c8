/* apk's records inside an image: classification.md 2.3. Shared by apk*.c alone. */
#pragma once

#include "inventory.h"
#include "readers.h"

/* What one package's block says; D, p and r may be given once only. */
struct apk_package {
	struct imp_slice name, version, architecture, origin, depends, provides;
	uint32_t number; /* of the inventory */
};

struct apk_system {
	struct imp_inventory *inventory;
	uint32_t group;
	struct apk_package *packages;
	size_t count, capacity;
	struct imp_providers providers; /* names, "so:libc.musl-x86_64.so.1", ... */
	struct imp_paths paths;
};

/* apk_depends.c: who needs whom, and the roots in etc/apk/world. */
void imp_apk_read_depends(struct apk_system *system);
void imp_apk_read_world(struct apk_system *system);
