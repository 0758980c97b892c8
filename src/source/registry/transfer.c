#include "transfer_priv.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

#include "ascii_priv.h"
#include "line_priv.h"
#include "proxy_priv.h"
#include "tls_priv.h"

enum {
	RECEIVE_BYTES = 512 << 10, /* the most that libcurl reads at once */
	FULL_BYTES = 256 << 10,    /* enough to hand out without looking for more */
	POLL_MS = 100,
};

struct imp_transfer {
	struct imp_lines *lines;
	struct imp_line *line;
	struct curl_slist *headers;
	char *server; /* for messages */
	size_t filled;
	bool proxied, trusted, paused;
	bool local; /* an engine behind a socket */
	bool headers_done, done;
	bool handed_out; /* what is in the buffer */
	CURLcode result; /* once done */
	enum imp_address_class from;
	bool address_refused;
	enum imp_address_class refused;
	uint64_t header_bytes;
	uint32_t header_lines;
	bool headers_too_large;
	uint32_t timeout_s;
	/* Since the last look at the speed: only time spent waiting counts. */
	int64_t waited_ns;
	uint64_t waited_bytes;
};

/* Callbacks of libcurl. */

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
	struct imp_transfer *transfer = user;
	size_t len = size * count;
	if (len > IMP_LINE_BUFFER_BYTES - transfer->filled) {
		transfer->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	memcpy(transfer->line->buffer + transfer->filled, data, len);
	transfer->filled += len;
	transfer->waited_bytes += len;
	return len;
}

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
	struct imp_transfer *transfer = user;
	const struct imp_limits *limits = transfer->lines->context->limits;
	size_t len = size * count;
	transfer->header_bytes += len;
	transfer->header_lines++;
	if (transfer->header_bytes > limits->header_bytes ||
	    transfer->header_lines > limits->header_lines) {
		transfer->headers_too_large = true;
		return 0;
	}
	bool blank = len <= 2 && (data[0] == '\r' || data[0] == '\n');
	if (blank && imp_transfer_status(transfer) >= 200)
		transfer->headers_done = true;
	return len;
}

