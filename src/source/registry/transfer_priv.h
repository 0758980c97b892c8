/*
 * One HTTP request and its answer, without redirects, authentication or another attempt.
 * Its body is pulled: the socket is read while the caller asks for bytes, on the caller's
 * thread, so that memory and speed are the caller's own. The process ignores SIGPIPE.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

#include "address_priv.h"
#include "line_priv.h"
#include "retry_priv.h"
#include "url_priv.h"

struct imp_transfer_request {
	const struct imp_url *url;
	const char *certs_name;    /* for imp_tls_apply */
	const char *accept;        /* NULL: anything */
	const char *authorization; /* value of the header, or NULL */
	const char *form;          /* body of a POST; NULL: GET */
	bool head;                 /* HEAD instead: headers alone */
	uint64_t offset;           /* > 0: only the bytes from there on are asked for */
	uint32_t timeout_s;        /* for all of it; 0: as long as bytes flow */
	/* Unless the server is trusted (it is the registry's own), its address must be
	 * permitted to one who answers at FROM. */
	bool trusted;
	enum imp_address_class from;
	/* The server is an engine of this machine behind a socket: it may be silent while
	 * it works. NULL: by the network. */
	const char *socket_path;
};

struct imp_transfer; /* opaque */

/* Returns when the answer's headers are there, whatever its status. *FAILURE is set on
 * failure. Messages name the server. */
int imp_transfer_open(struct imp_lines *lines, const struct imp_transfer_request *request,
		      struct imp_transfer **out, enum imp_failure *failure,
		      struct imp_error *err);
/* 0 and bytes (borrowed until the next call), 1 at the end, negative on failure. */
int imp_transfer_read(struct imp_transfer *transfer, struct imp_slice *out,
		      enum imp_failure *failure, struct imp_error *err);
/* Reads up to LIMIT bytes of the rest and drops them, so that the connection can be used
 * again; failing does no harm. */
void imp_transfer_drain(struct imp_transfer *transfer, uint64_t limit_bytes);
void imp_transfer_destroy(struct imp_transfer *transfer); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_transfer);

const char *imp_transfer_server(const struct imp_transfer *transfer); /* host[:port] */
long imp_transfer_status(const struct imp_transfer *transfer);
/* The INDEXth header of that name, "" when there is none; borrowed until the next call. */
const char *imp_transfer_header(struct imp_transfer *transfer, const char *name,
				size_t index);
/* The type without parameters, in lower case. */
void imp_transfer_content_type(struct imp_transfer *transfer, struct imp_strbuf *out);
/* What Content-Length says, or -1. */
int64_t imp_transfer_length(const struct imp_transfer *transfer);
/* Where the answer came from; false behind a proxy. */
bool imp_transfer_address(const struct imp_transfer *transfer,
			  enum imp_address_class *out);
