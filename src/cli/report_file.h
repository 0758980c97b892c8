/* Reports that -o json stored, as arguments: read back under limits, hostile until proven. */
#pragma once

#include <stdbool.h>

#include "imgprof/arena.h"
#include "imgprof/limits.h"
#include "imgprof/reload.h"

/* A file that begins as a JSON document does; archives and layouts do not. */
bool imp_report_file_is(const char *path);
/* NAME may be "-". As imp_reload. */
int imp_report_file_read(const char *name, const struct imp_limits *limits,
			 struct imp_arena *arena, struct imp_reloaded **out,
			 struct imp_error *err);
/* IMP_E_USAGE when lists of it were cut. */
int imp_report_file_check_whole(const struct imp_reloaded *stored, struct imp_error *err);
