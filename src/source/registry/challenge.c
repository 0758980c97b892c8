#include "challenge_priv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/strbuf.h"

#include "ascii_priv.h"

void imp_challenge_finish(struct imp_challenge *challenge)
{
	free(challenge->realm);
	free(challenge->service);
	free(challenge->scope);
	free(challenge->error);
	*challenge = (struct imp_challenge){0};
}

static bool is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c && strchr("!#$%&'*+-.^_`|~/:", c));
}

static void skip_spaces(struct imp_slice *rest)
{
	while (rest->len && (*rest->data == ' ' || *rest->data == '\t'))
		*rest = imp_slice_skip(*rest, 1);
}

static struct imp_slice take_token(struct imp_slice *rest)
{
	size_t len = 0;
	while (len < rest->len && is_token_char(rest->data[len]))
		len++;
	struct imp_slice token = imp_slice(rest->data, len);
	*rest = imp_slice_skip(*rest, len);
	return token;
}

/* Behind the opening quote; an unclosed string ends with the header. */
static void take_quoted(struct imp_slice *rest, struct imp_strbuf *value)
{
	while (rest->len && *rest->data != '"') {
		if (*rest->data == '\\' && rest->len > 1)
			*rest = imp_slice_skip(*rest, 1);
		imp_strbuf_add_char(value, *rest->data);
		*rest = imp_slice_skip(*rest, 1);
	}
	*rest = imp_slice_skip(*rest, 1);
}

/* KEY = VALUE; false leaves *REST where it was: a scheme begins there, or junk. */
static bool take_parameter(struct imp_slice *rest, struct imp_slice *key,
			   struct imp_strbuf *value)
{
	struct imp_slice ahead = *rest;
	*key = take_token(&ahead);
	skip_spaces(&ahead);
	if (key->len == 0 || ahead.len == 0 || *ahead.data != '=')
		return false;
	ahead = imp_slice_skip(ahead, 1);
	skip_spaces(&ahead);
	if (ahead.len && *ahead.data == '"') {
		ahead = imp_slice_skip(ahead, 1);
		take_quoted(&ahead, value);
	} else {
		imp_strbuf_add_slice(value, take_token(&ahead));
	}
	*rest = ahead;
	return true;
}

static bool equals(struct imp_slice a, const char *text)
{
	return imp_ascii_equal(a, imp_slice_of(text));
}

/* A value with a NUL inside says nothing that we could use. */
static void keep_parameter(struct imp_challenge *challenge, struct imp_slice key,
			   struct imp_strbuf *value)
{
	char **slot = equals(key, "realm")     ? &challenge->realm
		      : equals(key, "service") ? &challenge->service
		      : equals(key, "scope")   ? &challenge->scope
		      : equals(key, "error")   ? &challenge->error
					       : NULL;
	if (slot && !*slot && !memchr(value->len ? value->data : "", 0, value->len))
		*slot = imp_strbuf_steal(value);
}

static void skip_separators(struct imp_slice *rest)
{
	while (rest->len && strchr(" \t,", *rest->data) && *rest->data)
		*rest = imp_slice_skip(*rest, 1);
}

static void take_parameters(struct imp_slice *rest, struct imp_challenge *challenge)
{
	for (;;) {
		struct imp_slice key;
		imp_auto(imp_strbuf_finish) struct imp_strbuf value = {0};
		skip_separators(rest);
		if (!take_parameter(rest, &key, &value))
			return;
		keep_parameter(challenge, key, &value);
	}
}

static enum imp_auth_scheme scheme_of(struct imp_slice name)
{
	if (equals(name, "basic"))
		return IMP_AUTH_BASIC;
	if (equals(name, "bearer"))
		return IMP_AUTH_BEARER;
	return IMP_AUTH_NONE;
}

void imp_challenge_parse(struct imp_slice value, struct imp_challenge *best)
{
	while (value.len) {
		skip_separators(&value);
		struct imp_slice name = take_token(&value);
		if (name.len == 0) { /* junk: on to the next comma */
			imp_slice_cut(&value, ',');
			continue;
		}
		struct imp_challenge found = {.scheme = scheme_of(name)};
		take_parameters(&value, &found);
		if (found.scheme == IMP_AUTH_BEARER && !found.realm)
			found.scheme = IMP_AUTH_NONE;
		if (found.scheme > best->scheme) {
			imp_challenge_finish(best);
			*best = found;
		} else {
			imp_challenge_finish(&found);
		}
	}
}
