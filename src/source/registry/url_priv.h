/*
 * Addresses of registries, token servers and stores. A registry controls most of them, so
 * one parser (libcurl's, which also connects) decides what they mean.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/error.h"
#include "imgprof/strbuf.h"

struct imp_url {
	char *text;    /* as requested; its query may be a signature: never shown */
	char *host;    /* an IPv6 address without brackets; numbers in dotted form */
	unsigned port; /* filled in when it is not written */
	bool https;
};

/* TEXT may be relative when BASE is not NULL. Only http and https, no user information.
 * IMP_E_NETWORK. */
int imp_url_parse(const char *text, const struct imp_url *base, struct imp_url *out,
		  struct imp_error *err);
void imp_url_finish(struct imp_url *url);
void imp_url_copy(const struct imp_url *url, struct imp_url *out);
/* Scheme, host and port: where a credential may go. */
bool imp_url_same_origin(const struct imp_url *a, const struct imp_url *b);
bool imp_url_same_server(const struct imp_url *a,
			 const struct imp_url *b); /* host, port */
/* For messages and log lines: without query and fragment. */
void imp_url_show(const struct imp_url *url, struct imp_strbuf *out);
/* "host" or "host:port" when the port is not the scheme's own; brackets for IPv6. */
void imp_url_server(const struct imp_url *url, struct imp_strbuf *out);