/* Here the name is resolved: what a literal in the address cannot show shows here. */
static curl_socket_t on_socket(void *user, curlsocktype purpose,
			       struct curl_sockaddr *address)
{
	struct imp_transfer *transfer = user;
	(void)purpose;
	enum imp_address_class class = imp_address_classify(&address->addr);
	if (!transfer->trusted && !transfer->proxied &&
	    !imp_address_permitted(transfer->from, class)) {
		transfer->address_refused = true;
		transfer->refused = class;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

/* Failures in words. */

static const char *final_reason(CURLcode code)
{
	switch ((int)code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		return "its certificate is not to be trusted";
	case CURLE_SSL_CERTPROBLEM:
		return "the client certificate cannot be used";
	case CURLE_SSL_CACERT_BADFILE:
		return "the file of certificate authorities cannot be read";
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
		return "no secure connection";
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return "no HTTP answer";
	default:
		return NULL;
	}
}

static bool is_unreachable(const struct imp_transfer *transfer, CURLcode code)
{
	long number = 0;
	if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY)
		return true;
	curl_easy_getinfo(transfer->line->easy, CURLINFO_OS_ERRNO, &number);
	return code == CURLE_COULDNT_CONNECT && number != ETIMEDOUT;
}

static int fail_unreachable(const struct imp_transfer *transfer, CURLcode code,
			    struct imp_error *err)
{
	long number = 0;
	curl_easy_getinfo(transfer->line->easy, CURLINFO_OS_ERRNO, &number);
	if (code == CURLE_COULDNT_RESOLVE_PROXY)
		return imp_fail(err, IMP_E_NETWORK, "%s: the proxy's name is unknown",
				transfer->server);
	if (code == CURLE_COULDNT_RESOLVE_HOST)
		return imp_fail(err, IMP_E_NETWORK, "%s: the host is unknown",
				transfer->server);
	if (number == ECONNREFUSED)
		return imp_fail(err, IMP_E_NETWORK, "%s: connection refused",
				transfer->server);
	return imp_fail(err, IMP_E_NETWORK, "%s: no connection (%s)", transfer->server,
			number ? strerrordesc_np((int)number)
			       : transfer->line->curl_error);
}

static int fail_timeout(const struct imp_transfer *transfer, struct imp_error *err)
{
	/* The other texts are of names and of connections. */
	if (!strstr(transfer->line->curl_error, "Operation timed out"))
		return imp_fail(err, IMP_E_NETWORK,
				"%s: no connection within %" PRIu32 " s",
				transfer->server,
				transfer->lines->context->limits->connect_timeout_s);
	return imp_fail(err, IMP_E_NETWORK, "%s: no whole answer within %" PRIu32 " s",
			transfer->server, transfer->timeout_s);
}

/* OpenSSL tells a protocol or certificate problem apart from a connection that went. */
static bool is_handshake_refusal(const struct imp_transfer *transfer, CURLcode code)
{
	const char *text = transfer->line->curl_error;
	return code == CURLE_SSL_CONNECT_ERROR && strstr(text, "SSL routines") &&
	       !strstr(text, "unexpected eof");
}

static int fail_curl(const struct imp_transfer *transfer, CURLcode code,
		     enum imp_failure *failure, struct imp_error *err)
{
	const struct imp_limits *limits = transfer->lines->context->limits;
	const char *server = transfer->server;
	const char *detail = transfer->line->curl_error;
	*failure = IMP_FAILURE_FINAL;
	if (transfer->address_refused)
		return imp_fail(err, IMP_E_NETWORK,
				"%s: refused: the registry may not direct to %s", server,
				imp_address_class_name(transfer->refused));
	/* libcurl calls a single endless line a lack of memory. */
	if (transfer->headers_too_large || code == CURLE_OUT_OF_MEMORY)
		return imp_fail(err, IMP_E_LIMIT,
				"%s: resource limit header-bytes (%" PRIu32
				") or header-lines (%" PRIu32 "): endless headers",
				server, limits->header_bytes, limits->header_lines);
	const char *reason = final_reason(code);
	if (reason)
		return imp_fail(err, IMP_E_NETWORK, "%s: %s (%s)", server, reason,
				*detail ? detail : curl_easy_strerror(code));
	if (is_handshake_refusal(transfer, code))
		return imp_fail(err, IMP_E_NETWORK, "%s: no secure connection (%s)",
				server, detail);
	if (is_unreachable(transfer, code)) {
		*failure = IMP_FAILURE_UNREACHABLE;
		return fail_unreachable(transfer, code, err);
	}
	*failure = IMP_FAILURE_BROKEN;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return fail_timeout(transfer, err);
	return imp_fail(err, IMP_E_NETWORK, "%s: the connection broke (%s)", server,
			*detail ? detail : curl_easy_strerror(code));
}

/* Driving it. */

static void take_result(struct imp_transfer *transfer)
{
	int left;
	for (CURLMsg *message;
	     (message = curl_multi_info_read(transfer->line->multi, &left));)
		if (message->msg == CURLMSG_DONE) {
			transfer->done = true;
			transfer->result = message->data.result;
		}
}

static void perform(struct imp_transfer *transfer)
{
	int running;
	if (transfer->paused) {
		transfer->paused = false;
		curl_easy_pause(transfer->line->easy, CURLPAUSE_CONT);
	}
	if (curl_multi_perform(transfer->line->multi, &running) != CURLM_OK) {
		transfer->done = true;
		transfer->result = CURLE_FAILED_INIT;
		return;
	}
	take_result(transfer);
}

/* Waits for the socket; a server that sends next to nothing meanwhile has stalled. */
static int wait_for_socket(struct imp_transfer *transfer, enum imp_failure *failure,
			   struct imp_error *err)
{
	const struct imp_context *context = transfer->lines->context;
	const struct imp_limits *limits = context->limits;
	*failure = IMP_FAILURE_FINAL;
	if (imp_cancelled(context->cancel)) {
		/* Not to wait for a resolver that does not answer. */
		curl_easy_setopt(transfer->line->easy, CURLOPT_QUICK_EXIT, 1L);
		return imp_fail_cancelled(err);
	}
	int64_t before_ns = imp_monotonic_ns();
	curl_multi_poll(transfer->line->multi, NULL, 0, POLL_MS, NULL);
	transfer->waited_ns += imp_monotonic_ns() - before_ns;
	if (transfer->local ||
	    transfer->waited_ns < limits->stall_timeout_s * INT64_C(1000000000))
		return 0;
	uint64_t least = (uint64_t)limits->stall_bytes_per_s * limits->stall_timeout_s;
	if (transfer->waited_bytes < least) {
		*failure = IMP_FAILURE_BROKEN;
		return imp_fail(err, IMP_E_NETWORK,
				"%s: under %" PRIu32 " bytes/s for %" PRIu32 " s",
				transfer->server, limits->stall_bytes_per_s,
				limits->stall_timeout_s);
	}
	transfer->waited_ns = 0;
	transfer->waited_bytes = 0;
	return 0;
}

static void set_limits(CURL *easy, const struct imp_transfer_request *request,
		       const struct imp_limits *limits)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)limits->connect_timeout_s);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)request->timeout_s);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BYTES);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
}

