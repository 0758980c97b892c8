/* The words of the rules file beside classes and confidences. */
#pragma once

#include <stdbool.h>

#include "imgprof/classify.h"
#include "imgprof/runtime.h"

/* What a finding is about. */
enum imp_subject {
	IMP_SUBJECT_NONE,
	IMP_SUBJECT_AT,     /* the matched folder or file */
	IMP_SUBJECT_PARENT, /* the folder above that */
	IMP_SUBJECT_ORIGIN, /* where the pattern is anchored */
	IMP_SUBJECT_REALM,  /* the node_modules, site-packages or project around it */
	IMP_SUBJECT_PACKAGE,
	IMP_SUBJECT_SEED,  /* the package that brought the package */
	IMP_SUBJECT_GROUP, /* the installation that the package is of */
	IMP_SUBJECTS
};

/* What is not known as long as the anchor is not: "whether the image compiles code". */
const char *imp_anchor_question(enum imp_anchor anchor);

/* false when there is none of that name. */
bool imp_class_parse(struct imp_slice text, enum imp_class *out);
bool imp_confidence_parse(struct imp_slice text, enum imp_confidence *out);
bool imp_subject_parse(struct imp_slice text, enum imp_subject *out);
bool imp_fate_parse(struct imp_slice text, enum imp_fate *out);
