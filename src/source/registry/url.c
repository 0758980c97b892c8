#include "url_priv.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

#include "ascii_priv.h"

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

static void curlu_finish(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void part_finish(char **part)
{
	curl_free(*part);
}

static int fail(CURLUcode code, struct imp_error *err)
{
	if (code == CURLUE_USER_NOT_ALLOWED)
		return imp_fail(err, IMP_E_NETWORK, "an address with a user name in it");
	if (code == CURLUE_UNSUPPORTED_SCHEME)
		return imp_fail(err, IMP_E_NETWORK,
				"an address that is not http or https");
	return imp_fail(err, IMP_E_NETWORK, "a malformed address (%s)",
			curl_url_strerror(code));
}

static char *copy_host(const char *host)
{
	size_t len = strlen(host);
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		char *bare = imp_xstrdup(host + 1);
		bare[len - 2] = '\0';
		return bare;
	}
	return imp_xstrdup(host);
}

static int take_parts(CURLU *url, struct imp_url *out, struct imp_error *err)
{
	imp_auto(part_finish) char *scheme = NULL;
	imp_auto(part_finish) char *host = NULL;
	imp_auto(part_finish) char *port = NULL;
	imp_auto(part_finish) char *text = NULL;
	CURLUcode code = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	if (!code && strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		code = CURLUE_UNSUPPORTED_SCHEME;
	if (!code)
		code = curl_url_get(url, CURLUPART_HOST, &host, 0);
	if (!code)
		code = curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	if (!code)
		code = curl_url_get(url, CURLUPART_URL, &text, 0);
	if (code)
		return fail(code, err);
	*out = (struct imp_url){
		.text = imp_xstrdup(text),
		.host = copy_host(host),
		.port = (unsigned)strtoul(port, NULL, 10),
		.https = strcmp(scheme, "https") == 0,
	};
	return 0;
}

int imp_url_parse(const char *text, const struct imp_url *base, struct imp_url *out,
		  struct imp_error *err)
{
	imp_auto(curlu_finish) CURLU *url = curl_url();
	if (!url)
		imp_die_of_memory(sizeof(*out));
	CURLUcode code = CURLUE_OK;
	if (base)
		code = curl_url_set(url, CURLUPART_URL, base->text, 0);
	if (!code)
		code = curl_url_set(url, CURLUPART_URL, text,
				    CURLU_DISALLOW_USER | CURLU_URLENCODE);
	if (!code)
		code = curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	if (code)
		return fail(code, err);
	return take_parts(url, out, err);
}

void imp_url_finish(struct imp_url *url)
{
	free(url->text);
	free(url->host);
	*url = (struct imp_url){0};
}

void imp_url_copy(const struct imp_url *url, struct imp_url *out)
{
	*out = *url;
	out->text = imp_xstrdup(url->text);
	out->host = imp_xstrdup(url->host);
}

bool imp_url_same_server(const struct imp_url *a, const struct imp_url *b)
{
	return a->port == b->port &&
	       imp_ascii_equal(imp_slice_of(a->host), imp_slice_of(b->host));
}

bool imp_url_same_origin(const struct imp_url *a, const struct imp_url *b)
{
	return a->https == b->https && imp_url_same_server(a, b);
}

void imp_url_show(const struct imp_url *url, struct imp_strbuf *out)
{
	imp_strbuf_add(out, url->text, strcspn(url->text, "?#"));
}

void imp_url_server(const struct imp_url *url, struct imp_strbuf *out)
{
	bool brackets = strchr(url->host, ':') != NULL;
	imp_strbuf_printf(out, brackets ? "[%s]" : "%s", url->host);
	if (url->port != (url->https ? HTTPS_PORT : HTTP_PORT))
		imp_strbuf_printf(out, ":%u", url->port);
}
