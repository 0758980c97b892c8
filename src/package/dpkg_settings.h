/* The settings of apt that decide what its autoremove keeps: apt.conf(5). */
#pragma once

#include <stdbool.h>

#include "imgprof/slice.h"

struct dpkg_settings {
	bool recommends_hold, suggests_hold; /* apt's defaults: true */
};
/* Applies one file; false when it is damaged: what stood before the damage is applied. */
bool imp_dpkg_settings_read(struct dpkg_settings *settings, struct imp_slice text);
