/*
 * The tags that come nearest to one that does not exist.
 */
#pragma once

#include "client_priv.h"

/* A hint for ERR, from the first page of the registry's list, when it answers at once. */
void imp_tags_hint(struct imp_client *client, struct imp_error *err);
/* Appends "the tags are ..." or "the nearest tags are ...": those in LIST (the registry's
 * answer) that are most like WANTED. Nothing when there are none. */
void imp_tags_nearest(struct imp_slice list, const char *wanted,
		      const struct imp_limits *limits, struct imp_strbuf *out);
