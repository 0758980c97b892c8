/* What this build is and can: for `imgprof version` and for reports. */
#pragma once

const char *imp_version(void);
/* "+isa-l +zstd": what was chosen at build time. */
const char *imp_features(void);
