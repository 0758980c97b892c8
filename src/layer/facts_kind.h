/* What a file is by its first bytes (classification.md 3.13), and who runs a script. */
#pragma once

#include "imgprof/facts.h"

enum { IMP_KIND_HEAD_BYTES = 4096 };

/* HEAD: the first IMP_KIND_HEAD_BYTES of a file, or all of it. */
enum imp_content_kind imp_layer_kind(struct imp_slice head, uint64_t disk_bytes);
/* The line behind "#!", trimmed; empty when HEAD starts otherwise. */
struct imp_slice imp_layer_interpreter(struct imp_slice head);
/* "/usr/bin/env -S node --x": "node"; without folder. */
struct imp_slice imp_layer_script_program(struct imp_slice interpreter);
bool imp_layer_runs_python(struct imp_slice program);
bool imp_layer_runs_node(struct imp_slice program);
