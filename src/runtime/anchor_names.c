#include "imgprof/runtime.h"

static const char *const names[IMP_ANCHORS] = {
	[IMP_ANCHOR_NODE] = "A-NODE",       [IMP_ANCHOR_NODEAUX] = "A-NODEAUX",
	[IMP_ANCHOR_CC] = "A-CC",           [IMP_ANCHOR_PYH] = "A-PYH",
	[IMP_ANCHOR_CUDA] = "A-CUDA",       [IMP_ANCHOR_CHROME] = "A-CHROME",
	[IMP_ANCHOR_DRIVER] = "A-DRIVER",   [IMP_ANCHOR_JDK] = "A-JDK",
	[IMP_ANCHOR_GIT] = "A-GIT",         [IMP_ANCHOR_INSTALL] = "A-INSTALL",
	[IMP_ANCHOR_LDTOOLS] = "A-LDTOOLS", [IMP_ANCHOR_DEV] = "A-DEV",
	[IMP_ANCHOR_L10N] = "A-L10N",       [IMP_ANCHOR_PROF] = "A-PROF",
	[IMP_ANCHOR_PERL] = "A-PERL",       [IMP_ANCHOR_WINDOW] = "A-WINDOW",
	[IMP_ANCHOR_SERVED] = "A-SERVED",
};

const char *imp_anchor_name(enum imp_anchor anchor)
{
	return names[anchor];
}

bool imp_anchor_parse(struct imp_slice text, enum imp_anchor *out)
{
	for (int anchor = 0; anchor < IMP_ANCHORS; anchor++) {
		if (imp_slice_is(text, names[anchor])) {
			*out = (enum imp_anchor)anchor;
			return true;
		}
	}
	return false;
}

const char *imp_anchor_state_name(enum imp_anchor_state state)
{
	static const char *const states[] = {
		[IMP_ANCHOR_ABSENT] = "absent",
		[IMP_ANCHOR_PRESENT] = "present",
		[IMP_ANCHOR_UNKNOWN] = "unknown",
	};
	return states[state];
}
