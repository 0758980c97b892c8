/*
 * What a client knows about logging in to its registry: the scheme that was asked for, the
 * credentials, the token in use. Shared by all threads that fetch.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "challenge_priv.h"
#include "credentials_priv.h"

struct imp_client;

struct imp_auth {
	pthread_mutex_t mutex;
	bool looked_up; /* the credentials */
	bool rejected;  /* ... by the token server */
	struct imp_credentials credentials;
	struct imp_challenge challenge; /* the last one */
	char *header;                   /* value of Authorization; NULL: none */
	int64_t expires_ns;             /* monotonic; of a token */
	unsigned generation;            /* of the header */
};

void imp_auth_start(struct imp_auth *auth);
void imp_auth_finish(struct imp_auth *auth);
/* Appends what to send, nothing at first. A token about to expire is renewed. */
int imp_auth_header(struct imp_client *client, struct imp_strbuf *value,
		    unsigned *generation, struct imp_error *err);
/* A request with the header of GENERATION was answered by CHALLENGE, which is taken over.
 * 0: there is another header to try; 1: there is none. */
int imp_auth_answer(struct imp_client *client, struct imp_challenge *challenge,
		    unsigned generation, struct imp_error *err);
/* Who the registry was told that we are: a hint for one who was denied. */
int imp_auth_hint(struct imp_client *client, struct imp_error *err);

/* "Basic ..." for a user name and a password. */
void imp_basic_header(const struct imp_credentials *credentials, struct imp_strbuf *out);

/* A token for CHALLENGE (token.c). CREDENTIALS NULL: anonymous. Fills *TOKEN (owned) and
 * when it expires. 1 when the token server refused. */
int imp_token_fetch(struct imp_client *client, const struct imp_challenge *challenge,
		    const struct imp_credentials *credentials, char **token,
		    int64_t *expires_ns, struct imp_error *err);
/* The two fields that count in a token server's answer. IMP_E_NETWORK without a usable
 * token; nothing of it is in the message. */
int imp_token_parse(struct imp_slice body, const struct imp_limits *limits, char **token,
		    uint64_t *lifetime_s, struct imp_error *err);
/* REALM with service, scopes and account; scopes that the challenge names come first. */
void imp_token_query(const struct imp_challenge *challenge, const char *repository,
		     const char *account, struct imp_strbuf *out);
