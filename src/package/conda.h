/*
 * conda: conda-meta/NAME-VERSION-BUILD.json in a prefix, with the files that a package put
 * there, what it depends on, and whether somebody asked for it. classification.md 2.1.
 */
#pragma once

struct imp_inventory;

void imp_conda_read(struct imp_inventory *inventory);
