/* Paths inside an image as bytes: components divided by '/', never this machine's. */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* PATH up to its last '/': the folder, "" at the root. */
struct imp_slice imp_path_parent(struct imp_slice path);
/* Appends RAW without leading, trailing and double '/' and without '.'; ".." takes a
 * component of RAW back, at the root nothing (reference/formats.md 5.15). true when one did
 * nothing. */
bool imp_path_clean(struct imp_slice raw, struct imp_strbuf *out);
