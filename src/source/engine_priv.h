/*
 * Inside src/source: where the engines of this machine listen.
 */
#pragma once

#include "source_priv.h"

/* Appends the path of the socket of docker's or podman's engine (formats.md 7.10).
 * IMP_E_UNSUPPORTED for an engine that is not behind a socket, IMP_E_USAGE for a docker context that
 * there is not. */
int imp_engine_socket(const struct imp_context *context, enum imp_transport transport,
		      struct imp_strbuf *path, struct imp_error *err);
