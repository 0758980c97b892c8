/*
 * One rule of the built-in catalogue: what it takes, and what it leaves alone.
 *
 *	rule("GEN-TZ", "likely", "usr/share/zoneinfo/posix/UTC",
 *	     .leaves = "usr/share/zoneinfo/UTC");
 *
 * TAKES falls to the rule with that confidence. In the same image LEAVES does not; and without what
 * BESIDE, STARTED, ENVIRONMENT or OWNED says (or with the `other` one) TAKES does not, or with less
 * confidence. The project is /code.
 */
#pragma once

#include "classify_case.h"

struct catalogue_example {
	const char *id, *confidence, *takes;
	unsigned long long size; /* of both files; 0: 10 */
	const char *content;     /* in place of a size, as stack.h writes texts */
	const char *beside;      /* lines of stack.h */
	const char *environment;
	const char *started; /* as in classify_case.h */
	const char *owned;
	const char *leaves;
	/* What makes TAKES another's, or less sure */
	const char *other_beside, *other_environment, *other_started, *other_content;
	unsigned long long other_size;
	bool by_content; /* rests on facts about contents (facts.h) */
	bool flips;      /* without BESIDE, STARTED, ENVIRONMENT and OWNED */
};

void catalogue_check(const struct catalogue_example *example);
#define rule(...) catalogue_check(&(struct catalogue_example){__VA_ARGS__})