static void set_callbacks(struct imp_transfer *transfer, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->line->curl_error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
}

static void add_header(struct imp_transfer *transfer, const char *name, const char *value)
{
	struct imp_strbuf line = {0};
	imp_strbuf_printf(&line, "%s: %s", name, value);
	struct curl_slist *list = curl_slist_append(transfer->headers, line.data);
	explicit_bzero(line.data, line.capacity);
	imp_strbuf_finish(&line);
	if (!list)
		imp_die_of_memory(sizeof(*list));
	transfer->headers = list;
}

static int set_up(struct imp_transfer *transfer,
		  const struct imp_transfer_request *request, struct imp_error *err)
{
	CURL *easy = transfer->line->easy;
	const struct imp_context *context = transfer->lines->context;
	const char *proxy = transfer->local ? NULL : imp_proxy_for(context, request->url);
	transfer->proxied = proxy != NULL;
	set_limits(easy, request, context->limits);
	set_callbacks(transfer, easy);
	curl_easy_setopt(easy, CURLOPT_URL, request->url->text);
	curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, request->socket_path);
	/* An empty text keeps libcurl from looking into the environment itself. */
	curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "imgprof");
	add_header(transfer, "Accept", request->accept ? request->accept : "*/*");
	add_header(transfer, "Accept-Encoding", "identity");
	if (request->authorization)
		add_header(transfer, "Authorization", request->authorization);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (request->form)
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->form);
	if (request->head)
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	if (request->offset) {
		char range[32];
		snprintf(range, sizeof(range), "%" PRIu64 "-", request->offset);
		curl_easy_setopt(easy, CURLOPT_RANGE, range);
	}
	if (request->url->https)
		return imp_tls_apply(easy, context, request->certs_name, err);
	return 0;
}

static int check_literal(const struct imp_transfer *transfer,
			 const struct imp_transfer_request *request,
			 struct imp_error *err)
{
	enum imp_address_class class;
	if (request->trusted || !imp_address_of_host(request->url->host, &class) ||
	    imp_address_permitted(request->from, class))
		return 0;
	return imp_fail(err, IMP_E_NETWORK,
			"%s: refused: the registry may not direct to %s",
			transfer->server, imp_address_class_name(class));
}

static int await_headers(struct imp_transfer *transfer, enum imp_failure *failure,
			 struct imp_error *err)
{
	for (;;) {
		perform(transfer);
		if (transfer->done && transfer->result != CURLE_OK &&
		    !transfer->headers_done)
			return fail_curl(transfer, transfer->result, failure, err);
		if (transfer->headers_done || transfer->done)
			return 0;
		int rc = wait_for_socket(transfer, failure, err);
		if (rc < 0)
			return rc;
	}
}

int imp_transfer_open(struct imp_lines *lines, const struct imp_transfer_request *request,
		      struct imp_transfer **out, enum imp_failure *failure,
		      struct imp_error *err)
{
	imp_auto_destroy(imp_transfer) struct imp_transfer *transfer =
		imp_xcalloc(1, sizeof(*transfer));
	transfer->lines = lines;
	transfer->line = imp_line_take(lines);
	transfer->trusted = request->trusted;
	transfer->from = request->from;
	transfer->timeout_s = request->timeout_s;
	transfer->local = request->socket_path != NULL;
	struct imp_strbuf server = {0};
	if (transfer->local)
		imp_strbuf_add_text(&server, request->socket_path);
	else
		imp_url_server(request->url, &server);
	transfer->server = imp_strbuf_steal(&server);

