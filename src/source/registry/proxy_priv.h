/*
 * Proxies, as engines and libcurl find them in the environment (reference/formats.md 3.21).
 * Decided here rather than by libcurl, for the check of addresses must know whether the
 * connection goes to a proxy.
 */
#pragma once

#include "imgprof/context.h"

#include "url_priv.h"

/* The proxy for URL, borrowed from the environment (it may hold a password: never shown),
 * or NULL. The loopback is never proxied. */
const char *imp_proxy_for(const struct imp_context *context, const struct imp_url *url);
/* Whether LIST (no_proxy) names HOST and PORT: "*", names with all below them, addresses,
 * CIDR blocks, each with an optional port; separated by commas or spaces. */
bool imp_proxy_is_excluded(struct imp_slice list, const char *host, unsigned port);
