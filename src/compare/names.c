#include "imgprof/compare.h"

const char *imp_origin_name(enum imp_origin origin)
{
	static const char *const names[IMP_ORIGINS] = {
		[IMP_ORIGIN_UNKNOWN] = "unknown",
		[IMP_ORIGIN_OWN] = "own",
		[IMP_ORIGIN_BASE] = "base",
	};
	return names[origin];
}

const char *imp_diff_state_name(enum imp_diff_state state)
{
	static const char *const names[IMP_DIFF_STATES] = {
		[IMP_DIFF_SAME] = "same",       [IMP_DIFF_ADDED] = "added",
		[IMP_DIFF_REMOVED] = "removed", [IMP_DIFF_GROWN] = "grown",
		[IMP_DIFF_SHRUNK] = "shrunk",   [IMP_DIFF_CHANGED] = "changed",
		[IMP_DIFF_MOVED] = "moved",
	};
	return names[state];
}

const char *imp_reason_kind_name(enum imp_reason_kind kind)
{
	static const char *const names[] = {
		[IMP_REASON_BASE] = "base",       [IMP_REASON_FINDING] = "finding",
		[IMP_REASON_PACKAGE] = "package", [IMP_REASON_PROJECT] = "project",
		[IMP_REASON_FOLDER] = "folder",   [IMP_REASON_OVERHEAD] = "overhead",
		[IMP_REASON_REST] = "rest",
	};
	return names[kind];
}

const char *imp_total_name(enum imp_total total)
{
	static const char *const names[IMP_TOTALS] = {
		[IMP_TOTAL_PULL] = "pull",
		[IMP_TOTAL_DISK] = "disk",
		[IMP_TOTAL_TAR] = "tar",
		[IMP_TOTAL_LIVE] = "live",
		[IMP_TOTAL_WASTED] = "wasted",
		[IMP_TOTAL_WASTED_PULL] = "wasted_pull",
		[IMP_TOTAL_RECLAIMABLE] = "reclaimable",
		[IMP_TOTAL_RECLAIMABLE_PULL] = "reclaimable_pull",
		[IMP_TOTAL_CERTAIN] = "certain",
		[IMP_TOTAL_LIKELY] = "likely",
		[IMP_TOTAL_POSSIBLE] = "possible",
		[IMP_TOTAL_FILES] = "files",
		[IMP_TOTAL_ENTRIES] = "entries",
		[IMP_TOTAL_BUILD_ONLY] = "build_only",
	};
	return names[total];
}
