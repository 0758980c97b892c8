/*
 * Credentials for a registry: from docker's and podman's files and from credential helpers
 * (reference/formats.md 3.8 to 3.11). No value of one is ever put into a message.
 */
#pragma once

#include <stdbool.h>

#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/reference.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

#include "notes_priv.h"

/* Zero-initialised is valid: none. Strings are owned, NULL when absent. */
struct imp_credentials {
	char *username;
	char *password;
	char *identity_token; /* a refresh token for the token server */
	char *registry_token; /* a Bearer token as it is */
	char *origin;         /* the file or helper they came from, for messages */
};

void imp_credentials_finish(struct imp_credentials *credentials); /* wipes */
bool imp_credentials_empty(const struct imp_credentials *credentials);

/* Wipe and free. */
void imp_wipe_text(char *text); /* NULL allowed */
void imp_wipe_buffer(struct imp_strbuf *buf);
/* A copy with a terminating NUL. */
char *imp_copy_text(struct imp_slice text);

/* The first place that has some wins; 1 when none has. Fails only where the user named a
 * file that is not there; what else is wrong becomes a note. IMP_E_CANCELLED. */
int imp_credentials_find(const struct imp_context *context,
			 const struct imp_reference *reference, struct imp_notes *notes,
			 struct imp_credentials *out, struct imp_error *err);

/* One document: config.json, auth.json or the old .dockercfg (auth_file.c). */

struct imp_auth_file {
	const struct imp_context *context;
	const struct imp_reference *reference;
	struct imp_notes *notes;
	const char *name; /* for messages */
	bool old;         /* .dockercfg: the document is the map itself */
	bool inline_only; /* $DOCKER_AUTH_CONFIG: no helpers, `auth` alone counts */
};

/* 0 and *OUT, or 1. IMP_E_FORMAT when TEXT is no such document (nothing of it is in the
 * message); IMP_E_CANCELLED. */
int imp_auth_file_find(const struct imp_auth_file *file, struct imp_slice text,
		       struct imp_credentials *out, struct imp_error *err);
/* How well KEY of `auths` names the repository: 0 not at all, else higher is better. */
unsigned imp_auth_key_match(struct imp_slice key, const struct imp_reference *reference);

/* docker-credential-SUFFIX get (helper.c). 0 and *OUT; 1 when it has none, or when it
 * failed, which becomes a note. IMP_E_CANCELLED. */
int imp_helper_get(const struct imp_context *context, struct imp_slice suffix,
		   const char *server, struct imp_notes *notes,
		   struct imp_credentials *out, struct imp_error *err);

/* What a helper and a file call the registry: "https://index.docker.io/v1/" for Docker
 * Hub, else its domain. */
const char *imp_credentials_server(const struct imp_reference *reference);
