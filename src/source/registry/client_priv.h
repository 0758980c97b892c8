/*
 * A session with one registry about one repository: requests with redirects, credentials
 * and further attempts (reference/formats.md 3).
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "imgprof/reference.h"
#include "imgprof/source.h"
#include "imgprof/strbuf.h"

#include "auth_priv.h"
#include "notes_priv.h"
#include "retry_priv.h"
#include "transfer_priv.h"
#include "url_priv.h"

#define IMP_CLASS_UNKNOWN (-1)

struct imp_client {
	const struct imp_context *context;
	const struct imp_reference *reference;
	struct imp_source_options options;
	struct imp_url base; /* of the registry */
	struct imp_lines lines;
	struct imp_notes notes;
	struct imp_auth auth;
	/* The outermost address that the registry answered from. */
	atomic_int registry_class; /* enum imp_address_class or IMP_CLASS_UNKNOWN */
	/* Until then no request goes to the registry: it asked for patience. */
	atomic_int_fast64_t hold_until_ns;
};

int imp_client_start(struct imp_client *client, const struct imp_context *context,
		     const struct imp_reference *reference,
		     const struct imp_source_options *options, struct imp_error *err);
void imp_client_finish(struct imp_client *client);
/* "manifests/latest" as an address below this repository. */
int imp_client_url(const struct imp_client *client, const char *endpoint,
		   struct imp_url *out, struct imp_error *err);
/* Whether URL may be asked at all: plain HTTP only on the loopback or by the option, and
 * never when COMING_FROM (NULL: nowhere) was https. */
int imp_client_check_url(const struct imp_client *client, const struct imp_url *url,
			 const struct imp_url *coming_from, struct imp_error *err);

struct imp_exchange {
	const char *what;    /* the object, for messages */
	const char *missing; /* what a 404 means: "no such tag" */
	const struct imp_url *url;
	const char *accept;        /* NULL: anything */
	const char *authorization; /* goes to the origin of URL and no further */
	const char *form;          /* POST */
	bool head;                 /* HEAD: no body comes */
	bool registry;             /* its challenges are answered */
	bool once;                 /* no further attempts */
	uint64_t offset;
	uint32_t timeout_s; /* 0: while bytes flow */
	uint32_t redirects; /* at most */
};

/* Returns at the headers of the answer to the last redirect. Statuses that another attempt
 * may cure have been tried again; every other one is the caller's. RETRY counts over
 * calls. */
int imp_client_open(struct imp_client *client, const struct imp_exchange *exchange,
		    struct imp_retry *retry, struct imp_transfer **out,
		    struct imp_error *err);

struct imp_answer {
	long status;
	struct imp_strbuf body;
	struct imp_strbuf content_type; /* lower case, without parameters */
	struct imp_strbuf digest;       /* Docker-Content-Digest */
	struct imp_strbuf link;         /* Link: all of them, with commas between */
	struct imp_strbuf server;       /* who answered: host[:port] */
};

void imp_answer_finish(struct imp_answer *answer);
/* The whole of a small answer. A body of status 200 over LIMIT_BYTES is IMP_E_LIMIT with
 * LIMIT_NAME; of any other it is cut at limits->error_body_bytes. */
int imp_client_get(struct imp_client *client, const struct imp_exchange *exchange,
		   uint64_t limit_bytes, const char *limit_name,
		   struct imp_answer *answer, struct imp_error *err);

/* ANSWER is not what was hoped for: its status as a failure (answer.c). */
int imp_answer_fail(struct imp_client *client, const struct imp_exchange *exchange,
		    const struct imp_answer *answer, struct imp_error *err);
/* Reads status, type and up to LIMIT_BYTES of the body; 1 when there is more. Negative with
 * *FAILURE as imp_transfer_read. */
int imp_answer_read(struct imp_transfer *transfer, uint64_t limit_bytes,
		    struct imp_answer *answer, enum imp_failure *failure,
		    struct imp_error *err);
/* Docker Hub's limit of pulls per hours: no wait of ours helps. */
bool imp_answer_is_pull_limit(const struct imp_answer *answer);
