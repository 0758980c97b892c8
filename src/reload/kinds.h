/* One reader for each `kind` of document. */
#pragma once

#include "fields.h"
#include "imgprof/reload.h"

struct imp_reload_image;

/* What is not in the arena. */
struct imp_reload_owned {
	struct imp_reload_image **images;
	size_t count;
	struct imp_warnings *warnings; /* of a cost report; else NULL */
};

typedef int imp_reload_kind(struct imp_reading *reading, const json_t *document,
			    struct imp_reloaded *out, struct imp_reload_owned *owned,
			    struct imp_error *err);
imp_reload_kind imp_reload_profile;
imp_reload_kind imp_reload_diff;
imp_reload_kind imp_reload_check;
imp_reload_kind imp_reload_share;
imp_reload_kind imp_reload_cost;
imp_reload_kind imp_reload_history;
imp_reload_kind imp_reload_blame;

/* `images`, as a profile has them. */
imp_reload_kind imp_reload_images;
/* `warnings` of OBJECT: the caller's, to the end. */
struct imp_warnings *imp_reload_warnings(struct imp_reading *reading,
					 const json_t *object);
/* `distinct`, and the diffs of `pairs` or, without that, DOCUMENT itself. */
void imp_reload_pairs(struct imp_reading *reading, const json_t *document,
		      struct imp_reloaded *out);
