/* Between the files that write what the page's script reads. */
#pragma once

#include "html_priv.h"

struct imp_html_writer {
	struct imp_html_gzip *gzip;
	struct imp_strbuf buffer;
	struct imp_json_writer w; /* writes into buffer */
	const struct imp_html_part *part;
	/* Only owners and findings of rows are worth their bytes: the place of each */
	uint32_t *owner_place, *finding_place;
};

/* Hands on what there is, when it is enough. */
void imp_html_drain(struct imp_html_writer *writer);
/* Names go as they are shown: what a browser would act on (line ends, text direction) is visible. */
void imp_html_write_shown(struct imp_html_writer *writer, struct imp_slice text);
/* `rows` of the part. */
void imp_html_write_rows(struct imp_html_writer *writer);
