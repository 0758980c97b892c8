#include "build_info.h"

#include "version.h"

const char *imp_version(void)
{
	return IMGPROF_VERSION;
}

const char *imp_features(void)
{
	return IMGPROF_FEATURES;
}
