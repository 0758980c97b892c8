#pragma once

#include "survey_priv.h"

/* Chromium more than once: executables of its family of at least MIN_BYTES in different
 * folders. The one that runs, that the library in use starts or that the configuration names
 * stays; the others become seeds. When nothing tells, the copy of the distribution stays, and the
 * verdict is only possible. */
void imp_find_browser_copies(struct imp_survey *survey, uint32_t term,
			     uint64_t min_bytes);

/* A variable of the configuration that says where the browser is: CHROME_PATH and its kin. */
bool imp_names_browser(struct imp_slice variable);
/* Every browser. */
void imp_find_browsers(struct imp_survey *survey, uint32_t term, uint64_t min_bytes);