	*failure = IMP_FAILURE_FINAL;
	int rc = check_literal(transfer, request, err);
	if (rc == 0)
		rc = set_up(transfer, request, err);
	if (rc < 0)
		return rc;
	curl_multi_add_handle(transfer->line->multi, transfer->line->easy);
	rc = await_headers(transfer, failure, err);
	if (rc == 0)
		*out = imp_steal(&transfer);
	return rc;
}

/* Bytes into the buffer, as many as are there without waiting once there are some. */
static int fill_buffer(struct imp_transfer *transfer, enum imp_failure *failure,
		       struct imp_error *err)
{
	while (transfer->filled < FULL_BYTES && !transfer->done) {
		size_t before = transfer->filled;
		perform(transfer);
		if (transfer->filled > before && !transfer->paused)
			continue;
		if (transfer->filled || transfer->done)
			return 0;
		int rc = wait_for_socket(transfer, failure, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int imp_transfer_read(struct imp_transfer *transfer, struct imp_slice *out,
		      enum imp_failure *failure, struct imp_error *err)
{
	if (transfer->handed_out)
		transfer->filled = 0;
	transfer->handed_out = false;
	*failure = IMP_FAILURE_FINAL;
	if (imp_cancelled(transfer->lines->context->cancel))
		return imp_fail_cancelled(err);
	int rc = fill_buffer(transfer, failure, err);
	if (rc < 0)
		return rc;
	if (transfer->filled) {
		*out = imp_slice((const char *)transfer->line->buffer, transfer->filled);
		transfer->handed_out = true;
		return 0;
	}
	if (transfer->result != CURLE_OK)
		return fail_curl(transfer, transfer->result, failure, err);
	return 1;
}

void imp_transfer_drain(struct imp_transfer *transfer, uint64_t limit_bytes)
{
	struct imp_error ignored = {0};
	enum imp_failure failure;
	struct imp_slice bytes = {0};
	uint64_t dropped = 0;
	while (dropped < limit_bytes &&
	       imp_transfer_read(transfer, &bytes, &failure, &ignored) == 0)
		dropped += bytes.len;
}

void imp_transfer_destroy(struct imp_transfer *transfer)
{
	if (!transfer)
		return;
	curl_multi_remove_handle(transfer->line->multi, transfer->line->easy);
	imp_line_give(transfer->lines, transfer->line);
	for (struct curl_slist *at = transfer->headers; at; at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(transfer->headers);
	free(transfer->server);
	free(transfer);
}

/* What an answer says about itself. */

const char *imp_transfer_server(const struct imp_transfer *transfer)
{
	return transfer->server;
}

long imp_transfer_status(const struct imp_transfer *transfer)
{
	long status = 0;
	curl_easy_getinfo(transfer->line->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

const char *imp_transfer_header(struct imp_transfer *transfer, const char *name,
				size_t index)
{
	struct curl_header *header;
	if (curl_easy_header(transfer->line->easy, name, index, CURLH_HEADER, -1,
			     &header) != CURLHE_OK)
		return "";
	return header->value;
}

void imp_transfer_content_type(struct imp_transfer *transfer, struct imp_strbuf *out)
{
	const char *type = imp_transfer_header(transfer, "Content-Type", 0);
	size_t len = strcspn(type, "; \t");
	for (size_t i = 0; i < len; i++)
		imp_strbuf_add_char(out, imp_ascii_lower(type[i]));
}

int64_t imp_transfer_length(const struct imp_transfer *transfer)
{
	curl_off_t length = -1;
	curl_easy_getinfo(transfer->line->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
			  &length);
	return length;
}

bool imp_transfer_address(const struct imp_transfer *transfer,
			  enum imp_address_class *out)
{
	char *text = NULL;
	curl_easy_getinfo(transfer->line->easy, CURLINFO_PRIMARY_IP, &text);
	return !transfer->proxied && text && imp_address_of_host(text, out);
}
