/*
 * Lists that a registry gives page by page (reference/formats.md 2.16).
 */
#pragma once

#include "client_priv.h"
#include "imgprof/json.h"

/* Hands each page to EACH; *COUNT (may be NULL) counts them. A page that was there already
 * is IMP_E_FORMAT. UNSUPPORTED (may be NULL): set instead of failing when the first page is
 * not there (400, 404, 405) or no JSON. */
typedef int imp_page_reader(void *user, const json_t *page, struct imp_error *err);
int imp_client_pages(struct imp_client *client, const struct imp_url *first,
		     const char *what, imp_page_reader *each, void *user, size_t *count,
		     bool *unsupported, struct imp_error *err);

/* The target of `<URI>; rel="next"` among the links of VALUE; false: there is none. */
bool imp_link_next(struct imp_slice value, struct imp_slice *uri);
