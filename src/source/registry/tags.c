#include "tags_priv.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/json.h"

enum {
	TAG_BYTES = 128,
	SHOWN_TAGS = 5,
	PAGE_TAGS = 1000, /* more is refused by some registries */
};

struct candidate {
	struct imp_slice tag;
	unsigned distance;
};

bool imp_tag_is_valid(struct imp_slice text)
{
	if (text.len == 0 || text.len > TAG_BYTES)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '_';
		if (!word && (i == 0 || (c != '.' && c != '-')))
			return false;
	}
	return true;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Levenshtein's; both at most TAG_BYTES long. */
static unsigned distance(struct imp_slice a, struct imp_slice b)
{
	unsigned row[TAG_BYTES + 1];
	for (unsigned j = 0; j <= b.len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned above = row[j];
			unsigned change = a.data[i - 1] != b.data[j - 1];
			row[j] = least(above + 1, row[j - 1] + 1, diagonal + change);
			diagonal = above;
		}
	}
	return row[b.len];
}

/* Keeps BEST sorted; of equals the earlier in the list stays first. */
static size_t insert(struct candidate best[static SHOWN_TAGS], size_t count,
		     struct candidate candidate)
{
	size_t at = count;
	while (at > 0 && best[at - 1].distance > candidate.distance)
		at--;
	if (at == SHOWN_TAGS)
		return count;
	size_t kept = count < SHOWN_TAGS ? count : SHOWN_TAGS - 1;
	memmove(best + at + 1, best + at, (kept - at) * sizeof(*best));
	best[at] = candidate;
	return kept + 1;
}

void imp_tags_nearest(struct imp_slice list, const char *wanted,
		      const struct imp_limits *limits, struct imp_strbuf *out)
{
	struct imp_error ignored = {0};
	imp_auto_json json_t *document = NULL;
	struct candidate best[SHOWN_TAGS];
	size_t count = 0;
	size_t total = 0;
	struct imp_slice name = imp_slice_of(wanted);
	if (name.len > TAG_BYTES ||
	    imp_json_parse(list, limits, "tags", &document, &ignored) < 0)
		return;
	const json_t *tags = imp_json_get_array(document, "tags");
	for (size_t i = 0; i < json_array_size(tags); i++) {
		const json_t *item = json_array_get(tags, i);
		struct imp_slice tag =
			imp_slice(json_string_value(item), json_string_length(item));
		if (!imp_tag_is_valid(tag))
			continue;
		count = insert(best, count, (struct candidate){tag, distance(name, tag)});
		total++;
	}
	if (count)
		imp_strbuf_add_text(out, total > count ? "the nearest tags are "
						       : "the tags are ");
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_add_text(out, i ? ", " : "");
		imp_strbuf_add_slice(out, best[i].tag);
	}
}

void imp_tags_hint(struct imp_client *client, struct imp_error *err)
{
	const struct imp_limits *limits = client->context->limits;
	imp_auto(imp_url_finish) struct imp_url url = {0};
	imp_auto(imp_answer_finish) struct imp_answer answer = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf endpoint = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf tags = {0};
	struct imp_error ignored = {0};
	imp_strbuf_printf(&endpoint, "tags/list?n=%d", PAGE_TAGS);
	if (imp_client_url(client, endpoint.data, &url, &ignored) < 0)
		return;
	struct imp_exchange exchange = {
		.what = "tags",
		.missing = "not there",
		.url = &url,
		.accept = "application/json",
		.registry = true,
		.once = true,
		.timeout_s = limits->small_request_timeout_s,
		.redirects = limits->redirects,
	};
	if (imp_client_get(client, &exchange, limits->manifest_bytes, "manifest-bytes",
			   &answer, &ignored) < 0 ||
	    answer.status != 200)
		return;
	imp_tags_nearest(imp_strbuf_slice(&answer.body), client->reference->tag, limits,
			 &tags);
	if (tags.len)
		imp_hint(err, "%s", tags.data);
}
