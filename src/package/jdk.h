/* Java's `release` file: NAME="VALUE" lines at the top of a JAVA_HOME. */
#pragma once

struct imp_inventory;

void imp_jdk_read(struct imp_inventory *inventory);
