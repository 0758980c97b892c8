#include "imgprof/package.h"

static const char *const names[IMP_MANAGERS] = {
	[IMP_MANAGER_DPKG] = "dpkg",     [IMP_MANAGER_APK] = "apk",
	[IMP_MANAGER_RPM] = "rpm",       [IMP_MANAGER_CHISEL] = "chisel",
	[IMP_MANAGER_CONDA] = "conda",   [IMP_MANAGER_NPM] = "npm",
	[IMP_MANAGER_PYTHON] = "python", [IMP_MANAGER_COMPOSER] = "composer",
	[IMP_MANAGER_GEM] = "gem",       [IMP_MANAGER_NUGET] = "nuget",
	[IMP_MANAGER_JDK] = "jdk",       [IMP_MANAGER_GO] = "go",
	[IMP_MANAGER_CARGO] = "cargo",
};

const char *imp_manager_name(enum imp_manager manager)
{
	return names[manager];
}

bool imp_manager_parse(struct imp_slice text, enum imp_manager *out)
{
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		if (imp_slice_is(text, names[manager])) {
			*out = (enum imp_manager)manager;
			return true;
		}
	}
	return false;
}

const char *imp_package_flag_name(unsigned bit)
{
	static const char *const flags[] = {
		"root",       "essential", "dev",     "dev-optional",  "optional", "peer",
		"extraneous", "weak",      "virtual", "debug-symbols", "foreign",
	};
	return bit < sizeof(flags) / sizeof(*flags) ? flags[bit] : NULL;
}
