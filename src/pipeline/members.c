#include "members.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "layers.h"

/* imp_layer_read owns its stream, the source lends one: this stands between. */
struct lent_stream {
	struct imp_stream stream;
	struct imp_stream *owner;
};

static int lent_next(struct imp_stream *stream, struct imp_chunk *out,
		     struct imp_error *err)
{
	return imp_stream_next(((struct lent_stream *)stream)->owner, out, err);
}

static void lent_destroy(struct imp_stream *stream)
{
	free(stream);
}

static const struct imp_stream_ops lent_ops = {lent_next, lent_destroy};

static struct imp_stream *lend(struct imp_stream *owner)
{
	struct lent_stream *lent = imp_xcalloc(1, sizeof(*lent));

	lent->stream.ops = &lent_ops;
	lent->owner = owner;
	return &lent->stream;
}

/* A member that does not read as a layer may be none: whether that matters shows when an
 * image names it. What would stop any reading stops here. */
static bool is_fatal(int category)
{
	return category == IMP_E_CANCELLED || category == IMP_E_SYSTEM ||
	       category == IMP_E_BUG;
}

static int offer(void *user, const char *name, struct imp_stream *bytes, int *id,
		 struct imp_error *err)
{
	struct imp_members *members = user;
	struct imp_member member = {0};
	int rc = imp_layer_read_member(members->options, members->book, lend(bytes),
				       &member.page, &member.reason);

	if (rc < 0 && is_fatal(rc)) {
		*err = member.reason;
		return imp_wrap(err, "%s", name);
	}
	members->list = imp_xgrow(members->list, &members->capacity, members->count + 1,
				  sizeof(member));
	members->list[members->count] = member;
	*id = (int)members->count++;
	return 0;
}

struct imp_layer_sink imp_members_sink(struct imp_members *members)
{
	return (struct imp_layer_sink){.offer = offer, .user = members};
}

void imp_members_finish(struct imp_members *members)
{
	free(members->list);
}
