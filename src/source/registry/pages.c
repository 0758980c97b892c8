#include "pages_priv.h"

#include "imgprof/cleanup.h"
#include "imgprof/map.h"

#include "ascii_priv.h"

/* What a page may weigh, and how many there may be. */
enum { PAGE_BYTES = 16 << 20, MOST_PAGES = 100000 };

static bool is_next(struct imp_slice parameters)
{
	while (parameters.data) {
		struct imp_slice value = imp_slice_cut(&parameters, ';');
		struct imp_slice key = imp_slice_trim(imp_slice_cut(&value, '='), " \t");
		value = imp_slice_trim(value, " \t\"");
		if (imp_ascii_equal(key, IMP_SLICE("rel")) &&
		    imp_ascii_equal(value, IMP_SLICE("next")))
			return true;
	}
	return false;
}

bool imp_link_next(struct imp_slice value, struct imp_slice *uri)
{
	while (value.len) {
		struct imp_slice rest = value;
		imp_slice_cut(&rest, '<');
		if (!rest.data)
			return false;
		struct imp_slice target = imp_slice_cut(&rest, '>');
		if (!rest.data)
			return false;
		struct imp_slice parameters = imp_slice_cut(&rest, ',');
		if (is_next(parameters)) {
			*uri = target;
			return target.len > 0;
		}
		value = rest;
	}
	return false;
}

struct walk {
	struct imp_client *client;
	const char *what;
	struct imp_arena *arena; /* of the addresses seen */
	struct imp_map seen;
	struct imp_url url;
};

static void walk_finish(struct walk *walk)
{
	imp_map_finish(&walk->seen);
	imp_arena_destroy(walk->arena);
	imp_url_finish(&walk->url);
}

static int get_page(struct walk *walk, struct imp_answer *answer, json_t **page,
		    struct imp_error *err)
{
	const struct imp_limits *limits = walk->client->context->limits;
	struct imp_exchange exchange = {
		.what = walk->what,
		.missing = "the registry does not have it",
		.url = &walk->url,
		.accept = "application/json, "
			  "application/vnd.oci.image.index.v1+json;q=0.9",
		.registry = true,
		.timeout_s = limits->small_request_timeout_s,
		.redirects = limits->redirects,
	};
	int rc = imp_client_get(walk->client, &exchange, PAGE_BYTES, "page-bytes", answer,
				err);
	if (rc < 0)
		return rc;
	if (answer->status != 200)
		return imp_answer_fail(walk->client, &exchange, answer, err);
	return imp_json_parse(imp_strbuf_slice(&answer->body), limits, walk->what, page,
			      err);
}

/* 1: that was the last one. */
static int go_on(struct walk *walk, const struct imp_answer *answer,
		 struct imp_error *err)
{
	imp_auto(imp_url_finish) struct imp_url next = {0};
	struct imp_slice uri;
	if (!imp_link_next(imp_strbuf_slice(&answer->link), &uri))
		return 1;
	const char *text = imp_arena_copy(walk->arena, uri).data;
	int rc = imp_url_parse(text, &walk->url, &next, err);
	if (rc < 0)
		return imp_wrap(err, "%s: next page", walk->what);
	if (!imp_url_same_origin(&next, &walk->client->base))
		return imp_fail(err, IMP_E_NETWORK,
				"%s: the next page is on another server, which is "
				"not asked",
				walk->what);
	imp_url_finish(&walk->url);
	walk->url = next;
	next = (struct imp_url){0};
	return 0;
}

static bool is_missing(long status)
{
	return status == 400 || status == 404 || status == 405;
}

int imp_client_pages(struct imp_client *client, const struct imp_url *first,
		     const char *what, imp_page_reader *each, void *user, size_t *count,
		     bool *unsupported, struct imp_error *err)
{
	imp_auto(walk_finish) struct walk walk = {
		.client = client, .what = what, .arena = imp_arena_create()};
	imp_url_copy(first, &walk.url);
	for (size_t pages = 0;; pages++) {
		imp_auto(imp_answer_finish) struct imp_answer answer = {0};
		imp_auto_json json_t *page = NULL;
		struct imp_slice here =
			imp_slice_of(imp_arena_text(walk.arena, walk.url.text));
		if (imp_map_get(&walk.seen, here, NULL) || pages == MOST_PAGES)
			return imp_fail(err, IMP_E_FORMAT,
					"%s: the pages lead in a circle", what);
		imp_map_set(&walk.seen, here, 0);
		int rc = get_page(&walk, &answer, &page, err);
		if (rc < 0 && unsupported && pages == 0 &&
		    (is_missing(answer.status) || answer.status == 200)) {
			*unsupported = true;
			return 0;
		}
		if (rc == 0)
			rc = each(user, page, err);
		if (rc == 0 && count)
			++*count;
		if (rc == 0)
			rc = go_on(&walk, &answer, err);
		if (rc != 0)
			return rc < 0 ? rc : 0;
	}
}
