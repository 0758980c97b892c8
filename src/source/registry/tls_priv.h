/*
 * Certificates per host: certs.d folders of podman and docker (reference/formats.md 3.18).
 */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

#include "imgprof/context.h"
#include "imgprof/error.h"

/* Whether there is a folder for the host NAMEd so. */
bool imp_tls_is_configured(const struct imp_context *context, const char *name);

/* Sets up EASY for the host NAMEd "host[:port]" as it is written in a reference. The server
 * is always verified; what is found adds to the system's authorities. IMP_E_USAGE for a client
 * certificate without its key. */
int imp_tls_apply(CURL *easy, const struct imp_context *context, const char *name,
		  struct imp_error *err);
