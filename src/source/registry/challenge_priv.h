/*
 * The WWW-Authenticate header: which scheme a server asks for, and with what.
 */
#pragma once

#include "imgprof/slice.h"

/* Ordered: a later one is preferred. */
enum imp_auth_scheme {
	IMP_AUTH_NONE,
	IMP_AUTH_BASIC,
	IMP_AUTH_BEARER,
};

/* Zero-initialised is valid. Strings are owned, NULL when absent. */
struct imp_challenge {
	enum imp_auth_scheme scheme;
	char *realm;
	char *service;
	char *scope;
	char *error;
};

void imp_challenge_finish(struct imp_challenge *challenge);
/* Reads one header value, which may hold several challenges; *BEST is replaced by one of a
 * better scheme. Unknown schemes, a Bearer without realm and whatever is malformed are
 * passed over. */
void imp_challenge_parse(struct imp_slice value, struct imp_challenge *best);
