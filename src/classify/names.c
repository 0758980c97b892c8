#include "names_priv.h"

static const char *const classes[IMP_CLASSES] = {
	[IMP_CLASS_RUNTIME] = "runtime",     [IMP_CLASS_TOOLCHAIN] = "toolchain",
	[IMP_CLASS_DEV_FILES] = "dev-files", [IMP_CLASS_DEV_DEP] = "dev-dep",
	[IMP_CLASS_CACHE] = "cache",         [IMP_CLASS_DOCS] = "docs",
	[IMP_CLASS_TESTS] = "tests",         [IMP_CLASS_DEBUG] = "debug",
	[IMP_CLASS_SOURCE] = "source",       [IMP_CLASS_VCS] = "vcs",
	[IMP_CLASS_META] = "meta",           [IMP_CLASS_LOCALE] = "locale",
	[IMP_CLASS_FOREIGN] = "foreign",     [IMP_CLASS_DUP] = "dup",
	[IMP_CLASS_DATA] = "data",           [IMP_CLASS_JUNK] = "junk",
	[IMP_CLASS_SECRET] = "secret",       [IMP_CLASS_WASTED] = "wasted",
};

static const char *const confidences[IMP_CONFIDENCES] = {
	[IMP_CONFIDENCE_CERTAIN] = "certain",
	[IMP_CONFIDENCE_LIKELY] = "likely",
	[IMP_CONFIDENCE_POSSIBLE] = "possible",
};

static const char *const subjects[IMP_SUBJECTS] = {
	[IMP_SUBJECT_NONE] = "none",     [IMP_SUBJECT_AT] = "at",
	[IMP_SUBJECT_PARENT] = "parent", [IMP_SUBJECT_ORIGIN] = "origin",
	[IMP_SUBJECT_REALM] = "realm",   [IMP_SUBJECT_PACKAGE] = "package",
	[IMP_SUBJECT_SEED] = "seed",     [IMP_SUBJECT_GROUP] = "group",
};

static const char *const questions[IMP_ANCHORS] = {
	[IMP_ANCHOR_NODE] = "whether the image starts node",
	[IMP_ANCHOR_NODEAUX] = "whether something that it runs calls node",
	[IMP_ANCHOR_CC] = "whether the image compiles code when it runs",
	[IMP_ANCHOR_PYH] = "whether it compiles against Python's headers",
	[IMP_ANCHOR_CUDA] = "whether it compiles for CUDA",
	[IMP_ANCHOR_CHROME] = "whether the image drives a browser",
	[IMP_ANCHOR_DRIVER] = "whether it needs a browser's driver",
	[IMP_ANCHOR_JDK] = "whether the image uses tools of the JDK",
	[IMP_ANCHOR_GIT] = "whether the image calls git",
	[IMP_ANCHOR_INSTALL] = "whether it installs packages at start",
	[IMP_ANCHOR_LDTOOLS] = "whether it looks libraries up with ld",
	[IMP_ANCHOR_DEV] = "whether the image is made for development",
	[IMP_ANCHOR_L10N] = "whether the program asks for other languages",
	[IMP_ANCHOR_PROF] = "whether something reads symbols",
	[IMP_ANCHOR_PERL] = "whether it has scripts of Perl of its own",
	[IMP_ANCHOR_WINDOW] = "whether it opens windows",
	[IMP_ANCHOR_SERVED] = "whether files of node_modules are served as they are",
};

const char *imp_class_name(enum imp_class class)
{
	return classes[class];
}

const char *imp_confidence_name(enum imp_confidence confidence)
{
	return confidences[confidence];
}

const char *imp_anchor_question(enum imp_anchor anchor)
{
	return questions[anchor];
}

static bool find(struct imp_slice text, const char *const *names, int count, int *out)
{
	for (int i = 0; i < count; i++) {
		if (imp_slice_is(text, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool imp_class_parse(struct imp_slice text, enum imp_class *out)
{
	int i;
	if (!find(text, classes, IMP_CLASSES, &i))
		return false;
	*out = (enum imp_class)i;
	return true;
}

bool imp_confidence_parse(struct imp_slice text, enum imp_confidence *out)
{
	int i;
	if (!find(text, confidences, IMP_CONFIDENCES, &i))
		return false;
	*out = (enum imp_confidence)i;
	return true;
}

bool imp_subject_parse(struct imp_slice text, enum imp_subject *out)
{
	int i;
	if (!find(text, subjects, IMP_SUBJECTS, &i))
		return false;
	*out = (enum imp_subject)i;
	return true;
}

bool imp_fate_parse(struct imp_slice text, enum imp_fate *out)
{
	for (int fate = IMP_FATE_LIVE + 1; fate < IMP_FATES; fate++) {
		if (imp_slice_is(text, imp_fate_name((enum imp_fate)fate))) {
			*out = (enum imp_fate)fate;
			return true;
		}
	}
	return false;
}
