/*
 * The tags that come nearest to one that does not exist.
 */
#pragma once

#include "client_priv.h"

/* In one line, for some servers read only the first (reference/formats.md 2.2). */
#define IMP_ACCEPT_MANIFESTS \
	"application/vnd.oci.image.index.v1+json, " \
	"application/vnd.docker.distribution.manifest.list.v2+json, " \
	"application/vnd.oci.image.manifest.v1+json, " \
	"application/vnd.docker.distribution.manifest.v2+json, " \
	"application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.2, " \
	"application/vnd.docker.distribution.manifest.v1+json;q=0.2, " \
	"*/*;q=0.1"

/* Registries also list nulls and digests. */
bool imp_tag_is_valid(struct imp_slice text);

/* A hint for ERR, from the first page of the registry's list, when it answers at once. */
void imp_tags_hint(struct imp_client *client, struct imp_error *err);
/* Appends "the tags are ..." or "the nearest tags are ...": those in LIST (the registry's
 * answer) that are most like WANTED. Nothing when there are none. */
void imp_tags_nearest(struct imp_slice list, const char *wanted,
		      const struct imp_limits *limits, struct imp_strbuf *out);
